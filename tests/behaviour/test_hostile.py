"""The hostile corpus: every fixture comes to what the table says, and nothing hangs, leaks or is left over."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from simdetect import ScanOptions
from simdetect.cli.group import cli
from simdetect.model import Side
from simdetect.sources import read_tree
from tests import ROOT

C = b"int main(void) { return 1; }\n"


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


hostile = load_script("scan_hostile")
ROWS: list[dict[str, Any]] = hostile.outcomes()
ARCHIVES = [row["input"] for row in ROWS if row["input"] not in ("tree", "live")]


@pytest.fixture(scope="module")
def corpus() -> Iterator[tuple[Path, dict[str, str]]]:
    with hostile.corpus(None, scale=0.02) as made:
        yield made


@pytest.fixture(scope="module")
def tree(corpus: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The scan of all folder fixtures as one candidate, with a folder of its own for temporary files."""
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        done = hostile.scan(corpus[0] / "tree")
    assert not list(temporary.iterdir())
    return done


# --- the table -----------------------------------------------------------------------------------------------------


def test_every_fixture_has_a_row_and_every_row_a_fixture() -> None:
    made = {*hostile.generate.FOLDERS, *(name.partition(".")[0] for name in hostile.generate.ARCHIVES)}
    assert {row["id"] for row in ROWS if row["input"] != "live"} == made
    assert len(ROWS) == len({row["id"] for row in ROWS})


def test_the_docs_show_the_table_and_the_limits_as_they_are() -> None:
    document = (ROOT / "docs" / "security.md").read_text()
    assert load_script("update_security").updated(document) == document, "run 'make golden'"


@pytest.mark.parametrize("row", [row for row in ROWS if row["input"] == "tree"], ids=lambda row: row["id"])
def test_folder_fixtures_come_to_what_the_table_says(
    tree: Any, corpus: tuple[Path, dict[str, str]], row: dict[str, Any]
) -> None:
    if row["id"] in corpus[1]:
        pytest.skip(corpus[1][row["id"]])
    assert tree.code == row["exit"], tree.stderr
    assert not list(hostile._differences_of("tree", row, hostile.found_outcomes(tree.report)))


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_come_to_what_the_table_says(corpus: tuple[Path, dict[str, str]], tmp_path: Path, name: str) -> None:
    target = tmp_path / "report.json"
    arguments = ["scan", str(corpus[0] / "archives" / name), str(hostile.ORIGINAL), "-q", "--json", str(target)]
    result = CliRunner().invoke(cli, [*arguments, "--limit-seconds", "5"])
    report = json.loads(target.read_text()) if target.exists() else None
    done = hostile.Scan(result.exit_code, 0.0, 0, result.stderr, report)
    assert not hostile.differences(name, done, {})
    assert list(tmp_path.iterdir()) == ([target] if report else [])


def test_what_is_found_is_analysed_or_skipped(tree: Any) -> None:
    report = tree.report
    n_skipped = sum(entry["side"] == "candidate" for entry in report["skipped"])
    assert report["candidate"]["n_discovered"] == len(report["findings"]) + n_skipped


def test_warnings_name_what_is_disguised(tree: Any) -> None:
    text = "\n".join(tree.report["warnings"])
    for name in ("homoglyphs.py", "zero-width.py", "overrides.c", "string.py"):
        assert name in text


def test_the_scan_stays_within_memory_and_prints_no_traceback(tree: Any) -> None:
    assert 0 < tree.peak_bytes < hostile.MAX_BYTES
    assert tree.stderr == ""


# --- what changes while it is read ---------------------------------------------------------------------------------


def outcome(folder: Path, **limits: Any) -> dict[str, str]:
    found = read_tree(folder, Side.CANDIDATE, ScanOptions(**limits))
    return {item.path: item.reason.value for item in found.skipped} | {file.path: file.language for file in found.files}


def expected(name: str) -> Any:
    return next(row["outcome"] for row in ROWS if row["id"] == name)


def test_a_vanishing_file_comes_to_what_the_table_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.c").write_bytes(C)
    opened = os.open

    def vanish(path: Any, *args: Any, **keywords: Any) -> int:
        if path == "main.c":
            (tmp_path / "main.c").unlink()
        return opened(path, *args, **keywords)

    monkeypatch.setattr(os, "open", vanish)
    assert outcome(tmp_path) == expected("vanishing")


def test_a_growing_file_comes_to_what_the_table_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.c").write_bytes(C)
    read = os.read

    def grow(descriptor: int, n: int) -> bytes:
        with (tmp_path / "main.c").open("ab") as file:
            file.write(C)
        return read(descriptor, n)

    monkeypatch.setattr(os, "read", grow)
    assert outcome(tmp_path, max_file_bytes=1000) == expected("growing")


def test_a_swapped_folder_comes_to_what_the_table_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("root/dir", "outside"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "main.c").write_bytes(C)
    scandir = os.scandir

    def swap(descriptor: int) -> Any:
        listing = scandir(descriptor)
        if os.path.samestat(os.fstat(descriptor), (tmp_path / "root" / "dir").stat()):
            (tmp_path / "root" / "dir").rename(tmp_path / "moved")
            (tmp_path / "root" / "dir").symlink_to(tmp_path / "outside")
        return listing

    monkeypatch.setattr(os, "scandir", swap)
    assert outcome(tmp_path / "root") == expected("swapped")


# --- when it is stopped --------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_signal_leaves_no_process_and_no_file(
    corpus: tuple[Path, dict[str, str]], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    """While a worker is stuck in a parse that would go on for a minute."""
    temporary, target = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    target.mkdir()
    candidate = corpus[0] / "tree" / "super-linear" / "pairs.scala"
    command = [sys.executable, "-m", "simdetect", "scan", str(candidate), str(candidate), "-q", "--no-cache"]
    command += ["--limit-seconds", "60", "--json", str(target / "report.json")]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    below: set[int] = set()
    end = time.monotonic() + 60
    while time.monotonic() < end and not any(is_busy(pid) for pid in below):
        time.sleep(0.1)
        below |= set(hostile.descendants(process.pid))
    assert below
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert b"Traceback" not in stderr
    end = time.monotonic() + 20
    while time.monotonic() < end and any(map(is_running, below)):
        time.sleep(0.1)
    assert not [pid for pid in below if is_running(pid)]
    assert not list(temporary.iterdir()) and not list(target.iterdir())


def is_running(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def is_busy(pid: int) -> bool:
    """Whether a process has used 1.5 s of processor time: more than a start takes."""
    fields = _stat(pid)
    return len(fields) > 12 and int(fields[11]) > 1.5 * os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """What /proc says of a process from its state on; nothing when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []
