"""Models of submissions: strata of equal weight, bounds that the data support, groups that share no repository."""

from __future__ import annotations

import numpy as np
import pytest

from simdetect.errors import InputError
from simdetect.judging.facts import SubmissionFacts
from simdetect.judging.likelihood import SubmissionModel
from simdetect.training.submissions import (
    INDEPENDENT,
    LabelledSubmission,
    bounds,
    components,
    cross_validated,
    fit_population,
    level_at,
    weights_of,
)


def facts(strongest: float, function: float = 0.0) -> SubmissionFacts:
    return SubmissionFacts(
        strongest, strongest / 2, function, max(0.0, strongest - 60), 0.0, 0.0, 0.0, 0.0, 4096.0, 10_000.0
    )


def rows(n: int = 40) -> list[LabelledSubmission]:
    """Independent programs with little, verbatim functions with much, renamed ones between."""
    chance = np.random.default_rng(5)
    found = []
    for i in range(n):
        repository = (f"o{i % 20}/app",)
        found.append(
            LabelledSubmission(f"n{i}", "rebuilt", INDEPENDENT, repository, facts(float(chance.uniform(0, 60))))
        )
        found.append(
            LabelledSubmission(f"v{i}", "rebuilt", "verbatim", repository, facts(float(chance.uniform(150, 500)), 60.0))
        )
        if i % 4 == 0:
            found.append(LabelledSubmission(f"r{i}", "rebuilt", "renamed", repository, facts(80.0, 30.0)))
    return found


def test_a_fit_separates_keeps_its_rate_and_is_deterministic() -> None:
    stored = fit_population(rows(), 0.02)
    assert stored == fit_population(rows(), 0.02)
    model = SubmissionModel.read("rebuilt", stored)
    assert model.ratio(facts(400.0, 60.0)) >= model.threshold > model.ratio(facts(30.0))
    assert all(weight >= 0 for name, weight in stored["weights"].items() if "tokens" not in name)
    assert stored["n_components"] == 20 and stored["n_derived"] == 50


def test_every_stratum_weighs_as_much_as_any_other_and_all_as_much_as_the_independent() -> None:
    own = rows()
    weight = weights_of(own)
    by = {name: sum(w for w, row in zip(weight, own, strict=True) if row.stratum == name) for name in
          (INDEPENDENT, "verbatim", "renamed")}  # fmt: skip
    assert by["verbatim"] == pytest.approx(by["renamed"]) == pytest.approx(by[INDEPENDENT] / 2)


def test_submissions_that_share_a_repository_by_others_are_one_group() -> None:
    own = [
        LabelledSubmission("a", "people", INDEPENDENT, ("x", "y"), facts(1.0)),
        LabelledSubmission("b", "people", INDEPENDENT, ("y", "z"), facts(1.0)),
        LabelledSubmission("c", "people", INDEPENDENT, ("w", "v"), facts(1.0)),
        LabelledSubmission("d", "people", INDEPENDENT, ("z", "x"), facts(1.0)),
    ]
    first, second, third, fourth = components(own).tolist()
    assert first == second == fourth != third


def test_no_ratio_is_stated_that_one_more_misleading_submission_would_refute() -> None:
    derived = np.full(200, 5.0)
    for n in (20, 60, 250):
        low, high = bounds(derived, np.full(n, -5.0), np.ones(200))
        assert 0.8 * (n + 1) <= 10**high <= n + 1  # of n + 1, one reaches any ratio
        assert low < 0
    assert bounds(derived, np.full(20, 5.0), np.ones(200)) == (pytest.approx(0.0, abs=0.3), 0.0)


def test_the_level_lets_no_more_than_the_rate_through() -> None:
    null = np.arange(100) / 10
    for rate in (0.0, 0.01, 0.02, 0.05, 0.3):
        assert np.mean(null >= level_at(null, rate)) <= rate


def test_ratios_come_from_models_that_saw_nothing_of_the_repository() -> None:
    odd = [LabelledSubmission(f"odd{i}", "rebuilt", "verbatim", ("odd/app",), facts(1.0)) for i in range(30)]
    assert cross_validated([*rows(), *odd])[-30:].max() < 0


def test_too_few_repositories_are_a_clear_error() -> None:
    with pytest.raises(InputError, match="at least 10 repositories"):
        fit_population(rows(5), 0.02)
