"""Evidence of the layer *translated*: which function of the candidate goes with which one of the original, and what
stands in both.

What counts are names and literals, as the layer weighed them; `function_texts` laid them to functions. The rest is
there to be looked at and has no bits: stems of other names, words of comments, calls in the same order, control flow,
number of parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from simdetect.findings.sides import EvidenceSource, Sides
from simdetect.layers.function_texts import UnitPair, calls_in_order, same_control, unit_of
from simdetect.model import F64, U64, LineSpan, SharedText, TextKind, TokenRole, TokenStream
from simdetect.model.arrays import sorted_distinct
from simdetect.tokens.streams import unit_at
from simdetect.tokens.symbols import is_among
from simdetect.tokens.words import stems, word_at
from simdetect.weighing.wording import Wording, name_bits, word_bits

__all__ = ["shared_lines", "unit_lines", "unit_name"]

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


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """The two units. cut: shortens a text."""

    candidate: _Side
    original: _Side
    cut: Callable[[str], str]


def unit_name(source: EvidenceSource, unit: int) -> str:
    """The name of a unit, or its kind where it has none."""
    units = source.file.tokens.units
    return units.name[unit] or f"a {units.kind[unit]}"


def unit_lines(source: EvidenceSource, unit: int) -> LineSpan:
    """The lines of a unit."""
    side = _Side(source, unit)
    start, end = side.span
    return LineSpan(side.line(start), source.file.line(int(side.tokens.end[end - 1])))


def shared_lines(
    sides: Sides, pair: UnitPair, texts: tuple[U64, F64], wording: Wording, cut: Callable[[str], str]
) -> list[SharedText]:
    """Everything that two units share: what counts, then what does not.

    texts: symbols and bits, as for `function_texts.assigned`. cut: shortens a text.
    """
    units = _Units(_Side(sides.candidate, pair.candidate), _Side(sides.original, pair.original), cut)
    chosen = np.array(pair.texts, np.int64)
    symbols, bits = texts
    counted = list(_counted(units, symbols[chosen], bits[chosen]))
    return [*counted, *_stems(units, wording), *_words(units, wording), *_done(units)]


def _counted(units: _Units, symbols: U64, bits: F64) -> Iterator[SharedText]:
    """Names and literals where they first stand in the two units."""
    candidate, original, cut = units.candidate, units.original, units.cut
    for symbol, worth in zip(symbols.tolist(), bits.tolist(), strict=True):
        at, there = (_first(side, symbol) for side in (candidate, original))
        text, other = (_text(side, token, cut) for side, token in ((candidate, at), (original, there)))
        is_name = candidate.tokens.role[at] == TokenRole.NAME
        yield SharedText(
            text=text,
            bits=worth,
            candidate_line=candidate.line(at),
            original_line=original.line(there),
            original_text="" if other == text else other,
            kind=TextKind.NAME if is_name else TextKind.CONSTANT,
        )


def _text(side: _Side, token: int, cut: Callable[[str], str]) -> str:
    return cut(side.text(token).decode("utf-8", "replace"))


def _first(side: _Side, symbol: int) -> int:
    """The first token of a unit, and of no unit inside it if there is one, with a neutral symbol."""
    start, end = side.span
    hits = start + np.flatnonzero(side.tokens.neutral[start:end] == np.uint64(symbol))
    inner = hits[unit_at(side.tokens)[hits] == side.unit]
    return int((inner if len(inner) else hits)[0])


def _stems(units: _Units, wording: Wording) -> Iterator[SharedText]:
    """Rare parts of names that both have, of names that differ."""
    candidate, original = units.candidate, units.original
    of_candidate, of_original = _stems_of(candidate, original), _stems_of(original, candidate)
    common = sorted(of_candidate.keys() & of_original.keys())
    worth = name_bits(wording, common)
    order = np.lexsort((np.arange(len(common)), -worth))
    for i in order[worth[order] >= _ODD_BITS][:_MOST].tolist():
        stem = common[i]
        yield _shown(
            stem.decode("utf-8", "replace"),
            candidate.line(of_candidate[stem]),
            original.line(of_original[stem]),
            TextKind.STEM,
        )


def _stems_of(side: _Side, beside: _Side) -> dict[bytes, int]:
    """Stems of the names of a unit that the other one does not have as such, and where each first stands."""
    start, end = side.span
    tokens = side.tokens
    known = sorted_distinct(beside.tokens.neutral[slice(*beside.span)])
    fresh = (tokens.role[start:end] == TokenRole.NAME) & ~is_among(tokens.neutral[start:end], known)
    at = start + np.flatnonzero(fresh)
    at = at[np.sort(np.unique(tokens.exact[at], return_index=True)[1])]
    found: dict[bytes, int] = {}
    for token in at.tolist():
        for stem in stems(side.text(token)):
            if len(stem) >= _LEAST_STEM:
                found.setdefault(stem, token)
    return found


def _words(units: _Units, wording: Wording) -> Iterator[SharedText]:
    """Rare words that stand in comments of both, or directly before them."""
    candidate, original = units.candidate, units.original
    (word, at), (known, there) = _words_of(candidate), _words_of(original)
    _, own, of_original = np.intersect1d(word, known, return_indices=True)
    worth = word_bits(wording, word[own], len(own) + 1)
    order = np.lexsort((own, -worth))
    for i in order[worth[order] >= _ODD_BITS][:_MOST].tolist():
        start = int(at[own[i]])
        lines = candidate.source.file.line(start), original.source.file.line(int(there[of_original[i]]))
        text = word_at(candidate.source.content, start).decode("utf-8", "replace")
        yield _shown(text, *lines, TextKind.WORD)


def _words_of(side: _Side) -> tuple[U64, np.ndarray]:
    prose, tokens = side.source.file.prose, side.tokens
    start, end = side.span
    first = int(tokens.end[start - 1]) if start else 0
    low, high = np.searchsorted(prose.start, [first, int(tokens.end[end - 1])])
    return prose.word[low:high], prose.start[low:high]


def _done(units: _Units) -> Iterator[SharedText]:
    """Calls, control flow and parameters."""
    candidate, original, cut = units.candidate, units.original, units.cut
    one, two = unit_of(candidate.tokens, candidate.unit), unit_of(original.tokens, original.unit)
    lines = candidate.line(candidate.span[0]), original.line(original.span[0])
    calls = calls_in_order(one, two)
    if len(calls) >= _LEAST_CALLS:
        names = ", ".join(candidate.text(at).decode("utf-8", "replace") for at, _ in calls)
        places = candidate.line(calls[0][0]), original.line(calls[0][1])
        yield _shown(cut(f"{len(calls)} calls: {names}"), *places, TextKind.CALLS)
    if control := same_control(one, two):
        words, n, of = control
        yield _shown(cut(f"{n} of {of}: {words}"), *lines, TextKind.CONTROL)
    if one.n_parameters and one.n_parameters == two.n_parameters:
        yield _shown(str(one.n_parameters), *lines, TextKind.PARAMETERS)


def _shown(text: str, line: int, original_line: int, kind: TextKind) -> SharedText:
    return SharedText(text=text, bits=0.0, candidate_line=line, original_line=original_line, kind=kind)
