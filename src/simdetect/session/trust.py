"""A session -> which outputs can be taken for what the given executable printed.

A session comes from the submitter, and the executable may be a filter, or the submitter's own build. So an output is
*clean* only when its command runs nothing but the executable (`shell`), nothing before it may have written where the
executable lies, and, once something may have come in from elsewhere, when the executable got options alone: what it is
fed it may print. What else ran the executable is *mixed*: it may hold what the executable printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simdetect.model import SessionText, TextSource
from simdetect.session.effects import effect_of, may_write
from simdetect.session.trajectory import Event, Kind

__all__ = ["EXECUTABLE", "judged_texts"]

EXECUTABLE: Final = "executable"


@dataclass
class _Trust:
    """What the session has done so far. is_own: the executable may be the submitter's. is_tainted: a file that was
    written may write there once it is run. has_foreign: texts may have come in from elsewhere."""

    names: frozenset[str]
    is_own: bool = False
    is_tainted: bool = False
    has_foreign: bool = False

    def output(self, commands: Sequence[str]) -> tuple[TextSource, str]:
        """Whose text the output of commands is, and what their arguments come to; the commands are taken note of."""
        effects = [effect_of(command, self.names) for command in commands]
        is_clean = bool(effects) and all(effect.is_clean and not effect.replaces for effect in effects)
        is_fed = self.has_foreign and any(effect.takes_input for effect in effects)
        runs = any(effect.runs for effect in effects)
        for effect in effects:
            self.is_tainted = self.is_tainted or any(may_write(text, self.names) for text in effect.written)
            self.is_own = self.is_own or effect.replaces or (effect.runs_others and self.is_tainted)
            self.has_foreign = self.has_foreign or effect.fetches
        spoken = "\n".join(effect.spoken for effect in effects)
        if is_clean and not is_fed and not self.is_own:
            return TextSource.EXECUTABLE, spoken
        return TextSource.MIXED if runs else TextSource.OTHER, spoken


def judged_texts(events: Sequence[Event], names: Sequence[str] = (EXECUTABLE,)) -> Iterator[SessionText]:
    """The texts of a session in order, each with its source. names: last parts of the paths of the executable."""
    trust = _Trust(frozenset(names))
    for event in events:
        source = TextSource.OTHER
        if event.kind is Kind.PRINTED and event.commands is not None:
            source, spoken = trust.output(event.commands)
            yield SessionText(event.step, spoken.encode("utf-8", "replace"), TextSource.OTHER)
        elif event.kind is Kind.PRINTED:
            trust.is_own = trust.is_own or trust.is_tainted  # a tool of unknown powers
        elif event.kind is Kind.WRITTEN:
            trust.is_tainted = trust.is_tainted or _writes_file(event.text, trust.names)
        yield SessionText(event.step, event.text.encode("utf-8", "replace"), source)


def _writes_file(text: str, names: frozenset[str]) -> bool:
    """Whether what the model wrote may be, or hold, a file that writes where the executable lies: a file begins with
    `#!`, or it names the executable as what a compiler makes."""
    return any(f"-o {name}" in text or f"-o ./{name}" in text for name in names)
