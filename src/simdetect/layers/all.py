"""All kinds of evidence, one after the other."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from simdetect.layers.ranked import Ranked
from simdetect.layers.regions import Regions
from simdetect.layers.result import Context, LayerResult
from simdetect.matching.comparison import Comparison, Program
from simdetect.matching.layout import lay_out_code, lay_out_originals
from simdetect.model import U8, AnalysedFile, AnalysedTree, TextFile, TokenBits, kinds, sorted_distinct
from simdetect.options import BLACK_BOX, ScanOptions
from simdetect.weighing.background import Background, load_background, token_bits
from simdetect.weighing.boilerplate import boilerplate
from simdetect.weighing.handouts import Handout, index_handouts
from simdetect.weighing.known_spans import known_spans
from simdetect.weighing.known_texts import KnownTexts, known_declarations, load_known_texts
from simdetect.weighing.observable import Observable, with_pages
from simdetect.weighing.public_names import PublicIn, PublicNames, load_public_names, own_families, public_bits
from simdetect.weighing.recognised import recognised
from simdetect.weighing.surprise import join_bits
from simdetect.weighing.wording import Wording, load_wording

Find = Callable[[Comparison, Context], LayerResult]

__all__ = ["LayerResults", "Models", "compare", "find_layers"]


@dataclass(frozen=True, slots=True)
class Models:
    """What everything is weighed by. background: the model of a language family. wording: of words. public: names that
    packages export; left_out: families of them that do not count, beside those that the originals are. texts: files
    that many projects carry."""

    background: Callable[[str], Background]
    wording: Wording
    public: Callable[[], PublicNames] = load_public_names
    left_out: frozenset[str] = frozenset()
    texts: Callable[[], KnownTexts] = load_known_texts

    @classmethod
    def of(cls, options: ScanOptions) -> Models:
        """The models that options name, or those that the package ships. Raises InputError."""
        folder = options.background
        return cls(lambda family: load_background(family, folder), load_wording(folder))


@dataclass(frozen=True, slots=True, eq=False)
class LayerResults:
    """What all kinds of evidence found. comparison: of code. by_kind: results by the name of their module. ranked:
    pairs of files by all of them. unfinished: kinds that were not looked for, or not wholly, at the time limit.
    handouts: what the author of the candidate had."""

    comparison: Comparison
    by_kind: Mapping[str, LayerResult]
    ranked: Ranked
    unfinished: tuple[str, ...] = ()
    handouts: Sequence[Handout] = ()

    @property
    def code(self) -> Regions:
        """Regions of code."""
        found: Regions = self.by_kind["code"].found
        return found


def find_layers(
    candidate: AnalysedTree,
    originals: Sequence[AnalysedTree],
    options: ScanOptions,
    models: Models | None = None,
    handouts: Sequence[Handout] = (),
    observable: Observable | None = None,
    memo: dict[str, Any] | None = None,
    deadline: float = math.inf,
) -> LayerResults:
    """All candidate files against the files of all originals at once.

    models: the default is what the options name. handouts: what the author of the candidate had. observable: what the
    author may have seen of the original's literals. memo: of an earlier call with the same files and options.
    deadline: by `time.monotonic`; kinds that are to be looked for later find nothing.
    """
    models = Models.of(options) if models is None else models
    originals = [tree if tree.own is not None else _recognised(tree, models) for tree in originals]
    public = _public(originals, models)
    memo = {} if memo is None else memo
    if "comparison" not in memo:
        memo["comparison"] = compare(candidate, originals, options, models, public)
    comparison: Comparison = memo["comparison"]
    context = Context(
        options=options,
        handouts=handouts,
        index=index_handouts(handouts),
        documents=_documents(originals),
        background=models.background,
        wording=models.wording,
        public=public,
        observable=observable,
        memo=memo,
        deadline=deadline,
    )
    unfinished = _look(comparison, context)
    return LayerResults(comparison, context.before, context.ranked(), unfinished, handouts)


def _look(comparison: Comparison, context: Context) -> tuple[str, ...]:
    """Look for every kind of evidence. Returns those that are left when the time is over; they find nothing."""
    late: list[str] = context.memo.setdefault("unfinished", [])
    for kind in kinds():
        find: Find = import_module(f"simdetect.layers.{kind}").find
        if time.monotonic() > context.deadline and kind not in late:
            late.append(kind)
        context.before[kind] = find(_without_originals(comparison) if kind in late else comparison, context)
    return tuple(late)


def _without_originals(comparison: Comparison) -> Comparison:
    """The candidate and nothing, with which every kind is done at once."""
    return replace(
        comparison,
        original=Program((), lay_out_originals((), sorted_distinct(comparison.candidate.layout.fingerprint))),
    )


def compare(
    candidate: AnalysedTree,
    originals: Sequence[AnalysedTree],
    options: ScanOptions,
    models: Models,
    public: PublicIn | None = None,
) -> Comparison:
    """Lay both sides out by the tokens of their code, and weigh those of the candidate. public: names that packages
    export, by language family; the default is what models say."""
    public = _public(originals, models) if public is None else public
    layout = lay_out_code(candidate.files)
    sources = zip(candidate.files, candidate.tree.files, strict=True)
    bits = [_weighed(file, source.content, options, models) for file, source in sources]
    taken = [
        public_bits(public(file.family), file.tokens, own) for file, own in zip(candidate.files, bits, strict=True)
    ]
    bits = [replace(own, name=own.name - name) for own, name in zip(bits, taken, strict=True)]
    gap = np.zeros(1)
    is_blind = options.setting == BLACK_BOX
    files = [file for tree in originals for file in (with_pages(tree.files) if is_blind else tree.files)]
    texts, own = models.texts(), {name for tree in originals for name in tree.own or ()}
    other = lay_out_originals(originals, sorted_distinct(layout.fingerprint))
    return Comparison(
        Program(
            files=candidate.files,
            layout=layout,
            role=roles_of(candidate.files),
            bits=join_bits(bits),
            public=np.concatenate([part for own in taken for part in (own, gap)] or [gap[:0]]),
            known=known_spans(texts, candidate.files, own, is_original=False),
            trees=(candidate,),
        ),
        Program(
            files=files,
            layout=other,
            known=known_spans(texts, files, own, is_original=True, only=frozenset(other.postings.file.tolist())),
            trees=originals,
        ),
    )


def _weighed(file: AnalysedFile, content: bytes, options: ScanOptions, models: Models) -> TokenBits:
    """What the tokens of a file are worth, without what anybody writes."""
    bits = token_bits(models.background(file.family), file.tokens, options.k)
    idle, named = boilerplate(file, content, models.wording)
    return TokenBits(
        structure=np.where(idle, 0.0, bits.structure),
        name=np.where(named, 0.0, bits.name),
        is_idiom=bits.is_idiom | idle,
    )


def _recognised(tree: AnalysedTree, models: Models) -> AnalysedTree:
    return recognised(models.texts(), tree, own_families(models.public(), tree))


def _public(originals: Sequence[AnalysedTree], models: Models) -> PublicIn:
    """Names that packages export, but for those that one of the originals is: what is its own is evidence."""
    names = models.public()
    left_out = models.left_out.union(*(own_families(names, tree) for tree in originals))
    of_standards = known_declarations()[0]  # in every language, whoever's header has them
    return cache(lambda family: sorted_distinct(np.concatenate([names.without(left_out, family), of_standards])))


def roles_of(files: Sequence[AnalysedFile]) -> U8:
    """Roles of all tokens of files laid end to end, separators included."""
    separator = np.zeros(1, np.uint8)
    return np.concatenate([part for file in files for part in (file.tokens.role, separator)] or [separator[:0]])


def _documents(originals: Sequence[AnalysedTree]) -> list[TextFile]:
    """Documents of the originals by path, each read once."""
    found = (document for tree in originals for document in tree.tree.documents)
    ordered = sorted(found, key=lambda document: (document.path, document.sha256))
    return [TextFile(document.path, document.content, document.sha256) for document in ordered]
