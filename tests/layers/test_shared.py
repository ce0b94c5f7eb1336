"""Shared names and constants against a slow version, and the law that more of them never lower the sum."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simdetect.layers.shared import compete, worth
from simdetect.matching.items import distinct, join, n_distinct_of
from simdetect.model import Items, SharedRows
from tests import reference

TOKENS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=30)


def arrays(tokens: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tokens (file, symbol) laid out file by file."""
    ordered = sorted(tokens, key=lambda token: token[0])
    files = np.array([file for file, _ in ordered], np.int64)
    return files, np.array([symbol for _, symbol in ordered], np.uint64), np.arange(len(ordered))


def everything(own: np.ndarray, _: np.ndarray) -> np.ndarray:
    return np.ones(len(own), np.bool_)


def joined(mine: Items, other: Items) -> SharedRows:
    return join(mine, other.file, other.symbol, everything)


@given(TOKENS)
def test_each_text_counts_once_a_file_where_it_first_stands(tokens: list[tuple[int, int]]) -> None:
    files, symbols, at = arrays(tokens)
    items = distinct(files, symbols, at)
    found = dict(zip(zip(items.symbol.tolist(), items.file.tolist(), strict=True), items.at.tolist(), strict=True))
    assert found == reference.first_occurrences(files.tolist(), symbols.tolist())
    assert items.symbol.tolist() == sorted(items.symbol.tolist())
    counts = n_distinct_of(files, symbols, 4)
    assert counts.tolist() == [len({s for f, s in tokens if f == file}) for file in range(4)]


@given(TOKENS, TOKENS)
def test_joined_rows_are_all_pairs_of_equal_texts(mine: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    rows = joined(distinct(*arrays(mine)), distinct(*arrays(other)))
    found = sorted(zip(rows.candidate_file.tolist(), rows.original_file.tolist(), rows.symbol.tolist(), strict=True))
    assert found == sorted((f, g, s) for f, s in set(mine) for g, t in set(other) if s == t)


def test_a_text_in_too_many_files_of_the_original_is_left_out() -> None:
    mine, many = distinct(*arrays([(0, 1), (0, 2)])), distinct(*arrays([(i, 1) for i in range(65)] + [(0, 2)]))
    assert set(joined(mine, many).symbol.tolist()) == {2}


def test_files_that_must_not_be_compared_share_nothing() -> None:
    items = distinct(*arrays([(0, 1), (1, 1)]))
    assert len(join(items, items.file, items.symbol, lambda own, theirs: own == theirs)) == 2


def test_a_text_is_worth_less_where_the_original_has_many() -> None:
    bits = np.array([20.0, 20.0, 3.0])
    assert worth(bits, np.array([1, 1024, 1024])).tolist() == [20.0, 10.0, 0.0]


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 5), st.integers(0, 9)), max_size=24)


def shared(rows: list[tuple[int, int, int, int]]) -> tuple[SharedRows, np.ndarray]:
    unique = list({row[:3]: row for row in rows}.values())
    c, o, s, v = np.array(unique, np.int64).reshape(len(unique), 4).T
    return SharedRows(c, o, s.astype(np.uint64), s), v.astype(np.float64)


@given(ROWS, st.integers(0, 12))
def test_each_text_counts_once_a_candidate_file_where_it_is_worth_most(
    rows: list[tuple[int, int, int, int]], least: int
) -> None:
    table, value = shared(rows)
    counted = compete(table, value, least)
    columns = table.candidate_file, table.original_file, table.symbol, value
    triples = list(zip(*(column.tolist() for column in columns), strict=True))
    assert value[counted].sum() == reference.best_texts(triples, least)
    chosen = [triples[i][0::2][:2] for i in np.flatnonzero(counted).tolist()]
    assert len(chosen) == len(set(chosen))


@given(ROWS, ROWS, st.integers(0, 12))
def test_more_shared_texts_never_lower_the_sum(
    rows: list[tuple[int, int, int, int]], more: list[tuple[int, int, int, int]], least: int
) -> None:
    fewer, all_of_them = shared(rows), shared([*more, *rows])
    assert all_of_them[1][compete(*all_of_them, least)].sum() >= fewer[1][compete(*fewer, least)].sum()
