"""Labelled submissions -> models of populations, with scikit-learn. Imported by no scan.

Positives are of strata: forks, one planted function, one file, a share, and so on. Every stratum weighs the same, and
all together as much as the independent ones, so that a model is judged by what is hard and not by what is frequent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from simdetect.errors import InputError
from simdetect.judging.facts import SubmissionFacts, terms_of
from simdetect.judging.likelihood import TERMS
from simdetect.model import F64, I64, Bool

__all__ = [
    "INDEPENDENT",
    "LabelledSubmission",
    "bounds",
    "components",
    "cross_validated",
    "fit_population",
    "level_at",
    "weights_of",
]

INDEPENDENT: Final = "independent"  # the stratum of negatives
_FOLDS: Final = 10
_STRENGTH: Final = 1.0  # of the logistic model: inverse of the regularisation
_NEGATIVE: Final = ("tokens", "original_tokens")  # more of them never helps to convict
# Of people's programs and planted ones it would only say which is which.
_LEFT_OUT: Final = frozenset({"tokens"})
_DOUBT: Final = 0.05  # of independent submissions, the share that is not clear
_ABOVE: Final = 0.1  # the highest of the independent ones, log10, where none may reach the threshold
_LEAST: Final = 0.0  # log10: no ratio that does not support derivation is evidence


@dataclass(frozen=True, slots=True)
class LabelledSubmission:
    """One submission with its label.

    population: see `likelihood.POPULATIONS`. stratum: `INDEPENDENT`, or the kind of recall. repositories: that it has
    to do with; submissions that share one are not independent of each other.
    """

    id: str
    population: str
    stratum: str
    repositories: tuple[str, ...]
    facts: SubmissionFacts

    @property
    def is_derived(self) -> bool:
        """The label."""
        return self.stratum != INDEPENDENT


def fit_population(rows: Sequence[LabelledSubmission], target: float) -> dict[str, Any]:
    """The model of one population as JSON values. target: share of independent submissions that may be evidence.

    Raises InputError when there are too few of either kind.
    """
    ratios = cross_validated(rows)
    derived = np.array([row.is_derived for row in rows])
    null = np.sort(ratios[~derived])
    group = components(rows)
    model = _train(rows)
    lower, upper = bounds(ratios[derived], null, weights_of(rows)[derived])
    threshold = max(_LEAST, level_at(null, target))
    return {
        "weights": {name: round(float(w) / np.log(10), 6) for name, w in zip(TERMS, model.coef_[0], strict=True) if w},
        "intercept": round(float(model.intercept_[0]) / np.log(10), 6),
        "threshold": threshold,
        "doubt": min(threshold, level_at(null, _DOUBT)),
        "lower": round(lower, 3),
        "upper": round(upper, 3),
        "target": target,
        "null": [round(float(ratio), 3) for ratio in null],
        "n_components": len(set(group[~derived].tolist())),
        "n_derived": int(derived.sum()),
    }


def level_at(null: F64, rate: float) -> float:
    """The least ratio that at most `rate` of the independent submissions reach: between two of theirs, or a little
    above the highest. null: (n,) float64."""
    scores = np.sort(null)[::-1]
    allowed = int(rate * len(scores))
    level = (scores[allowed - 1] + scores[allowed]) / 2 if allowed else scores[0] + _ABOVE
    return round(float(level), 3)


def cross_validated(rows: Sequence[LabelledSubmission]) -> F64:
    """The ratio of each submission, log10, by a model that saw none of its first repository: (rows,) float64."""
    groups = [row.repositories[0] for row in rows]
    if len(set(groups)) < _FOLDS or len({row.is_derived for row in rows}) < 2:
        raise InputError(f"submissions of both kinds from at least {_FOLDS} repositories are needed")
    found, terms = np.zeros(len(rows)), _terms(rows)
    for train, test in GroupKFold(_FOLDS).split(found, groups=groups):
        model = _train([rows[i] for i in train])
        found[test] = model.decision_function(terms[test])
    ratios: F64 = found / np.log(10)
    return ratios


def bounds(derived: F64, null: F64, weight: F64) -> tuple[float, float]:
    """The lowest and the highest ratio that the submissions support, log10.

    A ratio t is supported where deciding by it costs no more than not looking, if one more independent submission had
    every ratio above t, and one more derived one every ratio below (Vergeer et al. 2016): t * FP(t) + FN(t) <= 1.
    weight: (derived,) float64, of each derived submission.
    """
    grid = np.arange(-4.0, 6.001, 0.01)
    n, total = len(null) + 1, weight.sum() * (1 + 1 / len(derived))
    as_high = np.array([(1 + np.count_nonzero(null >= t)) / n for t in grid])
    missed = np.array([(weight[derived < t].sum() + weight.sum() / len(derived)) / total for t in grid])
    high = grid[(grid >= 0) & (10.0**grid * (as_high) + np.where(missed < 1, missed, 1.0) <= 1.0 + 1e-9)]
    low = grid[(grid <= 0) & (as_high + 10.0 ** (-grid) * missed <= 1.0 + 1e-9)]
    return float(low.min()) if len(low) else 0.0, float(high.max()) if len(high) else 0.0


def components(rows: Sequence[LabelledSubmission]) -> I64:
    """Which submissions have to do with the same repositories, directly or by others: (rows,) int64."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for row in rows:
        for other in row.repositories[1:]:
            first, second = sorted((root(row.repositories[0]), root(other)))
            parent[second] = first
    _, found = np.unique([root(row.repositories[0]) for row in rows], return_inverse=True)
    return found.astype(np.int64)


def weights_of(rows: Sequence[LabelledSubmission]) -> F64:
    """What each submission weighs: (rows,) float64. Independent ones half of all, each stratum of others as much."""
    strata = np.array([row.stratum for row in rows])
    names = sorted(set(strata.tolist()) - {INDEPENDENT})
    found = np.zeros(len(rows))
    for name in (INDEPENDENT, *names):
        own = strata == name
        found[own] = 0.5 / max(1, own.sum()) / (1 if name == INDEPENDENT else len(names))
    return found * len(rows)


def _terms(rows: Sequence[LabelledSubmission]) -> F64:
    return np.array([terms_of(row.facts) for row in rows], np.float64)


def _train(rows: Sequence[LabelledSubmission]) -> LogisticRegression:
    """Logistic regression in which no evidence exonerates, and no size convicts."""
    terms, label = _terms(rows), np.array([row.is_derived for row in rows])
    sign = np.array([-1.0 if name in _NEGATIVE else 1.0 for name in TERMS])
    left_out: Bool = np.array([name in _LEFT_OUT for name in TERMS])
    while True:
        terms[:, left_out] = 0.0
        model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(terms, label, sample_weight=weights_of(rows))
        wrong = model.coef_[0] * sign < 0
        if not wrong.any():
            model.coef_[0, left_out] = 0.0
            return model
        left_out |= wrong
