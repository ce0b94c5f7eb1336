"""What a submission is judged by, as numbers: apart from what finds them, which loads every kind of evidence."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

__all__ = ["SCALES", "SubmissionFacts", "terms_of"]


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What a submission is judged by, in bits.

    strongest, second: of its pieces of code. function: its heaviest whole function. beyond: what its pieces have above
    the floor, together. comment: what regions of comments have above their
    floor. translated: the function that shares most names and constants
    with one in another language; translated_second: the next; translated_all: all of them. tokens, original_tokens:
    sizes of both sides, which make chance agreements; of the candidate no more than `SIZE_CAP`, so that nobody clears a
    program by adding to it.
    """

    strongest: float
    second: float
    function: float
    beyond: float
    comment: float
    translated: float
    translated_second: float
    translated_all: float
    tokens: float
    original_tokens: float


# Where a logarithm begins to bend: half of what independent programs have of it, or so; 1 for sizes.
SCALES = SubmissionFacts(50.0, 50.0, 40.0, 60.0, 50.0, 20.0, 20.0, 60.0, 1.0, 1.0)


def terms_of(facts: SubmissionFacts) -> tuple[float, ...]:
    """What the logistic model sees: log2(1 + x / scale) of each fact, in order."""
    return tuple(float(np.log2(1 + x / scale)) for x, scale in zip(astuple(facts), astuple(SCALES), strict=True))
