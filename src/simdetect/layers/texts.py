"""Texts that both sides have wherever they stand: which, where, what each is worth, and what does not count.

Every text is judged by its own: what a handout or the original's own documentation says is public, and so given; tables
that standards prescribe are common; and what is left is worth the less the more of the kind the original file has.
Names and constants are found here; misspellings and what other languages share, beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from simdetect.layers.ranked import FilePairs
from simdetect.layers.regions import are_tests
from simdetect.layers.result import Context, LayerResult
from simdetect.layers.shared import compete, worth
from simdetect.matching.comparison import Comparison, Program
from simdetect.matching.holders import holders, n_distinct
from simdetect.matching.items import distinct, join
from simdetect.model import (
    F64,
    I64,
    U8,
    Bool,
    ExclusionReason,
    Layer,
    LayerRow,
    SharedRows,
    TokenRole,
    is_of_layer,
    rows_of,
    sorted_distinct,
)
from simdetect.tokens.neutral import MASK
from simdetect.tokens.symbols import is_among
from simdetect.weighing.exclusions import (
    CARRIED,
    PACKAGES,
    PUBLIC_CODE,
    REASON_OF_ROLE,
    REASONS,
    reason_codes,
)
from simdetect.weighing.known_spans import known_codes, known_symbols
from simdetect.weighing.limits import LITERAL_WEIGHT
from simdetect.weighing.observable import observable
from simdetect.weighing.said import ALL_BITS, mentioned, said
from simdetect.weighing.standards import prescribed
from simdetect.weighing.wording import name_bits, text_bits

__all__ = [
    "Found",
    "Kind",
    "SharedTexts",
    "Why",
    "find_tokens",
    "finder",
    "judged",
    "sources",
    "text_worth",
    "why_tokens",
]

_RARE_BITS = 12.0  # a text that one in 4096 is says little, and there are thousands of those
_UNSEEN_BITS = 17.5  # of a name that the background does not know: its parts tell how odd it is
_MOST_BITS = 40.0  # of one text, however long
_CARRIED_CODE = 1 + REASONS.index(ExclusionReason.VENDORED)
_STANDING = (
    "tables of public standards, lists in order",
    "texts that the program can print",
    PACKAGES,
    CARRIED,
    "path, header or long lines of the original file",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text. Of the names and constants that independent files share most are worth less than `floor` bits,
    and there are many: only what a text is worth beyond it counts, and only where those of two files come to
    `least_together`. Chosen on labelled pairs."""

    row: LayerRow
    floor: float
    least_together: float


@dataclass(frozen=True, slots=True, eq=False)
class SharedTexts:
    """Shared texts of one kind.

    rows: which. candidate_byte: (s,) int64, where the text stands in the candidate's file. length: (s,) int64 bytes
    there. bits: (s,) float64, what it is worth, even where it does not count. reason: (s,) uint8, 0 or 1 + an index
    into `REASONS`; by: (s,) int64 index into `sources`. counted: (s,) bool, once a text and candidate file.
    """

    layer: Layer
    rows: SharedRows
    candidate_byte: I64
    length: I64
    bits: F64
    reason: U8
    by: I64
    sources: tuple[str, ...]
    counted: Bool

    def __len__(self) -> int:
        return len(self.rows)

    def total(self, n_files: int, chosen: Bool | None = None) -> F64:
        """Bits of what counts, by candidate file: (n_files,) float64. chosen: (s,) bool, rows to look at."""
        rows = np.flatnonzero(self.counted & (True if chosen is None else chosen))
        return np.bincount(self.rows.candidate_file[rows], self.bits[rows], n_files).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """Why texts do not count: (s,) uint8 reason, 0 or 1 + an index into `REASONS`, and (s,) int64 by, an index into
    `sources`."""

    reason: U8
    by: I64


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Shared rows of one kind, before they are judged. byte, length: as of `SharedTexts`. base: (s,) float64, bits of
    the texts. n_distinct: (s,) int64, texts of the kind in the original file. floor: (s,) float64 or one."""

    rows: SharedRows
    byte: I64
    length: I64
    base: F64
    n_distinct: I64
    why: Why
    floor: F64 | float


def sources(context: Context) -> tuple[str, ...]:
    """What says that a text does not count: handouts, documents of the originals, and what needs no document."""
    return (*(h.path for h in context.handouts), *(document.path for document in context.documents), *_STANDING)


def finder(name: str, floor: float, least_together: float) -> Callable[[Comparison, Context], LayerResult]:
    """The `find` of a kind of texts that are tokens. name: of its module. floor, least_together: as of `Kind`."""
    (row,) = rows_of(name)
    return partial(find_tokens, Kind(row, floor, least_together))


def find_tokens(kind: Kind, comparison: Comparison, context: Context) -> LayerResult:
    """Shared names, or shared literals, between files of one language family."""
    candidate, layer = comparison.candidate, kind.row.layer
    is_name = TokenRole.NAME in kind.row.roles
    surprise = candidate.bits.name + candidate.public if len(candidate.public) else candidate.bits.name
    at = np.flatnonzero(is_of_layer(candidate.role, layer) & (surprise >= _RARE_BITS))
    items = distinct(candidate.layout.file_of(at), candidate.layout.exact[at], at)
    trees = comparison.original.trees
    file, symbol = holders(trees, layer, sorted_distinct(items.symbol))
    rows = join(items, file, symbol, comparison.same_family)
    start, end = candidate.start, candidate.end
    found = Found(
        rows=rows,
        byte=start[rows.candidate_at].astype(np.int64),
        length=(end[rows.candidate_at] - start[rows.candidate_at]).astype(np.int64),
        base=text_worth(candidate, rows, surprise[rows.candidate_at], context, is_name=is_name),
        n_distinct=n_distinct(trees, layer)[rows.original_file],
        why=why_tokens(candidate, rows, context, is_name=is_name),
        floor=kind.floor,
    )
    return judged(kind, found, comparison, context)


def text_worth(candidate: Program, rows: SharedRows, known: F64, context: Context, *, is_name: bool) -> F64:
    """Bits of each row's text: those of the background, or of its parts where they are fewer, or where it has none.
    known: (s,) float64, those of the background."""
    at, inverse = np.unique(rows.candidate_at, return_inverse=True)
    words = list(_texts_at(candidate, at))
    parts = (name_bits(context.wording, words) if is_name else text_bits(context.wording, words))[inverse]
    if not is_name:
        parts = np.where(candidate.role[rows.candidate_at] == TokenRole.NUMBER, known, parts)
    bits = np.where(known >= _UNSEEN_BITS, parts, np.minimum(known, parts))
    weight = 1.0 if is_name else LITERAL_WEIGHT
    return weight * np.minimum(bits, _MOST_BITS)


def _texts_at(candidate: Program, at: I64) -> Iterator[bytes]:
    files, contents = candidate.layout.file_of(at).tolist(), candidate.contents
    spans = candidate.start[at].tolist(), candidate.end[at].tolist()
    for file, start, end in zip(files, *spans, strict=True):
        yield contents[file][start:end]


def why_tokens(
    candidate: Program,
    rows: SharedRows,
    context: Context,
    folded: Callable[[bytes], bytes] | None = None,
    *,
    is_name: bool,
) -> Why:
    """Why names or literals do not count. folded: what makes the names of a document those that the symbols of rows
    stand for, where they are not the names as written."""
    wanted = np.zeros(len(candidate.layout.exact), np.bool_)
    wanted[rows.candidate_at] = True
    source = said(context.index, candidate, wanted)[rows.candidate_at]
    if not is_name:
        seen = observable(context.observable, candidate, wanted)[rows.candidate_at]
        return _why_literals(source, prescribed(candidate, wanted)[rows.candidate_at], seen, context)
    return _or_public(_why_names(source, rows, context, folded), candidate, rows, context)


def _or_public(why: Why, candidate: Program, rows: SharedRows, context: Context) -> Why:
    """Names that nobody handed out, and that packages export."""
    if not len(candidate.public):
        return why
    fresh = (why.reason == 0) & (candidate.public[rows.candidate_at] > 0)
    by = len(context.handouts) + len(context.documents) + _STANDING.index(PACKAGES)
    return Why(np.where(fresh, PUBLIC_CODE, why.reason).astype(np.uint8), np.where(fresh, by, why.by).astype(np.int64))


def _why_literals(source: I64, is_table: Bool, is_seen: Bool, context: Context) -> Why:
    """Literals: handed out, of a table that a standard prescribes, or such as the author may have seen. source: (s,)
    int64, 0 or 1 + the handout."""
    reason, by = _handed(source, context)
    standing = len(context.handouts) + len(context.documents)
    for place, (chosen, why) in enumerate(((is_table, ExclusionReason.COMMON), (is_seen, ExclusionReason.OBSERVABLE))):
        fresh = (reason == 0) & chosen
        reason = np.where(fresh, 1 + REASONS.index(why), reason).astype(np.uint8)
        by = np.where(fresh, standing + place, by)
    return Why(reason, by)


def _why_names(source: I64, rows: SharedRows, context: Context, folded: Callable[[bytes], bytes] | None) -> Why:
    """Names: handed out, or mentioned by the original's own documentation, and so public."""
    symbols, inverse = np.unique(rows.symbol, return_inverse=True)
    documents = [document.content for document in context.documents]
    if folded is not None:
        handed = [folded(handout.content) for handout in context.handouts]
        source = np.where(source == 0, mentioned(handed, symbols, MASK)[inverse], source)
        documents = [folded(document) for document in documents]
    reason, by = _handed(source, context)
    mask = ALL_BITS if folded is None else MASK
    public = mentioned(documents, symbols, mask)[inverse] if len(symbols) else source
    fresh = (reason == 0) & (public > 0)
    given = 1 + REASONS.index(ExclusionReason.GIVEN)
    return Why(np.where(fresh, given, reason).astype(np.uint8), np.where(fresh, len(context.handouts) + public - 1, by))


def _handed(source: I64, context: Context) -> tuple[U8, I64]:
    """Reasons and sources of what handouts say. source: (s,) int64, 0 or 1 + the handout."""
    return reason_codes(handout.reason for handout in context.handouts)[source], np.maximum(0, source - 1)


def _carried(found: Found, comparison: Comparison, context: Context) -> U8:
    """Codes of texts that stand in what many projects carry, on either side: (s,) uint8."""
    rows = found.rows
    here = known_codes(comparison.candidate, rows.candidate_file, found.byte.astype(np.int64))
    if "known" not in context.memo:
        context.memo["known"] = known_symbols(comparison.original)
    there = is_among(rows.symbol, context.memo["known"])
    return np.where((here == 0) & there, _CARRIED_CODE, here).astype(np.uint8)


def judged(kind: Kind, found: Found, comparison: Comparison, context: Context) -> LayerResult:
    """Worth, exclusions by role, and which rows count when the original's files compete."""
    roles, n_files = [file.role for file in comparison.original.files], len(comparison.candidate.files)
    value = np.maximum(0.0, worth(found.base, found.n_distinct) - found.floor)
    of_file = np.array([REASON_OF_ROLE.get(role, 0) for role in roles] or [0], np.uint8)
    role_reason = of_file[found.rows.original_file]
    known = np.where(role_reason > 0, 0, _carried(found, comparison, context))
    reason = np.where(role_reason > 0, role_reason, np.where(known > 0, known, found.why.reason)).astype(np.uint8)
    all_sources = sources(context)
    by = np.where(known > 0, len(all_sources) - len(_STANDING) + _STANDING.index(CARRIED), found.why.by)
    texts = SharedTexts(
        layer=kind.row.layer,
        rows=found.rows,
        candidate_byte=found.byte,
        length=found.length,
        bits=value,
        reason=reason,
        by=np.where(role_reason > 0, len(all_sources) - 1, by),
        sources=all_sources,
        counted=compete(found.rows, np.where(reason == 0, value, 0.0), kind.least_together),
    )
    total = texts.total(n_files)
    kept = texts.rows.take(reason == 0)
    no_test = ~are_tests(roles)
    name = kind.row.feature
    return LayerResult(
        found=texts,
        pairs=FilePairs(kept.candidate_file, kept.original_file, {name: value[reason == 0]}),
        features={name: total},
        untested={name: texts.total(n_files, no_test[texts.rows.original_file])},
        bits={kind.row.layer: total},
    )
