"""Labelled submissions: rebuilt programs, planted ones, texts from memory, translations, pairs of people's programs.

Each is compared in the settings that its population is judged in, and kept as `LabelledSubmission` with what it was
compared in. `evaluate_submissions.py` uses it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from plant import WAYS, Plant, plants_of, write
from rebuilt_tasks import Rebuild, Task, documents_of, original_of, read_tasks
from translations import plant_of as translated_plant
from translations import translations_of

from simdetect import Scanner, ScanOptions
from simdetect.judging.facts import SubmissionFacts
from simdetect.judging.submission import facts_of
from simdetect.layers.all import Models, find_layers
from simdetect.model import AnalysedTree
from simdetect.options import BLACK_BOX
from simdetect.training.labelled import sub_tree
from simdetect.training.pairs import FOREIGN, Pair, folder_of
from simdetect.training.submissions import INDEPENDENT, LabelledSubmission

__all__ = ["Row", "people", "read_rows", "rebuilt", "write_rows"]

NOTHING, DOCUMENTS, SESSION = "black-box", "black-box, documents", "black-box, documents and session"
OPEN = "open"
LARGEST = (4_000_000, 8_000_000)  # bytes of code of a candidate, and of an original, of people's pairs
MANY_SEEDS = ("function, verbatim", "function, renamed", "function, renamed and rewritten", "file", "a tenth")


@dataclass(frozen=True)
class Row:
    """One labelled submission in one setting. task: of a rebuilt program. language: of the candidate. is_leak: labelled
    so by readers."""

    submission: LabelledSubmission
    setting: str
    task: str
    language: str
    is_leak: bool = False


# --- rebuilt programs ----------------------------------------------------------------------------------------------


@dataclass
class Bench:
    """scanners of the two settings, and a folder for planted programs."""

    open: Scanner
    blind: Scanner
    place: Path

    def rows(
        self,
        tree: AnalysedTree | Path,
        task: Task,
        rebuild: Rebuild | None,
        what: tuple[str, str],
        original: AnalysedTree,
        settings: dict[str, dict[str, Any]],
    ) -> Iterator[Row]:
        """One submission in every setting. what: its stratum and an addition to its name."""
        stratum, more = what
        is_across = rebuild is not None and not task.is_same_language(rebuild)
        candidate = self.open.index(tree) if isinstance(tree, Path) else tree
        for setting, known in settings.items():
            scanner = self.open if setting == OPEN else self.blind
            facts, _ = scanner.judged(candidate, original, **known).submission
            name = rebuild.name if rebuild is not None else f"{task.name}/memory"
            population = ("people" if setting == OPEN else "rebuilt") + ("-across" if is_across else "")
            labelled = LabelledSubmission(f"{name}{more}", population, stratum, (task.repository,), facts)
            language = rebuild.language if rebuild is not None else task.language
            yield Row(labelled, setting, task.name, language, rebuild is not None and rebuild.is_leak)


def rebuilt(
    tasks: Sequence[Task], originals: Path, memory: Path | None, translations: Path | None, seeds: Sequence[int]
) -> Iterator[Row]:
    """Independent rebuilds, what is planted in them, and texts from memory."""
    options = ScanOptions()
    with (
        Scanner(options) as scanner,
        Scanner(replace(options, setting=BLACK_BOX)) as blind,
        tempfile.TemporaryDirectory() as place,
    ):
        bench = Bench(scanner, blind, Path(place))
        for task in tasks:
            original = original_of(task, originals)
            if original is not None:
                yield from _of_task(bench, task, original, memory, translations, seeds)


def _of_task(
    bench: Bench, task: Task, place: Path, memory: Path | None, translations: Path | None, seeds: Sequence[int]
) -> Iterator[Row]:
    documents, _ = documents_of(task, place)
    original = bench.open.index(place)
    print(task.name, file=sys.stderr, flush=True)
    for rebuild in task.rebuilds:
        settings = _settings(documents, rebuild.session)
        yield from bench.rows(rebuild.folder, task, rebuild, (INDEPENDENT, ""), original, settings)
        if rebuild.is_leak:
            continue
        for plant, seed in _plants(task, rebuild, place, translations, seeds):
            with tempfile.TemporaryDirectory(dir=bench.place) as folder:
                write(plant, rebuild, Path(folder))
                yield from bench.rows(
                    Path(folder), task, rebuild, (plant.way, f": {plant.way}, {seed}"), original, settings
                )
    if memory is not None and (memory / task.name).is_dir() and (task.memory.get("lines_share") or 1) > 0.1:
        yield from bench.rows(memory / task.name, task, None, ("memory", ""), original, _settings(documents, None))


def _settings(documents: Sequence[Path], session: Path | None) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {OPEN: {}, NOTHING: {}, DOCUMENTS: {"given": documents}}
    if session is not None:
        found[SESSION] = {"given": documents, "observed": [session]}
    return found


def _plants(
    task: Task, rebuild: Rebuild, original: Path, translations: Path | None, seeds: Sequence[int]
) -> Iterator[tuple[Plant, int]]:
    if task.is_same_language(rebuild):
        for seed in seeds:
            ways = list(WAYS) if seed == seeds[0] else MANY_SEEDS
            yield from ((plant, seed) for plant in plants_of(task, rebuild, original, seed, ways))
    elif translations is not None:
        for number, translation in enumerate(translations_of(translations, rebuild)):
            plant = translated_plant(rebuild, translation, seeds[0])
            if plant is not None:
                yield plant, number


# --- people's programs ---------------------------------------------------------------------------------------------


def people(
    pairs: Sequence[Pair],
    work: Sequence[Path],
    analysed: Callable[[Path], AnalysedTree],
    models: Callable[[frozenset[str]], Models],
    family: dict[str, str],
) -> Iterator[Row]:
    """Pairs of people's programs in the open setting, weighed by models that saw neither family. Pairs whose note says
    CHECK hold real copies, and tell nothing."""
    options = ScanOptions()
    for pair in pairs:
        sides = (pair.candidate, pair.original)
        places = [folder_of(side, work) for side in sides]
        if None in places or "CHECK" in pair.note or pair.relation == "llm":
            continue
        candidate, original = (
            sub_tree(analysed(place), side.path) for place, side in zip(places, sides, strict=True) if place
        )
        sizes = [sum(file.n_bytes for file in tree.files) for tree in (candidate, original)]
        if not all(0 < size <= most for size, most in zip(sizes, LARGEST, strict=True)):
            continue
        families = [family.get(side.repository, side.repository) for side in sides]
        own = models(frozenset(families))
        results = find_layers(candidate, [original], options, own)
        facts, _ = facts_of(results, own.background)
        is_across = pair.relation in ("ported", FOREIGN)
        stratum = {"derived": "fork", "ported": "port"}.get(pair.relation, INDEPENDENT)
        labelled = LabelledSubmission(
            pair.id, "people-across" if is_across else "people", stratum, tuple(dict.fromkeys(families)), facts
        )
        yield Row(labelled, OPEN, "", pair.candidate.language)


# --- kept ----------------------------------------------------------------------------------------------------------


def write_rows(rows: Iterator[Row], file: Path) -> int:
    """Keep rows as JSON lines, each as soon as it is there."""
    n = 0
    with file.open("a", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(asdict(row)) + "\n")
            out.flush()
            n += 1
    return n


def read_rows(files: Sequence[Path]) -> list[Row]:
    """Kept rows."""
    return [_row(json.loads(line)) for file in files for line in file.read_text("utf-8").splitlines()]


def _row(stored: dict[str, Any]) -> Row:
    own = stored["submission"]
    facts = SubmissionFacts(**own["facts"])
    labelled = LabelledSubmission(**{**own, "repositories": tuple(own["repositories"]), "facts": facts})
    return Row(**{**stored, "submission": labelled})


def read(folder: Path, names: Sequence[str]) -> list[Task]:
    """Tasks by name, all without names."""
    return [task for task in read_tasks(folder) if not names or task.name in names]
