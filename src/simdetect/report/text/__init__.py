"""The report for a terminal: what a reader must know first comes first, at any width, with or without colours.

console    lines and colours            findings      files with their evidence
excerpts   code of both sides           side_by_side  which lines belong together
left_out   what was not analysed
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simdetect.model import ScanReport, Verdict
from simdetect.report import Detail, words
from simdetect.report.text.console import EVERYTHING, Amount, columns_of, fitting_path, item, printed, section
from simdetect.report.text.findings import Findings
from simdetect.report.text.left_out import degraded, skipped

__all__ = ["render_text"]

_VERDICT_STYLE = {Verdict.EVIDENCE: "bold red", Verdict.NO_EVIDENCE: "bold green", Verdict.INCONCLUSIVE: "bold yellow"}
_AMOUNTS = {
    "normal": Amount(findings=5, evidence=3, excerpts=1, excerpt_lines=10, others=5, examples=3),
    "full": Amount(EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING),
}


def render_text(report: ScanReport, *, width: int | None = None, color: bool = False, detail: Detail = "normal") -> str:
    """The report as lines of at most `width` columns, with colour escapes only if `color`."""
    columns = columns_of(width)
    return printed(_blocks(report, columns, detail), columns, color)


def _blocks(report: ScanReport, width: int, detail: Detail) -> Iterator[RenderableType]:
    yield from _verdict(report)
    if detail == "short":
        return
    amount = _AMOUNTS[detail]
    yield from section("Compared", [_compared(report, width), *map(item, _known(report))])
    yield from section("Agreement", _agreement(report))
    yield from Findings(report, width, amount).blocks()
    yield from section("Other submissions", map(item, words.control_words(report)))
    yield from section("Review", map(item, words.review_words(report)))
    yield from section("Excluded: agrees, but does not count", map(item, words.exclusion_words(report)))
    yield from section("Not analysed", skipped(report, amount.examples))
    yield from section("Parsed with difficulty", degraded(report, amount.examples))
    yield from section("Warnings", [item(words.message(warning), "yellow") for warning in report.warnings])
    yield from section("What this can tell", map(item, words.reach_words(report)))


def _verdict(report: ScanReport) -> Iterator[RenderableType]:
    cry, sentence = words.headline(report)
    line = Text.assemble((cry, _VERDICT_STYLE[report.summary.verdict]), "  ", sentence)
    line.overflow = "fold"
    yield line
    if report.summary.reason:
        yield Text(words.message(report.summary.reason), overflow="fold")
    yield Text(words.probability_words(report), overflow="fold")


def _compared(report: ScanReport, width: int) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    name_width = max(12, width // 3)
    for role, summary in words.inputs(report):
        files = words.n(summary.n_files, "file")
        found = "" if summary.n_files == summary.n_discovered else f" of {summary.n_discovered:,} found"
        facts = f"{files}{found}, {words.n(summary.n_tokens, 'token')}"
        languages = words.languages_words(summary)
        name = Text(fitting_path(words.path(summary.label), name_width), style="bold", overflow="fold")
        grid.add_row(Text(role, style="dim"), name, Text(f"{facts} ({languages})" if languages else facts))
    return grid


def _known(report: ScanReport) -> list[str]:
    """Which revisions were compared, and what the author is taken to have had and seen."""
    setting = words.setting_words(report)
    return [*words.revision_words(report), *([setting] if setting else []), *words.observed_words(report)]


def _agreement(report: ScanReport) -> Iterator[RenderableType]:
    first, *others = words.agreement_lines(report)
    layers = words.layers_line(report)
    yield from map(item, [first, *([layers] if layers else []), *others])
