"""What was not analysed, or with difficulty, with examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from simdetect.model import ScanReport, SkippedEntry
from simdetect.report import words
from simdetect.report.text.console import item

__all__ = ["degraded", "skipped"]


def skipped(report: ScanReport, n_examples: int) -> Iterator[RenderableType]:
    """A line for each side and reason."""
    for group in words.skip_groups(report):
        shown = group.entries[:n_examples]
        more = f" and {len(group.entries) - len(shown):,} more" if len(group.entries) > len(shown) else ""
        files = words.n(len(group.entries), "file")
        line = f"{group.side}: {files} {group.reason} ({group.meaning}): {_examples(shown)}{more}"
        yield item(line, "yellow" if group.is_important else "")


def _examples(entries: Sequence[SkippedEntry]) -> str:
    """Paths with their details; a detail that all of them share only once."""
    if len({entry.detail for entry in entries}) == 1:
        return _with_detail(", ".join(words.path(entry.path) for entry in entries), entries[0].detail)
    return ", ".join(_with_detail(words.path(entry.path), entry.detail) for entry in entries)


def _with_detail(text: str, detail: str) -> str:
    return f"{text} ({words.message(detail)})" if detail else text


def degraded(report: ScanReport, n_examples: int) -> Iterator[RenderableType]:
    """A line for each file that was compared without its syntax tree."""
    files = words.degraded_files(report)
    for finding in files[:n_examples]:
        reason = words.message(finding.degraded or "")
        yield item(f"{words.path(finding.candidate)}: compared as plain tokens ({reason})", "yellow")
    if len(files) > n_examples:
        yield item(f"and {len(files) - n_examples:,} more", "yellow")
