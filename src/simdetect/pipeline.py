"""scan(): the order of the stages. The one module that knows it.

read_tree -> analyse (in workers) -> build_corpus -> find_seeds -> find_regions -> score -> assemble
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from types import TracebackType

import numpy as np

from simdetect import __version__
from simdetect.analysis import Batch, analyse
from simdetect.assemble import Matches, assemble
from simdetect.background import POOL, Background, load_background, token_bits
from simdetect.caching import ResultCache
from simdetect.calibration import Calibration, load_calibration
from simdetect.constants import prescribed
from simdetect.errors import InputError, StoreError
from simdetect.given import (
    AS_DOCUMENT,
    HandedTokens,
    Handout,
    as_code,
    between,
    covered,
    index_handouts,
    inside,
    licence_literals,
    mostly_handed,
    said,
    touched,
)
from simdetect.grams import hash_kgrams
from simdetect.index import build_corpus, build_originals, find_seeds
from simdetect.languages import spec_of
from simdetect.languages.grammar import grammar_version
from simdetect.match import find_regions
from simdetect.model import (
    I64,
    U8,
    U16,
    AnalysedFile,
    AnalysedTree,
    Corpus,
    ExclusionReason,
    FileRole,
    Fingerprints,
    MatchTable,
    RegionBits,
    ScanReport,
    Side,
    SkippedFile,
    SkipReason,
    SourceFile,
    SourceTree,
    TextFile,
    TokenBits,
    TokenRole,
    TokenStream,
)
from simdetect.options import ScanOptions
from simdetect.score import FLOOR_BITS, REASONS, Selection, exclusions, file_features, score_pairs, select
from simdetect.sketch import shortlist, sketch
from simdetect.sources import read_tree
from simdetect.store import FileParts, StoredIndex, is_container, open_index, write_index
from simdetect.surprise import choose, join_bits, region_bits
from simdetect.workers import Failure, WorkerPool, shared_pool

__all__ = [
    "Location",
    "Original",
    "Progress",
    "Scanner",
    "index",
    "is_index",
    "match_trees",
    "plan",
    "read_input",
    "scan",
]

Location = str | os.PathLike[str]
Original = Location | AnalysedTree | StoredIndex
Progress = Callable[[str, int, int], None]

_BATCH_BYTES = 384 << 10  # enough for numpy to be cheap, little enough to stay in cache and to spread over workers
_CANDIDATE_END, _ORIGINAL_END = 1, 2  # separators: no token hashes to them, and they differ
_NO_ROLES = np.zeros(0, np.uint8)
_SEPARATOR_ROLE = np.zeros(1, np.uint8)
_STANDING = (
    Handout("tables of public standards, lists in order", ExclusionReason.COMMON, b"", ()),
    Handout("licence text in a literal", ExclusionReason.LICENSE, b"", ()),
)
_SKETCH_K = 5  # tokens in a shingle of a file's sketch


def scan(
    candidate: Location,
    *originals: Original,
    given: Sequence[Location] = (),
    base: Sequence[Location] = (),
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> ScanReport:
    """Compare a candidate with the originals it may have been recalled from.

    Args:
        candidate, originals, given, base: folders, files, archives, or git revisions `path@rev`. given: what the
            author of the candidate was handed, such as documents and help text. base: code handed out to build on.
            Agreement with either is excluded.
        options: settings; the defaults are those of `ScanOptions`.
        progress: called as progress(stage, done, total) while the scan runs.

    Returns:
        The report, identical for identical inputs and settings but for its `run`.

    Raises:
        InputError: an input cannot be read. OptionsError: an option is invalid. WorkerError: no process can start.
    """
    options = options or ScanOptions()
    pool = shared_pool(options.jobs, options.limit_memory_bytes)
    scanner = Scanner(options, pool)
    try:
        return scanner.scan(candidate, *originals, given=given, base=base, progress=progress)
    finally:
        scanner.close(pool=False)


def index(
    path: Location,
    *originals: Original,
    with_text: bool = True,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> None:
    """Fingerprint originals once and keep the result in a file; see `Scanner.write_index`."""
    options = options or ScanOptions()
    scanner = Scanner(options, shared_pool(options.jobs, options.limit_memory_bytes))
    try:
        scanner.write_index(path, *originals, with_text=with_text, progress=progress)
    finally:
        scanner.close(pool=False)


class Scanner:
    """Holds worker processes between scans; safe to use from several threads. Use it in a `with` statement."""

    def __init__(self, options: ScanOptions | None = None, pool: WorkerPool | None = None) -> None:
        self.options = options or ScanOptions()
        self._pool = pool or WorkerPool(self.options.jobs, self.options.limit_memory_bytes)
        self._results = ResultCache(self.options)

    def __enter__(self) -> Scanner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self, *, pool: bool = True) -> None:
        """Close the cache, and stop the worker processes unless pool is False."""
        self._results.close()
        if pool:
            self._pool.close()

    def index(self, original: Location, progress: Progress | None = None) -> AnalysedTree:
        """Read and analyse an original once, to scan several candidates against it. Raises InputError."""
        return self.analyse(read_input(original, Side.ORIGINAL, self.options), progress)

    def write_index(
        self, path: Location, *originals: Original, with_text: bool = True, progress: Progress | None = None
    ) -> None:
        """Analyse originals and keep the result in a file that `scan` takes in their place.

        with_text: keep the source text too. Without it spans, bits and verdicts are the same, but a report shows no
        excerpts of the originals. Raises InputError, and StoreError when the file cannot be written.
        """
        trees = [
            tree if tree.stored else replace(tree, files=tuple(_with_sketches(tree.files)))
            for tree in self._originals(originals, progress)
        ]
        facts = {
            "tool": __version__,
            "k": self.options.k,
            "window": self.options.window,
            "settings": self.options.reading(),
            "grammars": {name: grammar_version(spec_of(name)) for name in _languages(trees)},
        }
        write_index(Path(path), trees, facts, with_text=with_text)

    def _originals(self, originals: Sequence[Original], progress: Progress | None) -> list[AnalysedTree]:
        """The trees of all originals, in order; an index may hold several."""
        trees: list[AnalysedTree] = []
        for original in originals:
            if isinstance(original, AnalysedTree):
                trees.append(original)
            elif isinstance(original, StoredIndex):
                trees += _trees_of(original, self.options)
            elif is_index(original):
                trees += _trees_of(open_index(Path(original)), self.options)
            else:
                trees.append(self.index(original, progress))
        return trees

    def scan(
        self,
        candidate: Location,
        *originals: Original,
        given: Sequence[Location] = (),
        base: Sequence[Location] = (),
        progress: Progress | None = None,
    ) -> ScanReport:
        """Compare a candidate with originals: locations, trees from `index`, or indexes. As `simdetect.scan`."""
        if not originals:
            raise InputError("nothing to compare with: name at least one original")
        calibration = _load_models(self.options)
        clock = _Clock()
        own = self.analyse(read_input(candidate, Side.CANDIDATE, self.options), progress)
        clock.lap("candidate")
        theirs = self._originals(originals, progress)
        clock.lap("originals")
        handed = [self.analyse(read_input(location, Side.GIVEN, self.options), progress) for location in given]
        bases = [self.analyse(read_input(location, Side.BASE, self.options), progress) for location in base]
        known = _known_documents(own.tree, [tree.tree for tree in theirs])
        handouts = self._handouts(_comparable_languages(own, theirs), handed, bases, known)
        clock.lap("given")
        background = partial(load_background, folder=self.options.background)
        matches = match_trees(own, theirs, self.options, background, handouts)
        clock.lap("match")
        paths = [document.path for document in known]
        report = assemble(own, theirs, handed, bases, paths, matches, self.options, calibration)
        clock.lap("report")
        return replace(report, run=clock.run(self.options.jobs))

    def _handouts(
        self,
        languages: Sequence[str],
        given: Sequence[AnalysedTree],
        base: Sequence[AnalysedTree],
        known: Sequence[TextFile],
    ) -> list[Handout]:
        """Every file that was handed out, as text and as code. known: documents that are given without being named."""
        found = []
        for reason, trees in ((ExclusionReason.GIVEN, given), (ExclusionReason.BASE, base)):
            for tree in trees:
                for file, source in zip(tree.files, tree.tree.files, strict=True):
                    found.append(Handout(file.path, reason, source.content, (file,)))
                for document in tree.tree.documents:
                    found.append(self._document(languages, document, reason))
        return found + [self._document(languages, document, ExclusionReason.GIVEN) for document in known]

    def _document(self, languages: Sequence[str], document: TextFile, reason: ExclusionReason) -> Handout:
        """A document, and its tokens in each of these languages: code blocks need no marks to be found."""
        text = as_code(document.content)
        sources = [SourceFile(document.path, language, text, document.sha256) for language in languages]
        code = [file for file in map(self._document_code, sources) if file is not None]
        return Handout(document.path, reason, document.content, tuple(code))

    def _document_code(self, source: SourceFile) -> AnalysedFile | None:
        """The tokens of a document in one language, None when it cannot be read as such."""
        known = self._results.load([source], AS_DOCUMENT)
        if known:
            return _analysed(source, *known[source.path])
        ((_, (found,)),) = self._run([((source,), AS_DOCUMENT)])
        if isinstance(found, Failure):
            return None
        made = _new(source, *found)
        self._results.store([(source, made)], AS_DOCUMENT)
        return made

    def analyse(self, tree: SourceTree, progress: Progress | None = None, *, keep: bool = True) -> AnalysedTree:
        """All files of a tree: from the cache, or through the workers. What fails to parse becomes lexical; what fails
        twice, skipped. keep: whether the cache takes part."""
        known = self._results.load(tree.files) if keep else {}
        done = {file.path: _analysed(file, *known[file.path]) for file in tree.files if file.path in known}
        new: dict[str, AnalysedFile] = {}
        failed: list[SkippedFile] = []
        total = sum(len(file.content) for file in tree.files)
        seen = sum(len(file.content) for file in tree.files if file.path in done)
        for files, results in self._run(plan([file for file in tree.files if file.path not in done], self.options)):
            for file, result in zip(files, results, strict=True):
                if isinstance(result, Failure):
                    failed.append(_skip(file, result))
                else:
                    new[file.path] = _new(file, *result)
            seen += sum(len(file.content) for file in files)
            if progress is not None:
                progress(f"analysing {tree.side}", seen, total)
        done |= self._keep(tree, new) if keep else new
        files_done = tuple(done[file.path] for file in tree.files if file.path in done)
        kept = tuple(file for file in tree.files if file.path in done)
        skipped = tuple(sorted((*tree.skipped, *failed), key=lambda file: file.path))
        return AnalysedTree(replace(tree, files=kept, skipped=skipped), files_done)

    def _keep(self, tree: SourceTree, new: dict[str, AnalysedFile]) -> dict[str, AnalysedFile]:
        """Put new results into the cache, with the sketches that a scan will ask for."""
        if not new or not self._results.is_on:
            return new
        if tree.side in (Side.CANDIDATE, Side.ORIGINAL):
            new = {file.path: file for file in _with_sketches(list(new.values()))}
        self._results.store((file, new[file.path]) for file in tree.files if file.path in new)
        return new

    def _run(
        self, batches: Sequence[tuple[tuple[SourceFile, ...], str | None]]
    ) -> Iterator[tuple[tuple[SourceFile, ...], Sequence[tuple[TokenStream, Fingerprints] | Failure]]]:
        """Results of every batch. A batch that fails is run again file by file, a file that fails lexically."""
        options = self.options
        tasks = [self._task(files, lexical) for files, lexical in batches]
        outcomes = self._pool.map(analyse, tasks, options.limit_seconds)
        for (files, lexical), outcome in zip(batches, outcomes, strict=True):
            if not isinstance(outcome, Failure):
                yield files, outcome
            elif len(files) > 1:
                yield from self._run([((file,), lexical) for file in files])
            elif lexical is None:
                yield from self._run([(files, f"{outcome.reason}: parse {outcome.detail}")])
            else:
                yield files, [outcome]

    def _task(self, files: Sequence[SourceFile], lexical: str | None) -> Batch:
        return Batch(files[0].language, [file.content for file in files], self.options.k, self.options.window, lexical)


def _load_models(options: ScanOptions) -> Calibration:
    """The calibration, once it is known that it and the background can be read: better before a long scan than after.
    Raises InputError with everything that is wrong."""
    problems = []
    loads: list[Callable[[], object]] = [partial(load_calibration, options.calibration)]
    if options.background is not None:
        loads.append(partial(load_background, POOL, options.background))
    for load in loads:
        try:
            load()
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("; ".join(problems))
    return load_calibration(options.calibration)


def is_index(location: Location) -> bool:
    """Whether a location is a file that an index begins like."""
    path = Path(location)
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return is_container(file.read(16))
    except (OSError, ValueError):
        return False  # what is wrong with it is said where it is read


def _trees_of(index: StoredIndex, options: ScanOptions) -> list[AnalysedTree]:
    """The originals in an index. Raises StoreError when it was made with settings under which a scan differs."""
    settings = index.facts.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    other = [
        f"{name} {settings.get(name)!r} instead of {value!r}"
        for name, value in options.reading().items()
        if settings.get(name) != value
    ]
    if other:
        raise StoreError(f"{index.path} was made with {', '.join(other)}: make it anew, or scan with its settings")
    note = _grammar_note(index)
    return [replace(tree, notes=(note,)) if note and not i else tree for i, tree in enumerate(index.trees)]


def _grammar_note(index: StoredIndex) -> str | None:
    grammars = index.facts.get("grammars")
    known = grammars if isinstance(grammars, dict) else {}
    other = [name for name in _languages(index.trees) if known.get(name) != grammar_version(spec_of(name))]
    if not other:
        return None
    return f"{index.path.name} was made with other versions of the grammars of {', '.join(other)}: tokens may differ"


def _languages(trees: Sequence[AnalysedTree]) -> list[str]:
    return sorted({file.language for tree in trees for file in tree.files})


def _with_sketches(files: Sequence[AnalysedFile]) -> list[AnalysedFile]:
    return [replace(file, sketch=own) for file, own in zip(files, _sketches(files), strict=True)]


def read_input(location: Location, side: Side, options: ScanOptions) -> SourceTree:
    """Read an input. An empty one is an error: a mistyped path must not look like one in which nothing was found."""
    if is_index(location):
        raise InputError(f"{os.fspath(location)} is an index: it can stand for an original, not for a {side}")
    tree = read_tree(location, side, options)
    if not tree.files and all(file.reason is SkipReason.EMPTY for file in tree.skipped):
        raise InputError(f"nothing in {os.fspath(location)}: no file, or only empty ones")
    return tree


class _Clock:
    """Elapsed time by stage, for the report's `run`."""

    def __init__(self) -> None:
        self._started_at = time.time()
        self._last = time.perf_counter()
        self._elapsed_s: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._elapsed_s[stage] = round(now - self._last, 4)
        self._last = now

    def run(self, jobs: int) -> dict[str, object]:
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started_at))
        return {"started_at": started, "elapsed_s": self._elapsed_s, "jobs": jobs}


def plan(files: Sequence[SourceFile], options: ScanOptions) -> list[tuple[tuple[SourceFile, ...], str | None]]:
    """Batches of one language each, with why a batch must not be parsed (or None)."""
    batches: list[tuple[tuple[SourceFile, ...], str | None]] = []
    ordered = sorted(files, key=lambda file: (file.language, file.path))
    for _, group in groupby(ordered, key=lambda file: file.language):
        batch: list[SourceFile] = []
        n_bytes = 0
        for file in group:
            if len(file.content) > options.max_parse_bytes:
                batches.append(((file,), f"size: over {options.max_parse_bytes} bytes"))
                continue
            if batch and n_bytes + len(file.content) > _BATCH_BYTES:
                batches.append((tuple(batch), None))
                batch, n_bytes = [], 0
            batch.append(file)
            n_bytes += len(file.content)
        if batch:
            batches.append((tuple(batch), None))
    return batches


def _known_documents(own: SourceTree, theirs: Sequence[SourceTree]) -> list[TextFile]:
    """Documents of the originals that the candidate has byte for byte: its author was given them. With the candidate's
    text, for an index does not keep that of documents."""
    held = {file.sha256: file.content for file in own.documents}
    copies = {file.sha256 for file in own.skipped if file.reason is SkipReason.DUPLICATE_OF}
    held.update({file.sha256: file.content for file in own.files if file.sha256 in copies})
    documents = {file.sha256: file for tree in reversed(theirs) for file in reversed(tree.documents)}
    known = [TextFile(file.path, held[sha256], sha256) for sha256, file in documents.items() if sha256 in held]
    return sorted(known, key=lambda file: file.path)


def _comparable_languages(own: AnalysedTree, theirs: Sequence[AnalysedTree]) -> list[str]:
    """A language of the candidate for each family that an original has too."""
    families = {file.family for tree in theirs for file in tree.files}
    return sorted({file.family: file.language for file in reversed(own.files) if file.family in families}.values())


def _new(file: SourceFile, tokens: TokenStream, fingerprints: Fingerprints) -> AnalysedFile:
    newline = np.flatnonzero(np.frombuffer(file.content, np.uint8) == ord("\n")).astype(np.uint32)
    return _analysed(file, FileParts(tokens, fingerprints, newline), None)


def _analysed(file: SourceFile, parts: FileParts, sketched: U16 | None) -> AnalysedFile:
    return AnalysedFile(
        path=file.path,
        language=file.language,
        family=spec_of(file.language).family,
        role=file.role,
        sha256=file.sha256,
        n_bytes=len(file.content),
        n_lines=len(parts.newline) + (not file.content.endswith(b"\n")),
        tokens=parts.tokens,
        fingerprints=parts.fingerprints,
        newline=parts.newline,
        sketch=sketched,
    )


def _skip(file: SourceFile, failure: Failure) -> SkippedFile:
    return SkippedFile(
        path=file.path,
        reason=SkipReason.ANALYSIS_FAILED,
        detail=f"{failure.reason}: {failure.detail}",
        role=file.role,
        n_bytes=len(file.content),
        sha256=file.sha256,
    )


def match_trees(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    options: ScanOptions,
    background: Callable[[str], Background] = load_background,
    handouts: Sequence[Handout] = (),
) -> Matches:
    """All candidate files against the files of all originals at once.

    background: the model of a language family; the default is what the package ships. handouts: what the author of the
    candidate had.
    """
    original_files = [file for tree in theirs for file in tree.files]
    candidate = _corpus(own.files, _CANDIDATE_END)
    original = build_originals(theirs, _ORIGINAL_END, np.unique(candidate.fingerprint))
    original_role = [file.role for file in original_files]
    table = _regions(candidate, own.files, original, original_files, options)
    bits = join_bits([_token_bits(file, background, options.k) for file in own.files])
    role = np.concatenate([part for file in own.files for part in (file.tokens.role, _SEPARATOR_ROLE)] or [_NO_ROLES])
    alone = region_bits(table, candidate, original, role, bits)
    blamed = np.zeros(len(table), np.int64)
    standing = _standing(own, candidate, table)
    if handouts or standing.any():
        handouts = [*handouts, *_STANDING]
        handed = _handed_tokens(own, candidate, role, bits, table, handouts, standing, options)
        blamed, alone = _handed_regions(handed, bits, table, candidate, original, role, alone)
        bits = handed.left(bits)
    reasons = np.array([0, *(1 + REASONS.index(handout.reason) for handout in handouts)], np.uint8)
    excluded = exclusions(table, alone, original_role, reasons[blamed])
    weight = np.where(excluded == 0, alone.total, 0.0)
    selection = select(table, alone.total, excluded, candidate, original)
    of_file = table.candidate_file.astype(np.int64)
    added = region_bits(table, candidate, original, role, bits, selection.counted, of_file)
    of_pair = of_file * original.n_files + table.original_file
    heaviest_first = np.lexsort((-weight, of_pair))
    heaviest_first = heaviest_first[excluded[heaviest_first] == 0]
    in_pair = region_bits(table, candidate, original, role, bits, heaviest_first, of_pair)
    return Matches(
        candidate=candidate,
        original=original,
        table=table,
        alone=alone,
        excluded=excluded,
        pairs=score_pairs(table, weight, np.where(excluded == 0, in_pair.total, 0.0)),
        selection=selection,
        features=file_features(table, selection, alone, added),
        untested=file_features(table, _without_tests(selection, table, original_role), alone, added),
        handed_by={row: handouts[blamed[row] - 1].path for row in np.flatnonzero(blamed).tolist()},
        resembling=_resembling(own, theirs, options.sketch_threshold),
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
    standing: U8,
    options: ScanOptions,
) -> HandedTokens:
    """Which tokens of the candidate, inside regions, are in what was handed out. standing: 0 or 1 + the
    index in _STANDING, which the handouts end with."""
    files = [file for handout in handouts for file in handout.code]
    of_file = np.repeat(np.arange(len(handouts)), [len(handout.code) for handout in handouts])
    source, is_same = np.zeros(len(role), np.int64), np.zeros(len(role), np.bool_)
    if files:
        code = _corpus(files, _ORIGINAL_END)
        agreeing = _regions(candidate, own.files, code, files, options)
        agreeing_bits = region_bits(agreeing, candidate, code, role, bits)
        source, is_same = covered(agreeing, candidate, code, agreeing_bits, of_file.astype(np.int64))
    contents = [file.content for file in own.tree.files]
    text = said(index_handouts(handouts), own.files, contents, candidate.offset, inside(table, candidate))
    first = len(handouts) - len(_STANDING)
    text = np.where((text == 0) & (standing > 0), first + standing.astype(np.int64), text)
    literals = between(((text > 0) & (role == TokenRole.STRING)) | (standing > 0))
    return HandedTokens(source, is_same, text, literals)


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
    return blamed, choose(blamed != 0, alone, left)


def _without_tests(selection: Selection, table: MatchTable, original_role: Sequence[FileRole]) -> Selection:
    """The selection without regions of test files; the role of the original's files decides."""
    is_test = np.array([role is FileRole.TEST for role in original_role] or [False])
    counted = selection.counted
    return replace(selection, counted=counted[~is_test[table.original_file[counted]]])


def _token_bits(file: AnalysedFile, background: Callable[[str], Background], k: int) -> TokenBits:
    tokens = file.tokens
    return token_bits(background(file.family), tokens.exact, tokens.normal, tokens.role, k)


def _corpus(files: Sequence[AnalysedFile], separator: int) -> Corpus:
    return build_corpus([file.tokens for file in files], [file.fingerprints for file in files], separator)


def _resembling(own: AnalysedTree, theirs: Sequence[AnalysedTree], threshold: float) -> list[tuple[int, int, float]]:
    """Pairs of files of one family whose sketches resemble each other: found even where no region is left."""
    originals = [file for tree in theirs for file in tree.files]
    pairs = shortlist(_sketches(own.files), _sketches(originals), threshold)
    return [pair for pair in pairs if own.files[pair[0]].family == originals[pair[1]].family]


def _sketches(files: Sequence[AnalysedFile]) -> U16:
    """(n, 128) uint16: stored sketches, and those of files that have none yet."""
    missing = [file for file in files if file.sketch is None]
    made = iter(sketch([hash_kgrams(file.tokens.normal, _SKETCH_K) for file in missing]))
    rows = [next(made) if file.sketch is None else file.sketch for file in files]
    return np.stack(rows) if rows else sketch([])
