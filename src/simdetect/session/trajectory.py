"""Recorded sessions of agents -> what was written and what commands printed, in the order in which it happened.

Two formats: that of mini-swe-agent (`messages`; outputs in messages of the role `tool` or, in older ones, `user`, in
blocks `tool_result`, or in items `function_call_output`) and ATIF, the Agent Trajectory Interchange Format of Harbor
(`steps` with `tool_calls` and `observation`). Both come from strangers: nothing in them is believed or followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from simdetect.errors import InputError
from simdetect.model import nested
from simdetect.session.asked import Call, calls_of, is_by_model, step_calls, strings, texts

__all__ = ["Event", "Kind", "is_trajectory", "read_trajectory"]

_MARK: Final = b"\xef\xbb\xbf"  # of the byte order


class Kind(Enum):
    """Whose text it is."""

    WRITTEN = "written"  # by the model: messages, commands, files
    PRINTED = "printed"  # by commands
    TOLD = "told"  # by the harness: prompts


@dataclass(frozen=True, slots=True)
class Event:
    """A text of a session. step: which turn of the model it belongs to, from 1; 0 before the first. commands: of what
    was printed, the shell commands that may have printed it, None where no command is known; of what was written, those
    that it asks for. is_unknown: it asks for something else too, or the output is a screen, with what stood there."""

    step: int
    kind: Kind
    text: str
    commands: tuple[str, ...] | None = None
    is_unknown: bool = False


def is_trajectory(content: bytes) -> bool:
    """Whether bytes look like a session in one of the formats: cheap, and for JSON only."""
    content = _plain(content)
    head = content[:4096].lstrip()
    if head.startswith(b"{"):
        return any(key in content for key in (b'"messages"', b'"steps"', b'"tool_call', b'"function_call'))
    is_array = re.match(rb"\[\s*\{", head) is not None
    return is_array and any(key in content for key in (b'"role"', b'"function_call', b'"observation"'))


def read_trajectory(content: bytes, name: str) -> list[Event]:
    """The events of a session. name: for messages of errors. Raises InputError when it is in neither format."""
    try:
        return _events(nested.loads(_plain(content)), name)
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise InputError(f"cannot read the trajectory {name}: not valid JSON ({error})") from None


def _plain(content: bytes) -> bytes:
    """The text in UTF-8, without the mark of its byte order."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(_MARK)


def _events(found: Any, name: str) -> list[Event]:
    holder = found if isinstance(found, dict) else {}
    messages = found if isinstance(found, list) and any(isinstance(item, dict) for item in found) else None
    steps = holder.get("steps") if isinstance(holder.get("steps"), list) else None
    if any("observation" in item for item in messages or () if isinstance(item, dict)):
        steps = messages
    if steps is not None and not isinstance(holder.get("messages"), list):
        return list(_steps(steps))
    messages = holder["messages"] if isinstance(holder.get("messages"), list) else messages
    if messages is None:
        raise InputError(
            f"cannot read the trajectory {name}: it has neither messages (mini-swe-agent) nor steps (ATIF)"
        )
    return list(_Messages().events(messages))


# --- mini-swe-agent ------------------------------------------------------------------------------------------------


@dataclass
class _Messages:
    """Reads messages in order. is_turn: whether the last one was the model's, whose turn may have several. asked:
    calls of the turn, whose output is still to come."""

    step: int = 0
    is_turn: bool = False
    asked: list[Call] = field(default_factory=list)

    def events(self, messages: Sequence[Any]) -> Iterator[Event]:
        for message in messages:
            if isinstance(message, dict):
                is_turn = is_by_model(message)
                if is_turn and not self.is_turn:
                    self.step += 1
                    self.asked = []
                self.is_turn = is_turn
                yield from self._events(message)

    def _events(self, message: Mapping[str, Any]) -> Iterator[Event]:
        if message.get("type") == "function_call_output" or message.get("role") == "tool":
            yield from self._output(message, "output" if "output" in message else "content")
        elif is_by_model(message):
            calls = calls_of(message)
            self.asked += calls
            yield _written(self.step, message, calls)
        else:
            yield from self._from_outside(message)

    def _from_outside(self, message: Mapping[str, Any]) -> Iterator[Event]:
        """A prompt, or in older sessions the output of the commands before it."""
        content = message.get("content")
        parts = content if isinstance(content, list) else []
        results = [part for part in parts if _type(part) == "tool_result"]
        rest = "\n".join(texts(content))
        if not results and self.asked and message.get("role") == "user" and "<returncode>" in rest:
            yield _printed(self.step, rest, self.asked)
            self.asked = []
            return
        for part in results:
            yield from self._output(part, "content")
        others = [part for part in parts if _type(part) != "tool_result"]
        yield Event(self.step, Kind.TOLD, "\n".join(strings(others) if results else strings(message)))

    def _output(self, holder: Mapping[str, Any], key: str) -> Iterator[Event]:
        """What one call printed: that of the same id, or without ids any of those that wait. What else the message
        holds is nobody's."""
        ids = {holder[name] for name in ("tool_call_id", "call_id", "tool_use_id") if isinstance(holder.get(name), str)}
        own = [call for call in self.asked if call.id in ids] if ids else self.asked
        own = own or [call for call in self.asked if not call.id]
        text = "\n".join(texts(holder.get(key)))
        yield _printed(self.step, text, own)
        yield Event(self.step, Kind.TOLD, "\n".join(part for part in strings(holder) if part not in text))


def _written(step: int, holder: Any, calls: Sequence[Call]) -> Event:
    commands = tuple(call.command for call in calls if call.command is not None)
    is_unknown = any(call.command is None for call in calls)
    return Event(step, Kind.WRITTEN, "\n".join(strings(holder)), commands, is_unknown)


def _printed(step: int, text: str, calls: Sequence[Call]) -> Event:
    commands = [call.command for call in calls if call.command is not None]
    whole = tuple(commands) if commands and len(commands) == len(calls) else None
    return Event(step, Kind.PRINTED, text, whole, any(call.is_screen for call in calls))


# --- ATIF ----------------------------------------------------------------------------------------------------------


def _steps(steps: Sequence[Any]) -> Iterator[Event]:
    number, waits = 0, False
    for step in steps:
        if not isinstance(step, dict):
            continue
        told = {key: value for key, value in step.items() if key != "observation"}
        calls = step_calls(step)
        is_outside = step.get("source") in ("user", "system")
        number += not is_outside
        if is_outside and not calls:
            yield Event(number, Kind.TOLD, "\n".join(strings(told)))
        else:
            yield _written(number, told, calls)
        results = list(_results(step, calls, number, is_late=waits))
        waits = bool(calls) and not results
        yield from results


def _results(step: Mapping[str, Any], calls: Sequence[Call], number: int, *, is_late: bool) -> Iterator[Event]:
    """What a step's calls printed. is_late: a call before it has no result yet, so that one without an id may be it."""
    observation = step.get("observation")
    results = observation.get("results") if isinstance(observation, dict) else None
    for result in results if isinstance(results, list) else ():
        if isinstance(result, dict):
            source = result.get("source_call_id")
            own = [call for call in calls if call.id and call.id == source] if source is not None else calls
            is_whole = not is_late or source is not None
            is_plain = not any(value for key, value in result.items() if key not in ("source_call_id", "content"))
            text = "\n".join(texts(result.get("content")))
            yield _printed(number, text, own if is_whole and is_plain else ())
            yield Event(number, Kind.TOLD, "\n".join(part for part in strings(result) if part not in text))


def _type(part: Any) -> Any:
    return part.get("type") if isinstance(part, dict) else None
