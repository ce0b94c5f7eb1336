"""`simdetect audit`: every instance of benchmark runs."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import argument, command, option, take
from simdetect.cli.output import EXIT_EVIDENCE, EXIT_INCONCLUSIVE, EXIT_OK, write_stdout
from simdetect.cli.parameters import FOLDER_OR_URL, network_options, scan_options, scan_settings, setting_option
from simdetect.errors import OptionsError
from simdetect.options import BLACK_BOX

if TYPE_CHECKING:
    from simdetect.audit.power import Measure
    from simdetect.model import AuditReport
    from simdetect.options import ScanOptions
    from simdetect.remote.gate import Gate

__all__ = ["audit"]


@dataclass(frozen=True)
class _What:
    """What to audit, as `simdetect.audit.run.Audit` takes it, which is not imported before a command runs."""

    runs: tuple[Path | str, ...]
    originals: Path | str
    tasks: Path | str | None
    given_dir: Path | str | None
    folder: str | None
    pattern: str | None
    with_html: bool
    elsewhere: bool
    releases: int
    no_session_text: bool


@dataclass(frozen=True)
class _Network:
    """What may be asked of a network; see `simdetect.remote.gate`."""

    fetch: bool
    fetch_from: tuple[str, ...]
    fetch_token: tuple[str, ...]

    def gate(self) -> Gate | None:
        """None when nothing may be asked. Raises OptionsError."""
        from simdetect.remote.gate import gate_of

        if not self.fetch and (self.fetch_from or self.fetch_token):
            raise OptionsError("--fetch-from and --fetch-token need --fetch")
        return gate_of(self.fetch_from, self.fetch_token) if self.fetch else None


@dataclass(frozen=True)
class _Workers:
    """Who does the work, and whether it is watched."""

    workers: int
    scheduler: str | None
    quiet: bool
    power: int | None


@command(
    "simdetect audit run/ --originals upstream/ --fetch",
    "simdetect audit run/ another/ --originals upstream/ --tasks tasks/ -o audit/ --workers 2",
)
@argument("runs", metavar="RUN...", nargs=-1, required=True, type=FOLDER_OR_URL)
@option(
    "--originals", type=FOLDER_OR_URL, required=True, metavar="DIR", help="Originals, by instance or by repository."
)
@option(
    "--tasks",
    type=FOLDER_OR_URL,
    metavar="DIR",
    help="task.yaml files: repository, commit, language. [default: those of the installed programbench]",
)
@option("--given-dir", type=FOLDER_OR_URL, metavar="DIR", help="What the author of each instance was given.")
@option("-o", "--output", "folder", metavar="DIR", help="Write everything here instead of into the runs.")
@option(
    "--releases", type=click.IntRange(0, 100), default=0, metavar="N", help="Compare with the newest N other tags too."
)
@option("--filter", "pattern", metavar="REGEX", help="Only instances in whose names this is found.")
@option(
    "--power",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Say what each scan would have found: N planted trials of each kind an instance, each as long as a scan.",
)
@option("--workers", type=click.IntRange(min=1), default=1, metavar="N", help="Worker processes. [default: 1]")
@option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler, as tcp://host:8786.")
@option("--html", "with_html", is_flag=True, help="Also write an HTML report for each instance.")
@option("--no-session-text", is_flag=True, help="Quote no words of recorded sessions: steps and counts only.")
@option("--elsewhere", is_flag=True, help="Say which evidence stands in other originals of this audit too.")
@network_options
@option("--format", type=click.Choice(("text", "json", "markdown")), default="text", help="Default: text.")
@option("-q", "--quiet", is_flag=True, help="No progress.")
@setting_option(BLACK_BOX)
@scan_options
def audit(format: str, **options: Any) -> int:
    """Scan every instance of benchmark RUNs: folders of <instance>/submission.tar.gz.

    Writes <instance>.simdetect.json beside each submission, and _stats/recall_probability.json,
    _stats/recall_bits.json and a summary (_simdetect/simdetect.html, .md, .json and audit.csv) into each run. Started
    again, it goes on where it was. Exit codes: 0 no evidence, 1 evidence in some instance, 2 bad usage or input, 3 no
    evidence, but some instance is inconclusive or could not be scanned.
    """
    from simdetect.report import render_audit

    what, workers, network = take(_What, options), take(_Workers, options), take(_Network, options)
    report = _audited(what, network, workers, scan_settings(options))
    write_stdout(render_audit(report, format), is_data=format != "text")
    return _exit_code(report)


def _audited(what: _What, network: _Network, workers: _Workers, settings: ScanOptions) -> AuditReport:
    from simdetect.audit import run as audits
    from simdetect.audit.tasks import installed_tasks
    from simdetect.report.progress import ScanProgress
    from simdetect.running import cluster_executor

    plan = audits.Audit(
        what.runs,
        what.originals,
        what.tasks or installed_tasks(),
        what.given_dir,
        what.folder or None,
        what.pattern,
        what.with_html,
        what.elsewhere,
        network.gate(),
        what.releases,
        not what.no_session_text,
    )
    cluster = cluster_executor(workers.scheduler) if workers.scheduler else nullcontext()
    with ScanProgress(is_shown=not workers.quiet, has_eta=True) as progress, cluster as executor:
        return audits.audit(
            plan,
            workers=workers.workers,
            executor=executor,
            options=settings,
            progress=progress,
            power=_measure(workers.power),
        )


def _measure(n_trials: int | None) -> Measure | None:
    """How the power of each scan is measured: functions that one would recall, and a tenth, verbatim and renamed."""
    if n_trials is None:
        return None
    from functools import partial

    from simdetect.audit.power import Measure
    from simdetect.model import Disguise, PlantSize
    from simdetect.planting.power import PowerPlan, measured

    plan = PowerPlan(
        n_trials,
        sizes=(PlantSize.MEDIUM, PlantSize.LARGE, PlantSize.TENTH),
        disguises=(Disguise.VERBATIM, Disguise.RENAMED),
    )
    return Measure(partial(measured, plan), repr(plan))


def _exit_code(report: AuditReport) -> int:
    settled = [result for result in report.instances if result.decision is not None and result.decision.is_final]
    verdicts = {"no-evidence" if result in settled else result.verdict for result in report.instances}
    if "evidence" in verdicts:
        return EXIT_EVIDENCE
    return EXIT_OK if verdicts == {"no-evidence"} else EXIT_INCONCLUSIVE
