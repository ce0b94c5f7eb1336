"""`simdetect originals fetch` and `simdetect given`: what an audit needs beside the runs, collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import Command, argument, command, examples, option, take
from simdetect.cli.output import EXIT_BAD_INPUT, EXIT_OK, json_text, write_stdout
from simdetect.cli.parameters import FOLDER, gate_options, text_or_json_option
from simdetect.report.safe import clip, visible

if TYPE_CHECKING:
    from simdetect.audit.gathering import Gathered, Gathering

__all__ = ["given", "originals"]

_TASKS = option(
    "--tasks", type=FOLDER, metavar="DIR", help="task.yaml files. [default: those of the installed programbench]"
)
_FILTER = option("--filter", "pattern", metavar="REGEX", help="Only instances in whose names this is found.")
_QUIET = option("-q", "--quiet", is_flag=True, help="No progress.")


_EXAMPLES = (
    "simdetect originals fetch run/ -o upstream/",
    "simdetect originals fetch run/ -o upstream/ --mirror upstream/ --releases 3",
)


@click.group(epilog=examples(*_EXAMPLES))
def originals() -> None:
    """Originals of benchmark runs."""


@dataclass(frozen=True)
class _Wanted:
    runs: tuple[Path, ...]
    tasks: Path | None
    target: Path
    mirrors: tuple[Path, ...]
    host: str
    releases: int
    pattern: str | None
    fetch_from: tuple[str, ...]
    fetch_token: tuple[str, ...]

    def gathering(self) -> Gathering:
        """What to get, for the library."""
        from simdetect.audit.gathering import Gathering
        from simdetect.audit.tasks import installed_tasks
        from simdetect.remote.gate import gate_of

        gate = gate_of(self.fetch_from, self.fetch_token)
        tasks = self.tasks or installed_tasks()
        rest = self.host, self.releases, self.pattern
        return Gathering(self.runs, tasks, self.target, self.mirrors, gate, *rest)


@originals.command(
    "fetch",
    cls=Command,
    epilog=examples(*_EXAMPLES),
)
@argument("runs", metavar="[RUN]...", nargs=-1, type=FOLDER)
@option("-o", "--output", "target", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR",
        help="Where the repositories go.")  # fmt: skip
@_TASKS
@option("--mirror", "mirrors", multiple=True, type=FOLDER, metavar="DIR", help="Repositories on disk, looked in first.")
@option("--from", "host", default="https://github.com", metavar="URL", help="Where owner/name is. [default: GitHub]")
@option("--releases", type=click.IntRange(0, 100), default=0, metavar="N", help="Also the newest N tags. [default: 0]")
@_FILTER
@gate_options
@text_or_json_option
@_QUIET
def fetch(format: str, quiet: bool, **options: Any) -> int:
    """Get the originals of RUNs, or of all tasks: exactly the commits that the tasks name.

    One bare repository for each, without history and without a checkout; nothing is run. What is there already is left
    alone. Exit codes: 0 everything is there, 2 something is not.
    """
    from simdetect.audit.gathering import gather
    from simdetect.report.progress import ScanProgress

    with ScanProgress(is_shown=not quiet, has_eta=True) as progress:
        results = gather(take(_Wanted, options).gathering(), progress)
    text = json_text([asdict(result) for result in results]) if format == "json" else _gathered_text(results)
    write_stdout(text, is_data=format == "json")
    return EXIT_BAD_INPUT if any(result.error for result in results) else EXIT_OK


def _gathered_text(results: Sequence[Gathered]) -> str:
    n_new = sum(len(result.new) for result in results)
    n_all = sum(len(result.commits) for result in results)
    failed = [result for result in results if result.error]
    lines = [f"{n_all} commits of {len(results)} repositories are there, {n_new} of them new"]
    lines += [f"  {visible(result.repository)}: {visible(clip(result.error or '', 400))}" for result in failed]
    return "\n".join(lines) + "\n"


@command(
    "simdetect given run/ --originals upstream/ -o given/",
    "simdetect audit run/ --originals upstream/ --given-dir given/",
)
@argument("runs", metavar="RUN...", nargs=-1, required=True, type=FOLDER)
@option("--originals", "folder", type=FOLDER, required=True, metavar="DIR", help="Originals, as for 'simdetect audit'.")
@option("-o", "--output", "target", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR",
        help="Where the documents go.")  # fmt: skip
@_TASKS
@_FILTER
@_QUIET
def given(
    runs: tuple[Path, ...], folder: Path, target: Path, tasks: Path | None, pattern: str | None, quiet: bool
) -> int:
    """Collect what the authors of each instance were handed: the user's documents of its original, by path and digest.

    Nothing is run. Exit codes: 0 all were collected, 2 some were not.
    """
    from simdetect.audit.handing import collect
    from simdetect.audit.plan import find_instances, matching
    from simdetect.audit.tasks import installed_tasks
    from simdetect.report.progress import ScanProgress

    instances = matching(sorted({name for run in runs for name in find_instances(run)}), pattern)
    with ScanProgress(is_shown=not quiet, has_eta=True) as progress:
        results = collect(instances, folder, target, tasks=tasks or installed_tasks(), progress=progress)
    failed = [result for result in results if result.error]
    lines = [f"{sum(result.n_documents for result in results):,} documents of {len(results)} instances"]
    lines += [f"  {visible(result.instance)}: {visible(clip(result.error or '', 400))}" for result in failed]
    write_stdout("\n".join(lines) + "\n", is_data=False)
    return EXIT_BAD_INPUT if failed else EXIT_OK
