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

__all__ = ["Event", "Kind", "is_trajectory", "read_trajectory"]

_COMMAND_KEYS: Final = ("command", "cmd", "keystrokes", "script")
_BY_MODEL: Final = ("function_call", "reasoning", "message")  # items of the Responses API
_FENCED: Final = re.compile(r"^```(?:\w*bash\w*|sh|shell)[ \t]*\n(.*?)\n?^```", re.DOTALL | re.MULTILINE)
_MOST_DEEP: Final = 12  # of values in arguments; what lies deeper was written by nobody


class Kind(Enum):
    """Whose text it is."""

    WRITTEN = "written"  # by the model: messages, commands, files
    PRINTED = "printed"  # by commands
    TOLD = "told"  # by the harness: prompts


@dataclass(frozen=True, slots=True)
class Event:
    """A text of a session. step: which turn of the model it belongs to, from 1; 0 before the first. commands: of what
    was printed, the shell commands that printed it; None where no command is known."""

    step: int
    kind: Kind
    text: str
    commands: tuple[str, ...] | None = None


def is_trajectory(content: bytes) -> bool:
    """Whether bytes look like a session in one of the formats: cheap, and for JSON objects only."""
    head = content[:4096].lstrip()
    return head.startswith(b"{") and any(key in content for key in (b'"messages"', b'"steps"'))


def read_trajectory(content: bytes, name: str) -> list[Event]:
    """The events of a session. name: for messages of errors. Raises InputError when it is in neither format."""
    try:
        found = nested.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"cannot read the trajectory {name}: not valid JSON ({error})") from None
    if isinstance(found, dict):
        if isinstance(found.get("messages"), list):
            return list(_Messages().events(found["messages"]))
        if isinstance(found.get("steps"), list):
            return list(_steps(found["steps"]))
    raise InputError(f"cannot read the trajectory {name}: it has neither messages (mini-swe-agent) nor steps (ATIF)")


# --- mini-swe-agent ------------------------------------------------------------------------------------------------


@dataclass
class _Messages:
    """Reads messages in order. is_turn: whether the last one was the model's, whose turn may have several. asked:
    commands whose output is still to come, with the ids of their calls."""

    step: int = 0
    is_turn: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def events(self, messages: Sequence[Any]) -> Iterator[Event]:
        for message in messages:
            if isinstance(message, dict):
                is_turn = _is_by_model(message)
                self.step += is_turn and not self.is_turn
                self.is_turn = is_turn
                yield from self._events(message)

    def _events(self, message: Mapping[str, Any]) -> Iterator[Event]:
        if message.get("type") == "function_call_output" or message.get("role") == "tool":
            yield self._output(message, message.get("output", message.get("content")))
        elif _is_by_model(message):
            yield from self._written(message)
        else:
            yield from self._from_outside(message)

    def _written(self, message: Mapping[str, Any]) -> Iterator[Event]:
        yield Event(self.step, Kind.WRITTEN, "\n".join(_strings(message)))
        self.asked += list(_commands(message))

    def _from_outside(self, message: Mapping[str, Any]) -> Iterator[Event]:
        """A prompt, or in older sessions the output of the commands before it."""
        content = message.get("content")
        results = [part for part in content if _type(part) == "tool_result"] if isinstance(content, list) else []
        for part in results:
            yield self._output(part, part.get("content"))
        if results:
            return
        if self.asked:
            commands, self.asked = tuple(command for _, command in self.asked), []
            yield Event(self.step, Kind.PRINTED, "\n".join(_texts(content)), commands)
        else:
            yield Event(self.step, Kind.TOLD, "\n".join(_texts(content)))

    def _output(self, holder: Mapping[str, Any], content: Any) -> Event:
        """What one call printed: that of the same id, or the first that waits."""
        ids = {holder.get(key) for key in ("tool_call_id", "call_id", "tool_use_id")}
        own = next((i for i, (call, _) in enumerate(self.asked) if call and call in ids), 0)
        commands = (self.asked.pop(own)[1],) if self.asked else None
        return Event(self.step, Kind.PRINTED, "\n".join(_texts(content)), commands)


def _is_by_model(message: Mapping[str, Any]) -> bool:
    """Whether the model wrote a message; one with a list of outputs is a whole answer of the Responses API."""
    is_item = message.get("type") in _BY_MODEL or isinstance(message.get("output"), list)
    return is_item or message.get("role") == "assistant"


def _commands(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Shell commands that a message asks to run, each with the id of its call, "" without one."""
    extra = message.get("extra")
    actions = extra.get("actions") if isinstance(extra, dict) else None
    if isinstance(actions, list) and actions:
        calls = [(_id(action), action.get("command")) for action in actions if isinstance(action, dict)]
        return [(call, command) for call, command in calls if isinstance(command, str)]
    found = [(_id(call), _command_of(_arguments(call))) for call in _calls(message)]
    known = [(call, command) for call, command in found if command is not None]
    return known or [("", command) for command in _FENCED.findall("\n".join(_texts(message.get("content"))))]


def _calls(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Calls of tools, in every place that has them."""
    if message.get("type") == "function_call":
        yield message
    for key in ("tool_calls", "output", "content"):
        parts = message.get(key)
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict) and (key == "tool_calls" or _type(part) in ("tool_use", "function_call")):
                yield part


def _id(call: Mapping[str, Any]) -> str:
    found = next((call[key] for key in ("tool_call_id", "call_id", "id") if isinstance(call.get(key), str)), "")
    return str(found)


def _arguments(call: Mapping[str, Any]) -> Any:
    """Arguments of a call: an object, or the JSON of one."""
    function = call.get("function")
    holder = function if isinstance(function, dict) else call
    found = next((holder[key] for key in ("arguments", "input") if key in holder), None)
    if isinstance(found, str):
        try:
            return nested.loads(found)
        except (ValueError, RecursionError):
            return None
    return found


def _command_of(arguments: Any) -> str | None:
    if not isinstance(arguments, dict):
        return None
    return next((arguments[key] for key in _COMMAND_KEYS if isinstance(arguments.get(key), str)), None)


def _type(part: Any) -> Any:
    return part.get("type") if isinstance(part, dict) else None


# --- ATIF ----------------------------------------------------------------------------------------------------------


def _steps(steps: Sequence[Any]) -> Iterator[Event]:
    number = 0
    for step in steps:
        if not isinstance(step, dict):
            continue
        if step.get("source") in ("user", "system"):
            yield Event(number, Kind.TOLD, "\n".join(_texts(step.get("message"))))
        else:
            number += 1
            yield Event(
                number, Kind.WRITTEN, "\n".join(_strings({k: v for k, v in step.items() if k != "observation"}))
            )
        yield from _results(step, number)


def _results(step: Mapping[str, Any], number: int) -> Iterator[Event]:
    observation = step.get("observation")
    results = observation.get("results") if isinstance(observation, dict) else None
    calls = [call for call in step.get("tool_calls") or () if isinstance(call, dict)]
    for result in results if isinstance(results, list) else ():
        if isinstance(result, dict):
            own = [call for call in calls if _id(call) and _id(call) == result.get("source_call_id")] or calls
            commands = [_command_of(_arguments(call)) for call in own]
            known = tuple(command for command in commands if command is not None)
            whole = known if known and len(known) == len(commands) else None
            yield Event(number, Kind.PRINTED, "\n".join(_texts(result.get("content"))), whole)


# --- texts ---------------------------------------------------------------------------------------------------------


def _texts(content: Any) -> Iterator[str]:
    """What a content says: a text, or blocks that hold texts."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content:
            yield from _texts(part)
    elif isinstance(content, dict):
        yield from _texts(content.get("text", content.get("content", content.get("output"))))


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text in a value, keys of objects left out; of JSON in a text also the texts that it holds."""
    if isinstance(value, str):
        yield value
        if value[:1] in "{[" and "\\" in value:  # arguments: their escapes would hide what was written
            try:
                yield from _strings(nested.loads(value), depth + 1)
            except (ValueError, RecursionError):
                return
    elif isinstance(value, list | dict) and depth < _MOST_DEEP:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item, depth + 1)
