"""Measure what the bars of the project are about, on real sources; exit 1 when something is over its bar.

usage: python scripts/bench.py [FOLDER...]          (default: this Python's own libraries)

Prints, each as a median over repetitions and as ratios within one run, since machines are noisy:
  ratio      CPU seconds of everything per file (read, parse, walk, normalise, fingerprint) / of bare Parser.parse, of
             all files and of each language that has a megabyte of them
  workers    wall seconds with one worker process / with two
  pair       CPU seconds of this process for a scan of two 100-line files / of bare Parser.parse of a megabyte

The bars are what was reached and some room for the noise of machines: a change that costs more than that is meant to
say so. What is aimed at stands in docs/scale.md.
"""

from __future__ import annotations

import gc
import statistics
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from simdetect import Scanner, ScanOptions
from simdetect.languages import spec_of
from simdetect.model import Side, SourceFile, SourceTree
from simdetect.scanning.batches import plan
from simdetect.sources import read_tree
from simdetect.tokens.analyse import Batch, analyse
from simdetect.tokens.parse import parser_of

_MOST_RATIO = 3.0
_MOST_OF_LANGUAGE = 3.4  # of the languages with short lines and many comments, where the parse is fast
_LEAST_BYTES = 1_000_000  # of a language with a bar of its own
_MOST_PAIR = 0.3
_LEAST_SPEEDUP = 1.5  # machines whose processors share a cache have 1.7


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure and its bar. is_least: whether the bar is the least that it may be, or the most."""

    name: str
    values: Sequence[float]
    bar: float
    is_least: bool = False

    @property
    def median(self) -> float:
        """Of all repetitions."""
        return statistics.median(self.values)

    @property
    def is_over(self) -> bool:
        """Whether it is on the wrong side of its bar."""
        return self.median < self.bar if self.is_least else self.median > self.bar

    def line(self) -> str:
        """As it is printed."""
        values = ", ".join(f"{value:.2f}" for value in self.values)
        verdict = "OVER ITS BAR" if self.is_over else "ok"
        side = "at least" if self.is_least else "at most"
        return f"{self.name:20} {self.median:7.2f}   ({values})   {side} {self.bar:g}: {verdict}"


@dataclass(slots=True)
class Spent:
    """CPU seconds of bare parsing and of everything, and how many bytes were parsed."""

    bare: float = 0.0
    everything: float = 0.0
    n_bytes: int = 0

    @property
    def ratio(self) -> float:
        """Of everything to bare parsing."""
        return self.everything / self.bare


def cpu_seconds(files: list[SourceFile], options: ScanOptions) -> dict[str, Spent]:
    """CPU seconds of bare parsing, and of analysing the same files in this process as a worker would, by language.

    The two take turns batch by batch, so that a machine that changes its speed slows both alike.
    """
    found: dict[str, Spent] = {}
    for group, lexical in plan(tuple(files), options):
        parser = parser_of(group[0].language)
        batch = Batch(group[0].language, [file.content for file in group], options.k, options.window, lexical)
        started = time.process_time()
        for file in group:
            parser.parse(file.content)
        middle = time.process_time()
        analyse(batch)
        spent = found.setdefault(group[0].language, Spent())
        spent.bare += middle - started
        spent.everything += time.process_time() - middle
        spent.n_bytes += sum(len(file.content) for file in group)
    return found


def reading_s(files: list[SourceFile], options: ScanOptions) -> float:
    """CPU seconds to read the same files, and nothing else, from a folder."""
    with tempfile.TemporaryDirectory() as folder:
        for i, file in enumerate(files):
            (Path(folder) / f"{i}{Path(file.path).suffix}").write_bytes(file.content)
        started = time.process_time()
        read_tree(folder, Side.ORIGINAL, options)
        return time.process_time() - started


def parsed_files(roots: list[Path], options: ScanOptions) -> list[SourceFile]:
    """All files that are parsed, of all roots, with paths that stay distinct."""
    files = [file for root in roots for file in read_tree(root, Side.ORIGINAL, options).files]
    return [f for f in files if spec_of(f.language).module and len(f.content) <= options.max_parse_bytes]


def workers_s(roots: list[Path], jobs: int) -> float:
    """Wall seconds to analyse all roots with live workers."""
    with Scanner(ScanOptions(jobs=jobs)) as scanner:
        trees: list[SourceTree] = [read_tree(root, Side.ORIGINAL, scanner.options) for root in roots]
        scanner.analyse(trees[0])  # start the processes
        started = time.perf_counter()
        for tree in trees:
            scanner.analyse(tree)
        return time.perf_counter() - started


def pair_s(n: int = 50) -> float:
    """CPU seconds of this process for a scan of two files of 100 lines through a live Scanner."""
    lines = [f"def f{i}(a, b):\n    c{i} = a * {i} + b\n    return g(c{i}, [a, b])\n\n" for i in range(25)]
    with tempfile.TemporaryDirectory() as folder, Scanner() as scanner:
        one, two = Path(folder) / "a.py", Path(folder) / "b.py"
        one.write_text("".join(lines))
        two.write_text("".join(line.replace("c", "value") for line in lines[::-1]))
        scanner.scan(one, two)
        started = time.process_time()
        for _ in range(n):
            scanner.scan(one, two)
        return (time.process_time() - started) / n


def ratios(files: list[SourceFile], options: ScanOptions, repetitions: int) -> list[Measured]:
    """Everything per file to bare parsing, and a pair to bare parsing of a megabyte."""
    gc.disable()  # as in a worker
    cpu_seconds(files, options)  # load grammars
    spent = [cpu_seconds(files, options) for _ in range(repetitions)]
    reading = statistics.median(reading_s(files, options) for _ in range(repetitions))
    gc.enable()
    bare = [sum(own.bare for own in one.values()) for one in spent]
    everything = [sum(own.everything for own in one.values()) + reading for one in spent]
    megabytes = sum(own.n_bytes for own in spent[0].values()) / 1e6
    click.echo(f"bare parse {megabytes / statistics.median(bare):.1f} MB/s of CPU, reading {reading:.2f} s")
    found = [Measured("ratio", [a / b for a, b in zip(everything, bare, strict=True)], _MOST_RATIO)]
    for name in sorted(name for name, own in spent[0].items() if own.n_bytes >= _LEAST_BYTES):
        found.append(Measured(f"ratio of {name}", [one[name].ratio for one in spent], _MOST_OF_LANGUAGE))
    pair = [pair_s() for _ in range(repetitions)]
    found.append(Measured("pair", [a / (b / megabytes) for a, b in zip(pair, bare, strict=True)], _MOST_PAIR))
    return found


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--repetitions", default=3, show_default=True)
def main(folders: tuple[Path, ...], repetitions: int) -> None:
    """Measure on FOLDERS, or on this Python's own libraries."""
    roots = list(folders) or [Path(sysconfig.get_paths()["stdlib"]), Path(sysconfig.get_paths()["purelib"])]
    options = ScanOptions()
    files = parsed_files(roots, options)
    n_bytes = sum(len(file.content) for file in files)
    languages = Counter(file.language for file in files).most_common(8)
    click.echo(
        f"{len(files)} parsed files, {n_bytes / 1e6:.1f} MB: {', '.join(f'{n} {name}' for name, n in languages)}"
    )
    measured = ratios(files, options, repetitions)
    speedups = [workers_s(roots, 1) / workers_s(roots, 2) for _ in range(repetitions)]
    measured.append(Measured("two workers", speedups, _LEAST_SPEEDUP, is_least=True))
    for figure in measured:
        click.echo(figure.line())
    sys.exit(any(figure.is_over for figure in measured))


if __name__ == "__main__":
    sys.exit(main())
