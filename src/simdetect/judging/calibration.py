"""Features of a file -> probability of derivation, and how independent files score: fitted on labelled pairs.

The model is logistic in logarithms of bits, of the strongest region, of all layers together and of the heaviest whole
function, and in how far two files agree from end to end, all with weights of at least 0: more evidence never lowers it.
Longer files agree more by chance, so their size lowers it a little, up to `SIZE_CAP`. It ships as JSON with its
provenance; nothing is unpickled. `training.fit` makes it.

Between languages there are no regions of code to rest on, and other amounts agree by chance: a model of its own,
fitted on ports and on independent programs in other languages, judges what `ACROSS` holds.

History of the format: /1 bits of regions of code; /2 other layers, and the size of the file; /3 other languages; /4
whole functions and whole files; /5 submissions judged as one, and no scores of independent files. A calibration of /3
is read as one in which functions say nothing; one without submissions has those that are shipped.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from simdetect.errors import InputError
from simdetect.judging.likelihood import POPULATIONS, SubmissionModel
from simdetect.model import FEATURES, LAYERED
from simdetect.weighing.limits import SIZE_CAP

__all__ = [
    "ACROSS",
    "FORMAT",
    "OTHERS",
    "TERMS",
    "WITHOUT_BACKGROUND",
    "Across",
    "Calibration",
    "FileFacts",
    "Judgement",
    "load_calibration",
    "terms_of",
]

FORMAT = "simdetect.calibration/5"
_BEFORE = ("simdetect.calibration/3", "simdetect.calibration/4")
ACROSS = ("translated", "comment", "misspelling", "order")  # of these, what files in two languages can share
TERMS = ("strongest", "sum", "size", "function", "agreement")  # of the logistic model
OTHERS = "others"  # key of the threshold of languages with too few independent files for their own
WITHOUT_BACKGROUND = "without-background"  # and of those that are judged by the pooled background model
_MOST = 1e9  # of weights and bits: beyond it sums of them are no numbers
_FUNCTION, _AGREEMENT = FEATURES.index("function"), FEATURES.index("agreement")


@dataclass(frozen=True, slots=True)
class Across:
    """Fitted numbers for files in another language than the original's.

    layer_weights: of `LAYERED` in the sum, 0 for those that `ACROSS` does not name. weights: of the logarithms of the
    sum and of the size. threshold: probability from which a file counts as evidence, set by the false-positive rate
    target_rate.
    """

    layer_weights: tuple[float, ...]
    weights: tuple[float, float]
    intercept: float
    threshold: float
    target_rate: float

    def probability(self, bits: Sequence[float], n_tokens: int) -> float:
        """As `Calibration.probability`; 0 for a file that shares nothing, about which there is nothing to judge."""
        _, together, size, *_ = terms_of(bits, self.layer_weights, n_tokens)
        if not together:
            return 0.0
        return _logistic(self.intercept + self.weights[0] * together + self.weights[1] * size)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a candidate file is judged by beside its bits. n_tokens: of its code. family: of its language.
    has_background: whether that has a background model of its own. is_foreign: whether hardly any code of the original
    is in its language."""

    n_tokens: int
    family: str
    has_background: bool
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a file is judged to be. threshold: probability from which it counts as evidence. is_across: whether what it
    shares with files in another language decides."""

    probability: float
    threshold: float
    is_across: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted numbers.

    layer_weights: of `LAYERED` in the sum, 0 for the strongest region. weights: of `TERMS`; intercept. region_bits: of
    one region that hardly any independent file has; with it the probability is at least region_probability, whatever
    the size of the file; function_bits, function_probability: the same of one whole function. thresholds: probability
    from which a file counts as evidence, by language family, set by the false-positive rate target_rate. across: of
    other languages. submissions: models of submissions by population.
    sha256: of the file's bytes.
    """

    id: str
    layer_weights: tuple[float, ...]
    weights: tuple[float, ...]
    region_bits: float
    region_probability: float
    function_bits: float
    function_probability: float
    intercept: float
    thresholds: Mapping[str, float]
    target_rate: float
    across: Across
    submissions: Mapping[str, SubmissionModel]
    sha256: str = ""

    def judge(self, bits: Sequence[float], file: FileFacts) -> Judgement:
        """Judge a file by what it shares with files of its language, and, if it is foreign, by what it shares with
        others.

        bits: as for `probability`. A file without a background model of its own is not judged as foreign. The
        probability is the higher of the two, so that more evidence never lowers it; the threshold is that of the model
        that decides.
        """
        same, own = self.probability(bits, file.n_tokens), self.threshold(file.family, file.has_background)
        if not (file.is_foreign and file.has_background):
            return Judgement(same, own, is_across=False)
        across = self.across.probability(bits, file.n_tokens)
        is_across = same < own and (across >= self.across.threshold or across > same)
        return Judgement(max(same, across), self.across.threshold if is_across else own, is_across)

    def probability(self, bits: Sequence[float], n_tokens: int) -> float:
        """Probability, 0..1, that a file with these bits derives from an original in its language, at even odds
        beforehand.

        bits: in the order of `FEATURES`. n_tokens: of the candidate file.
        """
        terms = terms_of(bits, self.layer_weights, n_tokens)
        x = self.intercept + sum(w * term for w, term in zip(self.weights, terms, strict=True))
        found = _logistic(x)
        if bits[0] >= self.region_bits:
            found = max(found, self.region_probability)
        return max(found, self.function_probability) if bits[_FUNCTION] >= self.function_bits else found

    def threshold(self, family: str, has_background: bool) -> float:
        """The threshold of a language family, or of those like it."""
        return self.thresholds.get(family, self.thresholds[OTHERS if has_background else WITHOUT_BACKGROUND])


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def terms_of(bits: Sequence[float], layer_weights: Sequence[float], n_tokens: int) -> tuple[float, ...]:
    """What the logistic model sees of a file, in the order of `TERMS`. bits: in the order of `FEATURES`."""
    together = sum(w * b for w, b in zip(layer_weights, bits[: len(LAYERED)], strict=True))
    return (
        math.log2(1 + bits[0]),
        math.log2(1 + together),
        math.log2(min(max(1, n_tokens), SIZE_CAP)),
        math.log2(1 + bits[_FUNCTION]),
        min(1.0, bits[_AGREEMENT]),
    )


def _shares(stored: Mapping[str, Any]) -> dict[str, float]:
    return {str(key): _share(value) for key, value in stored.items()}


def _number(value: Any, least: float = -_MOST) -> float:
    if not least <= (number := float(value)) <= _MOST:
        raise ValueError(f"{number} is not between {least:g} and {_MOST:g}")
    return number


def _share(value: Any) -> float:
    if not 0 <= (number := float(value)) <= 1:
        raise ValueError(f"{number} is not between 0 and 1")
    return number


def _across(stored: Mapping[str, Any]) -> Across:
    return Across(
        layer_weights=tuple(_number(stored["layer_weights"].get(name, 0.0), 0) for name in LAYERED),
        weights=(_number(stored["weights"]["sum"]), _number(stored["weights"]["size"])),
        intercept=_number(stored["intercept"]),
        threshold=_share(stored["threshold"]),
        target_rate=_share(stored["target_rate"]),
    )


def _submissions(stored: Mapping[str, Any] | None) -> Mapping[str, SubmissionModel]:
    """Models of submissions by population, those that are shipped where a calibration has none."""
    if stored is None:
        return load_calibration().submissions
    return {name: SubmissionModel.read(name, stored[name]) for name in POPULATIONS}


@cache
def load_calibration(file: Path | None = None) -> Calibration:
    """The shipped calibration, or a team's own; read once a process. Raises InputError when it cannot be read."""
    source = resources.files("simdetect") / "data" / "calibration.json" if file is None else file
    try:
        content = source.read_bytes()
        stored: dict[str, Any] = json.loads(content.decode())
        if stored["format"] not in (FORMAT, *_BEFORE):
            raise ValueError(f"format {stored['format']!r} is not {FORMAT!r}")
        weights = stored["weights"]
        if stored["format"] == _BEFORE[0]:
            weights = {"function": 0.0, "agreement": 0.0, **weights}
        return Calibration(
            id=str(stored["id"]),
            layer_weights=tuple(_number(stored["layer_weights"].get(name, 0.0), 0) for name in LAYERED),
            weights=tuple(_number(weights[name]) for name in TERMS),
            region_bits=_number(stored["region_bits"]),
            region_probability=_share(stored["region_probability"]),
            function_bits=_number(stored.get("function_bits", _MOST)),
            function_probability=_share(stored.get("function_probability", 0.0)),
            intercept=_number(stored["intercept"]),
            thresholds={OTHERS: 1.0, WITHOUT_BACKGROUND: 1.0, **_shares(stored["thresholds"])},
            target_rate=_share(stored["target_rate"]),
            across=_across(stored["across"]),
            submissions=_submissions(stored.get("submissions")),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError(f"calibration {source} cannot be read: {error}") from error
