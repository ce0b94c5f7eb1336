"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from simdetect.errors import StoreError

__all__ = ["replace_file", "write_whole"]


def write_whole(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Let fill write a file beside path, then put it in its place: a reader sees the old file or the whole new one,
    also after a crash. Raises StoreError."""
    try:
        replace_file(path, fill)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error


def replace_file(path: Path, fill: Callable[[IO[bytes]], object], mode: int | None = None) -> None:
    """`write_whole` for callers with their own words for what goes wrong. mode: permissions of the new file; None for
    those that this process gives to new files. Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask() if mode is None else mode)
        Path(temporary).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
