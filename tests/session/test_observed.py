"""What counts as observed: the rule, and attempts to get around it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from simdetect.model import Session, TextSource
from simdetect.session.trajectory import read_trajectory
from simdetect.session.trust import judged_texts
from simdetect.weighing.handouts import index_handouts
from simdetect.weighing.observed import from_session
from simdetect.weighing.text_runs import runs, words_in

SECRET = "cannot frobnicate the widget twice"


def session(*turns: tuple[str, str], thought: str = "") -> Session:
    """A session of commands and what they printed."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": "You rebuild a program."}]
    for command, output in turns:
        messages.append({"role": "assistant", "content": thought, "extra": {"actions": [{"command": command}]}})
        messages.append({"role": "tool", "content": f"<returncode>0</returncode>\n<output>\n{output}\n</output>"})
    content = json.dumps({"messages": messages}).encode()
    return Session("run.traj.json", "0" * 64, tuple(judged_texts(read_trajectory(content, "run.traj.json"))))


def is_observed(found: Session, text: str = SECRET) -> bool:
    """Whether all runs of three words of a text are observed."""
    index = index_handouts(from_session(found))
    wanted = runs(words_in(text.encode()))[-1]
    return bool(np.isin(wanted, index.run).all())


def test_what_the_executable_alone_prints_first_is_observed_with_its_step() -> None:
    found = session(("ls", "executable"), ("./executable --help", SECRET))
    assert is_observed(found)
    assert [handout.path for handout in from_session(found)] == ["run.traj.json, step 2"]


@pytest.mark.parametrize(
    "turns",
    (
        [(f"echo '{SECRET}' | ./executable", SECRET)],
        [(f"cat > a <<'X'\n{SECRET}\nX", ""), ("./executable a", SECRET)],
        [(f"./executable '{SECRET}'", SECRET)],
        [("a='cannot frobnicate'; b=' the widget twice'; ./executable \"$a$b\"", SECRET)],
        [("./executable 'cannot frob''nicate the wid''get twice'", SECRET)],
    ),
    ids=("pipe", "file", "argument", "variables", "quotes"),
)
def test_a_text_that_the_executable_only_gives_back_is_not(turns: list[tuple[str, str]]) -> None:
    assert not is_observed(session(*turns))


@pytest.mark.parametrize(
    "before",
    (
        ("gcc -o executable mine.c", ""),
        ("cp mine ./executable", ""),
        ("cat > compile.sh <<'X'\ngcc -o executable mine.c\nX\nsh compile.sh", ""),
        ("cat > build.sh <<'X'\nmv target/release/mine executable\nX", ""),
    ),
)
def test_nothing_is_observed_once_a_build_may_have_written_the_executable(before: tuple[str, str]) -> None:
    assert not is_observed(session(before, ("sh build.sh", ""), ("./executable --help", SECRET)))


@pytest.mark.parametrize(
    "build",
    (
        "gcc -O2 -Wall -o mine main.c",
        "go build -o mine .",
        "rustc -O -o out/mine main.rs",
        "cc -std=c99 a.c b.c -o ./mine -lm",
    ),
)
def test_a_build_of_another_file_does_not_end_belief(build: str) -> None:
    write = ("cat > main.c <<'X'\nint main(void) { return 0; }\nX", "")
    assert is_observed(session(write, (build, ""), ("./executable --help", SECRET)))


@pytest.mark.parametrize(
    "build",
    (
        "gcc -o executable main.c",
        "gcc -o $OUT main.c",
        "gcc @options -o mine",
        "gcc -fplugin=./x.so -o mine main.c",
        "gcc -o mine -o executable main.c",
        "go build .",
        "go build -toolexec ./x -o mine .",
        "gcc -o . main.c",
    ),
)
def test_a_build_that_may_do_more_does(build: str) -> None:
    assert not is_observed(session((build, ""), ("./executable --help", SECRET)))


def test_compound_commands_are_not_believed() -> None:
    assert not is_observed(session(("./executable --help; cat main.c", SECRET)))
    assert not is_observed(session(("cat main.c && ./executable --help", SECRET)))


def test_source_that_was_fetched_is_not_observed() -> None:
    assert not is_observed(session(("curl -s https://example.org/main.c", SECRET), ("./executable --help", SECRET)))
    quietly = ("curl -so main.c https://example.org/main.c", "")
    assert not is_observed(session(quietly, ("./executable main.c", SECRET)))
    assert not is_observed(session(quietly, ("./executable < main.c", SECRET)))
    assert not is_observed(session(quietly, ("./executable --help", SECRET)))  # a program may write anything


def test_what_the_model_said_before_is_not() -> None:
    assert not is_observed(session(("./executable --help", SECRET), thought=f"It prints: {SECRET}"))


def test_an_output_that_stood_elsewhere_first_is_not() -> None:
    assert not is_observed(session(("cat notes", SECRET), ("./executable --help", SECRET)))
    assert is_observed(session(("./executable --help", SECRET), ("cat notes", SECRET)))


def test_a_forged_output_needs_the_forger_to_forge_all_of_it() -> None:
    """Nothing in a file can prove that it was not made up: that is why a report says what it would be without."""
    assert is_observed(session(("./executable --help", SECRET)))


def test_of_mixed_outputs_is_known_that_they_ran_the_executable() -> None:
    found = session(("./executable; cat x", SECRET), ("ls", ""))
    assert [text.source for text in found.texts if text.source is not TextSource.OTHER] == [TextSource.MIXED]


def test_a_long_session_is_read_in_time_with_its_size() -> None:
    line = "word{} in an output that the executable printed once more {}\n"
    turns = [(f"./executable {i}", "".join(line.format(j, i * j) for j in range(700))) for i in range(150)]
    found = session(*turns)  # 6 MB
    assert sum(len(text.text) for text in found.texts) > 6_000_000
    assert len(from_session(found)) == 150
