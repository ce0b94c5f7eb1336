"""The scan as one: its verdict, why, and the numbers that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.judging.coverage import analysed_share, lost_words, share, uncompared_words
from simdetect.judging.judged import Judged
from simdetect.judging.verdict import Flagged, ScanFacts, scan_verdict
from simdetect.layers.code import matched_tokens
from simdetect.model import AnalysedTree, FalsePositiveRate, FileRole, Layer, Verdict

__all__ = ["ScanJudgement", "judge_scan"]


@dataclass(frozen=True, slots=True)
class ScanJudgement:
    """What a scan comes to. probability: the highest of a file, None without files. matched: candidate tokens in
    counted regions by layer, each counted once."""

    verdict: Verdict
    reason: str
    probability: float | None
    rate: FalsePositiveRate | None
    n_flagged: int
    n_tokens: int
    analysed_share: float
    matched: Mapping[Layer, int]
    original_coverage: float
    longest_match: int

    @property
    def candidate_coverage(self) -> float:
        """Share of the candidate's tokens in counted regions."""
        return share(sum(self.matched.values()), self.n_tokens)


def judge_scan(
    judged: Judged, hidden: Mapping[str, int], assumed: Sequence[str], without_assumed: Verdict | None = None
) -> ScanJudgement:
    """Judge a scan by its files.

    hidden: bytes of code that were not read as code, by candidate file. assumed: documents of the original that were
    taken as given although nobody named them. without_assumed: the verdict if they had not been.
    """
    comparison, selection = judged.results.comparison, judged.results.code.selection
    verdict, reason = scan_verdict(replace(_facts(judged, hidden, assumed), without_assumed=without_assumed))
    probability = max((judgement.probability for judgement in judged.judgements), default=None)
    return ScanJudgement(
        verdict=verdict,
        reason=reason,
        probability=probability,
        rate=None if probability is None else judged.calibration.scan_rate(probability),
        n_flagged=len(judged.flagged),
        n_tokens=_n_tokens(judged),
        analysed_share=analysed_share(_tree(judged)),
        matched={layer: int(n.sum()) for layer, n in matched_tokens(judged.results.code).items()},
        original_coverage=share(int(selection.original_matched.sum()), comparison.original.n_tokens),
        longest_match=int(np.max(selection.longest, initial=0)),
    )


def _facts(judged: Judged, hidden: Mapping[str, int], assumed: Sequence[str]) -> ScanFacts:
    comparison, flagged = judged.results.comparison, judged.flagged
    candidate, original = comparison.candidate, comparison.original
    patches = [index for index, file in enumerate(candidate.files) if file.role is FileRole.PATCH]
    n_tokens, unread = _n_tokens(judged), int(judged.results.code.selection.unread.sum())
    return ScanFacts(
        n_flagged=len(flagged),
        n_by_tests=sum(judged.needs_tests(index) for index in flagged),
        strongest=_strongest(judged, flagged[0]) if flagged else None,
        n_tokens=n_tokens,
        n_original_tokens=original.n_tokens,
        analysed_share=analysed_share(_tree(judged)),
        has_family=bool({file.family for file in candidate.files} & {file.family for file in original.files}),
        unread_share=share(unread, n_tokens),
        lost="; ".join(
            filter(None, (lost_words(_tree(judged), original.trees, hidden), uncompared_words(judged.results)))
        ),
        assumed=assumed,
        patch_share=share(sum(len(candidate.files[index].tokens) for index in patches), n_tokens),
        n_agreeing_patches=sum(judged.would_be_evidence(index) for index in patches),
    )


def _strongest(judged: Judged, index: int) -> Flagged:
    comparison = judged.results.comparison
    closest = judged.closest_original(index)
    return Flagged(
        path=comparison.candidate.files[index].path,
        bits=sum(judged.bits(index).values()),
        longest_match=int(judged.results.code.selection.longest[index]),
        original=None if closest is None else comparison.original.files[closest].path,
    )


def _n_tokens(judged: Judged) -> int:
    return sum(len(file.tokens) for file in judged.results.comparison.candidate.files)


def _tree(judged: Judged) -> AnalysedTree:
    (tree,) = judged.results.comparison.candidate.trees
    return tree
