"""The summary of an audit as JSON, schema `simdetect.audit/2`: what is counted, then every instance.

ASCII only, like the JSON of a report. History of the schema: /1 first version; /2 difficulties, sizes, false flags to
expect.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib import resources
from typing import Any, TypedDict

from simdetect.model import AuditReport, FalseFlags, InstanceResult
from simdetect.report.audit.counts import Counts, by_difficulty, by_language, by_run, by_size, counted, first, histogram
from simdetect.report.audit.power import PowerCounts, power_counts
from simdetect.report.audit.words import Link, address_of

__all__ = ["AuditSummary", "audit_json_schema", "dump_audit"]


class AuditSummary(TypedDict):
    """Field by field the JSON: those of an `AuditReport`, and between them what is counted of its instances."""

    schema: str
    tool: Mapping[str, Any]
    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    summary: Counts
    histogram: list[int]
    by_run: dict[str, Counts]
    by_language: dict[str, Counts]
    by_difficulty: dict[str, Counts]
    by_size: dict[str, Counts]
    false_flags: FalseFlags | None
    first: list[tuple[str, str]]
    power: list[PowerCounts]
    instances: list[InstanceResult]


def dump_audit(report: AuditReport, link: Link | None = None) -> str:
    """The summary as JSON text, one line break at the end. link: addresses for `report` of each instance."""
    return json.dumps(_summary(report, link), indent=1, allow_nan=False, default=asdict) + "\n"


def _summary(report: AuditReport, link: Link | None) -> AuditSummary:
    return {
        "schema": report.schema,
        "tool": dict(report.tool),
        "settings": dict(report.settings),
        "runs": report.runs,
        "summary": counted(report.instances),
        "histogram": histogram(report.instances),
        "by_run": by_run(report),
        "by_language": by_language(report),
        "by_difficulty": by_difficulty(report),
        "by_size": by_size(report),
        "false_flags": report.false_flags,
        "first": [(result.run, result.instance) for result in first(report.instances)],
        "power": power_counts(report),
        "instances": [replace(result, report=address_of(result, link)) for result in report.instances],
    }


def audit_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the summary, as shipped in the package."""
    text = resources.files("simdetect.report.audit").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
