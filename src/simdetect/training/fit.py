"""Labelled files -> calibration, with scikit-learn. Imported by no scan: only `simdetect calibrate` and the scripts."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from simdetect.errors import InputError
from simdetect.judging.calibration import (
    ACROSS,
    FORMAT,
    OTHERS,
    TERMS,
    WITHOUT_BACKGROUND,
    terms_of,
)
from simdetect.judging.rates import clopper_pearson_upper
from simdetect.model import F64, FEATURES, LAYERED
from simdetect.weighing.limits import FLOOR_BITS, SIZE_CAP

__all__ = [
    "LabelledFile",
    "cross_validate",
    "cross_validate_across",
    "fit",
    "fit_across",
    "limited",
    "shipped_across",
    "threshold_at",
    "thresholds_at",
]

_MAX_FILES_OF_A_PAIR = 60  # a large repository must not outvote the others
_FOLDS = 5
_SIGNS = np.array([1.0, 1.0, -1.0, 1.0, 1.0])  # of the weights of `TERMS`
_FUNCTION = FEATURES.index("function")
_MOST_AGREEMENT = 2.5  # logarithm of the weight of agreement while layers are weighed
_LAYER_RANGE = (-5.0, 1.1)  # logarithms: a bit of a layer is worth at most three of code
# A single long region, or whole function, is evidence however long the file is. What fewer than this part of the
# rate's files have is so.
_REGION_PART = 20
_NO_REGION = 1e9  # bits: where there are too few independent files to say
_SHRINKAGE = 1e-4  # towards the worth of a bit of code, for layers that hardly occur
_ENOUGH_FOR_A_THRESHOLD = 1000  # independent files: at a rate of 0.5 % the threshold then rests on five


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """One candidate file of a labelled pair.

    group: the family of related repositories; all of a group are held out together. language: its language family.
    has_background: whether that has a background model of its own. is_derived: the label. bits: in the order of
    `model.FEATURES`. is_foreign: see `judging.features.are_foreign`.
    """

    pair: str
    group: str
    language: str
    has_background: bool
    path: str
    is_derived: bool
    n_tokens: int
    bits: tuple[float, ...]
    is_foreign: bool = False


def fit(files: Sequence[LabelledFile], target_rate: float = 0.005, **provenance: Any) -> dict[str, Any]:
    """Fit features -> probability and return the calibration as JSON values.

    Thresholds are set on probabilities of independent files that were held out with their families: one for each
    language with enough of them, one for the others that have a background model, one for those that have none. They
    keep the rate both among all files and where a pair has only so many, whichever is stricter.
    Raises InputError when there are too few files of either kind.
    """
    everything, files = files, limited(files)
    held_out = cross_validate(files, target_rate)
    independent = [(file, p) for file, p in zip(files, held_out, strict=True) if not file.is_derived]
    thresholds = thresholds_at(independent, target_rate)
    if len(everything) > len(files):
        all_held_out = cross_validate(everything, target_rate)
        of_all = [(file, p) for file, p in zip(everything, all_held_out, strict=True) if not file.is_derived]
        thresholds = _stricter(thresholds, thresholds_at(of_all, target_rate))
    stored = {
        "format": FORMAT,
        **_numbers(_train(everything, target_rate)),
        "target_rate": target_rate,
        "thresholds": thresholds,
        "n_derived": sum(file.is_derived for file in files),
        "n_independent": len(independent),
        **_nulls(independent),
        **provenance,
    }
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:12]
    return {"id": f"calibration-{digest}", **stored}


def _numbers(model: _Model) -> dict[str, Any]:
    """What was fitted, as a calibration stores it."""
    coefficients = model.logistic.coef_[0]
    return {
        "layer_weights": dict(zip(LAYERED, model.layer_weights, strict=True)),
        "weights": {name: round(float(w), 6) for name, w in zip(TERMS, coefficients, strict=True)},
        "intercept": round(float(model.logistic.intercept_[0]), 6),
        "region_bits": model.region.bits,
        "region_probability": model.region.probability,
        "function_bits": model.function.bits,
        "function_probability": model.function.probability,
    }


def _nulls(independent: Sequence[tuple[LabelledFile, float]]) -> dict[str, Any]:
    """Probabilities of independent files by language, and the highest of each pair, all ascending."""
    null: dict[str, list[float]] = {}
    scans: dict[str, float] = {}
    for file, p in independent:
        null.setdefault(file.language, []).append(round(float(p), 6))
        scans[file.pair] = max(scans.get(file.pair, 0.0), round(float(p), 6))
    return {
        "null": {language: sorted(scores) for language, scores in sorted(null.items())},
        "null_scans": sorted(scans.values()),
    }


def fit_across(files: Sequence[LabelledFile], target_rate: float = 0.01) -> dict[str, Any]:
    """Fit the model for files in another language than the original's, as JSON values. Raises InputError as `fit`."""
    files = limited(files)
    held_out = cross_validate_across(files)
    independent = np.array([p for file, p in zip(files, held_out, strict=True) if not file.is_derived])
    model = _train([_projected(file) for file in files], 0.0)
    by_name = dict(zip(LAYERED, model.layer_weights, strict=True))
    of_term = dict(zip(TERMS, model.logistic.coef_[0], strict=True))
    return {
        "layer_weights": {name: by_name["total" if name == ACROSS[0] else name] for name in ACROSS},
        "weights": {name: round(float(of_term[name]), 6) for name in ("sum", "size")},
        "intercept": round(float(model.logistic.intercept_[0]), 6),
        "target_rate": target_rate,
        "threshold": threshold_at(independent, target_rate),
        "n_derived": sum(file.is_derived for file in files),
        "n_independent": len(independent),
        "null": sorted(round(float(p), 6) for p in independent),
    }


def shipped_across() -> dict[str, Any]:
    """The numbers for other languages as shipped: pairs of a team are in one language."""
    stored = json.loads((resources.files("simdetect") / "data" / "calibration.json").read_text("utf-8"))
    found: dict[str, Any] = stored["across"]
    return found


def cross_validate_across(files: Sequence[LabelledFile]) -> F64:
    """As `cross_validate`, of files in another language than the original's."""
    return cross_validate([_projected(file) for file in files], 0.0)


def _projected(file: LabelledFile) -> LabelledFile:
    """A file by what it shares with another language alone, with the first of `ACROSS` in place of regions of code."""
    bits = dict.fromkeys(FEATURES, 0.0) | {name: file.bits[FEATURES.index(name)] for name in ACROSS[1:]}
    bits["total"] = file.bits[FEATURES.index(ACROSS[0])]
    return replace(file, bits=tuple(bits.values()))


def _stricter(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """The higher of two thresholds; a language without one of its own has that of the others."""
    keys = sorted({*first, *second})
    return {key: max(first.get(key, first[OTHERS]), second.get(key, second[OTHERS])) for key in keys}


def thresholds_at(independent: Sequence[tuple[LabelledFile, float]], rate: float) -> dict[str, float]:
    """Threshold by language family; `OTHERS` and `WITHOUT_BACKGROUND` for those that have none of their own.

    independent: files with the probabilities that models without their families gave them.
    """
    by_key: dict[str, list[float]] = {OTHERS: [], WITHOUT_BACKGROUND: []}
    for file, p in independent:
        by_key.setdefault(file.language, []).append(p)
    own = {key for key, scores in by_key.items() if len(scores) >= _ENOUGH_FOR_A_THRESHOLD}
    for file, p in independent:
        if not file.has_background:
            own.discard(file.language)
            by_key[WITHOUT_BACKGROUND].append(p)
        elif file.language not in own:
            by_key[OTHERS].append(p)
    kept = {OTHERS, WITHOUT_BACKGROUND} | own
    return {key: threshold_at(np.array(scores), rate) for key, scores in sorted(by_key.items()) if key in kept}


def threshold_at(independent: F64, rate: float) -> float:
    """The least probability that at most `rate` of the independent files reach, between two scores."""
    scores = np.sort(independent)[::-1]
    if not len(scores):
        return 1.0
    allowed = int(rate * len(scores))
    above = scores[allowed - 1] if allowed else 1.0
    return round(float((scores[allowed] + above) / 2 if allowed < len(scores) else 0.5), 6)


def cross_validate(files: Sequence[LabelledFile], target_rate: float = 0.005) -> F64:
    """Probability of each file by a model that saw none of its group."""
    groups = [file.group for file in files]
    n_groups = len(set(groups))
    if n_groups < _FOLDS or len({file.is_derived for file in files}) < 2:
        raise InputError(f"calibration needs derived and independent files of at least {_FOLDS} families")
    found = np.zeros(len(files))
    for train, test in GroupKFold(_FOLDS).split(found, groups=groups):
        found[test] = _train([files[i] for i in train], target_rate).predict([files[i] for i in test])
    return found


def limited(files: Sequence[LabelledFile]) -> list[LabelledFile]:
    """At most so many files of a pair, chosen by the hash of their paths."""
    kept: list[LabelledFile] = []
    count: dict[str, int] = {}
    for file in sorted(files, key=lambda f: (f.pair, hashlib.sha256(f.path.encode()).digest())):
        count[file.pair] = count.get(file.pair, 0) + 1
        if count[file.pair] <= _MAX_FILES_OF_A_PAIR:
            kept.append(file)
    return kept


def _terms(files: Sequence[LabelledFile], layer_weights: Sequence[float]) -> F64:
    """What the logistic model sees: (files, 5) float64 in the order of `TERMS`."""
    return np.array([terms_of(file.bits, layer_weights, file.n_tokens) for file in files], np.float64)


@dataclass(frozen=True, slots=True)
class _Single:
    """What one region, or one whole function, says by itself. feature: index into `FEATURES`. bits: from which on.
    probability: at even odds, of files that have one."""

    feature: int
    bits: float
    probability: float

    def raise_to(self, files: Sequence[LabelledFile], found: F64) -> F64:
        """The probabilities of files, no less than what theirs says."""
        is_strong = np.array([file.bits[self.feature] >= self.bits for file in files])
        return np.where(is_strong, np.maximum(found, self.probability), found)


@dataclass(frozen=True, slots=True)
class _Model:
    """Everything that is fitted, see `calibration.Calibration`."""

    layer_weights: tuple[float, ...]
    logistic: LogisticRegression
    region: _Single
    function: _Single

    def predict(self, files: Sequence[LabelledFile]) -> F64:
        """Probability of each file."""
        found: F64 = self.logistic.predict_proba(_terms(files, self.layer_weights))[:, 1]
        return self.function.raise_to(files, self.region.raise_to(files, found))


def _train(files: Sequence[LabelledFile], target_rate: float) -> _Model:
    """Weights of layers in the sum, logistic regression at even odds with it, and what one region says by itself.

    No layer weighs less than 0 and size never helps: otherwise evidence would exonerate.
    """
    own = limited(files)
    layer_weights = _layer_weights(own)
    x, y = _terms(own, layer_weights), np.array([file.is_derived for file in own])
    while True:
        logistic = LogisticRegression(class_weight="balanced", C=1.0, max_iter=500).fit(x, y)
        wrong = logistic.coef_[0] * _SIGNS < 0
        if not wrong.any():
            singles = (_single(files, feature, target_rate / _REGION_PART) for feature in (0, _FUNCTION))
            return _Model(layer_weights, logistic, *singles)
        x[:, wrong] = 0.0


def _single(files: Sequence[LabelledFile], feature: int, rate: float) -> _Single:
    """Bits of one region, or function, that at most `rate` of the independent files have, and the probability of files
    that have one: by the share of derived files, and the upper bound of that of independent ones."""
    independent = np.array([file.bits[feature] for file in files if not file.is_derived])
    derived = np.array([file.bits[feature] for file in files if file.is_derived])
    if rate * len(independent) < 1 or not derived.any():
        return _Single(feature, _NO_REGION, 0.0)
    bits = math.ceil(max(FLOOR_BITS, threshold_at(independent, rate)))
    upper = clopper_pearson_upper(int(np.sum(independent >= bits)), len(independent))
    share = float(np.mean(derived >= bits))
    return _Single(feature, float(bits), round(share / (share + upper), 6))


def _layer_weights(files: Sequence[LabelledFile]) -> tuple[float, ...]:
    """What a bit of each layer is worth beside one of code: those of least balanced log loss, by quasi-Newton steps."""
    bits = np.array([file.bits[: len(LAYERED)] for file in files], np.float64)
    apart = np.array([terms_of(file.bits, [0.0] * len(LAYERED), 1)[3:] for file in files], np.float64)
    strongest = np.log2(1 + bits[:, 0])
    size = np.log2(np.clip([file.n_tokens for file in files], 1, SIZE_CAP))
    is_derived = np.array([file.is_derived for file in files])
    sign = np.where(is_derived, 1.0, -1.0)
    n_derived = int(is_derived.sum())
    share = np.where(is_derived, 0.5 / max(1, n_derived), 0.5 / max(1, len(files) - n_derived))

    def loss(t: F64) -> float:
        together = np.log2(1 + bits[:, 1] + bits[:, 2:] @ np.exp(t[6:]))
        odds = t[0] + np.exp(t[1]) * strongest + np.exp(t[2]) * together - np.exp(t[3]) * size + apart @ np.exp(t[4:6])
        return float(np.sum(share * np.logaddexp(0, -sign * odds)) + _SHRINKAGE * np.sum(t[6:] ** 2))

    n_layers = bits.shape[1] - 2
    start = np.array([-9.0, -1.0, 0.0, -1.0, -1.0, 1.0, *[0.0] * n_layers])
    bounds = [(-30.0, 5.0), (-6.0, 2.0), (-6.0, 2.0), (-6.0, 1.0), (-6.0, 2.0), (-6.0, _MOST_AGREEMENT)]
    bounds += [_LAYER_RANGE] * n_layers
    best = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return (0.0, 1.0, *(round(float(np.exp(t)), 4) for t in best.x[6:]))
