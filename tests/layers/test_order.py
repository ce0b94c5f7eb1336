"""The order of shared units: bits against exhaustive search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.layers.permutations import is_forced, order_of, paired, shared_entries, shared_units, untold
from tests import reference


def test_units_are_paired_by_name_first_occurrence_first() -> None:
    own, theirs = ["open", "", "close", "open", "scan"], ["scan", "open", "open", "", "poll"]
    assert shared_units(own, theirs) == [(0, 1), (4, 0)]
    assert shared_units(own, theirs, common=["open"]) == [(4, 0)]


def test_ten_units_in_the_same_order_are_as_surprising_as_one_permutation_of_ten() -> None:
    assert order_of(range(10)).bits == pytest.approx(math.log2(math.factorial(10)))
    assert order_of(range(10)).members == tuple(range(10))


def test_no_order_and_a_reversed_one_say_nothing() -> None:
    assert order_of([]).bits == order_of([4]).bits == 0
    assert order_of([5, 4, 3, 2, 1]).bits == 0


@given(st.lists(st.integers(0, 20), max_size=7, unique=True))
def test_bits_are_those_of_the_most_surprising_stretch(places: list[int]) -> None:
    assert order_of(places).bits == pytest.approx(reference.order_bits(places), abs=1e-6)


@given(st.lists(st.integers(0, 60), max_size=30, unique=True))
def test_members_are_in_ascending_order_on_both_sides(places: list[int]) -> None:
    members = order_of(places).members
    assert list(members) == sorted(members)
    assert [places[i] for i in members] == sorted(places[i] for i in members)


@given(st.lists(st.integers(0, 60), max_size=20, unique=True), st.lists(st.integers(61, 99), max_size=8, unique=True))
def test_units_that_follow_never_lower_the_bits(places: list[int], more: list[int]) -> None:
    assert order_of([*places, *more]).bits >= order_of(places).bits - 1e-9


# --- what belongs together -------------------------------------------------------------------------------------------

KEYS = st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=4)


@given(KEYS, KEYS)
def test_each_list_goes_with_the_one_that_shares_most_entries(own: list[list[int]], theirs: list[list[int]]) -> None:
    shared = {(i, j): len(set(a) & set(b)) for i, a in enumerate(own) for j, b in enumerate(theirs)}
    expected = {}
    for i in range(len(own)):
        best = max((shared[i, j] for j in range(len(theirs))), default=0)
        if best:
            expected[i] = min(j for j in range(len(theirs)) if shared[i, j] == best)
    assert dict(shared_entries(own, theirs)) == expected


def test_units_that_regions_join_go_one_to_one_heaviest_first() -> None:
    own, theirs = np.array([0, 0, 1, 2, 2]), np.array([5, 5, 5, 6, 7])
    assert paired(own, theirs, [30.0, 40.0, 65.0, 80.0, 90.0], least=60) == [(0, 5), (2, 7)]
    assert paired(own, theirs, [30.0, 20.0, 65.0, 10.0, 10.0], least=60) == [(1, 5)]


# --- what says nothing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["apple", "berry", "cherry", "date", "elder", "fig", "grape"], True),
        (["grape", "fig", "elder", "date", "cherry", "berry", "apple"], True),
        (["apple", "berry", "zebra", "cherry", "date", "elder", "fig"], True),
        (["date", "apple", "grape", "cherry", "fig", "berry", "elder"], False),
        ([1, 2, 4, 8, 16, 32, 64], True),
        ([17, 4, 99, 3, 56, 12, 41], False),
        ([1, 2, None, 3, 4, 5, 6], True),
        ([1, 1, 1, 1, 1, 1, 1], False),
        ([1, 2, None, None, None, 5, 6], False),
        ([], False),
    ],
)
def test_alphabetical_and_numeric_orders_are_forced(keys: list[object], expected: bool) -> None:
    assert is_forced(keys) is expected


def spans(pairs: list[tuple[int, int]]) -> np.ndarray:
    return np.array([(start, start + length) for start, length in pairs], np.int64).reshape(-1, 2)


@given(st.lists(st.tuples(*[st.integers(0, 12), st.integers(1, 4)] * 2), max_size=6),
       st.lists(st.tuples(*[st.integers(0, 12), st.integers(1, 6)] * 2), max_size=4))  # fmt: skip
def test_of_what_one_region_explains_only_the_first_takes_part(
    elements: list[tuple[int, ...]], regions: list[tuple[int, ...]]
) -> None:
    sides = [spans([row[2 * i : 2 * i + 2] for row in rows]) for i in (0, 1) for rows in (elements, regions)]
    kept = untold(sides[0], sides[2], sides[1], sides[3]).tolist()
    assert kept == reference.untold(*(side.tolist() for side in sides))


def test_functions_in_one_region_say_nothing_more_and_those_between_regions_do() -> None:
    functions = spans([(0, 10), (10, 10), (20, 10)])
    one, three = spans([(0, 30)]), spans([(1, 8), (11, 8), (21, 8)])
    assert untold(functions, functions, one, one).tolist() == [True, False, False]
    assert untold(functions, functions, three, three).all()
