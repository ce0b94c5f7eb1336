"""One analysed file <-> the bytes of a cache entry: a checksum, then JSON and arrays, compressed."""

from __future__ import annotations

import hashlib
import json
import struct
from typing import Any, Final

import numpy as np
import zstandard

from simdetect.errors import StoreError
from simdetect.model import U16, nested
from simdetect.store.columns import COLUMNS, FileParts, from_arrays, to_arrays

__all__ = ["pack_entry", "unpack_entry"]

_CHECKSUM_BYTES: Final = 16
_MAX_BYTES: Final = 1 << 30
_LEVEL: Final = 3
# What an entry can raise whose checksum agrees: OverflowError for a length of 2**64, the others as their names say.
_MALFORMED: Final = (
    zstandard.ZstdError, struct.error, ValueError, KeyError, TypeError, OverflowError, RecursionError, AttributeError
)  # fmt: skip


def pack_entry(parts: FileParts, sketch: U16 | None) -> bytes:
    """The bytes of one file's results."""
    arrays = list(to_arrays(parts).values()) + ([] if sketch is None else [sketch])
    tokens, prints = parts.tokens, parts.fingerprints
    facts = {
        "n": [len(array) for array in arrays],
        "error_share": tokens.error_share,
        "degraded": tokens.degraded,
        "has_form": tokens.has_form,
        "k": prints.k,
        "window": prints.window,
        "word_k": parts.prose.fingerprints.k,
        "word_window": parts.prose.fingerprints.window,
        "unit_kind": tokens.units.kind,
        "unit_name": tokens.units.name,
    }
    text = json.dumps(facts).encode()
    plain = struct.pack("<I", len(text)) + text + b"".join(array.tobytes() for array in arrays)
    stored = zstandard.ZstdCompressor(level=_LEVEL).compress(plain)
    return hashlib.blake2b(stored, digest_size=_CHECKSUM_BYTES).digest() + stored


def unpack_entry(data: bytes) -> tuple[FileParts, U16 | None]:
    """The reverse of `pack_entry`. Raises StoreError when the entry is damaged."""
    checksum, stored = data[:_CHECKSUM_BYTES], data[_CHECKSUM_BYTES:]
    if hashlib.blake2b(stored, digest_size=_CHECKSUM_BYTES).digest() != checksum:
        raise StoreError("a cache entry is damaged")
    try:
        if zstandard.frame_content_size(stored) > _MAX_BYTES:
            raise StoreError("a cache entry is too large")
        return _parse(zstandard.ZstdDecompressor().decompress(stored))
    except _MALFORMED as error:
        raise StoreError(f"a cache entry is damaged: {type(error).__name__}") from None


def _parse(plain: bytes) -> tuple[FileParts, U16 | None]:
    (n_text,) = struct.unpack_from("<I", plain)
    facts: dict[str, Any] = nested.loads(plain[4 : 4 + n_text])
    at, arrays = 4 + n_text, {}
    named = [(column.name, column.dtype) for column in COLUMNS] + [("sketch", np.uint16)]
    for (name, dtype), n in zip(named, facts["n"], strict=False):
        arrays[name] = np.frombuffer(plain, dtype, n, at)
        at += arrays[name].nbytes
    sketch = arrays.pop("sketch", None)
    return from_arrays(arrays, facts), sketch
