"""What the summary of an audit says in words, in every format that people read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from simdetect.model import AuditReport, InstanceResult
from simdetect.report.audit.counts import OUTCOMES, Counts
from simdetect.report.safe import clip
from simdetect.report.words import n

__all__ = [
    "GROUP_HEADS",
    "Link",
    "address_of",
    "bits_words",
    "decision_words",
    "false_flag_words",
    "group_cells",
    "name_words",
    "outcome_words",
    "percent_words",
    "place_words",
    "quoted",
    "session_words",
    "title_of",
]

Link = Callable[[InstanceResult], str]
"""The address of an instance's JSON report, as seen from the summary."""

GROUP_HEADS: Final = ("instances", *OUTCOMES, "mean probability", "median bits")
_MAX_NAME: Final = 120


def title_of(report: AuditReport, result: InstanceResult) -> str:
    """The name of an instance, with its run where there are several. Untrusted, not clipped."""
    return result.instance if len(report.runs) == 1 else f"{result.run}/{result.instance}"


def name_words(text: str) -> str:
    """A name from outside, visible and of bounded length."""
    return clip(text, _MAX_NAME)


def percent_words(value: float | None) -> str:
    """A probability in percent."""
    return "not judged" if value is None else f"{100 * value:.1f}%"


def bits_words(value: float | None) -> str:
    """Bits, in whole ones."""
    return "not weighed" if value is None else f"{value:,.0f} bits"


def outcome_words(counts: Counts) -> str:
    """How many instances came to what; errors only where there are any."""
    numbers = _numbers(counts)
    return ", ".join(f"{numbers[name]} {name}" for name in OUTCOMES if numbers[name] or name != "error")


def false_flag_words(report: AuditReport) -> str:
    """How many flags to expect by chance, as a sentence."""
    rate = report.false_flags
    if rate is None:
        return "How many of whole submissions are flagged by chance has not been measured for these settings."
    return (
        f"Of {rate.n_judged:,} judged submissions about {rate.expected:g} would be flagged if all were independent work"
        f" (at most {rate.upper_95:g} with 95% confidence): {rate.flagged:,} of {rate.out_of:,} independent ones were."
    )


def group_cells(counts: Counts) -> tuple[str, ...]:
    """A row of a table of counts, below `GROUP_HEADS`."""
    numbers = _numbers(counts)
    shown = (f"{numbers[name]:,}" for name in ("n_instances", *OUTCOMES))
    return (*shown, percent_words(counts["mean_probability"]), bits_words(counts["median_bits"]))


def _numbers(counts: Counts) -> dict[str, int]:
    return {name: value for name, value in counts.items() if isinstance(value, int)}


def place_words(result: InstanceResult) -> str:
    """Where to look in an instance, and what other submissions say. Untrusted, not clipped."""
    lead = result.lead
    if lead is None:
        return "-"
    candidate, original = lead.candidate_lines, lead.original_lines
    return (
        f"{lead.candidate}:{candidate.start_line}-{candidate.end_line} <-> "
        f"{lead.original}:{original.start_line}-{original.end_line} ({lead.layer}, {lead.n_tokens} tokens)"
        f"{_control_words(result)}"
    )


def _control_words(result: InstanceResult) -> str:
    """What other submissions say of this one, to be appended."""
    said, words = result.control, ""
    if said is not None and said.lead_also_in is not None:
        words += f"; also in {said.lead_also_in} of {n(said.n_voices, 'other submission')}"
    if said is not None and said.bits_left is not None:
        words += f"; {bits_words(said.bits_left)} without what others have too"
    if said is not None and said.near_identical:
        words += f"; nearly identical with the submission of {', '.join(said.near_identical)}"
    return words


def decision_words(result: InstanceResult) -> str:
    """What people decided about an instance. Untrusted, not clipped; "" when nobody said anything."""
    said = result.decision
    if said is None:
        return ""
    left = f", {said.n_open} of {n(said.n_files, 'file')} open" if said.n_open else ""
    how = f"decided: {said.status}" if said.is_final else said.status
    return f"{how}{left} ({'; '.join(said.by)}: {said.reason})"


def session_words(result: InstanceResult) -> str:
    """What the recorded session says, in numbers; "" without one."""
    said = result.session
    if said is None:
        return ""
    words = f"session of {n(said.n_steps, 'step')}: {n(said.n_fetches, 'command')} that fetched or looked around"
    words += f", {n(said.n_remarks, 'remark')} that name the source"
    if said.first_written_step is not None:
        words += f"; flagged code written from step {said.first_written_step} on"
    return words + (
        f", {said.n_printed_before} of {said.n_regions} pieces printed before" if said.n_printed_before else ""
    )


def address_of(result: InstanceResult, link: Link | None) -> str | None:
    """The address of an instance's report, None where it has none."""
    return None if result.report is None or link is None else link(result)


def quoted(address: str) -> str:
    """A relative reference that is the bytes of a path, whatever they are."""
    return quote(address, errors="surrogateescape")
