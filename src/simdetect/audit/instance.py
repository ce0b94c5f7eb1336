"""What a worker does for one instance: scan it, write its report, and say in a line what came of it.

An instance that cannot be scanned is a result with an error. A report is written whole, with the stamp of everything
that decided it; times are not in it, so that one that is written again is the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from simdetect.audit.jobs import Job
from simdetect.audit.rates import flag_rate_of
from simdetect.audit.sessions import counts_of, write_facts
from simdetect.errors import InputError, SimdetectError
from simdetect.model import (
    REPORT_SCHEMA,
    InstanceResult,
    Layer,
    Lead,
    LineSpan,
    ScanReport,
    SourceTree,
    Verdict,
    nested,
)
from simdetect.options import ScanOptions
from simdetect.report import load_report, render
from simdetect.running import shared_pool
from simdetect.scanning.inputs import Original
from simdetect.scanning.kept import keep_original
from simdetect.scanning.observed import read_observed
from simdetect.scanning.scanner import Scanner
from simdetect.store import write_text

__all__ = ["believed", "failure_of", "finished", "scan_instance", "scanner_of", "write_report"]

_MAX_REPORT_BYTES: Final = 1 << 30


def scan_instance(job: Job) -> InstanceResult:
    """Scan one instance and write its report; what a worker runs. Whatever goes wrong is a result."""
    try:
        scanner = scanner_of(job.options)
        originals = [keep_original(scanner, location) for location in (job.original, *job.releases)]
        trees: list[SourceTree] = []
        report = replace(_scanned(job, scanner, originals, trees.append), run={"stamp": job.stamp})
        if job.label is not None:
            report = replace(report, candidate=replace(report.candidate, label=job.label))
        text = render(report, "json")
        job.json_file.parent.mkdir(parents=True, exist_ok=True)
        write_facts(job, report, trees[0])
        write_report(job, text)
        return _result(job, nested.loads(text))
    except SimdetectError as error:
        return failure_of(job, str(error))
    except Exception as error:  # one instance must not end an audit of thousands
        return failure_of(job, f"internal error, please report it ({type(error).__name__}: {error})")


def _scanned(
    job: Job, scanner: Scanner, originals: Sequence[Original], keep: Callable[[SourceTree], None]
) -> ScanReport:
    """The report. A session that cannot be read is named in it, and not believed: as if there were none."""
    observed, note = believed(job)
    others = [keep_original(scanner, other) for other in job.elsewhere]
    report = scanner.scan(
        job.submission,
        *originals,
        given=job.given,
        observed=observed,
        documents=job.documents,
        elsewhere=others,
        on_sources=lambda candidate, _: keep(candidate),
    )
    return replace(report, warnings=(*report.warnings, *note))


def believed(job: Job) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The recorded session, as far as it can be read, and what is wrong with it. A stranger wrote it: whatever that is,
    it must not keep the submission unscanned."""
    try:
        for path in job.observed:
            read_observed(path, job.options, None)
    except Exception as error:
        reason = str(error) if isinstance(error, SimdetectError) else type(error).__name__
        return (), (f"The recorded session was not used: {reason}",)
    return job.observed, ()


@cache
def scanner_of(options: ScanOptions) -> Scanner:
    """The worker's own scanner: its processes live as long as the worker."""
    return Scanner(options, shared_pool(options.jobs, options.limit_memory_bytes))


def write_report(job: Job, text: str) -> None:
    """Write a report, its JSON last: who finds that finds the rest. HTML is made from the JSON alone, so that a report
    that is written again later is the same bytes."""
    if job.with_html:
        write_text(job.html_file, render(load_report(text), "html"))
    write_text(job.json_file, text)


def failure_of(job: Job, message: str) -> InstanceResult:
    """The result of an instance that could not be scanned."""
    message = " ".join(message.split())
    return InstanceResult(job.run, job.instance, job.language, error=message, difficulty=job.difficulty)


def finished(job: Job) -> InstanceResult | None:
    """The result of an earlier audit, None when there is none that would be the same now."""
    target = job.json_file
    try:
        if target.stat().st_size > _MAX_REPORT_BYTES or (job.with_html and not job.html_file.exists()):
            return None
        text = target.read_text("utf-8")
        report = nested.loads(text)
        if bool(report["observed"] and job.observed) != job.session_file.is_file():
            return None
        if report["schema"] != REPORT_SCHEMA or report["run"].get("stamp") != job.stamp:
            return None
        load_report(text)
        return _result(job, report)
    except (OSError, ValueError, InputError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None


def _result(job: Job, report: Mapping[str, Any]) -> InstanceResult:
    """What an audit says of one instance, from its report as JSON: the same for a new report and an old one."""
    summary = report["summary"]
    return InstanceResult(
        run=job.run,
        instance=job.instance,
        language=job.language or _main_language(report["originals"]),
        verdict=Verdict(summary["verdict"]),
        reason=summary["reason"],
        probability=summary["probability"],
        bits=summary["bits"],
        n_flagged_files=summary["n_flagged_files"],
        candidate_coverage=summary["candidate_coverage"],
        lead=_lead(report["findings"]),
        report=job.report,
        difficulty=job.difficulty,
        n_tokens=summary["candidate_tokens"],
        session=counts_of(job),
        flag_rate=flag_rate_of(summary),
    )


def _main_language(originals: Sequence[Mapping[str, Any]]) -> str | None:
    n_files: dict[str, int] = {}
    for original in originals:
        for name, n in original["languages"].items():
            n_files[name] = n_files.get(name, 0) + n
    return min(n_files, key=lambda name: (-n_files[name], name), default=None)


def _lead(findings: Sequence[Mapping[str, Any]]) -> Lead | None:
    counted = [(f["candidate"], e) for f in findings for e in f["evidence"] if e["excluded"] is None]
    if not counted:
        return None
    path, best = min(counted, key=lambda item: (-(item[1]["bits"] or 0.0), item[0], item[1]["candidate"]["start_line"]))
    return Lead(
        candidate=path,
        original=best["original"],
        candidate_lines=LineSpan(**best["candidate"]),
        original_lines=LineSpan(**best["original_span"]),
        layer=Layer(best["layer"]),
        n_tokens=best["n_tokens"],
        bits=best["bits"],
    )
