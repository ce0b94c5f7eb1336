"""What a git server sends, before it is believed: a pack is walked with bounds, then put into a bare repository.

dulwich inflates every object of a pack as a whole, so a stranger's pack of 1 MB could ask for all memory there is. The
walk inflates piece by piece and adds up what the objects say they come to; what the pack says is checked against what
it holds when it is indexed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.pack import UnpackedObject, full_unpacked_object, write_pack_data
from dulwich.repo import Repo

from simdetect.errors import InputError

__all__ = ["PackLimits", "add_pack", "check_pack", "commit_of", "objects_of", "write_pack"]

_CHUNK: Final = 1 << 16
_HEADER: Final = 12
_TRAILER: Final = 20
_OFFSET_DELTA, _NAME_DELTA = 6, 7
_MOST_TAGS: Final = 16  # that point to tags


@dataclass(frozen=True, slots=True)
class PackLimits:
    """object_bytes: of one object, as it is when all deltas are applied. total_bytes: of all. objects: how many."""

    object_bytes: int = 256 << 20
    total_bytes: int = 4 << 30
    objects: int = 1_000_000


@dataclass(slots=True)
class _Bytes:
    """The bytes of a pack, read as they are needed. pending: read and not used."""

    file: IO[bytes]
    pending: bytes = b""

    def take(self, n: int) -> bytes:
        """Exactly n bytes. Raises InputError."""
        while len(self.pending) < n:
            self.more()
        taken, self.pending = self.pending[:n], self.pending[n:]
        return taken

    def more(self) -> None:
        chunk = self.file.read(_CHUNK)
        if not chunk:
            raise InputError("the pack ends in the middle")
        self.pending += chunk


def check_pack(file: IO[bytes], limits: PackLimits) -> None:
    """Walk a pack from where the file stands. Raises InputError when it is none, or one that is too large."""
    data = _Bytes(file)
    head = data.take(_HEADER)
    n_objects = int.from_bytes(head[8:], "big")
    if head[:4] != b"PACK" or head[4:8] not in (b"\0\0\0\2", b"\0\0\0\3"):
        raise InputError("what the server sent is no pack")
    if n_objects > limits.objects:
        raise InputError(f"the pack has {n_objects:,} objects, more than {limits.objects:,}")
    total = 0
    for _ in range(n_objects):
        total += _object_bytes(data, limits.object_bytes)
        if total > limits.total_bytes:
            raise InputError(f"the pack comes to more than {limits.total_bytes:,} bytes")
    data.take(_TRAILER)


def _object_bytes(data: _Bytes, most: int) -> int:
    """Size of the next object, deltas applied; the pack stands behind it afterwards."""
    kind, size = _header(data)
    if kind == _OFFSET_DELTA:
        while data.take(1)[0] & 0x80:
            pass
    elif kind == _NAME_DELTA:
        data.take(20)
    if size > most:
        raise InputError(f"the pack has an object of {size:,} bytes, more than {most:,}")
    beginning = _inflate(data, size)
    if kind not in (_OFFSET_DELTA, _NAME_DELTA):
        return size
    _, rest = _varint(beginning)
    result, _ = _varint(rest)
    if result > most:
        raise InputError(f"the pack has an object of {result:,} bytes, more than {most:,}")
    return size + result


def _header(data: _Bytes) -> tuple[int, int]:
    """Kind and size of an object in a pack."""
    byte = data.take(1)[0]
    kind, size, shift = (byte >> 4) & 7, byte & 15, 4
    while byte & 0x80:
        byte = data.take(1)[0]
        size |= (byte & 0x7F) << shift
        shift += 7
        if shift > 63:
            raise InputError("the pack is damaged")
    return kind, size


def _inflate(data: _Bytes, size: int) -> bytes:
    """Inflate an object without keeping it; returns its beginning. Raises InputError unless it has its size."""
    inflater, n_bytes, beginning = zlib.decompressobj(), 0, b""
    while not inflater.eof:
        if not data.pending:
            data.more()
        try:
            chunk = inflater.decompress(data.pending, _CHUNK)
        except zlib.error as error:
            raise InputError("the pack is damaged") from error
        data.pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        beginning = beginning or chunk[:64]
        n_bytes += len(chunk)
        if n_bytes > size:
            break
    if n_bytes != size:
        raise InputError("the pack is damaged: an object has another size than it says")
    return beginning


def _varint(data: bytes) -> tuple[int, bytes]:
    value = 0
    for i, byte in enumerate(data[:10]):
        value |= (byte & 0x7F) << (7 * i)
        if not byte & 0x80:
            return value, data[i + 1 :]
    raise InputError("the pack is damaged")


# --- into and out of a repository ------------------------------------------------------------------------------------


def add_pack(repository: Repo, file: IO[bytes]) -> None:
    """Put a pack that was checked into a repository. Raises InputError."""
    store: DiskObjectStore = repository.object_store
    target, commit, abort = store.add_pack()
    try:
        while chunk := file.read(_CHUNK):
            target.write(chunk)
    except BaseException:
        abort()
        raise
    try:
        commit()
    except Exception as error:  # formats, checksums and deltas have errors of their own
        raise InputError(f"the pack is damaged ({type(error).__name__}: {str(error)[:100]})") from error


def commit_of(repository: Repo, name: ObjectID) -> Commit:
    """The commit that an object is, or that a tag points to. Raises InputError."""
    try:
        found = repository[name]
        for _ in range(_MOST_TAGS):
            if not isinstance(found, Tag):
                break
            found = repository[found.object[1]]
    except Exception as error:
        raise InputError(f"{name.decode('ascii', 'replace')} is not there or damaged") from error
    if not isinstance(found, Commit):
        raise InputError(f"{name.decode('ascii', 'replace')} is no commit")
    return found


def objects_of(repository: Repo, commit: Commit) -> list[tuple[ObjectID, int]]:
    """Everything that a commit holds, itself first, with its mode in the tree that holds it: folders and files, each
    once, without other repositories. Raises InputError when a folder is missing or a file is not there."""
    found: dict[ObjectID, int] = {commit.id: 0, commit.tree: 0o040000}
    pending = [commit.tree]
    while pending:
        try:
            tree = repository[pending.pop()]
            items = list(tree.iteritems()) if isinstance(tree, Tree) else None
        except Exception:
            items = None
        if items is None:
            raise InputError(f"a folder of {commit.id.decode()} is missing or damaged")
        for _, mode, name in items:
            if mode & 0o170000 != 0o160000 and name not in found:
                found[name] = mode
                if mode & 0o170000 == 0o040000:
                    pending.append(name)
                elif name not in repository.object_store:
                    raise InputError(f"a file of {commit.id.decode()} is missing")
    return list(found.items())


def write_pack(source: Path, names: list[ObjectID], file: IO[bytes]) -> None:
    """Write what commits of a repository on disk hold, without their history, as a pack. Raises InputError."""
    try:
        opened = Repo(str(source))
    except Exception as error:
        raise InputError(f"{source} is no git repository") from error
    with closing(opened) as repository:
        wanted: dict[ObjectID, None] = {}
        for name in names:
            if (tag := _tag(repository, name)) is not None:
                wanted[tag] = None
            wanted.update(dict.fromkeys(one for one, _ in objects_of(repository, commit_of(repository, name))))
        format = repository.object_store.object_format
        write_pack_data(file.write, _records(repository, list(wanted)), format, num_records=len(wanted))


def _tag(repository: Repo, name: ObjectID) -> ObjectID | None:
    return name if isinstance(repository[name], Tag) else None


def _records(repository: Repo, names: list[ObjectID]) -> Iterator[UnpackedObject]:
    for name in names:
        found: ShaFile = repository[name]
        yield full_unpacked_object(found)
