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

from simdetect.background import Background, token_bits
from simdetect.grams import hash_kgrams
from simdetect.model import F64, U64, AnalysedFile

__all__ = ["Bag", "Portrait", "bag_of", "portrait", "score", "share"]

_REPEAT_BITS = 0.5
_GRAM = 4  # tokens of the runs that the background model knows
_IDIOM_K = 12  # what `token_bits` marks and nobody asks for here


@dataclass(frozen=True, slots=True, eq=False)
class Bag:
    """Weighted keys. key: (n,) uint64, distinct and ascending. weight: (n,) float64, above 0."""

    key: U64
    weight: F64


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """What a file is compared by. names: texts of names and literals. neutral: the same as any language would write
    them. runs: of four normalised tokens."""

    family: str
    names: Bag
    neutral: Bag
    runs: Bag


def portrait(file: AnalysedFile, background: Callable[[str], Background]) -> Portrait:
    """What a file is compared by. background: the model of a language family."""
    tokens = file.tokens
    bits = token_bits(background(file.family), tokens.exact, tokens.normal, tokens.role, _IDIOM_K)
    named, neutral = bits.name > 0, (bits.name > 0) & (tokens.neutral != 0)
    return Portrait(
        family=file.family,
        names=bag_of(tokens.exact[named], bits.name[named]),
        neutral=bag_of(tokens.neutral[neutral], bits.name[neutral]),
        runs=bag_of(hash_kgrams(tokens.normal, _GRAM), bits.structure[_GRAM - 1 :]),
    )


def bag_of(keys: U64, bits: F64) -> Bag:
    """Each key with its bits, the largest where they differ, and at most half a bit for each repetition.

    keys: (n,) uint64. bits: (n,) float64 of at least 0; keys without any are left out.
    """
    n = min(len(keys), len(bits))
    found, inverse, counts = np.unique(keys[:n], return_inverse=True, return_counts=True)
    most = np.zeros(len(found))
    np.maximum.at(most, inverse, bits[:n])
    weight = most + (counts - 1) * np.minimum(_REPEAT_BITS, most)
    return Bag(found[most > 0], weight[most > 0])


def share(one: Bag, two: Bag) -> float:
    """Weighted Jaccard index, 0 when both are empty. Ruzicka, Biologia 1958."""
    _, own, other = np.intersect1d(one.key, two.key, assume_unique=True, return_indices=True)
    both = float(np.minimum(one.weight[own], two.weight[other]).sum())
    either = float(one.weight.sum()) + float(two.weight.sum()) - both
    return min(1.0, both / either) if either > 0 else 0.0


def score(one: Portrait, two: Portrait) -> float:
    """How much two files resemble each other, 0..1."""
    if one.family != two.family:
        return share(one.neutral, two.neutral)
    return max(share(one.names, two.names), share(one.runs, two.runs))
