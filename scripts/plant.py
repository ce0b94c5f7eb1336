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

from disguise import Strengths, Text, Unit, disguised
from rebuilt_tasks import Rebuild, Task, family, original_of, read_tasks

from simdetect.model import FileRole, Side, SourceFile
from simdetect.options import ScanOptions
from simdetect.scanning.inputs import read_input

__all__ = ["WAYS", "Case", "Plant", "Planted", "plants_of", "sources_of", "write"]

LINES = range(25, 91)  # of one planted function
RECALLED_LINES = range(5, 201)  # of functions that stand for those of the submission
FILE_LINES = range(40, 801)
ENOUGH = 0.8  # of the share that is asked for: an original may have too few functions
ALL_LINES = 6000  # of an original that is disguised as a whole, at most

RENAMED = Strengths(rename=1.0, strip_comments=1.0)
REWRITTEN = Strengths(rename=1.0, strip_comments=1.0, rewrite=1.0, reformat=1.0)
MERGED = replace(REWRITTEN, reorder=1.0, merge=True)


@dataclass(frozen=True)
class Planted:
    """One piece of an original in a submission. Lines are 1-based, both ends included."""

    path: str
    start_line: int
    end_line: int
    original: str
    original_start_line: int
    original_end_line: int


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
        host, before = rng.choice(hosts)
        for text, unit in choices:
            file = next(file for file in case.original if file.path == text.path)
            written = disguised([file], strengths, case.original)[0]
            found = next(own for own in written.units if own.original == unit.original and own.kind == unit.kind)
            if found.span is not None:
                return _before(way, case, (host, before), (written, found), file)
        return None

    return plant


def _before(way: str, case: Case, at: tuple[Text, Unit], function: tuple[Text, Unit], original: SourceFile) -> Plant:
    (host, before), (text, unit) = at, function
    assert before.span is not None
    place = host.content.rfind(b"\n", 0, before.span[0]) + 1
    body = there_indented(text.content, unit, _margin(host.content, place))
    content = host.content[:place] + body + b"\n\n" + host.content[place:]
    planted = _planted(host.path, content, (place, place + len(body)), original, unit)
    return Plant(way, {host.path: content}, (), (planted,), body.count(b"\n") / max(1, case.n_lines))


def one_file(case: Case) -> Plant | None:
    """A whole file of the original, under another name."""
    rng = case.rng("file")
    choices = [file for file in case.original if file.content.count(b"\n") in FILE_LINES]
    if not choices:
        return None
    file = rng.choice(choices)
    n_lines, path = file.content.count(b"\n"), f"extra{Path(file.path).suffix}"
    planted = Planted(path, 1, n_lines, file.path, 1, n_lines)
    return Plant("file", {path: file.content}, (), (planted,), n_lines / (n_lines + case.n_lines))


# --- a share of the submission -------------------------------------------------------------------------------------


def recalled(way: str, share: float) -> Callable[[Case], Plant | None]:
    """Functions of the submission replaced by functions of the original until these are a share of its lines."""

    def plant(case: Case) -> Plant | None:
        rng = case.rng("recalled")  # the same order for every share: a third holds what a tenth holds
        hosts, choices = outermost(functions(case.candidate, range(3, 10_000))), _outermost_of(case)
        rng.shuffle(hosts)
        rng.shuffle(choices)
        replaced: list[tuple[tuple[Text, Unit], tuple[Text, Unit]]] = []
        n_planted, n_lines = 0, case.n_lines
        for host, function in zip(hosts, choices, strict=False):
            if n_planted >= share * n_lines:
                break
            replaced.append((host, function))
            n_planted += n_lines_of(*function)
            n_lines += n_lines_of(*function) - n_lines_of(*host)
        reached = n_planted / max(1, n_lines)
        return _with_replaced(way, case, replaced, reached) if reached >= ENOUGH * share else None

    return plant


def _outermost_of(case: Case) -> list[tuple[Text, Unit]]:
    return outermost(functions(case.original, RECALLED_LINES))


def _with_replaced(
    way: str, case: Case, replaced: Sequence[tuple[tuple[Text, Unit], tuple[Text, Unit]]], share: float
) -> Plant:
    files: dict[str, bytes] = {}
    planted: list[Planted] = []
    originals = {file.path: file for file in case.original}
    for path in sorted({host.path for (host, _), _ in replaced}):
        own = [pair for pair in replaced if pair[0][0].path == path]
        content, spans = _edited([(host, unit, function) for (host, unit), function in own])
        files[path] = content
        planted += [_planted(path, content, span, originals[text.path], unit) for span, (text, unit) in spans]
    return Plant(way, files, (), tuple(planted), share)


Spans = list[tuple[tuple[int, int], tuple[Text, Unit]]]


def _edited(edits: Sequence[tuple[Text, Unit, tuple[Text, Unit]]]) -> tuple[bytes, Spans]:
    """A file with functions replaced, and where the new ones lie."""
    source = edits[0][0].content
    content, position, spans = b"", 0, []
    for _, unit, function in sorted(edits, key=lambda edit: edit[1].original):
        start, end = unit.original
        body = there_indented(function[0].content, function[1], _margin(source, source.rfind(b"\n", 0, start) + 1))
        content += source[position:start]
        body = body.lstrip(b" \t")
        spans.append(((len(content), len(content) + len(body)), function))
        content, position = content + body, end
    return content + source[position:], spans


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


def _followed(planted: Sequence[Planted], texts: Sequence[Text], before: dict[str, bytes]) -> Iterator[Planted]:
    """Where planted functions are after a disguise."""
    for text in texts:
        for unit in text.units:
            if unit.span is None or unit.kind not in ("function", "method"):
                continue
            own = _lines(before[unit.path], unit.original)
            for piece in planted:
                if piece.path == unit.path and own == (piece.start_line, piece.end_line):
                    start, end = _lines(text.content, unit.span)
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
        _planted(text.path, text.content, unit.span, content[unit.path], unit)
        for text in texts
        for unit in text.units
        if unit.span is not None and is_function(unit) and n_lines_of(text, unit) >= RECALLED_LINES[0]
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
    return unit.kind in ("function", "method")


def functions(files: Sequence[SourceFile], n_lines: range) -> list[tuple[Text, Unit]]:
    """Functions and methods of so many lines, each with its file, in order."""
    texts = disguised(files, Strengths())
    return [(text, unit) for text in texts for unit in text.units if is_function(unit) and _fits(text, unit, n_lines)]


def _fits(text: Text, unit: Unit, n_lines: range) -> bool:
    return unit.span is not None and n_lines_of(text, unit) in n_lines


def outermost(found: Sequence[tuple[Text, Unit]]) -> list[tuple[Text, Unit]]:
    """Those that lie in no other one."""
    kept: list[tuple[Text, Unit]] = []
    for text, unit in sorted(found, key=lambda item: (item[0].path, item[1].original[0], -item[1].original[1])):
        last = kept[-1] if kept else None
        if last is None or last[0].path != text.path or unit.original[0] >= last[1].original[1]:
            kept.append((text, unit))
    return kept


def n_lines_of(text: Text, unit: Unit) -> int:
    """Lines of a function where it is now."""
    assert unit.span is not None
    start, end = _lines(text.content, unit.span)
    return end - start + 1


def there_indented(content: bytes, unit: Unit, margin: bytes) -> bytes:
    """The text of a function with another margin."""
    assert unit.span is not None
    start, end = unit.span
    own = _margin(content, content.rfind(b"\n", 0, start) + 1)
    return margin + content[start:end].rstrip().replace(b"\n" + own, b"\n" + margin)


def _margin(content: bytes, start: int) -> bytes:
    end = start
    while content[end : end + 1] in (b" ", b"\t"):
        end += 1
    return content[start:end]


def _lines(content: bytes, span: tuple[int, int]) -> tuple[int, int]:
    start = content.count(b"\n", 0, span[0]) + 1
    return start, start + content.count(b"\n", span[0], max(span[0], span[1] - 1))


def _planted(path: str, content: bytes, span: tuple[int, int], original: SourceFile, unit: Unit) -> Planted:
    return Planted(path, *_lines(content, span), original.path, *_lines(original.content, unit.original))


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
