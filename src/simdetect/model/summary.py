"""The scan in one place, as the JSON report has it: the verdict and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simdetect.model.layers import Layer
from simdetect.model.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class FalsePositiveRate:
    """How often independent programs agree as much: scored_as_high of out_of that were looked at did; upper_95 bounds
    the rate. scores: the probability of each of them, ascending."""

    scored_as_high: int
    out_of: int
    upper_95: float
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The scan in one place.

    bits, layer_bits: of all candidate files together. matched_tokens: candidate tokens by layer, each counted once.
    candidate_coverage, original_coverage: share of all analysed tokens of that side that lie in a counted match.
    analysed_share: share of the candidate's code bytes that were analysed. minimum_detectable_tokens: the shortest
    identical run that is guaranteed to be found. reason: one sentence that explains the verdict. without_session: the
    verdict if the recorded sessions were not believed, None without any.

    log10_likelihood_ratio: how much more often submissions that derive from an original agree so much than independent
    ones do, no higher and no lower than the submissions that were looked at support; None without code on both sides.
    likelihood_grade: the word for it, "" where it supports independence. probability: that ratio at even prior odds;
    None where the verdict is inconclusive. population: which independent programs it is judged by. threshold: the
    log10 ratio from which the verdict is evidence; threshold_rate: how many independent ones reach it.
    """

    verdict: Verdict
    reason: str
    without_session: Verdict | None
    probability: float | None
    bits: float | None
    layer_bits: Mapping[Layer, float]
    false_positive_rate: FalsePositiveRate | None
    n_flagged_files: int
    candidate_tokens: int
    matched_tokens: Mapping[Layer, int]
    candidate_coverage: float
    original_coverage: float
    longest_match: int
    analysed_share: float
    minimum_detectable_tokens: int
    n_common_hashes: int
    log10_likelihood_ratio: float | None = None
    likelihood_grade: str = ""
    population: str = ""
    threshold: float | None = None
    threshold_rate: FalsePositiveRate | None = None
