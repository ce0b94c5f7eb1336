"""What the scans of an audit would have found of planted functions: the middle instance of each size and disguise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final, TypedDict

from simdetect.model import AuditReport, Disguise, InstanceResult, PlantSize, PowerRow, TrialRate, Verdict
from simdetect.report.words import n, percent

__all__ = ["PowerCounts", "power_counts", "power_words"]

_FUNCTION: Final = (PlantSize.MEDIUM, PlantSize.LARGE)
# What is said in words: sizes together, how they are called, how what is planted is disguised.
_SAID: Final = (
    (_FUNCTION, "a verbatim function of 25-90 lines", Disguise.VERBATIM),
    (_FUNCTION, "a function of 25-90 lines with all names changed", Disguise.RENAMED),
    ((PlantSize.TENTH,), "a verbatim tenth of the submission", Disguise.VERBATIM),
)


class PowerCounts(TypedDict):
    """The middle of all instances that are no evidence, for one size and disguise."""

    size: PlantSize
    disguise: Disguise
    n_instances: int
    median_found: float
    median_flagged: float


def power_counts(report: AuditReport) -> list[PowerCounts]:
    """Shares of trials that were found and flagged, of the instances that are no evidence without them."""
    measured = _silent(report)
    counts: list[PowerCounts] = []
    for size in PlantSize:
        for disguise in Disguise:
            found = _shares(measured, (size,), disguise, lambda row: row.found)
            flagged = _shares(measured, (size,), disguise, lambda row: row.flagged)
            if found:
                counts.append(
                    {
                        "size": size,
                        "disguise": disguise,
                        "n_instances": len(found),
                        "median_found": median(found),
                        "median_flagged": median(flagged),
                    }
                )
    return counts


def power_words(report: AuditReport) -> list[str]:
    """What silence means in the middle instance, a sentence each; nothing where it was not measured."""
    measured = _silent(report)
    lines = [line for sizes, what, disguise in _SAID if (line := _said(measured, sizes, what, disguise))]
    n_empty = sum(result.power == () for result in measured)
    if n_empty:
        lines.append(
            f"In {n(n_empty, 'instance')} without evidence nothing could be planted: nothing is known of them."
        )
    return lines


def _said(measured: Sequence[InstanceResult], sizes: Sequence[PlantSize], what: str, disguise: Disguise) -> str:
    found = _shares(measured, sizes, disguise, lambda row: row.found)
    if not found:
        return ""
    flagged = _shares(measured, sizes, disguise, lambda row: row.flagged)
    return (
        f"In a median instance without evidence (of {len(found):,}), {what} would have been flagged in"
        f" {percent(median(flagged))} of the trials, and shown in {percent(median(found))}."
    )


def _silent(report: AuditReport) -> list[InstanceResult]:
    """Instances of which silence is measured."""
    return [own for own in report.instances if own.power is not None and own.verdict is not Verdict.EVIDENCE]


def _shares(
    measured: Sequence[InstanceResult],
    sizes: Sequence[PlantSize],
    disguise: Disguise,
    rate: Callable[[PowerRow], TrialRate],
) -> list[float]:
    """The share of hits of each instance, over some sizes together."""
    shares = []
    for result in measured:
        rates = [rate(row) for row in result.power or () if row.size in sizes and row.disguise is disguise]
        if total := sum(own.out_of for own in rates):
            shares.append(sum(own.hits for own in rates) / total)
    return shares
