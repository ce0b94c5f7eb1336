"""What makes code look like something else, said in the report's warnings: the reader must know where to look.

- Words that mix Latin letters with look-alikes of other scripts. Structure is compared without names, so such code is
  still found, but as renamed.
- Characters that nobody sees between those that count. `sources` drops them before anything is compared.
- Code inside a string or a heredoc. It is compared as one token: what it says is not.

`unread` says which files hold so much code in places that are not read as code that "no evidence" would say nothing: in
strings, also one for each line or in base64; in fenced blocks of documents; under the name of another language; and in
names that backslashes at line ends cut in pieces.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from simdetect.languages import LANGUAGES, spec_of
from simdetect.languages.hidden import hidden_language
from simdetect.model import INVISIBLE, AnalysedFile, SourceFile, TextFile, TokenRole
from simdetect.sources.encodings import is_guess

__all__ = ["disguises", "unread"]

_LEAST_BYTES: Final = 800  # of a string that is looked at: some 25 lines
_LEAST_UNREAD: Final = 1500  # bytes of code in strings or blocks of one file: some 50 lines
_LEAST_STRINGS: Final = 30  # one for each line
_LEAST_CUTS: Final = 30  # names cut by a backslash at the end of a line
_MOST_LOOKED_AT: Final = 256 << 10  # bytes of strings of one file
_FENCE: Final = re.compile(rb" {0,3}(`{3,}|~{3,})")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{76,}={0,2}")
_CUT_NAME: Final = re.compile(rb"[A-Za-z0-9_]\\\r?\n[A-Za-z0-9_]")
_QUOTES: Final = b"\"'`"
_BREAK: Final = re.compile(rb"(?:\\r)?\\n$")
# Cyrillic, and the Greek letters that look Latin. The others (Δt, μs, λ) are ordinary in code.
_FOREIGN: Final = (
    "\u0400-\u052f\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
)
_MIXED: Final = re.compile(f"[A-Za-z][{_FOREIGN}]|[{_FOREIGN}][A-Za-z]")


def disguises(sources: Sequence[SourceFile], files: Sequence[AnalysedFile]) -> Iterator[str]:
    """Warnings about files of the candidate. sources, files: the same files in the same order."""
    yield from _warning(
        "hold words that mix Latin letters with look-alikes of other scripts; names in them match nothing",
        [source.path for source in sources if not is_guess(source.encoding) and _is_mixed(source.content)],
    )
    yield from _warning(
        "hold invisible characters inside words or between lines; they were dropped before comparing",
        [source.path for source in sources if source.encoding.endswith(INVISIBLE)],
    )
    yield from _warning(
        "hold code inside a string; it was not compared as code",
        [file.path for source, file in zip(sources, files, strict=True) if _has_code_in_string(source.content, file)],
    )


def _warning(what: str, paths: Sequence[str]) -> Iterator[str]:
    if paths:
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        yield f"{len(paths)} candidate file(s) {what}: {', '.join(paths[:3])}{more}"


def _is_mixed(content: bytes) -> bool:
    return not content.isascii() and _MIXED.search(content.decode("utf-8", "replace")) is not None


def _has_code_in_string(content: bytes, file: AnalysedFile) -> bool:
    tokens = file.tokens
    long = np.flatnonzero(tokens.end - tokens.start >= _LEAST_BYTES)
    texts = (content[tokens.start[index] : tokens.end[index]] for index in long[:100].tolist())
    return any(hidden_language(text, is_strict=False) for text in texts)


# --- what is not read ----------------------------------------------------------------------------------------------


def unread(
    sources: Sequence[SourceFile], files: Sequence[AnalysedFile], documents: Sequence[TextFile]
) -> dict[str, int]:
    """How many bytes of the candidate's files are code that is not read as code, by path, where they are many.

    sources, files: as for `disguises`. documents: its texts that are no code.
    """
    found = {own.path: _n_unread(source, own) for source, own in zip(sources, files, strict=True)}
    found |= {text.path: _n_code(_fenced(text.content)) for text in documents if len(text.content) > _LEAST_UNREAD}
    return {path: n_bytes for path, n_bytes in found.items() if n_bytes >= _LEAST_UNREAD}


def _n_unread(source: SourceFile, file: AnalysedFile) -> int:
    content = source.content
    if len(content) < _LEAST_UNREAD:
        return 0
    if _is_under_another_name(source) or len(_CUT_NAME.findall(content)) >= _LEAST_CUTS:
        return len(content)
    return _n_code(_strings(content, file))


def _is_under_another_name(source: SourceFile) -> bool:
    """Whether a file of a language without a grammar is convincingly code of another family."""
    spec = spec_of(source.language)
    hidden = None if spec.module else hidden_language(source.content, is_strict=True)
    return hidden is not None and hidden in LANGUAGES and spec_of(hidden).family != spec.family


def _n_code(texts: Iterable[bytes]) -> int:
    """Bytes of those texts that are convincingly code."""
    return sum(len(text) for text in texts if hidden_language(text, is_strict=False) is not None)


def _fenced(content: bytes) -> list[bytes]:
    """What fenced blocks of a document hold, all together. Line by line: an expression that looks for the end of each
    block takes time with the square of their number."""
    if b"```" not in content and b"~~~" not in content:
        return []
    held: list[bytes] = []
    fence = b""
    for line in content.split(b"\n"):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = b""
        elif fence:
            held.append(line)
    return [b"\n".join(held)]


def _strings(content: bytes, file: AnalysedFile) -> Iterator[bytes]:
    """What the strings of a file say: long ones, what they are base64 of, and all short ones as a line each."""
    tokens = file.tokens
    at = np.flatnonzero(tokens.role == TokenRole.STRING)
    start, end = tokens.start[at].tolist(), tokens.end[at].tolist()
    lines: list[bytes] = []
    n_left = _MOST_LOOKED_AT
    for first, last in zip(start, end, strict=True):
        text = content[first:last]
        n_left -= len(text)
        if n_left < 0:
            break
        if len(text) < _LEAST_BYTES:
            lines.append(_BREAK.sub(b"", text.strip(_QUOTES)))
            continue
        yield text
        for encoded in _BASE64.findall(text.replace(b"\n", b"").replace(b"\\n", b"")):
            yield _decoded(encoded)
    if len(lines) >= _LEAST_STRINGS:
        yield b"\n".join(lines)


def _decoded(encoded: bytes) -> bytes:
    """What a text is base64 of; nothing when it is of no text."""
    try:
        return base64.b64decode(
            encoded + b"=" * (-len(encoded) % 4), b"-_" if b"-" in encoded or b"_" in encoded else None
        )
    except ValueError:
        return b""
