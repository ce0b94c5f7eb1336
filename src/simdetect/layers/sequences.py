"""Sequences that two files share: functions and types, and lists (fields, members, rows of tables, cases).

Functions and types of the two sides belong together that have the same telling name, or, within one family of
languages, between which regions of code agree: so their order counts too when all of them were renamed. Entries of
lists belong together that hold the same telling name or literal. *Telling* is what was found rare, not handed out and
not prescribed by a standard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.layers.permutations import paired, shared_entries, shared_units
from simdetect.model import F64, I64, LEAST_ENTRIES, LIST_KINDS, U64, AnalysedFile, Bool, TokenRole, ranges
from simdetect.tokens.neutral import fold, neutral_name, neutral_number
from simdetect.tokens.streams import unit_at
from simdetect.tokens.symbols import hash_text, is_among

__all__ = ["UNITS", "FilePair", "SharedSequence", "sequences"]

UNITS = "units"
_DECLARING = [LIST_KINDS.index(kind) for kind in ("fields", "members")]
_PAIRED_BITS = 60.0  # of the regions that join two units: three times what a region needs to count


@dataclass(frozen=True, slots=True, eq=False)
class FilePair:
    """Two files to compare. telling: symbols that both have; public: those of them that packages export. regions:
    (r, 4) int64 spans of regions on both sides; worth: (r,) float64 of them, 0 of what does not count. content: of the
    candidate."""

    candidate: AnalysedFile
    original: AnalysedFile
    telling: U64
    public: U64
    regions: I64
    worth: F64
    content: bytes

    @property
    def is_foreign(self) -> bool:
        """Whether symbols are those of any language."""
        return self.candidate.family != self.original.family


@dataclass(frozen=True, slots=True, eq=False)
class SharedSequence:
    """Elements of both files, in the order of the candidate. members: (n, 2) int64, see `OrderRow`. candidate,
    original: (n, 2) int64 spans of tokens. keys: texts, and values, in whose order they may have been put."""

    kind: str
    members: I64
    candidate: I64
    original: I64
    keys: Sequence[Sequence[object]]


def sequences(pair: FilePair) -> Iterator[SharedSequence]:
    """The sequences of a pair of files, with as many elements as an order needs to say something."""
    for sequence in (*_units(pair), *_lists(pair)):
        if len(sequence.members) >= LEAST_ENTRIES:
            yield sequence


# --- functions and types -------------------------------------------------------------------------------------------


def _units(pair: FilePair) -> Iterator[SharedSequence]:
    """Units of the same telling name, and those that regions join."""
    names = pair.candidate.tokens.units.name, pair.original.tokens.units.name
    folded = [tuple(map(_folded, own)) if pair.is_foreign else own for own in names]
    telling = set(pair.telling.tolist())
    symbol = neutral_name if pair.is_foreign else hash_text
    by_name = [(a, b) for a, b in shared_units(*folded) if int(symbol(folded[0][a].encode())) in telling]
    taken = {a for a, _ in by_name}, {b for _, b in by_name}
    joined = [(a, b) for a, b in _joined(pair) if a not in taken[0] and b not in taken[1]]
    members = np.array(sorted([*by_name, *joined]), np.int64).reshape(-1, 2)
    for side, file in enumerate((pair.candidate, pair.original)):
        members = members[~_holds_another(_spans(file)[members[:, side]])]
    if len(members) >= LEAST_ENTRIES:
        keys = [[own[i].casefold() for i in members[:, side].tolist()] for side, own in enumerate(names)]
        yield SharedSequence(
            UNITS, members, _spans(pair.candidate)[members[:, 0]], _spans(pair.original)[members[:, 1]], keys
        )


def _holds_another(spans: I64) -> Bool:
    """Which spans hold one of the others: a class stands before its methods, whoever wrote it. (n,) bool."""
    order = np.lexsort((-spans[:, 1], spans[:, 0]))
    start, end = spans[order, 0], spans[order, 1]
    found = np.zeros(len(spans), np.bool_)
    found[order[:-1]] = start[1:] < end[:-1]
    return found


def _folded(name: str) -> str:
    """A name as a file in another language has it."""
    return fold(name.encode()).decode("utf-8", "replace")


def _spans(file: AnalysedFile) -> I64:
    units = file.tokens.units
    return np.stack([units.start, units.end], axis=1).astype(np.int64)


def _joined(pair: FilePair) -> list[tuple[int, int]]:
    """Innermost units in which the middles of regions lie, one to one."""
    rows = np.flatnonzero(pair.worth > 0)
    if len(rows) < LEAST_ENTRIES:
        return []
    middle = (pair.regions[rows, 0::2] + pair.regions[rows, 1::2]) // 2
    a, b = unit_at(pair.candidate.tokens)[middle[:, 0]], unit_at(pair.original.tokens)[middle[:, 1]]
    inside = (a >= 0) & (b >= 0)
    return paired(a[inside], b[inside], pair.worth[rows][inside].tolist(), _PAIRED_BITS)


# --- lists ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """Entries of one list that hold something telling, each key once. key: symbols. token: (n,) where it stands. span:
    (n, 2) int64 tokens of the entry."""

    kind: int
    key: list[int]
    token: I64
    span: I64


def _lists(pair: FilePair) -> Iterator[SharedSequence]:
    """Lists of both files that share enough entries."""
    if not len(pair.candidate.tokens.lists) or not len(pair.original.tokens.lists) or len(pair.telling) < LEAST_ENTRIES:
        return
    held = [_held(file, pair) for file in (pair.candidate, pair.original)]
    spread = _spread(held)
    candidate_lists, original_lists = (
        list(_entries(file, own, spread)) for file, own in zip((pair.candidate, pair.original), held, strict=True)
    )
    for i, j in shared_entries(
        [entries.key for entries in candidate_lists], [entries.key for entries in original_lists]
    ):
        one, two = candidate_lists[i], original_lists[j]
        place = {key: n for n, key in enumerate(two.key)}
        rows = [(n, place[key]) for n, key in enumerate(one.key) if key in place]
        if len(rows) >= LEAST_ENTRIES:
            at, there = np.array(rows, np.int64).T
            members = np.stack([one.token[at], two.token[there]], axis=1)
            keys: list[Sequence[object]] = [_texts(pair, one.token[at]), _values(pair, one.span[at])]
            yield SharedSequence(LIST_KINDS[one.kind], members, one.span[at], two.span[there], keys)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The telling tokens in the entries of a file's lists, entry by entry: (n,) each. list, entry: numbers of them."""

    list: I64
    entry: I64
    token: I64
    symbol: U64


def _held(file: AnalysedFile, pair: FilePair) -> _Held:
    tokens, lists = file.tokens, file.tokens.lists
    symbols = tokens.neutral if pair.is_foreign else tokens.exact
    hits = np.flatnonzero(is_among(symbols, pair.telling) & (tokens.role != TokenRole.SYNTAX))
    low = np.searchsorted(hits, lists.start)
    n = np.searchsorted(hits, lists.end) - low
    entry = np.repeat(np.arange(len(n)), n)
    token, owner = hits[ranges(low, n)], np.repeat(np.arange(len(lists)), lists.size)[entry]
    # The members of an enumeration that a package exports stand in the package's order.
    kept = ~(np.isin(lists.kind, _DECLARING)[owner] & is_among(symbols[token], pair.public))
    return _Held(owner[kept], entry[kept], token[kept], symbols[token[kept]])


def _spread(sides: Sequence[_Held]) -> dict[int, int]:
    """In how many entries, of both files, each text stands."""
    pairs = (zip(side.entry.tolist(), side.symbol.tolist(), strict=True) for side in sides)
    return Counter(symbol for own in pairs for _, symbol in dict.fromkeys(own))


def _entries(file: AnalysedFile, held: _Held, spread: Mapping[int, int]) -> Iterator[_Entries]:
    """The lists of a file by what is telling in them: of each entry the text that fewest entries have, of equal ones
    the first; an entry whose text an entry before has is left out."""
    lists, symbols = file.tokens.lists, held.symbol
    weight = np.array([spread[symbol] for symbol in symbols.tolist()], np.int64)
    order = np.lexsort((np.arange(len(weight)), weight, held.entry))
    best = order[np.unique(held.entry[order], return_index=True)[1]]
    for own in np.split(best, np.flatnonzero(np.diff(held.list[best])) + 1):
        if len(own):
            own = own[np.sort(np.unique(symbols[own], return_index=True)[1])]
            entry, kind = held.entry[own], int(lists.kind[held.list[own[0]]])
            span = np.stack([lists.start[entry], lists.end[entry]], axis=1).astype(np.int64)
            yield _Entries(kind, symbols[own].tolist(), held.token[own], span)


def _texts(pair: FilePair, at: I64) -> list[str]:
    tokens = pair.candidate.tokens
    spans = zip(tokens.start[at].tolist(), tokens.end[at].tolist(), strict=True)
    return [pair.content[a:b].decode("utf-8", "replace").strip("\"'`").casefold() for a, b in spans]


def _values(pair: FilePair, spans: I64) -> list[float | None]:
    """The first number of each entry."""
    tokens = pair.candidate.tokens
    numbers = np.append(np.flatnonzero(tokens.role == TokenRole.NUMBER), len(tokens))
    first = numbers[np.searchsorted(numbers, spans[:, 0])].tolist()
    return [
        _value(pair.content[tokens.start[at] : tokens.end[at]]) if at < end else None
        for at, end in zip(first, spans[:, 1].tolist(), strict=True)
    ]


def _value(text: bytes) -> float | None:
    try:
        return float(neutral_number(text)) * (-1 if text.startswith(b"-") else 1)
    except ValueError:
        return None
