"""scan(): the order of the stages. The one module that knows it.

read_input -> Analyser (in workers) -> make_handouts -> Weigher (find_layers -> judge) -> make_report

`compare` holds what follows the analysis; `revisions` calls it for each of several revisions of one original.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TypedDict, Unpack

from simdetect import __version__
from simdetect.errors import InputError, StoreError
from simdetect.judging.calibration import Calibration, load_calibration
from simdetect.judging.judged import Judged
from simdetect.languages import spec_of
from simdetect.languages.grammar import grammar_version
from simdetect.model import AnalysedTree, ScanReport, Side, SourceTree
from simdetect.options import ScanOptions
from simdetect.remote.urls import located
from simdetect.running import WorkerPool, shared_pool
from simdetect.scanning.analyser import Analyser, Progress, with_sketches
from simdetect.scanning.clock import Clock
from simdetect.scanning.compare import Handed, Read, Terms, handouts_for, inputs_of
from simdetect.scanning.elsewhere import with_elsewhere
from simdetect.scanning.forms import formed
from simdetect.scanning.inputs import (
    Location,
    Original,
    is_index,
    is_to_be_read,
    languages_of,
    read_input,
    trees_of,
    written,
)
from simdetect.scanning.observed import read_observed
from simdetect.scanning.revisions import best_of_families, families_of
from simdetect.scanning.weigher import Weigher
from simdetect.store import StoredIndex, open_index, write_index
from simdetect.tokens.prose import WORD_K, WORD_WINDOW
from simdetect.weighing.background import POOL, load_background
from simdetect.weighing.known_texts import load_known_texts
from simdetect.weighing.public_names import load_public_names, own_families
from simdetect.weighing.recognised import recognised

__all__ = ["Known", "Location", "OnSources", "Original", "Progress", "Scanner", "index", "scan"]

OnSources = Callable[[SourceTree, Sequence[SourceTree]], None]

_OPEN_INDEXES = 4


class Known(TypedDict, total=False):
    """What is known of a candidate beside its originals, and who is told how a scan goes; see `scan`."""

    given: Sequence[Location]
    base: Sequence[Location]
    observed: Sequence[Location]
    elsewhere: Sequence[Original]
    documents: Collection[str]
    progress: Progress | None
    on_sources: OnSources | None
    same_family: bool


def scan(
    candidate: Location, *originals: Original, options: ScanOptions | None = None, **known: Unpack[Known]
) -> ScanReport:
    """Compare a candidate with the originals it may have been recalled from.

    Args:
        candidate, originals, given, base: folders, files, archives, or git revisions `path@rev`. given: what the
            author of the candidate was handed, such as documents and help text. base: code handed out to build on.
            Agreement with either is excluded.
        observed: what the author saw: texts that the original's executable printed, or recorded sessions of agents
            (mini-swe-agent, ATIF), of which only what the executable alone printed, before it stood anywhere else, is
            excluded.
        documents: SHA-256 in hex digits of documents of the originals that the author was handed.
        same_family: whether all originals are revisions of one program, of which only the best counts. Without it,
            those that come from one folder of one git repository are, and those with the same files.
        elsewhere: third programs. The report says which evidence stands there too; no number changes.
        options: settings; the defaults are those of `ScanOptions`.
        progress: called as progress(stage, done, total) while the scan runs.
        on_sources: called once with the trees of the candidate and of the originals in the report: one that shows code
            beyond its excerpts needs them, and holds none itself.

    Returns:
        The report, identical for identical inputs and settings but for its `run`.

    Raises:
        InputError: an input cannot be read. OptionsError: an option is invalid. WorkerError: no process can start.
    """
    options = options or ScanOptions()
    scanner = Scanner(options, shared_pool(options.jobs, options.limit_memory_bytes))
    try:
        return scanner.scan(candidate, *originals, **known)
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
        self._analyser = Analyser(self.options, self._pool)
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
        self._analyser.close()
        if pool:
            self._pool.close()

    def index(self, original: Location, progress: Progress | None = None) -> AnalysedTree:
        """Read and analyse an original once, to scan several candidates against it. Raises InputError."""
        return self._read_and_analyse(original, Side.ORIGINAL, progress, self._analyser.deadline())

    def analyse(
        self, tree: SourceTree, progress: Progress | None = None, *, keep: bool = True, with_forms: bool = False
    ) -> AnalysedTree:
        """All files of a tree that was read. keep: whether the cache takes part. with_forms: whether to make all
        canonical forms now, as for an index, rather than those that a scan asks for."""
        return self._analyser.analyse(tree, progress, keep=keep, with_forms=with_forms)

    def _read_and_analyse(
        self, location: Location, side: Side, progress: Progress | None, deadline: float, *, with_forms: bool = False
    ) -> AnalysedTree:
        tree = read_input(location, side, self.options, deadline)
        analysed = self._analyser.analyse(tree, progress, with_forms=with_forms, deadline=deadline)
        if side is not Side.ORIGINAL:
            return analysed
        return recognised(load_known_texts(), analysed, own_families(load_public_names(), analysed))

    def write_index(
        self, path: Location, *originals: Original, with_text: bool = True, progress: Progress | None = None
    ) -> None:
        """Analyse originals and keep the result in a file that `scan` takes in their place.

        with_text: keep the source text too. Without it spans, bits and verdicts are the same, but a report shows no
        excerpts of the originals. Raises InputError, and StoreError when the file cannot be written.
        """
        deadline = self._analyser.deadline()
        trees = [
            tree if tree.stored else formed(replace(tree, files=tuple(with_sketches(tree.files))), deadline)
            for tree in self._originals(originals, progress, deadline, with_forms=True)
        ]
        facts = {
            "tool": __version__,
            "k": self.options.k,
            "window": self.options.window,
            "word_k": WORD_K,
            "word_window": WORD_WINDOW,
            "settings": self.options.reading(),
            "grammars": {name: grammar_version(spec_of(name)) for name in languages_of(trees)},
        }
        with written(path) as here:
            write_index(here, trees, facts, with_text=with_text)

    def _originals(
        self, originals: Sequence[Original], progress: Progress | None, deadline: float, *, with_forms: bool = False
    ) -> list[AnalysedTree]:
        """The trees of all originals, in order; an index may hold several. with_forms: of those that are read."""
        trees: list[AnalysedTree] = []
        for original in originals:
            if isinstance(original, AnalysedTree):
                trees.append(original)
            elif isinstance(original, StoredIndex):
                trees += trees_of(original, self.options)
            elif is_index(place := located(original, self.options.cache)):
                trees += trees_of(self._open(Path(place)), self.options)
            else:
                side = Side.ORIGINAL
                trees.append(self._read_and_analyse(original, side, progress, deadline, with_forms=with_forms))
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

    def scan(self, candidate: Location, *originals: Original, **known: Unpack[Known]) -> ScanReport:
        """Compare a candidate with originals: locations, trees from `index`, or indexes. As `simdetect.scan`."""
        clock = Clock()
        read = self.read(candidate, originals, known, clock)
        others = self._originals(known.get("elsewhere", ()), known.get("progress"), read.terms.deadline)
        report, best = best_of_families(read.terms, read.candidate, read.families, clock)
        if (on_sources := known.get("on_sources")) is not None:
            on_sources(read.candidate.tree, [tree.tree for tree in best])
        report = with_elsewhere(report, read.candidate, others, self.options)
        clock.lap("report")
        return replace(report, run=clock.run(self.options.jobs, self._pool.isolation))

    def read(
        self, candidate: Location, originals: Sequence[Original], known: Known, clock: Clock | None = None
    ) -> Read:
        """Everything that a comparison needs, read and analysed. clock: told how long that takes. Raises InputError."""
        if not originals:
            raise InputError("nothing to compare with: name at least one original")
        calibration, clock = _load_models(self.options), clock or Clock()
        deadline, progress = self._analyser.deadline(), known.get("progress")
        begun = self._analyser.begin(read_input(candidate, Side.CANDIDATE, self.options, deadline), deadline)
        clock.lap("candidate")
        if len(begun.known) < len(begun.tree.files) and any(map(is_to_be_read, originals)):
            self._analyser.prepare()  # the originals are probably new too, and take a while to read
        original_trees = self._originals(originals, progress, deadline)
        candidate_tree = self._analyser.finish(begun, progress)
        clock.lap("originals")
        terms = Terms(self._analyser, self.options, calibration, self._handed(known, deadline), deadline)
        return Read(terms, candidate_tree, families_of(original_trees, is_one=known.get("same_family", False)))

    def judged(self, candidate: AnalysedTree, *originals: AnalysedTree, **known: Unpack[Known]) -> Judged:
        """What a scan of analysed trees rests on, without a report: for those who fit models."""
        calibration, deadline = load_calibration(self.options.calibration), self._analyser.deadline()
        terms = Terms(self._analyser, self.options, calibration, self._handed(known, deadline), deadline)
        inputs = inputs_of(terms, candidate, originals)
        return Weigher(inputs, handouts_for(terms, inputs), self.options, calibration, deadline=deadline).judged()

    def _handed(self, known: Known, deadline: float) -> Handed:
        """What the author had."""

        def read(locations: Sequence[Location], side: Side) -> list[AnalysedTree]:
            return [self._read_and_analyse(location, side, known.get("progress"), deadline) for location in locations]

        return Handed(
            given=read(known.get("given", ()), Side.GIVEN),
            base=read(known.get("base", ()), Side.BASE),
            observed=[read_observed(location, self.options, deadline) for location in known.get("observed", ())],
            documents=known.get("documents", ()),
        )


def _load_models(options: ScanOptions) -> Calibration:
    """The calibration, once it is known that it and the background can be read: better before a long scan than after.
    Raises InputError with everything that is wrong."""
    problems = []
    loads: list[Callable[[], object]] = [lambda: load_calibration(options.calibration)]
    if options.background is not None:
        loads.append(lambda: load_background(POOL, options.background))
    for load in loads:
        try:
            load()
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("; ".join(problems))
    return load_calibration(options.calibration)
