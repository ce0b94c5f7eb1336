"""Sequences that a candidate file and its best originals share -> the orders that say something.

Sequences are the functions and types of a file, and its lists: fields of types, members of enumerations, rows of tables
and cases of switches. Functions and types of the two sides belong together that have the same telling name, or, within
one family of languages, between which regions of code agree: so their order counts too when all of them were renamed.
Entries of lists belong together that hold the same telling name or literal. *Telling* is what `sharing` found rare, not
handed out and not prescribed by a standard. `order` says what each order is worth and which are forced or told already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.judging.ranking import OrderRow, Ranked
from simdetect.layers.order import is_forced, order_of, paired, shared_entries, shared_units, untold
from simdetect.layers.texts import LAYERS, SharedItems
from simdetect.model import (
    F64,
    I64,
    LEAST_ENTRIES,
    LIST_KINDS,
    U64,
    AnalysedFile,
    Bool,
    Layer,
    MatchTable,
    TokenRole,
)
from simdetect.model.arrays import ranges
from simdetect.tokens.neutral import fold, neutral_name, neutral_number
from simdetect.tokens.symbols import hash_text, is_among

__all__ = ["UNITS", "orders"]

UNITS = "units"
_MOST_ORIGINALS = 3  # of a candidate file whose order is looked at
_ORDER_FLOOR = 10.0  # bits: the best of many stretches of a random order has some 5 to 8
_PAIRED_BITS = 60.0  # of the regions that join two units: as much as `score.FLOOR_BITS`
_TELLING = (Layer.NAME, Layer.CONSTANT, Layer.TRANSLATED)
_MOST_REGIONS = 4096  # of a pair of files; there are more only in tables


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Two files to compare. telling: symbols that both have. regions: (r, 4) int64 spans of regions on both sides;
    worth: (r,) float64 of them, 0 of what does not count. content: of the candidate."""

    own: AnalysedFile
    theirs: AnalysedFile
    telling: U64
    regions: I64
    worth: F64
    content: bytes

    @property
    def is_foreign(self) -> bool:
        """Whether symbols are those of any language."""
        return self.own.family != self.theirs.family


@dataclass(frozen=True, slots=True, eq=False)
class _Sequence:
    """Elements of both files, in the order of the candidate. members: (n, 2) int64, see `OrderRow`. own, theirs: (n, 2)
    int64 spans of tokens. keys: texts, and values, in whose order they may have been put."""

    kind: str
    members: I64
    own: I64
    theirs: I64
    keys: Sequence[Sequence[object]]


def orders(
    ranked: Ranked,
    own: Sequence[AnalysedFile],
    theirs: Sequence[AnalysedFile],
    contents: Sequence[bytes],
    shared: SharedItems,
    table: MatchTable,
    worth: F64,
) -> list[OrderRow]:
    """Orders of the best originals of each candidate file, where they say something.

    contents: of the candidate. table: regions of code. worth: (r,) float64, their bits, 0 of those that do not count.
    """
    names = _telling(shared)
    key = table.candidate_file.astype(np.int64) * max(1, len(theirs)) + table.original_file
    first = np.searchsorted(ranked.candidate_file, ranked.candidate_file)
    found: list[OrderRow] = []
    for row in np.flatnonzero(np.arange(len(ranked)) - first < _MOST_ORIGINALS).tolist():
        mine, other = int(ranked.candidate_file[row]), int(ranked.original_file[row])
        low, high = np.searchsorted(key, [mine * len(theirs) + other, mine * len(theirs) + other + 1])
        rows = np.arange(low, min(high, low + _MOST_REGIONS))
        telling = names.get((mine, other), np.zeros(0, np.uint64))
        if len(telling) + len(rows) < LEAST_ENTRIES:
            continue
        spans = [table.candidate_start, table.candidate_end, table.original_start, table.original_end]
        regions = np.stack([column[rows].astype(np.int64) for column in spans], axis=1)
        pair = _Pair(own[mine], theirs[other], telling, regions, worth[rows], contents[mine])
        for sequence in (*_units(pair), *_lists(pair)):
            if judged := _judged(sequence, pair):
                bits, members = judged
                found.append(OrderRow(mine, other, bits, sequence.kind, members))
    return found


def _telling(shared: SharedItems) -> Mapping[tuple[int, int], U64]:
    """Symbols of the names and literals that count, ascending, by candidate and original file."""
    layers = [LAYERS.index(layer) for layer in _TELLING]
    rows = shared.rows.take((shared.reason == 0) & np.isin(shared.layer, layers))
    if not len(rows):
        return {}
    order = np.lexsort((rows.symbol, rows.original_file, rows.candidate_file))
    rows = rows.take(order)
    new = np.flatnonzero((np.diff(rows.candidate_file) != 0) | (np.diff(rows.original_file) != 0)) + 1
    first = np.concatenate([np.zeros(1, np.int64), new])
    pairs = zip(rows.candidate_file[first].tolist(), rows.original_file[first].tolist(), strict=True)
    return dict(zip(pairs, map(np.unique, np.split(rows.symbol, new)), strict=True))


def _judged(sequence: _Sequence, pair: _Pair) -> tuple[float, tuple[tuple[int, int], ...]] | None:
    """Bits above the floor, and the members in the same order; None when it says nothing."""
    if len(sequence.members) < LEAST_ENTRIES:
        return None
    kept = np.flatnonzero(untold(sequence.own, sequence.theirs, pair.regions[:, :2], pair.regions[:, 2:]))
    places = sequence.theirs[kept, 0]
    order = order_of(places.tolist())
    chosen = kept[np.array(order.members, np.int64)]
    if order.bits <= _ORDER_FLOOR or any(is_forced([keys[i] for i in chosen.tolist()]) for keys in sequence.keys):
        return None
    members = sequence.members[chosen].tolist()
    return order.bits - _ORDER_FLOOR, tuple((own, theirs) for own, theirs in members)


# --- functions and types -------------------------------------------------------------------------------------------


def _units(pair: _Pair) -> Iterator[_Sequence]:
    """Units of the same telling name, and those that regions join."""
    names = pair.own.tokens.units.name, pair.theirs.tokens.units.name
    ours, others = (tuple(map(_folded, own)) if pair.is_foreign else own for own in names)
    telling = set(pair.telling.tolist())
    symbol = neutral_name if pair.is_foreign else hash_text
    by_name = [(a, b) for a, b in shared_units(ours, others) if int(symbol(ours[a].encode())) in telling]
    taken = {a for a, _ in by_name}, {b for _, b in by_name}
    joined = [(a, b) for a, b in _joined(pair) if a not in taken[0] and b not in taken[1]]
    members = np.array(sorted([*by_name, *joined]), np.int64).reshape(-1, 2)
    for side, file in enumerate((pair.own, pair.theirs)):
        members = members[~_holds_another(_spans(file)[members[:, side]])]
    if len(members) >= LEAST_ENTRIES:
        keys = [[own[i].casefold() for i in members[:, side].tolist()] for side, own in enumerate(names)]
        yield _Sequence(UNITS, members, _spans(pair.own)[members[:, 0]], _spans(pair.theirs)[members[:, 1]], keys)


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


def _joined(pair: _Pair) -> list[tuple[int, int]]:
    """Innermost units in which the middles of regions lie, one to one."""
    rows = np.flatnonzero(pair.worth > 0)
    if len(rows) < LEAST_ENTRIES:
        return []
    middle = (pair.regions[rows, 0::2] + pair.regions[rows, 1::2]) // 2
    a, b = _unit_at(pair.own)[middle[:, 0]], _unit_at(pair.theirs)[middle[:, 1]]
    inside = (a >= 0) & (b >= 0)
    return paired(a[inside], b[inside], pair.worth[rows][inside].tolist(), _PAIRED_BITS)


def _unit_at(file: AnalysedFile) -> I64:
    """The innermost unit of each token, -1 outside."""
    at = np.full(file.n_tokens + 1, -1, np.int64)
    for i, (start, end) in enumerate(_spans(file).tolist()):  # preorder: inner units come later
        at[start:end] = i
    return at


# --- lists ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """Entries of one list that hold something telling, each key once. key: symbols. token: (n,) where it stands. span:
    (n, 2) int64 tokens of the entry."""

    kind: int
    key: list[int]
    token: I64
    span: I64


def _lists(pair: _Pair) -> Iterator[_Sequence]:
    """Lists of both files that share enough entries."""
    if not len(pair.own.tokens.lists) or not len(pair.theirs.tokens.lists) or len(pair.telling) < LEAST_ENTRIES:
        return
    held = [_held(file, pair) for file in (pair.own, pair.theirs)]
    spread = _spread(held)
    ours, others = (list(_entries(file, own, spread)) for file, own in zip((pair.own, pair.theirs), held, strict=True))
    for i, j in shared_entries([entries.key for entries in ours], [entries.key for entries in others]):
        mine, other = ours[i], others[j]
        place = {key: n for n, key in enumerate(other.key)}
        rows = [(n, place[key]) for n, key in enumerate(mine.key) if key in place]
        if len(rows) >= LEAST_ENTRIES:
            at, there = np.array(rows, np.int64).T
            members = np.stack([mine.token[at], other.token[there]], axis=1)
            keys: list[Sequence[object]] = [_texts(pair, mine.token[at]), _values(pair, mine.span[at])]
            yield _Sequence(LIST_KINDS[mine.kind], members, mine.span[at], other.span[there], keys)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The telling tokens in the entries of a file's lists, entry by entry: (n,) each. list, entry: numbers of them."""

    list: I64
    entry: I64
    token: I64
    symbol: U64


def _held(file: AnalysedFile, pair: _Pair) -> _Held:
    tokens, lists = file.tokens, file.tokens.lists
    symbols = tokens.neutral if pair.is_foreign else tokens.exact
    hits = np.flatnonzero(is_among(symbols, pair.telling) & (tokens.role != TokenRole.SYNTAX))
    low = np.searchsorted(hits, lists.start)
    n = np.searchsorted(hits, lists.end) - low
    entry = np.repeat(np.arange(len(n)), n)
    token = hits[ranges(low, n)]
    return _Held(np.repeat(np.arange(len(lists)), lists.size)[entry], entry, token, symbols[token])


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


def _texts(pair: _Pair, at: I64) -> list[str]:
    tokens = pair.own.tokens
    spans = zip(tokens.start[at].tolist(), tokens.end[at].tolist(), strict=True)
    return [pair.content[a:b].decode("utf-8", "replace").strip("\"'`").casefold() for a, b in spans]


def _values(pair: _Pair, spans: I64) -> list[float | None]:
    """The first number of each entry."""
    tokens = pair.own.tokens
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
