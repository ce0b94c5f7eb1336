"""One range of the hashes of a corpus: which members have which."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from simdetect.errors import StoreError
from simdetect.model import U32
from simdetect.store.container import Container, ContainerWriter, write_container
from simdetect.store.posting_lists import add_postings, read_postings

__all__ = ["open_shard", "write_shard"]

_KIND: Final = "hashes"
_PER_FRAME: Final = 1 << 20
_SECTIONS: Final = ("hash", "member")


def write_shard(path: Path, hashes: U32, members: U32, facts: Mapping[str, Any]) -> None:
    """Write pairs of hash and member, (n,) uint32 each, by hash. Raises StoreError."""

    def fill(writer: ContainerWriter) -> None:
        add_postings(writer, _SECTIONS, hashes, members, _PER_FRAME)
        writer.finish(_KIND, facts)

    write_container(path, fill)


def open_shard(path: Path) -> tuple[U32, U32]:
    """The pairs of a shard. Raises StoreError: missing, foreign or damaged."""
    container = Container.open(path)
    if container.kind != _KIND:
        raise StoreError(f"{path} is no part of a corpus but a {container.kind[:40]!r}")
    hashes, members = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    for frame in range(container.n_frames("hash")):
        some_hashes, some_members = read_postings(container, _SECTIONS, frame)
        hashes.append(some_hashes)
        members.append(some_members)
    found = np.concatenate(hashes), np.concatenate(members)
    if len(found[0]) != len(found[1]) or (np.diff(found[0].astype(np.int64)) < 0).any():
        raise StoreError(f"{path} is damaged: hashes and members do not fit together")
    return found
