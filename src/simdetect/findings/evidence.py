"""Pieces of evidence: which lines on both sides, what they are worth, a stable fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.findings.excerpts import excerpt
from simdetect.findings.sides import EvidenceSource, Sides, line_span
from simdetect.model import Evidence, Exclusion, Layer, LineSpan, MatchTable, SharedText

__all__ = ["Claim", "items_evidence", "region_evidence"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a piece of evidence says. bits: by itself. excluded: why it does not count, None where it does."""

    layer: Layer
    bits: float
    excluded: Exclusion | None = None


def region_evidence(table: MatchTable, row: int, sides: Sides, claim: Claim, *, with_excerpt: bool) -> Evidence:
    """Describe one region of the table."""
    candidate = int(table.candidate_start[row]), int(table.candidate_end[row])
    original = int(table.original_start[row]), int(table.original_end[row])
    return Evidence(
        layer=claim.layer,
        original=sides.original.file.path,
        source=sides.original.source,
        candidate=line_span(sides.candidate, *candidate),
        original_span=line_span(sides.original, *original),
        n_tokens=int(table.n_equal[row]),
        n_verbatim=int(table.n_verbatim[row]),
        bits=claim.bits,
        excluded=claim.excluded,
        fingerprint=_fingerprint((sides.candidate, candidate), (sides.original, original)),
        excerpt=excerpt(table, row, sides) if with_excerpt and sides.original.content else None,
    )


def items_evidence(
    sides: Sides, items: Sequence[SharedText], claim: Claim, units: tuple[str, str] = ("", "")
) -> Evidence:
    """Describe texts that two files share, wherever they stand; at least one. bits of the claim: of all together.

    units: what they stand in on either side, where there are several pieces about two files.
    """
    lines, other_lines = [item.candidate_line for item in items], [item.original_line for item in items]
    return Evidence(
        layer=claim.layer,
        original=sides.original.file.path,
        source=sides.original.source,
        candidate=LineSpan(min(lines), max(lines)),
        original_span=LineSpan(min(other_lines), max(other_lines)),
        n_tokens=len(items),
        n_verbatim=len(items),
        bits=claim.bits,
        excluded=claim.excluded,
        fingerprint=_fingerprint_of_texts(sides, claim, units),
        items=tuple(sorted(items, key=lambda item: (-item.bits, item.candidate_line, item.text))),
        candidate_unit=units[0],
        original_unit=units[1],
    )


def _fingerprint_of_texts(sides: Sides, claim: Claim, units: tuple[str, str]) -> str:
    """16 hex digits over what the piece is about, whichever texts it has."""
    digest = hashlib.blake2b(digest_size=8)
    why_not = f"{claim.excluded.reason} {claim.excluded.by}" if claim.excluded else ""
    named = units if any(units) else ()
    for text in (str(claim.layer), sides.candidate.file.path, sides.original.file.path, why_not, *named):
        digest.update(text.encode("utf-8", "surrogateescape") + b"\0")
    return digest.hexdigest()


def _fingerprint(*sides: tuple[EvidenceSource, tuple[int, int]]) -> str:
    """16 hex digits over the matched texts and the paths: the same when anything else in the files changes."""
    digest = hashlib.blake2b(digest_size=8)
    for side, (start, end) in sides:
        digest.update(side.file.path.encode() + b"\0")
        digest.update(np.ascontiguousarray(side.text.symbol[start:end], "<u8").tobytes())
    return digest.hexdigest()
