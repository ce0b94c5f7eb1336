"""Evidence of the layer *translated*: which function of the candidate goes with which one of the original, and what
stands in both.

What counts are names and literals, as `sharing` weighed them; `translated` laid them to functions. The rest is there to
be looked at and has no bits: stems of other names, words of comments, calls in the same order, control flow, number of
parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from simdetect.findings.evidence import EvidenceSource
from simdetect.layers.function_texts import UnitPair, calls_in_order, same_control, unit_at, unit_of
from simdetect.model import F64, U64, LineSpan, SharedText, TextKind, TokenRole, TokenStream
from simdetect.model.arrays import sorted_distinct
from simdetect.tokens.symbols import is_among
from simdetect.tokens.words import stems
from simdetect.weighing.wording import Wording, name_bits, word_bits

__all__ = ["own_lines", "shared_lines", "unit_name"]

_MOST = 12  # texts of a kind without bits
_ODD_BITS = 9.0  # of a stem or word that is worth looking at
_LEAST_CALLS = 3
_LEAST_STEM = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One unit of a file."""

    source: EvidenceSource
    unit: int

    @property
    def tokens(self) -> TokenStream:
        """The tokens of its file."""
        return self.source.file.tokens

    @property
    def span(self) -> tuple[int, int]:
        """Its tokens."""
        return int(self.tokens.units.start[self.unit]), int(self.tokens.units.end[self.unit])

    def line(self, token: int) -> int:
        """The line of a token."""
        return self.source.file.line(int(self.tokens.start[token]))

    def text(self, token: int) -> bytes:
        """The text of a token, empty where it was not kept."""
        return self.source.content[int(self.tokens.start[token]) : int(self.tokens.end[token])]


def unit_name(source: EvidenceSource, unit: int) -> str:
    """The name of a unit, or its kind where it has none."""
    units = source.file.tokens.units
    return units.name[unit] or f"a {units.kind[unit]}"


def own_lines(source: EvidenceSource, unit: int) -> LineSpan:
    """The lines of a unit."""
    side = _Side(source, unit)
    start, end = side.span
    return LineSpan(side.line(start), source.file.line(int(side.tokens.end[end - 1])))


def shared_lines(
    own: EvidenceSource,
    theirs: EvidenceSource,
    pair: UnitPair,
    symbols: U64,
    bits: F64,
    wording: Wording,
    cut: Callable[[str], str],
) -> list[SharedText]:
    """Everything that two units share: what counts, then what does not.

    symbols, bits: as for `translated.assigned`. cut: shortens a text.
    """
    mine, other = _Side(own, pair.own), _Side(theirs, pair.theirs)
    chosen = np.array(pair.texts, np.int64)
    counted = list(_counted(mine, other, symbols[chosen], bits[chosen], cut))
    return [*counted, *_stems(mine, other, wording), *_words(mine, other, wording), *_done(mine, other, cut)]


def _counted(mine: _Side, other: _Side, symbols: U64, bits: F64, cut: Callable[[str], str]) -> Iterator[SharedText]:
    """Names and literals where they first stand in the two units."""
    for symbol, worth in zip(symbols.tolist(), bits.tolist(), strict=True):
        at, there = (_first(side, symbol) for side in (mine, other))
        text, original = (cut(side.text(i).decode("utf-8", "replace")) for side, i in ((mine, at), (other, there)))
        is_name = mine.tokens.role[at] == TokenRole.NAME
        yield SharedText(
            text=text,
            bits=worth,
            candidate_line=mine.line(at),
            original_line=other.line(there),
            original_text="" if original == text else original,
            kind=TextKind.NAME if is_name else TextKind.CONSTANT,
        )


def _first(side: _Side, symbol: int) -> int:
    """The first token of a unit, and of no unit inside it if there is one, with a neutral symbol."""
    start, end = side.span
    hits = start + np.flatnonzero(side.tokens.neutral[start:end] == np.uint64(symbol))
    inner = hits[unit_at(side.tokens)[hits] == side.unit]
    return int((inner if len(inner) else hits)[0])


def _stems(mine: _Side, other: _Side, wording: Wording) -> Iterator[SharedText]:
    """Rare parts of names that both have, of names that differ."""
    ours, others = _stems_of(mine, other), _stems_of(other, mine)
    common = sorted(ours.keys() & others.keys())
    worth = name_bits(wording, common)
    order = np.lexsort((np.arange(len(common)), -worth))
    for i in order[worth[order] >= _ODD_BITS][:_MOST].tolist():
        stem = common[i]
        yield _shown(stem.decode("utf-8", "replace"), mine.line(ours[stem]), other.line(others[stem]), TextKind.STEM)


def _stems_of(side: _Side, beside: _Side) -> dict[bytes, int]:
    """Stems of the names of a unit that the other one does not have as such, and where each first stands."""
    start, end = side.span
    tokens = side.tokens
    theirs = sorted_distinct(beside.tokens.neutral[slice(*beside.span)])
    fresh = (tokens.role[start:end] == TokenRole.NAME) & ~is_among(tokens.neutral[start:end], theirs)
    at = start + np.flatnonzero(fresh)
    at = at[np.sort(np.unique(tokens.exact[at], return_index=True)[1])]
    found: dict[bytes, int] = {}
    for token in at.tolist():
        for stem in stems(side.text(token)):
            if len(stem) >= _LEAST_STEM:
                found.setdefault(stem, token)
    return found


def _words(mine: _Side, other: _Side, wording: Wording) -> Iterator[SharedText]:
    """Rare words that stand in comments of both, or directly before them."""
    (word, at), (theirs, there) = _words_of(mine), _words_of(other)
    _, own, others = np.intersect1d(word, theirs, return_indices=True)
    worth = word_bits(wording, word[own], len(own) + 1)
    order = np.lexsort((own, -worth))
    for i in order[worth[order] >= _ODD_BITS][:_MOST].tolist():
        start = int(at[own[i]])
        lines = mine.source.file.line(start), other.source.file.line(int(there[others[i]]))
        yield _shown(_word_at(mine.source.content, start), *lines, TextKind.WORD)


def _words_of(side: _Side) -> tuple[U64, np.ndarray]:
    prose, tokens = side.source.file.prose, side.tokens
    start, end = side.span
    first = int(tokens.end[start - 1]) if start else 0
    low, high = np.searchsorted(prose.start, [first, int(tokens.end[end - 1])])
    return prose.word[low:high], prose.start[low:high]


def _word_at(content: bytes, at: int) -> str:
    end = at
    while end < len(content) and (content[end] >= 128 or chr(content[end]).isalnum()):
        end += 1
    return content[at:end].lower().decode("utf-8", "replace")


def _done(mine: _Side, other: _Side, cut: Callable[[str], str]) -> Iterator[SharedText]:
    """Calls, control flow and parameters."""
    one, two = unit_of(mine.tokens, mine.unit), unit_of(other.tokens, other.unit)
    lines = mine.line(mine.span[0]), other.line(other.span[0])
    calls = calls_in_order(one, two)
    if len(calls) >= _LEAST_CALLS:
        names = ", ".join(mine.text(at).decode("utf-8", "replace") for at, _ in calls)
        places = mine.line(calls[0][0]), other.line(calls[0][1])
        yield _shown(cut(f"{len(calls)} calls: {names}"), *places, TextKind.CALLS)
    if control := same_control(one, two):
        words, n, of = control
        yield _shown(cut(f"{n} of {of}: {words}"), *lines, TextKind.CONTROL)
    if one.n_parameters and one.n_parameters == two.n_parameters:
        yield _shown(str(one.n_parameters), *lines, TextKind.PARAMETERS)


def _shown(text: str, line: int, original_line: int, kind: TextKind) -> SharedText:
    return SharedText(text=text, bits=0.0, candidate_line=line, original_line=original_line, kind=kind)
