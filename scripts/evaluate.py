"""Measure the detector on labelled pairs of repositories.

usage: python scripts/evaluate.py PAIRS.jsonl... --work DIR [--corpus DIR --rows LIST.jsonl] -o OUT [--fit FILE]

PAIRS: the format of scripts/data/pairs.jsonl. DIR holds one folder a repository, `<owner>+<name>@<commit7>` or
`<owner>+<name>`. With --corpus, each pair is weighed by background models that leave out both of its families;
without it, by the shipped models, and pairs whose repositories went into those are left out with a message.
Writes OUT/files.jsonl (every labelled file), OUT/summary.md and OUT/reliability.png; --fit writes a calibration.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from build_background import FamilyCounts, files_by_language_family, repositories
from trees import TreeCache

from simdetect.background import POOL, Background
from simdetect.calibrate import LabelledFile, cross_validate, fit
from simdetect.calibration import Calibration, load_calibration
from simdetect.model import AnalysedTree
from simdetect.options import ScanOptions
from simdetect.pipeline import match_trees

MIN_TOKENS = 100


@dataclass(frozen=True)
class Row:
    """One candidate file with its label and what matching found."""

    file: LabelledFile
    relation: str
    language: str
    is_top1: bool | None
    spans: list[str]
    note: str


class Backgrounds:
    """Models without the families of the pair under test."""

    def __init__(self, counts: dict[str, FamilyCounts]) -> None:
        self._counts = counts
        self._model = lru_cache(maxsize=8)(self._make)

    def without(self, families: frozenset[str]) -> Callable[[str], Background]:
        """Language family -> model."""

        def background(language: str) -> Background:
            counts = self._counts.get(language, self._counts[POOL])
            return self._model(counts.family, frozenset(families & set(counts.families)))

        return background

    def _make(self, language: str, families: frozenset[str]) -> Background:
        return self._counts[language].background(sorted(families))


def sub_tree(tree: AnalysedTree, path: str) -> AnalysedTree:
    """The part of a tree under a folder, with paths relative to it."""
    prefix = path.strip("/").removeprefix(".").strip("/")
    if not prefix:
        return tree
    inside = [i for i, file in enumerate(tree.files) if file.path.startswith(prefix + "/")]
    cut = len(prefix) + 1
    return AnalysedTree(
        replace(tree.tree, files=tuple(replace(tree.tree.files[i], path=tree.files[i].path[cut:]) for i in inside)),
        tuple(replace(tree.files[i], path=tree.files[i].path[cut:]) for i in inside),
    )


def folder_of(side: dict[str, str], work: Sequence[Path]) -> Path | None:
    """Where a repository lies, at its commit if there is such a folder."""
    name = side["repository"].removeprefix("github:").replace("/", "+")
    for known_as in (f"{name}@{side['commit'][:7]}", name):
        for root in work:
            if (root / known_as).is_dir():
                return root / known_as
    return None


def rows_of(
    pair: dict[str, Any],
    own: AnalysedTree,
    theirs: AnalysedTree,
    group: str,
    matches: Any,
    background: Callable[[str], Background],
) -> Iterator[Row]:
    """Labelled files of a pair: all of an independent one, the known ones of a derived or ported one."""
    known: dict[str, set[str]] = {}
    for candidate, original in pair["known_pairs"]:
        known.setdefault(candidate, set()).add(original)
    shared = set(pair.get("shared", ()))
    for i, file in enumerate(own.files):
        is_negative = pair["relation"] == "independent"
        if len(file.tokens) < MIN_TOKENS or file.path in shared or not (is_negative or file.path in known):
            continue
        low, high = np.searchsorted(matches.pairs.candidate_file, [i, i + 1]).tolist()
        best = theirs.files[int(matches.pairs.original_file[low])].path if high > low else None
        labelled = LabelledFile(
            pair["id"],
            group,
            file.family,
            background(file.family).family == file.family,
            file.path,
            not is_negative,
            len(file.tokens),
            float(matches.features.strongest[i]),
            float(matches.features.total[i]),
        )
        top1 = None if is_negative or best is None else best in known[file.path]
        yield Row(
            labelled,
            pair["relation"],
            pair["candidate"]["language"],
            top1,
            _spans(matches, i, own, theirs),
            pair["note"],
        )


def _spans(matches: Any, index: int, own: AnalysedTree, theirs: AnalysedTree, n: int = 3) -> list[str]:
    """The heaviest counted regions of a file, for a person to read."""
    rows = matches.selection.counted
    found = []
    for row in rows[matches.table.candidate_file[rows] == index][:n].tolist():
        original = int(matches.table.original_file[row])
        mine = _line(own, index, int(matches.table.candidate_start[row]))
        other = _line(theirs, original, int(matches.table.original_start[row]))
        bits = f"{matches.alone.total[row]:.0f} bits, {matches.table.n_equal[row]} tokens"
        found.append(f"{bits}: line {mine} ~ {theirs.files[original].path}:{other}")
    return found


def _line(tree: AnalysedTree, file: int, token: int) -> int:
    return tree.tree.files[file].content.count(b"\n", 0, int(tree.files[file].tokens.start[token])) + 1


def collect(
    pairs: Sequence[dict[str, Any]], work: Sequence[Path], family: dict[str, str], trees: TreeCache, models: Backgrounds
) -> Iterator[Row]:
    """Rows of all pairs whose repositories are there."""
    for pair in pairs:
        folders = [folder_of(pair[side], work) for side in ("candidate", "original")]
        is_doubtful = pair["relation"] == "independent" and "CHECK" in pair["note"]  # known to hold real copies
        if None in folders or is_doubtful or pair["relation"] not in ("independent", "derived"):
            continue
        own, theirs = (
            sub_tree(trees.analysed(folder), pair[side]["path"])
            for folder, side in zip(folders, ("candidate", "original"), strict=True)
            if folder is not None
        )
        families = [
            family.get(pair[side]["repository"], pair[side]["repository"]) for side in ("candidate", "original")
        ]
        background = models.without(frozenset(families))
        matches = match_trees(own, [theirs], ScanOptions(), background)
        yield from rows_of(pair, own, theirs, families[0], matches, background)
        click.echo(f"{pair['id']}", err=True)


def summary(rows: Sequence[Row], probability: np.ndarray, calibration: Calibration) -> str:
    """The figures, as Markdown."""
    derived = np.array([row.file.is_derived for row in rows])
    threshold = [calibration.threshold(row.file.language, has_background=row.file.has_background) for row in rows]
    flagged = probability >= np.array(threshold)
    lines = [
        "| language | independent files | flagged | recall | derived files | top-1 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for language in ["all", *sorted({row.language for row in rows})]:
        own = np.array([language in ("all", row.language) for row in rows])
        top1 = [row.is_top1 for row, mine in zip(rows, own, strict=True) if mine and row.is_top1 is not None]
        n_derived, n_independent = int((own & derived).sum()), int((own & ~derived).sum())
        recall = f"{flagged[own & derived].mean():.3f}" if n_derived else "-"
        rate = f"{100 * flagged[own & ~derived].mean():.2f} %" if n_independent else "-"
        first = f"{np.mean(top1):.3f}" if top1 else "-"
        lines.append(f"| {language} | {n_independent} | {rate} | {recall} | {n_derived} | {first} |")
    return "\n".join([*lines, "", *_overall(derived, probability)])


def _overall(derived: np.ndarray, probability: np.ndarray) -> list[str]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    independent = np.sort(probability[~derived])[::-1]
    lines = [
        f"ROC-AUC {roc_auc_score(derived, probability):.4f}, average precision "
        f"{average_precision_score(derived, probability):.4f}, expected calibration error "
        f"{calibration_error(derived, probability):.3f} (at even odds)"
    ]
    for rate in (0.01, 0.005, 0.002, 0.001):
        at = independent[int(rate * len(independent))]
        lines.append(
            f"recall at a file false-positive rate of {100 * rate:.1f} %: {np.mean(probability[derived] > at):.3f}"
        )
    return lines


def calibration_error(derived: np.ndarray, probability: np.ndarray, n_bins: int = 10) -> float:
    """Expected calibration error with both classes weighted to even odds."""
    weight = np.where(derived, 0.5 / derived.sum(), 0.5 / (~derived).sum())
    bins = np.minimum((probability * n_bins).astype(int), n_bins - 1)
    total = 0.0
    for b in range(n_bins):
        own = bins == b
        if own.any():
            w = weight[own]
            total += abs(float((w * (probability[own] - derived[own])).sum()))
    return total


def worst(rows: Sequence[Row], probability: np.ndarray, n: int = 40) -> Iterator[str]:
    """The highest independent and the lowest derived files, with their spans."""
    order = np.argsort(-probability, kind="stable").tolist()
    yield "\n## Highest independent files\n"
    yield from (_described(rows[i], probability[i]) for i in [i for i in order if not rows[i].file.is_derived][:n])
    yield "\n## Lowest derived files\n"
    yield from (_described(rows[i], probability[i]) for i in [i for i in order[::-1] if rows[i].file.is_derived][:n])


def _described(row: Row, probability: float) -> str:
    file = row.file
    spans = "; ".join(row.spans) or "nothing counted"
    return f"- {probability:.3f} {file.pair} `{file.path}` ({file.n_tokens} tokens, top-1 {row.is_top1}): {spans}"


@click.command()
@click.argument("pairs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--work", multiple=True, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--corpus", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rows", "listing", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--fit", "fit_to", type=click.Path(dir_okay=False, path_type=Path), help="Write a calibration here.")
@click.option("--again", is_flag=True, help="Only fit and report again, from OUT/files.jsonl.")
@click.option("--language", multiple=True, help="Only pairs of this language, as the pairs name it.")
def main(
    pairs: tuple[Path, ...],
    work: tuple[Path, ...],
    corpus: Path,
    listing: Path,
    cache: Path | None,
    output: Path,
    fit_to: Path | None,
    again: bool,
    language: tuple[str, ...],
) -> None:
    """Measure the detector on labelled pairs."""
    if again:
        report(stored_rows(output), output, fit_to)
        return
    options = ScanOptions(jobs=2)
    wanted = [json.loads(line) for file in pairs for line in file.read_text().splitlines()]
    wanted = [pair for pair in wanted if not language or pair["candidate"]["language"] in language]
    family = {row["repository"]: row["family"] for row in map(json.loads, listing.read_text().splitlines())}
    with TreeCache(options, cache) as trees:
        by_family = files_by_language_family(list(repositories(corpus, listing)), trees)
        counts = {
            name: FamilyCounts(name, files) for name, files in by_family.items() if len({o for o, _ in files}) >= 6
        }
        counts[POOL] = FamilyCounts(POOL, [pair for files in by_family.values() for pair in files])
        rows = list(collect(wanted, work, family, trees, Backgrounds(counts)))
    output.mkdir(parents=True, exist_ok=True)
    (output / "files.jsonl").write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows))
    report(rows, output, fit_to)


def stored_rows(output: Path) -> list[Row]:
    """The rows of an earlier run."""
    rows = map(json.loads, (output / "files.jsonl").read_text().splitlines())
    return [Row(**{**row, "file": LabelledFile(**row["file"])}) for row in rows]


def report(rows: Sequence[Row], output: Path, fit_to: Path | None) -> None:
    """Cross-validated figures, and the calibration of everything."""
    files = [row.file for row in rows]
    calibration = fit(files)
    probability = cross_validate(files)
    output.mkdir(parents=True, exist_ok=True)
    fitted = output / "calibration.json"
    fitted.write_text(json.dumps(calibration, sort_keys=True) + "\n")
    text = summary(rows, probability, load_calibration(fitted))
    (output / "summary.md").write_text("\n".join([text, *worst(rows, probability)]) + "\n")
    click.echo(text)
    if fit_to is not None:
        fit_to.write_text(json.dumps(calibration, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
