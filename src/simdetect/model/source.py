"""What was found under one root: files to analyse, files skipped with a reason, documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simdetect.model.vocabulary import FileRole, Side, SkipReason


@dataclass(frozen=True, slots=True)
class Place:
    """Where lines of a file stand in the file that holds it: from `line` on at `holder_line`, one below the other when
    step is 1, all on that line when it is 0. Lines are 1-based. cell: of a notebook, from 1; 0 elsewhere."""

    line: int
    holder_line: int
    step: int = 1
    cell: int = 0


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to analyse.

    path: root-relative, posix. content: UTF-8, whatever the file's own encoding was (`encoding` says which), so
    that line numbers and byte spans refer to these bytes. sha256: of the bytes on disk, not of `content`.
    holder: the file on disk that holds this one, "" when it is that itself. places: where its lines stand in the
    holder, from the first on; empty when they have the same numbers there.
    """

    path: str
    language: str
    content: bytes
    sha256: str
    role: FileRole = FileRole.SOURCE
    encoding: str = "utf-8"
    holder: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """One file that was found and is not analysed; first-class beside `SourceFile`, never dropped."""

    path: str
    reason: SkipReason
    detail: str = ""
    role: FileRole = FileRole.DATA
    n_bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class TextFile:
    """One document: text that is skipped as not code, kept for what it says. content, sha256: as of `SourceFile`."""

    path: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceTree:
    """Everything found under one root. Files and skipped are sorted by path; digest covers both.

    documents: text of some of the skipped files, by path: see `sources.tree`. family: what revisions of one program
    have in common, "" for what is known of none: see `sources.families`.
    """

    label: str
    side: Side
    files: tuple[SourceFile, ...]
    skipped: tuple[SkippedFile, ...]
    digest: str
    documents: tuple[TextFile, ...] = ()
    family: str = ""

    @property
    def n_discovered(self) -> int:
        """Number of files found: analysed and skipped."""
        return len(self.files) + len(self.skipped)


BYTES_IN_ARCHIVE: Final = (
    4  # of code for each byte: it takes a quarter of its size in archives that people make, or less
)
