"""What other submissions for the same task say, in words."""

from __future__ import annotations

from simdetect.model import ElsewhereMatch, Evidence, ScanReport
from simdetect.report.words.numbers import location, n, path

__all__ = ["also_in_of", "control_words"]


def also_in_of(evidence: Evidence) -> str:
    """Who else has a piece of evidence: other submissions, third programs; "" when nothing is known."""
    return "; ".join(part for part in (_submissions(evidence), *map(_third, evidence.elsewhere)) if part)


def _third(match: ElsewhereMatch) -> str:
    place = location(path(match.path), match.span)
    return f"also in {path(match.label)}, {place}"


def _submissions(evidence: Evidence) -> str:
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
