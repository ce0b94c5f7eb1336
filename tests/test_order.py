"""The order of shared units: bits against exhaustive search."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.order import order_of, shared_units
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
