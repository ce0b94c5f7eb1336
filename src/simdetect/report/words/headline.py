"""The verdict, how probable it is, and how much agrees. Percentages are always of something named."""

from __future__ import annotations

from simdetect.model import LAYERS, ScanReport, Verdict
from simdetect.report.words.inputs import is_compared
from simdetect.report.words.numbers import n, percent

__all__ = ["agreement_lines", "headline", "layers_line", "probability_words", "verdict_words"]


def headline(report: ScanReport) -> tuple[str, str]:
    """The verdict in words: a short cry and a sentence."""
    n_files, summary = report.candidate.n_files, report.summary
    if summary.verdict is Verdict.EVIDENCE:
        verb = "shares" if summary.n_flagged_files == 1 else "share"
        files = n(n_files, "analysed candidate file")
        return (
            "EVIDENCE FOUND",
            f"{summary.n_flagged_files:,} of {files} {verb} enough with the original to count as evidence.",
        )
    if summary.verdict is Verdict.NO_EVIDENCE:
        return "NO EVIDENCE FOUND", f"in {n(n_files, 'analysed candidate file')}. This does not mean “not memorised”."
    return "INCONCLUSIVE", "This scan cannot say either way."


def verdict_words(verdict: Verdict) -> str:
    """A verdict as it stands in tables."""
    return verdict.value.replace("-", " ")


def probability_words(report: ScanReport) -> str:
    """Probability with its false-positive statement, or that there is none."""
    summary = report.summary
    if summary.probability is None and not is_compared(report):
        return "Probability: not stated."
    if summary.probability is None:
        return (
            "Probability: not stated. This scan measures how much agrees; it was not calibrated to say how likely "
            "independent authors would agree as much. Judge by the excerpts."
        )
    bits = "" if summary.bits is None else f" Surprise of all files together: {summary.bits:,.0f} bits."
    share = percent(summary.probability)
    return f"Probability of derivation, strongest file: {share}.{bits} {_false_positive_words(report)}"


def _false_positive_words(report: ScanReport) -> str:
    rate = report.summary.false_positive_rate
    if rate is None:
        return "How often independent code scores as high is not known."
    return (
        f"In {rate.scored_as_high:,} of {n(rate.out_of, 'comparison')} of independently written projects for the same "
        f"job some file scored as high (upper 95% bound {percent(rate.upper_95)})."
    )


def agreement_lines(report: ScanReport) -> list[str]:
    """The summary's numbers as sentences."""
    summary = report.summary
    if not is_compared(report):
        return ["nothing could be compared: one side has no analysed code"]
    side, of_side = ("original", "original's") if len(report.originals) == 1 else ("originals", "originals'")
    original_tokens = n(sum(original.n_tokens for original in report.originals), "token")
    longest = f"longest agreeing stretch: {n(summary.longest_match, 'candidate token')}"
    return [
        f"{percent(summary.candidate_coverage)} of the candidate's {n(summary.candidate_tokens, 'token')} "
        f"lie in code that agrees with the {side}",
        f"{percent(summary.original_coverage)} of the {of_side} {original_tokens} reappear in the candidate",
        *([longest] if summary.longest_match else []),
    ]


def layers_line(report: ScanReport) -> str:
    """How many tokens agree in each layer and what that means; "" when none do."""
    matched = report.summary.matched_tokens
    parts = [
        f"{n(matched[layer], 'token')} {layer} ({LAYERS[layer].meaning})" for layer in LAYERS if matched.get(layer)
    ]
    return "by kind: " + "; ".join(parts) if parts else ""
