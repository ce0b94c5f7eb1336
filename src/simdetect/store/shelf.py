"""Index files that a cache folder holds by key; the least recently used go when they exceed a limit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from simdetect.errors import StoreError
from simdetect.store.columns import VERSION
from simdetect.store.stored_index import StoredIndex, open_index

__all__ = ["FOLDER", "Shelf"]

FOLDER: Final = f"originals-{VERSION}"


class Shelf:
    """Indexes in a subfolder of a cache folder. Processes may share it."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder / FOLDER
        self._max_bytes = max_bytes

    def get(self, key: str, make: Callable[[Path], None]) -> StoredIndex | None:
        """The index of a key, written by make if it is missing or damaged; None when the folder cannot be used."""
        path = self._folder / f"{key}.sdx"
        with contextlib.suppress(StoreError):
            if path.exists():
                found = open_index(path)
                with contextlib.suppress(OSError):
                    os.utime(path)
                return found
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return None
        try:
            make(path)
            found = open_index(path)  # stays readable when another process shrinks the shelf
        except StoreError:
            return None
        self._shrink()
        return found

    def _shrink(self) -> None:
        with contextlib.suppress(OSError):
            files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.glob("*.sdx"))
            excess = sum(size for _, size, _ in files) - self._max_bytes
            for _, size, path in files:
                if excess <= 0:
                    return
                path.unlink(missing_ok=True)
                excess -= size
