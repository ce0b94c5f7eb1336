"""The files of a whole run: its numbers, its summaries, and no debris."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from simdetect.audit.folders import STATS, SUMMARY, LocalAudit, folder_of
from simdetect.audit.jobs import Job
from simdetect.model import AuditReport, InstanceResult, Verdict
from simdetect.report import render_audit
from simdetect.store import sweep, sweep_folder, write_text

__all__ = ["sweep_all", "write_all"]

_METRICS: Final = ("recall_probability", "recall_bits")
_CONTROLLED: Final = "recall_bits_controlled"
_FORMAT_BY_FILE: Final = {
    "simdetect.json": "json",
    "simdetect.md": "markdown",
    "simdetect.html": "html",
    "audit.csv": "csv",
}
_JUDGED: Final = (Verdict.EVIDENCE, Verdict.NO_EVIDENCE)


def write_all(what: LocalAudit, report: AuditReport) -> None:
    """Numbers and a summary for each run; one more summary of all when there is a folder for it."""
    for run in what.runs:
        folder = folder_of(what, run)
        results = tuple(result for result in report.instances if result.run == run.name)
        _write_numbers(folder / STATS, results)
        of_run = replace(report, runs=(run.name,), instances=results)
        _write_summary(folder / SUMMARY, of_run, lambda result: f"../{result.report}")
    if what.output is not None:
        _write_summary(what.output, report, lambda result: f"{result.run}/{result.report}")


def _write_numbers(folder: Path, results: Sequence[InstanceResult]) -> None:
    """A number for every instance that was judged: nothing for one that is inconclusive or was not scanned, for any
    number would be read as an answer. Every file here is copied to the registry, so each is a flat object."""
    folder.mkdir(parents=True, exist_ok=True)
    judged = [result for result in results if result.verdict in _JUDGED]
    for metric in _METRICS:
        found = {result.instance: getattr(result, metric.removeprefix("recall_")) for result in judged}
        _write_values(folder / f"{metric}.json", {name: value for name, value in found.items() if value is not None})
    left = {r.instance: r.control.bits_left for r in judged if r.control and r.control.bits_left is not None}
    if left:
        _write_values(folder / f"{_CONTROLLED}.json", left)
    else:
        (folder / f"{_CONTROLLED}.json").unlink(missing_ok=True)
    for name in _FORMAT_BY_FILE:  # where earlier versions wrote summaries
        (folder / name).unlink(missing_ok=True)


def _write_values(path: Path, values: Mapping[str, float]) -> None:
    write_text(path, json.dumps(values, indent=2, sort_keys=True) + "\n")


def _write_summary(folder: Path, report: AuditReport, link: Callable[[InstanceResult], str]) -> None:
    """link: from the summary to an instance's report."""
    folder.mkdir(parents=True, exist_ok=True)

    def page(result: InstanceResult) -> str:
        """The HTML report, where there is one: people read that."""
        address = link(result).removesuffix(".json") + ".html"
        return address if (folder / address).is_file() else link(result)

    for name, format in _FORMAT_BY_FILE.items():
        write_text(folder / name, render_audit(report, format, page if format == "html" else link))


def sweep_all(what: LocalAudit, jobs: Sequence[Job]) -> None:
    """Remove what writers that were killed left beside their files."""
    for job in jobs:
        for path in (job.json_file, job.html_file, job.control_file, job.session_file, job.power_file):
            sweep(path)
    for run in what.runs:
        for name in (STATS, SUMMARY):
            sweep_folder(folder_of(what, run) / name)
    if what.output is not None:
        for name in _FORMAT_BY_FILE:
            sweep(what.output / name)
