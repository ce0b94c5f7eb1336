"""Seeds, runs and regions against slow versions on small alphabets, where everything repeats."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simdetect.matching.comparison import Comparison, Program
from simdetect.matching.layout import build_postings, lay_out
from simdetect.matching.overlaps import Spans, without_overlaps
from simdetect.matching.regions import Limits, find_regions
from simdetect.matching.seeds import find_seeds
from simdetect.model import Layout, MatchTable, TokenStream, Units
from simdetect.tokens.fingerprint import fingerprint
from tests import reference

K, WINDOW = 3, 2
FILE = st.lists(st.integers(10, 13), max_size=40)
TREE = st.lists(FILE, min_size=1, max_size=3)


def stream(normal: Sequence[int], exact: Sequence[int] | None = None) -> TokenStream:
    n = len(normal)
    none = np.zeros(0, np.uint32)
    return TokenStream(
        exact=np.array(normal if exact is None else exact, np.uint64),
        normal=np.array(normal, np.uint64),
        role=np.zeros(n, np.uint8),
        start=np.arange(n, dtype=np.uint32),
        end=np.arange(1, n + 1, dtype=np.uint32),
        comment=np.zeros(0, np.uint64),
        comment_start=none.copy(),
        comment_end=none.copy(),
        units=Units((), (), none.copy(), none.copy()),
    )


def layout(files: Sequence[TokenStream], separator: int) -> Layout:
    normal = [file.normal for file in files]
    return lay_out([file.exact for file in files], normal, fingerprint(normal, K, WINDOW), separator)


def program(of: Layout, families: Sequence[object] | None = None, **more: Any) -> Program:
    """A side of a comparison of which only the layout and the families of its files are known."""
    files = [SimpleNamespace(family=family) for family in families or ["c"] * of.n_files]
    return Program(files, of, **more)  # type: ignore[arg-type]


def regions(
    candidate: Sequence[TokenStream],
    original: Sequence[TokenStream],
    *,
    min_tokens: int = K,
    max_gap: int = 0,
    max_postings: int = 10_000,
    families: tuple[Sequence[int], Sequence[int]] | None = None,
) -> MatchTable:
    family = families or (None, None)
    comparison = Comparison(program(layout(candidate, 1), family[0]), program(layout(original, 2), family[1]))
    return find_regions(comparison, find_seeds(comparison, max_postings, K), Limits(K, min_tokens, max_gap))


def rows(table: MatchTable) -> list[tuple[int, ...]]:
    return list(
        zip(
            *(
                column.tolist()
                for column in (
                    table.candidate_file,
                    table.original_file,
                    table.candidate_start,
                    table.candidate_end,
                    table.original_start,
                    table.original_end,
                )
            ),
            strict=True,
        )
    )


@settings(max_examples=300)
@given(TREE, TREE)
def test_every_shared_run_that_winnowing_guarantees_is_covered_and_nothing_else_is_claimed(
    candidate: list[list[int]], original: list[list[int]]
) -> None:
    table = regions([stream(f) for f in candidate], [stream(f) for f in original])
    for i, own in enumerate(candidate):
        for j, theirs in enumerate(original):
            mine = [row[2:] for row in rows(table) if row[:2] == (i, j)]
            for start, end, there, there_end in mine:
                assert own[start:end] == theirs[there:there_end]
            covered = {p for start, end, _, _ in mine for p in range(start, end)}
            for start, _, n in reference.maximal_runs(own, theirs, K + WINDOW - 1):
                # Overlap resolution may leave out a run most of whose tokens a longer run of the pair already has.
                assert 2 * len(covered & set(range(start, start + n))) >= n


@settings(max_examples=300)
@given(FILE, FILE)
def test_regions_of_one_run_are_maximal(candidate: list[int], original: list[int]) -> None:
    maximal = reference.maximal_runs(candidate, original, K)
    for _, _, start, end, there, _ in rows(regions([stream(candidate)], [stream(original)])):
        assert (start, there, end - start) in maximal


@given(TREE, TREE, st.integers(0, 4))
def test_spans_lie_inside_their_files_and_counts_inside_their_spans(
    candidate: list[list[int]], original: list[list[int]], max_gap: int
) -> None:
    table = regions([stream(f) for f in candidate], [stream(f) for f in original], max_gap=max_gap)
    for i, (file_c, file_o, start, end, there, there_end) in enumerate(rows(table)):
        assert 0 <= start < end <= len(candidate[file_c])
        assert 0 <= there < there_end <= len(original[file_o])
        assert K <= table.n_equal[i] <= min(end - start, there_end - there)
        assert table.n_verbatim[i] <= table.n_equal[i]


@given(st.lists(FILE, min_size=1, max_size=3), st.integers(1, 3))
def test_a_tree_against_itself_is_covered_whole_however_common_its_hashes(tree: list[list[int]], cap: int) -> None:
    files = [stream(f) for f in tree]
    table = regions(files, files, max_postings=cap)
    for i, own in enumerate(tree):
        if len(own) < K + WINDOW - 1:
            continue
        covered = {p for row in rows(table) if row[0] == i for p in range(row[2], row[3])}
        assert len(covered) == len(own)


def test_a_long_constant_table_against_itself_is_found_without_pairing_everything() -> None:
    table_file = stream([10] * 50_000)
    table = regions([table_file], [table_file], max_postings=16)
    assert (0, 0, 0, 50_000, 0, 50_000) in rows(table)
    assert table.n_common_hashes == 1


def test_common_hashes_pair_only_where_the_texts_agree() -> None:
    shape = list(range(20, 32))
    originals = [stream(shape, [100 * (i + 1) + t for t in range(12)]) for i in range(40)]
    candidate = stream(shape, [100 * 17 + t for t in range(12)])
    table = regions([candidate], originals, max_postings=8)
    assert [row[1] for row in rows(table)] == [16]


def test_runs_join_over_small_gaps_only() -> None:
    first, second = list(range(20, 30)), list(range(40, 50))
    original = stream([*first, 99, *second])
    near = regions([stream([*first, 1, 2, *second])], [original], max_gap=2)
    assert rows(near) == [(0, 0, 0, 22, 0, 21)]
    assert near.n_equal.tolist() == [20]
    apart = regions([stream([*first, 1, 2, 3, *second])], [original], max_gap=2)
    assert [row[2:4] for row in rows(apart)] == [(0, 10), (13, 23)]


def test_a_region_is_verbatim_when_nearly_all_texts_agree_and_renamed_otherwise() -> None:
    normal = list(range(20, 60))
    one_changed = [*range(100, 139), 1]
    half_changed = [*range(100, 120), *range(500, 520)]
    original = stream(normal, list(range(100, 140)))
    table = regions([stream(normal, one_changed), stream(normal, half_changed)], [original])
    assert table.is_verbatim.tolist() == [True, False]
    assert table.n_verbatim.tolist() == [39, 20]


def test_files_of_different_families_never_match() -> None:
    file = stream(list(range(20, 40)))
    assert not len(regions([file], [file], families=([0], [1])))


def test_one_candidate_file_matches_many_originals_and_the_reverse() -> None:
    parts = [list(range(20 * i, 20 * i + 15)) for i in range(1, 6)]
    whole = stream([symbol for part in parts for symbol in part])
    several = [stream(part) for part in parts]
    assert sorted({row[1] for row in rows(regions([whole], several))}) == [0, 1, 2, 3, 4]
    assert sorted({row[0] for row in rows(regions(several, [whole]))}) == [0, 1, 2, 3, 4]


@given(TREE, TREE, st.randoms(use_true_random=False))
def test_the_order_of_original_files_does_not_change_what_matches(
    candidate: list[list[int]], original: list[list[int]], random: object
) -> None:
    order = list(range(len(original)))
    random.shuffle(order)  # type: ignore[attr-defined]
    own = [stream(f) for f in candidate]
    plain = rows(regions(own, [stream(f) for f in original]))
    shuffled = rows(regions(own, [stream(original[i]) for i in order]))
    assert sorted(plain) == sorted((c, order[o], *rest) for c, o, *rest in shuffled)


def test_postings_are_sorted_by_hash_then_file_then_position() -> None:
    streams = [np.array(f, np.uint64) for f in ([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5])]
    postings = build_postings(fingerprint(streams, K, WINDOW))
    order = list(zip(postings.hash.tolist(), postings.file.tolist(), postings.position.tolist(), strict=True))
    assert order == sorted(order)


def test_nothing_against_nothing_is_an_empty_table() -> None:
    assert not len(regions([stream([])], [stream([])]))


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 20), st.integers(1, 9)), max_size=30),
    st.randoms(use_true_random=False),
)
def test_overlaps_are_resolved_as_by_trying_row_after_row(
    spans: list[tuple[int, int, int, int]], random: Random
) -> None:
    own = layout([stream([1] * 30), stream([1] * 30)], 2)
    file_c, file_o = (np.array([span[i] for span in spans], np.int64) for i in (0, 1))
    start = own.offset[file_c] + np.array([span[2] for span in spans], np.int64)
    end = start + np.array([span[3] for span in spans], np.int64)
    order = list(range(len(spans)))
    random.shuffle(order)
    order.sort(key=lambda row: spans[row][:2])
    kept = without_overlaps(Spans(file_c, file_o, start, end), np.array(order, np.int64), own, 1)
    used: dict[tuple[int, int], set[int]] = {}
    expected = []
    for row in order:
        taken, span = used.setdefault(spans[row][:2], set()), set(range(start[row], end[row]))
        if len(span - taken) >= max(1, len(span) / 2):
            taken |= span
            expected.append(row)
    assert sorted(kept.tolist()) == sorted(expected)
