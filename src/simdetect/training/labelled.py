"""Labelled pairs of repositories -> labelled files and a calibration: `simdetect calibrate`, and scripts/evaluate.py.

Loads scikit-learn, so no scan imports it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from simdetect.errors import InputError
from simdetect.judging.features import are_foreign, bits_by_layer, file_features
from simdetect.layers.all import LayerResults, Models, find_layers
from simdetect.matching.comparison import Program
from simdetect.model import F64, AnalysedTree, Bool, FileRole, Layer
from simdetect.options import ScanOptions
from simdetect.scanning.forms import formed
from simdetect.scanning.scanner import Scanner
from simdetect.training.fit import LabelledFile, fit, shipped_across
from simdetect.training.pairs import FOREIGN, Pair, Repository, families_of, folder_of, in_background, read_pairs
from simdetect.weighing.background import Background

__all__ = [
    "MIN_TOKENS",
    "SCORED",
    "Calibrated",
    "Row",
    "SkippedPair",
    "Workplace",
    "calibrate",
    "label",
    "sub_tree",
]

MIN_TOKENS = 100  # shorter files are not labelled: a verdict on them would be inconclusive anyway
SCORED = ("independent", "derived")  # relations that a calibration is fitted on
_NEGATIVE = ("independent", "llm", FOREIGN)  # of which no file is known to derive
_NEVER_COUNT = (FileRole.VENDORED, FileRole.GENERATED)
_MOST_SPANS = 3
_MOST_NOTES = 5  # in an error, which is one line


@dataclass(frozen=True, slots=True)
class SkippedPair:
    """A pair that was not used, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate file with its label and what matching found. is_top1: whether the first-ranked original is a known
    one; None for negatives and without any match. spans: its layers and heaviest regions, for a person to read."""

    file: LabelledFile
    relation: str
    language: str
    is_top1: bool | None
    spans: list[str]
    note: str


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration as JSON values, and sentences about what it rests on."""

    calibration: dict[str, Any]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where and how pairs are looked at.

    work: folders of repositories, see `folder_of`. analysed: folder -> tree. models: the families of a pair -> its
    background models. family: repository -> family. seen: repositories the background knows, whose pairs are left out.
    relations: of pairs to label; of `ported` ones the known files, of `llm` ones all, of `foreign` ones those in a
    language that the original does not have.
    """

    work: Sequence[Path]
    analysed: Callable[[Path], AnalysedTree]
    models: Callable[[frozenset[str]], Models]
    family: Mapping[str, str]
    seen: Set[str] = frozenset()
    relations: Sequence[str] = SCORED


def label(pairs: Sequence[Pair], place: Workplace) -> Iterator[Row | SkippedPair]:
    """Labelled files of every pair that can be used, and what could not."""
    for pair in pairs:
        reason = _why_not(pair, place)
        rows = () if reason else tuple(_rows(pair, place))
        if not rows:
            yield SkippedPair(pair.id, reason or f"no labelled file has {MIN_TOKENS} tokens or more")
        yield from rows


def _why_not(pair: Pair, place: Workplace) -> str | None:
    sides = (pair.candidate, pair.original)
    if pair.relation not in place.relations:
        return f"not scored: other language or unlabelled ({pair.relation})"
    if pair.relation == "independent" and "CHECK" in pair.note:
        return "the note says CHECK: known to hold real copies"
    known = sorted({side.repository for side in sides if side.repository.removeprefix("github:") in place.seen})
    if known:
        return f"the background model has seen {', '.join(known)}"
    missing = sorted({side.repository for side in sides if folder_of(side, place.work) is None})
    return f"no folder of {', '.join(missing)}" if missing else None


def _rows(pair: Pair, place: Workplace) -> Iterator[Row]:
    candidate, original = (_side(side, place) for side in (pair.candidate, pair.original))
    families = [place.family.get(side.repository, side.repository) for side in (pair.candidate, pair.original)]
    models = place.models(frozenset(families))
    found = _Found.of(find_layers(candidate, [original], ScanOptions(), models))
    role = {file.path: file.role for file in original.files}
    native = {file.family for file in original.files} if pair.relation == FOREIGN else frozenset()
    for i, file in enumerate(candidate.files):
        is_long = len(file.tokens) >= MIN_TOKENS
        if is_long and file.family not in native and _is_labelled(pair, file.path, role):
            yield _row(pair, i, families[0], found, models.background)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What was found between two repositories, as numbers of candidate files."""

    results: LayerResults
    features: F64
    layer_bits: Mapping[Layer, F64]
    is_foreign: Bool

    @classmethod
    def of(cls, results: LayerResults) -> _Found:
        return cls(results, file_features(results), bits_by_layer(results), are_foreign(results))


def _side(side: Repository, place: Workplace) -> AnalysedTree:
    folder = folder_of(side, place.work)
    if folder is None:
        raise InputError(f"no folder of {side.repository}")
    return sub_tree(place.analysed(folder), side.path)


def _is_labelled(pair: Pair, path: str, role: Mapping[str, FileRole]) -> bool:
    """All files of a candidate none of whose files is known to derive; of another one those with a known original that
    may count at all: not a vendored or generated file, nor one that is not there. role: of the original's files."""
    if path in pair.shared or pair.relation in _NEGATIVE:
        return path not in pair.shared
    return any(original in role and role[original] not in _NEVER_COUNT for original in pair.known.get(path, ()))


def _row(pair: Pair, index: int, group: str, found: _Found, background: Callable[[str], Background]) -> Row:
    comparison, ranked = found.results.comparison, found.results.ranked
    file, is_derived = comparison.candidate.files[index], pair.relation not in _NEGATIVE
    low, high = np.searchsorted(ranked.candidate_file, [index, index + 1]).tolist()
    best = comparison.original.files[int(ranked.original_file[low])].path if high > low else None
    labelled = LabelledFile(
        pair=pair.id,
        group=group,
        language=file.family,
        has_background=background(file.family).family == file.family,
        path=file.path,
        is_derived=is_derived,
        n_tokens=len(file.tokens),
        bits=tuple(round(float(bits), 3) for bits in found.features[index]),
        is_foreign=bool(found.is_foreign[index]),
    )
    is_top1 = best in pair.known[file.path] if is_derived and best is not None else None
    return Row(labelled, pair.relation, pair.candidate.language, is_top1, _spans(found, index), pair.note)


def _spans(found: _Found, index: int) -> list[str]:
    """Bits by layer and the heaviest counted regions of a file, for a person to read."""
    code, comparison = found.results.code, found.results.comparison
    rows = code.selection.counted
    layers = ((layer, float(bits[index])) for layer, bits in found.layer_bits.items())
    said = [", ".join(f"{layer} {bits:.0f}" for layer, bits in layers if bits)]
    for row in rows[code.table.candidate_file[rows] == index][:_MOST_SPANS].tolist():
        original = int(code.table.original_file[row])
        line = _line(comparison.candidate, index, int(code.table.candidate_start[row]))
        other = _line(comparison.original, original, int(code.table.original_start[row]))
        bits = f"{code.alone.total[row]:.0f} bits, {code.table.n_equal[row]} tokens"
        said.append(f"{bits}: line {line} ~ {comparison.original.files[original].path}:{other}")
    return said


def _line(program: Program, file: int, token: int) -> int:
    return program.sources[file].content.count(b"\n", 0, int(program.files[file].tokens.start[token])) + 1


def sub_tree(tree: AnalysedTree, path: str) -> AnalysedTree:
    """The part of a tree under a folder, with paths relative to it."""
    prefix = path.strip("/").removeprefix(".").strip("/")
    if not prefix:
        return tree
    inside = [i for i, file in enumerate(tree.files) if file.path.startswith(prefix + "/")]
    cut = len(prefix) + 1
    return AnalysedTree(
        replace(tree.tree, files=tuple(replace(tree.tree.files[i], path=tree.files[i].path[cut:]) for i in inside)),
        tuple(replace(tree.files[i], path=tree.files[i].path[cut:]) for i in inside),
    )


def calibrate(
    files: Sequence[Path],
    work: Sequence[Path],
    options: ScanOptions | None = None,
    target_rate: float = 0.005,
    progress: Callable[[str], None] | None = None,
) -> Calibrated:
    """Fit a calibration to a team's own labelled pairs, with the background that the options name.

    files: pairs as JSON lines. work: folders that hold the repositories. target_rate: share of independent files that
    thresholds let through. progress: called with the id of each pair when it is done.
    Raises InputError: pairs or models cannot be read, or too few can be used.
    """
    options = options or ScanOptions()
    pairs = read_pairs(files)
    models = Models.of(options)
    found: list[Row | SkippedPair] = []
    with Scanner(options) as scanner:
        analysed = lru_cache(maxsize=4)(
            lambda folder: formed(scanner.index(folder), math.inf)
        )  # parts of it lose its maker
        place = Workplace(work, analysed, lambda _: models, families_of(pairs), in_background(options.background))
        for item in label(pairs, place):
            if progress is not None and (not found or _name(found[-1]) != _name(item)):
                progress(_name(item))
            found.append(item)
    rows = [item for item in found if isinstance(item, Row)]
    skipped = [item for item in found if isinstance(item, SkippedPair)]
    try:
        fitted = fit([row.file for row in rows], target_rate, across=shipped_across(), **_provenance(rows, models))
    except InputError as error:
        raise InputError(f"{error}; {_shortened(list(_notes(rows, skipped)))}") from error
    return Calibrated(fitted, tuple(_notes(rows, skipped)))


def _name(item: Row | SkippedPair) -> str:
    return item.id if isinstance(item, SkippedPair) else item.file.pair


def _shortened(notes: Sequence[str]) -> str:
    more = f"; and {len(notes) - _MOST_NOTES} more" if len(notes) > _MOST_NOTES else ""
    return "; ".join(notes[:_MOST_NOTES]) + more


def _provenance(rows: Sequence[Row], models: Models) -> dict[str, Any]:
    languages = sorted({row.file.language for row in rows})
    return {
        "pairs": sorted({row.file.pair for row in rows}),
        "background": {language: models.background(language).id for language in languages},
    }


def _notes(rows: Sequence[Row], skipped: Sequence[SkippedPair]) -> Iterator[str]:
    """What was used, by kind, and what was not, by reason."""
    for relation in SCORED:
        own = [row for row in rows if row.relation == relation]
        languages = Counter(row.language for row in own)
        by = ", ".join(f"{language} {n}" for language, n in sorted(languages.items()))
        yield f"{relation}: {len(own)} files of {len({row.file.pair for row in own})} pairs" + (
            f" ({by})" if by else ""
        )
    for item in skipped:
        yield f"skipped {item.id}: {item.reason}"
