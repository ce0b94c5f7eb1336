"""What a text says: its names, and the runs of its words. White space, case, escapes and placeholders do not matter."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import numpy as np

from simdetect.model import I64, U64
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.symbols import hash_spans
from simdetect.tokens.words import NAME_BYTE, WORD_BYTE, runs_of, symbols_of

__all__ = ["BREAK", "RUN_WORDS", "decimal_symbol", "names_in", "runs", "unfolded", "words_in"]

RUN_WORDS = 3
_BREAK = " \x01 "
_PLACEHOLDER = re.compile(
    r"%[-+#0-9.*]*(?:hh|ll|[hlzjtLq])?[a-zA-Z]|%\(\w+\)[a-z]|[%$#]?\{[^{}]{0,60}\}|\\\(\w+\)|\$\w+"
    r"|</?[A-Za-z][^<>\n]{0,80}>"
)
_ESCAPE = re.compile(r"\\(?:f\[\w*\]|f[BIRP](?=\W|[a-z-])|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|.)", re.DOTALL)
_HYPHENATED = re.compile(rb"[A-Za-z][A-Za-z0-9]*+(?:-[A-Za-z0-9]++)++")  # possessive: most words have no hyphen

_WORD_OR_BREAK = WORD_BYTE.copy()
_WORD_OR_BREAK[1] = True  # a break is a word that nothing else is


def names_in(documents: Sequence[bytes]) -> tuple[U64, I64]:
    """Symbols of all names and numbers in documents, and of the names that options written with hyphens become: (n,)
    uint64, doubles among them; and (n,) int64 the document that each stands in. Shorthand is unfolded; a decimal stands
    for its value too, as `decimal_symbol` has it."""
    plain = [unfolded(document.replace(b"\\-", b"-")) for document in documents]  # as manual pages write it
    text = b"\n".join(plain)
    start, end = runs_of(text, NAME_BYTE)
    options: dict[bytes, int] = {}  # where each first stands
    for match in _HYPHENATED.finditer(text):
        options.setdefault(match[0], match.start())
    variants = [name for option in options for name in _option_names(option)]
    decimals = {match[0]: match.start() for match in reversed(list(_DECIMAL.finditer(text)))}
    symbols = hash_spans(text, start, end), _hashes(variants), *map(_hashes, zip(*map(_spelt, decimals), strict=True))
    places = np.concatenate(
        [
            start,
            np.repeat(np.fromiter(options.values(), np.int64, len(options)), _N_VARIANTS),
            *2 * [np.fromiter(decimals.values(), np.int64, len(decimals))] * bool(decimals),
        ]
    )
    ends = np.cumsum([len(document) + 1 for document in plain])
    return np.concatenate(symbols), np.searchsorted(ends, places, "right").astype(np.int64)


def decimal_symbol(number: bytes) -> np.uint64 | None:
    """What a decimal of any spelling (`0.50`, `.5`, `0.5f`, `5e-1`) is looked up by; None for any other literal."""
    found = _LITERAL.fullmatch(number.replace(b"_", b"").replace(b"'", b""))
    return None if found is None else np.uint64(_hashes([_value(found[1])])[0])


def _spelt(decimal: bytes) -> tuple[bytes, bytes]:
    return decimal, _value(decimal)


def _value(decimal: bytes) -> bytes:
    """A text that no name is."""
    return b"#" + repr(float(decimal)).encode()


_DECIMAL = re.compile(rb"(?<![\w.])\d{0,40}\.\d{1,40}(?:[eE][+-]?\d{1,3})?(?![\w.]*\.\d)")
_LITERAL = re.compile(rb"(\d{0,40}\.\d{0,40}(?:[eE][+-]?\d{1,3})?|\d{1,40}[eE][+-]?\d{1,3})(?:[fFlLdDmM]|f32|f64)?")


def _hashes(texts: Sequence[bytes]) -> U64:
    length = np.array([len(text) for text in texts], np.int64)
    last = np.cumsum(length)
    return hash_spans(b"".join(texts), last - length, last)


# `name_A/B/C`, `{in,ex}clude-dir`, `--[no-]color`
_SLASHES = re.compile(
    rb"(?<![\w/.])([A-Za-z]\w{0,60}?[_-])([A-Za-z0-9]{1,40}+)((?:/[A-Za-z0-9]{1,40}+){1,20}+)(?![\w/]|\.\w)"
)
_BRACES = re.compile(rb"([\w-]{0,60})\{([\w-]{1,40}(?:,[\w-]{1,40}){1,20})\}([\w-]{0,60})")
_OPTIONAL = re.compile(rb"--\[no-?\]([\w-]{1,60})")
_MOST_UNFOLDED = 20_000


def unfolded(document: bytes) -> bytes:
    """A document, with what its shorthand stands for written out behind it."""
    found: list[bytes] = []
    for match in _SLASHES.finditer(document):
        found += [match[1] + part for part in (match[2] + match[3]).split(b"/")]
    for match in _BRACES.finditer(document):
        found += [match[1] + part + match[3] for part in match[2].split(b",")]
    for match in _OPTIONAL.finditer(document):
        found += [b"--no-" + match[1], b"--" + match[1]]
    return b"\n".join([document, *found[:_MOST_UNFOLDED]])


_N_VARIANTS = 5


def _option_names(option: bytes) -> tuple[bytes, ...]:
    """ "dry-run" -> dry_run, DRY_RUN, DryRun, dryRun, dryrun."""
    parts = option.lower().split(b"-")
    camel = b"".join(part.capitalize() for part in parts)
    return b"_".join(parts), b"_".join(parts).upper(), camel, camel[:1].lower() + camel[1:], b"".join(parts)


def words_in(content: bytes) -> U64:
    """The words of a text or literal in order, a break for each placeholder."""
    text = content.decode("utf-8", "replace")
    plain = _PLACEHOLDER.sub(_BREAK, html.unescape(text) if "&" in text else text)
    return symbols_of(_ESCAPE.sub(" ", plain).lower().encode(), _WORD_OR_BREAK)


BREAK = hash_spans(b"\x01", np.array([0]), np.array([1]))[0]


def runs(words: U64) -> list[U64]:
    """Hashes of every run of one, two and three words."""
    return [hash_kgrams(words, n) if len(words) >= n else words[:0] for n in range(1, RUN_WORDS + 1)]
