"""Bits of regions: the arithmetic against a slow version, and the laws that scores must keep."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simdetect.matching.comparison import Comparison
from simdetect.model import Layout, MatchTable, TokenBits, TokenRole
from simdetect.weighing.surprise import Recurring, interleave, join_bits, region_bits
from tests.matching.test_regions import layout, program, regions, stream

TOKEN = st.tuples(st.integers(10, 13), st.integers(0, 3))  # normalised symbol; which of a few texts
FILE = st.lists(TOKEN, min_size=3, max_size=40)
NAMES = {12, 13}


def side(files: list[list[tuple[int, int]]], separator: int) -> Layout:
    return layout([stream([n for n, _ in f], [exact(n, t) for n, t in f]) for f in files], separator)


def exact(normal: int, text: int) -> int:
    return 100 * normal + text if normal in NAMES else normal


def roles(own: Layout) -> np.ndarray:
    return np.where(np.isin(own.normal, list(NAMES)), TokenRole.NAME, TokenRole.SYNTAX).astype(np.uint8)


def some_bits(own: Layout) -> TokenBits:
    i = np.arange(len(own.normal))
    return TokenBits((i % 7) * 1.0, np.where(np.isin(own.normal, list(NAMES)), 1.0 + i % 5, 0.0), i % 11 == 0)


def compared(own: Layout, theirs: Layout, bits: TokenBits) -> Comparison:
    return Comparison(program(own, role=roles(own), bits=bits), program(theirs))


def table_of(own: list[list[tuple[int, int]]], theirs: list[list[tuple[int, int]]]) -> MatchTable:
    as_streams = [[stream([n for n, _ in f], [exact(n, t) for n, t in f]) for f in files] for files in (own, theirs)]
    return regions(*as_streams, max_gap=2)


def slow_bits(table: MatchTable, row: int, own: Layout, theirs: Layout, bits: TokenBits) -> tuple[float, float]:
    """Structure and name bits of one region, token by token."""
    start_c = int(own.offset[table.candidate_file[row]])
    start_o = int(theirs.offset[table.original_file[row]])
    pairs = []
    for run in np.flatnonzero(table.run_row == row):
        for i in range(int(table.run_length[run])):
            pairs.append((start_c + int(table.run_candidate[run]) + i, start_o + int(table.run_original[run]) + i))
    structure = 0.0
    seen: set[tuple[int, ...]] = set()
    for c, _ in pairs:
        gram = tuple(int(own.normal[max(0, c - back)]) for back in (3, 2, 1, 0))
        if not bits.is_idiom[c]:
            structure += bits.structure[c] * (0.1 if gram in seen else 1.0)
        seen.add(gram)
    names = [(int(own.exact[c]), int(theirs.exact[o]), c) for c, o in pairs if int(own.normal[c]) in NAMES]
    both = Counter((a, b) for a, b, _ in names)
    most_a: dict[int, int] = defaultdict(int)
    most_b: dict[int, int] = defaultdict(int)
    for (a, b), n in both.items():
        most_a[a], most_b[b] = max(most_a[a], n), max(most_b[b], n)
    value, again, consistent, met, counted = 0.0, 0, 0, set(), set()
    for a, b, c in names:
        best = both[a, b] == most_a[a] == most_b[b]
        if a in met:
            again += 1
            consistent += best
        if a == b and a not in counted:
            value += bits.name[c]
            counted.add(a)
        elif a == b or (a in met and best):
            value += 0.5
        met.add(a)
    consistency = consistent / again if again else 1.0
    return structure * min(1.0, max(0.25, (consistency - 0.5) / 0.5)), value


@settings(max_examples=200)
@given(st.lists(FILE, min_size=1, max_size=2), st.lists(FILE, min_size=1, max_size=2))
def test_bits_of_a_region_follow_the_documented_arithmetic(
    candidate: list[list[tuple[int, int]]], original: list[list[tuple[int, int]]]
) -> None:
    own, theirs, table = side(candidate, 1), side(original, 2), table_of(candidate, original)
    bits = some_bits(own)
    found = region_bits(table, compared(own, theirs, bits))
    faster = region_bits(table, compared(own, theirs, bits), recurring=Recurring.of(own))
    assert found.total.tolist() == faster.total.tolist()
    for row in range(len(table)):
        structure, name = slow_bits(table, row, own, theirs, bits)
        assert found.structure[row] == pytest.approx(structure)
        assert found.name[row] == pytest.approx(name)
        assert found.literal[row] == 0


def one_region(candidate: list[tuple[int, int]], original: list[tuple[int, int]]) -> tuple[float, float]:
    own, theirs, table = side([candidate], 1), side([original], 2), table_of([candidate], [original])
    flat = TokenBits(np.ones(len(own.normal)), np.full(len(own.normal), 8.0), np.zeros(len(own.normal), np.bool_))
    found = region_bits(table, compared(own, theirs, flat))
    return float(found.structure.sum()), float(found.name.sum())


VARIED = [(10 + (i * i + i // 3) % 4, (i * 7) % 4) for i in range(36)]


def renamed(code: list[tuple[int, int]], mapping: dict[int, int]) -> list[tuple[int, int]]:
    return [(n, mapping.get(t, t)) for n, t in code]


def test_same_names_are_worth_more_than_consistently_renamed_ones_and_those_more_than_inconsistent_ones() -> None:
    same = sum(one_region(VARIED, VARIED))
    consistent = sum(one_region(renamed(VARIED, {0: 4, 1: 5, 2: 6, 3: 7}), VARIED))
    scrambled = [(n, 4 + (i * i * 7 + i // 3) % 11) for i, (n, _) in enumerate(VARIED)]
    assert same > consistent > sum(one_region(scrambled, VARIED))


def test_a_table_does_not_add_up() -> None:
    row = [(10, 0), (11, 0), (10, 0), (11, 0)]
    short, long = one_region(row * 5, row * 5)[0], one_region(row * 50, row * 50)[0]
    assert long < 11 * short * 0.75  # ten times as long, mostly a tenth of the bits each time


def test_rows_of_a_group_count_a_name_once() -> None:
    files = [VARIED, VARIED]
    own, theirs, table = side([VARIED + VARIED], 1), side(files, 2), table_of([VARIED + VARIED], files)
    bits = some_bits(own)
    alone = region_bits(table, compared(own, theirs, bits))
    group = table.candidate_file.astype(np.int64)
    together = region_bits(table, compared(own, theirs, bits), np.arange(len(table)), group)
    assert together.total[0] == pytest.approx(alone.total[0])
    assert together.total.sum() < alone.total.sum()


def test_rows_that_are_not_asked_for_have_no_bits() -> None:
    own, theirs, table = side([VARIED], 1), side([VARIED, VARIED], 2), table_of([VARIED], [VARIED, VARIED])
    assert len(table) >= 2
    found = region_bits(table, compared(own, theirs, some_bits(own)), np.array([1]))
    assert found.total[1] > 0
    assert found.total[0] == 0


def test_joined_bits_lie_as_the_layout_lies() -> None:
    files = [[(10, 0), (12, 1)], [(11, 0)]]
    own = side(files, 1)
    parts = [TokenBits(np.ones(len(f)), np.ones(len(f)), np.ones(len(f), np.bool_)) for f in files]
    joined = join_bits(parts)
    assert joined.structure.tolist() == [1, 1, 0, 1, 0]
    assert len(joined.structure) == len(own.normal)


def test_nothing_weighs_nothing() -> None:
    own, theirs, table = side([[(10, 0)]], 1), side([[(11, 0)]], 2), table_of([[(10, 0)]], [[(11, 0)]])
    assert len(region_bits(table, compared(own, theirs, some_bits(own))).total) == 0
    assert len(join_bits([]).structure) == 0


@given(st.lists(FILE, min_size=1, max_size=2), st.lists(FILE, min_size=1, max_size=2), st.data())
def test_bits_of_rows_that_join_a_table_stay_with_their_rows(
    candidate: list[list[tuple[int, int]]], original: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    own, theirs, table = side(candidate, 1), side(original, 2), table_of(candidate, original)
    more = replace(table, is_structural=np.ones(len(table), np.bool_))
    chosen = np.array(
        sorted(data.draw(st.sets(st.integers(0, max(0, len(table) - 1))))) if len(table) else [], np.int64
    )
    bits = some_bits(own)
    alone, joining = (region_bits(rows, compared(own, theirs, bits)) for rows in (table, more))
    joined = table.with_rows(more, chosen)
    expected = region_bits(joined, compared(own, theirs, bits))
    assert interleave(alone, joining, chosen, table.places(more, chosen)).total.tolist() == expected.total.tolist()
