"""The findings of a report, strongest first, each with its strongest evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from simdetect.model import LAYERS, Evidence, FileFinding, ScanReport, Verdict
from simdetect.report import words
from simdetect.report.text.console import Amount, item, section
from simdetect.report.text.excerpts import excerpt_block

__all__ = ["Findings", "evidence_line", "finding_lines"]

_ITEMS = 8  # texts of a piece of evidence that are shown
_INDENT = 4


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of a report as blocks of `width` columns, `amount` of them."""

    report: ScanReport
    width: int
    amount: Amount

    def blocks(self) -> Iterator[RenderableType]:
        """The strongest findings in full, the next in a line each, the rest counted."""
        agreeing = words.agreeing(self.report)
        shown, others = agreeing[: self.amount.findings], agreeing[self.amount.findings :]
        if shown:
            is_all = len(shown) == len(agreeing)
            heading = "Findings" if is_all else f"Strongest {len(shown)} of {len(agreeing):,} findings"
            yield Text(f"\n{heading}", style="bold")
        for number, finding in enumerate(shown, 1):
            if number > 1:
                yield Text("")
            yield from self._finding(number, finding)
        if others:
            yield from section(f"Further findings ({len(others):,})", self._others(others))
        n_silent = len(self.report.findings) - len(agreeing)
        if n_silent and agreeing:
            yield Text("")
            silent = item(f"{words.n(n_silent, 'further candidate file')} without any agreement")
            yield Padding(silent, (0, 0, 0, 2))

    def _others(self, findings: Sequence[FileFinding]) -> Iterator[RenderableType]:
        for finding in findings[: self.amount.others]:
            yield item(f"{words.path(finding.candidate)}: {_finding_words(finding)}")
        if len(findings) > self.amount.others:
            yield item(f"and {len(findings) - self.amount.others:,} more; every file is in the JSON report")

    def _finding(self, number: int, finding: FileFinding) -> Iterator[RenderableType]:
        yield Text.assemble((f"{number:>2}. ", "dim"), (words.path(finding.candidate), "bold"), overflow="fold")
        yield from (Padding(block, (0, 0, 0, _INDENT)) for block in self._body(finding))

    def _body(self, finding: FileFinding) -> Iterator[RenderableType]:
        yield from (Text(line, overflow="fold") for line in finding_lines(self.report, finding))
        shown = finding.evidence[: self.amount.evidence]
        for index, evidence in enumerate(shown):
            yield evidence_line(self.report, finding, evidence)
            if evidence.excerpt and index < self.amount.excerpts:
                block = excerpt_block(evidence, evidence.excerpt, self.width - 6, self.amount.excerpt_lines)
                yield Padding(block, (0, 0, 0, 2))
        if finding.n_evidence > len(shown):
            yield Text(f"and {words.n(finding.n_evidence - len(shown), 'further agreement')}", style="dim")


def finding_lines(report: ScanReport, finding: FileFinding) -> list[str]:
    """How much of a file agrees, how sure that is, and with which original most."""
    return [_finding_words(finding), *([_best_original(report, finding)] if finding.originals else [])]


def _finding_words(finding: FileFinding) -> str:
    parts = [words.coverage_words(finding)]
    if finding.probability is not None:
        parts.append(f"probability {words.percent(finding.probability)}")
    if finding.bits is not None:
        layers = words.layer_bits_words(finding.layer_bits)
        parts.append(f"{finding.bits:,.0f} bits" + (f" ({layers})" if layers else ""))
    if finding.originals:
        parts.append(f"score {words.score_of(finding)}")
    if finding.verdict is not Verdict.EVIDENCE:
        parts.append("not counted as evidence" if finding.verdict is Verdict.NO_EVIDENCE else "inconclusive")
    return "; ".join(parts)


def _best_original(report: ScanReport, finding: FileFinding) -> str:
    best = finding.originals[0]
    name = words.original_name(report, best.source, best.original)
    if not best.matched_tokens:
        if best.bits:
            return f"best original: {name} (no code in common, but {best.bits:,.0f} bits)"
        return f"closest original: {name} (nothing in common that counts)"
    of_candidate, of_original = words.percent(best.coverage), words.percent(best.original_coverage)
    shares = f"{of_candidate} of the candidate file, {of_original} of the original file"
    return f"best original: {name} ({shares}){words.other_originals(report, finding)}"


def evidence_line(report: ScanReport, finding: FileFinding, evidence: Evidence) -> Text:
    """One piece of evidence in a line: its layer, length and places, and whether it counts."""
    places = f"{words.candidate_place(finding, evidence)}  ↔  {words.original_place(report, evidence)}"
    kind = (f"{evidence.layer:<8}", LAYERS[evidence.layer].terminal)
    line = Text.assemble(kind, f"  {words.evidence_words(evidence)}  {places}")
    if units := words.units_of(evidence):
        line.append(f"; {units}")
    if evidence.items:
        line.append(f": {words.items_words(evidence, _ITEMS)}", style="dim")
    if evidence.excluded:
        line.append(f"; does not count: {words.exclusion_of(evidence)}", style="yellow")
    if others := words.also_in_of(evidence):
        line.append(f"; {others}", style="cyan")
    if evidence.review:
        line.append(f"; review: {words.review_of(evidence)}", style="green")
    line.overflow = "fold"
    return line
