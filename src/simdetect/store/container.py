"""A file of named sections of compressed frames: checksummed, written whole or not at all, read through a memory map.

    header   64 bytes: magic, format version, where the table is, checksums
    frames   zstandard, one after another
    table    JSON (kind, facts, sections) and for each frame its place, sizes and checksum

Nothing is believed before its checksum agrees, and nothing is allocated for a size that a limit does not allow, since a
file may come from anyone: checksums find damage, bounds keep forged files harmless. A frame is checked when it is read,
so that a scan pays for what it uses.

Why not Parquet or Arrow? pyarrow installs 150 MB beside the 5 MB of zstandard (needed anyway), its dictionary pages
hold no 64-bit symbols, and compressed Parquet cannot be mapped either.

History of the format: 1 first version; 2 an index lists which files have each name, constant and word; 3 cells in place
of places, neutral symbols of 48 bits.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt
import zstandard

from simdetect.errors import StoreError
from simdetect.model import nested
from simdetect.store.atomic import write_whole

__all__ = ["VERSION", "Container", "ContainerWriter", "is_container", "write_container"]

VERSION: Final = 3
MAX_FRAME_BYTES: Final = 256 << 20  # the symbols of a file at the default size limit take 128 MiB
_MAX_TABLE_BYTES: Final = 512 << 20

_MAGIC: Final = b"\x89simdetect\r\n\x1a\n\0\0"  # as of PNG: shows when line ends were converted
_HEADER: Final = struct.Struct("<16sIIQ16s16s")  # magic, version, table bytes, table offset, its checksum, the header's
_FRAME: Final = np.dtype([("offset", "<u8"), ("n_stored", "<u4"), ("n_bytes", "<u4"), ("checksum", "<u8")])
_LEVEL: Final = 13  # a third of what an index costs; 9 gives files 3 % larger in a quarter of that, 19 2 % smaller

Frames = npt.NDArray[np.void]


def is_container(head: bytes) -> bool:
    """Whether a file that begins like this claims to be one of simdetect's."""
    return head[:10] == _MAGIC[:10]


# --- writing -------------------------------------------------------------------------------------------------------


class ContainerWriter:
    """Adds frames to an open file. Sections are named by the first frame that is added to them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._frames: dict[str, list[tuple[int, int, int, int]]] = {}
        self._offset = file.write(bytes(_HEADER.size))

    def add(self, section: str, data: bytes) -> None:
        """Append one frame to a section. Raises StoreError when it is too large to be read back."""
        if len(data) > MAX_FRAME_BYTES:
            raise StoreError(f"{section}: {len(data)} bytes in one piece are too many for an index")
        stored = self._compressor.compress(data)
        entry = (self._offset, len(stored), len(data), _checksum(stored))
        self._frames.setdefault(section, []).append(entry)
        self._offset += self._file.write(stored)

    def add_array(self, section: str, values: npt.NDArray[Any], *, is_shuffled: bool = False) -> None:
        """Append an array as one frame, little-endian; all lowest bytes first when shuffled. Raises StoreError."""
        plain = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        shuffles = is_shuffled and len(plain)
        self.add(section, plain.view(np.uint8).reshape(len(plain), -1).T.tobytes() if shuffles else plain.tobytes())

    def finish(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Write the table and the header."""
        sections = [[name, len(frames)] for name, frames in self._frames.items()]
        text = json.dumps({"kind": kind, "facts": facts, "sections": sections}, sort_keys=True).encode()
        rows = np.array([frame for frames in self._frames.values() for frame in frames], _FRAME)
        table = struct.pack("<I", len(text)) + text + rows.tobytes()
        self._file.write(table)
        self._file.seek(0)
        self._file.write(_header(VERSION, len(table), self._offset, _digest(table)))


def write_container(path: Path, fill: Callable[[ContainerWriter], None]) -> None:
    """Write a container in one step: a reader sees the old file or the whole new one. Raises StoreError."""
    write_whole(path, lambda file: fill(ContainerWriter(file)))


def _header(version: int, n_bytes: int, offset: int, digest: bytes) -> bytes:
    start = _HEADER.pack(_MAGIC, version, n_bytes, offset, digest, b"")[:-16]
    return start + _digest(start)


def _digest(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _checksum(data: bytes | memoryview) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """An open container. kind: what it holds. facts: what its writer noted. Safe to read from several threads."""

    path: Path
    kind: str
    facts: Mapping[str, Any]
    _map: mmap.mmap
    _frames: Mapping[str, Frames]

    @classmethod
    def open(cls, path: Path) -> Container:
        """Map a container and check its table. Raises StoreError: missing, foreign, newer, truncated or damaged."""
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size < _HEADER.size:
                    raise StoreError(f"{path} is not a simdetect index: only {size} bytes")
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise StoreError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
        content, frames = _read_table(path, mapped)
        return cls(path, content["kind"], content["facts"], mapped, frames)

    def n_frames(self, section: str) -> int:
        """Number of frames of a section, 0 when there is none of that name."""
        return len(self._frames[section]) if section in self._frames else 0

    def read(self, section: str, frame: int) -> bytes:
        """One frame. Raises StoreError when it is missing or damaged."""
        if not 0 <= frame < self.n_frames(section):
            raise StoreError(f"{self.path} is damaged: {section} has no part {frame}")
        offset, n_stored, n_bytes, checksum = self._frames[section][frame].item()
        with memoryview(self._map)[offset : offset + n_stored] as stored:
            if _checksum(stored) != checksum:
                raise StoreError(f"{self.path} is damaged: the checksum of {section} does not agree")
            return self._decompress(stored, n_bytes, section)

    def _decompress(self, stored: memoryview, n_bytes: int, section: str) -> bytes:
        """A frame's own claim of its size is what zstandard allocates: it must be the one that was checked."""
        try:
            if zstandard.frame_content_size(stored) != n_bytes:
                raise zstandard.ZstdError("not of the size that it should have")
            data = zstandard.ZstdDecompressor().decompress(stored, max_output_size=n_bytes) if n_bytes else b""
        except zstandard.ZstdError as error:
            raise StoreError(f"{self.path} is damaged: {section}: {error}") from None
        return data

    def array(self, section: str, frame: int, dtype: npt.DTypeLike, *, is_shuffled: bool = False) -> npt.NDArray[Any]:
        """One frame as an array, as `add_array` was given it. Raises StoreError."""
        data, size = self.read(section, frame), np.dtype(dtype).itemsize
        if len(data) % size:
            raise StoreError(f"{self.path} is damaged: {section} has a part of {len(data)} bytes")
        if not is_shuffled:
            return np.frombuffer(data, dtype)
        planes = np.frombuffer(data, np.uint8).reshape(size, -1)
        return np.ascontiguousarray(planes.T).view(dtype).ravel()

    def json(self, section: str, frame: int) -> Any:
        """One frame of JSON. Raises StoreError."""
        try:
            return nested.loads(self.read(section, frame))
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{self.path} is damaged: {section} is not JSON ({type(error).__name__})") from None


def _read_table(path: Path, mapped: mmap.mmap) -> tuple[dict[str, Any], dict[str, Frames]]:
    head = mapped[: _HEADER.size]
    magic, version, n_bytes, offset, digest, header_digest = _HEADER.unpack(head)
    if not is_container(magic):
        raise StoreError(f"{path} is not a simdetect index")
    if magic != _MAGIC:
        raise StoreError(f"{path} is damaged: was it copied as text?")
    if header_digest != _digest(head[:-16]):
        raise StoreError(f"{path} is damaged: the checksum of its header does not agree")
    if version > VERSION:
        raise StoreError(f"{path} was written by a newer simdetect (format {version}; this one reads up to {VERSION})")
    if version < VERSION:
        raise StoreError(f"{path} was written by an older simdetect (format {version}): make it anew")
    if offset + n_bytes > len(mapped) or n_bytes > _MAX_TABLE_BYTES:
        raise StoreError(f"{path} is truncated: {len(mapped)} bytes of {offset + n_bytes}")
    table = mapped[offset : offset + n_bytes]
    if _digest(table) != digest:
        raise StoreError(f"{path} is damaged: the checksum of its table does not agree")
    try:
        return _parse_table(table, offset)
    except (ValueError, KeyError, TypeError, RecursionError, struct.error) as error:
        raise StoreError(f"{path} is damaged: its table is malformed ({type(error).__name__})") from None


def _parse_table(table: bytes, end: int) -> tuple[dict[str, Any], dict[str, Frames]]:
    (n_text,) = struct.unpack_from("<I", table)
    content = nested.loads(table[4 : 4 + n_text])
    rows = np.frombuffer(table[4 + n_text :], _FRAME)
    if not isinstance(content["kind"], str) or not isinstance(content["facts"], dict):
        raise TypeError("kind or facts")
    last = rows["offset"].astype(object) + rows["n_stored"].astype(object)
    if any(stop > end for stop in last.tolist()) or (rows["n_bytes"] > MAX_FRAME_BYTES).any():
        raise ValueError("a frame lies outside")
    return content, dict(_sections(content["sections"], rows))


def _sections(named: Sequence[Sequence[Any]], rows: Frames) -> Iterator[tuple[str, Frames]]:
    start = 0
    for name, n in named:
        if not isinstance(name, str) or not isinstance(n, int) or not 0 <= n <= len(rows) - start:
            raise ValueError("sections")
        yield name, rows[start : start + n]
        start += n
