"""`simdetect power`: what a scan would have found, had something been there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import argument, command, option, take
from simdetect.cli.output import EXIT_OK, write
from simdetect.cli.parameters import jobs_option, scan_options, scan_settings, setting_option
from simdetect.options import OPEN

if TYPE_CHECKING:
    from simdetect.model import PowerReport
    from simdetect.options import ScanOptions

__all__ = ["power"]

# The values of `model.PlantSize` and `model.Disguise`, by what is typed.
_SIZES = {"10-24": "10-24 lines", "25-40": "25-40 lines", "41-90": "41-90 lines", "tenth": "a tenth", "file": "a file"}
_DISGUISES = {"verbatim": "verbatim", "renamed": "renamed", "rewritten": "renamed and rewritten"}


@dataclass(frozen=True)
class _Inputs:
    candidate: str
    originals: tuple[str, ...]
    given: tuple[str, ...]
    base: tuple[str, ...]
    observed: tuple[str, ...]
    same_family: bool


@dataclass(frozen=True)
class _Trials:
    """Which trials, and how they are shown."""

    trials: int
    seed: int
    sizes: tuple[str, ...]
    disguises: tuple[str, ...]
    quiet: bool


@command(
    "simdetect power submission/ upstream/",
    "simdetect power submission/ upstream/ --trials 100 --size tenth --disguise verbatim --format json",
)
@argument("candidate")
@argument("originals", metavar="ORIGINAL...", nargs=-1, required=True)
@option("--trials", type=click.IntRange(1, 10_000), default=20, metavar="N", help="Of each kind. [default: 20]")
@option("--seed", type=int, default=1, metavar="K", help="Decides what is planted where. [default: 1]")
@option("--size", "sizes", multiple=True, type=click.Choice(tuple(_SIZES)), help="How much; repeat. [default: all]")
@option(
    "--disguise", "disguises", multiple=True, type=click.Choice(tuple(_DISGUISES)), help="How; repeat. [default: all]"
)
@option("--given", multiple=True, metavar="PATH", help="As of 'simdetect scan'.")
@option("--base", multiple=True, metavar="PATH", help="As of 'simdetect scan'.")
@option("--observed", multiple=True, metavar="PATH", help="As of 'simdetect scan'.")
@option("--same-family", is_flag=True, help="As of 'simdetect scan'.")
@setting_option(OPEN)
@scan_options
@jobs_option
@option("--format", type=click.Choice(("text", "json", "markdown")), default="text", help="Default: text.")
@option("-o", "--output", metavar="FILE", help="Write the report here instead of to standard output.")
@option("-q", "--quiet", is_flag=True, help="No progress bars.")
def power(format: str, output: str | None, **options: Any) -> int:
    """Say what a scan of CANDIDATE against ORIGINAL would have found, had something been there.

    Plants functions of the ORIGINAL into the CANDIDATE, in memory, as they are and disguised, and scans each planted
    candidate as 'simdetect scan' does with the same options. Exit codes: 0 done, also where nothing can be planted
    because the two are in different languages, which is said; 2 bad usage or input.
    """
    from simdetect.report import render_power

    inputs, trials = take(_Inputs, options), take(_Trials, options)
    report = _tried(inputs, trials, scan_settings(options))
    write(render_power(report, format), output, is_data=format == "json")
    return EXIT_OK


def _tried(inputs: _Inputs, trials: _Trials, settings: ScanOptions) -> PowerReport:
    from simdetect.model import Disguise, PlantSize
    from simdetect.planting import power as planting
    from simdetect.report.progress import ScanProgress

    plan = planting.PowerPlan(
        trials.trials,
        trials.seed,
        tuple(size for size in PlantSize if not trials.sizes or size.value in map(_SIZES.get, trials.sizes)),
        tuple(own for own in Disguise if not trials.disguises or own.value in map(_DISGUISES.get, trials.disguises)),
    )
    with ScanProgress(is_shown=not trials.quiet, has_eta=True) as progress:
        return planting.power(
            inputs.candidate,
            *inputs.originals,
            plan=plan,
            options=settings,
            given=inputs.given,
            base=inputs.base,
            observed=inputs.observed,
            same_family=inputs.same_family,
            progress=progress,
        )
