"""Probabilities, thresholds and false-positive statements."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from simdetect.errors import InputError
from simdetect.judging.calibration import (
    FEATURES,
    FORMAT,
    LAYERED,
    Calibration,
    FileFacts,
    load_calibration,
)
from simdetect.judging.rates import clopper_pearson_upper
from simdetect.training.fit import LabelledFile, cross_validate, fit, shipped_across, threshold_at
from simdetect.weighing.limits import SIZE_CAP
from simdetect.weighing.selection import FLOOR_BITS

BITS = st.floats(0, 1e6, allow_nan=False)
TOKENS = st.integers(1, 100_000)
FEATURE = st.lists(BITS, min_size=len(FEATURES), max_size=len(FEATURES))


def bits_of(strongest: float, total: float) -> tuple[float, ...]:
    """Features of a file that agrees in code only."""
    return (strongest, total, *[0.0] * (len(FEATURES) - 2))


def labelled(n: int = 400, seed: int = 0) -> list[LabelledFile]:
    """Files of 20 families: derived ones around 2**9 bits, independent ones around 2**4."""
    random = np.random.default_rng(seed)
    files = []
    for i in range(n):
        is_derived = bool(i % 2)
        strongest = 2 ** random.normal(9 if is_derived else 4, 1.5)
        files.append(
            LabelledFile(
                f"p{i % 40}", f"f{i % 20}", "c", True, f"{i}.c", is_derived, 500, bits_of(strongest, strongest * 2)
            )
        )
    return files


@given(st.integers(0, 60), st.integers(1, 3000))
def test_the_upper_bound_is_that_of_clopper_and_pearson(hits: int, trials: int) -> None:
    hits = min(hits, trials)
    exact = 1.0 if hits == trials else float(beta.ppf(0.95, hits + 1, trials - hits))
    assert clopper_pearson_upper(hits, trials) == pytest.approx(exact, abs=1e-9)


@given(st.lists(BITS, min_size=len(FEATURES), max_size=len(FEATURES)), st.integers(0, len(FEATURES) - 1), BITS, TOKENS)
def test_more_bits_never_lower_the_shipped_probability(bits: list[float], i: int, more: float, n_tokens: int) -> None:
    calibration = load_calibration()
    grown = [*bits[:i], bits[i] + more, *bits[i + 1 :]]
    assert 0.0 <= calibration.probability(bits, n_tokens) <= calibration.probability(grown, n_tokens) <= 1.0


@given(st.lists(BITS, min_size=len(FEATURES), max_size=len(FEATURES)), TOKENS)
def test_a_long_file_needs_more_but_only_up_to_a_size(bits: list[float], n_tokens: int) -> None:
    calibration = load_calibration()
    at_cap = calibration.probability(bits, SIZE_CAP)
    assert calibration.probability(bits, n_tokens) >= at_cap
    assert calibration.probability(bits, SIZE_CAP + n_tokens) == at_cap


@given(BITS, st.floats(0, 1e4), TOKENS)
def test_one_long_region_is_evidence_however_long_the_file_is(more: float, total: float, n_tokens: int) -> None:
    calibration = load_calibration()
    p = calibration.probability(bits_of(calibration.region_bits + more, total), n_tokens)
    assert p >= calibration.region_probability > max(calibration.thresholds.values())
    assert 150 < calibration.region_bits < 500


def test_a_region_counts_by_itself_where_hardly_any_independent_file_has_one() -> None:
    """A twentieth of the rate of 0.5 % of 4,000 independent files is one file."""
    random = np.random.default_rng(1)
    independent = [*random.uniform(0, 200, 3980), *[300.0] * 1, *random.uniform(210, 250, 19)]
    files = [
        LabelledFile(f"p{i % 40}", f"f{i % 20}", "c", True, f"{i}.c", False, 500, bits_of(bits, bits))
        for i, bits in enumerate(independent)
    ]
    files += [
        LabelledFile(f"d{i % 9}", f"g{i % 9}", "c", True, f"{i}.c", True, 500, bits_of(900.0, 900.0)) for i in range(90)
    ]
    stored = fit(files, target_rate=0.005)
    assert 250 < stored["region_bits"] <= 300
    assert stored["region_probability"] > 0.99


def whole(function: float, agreement: float, bits: float = 60.0) -> tuple[float, ...]:
    """Features of a file that has some bits in one region."""
    return (bits, bits - 20, *[0.0] * (len(LAYERED) - 2), function, agreement)


def labelled_wholes() -> list[LabelledFile]:
    """Files of 40 to 80 bits, most of whose derived ones agree as a whole and have a whole function, while of 8,000
    independent ones one in 1,000 has a function of 25 bits, and one one of 90."""
    random = np.random.default_rng(3)
    files = []
    for i in range(8000):
        function = 90.0 if i == 17 else 25.0 * (i % 1000 == 1)
        features = whole(function, random.uniform(0, 0.3), random.uniform(40, 80))
        files.append(LabelledFile(f"p{i % 200}", f"f{i % 40}", "c", True, f"{i}.c", False, 4000, features))
    for i in range(400):
        features = whole(random.uniform(100, 200) * (i % 2), random.uniform(0.2, 1), random.uniform(40, 80))
        files.append(LabelledFile(f"d{i % 9}", f"g{i % 9}", "c", True, f"{i}.c", True, 4000, features))
    return files


def test_whole_functions_and_files_count_where_bits_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(fit(labelled_wholes(), across=shipped_across())))
    found = load_calibration(file)
    threshold = found.threshold("c", has_background=True)
    assert 20 <= found.function_bits <= 90
    assert found.function_probability > 0.99
    assert found.probability(whole(0, 0.1), 4000) < threshold
    assert found.probability(whole(150, 0.0), 4000) >= found.function_probability > threshold
    assert found.probability(whole(0, 0.9), 4000) > threshold


def test_a_whole_function_is_never_enough_with_fewer_bits_than_a_region_must_have() -> None:
    files = [replace(file, bits=whole(min(5.0, file.bits[-2]), file.bits[-1])) for file in labelled_wholes()]
    assert fit(files)["function_bits"] >= FLOOR_BITS


@given(FEATURE, st.integers(0, len(FEATURES) - 1), BITS, TOKENS)
def test_more_evidence_never_lowers_a_fitted_probability(bits: list[float], i: int, more: float, n_tokens: int) -> None:
    calibration = fitted_on_wholes()
    grown = [*bits[:i], bits[i] + more, *bits[i + 1 :]]
    assert 0.0 <= calibration.probability(bits, n_tokens) <= calibration.probability(grown, n_tokens) <= 1.0


@cache
def fitted_on_wholes() -> Calibration:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "calibration.json"
        file.write_text(json.dumps(fit([*labelled_wholes(), *labelled()], across=shipped_across())))
        return load_calibration(file)


def test_a_calibration_of_the_format_before_is_one_in_which_wholes_say_nothing(tmp_path: Path) -> None:
    stored = json.loads((resources.files("simdetect") / "data" / "calibration.json").read_text())
    stored["format"] = "simdetect.calibration/3"
    for name in ("function", "agreement"):
        stored["weights"].pop(name, None)
        stored.pop(f"{name}_bits", None)
        stored.pop(f"{name}_probability", None)
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(stored))
    found = load_calibration(file)
    assert found.probability(whole(500, 1), 500) == found.probability(whole(0, 0), 500)
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps({**stored, "format": FORMAT}))
    with pytest.raises(InputError, match="function"):
        load_calibration(newer)


def test_languages_without_a_threshold_have_that_of_those_like_them() -> None:
    calibration = load_calibration()
    assert calibration.threshold("c", has_background=True) == calibration.thresholds["c"]
    assert calibration.threshold("no-such", has_background=False) == calibration.thresholds["without-background"]
    assert calibration.threshold("no-such", has_background=True) == calibration.thresholds["others"]


def test_the_shipped_file_holds_only_what_a_scan_reads() -> None:
    assert len((resources.files("simdetect") / "data" / "calibration.json").read_bytes()) < 8000


def test_nothing_found_is_improbable_and_a_whole_copied_file_is_nearly_certain() -> None:
    calibration = load_calibration()
    assert calibration.probability(bits_of(0.0, 0.0), 100) < 0.05
    assert calibration.probability(bits_of(5000.0, 5000.0), SIZE_CAP) > 0.99


def test_fitting_separates_and_is_deterministic() -> None:
    files = labelled()
    stored = fit(files, target_rate=0.02)
    assert stored == fit(files[::-1], target_rate=0.02)
    assert stored["weights"]["strongest"] >= 0 and stored["weights"]["sum"] > 0 >= stored["weights"]["size"]
    assert min(stored["layer_weights"].values()) >= 0
    held_out = cross_validate(files)
    derived = np.array([file.is_derived for file in files])
    assert np.median(held_out[derived]) > 0.9 > 0.1 > np.median(held_out[~derived])
    assert json.loads(json.dumps(stored)) == stored


def test_a_family_is_held_out_whole() -> None:
    """One family whose labels are all wrong must not teach its own files."""
    files = labelled()
    wrong = [LabelledFile("odd", "odd", "c", True, f"odd{i}.c", True, 500, bits_of(1.0, 0.0)) for i in range(30)]
    held_out = cross_validate([*files, *wrong])
    assert held_out[-30:].max() < 0.5


def test_too_few_labels_are_a_clear_error() -> None:
    with pytest.raises(InputError, match="calibration needs"):
        fit(labelled(4))


@given(st.lists(st.floats(0, 1), min_size=10, max_size=300), st.floats(0.001, 0.2))
def test_the_threshold_flags_no_more_than_the_rate(scores: list[float], rate: float) -> None:
    threshold = threshold_at(np.array(scores), rate)
    assert np.mean(np.array(scores) > threshold + 1e-6) <= rate + 1e-9


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "simdetect.calibration/99"}'])
def test_a_damaged_or_foreign_calibration_is_one_clear_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(text)
    with pytest.raises(InputError, match="cannot be read"):
        load_calibration(file)


SPOILED = [
    ("intercept", float("nan")),
    ("intercept", 10**400),
    ("weights", {"strongest": 1e300, "sum": 1, "size": 0}),
    ("layer_weights", dict.fromkeys(LAYERED, -1)),
    ("thresholds", {"c": 1.5}),
    ("target_rate", float("inf")),
    ("submissions", {}),
    ("region_probability", 2),
    ("function_bits", float("nan")),
    ("function_probability", -1),
]


@pytest.mark.parametrize(("name", "value"), SPOILED, ids=[f"{name}={str(value)[:12]}" for name, value in SPOILED])
def test_numbers_that_give_no_probability_are_refused(tmp_path: Path, name: str, value: object) -> None:
    shipped = resources.files("simdetect") / "data" / "calibration.json"
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps({**json.loads(shipped.read_text()), name: value}))
    with pytest.raises(InputError, match="cannot be read"):
        load_calibration(file)


def test_a_foreign_file_that_shares_nothing_is_judged_by_its_own_language_however_small() -> None:
    shipped = load_calibration()
    nothing = (0.0,) * len(FEATURES)
    for n_tokens in (1, 31, 100, 5000):
        found = shipped.judge(nothing, FileFacts(n_tokens, "bash", has_background=True, is_foreign=True))
        assert not found.is_across
        assert found.probability == shipped.probability(nothing, n_tokens) < 0.001
