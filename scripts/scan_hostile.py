"""Make the hostile corpus in full size, scan it, and check what becomes of it: outcomes, time, memory.

usage: python scripts/scan_hostile.py [--scale S] [--keep FOLDER]

Prints seconds and processor time, both without making the corpus; peak memory, the sum over all processes of what is
not shared; every outcome that differs from fixtures/hostile/outcomes.toml. Ends with 1 when one does, or a bound of the
bars is exceeded.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = ROOT / "fixtures" / "hostile"
ORIGINAL = ROOT / "fixtures" / "demo" / "original"
MAX_SECONDS = 60.0
MAX_BYTES = 1_500_000_000
_AT_ONCE = 2

sys.path.insert(0, str(HOSTILE))

import generate  # noqa: E402  (a script, not a package)


@dataclass(frozen=True, slots=True)
class Scan:
    """How one scan went. report: as JSON; None when none was written."""

    code: int
    seconds: float
    peak_bytes: int
    stderr: str
    report: dict[str, Any] | None


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    with corpus(given.keep, given.scale) as (root, missing):
        for name, reason in missing.items():
            print(f"not made: {name}: {reason}")
        problems, peaks = [], []
        started, computed = time.monotonic(), _children_s()
        for name, done in scan_all(root):
            print(f"{name}: exit {done.code}, {done.seconds:.1f} s, {done.peak_bytes / 1e6:.0f} MB", flush=True)
            peaks.append(done.peak_bytes)
            problems += differences(name, done, missing)
        seconds, computed = time.monotonic() - started, _children_s() - computed
        peak = max(peaks[0], sum(sorted(peaks[1:])[-_AT_ONCE:]))  # as if the largest archives met
    print(f"all: {seconds:.1f} s, of processor time {computed:.1f} s, peak {peak / 1e6:.0f} MB")
    if seconds > MAX_SECONDS:
        problems.append(f"{seconds:.1f} s are more than {MAX_SECONDS:.0f} s")
    if peak > MAX_BYTES:
        problems.append(f"{peak} bytes are more than {MAX_BYTES}")
    print("\n".join(problems) or "every outcome is as the table says")
    return int(bool(problems))


def _children_s() -> float:
    """Processor time of all scans so far: on a machine that others use, seconds say little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def corpus(keep: Path | None, scale: float) -> Iterator[tuple[Path, dict[str, str]]]:
    """The corpus below a folder, and which fixtures could not be made."""
    root = keep or Path(tempfile.mkdtemp(prefix="simdetect-hostile-"))
    try:
        missing = generate.make_folder(root / "tree", scale)
        generate.make_archives(root / "archives")
        yield root, missing
    finally:
        if keep is None:
            generate.remove(root)


def inputs(root: Path) -> list[Path]:
    return [root / "tree", *sorted((root / "archives").iterdir())]


def scan_all(root: Path) -> Iterator[tuple[str, Scan]]:
    """Every input's name and scan: the folder with two workers, then the archives, which need one, two at a time."""
    tree, *archives = inputs(root)
    yield tree.name, scan(tree)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        yield from zip([path.name for path in archives], threads.map(partial(scan, jobs=1), archives), strict=True)


def outcomes() -> list[dict[str, Any]]:
    """The rows of outcomes.toml."""
    found: list[dict[str, Any]] = tomllib.loads((HOSTILE / "outcomes.toml").read_text())["fixture"]
    return found


# --- running -------------------------------------------------------------------------------------------------------


def scan(candidate: Path, *options: str, jobs: int = 2) -> Scan:
    """Scan one input on the command line, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "report.json")
        command = [sys.executable, "-m", "simdetect", "scan", str(candidate), str(ORIGINAL)]
        command += ["-q", "--jobs", str(jobs), "--no-cache", "--limit-seconds", "5", "--json", str(target), *options]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        peaks: list[int] = []
        watch = threading.Thread(target=_watch, args=(process, peaks))
        watch.start()
        _, stderr = process.communicate(timeout=600)
        seconds = time.monotonic() - started
        watch.join()
        report = json.loads(target.read_text()) if target.exists() else None
    return Scan(process.returncode, seconds, max(peaks, default=0), stderr, report)


def _watch(process: subprocess.Popen[str], peaks: list[int]) -> None:
    while process.poll() is None:
        peaks.append(sum(map(_private_bytes, [process.pid, *descendants(process.pid)])))
        time.sleep(0.1)


def descendants(pid: int) -> list[int]:
    """Ids of all processes below one, on Linux."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def _private_bytes(pid: int) -> int:
    """Memory of a process, shared pages by their share."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


# --- judging -------------------------------------------------------------------------------------------------------


def differences(name: str, done: Scan, missing: Mapping[str, str]) -> list[str]:
    """What of one input is not as the table says."""
    rows = [row for row in outcomes() if row["input"] == name and row["id"] not in missing]
    problems = [] if "Traceback" not in done.stderr else [f"{name}: traceback: {done.stderr[-300:]}"]
    codes = {row.get("exit", 3) for row in rows}
    if codes != {done.code}:
        problems.append(f"{name}: exit {done.code}, expected {codes}: {done.stderr[:300]}")
    if done.report is not None:
        found = found_outcomes(done.report)
        problems += [problem for row in rows for problem in _differences_of(name, row, found)]
    return problems


def _differences_of(name: str, row: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[str]:
    prefix = f"{row['id']}/" if name == "tree" else ""
    for path, expected in row.get("outcome", {}).items():
        if expected.startswith("all "):
            rest = {value for key, value in found.items() if key.startswith(prefix + path)}
            if rest != set(expected.removeprefix("all ").split(" or ")):
                yield f"{name}: {prefix}{path}: {sorted(rest)[:5]}, expected {expected}"
        elif found.get(prefix + path) not in expected.split(" or "):
            yield f"{name}: {prefix}{path!r}: {found.get(prefix + path)}, expected {expected}"


def found_outcomes(report: Mapping[str, Any]) -> dict[str, str]:
    """What became of each path of the candidate: a skip reason, or the language it was analysed as."""
    found = {entry["path"]: entry["reason"] for entry in report["skipped"] if entry["side"] == "candidate"}
    for finding in report["findings"]:
        lexical = ", lexical" if finding["degraded"] not in (None, "no-grammar") else ""
        found[finding["candidate"]] = finding["language"] + lexical
    return found


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
