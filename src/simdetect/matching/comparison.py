"""Both sides of a comparison as one value: what matching and weighing ask about a candidate and its originals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.model import (
    F64,
    I64,
    U8,
    U32,
    U64,
    AnalysedFile,
    AnalysedTree,
    Bool,
    Carried,
    Layout,
    SourceFile,
    TokenBits,
)

__all__ = ["Comparison", "Program"]

_NO_BITS = TokenBits(np.zeros(0), np.zeros(0), np.zeros(0, np.bool_))


@dataclass(frozen=True, eq=False)
class Program:
    """One side: all its files, laid end to end.

    files: of all its trees, numbered as the layout has them. layout: of the tokens of their code, or of the words of
    their comments. role: (n,) uint8 `TokenRole` of every position of the layout, separators included, and bits: what
    each is worth. Agreement is weighed where the candidate has it, so originals need neither and have empty ones.
    public: (n,) float64, bits that names would have if no public package exported them, or empty for none. known: by
    file, what it has of texts that many projects carry; empty for none. trees: where the files come from;
    none for code that was handed out.
    """

    files: Sequence[AnalysedFile]
    layout: Layout
    role: U8 = field(default_factory=lambda: np.zeros(0, np.uint8))
    bits: TokenBits = _NO_BITS
    public: F64 = field(default_factory=lambda: np.zeros(0))
    known: Sequence[Carried] = ()
    trees: Sequence[AnalysedTree] = ()

    @cached_property
    def sources(self) -> list[SourceFile]:
        """The same files as they were read. The text of a stored one is read from its index when it is asked for."""
        return [file for tree in self.trees for file in tree.tree.files]

    @cached_property
    def contents(self) -> list[bytes]:
        """Texts of all files; asked of the candidate only, for originals may be large and on disk."""
        return [file.content for file in self.sources]

    @cached_property
    def start(self) -> U32:
        """Where the token at each position starts: (n,) uint32 bytes, 0 for separators; of code only."""
        found: U32 = self._of_tokens("start", np.uint32)
        return found

    @cached_property
    def end(self) -> U32:
        """Where it ends."""
        found: U32 = self._of_tokens("end", np.uint32)
        return found

    @cached_property
    def neutral(self) -> U64:
        """Its text as any language would write it: (n,) uint64, see `tokens.neutral`."""
        found: U64 = self._of_tokens("neutral", np.uint64)
        return found

    def _of_tokens(self, column: str, dtype: type[np.generic]) -> npt.NDArray[Any]:
        """A column of the token streams, a 0 after each file."""
        gap = np.zeros(1, dtype)
        return np.concatenate(
            [part for file in self.files for part in (getattr(file.tokens, column), gap)] or [gap[:0]]
        )

    def parts(self) -> Iterator[tuple[AnalysedFile, bytes, int]]:
        """Each file with its text, and where it starts in the layout."""
        yield from zip(self.files, self.contents, self.layout.offset[:-1].tolist(), strict=True)

    @cached_property
    def n_tokens(self) -> int:
        """Tokens of all files."""
        return sum(file.n_tokens for file in self.files)


@dataclass(frozen=True, eq=False)
class Comparison:
    """A candidate and its originals. Positions are those of the two layouts, files are numbered through all trees."""

    candidate: Program
    original: Program

    def weighed_by(self, bits: TokenBits) -> Comparison:
        """The same with other bits of the candidate's tokens."""
        return replace(self, candidate=replace(self.candidate, bits=bits))

    @cached_property
    def family(self) -> tuple[I64, I64]:
        """A number for the language family of each candidate file, and of each original file."""
        sides = [[file.family for file in program.files] for program in (self.candidate, self.original)]
        number = {name: i for i, name in enumerate(sorted({*sides[0], *sides[1]}))}
        candidate, original = (np.array([number[name] for name in names], np.int64) for names in sides)
        return candidate, original

    def same_family(self, candidate_file: I64, original_file: I64) -> Bool:
        """Which pairs of files are of one language family: (n,) bool. Both: (n,) int64 files."""
        candidate, original = self.family
        same: Bool = candidate[candidate_file] == original[original_file]
        return same

    def other_family(self, candidate_file: I64, original_file: I64) -> Bool:
        """Which pairs of files are not."""
        return ~self.same_family(candidate_file, original_file)

    @property
    def is_foreign(self) -> bool:
        """Whether there are files of several language families."""
        return len(np.unique(np.concatenate(self.family))) > 1
