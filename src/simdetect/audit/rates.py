"""How many of the submissions of an audit would be flagged if all of them were independent work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from simdetect.model import FalseFlags, FlagRate, InstanceResult, Verdict

__all__ = ["expected_false_flags", "flag_rate_of"]

_JUDGED: Final = (Verdict.EVIDENCE, Verdict.NO_EVIDENCE)


def flag_rate_of(summary: Mapping[str, Any]) -> FlagRate | None:
    """How often independent submissions that are judged like this one are flagged, as its report says. summary: of the
    report, as JSON. None when nobody measured that, as for its pair of languages."""
    rate = summary.get("threshold_rate")
    if not rate or not rate["out_of"]:
        return None
    return FlagRate(summary.get("population", ""), rate["scored_as_high"], rate["out_of"], rate["upper_95"])


def expected_false_flags(results: Sequence[InstanceResult]) -> FalseFlags | None:
    """The number to expect among these results. None when no rate of whole submissions was measured.

    An inconclusive instance is not flagged, and not cleared, so that it does not count.
    """
    rates = [result.flag_rate for result in results if result.verdict in _JUDGED and result.flag_rate is not None]
    if not rates:
        return None
    populations = {rate.population: rate for rate in rates}.values()
    return FalseFlags(
        flagged=sum(rate.flagged for rate in populations),
        out_of=sum(rate.out_of for rate in populations),
        n_judged=len(rates),
        expected=round(sum(rate.flagged / rate.out_of for rate in rates), 2),
        upper_95=round(sum(rate.upper_95 for rate in rates), 2),
    )
