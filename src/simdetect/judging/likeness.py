"""How much files of both sides resemble each other. Each original is looked at once, whoever lists it."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simdetect.judging.resemblance import Portrait, containment_and_jaccard, portrait, score
from simdetect.matching.comparison import Comparison
from simdetect.matching.forms import Formed, formed
from simdetect.model import U32, U64, TokenStream, sorted_distinct
from simdetect.weighing.background import Background

__all__ = ["Forms", "Likeness", "Likenesses"]

_MOST_FORMED = 64  # files that are listed beside each other
_KEYS_HELD = 4_000_000  # of portraits of originals, 16 bytes each


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two files resemble each other. containment: share of the candidate's distinct fingerprints that the
    original has. jaccard: of the two sets. score: see `resemblance`."""

    containment: float
    jaccard: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """Files of both sides with their canonical forms; as they are written where none could be made.

    as_written: forms are not asked for, since so many files are listed that making them would cost more than the
    comparison. They cost as much as the parse, and the score is beside the verdict."""

    own: Formed
    other: Formed
    as_written: bool

    @classmethod
    def of(cls, comparison: Comparison, listed: tuple[Sequence[int], Sequence[int]]) -> Forms:
        """Forms of the files of either side that are listed, made together."""
        as_written = sum(map(len, listed)) > _MOST_FORMED
        own, others = ((), ()) if as_written else listed
        sides = formed(comparison.candidate, own, math.inf), formed(comparison.original, others, math.inf)
        return cls(*sides, as_written)

    def of_candidate(self, index: int) -> TokenStream | None:
        """Tokens of a file of the candidate with its form, None where none could be made."""
        return self.own.tokens(index)

    def of_original(self, index: int) -> TokenStream | None:
        """The same of the originals."""
        return self.other.tokens(index)


class Likenesses:
    """Compares files, and remembers what originals are compared by: many candidate files list the same ones."""

    def __init__(
        self, comparison: Comparison, background: Callable[[str], Background], handed: U32, forms: Forms
    ) -> None:
        self._candidate, self._original = comparison.candidate.files, comparison.original.files
        self._forms = forms
        self._background = background  # no method of `Judged`: a cycle would keep all of a scan until it is found
        self._handed = handed
        self._distinct: dict[int, U64] = {}
        self._portraits: OrderedDict[int, Portrait] = OrderedDict()
        self._keys_held = 0
        self._own: tuple[int, U64, Portrait] | None = None

    def of(self, candidate: int, original: int) -> Likeness:
        """How much a candidate file resembles an original file."""
        _, distinct, own = self._held(candidate)
        containment, jaccard = containment_and_jaccard(distinct, self._distinct_of(original))
        return Likeness(containment, jaccard, score(own, self._portrait_of(original)))

    def _held(self, candidate: int) -> tuple[int, U64, Portrait]:
        """What a candidate file is compared by; its originals come one after the other, so one is held."""
        if self._own is None or self._own[0] != candidate:
            file = self._candidate[candidate]
            self._own = (
                candidate,
                sorted_distinct(file.fingerprints.hash),
                portrait(
                    file,
                    self._background,
                    self._handed,
                    self._forms.of_candidate(candidate),
                    as_written=self._forms.as_written,
                ),
            )
        return self._own

    def _distinct_of(self, original: int) -> U64:
        """Distinct fingerprints of an original file, sorted."""
        if original not in self._distinct:
            self._distinct[original] = sorted_distinct(self._original[original].fingerprints.hash)
        return self._distinct[original]

    def _portrait_of(self, original: int) -> Portrait:
        found = self._portraits.pop(original, None)
        if found is None:
            found = portrait(
                self._original[original],
                self._background,
                self._handed,
                self._forms.of_original(original),
                as_written=self._forms.as_written,
            )
            self._keys_held += len(found)
        self._portraits[original] = found
        while self._keys_held > _KEYS_HELD:
            self._keys_held -= len(self._portraits.popitem(last=False)[1])
        return found
