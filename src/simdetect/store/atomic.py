"""Files that are written whole or not at all, and what writers that were killed leave behind.

A writer fills a temporary file beside its target, then puts it in the target's place: a reader sees the old file or the
whole new one, also after a crash. A writer that is killed leaves its temporary file; `sweep` and `sweep_folder` remove
those, when nobody is writing.
"""

from __future__ import annotations

import contextlib
import glob
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from simdetect.errors import StoreError

__all__ = ["replacing", "sweep", "sweep_folder", "write_text", "write_whole"]

_SUFFIX: Final = ".tmp"
_NAME_CHARACTERS: Final = 40  # of the target's name: with a random part and a suffix no name becomes too long


@contextlib.contextmanager
def replacing(path: Path, *, keeps_mode: bool = False) -> Iterator[IO[bytes]]:
    """A file to fill, which takes the place of path at the end; after an error it is gone and path is as it was.

    keeps_mode: a file that is replaced hands on its permissions. Otherwise, and for a new file, they are the ordinary
    ones. Raises OSError.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=_SUFFIX)
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
    """Let fill write a file, whole or not at all. Raises StoreError."""
    try:
        with replacing(path) as file:
            fill(file)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, whole or not at all. Raises StoreError."""
    content = text.encode()
    write_whole(path, lambda file: file.write(content))


def sweep(path: Path) -> None:
    """Remove what writers of a file that were killed left beside it."""
    _remove(path.parent.glob(f"{glob.escape(_prefix(path))}*{_SUFFIX}"))


def sweep_folder(folder: Path) -> None:
    """Remove what writers of any of its files that were killed left in a folder."""
    _remove(folder.glob(f".*{_SUFFIX}"))


def _remove(paths: Iterator[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _prefix(path: Path) -> str:
    return f".{path.name[:_NAME_CHARACTERS]}."


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
