"""`simdetect review`: what is suspected in an audited run, and what people decide about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import argument, command, option, take
from simdetect.cli.output import EXIT_EVIDENCE, EXIT_OK, write_stdout
from simdetect.cli.parameters import FOLDER
from simdetect.errors import InputError, OptionsError
from simdetect.report.safe import clip, visible

if TYPE_CHECKING:
    from simdetect.audit.decisions import Decisions

__all__ = ["review"]

_CHOICES = ("recalled", "not-recalled", "given")


@dataclass(frozen=True)
class _Said:
    """What is to be recorded."""

    instance: str | None
    file: str | None
    original: str | None
    decision: str | None
    reason: str | None
    by: str | None
    date: str | None

    def problems(self) -> list[str]:
        """What is missing for a decision."""
        named = {"--instance": self.instance, "--reason": self.reason, "--by": self.by}
        if self.decision is None:
            return ["--file and --original need --decision"] if self.file or self.original else []
        return [f"--decision needs {name}" for name, value in named.items() if not (value or "").strip()]


@command(
    "simdetect review run/",
    "simdetect review run/ --sign-offs 2",
)
@argument("run", metavar="RUN", type=FOLDER)
@option("-o", "--reports", type=FOLDER, metavar="DIR", help="Where the audit wrote, when that was not the run.")
@option("--instance", metavar="NAME", help="Decide about this instance.")
@option("--file", metavar="PATH", help="Only about this file of the submission.")
@option("--original", metavar="PATH", help="Only about evidence from this file of the original.")
@option("--decision", type=click.Choice(_CHOICES), help="What it is.")
@option("--reason", metavar="TEXT", help="Why.")
@option("--by", metavar="NAME", help="Who says so.")
@option("--date", metavar="DATE", help="[default: today]")
@option("--sign-offs", type=click.IntRange(1, 2), metavar="N", help="How many people must agree: 1 or 2.")
def review(run: Path, reports: Path | None, sign_offs: int | None, **options: Any) -> int:
    """List what is suspected in an audited RUN, or record a decision about it.

    Decisions are kept in RUN.decisions.json, beside the run. The next audit shows them in every output and carries them
    over as long as the evidence is the same. Exit codes: 0 nothing is open, 1 something is, 2 bad usage or input.
    """
    from simdetect.audit import decisions as kept

    said = take(_Said, options)
    if problems := said.problems():
        raise OptionsError("; ".join(problems))
    path = kept.decisions_file(run)
    known = kept.read_decisions(path)
    if sign_offs is not None:
        known = kept.Decisions(known.votes, sign_offs)
    folder = run if reports is None else reports / run.resolve().name
    if said.decision is not None:
        known = _recorded(known, said, folder)
    if said.decision is not None or sign_offs is not None:
        kept.write_decisions(path, known)
    return _listed(known, folder)


def _recorded(known: Decisions, said: _Said, folder: Path) -> Decisions:
    """The decisions with what was said. Raises InputError."""
    import datetime

    from simdetect.audit.decisions import Matter, Vote, with_vote

    instance = said.instance or ""
    date = said.date or datetime.datetime.now(datetime.UTC).date().isoformat()
    vote = Vote(said.by or "", date, said.decision or "", said.reason or "", ())
    return with_vote(known, Matter(instance, said.file, said.original), vote, _report(folder, instance))


def _listed(known: Decisions, folder: Path) -> int:
    """Say what is decided and what is open."""
    from simdetect.audit.decisions import decided

    lines, n_open = [], 0
    for path in sorted(folder.rglob("*.simdetect.json")):
        instance = path.name.removesuffix(".simdetect.json")
        report = _read(path)
        found = decided(known, instance, report)
        is_open = report["summary"]["verdict"] == "evidence" and not (found and found.is_final)
        n_open += is_open
        if is_open or found:
            status = found.status if found else "open"
            words = f"{'; '.join(found.by)}: {found.reason}" if found else report["summary"]["reason"]
            lines.append(f"{status:12}  {visible(clip(instance, 120))}  {visible(clip(words, 300))}")
    write_stdout("\n".join([*sorted(lines), f"{n_open} open"]) + "\n", is_data=False)
    return EXIT_EVIDENCE if n_open else EXIT_OK


def _report(folder: Path, instance: str) -> Any:
    """The report of an instance, as JSON. Raises InputError."""
    for path in (folder / instance / f"{instance}.simdetect.json", folder / f"{instance}.simdetect.json"):
        if instance and "/" not in instance and path.is_file():
            return _read(path)
    raise InputError(f"no report for {instance} in {folder}: run 'simdetect audit' first, or name its folder with -o")


def _read(path: Path) -> Any:
    from simdetect.model import nested
    from simdetect.report import load_report

    try:
        text = path.read_text("utf-8")
        load_report(text)
        return nested.loads(text)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {str(error)[:200]}") from error
