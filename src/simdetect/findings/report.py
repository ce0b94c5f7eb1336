"""What was judged -> ScanReport: the last step of a scan. Objects are made here and nowhere earlier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from simdetect import __version__
from simdetect.findings.finding import findings
from simdetect.findings.listing import Listing
from simdetect.findings.warnings import warnings
from simdetect.judging.hidden_code import unread
from simdetect.judging.judged import Judged
from simdetect.judging.likelihood import grade_of
from simdetect.judging.summary import ScanJudgement, judge_scan
from simdetect.judging.verdict import some
from simdetect.languages import LANGUAGES
from simdetect.languages.grammar import grammar_version
from simdetect.model import (
    AnalysedTree,
    InputSummary,
    Observed,
    ObservedSummary,
    ScanReport,
    Side,
    SkippedEntry,
    Summary,
    TextFile,
    TextSource,
    Verdict,
)
from simdetect.weighing.wording import load_wording

__all__ = ["Inputs", "WhatIf", "hidden_code", "make_report", "summary_of", "verdict_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What was scanned, and what was handed out. assumed: documents of the originals that the candidate has byte for
    byte, taken as given although nobody named them. observed: what the author saw. documents: of the originals, known
    to be handed out."""

    candidate: AnalysedTree
    originals: Sequence[AnalysedTree]
    given: Sequence[AnalysedTree]
    base: Sequence[AnalysedTree]
    assumed: Sequence[TextFile]
    observed: Sequence[Observed] = ()
    documents: Sequence[TextFile] = ()

    def sides(self) -> list[tuple[Side, Sequence[AnalysedTree]]]:
        """All trees by the side that they stand on."""
        return [
            (Side.CANDIDATE, [self.candidate]),
            (Side.ORIGINAL, self.originals),
            (Side.GIVEN, self.given),
            (Side.BASE, self.base),
        ]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The verdict under other assumptions, None where there is nothing to assume. without_session: if recorded
    sessions were not believed. without_assumed: if documents that nobody named had not been handed out."""

    without_session: Verdict | None = None
    without_assumed: Verdict | None = None


def verdict_of(judged: Judged, hidden: Mapping[str, int]) -> Verdict:
    """What a scan comes to, whatever the report says beside it."""
    return judge_scan(judged, hidden, ()).verdict


def make_report(inputs: Inputs, judged: Judged, hidden: Mapping[str, int], what_if: WhatIf) -> ScanReport:
    """Build the report. hidden: see `hidden_code`."""
    scan = judge_scan(judged, hidden, [document.path for document in inputs.assumed], what_if.without_assumed)
    listing = Listing(judged.results, load_wording(judged.options.background))
    notes = (note for tree in inputs.originals for note in tree.notes)
    return ScanReport(
        tool=_tool(judged),
        candidate=summary_of(inputs.candidate),
        originals=tuple(map(summary_of, inputs.originals)),
        given=tuple(map(summary_of, inputs.given)),
        base=tuple(map(summary_of, inputs.base)),
        observed=tuple(map(_observed, inputs.observed)),
        elsewhere=(),
        settings=judged.options.settings(),
        summary=_summary(judged, scan, what_if, inputs.observed),
        findings=findings(judged, listing),
        skipped=tuple(_skipped(inputs)),
        warnings=(*warnings(judged, hidden), *notes),
    )


def hidden_code(inputs: Inputs) -> Mapping[str, int]:
    """Bytes of code of the candidate that were not read as code, by file."""
    candidate = inputs.candidate
    known = {text.sha256 for tree in inputs.originals for text in tree.tree.documents}
    documents = [text for text in candidate.tree.documents if text.sha256 not in known]
    return unread(candidate.tree.files, candidate.files, documents)


def _tool(judged: Judged) -> Mapping[str, object]:
    candidate, original = judged.results.comparison.candidate, judged.results.comparison.original
    used = sorted({file.language for file in (*candidate.files, *original.files)} & LANGUAGES.keys())
    grammars = {name: version for name in used if (version := grammar_version(LANGUAGES[name])) is not None}
    backgrounds = {family: judged.background(family) for family in sorted({file.family for file in candidate.files})}
    models = {
        "background": {family: {"id": model.id, "sha256": model.sha256} for family, model in backgrounds.items()},
        "calibration": {"id": judged.calibration.id, "sha256": judged.calibration.sha256},
    }
    return {"name": "simdetect", "version": __version__, "grammars": grammars, "models": models}


def summary_of(tree: AnalysedTree) -> InputSummary:
    """One input, as a report lists it."""
    found = tree.tree
    return InputSummary(
        label=PurePath(found.label).name or found.label,
        digest=found.digest,
        n_files=len(found.files),
        n_discovered=found.n_discovered,
        n_tokens=sum(file.n_tokens for file in tree.files),
        languages=dict(sorted(Counter(file.language for file in found.files).items())),
    )


def _observed(observed: Observed) -> ObservedSummary:
    return ObservedSummary(
        label=observed.label,
        digest=observed.digest,
        n_sessions=len(observed.sessions),
        n_texts=len(observed.texts),
        n_clean=sum(session.n_outputs(TextSource.EXECUTABLE) for session in observed.sessions),
        n_mixed=sum(session.n_outputs(TextSource.MIXED) for session in observed.sessions),
    )


def _session_words(scan: ScanJudgement, what_if: WhatIf, inputs: Sequence[Observed]) -> str:
    """That the verdict rests on sessions, which come from whoever submitted the candidate."""
    if what_if.without_session in (None, scan.verdict):
        return ""
    named = [f"{item.label} (sha256 {item.digest[:16]})" for item in inputs if item.sessions]
    verdict = str(what_if.without_session).replace("-", " ")
    return f" Without the recorded session {some(named)} the verdict would be: {verdict}."


def _summary(judged: Judged, scan: ScanJudgement, what_if: WhatIf, observed: Sequence[Observed]) -> Summary:
    layer_bits = {layer: float(bits.sum()) for layer, bits in judged.layer_bits.items()}
    return Summary(
        verdict=scan.verdict,
        reason=scan.reason + _session_words(scan, what_if, observed),
        without_session=what_if.without_session,
        probability=scan.probability,
        bits=sum(layer_bits.values()),
        layer_bits=layer_bits,
        false_positive_rate=scan.rate,
        n_flagged_files=scan.n_flagged,
        candidate_tokens=scan.n_tokens,
        matched_tokens=scan.matched,
        candidate_coverage=scan.candidate_coverage,
        original_coverage=scan.original_coverage,
        longest_match=scan.longest_match,
        analysed_share=scan.analysed_share,
        minimum_detectable_tokens=judged.options.minimum_detectable_tokens,
        n_common_hashes=judged.results.code.table.n_common_hashes,
        log10_likelihood_ratio=scan.ratio,
        likelihood_grade="" if scan.ratio is None else grade_of(scan.ratio),
        population=scan.population,
        threshold=scan.threshold,
        threshold_rate=replace(scan.threshold_rate, scores=()),
    )


def _skipped(inputs: Inputs) -> Iterator[SkippedEntry]:
    for side, trees in inputs.sides():
        for source, tree in enumerate(trees):
            for file in tree.tree.skipped:
                yield SkippedEntry(side, source, file.path, file.reason, file.detail)
    for source, observed in enumerate(inputs.observed):
        for file in observed.unread:
            yield SkippedEntry(Side.OBSERVED, source, file.path, file.reason, file.detail)
