"""Submissions that recall an original in part: pieces of the original planted in an independently rebuilt program.

usage: python scripts/plant.py REBUILT ORIGINALS -o OUT [--task T] [--way W] [--seed K]

REBUILT holds the tasks (evaluation/rebuilt), ORIGINALS their originals, `<owner>+<name>@<commit7>`. Writes
OUT/<task>/<rebuilt program>/<way>/tree, the submission, and truth.json beside it, which says what was planted where.
Same inputs and seed: same bytes. Nothing of an original is kept in the project. Code in a language of another family
than the original's cannot be planted, and no mechanical translation is honest: rebuilds in other languages are left
out. See docs/rebuilt.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import click

sys.path.insert(0, str(Path(__file__).parent))

from disguise import Strengths, disguised
from rebuilt_tasks import Rebuild, Task, family, original_of, read_tasks

from simdetect.model import FileRole, Side, SourceFile
from simdetect.options import ScanOptions
from simdetect.planting.disguise.apply import Text, Unit
from simdetect.planting.functions import KINDS, Function, lines_of, outermost
from simdetect.planting.plants import ENOUGH, Planted, Written, before, for_share, in_place, whole_file
from simdetect.scanning.inputs import read_input

__all__ = ["ENOUGH", "WAYS", "Case", "Plant", "Planted", "functions", "outermost", "plants_of", "sources_of", "write"]

LINES = range(25, 91)  # of one planted function
RECALLED_LINES = range(5, 201)  # of functions that stand for those of the submission
FILE_LINES = range(40, 801)
ALL_LINES = 6000  # of an original that is disguised as a whole, at most

RENAMED = Strengths(rename=1.0, strip_comments=1.0)
REWRITTEN = Strengths(rename=1.0, strip_comments=1.0, rewrite=1.0, reformat=1.0)
MERGED = replace(REWRITTEN, reorder=1.0, merge=True)


@dataclass(frozen=True)
class Plant:
    """A submission and what was planted in it. files: those that differ from the rebuilt program, by path. without:
    files of it that are gone. share: of its lines of code."""

    way: str
    files: dict[str, bytes]
    without: tuple[str, ...]
    planted: tuple[Planted, ...]
    share: float


@dataclass(frozen=True)
class Case:
    """What plants are made of: code files of a rebuilt program and of its original, in languages of one family. seed:
    decides everything that is chosen."""

    candidate: tuple[SourceFile, ...]
    original: tuple[SourceFile, ...]
    seed: str

    def rng(self, what: str) -> Random:
        return Random(f"{self.seed}:{what}")

    @property
    def n_lines(self) -> int:
        """Lines of code of the rebuilt program."""
        return sum(file.content.count(b"\n") for file in self.candidate)


# --- one function, one file ----------------------------------------------------------------------------------------


def one_function(way: str, strengths: Strengths) -> Callable[[Case], Plant | None]:
    """One function of 25 to 90 lines, before a function of the rebuilt program. The same function at the same place,
    however it is disguised."""

    def plant(case: Case) -> Plant | None:
        rng = case.rng("function")
        choices, hosts = functions(case.original, LINES), functions(case.candidate, range(1, 10_000))
        if not choices or not hosts:
            return None
        rng.shuffle(choices)
        host = rng.choice(hosts)
        for function in choices:
            written = disguised([function.file], strengths, case.original)[0]
            unit = next(own for own in written.units if own.original == function.span and is_function(own))
            if unit.span is not None:
                content, planted = before(host, Written(function, written.content, unit.span))
                share = (planted.end_line - planted.start_line) / max(1, case.n_lines)
                return Plant(way, {planted.path: content}, (), (planted,), share)
        return None

    return plant


def one_file(case: Case) -> Plant | None:
    """A whole file of the original, under another name."""
    rng = case.rng("file")
    choices = [file for file in case.original if file.content.count(b"\n") in FILE_LINES]
    if not choices:
        return None
    file = rng.choice(choices)
    n_lines, path = file.content.count(b"\n"), f"extra{Path(file.path).suffix}"
    planted = whole_file(file, path, file.content)
    return Plant("file", {path: file.content}, (), (planted,), n_lines / (n_lines + case.n_lines))


# --- a share of the submission -------------------------------------------------------------------------------------


def recalled(way: str, share: float) -> Callable[[Case], Plant | None]:
    """Functions of the submission replaced by functions of the original until these are a share of its lines."""

    def plant(case: Case) -> Plant | None:
        rng = case.rng("recalled")  # the same order for every share: a third holds what a tenth holds
        hosts = outermost(functions(case.candidate, range(3, 10_000)))
        choices = outermost(functions(case.original, RECALLED_LINES))
        replaced, reached = for_share(hosts, choices, share, case.n_lines, rng)
        if reached < ENOUGH * share:
            return None
        files, planted = in_place([(host, Written.verbatim(function)) for host, function in replaced])
        return Plant(way, files, (), tuple(planted), reached)

    return plant


def merged(way: str, share: float) -> Callable[[Case], Plant | None]:
    """A share recalled, and then the whole submission disguised and merged into one file."""
    first = recalled(way, share)

    def plant(case: Case) -> Plant | None:
        made = first(case)
        if made is None:
            return None
        files = [replace(file, content=made.files.get(file.path, file.content)) for file in case.candidate]
        texts = disguised(files, MERGED)
        planted = tuple(_followed(made.planted, texts, {file.path: file.content for file in files}))
        gone = tuple(file.path for file in case.candidate)
        return Plant(way, {text.path: text.content for text in texts}, gone, planted, made.share)

    return plant


def _followed(planted: Sequence[Planted], texts: Sequence[Text], contents: dict[str, bytes]) -> Iterator[Planted]:
    """Where planted functions are after a disguise."""
    for text in texts:
        for unit in text.units:
            if unit.span is None or not is_function(unit):
                continue
            own = lines_of(contents[unit.path], unit.original)
            for piece in planted:
                if piece.path == unit.path and own == (piece.start_line, piece.end_line):
                    start, end = lines_of(text.content, unit.span)
                    yield replace(piece, path=text.path, start_line=start, end_line=end)


def all_merged(case: Case) -> Plant | None:
    """Nothing but the original: files of it, up to half as much again as the rebuilt program, disguised and merged."""
    files, n_lines = list(case.original), 0
    case.rng("all").shuffle(files)
    chosen: list[SourceFile] = []
    for file in files:
        own = file.content.count(b"\n")
        if own <= ALL_LINES - n_lines and n_lines < 1.5 * case.n_lines:
            chosen.append(file)
            n_lines += own
    if not chosen:
        return None
    texts = disguised(chosen, MERGED, case.original)
    content = {file.path: file for file in chosen}
    planted = tuple(
        Planted.at(text.path, text.content, unit.span, Function(content[unit.path], unit.original))
        for text in texts
        for unit in text.units
        if unit.span is not None and is_function(unit) and _n_lines(text, unit) >= RECALLED_LINES[0]
    )
    gone = tuple(file.path for file in case.candidate)
    return Plant("all, merged and disguised", {text.path: text.content for text in texts}, gone, planted, 1.0)


WAYS: dict[str, Callable[[Case], Plant | None]] = {
    "function, verbatim": one_function("function, verbatim", Strengths()),
    "function, renamed": one_function("function, renamed", RENAMED),
    "function, renamed and rewritten": one_function("function, renamed and rewritten", REWRITTEN),
    "file": one_file,
    "a tenth": recalled("a tenth", 0.1),
    "a third": recalled("a third", 1 / 3),
    "two thirds": recalled("two thirds", 2 / 3),
    "a third, merged and disguised": merged("a third, merged and disguised", 1 / 3),
    "all, merged and disguised": all_merged,
}


# --- functions and lines -------------------------------------------------------------------------------------------


def is_function(unit: Unit) -> bool:
    return unit.kind in KINDS


def functions(files: Sequence[SourceFile], n_lines: range) -> list[Function]:
    """Functions and methods of so many lines, in order."""
    by_path = {file.path: file for file in files}
    found = [
        Function(by_path[text.path], unit.original)
        for text in disguised(files, Strengths())
        for unit in text.units
        if is_function(unit)
    ]
    return [own for own in found if own.n_lines in n_lines]


def _n_lines(text: Text, unit: Unit) -> int:
    assert unit.span is not None
    start, end = lines_of(text.content, unit.span)
    return end - start + 1


# --- files ---------------------------------------------------------------------------------------------------------


def sources_of(place: Path, language: str) -> tuple[SourceFile, ...]:
    """Code files below a folder in languages of one family; tests and what others wrote are left out."""
    files = read_input(place, Side.ORIGINAL, ScanOptions()).files
    return tuple(file for file in files if family(file.language) == family(language) and file.role is FileRole.SOURCE)


def plants_of(task: Task, rebuild: Rebuild, original: Path, seed: int, ways: Sequence[str] = ()) -> Iterator[Plant]:
    """What can be planted in one rebuilt program; nothing in one of another language."""
    if not task.is_same_language(rebuild):
        return
    case = Case(
        sources_of(rebuild.folder, task.language), sources_of(original, task.language), f"{seed}:{rebuild.name}"
    )
    for way in ways or WAYS:
        made = WAYS[way](case)
        if made is not None and made.planted:
            yield made


def write(plant: Plant, rebuild: Rebuild, out: Path) -> None:
    """The submission: the rebuilt program with what was planted in it."""
    for file in sorted(rebuild.folder.rglob("*")):
        path = file.relative_to(rebuild.folder).as_posix()
        if file.is_file() and path not in plant.without:
            _store(out / path, file.read_bytes())
    for path, content in plant.files.items():
        _store(out / path, content)


def _store(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("rebuilt", type=FOLDER)
@click.argument("originals", type=FOLDER)
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--task", "names", multiple=True, help="Only these tasks.")
@click.option("--way", "ways", multiple=True, type=click.Choice(list(WAYS)), help="Only these ways.")
@click.option("--seed", type=int, default=1)
def main(
    rebuilt: Path, originals: Path, output: Path, names: tuple[str, ...], ways: tuple[str, ...], seed: int
) -> None:
    """Write submissions that recall an original in part."""
    for task in read_tasks(rebuilt):
        original = original_of(task, originals)
        if original is None or (names and task.name not in names):
            continue
        for rebuild in task.rebuilds:
            for plant in plants_of(task, rebuild, original, seed, ways):
                place = output / task.name / rebuild.folder.name / plant.way.replace(", ", "-").replace(" ", "-")
                write(plant, rebuild, place / "tree")
                truth = {"way": plant.way, "share": plant.share, "planted": [asdict(piece) for piece in plant.planted]}
                (place / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
                click.echo(f"{rebuild.name}: {plant.way}, {len(plant.planted)} planted, {plant.share:.0%}", err=True)


if __name__ == "__main__":
    main()
