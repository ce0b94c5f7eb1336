"""How many of the submissions of an audit would be flagged if all of them were independent work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simdetect.judging.calibration import Calibration
from simdetect.model import FalseFlags, FalsePositiveRate, InstanceResult, Verdict

__all__ = ["expected_false_flags"]

# The field of a calibration that holds how often whole independent submissions are flagged, a `FalsePositiveRate`. The
# rates of files and of pairs of repositories are others, so without this one no number is expected.
_RATE: Final = "submission_rate"
_JUDGED: Final = (Verdict.EVIDENCE, Verdict.NO_EVIDENCE)


def expected_false_flags(results: Sequence[InstanceResult], calibration: Calibration) -> FalseFlags | None:
    """The number to expect among these results. None when nobody measured a rate of whole submissions.

    The rate is that of `no-evidence` and `evidence` alone: an inconclusive instance is not flagged, and not cleared.
    """
    rate = getattr(calibration, _RATE, None)
    if not isinstance(rate, FalsePositiveRate) or not rate.out_of:
        return None
    n_judged = sum(result.verdict in _JUDGED for result in results)
    expected = n_judged * rate.scored_as_high / rate.out_of
    return FalseFlags(
        rate.scored_as_high, rate.out_of, n_judged, round(expected, 2), round(n_judged * rate.upper_95, 2)
    )
