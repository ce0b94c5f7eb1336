"""Analysed trees for the scripts: each folder is read once, and kept on disk between runs when a cache is named.

The cache is pickled and so only for files that you wrote yourself.
"""

from __future__ import annotations

import math
import pickle
from pathlib import Path
from types import TracebackType

from simdetect import Scanner, ScanOptions
from simdetect.model import AnalysedTree
from simdetect.scanning.forms import formed


class TreeCache:
    """Analyses folders; keeps the results in memory by folder, and in `cache` if there is one."""

    def __init__(self, options: ScanOptions, cache: Path | None = None) -> None:
        self._scanner = Scanner(options)
        self._cache = cache
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> TreeCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scanner.close()

    def analysed(self, folder: Path) -> AnalysedTree:
        """The tree of a folder."""
        stored = None if self._cache is None else self._cache / f"{folder.name}.tree.pkl"
        if stored is not None and stored.is_file():
            tree: AnalysedTree = pickle.loads(stored.read_bytes())
            return tree
        tree = formed(self._scanner.index(folder), math.inf)
        if stored is not None:
            stored.write_bytes(pickle.dumps(tree, 5))
        return tree
