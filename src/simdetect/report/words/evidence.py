"""One file and one piece of evidence: how much agrees, in which layers, where, and what does not count.

What is said of a layer stands in `model.layers.LAYERS`; nothing here knows one by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from simdetect.model import LAYERS, Evidence, FileFinding, FoundIn, Layer, ScanReport, SharedText, TextKind
from simdetect.report.safe import clip
from simdetect.report.words.held import candidate_location
from simdetect.report.words.inputs import original_name
from simdetect.report.words.numbers import location, n, path, percent

__all__ = [
    "agreeing",
    "agreeing_share",
    "candidate_place",
    "coverage_words",
    "evidence_words",
    "exclusion_of",
    "exclusion_words",
    "is_code",
    "item_words",
    "items_words",
    "layer_bits_words",
    "layer_shares",
    "original_place",
    "score_of",
    "units_of",
]

# --- files ---------------------------------------------------------------------------------------------------------


def agreeing(report: ScanReport) -> list[FileFinding]:
    """The findings with any agreement, counted or excluded, strongest first as in the report."""
    return [finding for finding in report.findings if finding.n_evidence or finding.evidence]


def layer_shares(finding: FileFinding) -> list[tuple[Layer, float]]:
    """Share of the file's tokens by layer, strongest layer first, layers without a share left out."""
    return [(layer, finding.coverage[layer]) for layer in LAYERS if finding.coverage.get(layer, 0) > 0]


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


def layer_bits_words(layer_bits: Mapping[Layer, float]) -> str:
    """What each layer adds, strongest layer first: "verbatim 971, comment 40"."""
    return ", ".join(f"{layer} {layer_bits[layer]:,.0f}" for layer in LAYERS if layer_bits.get(layer, 0) >= 0.5)


def score_of(finding: FileFinding) -> str:
    """How much a file resembles the original most like it, as it stands in tables; "" without any original."""
    return f"{finding.score:.2f}" if finding.originals else ""


# --- pieces of evidence --------------------------------------------------------------------------------------------


def evidence_words(evidence: Evidence) -> str:
    """How long a piece of evidence is, and how much of it has the same text on both sides."""
    same = "" if evidence.n_verbatim == evidence.n_tokens else f", {evidence.n_verbatim:,} with the same text"
    return n(evidence.n_tokens, LAYERS[evidence.layer].noun) + same


def is_code(evidence: Evidence) -> bool:
    """Whether a piece of evidence is a stretch of code, counted in tokens."""
    return LAYERS[evidence.layer].found_in is FoundIn.CODE


def candidate_place(finding: FileFinding, evidence: Evidence) -> str:
    """The candidate's file and lines."""
    return candidate_location(finding, evidence.candidate)


def original_place(report: ScanReport, evidence: Evidence) -> str:
    """The original's file and lines, with the label of its input when there are several."""
    return location(original_name(report, evidence.source, evidence.original), evidence.original_span)


def units_of(evidence: Evidence) -> str:
    """What a piece of evidence calls its two sides, "" when it calls them nothing."""
    candidate, original = clip(evidence.candidate_unit, 80), clip(evidence.original_unit, 80)
    return candidate if candidate == original or not original else f"{candidate} ↔ {original}"


def item_words(item: SharedText) -> str:
    """One text: what the original has in its place, where that differs, and what it is, where it has no bits."""
    text = clip(item.text, 60)
    shown = f"{text} = {clip(item.original_text, 60)}" if item.original_text else text
    return f"{item.kind} {shown}" if item.kind and item.kind not in (TextKind.NAME, TextKind.CONSTANT) else shown


def items_words(evidence: Evidence, most: int) -> str:
    """The first texts of a piece of evidence that consists of texts; "" for one that does not."""
    shown = ", ".join(item_words(item) for item in evidence.items[:most])
    n_more = max(evidence.n_tokens, len(evidence.items)) - most
    return f"{shown} and {n_more:,} more" if shown and n_more > 0 else shown


# --- what does not count -------------------------------------------------------------------------------------------


def exclusion_of(evidence: Evidence) -> str:
    """Why a piece of evidence does not count, and what says so; "" when it counts."""
    if evidence.excluded is None:
        return ""
    by = f" ({path(evidence.excluded.by)})" if evidence.excluded.by else ""
    return f"{evidence.excluded.reason}{by}"


def exclusion_words(report: ScanReport) -> list[str]:
    """What agrees but does not count, by reason; "at least", when some of it is not in the report's lists."""
    at_least = "at least " if any(len(finding.evidence) < finding.n_evidence for finding in report.findings) else ""
    pieces: Counter[str] = Counter()
    tokens: Counter[str] = Counter()  # of code only: words and texts are not tokens
    for evidence in (evidence for finding in report.findings for evidence in finding.evidence):
        if evidence.excluded:
            pieces[evidence.excluded.reason] += 1
            tokens[evidence.excluded.reason] += evidence.n_tokens if is_code(evidence) else 0
    return [
        f"{reason}: {at_least}{n(pieces[reason], 'agreement')}"
        + (f", {n(tokens[reason], 'token')} of code" if tokens[reason] else "")
        for reason in sorted(pieces)
    ]
