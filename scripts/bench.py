"""Measure what the bars of the project are about, on real sources.

usage: python scripts/bench.py [FOLDER...]          (default: this Python's own libraries)

Prints, each as a median over repetitions and as ratios within one run, since machines are noisy:
  ratio      CPU seconds of everything per file (read, parse, walk, normalise, fingerprint) / of bare Parser.parse
  workers    wall seconds with one worker process / with two
  pairs      scans a second of two 100-line files through a live Scanner
"""

from __future__ import annotations

import gc
import statistics
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from simdetect import Scanner, ScanOptions
from simdetect.languages import spec_of
from simdetect.model import Side, SourceFile, SourceTree
from simdetect.scanning.batches import plan
from simdetect.sources import read_tree
from simdetect.tokens.analyse import Batch, analyse
from simdetect.tokens.parse import parser_of


def cpu_seconds(files: list[SourceFile], options: ScanOptions) -> tuple[float, float]:
    """CPU seconds of bare parsing, and of analysing the same files in this process as a worker would.

    The two take turns batch by batch, so that a machine that changes its speed slows both alike.
    """
    bare = rest = 0.0
    for group, lexical in plan(tuple(files), options):
        parser = parser_of(group[0].language)
        batch = Batch(group[0].language, [file.content for file in group], options.k, options.window, lexical)
        started = time.process_time()
        for file in group:
            parser.parse(file.content)
        middle = time.process_time()
        analyse(batch)
        bare += middle - started
        rest += time.process_time() - middle
    return bare, rest


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


def pairs_per_second(n: int = 200) -> float:
    """Scans a second of two files of 100 lines."""
    lines = [f"def f{i}(a, b):\n    c{i} = a * {i} + b\n    return g(c{i}, [a, b])\n\n" for i in range(25)]
    with tempfile.TemporaryDirectory() as folder, Scanner() as scanner:
        one, two = Path(folder) / "a.py", Path(folder) / "b.py"
        one.write_text("".join(lines))
        two.write_text("".join(line.replace("c", "value") for line in lines[::-1]))
        scanner.scan(one, two)
        started = time.perf_counter()
        for _ in range(n):
            scanner.scan(one, two)
        return n / (time.perf_counter() - started)


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
    gc.disable()  # as in a worker
    cpu_seconds(files, options)  # load grammars
    bare, rest = zip(*(cpu_seconds(files, options) for _ in range(repetitions)), strict=True)
    reading = statistics.median(reading_s(files, options) for _ in range(repetitions))
    gc.enable()
    ratios = [(reading + a) / b for a, b in zip(rest, bare, strict=True)]
    click.echo(
        f"bare parse     {statistics.median(bare):7.2f} s CPU, {n_bytes / 1e6 / statistics.median(bare):.1f} MB/s"
    )
    click.echo(f"reading        {reading:7.2f} s CPU")
    click.echo(f"analysing      {statistics.median(rest):7.2f} s CPU")
    click.echo(f"ratio          {statistics.median(ratios):7.2f}   ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")
    speedups = [workers_s(roots, 1) / workers_s(roots, 2) for _ in range(repetitions)]
    click.echo(f"two workers    {statistics.median(speedups):7.2f} x one   ({', '.join(f'{s:.2f}' for s in speedups)})")
    click.echo(f"small pairs    {pairs_per_second():7.0f} a second")


if __name__ == "__main__":
    sys.exit(main())
