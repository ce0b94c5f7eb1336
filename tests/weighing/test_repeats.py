"""What recurs inside regions: the batches against a slow version, for short and for long regions."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simdetect.weighing.repeats import Texts, first_of, pairing, previous

TEXT = st.integers(1, 5)
REGION = st.lists(st.tuples(TEXT, TEXT, st.booleans()), max_size=12)
REGIONS = st.lists(REGION | REGION.map(lambda tokens: tokens * 9), min_size=1, max_size=6)  # some over the limit


def slow_pairing(region: list[tuple[int, int, bool]]) -> list[tuple[bool, bool, bool]]:
    names = [(a, b) for a, b, is_name in region if is_name]
    both = Counter(names)
    most_a: dict[int, int] = defaultdict(int)
    most_b: dict[int, int] = defaultdict(int)
    for (a, b), n in both.items():
        most_a[a], most_b[b] = max(most_a[a], n), max(most_b[b], n)
    same: set[int] = set()
    seen: set[int] = set()
    found = []
    for a, b, is_name in region:
        again = is_name and a in seen
        best = is_name and both[a, b] == most_a[a] == most_b[b]
        found.append((a == b and a not in same, again, best))
        if a == b:
            same.add(a)
        if is_name:
            seen.add(a)
    return found


@given(REGIONS)
def test_tokens_recur_as_a_slow_count_says(regions: list[list[tuple[int, int, bool]]]) -> None:
    row = np.repeat(np.arange(len(regions)), [len(region) for region in regions])
    tokens = [token for region in regions for token in region]
    own, theirs = (np.array([token[side] for token in tokens], np.uint64) for side in (0, 1))
    is_name = np.array([token[2] for token in tokens], np.bool_)
    found = pairing(row, Texts(own, theirs, is_name), len(regions))
    expected = [token for region in regions for token in slow_pairing(region)]
    assert list(zip(found.once.tolist(), found.again.tolist(), found.best.tolist(), strict=True)) == expected


@given(st.lists(TEXT, max_size=30))
def test_where_a_value_stood_before(values: list[int]) -> None:
    expected = [max((j for j in range(i) if values[j] == values[i]), default=-1) for i in range(len(values))]
    assert previous(np.array(values, np.uint64)).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 3), TEXT), max_size=30))
def test_the_first_of_its_kind_in_its_group(values: list[tuple[int, int]]) -> None:
    group, value = np.array([g for g, _ in values], np.int64), np.array([v for _, v in values], np.uint64)
    assert first_of(group, value).tolist() == [pair not in values[:i] for i, pair in enumerate(values)]
