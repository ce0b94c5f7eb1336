"""Facts of the recorded session of an instance, beside its report: `<instance>.session.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simdetect.audit.jobs import Job
from simdetect.errors import InputError
from simdetect.model import RegionHistory, ScanReport, SessionCounts, SessionFacts, SourceTree, Verdict, nested
from simdetect.session.facts import Region, fetches_of, history_of, region_history, remarks_of
from simdetect.session.trajectory import read_trajectory
from simdetect.store import write_text

__all__ = ["counts_of", "write_facts"]


def write_facts(job: Job, report: ScanReport, candidate: SourceTree) -> None:
    """Write what the session says; nothing, and no file of an earlier audit, when there is none or it was not used.

    Raises InputError when the session cannot be read.
    """
    if not job.observed or not report.observed:
        job.session_file.unlink(missing_ok=True)
        return
    path = Path(job.observed[0])
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    facts = _facts(job, content, report, candidate)
    write_text(job.session_file, json.dumps(asdict(facts), indent=1) + "\n")


def _facts(job: Job, content: bytes, report: ScanReport, candidate: SourceTree) -> SessionFacts:
    events = read_trajectory(content, Path(job.observed[0]).name)
    history = history_of(events)
    return SessionFacts(
        label=Path(job.observed[0]).name,
        sha256=hashlib.sha256(content).hexdigest(),
        n_steps=history.n_steps,
        regions=tuple(region_history(region, history) for region in _regions(report, candidate)),
        fetches=tuple(fetches_of(events, job.names, with_text=job.with_session_text)),
        remarks=tuple(remarks_of(events, job.names, with_text=job.with_session_text)),
    )


def _regions(report: ScanReport, candidate: SourceTree) -> Iterator[Region]:
    """Evidence that counts, in files with evidence."""
    lines = {file.path: file.content.decode("utf-8", "replace").split("\n") for file in candidate.files}
    for finding in report.findings:
        if finding.verdict is Verdict.EVIDENCE:
            for item in finding.evidence:
                if item.excluded is None:
                    start, end = item.candidate.start_line, item.candidate.end_line
                    yield Region(
                        finding.candidate, start, end, item.fingerprint, _lines(lines, finding.candidate, start, end)
                    )


def _lines(files: dict[str, list[str]], path: str, start: int, end: int) -> Sequence[str]:
    return files.get(path, [])[start - 1 : end]


def counts_of(job: Job) -> SessionCounts | None:
    """The facts of an instance in numbers, None when there are none. Raises ValueError, OSError: damaged."""
    if not job.session_file.is_file():
        return None
    found: dict[str, Any] = nested.loads(job.session_file.read_text("utf-8"))
    regions = [RegionHistory(**region) for region in found["regions"]]
    return SessionCounts(
        n_steps=found["n_steps"],
        n_fetches=len(found["fetches"]),
        n_fetches_of_original=sum(quote["names_original"] for quote in found["fetches"]),
        n_remarks=len(found["remarks"]),
        n_regions=len(regions),
        n_printed_before=sum(region.printed_step is not None for region in regions),
        first_written_step=min((r.written_step for r in regions if r.written_step is not None), default=None),
    )
