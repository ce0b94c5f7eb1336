"""Numbers -> verdict. Provisional: by length of matches until surprise and calibration replace the thresholds."""

from __future__ import annotations

from collections.abc import Sequence

from simdetect.model import FileFinding, Verdict
from simdetect.options import ScanOptions

__all__ = ["file_verdict", "scan_verdict"]

# Longest matches between independent C, Go, Rust and Python projects stay mostly below this many tokens.
_LONG_MATCH = 120
_ENOUGH_ANALYSED = 0.5
_ENOUGH_TOKENS = 50


def file_verdict(n_tokens: int, matched: int, longest: int, options: ScanOptions) -> Verdict:
    """Verdict on one candidate file from its tokens, those matched and its longest match."""
    if longest >= _LONG_MATCH or (longest >= _ENOUGH_TOKENS and matched >= 0.5 * n_tokens):
        return Verdict.EVIDENCE
    if n_tokens < max(_ENOUGH_TOKENS, options.minimum_detectable_tokens):
        return Verdict.INCONCLUSIVE
    return Verdict.NO_EVIDENCE


def scan_verdict(
    flagged: Sequence[FileFinding], n_tokens: int, n_original_tokens: int, analysed_share: float, *, has_family: bool
) -> tuple[Verdict, str]:
    """Verdict on the scan, and one sentence why."""
    if flagged:
        best = flagged[0]
        first = best.originals[0].original if best.originals else "an original"
        return (
            Verdict.EVIDENCE,
            f"{len(flagged)} candidate file(s) share long runs of code with an original; the longest single match has "
            f"{max(f.longest_match for f in flagged)} tokens. Strongest: {best.candidate} ~ {first}.",
        )
    if not n_original_tokens:
        return Verdict.INCONCLUSIVE, "No code was found on the original's side."
    if n_tokens < _ENOUGH_TOKENS:
        return Verdict.INCONCLUSIVE, f"The candidate has only {n_tokens} tokens of code, too few to tell."
    if analysed_share < _ENOUGH_ANALYSED:
        return Verdict.INCONCLUSIVE, f"Only {100 * analysed_share:.0f} % of the candidate's code could be analysed."
    if not has_family:
        return Verdict.INCONCLUSIVE, "Candidate and original share no language family; translation is not compared yet."
    return Verdict.NO_EVIDENCE, "No match is long enough to speak for recall. This does not show independence."
