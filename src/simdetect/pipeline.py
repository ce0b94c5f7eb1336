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
from types import TracebackType

from simdetect.analysis import Batch, Result, analyse
from simdetect.assemble import assemble
from simdetect.background import POOL, load_background
from simdetect.calibration import Calibration, load_calibration
from simdetect.errors import InputError
from simdetect.given import AS_DOCUMENT, Handout, as_code
from simdetect.languages import spec_of
from simdetect.matching import match_trees
from simdetect.model import (
    AnalysedFile,
    AnalysedTree,
    ExclusionReason,
    Fingerprints,
    Prose,
    ScanReport,
    Side,
    SkippedFile,
    SkipReason,
    SourceFile,
    SourceTree,
    TextFile,
    TokenStream,
)
from simdetect.options import ScanOptions
from simdetect.sources import read_tree
from simdetect.workers import Failure, WorkerPool, shared_pool

__all__ = ["Progress", "Scanner", "plan", "scan"]

Location = str | os.PathLike[str]
Progress = Callable[[str, int, int], None]
OnSources = Callable[[SourceTree, Sequence[SourceTree]], None]

_BATCH_BYTES = 384 << 10  # enough for numpy to be cheap, little enough to stay in cache and to spread over workers


def scan(
    candidate: Location,
    *originals: Location | AnalysedTree,
    given: Sequence[Location] = (),
    base: Sequence[Location] = (),
    options: ScanOptions | None = None,
    progress: Progress | None = None,
    on_sources: OnSources | None = None,
) -> ScanReport:
    """Compare a candidate with the originals it may have been recalled from.

    Args:
        candidate, originals, given, base: folders, files, archives, or git revisions `path@rev`. given: what the
            author of the candidate was handed, such as documents and help text. base: code handed out to build on.
            Agreement with either is excluded.
        options: settings; the defaults are those of `ScanOptions`.
        progress: called as progress(stage, done, total) while the scan runs.
        on_sources: called once with the trees of the candidate and of the originals: a report that shows code beyond
            its excerpts needs them, and holds none itself.

    Returns:
        The report, identical for identical inputs and settings but for its `run`.

    Raises:
        InputError: an input cannot be read. OptionsError: an option is invalid. WorkerError: no process can start.
    """
    options = options or ScanOptions()
    pool = shared_pool(options.jobs, options.limit_memory_bytes)
    return Scanner(options, pool).scan(
        candidate, *originals, given=given, base=base, progress=progress, on_sources=on_sources
    )


class Scanner:
    """Holds worker processes between scans; safe to use from several threads. Use it in a `with` statement."""

    def __init__(self, options: ScanOptions | None = None, pool: WorkerPool | None = None) -> None:
        self.options = options or ScanOptions()
        self._pool = pool or WorkerPool(self.options.jobs, self.options.limit_memory_bytes)

    def __enter__(self) -> Scanner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the worker processes."""
        self._pool.close()

    def index(self, original: Location, progress: Progress | None = None) -> AnalysedTree:
        """Read and analyse an original once, to scan several candidates against it. Raises InputError."""
        return self.analyse(_read(original, Side.ORIGINAL, self.options), progress)

    def scan(
        self,
        candidate: Location,
        *originals: Location | AnalysedTree,
        given: Sequence[Location] = (),
        base: Sequence[Location] = (),
        progress: Progress | None = None,
        on_sources: OnSources | None = None,
    ) -> ScanReport:
        """Compare a candidate with originals: locations, or trees from `index`. As `simdetect.scan`."""
        if not originals:
            raise InputError("nothing to compare with: name at least one original")
        calibration = _load_models(self.options)
        clock = _Clock()
        own = self.analyse(_read(candidate, Side.CANDIDATE, self.options), progress)
        clock.lap("candidate")
        theirs = [tree if isinstance(tree, AnalysedTree) else self.index(tree, progress) for tree in originals]
        clock.lap("originals")
        if on_sources is not None:
            on_sources(own.tree, [tree.tree for tree in theirs])
        handed = [self.analyse(_read(location, Side.GIVEN, self.options), progress) for location in given]
        bases = [self.analyse(_read(location, Side.BASE, self.options), progress) for location in base]
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
        results = self._run([((source,), AS_DOCUMENT) for source in sources])
        code = [_analysed(files[0], *found[0]) for files, found in results if not isinstance(found[0], Failure)]
        return Handout(document.path, reason, document.content, tuple(code))

    def analyse(self, tree: SourceTree, progress: Progress | None = None) -> AnalysedTree:
        """All files of a tree through the workers. What fails to parse becomes lexical; what fails twice, skipped."""
        done: dict[str, AnalysedFile] = {}
        failed: list[SkippedFile] = []
        total = sum(len(file.content) for file in tree.files)
        seen = 0
        for files, results in self._run(plan(tree.files, self.options)):
            for file, result in zip(files, results, strict=True):
                if isinstance(result, Failure):
                    failed.append(_skip(file, result))
                else:
                    done[file.path] = _analysed(file, *result)
            seen += sum(len(file.content) for file in files)
            if progress is not None:
                progress(f"analysing {tree.side}", seen, total)
        files_done = tuple(done[file.path] for file in tree.files if file.path in done)
        kept = tuple(file for file in tree.files if file.path in done)
        skipped = tuple(sorted((*tree.skipped, *failed), key=lambda file: file.path))
        return AnalysedTree(replace(tree, files=kept, skipped=skipped), files_done)

    def _run(
        self, batches: Sequence[tuple[tuple[SourceFile, ...], str | None]]
    ) -> Iterator[tuple[tuple[SourceFile, ...], Sequence[Result | Failure]]]:
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


def _read(location: Location, side: Side, options: ScanOptions) -> SourceTree:
    """Read an input. An empty one is an error: a mistyped path must not look like one in which nothing was found."""
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
    """Documents of the originals that the candidate has byte for byte: its author was given them."""
    held = {file.sha256 for file in own.skipped if file.reason in (SkipReason.NOT_CODE, SkipReason.DUPLICATE_OF)}
    documents = {file.sha256: file for tree in reversed(theirs) for file in reversed(tree.documents)}
    return sorted((file for sha256, file in documents.items() if sha256 in held), key=lambda file: file.path)


def _comparable_languages(own: AnalysedTree, theirs: Sequence[AnalysedTree]) -> list[str]:
    """A language of the candidate for each family that an original has too."""
    families = {file.family for tree in theirs for file in tree.files}
    return sorted({file.family: file.language for file in reversed(own.files) if file.family in families}.values())


def _analysed(file: SourceFile, tokens: TokenStream, fingerprints: Fingerprints, prose: Prose) -> AnalysedFile:
    return AnalysedFile(
        path=file.path,
        language=file.language,
        family=spec_of(file.language).family,
        role=file.role,
        sha256=file.sha256,
        n_bytes=len(file.content),
        n_lines=file.content.count(b"\n") + (not file.content.endswith(b"\n")),
        tokens=tokens,
        fingerprints=fingerprints,
        prose=prose,
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
