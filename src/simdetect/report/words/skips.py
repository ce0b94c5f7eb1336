"""What was found and not analysed, or analysed with difficulty."""

from __future__ import annotations

from dataclasses import dataclass

from simdetect.model import FileFinding, ScanReport, Side, SkippedEntry, SkipReason
from simdetect.report.words.numbers import n

__all__ = ["SkipGroup", "degraded_files", "incomplete_words", "skip_groups"]

# Skipped although they may well be code: the reader must know. The rest is routine.
_IMPORTANT_SKIPS = (
    SkipReason.UNREADABLE,
    SkipReason.TOO_LARGE,
    SkipReason.LIMIT,
    SkipReason.ANALYSIS_FAILED,
    SkipReason.UNSAFE_PATH,
    SkipReason.ARCHIVE,
    SkipReason.LFS_POINTER,
    SkipReason.SUBMODULE,
    SkipReason.BINARY,
    SkipReason.TRANSFORMED,
)
_SKIP_MEANING = {
    SkipReason.BINARY: "not text",
    SkipReason.TOO_LARGE: "larger than the size limit",
    SkipReason.UNREADABLE: "could not be read",
    SkipReason.NOT_CODE: "not source code in a supported language",
    SkipReason.SYMLINK: "symbolic link, not followed",
    SkipReason.DUPLICATE_OF: "same content as another file",
    SkipReason.EMPTY: "nothing in it",
    SkipReason.SPECIAL_FILE: "device, pipe or socket",
    SkipReason.EXCLUDED: "left out by --exclude",
    SkipReason.VERSION_CONTROL: "version control data",
    SkipReason.ARCHIVE: "archive inside the input, not opened",
    SkipReason.LFS_POINTER: "a pointer to content that is not here (Git LFS, git-annex)",
    SkipReason.SUBMODULE: "code of another repository that is not here",
    SkipReason.UNSAFE_PATH: "path leads outside the input",
    SkipReason.LIMIT: "beyond the limit on files or bytes",
    SkipReason.ANALYSIS_FAILED: "the analysis failed or was stopped",
    SkipReason.TRANSFORMED: "written by a script through a program that changes it, or in no language that can be told",
}


@dataclass(frozen=True, slots=True)
class SkipGroup:
    """Skipped files of one side and reason, in the order of the report."""

    side: Side
    reason: SkipReason
    meaning: str
    is_important: bool
    entries: tuple[SkippedEntry, ...]


def skip_groups(report: ScanReport) -> list[SkipGroup]:
    """Skipped files grouped by importance, side and reason; the important ones first."""
    grouped: dict[tuple[Side, SkipReason], list[SkippedEntry]] = {}
    for entry in report.skipped:
        grouped.setdefault((entry.side, entry.reason), []).append(entry)
    groups = [
        SkipGroup(side, reason, _SKIP_MEANING[reason], reason in _IMPORTANT_SKIPS, tuple(entries))
        for (side, reason), entries in grouped.items()
    ]
    return sorted(groups, key=lambda group: (not group.is_important, list(Side).index(group.side), group.reason))


def degraded_files(report: ScanReport) -> list[FileFinding]:
    """Candidate files without a full syntax tree, in the order of the report."""
    return [finding for finding in report.findings if finding.degraded is not None]


def incomplete_words(report: ScanReport) -> str | None:
    """What was code, or may have been, and was not fully analysed; None when nothing was."""
    lost = [group for group in skip_groups(report) if group.is_important and group.reason is not SkipReason.BINARY]
    parts = [f"{n(len(group.entries), 'file')} {group.reason} ({group.side})" for group in lost]
    degraded = degraded_files(report)
    if degraded:
        parts.append(f"{n(len(degraded), 'candidate file')} compared as plain tokens")
    return ", ".join(parts) or None
