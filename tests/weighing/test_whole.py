"""Whole functions and whole files that agree: against slow versions, and what they say of real code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simdetect import Scanner
from simdetect.judging.features import file_features
from simdetect.layers.all import LayerResults, find_layers
from simdetect.model import FEATURES, Units
from simdetect.options import ScanOptions
from simdetect.weighing.limits import AGREEMENT_BITS
from simdetect.weighing.pairs import agreement, score_pairs
from simdetect.weighing.whole import LEAST_TOKENS, WHOLE_SHARE, heaviest_pair
from tests import DEMO, reference
from tests.matching.test_functions import BODY, OTHER, function, padded, renamed
from tests.weighing.test_selection import N_FILES, N_TOKENS, TABLES, added, spans, weights

FUNCTION, AGREEMENT = FEATURES.index("function"), FEATURES.index("agreement")
N_POSITIONS = 400

SPANS = st.lists(st.tuples(st.integers(0, N_POSITIONS - 1), st.integers(1, 300)), max_size=12).map(
    lambda spans: [(a, min(a + n, N_POSITIONS)) for a, n in sorted(spans)]
)


def units(spans: list[tuple[int, int]]) -> Units:
    n = len(spans)
    start, end = (np.array([span[i] for span in spans], np.uint32) for i in (0, 1))
    return Units(("function",) * n, ("",) * n, start, end)


def alignment(seed: int, is_ordered: bool, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which tokens are aligned: some of them, most near their place on the other side, and what they are worth."""
    random = np.random.default_rng(seed)
    kept = np.flatnonzero(random.uniform(size=N_POSITIONS) < share)
    there = np.clip(kept + random.integers(-2, 3), 0, N_POSITIONS - 1)
    there = np.unique(there)
    n = min(len(kept), len(there))
    if not is_ordered:  # neighbours change places, as sorted statements do
        parts = np.array_split(there, max(1, len(there) // 6))
        there = np.concatenate([part for i in range(0, len(parts), 2) for part in parts[i : i + 2][::-1]])
    return kept[:n], there[:n], random.uniform(0, 10, n)


def slow_heaviest(
    mine: list[tuple[int, int]],
    other: list[tuple[int, int]],
    candidate: list[int],
    original: list[int],
    value: list[float],
) -> float:
    """Every unit with every other, token by token."""
    best = 0.0
    for a, b in mine:
        for c, d in other:
            both = [i for i, (x, y) in enumerate(zip(candidate, original, strict=True)) if a <= x < b and c <= y < d]
            if len(both) >= LEAST_TOKENS and len(both) >= WHOLE_SHARE * max(b - a, d - c):
                best = max(best, sum(value[i] for i in both))
    return best


@settings(max_examples=300, deadline=None)
@given(SPANS, SPANS, st.integers(0, 50), st.booleans(), st.sampled_from([0.85, 0.93, 0.97, 1.0]))
def test_the_heaviest_pair_is_that_of_every_unit_with_every_other(
    mine: list[tuple[int, int]], other: list[tuple[int, int]], seed: int, is_ordered: bool, share: float
) -> None:
    candidate, original, value = alignment(seed, is_ordered, share)
    other = sorted([*other, *((max(0, a - 1), b) for a, b in mine[::2])])  # some that do agree
    found = heaviest_pair(units(mine), units(other), candidate, original, value)
    assert found == pytest.approx(slow_heaviest(mine, other, candidate.tolist(), original.tolist(), value.tolist()))


@given(SPANS)
def test_units_that_are_aligned_with_themselves_agree(spans: list[tuple[int, int]]) -> None:
    everywhere = np.arange(N_POSITIONS)
    whole = [b - a for a, b in spans if b - a >= LEAST_TOKENS]
    found = heaviest_pair(units(spans), units(spans), everywhere, everywhere, np.ones(N_POSITIONS))
    assert found == max(whole, default=0)


@given(TABLES)
def test_agreement_is_the_lesser_share_of_two_files_and_less_where_there_are_few_bits(table) -> None:  # type: ignore[no-untyped-def]
    weight = weights(table) * (np.arange(len(table)) % 4 != 3)
    pairs = score_pairs(table, weight, added(table) * (weight > 0), np.zeros(len(table)))
    n_tokens = np.full(N_FILES, N_TOKENS)
    found = agreement(pairs, n_tokens, n_tokens)
    for at, pair in enumerate(zip(pairs.candidate_file.tolist(), pairs.original_file.tolist(), strict=True)):
        rows = [
            row
            for row in np.flatnonzero(weight)
            if pair == (int(table.candidate_file[row]), int(table.original_file[row]))
        ]
        shares = [reference.union_size(spans(table, rows, side)) / N_TOKENS for side in ("candidate", "original")]
        assert found[at] == pytest.approx(min(shares) * min(1, pairs.weight[at] / AGREEMENT_BITS))
        assert 0 <= found[at] <= 1


@given(TABLES, st.floats(1, 50))
def test_more_bits_never_lower_agreement(table, factor: float) -> None:  # type: ignore[no-untyped-def]
    n_tokens, none = np.full(N_FILES, N_TOKENS), np.zeros(len(table))
    less = score_pairs(table, weights(table), added(table), none)
    more = score_pairs(table, weights(table), factor * added(table), none)
    one, two = np.zeros((N_FILES, N_FILES)), np.zeros((N_FILES, N_FILES))
    for pairs, into in ((less, one), (more, two)):
        into[pairs.candidate_file, pairs.original_file] = agreement(pairs, n_tokens, n_tokens)
    assert (two >= one - 1e-12).all()


# --- of code ---------------------------------------------------------------------------------------------------------

HOST = "\n".join(f"int stop_{i}(int a) {{ return a {op} {i}; }}" for i, op in enumerate("+-*/%&|^+-*/%&|^" * 20))


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner() as scanner:
        yield scanner


def matches(scanner: Scanner, folder: Path, candidate: str, original: str) -> LayerResults:
    """What the files a.c and b.c share."""
    trees = []
    for name, text in (("a", candidate), ("b", original)):
        (folder / name).mkdir()
        (folder / name / f"{name}.c").write_text(text)
        trees.append(scanner.index(folder / name))
    return find_layers(trees[0], [trees[1]], ScanOptions())


def test_a_renamed_file_agrees_from_end_to_end(scanner: Scanner, tmp_path: Path) -> None:
    text = function("toll", BODY)
    found = file_features(matches(scanner, tmp_path, renamed(text), text))[0]
    assert found[AGREEMENT] > 0.95
    assert found[FUNCTION] > 60


def test_a_renamed_function_in_a_large_file_is_whole_while_the_files_do_not_agree(
    scanner: Scanner, tmp_path: Path
) -> None:
    text = function("toll", BODY)
    shared = matches(scanner, tmp_path, f"{HOST}\n{renamed(text)}", f"{function('quote', OTHER)}\n{text}")
    found = file_features(shared)[0]
    assert found[AGREEMENT] < 0.2
    assert found[FUNCTION] > 60


def test_half_a_function_is_not_a_whole_one(scanner: Scanner, tmp_path: Path) -> None:
    lines = BODY.splitlines(keepends=True)
    half = "".join(lines[: len(lines) // 2])
    first = function("toll", half + "    return 0;\n" + OTHER)
    found = file_features(matches(scanner, tmp_path, first, function("toll", BODY)))[0]
    assert found[0] > 60
    assert found[FUNCTION] == 0


def test_what_is_excluded_does_not_agree(scanner: Scanner, tmp_path: Path) -> None:
    text = "/* Generated by a tool. DO NOT EDIT. */\n" + function("toll", BODY)
    found = matches(scanner, tmp_path, renamed(text), text)
    assert not found.code.selection.counted.size
    assert (file_features(found)[0] == 0).all()


def test_functions_with_many_gaps_are_worth_no_more_than_their_region(scanner: Scanner, tmp_path: Path) -> None:
    text = function("toll", BODY)
    found = matches(scanner, tmp_path, function("toll", padded(BODY, 4)), text)
    rows = found.code.selection.counted
    assert file_features(found)[0][FUNCTION] <= found.code.alone.structure[rows].max()


def test_what_only_test_files_agree_with_does_not_count_without_them(scanner: Scanner, tmp_path: Path) -> None:
    text = function("toll", BODY)
    (tmp_path / "own").mkdir()
    (tmp_path / "theirs" / "tests").mkdir(parents=True)
    (tmp_path / "own" / "a.c").write_text(renamed(text))
    (tmp_path / "theirs" / "tests" / "test_toll.c").write_text(text)
    trees = [scanner.index(tmp_path / name) for name in ("own", "theirs")]
    found = find_layers(trees[0], [trees[1]], ScanOptions())
    features, untested = file_features(found)[0], file_features(found, without_tests=True)[0]
    assert features[AGREEMENT] > 0.9 and features[FUNCTION] > 60
    assert untested[AGREEMENT] == untested[FUNCTION] == 0


def test_functions_of_independent_programs_are_no_whole_ones(scanner: Scanner) -> None:
    demo = DEMO
    own, theirs = scanner.index(demo / "independent"), scanner.index(demo / "original")
    found = file_features(find_layers(own, [theirs], ScanOptions()))
    assert (found[:, FUNCTION] == 0).all()
    assert (found[:, AGREEMENT] < 0.1).all()


def test_a_program_agrees_with_itself_as_a_whole(scanner: Scanner) -> None:
    demo = DEMO / "original"
    tree = scanner.index(demo)
    found = file_features(find_layers(tree, [tree], ScanOptions()))
    for file, features in zip(tree.files, found, strict=True):
        if re.search(r"\.c$", file.path) and features[1] > 300:
            assert features[AGREEMENT] == pytest.approx(1, abs=0.01), file.path
            assert features[FUNCTION] > 0, file.path
