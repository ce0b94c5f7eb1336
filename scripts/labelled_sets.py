"""Public labelled sets of small programs as pairs; see `evaluate_labelled`."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

SUFFIXES = {"java": ".java", "py": ".py", "c": ".c", "cs": ".cs"}
N_BASE = 2  # other submissions


@dataclass(frozen=True)
class LabelledPair:
    """Two programs, and whether the candidate derives from the original.

    name: of the pair in its set. level: of disguise, "" where none is known. task: what both solve, "" where that is
    not known. base: other submissions of it.
    """

    set: str
    name: str
    candidate: bytes
    original: bytes
    suffix: str
    is_derived: bool
    level: str = ""
    task: str = ""
    base: tuple[bytes, ...] = ()


def irplag(folder: Path) -> Iterator[LabelledPair]:
    """Every submission of each task against the task's original."""
    for case in sorted(folder.glob("case-*")):
        [original] = sorted((case / "original").glob("*.java"))
        for file in sorted((case / "non-plagiarized").rglob("*.java")):
            yield _irplag_pair(case, file, original, "")
        for file in sorted((case / "plagiarized").rglob("*.java")):
            yield _irplag_pair(case, file, original, file.relative_to(case / "plagiarized").parts[0])


def _irplag_pair(case: Path, file: Path, original: Path, level: str) -> LabelledPair:
    name = str(file.relative_to(case.parent))
    texts = file.read_bytes(), original.read_bytes()
    return LabelledPair("IR-Plag", name, *texts, ".java", bool(level), level, case.name)


def conplag(folder: Path) -> Iterator[LabelledPair]:
    """Every pair of submissions of one contest problem, as they were and without templates."""
    with (folder / "labels.csv").open(newline="") as labels:
        rows = list(csv.DictReader(labels))
    for version, label in (("version_1", "ConPlag raw"), ("version_2", "ConPlag clean")):
        for row in rows:
            name = f"{row['sub1']}_{row['sub2']}"
            sides = [folder / version / name / f"{row[side]}.java" for side in ("sub1", "sub2")]
            if all(side.is_file() for side in sides):
                texts = sides[0].read_bytes(), sides[1].read_bytes()
                yield LabelledPair(label, name, *texts, ".java", row["verdict"] == "1", "", row["problem"])


def with_base(pairs: Sequence[LabelledPair]) -> Iterator[LabelledPair]:
    """The pairs of tasks that enough others solved, with submissions that neither side is known to be related to."""
    solved: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    related: dict[bytes, set[bytes]] = defaultdict(set)
    for pair in pairs:
        sides = {pair.candidate, pair.original}
        if pair.is_derived:
            related[pair.candidate] |= sides
            related[pair.original] |= sides
        if not (pair.is_derived and pair.level):  # disguised copies of the original would make it base code
            solved[pair.set, pair.task] |= sides
    for pair in pairs:
        near = {pair.candidate, pair.original} | related[pair.candidate] | related[pair.original]
        others = sorted(solved[pair.set, pair.task] - near)
        if pair.task and len(others) >= N_BASE:
            yield replace(pair, base=tuple(Random(f"base:{pair.name}").sample(others, N_BASE)))


def gptclonebench(folder: Path, sample: int) -> Iterator[LabelledPair]:
    """A function and what a model made of it; and the same function with what it made of another one."""
    for name, suffix in SUFFIXES.items():
        file = folder / f"{name}_validate_clone.txt"
        if not file.is_file():
            continue
        records = list(clone_records(file.read_text(errors="replace")))
        rng = Random(f"gptclonebench:{name}")
        label = f"GPTCloneBench {name}"
        for key, original, clone in rng.sample(records, min(sample, len(records))):
            others = [r for r in rng.sample(records, 20) if r[0] != key and r[1].split() != original.split()]
            yield LabelledPair(label, key, clone.encode(), original.encode(), suffix, True)
            yield LabelledPair(label, f"{key} {others[0][0]}", others[0][2].encode(), original.encode(), suffix, False)


def clone_records(text: str) -> Iterator[tuple[str, str, str]]:
    """(number of the original, original, clone) of each record of a `*_validate_clone.txt`."""
    for record in text.split("$" * 40 + "\n"):
        parts = record.split("-" * 40 + "\n")
        if len(parts) >= 3 and parts[1].strip() and parts[2].strip():
            yield parts[0].split()[0], parts[1].strip() + "\n", parts[2].strip() + "\n"
