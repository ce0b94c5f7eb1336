"""The ratio of a submission: bounded, in words, never lowered by evidence nor by what a candidate adds."""

from __future__ import annotations

import math
from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.judging.calibration import load_calibration
from simdetect.judging.facts import SubmissionFacts
from simdetect.judging.likelihood import (
    GRADES,
    POPULATIONS,
    TERMS,
    SubmissionModel,
    grade_of,
    population_of,
    probability_of,
    ratio_of,
)

NOTHING = SubmissionFacts(*[0.0] * (len(TERMS) - 2), tokens=4096.0, original_tokens=10_000.0)
MODELS = [load_calibration().submissions[name] for name in POPULATIONS]
bits = st.floats(0, 1e6)


@pytest.mark.parametrize("model", MODELS, ids=POPULATIONS)
@given(values=st.lists(bits, min_size=len(TERMS) - 2, max_size=len(TERMS) - 2), more=bits, which=st.integers(0, 100))
def test_more_evidence_never_lowers_the_ratio(
    model: SubmissionModel, values: list[float], more: float, which: int
) -> None:
    facts = SubmissionFacts(*values, tokens=500.0, original_tokens=9000.0)
    name = TERMS[which % (len(TERMS) - 2)]
    grown = replace(facts, **{name: getattr(facts, name) + more})
    assert model.ratio(grown) >= model.ratio(facts) - 1e-9


@pytest.mark.parametrize("model", MODELS, ids=POPULATIONS)
def test_nothing_that_a_candidate_adds_clears_it(model: SubmissionModel) -> None:
    convicted = replace(NOTHING, strongest=400.0, function=200.0, beyond=340.0)
    ratios = {round(model.ratio(replace(convicted, tokens=n)), 9) for n in (100.0, 1000.0, 4096.0)}
    assert len(ratios) == 1


@pytest.mark.parametrize("model", MODELS, ids=POPULATIONS)
def test_the_shipped_models_keep_their_promise_on_their_null(model: SubmissionModel) -> None:
    reached = model.rate(model.threshold)
    assert reached.scored_as_high <= model.target * reached.out_of
    assert model.rate(model.doubt).scored_as_high <= 0.06 * reached.out_of
    assert model.threshold >= 0 >= model.lower and model.upper > 0
    assert reached.out_of >= 20 and reached.upper_95 >= reached.scored_as_high / reached.out_of
    assert list(model.null) == sorted(model.null)


def test_nothing_shared_is_clear_and_a_copied_program_is_evidence() -> None:
    copied = replace(NOTHING, strongest=3000.0, second=1000.0, function=500.0, beyond=8000.0)
    for name in ("people", "rebuilt"):
        model = load_calibration().submissions[name]
        assert model.ratio(NOTHING) < model.doubt
        assert model.ratio(copied) > model.threshold
        assert model.bounded(model.ratio(copied)) == model.upper


def test_words_follow_the_scale_of_enfsi_and_nothing_is_said_of_what_supports_independence() -> None:
    assert [grade_of(least + 0.5) for least, _ in GRADES] == [word for _, word in GRADES]
    assert grade_of(0.0) == grade_of(-3.0) == ""


@given(st.floats(-6, 6))
def test_probability_and_ratio_are_two_ways_to_say_one_thing(ratio: float) -> None:
    assert ratio_of(probability_of(ratio)) == pytest.approx(ratio, abs=1e-6)
    assert math.isclose(probability_of(ratio) + probability_of(-ratio), 1.0)


def test_thresholds_of_none_and_all_are_reached_by_all_and_none() -> None:
    assert ratio_of(0.0) < -50 and ratio_of(1.0) > 50


def test_the_setting_chooses_the_population() -> None:
    assert population_of("open", is_across=False) == "people"
    assert population_of("black-box", is_across=True) == "rebuilt-across"


def test_a_model_whose_bounds_are_not_in_order_is_refused() -> None:
    stored = {"weights": {}, "intercept": 0, "threshold": 0, "doubt": 1, "lower": -1, "upper": 1, "target": 0.01}
    with pytest.raises(ValueError, match="bounds are not in order"):
        SubmissionModel.read("people", {**stored, "null": [], "n_components": 1})
    ordered = {**stored, "doubt": 0}
    with pytest.raises(ValueError, match="more groups than submissions"):
        SubmissionModel.read("people", {**ordered, "null": [0.0], "n_components": 10**9})
    with pytest.raises(ValueError, match="no number"):
        SubmissionModel.read("people", {**stored, "intercept": float("nan"), "null": [], "n_components": 1})


def test_no_ratio_is_too_large_to_be_said() -> None:
    assert probability_of(1e300) == pytest.approx(1.0) and probability_of(-1e300) == pytest.approx(0.0)


def test_facts_have_as_many_scales() -> None:
    assert len(astuple(NOTHING)) == len(TERMS)
