"""What a recorded session says beside the code: when flagged lines were written, and what was fetched or named.

Facts and no accusation: a `git clone` may be of something else, a line may be printed because the program prints it,
and a session comes from the submitter, who can leave out what he likes. What is not found here proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simdetect.model import RegionHistory, SessionQuote
from simdetect.session.fetching import kind_of_line
from simdetect.session.redact import redacted
from simdetect.session.trajectory import Event, Kind

__all__ = ["History", "Region", "fetches_of", "history_of", "region_history", "remarks_of"]

_MOST_QUOTES: Final = 50
_MOST_LINE: Final = 4000
_LEAST_CHARS: Final = 6  # of a line that says something: not "}", "end" or "else"
_HEREDOC: Final = re.compile(r"<<-?\s{0,3}([\"']?)([A-Za-z_]\w{0,40})\1")
# In programs that a command runs: what they ask a network for.
_INTERPRETED: Final = re.compile(r"\b(?:python\d?|node|ruby|perl|sh|bash)\b[^|>]{0,40}<<")
_IN_PROGRAM: Final = re.compile(
    r"\b(?:urlopen|urlretrieve|requests\.(?:get|post)|httpx\.(?:get|stream)|fetch|http\.[gG]et)\W{1,10}"
    r"(?!.{0,200}(?:localhost|127\.0\.0\.1)).{0,200}https?://"
)
_SOURCE_WORDS: Final = re.compile(
    r"(?i)\b(?:sources?|source[ -](?:code|files?)|github|gitlab|upstream|repo|repository|codebase|implementation"
    r"|original (?:code|program)|crate|package)\b"
)
_MEMORY_WORDS: Final = re.compile(
    r"(?i)\b(?:recall|remember|memory|memori[sz]ed?|familiar with|i know (?:the|this|that|how)|known project"
    r"|from training)\b"
)


@dataclass(frozen=True, slots=True)
class Region:
    """A flagged region. lines: of the candidate."""

    candidate: str
    start_line: int
    end_line: int
    fingerprint: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class History:
    """When each line was first written by the model, and first printed by a command."""

    written: Mapping[str, int]
    printed: Mapping[str, int]
    n_steps: int


def history_of(events: Sequence[Event]) -> History:
    """Index a session by its lines."""
    written: dict[str, int] = {}
    printed: dict[str, int] = {}
    for event in events:
        if event.kind is not Kind.TOLD:
            into = written if event.kind is Kind.WRITTEN else printed
            for line in _telling(event.text.split("\n")):
                into.setdefault(line, event.step)
    return History(written, printed, max((event.step for event in events), default=0))


def region_history(region: Region, history: History) -> RegionHistory:
    """Where a region comes up."""
    lines = list(dict.fromkeys(_telling(region.lines)))
    written = [history.written.get(line) for line in lines]
    never = history.n_steps + 1
    before = [
        step if step is not None and step < (own or never) else None
        for step, own in zip((history.printed.get(line) for line in lines), written, strict=True)
    ]
    found = region.candidate, region.start_line, region.end_line, region.fingerprint
    return RegionHistory(*found, len(lines), _half(written), _half(before))


def _half(steps: Sequence[int | None]) -> int | None:
    """The step by which half of some lines have come up, None when they have not."""
    known = sorted(step for step in steps if step is not None)
    needed = (len(steps) + 1) // 2
    return known[needed - 1] if needed and len(known) >= needed else None


def _telling(lines: Sequence[str]) -> Iterator[str]:
    stripped = (line[:_MOST_LINE].strip() for line in lines)
    return (line for line in stripped if len(line) >= _LEAST_CHARS)


# --- quotes ----------------------------------------------------------------------------------------------------------


def fetches_of(events: Sequence[Event], names: Sequence[str], *, with_text: bool = True) -> list[SessionQuote]:
    """Commands that got something from elsewhere, or looked for it. names: what the original is called."""
    found: list[SessionQuote] = []
    for event in events:
        if event.kind is Kind.WRITTEN:
            for command in event.commands or ():
                for kind, line in _fetching(command):
                    found.append(_quote(event.step, kind, line, names, with_text))
    return found[:_MOST_QUOTES]


def remarks_of(events: Sequence[Event], names: Sequence[str], *, with_text: bool = True) -> list[SessionQuote]:
    """Where the model, in its own words, names the source of the original or says that it knows it."""
    found: list[SessionQuote] = []
    for event in events:
        if event.kind is not Kind.WRITTEN:
            continue
        commands = {line.strip() for command in event.commands or () for line in command.split("\n")}
        for line in event.text.split("\n"):
            line = line[:_MOST_LINE].strip()
            kind = _remark(line, names) if line not in commands and not line.startswith(("{", "[")) else None
            if kind is not None:
                found.append(_quote(event.step, kind, line, names, with_text))
    return found[:_MOST_QUOTES]


def _fetching(command: str) -> Iterator[tuple[str, str]]:
    """Lines of a command that fetch or look, outside of files that it writes; what it hands to an interpreter runs."""
    end, is_run = "", False
    for full in command.split("\n"):
        line = full[:_MOST_LINE]
        if end:
            if is_run and _IN_PROGRAM.search(line):
                yield "web", line
            end = "" if line.strip() == end else end
            continue
        kind = kind_of_line(line) or ("web" if _IN_PROGRAM.search(line) else None)
        if kind is not None:
            yield kind, line
        if opened := _HEREDOC.search(line):
            end, is_run = opened[2], _INTERPRETED.search(line) is not None


def _remark(line: str, names: Sequence[str]) -> str | None:
    if not _names(line, names):
        return None
    if _MEMORY_WORDS.search(line):
        return "memory"
    return "source" if _SOURCE_WORDS.search(line) else None


def _names(line: str, names: Sequence[str]) -> bool:
    lowered = line.lower()
    return any(re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", lowered) for name in names if name)


def _quote(step: int, kind: str, line: str, names: Sequence[str], with_text: bool) -> SessionQuote:
    return SessionQuote(step, kind, _names(line, names), redacted(line) if with_text else "")
