"""Other submissions as control: what most of them share with the original is forced or commonplace, what one alone
has is telling.

Submissions for one instance that are near copies of each other are one *voice*: they say a thing once. Evidence is
*also in* another voice when some member agrees with at least half of the same lines of the original. With n of m other
voices it keeps the share 1 - n / m of its bits. With fewer than two other voices nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simdetect.judging.resemblance import containment_and_jaccard
from simdetect.model import U64

__all__ = ["NEAR_IDENTICAL", "Submission", "control"]

NEAR_IDENTICAL: Final = 0.8  # Jaccard of fingerprints; submissions of different models for one task have 0.0 to 0.2
_LEAST_VOICES: Final = 2
_ENOUGH: Final = 0.5  # of the lines of the original

Lines = set[tuple[str, int, int]]  # original file, which original, line


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    """One run's submission. report: its scan, as JSON. fingerprints: (f,) uint64, distinct, ascending."""

    run: str
    report: Mapping[str, Any]
    fingerprints: U64


def control(submissions: Sequence[Submission]) -> dict[str, dict[str, Any]]:
    """What the submissions say of each other, by run.

    Returns for each run: near_identical, [run, Jaccard] of near copies; n_voices, m above; share_left, of the bits of
    its listed evidence, None when nothing is said; evidence: each listed piece that counts, with also_in and bits_left.
    """
    similar = _similarities(submissions)
    voice = _voices(len(submissions), similar)
    lines = [_lines_of(submission.report) for submission in submissions]
    return {
        submission.run: {
            "near_identical": [[submissions[j].run, value] for j, value in sorted(similar[i].items())],
            **_weigh(submission, lines, voice, i),
        }
        for i, submission in enumerate(submissions)
    }


def _similarities(submissions: Sequence[Submission]) -> list[dict[int, float]]:
    """For each submission the others that are near copies of it, and how near."""
    found: list[dict[int, float]] = [{} for _ in submissions]
    for i, one in enumerate(submissions):
        for j in range(i + 1, len(submissions)):
            _, jaccard = containment_and_jaccard(one.fingerprints, submissions[j].fingerprints)
            if jaccard >= NEAR_IDENTICAL:
                found[i][j] = found[j][i] = round(jaccard, 4)
    return found


def _voices(n: int, similar: Sequence[Mapping[int, float]]) -> list[int]:
    """Number the groups of submissions that are linked by nearness."""
    voice = list(range(n))
    for i in range(n):
        for j in similar[i]:
            low, high = sorted((voice[i], voice[j]))
            voice = [low if own == high else own for own in voice]
    return voice


def _lines_of(report: Mapping[str, Any]) -> Lines:
    """Lines of the originals that a submission agrees with, whether that counts or not."""
    found: Lines = set()
    for finding in report["findings"]:
        for evidence in finding["evidence"]:
            found |= _original_lines(evidence)
    return found


def _original_lines(evidence: Mapping[str, Any]) -> Lines:
    span = evidence["original_span"]
    numbers = range(span["start_line"], span["end_line"] + 1)
    return {(evidence["original"], evidence["source"], number) for number in numbers}


def _weigh(submission: Submission, lines: Sequence[Lines], voice: Sequence[int], own: int) -> dict[str, Any]:
    others = sorted(set(voice) - {voice[own]})
    pieces = []
    for finding in submission.report["findings"]:
        for evidence in finding["evidence"]:
            if evidence["excluded"] is None:
                wanted = _original_lines(evidence)
                n = sum(_has(wanted, [lines[j] for j in range(len(lines)) if voice[j] == other]) for other in others)
                pieces.append(_piece(finding["candidate"], evidence, n, len(others)))
    is_said = len(others) >= _LEAST_VOICES
    full = float(np.sum([piece["bits"] or 0.0 for piece in pieces]))
    left = float(np.sum([piece["bits_left"] or 0.0 for piece in pieces]))
    return {
        "n_voices": len(others),
        "share_left": round(left / full, 6) if is_said and full else None,
        "evidence": pieces if is_said else [],
    }


def _has(wanted: Lines, members: Sequence[Lines]) -> bool:
    return any(len(wanted & lines) >= _ENOUGH * len(wanted) for lines in members)


def _piece(candidate: str, evidence: Mapping[str, Any], n: int, of: int) -> dict[str, Any]:
    bits = evidence["bits"]
    return {
        "candidate": candidate,
        "candidate_lines": evidence["candidate"],
        "original": evidence["original"],
        "original_lines": evidence["original_span"],
        "fingerprint": evidence["fingerprint"],
        "bits": bits,
        "also_in": n,
        "bits_left": None if bits is None else round(bits * (1 - n / of), 6) if of else bits,
    }
