"""The folder of a corpus: what lies where, what is in it, and which fingerprints it samples.

    CORPUS/corpus.json            what is in it                CORPUS/members/<key>.sdx    the index of one original
    CORPUS/hashes-<n>.sdx         which members have which sampled fingerprint, one file a range of hashes

Of all fingerprints those below a threshold are *sampled* (a FracMinHash sketch: Irber et al., bioRxiv 2022), the same
ones everywhere, so that shares of samples estimate shares of fingerprints.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from simdetect.errors import StoreError
from simdetect.model import U32, U64, nested
from simdetect.options import ScanOptions
from simdetect.store import write_text
from simdetect.tokens.digest import code_digest

__all__ = [
    "N_SHARDS", "SAMPLED", "SCHEMA", "bounds", "has_members", "member_path", "members_folder", "read_members", "sample",
    "shard_path", "write_members",
]  # fmt: skip

SCHEMA: Final = "simdetect.corpus/1"
N_SHARDS: Final = 64
SAMPLED: Final = 8  # one fingerprint of so many
_SHARD_BITS: Final = 32 - 6  # of an upper half of a fingerprint, below the bits that number its shard
_SEED: Final = np.uint64(0x9E3779B97F4A7C15)


def members_folder(corpus: Path) -> Path:
    """Where the indexes of members lie."""
    return corpus / "members"


def member_path(corpus: Path, key: str) -> Path:
    """The index of a member."""
    return members_folder(corpus) / f"{key}.sdx"


def shard_path(corpus: Path, number: int) -> Path:
    """The samples in one range of hashes."""
    return corpus / f"hashes-{number:02d}.sdx"


def _facts_path(corpus: Path) -> Path:
    return corpus / "corpus.json"


# --- samples -------------------------------------------------------------------------------------------------------


def bounds() -> U64:
    """Where the ranges of the shards begin and the last ends. (shards + 1,) uint64."""
    return np.arange(N_SHARDS + 1, dtype=np.uint64) << np.uint64(_SHARD_BITS)


def sample(upper: U32) -> U32:
    """Of the upper halves of fingerprints, distinct and ascending, those that are sampled."""
    mixed = (upper.astype(np.uint64) * _SEED) >> np.uint64(32)
    return upper[(mixed & np.uint64(0xFFFFFFFF)) < np.uint64((1 << 32) // SAMPLED)]


# --- members -------------------------------------------------------------------------------------------------------


def has_members(corpus: Path) -> bool:
    """Whether a folder is a corpus already."""
    return _facts_path(corpus).exists()


def read_members(corpus: Path, options: ScanOptions) -> dict[str, str]:
    """Key -> label of every member, in order. Raises StoreError: no corpus, damaged, or made with other settings."""
    try:
        facts = nested.loads(_facts_path(corpus).read_bytes())
        members = {str(key): str(label) for key, label in facts["members"]}
        is_known = facts["schema"] == SCHEMA and facts["sampled"] == SAMPLED
        settings = facts["settings"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError(f"{corpus} is not a corpus, or is damaged: {type(error).__name__} in corpus.json") from None
    if not is_known:
        raise StoreError(f"{corpus} was made by another version of simdetect: make it anew")
    if settings != options.reading():
        raise StoreError(f"{corpus} was made with other settings: make it anew, or use its settings")
    if not all(len(key) == 40 and key.isalnum() for key in members):
        raise StoreError(f"{corpus} is damaged: a member's name in corpus.json")
    return members


def write_members(corpus: Path, members: Mapping[str, str], options: ScanOptions) -> None:
    """Note the members, key -> label, in order. Raises StoreError."""
    facts = {"schema": SCHEMA, "settings": options.reading(), "code": code_digest(), "sampled": SAMPLED}
    listed = [[key, label] for key, label in members.items()]
    write_text(_facts_path(corpus), json.dumps({**facts, "members": listed}, indent=1) + "\n")
