"""Ranges of numbers, one after the other; runs of equal rows; each value once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simdetect.model.arrays import heads, ranges, ranks, sorted_distinct


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 6))))
def test_ranges_are_those_of_the_plain_loop(spans: list[tuple[int, int]]) -> None:
    start, n = (np.array([span[i] for span in spans], np.int64) for i in (0, 1))
    assert ranges(start, n).tolist() == [number for first, size in spans for number in range(first, first + size)]
    assert ranges(3, n.astype(np.uint32)).tolist() == [3 + i for _, size in spans for i in range(size)]


@given(st.lists(st.integers(0, 2**64 - 1)), st.integers(0, 9))
def test_sorted_distinct_is_what_numpy_says(values: list[int], n_doubles: int) -> None:
    own = np.array(values + values[:n_doubles], np.uint64)
    assert sorted_distinct(own).tolist() == np.unique(own).tolist() == sorted(set(values))
    flat = sorted_distinct(own.reshape(1, -1))
    assert flat.dtype == own.dtype and flat.tolist() == sorted(set(values))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1))))
def test_heads_and_ranks_are_those_of_the_plain_loop(rows: list[tuple[int, int]]) -> None:
    expected: list[int] = []
    for i, row in enumerate(rows):
        expected.append(expected[-1] + 1 if i and row == rows[i - 1] else 0)
    one, two = (np.array([row[i] for row in rows], np.uint32) for i in (0, 1))
    assert ranks(one, two).tolist() == expected
    assert heads(one, two).tolist() == [rank == 0 for rank in expected]
    assert heads(one).tolist() == [not i or value[0] != rows[i - 1][0] for i, value in enumerate(rows)]
