"""scan(): the order of the stages. The one module that knows it.

read_tree -> analyse (in workers) -> build_corpus -> find_seeds -> find_regions -> score -> assemble
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from types import TracebackType

import numpy as np

from simdetect import __version__
from simdetect.errors import InputError, StoreError
from simdetect.findings.report import assemble
from simdetect.judging.calibration import Calibration, load_calibration
from simdetect.judging.matches import match_trees, sketches
from simdetect.languages import spec_of
from simdetect.languages.grammar import grammar_version
from simdetect.model import (
    U16,
    AnalysedFile,
    AnalysedTree,
    ExclusionReason,
    ScanReport,
    Side,
    SkippedFile,
    SkipReason,
    SourceFile,
    SourceTree,
    TextFile,
)
from simdetect.options import ScanOptions
from simdetect.remote.urls import is_remote, located, push
from simdetect.running.pool import Failure, WorkerPool, shared_pool
from simdetect.scanning.results import ResultCache
from simdetect.sources import read_tree
from simdetect.store import FileParts, StoredIndex, is_container, open_index, write_index
from simdetect.tokens.analyse import Batch, Result, analyse_in_parts
from simdetect.tokens.prose import WORD_K, WORD_WINDOW
from simdetect.weighing.background import POOL, load_background
from simdetect.weighing.handouts import AS_DOCUMENT, Handout, as_code

__all__ = [
    "LEXICAL_PATIENCE",
    "Location",
    "Original",
    "Progress",
    "Scanner",
    "index",
    "is_index",
    "plan",
    "read_input",
    "scan",
]

Location = str | os.PathLike[str]
Original = Location | AnalysedTree | StoredIndex
Progress = Callable[[str, int, int], None]
OnSources = Callable[[SourceTree, Sequence[SourceTree]], None]
Batches = Sequence[tuple[tuple[SourceFile, ...], str | None]]  # files of one language, why they must not be parsed
Results = Iterator[tuple[tuple[SourceFile, ...], Sequence[Result | Failure]]]

_OPEN_INDEXES = 4
_INDEX_SUFFIX = ".sdx"
LEXICAL_PATIENCE = 4  # lexing is linear, 0.4 s a megabyte: what it needs beyond a limit of seconds is a busy machine
_BATCH_BYTES = 384 << 10  # enough for numpy to be cheap, little enough to stay in cache and to spread over workers
_BATCH_FILES = 2048  # of a few bytes each: what follows the parses takes 0.1 ms a file, within the time of one
_PIECES = 16  # of a batch that is late: file by file, 25,000 tiny files would be as many tasks


def scan(
    candidate: Location,
    *originals: Original,
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
    scanner = Scanner(options, pool)
    try:
        return scanner.scan(candidate, *originals, given=given, base=base, progress=progress, on_sources=on_sources)
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
        self._opened: OrderedDict[tuple[str, int, int, int], StoredIndex] = OrderedDict()
        self._lock = threading.Lock()

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
        return self._read_and_analyse(original, Side.ORIGINAL, progress, self._deadline())

    def _deadline(self) -> float:
        """When a scan that starts now must have analysed everything, on the clock of `time.monotonic`."""
        return time.monotonic() + self.options.limit_total_seconds

    def _read_and_analyse(
        self, location: Location, side: Side, progress: Progress | None, deadline: float
    ) -> AnalysedTree:
        return self.analyse(read_input(location, side, self.options, deadline), progress, deadline=deadline)

    def write_index(
        self, path: Location, *originals: Original, with_text: bool = True, progress: Progress | None = None
    ) -> None:
        """Analyse originals and keep the result in a file that `scan` takes in their place.

        with_text: keep the source text too. Without it spans, bits and verdicts are the same, but a report shows no
        excerpts of the originals. Raises InputError, and StoreError when the file cannot be written.
        """
        trees = [
            tree if tree.stored else replace(tree, files=tuple(_withsketches(tree.files)))
            for tree in self._originals(originals, progress, self._deadline())
        ]
        facts = {
            "tool": __version__,
            "k": self.options.k,
            "window": self.options.window,
            "word_k": WORD_K,
            "word_window": WORD_WINDOW,
            "settings": self.options.reading(),
            "grammars": {name: grammar_version(spec_of(name)) for name in _languages(trees)},
        }
        with _written(path) as here:
            write_index(here, trees, facts, with_text=with_text)

    def _originals(
        self, originals: Sequence[Original], progress: Progress | None, deadline: float
    ) -> list[AnalysedTree]:
        """The trees of all originals, in order; an index may hold several."""
        trees: list[AnalysedTree] = []
        for original in originals:
            if isinstance(original, AnalysedTree):
                trees.append(original)
            elif isinstance(original, StoredIndex):
                trees += _trees_of(original, self.options)
            elif is_index(place := located(original, self.options.cache)):
                trees += _trees_of(self._open(Path(place)), self.options)
            else:
                trees.append(self._read_and_analyse(original, Side.ORIGINAL, progress, deadline))
        return trees

    def _open(self, path: Path) -> StoredIndex:
        """An index, which stays open: what one scan decoded, the next one need not. A file that was replaced is another
        one."""
        try:
            facts = path.stat()
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from error
        key = str(path.absolute()), facts.st_ino, facts.st_mtime_ns, facts.st_size
        with self._lock:
            found = self._opened.pop(key, None) or open_index(path)
            self._opened[key] = found
            while len(self._opened) > _OPEN_INDEXES:
                self._opened.popitem(last=False)
        return found

    def scan(
        self,
        candidate: Location,
        *originals: Original,
        given: Sequence[Location] = (),
        base: Sequence[Location] = (),
        progress: Progress | None = None,
        on_sources: OnSources | None = None,
    ) -> ScanReport:
        """Compare a candidate with originals: locations, trees from `index`, or indexes. As `simdetect.scan`."""
        if not originals:
            raise InputError("nothing to compare with: name at least one original")
        calibration = _load_models(self.options)
        clock = _Clock()
        deadline = self._deadline()
        begun = self._begin(read_input(candidate, Side.CANDIDATE, self.options, deadline), deadline)
        clock.lap("candidate")
        if len(begun.known) < len(begun.tree.files) and any(map(_is_to_be_read, originals)):
            self._pool.prepare(analyse_in_parts)  # the originals are probably new too, and take a while to read
        theirs = self._originals(originals, progress, deadline)
        own = self._finish(begun, progress)
        clock.lap("originals")
        if on_sources is not None:
            on_sources(own.tree, [tree.tree for tree in theirs])
        handed = [self._read_and_analyse(location, Side.GIVEN, progress, deadline) for location in given]
        bases = [self._read_and_analyse(location, Side.BASE, progress, deadline) for location in base]
        known = _known_documents(own.tree, [tree.tree for tree in theirs])
        handouts = self._handouts(_comparable_languages(own, theirs), handed, bases, known, deadline)
        clock.lap("given")
        background = partial(load_background, folder=self.options.background)
        matches = match_trees(own, theirs, self.options, background, handouts)
        clock.lap("match")
        paths = [document.path for document in known]
        report = assemble(own, theirs, handed, bases, paths, matches, self.options, calibration)
        clock.lap("report")
        return replace(report, run=clock.run(self.options.jobs, self._pool.isolation))

    def _handouts(
        self,
        languages: Sequence[str],
        given: Sequence[AnalysedTree],
        base: Sequence[AnalysedTree],
        known: Sequence[TextFile],
        deadline: float,
    ) -> list[Handout]:
        """Every file that was handed out, as text and as code. known: documents that are given without being named."""
        found = []
        for reason, trees in ((ExclusionReason.GIVEN, given), (ExclusionReason.BASE, base)):
            for tree in trees:
                for file, source in zip(tree.files, tree.tree.files, strict=True):
                    found.append(Handout(file.path, reason, source.content, (file,)))
                for document in tree.tree.documents:
                    found.append(self._document(languages, document, reason, deadline))
        unnamed = [self._document(languages, document, ExclusionReason.GIVEN, deadline) for document in known]
        return found + [replace(handout, is_named=False) for handout in unnamed]

    def _document(
        self, languages: Sequence[str], document: TextFile, reason: ExclusionReason, deadline: float
    ) -> Handout:
        """A document, and its tokens in each of these languages: code blocks need no marks to be found."""
        text = as_code(document.content)
        sources = [SourceFile(document.path, language, text, document.sha256) for language in languages]
        code = [file for source in sources if (file := self._document_code(source, deadline)) is not None]
        return Handout(document.path, reason, document.content, tuple(code))

    def _document_code(self, source: SourceFile, deadline: float) -> AnalysedFile | None:
        """The tokens of a document in one language, None when it cannot be read as such."""
        known = self._results.load([source], AS_DOCUMENT)
        if known:
            return _analysed(source, *known[source.path])
        ((_, (found,)),) = self._run([((source,), AS_DOCUMENT)], deadline)
        if isinstance(found, Failure):
            return None
        made = _new(source, found)
        self._results.store([(source, made)], AS_DOCUMENT)
        return made

    def analyse(
        self, tree: SourceTree, progress: Progress | None = None, *, keep: bool = True, deadline: float | None = None
    ) -> AnalysedTree:
        """All files of a tree: from the cache, or through the workers. What fails to parse becomes lexical; what fails
        twice, skipped. keep: whether the cache takes part. deadline: as of `read_input`."""
        deadline = self._deadline() if deadline is None else deadline
        return self._finish(self._begin(tree, deadline, keep=keep), progress)

    def _begin(self, tree: SourceTree, deadline: float, *, keep: bool = True) -> _Begun:
        """Have the files of a tree that the cache does not know analysed, while something else is done."""
        known = self._results.load(tree.files) if keep else {}
        batches = plan([file for file in tree.files if file.path not in known], self.options)
        return _Begun(tree, known, self._run(batches, deadline), keep)

    def _finish(self, begun: _Begun, progress: Progress | None) -> AnalysedTree:
        """Wait for the files of a tree."""
        tree = begun.tree
        done = {file.path: _analysed(file, *begun.known[file.path]) for file in tree.files if file.path in begun.known}
        new: dict[str, AnalysedFile] = {}
        failed: list[SkippedFile] = []
        total = sum(len(file.content) for file in tree.files)
        seen = sum(len(file.content) for file in tree.files if file.path in done)
        for files, results in begun.results:
            made = []
            for file, result in zip(files, results, strict=True):
                if isinstance(result, Failure):
                    failed.append(_skip(file, result))
                else:
                    made.append(_new(file, result))
            if tree.side in (Side.CANDIDATE, Side.ORIGINAL):
                made = _withsketches(made)  # now, while the workers are busy with the next batches
            new |= {file.path: file for file in made}
            seen += sum(len(file.content) for file in files)
            if progress is not None:
                progress(f"analysing {tree.side}", seen, total)
        if begun.keep:
            self._results.store((file, new[file.path]) for file in tree.files if file.path in new)
        done |= new
        files_done = tuple(done[file.path] for file in tree.files if file.path in done)
        kept = tuple(file for file in tree.files if file.path in done)
        skipped = tuple(sorted((*tree.skipped, *failed), key=lambda file: file.path))
        return AnalysedTree(replace(tree, files=kept, skipped=skipped), files_done)

    def _run(self, batches: Batches, deadline: float) -> Results:
        """Begin to run batches. What failed of one is run again in smaller pieces, a file that fails lexically."""
        options = self.options
        tasks = [self._task(files, lexical) for files, lexical in batches]
        limits = [options.limit_seconds * (LEXICAL_PATIENCE if lexical else 1) for _, lexical in batches]
        return self._results_of(batches, self._pool.map(analyse_in_parts, tasks, limits, deadline), deadline)

    def _results_of(self, batches: Batches, outcomes: Iterator[list[Result] | Failure], deadline: float) -> Results:
        for (files, lexical), outcome in zip(batches, outcomes, strict=True):
            if not isinstance(outcome, Failure):
                yield files, outcome
            elif outcome.reason == "deadline":
                yield files, [outcome] * len(files)
            elif len(files) > 1 or lexical is None:
                yield from self._run(_again(files, lexical, outcome), deadline)
            else:
                yield files, [outcome]

    def _task(self, files: Sequence[SourceFile], lexical: str | None) -> Batch:
        return Batch(files[0].language, [file.content for file in files], self.options.k, self.options.window, lexical)


def _again(files: tuple[SourceFile, ...], lexical: str | None, failure: Failure) -> Batches:
    """A batch that failed in smaller pieces. A file that was late by itself is not parsed again."""
    first, end = failure.part or (0, len(files))
    late, rest = files[first:end], files[:first] + files[end:]
    if len(late) == 1 and lexical is None:
        lexical_late = f"{failure.reason}: parse {failure.detail}"
        pieces: list[tuple[tuple[SourceFile, ...], str | None]] = [(late, lexical_late)]
    else:
        step = -(-len(late) // _PIECES)
        pieces = [(late[at : at + step], lexical) for at in range(0, len(late), step)]
    return [*pieces, (rest, lexical)] if rest else pieces


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
    """Whether a location is a file that an index begins like, or is named like: one with a damaged beginning must not
    pass for a binary file in which no code was found."""
    path = Path(location)
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return is_container(file.read(16)) or path.suffix == _INDEX_SUFFIX
    except (OSError, ValueError):
        return False  # what is wrong with it is said where it is read


def _is_to_be_read(original: Original) -> bool:
    """Whether an original is the place of files to be analysed."""
    return not isinstance(original, AnalysedTree | StoredIndex) and not is_index(original)


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


def _withsketches(files: Sequence[AnalysedFile]) -> list[AnalysedFile]:
    return [replace(file, sketch=own) for file, own in zip(files, sketches(files), strict=True)]


def read_input(location: Location, side: Side, options: ScanOptions, deadline: float | None = None) -> SourceTree:
    """Read an input. An empty one is an error: a mistyped path must not look like one in which nothing was found.
    deadline: on the clock of `time.monotonic`; what is not read by then is skipped. None for no deadline."""
    place = located(location, options.cache)
    if is_index(place):
        raise InputError(f"{os.fspath(location)} is an index: it can stand for an original, not for a {side}")
    tree = read_tree(place, side, options, deadline)
    if not tree.files and all(file.reason is SkipReason.EMPTY for file in tree.skipped):
        raise InputError(f"nothing in {os.fspath(location)}: no file, or only empty ones")
    return tree


@contextmanager
def _written(path: Location) -> Iterator[Path]:
    """Where to write a file that shall go to a path or a URL."""
    if not is_remote(path):
        yield Path(located(path, None))
        return
    folder, _, name = os.fspath(path).rpartition("/")
    with tempfile.TemporaryDirectory() as work:
        here = Path(work) / "written"
        here.mkdir()
        yield here / name
        push(here, folder)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A tree whose files are being analysed. known: results of the cache by path. results: of the other files. keep:
    whether these are for the cache."""

    tree: SourceTree
    known: Mapping[str, tuple[FileParts, U16 | None]]
    results: Results
    keep: bool


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

    def run(self, jobs: int, isolation: Sequence[str] | None) -> dict[str, object]:
        """isolation: the measures that held in the workers, None when no worker was needed."""
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started_at))
        measures = None if isolation is None else list(isolation)
        return {"started_at": started, "elapsed_s": self._elapsed_s, "jobs": jobs, "isolation": measures}


def plan(files: Sequence[SourceFile], options: ScanOptions) -> Batches:
    """Batches of one language each, the largest first, with why a batch must not be parsed (or None). Large files are
    what takes long: begun last, they would keep one worker busy while the others have nothing left to do."""
    batches: list[tuple[tuple[SourceFile, ...], str | None]] = []
    ordered = sorted(files, key=lambda file: (file.language, file.path))
    for _, group in groupby(ordered, key=lambda file: file.language):
        batch: list[SourceFile] = []
        n_bytes = 0
        for file in group:
            if len(file.content) > options.max_parse_bytes:
                batches.append(((file,), f"size: over {options.max_parse_bytes} bytes"))
                continue
            if batch and (n_bytes + len(file.content) > _BATCH_BYTES or len(batch) == _BATCH_FILES):
                batches.append((tuple(batch), None))
                batch, n_bytes = [], 0
            batch.append(file)
            n_bytes += len(file.content)
        if batch:
            batches.append((tuple(batch), None))
    return sorted(batches, key=lambda item: -sum(len(file.content) for file in item[0]))


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


def _new(file: SourceFile, result: Result) -> AnalysedFile:
    newline = np.flatnonzero(np.frombuffer(file.content, np.uint8) == ord("\n")).astype(np.uint32)
    return _analysed(file, FileParts(*result, newline), None)


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
        prose=parts.prose,
        newline=parts.newline,
        sketch=sketched,
    )


def _skip(file: SourceFile, failure: Failure) -> SkippedFile:
    return SkippedFile(
        path=file.path,
        reason=SkipReason.LIMIT if failure.reason == "deadline" else SkipReason.ANALYSIS_FAILED,
        detail=f"{failure.reason}: {failure.detail}",
        role=file.role,
        n_bytes=len(file.content),
        sha256=file.sha256,
    )
