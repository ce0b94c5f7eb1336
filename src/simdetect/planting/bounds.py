"""How sure a share of trials is."""

from __future__ import annotations

from simdetect.judging.rates import clopper_pearson_upper
from simdetect.model import TrialRate

__all__ = ["rate_of"]

_ONE_SIDE = 0.975  # of an interval of 95 %


def rate_of(hits: int, out_of: int) -> TrialRate:
    """A rate with its exact 95 % interval. Clopper and Pearson, Biometrika 1934."""
    lower = 1 - clopper_pearson_upper(out_of - hits, out_of, _ONE_SIDE) if out_of else 0.0
    upper = clopper_pearson_upper(hits, out_of, _ONE_SIDE) if out_of else 1.0
    return TrialRate(hits, out_of, lower, upper)
