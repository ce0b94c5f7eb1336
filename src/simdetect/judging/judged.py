"""Every candidate file judged: bits, probability, verdict, and how much it resembles which originals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from simdetect.judging.calibration import Calibration, FileFacts, Judgement
from simdetect.judging.closest import closest
from simdetect.judging.facts import SubmissionFacts
from simdetect.judging.features import are_foreign, bits_by_layer, file_features
from simdetect.judging.likelihood import SubmissionModel, population_of, ratio_of
from simdetect.judging.likeness import Forms, Likenesses
from simdetect.judging.pieces import Pieces
from simdetect.judging.resemblance import handed_runs
from simdetect.judging.submission import agrees_with_tests, facts_of
from simdetect.judging.verdict import file_verdict
from simdetect.layers.all import LayerResults
from simdetect.model import F64, Bool, FileRole, Layer, Verdict
from simdetect.options import ScanOptions
from simdetect.tokens.sketch import shortlist, sketches_of
from simdetect.weighing.background import Background, load_background

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, eq=False)
class Judged:
    """What all evidence comes to. features, untested: (files, features) float64, see `file_features`. layer_bits:
    (files,) float64 by layer. is_foreign: (files,) bool."""

    results: LayerResults
    options: ScanOptions
    calibration: Calibration
    features: F64
    untested: F64
    layer_bits: dict[Layer, F64]
    is_foreign: Bool

    def bits(self, index: int) -> dict[Layer, float]:
        """Bits of one candidate file by layer."""
        return {layer: float(bits[index]) for layer, bits in self.layer_bits.items()}

    @cached_property
    def judgements(self) -> list[Judgement]:
        """How each candidate file is judged."""
        return [self._judge(features, index) for index, features in enumerate(self.features.tolist())]

    def verdict(self, judged: Judgement, index: int) -> Verdict:
        """Verdict on one candidate file."""
        file = self.results.comparison.candidate.files[index]
        if file.role is FileRole.PATCH:
            return Verdict.INCONCLUSIVE  # independent fixes of one bug often coincide, and how often is not known
        return file_verdict(len(file.tokens), judged.probability, judged.threshold)

    def would_be_evidence(self, index: int) -> bool:
        """Whether a candidate file scores as a program that is evidence does, whatever it is."""
        judged, n_tokens = self.judgements[index], len(self.results.comparison.candidate.files[index].tokens)
        return file_verdict(n_tokens, judged.probability, judged.threshold) is Verdict.EVIDENCE

    # --- the submission as one -------------------------------------------------------------------------------------

    @cached_property
    def submission(self) -> tuple[SubmissionFacts, Pieces]:
        """What the submission is judged by, and the pieces of code that it rests on."""
        return facts_of(self.results, self.background)

    @cached_property
    def model(self) -> SubmissionModel:
        """The model of the population that the submission is of: of two, where half of it is in another language than
        the originals, the one that comes closer to evidence."""
        models = [self._model(is_across=False)]
        n_tokens = np.array([len(file.tokens) for file in self.results.comparison.candidate.files], np.int64)
        if 2 * n_tokens[self.is_foreign].sum() >= max(1, n_tokens.sum()):
            models.insert(0, self._model(is_across=True))
        facts, _ = self.submission
        return max(models, key=lambda model: model.ratio(facts) - model.threshold)

    def _model(self, *, is_across: bool) -> SubmissionModel:
        return self.calibration.submissions[population_of(self.options.setting, is_across=is_across)]

    @cached_property
    def ratio(self) -> float:
        """The likelihood ratio of the submission, log10, unbounded."""
        return self.model.ratio(self.submission[0])

    @cached_property
    def is_evidence(self) -> bool:
        """Whether the submission reaches the threshold, the calibrated one unless the options name a probability."""
        ratio = self.ratio if self.options.threshold is None else self.model.bounded(self.ratio)
        return ratio >= self.threshold

    @cached_property
    def needs_tests_of_original(self) -> bool:
        """Whether the submission would be evidence if tests of the original counted, and is not."""
        if self.is_evidence or not agrees_with_tests(self.results):
            return False
        facts, _ = facts_of(self.results, self.background, with_tests=True)
        return self.model.ratio(facts) >= self.threshold

    @property
    def threshold(self) -> float:
        """The ratio from which the submission is evidence, log10."""
        return self.model.threshold if self.options.threshold is None else ratio_of(self.options.threshold)

    @cached_property
    def carriers(self) -> frozenset[int]:
        """Candidate files that make the submission evidence: those that are by themselves, and those that hold its
        heaviest piece, or its heaviest function, or one of half its weight."""
        _, pieces = self.submission
        files = self.results.code.table.candidate_file[pieces.row]
        kinds = [value for value in (pieces.bits, pieces.function) if np.max(value, initial=0.0) > 0]
        held = [files[value >= value.max() / 2] for value in kinds]
        alone = [i for i in range(len(self.features)) if self.verdict(self.judgements[i], i) is Verdict.EVIDENCE]
        return frozenset(np.concatenate([*held, np.array(alone, np.int64)]).astype(int).tolist())

    def final_verdict(self, index: int) -> Verdict:
        """Verdict on one candidate file in its submission: evidence only where that is. Of many files one agrees as
        much by chance, and who holds one piece of another's code has not recalled it."""
        alone = self.verdict(self.judgements[index], index)
        if self.is_evidence:
            is_patch = self.results.comparison.candidate.files[index].role is FileRole.PATCH
            return Verdict.EVIDENCE if index in self.carriers and not is_patch else alone
        return Verdict.INCONCLUSIVE if alone is Verdict.EVIDENCE else alone

    @cached_property
    def order(self) -> list[int]:
        """Candidate files, strongest first."""
        n_files = len(self.features)
        probability = np.array([judgement.probability for judgement in self.judgements])
        bits = np.array([sum(self.bits(index).values()) for index in range(n_files)])
        strongest_first: list[int] = np.lexsort((np.arange(n_files), -bits, -probability)).tolist()
        return strongest_first

    @cached_property
    def flagged(self) -> list[int]:
        """Candidate files that are evidence, strongest first."""
        return [i for i in self.order if self.final_verdict(i) is Verdict.EVIDENCE]

    def closest_original(self, index: int) -> int | None:
        """The original file that a candidate file shares most with, or resembles most; None without any."""
        if pairs := self.listed(index):
            return int(self.results.ranked.original_file[pairs[0]])
        return next(iter(self.resembling.get(index, ())), None)

    def listed(self, index: int) -> range:
        """The pairs of a candidate file that a report lists, best first: rows of `ranked`."""
        low, high = np.searchsorted(self.results.ranked.candidate_file, [index, index + 1]).tolist()
        return range(low, min(high, low + self.options.max_originals))

    def needs_tests(self, index: int) -> bool:
        """Whether a candidate file would not be flagged without the original's test files."""
        without = self._judge(self.untested[index].tolist(), index)
        return self.verdict(without, index) is not Verdict.EVIDENCE

    def probability_of_pair(self, pair: int, index: int) -> float:
        """Probability that a candidate file derives from one original file; never above that of the file."""
        own = self._judge(self.results.ranked.features[pair].tolist(), index).probability
        return min(own, self.judgements[index].probability)

    def background(self, family: str) -> Background:
        """The background model that a language family was weighed by."""
        return load_background(family, self.options.background)

    def _judge(self, bits: Sequence[float], index: int) -> Judgement:
        file = self.results.comparison.candidate.files[index]
        facts = FileFacts(
            n_tokens=len(file.tokens),
            family=file.family,
            has_background=self.background(file.family).family == file.family,
            is_foreign=bool(self.is_foreign[index]),
        )
        return self.calibration.judge(bits, facts)

    # --- resemblance -----------------------------------------------------------------------------------------------

    @cached_property
    def resembling(self) -> dict[int, list[int]]:
        """Originals that resemble a candidate file by their sketches, or, of files with which nothing agrees, by
        names."""
        comparison = self.results.comparison
        found: dict[int, list[int]] = {}
        candidate, original = comparison.candidate.files, comparison.original.files
        for own, other, _ in shortlist(sketches_of(candidate), sketches_of(original), self.options.sketch_threshold):
            if candidate[own].family == original[other].family:
                found.setdefault(own, []).append(other)
        agreeing = {*self.results.ranked.candidate_file.tolist(), *found}
        silent = [index for index in range(len(candidate)) if index not in agreeing]
        return found | closest(comparison, silent, self.background)

    @cached_property
    def likenesses(self) -> Likenesses:
        """How much files of both sides resemble each other."""
        background = partial(load_background, folder=self.options.background)
        forms = Forms.of(self.results.comparison, self._compared())
        return Likenesses(self.results.comparison, background, handed_runs(self.results.handouts), forms)

    def _compared(self) -> tuple[list[int], list[int]]:
        """Files of both sides that may be listed beside each other: ones that agree, and ones that resemble."""
        of_pair = self.results.ranked.original_file
        listed = {
            index: {*of_pair[self.listed(index)].tolist(), *self.resembling.get(index, ())}
            for index in range(len(self.features))
        }
        return [index for index, others in listed.items() if others], sorted(set().union(*listed.values()))


def judge(results: LayerResults, options: ScanOptions, calibration: Calibration) -> Judged:
    """Judge every candidate file by what all kinds of evidence found."""
    return Judged(
        results=results,
        options=options,
        calibration=calibration,
        features=file_features(results),
        untested=file_features(results, without_tests=True),
        layer_bits=bits_by_layer(results),
        is_foreign=are_foreign(results),
    )
