"""The text of both sides, for formats that show more code than the excerpts of a report.

A `ScanReport` holds no sources: they come from the scan itself, or are read again for a stored report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simdetect.errors import InputError
from simdetect.model import ScanReport, SourceTree

__all__ = ["SourceTexts", "without_source"]


@dataclass(frozen=True, slots=True, eq=False)
class SourceTexts:
    """Contents by path: of the candidate, and of each original in the order of `ScanReport.originals`.

    Contents are UTF-8, as `SourceFile.content`: the line numbers of a report refer to them.
    """

    candidate: Mapping[str, bytes]
    originals: tuple[Mapping[str, bytes], ...]

    @classmethod
    def of(cls, candidate: SourceTree, originals: Sequence[SourceTree]) -> SourceTexts:
        """The texts of trees that were just scanned."""
        return cls(_contents(candidate), tuple(_contents(tree) for tree in originals))

    @classmethod
    def checked(cls, report: ScanReport, candidate: SourceTree | None, originals: Sequence[SourceTree]) -> SourceTexts:
        """The texts of trees that were read again. Which original is which follows from their digests.

        Raises:
            InputError: a tree is not the one that was scanned: the lines of the report would show other code.
        """
        if candidate is not None and candidate.digest != report.candidate.digest:
            raise InputError(f"{candidate.label} is not the candidate of this report: its digest differs")
        by_digest = {tree.digest: _contents(tree) for tree in originals}
        wanted = [summary.digest for summary in report.originals]
        for tree in originals:
            if tree.digest not in wanted:
                raise InputError(f"{tree.label} is not an original of this report: its digest differs")
        of_candidate = {} if candidate is None else _contents(candidate)
        return cls(of_candidate, tuple(by_digest.get(digest, {}) for digest in wanted))

    def original(self, source: int, path: str) -> bytes | None:
        """The content of an original file, None when it is not there. source: index into the originals."""
        return self.originals[source].get(path) if source < len(self.originals) else None


def _contents(tree: SourceTree) -> dict[str, bytes]:
    return {file.path: file.content for file in tree.files}


def without_source(report: ScanReport) -> ScanReport:
    """The report without a line of code: lines and digests only, for originals that may not be shared."""
    findings = tuple(
        replace(finding, evidence=tuple(replace(evidence, excerpt=None, items=()) for evidence in finding.evidence))
        for finding in report.findings
    )
    return replace(report, findings=findings)
