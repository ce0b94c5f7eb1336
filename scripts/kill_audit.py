"""Kill an audit with SIGKILL at random moments, start it again, and compare what it wrote with an undisturbed one.

usage: python scripts/kill_audit.py RUN --originals DIR [--tasks DIR] [--kills 5] [--seed 1]

RUN: see pack_run.py. Exit code 1 when a byte differs or a temporary file is left.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click


def command(run: Path, originals: Path, tasks: Path | None, output: Path) -> list[str]:
    """The audit as a process of its own, with two workers."""
    inputs = [str(run), "--originals", str(originals), *(["--tasks", str(tasks)] if tasks else [])]
    return [sys.executable, "-m", "simdetect", "audit", *inputs, "-o", str(output), "--workers", "2", "-q"]


def files(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, temporary files included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@click.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--originals", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tasks", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kills", default=5, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(run: Path, originals: Path, tasks: Path | None, kills: int, seed: int) -> int:
    """Compare an audit of RUN that is killed with one that is not."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        work, quiet = Path(name), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

        def start(output: str) -> subprocess.Popen[bytes]:
            environment = {**os.environ, "SIMDETECT_CACHE_DIR": str(work / f"cache-{output}")}
            return subprocess.Popen(command(run, originals, tasks, work / output), env=environment, **quiet)

        started = time.perf_counter()
        code = start("whole").wait()
        whole_s = time.perf_counter() - started
        expected = files(work / "whole")
        n_killed = 0
        for _ in range(kills):
            running = start("killed")
            time.sleep(dice.uniform(0.05, 0.9) * whole_s / kills)
            n_killed += running.poll() is None
            running.send_signal(signal.SIGKILL)
            running.wait()
            n_reports = len(list((work / "killed").rglob("*.simdetect.json")))
            click.echo(f"killed: {n_reports} reports written")
        again = start("killed").wait()
        found = files(work / "killed")
    differing = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    n_left = sum(name.endswith(".tmp") for name in found)
    n_reports = sum(name.endswith(".simdetect.json") for name in found)
    click.echo(
        f"{n_reports} reports of {len(found)} files after {n_killed} kills; {len(differing)} differ from those of an"
        f" undisturbed audit ({whole_s:.0f} s), {n_left} temporary files left; exit codes {code} and {again}"
    )
    return int(bool(differing or n_left or code != again))


if __name__ == "__main__":
    sys.exit(main(standalone_mode=False))
