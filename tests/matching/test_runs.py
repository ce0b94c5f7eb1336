"""Growing runs takes work with the size of both sides, also where every row of a table equals every other one."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from simdetect.matching import runs
from simdetect.matching.comparison import Comparison
from simdetect.matching.runs import Runs, chain, grow
from simdetect.matching.seeds import find_seeds
from tests.matching.test_regions import K, layout, program, regions, rows, stream
from tests.steps import assert_in_proportion

ROW = list(range(20, 50))


def table(n_rows: int, seed: int) -> list[int]:
    """Rows that differ in texts only, and one odd token here and there."""
    random = Random(seed)
    return [token if random.random() > 0.0005 else 99 for _ in range(n_rows) for token in ROW]


def compared(candidate: list[int], original: list[int]) -> Comparison:
    return Comparison(program(layout([stream(candidate)], 1)), program(layout([stream(original)], 2)))


def every_diagonal(n_rows: int) -> Runs:
    """A stretch of one row on the diagonal of each pair of rows, as seeds of a generated table give them."""
    own, other = (at.ravel() * len(ROW) for at in np.meshgrid(np.arange(n_rows), np.arange(n_rows)))
    return Runs(own.astype(np.int64), other.astype(np.int64), np.full(len(own), 3, np.int64))


def test_work_grows_with_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_FREE_WORK", 0)

    def work(n_rows: int) -> int:
        spent: list[runs._Work] = []

        class Counted(runs._Work):
            def __init__(self, left: int) -> None:
                super().__init__(left)
                self.first = left
                spent.append(self)

        with monkeypatch.context() as patch:
            patch.setattr(runs, "_Work", Counted)
            grow(compared(ROW * n_rows, ROW * n_rows), every_diagonal(n_rows))
        return sum(one.first - one.left for one in spent)  # type: ignore[attr-defined]

    assert_in_proportion(work, 200)


def test_stretches_of_one_diagonal_are_grown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    n = 5000
    at = np.arange(0, n * len(ROW), len(ROW), np.int64)
    calls = []
    extent = runs._Work.extent
    monkeypatch.setattr(runs._Work, "extent", lambda self, *rest: calls.append(rest) or extent(self, *rest))
    grown, n_cut = grow(compared(ROW * n, ROW * n), Runs(at, at, np.full(n, 3, np.int64)))
    assert (grown.length.tolist(), n_cut) == ([n * len(ROW)], 0)
    assert len(calls) == 2  # one in each direction


def test_without_work_nothing_that_is_told_is_wrong_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_FREE_WORK", 0)
    monkeypatch.setattr(runs, "_MOST_WORK", 0)
    tokens = Random(4).choices(range(100, 100_000), k=2000)
    candidate = tokens[:1000] + [7] * 3 + tokens[1000:]
    comparison = compared(candidate, tokens)
    stretches = chain(find_seeds(comparison, 64, K), K)
    few = Runs(np.array([300, 1500]), np.array([300, 1497]), np.array([3, 3]))
    grown, n_cut = grow(comparison, few)
    assert n_cut == 1  # the first takes what is left, the second stays as it is
    for i, j, length in zip(grown.candidate, grown.original, grown.length, strict=True):
        assert candidate[i : i + length] == tokens[j : j + length]
    assert sorted(grown.length.tolist()) == [3 + 2 * runs._ROUNDS, 1000]
    assert grow(comparison, stretches)[1] == 0  # whole runs by their seeds: nothing is left to do


@pytest.mark.parametrize("seed", range(6))
def test_regions_of_a_table_are_the_same_with_little_work(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate, original = [stream(table(120, seed))], [stream(table(120, seed + 50))]
    whole = regions(candidate, original, max_postings=64, max_gap=4)
    monkeypatch.setattr(runs, "_FREE_WORK", 0)
    less = regions(candidate, original, max_postings=64, max_gap=4)
    covered = [sum(row[3] - row[2] for row in rows(found)) for found in (whole, less)]
    assert covered[1] >= 0.98 * covered[0]
