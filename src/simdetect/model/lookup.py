"""How matching asks an original for tokens and texts, whether it lies in memory or in an index."""

from __future__ import annotations

from typing import Final, Protocol

from simdetect.model.arrays import I64, U64
from simdetect.model.layers import Layer

MOST_FILES: Final = 64  # a text in more files of the original is that project's common idiom: it pairs none of them


class TokenLookup(Protocol):
    """The tokens and words of the files of a tree, looked up by what they hold: in memory, or in an index.

    A *place* is an index into the tree's files laid end to end, one separator after each. Files count within the tree.
    """

    def load(self, wanted: U64, exact: U64, normal: U64) -> tuple[U64, I64]:
        """Find all fingerprints of tokens that are wanted, and write the symbols of the files that have one.

        wanted: (w,) uint64, distinct and ascending. exact, normal: (n,) uint64 zeros by place; whatever lies outside
        of those files may stay so. Returns (f,) uint64 hashes and (f,) int64 places, by place.
        """

    def load_words(self, wanted: U64, word: U64) -> tuple[U64, I64]:
        """The same for fingerprints of the words of comments; places count words."""

    def n_words(self) -> I64:
        """Number of words in the comments of each file: (m,) int64."""

    def holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        """Which files have which texts: names, constants, words of comments and literals, or neutral symbols.

        symbols: (s,) uint64, distinct and ascending. Returns (h,) int64 files and (h,) uint64 symbols, each pair once;
        of a text in more than MOST_FILES files, MOST_FILES + 1 or more.
        """

    def forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        """How files write names and constants that they share with other languages.

        symbols: (s,) uint64 neutral symbols, distinct and ascending. Returns (h,) files, (h,) neutral symbols and (h,)
        exact symbols, of texts in too many files not all.
        """

    def n_distinct(self, layer: Layer, is_neutral: bool = False) -> I64:
        """Number of distinct names, or constants, of each file: (m,) int64. is_neutral: of neutral symbols."""
