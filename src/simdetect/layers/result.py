"""What one kind of evidence is asked with, and what it answers: the contract of every module in this folder.

A module has `find(comparison, context) -> LayerResult`. What it needs of another kind it takes from `context.before`,
never by import.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simdetect.layers.ranked import FilePairs, Ranked, rank
from simdetect.model import F64, Layer, TextFile
from simdetect.options import ScanOptions
from simdetect.weighing.background import Background
from simdetect.weighing.handouts import Handout, HandoutIndex
from simdetect.weighing.observable import Observable
from simdetect.weighing.public_names import PublicIn, no_names
from simdetect.weighing.wording import Wording

__all__ = ["Context", "LayerResult"]


@dataclass(frozen=True, slots=True, eq=False)
class LayerResult:
    """What one kind of evidence found.

    found: its rows, their bits and exclusions; what makes a piece of evidence of a row knows their type. pairs: bits by
    pair of files. features: (files,) float64 of candidate files by name of the feature; untested: the same without the
    test files of the original. bits: (files,) float64, what it adds to a file by layer.
    """

    found: Any
    pairs: FilePairs
    features: Mapping[str, F64]
    untested: Mapping[str, F64]
    bits: Mapping[Layer, F64]


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What kinds of evidence are weighed by, and what those before found.

    handouts: what the author of the candidate had, and their index. observable: what the author may have seen of the
    original's literals, None where that plays no part. documents: of the originals, by path: what they mention is
    public. background: the model of a language family. public: names that packages export, by language family. before:
    results by the name of their module. deadline: when to stop, by `time.monotonic`.
    """

    options: ScanOptions
    handouts: Sequence[Handout]
    index: HandoutIndex
    documents: Sequence[TextFile]
    background: Callable[[str], Background]
    wording: Wording
    public: PublicIn = no_names
    observable: Observable | None = None
    before: dict[str, LayerResult] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)
    deadline: float = math.inf

    def ranked(self) -> Ranked:
        """Pairs of files by all that was found so far."""
        return rank([result.pairs for result in self.before.values()])
