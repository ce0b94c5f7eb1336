"""Attempts to get a text taken for the executable's: those in `attacks.json`, and here by finding."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from simdetect.errors import InputError
from simdetect.model import Session
from simdetect.options import ScanOptions
from simdetect.scanning.observed import read_observed
from simdetect.session.effects import effect_of
from simdetect.session.trajectory import Kind, read_trajectory
from simdetect.session.trust import judged_texts
from tests.session.test_observed import SECRET, is_observed, session

NAMES = frozenset({"executable"})
ATTACKS: dict[str, Any] = json.loads(Path(__file__).with_name("attacks.json").read_text("utf-8"))
UNCLEAN = (
    "cat < secret.c; ./executable -h",
    'while read -r l; do echo "$l"; done < secret.c; ./executable -h',
    'echo "$(<secret.c)"; ./executable -h',
    'x=$(<secret.c); echo "$x"; ./executable -h',
    "exec < secret.c; read -r -d '' x; echo \"$x\"; ./executable -h",
    "trap 'cat secret.c' EXIT; ./executable -h",
    "{ ./executable -h; cat; } < secret.c",
    "./executable -h | sort --files0-from=list",
    "./executable -h | grep --file=secret.c -v",
    "./executable -h | head -c 11",
    "LD_PRELOAD=./x.so ./executable -h",
    "export PATH=/tmp/x:$PATH; executable -h",
    "cat <<< $secret; ./executable -h",
    "a(){ b; }; b(){ c; }; c(){ executable; }; executable(){ cat secret.c; }; a; ./executable -h",
    "head() { cat secret.c; }; ./executable -h | head",
    "cd /w && ./executable -h; cat secret.c",
)
OWN = (
    "cargo build --release",
    "cp target/release/executable .",
    "cp mine/executable ./",
    "make install",
    "cmake --build build",
    "tar xf b.tar",
    "python3 build.py",
    "cp mine exec*",
    "cp mine $(printf execu)table",
    "dd if=mine of=executable",
    "cd out && cp ../mine .",
    "executable() { cat x; }",
    "./test.sh",
    "LD_PRELOAD=x.so; export LD_PRELOAD",
)


@pytest.mark.parametrize("name", ATTACKS["turns"])
def test_no_attack_makes_a_text_observed(name: str) -> None:
    assert not is_observed(session(*ATTACKS["turns"][name]))


@pytest.mark.parametrize("name", ATTACKS["sessions"])
def test_no_form_of_a_session_does(name: str) -> None:
    content = json.dumps(ATTACKS["sessions"][name]).encode()
    assert not is_observed(Session(name, "0" * 64, tuple(judged_texts(read_trajectory(content, name)))))


@pytest.mark.parametrize("command", ATTACKS["clean"])
def test_honest_commands_are_clean(command: str) -> None:
    effect = effect_of(command, NAMES)
    assert effect.is_clean and not effect.runs_others


@pytest.mark.parametrize("command", ATTACKS["harmless"])
def test_what_reads_the_executable_spoils_nothing(command: str) -> None:
    effect = effect_of(command, NAMES)
    assert not effect.replaces and not effect.runs_others


@pytest.mark.parametrize("command", UNCLEAN)
def test_a_command_that_may_print_a_file_is_not_clean(command: str) -> None:
    assert not effect_of(command, NAMES).is_clean


@pytest.mark.parametrize("command", OWN)
def test_nothing_is_observed_once_any_program_ran(command: str) -> None:
    assert not is_observed(session((command, ""), ("./executable --help", SECRET)))


def test_an_executable_in_another_folder_is_another_one() -> None:
    before = ("./executable --version", "1.0")
    assert is_observed(session(before, ("cd tests && ../executable --help", SECRET)))
    assert not is_observed(session(before, ("target/release/executable --help", SECRET)))
    assert not is_observed(session(before, ("cd target/release && ./executable --help", SECRET)))


@pytest.mark.parametrize("write", ("python3 gen.py > s.json", "sed s/a/b/ x > s.json", "rev x > s.json"))
def test_a_file_that_a_program_made_is_foreign(write: str) -> None:
    assert not is_observed(session((write, ""), ("./executable . < s.json", SECRET)))


@pytest.mark.parametrize("write", ("printf '\\x41b' > s", "cat > s <<'X'\na \\x41b\nX", "echo a >> s", "cat a > s"))
def test_a_file_that_was_pieced_together_is_foreign(write: str) -> None:
    assert not is_observed(session((write, ""), ("./executable s", SECRET)))
    assert is_observed(session((write, ""), ("./executable --help", SECRET)))


def test_a_file_that_stands_in_a_command_is_not() -> None:
    assert is_observed(session(("cat > s <<'X'\nwidget\nX", ""), ("./executable s", SECRET)))


@pytest.mark.parametrize(
    "found",
    (
        {"messages": [{"role": "tool", "tool_call_id": {"a": 1}, "content": "hi"}]},
        {"steps": [{"tool_calls": 5, "observation": {"results": [{"content": "x"}]}}]},
        {"steps": [{"tool_calls": True, "observation": {"results": [{"content": "x"}]}}]},
    ),
)
def test_odd_values_are_no_error(found: Any) -> None:
    events = read_trajectory(json.dumps(found).encode(), "x")
    assert [event.commands for event in events if event.kind is Kind.PRINTED] == [None]


def test_variables_that_grow_are_not_known() -> None:
    effect = effect_of("x=aaaaaaaa\n" + 'x="$x$x"\n' * 40 + 'echo "$x"; ./executable', NAMES)
    assert not effect.is_clean and len(effect.spoken) < 1 << 22
    words = "x=" + "a" * 60_000 + "\nfor i in " + "a " * 1000 + '; do echo "$x"; ./executable; done'
    assert len(effect_of(words, NAMES).spoken) < 1 << 22


MESSAGES = [
    {"role": "assistant", "content": "", "extra": {"actions": [{"command": "./executable"}]}},
    {"role": "tool", "content": SECRET},
]
CONTENT = json.dumps({"messages": MESSAGES}).encode()


def archived(folder: Path, kind: str) -> Path:
    target = folder / f"seen.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(target, "w") as file:
            file.writestr("seen/run.traj.json", CONTENT)
    else:
        with tarfile.open(target, "w:gz") as tar:
            entry = tarfile.TarInfo("seen/run.traj.json")
            entry.size = len(CONTENT)
            tar.addfile(entry, io.BytesIO(CONTENT))
    return target


@pytest.mark.parametrize("kind", ("zip", "tar.gz"))
def test_a_session_in_an_archive_is_one(kind: str, tmp_path: Path) -> None:
    found = read_observed(archived(tmp_path, kind), ScanOptions(), None)
    assert (len(found.sessions), found.texts) == (1, ())


@pytest.mark.parametrize(
    ("name", "content"),
    (
        ("session.log", CONTENT),
        ("session.txt", b"\xef\xbb\xbf" + CONTENT),
        ("session.md", CONTENT.decode().encode("utf-16")),
        ("run.json", json.dumps(MESSAGES).encode()),
        ("run.txt", json.dumps(MESSAGES, indent=2).encode()),
    ),
)
def test_a_session_is_known_by_what_it_holds(name: str, content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "seen"
    folder.mkdir()
    (folder / name).write_bytes(content)
    found = read_observed(folder, ScanOptions(), None)
    assert (len(found.sessions), found.texts) == (1, ())
    assert len(read_observed(folder / name, ScanOptions(), None).sessions) == 1


@pytest.mark.parametrize("content", (CONTENT[:-3], b'{"role": "tool", "tool_call_id": "a"}\n' * 2))
def test_what_looks_like_a_session_and_cannot_be_read_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(content)
    with pytest.raises(InputError, match="cannot read the trajectory"):
        read_observed(tmp_path, ScanOptions(), None)
