"""Functions of originals to be translated by a language model, and what was translated, planted in rebuilt programs.

usage: python scripts/translations.py wanted REBUILT ORIGINALS -o DIR [--each 2] [--seed 1]
       python scripts/translations.py digests REBUILT DIR -o FILE --model NAME

`wanted` chooses functions of 25 to 90 lines of each original that was rebuilt in another language, and writes
DIR/<task>/<rebuilt program>/<number>/original.<suffix> and wanted.json, which holds the prompt. Whoever translates
writes translated.<suffix> beside them. `digests` writes a table by which a reader can tell that a set is the same.
Originals and translations of them stay outside the project. See docs/rebuilt.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import click

sys.path.insert(0, str(Path(__file__).parent))

from plant import LINES, Plant, Planted, functions, sources_of
from rebuilt_tasks import Rebuild, Task, original_of, read_tasks

from simdetect.languages import spec_of
from simdetect.model import Evidence, Layer, ScanReport
from simdetect.planting.functions import Function

__all__ = [
    "PROMPT",
    "WAY",
    "Translation",
    "Wanted",
    "exchanged",
    "place_of",
    "plant_of",
    "translations_of",
    "wanted_of",
]

WAY = "function, translated"
PROMPT = (
    "Translate this function faithfully into {language}. Keep its algorithm, its steps and its constants. Write as a "
    "programmer of that language would; names as that language's conventions want. Write only the function, and the "
    "helpers that it needs inside it."
)


@dataclass(frozen=True)
class Wanted:
    """A function that is to be translated. Lines are 1-based, both ends included; sha256 is of the text; language: that
    of the rebuilt program."""

    original: str
    start_line: int
    end_line: int
    sha256: str
    language: str
    prompt: str


@dataclass(frozen=True)
class Translation:
    """What was wanted, and what was written."""

    wanted: Wanted
    text: bytes


# --- what is wanted ------------------------------------------------------------------------------------------------


def wanted_of(task: Task, rebuild: Rebuild, original: Path, each: int, seed: int) -> list[tuple[Wanted, bytes]]:
    """Functions that the seed chooses for a rebuild in another language, each with its text; of different files as far
    as there are. None for a labelled leak."""
    if task.is_same_language(rebuild) or rebuild.is_leak:
        return []
    choices = functions(sources_of(original, task.language), LINES)
    Random(f"{seed}:{rebuild.name}:translations").shuffle(choices)
    seen: Counter[str] = Counter()
    turns = []
    for own in choices:
        turns.append(seen[own.file.path])
        seen[own.file.path] += 1
    order = sorted(range(len(choices)), key=turns.__getitem__)
    return [_wanted(choices[number], rebuild.language) for number in order[:each]]


def _wanted(function: Function, language: str) -> tuple[Wanted, bytes]:
    (start, end), content = function.span, function.file.content
    first = content.count(b"\n", 0, start) + 1
    own = content[content.rfind(b"\n", 0, start) + 1 : end].rstrip() + b"\n"
    last = first + own.count(b"\n") - 1
    return Wanted(function.file.path, first, last, _digest(own), language, PROMPT.format(language=language)), own


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _suffix(language: str) -> str:
    return spec_of(language).extensions[0]


# --- what was written ----------------------------------------------------------------------------------------------


def translations_of(place: Path, rebuild: Rebuild) -> Iterator[Translation]:
    """What was translated for a rebuilt program, by number; what is still wanted is left out."""
    for file in sorted((place / rebuild.name).glob("*/wanted.json")):
        own = Wanted(**json.loads(file.read_text()))
        written = file.with_name(f"translated{_suffix(own.language)}")
        if written.is_file():
            yield Translation(own, written.read_bytes())


def exchanged(texts: Mapping[str, Sequence[Translation]]) -> dict[str, list[Translation]]:
    """A control: the same, each with a text that was written for another task in its language. texts: by name of the
    rebuilt program, which begins with the task's."""
    every = [(name, own) for name, group in texts.items() for own in group]
    found: dict[str, list[Translation]] = {}
    for number, (name, own) in enumerate(every):
        others = [
            other.text
            for of, other in every[number:] + every[:number]
            if other.wanted.language == own.wanted.language and of.partition("/")[0] != name.partition("/")[0]
        ]
        if others:
            turn = len(found.setdefault(name, []))
            found[name].append(replace(own, text=others[turn % len(others)]))
    return found


def is_of(wanted: Wanted, original: Path) -> bool:
    """Whether the lines that were translated stand in a checkout of the original."""
    file = original / wanted.original
    lines = file.read_bytes().split(b"\n") if file.is_file() else []
    return _digest(b"\n".join(lines[wanted.start_line - 1 : wanted.end_line]).rstrip() + b"\n") == wanted.sha256


def plant_of(rebuild: Rebuild, translation: Translation, seed: int) -> Plant | None:
    """A rebuilt program with a translated function before one of its own that the seed chooses, at its indentation."""
    files = sources_of(rebuild.folder, rebuild.language)
    hosts = functions(files, range(1, 10_000))
    if not hosts:
        return None
    before = Random(f"{seed}:{rebuild.name}:{translation.wanted.sha256}").choice(hosts)
    host = before.file
    start = host.content.rfind(b"\n", 0, before.span[0]) + 1
    line = host.content[start : before.span[0]]
    place = _above(host.content, start)
    body = _indented(translation.text, line[: len(line) - len(line.lstrip())])
    content = host.content[:place] + body + b"\n" + host.content[place:]
    first, n_lines, own = content.count(b"\n", 0, place) + 1, body.count(b"\n"), translation.wanted
    piece = Planted(host.path, first, first + n_lines - 1, own.original, own.start_line, own.end_line)
    share = n_lines / max(1, n_lines + sum(file.content.count(b"\n") for file in files))
    return Plant(WAY, {host.path: content}, (), (piece,), share)


def _above(content: bytes, start: int) -> int:
    """The start of the comments and decorators that stand right above the line that starts there."""
    while start and content[(above := content.rfind(b"\n", 0, start - 1) + 1) : start].lstrip().startswith(_LEADING):
        start = above
    return start


_LEADING = (b"@", b"#", b"//")  # comments, decorators, attributes


def _indented(text: bytes, margin: bytes) -> bytes:
    return b"".join((margin + line if line else b"") + b"\n" for line in text.rstrip().split(b"\n"))


# --- what a report says --------------------------------------------------------------------------------------------


def place_of(piece: Planted, report: ScanReport) -> tuple[int, int]:
    """Among the pairs of functions that count as translated, by bits, the place of the first right one, and how many
    there are; 0 where none is right. A pair is right when it overlaps the planted lines and those that they are from.
    A tie is lost."""
    pairs = [
        (item.bits or 0.0, finding.candidate == piece.path and _is_right(piece, item))
        for finding in report.findings
        for item in finding.evidence
        if item.layer is Layer.TRANSLATED and item.excluded is None
    ]
    best = max((bits for bits, is_right in pairs if is_right), default=None)
    if best is None:
        return 0, len(pairs)
    return 1 + sum(bits >= best and not is_right for bits, is_right in pairs), len(pairs)


def _is_right(piece: Planted, item: Evidence) -> bool:
    own, theirs = item.candidate, item.original_span
    return (
        item.original == piece.original
        and own.start_line <= piece.end_line
        and piece.start_line <= own.end_line
        and theirs.start_line <= piece.original_end_line
        and piece.original_start_line <= theirs.end_line
    )


# --- digests -------------------------------------------------------------------------------------------------------

COLUMNS = ("task", "rebuild", "original", "lines", "sha256 of original", "sha256 of translation", "language", "model")


def digests_of(place: Path, tasks: Sequence[Task], model: str) -> str:
    """The table by which a set is known: nothing of a text."""
    rows = [COLUMNS]
    for task in tasks:
        for rebuild in task.rebuilds:
            for own in translations_of(place, rebuild):
                w = own.wanted
                lines, text = f"{w.start_line}-{w.end_line}", _digest(own.text)
                rows.append((task.name, rebuild.folder.name, w.original, lines, w.sha256, text, w.language, model))
    return "".join("\t".join(row) + "\n" for row in rows)


def is_listed(translation: Translation, table: str) -> bool:
    """Whether a table of digests names this translation."""
    return f"\t{translation.wanted.sha256}\t{_digest(translation.text)}\t" in table


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def main() -> None:
    """Functions to translate, and what was translated."""


@main.command()
@click.argument("rebuilt", type=FOLDER)
@click.argument("originals", type=FOLDER)
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--each", type=click.IntRange(1), default=2, help="Functions of each rebuilt program.")
@click.option("--seed", type=int, default=1)
def wanted(rebuilt: Path, originals: Path, output: Path, each: int, seed: int) -> None:
    """Choose functions, and write each with the prompt for who translates it."""
    for task in read_tasks(rebuilt):
        original = original_of(task, originals)
        for rebuild in task.rebuilds if original is not None else ():
            assert original is not None
            for number, (item, text) in enumerate(wanted_of(task, rebuild, original, each, seed), 1):
                place = output / rebuild.name / str(number)
                place.mkdir(parents=True, exist_ok=True)
                (place / f"original{Path(item.original).suffix}").write_bytes(text)
                (place / "wanted.json").write_text(json.dumps(asdict(item), indent=1) + "\n")
                click.echo(f"{rebuild.name}/{number}: {item.original}:{item.start_line}-{item.end_line}", err=True)


@main.command()
@click.argument("rebuilt", type=FOLDER)
@click.argument("place", type=FOLDER)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--model", required=True, help="Who translated.")
def digests(rebuilt: Path, place: Path, output: Path, model: str) -> None:
    """Write the digests of what was translated."""
    output.write_text(digests_of(place, read_tasks(rebuilt), model))


if __name__ == "__main__":
    main()
