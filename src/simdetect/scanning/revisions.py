"""Several revisions of one original are one family: the best of them is what a candidate is compared with.

A model recalls a version that was popular, not the commit that somebody pinned, so several may have to be tried. Laid
beside each other they would be several chances for one program. So the candidate is compared with each of them alone,
and only the one that agrees most stands in the report and beside originals of other families.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from simdetect.model import AnalysedTree, Revision, ScanReport, Verdict
from simdetect.scanning.clock import Clock
from simdetect.scanning.compare import Terms, compared, handouts_for, inputs_of

__all__ = ["best_of_families", "families_of"]

_RANK: Final = {Verdict.NO_EVIDENCE: 0, Verdict.INCONCLUSIVE: 1, Verdict.EVIDENCE: 2}


@dataclass(frozen=True, slots=True, eq=False)
class _Best:
    """The best revision of a family. report: of it alone, None where it has no other revisions. all: what each of them
    comes to."""

    tree: AnalysedTree
    report: ScanReport | None = None
    all: tuple[Revision, ...] = ()


def families_of(trees: Sequence[AnalysedTree], *, is_one: bool = False) -> list[list[AnalysedTree]]:
    """Trees that are revisions of one program together: those of one place of one repository, or with the same files.
    is_one: somebody says that all of them are."""
    families: list[list[AnalysedTree]] = []
    for tree in trees:
        own = next((known for known in families if is_one or any(_are_revisions(tree, one) for one in known)), None)
        if own is None:
            families.append([tree])
        else:
            own.append(tree)
    return families


def _are_revisions(one: AnalysedTree, two: AnalysedTree) -> bool:
    return one.tree.digest == two.tree.digest or bool(one.tree.family and one.tree.family == two.tree.family)


def best_of_families(
    terms: Terms, candidate: AnalysedTree, families: Sequence[Sequence[AnalysedTree]], clock: Clock
) -> tuple[ScanReport, list[AnalysedTree]]:
    """The report against the best revision of each family, and which these are."""
    best = [_best(terms, candidate, family, clock) for family in families]
    trees = [one.tree for one in best]
    only = best[0].report if len(best) == 1 else None
    report = only or _report(terms, candidate, trees, clock)
    revisions = tuple(replace(own, source=source) for source, one in enumerate(best) for own in one.all)
    return _with_revisions(report, revisions) if revisions else report, trees


def _best(terms: Terms, candidate: AnalysedTree, family: Sequence[AnalysedTree], clock: Clock) -> _Best:
    if len(family) == 1:
        return _Best(family[0])
    report = _report(terms, candidate, [family[0]], clock)
    chosen, revisions = 0, [_revision(report)]
    for number, tree in enumerate(family[1:], 1):
        own = _report(terms, candidate, [tree], clock)
        revisions.append(_revision(own))
        if _strength(own) > _strength(report):
            chosen, report = number, own
    revisions[chosen] = replace(revisions[chosen], is_best=True)
    return _Best(family[chosen], report, tuple(revisions))


def _report(terms: Terms, candidate: AnalysedTree, originals: Sequence[AnalysedTree], clock: Clock) -> ScanReport:
    inputs = inputs_of(terms, candidate, originals)
    handouts = handouts_for(terms, inputs)
    clock.lap("given")
    return compared(terms, inputs, handouts, clock)


def _strength(report: ScanReport) -> tuple[bool, int, float, float]:
    """How much a revision says, to be compared: one without code says nothing, whatever its verdict."""
    summary = report.summary
    has_code = any(original.n_tokens for original in report.originals)
    ratio = summary.log10_likelihood_ratio
    return has_code, _RANK[summary.verdict], -99.0 if ratio is None else ratio, summary.bits or 0.0


def _revision(report: ScanReport) -> Revision:
    (original,), summary = report.originals, report.summary
    return Revision(0, original.label, original.digest, False, summary.verdict, summary.probability, summary.bits)


def _with_revisions(report: ScanReport, revisions: tuple[Revision, ...]) -> ScanReport:
    words = "".join(
        f" Of {sum(own.source == best.source for own in revisions)} revisions of one original {best.label} agrees most."
        for best in revisions
        if best.is_best
    )
    summary = replace(report.summary, reason=report.summary.reason + words)
    return replace(report, summary=summary, revisions=revisions)
