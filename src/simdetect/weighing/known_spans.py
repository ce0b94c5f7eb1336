"""Where files have text that many projects carry: whole files, and what was pasted into a file of one's own.

A stretch is of a family when its sampled fingerprints, one after the other, are the family's; so many in a row occur in
no other text by chance (`LEAST_RUN`). One that is missing interrupts the text and does not end it: somebody changed a
line. What stands beside a stretch, or in such a hole, is the file's own.

The two sides are not read alike, for a candidate may be hostile. In an original a stretch reaches over what has no
sampled fingerprint, tables for the most part, and some way beyond its ends. Comments before it are its own, and lines
that were changed in the middle of it. In a candidate it does none of that, or recalled code put there would be cleared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.matching.comparison import Comparison, Program
from simdetect.model import I64, U8, U32, U64, AnalysedFile, Carried, MatchTable, sorted_distinct
from simdetect.weighing.exclusions import REASONS
from simdetect.weighing.known_texts import LEAST_RUN, Holding, KnownTexts, reason_of

__all__ = ["known_codes", "known_regions", "known_spans", "known_symbols", "known_tokens"]

_REACH = 64  # tokens from one fingerprint to the next, in a candidate
_HOLE = 64  # tokens of an original that were changed in the middle of its text, or are another version's
_BEYOND = 32  # tokens that an original's stretch goes on at most, to the next fingerprint that is not the family's


@dataclass(frozen=True, slots=True)
class _Side:
    """How far a stretch reaches, in tokens. between: from a fingerprint to the next. beyond: its ends. hole: to another
    stretch. has_comments: whether the comments before it are its own."""

    between: int
    beyond: int
    hole: int
    has_comments: bool


_CANDIDATE = _Side(between=_REACH, beyond=0, hole=0, has_comments=False)
_ORIGINAL = _Side(between=1 << 40, beyond=_BEYOND, hole=_HOLE, has_comments=True)


def known_spans(
    texts: KnownTexts,
    files: Sequence[AnalysedFile],
    own: Collection[str],
    *,
    is_original: bool,
    only: Collection[int] | None = None,
) -> list[Carried]:
    """What each file has of families that no original is. own: those that one is, see `recognised`. only: files that
    are looked at, None for all; the others stand as if they had nothing, and are not decoded."""
    side = _ORIGINAL if is_original else _CANDIDATE
    nothing = Carried((), np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    return [
        _carried(texts, file, own, side) if only is None or number in only else nothing
        for number, file in enumerate(files)
    ]


def _carried(texts: KnownTexts, file: AnalysedFile, own: Collection[str], side: _Side) -> Carried:
    holding = texts.holding(file.fingerprints, own)
    starts, ends, families = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], list[str]()
    for number in texts.numbers(holding, LEAST_RUN):
        family = texts.families[number]
        start, end = _stretches(holding, number, side, whole=family == texts.family_of(holding.counts))
        starts.append(start)
        ends.append(np.minimum(end, len(file.tokens)))
        families += [family] * len(start)
    return _joined(file, np.concatenate(starts), np.concatenate(ends), families, side)


def _stretches(holding: Holding, number: int, side: _Side, *, whole: bool) -> tuple[I64, I64]:
    """Spans of tokens that a family has: (s,) int64 each. whole: whether nearly all of the file is the family's."""
    known, at = holding.of(number), holding.position
    first, last, is_long = holding.runs(number)
    if not whole:
        first, last = first[is_long], last[is_long]
    far = np.flatnonzero(known[:-1] & known[1:] & (np.diff(at) > side.between))
    far = far[np.searchsorted(first, far, "right") > np.searchsorted(last, far)]  # of the runs that are left
    first, last = np.sort(np.concatenate([first, far + 1])), np.sort(np.concatenate([last, far]))
    before = np.where(first > 0, at[first - 1] + 1, 0)
    after = np.append(at, holding.n_tokens)[last + 1]
    start = np.maximum(at[first] - side.beyond, np.minimum(before, at[first]))
    end = np.maximum(at[last] + holding.k, np.minimum(at[last] + holding.k + side.beyond, after))
    return start, end


def _joined(file: AnalysedFile, start: I64, end: I64, families: Sequence[str], side: _Side) -> Carried:
    """Spans of all families as bytes, those that overlap as one of the family that begins first."""
    order = np.lexsort((-end, start))
    start, end = start[order], end[order]
    reach = np.maximum.accumulate(end)
    head = np.flatnonzero(np.concatenate([[True], start[1:] > reach[:-1] + side.hole])[: len(start)])
    tail = np.append(head[1:], len(start))[: len(head)] - 1
    begin, tokens = start[head], file.tokens
    before = np.where(begin > 0, tokens.end[begin - 1], 0)
    first = np.minimum(before, tokens.start[begin]) if side.has_comments else tokens.start[begin]
    return Carried(tuple(families[order[i]] for i in head.tolist()), first, tokens.end[reach[tail] - 1])


# --- what lies in them ---------------------------------------------------------------------------------------------


def _reasons(carried: Carried) -> U8:
    """Codes as of `exclusions` of each span, 0 before them: (1 + s,) uint8."""
    return np.array([0, *(1 + REASONS.index(reason_of(family)) for family in carried.family)], np.uint8)


def known_codes(program: Program, file: I64, byte: I64) -> U8:
    """Codes as of `exclusions` of places that many projects carry, 0 of others: (n,) uint8. file, byte: (n,) int64."""
    found = np.zeros(len(file), np.uint8)
    for number, carried in _with_spans(program):
        own = np.flatnonzero(file == number)
        found[own] = _reasons(carried)[carried.at(byte[own])]
    return found


def _with_spans(program: Program) -> Iterator[tuple[int, Carried]]:
    yield from ((number, carried) for number, carried in enumerate(program.known) if carried.family)


def known_tokens(comparison: Comparison, table: MatchTable) -> U8:
    """Codes of the candidate's tokens that it carries, or that agree with what the original does: (n,) uint8."""
    candidate, original = comparison.candidate, comparison.original
    found = np.zeros(len(candidate.layout.exact), np.uint8)
    for number, carried in _with_spans(candidate):
        tokens, start = candidate.files[number].tokens, int(candidate.layout.offset[number])
        found[start : start + len(tokens)] = _reasons(carried)[carried.at(tokens.start)]
    file = table.original_file[table.run_row]
    for number, carried in _with_spans(original):
        codes = _reasons(carried)[carried.at(original.files[number].tokens.start)]
        for run in np.flatnonzero(file == number).tolist():
            first = int(candidate.layout.offset[table.candidate_file[table.run_row[run]]]) + int(
                table.run_candidate[run]
            )
            there, length = int(table.run_original[run]), int(table.run_length[run])
            own = found[first : first + length]
            np.copyto(own, codes[there : there + length], where=own == 0)
    return found


def known_regions(comparison: Comparison, table: MatchTable) -> U8:
    """Codes of regions of comments, where most of each is carried on either side: (r,) uint8."""
    here = _regions_in(comparison.candidate, table.candidate_file, table.candidate_start, table.candidate_end)
    there = _regions_in(comparison.original, table.original_file, table.original_start, table.original_end)
    return np.where(here > 0, here, there).astype(np.uint8)


def _regions_in(program: Program, of: U32, first: U32, last: U32) -> U8:
    found = np.zeros(len(of), np.uint8)
    for number, carried in _with_spans(program):
        rows = np.flatnonzero(of == number)
        codes = _reasons(carried)[carried.at(program.files[number].prose.start)]
        before = np.concatenate([[0], np.cumsum(codes > 0)])
        start, end = first[rows].astype(np.int64), last[rows].astype(np.int64)
        most = 2 * (before[end] - before[start]) > end - start
        found[rows[most]] = codes.max(initial=0)
    return found


def known_symbols(program: Program) -> U64:
    """Symbols of names, literals and words in what an original carries, ascending: another's, wherever else it has
    them."""
    parts = [np.zeros(0, np.uint64)]
    for number, carried in _with_spans(program):
        tokens, prose = program.files[number].tokens, program.files[number].prose
        inside = carried.at(tokens.start) > 0
        parts += [tokens.exact[inside], tokens.neutral[inside], prose.word[carried.at(prose.start) > 0]]
    return sorted_distinct(np.concatenate(parts))
