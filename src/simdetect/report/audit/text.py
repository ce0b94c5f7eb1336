"""The summary of an audit for a terminal."""

from __future__ import annotations

from simdetect.model import AuditReport, InstanceResult, Verdict
from simdetect.report.audit.counts import by_run, counted, first
from simdetect.report.audit.power import power_words
from simdetect.report.audit.words import (
    bits_words,
    decision_words,
    false_flag_words,
    name_words,
    outcome_words,
    percent_words,
    title_of,
)
from simdetect.report.safe import clip
from simdetect.report.words import n

__all__ = ["render_text"]

_MAX_FLAGGED = 10


def render_text(report: AuditReport) -> str:
    """Counts, counts by run, the instances to look at first, and those that were not scanned."""
    lines = [f"{n(len(report.instances), 'instance')}: {outcome_words(counted(report.instances))}"]
    lines += [false_flag_words(report)] if report.false_flags else []
    if len(report.runs) > 1:
        lines += ["", "By run"]
        lines += [f"  {name_words(name)}: {outcome_words(counts)}" for name, counts in by_run(report).items()]
    flagged = [result for result in first(report.instances) if result.verdict is Verdict.EVIDENCE]
    if flagged:
        lines += ["", "Look at first"]
        lines += [f"  {_name(report, r)}  {_numbers(r)}" for r in flagged[:_MAX_FLAGGED]]
    if power := power_words(report):
        lines += ["", "What the scans would have found", *(f"  {line}" for line in power)]
    failed = [result for result in report.instances if result.error is not None]
    if failed:
        lines += ["", "Not scanned"]
        lines += [f"  {_name(report, r)}: {clip(r.error or '', 1200)}" for r in failed]
    return "\n".join(lines) + "\n"


def _name(report: AuditReport, result: InstanceResult) -> str:
    return name_words(title_of(report, result))


def _numbers(result: InstanceResult) -> str:
    said = decision_words(result)
    return f"{percent_words(result.probability)}, {bits_words(result.bits)}" + (f"; {clip(said, 300)}" if said else "")
