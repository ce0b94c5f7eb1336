"""One batch of files through the per-file stages: what a worker process runs.

Imports nothing that a worker does not need, because every worker pays for its imports.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simdetect.fingerprint import fingerprint
from simdetect.languages import spec_of
from simdetect.model import Fingerprints, Prose, TokenStream
from simdetect.normalize import normalize
from simdetect.parse import parse
from simdetect.prose import prose

__all__ = ["Batch", "Result", "analyse", "code_digest"]

Result = tuple[TokenStream, Fingerprints, Prose]

_STAGES = (
    "normalize",
    "parse",
    "canonical",
    "lexical",
    "tokens",
    "neutral",
    "symbols",
    "grams",
    "fingerprint",
    "prose",
    "words",
)
_CODE = ("analysis", "model", *_STAGES, "languages/*")  # what `code_digest` covers


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one language to analyse together. lexical: why they must not be parsed, or None."""

    language: str
    contents: Sequence[bytes]
    k: int
    window: int
    lexical: str | None = None


def analyse(batch: Batch) -> list[Result]:
    """Tokens, fingerprints and words of every file of the batch, in order."""
    streams = _streams(batch)
    fingerprints = fingerprint([stream.normal for stream in streams], batch.k, batch.window)
    return list(zip(streams, fingerprints, prose(batch.contents, streams, fingerprint), strict=True))


def _streams(batch: Batch) -> list[TokenStream]:
    reason = batch.lexical if spec_of(batch.language).module else "no-grammar"
    if reason is not None:
        from simdetect.lexical import lexical_streams

        return lexical_streams(batch.contents, batch.language, reason)
    nodes = [parse(content, batch.language) for content in batch.contents]
    return normalize(nodes, batch.contents, batch.language)


@cache
def code_digest() -> str:
    """16 hex digits over the source of the per-file stages: results of other code must not be taken for these."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for name in _CODE for path in folder.glob(f"{name}.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
