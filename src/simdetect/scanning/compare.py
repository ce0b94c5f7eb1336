"""One candidate and its originals, both analysed -> a report: what was handed out, weighed, judged, described."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from simdetect.findings.report import Inputs, hidden_code, make_report
from simdetect.judging.calibration import Calibration
from simdetect.model import AnalysedTree, Observed, ScanReport
from simdetect.options import ScanOptions
from simdetect.scanning.analyser import Analyser
from simdetect.scanning.clock import Clock
from simdetect.scanning.handouts import Handouts, make_handouts
from simdetect.scanning.inputs import documents_by_digest, unnamed_documents
from simdetect.scanning.weigher import Weigher

__all__ = ["Handed", "Read", "Terms", "compared", "handouts_for", "inputs_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What the author of a candidate had, as it was read. documents: digests of those of the originals."""

    given: Sequence[AnalysedTree] = ()
    base: Sequence[AnalysedTree] = ()
    observed: Sequence[Observed] = ()
    documents: Collection[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What is the same whatever is compared. options: of comparing and reporting; those of reading are the analyser's.
    deadline: on the clock of `time.monotonic`."""

    analyser: Analyser
    options: ScanOptions
    calibration: Calibration
    handed: Handed
    deadline: float


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Everything that a scan compares. families: originals, revisions of one program together."""

    terms: Terms
    candidate: AnalysedTree
    families: Sequence[Sequence[AnalysedTree]]


def inputs_of(terms: Terms, candidate: AnalysedTree, originals: Sequence[AnalysedTree]) -> Inputs:
    """Both sides, and what the author had."""
    handed = terms.handed
    return Inputs(
        candidate=candidate,
        originals=originals,
        given=handed.given,
        base=handed.base,
        assumed=unnamed_documents(candidate, originals, [*handed.given, *handed.base], handed.documents),
        observed=handed.observed,
        documents=documents_by_digest(originals, handed.documents),
    )


def handouts_for(terms: Terms, inputs: Inputs) -> Handouts:
    """What the author had, as text and as code in the languages of both sides."""
    return make_handouts(inputs, terms.analyser, terms.deadline)


def compared(terms: Terms, inputs: Inputs, handouts: Handouts, clock: Clock | None = None) -> ScanReport:
    """The report of one comparison. clock: told how long its steps take."""
    clock = clock or Clock()
    weigher = Weigher(inputs, handouts, terms.options, terms.calibration, deadline=terms.deadline)
    judged = weigher.judged()
    clock.lap("match")
    hidden = hidden_code(inputs)
    report = make_report(inputs, judged, hidden, weigher.what_if(judged, hidden))
    clock.lap("report")
    return report
