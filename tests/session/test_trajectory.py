from __future__ import annotations

import json
from typing import Any

import pytest

from simdetect.errors import InputError
from simdetect.session.trajectory import Event, Kind, is_trajectory, read_trajectory

HELP, OUTPUT = "./executable --help", "usage: frobnicate [-q]"


def of_kind(events: list[Event], kind: Kind) -> list[Event]:
    return [event for event in events if event.kind is kind]


def mini(*messages: dict[str, Any]) -> bytes:
    return json.dumps({"messages": messages, "trajectory_format": "mini-swe-agent-1.1"}).encode()


def asked(**more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": "I look.", "extra": {"actions": [{"command": HELP, **more}]}}


CALL = {"id": "c1", "function": {"name": "bash", "arguments": json.dumps({"command": HELP})}}
FORMS: dict[str, bytes] = {
    "tool": mini(
        {"role": "system", "content": "s"},
        asked(tool_call_id="c1"),
        {"role": "tool", "tool_call_id": "c1", "content": OUTPUT},
    ),
    "user": mini(asked(), {"role": "user", "content": f"<returncode>0</returncode>\n<output>\n{OUTPUT}\n</output>"}),
    "fenced": mini(
        {"role": "assistant", "content": f"THOUGHT: look\n\n```bash\n{HELP}\n```"},
        {"role": "user", "content": f"<returncode>0</returncode>\n<output>\n{OUTPUT}\n</output>"},
    ),
    "tool_calls": mini(
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": OUTPUT},
    ),
    "tool_result": mini(
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "x"}, {"type": "tool_use", "id": "c1", "input": {"command": HELP}}],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": OUTPUT}]}],
        },
    ),
    "function_call_output": mini(
        {"type": "function_call", "call_id": "c1", "name": "bash", "arguments": json.dumps({"command": HELP})},
        {"type": "function_call_output", "call_id": "c1", "output": OUTPUT},
    ),
    "response": mini(
        {
            "object": "response",
            "output": [{"type": "function_call", "call_id": "c1", "arguments": json.dumps({"command": HELP})}],
        },
        {"type": "function_call_output", "call_id": "c1", "output": OUTPUT},
    ),
    "atif": json.dumps(
        {
            "schema_version": "ATIF-v1.5",
            "steps": [
                {"step_id": 1, "source": "user", "message": "Rebuild it."},
                {
                    "step_id": 2,
                    "source": "agent",
                    "message": "I look.",
                    "tool_calls": [{"tool_call_id": "c1", "function_name": "bash", "arguments": {"command": HELP}}],
                    "observation": {"results": [{"source_call_id": "c1", "content": OUTPUT}]},
                },
            ],
        }
    ).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_output_belongs_to_the_command_that_was_asked_for(form: str) -> None:
    assert is_trajectory(FORMS[form])
    (printed,) = of_kind(read_trajectory(FORMS[form], form), Kind.PRINTED)
    assert printed.commands == (HELP,)
    assert OUTPUT in printed.text
    assert printed.step == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_command_counts_as_written_before_the_output(form: str) -> None:
    events = read_trajectory(FORMS[form], form)
    written = next(i for i, event in enumerate(events) if event.kind is Kind.WRITTEN)
    printed = next(i for i, event in enumerate(events) if event.kind is Kind.PRINTED)
    assert written < printed
    assert HELP in events[written].text


def test_outputs_of_several_calls_are_told_apart_by_their_ids() -> None:
    calls = [{"command": f"./executable {i}", "tool_call_id": f"c{i}"} for i in (1, 2)]
    first = {"role": "assistant", "content": "", "extra": {"actions": calls}}
    outputs = [{"role": "tool", "tool_call_id": f"c{i}", "content": f"output {i}"} for i in (2, 1)]
    printed = of_kind(read_trajectory(mini(first, *outputs), "x"), Kind.PRINTED)
    assert [(event.commands, event.text) for event in printed] == [
        (("./executable 2",), "output 2"), (("./executable 1",), "output 1")
    ]  # fmt: skip


def test_an_output_without_a_known_command_has_none() -> None:
    (printed,) = of_kind(read_trajectory(mini({"role": "tool", "content": OUTPUT}), "x"), Kind.PRINTED)
    assert printed.commands is None


def test_files_that_a_tool_writes_count_as_written() -> None:
    call = {
        "id": "c",
        "function": {"name": "write_file", "arguments": json.dumps({"path": "a.c", "text": 'puts("hi\\n");'})},
    }
    (written,) = read_trajectory(mini({"role": "assistant", "content": None, "tool_calls": [call]}), "x")
    assert 'puts("hi' in written.text


@pytest.mark.parametrize(
    "content", (b"", b"{", b"[]", b'{"messages": 3}', b'{"a": 1}', b"[" * 5000, b'{"messages": {"steps": []}}')
)
def test_what_is_no_trajectory_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(InputError, match="cannot read the trajectory x"):
        read_trajectory(content, "x")


def test_odd_values_are_passed_over() -> None:
    odd = mini({"role": "assistant", "content": 3, "extra": []}, {"role": 7}, {"content": None})  # type: ignore[arg-type]
    assert all(isinstance(event.text, str) for event in read_trajectory(odd, "x"))
    assert read_trajectory(b'{"steps": [1, null, {"observation": [], "tool_calls": [3]}]}', "x")
