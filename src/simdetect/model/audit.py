"""The result of an audit of benchmark runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simdetect.model.layers import Layer
from simdetect.model.power import PowerRow
from simdetect.model.report import Control, LineSpan
from simdetect.model.vocabulary import Verdict

AUDIT_SCHEMA = "simdetect.audit/1"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where to look first in one instance of an audit: its heaviest counted evidence."""

    candidate: str
    original: str
    candidate_lines: LineSpan
    original_lines: LineSpan
    layer: Layer
    n_tokens: int
    bits: float | None


@dataclass(frozen=True, slots=True)
class InstanceResult:
    """One instance of a benchmark run, after its scan.

    language: of the task, or most of the original's code. report: its JSON report, relative to the run's folder of
    reports. error: why there is none; then everything else is None. power: what its scan would have found of planted
    functions; None where that was not measured, nothing where none could be planted.
    """

    run: str
    instance: str
    language: str | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    probability: float | None = None
    bits: float | None = None
    n_flagged_files: int | None = None
    candidate_coverage: float | None = None
    lead: Lead | None = None
    report: str | None = None
    error: str | None = None
    control: Control | None = None
    power: tuple[PowerRow, ...] | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The result of an audit: one entry for every instance of every run, by run and instance."""

    tool: Mapping[str, Any]
    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    instances: tuple[InstanceResult, ...]
    schema: str = AUDIT_SCHEMA
