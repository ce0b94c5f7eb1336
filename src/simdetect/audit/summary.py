"""The files of a whole run: its numbers, its summaries, and no debris."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from simdetect.audit.folders import STATS, LocalAudit, folder_of
from simdetect.audit.jobs import Job
from simdetect.model import AuditReport, InstanceResult
from simdetect.report import render_audit
from simdetect.store import sweep, sweep_folder, write_text

__all__ = ["sweep_all", "write_all"]

_METRICS: Final = ("recall_probability", "recall_bits")
_CONTROLLED: Final = "recall_bits_controlled"
_FORMAT_BY_FILE: Final = {"simdetect.json": "json", "simdetect.md": "markdown", "simdetect.html": "html"}


def write_all(what: LocalAudit, report: AuditReport) -> None:
    """Numbers and a summary for each run; one more summary of all when there is a folder for it."""
    for run in what.runs:
        results = tuple(result for result in report.instances if result.run == run.name)
        stats = folder_of(what, run) / STATS
        stats.mkdir(parents=True, exist_ok=True)
        _write_numbers(stats, results)
        of_run = replace(report, runs=(run.name,), instances=results)
        _write_summary(stats, of_run, lambda result: f"../{result.report}")
    if what.output is not None:
        _write_summary(what.output, report, lambda result: f"{result.run}/{result.report}")


def _write_numbers(folder: Path, results: Sequence[InstanceResult]) -> None:
    """`recall_probability.json` and `recall_bits.json`: a number for every instance that was scanned. And
    `recall_bits_controlled.json`: what is left of the bits of those of which other submissions say something."""
    for metric in _METRICS:
        field = metric.removeprefix("recall_")
        values = {result.instance: getattr(result, field) for result in results if result.error is None}
        _write_values(folder / f"{metric}.json", values)
    left = {r.instance: r.control.bits_left for r in results if r.control and r.control.bits_left is not None}
    if left:
        _write_values(folder / f"{_CONTROLLED}.json", left)
    else:
        (folder / f"{_CONTROLLED}.json").unlink(missing_ok=True)


def _write_values(path: Path, values: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(values, indent=1, sort_keys=True) + "\n")


def _write_summary(folder: Path, report: AuditReport, link: Callable[[InstanceResult], str]) -> None:
    """link: from the summary to an instance's report."""
    for name, format in _FORMAT_BY_FILE.items():
        write_text(folder / name, render_audit(report, format, link))


def sweep_all(what: LocalAudit, jobs: Sequence[Job]) -> None:
    """Remove what writers that were killed left beside their files."""
    for job in jobs:
        for path in (job.json_file, job.html_file, job.control_file, job.power_file):
            sweep(path)
    for run in what.runs:
        sweep_folder(folder_of(what, run) / STATS)
    if what.output is not None:
        for name in _FORMAT_BY_FILE:
            sweep(what.output / name)
