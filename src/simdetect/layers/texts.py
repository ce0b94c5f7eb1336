"""Names, constants and misspellings that both sides have: which, where, what each is worth, and what does not count.

Between files of two languages, names and constants are compared as any language would write them (`neutral`), and are
the layer *translated*: each is worth what it is in the language where it is more common.

Every text is judged by its own: what a handout or the original's own documentation says is public, and so given; tables
that standards prescribe are common; and what is left is worth the less the more of the kind the original file has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simdetect.layers.shared import Shared, compete, distinct, join, worth
from simdetect.matching.memory import first_byte, forms, holders, n_distinct
from simdetect.model import (
    F64,
    I64,
    U8,
    U32,
    U64,
    AnalysedFile,
    AnalysedTree,
    Bool,
    Corpus,
    ExclusionReason,
    FileRole,
    Layer,
    TokenRole,
    is_of_layer,
)
from simdetect.model.arrays import sorted_distinct
from simdetect.tokens.neutral import MASK, fold
from simdetect.weighing.background import Background, text_surprise
from simdetect.weighing.handouts import ALL_BITS, Handout, HandoutIndex, mentioned, said
from simdetect.weighing.selection import REASON_OF_ROLE, REASONS, reason_codes
from simdetect.weighing.standards import prescribed
from simdetect.weighing.wording import Wording, is_misspelt, is_unknown, name_bits, text_bits

__all__ = ["LAYERS", "SharedItems", "shared_items"]

LAYERS = (Layer.NAME, Layer.CONSTANT, Layer.MISSPELLING, Layer.TRANSLATED)

_RARE_BITS = 12.0  # a text that one in 4096 is says little, and there are thousands of those
_UNSEEN_BITS = 17.5  # of a name that the background does not know: its parts tell how odd it is
_MISSPELT_BITS = 12.0  # one in some 50 ways to misspell a word that is misspelt once in a hundred times
# Of the names and constants that independent files share most are worth less than this, and there are many: only what a
# text is worth beyond it counts, and only where those of two files come to so much together. Chosen on labelled pairs.
_FLOOR_BITS = (6.0, 3.0, 0.0, 6.0)
_LEAST_TOGETHER = (30.0, 16.0, 0.0, 20.0)
# Values and messages that a translation keeps say more than those that one language's programs share anyway.
_TRANSLATED_CONSTANT_FLOOR = 0.0
_TRANSLATED_RARE_BITS = 10.0
_LITERAL_WEIGHT = 0.5  # as in `surprise`: independent programs print the same messages
_MOST_BITS = 40.0  # of one text, however long
_NAME, _CONSTANT, _MISSPELLING, _TRANSLATED = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class SharedItems:
    """Rows of shared texts.

    rows: which. layer: (s,) uint8 index into `LAYERS`. candidate_byte: (s,) int64, where the text stands in the
    candidate's file. length: (s,) int64 bytes there. bits: (s,) float64, what it is worth, also where it
    does not count. reason: (s,) uint8, 0 or 1 + an index into `REASONS`; by: (s,) int64 index into `sources`.
    counted: (s,) bool, once a text and candidate file.
    """

    rows: Shared
    layer: U8
    candidate_byte: I64
    length: I64
    bits: F64
    reason: U8
    by: I64
    sources: tuple[str, ...]
    counted: Bool

    def __len__(self) -> int:
        return len(self.rows)

    def original_byte(self, row: int, original: AnalysedFile) -> int:
        """Where the text of a row first stands in its original file: looked for where it is shown."""
        return first_byte(original, LAYERS[int(self.layer[row])], int(self.rows.symbol[row]))

    def total(self, layer: Layer, n_files: int, chosen: Bool | None = None) -> F64:
        """Bits of what counts in a layer, by candidate file: (n_files,) float64. chosen: (s,) bool, rows to look at."""
        rows = np.flatnonzero(self.counted & (self.layer == LAYERS.index(layer)) & (True if chosen is None else chosen))
        return np.bincount(self.rows.candidate_file[rows], self.bits[rows], n_files).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Shared rows of one layer, before they are judged. base: (s,) float64, bits of the texts. n_distinct: (s,) int64,
    texts of the kind in the original file. floor: (s,) float64 or one, bits that do not count."""

    layer: int
    rows: Shared
    byte: I64
    length: I64
    base: F64
    n_distinct: I64
    reason: U8
    by: I64
    floor: F64 | float


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The candidate's corpus. role: (n,) uint8, start, end: (n,) uint32 bytes, neutral: (n,) uint64 of every token,
    separators included."""

    files: Sequence[AnalysedFile]
    corpus: Corpus
    role: U8
    start: U32
    end: U32
    neutral: U64


def _side(files: Sequence[AnalysedFile], corpus: Corpus) -> _Side:
    def end_to_end(parts: Sequence[Any], gap: Any) -> Any:
        return np.concatenate([part for own in parts for part in (own, gap)] or [gap[:0]])

    return _Side(
        files,
        corpus,
        end_to_end([file.tokens.role for file in files], np.zeros(1, np.uint8)),
        end_to_end([file.tokens.start for file in files], np.zeros(1, np.uint32)),
        end_to_end([file.tokens.end for file in files], np.zeros(1, np.uint32)),
        end_to_end([file.tokens.neutral for file in files], np.zeros(1, np.uint64)),
    )


def shared_items(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    candidate: Corpus,
    surprise: F64,
    handouts: Sequence[Handout],
    index: HandoutIndex,
    wording: Wording,
    background: Callable[[str], Background],
) -> SharedItems:
    """Everything that files of both sides share.

    candidate: the corpus of its tokens. surprise: (n,) float64, name bits of every token of the candidate. background:
    the model of a language family.
    """
    files = [file for tree in theirs for file in tree.files]
    found_documents = (document for tree in theirs for document in tree.tree.documents)
    documents = sorted(found_documents, key=lambda document: (document.path, document.sha256))
    texts = _Texts(own, files, handouts, [document.content for document in documents], index, wording)
    mine = _side(own.files, candidate)
    found = [
        _tokens(_NAME, mine, theirs, surprise, texts),
        _tokens(_CONSTANT, mine, theirs, surprise, texts),
        _misspellings(own, theirs, texts),
        _translated(mine, theirs, surprise, texts, background),
    ]
    sources = (*(h.path for h in handouts), *(document.path for document in documents), *_STANDING)
    return _judged(found, [file.role for file in files], sources)


_STANDING = ("tables of public standards, lists in order", "path, header or long lines of the original file")


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """What judges a text: the candidate's files, handouts, documents of the originals, models."""

    own: AnalysedTree
    theirs: Sequence[AnalysedFile]
    handouts: Sequence[Handout]
    documents: Sequence[bytes]
    index: HandoutIndex
    wording: Wording

    @property
    def contents(self) -> list[bytes]:
        """Texts of the candidate's files."""
        return [file.content for file in self.own.tree.files]

    def same_family(self, own: I64, theirs: I64) -> Bool:
        """Which pairs of a candidate and an original file are of one language family."""
        names = {family: i for i, family in enumerate({f.family for f in (*self.own.files, *self.theirs)})}
        left = np.array([names[file.family] for file in self.own.files] or [0])
        right = np.array([names[file.family] for file in self.theirs] or [0])
        same: Bool = left[own] == right[theirs]
        return same

    def other_family(self, own: I64, theirs: I64) -> Bool:
        """Which pairs of a candidate and an original file are not."""
        return ~self.same_family(own, theirs)


def _tokens(layer: int, own: _Side, theirs: Sequence[AnalysedTree], surprise: F64, texts: _Texts) -> _Found:
    """Shared names, or shared literals."""
    at = np.flatnonzero(is_of_layer(own.role, LAYERS[layer]) & (surprise >= _RARE_BITS))
    items = distinct(own.corpus.file_of(at), own.corpus.exact[at], at)
    file, symbol = holders(theirs, LAYERS[layer], sorted_distinct(items.symbol))
    rows = join(items, file, symbol, texts.same_family)
    start = own.start[rows.candidate_at].astype(np.int64)
    reason, by = _token_reasons(layer, own, rows, texts)
    return _Found(
        layer=layer,
        rows=rows,
        byte=start,
        length=own.end[rows.candidate_at] - start,
        base=_token_bits(layer, own, rows, surprise[rows.candidate_at], texts),
        n_distinct=n_distinct(theirs, LAYERS[layer])[rows.original_file],
        reason=reason,
        by=by,
        floor=_FLOOR_BITS[layer],
    )


def _translated(
    own: _Side,
    theirs: Sequence[AnalysedTree],
    surprise: F64,
    texts: _Texts,
    background: Callable[[str], Background],
) -> _Found:
    """Names and literals that a file shares with one in another language."""
    is_foreign = len({file.family for file in (*own.files, *texts.theirs)}) > 1
    at = np.flatnonzero((own.neutral != 0) & (surprise >= _TRANSLATED_RARE_BITS) & is_foreign)
    items = distinct(own.corpus.file_of(at), own.neutral[at], at)
    holding = holders(theirs, Layer.TRANSLATED, sorted_distinct(items.symbol))
    rows = join(items, *holding, texts.other_family)  # neutral symbols of names are none of literals
    named = own.role[rows.candidate_at] == TokenRole.NAME
    known = np.minimum(surprise[rows.candidate_at], _surprise_there(theirs, rows, texts.theirs, background))
    base, by = np.zeros(len(rows)), np.zeros(len(rows), np.int64)
    reason = np.zeros(len(rows), np.uint8)
    for layer, chosen in ((_NAME, named), (_CONSTANT, ~named)):
        part = rows.take(chosen)
        base[chosen] = _token_bits(layer, own, part, known[chosen], texts)
        reason[chosen], by[chosen] = _token_reasons(layer, own, part, texts, fold)
    start = own.start[rows.candidate_at].astype(np.int64)
    return _Found(
        layer=_TRANSLATED,
        rows=rows,
        byte=start,
        length=own.end[rows.candidate_at] - start,
        base=base,
        n_distinct=_n_neutral(theirs, rows, named),
        reason=reason,
        by=by,
        floor=np.where(named, _FLOOR_BITS[_TRANSLATED], _TRANSLATED_CONSTANT_FLOOR),
    )


def _n_neutral(theirs: Sequence[AnalysedTree], rows: Shared, named: Bool) -> I64:
    """Distinct names of each row's original file, or its distinct literals, as any language would write them."""
    if not len(rows):
        return np.zeros(0, np.int64)
    counts = [n_distinct(theirs, layer, is_neutral=True) for layer in (Layer.CONSTANT, Layer.NAME)]
    found: I64 = np.stack(counts)[named.astype(np.int64), rows.original_file]
    return found


def _surprise_there(
    theirs: Sequence[AnalysedTree], rows: Shared, files: Sequence[AnalysedFile], background: Callable[[str], Background]
) -> F64:
    """Surprise of each row's text as the original file writes it, in its language: (s,) float64. Of several ways of
    writing it, the most common one."""
    found = np.full(len(rows), np.inf)
    if not len(rows):
        return found
    file, symbol, exact = forms(theirs, sorted_distinct(rows.symbol))
    family = np.array([files[number].family for number in file.tolist()])
    bits = np.zeros(len(file))
    for name in sorted_distinct(family).tolist():
        mine = family == name
        bits[mine] = text_surprise(background(name), exact[mine])
    order = np.lexsort((bits, file, symbol))
    items = distinct(file[order], symbol[order], np.arange(len(order)))
    least = dict(zip(zip(items.file.tolist(), items.symbol.tolist(), strict=True), bits[order][items.at], strict=True))
    keys = zip(rows.original_file.tolist(), rows.symbol.tolist(), strict=True)
    return np.array([least[key] for key in keys])


def _token_bits(layer: int, own: _Side, rows: Shared, known: F64, texts: _Texts) -> F64:
    """Bits of each row's text: those of the background, or of its parts where they are fewer, or where it has none.
    known: (s,) float64, those of the background."""
    at, inverse = np.unique(rows.candidate_at, return_inverse=True)
    words = list(_texts_at(own, at, texts.contents))
    parts = (name_bits(texts.wording, words) if layer == _NAME else text_bits(texts.wording, words))[inverse]
    if layer == _CONSTANT:
        parts = np.where(own.role[rows.candidate_at] == TokenRole.NUMBER, known, parts)
    bits = np.where(known >= _UNSEEN_BITS, parts, np.minimum(known, parts))
    weight = 1.0 if layer == _NAME else _LITERAL_WEIGHT
    return weight * np.minimum(bits, _MOST_BITS)


def _texts_at(side: _Side, at: I64, contents: Sequence[bytes]) -> Iterator[bytes]:
    files = side.corpus.file_of(at).tolist()
    for file, start, end in zip(files, side.start[at].tolist(), side.end[at].tolist(), strict=True):
        yield contents[file][start:end]


def _token_reasons(
    layer: int, own: _Side, rows: Shared, texts: _Texts, folded: Callable[[bytes], bytes] | None = None
) -> tuple[U8, I64]:
    """Why texts do not count: (s,) uint8 reasons and (s,) int64 sources. folded: what makes the names of a document
    those that the symbols of rows stand for, where they are not the names as written."""
    wanted = np.zeros(len(own.corpus.exact), np.bool_)
    wanted[rows.candidate_at] = True
    at = rows.candidate_at
    source = said(texts.index, own.files, texts.contents, own.corpus.offset, wanted)[at]
    reason = reason_codes(handout.reason for handout in texts.handouts)[source]
    by = np.maximum(0, source - 1)
    if layer == _NAME:
        symbols, inverse = np.unique(rows.symbol, return_inverse=True)
        documents = list(texts.documents)
        if folded is not None:
            handed = [folded(handout.content) for handout in texts.handouts]
            source = np.where(source == 0, mentioned(handed, symbols, MASK)[inverse], source)
            reason = reason_codes(handout.reason for handout in texts.handouts)[source]
            by = np.maximum(0, source - 1)
            documents = [folded(document) for document in documents]
        mask = ALL_BITS if folded is None else MASK
        public = mentioned(documents, symbols, mask)[inverse] if len(symbols) else source
        reason, by = _documented(reason, by, public, len(texts.handouts))
    else:
        table = prescribed(own.files, texts.contents, own.corpus.offset, wanted)[at]
        fresh = (reason == 0) & table
        reason = np.where(fresh, 1 + REASONS.index(ExclusionReason.COMMON), reason).astype(np.uint8)
        by = np.where(fresh, len(texts.handouts) + len(texts.documents), by)
    return reason, by


def _documented(reason: U8, by: I64, public: I64, n_handouts: int) -> tuple[U8, I64]:
    """What the original's own documentation mentions is public. public: (s,) int64, 0 or 1 + the document."""
    fresh = (reason == 0) & (public > 0)
    given = 1 + REASONS.index(ExclusionReason.GIVEN)
    return np.where(fresh, given, reason).astype(np.uint8), np.where(fresh, n_handouts + public - 1, by)


def _misspellings(own: AnalysedTree, theirs: Sequence[AnalysedTree], texts: _Texts) -> _Found:
    """Shared words of comments and literals that are misspellings of common ones, and no part of a name."""
    word, file, byte = _odd_words(own.files, texts.wording)
    items = distinct(file, word, byte)
    holding = holders(theirs, Layer.MISSPELLING, sorted_distinct(items.symbol))
    rows = join(items, *holding, lambda a, _: np.ones(len(a), np.bool_))
    kept = _are_misspelt(rows, texts)
    rows = rows.take(kept)
    length = np.array(
        [len(_word_at(texts.contents[f], b)) for f, b in zip(rows.candidate_file, rows.candidate_at, strict=True)],
        np.int64,
    )
    symbols, inverse = np.unique(rows.symbol, return_inverse=True)
    handed = [handout.content.lower() for handout in texts.handouts] + [text.lower() for text in texts.documents]
    source = mentioned(handed, symbols)[inverse] if len(symbols) else np.zeros(0, np.int64)
    reasons = np.append(
        reason_codes(handout.reason for handout in texts.handouts),
        np.full(len(texts.documents), 1 + REASONS.index(ExclusionReason.GIVEN), np.uint8),
    )
    n = len(rows)
    return _Found(
        layer=_MISSPELLING,
        rows=rows,
        byte=rows.candidate_at,
        length=length,
        base=np.full(n, _MISSPELT_BITS),
        n_distinct=np.ones(n, np.int64),
        reason=reasons[source],
        by=np.maximum(0, source - 1),
        floor=_FLOOR_BITS[_MISSPELLING],
    )


def _odd_words(files: Sequence[AnalysedFile], wording: Wording) -> tuple[U64, I64, I64]:
    """Words of comments and literals that the model does not know, their files, and where they start."""
    word, file, byte = _all_words(files)
    odd = is_unknown(wording, word)
    return word[odd], file[odd], byte[odd]


def _all_words(files: Sequence[AnalysedFile]) -> tuple[U64, I64, I64]:
    """Words of comments, then of literals, of every file."""
    words, owners, bytes_ = [], [], []
    for i, file in enumerate(files):
        word = np.concatenate([file.prose.word, file.prose.literal_word])
        at = np.concatenate([file.prose.start, file.prose.literal_start]).astype(np.int64)
        words.append(word)
        bytes_.append(at)
        owners.append(np.full(len(word), i, np.int64))
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([np.zeros(0, np.uint64), *words]),
        np.concatenate([none, *owners]),
        np.concatenate([none, *bytes_]),
    )


def _are_misspelt(rows: Shared, texts: _Texts) -> Bool:
    """Which rows hold a misspelling that the candidate's names do not have."""
    verdict: dict[tuple[int, int], bool] = {}
    misspelt: dict[int, bool] = {}
    names: dict[int, bytes] = {}
    found = np.zeros(len(rows), np.bool_)
    for i, (symbol, file, at) in enumerate(
        zip(rows.symbol.tolist(), rows.candidate_file.tolist(), rows.candidate_at.tolist(), strict=True)
    ):
        key = symbol, file
        if key not in verdict:
            word = _word_at(texts.contents[file], at)
            if symbol not in misspelt:
                misspelt[symbol] = is_misspelt(texts.wording, word)
            verdict[key] = misspelt[symbol] and word not in _names_of(texts.own, file, names)
        found[i] = verdict[key]
    return found


def _word_at(content: bytes, at: int) -> bytes:
    """The word that starts at a byte, in lower case."""
    end = at
    while end < len(content) and (content[end] >= 128 or chr(content[end]).isalnum()):
        end += 1
    return content[at:end].lower()


def _names_of(own: AnalysedTree, file: int, known: dict[int, bytes]) -> bytes:
    """All names of a file in lower case."""
    if file not in known:
        tokens, content = own.files[file].tokens, own.tree.files[file].content
        at = np.flatnonzero(tokens.role == TokenRole.NAME)
        at = at[np.unique(tokens.exact[at], return_index=True)[1]]
        spans = zip(tokens.start[at].tolist(), tokens.end[at].tolist(), strict=True)
        known[file] = b" ".join(content[a:b] for a, b in spans).lower()
    return known[file]


def _judged(found: Sequence[_Found], original_role: Sequence[FileRole], sources: tuple[str, ...]) -> SharedItems:
    """All layers in one, by layer."""
    of_file = np.array([REASON_OF_ROLE.get(role, 0) for role in original_role] or [0], np.uint8)
    bits, reasons, by, counted = [], [], [], []
    for part in found:
        value = np.maximum(0.0, worth(part.base, part.n_distinct) - part.floor)
        role_reason = of_file[part.rows.original_file]
        reason = np.where(role_reason > 0, role_reason, part.reason).astype(np.uint8)
        bits.append(value)
        reasons.append(reason)
        by.append(np.where(role_reason > 0, len(sources) - 1, part.by))
        counted.append(compete(part.rows, np.where(reason == 0, value, 0.0), _LEAST_TOGETHER[part.layer]))
    return SharedItems(
        rows=Shared(
            candidate_file=np.concatenate([part.rows.candidate_file for part in found]),
            original_file=np.concatenate([part.rows.original_file for part in found]),
            symbol=np.concatenate([part.rows.symbol for part in found]),
            candidate_at=np.concatenate([part.rows.candidate_at for part in found]),
        ),
        layer=np.concatenate([np.full(len(part.rows), part.layer, np.uint8) for part in found]),
        candidate_byte=np.concatenate([part.byte for part in found]),
        length=np.concatenate([part.length for part in found]),
        bits=np.concatenate(bits),
        reason=np.concatenate(reasons),
        by=np.concatenate(by),
        sources=sources,
        counted=np.concatenate(counted),
    )
