"""What other submissions for the same task say, in words."""

from __future__ import annotations

from simdetect.model import Evidence, ScanReport
from simdetect.report.words.numbers import n, path

__all__ = ["also_in_of", "control_words"]


def also_in_of(evidence: Evidence) -> str:
    """How many other submissions have a piece of evidence too; "" when nothing is known."""
    said = evidence.also_in
    if said is None:
        return ""
    left = "" if said.bits_left is None or not said.n else f", {said.bits_left:,.0f} bits left"
    return f"also in {said.n:,} of {n(said.out_of, 'other submission')}{left}"


def control_words(report: ScanReport) -> list[str]:
    """What other submissions for the same task say of the candidate; nothing when there are none."""
    said = report.control
    if said is None:
        return []
    lines = [f"nearly identical with the submission of {path(run)}" for run in said.near_identical]
    if said.bits_left is not None and report.summary.bits is not None:
        share = f"{said.bits_left:,.0f} of {report.summary.bits:,.0f} bits"
        lines.append(f"{share} are left without what {n(said.n_voices, 'independent submission')} of others have too")
    if said.n_alone is not None:
        lines.append(f"{n(said.n_alone, 'listed agreement')} in none of them")
    return lines
