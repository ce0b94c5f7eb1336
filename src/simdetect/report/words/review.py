"""What reviewers and baselines say, in words."""

from __future__ import annotations

from collections import Counter

from simdetect.model import Evidence, FileFinding, ReviewStatus, ScanReport, Verdict
from simdetect.report.review import open_findings
from simdetect.report.words.numbers import message, n, path

__all__ = ["review_of", "review_state", "review_words"]

_REVIEW_MEANING = {
    ReviewStatus.ACCEPTED: "accepted",
    ReviewStatus.FALSE_POSITIVE: "false positive",
    ReviewStatus.GIVEN: "given",
    ReviewStatus.KNOWN: "known from the baseline",
}


def review_of(evidence: Evidence) -> str:
    """What a reviewer or the baseline says about a piece of evidence; "" when nobody did."""
    if evidence.review is None:
        return ""
    by = f" ({path(evidence.review.by)})" if evidence.review.by else ""
    reason = f": {message(evidence.review.reason)}" if evidence.review.reason else ""
    return f"{_REVIEW_MEANING[evidence.review.status]}{by}{reason}"


def review_state(finding: FileFinding) -> str:
    """Whether the counted evidence of a file was reviewed: "" no, "part" some of it, "all" of what is listed."""
    reviewed = [evidence.review is not None for evidence in finding.evidence if evidence.excluded is None]
    return "" if not any(reviewed) else "all" if all(reviewed) else "part"


def review_words(report: ScanReport) -> list[str]:
    """How much of the counted evidence was decided or is known, and how much is new; nothing without any review."""
    counted = [e for finding in report.findings for e in finding.evidence if e.excluded is None]
    found: Counter[ReviewStatus] = Counter(e.review.status for e in counted if e.review)
    if not found:
        return []
    lines = [f"{n(found[status], 'agreement')} {_REVIEW_MEANING[status]}" for status in ReviewStatus if found[status]]
    return [*lines, f"{n(len(counted) - found.total(), 'agreement')} new", *_open_words(report)]


def _open_words(report: ScanReport) -> list[str]:
    """Whether the verdict still stands open."""
    n_open = len(open_findings(report))
    if report.summary.verdict is not Verdict.EVIDENCE:
        return []
    return [f"{n(n_open, 'file')} with open evidence" if n_open else "no file with open evidence"]
