"""Run other tools that find copied code on the same input beside simdetect: time, memory, and which pairs they report.

usage: python scripts/bench_peers.py CANDIDATE ORIGINAL --language c [--peers build/peers] [--limit-seconds 300]

Each peer is installed into a folder of its own below --peers the first time: jscpd and Dolos (its library) from npm,
copydetect and compare50 from PyPI, PMD from Maven. One that cannot be installed or run is named with the reason.
All are given copies of the language's files in the folders `candidate` and `original`.
Measured are wall time, CPU and peak memory of the whole process tree (all that it waited for), on one repetition.

True pairs are files of the same path on both sides that have at least half of the lines of the shorter one in common.
*found* is the share of them that a tool reports, *reported* all pairs of a candidate and an original file that it does.
"""

from __future__ import annotations

import compileall
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

EXTENSIONS = {"c": (".c", ".h"), "python": (".py",)}
PMD = "net.sourceforge.pmd:pmd-dist:7.7.0:zip:bin"
Pairs = set[tuple[str, str]]

DOLOS = """
import { createRequire } from "module";
import { readFileSync, writeFileSync } from "fs";
const require = createRequire(process.argv[2] + "/package.json");
const { Dolos } = require("@dodona/dolos-lib");
const paths = readFileSync(process.argv[4], "utf8").split("\\n").filter(Boolean);
const report = await new Dolos({ language: process.argv[3] }).analyzePaths(paths);
const rows = report.allPairs().filter((p) => p.similarity >= 0.5).map((p) => [p.leftFile.path, p.rightFile.path]);
writeFileSync(process.argv[5], JSON.stringify(rows));
"""
COPYDETECT = """
import json, sys
from copydetect import CopyDetector
own, theirs, extensions, output = sys.argv[1:]
detector = CopyDetector(test_dirs=[own], ref_dirs=[theirs], extensions=extensions.split(","), display_t=0.5,
                        autoopen=False, silent=True)
detector.run()
json.dump([[str(row[2]), str(row[3])] for row in detector.get_copied_code_list()], open(output, "w"))
"""


@dataclass(frozen=True)
class Run:
    """One measured command. error: why there are no numbers."""

    name: str
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    pairs: frozenset[tuple[str, str]] = frozenset()
    error: str = ""


def sources(folder: Path, language: str) -> list[Path]:
    """Files of a language below a folder."""
    found = (path for path in folder.rglob("*") if path.suffix in EXTENSIONS[language] and path.is_file())
    return sorted(path for path in found if not path.is_symlink())


def true_pairs(candidate: Path, original: Path, language: str) -> Pairs:
    """Files of one path that have at least half of the lines of the shorter one in common."""
    found = set()
    for own in sources(candidate, language):
        name = str(own.relative_to(candidate))
        theirs = original / name
        if theirs.is_file():
            mine, other = (Counter(_lines(path)) for path in (own, theirs))
            n = min(mine.total(), other.total())
            if n >= 20 and (mine & other).total() >= n / 2:
                found.add((name, name))
    return found


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8", "replace").splitlines():
        if len(line.strip()) > 3:
            yield line.strip()


def measured(name: str, command: list[str], limit_s: float, read: Callable[[], Pairs], **options: object) -> Run:
    """Run a command in a process group of its own and measure it with everything that it waits for."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **options)  # type: ignore[call-overload]
        timer = threading.Timer(limit_s, lambda: os.killpg(process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        is_late = not timer.is_alive()
        timer.cancel()
        wall = time.perf_counter() - started
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip().splitlines()[-1:]
    cost = wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    if is_late:
        return Run(name, *cost, error=f"not done after {limit_s:.0f} s")
    try:
        return Run(name, *cost, pairs=frozenset(read()))
    except (OSError, ValueError, KeyError) as error:
        code = os.waitstatus_to_exitcode(status)
        return Run(name, *cost, error=f"exit code {code}, {type(error).__name__}: {' '.join(said)[:160]}")


@dataclass(frozen=True)
class Bench:
    """What every peer is given."""

    candidate: Path
    original: Path
    language: str
    peers: Path
    work: Path
    limit_s: float

    def pairs(self, rows: list[list[str]]) -> Pairs:
        """Of pairs of paths those of one candidate and one original file."""
        found = set()
        for one, other in rows:
            own, theirs = (one, other) if self._is_own(one) else (other, one)
            if self._is_own(own) and not self._is_own(theirs):
                found.add((self._name(own, self.candidate), self._name(theirs, self.original)))
        return found

    def _is_own(self, path: str) -> bool:
        return self._resolved(path).is_relative_to(self.candidate)

    def _resolved(self, path: str) -> Path:
        return (self.candidate.parent / path).resolve()

    def _name(self, path: str, root: Path) -> str:
        return str(self._resolved(path).relative_to(root))

    def run(self, name: str, command: list[str], read: Callable[[], Pairs], **options: object) -> Run:
        """One measured command."""
        return measured(name, command, self.limit_s, read, cwd=self.candidate.parent, **options)


def simdetect(bench: Bench, *, is_warm: bool) -> Run:
    """A scan with two workers; warm: against an index, with the candidate's results in the cache."""
    report, index = bench.work / "report.json", bench.work / "original.sdx"
    program = [sys.executable, "-m", "simdetect"]
    environment = {**os.environ, "SIMDETECT_CACHE_DIR": str(bench.work / "cache")}
    scan = [*program, "scan", str(bench.candidate), "-q", "--jobs", "2", "--json", str(report), "--fail-on", "never"]
    if is_warm:
        subprocess.run([*program, "index", str(bench.original), "-o", str(index), "-q"], check=True, env=environment)
        subprocess.run([*scan, str(index)], check=True, env=environment, stdout=subprocess.DEVNULL)

    def read() -> Pairs:
        found = json.loads(report.read_text())["findings"]
        return {(f["candidate"], o["original"]) for f in found if f["verdict"] == "evidence" for o in f["originals"]}

    source = [str(index)] if is_warm else [str(bench.original), "--no-cache"]
    return bench.run(f"simdetect, {'warm' if is_warm else 'cold'}", [*scan, *source], read, env=environment)


def npm(folder: Path, *packages: str) -> None:
    """Install packages into a folder of their own, once."""
    if not (folder / "node_modules").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}")
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", *packages], cwd=folder, check=True, capture_output=True
        )


def pip(folder: Path, package: str) -> Path:
    """The Python of an environment with one package, made once."""
    python = folder / "bin" / "python"
    if not (folder / "bin" / package).exists():  # both packages have a command of their name
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True, capture_output=True)
    return python


def jscpd(bench: Bench, *mode: str) -> Run:
    """jscpd with its defaults; mode: further options."""
    folder = bench.peers / "jscpd"
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    npm(folder, "jscpd", f"jscpd-linux-{machine}-gnu")  # its own choice of a binary is not always installed
    output = bench.work / "jscpd"
    shutil.rmtree(output, ignore_errors=True)
    both = str(bench.candidate.parent)  # of several folders its report does not say which one a file is in
    command = [str(folder / "node_modules" / ".bin" / "jscpd"), both, *mode]
    command += ["--reporters", "json", "--output", str(output), "--silent"]

    def read() -> Pairs:
        found = json.loads((output / "jscpd-report.json").read_text())["duplicates"]
        return bench.pairs([[str(row[side]["name"]) for side in ("firstFile", "secondFile")] for row in found])

    return bench.run(f"jscpd {' '.join(mode)}".strip(), command, read)


def dolos(bench: Bench) -> Run:
    """Dolos through its library, pairs of similarity 0.5 and more."""
    folder = bench.peers / "dolos"
    npm(folder, "@dodona/dolos-lib", "@dodona/dolos-parsers")
    script, listed, output = (bench.work / name for name in ("dolos.mjs", "files.txt", "dolos.json"))
    script.write_text(DOLOS)
    both = [*sources(bench.candidate, bench.language), *sources(bench.original, bench.language)]
    listed.write_text("\n".join(map(str, both)))
    command = ["node", "--max-old-space-size=8192", str(script), str(folder), bench.language, str(listed), str(output)]
    return bench.run("Dolos", command, lambda: bench.pairs(json.loads(output.read_text())))


def copydetect(bench: Bench) -> Run:
    """copydetect, pairs of similarity 0.5 and more."""
    python, output = pip(bench.peers / "copydetect", "copydetect"), bench.work / "copydetect.json"
    extensions = ",".join(suffix.lstrip(".") for suffix in EXTENSIONS[bench.language])
    command = [str(python), "-c", COPYDETECT, str(bench.candidate), str(bench.original), extensions, str(output)]
    return bench.run("copydetect", command, lambda: bench.pairs(json.loads(output.read_text())))


def compare50(bench: Bench) -> Run:
    """compare50 with the original as archive; it has no machine-readable result, so pairs are not counted."""
    pip(bench.peers / "compare50", "compare50")
    output = bench.work / "compare50"
    shutil.rmtree(output, ignore_errors=True)
    command = [str(bench.peers / "compare50" / "bin" / "compare50"), str(bench.candidate), "-a", str(bench.original)]

    def read() -> Pairs:
        (output / "index.html").stat()
        return set()

    path = f"{bench.peers / 'compare50' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"  # it calls `python3`
    return bench.run("compare50", [*command, "-o", str(output)], read, env={**os.environ, "PATH": path})


def pmd(bench: Bench) -> Run:
    """PMD's copy-paste detector at 100 tokens."""
    folder = bench.peers / "pmd"
    if not list(folder.glob("pmd-bin-*")):
        folder.mkdir(parents=True, exist_ok=True)
        copy = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={PMD}", f"-DoutputDirectory={folder}"]
        subprocess.run(copy, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        shutil.unpack_archive(next(folder.glob("pmd-dist-*.zip")), folder)
    program, output = next(folder.glob("pmd-bin-*")) / "bin" / "pmd", bench.work / "cpd.csv"
    language = {"c": "cpp"}.get(bench.language, bench.language)
    # The archive's files come without their rights: sh runs it.
    command = ["sh", str(program), "cpd", "--minimum-tokens", "100", "--language", language, "--format"]
    command += ["csv_with_linecount_per_file", "--no-fail-on-violation", "--no-fail-on-error", "-r", str(output)]
    command += ["-d", str(bench.candidate), "-d", str(bench.original)]

    def read() -> Pairs:
        rows = []
        for line in output.read_text().splitlines()[1:]:
            paths = line.split(",")[4::3]
            rows += [[own, other] for own in paths for other in paths if own != other]
        return bench.pairs(rows)

    return bench.run("PMD CPD", command, read)


PEERS: dict[str, Callable[[Bench], Run]] = {
    "simdetect, cold": lambda bench: simdetect(bench, is_warm=False),
    "simdetect, warm": lambda bench: simdetect(bench, is_warm=True),
    "jscpd": jscpd,
    "jscpd, AST": lambda bench: jscpd(bench, "--similarity", "0.85"),
    "jscpd, weak": lambda bench: jscpd(bench, "--mode", "weak"),
    "PMD CPD": pmd,
    "copydetect": copydetect,
    "Dolos": dolos,
    "compare50": compare50,
}


def attempted(name: str, bench: Bench) -> Run:
    """A peer's run, or why there is none."""
    try:
        return PEERS[name](bench)
    except (subprocess.CalledProcessError, OSError, StopIteration) as error:
        said = getattr(error, "stderr", None) or getattr(error, "stdout", None) or b""
        lines = said.decode("utf-8", "replace").strip().splitlines()
        last = [text for text in lines if text.startswith("[ERROR]")][:1] or lines[-1:] or [str(error)]
        return Run(name, error=f"cannot be installed: {last[0][:160]}")


def copied(source: Path, target: Path, language: str) -> Path:
    """A folder with nothing but the files of a language."""
    for path in sources(source, language):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return target


def line(run: Run, truth: Pairs) -> str:
    """A row of the table."""
    if run.error and not run.wall_s:
        return f"| {run.name} | - | - | - | - | - | {run.error} |"
    cost = f"{run.wall_s:.1f} | {run.cpu_s:.1f} | {run.peak_mb:.0f}"
    if run.error or not run.pairs:
        return f"| {run.name} | {cost} | - | - | {run.error} |"
    return f"| {run.name} | {cost} | {len(run.pairs & truth) / max(1, len(truth)):.0%} | {len(run.pairs)} | |"


@click.command()
@click.argument("candidate", type=click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True))
@click.argument("original", type=click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True))
@click.option("--language", type=click.Choice(sorted(EXTENSIONS)), required=True)
@click.option(
    "--peers", default=Path("build/peers"), type=click.Path(file_okay=False, path_type=Path, resolve_path=True)
)
@click.option("--only", multiple=True, type=click.Choice(sorted(PEERS)), help="Only these; default all.")
@click.option("--limit-seconds", default=300.0, show_default=True)
def main(
    candidate: Path, original: Path, language: str, peers: Path, only: tuple[str, ...], limit_seconds: float
) -> None:
    """Compare tools on the files of one language in CANDIDATE and ORIGINAL."""
    package = find_spec("simdetect")
    assert package is not None and package.origin is not None
    compileall.compile_dir(Path(package.origin).parent, quiet=1)  # as an installation does
    truth = true_pairs(candidate, original, language)
    n_bytes = [sum(path.stat().st_size for path in sources(side, language)) for side in (candidate, original)]
    click.echo(
        f"{n_bytes[0] / 1e6:.1f} and {n_bytes[1] / 1e6:.1f} MB of {language}, {len(truth)} true pairs of files\n"
    )
    click.echo("| tool | wall, s | CPU, s | peak, MB | found | reported | |\n|" + " --- |" * 7)
    with tempfile.TemporaryDirectory() as work:
        both = Path(work).resolve() / "in"
        sides = copied(candidate, both / "candidate", language), copied(original, both / "original", language)
        bench = Bench(*sides, language, peers, Path(work).resolve(), limit_seconds)
        for name in only or PEERS:
            click.echo(line(attempted(name, bench), truth))


if __name__ == "__main__":
    sys.exit(main())
