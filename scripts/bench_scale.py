"""Measure how scans, indexes and audits scale, on real sources. Ratios and exponents, since machines are noisy.

usage: python scripts/bench_scale.py [FOLDER...] [--candidate FOLDER] [--run RUN --originals DIR --tasks DIR]

Every measurement is a `simdetect` process of its own; of several repetitions the median of seconds of CPU (its own and
its workers') and of wall time, and the peak memory of the largest process. Writes numbers and a plot of the growth into
--output.

  cold      scan against the folder, no cache           warm     scan against an index, results of the candidate cached
  growth    originals of 1 to 50 MB made of the FOLDERs' files: time and memory, and the exponent of the best power law
  jobs      a cold scan of an original of --jobs-mb on one processor and on two
  live      in one Scanner, without Python's start: a scan of that folder, and of its index
  audit     a run (see pack_run.py; without one, a small one of parts of the FOLDERS): one worker on one processor, two
            on two, and two of a Dask cluster on this machine
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from pack_run import pack

import simdetect
from simdetect import Scanner, ScanOptions
from simdetect.model import Side
from simdetect.sources import read_tree


@dataclass(frozen=True)
class Cost:
    """Of one command, medians: seconds of wall time and CPU, megabytes."""

    wall_s: float
    cpu_s: float
    peak_mb: float


@contextmanager
def processors(n: int | None) -> Iterator[None]:
    """What is started here runs on the first n processors of this process; on all of them for None."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:n])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cost(arguments: list[str], cache: Path, repetitions: int) -> Cost:
    """Run simdetect and measure it. Exit codes 0, 1 and 3 are results."""
    found = []
    for _ in range(repetitions):
        environment = {**os.environ, "SIMDETECT_CACHE_DIR": str(cache)}
        started = time.perf_counter()
        command = [sys.executable, "-m", "simdetect", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1, 3):
            raise click.ClickException(process.stderr.read().decode() if process.stderr else "failed")
        wall = time.perf_counter() - started
        found.append((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return Cost(*(statistics.median(values) for values in zip(*found, strict=True)))


def sized_folder(folders: tuple[Path, ...], n_bytes: float, target: Path, seed: int = 1) -> tuple[float, float]:
    """Copy whole files, the same ones for the same size and seed, until about n_bytes of code are there. Returns MB of
    code, and of documents."""
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    np.random.default_rng(seed).shuffle(files)  # type: ignore[arg-type]
    total = 0
    for number, path in enumerate(files):
        if path.stat().st_size > 300_000:
            continue
        if total >= n_bytes:
            break
        copy = target / f"{number % 50}" / f"{number}-{path.name}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        total += path.stat().st_size
    tree = read_tree(target, Side.ORIGINAL, ScanOptions())
    code, documents = (sum(len(file.content) for file in files) / 1e6 for files in (tree.files, tree.documents))
    return code, documents


def exponent(sizes: list[float], values: list[float]) -> float:
    """Slope of the best line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def growth(folders: tuple[Path, ...], candidate: Path, sizes: list[float], work: Path, repetitions: int) -> list[dict]:
    """One row for each size: code, index, cold and warm scans."""
    rows = []
    for size in sizes:
        tree, index = work / f"tree-{size:g}", work / f"{size:g}.sdx"
        n_mb, documents_mb = sized_folder(folders, size * 1e6, tree)
        source_bytes = (n_mb + documents_mb) * 1e6
        scan = ["scan", str(candidate), "-q"]
        made = cost(["index", str(tree), "-o", str(index), "--no-cache", "-q"], work / "none", 1)
        with_text = index.stat().st_size
        cold = cost([*scan, str(tree), "--no-cache"], work / "none", repetitions)
        cost([*scan, str(index)], work / "cache", 1)
        warm = cost([*scan, str(index)], work / "cache", repetitions)
        cost(["index", str(tree), "-o", str(index), "--no-cache", "--no-source", "-q"], work / "none", 1)
        rows.append(
            {
                "mb": n_mb,
                "index": asdict(made),
                "cold": asdict(cold),
                "warm": asdict(warm),
                "documents_mb": documents_mb,
                "index_share": with_text / source_bytes,
                "index_share_without_text": index.stat().st_size / source_bytes,
                "index_share_without_text_of_code": index.stat().st_size / n_mb / 1e6,
            }
        )
        click.echo(
            f"{n_mb:6.1f} MB  cold {cold.cpu_s:6.2f} s CPU, {cold.peak_mb:5.0f} MB   warm {warm.cpu_s:5.2f} s CPU"
            f" ({warm.cpu_s / cold.cpu_s:.1%}), {warm.peak_mb:4.0f} MB   index {rows[-1]['index_share']:.0%} of the"
            f" source, {rows[-1]['index_share_without_text']:.0%} without text"
            f" ({rows[-1]['index_share_without_text_of_code']:.0%} of the code), {made.cpu_s:.2f} s CPU"
        )
        shutil.rmtree(tree)
    return rows


@contextmanager
def cluster(work: Path) -> Iterator[str]:
    """A scheduler and two workers of one thread on this machine. Yields the scheduler's address."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    listed = work / "scheduler.json"
    environment = {**os.environ, "SIMDETECT_CACHE_DIR": str(work / "cache")}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": work}
    program = str(Path(sys.executable).parent / "dask")
    commands = [[program, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(listed)]]
    commands += [[program, "worker", "--scheduler-file", str(listed), "--nthreads", "1", "--no-dashboard"]] * 2
    running = [subprocess.Popen(command, **quiet) for command in commands]  # type: ignore[call-overload]
    try:
        address = ""
        for _ in range(600):
            if listed.exists() and listed.stat().st_size:
                address = json.loads(listed.read_text())["address"]
                break
            time.sleep(0.1)
        from distributed import Client

        with Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def sample_run(folders: tuple[Path, ...], work: Path) -> tuple[Path, Path]:
    """A run of parts of the folders, each against another part, and its originals."""
    run, originals = work / "sample" / "run", work / "sample" / "originals"
    for number in range(_SAMPLES):
        instance = f"sample__part{number}.{number:07x}"
        candidate = work / "parts" / instance
        sized_folder(folders, 200_000, candidate, seed=2 * number)
        pack(candidate, run / instance / "submission.tar.gz")
        sized_folder(folders, 1_500_000, originals / instance, seed=2 * number + 1)
    return run, originals


_SAMPLES = 12


def audits(run: Path, originals: Path, tasks: Path | None, work: Path, repetitions: int) -> dict[str, object]:
    """Wall seconds of an audit with one worker on one processor, with two on two, and with two of a cluster, nothing
    cached."""
    found: dict[str, list[float]] = {"1": [], "2": [], "dask": []}
    inputs = [str(run), "--originals", str(originals), *(["--tasks", str(tasks)] if tasks else [])]
    for _ in range(repetitions):
        for workers, walls in found.items():
            for folder in ("audit", "audit-cache"):
                shutil.rmtree(work / folder, ignore_errors=True)
            arguments = ["audit", *inputs, "-o", str(work / "audit"), "-q"]
            if workers == "dask":
                with cluster(work / "cluster") as address:
                    walls.append(cost([*arguments, "--scheduler", address], work / "audit-cache", 1).wall_s)
            else:
                with processors(int(workers)):
                    walls.append(cost([*arguments, "--workers", workers], work / "audit-cache", 1).wall_s)
    median = {workers: statistics.median(walls) for workers, walls in found.items()}
    n = len([path for path in run.iterdir() if path.is_dir() and path.name[0] != "_"])
    click.echo(
        f"audit of {n} instances: {median['1']:.1f} s with one worker on one processor, {median['2']:.1f} s with two on"
        f" two:"
        f" {median['1'] / median['2']:.2f} x; {median['dask']:.1f} s with two of a cluster:"
        f" {median['dask'] / median['2']:.2f} of two local ones"
    )
    return {"n_instances": n, "wall_s_by_workers": found, "speedup": median["1"] / median["2"]}


def jobs(folders: tuple[Path, ...], candidate: Path, n_mb: float, work: Path, repetitions: int) -> dict[str, object]:
    """Wall seconds of a cold scan with one worker on one processor and with two on two; and of a live Scanner, cold and
    warm."""
    tree, index = work / "jobs", work / "jobs.sdx"
    size, _ = sized_folder(folders, n_mb * 1e6, tree)
    found: dict[str, list[float]] = {"1": [], "2": []}
    for _ in range(repetitions):
        for n, walls in found.items():
            scan = ["scan", str(candidate), str(tree), "--no-cache", "-q", "--jobs", n]
            with processors(int(n)):
                walls.append(cost(scan, work / "none", 1).wall_s)
    one, two = (statistics.median(walls) for walls in found.values())
    click.echo(f"cold scan of {size:.1f} MB: {one:.1f} s on one processor, {two:.1f} s on two: {one / two:.2f} x")
    cost(["index", str(tree), "-o", str(index), "--no-cache", "-q"], work / "none", 1)
    cold, warm = live(candidate, tree, index, work / "live-cache", repetitions)
    click.echo(f"in a live Scanner: cold {cold:.2f} s, warm {warm:.2f} s of CPU: {warm / cold:.1%}")
    return {"mb": size, "wall_s_by_jobs": found, "live_cpu_s": [cold, warm]}


def live(candidate: Path, tree: Path, index: Path, cache: Path, repetitions: int) -> tuple[float, float]:
    """Medians of CPU seconds of this process and its workers."""
    cold, warm = [], []
    with Scanner(ScanOptions(cache=None)) as one, Scanner(ScanOptions(cache=cache)) as other:
        one.scan(candidate, candidate)
        other.scan(candidate, index)
        for _ in range(repetitions):
            for scanner, original, found in ((one, tree, cold), (other, index, warm)):
                before = cpu_s()
                scanner.scan(candidate, original)
                found.append(cpu_s() - before)
    return statistics.median(cold), statistics.median(warm)


def cpu_s() -> float:
    """CPU of this process and of its children that run, of Linux."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = time.process_time()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(values[1]) == os.getpid():
            total += (int(values[11]) + int(values[12])) / ticks
    return total


def plot(rows: list[dict], target: Path) -> None:
    """Time and memory against size, on logarithmic axes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 4), layout="constrained")
    sizes = [row["mb"] for row in rows]
    for axis, field, label in ((left, "cpu_s", "CPU, s"), (right, "peak_mb", "peak memory, MB")):
        for name in ("cold", "warm"):
            axis.loglog(sizes, [row[name][field] for row in rows], marker="o", label=name)
        axis.set_xlabel("original, MB of code")
        axis.set_ylabel(label)
        axis.legend()
    figure.savefig(target)


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--candidate", type=click.Path(exists=True, path_type=Path), help="Default: a small part of FOLDERS.")
@click.option("--sizes", default="1,2,5,10,20,50", show_default=True, help="MB of the originals.")
@click.option("--run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--originals", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tasks", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--jobs-mb", default=20.0, show_default=True, help="Size of the original for jobs and live; 0: skip.")
@click.option("--repetitions", default=3, show_default=True)
@click.option("-o", "--output", default=Path("build/bench"), type=click.Path(file_okay=False, path_type=Path))
def main(
    folders: tuple[Path, ...],
    candidate: Path | None,
    sizes: str,
    run: Path | None,
    originals: Path | None,
    tasks: Path | None,
    jobs_mb: float,
    repetitions: int,
    output: Path,
) -> None:
    """Measure on FOLDERS of real sources, or on this Python's own libraries."""
    folders = folders or (Path(sysconfig.get_paths()["stdlib"]), Path(sysconfig.get_paths()["purelib"]))
    output.mkdir(parents=True, exist_ok=True)
    compileall.compile_dir(Path(simdetect.__file__).parent, quiet=1)  # as an installation does
    with tempfile.TemporaryDirectory() as work:
        if candidate is None:
            candidate = Path(work) / "candidate"
            sized_folder(folders, 50_000, candidate)
        wanted = [float(size) for size in sizes.split(",") if size]
        rows = growth(folders, candidate, wanted, Path(work), repetitions)
        found: dict[str, object] = {"growth": rows}
        if len(rows) > 2:
            for name, field in (("cold", "cpu_s"), ("cold", "peak_mb"), ("warm", "cpu_s"), ("index", "cpu_s")):
                power = exponent([row["mb"] for row in rows], [row[name][field] for row in rows])
                found[f"exponent_{name}_{field}"] = power
                click.echo(f"{name} {field} grows with the size to the power of {power:.2f}")
            plot(rows, output / "growth.png")
        if jobs_mb:
            found["jobs"] = jobs(folders, candidate, jobs_mb, Path(work), repetitions)
        if run is None or originals is None:
            run, originals = sample_run(folders, Path(work))
        found["audit"] = audits(run, originals, tasks, Path(work), repetitions)
    (output / "scale.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
