"""Tar archives, compressed or not, as a stream of members."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import IO, Final, cast

from simdetect.model import SkipReason
from simdetect.sources.members import Member, damage
from simdetect.sources.streams import CORRUPT, ArchiveLimitError, Meter, open_stream

__all__ = ["tar_members"]

_BLOCK: Final = tarfile.RECORDSIZE
_HEADER_BYTES: Final = 1 << 20  # of extended headers before one member; names and attributes need a few KiB
_DAMAGE: Final = (*CORRUPT, tarfile.TarError)
_CHUNK: Final = 1 << 20


def tar_members(file: IO[bytes], max_file_bytes: int, max_archive_bytes: int) -> Iterator[Member]:
    """Members in the order of the archive; a last one with a reason when it does not end as it should."""
    meter = Meter(open_stream(file), max_archive_bytes)
    try:
        yield from _read(meter, max_file_bytes)
    except ArchiveLimitError:
        detail = f"over {max_archive_bytes} extracted bytes or an oversized header: the rest is not read"
        yield Member("", reason=SkipReason.LIMIT, detail=detail)
    except _DAMAGE as error:
        yield damage("", error if meter.n_read else "nothing can be decompressed")


def _read(meter: Meter, max_file_bytes: int) -> Iterator[Member]:
    meter.allow(_HEADER_BYTES)
    with tarfile.open(
        fileobj=cast(IO[bytes], meter), mode="r|", bufsize=_BLOCK, encoding="utf-8", errors="surrogateescape"
    ) as tar:
        while (info := _next(tar, meter)) is not None:
            if info.isdir():
                continue
            yield _member(tar, info, max_file_bytes)
    if meter.tail.strip(b"\0"):
        yield damage("", "does not end with its end mark: members may be missing")


def _next(tar: tarfile.TarFile, meter: Meter) -> tarfile.TarInfo | None:
    meter.allow(_HEADER_BYTES)
    info = tar.next()
    # tarfile keeps every header otherwise, and a million empty members would fill the memory; not in its stubs
    tar.members = []  # type: ignore[attr-defined]
    meter.allow(None)
    return info


def _member(tar: tarfile.TarFile, info: tarfile.TarInfo, max_file_bytes: int) -> Member:
    if info.issym():
        return Member(info.name, reason=SkipReason.SYMLINK, detail="links are not followed")
    if info.islnk():
        return Member(info.name, link=info.linkname)
    if not info.isreg():
        return Member(info.name, reason=SkipReason.SPECIAL_FILE, detail="not a regular file")
    try:
        return _data(tar, info, max_file_bytes)
    except _DAMAGE as error:
        return damage(info.name, error)


def _data(tar: tarfile.TarFile, info: tarfile.TarInfo, max_file_bytes: int) -> Member:
    """The bytes of a regular member, read to its end so that the next header is all that `next` reads."""
    stream = tar.extractfile(info)
    assert stream is not None  # it is a regular member
    kept = stream.read(min(max_file_bytes, info.size)) if info.size <= max_file_bytes else None
    while stream.read(_CHUNK):
        pass
    if kept is None:
        return Member(info.name, reason=SkipReason.TOO_LARGE, n_bytes=info.size)
    return Member(info.name, kept)
