"""Canonical forms of the files of a tree, made in the workers when matching asks for them, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from simdetect.model import AnalysedFile, AnalysedTree, Rewrites, SourceFile, TokenStream
from simdetect.options import ScanOptions
from simdetect.running import Failure, WorkerPool
from simdetect.scanning.batches import plan
from simdetect.scanning.results import ResultCache
from simdetect.tokens.analyse import Batch, rewritten_in_parts
from simdetect.tokens.canonical_runs import with_form

__all__ = ["TreeForms", "formed"]


class TreeForms:
    """The forms of one tree: see `model.FormMaker`. Those that were made stay, for the next scan against the tree.

    results: where results are kept between scans, None for nowhere.
    """

    def __init__(
        self,
        files: Mapping[str, tuple[SourceFile, AnalysedFile]],
        options: ScanOptions,
        pool: WorkerPool,
        results: ResultCache | None,
    ) -> None:
        self._files, self._options, self._pool, self._results = files, options, pool, results
        self._made: dict[str, TokenStream] = {}

    def make(self, paths: Sequence[str], deadline: float) -> Mapping[str, TokenStream]:
        """As `FormMaker.make`."""
        wanted = [self._files[path][0] for path in paths if path not in self._made]
        new = dict(self._new([batch for batch, _ in plan(wanted, self._options)], deadline))
        if self._results is not None:
            self._results.store((source, replace(file, tokens=new[source.path])) for source, file in self._of(new))
        self._made |= new
        return {path: self._made[path] for path in paths if path in self._made}

    def _of(self, paths: Iterable[str]) -> Iterator[tuple[SourceFile, AnalysedFile]]:
        return (self._files[path] for path in paths)

    def _new(self, batches: Sequence[Sequence[SourceFile]], deadline: float) -> Iterator[tuple[str, TokenStream]]:
        """Forms by path. What failed of a batch is run again file by file."""
        outcomes = self._pool.map(
            rewritten_in_parts, [self._task(batch) for batch in batches], self._options.limit_seconds, deadline
        )
        for batch, outcome in zip(batches, outcomes, strict=True):
            if not isinstance(outcome, Failure):
                yield from self._fitting(batch, outcome)
            elif len(batch) > 1 and outcome.reason != "deadline":
                yield from self._new([[source] for source in batch], deadline)

    def _fitting(self, batch: Sequence[SourceFile], rewrites: Sequence[Rewrites]) -> Iterator[tuple[str, TokenStream]]:
        for source, found in zip(batch, rewrites, strict=False):
            if (tokens := _fitted(self._files[source.path][1].tokens, found)) is not None:
                yield source.path, tokens

    def _task(self, batch: Sequence[SourceFile]) -> Batch:
        contents = [source.content for source in batch]
        return Batch(batch[0].language, contents, self._options.k, self._options.window)


def _fitted(tokens: TokenStream, rewrites: Rewrites) -> TokenStream | None:
    """The tokens with the form that a worker found, None where it does not fit them: a worker may be taken over."""
    try:
        formed = with_form(tokens, rewrites)
        formed.canonical()
    except (ValueError, IndexError, TypeError, AttributeError):
        return None
    return formed


def formed(tree: AnalysedTree, deadline: float) -> AnalysedTree:
    """The tree with all forms made: of a file of which none can be made, its tokens as they are written."""
    if tree.forms is None:
        return tree
    missing = {file.path: file.tokens for file in tree.files if not file.tokens.has_form}
    made = tree.forms.make(list(missing), deadline)
    tokens = {path: made[path] if path in made else replace(plain, has_form=True) for path, plain in missing.items()}
    files = tuple(replace(file, tokens=tokens[file.path]) if file.path in tokens else file for file in tree.files)
    return replace(tree, files=files, forms=None)
