"""What an author saw the executable print -> what agreement with the original proves nothing.

A text counts as *observed* only where its first occurrence in the whole session is in a clean output (see `session`):
what the model wrote before, or saw in a file or in another output, it need not have from the executable. Texts are
compared as everywhere else: by names, and by runs of one to three words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from simdetect.model import I64, U64, Bool, ExclusionReason, Session, SessionText, TextFile, TextSource
from simdetect.tokens.symbols import hash_spans
from simdetect.tokens.words import NAME_BYTE, runs_of
from simdetect.weighing.handouts import Handout
from simdetect.weighing.text_runs import runs, words_in

__all__ = ["as_handouts", "from_session", "printed_beside"]


def as_handouts(texts: Sequence[TextFile]) -> list[Handout]:
    """Plain texts that somebody says were observed."""
    return [Handout(text.path, ExclusionReason.OBSERVED, text.content, ()) for text in texts]


def from_session(session: Session) -> list[Handout]:
    """What each clean output shows first, as something that was handed out; its path says at which step."""
    names, words = _Firsts(map(_names, session.texts)), _Firsts(map(_runs, session.texts))
    found = []
    for number, text in enumerate(session.texts):
        if text.source is TextSource.EXECUTABLE:
            content, said = _without_known(text, names.is_first(number)), words.values(number)
            path = f"{session.label}, step {text.step}"
            found.append(Handout(path, ExclusionReason.OBSERVED, content, (), runs=said))
    return found


def printed_beside(session: Session) -> list[Handout]:
    """Outputs of commands that ran the executable, but not alone: they may hold what it printed."""
    return [
        Handout(f"{session.label}, step {text.step}", ExclusionReason.OBSERVABLE, text.text, ())
        for text in session.texts
        if text.source is TextSource.MIXED
    ]


class _Firsts:
    """Values of texts in order, and which of them occur in no text before."""

    def __init__(self, parts: Iterator[U64]) -> None:
        self._parts = list(parts)
        flat = np.concatenate([np.zeros(0, np.uint64), *self._parts])
        _, first, inverse = np.unique(flat, return_index=True, return_inverse=True)
        self._start = np.cumsum([0, *(len(part) for part in self._parts)])
        self._first: I64 = first[inverse] if len(flat) else np.zeros(0, np.int64)

    def is_first(self, number: int) -> Bool:
        """Of the values of one text, those that no text before it has; repetitions in it included."""
        start, end = self._start[number : number + 2]
        found: Bool = self._first[start:end] >= start
        return found

    def values(self, number: int) -> U64:
        """The values of one text that no text before it has."""
        return self._parts[number][self.is_first(number)]


def _names(text: SessionText) -> U64:
    return hash_spans(text.text, *runs_of(text.text, NAME_BYTE))


def _runs(text: SessionText) -> U64:
    return np.concatenate(runs(words_in(text.text)))


def _without_known(text: SessionText, is_first: Bool) -> bytes:
    """A text with blanks in the place of names that were known before."""
    start, end = runs_of(text.text, NAME_BYTE)
    shown = np.frombuffer(text.text, np.uint8).copy()
    for low, high in zip(start[~is_first].tolist(), end[~is_first].tolist(), strict=True):
        shown[low:high] = ord(" ")
    return shown.tobytes()
