"""How much two files resemble each other, from 0 to 1, each name and each run of tokens weighed by its surprise.

The *score* of a pair of files is the larger of two weighted Jaccard indices, what both have over what either has:

- of the texts of names and literals, each with its bits under the background model;
- of runs of four normalised tokens, each with its bits.

    share = sum of min(weight in one, weight in the other) / sum of max(...)

A text or run weighs its bits where it first stands and half a bit, or its bits if fewer, at each repetition. So what
everybody writes weighs little, size cancels out (a tiny file and a large one that are copied whole have 1), and a file
to which as much again was added keeps half. It is symmetric and indifferent to the order of what is shared. Renaming
everything leaves the share of the runs; restructuring leaves that of the names.

It is not a probability and flags nothing: a score says how alike two files are, bits say how surprising that is. Two
solutions of one small exercise resemble each other, and nobody need have copied. Files of languages that share no
tokens are compared by names and literals as any language would write them (`neutral`), and not by runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simdetect.model import F64, I64, U64, AnalysedFile
from simdetect.tokens.grams import hash_kgrams
from simdetect.weighing.background import Background, is_named, run_surprise, text_surprise
from simdetect.weighing.limits import AGAIN_BITS

__all__ = ["Bag", "Portrait", "bag_of", "containment_and_jaccard", "portrait", "score", "share"]

_GRAM = 4  # tokens of the runs that the background model knows


@dataclass(frozen=True, slots=True, eq=False)
class Bag:
    """Weighted keys. key: (n,) uint64, distinct and ascending. weight: (n,) float64, above 0. total: of the weights."""

    key: U64
    weight: F64
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """What a file is compared by. names: texts of names and literals. neutral: the same as any language would write
    them. runs: of four normalised tokens."""

    family: str
    names: Bag
    neutral: Bag
    runs: Bag

    def __len__(self) -> int:
        """The number of keys, each of 16 bytes."""
        return len(self.names.key) + len(self.neutral.key) + len(self.runs.key)


def portrait(file: AnalysedFile, background: Callable[[str], Background]) -> Portrait:
    """What a file is compared by. background: the model of a language family."""
    tokens, model = file.tokens, background(file.family)
    named = is_named(tokens.role)
    text, inverse, counts = np.unique(tokens.exact[named], return_inverse=True, return_counts=True)
    bits = text_surprise(model, text)
    neutral = tokens.neutral[named]
    said = neutral != 0
    runs, first, n_runs = np.unique(hash_kgrams(tokens.normal, _GRAM), return_index=True, return_counts=True)
    before = hash_kgrams(tokens.normal[:-1], _GRAM - 1)[first]
    return Portrait(
        family=file.family,
        names=_bag(text, bits, counts),
        neutral=bag_of(neutral[said], bits[inverse[said]]),
        runs=_bag(runs, run_surprise(model, runs, before), n_runs),
    )


def bag_of(keys: U64, bits: F64) -> Bag:
    """Each key with its bits, the largest where they differ, and at most half a bit for each repetition.

    keys: (n,) uint64. bits: (n,) float64 of at least 0; keys without any are left out.
    """
    found, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    most = np.zeros(len(found))
    np.maximum.at(most, inverse, bits)
    return _bag(found, most, counts)


def _bag(keys: U64, bits: F64, counts: I64) -> Bag:
    """Distinct ascending keys with their bits and how often each stands."""
    weight = bits + (counts - 1) * np.minimum(AGAIN_BITS, bits)
    kept = bits > 0
    return Bag(keys[kept], weight[kept], float(weight[kept].sum()))


def share(one: Bag, two: Bag) -> float:
    """Weighted Jaccard index, 0 when both are empty. Ruzicka, Biologia 1958."""
    few, many = (one, two) if len(one.key) < len(two.key) else (two, one)
    if not len(few.key):
        return 0.0
    at = np.searchsorted(many.key, few.key)
    at[at == len(many.key)] = 0
    own = np.flatnonzero(many.key[at] == few.key)
    both = float(np.minimum(few.weight[own], many.weight[at[own]]).sum())
    either = one.total + two.total - both
    return min(1.0, both / either) if either > 0 else 0.0


def score(one: Portrait, two: Portrait) -> float:
    """How much two files resemble each other, 0..1."""
    if one.family != two.family:
        return share(one.neutral, two.neutral)
    return max(share(one.names, two.names), share(one.runs, two.runs))


def containment_and_jaccard(candidate: U64, original: U64) -> tuple[float, float]:
    """Share of the candidate's distinct fingerprints that the original has, and Jaccard of the two sets.

    candidate, original: (f,) uint64, sorted and distinct. Broder, SEQUENCES 1997.
    """
    if not len(candidate) or not len(original):
        return 0.0, 0.0
    at = np.minimum(np.searchsorted(original, candidate), len(original) - 1)
    shared = int(np.count_nonzero(original[at] == candidate))
    return shared / len(candidate), shared / (len(candidate) + len(original) - shared)
