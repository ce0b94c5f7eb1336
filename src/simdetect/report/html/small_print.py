"""What does not count, what was not analysed, and with which inputs and settings the report was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from simdetect.model import ScanReport
from simdetect.report import words
from simdetect.report.safe import clip

__all__ = ["degraded", "excluded", "inputs", "known", "settings", "skips"]

_MAX_EXCLUDED = 10
_MAX_SKIPPED = 100


def excluded(report: ScanReport, numbers: Mapping[int, int]) -> list[dict[str, str]]:
    """The heaviest pieces of evidence that do not count, with what says so. numbers: of findings, by `id`."""
    found = [
        (evidence, finding, index)
        for finding in report.findings
        for index, evidence in enumerate(finding.evidence, 1)
        if evidence.excluded
    ]
    found.sort(key=lambda piece: (-(piece[0].bits or 0), -piece[0].n_tokens))
    return [
        {
            "href": f"#file-{numbers[id(finding)]}-{index}",
            "place": words.candidate_place(finding, evidence),
            "original": words.original_place(report, evidence),
            "tokens": words.evidence_words(evidence),
            "why": words.exclusion_of(evidence),
        }
        for evidence, finding, index in found[:_MAX_EXCLUDED]
    ]


def skips(report: ScanReport) -> list[dict[str, Any]]:
    """Files that were not analysed, by side and reason."""
    return [
        {
            "title": f"{group.side}: {words.n(len(group.entries), 'file')} {group.reason} ({group.meaning})",
            "is_important": group.is_important,
            "entries": [
                {"path": words.path(entry.path), "detail": words.message(entry.detail)}
                for entry in group.entries[:_MAX_SKIPPED]
            ],
            "n_more": max(0, len(group.entries) - _MAX_SKIPPED),
        }
        for group in words.skip_groups(report)
    ]


def degraded(report: ScanReport) -> list[dict[str, str]]:
    """Files that were compared without a syntax tree, with the reason."""
    return [
        {"path": words.path(finding.candidate), "detail": words.message(finding.degraded or "")}
        for finding in words.degraded_files(report)
    ][:_MAX_SKIPPED]


def inputs(report: ScanReport) -> list[dict[str, str]]:
    """What was compared, candidate first."""
    return [
        {
            "role": role,
            "label": words.path(item.label),
            "n_files": f"{item.n_files:,}",
            "n_discovered": f"{item.n_discovered:,}",
            "n_tokens": f"{item.n_tokens:,}",
            "languages": words.languages_words(item),
            "digest": clip(item.digest, 80),
        }
        for role, item in words.inputs(report)
    ]


def known(report: ScanReport) -> list[str]:
    """Which revisions were compared, and what the author is taken to have had and seen."""
    said = (*words.revision_words(report), words.setting_words(report), *words.observed_words(report))
    return [line for line in said if line]


def settings(report: ScanReport) -> list[dict[str, Any]]:
    """The free-form parts of the report as tables of names and values."""
    groups = (("Settings that affect the result", report.settings), ("Tool", report.tool), ("This run", report.run))
    return [{"name": name, "rows": _setting_rows(values)} for name, values in groups if values]


def _setting_rows(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(clip(str(name), 80), clip(_setting(values[name]), 2000)) for name in sorted(values)]


def _setting(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
