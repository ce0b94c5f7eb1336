"""The originals of one candidate file: those that share something, best first, then those that only resemble it."""

from __future__ import annotations

from collections.abc import Iterator

from simdetect.judging.coverage import share
from simdetect.judging.judged import Judged
from simdetect.matching.comparison import Program
from simdetect.model import OriginalMatch
from simdetect.weighing.pairs import Pairs

__all__ = ["Originals"]


class Originals:
    """The files of all originals, with what the report says about them."""

    def __init__(self, judged: Judged) -> None:
        results = judged.results
        self._judged, self._files = judged, results.comparison.original.files
        self._sources = _source_of(results.comparison.original)
        pairs, n = results.code.pairs, 1 + max(1, len(self._files))
        keys = (pairs.candidate_file * n + pairs.original_file).tolist()
        self._code_row = {key: row for row, key in enumerate(keys)}
        self._n = n

    def of(self, index: int) -> Iterator[OriginalMatch]:
        """Originals of a candidate file by bits of all layers, then those that only resemble it."""
        ranked, limit = self._judged.results.ranked, self._judged.options.max_originals
        listed = set()
        for pair in self._judged.listed(index):
            listed.add(int(ranked.original_file[pair]))
            yield self._agreeing(index, pair)
        for original in self._judged.resembling.get(index, ()):
            if original not in listed and len(listed) < limit:
                listed.add(original)
                yield self._resembling(index, original)

    def _agreeing(self, index: int, pair: int) -> OriginalMatch:
        """One original file. Its bits and probability are never above those of the candidate file, whose parts may
        come from several originals."""
        judged, ranked = self._judged, self._judged.results.ranked
        original = int(ranked.original_file[pair])
        candidate, like = judged.results.comparison.candidate.files[index], judged.likenesses.of(index, original)
        row = self._code_row.get(index * self._n + original)
        matched, original_matched, longest = _matched(judged.results.code.pairs, row)
        return OriginalMatch(
            original=self._files[original].path,
            source=self._sources[original],
            probability=judged.probability_of_pair(pair, index),
            bits=min(float(ranked.bits[pair]), sum(judged.bits(index).values())),
            matched_tokens=matched,
            coverage=share(matched, len(candidate.tokens)),
            original_coverage=share(original_matched, self._files[original].n_tokens),
            longest_match=longest,
            containment=like.containment,
            jaccard=like.jaccard,
            score=like.score,
        )

    def _resembling(self, index: int, original: int) -> OriginalMatch:
        like = self._judged.likenesses.of(index, original)
        path, source = self._files[original].path, self._sources[original]
        resemblance = like.containment, like.jaccard, like.score
        return OriginalMatch(path, source, None, 0.0, 0, 0.0, 0.0, 0, *resemblance)


def _source_of(original: Program) -> list[int]:
    """The input that each file belongs to."""
    return [source for source, tree in enumerate(original.trees) for _ in tree.files]


def _matched(pairs: Pairs, row: int | None) -> tuple[int, int, int]:
    """Tokens of a pair of files in counted regions, on both sides, and of the longest; nothing without a row."""
    if row is None:
        return 0, 0, 0
    return int(pairs.matched[row]), int(pairs.original_matched[row]), int(pairs.longest[row])
