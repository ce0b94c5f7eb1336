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
