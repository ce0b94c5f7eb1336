"""What a scan is asked to compare: locations, trees and indexes, read or opened."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simdetect.errors import InputError, StoreError
from simdetect.languages import spec_of
from simdetect.languages.grammar import grammar_version
from simdetect.model import AnalysedTree, Side, SkipReason, SourceTree, TextFile
from simdetect.options import ScanOptions
from simdetect.remote.urls import is_remote, located, push
from simdetect.sources import read_tree
from simdetect.store import StoredIndex, is_container

__all__ = [
    "Location",
    "Original",
    "comparable_languages",
    "documents_by_digest",
    "is_index",
    "is_to_be_read",
    "languages_of",
    "read_input",
    "trees_of",
    "unnamed_documents",
    "written",
]

Location = str | os.PathLike[str]
Original = Location | AnalysedTree | StoredIndex
_INDEX_SUFFIX = ".sdx"


def is_index(location: Location) -> bool:
    """Whether a location is a file that an index begins like, or is named like: one with a damaged beginning must not
    pass for a binary file in which no code was found."""
    path = Path(location)
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return is_container(file.read(16)) or path.suffix == _INDEX_SUFFIX
    except (OSError, ValueError):
        return False  # what is wrong with it is said where it is read


def is_corpus(folder: Path) -> bool:
    """Whether a folder is one that `simdetect index --corpus` makes; `corpus.folder` says what lies in it."""
    try:
        return (folder / "corpus.json").is_file() and (folder / "members").is_dir()
    except (OSError, ValueError):
        return False  # what is wrong with it is said where it is read


def is_to_be_read(original: Original) -> bool:
    """Whether an original is the place of files to be analysed."""
    return not isinstance(original, AnalysedTree | StoredIndex) and not is_index(original)


def trees_of(index: StoredIndex, options: ScanOptions) -> list[AnalysedTree]:
    """The originals in an index. Raises StoreError when it was made with settings under which a scan differs."""
    settings = index.facts.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    other = [
        f"{name} {settings.get(name)!r} instead of {value!r}"
        for name, value in options.reading().items()
        if settings.get(name) != value
    ]
    if other:
        raise StoreError(f"{index.path} was made with {', '.join(other)}: make it anew, or scan with its settings")
    note = _grammar_note(index)
    return [replace(tree, notes=(note,)) if note and not i else tree for i, tree in enumerate(index.trees)]


def _grammar_note(index: StoredIndex) -> str | None:
    grammars = index.facts.get("grammars")
    known = grammars if isinstance(grammars, dict) else {}
    other = [name for name in languages_of(index.trees) if known.get(name) != grammar_version(spec_of(name))]
    if not other:
        return None
    return f"{index.path.name} was made with other versions of the grammars of {', '.join(other)}: tokens may differ"


def languages_of(trees: Sequence[AnalysedTree]) -> list[str]:
    return sorted({file.language for tree in trees for file in tree.files})


def read_input(location: Location, side: Side, options: ScanOptions, deadline: float | None = None) -> SourceTree:
    """Read an input. An empty one is an error: a mistyped path must not look like one in which nothing was found.
    deadline: on the clock of `time.monotonic`; what is not read by then is skipped. None for no deadline."""
    place = located(location, options.cache)
    if is_index(place):
        raise InputError(f"{os.fspath(location)} is an index: it can stand for an original, not for a {side}")
    if is_corpus(Path(place)):
        raise InputError(
            f"{os.fspath(location)} is a corpus of many originals:"
            f" 'simdetect search CANDIDATE --index {os.fspath(location)}' says which of them a candidate comes from"
        )
    tree = read_tree(place, side, options, deadline)
    if not tree.files and all(file.reason is SkipReason.EMPTY for file in tree.skipped):
        raise InputError(f"nothing in {os.fspath(location)}: no file, or only empty ones")
    return tree


@contextmanager
def written(path: Location) -> Iterator[Path]:
    """Where to write a file that shall go to a path or a URL."""
    if not is_remote(path):
        yield Path(located(path, None))
        return
    folder, _, name = os.fspath(path).rpartition("/")
    with tempfile.TemporaryDirectory() as work:
        here = Path(work) / "written"
        here.mkdir()
        yield here / name
        push(here, folder)


def unnamed_documents(
    candidate: AnalysedTree,
    originals: Sequence[AnalysedTree],
    named: Sequence[AnalysedTree],
    known: Collection[str] = (),
) -> list[TextFile]:
    """Documents of the originals that the candidate has byte for byte, by path: its author was given them, although
    nobody said so. named: what was said to be handed out; known: digests of documents that were. With the candidate's
    text, for an index does not keep that of documents."""
    own = candidate.tree
    held = {file.sha256: file.content for file in own.documents}
    copies = {file.sha256 for file in own.skipped if file.reason is SkipReason.DUPLICATE_OF}
    held.update({file.sha256: file.content for file in own.files if file.sha256 in copies})
    documents = {file.sha256: file for tree in reversed(originals) for file in reversed(tree.tree.documents)}
    said = {document.sha256 for tree in named for document in tree.tree.documents}
    said |= {file.sha256 for tree in named for file in tree.tree.files} | set(known)
    chosen = [(sha256, file) for sha256, file in documents.items() if sha256 in held and sha256 not in said]
    return sorted((TextFile(file.path, held[sha256], sha256) for sha256, file in chosen), key=lambda file: file.path)


def documents_by_digest(originals: Sequence[AnalysedTree], digests: Collection[str]) -> list[TextFile]:
    """Documents of the originals that somebody named by digest, by path."""
    found = {file.sha256: file for tree in reversed(originals) for file in reversed(tree.tree.documents)}
    return sorted((file for sha256, file in found.items() if sha256 in digests), key=lambda file: file.path)


def comparable_languages(candidate: AnalysedTree, originals: Sequence[AnalysedTree]) -> list[str]:
    """A language of the candidate for each family that an original has too."""
    families = {file.family for tree in originals for file in tree.files}
    return sorted(
        {file.family: file.language for file in reversed(candidate.files) if file.family in families}.values()
    )
