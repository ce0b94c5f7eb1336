"""scripts/rebuilt_pack.py: what goes into evaluation/rebuilt, and what must not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests import ROOT
from tests.scripts.rebuilt_programs import store

sys.path.insert(0, str(ROOT / "scripts"))
import rebuilt_pack
from rebuilt_tasks import read_tasks

FACTS = {
    "repository": "someone/harbour",
    "commit": "0" * 40,
    "language": "go",
    "licence": "MIT",
    "documents": [{"path": "README.md", "sha256": "0" * 64}],
    "executable": {"sha256": "0" * 64},
}


@pytest.fixture
def places(tmp_path: Path) -> Path:
    store(tmp_path / "tasks" / "harbour" / "task.json", json.dumps(FACTS))
    place = tmp_path / "w" / "harbour--1"
    store(place / "prompt.md", f"Rebuild it in {place / 'work' / 'new'}.\n")
    step = {"command": f"cd {place / 'work'}; ./executable", "returncode": 0, "output": "by kim@ships.org, /home/kim/x"}
    store(place / "session.jsonl", json.dumps(step) + "\n")
    store(place / "work" / "new" / "main.go", "package main\n\nfunc main() {}\n")
    store(place / "work" / "new" / "agreement.tsv", "same\t--help\ndiffers\t-x\nsame\t-y\n")
    store(place / "work" / "new" / "target" / "built.go", "package built\n")
    (place / "work" / "new" / "program").write_bytes(b"\x7fELF\0\0")
    store(place / "work" / "other" / "program", "#!/usr/bin/env python3\nprint(1)\n")
    return tmp_path


def packed(places: Path) -> Path:
    out = places / "out"
    command = [str(places / "w"), "--tasks", str(places / "tasks"), "-o", str(out), "--date", "2026-01-01"]
    done = CliRunner().invoke(rebuilt_pack.main, command)
    assert done.exit_code == 0, done.output
    return out / "harbour"


def test_programs_are_packed_without_what_was_built_from_them(places: Path) -> None:
    place = packed(places)
    files = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert files == {
        "task.yaml",
        "session/1.traj.json",
        "independent-go-1/main.go",
        "independent-go-1/agreement.tsv",
        "independent-python-1/program",
    }


def outputs(session: Path) -> list[str]:
    """What commands printed, as a session holds it."""
    messages = json.loads(session.read_text())["messages"]
    texts = [message["content"] for message in messages[1:] if message["role"] == "user"]
    return [text.split("<output>\n")[1].split("\n</output>")[0] for text in texts]


def test_the_task_names_documents_by_digest_and_each_program_with_its_agreement(places: Path) -> None:
    facts = yaml.safe_load((packed(places) / "task.yaml").read_text())
    assert facts["documents"] == FACTS["documents"]
    assert facts["licence"] == "MIT"
    assert facts["writer"]["date"] == "2026-01-01"
    go, python = facts["rebuilds"]
    assert (go["folder"], go["lines"], go["agreement"]) == ("independent-go-1", 3, {"same": 2, "differs": 1})
    assert (python["language"], python["lines"]) == ("python", 2)
    [task] = read_tasks(places / "out")
    assert [rebuild.language for rebuild in task.rebuilds] == ["go", "python"]


def test_a_session_is_a_trajectory_without_addresses_and_places_of_the_machine(places: Path) -> None:
    file = packed(places) / "session" / "1.traj.json"
    text = file.read_text()
    assert str(places) not in text
    assert "kim" not in text
    found = json.loads(text)
    assert found["trajectory_format"] == "mini-swe-agent-1.1"
    assert found["messages"][1]["extra"]["actions"] == [{"command": "cd /workspace; ./executable"}]
    assert outputs(file)[0] == "by someone@example.org, /home/user/x"


def test_a_long_output_is_cut_as_the_writer_saw_it(places: Path) -> None:
    output = "a" * rebuilt_pack.SHOWN + "b" * rebuilt_pack.SHOWN
    step = {"command": "./executable", "returncode": 0, "output": output}
    store(places / "w" / "harbour--1" / "session.jsonl", json.dumps(step) + "\n")
    [text] = outputs(packed(places) / "session" / "1.traj.json")
    assert f"\n... {rebuilt_pack.SHOWN} characters left out ...\n" in text
    assert text.startswith("a" * (rebuilt_pack.SHOWN // 2))
    assert text.endswith("b" * (rebuilt_pack.SHOWN // 2))


def test_labels_and_figures_stay_when_a_task_is_packed_again(places: Path) -> None:
    file = packed(places) / "task.yaml"
    more = {"labels": [{"folder": "independent-go-1", "leak": True}], "memory": {"lines_share": 0.5}}
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), **more}))
    packed(places)
    [task] = read_tasks(places / "out")
    assert [rebuild.is_leak for rebuild in task.rebuilds] == [True, False]
    assert task.memory == {"lines_share": 0.5}


def test_a_writer_who_has_not_finished_is_left_out(places: Path) -> None:
    (places / "w" / "harbour--1" / "work" / "new" / "agreement.tsv").unlink()
    out = places / "out"
    command = [str(places / "w"), "--tasks", str(places / "tasks"), "-o", str(out), "--date", "2026-01-01"]
    done = CliRunner().invoke(rebuilt_pack.main, command)
    assert done.output == "0 rebuilt programs\n"
    assert not list(out.rglob("task.yaml"))
