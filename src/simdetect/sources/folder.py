"""A folder or a single file on disk -> entries. Reads only regular files, through descriptors, below the root.

No symlink below the root is followed: links are listed, the last part is opened with O_NOFOLLOW, and what was opened
must be the very file that was listed (device and inode), so a folder swapped for a link while reading is noticed.
FIFOs, sockets and devices are never opened. Paths longer than the system allows are opened in pieces.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simdetect.errors import InputError
from simdetect.model import SkipReason
from simdetect.sources.entry import (
    ONLY_CODE,
    UNLISTED_SLACK,
    VERSION_CONTROL_NAMES,
    Entry,
    TooLargeError,
    escape_path,
    has_name_of_code,
)

__all__ = ["folder_entries", "read_descriptor", "single_file_entry"]

_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_PIECE_BYTES: Final = 1000  # of a path opened at once: Linux allows 4096, macOS 1024

_Identity = tuple[int, int]  # device, inode


def folder_entries(root: Path, max_files: int, max_path_bytes: int) -> Iterator[Entry]:
    """Everything below a folder, sorted by path; each entry can be read until the next is asked for.

    max_path_bytes: folders with longer paths are recorded, not read: opening grows with the square of the depth.
    """
    try:
        root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)  # the root itself may be a link
    except OSError as error:
        raise InputError(f"cannot read folder {root}: {error.strerror}") from error
    root_folder = _Root([("", root_fd)])
    try:
        listed = _walk(root_folder, max_files + UNLISTED_SLACK, max_path_bytes)
        yield from sorted(listed, key=lambda entry: entry.path)
    finally:
        root_folder.close()


def single_file_entry(path: Path) -> Entry:
    """The entry of a file that the user named; it may be a link. Its path is its name."""

    def read(limit: int) -> bytes:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            return read_descriptor(fd, limit)
        finally:
            os.close(fd)

    return Entry(escape_path(path.name), read)


@dataclass(frozen=True, slots=True)
class _Root:
    """The root, and the folders on the way to the long path that was opened last: 5,000 folders inside each other, each
    opened from the root, took 3 s. chain: what their paths begin with, and their descriptors."""

    chain: list[tuple[str, int]]

    def base(self, path: str) -> tuple[int, str]:
        """A folder to open a path from, and the rest of the path."""
        while not path.startswith(self.chain[-1][0]):
            os.close(self.chain.pop()[1])
        prefix, fd = self.chain[-1]
        rest = path[len(prefix) :]
        while len(os.fsencode(rest)) > _PIECE_BYTES:
            piece, rest = _split(rest)
            fd = os.open(piece, _FOLDER_FLAGS, dir_fd=fd)
            prefix += f"{piece}/"
            self.chain.append((prefix, fd))
        return fd, rest

    def close(self) -> None:
        """Close all descriptors."""
        for _, fd in self.chain:
            os.close(fd)


def _walk(root: _Root, max_entries: int, max_path_bytes: int) -> Iterator[Entry]:
    """Entries below the root, depth first without recursion, so depth costs no stack."""
    pending: list[tuple[str, _Identity | None, bool]] = [("", None, False)]
    n_entries = 0
    while pending:
        folder, identity, is_inside = pending.pop()
        if len(os.fsencode(folder)) > max_path_bytes:
            yield Entry(escape_path(folder), None, SkipReason.LIMIT, f"path over {max_path_bytes} bytes")
            continue
        for entry, subfolder in _list(root, folder, identity):
            if n_entries >= max_entries:
                yield Entry(".", None, SkipReason.LIMIT, f"more than {max_entries} files: the rest is not listed")
                return
            if subfolder is not None:
                path, own = subfolder
                pending.append((path, own, is_inside or path.rpartition("/")[2] in VERSION_CONTROL_NAMES))
            if entry is not None and (not is_inside or (entry.read is not None and has_name_of_code(entry.path))):
                n_entries += 1
                yield entry


def _list(
    root: _Root, folder: str, identity: _Identity | None
) -> Iterator[tuple[Entry | None, tuple[str, _Identity] | None]]:
    """The direct content of one folder: an entry, or a subfolder to visit."""
    try:
        fd = _open_below(root, folder or ".", _FOLDER_FLAGS, identity)
    except OSError as error:
        yield Entry(escape_path(folder), None, SkipReason.UNREADABLE, _reason(error)), None
        return
    try:
        with os.scandir(fd) as listing:
            for item in sorted(listing, key=lambda item: item.name):
                yield _classify(root, f"{folder}/{item.name}" if folder else item.name, item)
    except OSError as error:
        yield Entry(escape_path(folder or "."), None, SkipReason.UNREADABLE, _reason(error)), None
    finally:
        os.close(fd)


def _classify(root: _Root, path: str, item: os.DirEntry[str]) -> tuple[Entry | None, tuple[str, _Identity] | None]:
    try:
        status = item.stat(follow_symlinks=False)
    except OSError as error:
        return Entry(escape_path(path), None, SkipReason.UNREADABLE, _reason(error)), None
    identity = (status.st_dev, status.st_ino)
    if stat.S_ISLNK(status.st_mode):
        return Entry(escape_path(path), None, SkipReason.SYMLINK, "links are not followed"), None
    if item.name in VERSION_CONTROL_NAMES:
        entry = Entry(escape_path(path), None, SkipReason.VERSION_CONTROL, ONLY_CODE)
        return entry, (path, identity) if stat.S_ISDIR(status.st_mode) else None
    if stat.S_ISDIR(status.st_mode):
        return None, (path, identity)
    if not stat.S_ISREG(status.st_mode):
        return Entry(escape_path(path), None, SkipReason.SPECIAL_FILE, "not a regular file"), None
    return Entry(escape_path(path), lambda limit: _read_below(root, path, identity, limit)), None


def _read_below(root: _Root, path: str, identity: _Identity, limit: int) -> bytes:
    fd = _open_below(root, path, _FILE_FLAGS, identity)
    try:
        return read_descriptor(fd, limit)
    finally:
        os.close(fd)


def _open_below(root: _Root, path: str, flags: int, identity: _Identity | None) -> int:
    """Open a path below the root, in pieces when it is long. Raises OSError, also when it is not what was listed."""
    base, rest = root.base(path)
    fd = os.open(rest, flags, dir_fd=base)
    status = os.fstat(fd)
    if identity is not None and identity != (status.st_dev, status.st_ino):
        os.close(fd)
        raise OSError("was replaced while it was read")
    return fd


def _split(path: str) -> tuple[str, str]:
    """Cut a long path at the last "/" within a piece; a single name is at most 255 bytes, so there is one."""
    raw = os.fsencode(path)
    cut = raw.rindex(b"/", 0, _PIECE_BYTES)
    return os.fsdecode(raw[:cut]), os.fsdecode(raw[cut + 1 :])


def read_descriptor(fd: int, limit: int) -> bytes:
    """The bytes of an open regular file, at most `limit`; a file that grows while it is read stops there too."""
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        raise OSError("not a regular file")
    if status.st_size > limit:
        raise TooLargeError(status.st_size)
    chunks, n_bytes = [], 0
    while chunk := os.read(fd, max(status.st_size - n_bytes, 0) + 1):
        chunks.append(chunk)
        n_bytes += len(chunk)
        if n_bytes > limit:
            raise TooLargeError(None)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
