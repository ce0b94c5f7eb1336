"""Files of an original in disguise, made where a parser may be slow or fail: in worker processes.

What is renamed are names that the original defines. To know them all its files are read, those that are planted first.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from random import Random
from typing import Final

from simdetect.languages.grammar import load_grammar
from simdetect.model import Disguise, SourceFile
from simdetect.planting.disguise.apply import Unit, changed, full_changes, text_of
from simdetect.planting.disguise.names import Names, names_in, renaming
from simdetect.planting.disguise.rows import ROWS
from simdetect.planting.disguise.syntax import View
from simdetect.planting.functions import KINDS, Function
from simdetect.planting.plants import Written
from simdetect.running import Failure
from simdetect.scanning.compare import Terms

__all__ = ["Hidden", "can_hide", "hidden_files"]

_DEEP: Final = 100_000  # trees: a ladder of a thousand `else if`
_MOST_BYTES: Final = 16 << 20  # of files whose names are looked at
_MOST_FILE_BYTES: Final = 1 << 20  # of one: what is longer is data, and takes minutes to be written anew
_SAME_PLACE: Final = 16  # bytes by which the tokens of a function may begin or end otherwise than its node


@dataclass(frozen=True, slots=True)
class Hidden:
    """A file in disguise. units: where each function was, and is."""

    content: bytes
    units: tuple[Unit, ...]

    def written(self, function: Function) -> Written | None:
        """One of its functions; None when it is not found again."""
        start, end = function.span
        distance = {unit: abs(unit.original[0] - start) + abs(unit.original[1] - end) for unit in self.units}
        unit = min(distance, key=lambda unit: (distance[unit], unit.original), default=None)
        if unit is None or unit.span is None or distance[unit] > _SAME_PLACE:
            return None
        return Written(function, self.content, unit.span)


@dataclass(frozen=True, slots=True)
class _Task:
    """One file to be disguised. names: what each becomes."""

    file: SourceFile
    names: Mapping[bytes, bytes]
    disguise: Disguise
    seed: int


def can_hide(file: SourceFile, disguise: Disguise) -> bool:
    """Whether a file can be disguised so: names need a grammar, rewrites need rules for the language."""
    if disguise is Disguise.VERBATIM:
        return True
    if len(file.content) > _MOST_FILE_BYTES or load_grammar(file.language) is None:
        return False
    return disguise is Disguise.RENAMED or file.language in ROWS


def hidden_files(
    terms: Terms, wanted: Collection[tuple[str, Disguise]], files: Sequence[SourceFile], seed: int
) -> dict[tuple[str, Disguise], Hidden]:
    """Files in disguise, by path and disguise; those that cannot be made are missing. files: all of the original."""
    by_path = {file.path: file for file in files}
    chosen = sorted(key for key in wanted if key[1] is not Disguise.VERBATIM and can_hide(by_path[key[0]], key[1]))
    if not chosen:
        return {}
    paths = {path for path, _ in chosen}
    ordered = sorted(files, key=lambda file: (file.path not in paths, file.path))
    names = renaming(_names(terms, list(_within(ordered))), 1.0, Random(f"{seed}:names"))
    tasks = [_Task(by_path[path], names, disguise, seed) for path, disguise in chosen]
    outcomes = terms.analyser.map(_hide, tasks, terms.deadline)
    return {key: made for key, made in zip(chosen, outcomes, strict=True) if not isinstance(made, Failure)}


def _within(files: Iterable[SourceFile]) -> Iterable[SourceFile]:
    """The first files, as many as there is time for."""
    left = _MOST_BYTES
    for file in files:
        if len(file.content) <= min(left, _MOST_FILE_BYTES) and load_grammar(file.language) is not None:
            left -= len(file.content)
            yield file


def _names(terms: Terms, files: Sequence[SourceFile]) -> Names:
    found = terms.analyser.map(_names_of, files, terms.deadline)
    return reduce(or_, (names for names in found if not isinstance(names, Failure)), Names())


# --- in a worker ---------------------------------------------------------------------------------------------------


def _names_of(file: SourceFile) -> Names:
    return names_in(View.of(file.content, file.language))


def _hide(task: _Task) -> Hidden:
    """Disguise a file. Trees may be deep, and rules follow them by recursion."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        text = text_of(task.file)
        for name, change in full_changes(task.names, rewrites=task.disguise is Disguise.REWRITTEN):
            text = changed(text, name, change, task.seed)
    finally:
        sys.setrecursionlimit(before)
    return Hidden(text.content, tuple(unit for unit in text.units if unit.kind in KINDS))
