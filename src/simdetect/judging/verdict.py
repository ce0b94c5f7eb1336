"""Probabilities -> verdicts. A verdict needs a calibrated threshold; too little analysed is inconclusive, not clean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simdetect.model import Verdict

__all__ = ["ENOUGH_TOKENS", "Flagged", "ScanFacts", "file_verdict", "scan_verdict", "some"]

ENOUGH_ANALYSED = 0.5  # share of the candidate's code below which nothing found means nothing
MOSTLY_UNREAD = 0.5  # share of the candidate in such agreement from which the rest cannot clear it
_MOSTLY_PATCHES = 0.2  # share of the candidate that patches add, from which the rest does not clear it
ENOUGH_TOKENS = 100  # the calibration knows no shorter files
_ACROSS = (
    " Candidate and original share no language family: of translated code only names, constants, comments and order "
    "could be compared."
)


def file_verdict(n_tokens: int, probability: float, threshold: float) -> Verdict:
    """Verdict on one candidate file by itself. threshold: the calibrated one."""
    if probability >= threshold:
        return Verdict.EVIDENCE
    return Verdict.INCONCLUSIVE if n_tokens < ENOUGH_TOKENS else Verdict.NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class Flagged:
    """The strongest file that is evidence. original: its closest original, None when none is listed."""

    path: str
    bits: float
    longest_match: int
    original: str | None


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What the verdict on a scan rests on.

    is_evidence: whether the submission reaches the threshold. as_often: how often independent ones agree as much, in
    words, where that is too often for evidence and too seldom to be clear; "" elsewhere. n_flagged: files that are
    evidence; strongest: of them; n_by_tests: those that would not be without the original's test files. n_tokens,
    n_original_tokens: of both sides. analysed_share: of the candidate's code bytes. has_family: whether both sides
    share a language family. unread_share: of the candidate's tokens, those that agree only with files of the original
    that do not count: vendored, generated, or pages that it puts out. lost: which files were not fully analysed because
    of a limit or a failure, in words. assumed: documents of the original that were taken as given although nobody named
    them; without_assumed: the verdict if they had not been, None without any. patch_share: of the candidate's tokens,
    those that patches add. n_agreeing_patches: files of patches that would be evidence if they were programs.
    """

    is_evidence: bool
    as_often: str
    n_flagged: int
    n_by_tests: int
    strongest: Flagged | None
    n_tokens: int
    n_original_tokens: int
    analysed_share: float
    has_family: bool
    unread_share: float
    lost: str
    assumed: Sequence[str]
    without_assumed: Verdict | None = None
    patch_share: float = 0.0
    n_agreeing_patches: int = 0


def scan_verdict(facts: ScanFacts) -> tuple[Verdict, str]:
    """Verdict on the scan, and why in a sentence or two."""
    verdict, reason = _verdict(facts)
    return verdict, reason + _assumed_words(facts.assumed)


def _verdict(facts: ScanFacts) -> tuple[Verdict, str]:
    if facts.is_evidence and facts.strongest:
        return Verdict.EVIDENCE, _evidence_reason(facts.strongest, facts.n_flagged) + _test_words(facts)
    if facts.without_assumed is Verdict.EVIDENCE:
        return Verdict.INCONCLUSIVE, (
            "The verdict depends on what the author was handed, and nobody said: had these documents not been, it "
            f"would be evidence. Name them with --given if the author had them: {some(facts.assumed)}."
        )
    if reason := _why_inconclusive(facts) or facts.as_often:
        return Verdict.INCONCLUSIVE, reason
    return (
        Verdict.NO_EVIDENCE,
        "No agreement is more surprising than between independent programs for the same job."
        + ("" if facts.has_family else _ACROSS),
    )


def _why_inconclusive(facts: ScanFacts) -> str:
    """Why nothing found means nothing; "" when it does not."""
    if not facts.n_original_tokens:
        return "No code was found on the original's side."
    if not facts.n_tokens:
        return "No code was found on the candidate's side."
    if facts.n_agreeing_patches or facts.patch_share >= _MOSTLY_PATCHES:
        return _patch_words(facts.n_agreeing_patches)
    if facts.n_tokens < ENOUGH_TOKENS:
        return f"The candidate has only {facts.n_tokens} tokens of code, too few to tell."
    if facts.lost:
        return f"Nothing was found, but not everything was analysed: {facts.lost}."
    if facts.analysed_share < ENOUGH_ANALYSED:
        return f"Only {100 * facts.analysed_share:.0f} % of the candidate's code could be analysed."
    if facts.unread_share >= MOSTLY_UNREAD:
        return (
            f"{100 * facts.unread_share:.0f} % of the candidate's tokens agree with files of the original that do not "
            "count, because others wrote them, a program did, or the program puts them out; the rest is too little to "
            "tell."
        )
    return ""


def _patch_words(n_agreeing: int) -> str:
    agrees = f"What patches add to {n_agreeing} file(s) agrees with the original. " if n_agreeing else ""
    return (
        f"{agrees}The candidate is a patch: independent fixes of one bug often coincide, and how often is not known, so"
        " that agreement is shown and not judged."
    )


def _evidence_reason(best: Flagged, n_flagged: int) -> str:
    files = "1 candidate file agrees" if n_flagged == 1 else f"{n_flagged} candidate files agree"
    original = best.original or "the original"
    longest = f", longest match {best.longest_match:,} tokens" if best.longest_match else ""
    return (
        f"{files} with the original more than independent programs do; the strongest is {best.path} "
        f"with {best.bits:,.0f} bits{longest}; its closest original is {original}."
    )


def _test_words(facts: ScanFacts) -> str:
    if not facts.n_by_tests:
        return ""
    files = "It agrees" if facts.n_flagged == 1 else f"{facts.n_by_tests} of the {facts.n_flagged} agree"
    return f" {files} only with test files of the original, not with its implementation."


def _assumed_words(documents: Sequence[str]) -> str:
    """Nobody said that the author had these."""
    if not documents:
        return ""
    what = "A document" if len(documents) == 1 else f"{len(documents)} documents"
    was, them = ("is", "it") if len(documents) == 1 else ("are", "them")
    return (
        f" {what} of the original that the candidate holds byte for byte {was} taken as given without being named:"
        f" {some(documents)}; names, texts and comments in {them} weigh nothing, code does."
    )


def some(paths: Sequence[str], n: int = 3) -> str:
    """The first of some paths, and how many more there are."""
    return ", ".join(paths[:n]) + (f" and {len(paths) - n} more" if len(paths) > n else "")
