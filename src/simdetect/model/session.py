"""Texts of a recorded session, in the order in which they came up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from simdetect.model.source import SkippedFile, TextFile


class TextSource(IntEnum):
    """Where a text of a session comes from."""

    OTHER = 0  # the model, the harness, or a command that did not run the executable
    MIXED = 1  # a command that ran the executable, but not alone, or one that may be somebody else's
    EXECUTABLE = 2  # a command that ran the given executable and nothing else


@dataclass(frozen=True, slots=True)
class SessionText:
    """A text of a session. step: the turn of the model that it belongs to."""

    step: int
    text: bytes
    source: TextSource


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A session that was read. label: its file name. sha256: of the file. texts: in order."""

    label: str
    sha256: str
    texts: tuple[SessionText, ...]

    def n_outputs(self, source: TextSource) -> int:
        """Outputs of one source."""
        return sum(text.source is source for text in self.texts)


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """One input that holds what the author saw. sessions, texts: in order of their paths. unread: what was skipped."""

    label: str
    digest: str
    sessions: tuple[Session, ...]
    texts: tuple[TextFile, ...]
    unread: tuple[SkippedFile, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether something in it can be taken for what the executable printed."""
        return bool(self.texts) or any(session.n_outputs(TextSource.EXECUTABLE) for session in self.sessions)


# --- facts of a session ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionQuote:
    """Something that a session says.

    step: the turn of the model. kind: what it is. names_original: whether it names the original. text: the words,
    without keys, addresses and home folders; "" when quotes are left out.
    """

    step: int
    kind: str
    names_original: bool
    text: str


@dataclass(frozen=True, slots=True)
class RegionHistory:
    """Where a flagged region of the candidate comes up in a session.

    candidate, start_line, end_line, fingerprint: of the evidence. n_lines: lines that say something. written_step: the
    turn by which half of them had been written; None when they never were, as text. printed_step: the turn by
    which half of them had been printed before they were written; None when they were not.
    """

    candidate: str
    start_line: int
    end_line: int
    fingerprint: str
    n_lines: int
    written_step: int | None
    printed_step: int | None


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """The facts of a session in numbers. n_fetches_of_original: those that name it. n_printed_before: flagged regions
    that were printed before they were written. first_written_step: of any flagged region."""

    n_steps: int
    n_fetches: int
    n_fetches_of_original: int
    n_remarks: int
    n_regions: int
    n_printed_before: int
    first_written_step: int | None


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a recorded session says beside the code: facts, and no judgement.

    regions: of flagged files. fetches: commands that got something from elsewhere or looked for it. remarks: where the
    model names the original's source.
    """

    label: str
    sha256: str
    n_steps: int
    regions: tuple[RegionHistory, ...]
    fetches: tuple[SessionQuote, ...]
    remarks: tuple[SessionQuote, ...]
    schema: str = "simdetect.session/1"
