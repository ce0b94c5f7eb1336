"""Coverage, selection and set measures against slow versions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.judging.resemblance import containment_and_jaccard
from simdetect.matching.comparison import Comparison, Program
from simdetect.model import F64, MatchTable
from simdetect.weighing.limits import FLOOR_BITS
from simdetect.weighing.pairs import score_pairs
from simdetect.weighing.selection import _claims, select
from tests import reference
from tests.matching.test_regions import layout, program, stream

N_FILES, N_TOKENS = 3, 30
FILE = st.integers(0, N_FILES - 1)
SPAN = st.tuples(st.integers(0, N_TOKENS - 1), st.integers(1, 12)).map(lambda s: (s[0], min(s[0] + s[1], N_TOKENS)))


def table_of(rows: list[Any]) -> MatchTable:
    """A table of (candidate file, original file, candidate span, original span, is_verbatim), one run a region."""

    def column(values: list[int]) -> Any:
        return np.array(values, np.uint32)

    length = [min(own[1] - own[0], theirs[1] - theirs[0]) for _, _, own, theirs, _ in rows]
    starts = [row[2][0] for row in rows], [row[3][0] for row in rows]
    return MatchTable(
        candidate_file=column([row[0] for row in rows]),
        original_file=column([row[1] for row in rows]),
        candidate_start=column(starts[0]),
        candidate_end=column([row[2][1] for row in rows]),
        original_start=column(starts[1]),
        original_end=column([row[3][1] for row in rows]),
        n_equal=column(length),
        n_verbatim=column([n if row[4] else n // 2 for n, row in zip(length, rows, strict=True)]),
        is_verbatim=np.array([row[4] for row in rows], np.bool_),
        run_row=column(list(range(len(rows)))),
        run_candidate=column(starts[0]),
        run_original=column(starts[1]),
        run_length=column(length),
    )


# As matching makes them: sorted by (candidate file, original file, candidate start).
ROWS = st.lists(st.tuples(FILE, FILE, SPAN, SPAN, st.booleans()), max_size=12).map(sorted)
TABLES = ROWS.map(table_of)


def side(separator: int) -> Program:
    return program(layout([stream([7] * N_TOKENS) for _ in range(N_FILES)], separator))


COMPARISON = Comparison(side(1), side(2))


def spans(table: MatchTable, rows: list[int], side: str) -> list[tuple[int, int]]:
    start, end = getattr(table, f"{side}_start"), getattr(table, f"{side}_end")
    return [(int(start[row]), int(end[row])) for row in rows]


def weights(table: MatchTable) -> F64:
    """Some weights on both sides of the floor, with ties."""
    return 5.0 * table.n_equal.astype(np.float64) + table.n_verbatim


def added(table: MatchTable) -> F64:
    """What regions add to heavier ones of their pair: some share of their weight."""
    return weights(table) * (1 + np.arange(len(table)) % 3) / 3


EXCLUDED = st.lists(st.integers(0, 2), min_size=12, max_size=12)


@given(TABLES)
def test_pairs_add_up_their_regions_and_count_each_token_once(table: MatchTable) -> None:
    is_counted = np.arange(len(table)) % 4 != 3  # an excluded region weighs nothing and covers nothing
    weight, more = weights(table) * is_counted, added(table) * is_counted
    function = weight * (np.arange(len(table)) % 2)
    pairs = score_pairs(table, weight, more, function)
    rows_by_pair: dict[tuple[int, int], list[int]] = {}
    for row in range(len(table)):
        rows_by_pair.setdefault((int(table.candidate_file[row]), int(table.original_file[row])), []).append(row)
    keys = list(zip(pairs.candidate_file.tolist(), pairs.original_file.tolist(), strict=True))
    assert sorted(keys) == sorted(rows_by_pair)
    for at, key in enumerate(keys):
        rows = rows_by_pair[key]
        assert pairs.weight[at] == pytest.approx(sum(more[row] for row in rows))
        assert pairs.total[at] == pytest.approx(sum(max(0.0, more[row] - FLOOR_BITS) for row in rows))
        assert pairs.strongest[at] == max(weight[row] for row in rows)
        assert pairs.function[at] == max(function[row] for row in rows)
        counted = [row for row in rows if weight[row]]
        assert pairs.matched[at] == reference.union_size(spans(table, counted, "candidate"))
        assert pairs.original_matched[at] == reference.union_size(spans(table, counted, "original"))
        assert pairs.longest[at] == max((table.n_equal[row] for row in counted), default=0)


@given(TABLES)
def test_originals_are_ranked_by_weight_then_by_their_strongest_region(table: MatchTable) -> None:
    pairs = score_pairs(table, weights(table), added(table), np.zeros(len(table)))
    columns = pairs.candidate_file, -pairs.weight, -pairs.strongest, pairs.original_file
    places = list(zip(*(column.tolist() for column in columns), strict=True))
    assert places == sorted(places)


@given(ROWS, EXCLUDED)
def test_selection_is_greedy_by_weight_and_counts_each_token_once(rows: list[Any], excluded_: list[int]) -> None:
    table, excluded = table_of(rows), np.array(excluded_[: len(rows)], np.uint8)
    weight = weights(table)
    chosen = select(table, weight, excluded, COMPARISON)
    regions = [
        (file, start, end, original, original_start)
        for file, original, start, end, original_start in zip(
            table.candidate_file.tolist(),
            table.original_file.tolist(),
            table.candidate_start.tolist(),
            table.candidate_end.tolist(),
            table.original_start.tolist(),
            strict=True,
        )
    ]
    assert chosen.rows.tolist() == reference.select(regions, weight.tolist(), excluded.tolist())
    counted = [row for row in chosen.rows.tolist() if not excluded[row]]
    assert chosen.counted.tolist() == counted
    for file in range(N_FILES):
        own = [row for row in counted if regions[row][0] == file]
        matched = int(chosen.verbatim[file] + chosen.renamed[file])
        assert matched == reference.union_size(spans(table, own, "candidate")) <= N_TOKENS
        assert chosen.longest[file] == max((table.n_equal[row] for row in own), default=0)
        theirs = [row for row in counted if regions[row][3] == file]
        assert chosen.original_matched[file] == reference.union_size(spans(table, theirs, "original"))


@given(ROWS, EXCLUDED)
def test_every_region_left_out_is_more_than_half_covered_by_those_shown(rows: list[Any], excluded_: list[int]) -> None:
    table, excluded = table_of(rows), np.array(excluded_[: len(rows)], np.uint8)
    chosen = select(table, weights(table), excluded, COMPARISON).rows.tolist()
    covered = {token for row in chosen for token in tokens_of(table, row)}
    for row in set(range(len(table))) - set(chosen):
        own = tokens_of(table, row)
        assert 2 * len(own & covered) > len(own)


@given(ROWS, EXCLUDED)
def test_an_excluded_region_never_takes_tokens_from_one_that_counts(rows: list[Any], excluded_: list[int]) -> None:
    table, excluded = table_of(rows), np.array(excluded_[: len(rows)], np.uint8)
    counted = select(table, weights(table), excluded, COMPARISON).counted.tolist()
    kept = excluded == 0
    only = table_of([row for row, is_kept in zip(rows, kept.tolist(), strict=True) if is_kept])
    alone = select(only, weights(only), np.zeros(len(only), np.uint8), COMPARISON).counted
    assert np.flatnonzero(kept)[alone].tolist() == counted


def tokens_of(table: MatchTable, row: int) -> set[tuple[int, int]]:
    span = range(int(table.candidate_start[row]), int(table.candidate_end[row]))
    return {(int(table.candidate_file[row]), token) for token in span}


HASHES = st.sets(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=30)


def as_hashes(values: set[int]) -> Any:
    return np.array(sorted(values), np.uint64)


@given(HASHES, HASHES)
def test_containment_and_jaccard_are_those_of_sets(candidate: set[int], original: set[int]) -> None:
    found = containment_and_jaccard(as_hashes(candidate), as_hashes(original))
    assert found == pytest.approx(reference.containment_and_jaccard(candidate, original))
    assert all(0 <= share <= 1 for share in found)


@given(HASHES, HASHES)
def test_jaccard_is_symmetric_and_never_above_containment(candidate: set[int], original: set[int]) -> None:
    containment, jaccard = containment_and_jaccard(as_hashes(candidate), as_hashes(original))
    assert containment_and_jaccard(as_hashes(original), as_hashes(candidate))[1] == jaccard
    assert jaccard <= containment


@given(HASHES.filter(len))
def test_a_set_contains_itself(values: set[int]) -> None:
    assert containment_and_jaccard(as_hashes(values), as_hashes(values)) == (1.0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=40), st.integers(1, 5))
def test_claims_are_those_of_one_row_after_the_other(spans: list[tuple[int, int]], first: int) -> None:
    start = np.array([a for a, _ in spans], np.int64)
    end = start + np.array([n for _, n in spans], np.int64)
    code = (np.arange(len(spans)) % 4 + 1).astype(np.uint8)
    layer, slow = np.zeros(50, np.uint8), np.zeros(50, np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simdetect.weighing.selection._FIRST_CLAIMS", first)
        found = _claims(layer, start, end, code, np.arange(len(spans)))
    expected = []
    for row, (a, n) in enumerate(spans):
        free = slow[a : a + n] == 0
        if 2 * free.sum() >= n:
            slow[a : a + n][free] = code[row]
            expected.append(row)
    assert found.tolist() == expected
    assert layer.tolist() == slow.tolist()
