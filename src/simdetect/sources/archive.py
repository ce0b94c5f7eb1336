"""Tar (plain, gzip, bzip2, xz, zstd) and zip archives -> entries. Read in memory as streams; nothing is written.

- Limits count bytes as they come out of the decompressor: `max_file_bytes` a member, `max_archive_bytes` in all.
- A member with an absolute path or ".." is `unsafe-path`. Symlinks are `symlink`. A hard link to an earlier member has
  that member's bytes, as it would have on disk.
- When a name occurs twice, the last member counts, as for unpacking; earlier ones are recorded as `unsafe-path`.
- When all members lie in one top-level folder, that folder is dropped, so that an archive of `foo/` and the folder
  `foo` itself have the same paths. Not so when names start with "./": then the archive was made inside its root.
- A damaged member is recorded as unreadable and what comes before it is kept. An archive of which nothing can be read
  raises InputError.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from simdetect.errors import InputError
from simdetect.model import SkipReason
from simdetect.options import ScanOptions
from simdetect.sources.entry import (
    ONLY_CODE,
    VERSION_CONTROL_NAMES,
    Entry,
    TooLargeError,
    escape_path,
    has_name_of_code,
    version_control_folder,
)
from simdetect.sources.members import Member
from simdetect.sources.streams import CORRUPT
from simdetect.sources.tar import tar_members
from simdetect.sources.text import is_archive, to_utf8
from simdetect.sources.zip import is_zip, zip_members

__all__ = ["archive_entries", "looks_like_archive"]

_ARCHIVE_NAME: Final = re.compile(r"(?i).*\.(tar|tgz|tbz2?|txz|tzst|zip|tar\.(gz|bz2|xz|zst|zstd))")
_DRIVE: Final = re.compile(r"[A-Za-z]:")

_Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A member with the parts of its path, None when the path is unsafe."""

    parts: _Parts | None
    member: Member


def looks_like_archive(path: Path, head: bytes) -> bool:
    """Whether a file that the user named is to be read as an archive: by its name or its first bytes."""
    return _ARCHIVE_NAME.fullmatch(path.name) is not None or is_archive(head)


def archive_entries(path: Path, options: ScanOptions) -> list[Entry]:
    """Every member of an archive, sorted by path. Raises InputError when it cannot be read at all."""
    try:
        with path.open("rb") as file:
            members = list(_limited(_members(file, options), options.max_archive_members))
    except CORRUPT as error:
        raise InputError(f"cannot read archive {path}: {_one_line(error)}") from error
    if members and all(member.is_damage for member in members):
        raise InputError(f"cannot read archive {path}: {members[0].detail}")
    return sorted(_place(members), key=lambda entry: entry.path)


def _members(file: IO[bytes], options: ScanOptions) -> Iterator[Member]:
    reader = zip_members if is_zip(file) else tar_members
    for member in reader(file, options.max_file_bytes, options.max_archive_bytes):
        yield _without_binary(member)


def _limited(members: Iterator[Member], max_members: int) -> Iterator[Member]:
    for number, member in enumerate(members):
        if number >= max_members:
            yield Member("", reason=SkipReason.LIMIT, detail=f"more than {max_members} members: the rest is not read")
            return
        yield member


def _without_binary(member: Member) -> Member:
    """Let the bytes of binary members go at once: an archive of images must not stay in memory."""
    data = member.data
    if data is None or not data or (not is_archive(data) and to_utf8(data) is not None):
        return member
    reason = SkipReason.ARCHIVE if is_archive(data) else SkipReason.BINARY
    return replace(member, data=None, reason=reason, n_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _place(members: list[Member]) -> Iterator[Entry]:
    """Give each member its place in the tree; record what cannot have one."""
    placed = [_Placed(_parts(member.name), member) for member in members]
    top = _common_top(placed)
    content = {item.parts: item.member for item in placed if item.parts and item.member.link is None}
    last = {item.parts: number for number, item in enumerate(placed)}
    folders: set[_Parts] = set()
    for number, (parts, member) in enumerate((item.parts, item.member) for item in placed):
        if parts is None:
            yield Entry(escape_path(member.name), None, SkipReason.UNSAFE_PATH, "leads out of the archive")
            continue
        path = "/".join(parts[top:]) or "."
        inside = version_control_folder(parts[top:]) if member.reason is not SkipReason.SYMLINK else None
        if inside is not None:
            folders.add(parts[top : top + inside + 1])
        if inside is not None and not (member.data is not None and has_name_of_code(escape_path(path))):
            continue
        if parts and last[parts] != number:
            yield Entry(escape_path(path), None, SkipReason.UNSAFE_PATH, "a later member has the same name")
        else:
            yield _entry(escape_path(path), _resolve(member, content))
    for folder in folders:
        yield Entry(escape_path("/".join(folder)), None, SkipReason.VERSION_CONTROL, ONLY_CODE)


def _parts(name: str) -> _Parts | None:
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    is_unsafe = name.startswith("/") or ".." in parts or (parts and _DRIVE.fullmatch(parts[0]))
    return None if is_unsafe else parts


def _common_top(placed: list[_Placed]) -> int:
    """How many leading parts to drop: 1 when all members share one top-level folder, else 0."""
    if any(item.member.name.startswith("./") for item in placed):
        return 0
    tops = {item.parts[0] if len(item.parts) > 1 else None for item in placed if item.parts}
    return int(len(tops) == 1 and not tops & {None, *VERSION_CONTROL_NAMES})


def _resolve(member: Member, content: dict[_Parts, Member]) -> Member:
    """A hard link as the member it points to."""
    if member.link is None:
        return member
    target = content.get(_parts(member.link) or ())
    if target is None:
        return replace(member, reason=SkipReason.SYMLINK, detail="hard link to nothing in the archive")
    return target


def _entry(path: str, member: Member) -> Entry:
    data, n_bytes = member.data, member.n_bytes
    if data is None:
        return Entry(path, None, member.reason, member.detail, n_bytes, member.sha256)

    def read(limit: int) -> bytes:
        if len(data) > limit:
            raise TooLargeError(len(data))
        return data

    return Entry(path, read)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
