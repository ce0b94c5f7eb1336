"""Zip archives as a stream of members."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from simdetect.model import SkipReason
from simdetect.sources.members import Member, damage
from simdetect.sources.streams import CORRUPT

__all__ = ["is_zip", "zip_members"]

_DAMAGE: Final = (*CORRUPT, zipfile.BadZipFile, RuntimeError, NotImplementedError)
_CHUNK: Final = 1 << 20
_UTF8_NAME: Final = 0x800
_MADE_ON_DOS: Final = frozenset({0, 10, 11, 14})


def is_zip(file: IO[bytes]) -> bool:
    """Whether a file starts like a zip archive; one with something before it is not taken for one."""
    head = file.read(4)
    file.seek(0)
    return head in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def zip_members(file: IO[bytes], max_file_bytes: int, max_archive_bytes: int) -> Iterator[Member]:
    """Members in the order of the directory at the archive's end."""
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE as error:
        yield damage("", error)
        return
    n_left = max_archive_bytes
    for info in archive.infolist():
        if info.is_dir():
            continue
        if n_left < 0:
            yield Member(_name(info), reason=SkipReason.LIMIT, detail=f"over {max_archive_bytes} extracted bytes")
            continue
        member, n_read = _member(archive, info, max_file_bytes, n_left)
        n_left -= n_read
        yield member


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_file_bytes: int, n_left: int) -> tuple[Member, int]:
    """One member and the number of bytes that it took to read it."""
    name, kind = _name(info), stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return Member(name, reason=SkipReason.SYMLINK, detail="links are not followed"), 0
    if kind not in (0, stat.S_IFREG):
        return Member(name, reason=SkipReason.SPECIAL_FILE, detail="not a regular file"), 0
    if info.file_size > max_file_bytes:
        return Member(name, reason=SkipReason.TOO_LARGE, n_bytes=info.file_size), 0
    try:
        data = _read(archive, info, min(max_file_bytes, n_left))
    except _DAMAGE as error:
        return damage(name, error), min(info.file_size, max_file_bytes)  # it may have cost that much to find out
    if len(data) > n_left:
        return Member(name, reason=SkipReason.LIMIT, detail="over the extracted bytes of an archive"), len(data)
    if len(data) > max_file_bytes:
        return Member(name, reason=SkipReason.TOO_LARGE), len(data)
    return Member(name, data), len(data)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """The bytes of a member, a little over the limit when there are more: headers lie, so reading stops by count."""
    chunks, n_bytes = [], 0
    with archive.open(info) as stream:
        while n_bytes <= limit and (chunk := stream.read(_CHUNK)):
            chunks.append(chunk)
            n_bytes += len(chunk)
    return b"".join(chunks)


def _name(info: zipfile.ZipInfo) -> str:
    """The stored name. Many tools store UTF-8 without saying so; "\\" separates in archives made on DOS."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        name = name.encode("cp437", "replace").decode("utf-8", "surrogateescape")
    return name.replace("\\", "/") if info.create_system in _MADE_ON_DOS and "/" not in name else name
