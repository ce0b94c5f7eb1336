"""Probabilities -> verdicts. A verdict needs a calibrated threshold; too little analysed is inconclusive, not clean."""

from __future__ import annotations

from collections.abc import Sequence

from simdetect.model import FileFinding, Verdict
from simdetect.options import ScanOptions

__all__ = ["ENOUGH_TOKENS", "file_verdict", "scan_verdict"]

ENOUGH_ANALYSED = 0.5  # share of the candidate's code below which nothing found means nothing
MOSTLY_UNREAD = 0.5  # share of the candidate in such agreement from which the rest cannot clear it
ENOUGH_TOKENS = 100  # the calibration knows no shorter files


def file_verdict(n_tokens: int, probability: float, threshold: float, options: ScanOptions) -> Verdict:
    """Verdict on one candidate file. threshold: the calibrated one, unless the options name another."""
    if probability >= (threshold if options.threshold is None else options.threshold):
        return Verdict.EVIDENCE
    return Verdict.INCONCLUSIVE if n_tokens < ENOUGH_TOKENS else Verdict.NO_EVIDENCE


def scan_verdict(
    flagged: Sequence[FileFinding],
    n_tokens: int,
    n_original_tokens: int,
    analysed_share: float,
    *,
    has_family: bool,
    unread_share: float = 0.0,
    n_by_tests: int = 0,
    lost: str = "",
) -> tuple[Verdict, str]:
    """Verdict on the scan, and why in a sentence or two. flagged: findings that are evidence, strongest first.
    unread_share: of the candidate's tokens, those that agree only with vendored or generated files of the original.
    n_by_tests: those that would not be without the original's test files. lost: which files were not fully analysed
    because of a limit or a failure, in words."""
    if flagged:
        return Verdict.EVIDENCE, _evidence_reason(flagged) + _test_words(n_by_tests, len(flagged))
    if not n_original_tokens:
        return Verdict.INCONCLUSIVE, "No code was found on the original's side."
    if not n_tokens:
        return Verdict.INCONCLUSIVE, "No code was found on the candidate's side."
    if n_tokens < ENOUGH_TOKENS:
        return Verdict.INCONCLUSIVE, f"The candidate has only {n_tokens} tokens of code, too few to tell."
    if lost:
        return Verdict.INCONCLUSIVE, f"Nothing was found, but not everything was analysed: {lost}."
    if analysed_share < ENOUGH_ANALYSED:
        return Verdict.INCONCLUSIVE, f"Only {100 * analysed_share:.0f} % of the candidate's code could be analysed."
    if not has_family:
        return Verdict.INCONCLUSIVE, (
            "Candidate and original share no language family; of translated code only names, constants, comments and "
            "order could be compared."
        )
    if unread_share >= MOSTLY_UNREAD:
        return Verdict.INCONCLUSIVE, (
            f"{100 * unread_share:.0f} % of the candidate's tokens agree with files of the original that do not count "
            "because they are vendored or generated; the rest is too little to tell."
        )
    return Verdict.NO_EVIDENCE, "No agreement is more surprising than between independent programs for the same job."


def _evidence_reason(flagged: Sequence[FileFinding]) -> str:
    best = flagged[0]
    files = "1 candidate file agrees" if len(flagged) == 1 else f"{len(flagged)} candidate files agree"
    original = best.originals[0].original if best.originals else "the original"
    longest = f", longest match {best.longest_match:,} tokens" if best.longest_match else ""
    return (
        f"{files} with the original more than independent programs do; the strongest is {best.candidate} "
        f"with {best.bits:,.0f} bits{longest}; its closest original is {original}."
    )


def _test_words(n_by_tests: int, n_flagged: int) -> str:
    if not n_by_tests:
        return ""
    files = "It agrees" if n_flagged == 1 else f"{n_by_tests} of the {n_flagged} agree"
    return f" {files} only with test files of the original, not with its implementation."
