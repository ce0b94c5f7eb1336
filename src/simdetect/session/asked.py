"""What a model asks for in a message: calls of tools, and which of them are plain shell commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simdetect.model import nested

__all__ = ["Call", "calls_of", "is_by_model", "step_calls", "strings", "texts"]

_COMMAND_KEYS: Final = ("command", "cmd", "keystrokes", "script")
# What else a call may say without changing what its command does or prints.
_HARMLESS_KEYS: Final = {
    "timeout", "timeout_ms", "duration", "description", "explanation", "thought", "reason", "id", "call_id", "type",
    "tool_call_id", "blocking", "name",
}  # fmt: skip
# Keys of the formats themselves: nobody wrote them.
_OF_FORMAT: Final = {
    "role", "content", "type", "text", "extra", "actions", "command", "arguments", "function", "name", "id", "message",
    "tool_calls", "tool_call_id", "source", "step_id", "function_name", "source_call_id", "output", "call_id", "input",
}  # fmt: skip
_BY_MODEL: Final = ("function_call", "reasoning", "message")  # items of the Responses API
_CALLS: Final = ("tool_use", "function_call")
_FENCED: Final = re.compile(r"^```(?:\w*bash\w*|sh|shell)[ \t]*\n(.*?)\n?^```", re.DOTALL | re.MULTILINE)
_MOST_DEEP: Final = 12  # of values in arguments; what lies deeper was written by nobody


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool. id: "" without one. command: None where it is something else than one shell command.
    is_screen: it is typed into a terminal, whose screen may show anything that was there."""

    id: str
    command: str | None
    is_screen: bool = False


def is_by_model(message: Mapping[str, Any]) -> bool:
    """Whether the model wrote a message; one with a list of outputs is a whole answer of the Responses API."""
    if message.get("role") in ("user", "system", "developer", "tool"):
        return False
    is_item = message.get("type") in _BY_MODEL or isinstance(message.get("output"), list)
    return (is_item and message.get("type") != "function_call_output") or message.get("role") == "assistant"


def calls_of(message: Mapping[str, Any]) -> list[Call]:
    """What a message asks for: actions, calls, or the fenced commands of older sessions."""
    extra = message.get("extra")
    actions = extra.get("actions") if isinstance(extra, dict) else None
    if isinstance(actions, list) and actions:
        return [_call(action, action) for action in actions if isinstance(action, dict)]
    found = [_call(call, _arguments(call)) for call in _holders(message)]
    fenced = _FENCED.findall("\n".join(texts(message.get("content"))))
    return found or [Call("", command) for command in fenced]


def step_calls(step: Mapping[str, Any]) -> list[Call]:
    """What a step of ATIF asks for."""
    calls = step.get("tool_calls")
    return (
        [_call(call, _arguments(call)) for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    )


def _call(holder: Mapping[str, Any], arguments: Any) -> Call:
    found = (holder[key] for key in ("tool_call_id", "call_id", "id") if isinstance(holder.get(key), str))
    own = str(next(found, ""))
    if not isinstance(arguments, dict):
        return Call(own, None)
    keys = [key for key in _COMMAND_KEYS if key in arguments]
    rest = {key for key, value in arguments.items() if value not in (None, False, "")} - {*keys, *_HARMLESS_KEYS}
    command = arguments[keys[0]] if len(keys) == 1 and not rest else None
    return Call(own, command if isinstance(command, str) else None, "keystrokes" in keys)


def _holders(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Calls of tools, in every place that has them."""
    if message.get("type") == "function_call":
        yield message
    for key in ("tool_calls", "output", "content"):
        parts = message.get(key)
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict) and (key == "tool_calls" or part.get("type") in _CALLS):
                yield part


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


def texts(content: Any) -> Iterator[str]:
    """What a content says: a text, or blocks that hold texts."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content:
            yield from texts(part)
    elif isinstance(content, dict):
        yield from texts(content.get("text", content.get("content", content.get("output"))))


def strings(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text in a value, keys of objects too; of JSON in a text also the texts that it holds."""
    if isinstance(value, str):
        yield value
        if value.lstrip()[:1] in ("{", "[") and "\\" in value:  # arguments: their escapes would hide what was written
            try:
                yield from strings(nested.loads(value), depth + 1)
            except (ValueError, RecursionError):
                return
    elif isinstance(value, list | dict) and depth < _MOST_DEEP:
        if isinstance(value, dict):
            yield from (key for key in value if key not in _OF_FORMAT)
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item, depth + 1)
