"""power(): what a scan of this candidate against this original would have found, had it been there.

    choosing    what is planted where        hiding      the same in disguise, in workers
    trials      planted candidates, compared and counted

A scan that finds nothing says little unless it would have found something. So functions of the original are planted
into the candidate, and every planted candidate is scanned like the candidate itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Unpack

from simdetect import __version__
from simdetect.errors import OptionsError
from simdetect.findings.report import summary_of
from simdetect.model import AnalysedTree, Disguise, PlantSize, PowerReport, PowerRow, ScanReport
from simdetect.options import ScanOptions
from simdetect.planting.choosing import Case, Choice, planted
from simdetect.planting.hiding import hidden_files
from simdetect.planting.trials import Outcome, Trial, outcomes, row_of
from simdetect.running import shared_pool
from simdetect.scanning.clock import Clock
from simdetect.scanning.compare import Read, inputs_of
from simdetect.scanning.inputs import Location, Original
from simdetect.scanning.revisions import best_of_families
from simdetect.scanning.scanner import Known, Progress, Scanner

__all__ = ["MOST_TRIALS", "PowerPlan", "measured", "power"]

MOST_TRIALS: Final = 10_000  # of one size and disguise
_LISTED: Final = 1  # originals of a file in the report of a trial, of which only the evidence is looked at


@dataclass(frozen=True, slots=True)
class PowerPlan:
    """Which trials. trials: of each size and disguise. seed: decides what is planted where."""

    trials: int = 20
    seed: int = 1
    sizes: tuple[PlantSize, ...] = tuple(PlantSize)
    disguises: tuple[Disguise, ...] = tuple(Disguise)

    def __post_init__(self) -> None:
        problems = []
        if not 1 <= self.trials <= MOST_TRIALS:
            problems.append(f"trials must be from 1 to {MOST_TRIALS} (got {self.trials!r})")
        if not self.sizes or not self.disguises:
            problems.append("name at least one size and one disguise")
        if problems:
            raise OptionsError("; ".join(problems))


def power(
    candidate: Location,
    *originals: Original,
    plan: PowerPlan | None = None,
    options: ScanOptions | None = None,
    **known: Unpack[Known],
) -> PowerReport:
    """Plant functions of the originals into the candidate, and say what share of them a scan finds and flags.

    Args:
        candidate, originals, known: as of `simdetect.scan`, whose report this is about; `elsewhere` and `on_sources` do
            not matter. Nothing is written: a planted candidate exists in memory only.
        plan: how many trials of which sizes and disguises, and the seed; the defaults are those of `PowerPlan`.
        options: settings; the same as of the scan.

    Returns:
        The report, identical for identical inputs, settings and seed.

    Raises:
        InputError: an input cannot be read. OptionsError: an option is invalid. WorkerError: no process can start.
    """
    options = options or ScanOptions()
    scanner = Scanner(options, shared_pool(options.jobs, options.limit_memory_bytes))
    try:
        return measured(plan or PowerPlan(), scanner, candidate, originals, known)
    finally:
        scanner.close(pool=False)


def measured(
    plan: PowerPlan, scanner: Scanner, candidate: Location, originals: Sequence[Original], known: Known
) -> PowerReport:
    """The same with a scanner of one's own."""
    read = scanner.read(candidate, originals, known)
    report, trees = best_of_families(read.terms, read.candidate, read.families, Clock())
    case = Case(read.candidate, trees, plan.seed)
    rows: tuple[PowerRow, ...] = ()
    warnings: list[str] = []
    if not (reason := _why_nothing(case, plan)):
        results, warnings = _tried(read, case, plan, known.get("progress"))
        rows = tuple(_rows(case, plan, results))
        reason = "" if rows else "No trial could be made before the time was over, or without a failure."
    return PowerReport(
        tool={"name": "simdetect", "version": __version__, "models": report.tool["models"]},
        candidate=report.candidate,
        originals=tuple(map(summary_of, trees)),
        settings=report.settings,
        n_trials=plan.trials,
        seed=plan.seed,
        verdict=report.summary.verdict,
        rows=rows,
        reason=reason,
        warnings=(*_about(report), *warnings),
    )


def _why_nothing(case: Case, plan: PowerPlan) -> str:
    """Why nothing can be planted, "" where something can."""
    if not case.families:
        own, theirs = (_languages(trees) for trees in ((case.candidate,), case.originals))
        return (
            f"The candidate has code in {own}, the original in {theirs}. No mechanical translation is honest, so "
            "nothing was planted, and nothing is known of what this scan would have found."
        )
    if any(case.choices(size) for size in plan.sizes):
        return ""
    if not case.sources:
        return (
            "Nothing of the original can be planted: it has no code of its own in a language of the candidate, or its "
            "index keeps no text."
        )
    return "Nothing of these sizes can be planted: the original has none, or the candidate no function to put it at."


def _languages(trees: Sequence[AnalysedTree]) -> str:
    found = Counter(file.language for tree in trees for file in tree.files)
    return ", ".join(sorted(found, key=lambda name: (-found[name], name))[:3]) or "no language"


def _about(report: ScanReport) -> Iterator[str]:
    if report.summary.verdict == "evidence":
        yield (
            "The scan is evidence without anything planted: that planted candidates are flagged says nothing, whether "
            "what was planted is found still does"
        )


def _tried(read: Read, case: Case, plan: PowerPlan, progress: Progress | None) -> tuple[list[Outcome], list[str]]:
    """What came of all trials, and what was in the way of some."""
    choices = [case.choice(size, number) for number in range(plan.trials) for size in plan.sizes]
    chosen = [choice for choice in choices if choice is not None]
    trials = _trials(read, case, plan, chosen)
    options = replace(read.terms.options, max_originals=_LISTED)
    terms = replace(read.terms, options=options)
    done = list(outcomes(terms, inputs_of(terms, case.candidate, case.originals), trials, progress))
    warnings = []
    if n_lost := len(chosen) * len(plan.disguises) - len(trials):
        warnings.append(
            f"{n_lost} trial(s) were left out: what was drawn could not be disguised, or no rewrites are known for its"
            " language"
        )
    if n_lost := len(trials) - len(done):
        warnings.append(f"{n_lost} trial(s) were not finished before limit_total_seconds, or failed")
    return done, warnings


def _trials(read: Read, case: Case, plan: PowerPlan, choices: Sequence[Choice]) -> list[Trial]:
    """Every choice in every disguise, in the order in which they are tried."""
    wanted = {(path, disguise) for choice in choices for path in choice.files for disguise in plan.disguises}
    hidden = hidden_files(read.terms, wanted, case.sources, plan.seed)
    trials = []
    for choice in choices:
        for disguise in plan.disguises:
            plant = planted(case, choice, disguise, hidden)
            if plant is not None:
                trials.append(Trial(choice.size, disguise, plant))
    return trials


def _rows(case: Case, plan: PowerPlan, results: Sequence[Outcome]) -> Iterator[PowerRow]:
    for size in plan.sizes:
        for disguise in plan.disguises:
            own = [result for result in results if (result.trial.size, result.trial.disguise) == (size, disguise)]
            if own:
                yield row_of(size, disguise, len(case.choices(size)), own)
