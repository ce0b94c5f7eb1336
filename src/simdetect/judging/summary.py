"""The scan as one: its verdict, why, and the numbers that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.judging.coverage import analysed_share, lost_words, share, uncompared_words
from simdetect.judging.judged import Judged
from simdetect.judging.likelihood import probability_of
from simdetect.judging.verdict import Flagged, ScanFacts, scan_verdict
from simdetect.layers.code import matched_tokens
from simdetect.model import AnalysedTree, FalsePositiveRate, FileRole, Layer, Verdict

__all__ = ["ScanJudgement", "judge_scan"]


@dataclass(frozen=True, slots=True)
class ScanJudgement:
    """What a scan comes to.

    ratio: of the submission, log10, as it is stated; None where there is no code on one side. probability: at even
    prior odds, None where the verdict is inconclusive. rate: how many independent submissions agree as much. threshold:
    of evidence, log10; threshold_rate: how many reach it. matched: candidate tokens in counted regions by layer, each
    counted once.
    """

    verdict: Verdict
    reason: str
    ratio: float | None
    probability: float | None
    rate: FalsePositiveRate | None
    population: str
    threshold: float
    threshold_rate: FalsePositiveRate
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
    is_compared = bool(_n_tokens(judged) and comparison.original.n_tokens)
    ratio = judged.model.bounded(judged.ratio) if is_compared else None
    is_stated = ratio is not None and verdict is not Verdict.INCONCLUSIVE
    return ScanJudgement(
        verdict=verdict,
        reason=reason,
        ratio=ratio,
        probability=probability_of(ratio) if ratio is not None and is_stated else None,
        rate=judged.model.rate(judged.ratio) if is_compared else None,
        population=judged.model.name,
        threshold=judged.threshold,
        threshold_rate=judged.model.rate(judged.threshold),
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
        is_evidence=judged.is_evidence,
        as_often=_as_often(judged),
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


def _as_often(judged: Judged) -> str:
    """How often independent submissions agree as much, where that neither convicts nor clears; "" elsewhere."""
    if judged.needs_tests_of_original:
        return (
            "The candidate agrees more than independent programs do only with test files of the original, not with its "
            "implementation: tests say what a program does. Read what agrees."
        )
    if judged.ratio < judged.model.doubt:
        return ""
    rate = judged.model.rate(judged.ratio)
    few = "no" if not rate.scored_as_high else f"1 of {rate.out_of / rate.scored_as_high:.0f}"
    return (
        f"The candidate agrees with the original as {few} independent programs do: too much to be clear, and too "
        "little for evidence. Read what agrees."
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
