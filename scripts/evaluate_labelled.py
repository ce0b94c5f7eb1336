"""How well scores of a file tell derived from independent files, on public labelled sets of small programs.

usage: python scripts/evaluate_labelled.py [--irplag DIR] [--gptclonebench DIR] [--sample N] -o OUT

--irplag: the unpacked IR-Plag-Dataset (oscarkarnalim/sourcecodeplagiarismdataset, Karnalim et al., Informatics in
Education 2019). --gptclonebench: the folder of `*_validate_clone.txt` (srlabUsask/GPTCloneBench, Alam et al., ICSME
2023). Each candidate file is scanned against its one original with default settings; nothing is fitted. Writes
OUT/scores.jsonl and OUT/labelled.md: ROC-AUC of several scores, and what the verdicts say. See docs/disguise.md.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import click
import numpy as np
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parent))

from simdetect import Layer, Scanner, ScanOptions, Verdict
from simdetect.judging.resemblance import portrait, share
from simdetect.model import Evidence, ExclusionReason, FileFinding
from simdetect.weighing.background import load_background

SETS = {"java": ".java", "py": ".py", "c": ".c", "cs": ".cs"}
SIDES = ("candidate", "original")
CODE = (Layer.VERBATIM, Layer.RENAMED, Layer.STRUCTURAL)


@dataclass(frozen=True)
class LabelledPair:
    """Two programs, and whether the candidate derives from the original. level: of disguise, "" where none is known."""

    set: str
    candidate: bytes
    original: bytes
    suffix: str
    is_derived: bool
    level: str = ""


@dataclass(frozen=True)
class Measured:
    """What a scan says of one pair, and what could be said beside it.

    score: the report's. bits_candidate, bits_original: of each file against itself. raw: bits of all evidence, that
    below the floor too. names: share of the bits of names and literals that the files have in common. runs: the same of
    normalised 4-grams.
    """

    set: str
    is_derived: bool
    level: str
    is_flagged: bool
    score: float
    probability: float
    bits: float
    bits_candidate: float
    bits_original: float
    tokens_candidate: int
    tokens_original: int
    matched: int
    coverage: float
    original_coverage: float
    containment: float
    jaccard: float
    raw: float
    names: float
    runs: float


# --- sets ----------------------------------------------------------------------------------------------------------


def irplag(folder: Path) -> Iterator[LabelledPair]:
    """Every submission of each task against the task's original."""
    for case in sorted(folder.glob("case-*")):
        [original] = sorted((case / "original").glob("*.java"))
        for file in sorted((case / "non-plagiarized").rglob("*.java")):
            yield LabelledPair("IR-Plag", file.read_bytes(), original.read_bytes(), ".java", False)
        for file in sorted((case / "plagiarized").rglob("*.java")):
            level = file.relative_to(case / "plagiarized").parts[0]
            yield LabelledPair("IR-Plag", file.read_bytes(), original.read_bytes(), ".java", True, level)


def gptclonebench(folder: Path, sample: int) -> Iterator[LabelledPair]:
    """A function and what a model made of it; and the same function with what it made of another one."""
    for name, suffix in SETS.items():
        file = folder / f"{name}_validate_clone.txt"
        if not file.is_file():
            continue
        records = list(clone_records(file.read_text(errors="replace")))
        rng = Random(f"gptclonebench:{name}")
        label = f"GPTCloneBench {name}"
        for key, original, clone in rng.sample(records, min(sample, len(records))):
            others = [r for r in rng.sample(records, 20) if r[0] != key and r[1].split() != original.split()]
            yield LabelledPair(label, clone.encode(), original.encode(), suffix, True)
            yield LabelledPair(label, others[0][2].encode(), original.encode(), suffix, False)


def clone_records(text: str) -> Iterator[tuple[str, str, str]]:
    """(number of the original, original, clone) of each record of a `*_validate_clone.txt`."""
    for record in text.split("$" * 40 + "\n"):
        parts = record.split("-" * 40 + "\n")
        if len(parts) >= 3 and parts[1].strip() and parts[2].strip():
            yield parts[0].split()[0], parts[1].strip() + "\n", parts[2].strip() + "\n"


# --- scores --------------------------------------------------------------------------------------------------------


def measured(pairs: Sequence[LabelledPair], scanner: Scanner) -> Iterator[Measured]:
    """Scan every pair; each distinct file also against itself."""
    alone: dict[tuple[bytes, str], float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for pair in pairs:
            for content in (pair.candidate, pair.original):
                if (content, pair.suffix) not in alone:
                    own = finding_of(scanner, Path(folder), content, content, pair.suffix)
                    alone[content, pair.suffix] = (own.bits or 0.0) if own else 0.0
            found = finding_of(scanner, Path(folder), pair.candidate, pair.original, pair.suffix)
            if found is not None:
                yield _measured(pair, found, scanner, Path(folder), alone)


def finding_of(scanner: Scanner, folder: Path, candidate: bytes, original: bytes, suffix: str) -> FileFinding | None:
    """What a scan of one file against one file finds; None when it was not analysed."""
    own, other = (folder / f"{side}{suffix}" / f"main{suffix}" for side in SIDES)
    for file, content in ((own, candidate), (other, original)):
        file.parent.mkdir(exist_ok=True)  # one folder a language: it must hold this file only
        file.write_bytes(content)
    report = scanner.scan(own.parent, other.parent)
    return report.findings[0] if report.findings else None


def _measured(
    pair: LabelledPair, found: FileFinding, scanner: Scanner, folder: Path, alone: Mapping[tuple[bytes, str], float]
) -> Measured:
    own, theirs = (scanner.index(folder / f"{side}{pair.suffix}").files for side in SIDES)
    best = found.originals[0] if found.originals else None
    one, two = (portrait(files[0], load_background) if files else None for files in (own, theirs))
    return Measured(
        pair.set,
        pair.is_derived,
        pair.level,
        found.verdict is Verdict.EVIDENCE,
        found.score,
        found.probability or 0.0,
        found.bits or 0.0,
        alone[pair.candidate, pair.suffix],
        alone[pair.original, pair.suffix],
        found.n_tokens,
        theirs[0].n_tokens if theirs else 0,
        sum(found.matched_tokens.get(layer, 0) for layer in CODE),
        sum(found.coverage.get(layer, 0.0) for layer in CODE),
        best.original_coverage if best else 0.0,
        best.containment if best else 0.0,
        best.jaccard if best else 0.0,
        sum(item.bits or 0.0 for item in found.evidence if _could_count(item)),
        share(one.names, two.names) if one and two else 0.0,
        share(one.runs, two.runs) if one and two else 0.0,
    )


def _could_count(item: Evidence) -> bool:
    return item.excluded is None or item.excluded.reason is ExclusionReason.COMMON


def _ratio(one: float, two: float) -> float:
    return one / two if two > 0 else 0.0


SCORES: Mapping[str, Callable[[Measured], float]] = {
    "score": lambda m: m.score,
    "probability": lambda m: m.probability,
    "bits": lambda m: m.bits,
    "bits / self bits of the smaller": lambda m: _ratio(m.bits, min(m.bits_candidate, m.bits_original)),
    "bits / self bits of the larger": lambda m: _ratio(m.bits, max(m.bits_candidate, m.bits_original)),
    "bits / mean self bits": lambda m: _ratio(2 * m.bits, m.bits_candidate + m.bits_original),
    "bits / candidate's self bits": lambda m: _ratio(m.bits, m.bits_candidate),
    "bits / original's self bits": lambda m: _ratio(m.bits, m.bits_original),
    "bits / candidate's tokens": lambda m: _ratio(m.bits, m.tokens_candidate),
    "coverage of the candidate": lambda m: m.coverage,
    "coverage of the original": lambda m: m.original_coverage,
    "the larger coverage": lambda m: max(m.coverage, m.original_coverage),
    "matched tokens / mean tokens": lambda m: _ratio(2 * m.matched, m.tokens_candidate + m.tokens_original),
    "containment of fingerprints": lambda m: m.containment,
    "Jaccard of fingerprints": lambda m: m.jaccard,
    "bits below the floor too": lambda m: m.raw,
    "the same / original's self bits": lambda m: _ratio(m.raw, m.bits_original),
    "share of the bits of names": lambda m: m.names,
    "share of the bits of 4-grams": lambda m: m.runs,
    "both shares, mean": lambda m: (m.names + m.runs) / 2,
    "both shares, product": lambda m: m.names * m.runs,
    "probability + both shares, mean": lambda m: m.probability + (m.names + m.runs) / 2,
}


def auc(rows: Sequence[Measured], score: Callable[[Measured], float]) -> float:
    """Share of (derived, independent) pairs that a score puts in the right order; ties count half."""
    return float(roc_auc_score([row.is_derived for row in rows], [score(row) for row in rows]))


def table(rows: Sequence[Measured]) -> str:
    """All figures."""
    sets = list(dict.fromkeys(row.set for row in rows))
    by_set = {name: [row for row in rows if row.set == name] for name in sets}
    text = ["ROC-AUC", "", "| score | " + " | ".join(sets) + " |", "| --- |" + " ---: |" * len(sets)]
    for name, score in SCORES.items():
        text.append(f"| {name} | " + " | ".join(f"{auc(by_set[key], score):.4f}" for key in sets) + " |")
    text += ["", "| set | derived | flagged | independent | flagged | median tokens | without any bits |"]
    text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in sets:
        yes, no = ([row for row in by_set[name] if row.is_derived is derived] for derived in (True, False))
        flagged = [sum(row.is_flagged for row in part) for part in (yes, no)]
        tokens = float(np.median([row.tokens_candidate for row in by_set[name]]))
        silent = sum(row.bits == 0 for row in yes)
        text.append(
            f"| {name} | {len(yes)} | {flagged[0]} | {len(no)} | {flagged[1]} | {tokens:.0f} | {silent} derived |"
        )
    levels = sorted({row.level for row in rows} - {""})
    for name in sets:
        if any(row.level for row in by_set[name]):
            no = [row for row in by_set[name] if not row.is_derived]
            text += ["", f"{name}, each level of disguise against all independent files", ""]
            text += ["| score | " + " | ".join(levels) + " |", "| --- |" + " ---: |" * len(levels)]
            for key, score in SCORES.items():
                cells = [auc([r for r in by_set[name] if r.level == level] + no, score) for level in levels]
                text.append(f"| {key} | " + " | ".join(f"{value:.3f}" for value in cells) + " |")
    return "\n".join(text)


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--irplag", "irplag_folder", type=FOLDER, help="The folder that holds case-01 to case-07.")
@click.option("--gptclonebench", "clones_folder", type=FOLDER, help="The folder of *_validate_clone.txt.")
@click.option("--sample", type=click.IntRange(1), default=500, help="Records of each language of GPTCloneBench.")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
def main(irplag_folder: Path | None, clones_folder: Path | None, sample: int, output: Path) -> None:
    """Measure scores of files on labelled pairs."""
    pairs = [] if irplag_folder is None else list(irplag(irplag_folder))
    pairs += [] if clones_folder is None else list(gptclonebench(clones_folder, sample))
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
