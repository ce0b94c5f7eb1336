"""The pieces of code that a submission and its originals agree in, each for what it adds to the heavier ones.

One code that a submission holds three times, a bundle in three builds, is one piece: of each piece only what no heavier
piece has counts, measured by its runs of normalised tokens, whichever files hold them.

Tests, documentation and descriptions of builds of the original judge no submission: tests say what a program does, and
projects of a kind are built alike. Which they are, the original says, not the candidate. Where an original is nothing
else, all of it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.layers.regions import Regions
from simdetect.model import F64, I64, AnalysedFile, Bool, FileRole
from simdetect.sources.roles import describes_a_build
from simdetect.tokens.grams import hash_kgrams_at
from simdetect.weighing.background import Background

__all__ = ["Pieces", "are_judged", "novelty", "pieces_of", "trust"]

_RUN = 5  # normalised tokens that are compared with what heavier pieces have
_MOST = 4096  # pieces that are looked at; what is lighter than these changes no verdict
# Names in the background of a language from which it is well known. Between independent programs in languages of fewer,
# the heaviest piece has a median of some 120 bits, in the others of 44: what a model has not seen looks surprising.
_WELL_KNOWN = 250_000
_LITTLE_KNOWN = 0.5  # of a bit, in the others
# Bits of an agreeing token, at most: a function of 25 lines that is copied has 0.9, and short pieces of independent
# programs up to 5, where a formula or a list of a standard's names stands.
_MOST_OF_A_TOKEN = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Counted regions, heaviest first. row: (p,) int64 of the table. bits: (p,) float64, what each adds. function: of
    the heaviest whole function in it."""

    row: I64
    bits: F64
    function: F64

    def __len__(self) -> int:
        return len(self.row)


def are_judged(originals: Sequence[AnalysedFile], *, with_tests: bool = False) -> Bool:
    """Which files of the originals a submission is judged by: (files,) bool. with_tests: by tests too."""
    beside = (FileRole.DOCUMENTATION,) if with_tests else (FileRole.TEST, FileRole.DOCUMENTATION)
    found = np.array(
        [file.role not in beside and not describes_a_build(file.path, file.language) for file in originals], np.bool_
    )
    return found if found.any() else np.ones(len(found), np.bool_)


def trust(files: Sequence[AnalysedFile], background: Callable[[str], Background]) -> F64:
    """What a bit in each file is worth, by how much its background has seen of the language: (files,) float64."""
    known = {family: background(family) for family in {file.family for file in files}}
    is_known = {name: model.family == name and model.n_names >= _WELL_KNOWN for name, model in known.items()}
    return np.array([1.0 if is_known[file.family] else _LITTLE_KNOWN for file in files], np.float64)


def pieces_of(code: Regions, judged: Bool, worth: F64) -> Pieces:
    """The pieces of a comparison. judged: (files of the originals,) bool. worth: (files of the candidate,) float64."""
    rows = code.selection.counted
    rows = rows[judged[code.table.original_file[rows]]]
    of_file = worth[code.table.candidate_file]
    alone = np.minimum(code.alone.total, _MOST_OF_A_TOKEN * code.table.n_equal) * of_file
    function = code.function * of_file
    rows = rows[np.argsort(-alone[rows], kind="stable")][:_MOST]
    share = novelty(code, rows)
    bits = alone[rows] * share
    order = np.argsort(-bits, kind="stable")
    return Pieces(rows[order], bits[order], (function[rows] * share)[order])


def novelty(code: Regions, rows: I64) -> F64:
    """The share of each row's distinct runs of tokens that no row before it has: (p,) float64, 0..1. rows: (p,) int64,
    heaviest first."""
    table, layout = code.table, code.comparison.candidate.layout
    start = layout.offset[table.candidate_file[rows]] + table.candidate_start[rows]
    length = table.candidate_end[rows].astype(np.int64) - table.candidate_start[rows]
    length = np.maximum(0, length - _RUN + 1)
    if not length.any():
        return np.ones(len(rows))
    rank = np.repeat(np.arange(len(rows)), length)
    within = np.arange(len(rank)) - np.repeat(np.cumsum(length) - length, length)
    run = hash_kgrams_at(layout.normal, start[rank] + within, _RUN)
    order = np.lexsort((rank, run))
    run, rank = run[order], rank[order]
    is_first = np.append(True, run[1:] != run[:-1])
    is_own = is_first | np.append(True, rank[1:] != rank[:-1])  # a run that a row repeats counts once
    n_new = np.bincount(rank[is_first], minlength=len(rows))
    n_own = np.bincount(rank[is_own], minlength=len(rows))
    return np.where(n_own > 0, n_new / np.maximum(1, n_own), 1.0)
