"""How well scores of a file tell derived from independent files, on public labelled sets of small programs.

usage: python scripts/evaluate_labelled.py [--irplag DIR] [--conplag DIR] [--gptclonebench DIR] [--base] -o OUT

--irplag: the unpacked IR-Plag-Dataset (oscarkarnalim/sourcecodeplagiarismdataset, Karnalim et al., Informatics in
Education 2019). --conplag: the folder `versions` (Luis-ERP/code-plagarism-detector holds the set of Slobodkin and
Sadovnikov, ConPlag), as submitted and without templates. --gptclonebench: the folder of `*_validate_clone.txt`
(srlabUsask/GPTCloneBench, Alam et al., ICSME 2023). Each candidate file is scanned against its one original with
default settings; with --base, two other submissions of the same task are handed out as base code, where there are such.
Writes OUT/scores.jsonl and OUT/labelled.md: ROC-AUC of several scores, what the verdicts say, and the pairs that the
score puts most wrongly. See docs/method.md.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parent))

from labelled_sets import LabelledPair, conplag, gptclonebench, irplag, with_base

from simdetect import Scanner, ScanOptions, ScanReport, Verdict
from simdetect.judging.resemblance import portrait, share
from simdetect.scanning.forms import formed
from simdetect.weighing.background import load_background

SIDES = ("candidate", "original")
N_WORST = 10


@dataclass(frozen=True)
class Measured:
    """What a scan says of one pair. is_flagged: whether the scan is evidence. names, runs: the two shares of the score,
    without any base code."""

    set: str
    name: str
    is_derived: bool
    level: str
    has_base: bool
    is_flagged: bool
    is_inconclusive: bool
    score: float
    names: float
    runs: float
    probability: float
    bits: float
    tokens_candidate: int
    tokens_original: int
    coverage: float
    original_coverage: float
    containment: float
    jaccard: float


# --- scores --------------------------------------------------------------------------------------------------------


def measured(pairs: Sequence[LabelledPair], scanner: Scanner) -> Iterator[Measured]:
    """Scan every pair."""
    with tempfile.TemporaryDirectory() as folder:
        for pair in pairs:
            report = scanned(scanner, Path(folder), pair)
            if report.findings:
                yield _measured(pair, report, scanner, Path(folder))


def scanned(scanner: Scanner, folder: Path, pair: LabelledPair) -> ScanReport:
    """A scan of one file against one file."""
    texts = zip(SIDES, (pair.candidate, pair.original), strict=True)
    own, theirs = (_written(folder / f"{side}{pair.suffix}", text) for side, text in texts)
    base = [_written(folder / f"base{number}{pair.suffix}", text) for number, text in enumerate(pair.base)]
    return scanner.scan(own, theirs, base=base)


def _written(folder: Path, text: bytes) -> Path:
    """A folder that holds this file only."""
    folder.mkdir(exist_ok=True)
    (folder / f"main{folder.suffix}").write_bytes(text)
    return folder


def _measured(pair: LabelledPair, report: ScanReport, scanner: Scanner, folder: Path) -> Measured:
    own, theirs = (formed(scanner.index(folder / f"{side}{pair.suffix}"), math.inf).files for side in SIDES)
    one, two = (portrait(files[0], load_background) if files else None for files in (own, theirs))
    found = report.findings[0]
    best = found.originals[0] if found.originals else None
    return Measured(
        set=pair.set,
        name=pair.name,
        is_derived=pair.is_derived,
        level=pair.level,
        has_base=bool(pair.base),
        is_flagged=report.summary.verdict is Verdict.EVIDENCE,
        is_inconclusive=report.summary.verdict is Verdict.INCONCLUSIVE,
        score=found.score,
        names=(share(one.names, two.names) or 0.0) if one and two else 0.0,
        runs=(share(one.runs, two.runs) or 0.0) if one and two else 0.0,
        probability=found.probability or 0.0,
        bits=found.bits or 0.0,
        tokens_candidate=found.n_tokens,
        tokens_original=theirs[0].n_tokens if theirs else 0,
        coverage=sum(found.coverage.values()),
        original_coverage=best.original_coverage if best else 0.0,
        containment=best.containment if best else 0.0,
        jaccard=best.jaccard if best else 0.0,
    )


SCORES: Mapping[str, Callable[[Measured], float]] = {
    "score": lambda m: m.score,
    "share of names": lambda m: m.names,
    "share of runs": lambda m: m.runs,
    "the larger of both shares": lambda m: max(m.names, m.runs),
    "probability": lambda m: m.probability,
    "bits": lambda m: m.bits,
    "coverage of the candidate": lambda m: m.coverage,
    "the larger coverage": lambda m: max(m.coverage, m.original_coverage),
    "containment of fingerprints": lambda m: m.containment,
    "Jaccard of fingerprints": lambda m: m.jaccard,
}


def auc(rows: Sequence[Measured], score: Callable[[Measured], float]) -> float:
    """Share of (derived, independent) pairs that a score puts in the right order; ties count half."""
    return float(roc_auc_score([row.is_derived for row in rows], [score(row) for row in rows]))


def table(rows: Sequence[Measured]) -> str:
    """All figures."""
    by_set: dict[str, list[Measured]] = defaultdict(list)
    for row in rows:
        by_set[row.set].append(row)
    text = ["ROC-AUC", "", "| score | " + " | ".join(by_set) + " |", "| --- |" + " ---: |" * len(by_set)]
    for name, score in SCORES.items():
        text.append(f"| {name} | " + " | ".join(f"{auc(own, score):.4f}" for own in by_set.values()) + " |")
    text += _verdicts(by_set)
    for name, own in by_set.items():
        text += [*_levels(name, own), *_worst(name, own)]
    return "\n".join(text)


def _verdicts(by_set: Mapping[str, Sequence[Measured]]) -> list[str]:
    head = (
        "derived",
        "evidence",
        "inconclusive",
        "independent",
        "evidence",
        "inconclusive",
        "with base",
        "median tokens",
    )
    text = ["", f"| set | {' | '.join(head)} |", "| --- |" + " ---: |" * 8]
    for name, rows in by_set.items():
        cells: list[str] = []
        for derived in (True, False):
            part = [row for row in rows if row.is_derived is derived]
            cells += [
                str(len(part)),
                str(sum(row.is_flagged for row in part)),
                str(sum(r.is_inconclusive for r in part)),
            ]
        tokens = float(np.median([row.tokens_candidate for row in rows]))
        text.append(f"| {name} | {' | '.join(cells)} | {sum(row.has_base for row in rows)} | {tokens:.0f} |")
    return text


def _levels(name: str, rows: Sequence[Measured]) -> list[str]:
    levels = sorted({row.level for row in rows} - {""})
    if not levels:
        return []
    no = [row for row in rows if not row.is_derived]
    text = ["", f"{name}, each level of disguise against all independent files", ""]
    text += ["| score | " + " | ".join(levels) + " |", "| --- |" + " ---: |" * len(levels)]
    for key, score in SCORES.items():
        cells = [auc([row for row in rows if row.level == level] + no, score) for level in levels]
        text.append(f"| {key} | " + " | ".join(f"{value:.3f}" for value in cells) + " |")
    return text


def _worst(name: str, rows: Sequence[Measured]) -> list[str]:
    """The derived pairs with the lowest score and the independent ones with the highest."""
    text: list[str] = []
    for derived, title in ((True, "derived, lowest"), (False, "independent, highest")):
        part = sorted((row for row in rows if row.is_derived is derived), key=lambda row: (row.score, row.name))
        text += ["", f"{name}, {title}", ""]
        text += [
            f"- {row.name}: {row.score:.3f} (names {row.names:.2f}, runs {row.runs:.2f}), "
            f"{row.tokens_candidate} and {row.tokens_original} tokens"
            for row in (part[:N_WORST] if derived else part[: -N_WORST - 1 : -1])
        ]
    return text


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--irplag", "irplag_folder", type=FOLDER, help="The folder that holds case-01 to case-07.")
@click.option("--conplag", "conplag_folder", type=FOLDER, help="The folder that holds labels.csv and both versions.")
@click.option("--gptclonebench", "clones_folder", type=FOLDER, help="The folder of *_validate_clone.txt.")
@click.option("--sample", type=click.IntRange(1), default=500, help="Records of each language of GPTCloneBench.")
@click.option("--base", "is_with_base", is_flag=True, help="Two other submissions of the task are base code.")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
def main(
    irplag_folder: Path | None,
    conplag_folder: Path | None,
    clones_folder: Path | None,
    sample: int,
    is_with_base: bool,
    output: Path,
) -> None:
    """Measure scores of files on labelled pairs."""
    pairs = [] if irplag_folder is None else list(irplag(irplag_folder))
    pairs += [] if conplag_folder is None else list(conplag(conplag_folder))
    pairs += [] if clones_folder is None else list(gptclonebench(clones_folder, sample))
    pairs = list(with_base(pairs)) if is_with_base else pairs
    if not pairs:
        raise click.UsageError("name at least one set")
    started = time.process_time()
    with Scanner(ScanOptions()) as scanner:
        rows = list(measured(pairs, scanner))
    output.mkdir(parents=True, exist_ok=True)
    (output / "scores.jsonl").write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows))
    text = table(rows)
    (output / "labelled.md").write_text(text + "\n")
    click.echo(f"{text}\n\n{len(rows)} of {len(pairs)} pairs analysed, {time.process_time() - started:.0f} s")


if __name__ == "__main__":
    main()
