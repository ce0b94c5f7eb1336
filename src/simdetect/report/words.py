"""What a report says in words, shared by the formats that people read. Percentages are always of something named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simdetect.model import (
    Evidence,
    FileFinding,
    InputSummary,
    Layer,
    LineSpan,
    ReviewStatus,
    ScanReport,
    SharedText,
    Side,
    SkippedEntry,
    SkipReason,
    TextKind,
    Verdict,
)
from simdetect.report.review import open_findings
from simdetect.report.safe import clip, clip_middle

__all__ = [
    "LAYER_MEANING",
    "MAX_MESSAGE_CHARS",
    "MAX_NAME_CHARS",
    "REACH_CAVEAT",
    "SkipGroup",
    "agreeing",
    "agreeing_share",
    "agreement_lines",
    "coverage_words",
    "degraded_files",
    "evidence_words",
    "exclusion_of",
    "exclusion_words",
    "headline",
    "incomplete_words",
    "input_label",
    "inputs",
    "is_code",
    "is_compared",
    "item_words",
    "items_words",
    "languages_words",
    "layer_bits_words",
    "layer_shares",
    "location",
    "message",
    "n",
    "original_name",
    "other_originals",
    "path",
    "percent",
    "probability_words",
    "reach_words",
    "review_of",
    "review_state",
    "review_words",
    "score_of",
    "skip_groups",
    "title",
    "units_of",
    "verdict_words",
]

MAX_NAME_CHARS = 160
MAX_MESSAGE_CHARS = 400

LAYER_MEANING = {
    Layer.VERBATIM: "same text, or nearly",
    Layer.RENAMED: "same structure, names or literals differ",
    Layer.STRUCTURAL: "same structure with gaps or reordering",
    Layer.TRANSLATED: "same names and constants in another language",
    Layer.COMMENT: "same comments",
    Layer.NAME: "same rare names",
    Layer.CONSTANT: "same constants or tables",
    Layer.MISSPELLING: "same misspelt words",
    Layer.ORDER: "functions, fields or rows in the same order",
}

# Skipped although they may well be code: the reader must know. The rest is routine.
_IMPORTANT_SKIPS = (
    SkipReason.UNREADABLE,
    SkipReason.TOO_LARGE,
    SkipReason.LIMIT,
    SkipReason.ANALYSIS_FAILED,
    SkipReason.UNSAFE_PATH,
    SkipReason.ARCHIVE,
    SkipReason.BINARY,
)
_SKIP_MEANING = {
    SkipReason.BINARY: "not text",
    SkipReason.TOO_LARGE: "larger than the size limit",
    SkipReason.UNREADABLE: "could not be read",
    SkipReason.NOT_CODE: "not source code in a supported language",
    SkipReason.SYMLINK: "symbolic link, not followed",
    SkipReason.DUPLICATE_OF: "same content as another file",
    SkipReason.EMPTY: "nothing in it",
    SkipReason.SPECIAL_FILE: "device, pipe or socket",
    SkipReason.EXCLUDED: "left out by --exclude",
    SkipReason.VERSION_CONTROL: "version control data",
    SkipReason.ARCHIVE: "archive inside the input, not opened",
    SkipReason.UNSAFE_PATH: "path leads outside the input",
    SkipReason.LIMIT: "beyond the limit on files or bytes",
    SkipReason.ANALYSIS_FAILED: "the analysis failed or was stopped",
}


# --- small pieces --------------------------------------------------------------------------------------------------


def n(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: "1 file", "1,204 tokens"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """A share as a percentage that never claims nothing or everything by rounding: "<0.1%", ">99.9%"."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    return "0%" if share == 0 else "100%" if share == 1 else f"{share * 100:.1f}%"


def path(text: str) -> str:
    """A path or label from outside, visible and of bounded length."""
    return clip_middle(text, MAX_NAME_CHARS)


def message(text: str) -> str:
    """A sentence that may quote something from outside, visible and of bounded length."""
    return clip(text, MAX_MESSAGE_CHARS)


def location(name: str, span: LineSpan) -> str:
    """`file:first-last`, the form that editors and terminals understand."""
    last = "" if span.start_line == span.end_line else f"-{span.end_line}"
    return f"{name}:{span.start_line}{last}"


def original_name(report: ScanReport, source: int, original: str) -> str:
    """The path of an original file, with the label of its input when there are several."""
    if len(report.originals) == 1:
        return path(original)
    return f"[{path(report.originals[source].label)}] {path(original)}"


def other_originals(report: ScanReport, finding: FileFinding) -> str:
    """How many originals besides the first have counted agreement; "at least", when the list may have been cut."""
    n_others = sum(match.matched_tokens > 0 for match in finding.originals[1:])
    is_cut = n_others + 1 == report.settings.get("max_originals")
    at_least = "at least " if is_cut else ""
    return f"; also agrees with {at_least}{n(n_others, 'other original file')}" if n_others else ""


def input_label(report: ScanReport, side: Side, source: int) -> str:
    """The label of an input, by side and index."""
    inputs_by_side: Mapping[Side, Sequence[InputSummary]] = {
        Side.CANDIDATE: (report.candidate,),
        Side.ORIGINAL: report.originals,
        Side.GIVEN: report.given,
        Side.BASE: report.base,
    }
    found = inputs_by_side.get(side, ())
    return path(found[source].label) if source < len(found) else str(side)


def languages_words(summary: InputSummary) -> str:
    """The languages of an input with their files, most files first: "c 8, python 4"."""
    ranked = sorted(summary.languages.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{clip(name, 40)} {n_files:,}" for name, n_files in ranked[:6])
    return shown + (f" and {len(ranked) - 6} more" if len(ranked) > 6 else "")


def inputs(report: ScanReport) -> list[tuple[str, InputSummary]]:
    """Every input with its role, candidate first."""
    originals = [("original", summary) for summary in report.originals]
    handed = [*(("given", summary) for summary in report.given), *(("base", summary) for summary in report.base)]
    return [("candidate", report.candidate), *originals, *handed]


# --- the verdict ---------------------------------------------------------------------------------------------------


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


def title(report: ScanReport) -> str:
    """What was compared with what, in one line."""
    others = f" and {len(report.originals) - 1} more" if len(report.originals) > 1 else ""
    original = path(report.originals[0].label) if report.originals else "nothing"
    return f"{path(report.candidate.label)} compared with {original}{others}"


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


# --- agreement -----------------------------------------------------------------------------------------------------


def layer_shares(finding: FileFinding) -> list[tuple[Layer, float]]:
    """Share of the file's tokens by layer, strongest layer first, layers without a share left out."""
    return [(layer, finding.coverage[layer]) for layer in Layer if finding.coverage.get(layer, 0) > 0]


def agreeing_share(finding: FileFinding) -> float:
    """Share of the file's tokens in a counted match, whatever the layer."""
    return min(1.0, sum(share for _, share in layer_shares(finding)))


def coverage_words(finding: FileFinding) -> str:
    """How much of a candidate file agrees, and with which layers."""
    total = agreeing_share(finding)
    layers = ", ".join(f"{layer} {percent(share)}" for layer, share in layer_shares(finding))
    if not layers:
        if any(evidence.excluded is None for evidence in finding.evidence):
            return "no code agrees"
        return "no agreement that counts" if finding.n_evidence else "no agreement"
    return f"{percent(total)} of its {n(finding.n_tokens, 'token')} agree ({layers})"


_UNITS = {
    Layer.TRANSLATED: "text",
    Layer.COMMENT: "word",
    Layer.NAME: "name",
    Layer.CONSTANT: "literal",
    Layer.MISSPELLING: "misspelling",
    Layer.ORDER: "unit",
}


def evidence_words(evidence: Evidence) -> str:
    """How long a piece of evidence is, and how much of it has the same text on both sides."""
    same = "" if evidence.n_verbatim == evidence.n_tokens else f", {evidence.n_verbatim:,} with the same text"
    return n(evidence.n_tokens, _UNITS.get(evidence.layer, "token")) + same


def is_code(evidence: Evidence) -> bool:
    """Whether a piece of evidence is a stretch of code, counted in tokens."""
    return evidence.layer not in _UNITS


def item_words(item: SharedText) -> str:
    """One text: what the original has in its place, where that differs, and what it is, where it has no bits."""
    text = clip(item.text, 60)
    shown = f"{text} = {clip(item.original_text, 60)}" if item.original_text else text
    return f"{item.kind} {shown}" if item.kind and item.kind not in (TextKind.NAME, TextKind.CONSTANT) else shown


def units_of(evidence: Evidence) -> str:
    """What a piece of evidence calls its two sides, "" when it calls them nothing."""
    own, theirs = clip(evidence.candidate_unit, 80), clip(evidence.original_unit, 80)
    return own if own == theirs or not theirs else f"{own} ↔ {theirs}"


def items_words(evidence: Evidence, most: int) -> str:
    """The first texts of a piece of evidence that consists of texts; "" for one that does not."""
    shown = ", ".join(item_words(item) for item in evidence.items[:most])
    n_more = max(evidence.n_tokens, len(evidence.items)) - most
    return f"{shown} and {n_more:,} more" if shown and n_more > 0 else shown


def layer_bits_words(layer_bits: Mapping[Layer, float]) -> str:
    """What each layer adds, strongest layer first: "verbatim 971, comment 40"."""
    return ", ".join(f"{layer} {layer_bits[layer]:,.0f}" for layer in Layer if layer_bits.get(layer, 0) >= 0.5)


def score_of(finding: FileFinding) -> str:
    """How much a file resembles the original most like it, as it stands in tables; "" without any original."""
    return f"{finding.score:.2f}" if finding.originals else ""


def exclusion_of(evidence: Evidence) -> str:
    """Why a piece of evidence does not count, and what says so; "" when it counts."""
    if evidence.excluded is None:
        return ""
    by = f" ({path(evidence.excluded.by)})" if evidence.excluded.by else ""
    return f"{evidence.excluded.reason}{by}"


def verdict_words(verdict: Verdict) -> str:
    """A verdict as it stands in tables."""
    return verdict.value.replace("-", " ")


def agreeing(report: ScanReport) -> list[FileFinding]:
    """The findings with any agreement, counted or excluded, strongest first as in the report."""
    return [finding for finding in report.findings if finding.n_evidence or finding.evidence]


def is_compared(report: ScanReport) -> bool:
    """Whether both sides had code at all."""
    return report.summary.candidate_tokens > 0 and any(original.n_tokens for original in report.originals)


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


def exclusion_words(report: ScanReport) -> list[str]:
    """What agrees but does not count, by reason; "at least", when some of it is not in the report's lists."""
    listed = [item for finding in report.findings for item in finding.evidence if item.excluded]
    at_least = "at least " if any(len(finding.evidence) < finding.n_evidence for finding in report.findings) else ""
    pieces: Counter[str] = Counter(item.excluded.reason for item in listed if item.excluded)
    tokens: Counter[str] = Counter()
    for item in listed:
        if item.excluded and item.layer not in _UNITS:
            tokens[item.excluded.reason] += item.n_tokens
    return [
        f"{reason}: {at_least}{n(pieces[reason], 'agreement')}"
        + (f", {n(tokens[reason], 'token')} of code" if tokens[reason] else "")
        for reason in sorted(pieces)
    ]


# --- review --------------------------------------------------------------------------------------------------------

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


# --- what was not seen ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SkipGroup:
    """Skipped files of one side and reason, in the order of the report."""

    side: Side
    reason: SkipReason
    meaning: str
    is_important: bool
    entries: tuple[SkippedEntry, ...]


def skip_groups(report: ScanReport) -> list[SkipGroup]:
    """Skipped files grouped by importance, side and reason; the important ones first."""
    grouped: dict[tuple[Side, SkipReason], list[SkippedEntry]] = {}
    for entry in report.skipped:
        grouped.setdefault((entry.side, entry.reason), []).append(entry)
    groups = [
        SkipGroup(side, reason, _SKIP_MEANING[reason], reason in _IMPORTANT_SKIPS, tuple(entries))
        for (side, reason), entries in grouped.items()
    ]
    return sorted(groups, key=lambda group: (not group.is_important, list(Side).index(group.side), group.reason))


def degraded_files(report: ScanReport) -> list[FileFinding]:
    """Candidate files without a full syntax tree, in the order of the report."""
    return [finding for finding in report.findings if finding.degraded is not None]


def incomplete_words(report: ScanReport) -> str | None:
    """What was code, or may have been, and was not fully analysed; None when nothing was."""
    lost = [group for group in skip_groups(report) if group.is_important and group.reason is not SkipReason.BINARY]
    parts = [f"{n(len(group.entries), 'file')} {group.reason} ({group.side})" for group in lost]
    degraded = degraded_files(report)
    if degraded:
        parts.append(f"{n(len(degraded), 'candidate file')} compared as plain tokens")
    return ", ".join(parts) or None


TRANSLATED_CAVEAT = (
    "Agreement between languages (translated) is weaker evidence than agreement of code: no tokens can be compared, "
    "only names, constants, comments and order, and programs for the same job share the vocabulary of their trade."
)
REACH_CAVEAT = (
    "No evidence is not “not memorised”: shorter, reworded or restructured recall can go unseen, and what was "
    "not analysed was not compared."
)


def reach_words(report: ScanReport) -> list[str]:
    """What this scan could and could not have seen."""
    summary = report.summary
    lines = [
        f"Identical runs of at least {n(summary.minimum_detectable_tokens, 'token')} between files of one language "
        f"family are always found; {percent(summary.analysed_share)} of the candidate's code bytes were analysed."
    ]
    if summary.n_common_hashes:
        fingerprints = n(summary.n_common_hashes, "fingerprint")
        lines.append(
            f"Exception: {fingerprints} too common on one side to tell much; only identical text was compared."
        )
    if any(item.layer is Layer.TRANSLATED for finding in report.findings for item in finding.evidence):
        lines.append(TRANSLATED_CAVEAT)
    return [*lines, REACH_CAVEAT]
