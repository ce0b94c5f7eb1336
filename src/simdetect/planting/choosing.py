"""What is planted where: drawn by a seed, the same function at the same place however it is disguised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from random import Random
from typing import Final

from simdetect.languages import spec_of
from simdetect.model import AnalysedTree, Disguise, PlantSize, SourceFile
from simdetect.planting.functions import Function, functions_of, outermost, sources_in
from simdetect.planting.hiding import Hidden
from simdetect.planting.plants import ENOUGH, Planted, Written, before, for_share, in_place, whole_file

__all__ = ["LINES", "Case", "Choice", "Plant", "planted"]

LINES: Final[Mapping[PlantSize, range]] = {
    PlantSize.SMALL: range(10, 25),
    PlantSize.MEDIUM: range(25, 41),
    PlantSize.LARGE: range(41, 91),
}
_RECALLED_LINES: Final = range(5, 201)  # of functions that stand for those of the candidate
_REPLACED_LINES: Final = range(3, 10_000)
_FILE_LINES: Final = range(40, 801)
_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Choice:
    """What one trial plants, before it is disguised. pairs: functions of the candidate, each with the one that comes
    before it or in its place; file: one that is added instead."""

    size: PlantSize
    pairs: tuple[tuple[Function, Function], ...] = ()
    file: SourceFile | None = None

    @property
    def files(self) -> frozenset[str]:
        """Files of the original that it takes something of."""
        return frozenset([self.file.path] if self.file else (function.file.path for _, function in self.pairs))


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted candidate: files that are new or other than before, and what stands where in them."""

    files: Mapping[str, SourceFile]
    planted: tuple[Planted, ...]

    @property
    def n_lines(self) -> int:
        """Lines that were planted."""
        return sum(piece.end_line - piece.start_line + 1 for piece in self.planted)


@dataclass(frozen=True)
class Case:
    """Both sides of the trials. families: of languages that both have."""

    candidate: AnalysedTree
    originals: Sequence[AnalysedTree]
    seed: int

    @cached_property
    def families(self) -> frozenset[str]:
        """Families of languages that both sides have."""
        both = {file.family for file in self.candidate.files}
        return frozenset(both & {file.family for tree in self.originals for file in tree.files})

    @cached_property
    def sources(self) -> list[SourceFile]:
        """Files of the originals that something may be taken of; of equal paths the first."""
        found = [file for tree in self.originals for file in sources_in(tree, self.families)]
        return list({file.path: file for file in reversed(found)}.values())[::-1]

    def choices(self, size: PlantSize) -> Sequence[Function | SourceFile]:
        """What trials of a size draw from, of families in which the candidate has a function to plant it at."""
        if size is PlantSize.FILE:
            return [file for file in self.sources if file.content.count(b"\n") in _FILE_LINES]
        lines = LINES.get(size, _RECALLED_LINES)
        hosted = self._hosts.keys()
        return [own for own in self._functions if own.n_lines in lines and family_of(own.file) in hosted]

    def choice(self, size: PlantSize, number: int) -> Choice | None:
        """What a trial plants; None where there is too little."""
        rng = Random(f"{self.seed}:{size}:{number}")
        if size is PlantSize.TENTH:
            return self._tenth(rng)
        choices = self._choices[size]
        if not choices:
            return None
        chosen = rng.choice(choices)
        if isinstance(chosen, SourceFile):
            return Choice(size, file=chosen)
        return Choice(size, ((rng.choice(self._hosts[family_of(chosen.file)]), chosen),))

    @cached_property
    def _choices(self) -> dict[PlantSize, Sequence[Function | SourceFile]]:
        return {size: self.choices(size) for size in PlantSize}

    @cached_property
    def _functions(self) -> list[Function]:
        taken = {(file.path, file.sha256) for file in self.sources}
        found = [own for tree in self.originals for own in functions_of(tree, self.families, lambda _: True)]
        return [own for own in found if (own.file.path, own.file.sha256) in taken]

    @cached_property
    def _hosts(self) -> dict[str, list[Function]]:
        """Functions of the candidate by family."""
        hosts: dict[str, list[Function]] = {}
        for own in functions_of(self.candidate, self.families, lambda _: True):
            hosts.setdefault(family_of(own.file), []).append(own)
        return hosts

    def _tenth(self, rng: Random) -> Choice | None:
        """Functions in the place of the candidate's own, of one family, that of most of its lines."""
        sources = sources_in(self.candidate, self.families)
        n_lines = sum(file.content.count(b"\n") for file in sources)
        family = max(sorted(self._hosts), key=lambda name: sum(own.n_lines for own in self._hosts[name]), default=None)
        if family is None:
            return None
        hosts = outermost([own for own in self._hosts[family] if own.n_lines in _REPLACED_LINES])
        functions = [own for own in self._choices[PlantSize.TENTH] if isinstance(own, Function)]
        functions = outermost([own for own in functions if family_of(own.file) == family])
        pairs, reached = for_share(hosts, functions, _SHARE, n_lines, rng)
        return Choice(PlantSize.TENTH, tuple(pairs)) if pairs and reached >= ENOUGH * _SHARE else None


def family_of(file: SourceFile) -> str:
    return spec_of(file.language).family


def planted(
    case: Case, choice: Choice, disguise: Disguise, hidden: Mapping[tuple[str, Disguise], Hidden]
) -> Plant | None:
    """The candidate with what was chosen in it; None where that could not be disguised."""
    if choice.file is not None:
        return _with_file(case, choice.file, disguise, hidden)
    written = list(_written([function for _, function in choice.pairs], disguise, hidden))
    pairs = [(host, own) for (host, _), own in zip(choice.pairs, written, strict=True) if own is not None]
    if len(pairs) < len(choice.pairs):
        return None
    hosts = {host.file.path: host.file for host, _ in pairs}
    if choice.size is PlantSize.TENTH:
        contents, pieces = in_place(pairs)
    else:
        content, piece = before(*pairs[0])
        contents, pieces = {piece.path: content}, [piece]
    return Plant({path: _with(hosts[path], path, contents[path]) for path in contents}, tuple(pieces))


def _written(
    functions: Sequence[Function], disguise: Disguise, hidden: Mapping[tuple[str, Disguise], Hidden]
) -> Iterator[Written | None]:
    for function in functions:
        if disguise is Disguise.VERBATIM:
            yield Written.verbatim(function)
        else:
            made = hidden.get((function.file.path, disguise))
            yield None if made is None else made.written(function)


def _with_file(
    case: Case, file: SourceFile, disguise: Disguise, hidden: Mapping[tuple[str, Disguise], Hidden]
) -> Plant | None:
    made = hidden.get((file.path, disguise))
    if disguise is not Disguise.VERBATIM and made is None:
        return None
    content = file.content if made is None else made.content
    known = {own.path for own in case.candidate.tree.files}
    path = next(name for name in _names(PurePosixPath(file.path).suffix) if name not in known)
    return Plant({path: _with(file, path, content)}, (whole_file(file, path, content),))


def _with(file: SourceFile, path: str, content: bytes) -> SourceFile:
    """A file of the language of another one."""
    return SourceFile(path, file.language, content, hashlib.sha256(content).hexdigest())


def _names(suffix: str) -> Iterator[str]:
    yield f"extra{suffix}"
    number = 1
    while True:
        yield f"extra{number}{suffix}"
        number += 1
