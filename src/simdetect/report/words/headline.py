"""The verdict, how probable it is, and how much agrees. Percentages are always of something named."""

from __future__ import annotations

from simdetect.model import LAYERS, ScanReport, Verdict
from simdetect.report.words.inputs import is_compared
from simdetect.report.words.numbers import n, percent

__all__ = [
    "agreement_lines",
    "false_positive_words",
    "headline",
    "layers_line",
    "probability_words",
    "ratio_words",
    "verdict_words",
]

_MOST = 99.0  # log10: what is beyond was not made by a scan
_POPULATIONS = {
    "people": "independent pairs of people's programs",
    "people-across": "independent pairs of people's programs in two languages",
    "rebuilt": "independently rebuilt programs",
    "rebuilt-across": "programs independently rebuilt in another language",
}


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
    """The likelihood ratio, the probability and how often independent programs agree as much; or why none is stated."""
    summary = report.summary
    if summary.log10_likelihood_ratio is None and not is_compared(report):
        return "Probability: not stated."
    if summary.log10_likelihood_ratio is None:
        return (
            "Probability: not stated. This scan measures how much agrees; it was not calibrated to say how likely "
            "independent authors would agree as much. Judge by the excerpts."
        )
    return f"{ratio_words(report)} {false_positive_words(report)}"


def ratio_words(report: ScanReport) -> str:
    """How strongly the agreement supports derivation, or independence, and the probability at even prior odds."""
    summary = report.summary
    ratio = max(-_MOST, min(_MOST, summary.log10_likelihood_ratio or 0.0))
    times = f"{10 ** abs(ratio):,.0f}" if abs(ratio) >= 1 else f"{10 ** abs(ratio):.1f}"
    if ratio > 0:
        said = (
            f"So much agreement is at least {times} times as frequent in programs that derive from an original as in "
            f"independent ones: {summary.likelihood_grade} support for derivation."
        )
    else:
        said = f"So little agreement is {times} times as frequent in independent programs as in derived ones."
    if summary.probability is None:
        return said
    return f"{said} Probability of derivation at even prior odds: {percent(summary.probability)}."


def false_positive_words(report: ScanReport) -> str:
    """How many independent programs agree as much, and from where on the verdict is evidence."""
    rate, least = report.summary.false_positive_rate, report.summary.threshold_rate
    if rate is None:
        return "How often independent programs agree as much is not known."
    programs = _POPULATIONS.get(report.summary.population, "independent programs")
    said = f"{rate.scored_as_high:,} of {rate.out_of:,} {programs} agree as much (95% bound {percent(rate.upper_95)})"
    if least is None:
        return f"{said}."
    return f"{said}; {least.scored_as_high:,} reach what counts as evidence (95% bound {percent(least.upper_95)})."


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
