"""scripts/rebuilt_memory.py: what agrees with a release, by diff."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests import ROOT
from tests.scripts.rebuilt_programs import function, program, rebuilt_function, store, task

sys.path.insert(0, str(ROOT / "scripts"))
import rebuilt_memory
from rebuilt_memory import Release, max_agreeing, measured, normalised, spread

A, B, C, D = (f"the line of {name} = {name}" for name in ("anna", "bert", "carl", "dora"))


def test_lines_that_say_little_are_not_compared_and_white_space_does_not_matter() -> None:
    text = "\tif (left ==  right) {\n}\n1234567890123\n\treturn;\n   x = 12345678;\n"
    assert normalised(text) == ("if (left == right) {", "x = 12345678;")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], 0),
        ([(A, B, C, D)], 4),
        ([(A, "something else", B, C)], 3),
        ([(D, C, B, A)], 1),  # order counts
        ([(A, B), (C, D)], 2),  # of one file
        ([(A, A, A, A)], 1),  # once for each line of the text
        ([(A,), (B, C, D)], 3),
    ],
)
def test_lines_agree_in_order_with_the_one_file_that_has_most(files: list[tuple[str, ...]], expected: int) -> None:
    assert max_agreeing((A, B, C, D), files) == expected


def test_lines_are_counted_in_the_release_that_has_most_and_functions_in_any() -> None:
    found = [Release("v1", ((A, B),)), Release("v2", ((A, B, C),)), Release("v3", (("other",), (D,)))]
    memory = measured([(A, B, C, D)], [(A, B, C), (B, C, D), (D, C, B, A)], found)
    assert memory.agreeing_by_release == {"v1": 2, "v2": 3, "v3": 1}
    figures = memory.figures("v1", 7)
    assert (figures["lines_share"], figures["closest_release"], figures["lines_share_at_commit"]) == (0.75, "v2", 0.5)
    assert (figures["functions"], figures["functions_share"]) == (3, 0.333)  # two of three lines are less than 70 %


def test_nothing_written_and_no_release_are_no_error() -> None:
    assert measured([], [], []).figures("v1", None)["functions_share"] is None


def test_tags_are_spread_over_time_with_the_first_and_the_last() -> None:
    names = [str(number) for number in range(100)]
    assert spread(names, 12)[0] == "0"
    assert spread(names, 12)[-1] == "99"
    assert len(set(spread(names, 12))) == 12
    assert spread(names[:5], 12) == names[:5]


# --- with a repository ---------------------------------------------------------------------------------------------


def git(place: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]
    command = ["git", "-C", str(place), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """An original whose tag v1 has what was written from memory in part, and whose later commits have not."""
    place = tmp_path / "repositories" / "someone+harbour"
    place.mkdir(parents=True)
    git(place, "init", "-q")
    for version, seed in (("v1", "old"), ("v2", "new")):
        store(place / "main.go", program(seed, (30, 40)))
        store(place / "README.md", "not code")
        git(place, "add", ".")
        git(place, "commit", "-qm", version)
        git(place, "tag", version)
    (place / ".git").rename(tmp_path / "git")
    store(tmp_path / "texts" / "harbour.note", "8 - nearly by heart\n")
    known, guessed = function("oldPart0", 30, "old:0"), rebuilt_function("guessed", 28, "guess")
    store(tmp_path / "texts" / "harbour" / "main.go", f"package main\n\n{known}\n{guessed}")
    task(tmp_path / "rebuilt")
    (tmp_path / "git").rename(place / "repo")
    return tmp_path


def run(places: Path) -> dict[str, object]:
    command = [str(places / "texts"), str(places / "repositories"), "--rebuilt", str(places / "rebuilt")]
    done = CliRunner().invoke(rebuilt_memory.main, command)
    assert done.exit_code == 0, done.output
    facts: dict[str, object] = yaml.safe_load((places / "rebuilt" / "harbour" / "task.yaml").read_text())
    return facts


def test_the_figures_stand_in_the_task_beside_what_it_said(places: Path) -> None:
    before = yaml.safe_load((places / "rebuilt" / "harbour" / "task.yaml").read_text())
    facts = run(places)
    memory = facts.pop("memory")
    assert facts == before
    assert isinstance(memory, dict)
    assert memory["closest_release"] == "v1"
    assert 0.4 <= memory["lines_share"] <= 0.6  # one of two functions of the same size
    assert (memory["functions"], memory["functions_share"]) == (2, 0.5)
    assert memory["releases"] == ["v1", "v2", "HEAD"]  # the commit that the task names is not in this repository
    assert memory["lines_share_at_commit"] is None
    assert memory["belief"] == 8


def test_a_task_without_a_repository_is_left_as_it_is(places: Path) -> None:
    (places / "repositories" / "someone+harbour").rename(places / "repositories" / "someone+else")
    assert "memory" not in run(places)
