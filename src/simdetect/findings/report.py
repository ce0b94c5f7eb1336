"""What was judged -> ScanReport: the last step of a scan. Objects are made here and nowhere earlier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from simdetect import __version__
from simdetect.findings.finding import findings
from simdetect.findings.listing import Listing
from simdetect.findings.warnings import warnings
from simdetect.judging.hidden_code import unread
from simdetect.judging.judged import Judged
from simdetect.judging.summary import ScanJudgement, judge_scan
from simdetect.languages import LANGUAGES
from simdetect.languages.grammar import grammar_version
from simdetect.model import AnalysedTree, InputSummary, ScanReport, Side, SkippedEntry, Summary, TextFile
from simdetect.weighing.wording import load_wording

__all__ = ["Inputs", "make_report"]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What was scanned, and what was handed out. assumed: documents of the originals that the candidate has byte for
    byte, taken as given although nobody named them."""

    candidate: AnalysedTree
    originals: Sequence[AnalysedTree]
    given: Sequence[AnalysedTree]
    base: Sequence[AnalysedTree]
    assumed: Sequence[TextFile]

    def sides(self) -> list[tuple[Side, Sequence[AnalysedTree]]]:
        """All trees by the side that they stand on."""
        return [
            (Side.CANDIDATE, [self.candidate]),
            (Side.ORIGINAL, self.originals),
            (Side.GIVEN, self.given),
            (Side.BASE, self.base),
        ]


def make_report(inputs: Inputs, judged: Judged) -> ScanReport:
    """Build the report."""
    hidden = _hidden(inputs)
    listing = Listing(judged.results, load_wording(judged.options.background))
    notes = (note for tree in inputs.originals for note in tree.notes)
    return ScanReport(
        tool=_tool(judged),
        candidate=_input(inputs.candidate),
        originals=tuple(map(_input, inputs.originals)),
        given=tuple(map(_input, inputs.given)),
        base=tuple(map(_input, inputs.base)),
        settings=judged.options.settings(),
        summary=_summary(judged, judge_scan(judged, hidden, [document.path for document in inputs.assumed])),
        findings=findings(judged, listing),
        skipped=tuple(_skipped(inputs)),
        warnings=(*warnings(judged, hidden), *notes),
    )


def _hidden(inputs: Inputs) -> Mapping[str, int]:
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


def _input(tree: AnalysedTree) -> InputSummary:
    found = tree.tree
    return InputSummary(
        label=PurePath(found.label).name or found.label,
        digest=found.digest,
        n_files=len(found.files),
        n_discovered=found.n_discovered,
        n_tokens=sum(file.n_tokens for file in tree.files),
        languages=dict(sorted(Counter(file.language for file in found.files).items())),
    )


def _summary(judged: Judged, scan: ScanJudgement) -> Summary:
    layer_bits = {layer: float(bits.sum()) for layer, bits in judged.layer_bits.items()}
    return Summary(
        verdict=scan.verdict,
        reason=scan.reason,
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
    )


def _skipped(inputs: Inputs) -> Iterator[SkippedEntry]:
    for side, trees in inputs.sides():
        for source, tree in enumerate(trees):
            for file in tree.tree.skipped:
                yield SkippedEntry(side, source, file.path, file.reason, file.detail)
