"""Pairs of equal fingerprints are bounded by the size of both sides."""

from __future__ import annotations

import numpy as np
import pytest

from simdetect.matching.seeds import _affordable


@pytest.mark.parametrize(
    ("budget", "limit"),
    [(1000, 64), (100, 64), (99, 30), (60, 30), (59, 2), (4, 2), (3, 1), (0, 1)],
)
def test_hashes_that_occur_most_go_first_when_all_pairs_are_too_many(budget: int, limit: int) -> None:
    """Two that occur twice, and one that occurs 30 times in two rows of 28 pairs; 40 pairs of one that occurs 60."""
    most, n_pairs = np.array([2, 2, 30, 30, 60]), np.array([2, 2, 28, 28, 40])
    found = _affordable(most, n_pairs, 64, budget)
    assert found == limit or _pairs(most, n_pairs, found) == _pairs(most, n_pairs, limit)


def _pairs(most: np.ndarray, n_pairs: np.ndarray, limit: int) -> int:
    return int(n_pairs[most <= limit].sum())
