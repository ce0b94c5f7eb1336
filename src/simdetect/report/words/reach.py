"""What a scan could have seen and what it could not: the caveats of every report."""

from __future__ import annotations

from simdetect.model import LAYERS, ScanReport, Verdict
from simdetect.report.words.numbers import n, percent

__all__ = ["REACH_CAVEAT", "reach_words"]

REACH_CAVEAT = (
    "No evidence is not “not memorised”: shorter, reworded or restructured recall can go unseen, and what was "
    "not analysed was not compared."
)
_POWER = (
    "What this scan would have found, had it been there, is measured by 'simdetect power' with the same inputs and "
    "options."
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
    power = [_POWER] if summary.verdict is Verdict.NO_EVIDENCE else []
    return [*lines, *_caveats_of_layers(report), REACH_CAVEAT, *power]


def _caveats_of_layers(report: ScanReport) -> list[str]:
    """What must be said of the layers of the evidence listed."""
    used = {evidence.layer for finding in report.findings for evidence in finding.evidence}
    return [row.caveat for layer, row in LAYERS.items() if layer in used and row.caveat]
