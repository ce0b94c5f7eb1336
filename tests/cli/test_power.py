"""`simdetect power`: options in, a report in three formats out, and an exit code that judges nobody."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from simdetect.report.power.json import power_json_schema
from tests.cli.command_line import complaint, run
from tests.scripts.rebuilt_programs import program, rebuilt_function


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("power")
    for name, text in (
        ("candidate", program("rebuilt", (30, 40, 12), rebuilt_function)),
        ("original", program("tide", (12, 30, 50))),
    ):
        (folder / name).mkdir()
        (folder / name / "main.go").write_text(text)
    return str(folder / "candidate"), str(folder / "original")


ONE = ("--trials", "1", "--size", "41-90", "--disguise", "verbatim", "--no-cache")


def test_a_planted_function_is_reported_as_found(places: tuple[str, str], tmp_path: Path) -> None:
    result = run("power", *places, *ONE)
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert (
        "one function of 41-90 lines had been recalled verbatim, this scan would have said so in 1 of 1 trial" in said
    )
    out = tmp_path / "power.json"
    assert run("power", *places, *ONE, "--format", "json", "-o", str(out)).exit_code == 0
    data = json.loads(out.read_text())
    jsonschema.Draft202012Validator(power_json_schema()).validate(data)
    assert [(row["size"], row["disguise"]) for row in data["rows"]] == [("41-90 lines", "verbatim")]


def test_the_same_seed_gives_the_same_bytes(places: tuple[str, str]) -> None:
    once, twice = (run("power", *places, *ONE, "--format", "json", "--seed", "5").stdout for _ in range(2))
    assert once == twice and json.loads(once)["seed"] == 5


def test_another_language_is_said_plainly_and_no_error(places: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "add.py").write_text("def add(one, two):\n    return one + two\n")
    result = run("power", str(tmp_path), places[1], *ONE)
    assert result.exit_code == 0
    assert "in python, the original in go" in " ".join(result.stdout.split())


def test_bad_options_are_told_in_one_line(places: tuple[str, str]) -> None:
    assert "--trials" in complaint(run("power", *places, "--trials", "0"))
    assert "--size" in complaint(run("power", *places, "--size", "huge"))
    assert "no-such" in complaint(run("power", "no-such", places[1]))
