"""`simdetect index`: originals fingerprinted once, into one index or as members of a corpus."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import argument, command, option, take
from simdetect.cli.output import EXIT_OK, STDOUT, complain, target_problems
from simdetect.cli.parameters import jobs_option, reading_options, scan_settings

if TYPE_CHECKING:
    from simdetect.options import ScanOptions

__all__ = ["index"]


@dataclass(frozen=True)
class _Order:
    """What to make of which originals, and where."""

    originals: tuple[str, ...]
    target: str
    is_corpus: bool
    no_source: bool
    scheduler: str | None
    quiet: bool


@command(
    "simdetect index upstream/ -o upstream.sdx",
    "simdetect scan submission/ upstream.sdx",
)
@argument("originals", metavar="ORIGINAL...", nargs=-1, required=True)
@option("-o", "--output", "target", metavar="FILE", required=True, help="Write the index, or the corpus, here.")
@option("--corpus", "is_corpus", is_flag=True, help="Make or extend a folder that 'simdetect search' looks in.")
@option("--no-source", is_flag=True, help="Keep no source text: reports then have no excerpts of the originals.")
@option("--scheduler", metavar="ADDRESS", help="With --corpus: on the Dask cluster of this scheduler.")
@option("-q", "--quiet", is_flag=True, help="No progress bars.")
@jobs_option
@reading_options
def index(**options: Any) -> int:
    """Fingerprint ORIGINALs once, to scan many candidates against them.

    The index stands wherever 'simdetect scan' takes an ORIGINAL. With --corpus the ORIGINALs become members of a
    folder in which 'simdetect search' finds out which of them a candidate comes from; one that cannot be read is named
    and left out. Exit codes: 0 written, 2 bad usage or input.
    """
    order = take(_Order, options)
    problems = _problems(order)
    if problems:
        raise click.UsageError(" ".join(problems), click.get_current_context())
    settings = scan_settings(options)
    if order.is_corpus:
        _extend_corpus(order, settings)
    else:
        _write_index(order, settings)
    return EXIT_OK


def _problems(order: _Order) -> list[str]:
    problems = [] if order.is_corpus else list(target_problems("-o", order.target))
    if order.target == STDOUT:
        problems.append("An index is a file: -o - is not possible.")
    if order.scheduler and not order.is_corpus:
        problems.append("--scheduler needs --corpus: one index is made on one machine.")
    return problems


def _write_index(order: _Order, settings: ScanOptions) -> None:
    from simdetect.report.progress import ScanProgress
    from simdetect.scanning import scanner

    with ScanProgress(is_shown=not order.quiet) as progress:
        scanner.index(
            order.target, *order.originals, with_text=not order.no_source, options=settings, progress=progress
        )


def _extend_corpus(order: _Order, settings: ScanOptions) -> None:
    """An original that cannot be read is named and does not fail the others."""
    from simdetect.corpus.build import NewMembers, index_corpus
    from simdetect.report.progress import ScanProgress
    from simdetect.running import cluster_executor

    what = NewMembers(Path(order.target), order.originals, with_text=not order.no_source)
    cluster = cluster_executor(order.scheduler) if order.scheduler else nullcontext()
    with ScanProgress(is_shown=not order.quiet, has_eta=True) as progress, cluster as executor:
        lost = index_corpus(what, executor=executor, options=settings, progress=progress)
    for problem in lost:
        complain(f"left out: {problem}")
