"""Collect labelled submissions, fit the models of populations, and measure the verdicts of submissions.

usage: python scripts/evaluate_submissions.py OUT [--rebuilt ORIGINALS [--memory DIR] [--translations DIR] [--task T]]
    [--pairs FILE --work DIR --corpus DIR --rows LIST [--cache DIR]] [--fit FILE] [--again]

Rows are kept in OUT/rows-*.jsonl; --again takes them as they are. Tables are of the shipped models, except that ratios
of what a model was fitted on come from models that saw none of its repository. Writes OUT/summary.md and
OUT/reliability.png; --fit writes the models into a calibration. See docs/method.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from evaluate import backgrounds, families
from figures import draw_reliability
from rebuilt_table import bound, by_task, of_all, percent
from submission_rows import DOCUMENTS, NOTHING, OPEN, SESSION, Row, people, read, read_rows, rebuilt, write_rows
from trees import TreeCache

from simdetect.judging.calibration import load_calibration
from simdetect.judging.likelihood import probability_of
from simdetect.model import F64
from simdetect.options import ScanOptions
from simdetect.training.pairs import foreign_pairs, read_pairs
from simdetect.training.submissions import (
    components,
    cross_validated,
    fit_population,
    weights_of,
)

TARGETS = {"people": 0.01, "people-across": 0.01, "rebuilt": 0.02, "rebuilt-across": 0.02}
FITTED_IN = {"people": OPEN, "people-across": OPEN, "rebuilt": DOCUMENTS, "rebuilt-across": DOCUMENTS}
REBUILT = Path(__file__).resolve().parent.parent / "evaluation" / "rebuilt"


def fitted_on(rows: Sequence[Row], population: str) -> list[Row]:
    """What the model of a population is fitted on.

    Independent people's programs are their own; what is planted in rebuilt ones, in the open setting, stands for recall
    in both. Where a session shows what was seen, more is taken away; models are fitted without. Programs rebuilt in
    another language are few: independent ones of people, which agree more, stand beside them.
    """
    across, setting = population.endswith("-across"), FITTED_IN[population]
    own = [row for row in rows if row.submission.population.endswith("-across") == across and _fits(row, setting)]
    return own if across else [*own, *comments_alone(own)]


def comments_alone(rows: Sequence[Row]) -> Iterator[Row]:
    """Recalled comments beside code that was written anew: forks, files and texts from memory, without their code."""
    for row in rows:
        facts = row.submission.facts
        if row.submission.stratum in ("fork", "file", "memory") and facts.comment:
            left = replace(facts, strongest=0.0, second=0.0, function=0.0, beyond=0.0)
            labelled = replace(row.submission, stratum="comments alone", facts=left)
            yield replace(row, submission=labelled)


def _fits(row: Row, setting: str) -> bool:
    is_people = not row.task
    if row.submission.is_derived:
        return row.setting == setting
    if setting == OPEN:
        return is_people
    return row.setting == setting or (is_people and row.submission.population.endswith("-across"))


@dataclass(frozen=True)
class Judged:
    """A row with its ratio, log10, by a model that did not see its repository."""

    row: Row
    ratio: float
    verdict: str


def judged(rows: Sequence[Row], population: str) -> list[Judged]:
    """Every row of a population in every setting. Rows of settings that nothing was fitted on are judged by the shipped
    model: their facts differ only by what was taken away."""
    model = load_calibration().submissions[population]
    fitted = fitted_on(rows, population)
    ratios = dict(zip(map(id, fitted), cross_validated([row.submission for row in fitted]), strict=True))
    found = []
    for row in [*rows, *(row for row in fitted if row.submission.stratum == "comments alone")]:
        is_own = row.submission.population == population and (
            row.submission.is_derived or bool(row.task) != (FITTED_IN[population] == OPEN)
        )
        if is_own or (row.submission.is_derived and id(row) in ratios):
            ratio = float(ratios.get(id(row), model.ratio(row.submission.facts)))
            verdict = (
                "evidence" if ratio >= model.threshold else "inconclusive" if ratio >= model.doubt else "no evidence"
            )
            found.append(Judged(row, ratio, verdict))
    return found


# --- tables --------------------------------------------------------------------------------------------------------


def tables(rows: Sequence[Row]) -> str:
    """All figures."""
    parts = []
    for population in TARGETS:
        if not any(row.submission.population == population and not row.submission.is_derived for row in rows):
            continue
        own = judged(rows, population)
        parts += [f"### {population}", "", *_independent(own), "", *_recalled(own), "", *_costs(own, population), ""]
        parts += _worst(own)
    return "\n".join(parts)


def _independent(own: Sequence[Judged]) -> Iterator[str]:
    yield "| independent, setting | n | evidence | at most | inconclusive | no evidence |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for setting in (OPEN, NOTHING, DOCUMENTS, SESSION):
        found = [j for j in own if j.row.setting == setting and not j.row.submission.is_derived]
        if found:
            yield f"| {setting} | {_cells(found)} |"
    languages = sorted({j.row.language for j in own})
    for language in languages:
        setting = OPEN if any(j.row.setting == OPEN and not j.row.submission.is_derived for j in own) else DOCUMENTS
        found = [
            j for j in own
            if j.row.language == language and j.row.setting == setting and not j.row.submission.is_derived
        ]  # fmt: skip
        if len(found) >= 5:
            yield f"| {setting}: {language} | {_cells(found)} |"


def _cells(found: Sequence[Judged]) -> str:
    groups = components([j.row.submission for j in found])
    hits = by_task((str(group), j.verdict == "evidence") for group, j in zip(groups, found, strict=True))
    n = {verdict: sum(j.verdict == verdict for j in found) for verdict in ("evidence", "inconclusive", "no evidence")}
    high = percent(bound(hits, upper=True))
    return f"{len(found)} | {n['evidence']} | {high} | {n['inconclusive']} | {of_all(n['no evidence'], len(found))}"


def _recalled(own: Sequence[Judged]) -> Iterator[str]:
    yield "| recalled | setting | n | evidence | at least |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for stratum in dict.fromkeys(j.row.submission.stratum for j in own if j.row.submission.is_derived):
        for setting in (OPEN, NOTHING, DOCUMENTS, SESSION):
            found = [j for j in own if j.row.submission.stratum == stratum and j.row.setting == setting]
            if found:
                hits = by_task((j.row.submission.repositories[0], j.verdict == "evidence") for j in found)
                low = percent(bound(hits, upper=False))
                n = sum(j.verdict == "evidence" for j in found)
                yield f"| {stratum} | {setting} | {len(found)} | {of_all(n, len(found))} | {low} |"


def _costs(own: Sequence[Judged], population: str) -> Iterator[str]:
    """Cllr, its minimum, and expected calibration error, by strata of equal weight."""
    found = [j for j in own if j.row.setting == FITTED_IN[population]]
    rows = [j.row.submission for j in found]
    if len({row.is_derived for row in rows}) < 2:
        return
    model = load_calibration().submissions[population]
    ratios = np.array([model.bounded(j.ratio) for j in found])
    derived, weight = np.array([row.is_derived for row in rows]), weights_of(rows)
    cost, least = cllr(ratios, derived, weight), least_cllr(ratios, derived, weight)
    error = ece(ratios, derived, weight)
    yield f"Cllr {cost:.3f}, at best {least:.3f} (+{cost - least:.3f}); expected calibration error {error:.3f}."


def cllr(ratios: F64, derived: np.ndarray, weight: F64) -> float:
    """The cost of log-likelihood ratios in bits (Brümmer and du Preez 2006). ratios: log10."""
    odds = ratios * np.log(10)
    of_derived = np.average(np.logaddexp(0, -odds[derived]), weights=weight[derived])
    of_others = np.average(np.logaddexp(0, odds[~derived]), weights=weight[~derived])
    return float((of_derived + of_others) / 2 / np.log(2))


def least_cllr(ratios: F64, derived: np.ndarray, weight: F64) -> float:
    """The same with the best monotone recalibration (pool adjacent violators)."""
    from sklearn.isotonic import IsotonicRegression

    share = np.where(derived, weight / weight[derived].sum(), weight / weight[~derived].sum())
    fitted = IsotonicRegression(y_min=1e-6, y_max=1 - 1e-6).fit_transform(ratios, derived, sample_weight=share)
    return cllr(np.log10(fitted / (1 - fitted)), derived, weight)


def ece(ratios: F64, derived: np.ndarray, weight: F64) -> float:
    """Expected calibration error in ten bins of the probability at even prior odds."""
    share = np.where(derived, weight / weight[derived].sum(), weight / weight[~derived].sum()) / 2
    probability = np.array([probability_of(ratio) for ratio in ratios])
    place = np.minimum(9, (10 * probability).astype(int))
    found = 0.0
    for index in range(10):
        own = place == index
        if own.any():
            mean, true = np.average(probability[own], weights=share[own]), np.average(derived[own], weights=share[own])
            found += float(share[own].sum() * abs(mean - true))
    return found


def _worst(own: Sequence[Judged], n: int = 6) -> Iterator[str]:
    """The independent submissions that agree most, and the derived ones that agree least."""
    yield "Independent ones that agree most:"
    independent = sorted((j for j in own if not j.row.submission.is_derived), key=lambda j: -j.ratio)
    yield from map(_line, independent[:n])
    yield "\nDerived ones that agree least:"
    derived = sorted((j for j in own if j.row.submission.is_derived), key=lambda j: j.ratio)
    yield from map(_line, derived[:n])
    yield ""


def _line(found: Judged) -> str:
    facts = {name: round(value) for name, value in asdict(found.row.submission.facts).items() if round(value)}
    return f"- {found.row.submission.id} ({found.row.setting}): log10 ratio {found.ratio:.2f}, {facts}"


# --- fitting -------------------------------------------------------------------------------------------------------


def fit(rows: Sequence[Row], file: Path) -> None:
    """Fit the models of all populations that have rows, and put them into a calibration."""
    stored = json.loads(file.read_text("utf-8"))
    models = dict(stored.get("submissions", {}))
    for population, target in TARGETS.items():
        own = [row.submission for row in fitted_on(rows, population)]
        if any(not row.is_derived for row in own):
            models[population] = fit_population(own, target)
    stored = {**stored, "submissions": models}
    stored.pop("id", None)
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:12]
    file.write_text(json.dumps({"id": f"calibration-{digest}", **stored}, sort_keys=True) + "\n")


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("output", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rebuilt", "originals", type=FOLDER, help="Originals of the rebuilt programs.")
@click.option("--memory", type=FOLDER, help="Programs written from memory, a folder a task.")
@click.option("--translations", type=FOLDER, help="Translated functions (scripts/translations.py).")
@click.option("--task", "tasks", multiple=True, help="Only these rebuilt programs.")
@click.option("--pairs", multiple=True, type=FILE, help="Pairs of people's programs.")
@click.option("--work", multiple=True, type=FOLDER, help="Folders that hold their repositories.")
@click.option("--corpus", type=FOLDER, help="Repositories to make background models of.")
@click.option("--rows", "listing", type=FILE, help="The list of those repositories, with their families.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Keep analysed trees here.")
@click.option("--fit", "fit_to", type=FILE, help="Put the fitted models into this calibration.")
@click.option("--again", is_flag=True, help="Take the rows that are there.")
def main(
    output: Path,
    originals: Path | None,
    memory: Path | None,
    translations: Path | None,
    tasks: tuple[str, ...],
    pairs: tuple[Path, ...],
    work: tuple[Path, ...],
    corpus: Path | None,
    listing: Path | None,
    cache: Path | None,
    fit_to: Path | None,
    again: bool,
) -> None:
    """Measure the verdicts of submissions."""
    output.mkdir(parents=True, exist_ok=True)
    if not again and originals is not None:
        file = output / "rows-rebuilt.jsonl"
        file.unlink(missing_ok=True)
        write_rows(rebuilt(read(REBUILT, tasks), originals, memory, translations, (1, 2)), file)
    if not again and pairs and corpus is not None and listing is not None:
        collect_people(output / "rows-people.jsonl", pairs, work, corpus, listing, cache)
    rows = read_rows(sorted(output.glob("rows-*.jsonl")))
    if fit_to is not None:
        fit(rows, fit_to)
        load_calibration.cache_clear()
    text = tables(rows)
    (output / "summary.md").write_text(text + "\n", encoding="utf-8")
    own = fitted_on(rows, "rebuilt")
    derived = np.array([row.submission.is_derived for row in own])
    if derived.any() and not derived.all():
        ratios = cross_validated([row.submission for row in own])
        draw_reliability(derived, np.array([probability_of(r) for r in ratios]), output / "reliability.png")
    click.echo(text)


def collect_people(
    file: Path, pairs: Sequence[Path], work: Sequence[Path], corpus: Path, listing: Path, cache: Path | None
) -> None:
    """Rows of people's pairs, each weighed by models that saw neither side's family."""
    file.unlink(missing_ok=True)
    found = [*read_pairs(pairs), *foreign_pairs([json.loads(line) for line in listing.read_text().splitlines()])]
    with TreeCache(ScanOptions(), cache) as trees:
        models = backgrounds(corpus, listing, trees)
        analysed = lru_cache(maxsize=4)(trees.analysed)
        write_rows(people(found, work, analysed, models.without, families(found, listing)), file)


if __name__ == "__main__":
    main()
