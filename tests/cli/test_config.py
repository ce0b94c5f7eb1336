"""Options from a file that is named, never found; what -v logs; completion; the action."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from simdetect.cli.config import set_up_logging
from simdetect.cli.group import cli
from tests import DEMO, ROOT

SUBMISSION, ORIGINAL = str(DEMO / "submission"), str(DEMO / "original")


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    yield
    set_up_logging(0)
    logging.getLogger("simdetect").setLevel(logging.NOTSET)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


def scan(*more: str | Path) -> Result:
    return run("scan", SUBMISSION, ORIGINAL, "-q", "--format", "json", "--jobs", "1", *more)


def settings(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)["settings"]
    return found


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "options.toml"
    path.write_text(text)
    return path


def test_options_come_from_a_file_that_is_named(tmp_path: Path) -> None:
    path = config(
        tmp_path, '[scan]\nthreshold = 0.75\nexclude = ["*.md", "x"]\nmax-file-bytes = "1M"\n[audit]\nworkers = 3\n'
    )
    found = settings(scan("--config", path))
    assert (found["threshold"], found["exclude"], found["max_file_bytes"]) == (0.75, ["*.md", "x"], 1 << 20)


def test_the_command_line_wins_and_one_table_is_for_all_commands(tmp_path: Path) -> None:
    path = config(
        tmp_path, '[options]\nthreshold = 0.75\nworkers = 9\nsetting = "black-box"\n[scan]\nsetting = "open"\n'
    )
    found = settings(scan("--config", path, "--threshold", "0.5"))
    assert (found["threshold"], found["setting"]) == (0.5, "open")


@pytest.mark.parametrize(
    ("text", "words"),
    [("[scan]\nno-such = 1\n", "no option 'no-such'"), ("[scan\n", "Expected"), ("[scan]\nthreshold = 7\n", "7"),
     ("[scan]\nconfig = 'x'\n", "no option 'config'"), ("a." * 20000 + "b = 1", "too large")],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_bad_usage(tmp_path: Path, text: str, words: str) -> None:
    done = scan("--config", config(tmp_path, text))
    assert done.exit_code == 2 and words in done.stderr, done.stderr


def test_no_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI the current folder is the candidate, which would set its own threshold and clear itself."""
    candidate = tmp_path / "candidate"
    shutil.copytree(DEMO / "submission", candidate)
    plain = run("scan", candidate, ORIGINAL, "-q", "--format", "json")
    for name in ("simdetect.toml", ".simdetect.toml", "pyproject.toml", "setup.cfg", "options.toml", ".simdetectrc"):
        (candidate / name).write_text("[scan]\nthreshold = 1\n[tool.simdetect.scan]\nthreshold = 1\n")
    monkeypatch.chdir(candidate)
    done = run("scan", ".", ORIGINAL, "-q", "--format", "json")
    assert settings(done)["threshold"] == settings(plain)["threshold"] and done.exit_code == plain.exit_code == 1
    assert "lies inside the candidate and is not read" in done.stderr


def test_every_command_takes_a_file_of_options() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        inner = list(command.commands.values()) if isinstance(command, click.Group) else [command]
        for one in inner:
            assert any("--config" in parameter.opts for parameter in one.params), name


def test_v_logs_through_the_standard_logging(tmp_path: Path) -> None:
    (tmp_path / "run" / "a__b.1234567").mkdir(parents=True)
    (tmp_path / "originals").mkdir()
    command = "audit", tmp_path / "run", "--originals", tmp_path / "originals", "-q"
    assert "INFO simdetect.audit: 1 instances of 1 runs" in run(*command, "-v").stderr
    assert "INFO simdetect.audit" in run("-v", *command).stderr
    assert run(*command).stderr == ""


def test_what_is_logged_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(1)
    logging.getLogger("simdetect.remote").info("fetched %s", "a\x1b[31mb\nc")
    logging.getLogger("other").warning("not ours")
    shown = capsys.readouterr().err
    assert "\x1b" not in shown and shown.count("\n") == 1


def test_shells_can_complete_commands() -> None:
    environment = {**os.environ, "_SIMDETECT_COMPLETE": "bash_source"}
    program = "from simdetect.cli import cli; cli(prog_name='simdetect')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert "_SIMDETECT_COMPLETE=bash_complete" in done.stdout
    words = {"_SIMDETECT_COMPLETE": "bash_complete", "COMP_WORDS": "simdetect au", "COMP_CWORD": "1"}
    environment = {**os.environ, **words}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert "audit" in done.stdout


# --- the action ------------------------------------------------------------------------------------------------------


def step() -> dict[str, Any]:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    for one in action["runs"]["steps"]:
        assert "${{" not in one.get("run", ""), "values come in as environment variables"
    [found] = [one for one in action["runs"]["steps"] if one.get("id") == "scan"]
    assert isinstance(found, dict)
    return found


def test_the_action_scans_as_it_stands(tmp_path: Path) -> None:
    work, temporary = tmp_path / "workspace", tmp_path / "temp"
    shutil.copytree(DEMO / "submission", work / "sub mission")
    shutil.copytree(DEMO / "original", work / "upstream")
    (work / "simdetect.toml").write_text("this would be read, were it looked for")
    (temporary / "simdetect" / "bin").mkdir(parents=True)
    for name, arguments in (("simdetect", "-m simdetect"), ("python", "")):
        script = temporary / "simdetect" / "bin" / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n')
        script.chmod(0o755)
    inputs = {"CANDIDATE": "sub mission", "ORIGINALS": f"upstream\n{work}/upstream", "GIVEN": "", "SETTING": "open",
              "DECISIONS": "", "CONFIG": "", "FAIL_ON": "inconclusive", "PREFIX": "", "SOURCE": "true"}  # fmt: skip
    assert set(inputs) == set(step()["env"])
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {**os.environ, **inputs, **{name: str(path) for name, path in files.items()},
                   "GITHUB_WORKSPACE": str(work), "RUNNER_TEMP": str(temporary)}  # fmt: skip
    done = subprocess.run(
        ["bash", "-e", "-c", step()["run"]], env=environment, cwd=work, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "verdict=evidence" in files["GITHUB_OUTPUT"].read_text()
    assert {path.name for path in (temporary / "simdetect-reports").iterdir()} == {
        "empty", "report.html", "report.json", "report.md", "report.sarif",
    }  # fmt: skip
