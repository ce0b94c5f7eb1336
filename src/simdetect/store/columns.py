"""An analysed file <-> flat arrays by name: the one place that knows which arrays there are.

A new array field of `TokenStream`, `Fingerprints`, `Units` or `AnalysedFile` is one more line in `COLUMNS` (and a new
`VERSION`); a test fails until it is there. Spans are stored as the gap since the span before and the length, which are
small numbers; wrap-around arithmetic makes that exact for any values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simdetect.errors import StoreError
from simdetect.model import LIST_KINDS, AnalysedFile, Fingerprints, Lists, Prose, TokenStream, Units
from simdetect.tokens.grams import hash_kgrams

__all__ = ["COLUMNS", "COLUMN_NUMBER", "SPANS", "VERSION", "Arrays", "Column", "FileParts", "from_arrays", "to_arrays"]

# history: 1 first version; 2 neutral symbols, an index lists which files have which texts; 4 neutral symbols of 48
# bits, lists, canonical form; 5 imports
VERSION: Final = 5

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Column:
    """One array. name: a field of `FileParts`, or what SPANS makes of two.

    is_symbol: the same token has the same value everywhere, so that an index stores it once a distinct token; is_word:
    likewise for words. is_shuffled: bytes of equal weight are stored together, which helps where high bytes are
    mostly 0.
    """

    name: str
    dtype: type[np.generic]
    is_symbol: bool = False
    is_word: bool = False
    is_shuffled: bool = False


COLUMNS: Final = (
    Column("tokens.exact", np.uint64, is_symbol=True),
    Column("tokens.normal", np.uint64, is_symbol=True),
    Column("tokens.neutral", np.uint64, is_symbol=True),
    Column("tokens.role", np.uint8, is_symbol=True),
    Column("tokens.length", np.uint32, is_symbol=True),
    Column("tokens.gap", np.uint32, is_shuffled=True),
    Column("tokens.run_gap", np.uint32, is_shuffled=True),
    Column("tokens.run_length", np.uint32, is_shuffled=True),
    Column("tokens.odd_gap", np.uint32, is_shuffled=True),
    Column("tokens.odd_symbol", np.uint64),
    Column("tokens.import_gap", np.uint32, is_shuffled=True),
    Column("tokens.import_length", np.uint32, is_shuffled=True),
    Column("tokens.comment", np.uint64),
    Column("tokens.comment_gap", np.uint32, is_shuffled=True),
    Column("tokens.comment_length", np.uint32, is_shuffled=True),
    Column("tokens.units.gap", np.uint32, is_shuffled=True),
    Column("tokens.units.length", np.uint32, is_shuffled=True),
    Column("tokens.lists.kind", np.uint8),
    Column("tokens.lists.size", np.uint32, is_shuffled=True),
    Column("tokens.lists.gap", np.uint32, is_shuffled=True),
    Column("tokens.lists.length", np.uint32, is_shuffled=True),
    Column("fingerprints.gap", np.uint32, is_shuffled=True),
    Column("prose.word", np.uint64, is_word=True),
    Column("prose.gap", np.uint32, is_shuffled=True),
    Column("prose.literal_word", np.uint64, is_word=True),
    Column("prose.literal_gap", np.uint32, is_shuffled=True),
    Column("prose.fingerprints.gap", np.uint32, is_shuffled=True),
    Column("newline_gap", np.uint32, is_shuffled=True),
)
COLUMN_NUMBER: Final = {column.name: number for number, column in enumerate(COLUMNS)}
# (start, end) as (gap, length). An end of None: points rather than spans.
SPANS: Final = (
    ("tokens.start", "tokens.end", "tokens.gap", "tokens.length"),
    ("tokens.run_start", "tokens.run_end", "tokens.run_gap", "tokens.run_length"),
    ("tokens.odd", None, "tokens.odd_gap", None),
    ("tokens.import_start", "tokens.import_end", "tokens.import_gap", "tokens.import_length"),
    ("tokens.comment_start", "tokens.comment_end", "tokens.comment_gap", "tokens.comment_length"),
    ("tokens.units.start", "tokens.units.end", "tokens.units.gap", "tokens.units.length"),
    ("tokens.lists.start", "tokens.lists.end", "tokens.lists.gap", "tokens.lists.length"),
    ("fingerprints.position", None, "fingerprints.gap", None),
    ("prose.start", None, "prose.gap", None),
    ("prose.literal_start", None, "prose.literal_gap", None),
    ("prose.fingerprints.position", None, "prose.fingerprints.gap", None),
    ("newline", None, "newline_gap", None),
)


@dataclass(frozen=True, slots=True, eq=False)
class FileParts:
    """What the per-file stages make of one file, with the line breaks of its text: (l,) uint32, ascending."""

    tokens: TokenStream
    fingerprints: Fingerprints
    prose: Prose
    newline: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, file: AnalysedFile) -> FileParts:
        """The parts of an analysed file."""
        return cls(file.tokens, file.fingerprints, file.prose, file.newline)


def to_arrays(parts: FileParts) -> dict[str, Array]:
    """The arrays of `COLUMNS`, by name."""
    spans = {made: array for span in SPANS for made, array in _split(parts, *span)}
    return {column.name: spans[column.name] if column.name in spans else _get(parts, column.name) for column in COLUMNS}


def _split(parts: FileParts, start: str, end: str | None, gap: str, length: str | None) -> list[tuple[str, Array]]:
    first = _get(parts, start)
    last = first if end is None else _get(parts, end)
    before = np.concatenate([np.zeros(1, np.uint32), last[:-1]])[: len(first)]
    return [(gap, first - before)] + ([] if length is None else [(length, last - first)])


def _get(parts: object, name: str) -> Array:
    for part in name.split("."):
        parts = getattr(parts, part)
    assert isinstance(parts, np.ndarray)
    return parts


def from_arrays(arrays: Arrays, facts: Mapping[str, Any]) -> FileParts:
    """The reverse of `to_arrays`.

    facts: what is no array: error_share, degraded, k, window, word_k, word_window, unit_kind, unit_name; has_form where
    it is False. Raises StoreError when the arrays do not fit together.
    """
    found = dict(arrays)
    for span in SPANS:
        found.update(_join(arrays, *span))
    try:
        tokens = _tokens(found, facts)
        position = found["fingerprints.position"]
        hashes = hash_kgrams(tokens.normal, facts["k"])[position]
        prints = Fingerprints(hashes, position, facts["k"], facts["window"], len(tokens))
        prose = _prose(found, facts)
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise StoreError(f"a stored file is damaged: {error}") from None
    return FileParts(tokens, prints, prose, found["newline"])


def _prose(found: Arrays, facts: Mapping[str, Any]) -> Prose:
    word, position = found["prose.word"], found["prose.fingerprints.position"]
    k, window = facts["word_k"], facts["word_window"]
    prints = Fingerprints(hash_kgrams(word, k)[position], position, k, window, len(word))
    starts = found["prose.start"], found["prose.literal_start"]
    if (len(word), len(found["prose.literal_word"])) != (len(starts[0]), len(starts[1])):
        raise ValueError("words and their places differ in number")
    return Prose(word, starts[0], found["prose.literal_word"], starts[1], prints)


def _tokens(found: Arrays, facts: Mapping[str, Any]) -> TokenStream:
    units = Units(
        tuple(map(str, facts["unit_kind"])),
        tuple(map(str, facts["unit_name"])),
        found["tokens.units.start"],
        found["tokens.units.end"],
    )
    plain = {name.removeprefix("tokens."): array for name, array in found.items() if name.startswith("tokens.")}
    fields = {name: array for name, array in plain.items() if name in TokenStream.__slots__}
    if (
        not len(fields["exact"])
        == len(fields["normal"])
        == len(fields["neutral"])
        == len(fields["role"])
        == len(fields["start"])
        == len(fields["end"])
    ):
        raise ValueError("arrays differ in length")
    degraded = None if facts["degraded"] is None else str(facts["degraded"])
    lists = _lists(found, len(fields["exact"]))
    share, has_form = float(facts["error_share"]), bool(facts.get("has_form", True))
    stream = TokenStream(**fields, units=units, lists=lists, error_share=share, degraded=degraded, has_form=has_form)
    if has_form:
        stream.canonical()  # says so when the runs do not fit
    if len(stream.import_end) and int(stream.import_end.max()) > len(stream):
        raise ValueError("imports of what is not there")
    return stream


def _lists(found: Arrays, n_tokens: int) -> Lists:
    kind, size, start, end = (found[f"tokens.lists.{name}"] for name in ("kind", "size", "start", "end"))
    if (kind >= len(LIST_KINDS)).any() or (size == 0).any() or (start >= end).any() or (end > n_tokens).any():
        raise ValueError("lists of what is not there")
    return Lists(kind, size, start, end)


def _join(arrays: Arrays, start: str, end: str | None, gap: str, length: str | None) -> dict[str, Array]:
    gaps = arrays[gap]
    steps = gaps if length is None else _interleaved(gaps, arrays[length])
    places = np.cumsum(steps, dtype=np.uint32)
    return {start: places} if end is None else {start: places[0::2], end: places[1::2]}


def _interleaved(gap: Array, length: Array) -> Array:
    if len(gap) != len(length):
        raise StoreError("a stored file is damaged: spans without an end")
    steps = np.empty(2 * len(gap), np.uint32)
    steps[0::2], steps[1::2] = gap, length
    return steps
