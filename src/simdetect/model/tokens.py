"""What the per-file stages make of one file, and the analysed tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from simdetect.model.arrays import I64, U8, U16, U32, U64, freeze, none_u32, none_u64, ranges
from simdetect.model.lookup import TokenLookup
from simdetect.model.source import SourceTree
from simdetect.model.vocabulary import FileRole


@dataclass(frozen=True, slots=True, eq=False)
class Rewrites:
    """What the canonical form of a file does to its bytes.

    start, end: (s,) uint32, spans in the order of the canonical form. symbol: (s,) uint64, 0 for source as it stands,
    else the one symbol that stands here, for the token that holds the byte `start`. drop_start, drop_end: (d,) uint32,
    spans that are left out wherever they stand. dropped: (w,) uint64, symbols that are left out.
    """

    start: U32
    end: U32
    symbol: U64
    drop_start: U32
    drop_end: U32
    dropped: U64 = field(default_factory=none_u64)

    def __post_init__(self) -> None:
        freeze(self, start=np.uint32, end=np.uint32, symbol=np.uint64)
        freeze(self, drop_start=np.uint32, drop_end=np.uint32)
        freeze(self, dropped=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class SyntaxNodes:
    """The leaves of a syntax tree in order, and its unit nodes (functions, classes, ...) in preorder.

    kind: (n,) uint16 grammar kind ids, valid only with the grammar they came from. start: (n,) uint32 bytes; a leaf
    ends at the last byte that is not white space before the next leaf.
    unit_kind, unit_start, unit_end: the same for unit nodes; unit_name: their names, "" when anonymous.
    error_bytes: bytes of source under ERROR nodes.
    list_kind, list_size, entry_start, entry_end: as of `Lists`, in bytes.
    import_start, import_end: (i,) uint32 bytes of imports, ascending.
    rewrites: what the canonical form does, None in languages without one and where nobody asked for it.
    """

    kind: U16
    start: U32
    unit_kind: tuple[str, ...]
    unit_name: tuple[str, ...]
    unit_start: U32
    unit_end: U32
    error_bytes: int
    list_kind: U8
    list_size: U32
    entry_start: U32
    entry_end: U32
    import_start: U32 = field(default_factory=none_u32)
    import_end: U32 = field(default_factory=none_u32)
    rewrites: Rewrites | None = None

    def __post_init__(self) -> None:
        freeze(self, kind=np.uint16, start=np.uint32)
        freeze(self, unit_start=np.uint32, unit_end=np.uint32)
        freeze(self, list_kind=np.uint8, list_size=np.uint32)
        freeze(self, entry_start=np.uint32, entry_end=np.uint32)
        freeze(self, import_start=np.uint32, import_end=np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Functions, methods, types and other named items of one file, in preorder.

    kind, name: what and how called, "" when anonymous. start, end: (u,) uint32 token spans, never empty.
    """

    kind: tuple[str, ...]
    name: tuple[str, ...]
    start: U32
    end: U32

    def __post_init__(self) -> None:
        if not freeze(self, start=np.uint32, end=np.uint32) == len(self.kind) == len(self.name):
            raise ValueError("Units: kinds, names and spans differ in length")

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Lists of one file whose order an author chose: fields of types, members of enumerations, rows of tables, cases of
    switches; those with at least `LEAST_ENTRIES` entries.

    kind: (l,) uint8 index into LIST_KINDS. size: (l,) uint32 entries of each. start, end: (e,) uint32 token spans of
    the entries, list by list: what names a field or a member, a whole row. Lists may lie inside each other.
    """

    kind: U8 = field(default_factory=lambda: np.zeros(0, np.uint8))
    size: U32 = field(default_factory=none_u32)
    start: U32 = field(default_factory=none_u32)
    end: U32 = field(default_factory=none_u32)

    def __post_init__(self) -> None:
        freeze(self, kind=np.uint8, size=np.uint32)
        if freeze(self, start=np.uint32, end=np.uint32) != int(self.size.sum(dtype=np.int64)):
            raise ValueError("Lists: sizes do not add up to the entries")

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class TokenStream:
    """The code tokens of one file, comments apart.

    exact: (t,) uint64 hash of the token text. normal: (t,) uint64 the same with names, strings and numbers replaced
    by one symbol each. role: (t,) uint8 `TokenRole`. start, end: (t,) uint32 byte spans.
    comment: (c,) uint64 hash of the comment text; comment_start, comment_end: (c,) uint32 byte spans.
    error_share: share of the source bytes under syntax errors, 0..1.
    degraded: why the tokens are lexical instead of from a syntax tree, or None.
    neutral: (t,) uint64 hash of the text as any language would write it, 0 where it says nothing, see `neutral`;
    empty stands for zeros.
    run_start, run_end: (s,) uint32 runs of tokens in the order of the canonical form, see `canonical`; none where it is
    the source's. odd: (o,) uint32 places in the canonical form where another symbol stands than the token's own;
    odd_symbol: (o,) uint64 which. has_form: False where the language has a canonical form that was not made yet.
    lists: fields, members, rows and cases; none without a syntax tree.
    import_start, import_end: (i,) uint32 spans of tokens that say which packages are used, ascending.
    """

    exact: U64
    normal: U64
    role: U8
    start: U32
    end: U32
    comment: U64
    comment_start: U32
    comment_end: U32
    units: Units
    error_share: float = 0.0
    degraded: str | None = None
    neutral: U64 = field(default_factory=none_u64)
    run_start: U32 = field(default_factory=none_u32)
    run_end: U32 = field(default_factory=none_u32)
    odd: U32 = field(default_factory=none_u32)
    odd_symbol: U64 = field(default_factory=none_u64)
    lists: Lists = field(default_factory=lambda: Lists())
    import_start: U32 = field(default_factory=none_u32)
    import_end: U32 = field(default_factory=none_u32)
    has_form: bool = True

    def __post_init__(self) -> None:
        if not self.neutral.size:
            object.__setattr__(self, "neutral", np.zeros(self.exact.size, np.uint64))
        tokens = {"exact": np.uint64, "normal": np.uint64, "neutral": np.uint64}
        freeze(self, **tokens, role=np.uint8, start=np.uint32, end=np.uint32)
        freeze(self, comment=np.uint64, comment_start=np.uint32, comment_end=np.uint32)
        freeze(self, run_start=np.uint32, run_end=np.uint32)
        freeze(self, odd=np.uint32, odd_symbol=np.uint64)
        freeze(self, import_start=np.uint32, import_end=np.uint32)

    def __len__(self) -> int:
        return len(self.exact)

    def canonical(self) -> tuple[I64, U64]:
        """The canonical form: (m,) int64 the token that each of its tokens stands for, (m,) uint64 symbols.

        A token may stand there more than once, or not at all. Raises ValueError when the runs do not fit the tokens,
        which a damaged store can bring about, and when the form was not made.
        """
        if not self.has_form:
            raise ValueError("the canonical form was not made")
        if not len(self.run_start):
            return np.arange(len(self)), self.normal
        start, length = self.run_start.astype(np.int64), self.run_end.astype(np.int64) - self.run_start
        if int(length.min()) < 0 or int(self.run_end.max()) > len(self) or int(length.sum()) > 4 * len(self) + 64:
            raise ValueError("runs of the canonical form do not fit the tokens")
        at = ranges(start, length)
        symbol = self.normal[at]
        if len(self.odd) and int(self.odd.max()) >= len(symbol):
            raise ValueError("symbols of the canonical form stand outside it")
        symbol[self.odd] = self.odd_symbol
        return at, symbol


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprints:
    """Winnowed k-gram hashes of one file. hash: (f,) uint64; position: (f,) uint32 token index, ascending."""

    hash: U64
    position: U32
    k: int
    window: int
    n_tokens: int

    def __post_init__(self) -> None:
        freeze(self, hash=np.uint64, position=np.uint32)

    def __len__(self) -> int:
        return len(self.hash)


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """What one file says in words, in order and in lower case.

    word: (w,) uint64 hashes of the words of its comments; start: (w,) uint32 bytes where they start. literal_word,
    literal_start: (l,) the same for string literals. fingerprints: winnowed k-grams of `word`.
    """

    word: U64
    start: U32
    literal_word: U64
    literal_start: U32
    fingerprints: Fingerprints

    def __post_init__(self) -> None:
        freeze(self, word=np.uint64, start=np.uint32)
        freeze(self, literal_word=np.uint64, literal_start=np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedFile:
    """One file after the per-file stages: what matching needs, without the source text.

    newline: (l,) uint32 byte offsets of line breaks, ascending. sketch: (128,) uint16, see `sketch`; None when it was
    not made yet.
    """

    path: str
    language: str
    family: str
    role: FileRole
    sha256: str
    n_bytes: int
    n_lines: int
    tokens: TokenStream
    fingerprints: Fingerprints
    prose: Prose
    newline: U32 = field(default_factory=none_u32)
    sketch: U16 | None = None

    @property
    def n_tokens(self) -> int:
        """Number of code tokens."""
        return len(self.tokens)

    def line(self, byte: int) -> int:
        """The 1-based line of a byte offset."""
        return int(np.searchsorted(self.newline, byte)) + 1

    def with_role(self, role: FileRole) -> AnalysedFile:
        """The same file, judged to be for something else."""
        return replace(self, role=role)


class FormMaker(Protocol):
    """Makes the canonical forms of the files of one tree that are asked for: they cost as much as the parse."""

    def make(self, paths: Sequence[str], deadline: float) -> Mapping[str, TokenStream]:
        """The tokens of some files with their canonical forms, by path, without those of which none can be made.
        deadline: by `time.monotonic`, when what is not made is given up."""


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedTree:
    """A source tree after the per-file stages.

    files: one entry for each of tree.files, in the same order. stored: where the tokens lie when they are not in
    memory; then each file decodes its own when it is asked for them. notes: what a report has to say about this input.
    own: which families of public names it is, "c:zlib", see `weighing.public_names`; None where nobody has looked.
    forms: who makes the canonical forms that files do not have yet, None where all have them.
    """

    tree: SourceTree
    files: tuple[AnalysedFile, ...]
    stored: TokenLookup | None = None
    notes: tuple[str, ...] = ()
    own: tuple[str, ...] | None = None
    forms: FormMaker | None = None

    def __post_init__(self) -> None:
        if [file.path for file in self.files] != [file.path for file in self.tree.files]:
            raise ValueError("AnalysedTree: analysed files are not those of the tree")
