"""Faults of the machine: a full disk, what may not be read or written, killed processes, clocks that jump."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simdetect import Scanner, ScanOptions
from simdetect.model import ScanReport, Side
from simdetect.report import render
from simdetect.running import WorkerPool
from simdetect.store import Cache
from tests import DEMO

INPUTS = (str(DEMO / "submission"), str(DEMO / "original"))
MEMORY_BYTES = 4 << 30
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2


def without_run(report: ScanReport) -> str:
    return render(replace(report, run={}), "json")


@pytest.fixture(scope="module")
def expected() -> str:
    with Scanner(ScanOptions()) as scanner:
        return without_run(scanner.scan(*INPUTS))


def simdetect(*arguments: str, cache: Path, before: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; before: what that process does first."""
    return subprocess.run(
        [sys.executable, "-m", "simdetect", *arguments],
        env={**os.environ, "SIMDETECT_CACHE_DIR": str(cache)},
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=120,
    )


# --- a full disk ---------------------------------------------------------------------------------------------------


def limit_files() -> None:
    """Writing more than 20,000 bytes to a file fails from now on, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("command", ["scan --json", "index -o"])
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path, command: str) -> None:
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "written"
    name, flag = command.split()
    inputs = INPUTS if name == "scan" else INPUTS[1:]
    done = simdetect(name, *inputs, flag, str(target), cache=tmp_path / "cache", before=limit_files)
    assert done.returncode == 2
    assert "File too large" in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr
    assert list(target.parent.iterdir()) == []


def test_a_cache_on_a_full_disk_changes_no_report(tmp_path: Path, expected: str) -> None:
    done = simdetect("scan", *INPUTS, "--format", "json", cache=tmp_path, before=limit_files)
    assert (done.returncode, done.stderr) == (1, "")
    assert {**json.loads(done.stdout), "run": {}} == json.loads(expected)


# --- permissions ---------------------------------------------------------------------------------------------------


def obey_permissions() -> None:
    """Give up root's right to read and write what permissions forbid; kept for children."""
    for right in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, right, 0, 0, 0)


def needs_permissions(folder: Path) -> None:
    """Skip where permissions bind nobody."""
    closed = folder / "closed"
    closed.write_text("x")
    closed.chmod(0)
    command = [sys.executable, "-c", f"open({str(closed)!r}).read()"]
    if subprocess.run(command, preexec_fn=obey_permissions, capture_output=True).returncode == 0:
        pytest.skip("permissions bind nobody here")


@contextlib.contextmanager
def modes(mode_by_path: dict[Path, int]) -> Iterator[None]:
    for path, mode in mode_by_path.items():
        path.chmod(mode)
    try:
        yield
    finally:
        for path in mode_by_path:
            path.chmod(0o700)


def test_a_read_only_cache_changes_no_report(tmp_path: Path, expected: str) -> None:
    needs_permissions(tmp_path)
    cache = tmp_path / "cache"
    with Scanner(ScanOptions(cache=cache)) as scanner:
        scanner.scan(DEMO / "submission", DEMO / "independent")
    with modes({**dict.fromkeys(cache.iterdir(), 0o400), cache: 0o500}):
        done = simdetect("scan", *INPUTS, "--format", "json", cache=cache, before=obey_permissions)
    assert (done.returncode, done.stderr) == (1, "")
    assert {**json.loads(done.stdout), "run": {}} == json.loads(expected)


def test_what_may_not_be_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    needs_permissions(tmp_path)
    tree = tmp_path / "tree"
    (tree / "closed").mkdir(parents=True)
    for name in ("a.c", "b.c", "closed/c.c"):
        (tree / name).write_bytes((DEMO / "original" / "src" / "lex.c").read_bytes() + name.encode())
    with modes({tree / "b.c": 0, tree / "closed": 0}):
        arguments = ("scan", str(tree), INPUTS[1], "--format", "json")
        done = simdetect(*arguments, cache=tmp_path / "cache", before=obey_permissions)
    report = json.loads(done.stdout)
    skipped = {entry["path"]: entry["reason"] for entry in report["skipped"] if entry["side"] == "candidate"}
    assert skipped == {"b.c": "unreadable", "closed": "unreadable"}
    assert report["candidate"]["n_discovered"] == 3


# --- killed processes ----------------------------------------------------------------------------------------------


# A file whose parse takes over 10 s.
STUCK = "int[] a = {" + ",".join(f"{{{i},{i + 1}}}" for i in range(60_000)) + "};"


def kill_at_work(pool: WorkerPool) -> None:
    """Kill the one process of a pool while it does its first task, the largest."""
    while not pool._workers or pool._workers[0]._process is None or not pool._workers[0]._process.is_alive():
        time.sleep(0.05)
    time.sleep(3)
    process = pool._workers[0]._process
    assert process is not None and process.pid is not None
    os.kill(process.pid, signal.SIGKILL)


def test_a_worker_that_is_killed_costs_a_syntax_tree_and_no_file(tmp_path: Path, expected: str) -> None:
    candidate = shutil.copytree(DEMO / "submission", tmp_path / "submission")
    (candidate / "stuck.scala").write_text(STUCK)
    with WorkerPool(1, MEMORY_BYTES) as pool:
        scanner = Scanner(ScanOptions(), pool)
        killer = threading.Thread(target=kill_at_work, args=(pool,))
        killer.start()
        report = scanner.scan(candidate, INPUTS[1])
        killer.join()
        degraded = {finding.candidate: finding.degraded for finding in report.findings if finding.degraded}
        assert degraded == {"stuck.scala": "crash: parse worker process died (exit code -9)"}
        skipped = [entry for entry in report.skipped if entry.side == Side.CANDIDATE]
        assert report.candidate.n_discovered == len(report.findings) + len(skipped)
        assert without_run(scanner.scan(*INPUTS)) == expected


SLOW = """
import sys, simdetect
simdetect.scan(sys.argv[1], sys.argv[1], options=simdetect.ScanOptions(limit_seconds=1.0))
"""


def children(pid: int) -> set[int]:
    """Process ids of all children and theirs."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found |= {int(child) for child in task.read_text().split()}
    return found.union(*map(children, found)) if found else found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_when_the_parent_is_killed_its_workers_end_even_in_a_stuck_parse(tmp_path: Path) -> None:
    (tmp_path / "stuck.scala").write_text(STUCK)
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(tmp_path)])
    end = time.monotonic() + 60
    while not (started := children(process.pid)) and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.8)
    started |= children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert started
    end = time.monotonic() + 30
    while any(map(is_running, started)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(is_running, started))


# --- clocks --------------------------------------------------------------------------------------------------------


def test_clocks_that_jump_change_no_report(tmp_path: Path, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into the past, the far future, and back; the cache neither loses its entries nor serves others."""
    jumps = itertools.cycle([2e9, 0.0, 1e10, -5e8, 1.7e9])
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    for _ in range(3):
        with Scanner(ScanOptions(cache=tmp_path)) as scanner:
            assert without_run(scanner.scan(*INPUTS)) == expected
    assert Cache(tmp_path, 1 << 30).info().n_entries > 10


def test_files_dated_in_the_future_or_before_1970_are_like_any_other(tmp_path: Path) -> None:
    for path in sorted((DEMO / "submission").iterdir()):
        (tmp_path / path.name).write_bytes(path.read_bytes())
        date = random.Random(path.name).choice([-(10**9), 0, 10**10])
        os.utime(tmp_path / path.name, (date, date))
    with Scanner(ScanOptions()) as scanner:
        assert scanner.index(tmp_path).tree.digest == scanner.index(DEMO / "submission").tree.digest
