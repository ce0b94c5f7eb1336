"""How much more often submissions that derive from an original agree so much than independent ones do.

A *likelihood ratio* compares two propositions: "this submission derives from this original", and "it was written
independently, for the same job, by somebody who had what its author had". It is stated no higher than the independent
submissions that were looked at support: of so many, one more that misleads could have been among them (empirical upper
and lower bounds, Vergeer et al., Forensic Science International 2016). In words, by the scale of ENFSI's guideline for
evaluative reporting (2015).

There is one model for each *population*: people's programs, which are compared in the open setting, and rebuilt ones,
in the black-box setting; each in the language of the original, or in another.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from simdetect.judging.facts import SubmissionFacts, terms_of
from simdetect.judging.rates import clopper_pearson_upper
from simdetect.model import FalsePositiveRate
from simdetect.options import BLACK_BOX

__all__ = [
    "GRADES",
    "POPULATIONS",
    "TERMS",
    "SubmissionModel",
    "grade_of",
    "population_of",
    "probability_of",
    "ratio_of",
]

TERMS: Final = tuple(field.name for field in fields(SubmissionFacts))
POPULATIONS: Final = ("people", "people-across", "rebuilt", "rebuilt-across")
_MOST: Final = 99.0
# log10 of the ratio from which each word stands.
GRADES: Final = (
    (0.0, "weak"),
    (1.0, "moderate"),
    (2.0, "moderately strong"),
    (3.0, "strong"),
    (4.0, "very strong"),
    (6.0, "extremely strong"),
)


@dataclass(frozen=True, slots=True)
class SubmissionModel:
    """Fitted numbers of one population. All ratios are log10.

    weights: of the logarithms of `SubmissionFacts`, in order, and intercept, in log10. threshold: from which a
    submission is evidence; doubt: from which it is no longer clear. lower, upper: no ratio is stated beyond. target: of
    independent submissions, the share that may reach the threshold. null: ratios of independent submissions by models
    that saw none of their families, ascending; n_components: groups of them that share no repository.
    """

    name: str
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    doubt: float
    lower: float
    upper: float
    target: float
    null: Sequence[float]
    n_components: int

    def ratio(self, facts: SubmissionFacts) -> float:
        """The ratio of a submission, unbounded."""
        return self.intercept + sum(w * term for w, term in zip(self.weights, terms_of(facts), strict=True))

    def bounded(self, ratio: float) -> float:
        """As it is stated."""
        return min(self.upper, max(self.lower, ratio))

    def rate(self, ratio: float) -> FalsePositiveRate:
        """How many independent submissions have as much. The bound counts groups that share no repository."""
        n = len(self.null)
        as_high = n - bisect_left(self.null, ratio)
        groups = max(1, self.n_components)
        upper = clopper_pearson_upper(min(groups, math.ceil(as_high * groups / n)), groups) if n else 1.0
        return FalsePositiveRate(as_high, n, upper, tuple(probability_of(self.bounded(r)) for r in self.null))

    @classmethod
    def read(cls, name: str, stored: Mapping[str, Any]) -> SubmissionModel:
        """From JSON values. Raises LookupError, TypeError, ValueError."""
        numbers = {key: _finite(stored[key]) for key in ("intercept", "threshold", "doubt", "lower", "upper", "target")}
        weights = tuple(_finite(stored["weights"].get(term, 0.0)) for term in TERMS)
        if numbers["lower"] > numbers["upper"] or numbers["doubt"] > numbers["threshold"]:
            raise ValueError(f"submissions.{name}: bounds are not in order")
        null = sorted(_finite(ratio) for ratio in stored["null"])
        if not 1 <= int(stored["n_components"]) <= max(1, len(null)):
            raise ValueError(f"submissions.{name}: more groups than submissions, or none")
        return cls(name, weights, null=null, n_components=int(stored["n_components"]), **numbers)


def population_of(setting: str, *, is_across: bool) -> str:
    """The population that a submission is judged by. is_across: it is in another language than the originals."""
    return ("rebuilt" if setting == BLACK_BOX else "people") + ("-across" if is_across else "")


def probability_of(ratio: float) -> float:
    """Probability of derivation at even prior odds, 0..1."""
    odds: float = 10.0 ** max(-_MOST, min(_MOST, ratio))
    return odds / (1 + odds)


def ratio_of(probability: float) -> float:
    """The ratio of a probability at even prior odds, log10; of 0 and 1 one that none is below, or above."""
    return (
        math.log10(probability / (1 - probability)) if 0 < probability < 1 else math.copysign(_MOST, probability - 0.5)
    )


def grade_of(ratio: float) -> str:
    """The word for a ratio that supports derivation, "" for one that does not."""
    return next((word for least, word in reversed(GRADES) if ratio > least), "")


def _finite(value: Any) -> float:
    if not math.isfinite(number := float(value)):
        raise ValueError(f"{number} is no number")
    return number
