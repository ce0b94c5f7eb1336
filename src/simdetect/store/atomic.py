"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from simdetect.errors import StoreError

__all__ = ["replacing", "write_whole"]


@contextlib.contextmanager
def replacing(path: Path, *, keeps_mode: bool = False) -> Iterator[IO[bytes]]:
    """A file to fill, which takes the place of path at the end; after an error it is gone and path is as it was.

    keeps_mode: a file that is replaced hands on its permissions. Otherwise, and for a new file, they are the ordinary
    ones. Raises OSError.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o7777 if keeps_mode and path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Let fill write a file beside path, then put it in its place: a reader sees the old file or the whole new one,
    also after a crash. Raises StoreError."""
    try:
        with replacing(path) as file:
            fill(file)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
