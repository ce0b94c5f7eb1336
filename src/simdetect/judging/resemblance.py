"""How much two files resemble each other, from 0 to 1, each name and each run of tokens weighed by its surprise.

The *score* of a pair of files is the mean of two shares, of what the smaller side has:

- of the texts of names and literals, each with its bits under the background model;
- of runs of eight tokens in the canonical form, each with the structure bits of the tokens that it stands for.

    sum   = of min(weight in one, weight in the other)
    share = sum / (total of the smaller + min(floor, total of the larger - sum))

The smaller side decides, because a short program beside a long one is no less copied for that. But it must say
something: what it has counts as if `FLOOR_BITS` more were in it, as far as the other side has more. A file that is
copied whole has 1 however small it is, three words that stand in any large file do not.

A text or run weighs its bits beyond log2 of all that the larger side has: so much does chance find in a file of that
size, what every file uses weighs little or nothing, and two large files do not resemble each other for being large. A
run weighs half a bit a token at least, for else nothing would be left of programs of a few lines; each repetition half
a bit, or its weight if less. The score is symmetric and indifferent to the order of what is shared. Renaming everything
leaves the share of the runs, rewriting everything that of the names.

What was handed out as code (`base`, code in `given`) weighs nothing on either side where twelve tokens or more agree
with it in their texts. Functions and classes that many programs carry (`public_code`) weigh no more than what every
file uses.

The score is no probability and flags nothing: it says how alike two files are, bits say how surprising that is. Two
solutions of one small exercise resemble each other, and nobody need have copied. Files of languages that share no
tokens are compared by names and literals as any language would write them (`neutral`), and not by runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.model import F64, I64, U32, U64, AnalysedFile, Bool, TokenStream
from simdetect.tokens.grams import hash_kgrams
from simdetect.weighing.background import Background, in_common_runs, is_named, run_surprise, text_surprise
from simdetect.weighing.handouts import AS_DOCUMENT, Handout
from simdetect.weighing.limits import AGAIN_BITS, FLOOR_BITS
from simdetect.weighing.public_code import RUN, in_public_code, load_public_code, runs_of

__all__ = [
    "NOTHING",
    "Bag",
    "Portrait",
    "bag_of",
    "containment_and_jaccard",
    "handed_runs",
    "portrait",
    "score",
    "share",
]

_RUN = 8  # tokens of the canonical form: 5 to 8 do as well, see docs/method.md
NOTHING: U32 = np.zeros(0, np.uint32)  # what was handed out where nothing was


@dataclass(frozen=True, slots=True, eq=False)
class Bag:
    """Keys of one kind. key: (n,) uint64, distinct and ascending. bits: (n,) float64, at least 0. count: (n,) int64,
    how often each stands. size: tokens of each key, of runs; 0 of texts."""

    key: U64
    bits: F64
    count: I64
    size: int = 0

    def weighed(self, chance: float) -> F64:
        """What each key weighs at its first occurrence: (n,) float64. chance: bits that say nothing."""
        weight: F64 = np.maximum(self.bits - chance, 0.0) + AGAIN_BITS * self.size
        return weight


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """What a file is compared by. names: texts of names and literals. neutral: the same as any language would write
    them. runs: of tokens in the canonical form."""

    family: str
    names: Bag
    neutral: Bag
    runs: Bag

    def __len__(self) -> int:
        """The number of keys, each of 24 bytes."""
        return len(self.names.key) + len(self.neutral.key) + len(self.runs.key)


def handed_runs(handouts: Sequence[Handout]) -> U32:
    """Runs of the code that was named as handed out: (n,) uint32, distinct and ascending. Of documents, code that they
    quote is none: they may describe the whole program."""
    code = (file for handout in handouts if handout.is_named for file in handout.code)
    return np.unique(
        np.concatenate([NOTHING, *(runs_of(f.tokens.exact) for f in code if f.tokens.degraded != AS_DOCUMENT)])
    )


def portrait(
    file: AnalysedFile,
    background: Callable[[str], Background],
    handed: U32 = NOTHING,
    formed: TokenStream | None = None,
    *,
    as_written: bool = False,
) -> Portrait:
    """What a file is compared by. background: the model of a language family. handed: see `handed_runs`. formed: its
    tokens with their canonical form; None where that is what they are written as, as_written where it is not asked
    for."""
    tokens = formed or (file.tokens if file.tokens.has_form else replace(file.tokens, has_form=True))
    model = background(file.family)
    kept = ~in_common_runs(handed, tokens.exact, RUN)
    carried = in_public_code(load_public_code(file.family), tokens)
    named = is_named(tokens.role) & kept
    bits = np.where(carried[named], 0.0, text_surprise(model, tokens.exact[named]))
    neutral = tokens.neutral[named]
    said = neutral != 0
    return Portrait(
        family=file.family,
        names=bag_of(tokens.exact[named], bits),
        neutral=bag_of(neutral[said], bits[said]),
        runs=_runs(tokens, model, kept, carried, as_written=as_written),
    )


def _runs(tokens: TokenStream, model: Background, kept: Bool, carried: Bool, *, as_written: bool) -> Bag:
    """Runs of the canonical form, but for those that were handed out as a whole."""
    structure = np.zeros(len(tokens))
    structure[3:] = run_surprise(model, hash_kgrams(tokens.normal, 4), hash_kgrams(tokens.normal[:-1], 3))
    at, symbols = (np.arange(len(tokens)), tokens.normal) if as_written else tokens.canonical()
    size = max(1, min(_RUN, len(symbols)))  # a shorter file is one run
    runs = hash_kgrams(symbols, size)
    own = _sums(kept[at], size) > 0
    return bag_of(runs[own], _sums(np.where(carried, 0.0, structure)[at], size)[own], size)


def _sums(values: F64 | Bool, size: int) -> F64:
    """The sum of each run of so many values: (n - size + 1,) float64."""
    before = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    total: F64 = before[size:] - before[:-size]
    return total


def bag_of(keys: U64, bits: F64, size: int = 0) -> Bag:
    """Each key with its bits, the largest where they differ, and how often it stands.

    keys: (n,) uint64. bits: (n,) float64 of at least 0. size: tokens of a key, see `Bag`.
    """
    found, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    most = np.zeros(len(found))
    np.maximum.at(most, inverse, bits)
    return Bag(found, most, counts, size)


def share(one: Bag, two: Bag) -> float | None:
    """What both have of what the smaller has, each key by what it weighs; None when neither has anything."""
    chance = float(np.log2(max(one.count.sum(), two.count.sum(), 1)))
    first, second = one.weighed(chance), two.weighed(chance)
    _, own, other = np.intersect1d(one.key, two.key, assume_unique=True, return_indices=True)
    first[own] = second[other] = np.minimum(first[own], second[other])  # one text, in two places of different surprise
    first += (one.count - 1) * np.minimum(AGAIN_BITS, first)
    second += (two.count - 1) * np.minimum(AGAIN_BITS, second)
    both = float(np.minimum(first[own], second[other]).sum())
    less, more = sorted((float(first.sum()), float(second.sum())))
    if less <= 0:
        return 0.0 if more > 0 else None
    return min(1.0, both / (less + min(FLOOR_BITS * max(1, one.size), max(0.0, more - both))))


def score(one: Portrait, two: Portrait) -> float:
    """How much two files resemble each other, 0..1."""
    if one.family != two.family:
        return share(one.neutral, two.neutral) or 0.0
    shares = [known for known in (share(one.names, two.names), share(one.runs, two.runs)) if known is not None]
    return sum(shares) / len(shares) if shares else 0.0


def containment_and_jaccard(candidate: U64, original: U64) -> tuple[float, float]:
    """Share of the candidate's distinct fingerprints that the original has, and Jaccard of the two sets.

    candidate, original: (f,) uint64, sorted and distinct. Broder, SEQUENCES 1997.
    """
    if not len(candidate) or not len(original):
        return 0.0, 0.0
    at = np.minimum(np.searchsorted(original, candidate), len(original) - 1)
    shared = int(np.count_nonzero(original[at] == candidate))
    return shared / len(candidate), shared / (len(candidate) + len(original) - shared)
