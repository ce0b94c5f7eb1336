"""The summary of an audit as a table for spreadsheets: one row for each instance of each run, judged or not."""

from __future__ import annotations

import csv
import io

from simdetect.model import AuditReport, InstanceResult
from simdetect.report.audit.counts import outcome_of
from simdetect.report.audit.words import Link, address_of, place_words
from simdetect.report.csv import Cell, cell_of

__all__ = ["COLUMNS", "render_csv"]

COLUMNS = (
    "run",
    "instance",
    "language",
    "difficulty",
    "n_tokens",
    "outcome",
    "probability",
    "bits",
    "bits_without_what_others_have",
    "candidate_coverage",
    "n_flagged_files",
    "reason",
    "where",
    "near_identical",
    "session_steps",
    "session_fetches",
    "session_remarks",
    "session_first_written_step",
    "decision",
    "decision_reason",
    "decided_by",
    "report",
)


def render_csv(report: AuditReport, link: Link | None = None) -> str:
    """Every instance, with a header line. link: addresses of JSON reports."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell_of(value) for value in _cells(result, link)] for result in report.instances)
    return out.getvalue()


def _cells(result: InstanceResult, link: Link | None) -> tuple[Cell, ...]:
    said = result.control
    return (
        result.run,
        result.instance,
        result.language,
        result.difficulty,
        result.n_tokens,
        outcome_of(result),
        result.probability,
        result.bits,
        said.bits_left if said else None,
        result.candidate_coverage,
        result.n_flagged_files,
        result.error or result.reason,
        place_words(result) if result.lead else None,
        " ".join(said.near_identical) if said else None,
        *_session_cells(result),
        *_decision_cells(result),
        address_of(result, link),
    )


def _session_cells(result: InstanceResult) -> tuple[Cell, ...]:
    said = result.session
    return (said.n_steps, said.n_fetches, said.n_remarks, said.first_written_step) if said else (None,) * 4


def _decision_cells(result: InstanceResult) -> tuple[Cell, ...]:
    said = result.decision
    return (said.status, said.reason, "; ".join(said.by)) if said else (None,) * 3
