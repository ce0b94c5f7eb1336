"""`simdetect calibrate`: probability and thresholds from labelled pairs of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simdetect.cli.commands import argument, command, option
from simdetect.cli.output import EXIT_OK, say, write
from simdetect.cli.parameters import FILE, FOLDER, background_option
from simdetect.options import MOST_JOBS, ScanOptions

__all__ = ["calibrate"]


@command(
    "simdetect calibrate pairs.jsonl --work repositories/ -o calibration.json",
    "simdetect scan submission/ upstream/ --calibration calibration.json",
)
@argument("pairs", metavar="PAIRS.jsonl...", nargs=-1, required=True, type=FILE)
@option("--work", multiple=True, required=True, type=FOLDER, help="Where the repositories lie, as <owner>+<name>.")
@option("-o", "--output", metavar="FILE", help="Write the calibration here instead of to standard output.")
@background_option
@option(
    "--rate",
    type=click.FloatRange(min=0, max=0.5, min_open=True),
    default=0.005,
    metavar="R",
    help="Share of independent files that thresholds let through. [default: 0.005]",
)
@option(
    "--jobs", type=click.IntRange(1, MOST_JOBS), metavar="N", help=f"Worker processes. [default: {ScanOptions().jobs}]"
)
@option("-q", "--quiet", is_flag=True, help="Do not name each pair when it is done.")
def calibrate(pairs: tuple[Path, ...], work: tuple[Path, ...], output: str | None, quiet: bool, **options: Any) -> int:
    """Fit probability and thresholds to labelled pairs of your own, described in docs/method.md.

    Says on standard error how many files and pairs were used, and which pairs were not, and why.
    """
    import json

    from simdetect.training import labelled

    rate = options.pop("rate")
    settings = ScanOptions(**{name: value for name, value in options.items() if value is not None})
    found = labelled.calibrate(pairs, work, settings, rate, None if quiet else say)
    write(json.dumps(found.calibration, sort_keys=True) + "\n", output, is_data=True)
    for note in found.notes:
        say(note)
    return EXIT_OK
