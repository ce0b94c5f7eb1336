"""`simdetect.judge`: the verdict on a candidate as a plain value, for harnesses that want a number and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simdetect.model import ScanReport, Verdict
from simdetect.options import BLACK_BOX, ScanOptions
from simdetect.scanning.inputs import Location, Original
from simdetect.scanning.scanner import scan

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a scan comes to.

    verdict: "evidence", "no-evidence" or "inconclusive". explanation: one sentence. probability: that the candidate
    derives from the original, None when it was not judged. report: everything behind it.
    """

    verdict: Verdict
    explanation: str
    probability: float | None
    report: ScanReport

    @property
    def score(self) -> float | None:
        """1 for no evidence, 0 for evidence, None when nothing can be said: an inconclusive scan clears nobody."""
        return {Verdict.EVIDENCE: 0.0, Verdict.NO_EVIDENCE: 1.0}.get(self.verdict)


def judge(
    candidate: Location,
    original: Original | Sequence[Original],
    *,
    given: Sequence[Location] = (),
    observed: Sequence[Location] = (),
    options: ScanOptions | None = None,
) -> Judged:
    """Judge a candidate against an original, or several, in one call.

    Args:
        candidate, original: as of `simdetect.scan`. given: what the author was handed. observed: what the author saw.
        options: settings; without them those of a benchmark, in which the author had the executable ("black-box").

    Raises:
        InputError: an input cannot be read. OptionsError: an option is invalid. WorkerError: no process can start.
    """
    originals = tuple(original) if isinstance(original, list | tuple) else (original,)
    chosen = options or replace(ScanOptions(), setting=BLACK_BOX)
    report = scan(candidate, *originals, given=tuple(given), observed=tuple(observed), options=chosen)
    summary = report.summary
    return Judged(summary.verdict, summary.reason, summary.probability, report)
