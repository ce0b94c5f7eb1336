"""Sketches estimate Jaccard; the shortlist finds what resembles and leaves out what does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simdetect.model import U64, Units
from simdetect.scanning.scanner import Scanner
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.sketch import N_PERMUTATIONS, estimate_jaccard, least_hashes, shortlist, sketch, unit_shingles

N = 400
# Six standard errors of an estimate at Jaccard 0.5, where it is largest.
TOLERANCE = 6 * 0.5 / N_PERMUTATIONS**0.5


def shingles(seed: int, n: int = N) -> U64:
    return np.random.default_rng(seed).integers(0, 2**64, n, dtype=np.uint64)


def overlapping(jaccard: float, seed: int) -> tuple[U64, U64]:
    """Two sets of equal size with that Jaccard similarity."""
    shared = round(2 * N * jaccard / (1 + jaccard))
    pool = shingles(seed, 2 * N - shared)
    return pool[:N], pool[N - shared :]


@pytest.mark.parametrize("jaccard", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_estimates_lie_near_the_true_jaccard(jaccard: float) -> None:
    for seed in range(10):
        first, second = sketch(overlapping(jaccard, seed))
        assert estimate_jaccard(first, second) == pytest.approx(jaccard, abs=TOLERANCE)


def test_equal_sets_have_equal_sketches_whatever_their_order_and_doubles() -> None:
    own = shingles(1)
    plain, reversed_, doubled = sketch([own, own[::-1], np.concatenate([own, own[:50]])])
    assert (plain == reversed_).all() and (plain == doubled).all()


@pytest.mark.parametrize("n", [1, 2, 1023, 1024, 1025, 5000])
def test_least_hashes_are_those_of_datasketch(n: int) -> None:
    from datasketch import MinHash

    own = np.concatenate([shingles(n, n), np.array([0, 2**64 - 1], np.uint64)])
    theirs = MinHash(num_perm=N_PERMUTATIONS, seed=1, hashfunc=int, scheme="affine64")
    theirs.update_batch(own.tolist())
    assert (least_hashes(own) == theirs.hashvalues).all()


def test_sketches_do_not_load_scipy_and_leave_datasketch_to_others() -> None:
    code = (
        "import sys, numpy as np\n"
        "from simdetect.tokens.sketch import sketch\n"
        "sketch([np.arange(9, dtype=np.uint64)])\n"
        "assert 'scipy' not in sys.modules and 'datasketch.minhash' not in sys.modules\n"
        "import datasketch\n"
        "assert datasketch.minhash.MinHash is datasketch.MinHash and datasketch.MinHashLSH\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_empty_sets_resemble_nothing_not_even_each_other() -> None:
    empty, full = sketch([shingles(1, 0), shingles(1)])
    assert estimate_jaccard(empty, full) == estimate_jaccard(full, empty) == estimate_jaccard(empty, empty) == 0.0
    assert shortlist(np.stack([empty, full]), np.stack([empty, empty]), 0.5) == []


def test_no_sets_at_all_are_no_pairs() -> None:
    none = sketch([])
    assert none.shape == (0, N_PERMUTATIONS)
    assert shortlist(none, sketch([shingles(1)]), 0.5) == []
    assert shortlist(sketch([shingles(1)]), none, 0.5) == []


def test_the_shortlist_finds_nearly_every_pair_well_above_its_threshold() -> None:
    pairs = [overlapping(0.75, seed) for seed in range(60)]
    own, theirs = sketch([pair[0] for pair in pairs]), sketch([pair[1] for pair in pairs])
    found = {(candidate, original) for candidate, original, _ in shortlist(own, theirs, 0.5)}
    assert len(found & {(i, i) for i in range(60)}) >= 58


def test_the_shortlist_leaves_out_unrelated_sets() -> None:
    assert (
        shortlist(sketch([shingles(i) for i in range(40)]), sketch([shingles(100 + i) for i in range(40)]), 0.5) == []
    )


def test_the_shortlist_is_ordered_by_candidate_then_estimate() -> None:
    base = shingles(3)
    variants = [np.concatenate([base[n:], shingles(50 + n, n)]) for n in (0, 20, 60, 100)]
    found = shortlist(sketch([base, variants[1]]), sketch(variants), 0.5)
    assert found == sorted(found, key=lambda pair: (pair[0], -pair[2], pair[1]))
    assert found[0] == (0, 0, 1.0)
    assert all(estimate >= 0.5 for _, _, estimate in found)


def test_sketches_are_the_same_in_every_process() -> None:
    code = (
        "import numpy as np; from simdetect.tokens.sketch import sketch; "
        "print(sketch([np.arange(99, dtype='u8')]).sum())"
    )
    values = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert values == {f"{sketch([np.arange(99, dtype=np.uint64)]).sum()}\n"}


def test_units_are_shortlisted_as_files_are(tmp_path: Path) -> None:
    body = "\n".join(f"    total = total * {i} + weights[{i}].of(item, scale=-{i})" for i in range(12))
    other = "\n".join(f"    if item.{name} is None:\n        return {{}}" for name in "abcdefgh")
    (tmp_path / "one.py").write_text(f"def first(item):\n{other}\n\ndef second(item, total):\n{body}\n")
    (tmp_path / "two.py").write_text(f"class Holder:\n    pass\n\ndef renamed(thing, total):\n{body}\n")
    with Scanner() as scanner:
        one, two = scanner.index(tmp_path).files
    sketches = [sketch(unit_shingles(file.tokens.normal, file.tokens.units, 5)) for file in (one, two)]
    found = shortlist(*sketches, threshold=0.8)
    names = [(one.tokens.units.name[i], two.tokens.units.name[j]) for i, j, _ in found]
    assert names == [("second", "renamed")]


def test_a_unit_shorter_than_a_shingle_has_none() -> None:
    units = Units(("function",), ("f",), np.array([3], np.uint32), np.array([6], np.uint32))
    assert [len(own) for own in unit_shingles(np.arange(20, dtype=np.uint64), units, 5)] == [0]
    whole = Units(("function",), ("f",), np.array([3], np.uint32), np.array([13], np.uint32))
    (own,) = unit_shingles(np.arange(20, dtype=np.uint64), whole, 5)
    assert own.tolist() == hash_kgrams(np.arange(3, 13, dtype=np.uint64), 5).tolist()
