"""One batch of files through the per-file stages: what a worker process runs.

Imports nothing that a worker does not need, because every worker pays for its imports.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from simdetect.languages import spec_of
from simdetect.model import Fingerprints, Prose, Rewrites, SyntaxNodes, TokenStream
from simdetect.tokens.columns import with_line_comments
from simdetect.tokens.doubt import has_far_fewer, may_be_broken, swallowed
from simdetect.tokens.fences import without_fences
from simdetect.tokens.fingerprint import fingerprint
from simdetect.tokens.normalize import normalize
from simdetect.tokens.parse import CostError, parse, rewrites_of
from simdetect.tokens.prose import prose

__all__ = ["Batch", "Result", "analyse", "analyse_in_parts", "rewritten_in_parts"]

Result = tuple[TokenStream, Fingerprints, Prose]

_PART_BYTES = 16 << 10  # parsed before it is said which file is next: saying it for each tiny file would cost a third


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one language to analyse together. lexical: why they must not be parsed, or None. with_forms: whether to
    make canonical forms too, which `rewritten_in_parts` can make later."""

    language: str
    contents: Sequence[bytes]
    k: int
    window: int
    lexical: str | None = None
    with_forms: bool = False

    def __len__(self) -> int:
        return len(self.contents)


def analyse(batch: Batch) -> list[Result]:
    """Tokens, fingerprints and words of every file of the batch, in order."""
    steps = analyse_in_parts(batch)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            results: list[Result] = end.value
            return results


def analyse_in_parts(batch: Batch) -> Generator[tuple[int, int], None, list[Result]]:
    """The same; yields before each part of the work which files it is about, first and behind last: each part has the
    time of one file."""
    batch = replace(batch, contents=_prepared(batch))
    streams = yield from _streams(batch)
    yield 0, len(batch)
    fingerprints = fingerprint([stream.normal for stream in streams], batch.k, batch.window)
    return list(zip(streams, fingerprints, prose(batch.contents, streams, fingerprint), strict=True))


def rewritten_in_parts(batch: Batch) -> Generator[tuple[int, int], None, list[Rewrites]]:
    """Of files that `analyse` has parsed: what the canonical form does to each. Yields as `analyse_in_parts`."""
    found = []
    contents, language = _prepared(batch), batch.language
    for first, end in _parts(contents):
        yield first, end
        found += [rewrites_of(content, language) for content in contents[first:end]]
    return found


def _prepared(batch: Batch) -> list[bytes]:
    """The contents as grammars can read them."""
    spec = spec_of(batch.language)
    return [with_line_comments(without_fences(text), spec) for text in batch.contents]


def _streams(batch: Batch) -> Generator[tuple[int, int], None, list[TokenStream]]:
    reason = batch.lexical if spec_of(batch.language).module else "no-grammar"
    if reason is not None:
        yield 0, len(batch)
        return _lexical(batch.contents, batch.language, reason)
    nodes: dict[int, SyntaxNodes] = {}
    costly: dict[int, str] = {}
    for first, end in _parts(batch.contents):
        yield first, end
        for number in range(first, end):
            try:
                nodes[number] = parse(batch.contents[number], batch.language, with_form=batch.with_forms)
            except CostError as error:
                costly[number] = f"cost: {error}"
    yield 0, len(batch)
    parsed = normalize(list(nodes.values()), [batch.contents[n] for n in nodes], batch.language) if nodes else []
    streams = {n: _believed(batch.contents[n], stream, batch.language) for n, stream in zip(nodes, parsed, strict=True)}
    streams |= {n: _lexical([batch.contents[n]], batch.language, why)[0] for n, why in costly.items()}
    return [streams[number] for number in range(len(batch))]


def _believed(content: bytes, stream: TokenStream, language: str) -> TokenStream:
    """The tokens of a tree, or lexical ones where it swallowed much of the file."""
    if reason := swallowed(content, stream, language):
        return _lexical([content], language, reason, is_careful=True)[0]
    if may_be_broken(stream):
        lexical = _lexical([content], language, "errors: the tree has far fewer tokens than the file", is_careful=True)
        return lexical[0] if has_far_fewer(stream, lexical[0]) else stream
    return stream


def _lexical(contents: Sequence[bytes], language: str, reason: str, *, is_careful: bool = False) -> list[TokenStream]:
    from simdetect.tokens.lexical import lexical_streams

    return lexical_streams(contents, language, reason, is_careful=is_careful)


def _parts(contents: Sequence[bytes]) -> list[tuple[int, int]]:
    """Runs of files, first and behind last: a large file alone, small ones together."""
    parts: list[tuple[int, int]] = []
    first, n_bytes = 0, 0
    for number, content in enumerate(contents):
        if n_bytes and n_bytes + len(content) > _PART_BYTES:
            parts.append((first, number))
            first, n_bytes = number, 0
        n_bytes += len(content)
    return [*parts, (first, len(contents))]
