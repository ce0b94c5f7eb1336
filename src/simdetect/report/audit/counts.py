"""An audit in numbers: instances by outcome, by probability, by run and by language, and which to look at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypedDict, cast

from simdetect.model import AuditReport, InstanceResult, Verdict

__all__ = [
    "N_BINS",
    "OUTCOMES",
    "Counts",
    "by_difficulty",
    "by_language",
    "by_run",
    "by_size",
    "counted",
    "first",
    "histogram",
    "outcome_of",
]

N_BINS: Final = 10
OUTCOMES: Final = (*(verdict.value for verdict in Verdict), "error")
_N_FIRST: Final = 25
_SIZES: Final = (
    (2_000, "under 2,000 tokens"),
    (10_000, "2,000 to 10,000 tokens"),
    (50_000, "10,000 to 50,000 tokens"),
    (1 << 62, "50,000 tokens and more"),
)

Counts = TypedDict(
    "Counts",
    {
        "n_instances": int,
        "evidence": int,
        "no-evidence": int,
        "inconclusive": int,
        "error": int,
        "median_bits": float | None,
        "mean_probability": float | None,
    },
)
"""How many instances came to what. The keys between are `OUTCOMES`."""


def counted(results: Sequence[InstanceResult]) -> Counts:
    """Instances by outcome, with the middle of their bits and probabilities where they have any."""
    outcomes = [outcome_of(result) for result in results]
    bits = sorted(result.bits for result in results if result.bits is not None)
    counts = {
        "n_instances": len(results),
        **{outcome: outcomes.count(outcome) for outcome in OUTCOMES},
        "median_bits": bits[len(bits) // 2] if bits else None,
        "mean_probability": _mean([result.probability for result in results if result.probability is not None]),
    }
    return cast(Counts, counts)


def outcome_of(result: InstanceResult) -> str:
    """The verdict, or that there is none."""
    return "error" if result.verdict is None else result.verdict.value


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def histogram(results: Iterable[InstanceResult]) -> list[int]:
    """Instances by probability, in `N_BINS` bins of equal width from 0 to 1."""
    bins = [0] * N_BINS
    for result in results:
        if result.probability is not None:
            bins[min(N_BINS - 1, int(result.probability * N_BINS))] += 1
    return bins


def by_run(report: AuditReport) -> dict[str, Counts]:
    """Counts of each run, by name."""
    return _grouped(report.instances, lambda result: result.run)


def by_language(report: AuditReport) -> dict[str, Counts]:
    """Counts of each language, by name."""
    return _grouped(report.instances, lambda result: result.language or "unknown")


def by_difficulty(report: AuditReport) -> dict[str, Counts]:
    """Counts of each difficulty that tasks name."""
    return _grouped(report.instances, lambda result: result.difficulty or "unknown")


def by_size(report: AuditReport) -> dict[str, Counts]:
    """Counts by tokens of the submission, smallest first."""
    found = _grouped(report.instances, lambda result: _size_of(result.n_tokens))
    return {name: found[name] for name in (*(name for _, name in _SIZES), "unknown") if name in found}


def _size_of(n_tokens: int | None) -> str:
    return "unknown" if n_tokens is None else next(name for most, name in _SIZES if n_tokens < most)


def _grouped(results: Sequence[InstanceResult], key: Callable[[InstanceResult], str]) -> dict[str, Counts]:
    names = sorted({key(result) for result in results})
    return {name: counted([result for result in results if key(result) == name]) for name in names}


def first(results: Iterable[InstanceResult]) -> list[InstanceResult]:
    """The instances to look at first: flagged ones, then by probability and bits."""
    known = [result for result in results if result.verdict is not None]
    known.sort(key=lambda r: (r.verdict is not Verdict.EVIDENCE, -(r.probability or 0), -(r.bits or 0)))
    return known[:_N_FIRST]
