"""A session -> which outputs can be taken for what the given executable printed.

A session comes from the submitter, and the executable may be a filter, or the submitter's own build. So an output is
*clean* only when its command runs nothing but the executable (`shell`), where it ran before, nothing before it may have
written there, and, once a file was put together, when the executable was asked for help alone: what it is fed it may
print. What else ran the executable is *mixed*: it may hold what the executable printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simdetect.model import SessionText, TextSource
from simdetect.session.effects import Effect, effect_of
from simdetect.session.trajectory import Event, Kind

__all__ = ["EXECUTABLE", "judged_texts"]

EXECUTABLE: Final = "executable"


@dataclass
class _Trust:
    """What the session has done so far. is_own: the executable may be the submitter's, or the shell be another.
    has_foreign: files were put together that stand nowhere as a whole. assigned: names that the shell may still know.
    places: where the executable lies, at most one beside each of the roots that a path can have."""

    names: frozenset[str]
    is_own: bool = False
    has_foreign: bool = False
    assigned: frozenset[str] = frozenset()
    places: dict[str, str] = field(default_factory=dict)
    known: dict[str, Effect] = field(default_factory=dict)

    def ask(self, event: Event) -> list[str]:
        """Take note of the commands that a turn asks for, whether or not their outputs are shown: they may run in any
        order. Gives what their arguments come to."""
        effects = [effect_of(command, self.names, self.assigned) for command in event.commands or ()]
        self.known.update(zip(event.commands or (), effects, strict=True))
        for effect in effects:
            self.is_own = self.is_own or effect.replaces or effect.runs_others
            self.has_foreign = self.has_foreign or effect.joins
            self.assigned |= effect.assigned
        self.is_own = self.is_own or event.is_unknown
        return [effect.spoken for effect in effects]

    def output(self, event: Event) -> TextSource:
        """Whose text an output is."""
        if event.commands is None:
            self.is_own = True  # a tool of unknown powers
            return TextSource.OTHER
        effects = [self.known.get(command) or effect_of(command, self.names) for command in event.commands]
        runs = any(effect.runs for effect in effects)
        is_clean = bool(effects) and all(self._is_clean(effect) for effect in effects)
        if is_clean and not self.is_own and not event.is_unknown:
            return TextSource.EXECUTABLE
        return TextSource.MIXED if runs else TextSource.OTHER

    def _is_clean(self, effect: Effect) -> bool:
        for place in effect.places:
            self.places.setdefault(_root(place), place)
        is_here = all(self.places[_root(place)] == place for place in effect.places)
        return effect.is_clean and is_here and not (self.has_foreign and effect.takes_input)


def judged_texts(events: Sequence[Event], names: Sequence[str] = (EXECUTABLE,)) -> Iterator[SessionText]:
    """The texts of a session in order, each with its source. names: last parts of the paths of the executable."""
    trust = _Trust(frozenset(names))
    for event in events:
        source = TextSource.OTHER
        if event.kind is Kind.PRINTED:
            source = trust.output(event)
        elif event.kind is Kind.WRITTEN:
            for spoken in trust.ask(event):
                yield SessionText(event.step, spoken.encode("utf-8", "replace"), TextSource.OTHER)
        yield SessionText(event.step, event.text.encode("utf-8", "replace"), source)


def _root(place: str) -> str:
    """What a path begins at: the root, where the shell began, or the search path. The same file has one of each."""
    return place[0] if place[0] in "/?" else ""
