"""Files are written whole or not at all, and what killed writers leave is swept away."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from simdetect.errors import StoreError
from simdetect.store import replacing, sweep, sweep_folder, write_text, write_whole


@pytest.fixture(autouse=True)
def ordinary_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    with replacing(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_text() == "old"
    assert target.read_text() == "new" and names(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_whatever_stops_a_writer_leaves_the_old_file_and_no_debris(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    with pytest.raises(error), replacing(target) as file:
        file.write(b"half")
        raise error
    assert target.read_text() == "old" and names(tmp_path) == ["a"]


def test_permissions_are_the_ordinary_ones_or_those_the_file_had(tmp_path: Path) -> None:
    target = tmp_path / "a"
    write_text(target, "x")
    assert mode(target) == 0o644
    target.chmod(0o600)
    with replacing(target, keeps_mode=True) as file:
        file.write(b"y")
    assert mode(target) == 0o600
    write_text(target, "z")
    assert mode(target) == 0o644
    with replacing(tmp_path / "new", keeps_mode=True) as file:
        file.write(b"y")
    assert mode(tmp_path / "new") == 0o644


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot write .*a: No such file or directory"):
        write_text(tmp_path / "none" / "a", "x")

    def fill(_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left on device"):
        write_whole(tmp_path / "a", fill)
    assert names(tmp_path) == []


def test_a_sweep_removes_what_was_left_of_a_file_and_nothing_else(tmp_path: Path) -> None:
    for name in (".a.json.x1.tmp", ".a.json.x2.tmp", ".b.json.x1.tmp", "a.json", "a.tmp"):
        (tmp_path / name).write_text("x")
    sweep(tmp_path / "a.json")
    assert names(tmp_path) == [".b.json.x1.tmp", "a.json", "a.tmp"]
    sweep_folder(tmp_path)
    assert names(tmp_path) == ["a.json", "a.tmp"]


@pytest.mark.parametrize("name", ["[*]?", "x" * 240, "\u202e\n"])
def test_files_of_any_name_are_written_and_swept(tmp_path: Path, name: str) -> None:
    write_text(tmp_path / name, "x")
    (tmp_path / f".{name[:40]}.abcd.tmp").write_text("half")
    (tmp_path / ".other.abcd.tmp").write_text("half")
    sweep(tmp_path / name)
    assert names(tmp_path) == sorted([name, ".other.abcd.tmp"])
