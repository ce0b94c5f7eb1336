"""k-grams and winnowing against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.errors import OptionsError
from simdetect.tokens.fingerprint import fingerprint, winnow
from simdetect.tokens.grams import hash_kgrams, hash_kgrams_at
from tests import reference

SYMBOLS = st.lists(st.integers(0, 5), max_size=60)
HASHES = st.lists(st.integers(0, 9), max_size=60)


def symbols(values: list[int]) -> np.ndarray:
    return np.array(values, np.uint64)


@given(SYMBOLS, st.integers(1, 14))
def test_kgrams_are_equal_exactly_where_the_runs_are_equal(values: list[int], k: int) -> None:
    hashes = hash_kgrams(symbols(values), k).tolist()
    runs = reference.kgrams(values, k)
    assert len(hashes) == len(runs)
    by_run = dict(zip(runs, hashes, strict=True))
    assert [by_run[run] for run in runs] == hashes
    assert len(set(by_run.values())) == len(by_run)


@given(HASHES, st.integers(1, 9))
def test_winnowing_selects_the_rightmost_minimum_of_each_window(hashes: list[int], window: int) -> None:
    assert winnow(symbols(hashes), window).tolist() == reference.winnow(hashes, window)


@given(SYMBOLS, SYMBOLS, SYMBOLS, SYMBOLS, st.lists(st.integers(0, 5), min_size=8, max_size=20), st.integers(1, 5))
def test_every_shared_run_of_k_plus_window_minus_one_tokens_shares_a_fingerprint(
    before: list[int], after: list[int], before2: list[int], after2: list[int], shared: list[int], window: int
) -> None:
    k = len(shared) - window + 1
    first, second = fingerprint([symbols(before + shared + after), symbols(before2 + shared + after2)], k, window)
    assert set(first.hash.tolist()) & set(second.hash.tolist())


@given(st.lists(SYMBOLS, min_size=1, max_size=6), st.integers(1, 6), st.integers(1, 6))
def test_a_batch_gives_what_each_stream_gives_alone(streams: list[list[int]], k: int, window: int) -> None:
    together = fingerprint([symbols(stream) for stream in streams], k, window)
    for stream, batched in zip(streams, together, strict=True):
        (alone,) = fingerprint([symbols(stream)], k, window)
        assert batched.hash.tolist() == alone.hash.tolist()
        assert batched.position.tolist() == alone.position.tolist()
        assert batched.n_tokens == len(stream)


def test_a_stream_of_at_least_k_tokens_is_never_invisible() -> None:
    for n in range(12, 30):
        (own,) = fingerprint([symbols(list(range(n)))], 12, 6)
        assert len(own) >= 1, n
    (own,) = fingerprint([symbols(list(range(11)))], 12, 6)
    assert len(own) == 0


def test_density_on_random_streams_is_near_two_over_window_plus_one() -> None:
    stream = np.random.default_rng(7).integers(0, 1 << 60, 20_000).astype(np.uint64)
    (own,) = fingerprint([stream], 12, 6)
    # Expected density 2 / (w + 1) for independent hashes (Schleimer et al., theorem 1); 5 % either way is 15 sigma.
    assert 0.95 * 2 / 7 < len(own) / len(stream) < 1.05 * 2 / 7


@given(st.lists(st.integers(0, 2**64 - 1), max_size=30), st.integers(1, 14))
def test_hashes_follow_the_documented_formula_on_every_machine(values: list[int], k: int) -> None:
    assert hash_kgrams(symbols(values), k).tolist() == [
        reference.kgram_hash(run) for run in reference.kgrams(values, k)
    ]


@pytest.mark.parametrize("k", [0, -1])
def test_a_senseless_k_is_an_options_error(k: int) -> None:
    with pytest.raises(OptionsError):
        hash_kgrams(symbols([1]), k)


def test_a_senseless_window_is_an_options_error() -> None:
    with pytest.raises(OptionsError):
        winnow(symbols([1]), 0)


def test_no_streams_no_fingerprints() -> None:
    assert fingerprint([], 12, 6) == []


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=40), st.integers(1, 12))
def test_hashes_at_some_positions_are_those_of_all(symbols: list[int], k: int) -> None:
    values = np.array(symbols, np.uint64)
    expected = hash_kgrams(values, k)
    at = np.arange(len(expected))[::-2]
    assert hash_kgrams_at(values, at, k).tolist() == expected[at].tolist()
