"""Labelled files -> calibration, with scikit-learn. Imported by no scan: only `simdetect calibrate` and the scripts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from simdetect.calibration import FORMAT, OTHERS, WITHOUT_BACKGROUND, features_of
from simdetect.errors import InputError
from simdetect.model import F64

__all__ = ["LabelledFile", "cross_validate", "fit", "limited", "threshold_at", "thresholds_at"]

_MAX_FILES_OF_A_PAIR = 60  # a large repository must not outvote the others
_FOLDS = 5
_ENOUGH_FOR_A_THRESHOLD = 1000  # independent files: at a rate of 0.5 % the threshold then rests on five


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """One candidate file of a labelled pair.

    group: the family of related repositories; all of a group are held out together. language: its language family.
    has_background: whether that has a background model of its own. is_derived: the label. strongest, total: bits,
    see `score.FileFeatures`.
    """

    pair: str
    group: str
    language: str
    has_background: bool
    path: str
    is_derived: bool
    n_tokens: int
    strongest: float
    total: float


def fit(files: Sequence[LabelledFile], target_rate: float = 0.005, **provenance: Any) -> dict[str, Any]:
    """Fit features -> probability and return the calibration as JSON values.

    Thresholds are set on probabilities of independent files that were held out with their families: one for each
    language with enough of them, one for the others that have a background model, one for those that have none.
    Raises InputError when there are too few files of either kind.
    """
    files = limited(files)
    held_out = cross_validate(files)
    independent = [(file, p) for file, p in zip(files, held_out, strict=True) if not file.is_derived]
    model = _train(files)
    weights, intercept = [float(w) for w in model.coef_[0]], float(model.intercept_[0])
    null: dict[str, list[float]] = {}
    scans: dict[str, float] = {}
    for file, p in independent:
        null.setdefault(file.language, []).append(round(float(p), 6))
        scans[file.pair] = max(scans.get(file.pair, 0.0), round(float(p), 6))
    stored = {
        "format": FORMAT,
        "weights": [round(w, 6) for w in weights],
        "intercept": round(intercept, 6),
        "target_rate": target_rate,
        "thresholds": thresholds_at(independent, target_rate),
        "n_derived": sum(file.is_derived for file in files),
        "n_independent": len(independent),
        "null": {language: sorted(scores) for language, scores in sorted(null.items())},
        "null_scans": sorted(scans.values()),
        **provenance,
    }
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:12]
    return {"id": f"calibration-{digest}", **stored}


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


def cross_validate(files: Sequence[LabelledFile]) -> F64:
    """Probability of each file by a model that saw none of its group."""
    groups = [file.group for file in files]
    n_groups = len(set(groups))
    if n_groups < _FOLDS or len({file.is_derived for file in files}) < 2:
        raise InputError(f"calibration needs derived and independent files of at least {_FOLDS} families")
    found = np.zeros(len(files))
    x = _features(files)
    for train, test in GroupKFold(_FOLDS).split(x, groups=groups):
        model = _train([files[i] for i in train])
        found[test] = model.predict_proba(x[test])[:, 1]
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


def _features(files: Sequence[LabelledFile]) -> F64:
    return np.array([features_of(file.strongest, file.total) for file in files], np.float64)


def _train(files: Sequence[LabelledFile]) -> LogisticRegression:
    """Logistic regression at even odds, weights of at least 0: a negative one would make evidence exonerate."""
    x, y = _features(files), np.array([file.is_derived for file in files])
    model = LogisticRegression(class_weight="balanced", C=1.0).fit(x, y)
    for column in np.flatnonzero(model.coef_[0] < 0):
        x[:, column] = 0.0
    return LogisticRegression(class_weight="balanced", C=1.0).fit(x, y) if (model.coef_[0] < 0).any() else model
