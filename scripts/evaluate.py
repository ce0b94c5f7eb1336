"""Measure the detector on labelled pairs of repositories.

usage: python scripts/evaluate.py PAIRS.jsonl... --work DIR... [--corpus DIR --rows LIST.jsonl] -o OUT [--fit FILE]

PAIRS: the format of scripts/data/pairs.jsonl. DIR holds one folder a repository, `<owner>+<name>@<commit7>` or
`<owner>+<name>`. With --corpus and --rows, each pair is weighed by background models that leave out both of its
families; without them, by the shipped models, and pairs whose repositories went into those are left out with a message.
The list of repositories also makes pairs of independent programs for one job in two languages.
Probabilities come from models that saw none of a file's family; --as-shipped takes the shipped calibration instead.
Writes OUT/files.jsonl (every labelled file), OUT/skipped.jsonl (pairs that were not used, and why), OUT/summary.md
and OUT/reliability.png; --fit writes a calibration.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from build_background import FamilyCounts, all_counts, files_by_language_family, repositories
from figures import across, by_pair, draw_reliability, summary, worst
from trees import TreeCache

from simdetect.judging.calibration import load_calibration
from simdetect.layers.all import Models
from simdetect.options import ScanOptions
from simdetect.training.fit import LabelledFile, cross_validate, cross_validate_across, fit, fit_across, shipped_across
from simdetect.training.labelled import SCORED, Row, SkippedPair, Workplace, label
from simdetect.training.pairs import FOREIGN, RELATIONS, Pair, families_of, foreign_pairs, in_background, read_pairs
from simdetect.weighing.background import POOL, Background, load_background
from simdetect.weighing.public_names import load_public_names
from simdetect.weighing.wording import WORDING, load_wording

ACROSS_LANGUAGES = ("ported", FOREIGN)


class Backgrounds:
    """Models of code and of words without the families of the pair under test."""

    def __init__(self, counts: dict[str, FamilyCounts]) -> None:
        self._counts = counts
        self._model = lru_cache(maxsize=8)(self._make)

    def without(self, families: frozenset[str]) -> Models:
        """Models of language families, and of words."""

        def background(language: str) -> Background:
            counts = self._counts.get(language, self._counts[POOL])
            return self._model(counts.family, frozenset(families & set(counts.families)))

        counts = self._counts[WORDING]
        return Models(background, counts.wording(sorted(families & set(counts.families))), left_out=own_names(families))

    def _make(self, language: str, families: frozenset[str]) -> Background:
        return self._counts[language].background(sorted(families))


def own_names(families: frozenset[str]) -> frozenset[str]:
    """Families of public names that go by the names of these repositories: neither side's count as public."""
    return frozenset(load_public_names().called(families))


def backgrounds(corpus: Path, listing: Path, trees: TreeCache) -> Backgrounds:
    """Counts of every listed repository of the corpus."""
    by_family = files_by_language_family(list(repositories(corpus, listing)), trees)
    return Backgrounds({counts.family: counts for counts in all_counts(by_family)})


def families(pairs: Sequence[Pair], listing: Path | None) -> dict[str, str]:
    """Repository -> family, as the list says, or as the pairs do."""
    listed = [] if listing is None else [json.loads(line) for line in listing.read_text().splitlines()]
    return {**families_of(pairs), **{row["repository"]: row["family"] for row in listed}}


@dataclass(frozen=True)
class Evaluation:
    """What was measured."""

    rows: list[Row]
    skipped: list[SkippedPair]


def collect(
    pairs: Sequence[Pair], work: Sequence[Path], corpus: Path | None, listing: Path | None, cache: Path | None
) -> Evaluation:
    """Rows of all pairs that can be used."""
    found = Evaluation([], [])
    with TreeCache(ScanOptions(jobs=2), cache) as trees:
        if corpus is None or listing is None:
            seen = in_background()
            models = lambda families: Models(load_background, load_wording(), left_out=own_names(families))  # noqa: E731
        else:
            models, seen = backgrounds(corpus, listing, trees).without, frozenset()
        foreign = [] if listing is None else list(foreign_pairs(_lines(listing)))
        of = families(pairs, listing)
        tree = lru_cache(maxsize=3)(trees.analysed)
        place = Workplace(work, tree, models, of, seen, (*RELATIONS, FOREIGN))
        for item in label([*pairs, *foreign], place):
            if isinstance(item, SkippedPair):
                click.echo(f"skipped {item.id}: {item.reason}", err=True)
                found.skipped.append(item)
            else:
                found.rows.append(item)
    return found


def store(evaluation: Evaluation, output: Path) -> None:
    """Keep what was measured, for --again."""
    output.mkdir(parents=True, exist_ok=True)
    (output / "files.jsonl").write_text("".join(json.dumps(asdict(row)) + "\n" for row in evaluation.rows))
    (output / "skipped.jsonl").write_text("".join(json.dumps(asdict(row)) + "\n" for row in evaluation.skipped))


def stored(output: Path) -> Evaluation:
    """What an earlier run measured."""
    rows = [Row(**{**row, "file": _labelled(row["file"])}) for row in _lines(output / "files.jsonl")]
    return Evaluation(rows, [SkippedPair(**row) for row in _lines(output / "skipped.jsonl")])


def _labelled(stored: dict[str, Any]) -> LabelledFile:
    return LabelledFile(**{**stored, "bits": tuple(stored["bits"])})


def _lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.is_file() else []


def report(evaluation: Evaluation, pairs: Sequence[Pair], output: Path, fit_to: Path | None, as_shipped: bool) -> str:
    """Write the figures, and the calibration of everything; return the figures without the worst files."""
    rows = [row for row in evaluation.rows if row.relation in SCORED]
    files = [row.file for row in rows]
    foreign_rows = [row for row in evaluation.rows if row.relation in ACROSS_LANGUAGES and row.file.is_foreign]
    foreign = [row.file for row in foreign_rows]
    if as_shipped:
        calibration = load_calibration()
        probability = np.array([calibration.probability(file.bits, file.n_tokens) for file in files])
    else:
        other = fit_across(foreign) if any(file.is_derived for file in foreign) else shipped_across()
        fitted = json.dumps(fit(files, across=other), sort_keys=True) + "\n"
        probability = cross_validate(files)
        for target in filter(None, (output / "calibration.json", fit_to)):
            target.write_text(fitted)
        calibration = load_calibration(output / "calibration.json")
    derived = np.array([file.is_derived for file in files])
    same = frozenset(pair.id for pair in pairs if pair.candidate.repository == pair.original.repository)
    drawn = draw_reliability(derived, probability, output / "reliability.png")
    others = [row for row in evaluation.rows if row.relation not in (*SCORED, FOREIGN)]
    elsewhere = np.zeros(0)
    if any(file.is_derived for file in foreign):
        elsewhere = cross_validate_across(foreign)
    text = "\n".join(
        [
            summary(rows, probability, calibration, same),
            "",
            drawn,
            *(across(foreign_rows, elsewhere, rows, calibration) if len(elsewhere) else ()),
            *by_pair(others, calibration),
            *left_out(evaluation),
        ]
    )
    more = worst(foreign_rows, elsewhere) if len(elsewhere) else ()
    (output / "summary.md").write_text("\n".join([text, *worst(rows, probability), *more]) + "\n")
    return text


def left_out(evaluation: Evaluation) -> Iterator[str]:
    """Pairs that could not be used."""
    if evaluation.skipped:
        yield "\nleft out\n"
        yield from (f"- {item.id}: {item.reason}" for item in evaluation.skipped)


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("pairs", nargs=-1, required=True, type=FILE)
@click.option("--work", multiple=True, type=FOLDER, help="Folders that hold the repositories.")
@click.option("--corpus", type=FOLDER, help="Repositories to make background models of.")
@click.option("--rows", "listing", type=FILE, help="The list of those repositories, with their families.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Keep analysed trees here.")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--fit", "fit_to", type=click.Path(dir_okay=False, path_type=Path), help="Write a calibration here.")
@click.option("--as-shipped", is_flag=True, help="Judge by the shipped calibration instead of cross-validation.")
@click.option("--again", is_flag=True, help="Only fit and report again, from OUT/files.jsonl.")
@click.option("--language", multiple=True, help="Only pairs of this language, as the pairs name it.")
def main(
    pairs: tuple[Path, ...],
    work: tuple[Path, ...],
    corpus: Path | None,
    listing: Path | None,
    cache: Path | None,
    output: Path,
    fit_to: Path | None,
    as_shipped: bool,
    again: bool,
    language: tuple[str, ...],
) -> None:
    """Measure the detector on labelled pairs."""
    if (corpus is None) != (listing is None):
        raise click.UsageError("--corpus and --rows go together")
    wanted = [pair for pair in read_pairs(pairs) if not language or pair.candidate.language in language]
    evaluation = stored(output) if again else collect(wanted, work, corpus, listing, cache)
    if not again:
        store(evaluation, output)
    click.echo(report(evaluation, wanted, output, fit_to, as_shipped))


if __name__ == "__main__":
    main()
