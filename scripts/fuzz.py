"""Mutated real files through every grammar and every reader, until a property breaks.

usage: python scripts/fuzz.py [--seed N] [--seconds S | --executions N | --files N] [--only PATTERN] [SOURCES]
       python scripts/fuzz.py --replay build/fuzz/<finding>

SOURCES: a folder of folders of real code; without it the fixtures. Case number n of a target depends on --seed, n and
the seeds only. --executions: cases of each target. --files: whole scans until so many mutated files were scanned.
Findings lie in build/fuzz/, with the figures of the run in build/fuzz/figures.json. Exit code 1 when there are any.

Properties: a scan never raises, discovered = analysed + skipped, time limits hold, and a report survives being
written and read; a reader takes what it is given or raises a SimdetectError of one line.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import hashlib
import json
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_readers import reader_targets
from fuzz_sources import (
    LIMIT_S,
    find_seeds,
    grammar_targets,
    lexer_target,
    missing_languages,
    reading_target,
    scan_target,
)
from fuzz_target import Target

from simdetect import Scanner, ScanOptions
from simdetect.running import WorkerPool

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "languages"
OUT = ROOT / "build" / "fuzz"
_CASE_LIMIT_S = 240  # a scan of files that all reach their limit takes about 200 s
_DEAD_LIMIT_S = 900  # then not even an alarm was heard: native code holds the interpreter
_SLICE_S = 1.0  # of one target before it is the turn of the next
_SCAN_SLICE_S = 10.0  # of whole scans, which read 25 files each
_MEMORY_BYTES = 2 << 30
_MOST_SAVED = 3  # cases of one kind of finding
_MINIMISE_S = 10.0


class HangError(Exception):
    """A case took longer than any limit allows."""


@dataclass(slots=True)
class Tally:
    """What became of a target's cases."""

    n: int = 0
    elapsed_s: float = 0.0
    slowest_s: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    OUT.mkdir(parents=True, exist_ok=True)
    files: Counter[str] = Counter()
    options = ScanOptions(limit_seconds=LIMIT_S, limit_memory_bytes=_MEMORY_BYTES)
    with (
        alarms(),
        tempfile.TemporaryDirectory(prefix="fuzz") as work,
        Scanner(options) as scanner,
        WorkerPool(1, _MEMORY_BYTES) as pool,
    ):
        targets = _targets(args, scanner, pool, Path(work), files)
        if args.replay:
            return _replay(targets, args.replay)
        tallies = _run(targets, args, files)
    _print(tallies, files, args)
    return 1 if any(tally.findings for tally in tallies.values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sources", nargs="?", type=Path, default=FIXTURES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--executions", type=int, help="of each target")
    parser.add_argument("--files", type=int, help="mutated files in whole scans")
    parser.add_argument("--per-language", type=int, default=40, help="seeds of each language")
    parser.add_argument("--only", default="", help="targets in whose name this regular expression is found")
    parser.add_argument("--replay", type=Path, help="a finding, to be run once more")
    return parser


def _targets(
    args: argparse.Namespace, scanner: Scanner, pool: WorkerPool, work: Path, files: Counter[str]
) -> list[Target]:
    seeds = find_seeds(args.sources, args.seed, args.per_language)
    if missing := missing_languages(seeds):
        print(f"no seeds of {', '.join(missing)}: those of the fixtures", flush=True)
        own = find_seeds(FIXTURES, args.seed, args.per_language).by_language
        seeds.by_language.update({language: own[language] for language in missing if language in own})
    pattern = "^scan$" if args.files else args.only
    targets = [
        scan_target(seeds, scanner, work, files),
        reading_target(seeds, work),
        lexer_target(seeds),
        *grammar_targets(seeds, pool),
        *reader_targets(scanner, work / "readers"),
    ]
    return [target for target in targets if args.replay or re.search(pattern, target.name)]


# --- running -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def alarms() -> Iterator[None]:
    """Alarms raise, and a crash of this process shows where it was."""
    faulthandler.enable(sys.__stderr__ or sys.stderr)
    before = signal.signal(signal.SIGALRM, _on_alarm)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


def _on_alarm(_number: int, _frame: FrameType | None) -> None:
    raise HangError(f"over {_CASE_LIMIT_S} s")


def _run(targets: Sequence[Target], args: argparse.Namespace, files: Counter[str]) -> dict[str, Tally]:
    tallies = {target.name: Tally() for target in targets}
    started = said = time.monotonic()
    for target in _turns(targets, tallies, args, files):
        _slice(target, tallies[target.name], args)
        if time.monotonic() - said > 60:
            said = time.monotonic()
            _save_figures(tallies, files, args, said - started)
            n_findings = sum(len(tally.findings) for tally in tallies.values())
            n = sum(tally.n for tally in tallies.values())
            print(f"{said - started:.0f} s: {n} executions, {n_findings} kinds of finding", flush=True)
    _save_figures(tallies, files, args, time.monotonic() - started)
    return tallies


def _turns(
    targets: Sequence[Target], tallies: dict[str, Tally], args: argparse.Namespace, files: Counter[str]
) -> Iterator[Target]:
    """Targets in turn until what was asked for is done."""
    end = time.monotonic() + args.seconds
    while True:
        for target in targets:
            if args.executions and tallies[target.name].n >= args.executions:
                continue
            yield target
            if not args.executions and not args.files and time.monotonic() > end:
                return
        if args.files and _n_files(files) >= args.files:
            return
        if args.executions and all(tally.n >= args.executions for tally in tallies.values()):
            return


def _n_files(files: Counter[str]) -> int:
    return sum(n for name, n in files.items() if name.startswith("file:"))


def _slice(target: Target, tally: Tally, args: argparse.Namespace) -> None:
    """Some cases of one target."""
    end = time.monotonic() + (_SCAN_SLICE_S if target.name == "scan" else _SLICE_S)
    while True:
        data = target.make(Random(f"{args.seed}:{target.name}:{tally.n}"))
        started = time.monotonic()
        outcome, problem = _outcome(target, data)
        elapsed_s = time.monotonic() - started
        if problem is None:
            tally.outcomes[outcome] += 1
        else:
            tally.findings[problem] += 1
            if tally.findings[problem] <= _MOST_SAVED:
                _save(target, data, problem, args.seed, tally.n)
        tally.n += 1
        tally.elapsed_s += elapsed_s
        tally.slowest_s = max(tally.slowest_s, elapsed_s)
        if time.monotonic() > end or (args.executions and tally.n >= args.executions):
            return


def _outcome(target: Target, data: bytes) -> tuple[str, str | None]:
    """What became of a case, and the kind of finding if it is one."""
    (OUT / "current").write_bytes(data)  # what is left of a case that ends this process
    (OUT / "current.target").write_text(target.name)
    faulthandler.dump_traceback_later(_DEAD_LIMIT_S, exit=True, file=sys.__stderr__ or sys.stderr)
    signal.alarm(_CASE_LIMIT_S)
    try:
        return target.check(data), None
    except (Exception, RecursionError, MemoryError) as error:
        return "finding", _kind(error)
    finally:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()


def _kind(error: BaseException) -> str:
    """An error by its type and the line of the package, or else of the scripts, that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "simdetect" in Path(frame.filename).parts] or frames
    message = re.sub(r"[0-9]+", "N", str(error)) if type(error).__name__ == "BrokenPropertyError" else ""
    return f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno} {message[:120]}".rstrip()


# --- findings ------------------------------------------------------------------------------------------------------


def _save(target: Target, data: bytes, problem: str, seed: int, number: int) -> None:
    small = _minimised(target, data, problem)
    name = f"{target.name.replace(':', '-')}-{hashlib.sha256(data).hexdigest()[:12]}"
    (OUT / name).write_bytes(small)
    facts = {
        "target": target.name,
        "seed": seed,
        "number": number,
        "problem": problem,
        "bytes": [len(data), len(small)],
    }
    (OUT / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
    print(f"finding: {target.name}: {problem} -> {OUT.name}/{name}", flush=True)


def _minimised(target: Target, data: bytes, problem: str) -> bytes:
    """What is left when pieces without which the problem stays are taken out, as far as the time goes."""
    end, size = time.monotonic() + _MINIMISE_S, len(data) // 2
    while size and target.name != "scan" and "Hang" not in problem:
        at = 0
        while at < len(data):
            if time.monotonic() > end:
                return data
            shorter = data[:at] + data[at + size :]
            if _outcome(target, shorter)[1] == problem:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def _replay(targets: Sequence[Target], path: Path) -> int:
    name = json.loads(path.with_name(path.name.removesuffix(".json") + ".json").read_text())["target"]
    target = next(target for target in targets if target.name == name)
    print(target.check(path.with_name(path.name.removesuffix(".json")).read_bytes()))
    return 0


# --- figures -------------------------------------------------------------------------------------------------------


def _save_figures(tallies: dict[str, Tally], files: Counter[str], args: argparse.Namespace, elapsed_s: float) -> None:
    rows: dict[str, Any] = {
        name: {
            "executions": tally.n,
            "elapsed_s": round(tally.elapsed_s, 1),
            "slowest_s": round(tally.slowest_s, 2),
            "outcomes": dict(sorted(tally.outcomes.items())),
            "findings": dict(sorted(tally.findings.items())),
        }
        for name, tally in tallies.items()
    }
    figures = {
        "seed": args.seed,
        "elapsed_s": round(elapsed_s),
        "targets": rows,
        "scanned": dict(sorted(files.items())),
    }
    (OUT / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")


def _print(tallies: dict[str, Tally], files: Counter[str], args: argparse.Namespace) -> None:
    width = max(map(len, tallies), default=0)
    for name, tally in tallies.items():
        outcomes = ", ".join(f"{n} {outcome}" for outcome, n in sorted(tally.outcomes.items()))
        print(f"{name:{width}} {tally.n:8} executions, slowest {tally.slowest_s:6.2f} s: {outcomes}")
        for problem, n in sorted(tally.findings.items()):
            print(f"{'':{width}} {n:8} times {problem}")
    if files:
        print(f"scanned: {_n_files(files)} mutated files")
        print("  " + ", ".join(f"{n} {name.removeprefix('file:')}" for name, n in sorted(files.items())))
    n_findings = sum(sum(tally.findings.values()) for tally in tallies.values())
    print(f"seed {args.seed}: {sum(tally.n for tally in tallies.values())} executions, {n_findings} findings")


if __name__ == "__main__":
    sys.exit(main())
