"""The program as a whole: errors, help, start."""

from __future__ import annotations

import errno
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import simdetect
from simdetect.cli.group import cli
from simdetect.errors import InputError
from simdetect.report import render
from tests import builders
from tests.cli.command_line import Pipeline, complaint, run


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (InputError("nowhere: no such file or directory"), "nowhere: no such file or directory"),
        (InputError("a\nb\x1b[31m\u202e.c: broken archive"), "a b\\x1b[31m\\u202e.c: broken archive"),
        (OSError(errno.ENOSPC, "No space left on device", "/tmp/x"), "/tmp/x: No space left on device"),
        (RuntimeError("a bug"), "internal error, please report it (RuntimeError: a bug; SIMDETECT_DEBUG=1"),
        (MemoryError(), "internal error, please report it (MemoryError;"),
    ],
)
def test_errors_are_one_line_and_code_2(pipeline: Pipeline, error: Exception, part: str) -> None:
    pipeline.answer = error
    assert part in complaint(run("scan", "a", "b"))


def test_debugging_shows_the_traceback(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMDETECT_DEBUG", "1")
    pipeline.answer = RuntimeError("a bug")
    assert isinstance(run("scan", "a", "b").exception, RuntimeError)


def test_an_interrupt_ends_quietly(pipeline: Pipeline) -> None:
    pipeline.answer = KeyboardInterrupt()
    result = run("scan", "a", "b")
    assert result.exit_code == 130
    assert result.output.strip() == ""


# --- help, version, start --------------------------------------------------------------------------------------------


def test_version() -> None:
    assert run("--version").output == f"simdetect {simdetect.__version__}\n"


def examples(command: click.Command) -> list[str]:
    text = run(*([] if command is cli else [str(command.name)]), "--help").output
    lines = text.split("Examples:\n")[1].splitlines()
    assert all(line.startswith("    simdetect ") for line in lines)
    return [line.strip() for line in lines]


@pytest.mark.usefixtures("pipeline", "audits")
@pytest.mark.parametrize("command", [cli, *cli.commands.values()], ids=lambda command: command.name)
def test_help_ends_with_two_examples_that_work(
    command: click.Command, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(stored).parent)
    for name in ("repositories", "run", "another", "upstream", "tasks", "corpus"):
        Path(name).mkdir()
    for name in ("pairs.jsonl", "calibration.json"):
        Path(name).touch()
    lines = examples(command)
    assert len(lines) == 2
    for line in lines:
        assert run(*shlex.split(line)[1:]).exit_code in (0, 1, 3), line


def test_help_does_not_wait_for_numpy() -> None:
    heavy = [
        "numpy",
        "rich",
        "jinja2",
        "pygments",
        "tree_sitter",
        "sklearn",
        "simdetect.model",
        "simdetect.scanning.scanner",
    ]
    code = (
        "import sys\nfrom simdetect.cli import cli\n"
        "try: cli(['scan', '--help'], prog_name='simdetect')\nexcept SystemExit as e: assert not e.code\n"
        f"loaded = [name for name in {heavy!r} if name in sys.modules]\nassert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_module_runs_as_a_program(stored: str) -> None:
    command = [sys.executable, "-m", "simdetect", "show", stored]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == render(builders.rich_report(), "text")


def test_asking_for_one_command_loads_no_other() -> None:
    code = (
        "import sys\nfrom simdetect.cli import cli\n"
        "try: cli(['languages', '--help'], prog_name='simdetect')\nexcept SystemExit as e: assert not e.code\n"
        "assert 'simdetect.cli.info' in sys.modules\n"
        "assert 'simdetect.cli.scan' not in sys.modules and 'simdetect.cli.audit' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_is_found_under_its_own_name() -> None:
    assert {name: command.name for name, command in cli.commands.items()} == {name: name for name in cli.commands}
    assert cli.commands.get("frob") is None
