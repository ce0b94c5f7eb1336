"""Files of a tree -> analysed files: from the cache, or through the workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from simdetect.languages import spec_of
from simdetect.model import U16, AnalysedFile, AnalysedTree, Side, SkippedFile, SkipReason, SourceFile, SourceTree
from simdetect.options import ScanOptions
from simdetect.running import Failure, WorkerPool
from simdetect.scanning.batches import LEXICAL_PATIENCE, Batches, again, plan
from simdetect.scanning.forms import TreeForms, formed
from simdetect.scanning.results import ResultCache
from simdetect.store import FileParts
from simdetect.tokens.analyse import Batch, Result, analyse_in_parts
from simdetect.tokens.sketch import sketches_of

__all__ = ["Analyser", "Begun", "Progress", "with_sketches"]

Progress = Callable[[str, int, int], None]
Task = TypeVar("Task")
Answer = TypeVar("Answer")
Results = Iterator[tuple[tuple[SourceFile, ...], Sequence[Result | Failure]]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A tree whose files are being analysed. known: results of the cache by path. results: of the other files. keep:
    whether these are for the cache."""

    tree: SourceTree
    known: Mapping[str, tuple[FileParts, U16 | None]]
    results: Results
    keep: bool


class Analyser:
    """Runs the per-file stages in worker processes, and keeps what they found in the cache."""

    def __init__(self, options: ScanOptions, pool: WorkerPool) -> None:
        self.options = options
        self._pool = pool
        self._results = ResultCache(options)

    def close(self) -> None:
        """Close the cache."""
        self._results.close()

    def deadline(self) -> float:
        """When a scan that starts now must have analysed everything, on the clock of `time.monotonic`."""
        return time.monotonic() + self.options.limit_total_seconds

    def prepare(self) -> None:
        """Start a worker more, for there is much to do."""
        self._pool.prepare(analyse_in_parts)

    def analyse(
        self,
        tree: SourceTree,
        progress: Progress | None = None,
        *,
        keep: bool = True,
        with_forms: bool = False,
        deadline: float | None = None,
    ) -> AnalysedTree:
        """All files of a tree: from the cache, or through the workers. What fails to parse becomes lexical; what fails
        twice, skipped. keep: whether the cache takes part. with_forms: whether to make all canonical forms now, rather
        than those that are asked for. deadline: as of `read_input`."""
        deadline = self.deadline() if deadline is None else deadline
        analysed = self.finish(self.begin(tree, deadline, keep=keep, with_forms=with_forms), progress)
        return formed(analysed, deadline) if with_forms else analysed

    def map(
        self, function: Callable[[Task], Answer], tasks: Sequence[Task], deadline: float
    ) -> Iterator[Answer | Failure]:
        """Something else about single files, in the same processes and with the same limits."""
        return self._pool.map(function, tasks, self.options.limit_seconds, deadline)

    def begin(self, tree: SourceTree, deadline: float, *, keep: bool = True, with_forms: bool = False) -> Begun:
        """Have the files of a tree that the cache does not know analysed, while something else is done."""
        known = self._results.load(tree.files) if keep else {}
        batches = plan([file for file in tree.files if file.path not in known], self.options)
        return Begun(tree, known, self._run(batches, deadline, with_forms=with_forms), keep)

    def finish(self, begun: Begun, progress: Progress | None) -> AnalysedTree:
        """Wait for the files of a tree."""
        tree = begun.tree
        done = {file.path: _analysed(file, *begun.known[file.path]) for file in tree.files if file.path in begun.known}
        new, failed = self._wait(begun, progress)
        if begun.keep:
            self._results.store((file, new[file.path]) for file in tree.files if file.path in new)
        done |= new
        files_done = tuple(done[file.path] for file in tree.files if file.path in done)
        kept = tuple(file for file in tree.files if file.path in done)
        skipped = tuple(sorted((*tree.skipped, *failed), key=lambda file: file.path))
        pairs = {source.path: (source, file) for source, file in zip(kept, files_done, strict=True)}
        forms = TreeForms(pairs, self.options, self._pool, self._results if begun.keep else None)
        return AnalysedTree(replace(tree, files=kept, skipped=skipped), files_done, forms=forms)

    def _wait(self, begun: Begun, progress: Progress | None) -> tuple[dict[str, AnalysedFile], list[SkippedFile]]:
        """What the workers made of the files that the cache did not know, by path, and what failed."""
        tree = begun.tree
        new: dict[str, AnalysedFile] = {}
        failed: list[SkippedFile] = []
        total = sum(len(file.content) for file in tree.files)
        seen = sum(len(file.content) for file in tree.files if file.path in begun.known)
        for files, results in begun.results:
            pairs = list(zip(files, results, strict=True))
            failed += [_skip(file, result) for file, result in pairs if isinstance(result, Failure)]
            made = [_new(file, result) for file, result in pairs if not isinstance(result, Failure)]
            if tree.side in (Side.CANDIDATE, Side.ORIGINAL):
                made = with_sketches(made)  # now, while the workers are busy with the next batches
            new |= {file.path: file for file in made}
            seen += sum(len(file.content) for file in files)
            if progress is not None:
                progress(f"analysing {tree.side}", seen, total)
        return new, failed

    def single(self, source: SourceFile, lexical: str, deadline: float) -> AnalysedFile | None:
        """One file by lexical tokens, None when it cannot be read as such. lexical: why it is not parsed."""
        known = self._results.load([source], lexical)
        if known:
            return _analysed(source, *known[source.path])
        ((_, (found,)),) = self._run([((source,), lexical)], deadline)
        if isinstance(found, Failure):
            return None
        made = _new(source, found)
        self._results.store([(source, made)], lexical)
        return made

    def _run(self, batches: Batches, deadline: float, *, with_forms: bool = False) -> Results:
        """Begin to run batches. What failed of one is run again in smaller pieces, a file that fails lexically."""
        options = self.options
        tasks = [replace(self._task(files, lexical), with_forms=with_forms) for files, lexical in batches]
        limits = [options.limit_seconds * (LEXICAL_PATIENCE if lexical else 1) for _, lexical in batches]
        return self._results_of(batches, self._pool.map(analyse_in_parts, tasks, limits, deadline), deadline)

    def _results_of(self, batches: Batches, outcomes: Iterator[list[Result] | Failure], deadline: float) -> Results:
        for (files, lexical), outcome in zip(batches, outcomes, strict=True):
            if not isinstance(outcome, Failure):
                yield files, outcome
            elif outcome.reason == "deadline":
                yield files, [outcome] * len(files)
            elif len(files) > 1 or lexical is None:
                yield from self._run(again(files, lexical, outcome), deadline)
            else:
                yield files, [outcome]

    def _task(self, files: Sequence[SourceFile], lexical: str | None) -> Batch:
        return Batch(files[0].language, [file.content for file in files], self.options.k, self.options.window, lexical)


def with_sketches(files: Sequence[AnalysedFile]) -> list[AnalysedFile]:
    return [replace(file, sketch=own) for file, own in zip(files, sketches_of(files), strict=True)]


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
