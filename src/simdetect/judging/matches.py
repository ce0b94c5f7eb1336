"""Two analysed sides -> everything that they share, weighed: the stages between analysis and the report.

Code is matched by normalised tokens, comments by words, both in the same way: seeds, regions, bits, exclusions,
selection.
Beside that, names, constants and misspellings that both sides have wherever they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.judging.ranking import OrderRow, Ranked, file_features, layer_bits, rank
from simdetect.languages import spec_of
from simdetect.layers.sequences import orders
from simdetect.layers.texts import SharedItems, shared_items
from simdetect.matching.functions import align_units, within
from simdetect.matching.layout import build_corpus, build_original_words, build_originals, find_seeds, lay_out
from simdetect.matching.regions import find_regions
from simdetect.model import (
    F64,
    I64,
    U8,
    U16,
    AnalysedFile,
    AnalysedTree,
    Bool,
    Corpus,
    ExclusionReason,
    FileRole,
    Layer,
    MatchTable,
    RegionBits,
    TokenBits,
    TokenRole,
)
from simdetect.model.arrays import sorted_distinct
from simdetect.options import ScanOptions
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.prose import WORD_K
from simdetect.tokens.sketch import SHINGLE_TOKENS, shortlist, sketch
from simdetect.weighing.background import Background, load_background, token_bits
from simdetect.weighing.handouts import (
    HandedTokens,
    Handout,
    HandoutIndex,
    between,
    covered,
    index_handouts,
    inside,
    licence_literals,
    licence_words,
    mostly,
    mostly_handed,
    said,
    said_words,
    touched,
)
from simdetect.weighing.selection import (
    FLOOR_BITS,
    REASON_OF_ROLE,
    FileFeatures,
    Pairs,
    Selection,
    agreement,
    exclusions,
    gains,
    reason_codes,
    region_features,
    score_pairs,
    select,
)
from simdetect.weighing.standards import prescribed
from simdetect.weighing.surprise import (
    Recurring,
    aligned_structure,
    choose,
    interleave,
    join_bits,
    region_bits,
    same_texts,
)
from simdetect.weighing.whole import LEAST_TOKENS, function_bits
from simdetect.weighing.wording import Wording, load_wording, word_bits

__all__ = ["Agreement", "Matches", "match_trees", "sketches"]

_CANDIDATE_END, _ORIGINAL_END = 1, 2  # separators: no token hashes to them, and they differ
_NO_ROLES = np.zeros(0, np.uint8)
_SEPARATOR_ROLE = np.zeros(1, np.uint8)
_STANDING = (
    Handout("tables of public standards, lists in order", ExclusionReason.COMMON, b"", ()),
    Handout("licence text in a literal", ExclusionReason.LICENSE, b"", ()),
)
_LICENCE_COMMENT = Handout("licence text", ExclusionReason.LICENSE, b"", ())
_FOREIGN_SHARE = 0.05  # of the originals' tokens: a port of a C program finds Python there too, in its tests
_LEAST_WORDS = 6  # of a region in comments: shorter ones are phrases
_PART_TOKENS = 1 << 20  # aligned tokens whose functions are looked at together
_GAP_WORDS = 4  # by which a comment may differ between two equal stretches


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Regions of one kind, of code or of comments, and what they count for.

    candidate, original: the corpora that positions refer to. alone: bits of each region by itself. excluded: (r,)
    uint8, see `score.exclusions`. gain: (r,) float64, see `score.gains`. agreement: (pairs,) float64, see
    `score.agreement`. handed_by: of regions that were handed out, what has them. untested: features without the
    original's test files.
    """

    candidate: Corpus
    original: Corpus
    table: MatchTable
    alone: RegionBits
    excluded: U8
    pairs: Pairs
    selection: Selection
    gain: F64
    agreement: F64
    features: FileFeatures
    untested: FileFeatures
    handed_by: Mapping[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What matching found.

    code, comments: regions. shared: names, constants and misspellings. orders: of units and lists. ranked: pairs of
    files.
    features: (files, 10) float64 of candidate files in the order of `calibration.FEATURES`; untested: the same
    without the original's test files. layer_bits: (files,) float64 each, bits of a file by layer, nothing twice.
    resembling: (candidate file, original file, estimated Jaccard) by sketches. is_foreign: (files,) bool, candidate
    files in a language of functions and types that hardly any code of the originals is in.
    """

    code: Agreement
    comments: Agreement
    shared: SharedItems
    orders: Sequence[OrderRow]
    ranked: Ranked
    features: F64
    untested: F64
    layer_bits: Mapping[Layer, F64]
    resembling: Sequence[tuple[int, int, float]]
    is_foreign: Bool


@dataclass(frozen=True, slots=True)
class _Functions:
    """The files of both sides, whose functions agree or do not."""

    own: Sequence[AnalysedFile]
    theirs: Sequence[AnalysedFile]

    def bits(
        self,
        table: MatchTable,
        candidate: Corpus,
        original: Corpus,
        role: U8,
        bits: TokenBits,
        rows: I64,
        of: RegionBits,
    ) -> F64:
        """Bits of the heaviest whole function of these rows, never more than the structure of the region. of: bits of
        all regions."""
        rows = rows[table.n_equal[rows] >= LEAST_TOKENS]
        found = np.zeros(len(table))
        for part in np.split(rows, np.flatnonzero(np.diff(np.cumsum(table.n_equal[rows]) // _PART_TOKENS)) + 1):
            aligned = aligned_structure(table, candidate, original, role, bits, part)
            found += function_bits(aligned, table, self.own, self.theirs, candidate, original)
        return np.minimum(found, of.structure)


def match_trees(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    options: ScanOptions,
    background: Callable[[str], Background] = load_background,
    handouts: Sequence[Handout] = (),
    wording: Wording | None = None,
) -> Matches:
    """All candidate files against the files of all originals at once.

    background: the model of a language family; the default is what the package ships. handouts: what the author of the
    candidate had. wording: the model of words; the default is that of the options.
    """
    wording = load_wording(options.background) if wording is None else wording
    files = [file for tree in theirs for file in tree.files]
    bits = join_bits([_token_bits(file, background, options.k) for file in own.files])
    role = _roles(own.files)
    index = index_handouts(handouts)
    code = _code(own, theirs, bits, role, handouts, index, options)
    comments = _comments(own, theirs, handouts, index, wording, options)
    shared = shared_items(own, theirs, code.candidate, bits.name, handouts, index, wording, background)
    ranked = rank(code.pairs, code.agreement, comments.pairs, shared)
    contents = [file.content for file in own.tree.files]
    worth = np.where(code.excluded == 0, code.alone.total, 0.0)
    order = orders(ranked, own.files, files, contents, shared, code.table, worth)
    held = same_texts(code.table, code.candidate, code.original, role, code.selection.counted)
    no_test = np.array([file.role is not FileRole.TEST for file in files] or [True])
    return Matches(
        code=code,
        comments=comments,
        shared=shared,
        orders=order,
        ranked=ranked,
        features=file_features(code.features, comments.features, shared, order),
        untested=file_features(code.untested, comments.untested, shared, order, no_test),
        layer_bits=layer_bits(code.table, code.selection.counted, code.gain, held, comments.features, shared, order),
        resembling=_resembling(own.files, files, options.sketch_threshold),
        is_foreign=_is_foreign(own.files, files),
    )


def _is_foreign(own: Sequence[AnalysedFile], theirs: Sequence[AnalysedFile]) -> Bool:
    n_tokens: Counter[str] = Counter()
    for file in theirs:
        n_tokens[file.family] += file.n_tokens
    few = _FOREIGN_SHARE * n_tokens.total()
    rare = {file.family for file in own if n_tokens[file.family] < few or not n_tokens[file.family]}
    return np.array([file.family in rare and bool(spec_of(file.language).units) for file in own], np.bool_)


def _roles(files: Sequence[AnalysedFile]) -> U8:
    """Roles of all tokens of a corpus, separators included."""
    return np.concatenate([part for file in files for part in (file.tokens.role, _SEPARATOR_ROLE)] or [_NO_ROLES])


def _code(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    bits: TokenBits,
    role: U8,
    handouts: Sequence[Handout],
    index: HandoutIndex,
    options: ScanOptions,
) -> Agreement:
    """Agreement of code, token by token."""
    candidate = _corpus(own.files, _CANDIDATE_END)
    original = build_originals(theirs, _ORIGINAL_END, sorted_distinct(candidate.fingerprint))
    files = [file for tree in theirs for file in tree.files]
    table = _regions(candidate, own.files, original, files, options)
    alone = region_bits(table, candidate, original, role, bits, recurring=_recurring(table, candidate))
    table, alone = _with_functions(table, alone, own.files, files, candidate, original, role, bits)
    standing = _standing(own, candidate, table)
    everything = [*handouts, *_STANDING]
    handed = None
    if handouts or standing.any():
        handed = _handed_tokens(own, candidate, role, bits, table, everything, index, standing, options)
    roles, functions = [file.role for file in files], _Functions(own.files, files)
    return _weighed(candidate, original, table, alone, role, bits, handed, everything, roles, functions)


def _recurring(table: MatchTable, candidate: Corpus) -> Recurring | None:
    """What makes weighing faster, where there is enough to weigh."""
    return Recurring.of(candidate) if 2 * int(table.run_length.sum()) > len(candidate.normal) else None


def _with_functions(
    table: MatchTable,
    alone: RegionBits,
    own: Sequence[AnalysedFile],
    theirs: Sequence[AnalysedFile],
    candidate: Corpus,
    original: Corpus,
    role: U8,
    bits: TokenBits,
) -> tuple[MatchTable, RegionBits]:
    """The regions, and aligned functions that are worth more than the regions inside them are together. alone: bits of
    each region by itself, as what comes back."""
    settled = _settled(table, alone.total, [file.role for file in theirs], candidate)
    aligned = align_units(own, theirs, candidate, original, table, settled)
    if not len(aligned):
        return table, alone
    bits_of = region_bits(aligned, candidate, original, role, bits)
    pieces = np.maximum(0.0, alone.total - FLOOR_BITS)
    chosen = np.flatnonzero(bits_of.total - FLOOR_BITS > within(aligned, table, pieces))
    return table.with_rows(aligned, chosen), interleave(alone, bits_of, chosen, table.places(aligned, chosen))


def _settled(table: MatchTable, total: F64, original_role: Sequence[FileRole], candidate: Corpus) -> I64:
    """How far the regions reach that count and begin at or before each token of the candidate: (n,) int64 positions.

    Where one region holds a whole function, aligning that with yet other functions of the originals finds nothing that
    counts: it is worth less than the region, which has its tokens already.
    """
    excluded = np.array([role in REASON_OF_ROLE for role in original_role] or [False])
    rows = np.flatnonzero((total >= FLOOR_BITS) & ~excluded[table.original_file])
    base = candidate.offset[table.candidate_file[rows]]
    reach = np.zeros(len(candidate.normal), np.int64)
    np.maximum.at(reach, base + table.candidate_start[rows], base + table.candidate_end[rows])
    return np.maximum.accumulate(reach)


def _comments(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    handouts: Sequence[Handout],
    index: HandoutIndex,
    wording: Wording,
    options: ScanOptions,
) -> Agreement:
    """Agreement of comments, word by word, whatever the languages."""
    files = [file for tree in theirs for file in tree.files]
    candidate = _words(own.files, _CANDIDATE_END)
    original = build_original_words(theirs, _ORIGINAL_END, sorted_distinct(candidate.fingerprint))
    one_family = np.zeros(len(own.files), np.int64), np.zeros(len(files), np.int64)
    seeds = find_seeds(candidate, original, *one_family, options.max_postings, WORD_K)
    table = find_regions(candidate, original, seeds, WORD_K, _LEAST_WORDS, _GAP_WORDS)
    surprise = [np.append(word_bits(wording, file.prose.word, WORD_K), 0.0) for file in own.files]
    n = len(candidate.exact)
    role = np.full(n, TokenRole.NAME, np.uint8)
    name = np.concatenate([np.zeros(0), *surprise])
    bits = TokenBits(structure=np.zeros(n), name=name, is_idiom=np.zeros(n, np.bool_))
    alone = region_bits(table, candidate, original, role, bits, recurring=_recurring(table, candidate))
    everything = [*handouts, _LICENCE_COMMENT]
    text = said_words(index, candidate.exact)
    if len(table):
        licence = licence_words(own.files, [file.content for file in own.tree.files], candidate.offset)
        text = np.where(licence, len(everything), text)
    no = np.zeros(n, np.bool_)
    handed = HandedTokens(np.zeros(n, np.int64), no, text, no, no) if text.any() else None
    return _weighed(candidate, original, table, alone, role, bits, handed, everything, [file.role for file in files])


def _words(files: Sequence[AnalysedFile], separator: int) -> Corpus:
    words = [file.prose.word for file in files]
    return lay_out(words, words, [file.prose.fingerprints for file in files], separator)


def _weighed(
    candidate: Corpus,
    original: Corpus,
    table: MatchTable,
    alone: RegionBits,
    role: U8,
    bits: TokenBits,
    handed: HandedTokens | None,
    handouts: Sequence[Handout],
    original_role: Sequence[FileRole],
    functions: _Functions | None = None,
) -> Agreement:
    """Bits of regions, alone, to exclusions, selection and features. handed: which tokens the handouts have. functions:
    of the files, where they have any."""
    blamed = np.zeros(len(table), np.int64)
    if handed is not None:
        blamed, alone = _handed_regions(handed, bits, table, candidate, original, role, alone)
        bits = handed.left(bits)
    reasons = reason_codes(handout.reason for handout in handouts)
    excluded = exclusions(table, alone, original_role, reasons[blamed])
    weight = np.where(excluded == 0, alone.total, 0.0)
    selection = select(table, alone.total, excluded, candidate, original)
    of_file = table.candidate_file.astype(np.int64)
    added = region_bits(table, candidate, original, role, bits, selection.counted, of_file)
    of_pair = of_file * original.n_files + table.original_file
    heaviest_first = np.lexsort((-weight, of_pair))
    heaviest_first = heaviest_first[excluded[heaviest_first] == 0]
    in_pair = region_bits(table, candidate, original, role, bits, heaviest_first, of_pair)
    gain = gains(selection, added.total)
    function = np.zeros(len(table))
    if functions is not None:
        function = functions.bits(table, candidate, original, role, bits, selection.counted, alone)
    pairs = score_pairs(table, weight, np.where(excluded == 0, in_pair.total, 0.0), function)
    agreeing = agreement(pairs, candidate.lengths(), original.lengths())
    without_tests = _without_tests(selection, table, original_role)
    tested = np.where(_are_tests(original_role)[pairs.original_file], 0.0, agreeing)
    return Agreement(
        candidate=candidate,
        original=original,
        table=table,
        alone=alone,
        excluded=excluded,
        pairs=pairs,
        selection=selection,
        gain=gain,
        agreement=agreeing,
        features=region_features(table, selection, alone.total, gain, function, _best(pairs, agreeing, candidate)),
        untested=region_features(table, without_tests, alone.total, gain, function, _best(pairs, tested, candidate)),
        handed_by={row: handouts[blamed[row] - 1].path for row in np.flatnonzero(blamed).tolist()},
    )


def _regions(
    candidate: Corpus,
    own: Sequence[AnalysedFile],
    original: Corpus,
    theirs: Sequence[AnalysedFile],
    options: ScanOptions,
) -> MatchTable:
    """Matching regions of two corpora, between files of one family."""
    families = {family: i for i, family in enumerate(sorted({file.family for file in (*own, *theirs)}))}
    seeds = find_seeds(
        candidate,
        original,
        np.array([families[file.family] for file in own], np.int64),
        np.array([families[file.family] for file in theirs], np.int64),
        options.max_postings,
        options.k,
    )
    return find_regions(candidate, original, seeds, options.k, options.min_region_tokens, options.max_gap_tokens)


def _handed_tokens(
    own: AnalysedTree,
    candidate: Corpus,
    role: U8,
    bits: TokenBits,
    table: MatchTable,
    handouts: Sequence[Handout],
    index: HandoutIndex,
    standing: U8,
    options: ScanOptions,
) -> HandedTokens:
    """Which tokens of the candidate, inside regions, are in what was handed out. standing: 0 or 1 + the
    index in _STANDING, which the handouts end with."""
    source, is_same = _handed_code(own, candidate, role, bits, handouts, options, is_named=True)
    contents = [file.content for file in own.tree.files]
    text = said(index, own.files, contents, candidate.offset, inside(table, candidate))
    first = len(handouts) - len(_STANDING)
    text = np.where((text == 0) & (standing > 0), first + standing.astype(np.int64), text)
    literals = between(((text > 0) & (role == TokenRole.STRING)) | (standing > 0))
    quoted, _ = _handed_code(own, candidate, role, bits, handouts, options, is_named=False)
    return HandedTokens(source, is_same, text, literals & (quoted == 0), quoted > 0)


def _handed_code(
    own: AnalysedTree,
    candidate: Corpus,
    role: U8,
    bits: TokenBits,
    handouts: Sequence[Handout],
    options: ScanOptions,
    *,
    is_named: bool,
) -> tuple[I64, Bool]:
    """Which tokens of the candidate agree with code in handouts that somebody named, or in those that nobody did:
    as `given.covered`."""
    files = [file for handout in handouts for file in handout.code if handout.is_named is is_named]
    if not files:
        return np.zeros(len(role), np.int64), np.zeros(len(role), np.bool_)
    number = [i for i, handout in enumerate(handouts) for _ in handout.code if handout.is_named is is_named]
    code = _corpus(files, _ORIGINAL_END)
    agreeing = _regions(candidate, own.files, code, files, options)
    agreeing_bits = region_bits(agreeing, candidate, code, role, bits)
    return covered(agreeing, candidate, code, agreeing_bits, np.array(number, np.int64))


def _standing(own: AnalysedTree, candidate: Corpus, table: MatchTable) -> U8:
    """Literals in regions that nobody needs to be given: 0 or 1 + the index in _STANDING."""
    contents, wanted = [file.content for file in own.tree.files], inside(table, candidate)
    tables = prescribed(own.files, contents, candidate.offset, wanted)
    licences = licence_literals(own.files, contents, candidate.offset, wanted)
    return np.where(licences, 2, np.where(tables, 1, 0)).astype(np.uint8)


def _handed_regions(
    handed: HandedTokens,
    bits: TokenBits,
    table: MatchTable,
    candidate: Corpus,
    original: Corpus,
    role: U8,
    alone: RegionBits,
) -> tuple[I64, RegionBits]:
    """The handout that each region is excluded for, 0 or 1 + its index, and the bits: those left where it counts."""
    rows = touched(table, candidate, handed.source)
    elsewhere = ~np.isin(np.arange(len(table)), rows)
    left = choose(elsewhere, alone, region_bits(table, candidate, original, role, handed.left(bits), rows))
    blamed = mostly_handed(table, candidate, handed.source, alone.total, left.total, floor=FLOOR_BITS)
    blamed[(left.total >= FLOOR_BITS) & mostly(table, candidate, handed.quoted)] = 0
    return blamed, choose(blamed != 0, alone, left)


def _without_tests(selection: Selection, table: MatchTable, original_role: Sequence[FileRole]) -> Selection:
    """The selection without regions of test files; the role of the original's files decides."""
    counted = selection.counted
    return replace(selection, counted=counted[~_are_tests(original_role)[table.original_file[counted]]])


def _are_tests(roles: Sequence[FileRole]) -> Bool:
    return np.array([role is FileRole.TEST for role in roles] or [False])


def _best(pairs: Pairs, value: F64, candidate: Corpus) -> F64:
    """The highest value among the pairs of each candidate file: (files,) float64, 0 without any."""
    found = np.zeros(candidate.n_files)
    np.maximum.at(found, pairs.candidate_file, value)
    return found


def _token_bits(file: AnalysedFile, background: Callable[[str], Background], k: int) -> TokenBits:
    tokens = file.tokens
    return token_bits(background(file.family), tokens.exact, tokens.normal, tokens.role, k)


def _corpus(files: Sequence[AnalysedFile], separator: int) -> Corpus:
    return build_corpus([file.tokens for file in files], [file.fingerprints for file in files], separator)


def _resembling(
    own: Sequence[AnalysedFile], theirs: Sequence[AnalysedFile], threshold: float
) -> list[tuple[int, int, float]]:
    """Pairs of files of one family whose sketches resemble each other: found even where no region is left."""
    pairs = shortlist(sketches(own), sketches(theirs), threshold)
    return [pair for pair in pairs if own[pair[0]].family == theirs[pair[1]].family]


def sketches(files: Sequence[AnalysedFile]) -> U16:
    """(n, 128) uint16: stored sketches, and those of files that have none yet."""
    missing = [file for file in files if file.sketch is None]
    made = iter(sketch([hash_kgrams(file.tokens.normal, SHINGLE_TOKENS) for file in missing]))
    rows = [next(made) if file.sketch is None else file.sketch for file in files]
    return np.stack(rows) if rows else sketch([])
