"""New text made of pieces of old text, so that every byte span can be followed through a transformation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Copy", "Piece", "edited", "moved", "rendered"]


@dataclass(frozen=True, slots=True)
class Copy:
    """Bytes start to end of the old text."""

    start: int
    end: int


Piece = Copy | bytes
Span = tuple[int, int]


def rendered(content: bytes, pieces: Iterable[Piece]) -> bytes:
    """The new text."""
    return b"".join(content[piece.start : piece.end] if isinstance(piece, Copy) else piece for piece in pieces)


def edited(content: bytes, edits: Iterable[tuple[int, int, bytes]]) -> list[Piece]:
    """Pieces of a text in which spans were replaced. edits: (start, end, text), ascending, without overlap."""
    pieces: list[Piece] = []
    position = 0
    for start, end, text in edits:
        pieces += [Copy(position, start), text]
        position = end
    return [*pieces, Copy(position, len(content))]


def moved(pieces: Sequence[Piece], spans: Sequence[Span]) -> list[Span | None]:
    """Where spans of the old text lie in the new one: from the first to the last of their bytes; None when all went."""
    lengths = np.array([p.end - p.start if isinstance(p, Copy) else len(p) for p in pieces], np.int64)
    new = np.concatenate(([0], np.cumsum(lengths)))[:-1]
    kept = np.array([isinstance(p, Copy) and p.end > p.start for p in pieces], bool)
    old = np.array([p.start for p in pieces if isinstance(p, Copy) and p.end > p.start], np.int64)
    new, lengths = new[kept], lengths[kept]
    return [_moved(old, new, lengths, start, end) for start, end in spans]


def _moved(old: np.ndarray, new: np.ndarray, lengths: np.ndarray, start: int, end: int) -> Span | None:
    first, last = np.maximum(old, start), np.minimum(old + lengths, end)
    inside = first < last
    if not inside.any():
        return None
    shift = (new - old)[inside]
    return int((first[inside] + shift).min()), int((last[inside] + shift).max())
