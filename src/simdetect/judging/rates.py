"""Confidence bounds of rates."""

from __future__ import annotations

import math
from functools import lru_cache

__all__ = ["clopper_pearson_upper"]


@lru_cache(1024)  # a scan asks for the same few
def clopper_pearson_upper(hits: int, trials: int, level: float = 0.95) -> float:
    """Upper confidence bound of a rate, one-sided. Clopper and Pearson, Biometrika 1934; by bisection."""
    if hits >= trials:
        return 1.0
    low, high = hits / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _binomial_cdf(hits, trials, middle) > 1 - level:
            low = middle
        else:
            high = middle
    return high


def _binomial_cdf(hits: int, trials: int, rate: float) -> float:
    if rate in (0.0, 1.0):
        return 1.0 - rate
    logs = (
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        + k * math.log(rate) + (trials - k) * math.log1p(-rate)
        for k in range(hits + 1)
    )  # fmt: skip
    return math.fsum(math.exp(log) for log in logs)
