"""Frozen values that flow between the stages, and their invariants. No IO, no algorithms.

Spans are half-open. Source spans are byte offsets into `SourceFile.content`; token spans index a `TokenStream`.
Lines are 1-based and inclusive, and occur only in the report types at the end of this module.
Array fields state their shape and dtype; constructors check both and make the arrays read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

REPORT_SCHEMA = "simdetect.report/1"
INVISIBLE = "+invisible"  # suffix of the encoding of a file from which invisible characters were dropped
CONTROL_SCHEMA = "simdetect.control/1"
AUDIT_SCHEMA = "simdetect.audit/1"


class Side(StrEnum):
    """Where a source tree stands in the comparison."""

    CANDIDATE = "candidate"
    ORIGINAL = "original"
    GIVEN = "given"
    BASE = "base"


class FileRole(StrEnum):
    """What a file is for, judged by its path and first lines."""

    SOURCE = "source"
    TEST = "test"
    VENDORED = "vendored"
    GENERATED = "generated"
    DOCUMENTATION = "documentation"
    DATA = "data"


class SkipReason(StrEnum):
    """Why a file that was found is not analysed. The list is closed: reports rely on it."""

    BINARY = "binary"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    NOT_CODE = "not-code"
    SYMLINK = "symlink"
    DUPLICATE_OF = "duplicate-of"
    EMPTY = "empty"
    SPECIAL_FILE = "special-file"
    EXCLUDED = "excluded"
    VERSION_CONTROL = "version-control"
    ARCHIVE = "archive"
    UNSAFE_PATH = "unsafe-path"
    LIMIT = "limit"
    ANALYSIS_FAILED = "analysis-failed"


class TokenRole(IntEnum):
    """What a leaf of the syntax tree is, for normalisation."""

    SYNTAX = 0  # keywords, operators, punctuation: kept as they are
    NAME = 1  # identifiers of every sort: one symbol when normalised
    STRING = 2  # string and character literals: one symbol
    NUMBER = 3  # numbers and the constants true, false, null: one symbol
    COMMENT = 4  # kept apart from the token stream
    LAYOUT = 5  # newlines and other tokens that only reflect formatting: dropped


class Layer(StrEnum):
    """Kinds of agreement, strongest first."""

    VERBATIM = "verbatim"
    RENAMED = "renamed"
    STRUCTURAL = "structural"
    TRANSLATED = "translated"
    COMMENT = "comment"
    NAME = "name"
    CONSTANT = "constant"
    MISSPELLING = "misspelling"
    ORDER = "order"


class ExclusionReason(StrEnum):
    """Why a piece of evidence does not count."""

    GIVEN = "given"
    LICENSE = "license"
    VENDORED = "vendored"
    GENERATED = "generated"
    COMMON = "common"
    BASE = "base"


class TextKind(StrEnum):
    """What two functions in two languages share. Only names and constants have bits, the rest is to be looked at."""

    NAME = "name"
    CONSTANT = "constant"
    STEM = "stem"
    WORD = "word"
    CALLS = "calls"
    CONTROL = "control"
    PARAMETERS = "parameters"


class Verdict(StrEnum):
    """What a file or a scan comes to. "No evidence" is never "not memorised"."""

    EVIDENCE = "evidence"
    NO_EVIDENCE = "no-evidence"
    INCONCLUSIVE = "inconclusive"


class ReviewStatus(StrEnum):
    """What a review says about a piece of evidence that is not new."""

    ACCEPTED = "accepted"
    FALSE_POSITIVE = "false-positive"
    GIVEN = "given"
    KNOWN = "known"


def _freeze(owner: object, **dtypes: type[np.generic]) -> int:
    """Check dtype and equal length of one-dimensional array fields, make them read-only, return the length."""
    lengths = set()
    for name, dtype in dtypes.items():
        array = getattr(owner, name)
        if not isinstance(array, np.ndarray) or array.dtype.type is not dtype or array.ndim != 1:
            raise TypeError(f"{type(owner).__name__}.{name} must be a one-dimensional array of {np.dtype(dtype)}")
        array.setflags(write=False)
        lengths.add(array.size)
    if len(lengths) > 1:
        raise ValueError(f"{type(owner).__name__}: arrays differ in length: {sorted(lengths)}")
    return lengths.pop()


# --- sources -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to analyse.

    path: root-relative, posix. content: UTF-8, whatever the file's own encoding was (`encoding` says which), so
    that line numbers and byte spans refer to these bytes. sha256: of the bytes on disk, not of `content`.
    """

    path: str
    language: str
    content: bytes
    sha256: str
    role: FileRole = FileRole.SOURCE
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """One file that was found and is not analysed; first-class beside `SourceFile`, never dropped."""

    path: str
    reason: SkipReason
    detail: str = ""
    role: FileRole = FileRole.DATA
    n_bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class TextFile:
    """One document: text that is skipped as not code, kept for what it says. content, sha256: as of `SourceFile`."""

    path: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceTree:
    """Everything found under one root. Files and skipped are sorted by path; digest covers both.

    documents: text of some of the skipped files, by path: see `sources.tree`.
    """

    label: str
    side: Side
    files: tuple[SourceFile, ...]
    skipped: tuple[SkippedFile, ...]
    digest: str
    documents: tuple[TextFile, ...] = ()

    @property
    def n_discovered(self) -> int:
        """Number of files found: analysed and skipped."""
        return len(self.files) + len(self.skipped)


# --- syntax ------------------------------------------------------------------------------------------------------


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
    dropped: U64 = field(default_factory=lambda: np.zeros(0, np.uint64))

    def __post_init__(self) -> None:
        _freeze(self, start=np.uint32, end=np.uint32, symbol=np.uint64)
        _freeze(self, drop_start=np.uint32, drop_end=np.uint32)
        _freeze(self, dropped=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class SyntaxNodes:
    """The leaves of a syntax tree in order, and its unit nodes (functions, classes, ...) in preorder.

    kind: (n,) uint16 grammar kind ids, valid only with the grammar they came from. start: (n,) uint32 bytes; a leaf
    ends at the last byte that is not white space before the next leaf.
    unit_kind, unit_start, unit_end: the same for unit nodes; unit_name: their names, "" when anonymous.
    error_bytes: bytes of source under ERROR nodes.
    list_kind, list_size, entry_start, entry_end: as of `Lists`, in bytes.
    rewrites: what the canonical form does, None in languages without one.
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
    rewrites: Rewrites | None = None

    def __post_init__(self) -> None:
        _freeze(self, kind=np.uint16, start=np.uint32)
        _freeze(self, unit_start=np.uint32, unit_end=np.uint32)
        _freeze(self, list_kind=np.uint8, list_size=np.uint32)
        _freeze(self, entry_start=np.uint32, entry_end=np.uint32)


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
        if not _freeze(self, start=np.uint32, end=np.uint32) == len(self.kind) == len(self.name):
            raise ValueError("Units: kinds, names and spans differ in length")

    def __len__(self) -> int:
        return len(self.kind)


LIST_KINDS: Final = ("fields", "members", "rows", "cases")


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Lists of one file whose order an author chose: fields of types, members of enumerations, rows of tables, cases of
    switches; those with at least `LEAST_ENTRIES` entries.

    kind: (l,) uint8 index into LIST_KINDS. size: (l,) uint32 entries of each. start, end: (e,) uint32 token spans of
    the entries, list by list: what names a field or a member, a whole row. Lists may lie inside each other.
    """

    kind: U8 = field(default_factory=lambda: np.zeros(0, np.uint8))
    size: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    start: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    end: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))

    def __post_init__(self) -> None:
        _freeze(self, kind=np.uint8, size=np.uint32)
        if _freeze(self, start=np.uint32, end=np.uint32) != int(self.size.sum(dtype=np.int64)):
            raise ValueError("Lists: sizes do not add up to the entries")

    def __len__(self) -> int:
        return len(self.kind)


LEAST_ENTRIES: Final = 7  # the order of fewer says less than the floor of `ranking`: log2(6!) is 9.5 bits


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
    odd_symbol: (o,) uint64 which.
    lists: fields, members, rows and cases; none without a syntax tree.
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
    neutral: U64 = field(default_factory=lambda: np.zeros(0, np.uint64))
    run_start: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    run_end: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    odd: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    odd_symbol: U64 = field(default_factory=lambda: np.zeros(0, np.uint64))
    lists: Lists = field(default_factory=lambda: Lists())

    def __post_init__(self) -> None:
        if not self.neutral.size:
            object.__setattr__(self, "neutral", np.zeros(self.exact.size, np.uint64))
        tokens = {"exact": np.uint64, "normal": np.uint64, "neutral": np.uint64}
        _freeze(self, **tokens, role=np.uint8, start=np.uint32, end=np.uint32)
        _freeze(self, comment=np.uint64, comment_start=np.uint32, comment_end=np.uint32)
        _freeze(self, run_start=np.uint32, run_end=np.uint32)
        _freeze(self, odd=np.uint32, odd_symbol=np.uint64)

    def __len__(self) -> int:
        return len(self.exact)

    def canonical(self) -> tuple[I64, U64]:
        """The canonical form: (m,) int64 the token that each of its tokens stands for, (m,) uint64 symbols.

        A token may stand there more than once, or not at all. Raises ValueError when the runs do not fit the tokens,
        which a damaged store can bring about.
        """
        if not len(self.run_start):
            return np.arange(len(self)), self.normal
        start, length = self.run_start.astype(np.int64), self.run_end.astype(np.int64) - self.run_start
        if int(length.min()) < 0 or int(self.run_end.max()) > len(self) or int(length.sum()) > 4 * len(self) + 64:
            raise ValueError("runs of the canonical form do not fit the tokens")
        at = np.repeat(start - np.cumsum(length) + length, length) + np.arange(int(length.sum()))
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
        _freeze(self, hash=np.uint64, position=np.uint32)

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
        _freeze(self, word=np.uint64, start=np.uint32)
        _freeze(self, literal_word=np.uint64, literal_start=np.uint32)


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
    newline: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    sketch: U16 | None = None

    @property
    def n_tokens(self) -> int:
        """Number of code tokens."""
        return len(self.tokens)

    def line(self, byte: int) -> int:
        """The 1-based line of a byte offset."""
        return int(np.searchsorted(self.newline, byte)) + 1


MOST_FILES: Final = 64  # a text in more files of the original is that project's common idiom: it pairs none of them
BYTES_IN_ARCHIVE: Final = (
    4  # of code for each byte: it takes a quarter of its size in archives that people make, or less
)

# Of which tokens the texts of a layer are; those of misspellings are words of comments and literals.
ROLES_OF_LAYER: Final = {Layer.NAME: (TokenRole.NAME,), Layer.CONSTANT: (TokenRole.STRING, TokenRole.NUMBER)}
_IS_OF_LAYER: Final = {layer: np.isin(np.arange(256), roles) for layer, roles in ROLES_OF_LAYER.items()}


def is_of_layer(role: U8, layer: Layer) -> Bool:
    """Which tokens have the texts of a layer: (t,) bool. role: (t,) uint8 `TokenRole`."""
    found: Bool = _IS_OF_LAYER[layer][role]
    return found


class StoredTokens(Protocol):
    """The tokens and words of a tree that are not in memory yet, looked up by what they hold.

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


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedTree:
    """A source tree after the per-file stages.

    files: one entry for each of tree.files, in the same order. stored: where the tokens lie when they are not in
    memory; then each file decodes its own when it is asked for them. notes: what a report has to say about this input.
    """

    tree: SourceTree
    files: tuple[AnalysedFile, ...]
    stored: StoredTokens | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if [file.path for file in self.files] != [file.path for file in self.tree.files]:
            raise ValueError("AnalysedTree: analysed files are not those of the tree")


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Fingerprints of many files, sorted by (hash, file, position).

    hash: (F,) uint64. file: (F,) uint32 index into the list of files. position: (F,) uint32 token index.
    """

    hash: U64
    file: U32
    position: U32

    def __post_init__(self) -> None:
        _freeze(self, hash=np.uint64, file=np.uint32, position=np.uint32)

    def __len__(self) -> int:
        return len(self.hash)


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """The token streams of a list of files, end to end, so that matching works on whole trees at once.

    A *position* is an index into these arrays. exact, normal: (n,) uint64 symbols, a separator after each file.
    offset: (m + 1,) int64, where files start. fingerprint: (f,) uint64 and position: (f,) int64 in file order: of all
    files, or only those that the other side has too. postings: the same, sorted.
    """

    exact: U64
    normal: U64
    offset: I64
    fingerprint: U64
    position: I64
    postings: Postings

    def __post_init__(self) -> None:
        _freeze(self, exact=np.uint64, normal=np.uint64)
        _freeze(self, fingerprint=np.uint64, position=np.int64)
        _freeze(self, offset=np.int64)

    @property
    def n_files(self) -> int:
        """Number of files."""
        return len(self.offset) - 1

    def lengths(self) -> I64:
        """Tokens of each file: (m,) int64."""
        return np.diff(self.offset) - 1

    def file_of(self, position: I64) -> I64:
        """The file each position lies in."""
        return np.searchsorted(self.offset, position, "right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Pairs of equal k-grams. candidate, original: (s,) int64 positions. n_common: hashes left out or thinned."""

    candidate: I64
    original: I64
    n_common: int

    def __post_init__(self) -> None:
        _freeze(self, candidate=np.int64, original=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class MatchTable:
    """Matching regions between candidate and original files, one row each, in a deterministic order.

    candidate_file, original_file: (r,) uint32. candidate_start, candidate_end, original_start, original_end:
    (r,) uint32 token spans. n_equal: (r,) uint32 tokens inside the region whose normalised symbols agree on the
    region's diagonals. n_verbatim: (r,) uint32 those whose exact texts agree too. is_verbatim: (r,) bool.
    n_common_hashes: distinct fingerprints left out because they occur too often.
    run_row, run_candidate, run_original, run_length: (s,) uint32, the stretches of equal tokens that each region is
    made of: its row, first token on both sides, length. By row, then candidate token. is_structural: (r,) bool, rows
    that are functions aligned with gaps, see `structural`; empty stands for none. n_gaps: (r,) uint32 stretches that
    differ between those that agree, of rows that are structural; empty stands for zeros.
    """

    candidate_file: U32
    original_file: U32
    candidate_start: U32
    candidate_end: U32
    original_start: U32
    original_end: U32
    n_equal: U32
    n_verbatim: U32
    is_verbatim: Bool
    run_row: U32
    run_candidate: U32
    run_original: U32
    run_length: U32
    n_common_hashes: int = 0
    is_structural: Bool = field(default_factory=lambda: np.zeros(0, np.bool_))
    n_gaps: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))

    def __post_init__(self) -> None:
        u32 = np.uint32
        if not self.n_gaps.size:
            object.__setattr__(self, "n_gaps", np.zeros(self.candidate_file.size, np.uint32))
        if not self.is_structural.size:
            object.__setattr__(self, "is_structural", np.zeros(self.candidate_file.size, np.bool_))
        _freeze(
            self,
            candidate_file=u32,
            original_file=u32,
            candidate_start=u32,
            candidate_end=u32,
            original_start=u32,
            original_end=u32,
            n_equal=u32,
            n_verbatim=u32,
            is_verbatim=np.bool_,
            is_structural=np.bool_,
            n_gaps=u32,
        )
        _freeze(self, run_row=u32, run_candidate=u32, run_original=u32, run_length=u32)

    def __len__(self) -> int:
        return len(self.candidate_file)

    def places(self, more: MatchTable, chosen: I64) -> I64:
        """The order in which `with_rows` puts this table's rows and then the chosen ones: (r + c,) int64."""
        names = "original_start", "is_structural", "candidate_start", "original_file", "candidate_file"
        order: I64 = np.lexsort([np.concatenate([getattr(self, name), getattr(more, name)[chosen]]) for name in names])
        return order

    def with_rows(self, more: MatchTable, chosen: I64) -> MatchTable:
        """The rows of this table and the chosen ones of another, by candidate file, original file and start."""
        if not len(chosen):
            return self
        kept = np.flatnonzero(np.isin(more.run_row, chosen))
        number = np.zeros(len(more), np.uint32)
        number[chosen] = np.arange(len(chosen), dtype=np.uint32) + len(self)
        rows = {
            name: np.concatenate([getattr(self, name), getattr(more, name)[chosen]])
            for name in ("candidate_file", "original_file", "candidate_start", "candidate_end", "original_start",
                         "original_end", "n_equal", "n_verbatim", "is_verbatim", "is_structural", "n_gaps")
        }  # fmt: skip
        order = self.places(more, chosen)
        place = np.empty(len(order), np.uint32)
        place[order] = np.arange(len(order), dtype=np.uint32)
        run_row = place[np.concatenate([self.run_row, number[more.run_row[kept]]])]
        runs = {
            name: np.concatenate([getattr(self, name), getattr(more, name)[kept]])
            for name in ("run_candidate", "run_original", "run_length")
        }
        by_row = np.lexsort((runs["run_candidate"], run_row))
        return MatchTable(
            **{name: values[order] for name, values in rows.items()},
            run_row=run_row[by_row],
            **{name: values[by_row] for name, values in runs.items()},
            n_common_hashes=self.n_common_hashes,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TokenBits:
    """Surprise of each token of a stream. structure, name: (t,) float64 bits; is_idiom: (t,) bool, inside a common
    k-gram."""

    structure: F64
    name: F64
    is_idiom: Bool


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The aligned tokens of some regions, by region. row: (n,) int64 rows of the table. candidate, original: (n,) int64
    positions in the corpora. structure: (n,) float64, what each adds to the region's bits of
    structure, before the price of gaps."""

    row: I64
    candidate: I64
    original: I64
    structure: F64


@dataclass(frozen=True, slots=True, eq=False)
class RegionBits:
    """Bits of each region, (r,) float64 each. structure, name, literal: what they add. consistency: share of recurring
    names that map one to one, 1 where none recurs. idiom: share of tokens inside common idiom."""

    structure: F64
    name: F64
    literal: F64
    consistency: F64
    idiom: F64

    @property
    def total(self) -> F64:
        """Everything together."""
        total: F64 = self.structure + self.name + self.literal
        return total


# --- report ------------------------------------------------------------------------------------------------------
# Field by field the JSON report, schema simdetect.report/1; docs/report.md documents each.


@dataclass(frozen=True, slots=True)
class LineSpan:
    """1-based lines, both inclusive."""

    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why evidence does not count, and what says so (a path, a model, a rule)."""

    reason: ExclusionReason
    by: str


@dataclass(frozen=True, slots=True)
class Review:
    """Why a piece of evidence is not new. reason, by: a reviewer's, or of `KNOWN` the baseline that holds it."""

    status: ReviewStatus
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The most telling lines of a piece of evidence, both sides from the same token on. Untrusted text: escape it.

    candidate, original: lines, long ones cut. candidate_line, original_line: number of the first of them.
    """

    candidate: tuple[str, ...]
    original: tuple[str, ...]
    candidate_line: int
    original_line: int


@dataclass(frozen=True, slots=True)
class SharedText:
    """One text that both files have, with the line where it first stands in each. Untrusted: escape it.

    original_text: as the original writes it, "" when that is the same. kind: what it is, in evidence that has texts of
    several kinds; None elsewhere.
    """

    text: str
    bits: float
    candidate_line: int
    original_line: int
    original_text: str = ""
    kind: TextKind | None = None


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """How many independent submissions of others for the same task have a piece of evidence too.

    n: those that agree with at least half of the same lines of the original, out_of: of how many. bits_left: what the
    evidence keeps of its bits; None when it was not weighed.
    """

    n: int
    out_of: int
    bits_left: float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One agreement between a candidate file and an original file.

    original: path. source: index into `ScanReport.originals`. n_tokens: candidate tokens covered; words of comments;
    texts, of layers that have items. n_verbatim: those whose text is the same on both sides. bits: surprise, None when
    not weighed. fingerprint: 16 hex digits, stable across runs and unrelated edits. excerpt: only for the strongest
    evidence. items: the texts of a name, constant, misspelling, order or translation, most telling first.
    candidate_unit, original_unit: what the two sides are called: of a translation the functions, of an order the lists;
    "" elsewhere.
    review: what a reviewer or a baseline says about it; it is never left out for that. also_in: what other submissions
    say about it, None when nothing is known or it does not count.
    """

    layer: Layer
    original: str
    source: int
    candidate: LineSpan
    original_span: LineSpan
    n_tokens: int
    n_verbatim: int
    bits: float | None
    excluded: Exclusion | None
    fingerprint: str
    excerpt: Excerpt | None = None
    items: tuple[SharedText, ...] = ()
    candidate_unit: str = ""
    original_unit: str = ""
    review: Review | None = None
    also_in: AlsoIn | None = None


@dataclass(frozen=True, slots=True)
class OriginalMatch:
    """How much of one candidate file agrees with one original file.

    coverage: share of the candidate file's tokens. original_coverage: share of the original file's tokens.
    containment: share of the candidate's distinct fingerprints that the original has. jaccard: of the two sets.
    score: how much the two files resemble each other, each name and run of tokens weighed by its surprise, 0..1; see
    `resemblance`. No probability, and nothing is flagged by it.
    """

    original: str
    source: int
    probability: float | None
    bits: float | None
    matched_tokens: int
    coverage: float
    original_coverage: float
    longest_match: int
    containment: float
    jaccard: float
    score: float


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Everything about one analysed candidate file.

    bits: of all layers together. layer_bits: what each adds. coverage: share of its tokens by layer, disjoint layers.
    score: the highest of its originals, 0 without any; see `OriginalMatch`.
    """

    candidate: str
    language: str
    role: FileRole
    n_tokens: int
    n_lines: int
    verdict: Verdict
    probability: float | None
    bits: float | None
    score: float
    layer_bits: Mapping[Layer, float]
    matched_tokens: Mapping[Layer, int]
    coverage: Mapping[Layer, float]
    longest_match: int
    error_share: float
    degraded: str | None
    originals: tuple[OriginalMatch, ...]
    evidence: tuple[Evidence, ...]
    n_evidence: int


@dataclass(frozen=True, slots=True)
class InputSummary:
    """One input of the scan. languages: number of analysed files by language."""

    label: str
    digest: str
    n_files: int
    n_discovered: int
    n_tokens: int
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """One skipped file with the side and the index of the input it belongs to."""

    side: Side
    source: int
    path: str
    reason: SkipReason
    detail: str


@dataclass(frozen=True, slots=True)
class FalsePositiveRate:
    """How often independent code scores as high: in scored_as_high of out_of comparisons of independently written
    projects some file did; upper_95 bounds the rate. scores: the highest probability in each of them, ascending."""

    scored_as_high: int
    out_of: int
    upper_95: float
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The scan in one place.

    bits, layer_bits: of all candidate files together. matched_tokens: candidate tokens by layer, each counted once.
    candidate_coverage, original_coverage: share of all analysed tokens of that side that lie in a counted match.
    analysed_share: share of the candidate's code bytes that were analysed. minimum_detectable_tokens: the shortest
    identical run that is guaranteed to be found. reason: one sentence that explains the verdict.
    """

    verdict: Verdict
    reason: str
    probability: float | None
    bits: float | None
    layer_bits: Mapping[Layer, float]
    false_positive_rate: FalsePositiveRate | None
    n_flagged_files: int
    candidate_tokens: int
    matched_tokens: Mapping[Layer, int]
    candidate_coverage: float
    original_coverage: float
    longest_match: int
    analysed_share: float
    minimum_detectable_tokens: int
    n_common_hashes: int


@dataclass(frozen=True, slots=True)
class Lead:
    """Where to look first in one instance of an audit: its heaviest counted evidence."""

    candidate: str
    original: str
    candidate_lines: LineSpan
    original_lines: LineSpan
    layer: Layer
    n_tokens: int
    bits: float | None


@dataclass(frozen=True, slots=True)
class Control:
    """What the other submissions for the same instance say of one: see `control`.

    n_voices: others that are not near copies of it or of each other. bits_left: its bits without what they have too.
    n_alone: pieces of evidence that none of them has. lead_also_in: how many of them have the lead. near_identical:
    runs whose submissions are near copies of it.
    """

    n_voices: int
    bits_left: float | None
    n_alone: int | None
    lead_also_in: int | None
    near_identical: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstanceResult:
    """One instance of a benchmark run, after its scan.

    language: of the task, or most of the original's code. report: its JSON report, relative to the run's folder of
    reports. error: why there is none; then everything else is None.
    """

    run: str
    instance: str
    language: str | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    probability: float | None = None
    bits: float | None = None
    n_flagged_files: int | None = None
    candidate_coverage: float | None = None
    lead: Lead | None = None
    report: str | None = None
    error: str | None = None
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The result of an audit: one entry for every instance of every run, by run and instance."""

    tool: Mapping[str, Any]
    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    instances: tuple[InstanceResult, ...]
    schema: str = AUDIT_SCHEMA


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The result of a scan. Identical for identical inputs and settings, but for `run`.

    control: what other submissions for the same task say of the candidate, None where there are none.
    """

    tool: Mapping[str, Any]
    candidate: InputSummary
    originals: tuple[InputSummary, ...]
    given: tuple[InputSummary, ...]
    base: tuple[InputSummary, ...]
    settings: Mapping[str, Any]
    summary: Summary
    findings: tuple[FileFinding, ...]
    skipped: tuple[SkippedEntry, ...]
    warnings: tuple[str, ...]
    control: Control | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    schema: str = REPORT_SCHEMA
