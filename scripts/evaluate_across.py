"""Measure what comments and misspellings say of independent projects in different languages.

usage: python scripts/evaluate_across.py LIST.jsonl --work DIR [--cache DIR]

LIST: repositories with language, job and family (scripts/data/background.jsonl). Of every job that several languages
have, one repository of each language is compared with one of another language and family, chosen by a fixed seed; only
files of languages that the other side does not have are counted. Comments are weighed by a wording model without both
families.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from build_background import all_counts, files_by_language_family, repositories
from figures import clopper_pearson
from trees import TreeCache

from simdetect.background import load_background
from simdetect.calibration import load_calibration
from simdetect.labelled import MIN_TOKENS
from simdetect.matching import match_trees
from simdetect.model import AnalysedTree
from simdetect.options import ScanOptions
from simdetect.wording import WORDING, Wording

SEED = 7


@dataclass(frozen=True)
class Scored:
    """One candidate file: whether it is flagged, and the original that is ranked first."""

    path: str
    is_flagged: bool
    first: str | None


def across(rows: Sequence[dict[str, str]]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Pairs of repositories with one job, of two languages and two families."""
    chance = random.Random(SEED)
    by_job: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda row: row["repository"]):
        by_job[row["job"]][row["language"]].append(row)
    for job in sorted(by_job):
        languages = sorted(by_job[job])
        for language in languages if len(languages) > 1 else ():
            other = chance.choice([name for name in languages if name != language])
            one, two = chance.choice(by_job[job][language]), chance.choice(by_job[job][other])
            if one["family"] != two["family"]:
                yield one, two


def foreign(own: AnalysedTree, theirs: AnalysedTree) -> AnalysedTree:
    """The files of a tree whose language family the other side does not have."""
    families = {file.family for file in theirs.files}
    kept = [i for i, file in enumerate(own.files) if file.family not in families]
    files = tuple(own.tree.files[i] for i in kept)
    return AnalysedTree(replace(own.tree, files=files), tuple(own.files[i] for i in kept))


def score(own: AnalysedTree, theirs: AnalysedTree, wording: Wording) -> Iterator[Scored]:
    """Every candidate file of enough tokens."""
    matches, calibration = match_trees(own, [theirs], ScanOptions(), wording=wording), load_calibration()
    for i, file in enumerate(own.files):
        if len(file.tokens) >= MIN_TOKENS:
            has_background = load_background(file.family).family == file.family
            threshold = calibration.threshold(file.family, has_background=has_background)
            probability = calibration.probability(matches.features[i].tolist(), len(file.tokens))
            first = int(np.searchsorted(matches.ranked.candidate_file, i))
            has_any = first < len(matches.ranked) and matches.ranked.candidate_file[first] == i
            best = theirs.files[int(matches.ranked.original_file[first])].path if has_any else None
            yield Scored(file.path, probability >= threshold, best)


@click.command()
@click.argument("listing", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--work", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Keep analysed trees here.")
def main(listing: Path, work: Path, cache: Path | None) -> None:
    """Measure independent pairs across languages."""
    rows = [json.loads(line) for line in listing.read_text().splitlines()]
    with TreeCache(ScanOptions(jobs=2), cache) as trees:
        tree = lru_cache(3)(trees.analysed)
        found = files_by_language_family(list(repositories(work, listing)), trees)
        counts = {made.family: made for made in all_counts(found)}[WORDING]
        family = {row["repository"]: row["family"] for row in rows}

        def wording(*repositories: str) -> Wording:
            return counts.wording(sorted({family.get(name, "") for name in repositories} & set(counts.families)))

        n_files = n_flagged = n_pairs = 0
        for one, two in across(rows):
            folders = [work / row["repository"].removeprefix("github:").replace("/", "+") for row in (one, two)]
            if all(folder.is_dir() for folder in folders):
                theirs = tree(folders[1])
                scored = list(
                    score(foreign(tree(folders[0]), theirs), theirs, wording(one["repository"], two["repository"]))
                )
                n_pairs, n_files = n_pairs + 1, n_files + len(scored)
                for file in scored:
                    if file.is_flagged:
                        n_flagged += 1
                        click.echo(f"flagged: {one['repository']} {file.path} ~ {two['repository']} {file.first}")
        low, high = clopper_pearson(n_flagged, n_files)
        click.echo(
            f"independent, other language: {n_flagged} of {n_files} files of {n_pairs} pairs flagged "
            f"(95 % interval {100 * low:.3f}-{100 * high:.3f} %)"
        )


if __name__ == "__main__":
    main()
