"""What the scan of one instance would have found of functions that are planted into its submission.

Asked for by option: every trial is a scan. The result is a file beside the report of the instance, which is taken as it
is when the audit starts again. What measures it is given by whoever calls the audit, for `planting` is no part of one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from simdetect.audit.instance import believed, scanner_of
from simdetect.audit.jobs import Job
from simdetect.errors import InputError, SimdetectError
from simdetect.model import PowerReport
from simdetect.report import load_power, render_power
from simdetect.scanning.inputs import Original
from simdetect.scanning.kept import keep_original
from simdetect.scanning.scanner import Known, Scanner
from simdetect.store import write_text

__all__ = ["Measure", "PowerJob", "power_of_instance"]

Power = Callable[[Scanner, str, Sequence[Original], Known], PowerReport]
_MAX_REPORT_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Measure:
    """How power is measured. of: of one submission, importable by name. stamp: stands for what that depends on."""

    of: Power
    stamp: str


@dataclass(frozen=True, slots=True)
class PowerJob:
    """One instance that was scanned, and how its power is measured."""

    job: Job
    measure: Measure


def power_of_instance(task: PowerJob) -> PowerReport | None:
    """Measure the power of a scan and write what came of it; what a worker runs. None when it cannot be measured."""
    known = _finished(task)
    if known is not None:
        return known
    try:
        report = replace(_measured(task), run={"stamp": _stamp(task)})
        write_text(task.job.power_file, render_power(report, "json"))
    except SimdetectError:
        return None
    except Exception:  # one instance must not end an audit of thousands; its scan has its result
        return None
    return _finished(task)


def _measured(task: PowerJob) -> PowerReport:
    job = task.job
    scanner = scanner_of(job.options)
    observed, _ = believed(job)
    known: Known = {"given": job.given, "observed": observed, "documents": job.documents}
    originals = [keep_original(scanner, location) for location in (job.original, *job.releases)]
    return task.measure.of(scanner, job.submission, originals, known)


def _finished(task: PowerJob) -> PowerReport | None:
    """What an earlier audit measured, None when it would be something else now."""
    file = task.job.power_file
    try:
        if file.stat().st_size > _MAX_REPORT_BYTES:
            return None
        report = load_power(file.read_text("utf-8"))
    except (OSError, ValueError, InputError):
        return None
    return report if report.run.get("stamp") == _stamp(task) else None


def _stamp(task: PowerJob) -> str:
    return f"{task.job.stamp} {task.measure.stamp}"
