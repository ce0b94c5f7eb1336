"""An index file -> its trees, whose files decode what they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from simdetect.errors import StoreError
from simdetect.model import AnalysedTree, FileRole, Side, SkippedFile, SkipReason, SourceTree, TextFile
from simdetect.store.container import Container
from simdetect.store.index_file import KIND
from simdetect.store.index_lookup import IndexLookup
from simdetect.store.index_reader import IndexReader
from simdetect.store.stored_tree import StoredDocument, StoredFile, StoredSource, StoredTree

__all__ = ["StoredIndex", "open_index"]


def open_index(path: Path) -> StoredIndex:
    """Open an index for reading. Raises StoreError, one line: missing, foreign, newer, truncated or damaged."""
    container = Container.open(path)
    if container.kind != KIND:
        raise StoreError(f"{path} is not an index of originals but a {container.kind[:40]!r}")
    try:
        return StoredIndex(container)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise StoreError(f"{path} is damaged: {type(error).__name__} in what it says of its files") from None


class StoredIndex:
    """An open index. facts: what its writer noted. trees: the originals in it, in order, their tokens on disk. lookup:
    where things stand in all of them."""

    def __init__(self, container: Container) -> None:
        self.path = container.path
        self.facts = container.facts
        self._container = container
        self._reader = IndexReader(container)
        self.lookup = IndexLookup(self._reader)
        self.trees = tuple(self._trees(self.facts["trees"]))

    def _trees(self, facts: Sequence[Mapping[str, Any]]) -> Iterator[AnalysedTree]:
        reader = self._reader
        files = [StoredFile(reader, number) for number in range(len(reader.rows))]
        skipped = self._skipped()
        first = 0
        for number, tree in enumerate(facts):
            last = first + int(tree["n_files"])
            source = SourceTree(
                label=str(tree["label"]),
                side=Side.ORIGINAL,
                files=tuple(
                    StoredSource(files[i], str(reader.rows[i]["encoding"])) for i in range(len(files))[first:last]
                ),
                skipped=tuple(islice(skipped, int(tree["n_skipped"]))),
                digest=str(tree["digest"]),
                documents=tuple(self._documents(number)),
                family=str(tree.get("family", "")),
            )
            if len(source.skipped) != tree["n_skipped"]:
                raise ValueError("n_skipped")
            own = tuple(str(name) for name in tree.get("own", ()))
            stored = StoredTree(reader, self.lookup, first, last)
            yield AnalysedTree(source, tuple(files[first:last]), stored, own=own)
            first = last
        if first != len(files):
            raise ValueError("files of no tree")

    def _skipped(self) -> Iterator[SkippedFile]:
        """What all trees skipped, one tree after the other."""
        for frame in range(self._container.n_frames("skipped")):
            for path, reason, detail, role, n_bytes, sha256 in self._container.json("skipped", frame):
                size = None if n_bytes is None else int(n_bytes)
                digest = sha256 and str(sha256)
                yield SkippedFile(str(path), SkipReason(reason), str(detail), FileRole(role), size, digest)

    def _documents(self, tree: int) -> Iterator[TextFile]:
        start = 0
        for path, sha256, n_bytes in self._container.json("documents", tree):
            part = slice(start, start + int(n_bytes))
            yield StoredDocument(self._reader, tree, part, str(path), str(sha256))
            start = part.stop
