"""`simdetect show`: a stored report in any format."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import argument, command, option, take
from simdetect.cli.output import EXIT_OK, emit, terminal, write
from simdetect.cli.parameters import ReportOptions, report_options
from simdetect.cli.reviews import read_reviews, stored_report
from simdetect.options import ScanOptions

if TYPE_CHECKING:
    from simdetect.model import ScanReport
    from simdetect.report.source_texts import SourceTexts

__all__ = ["show"]


@dataclass(frozen=True)
class _Sources:
    """Where what was scanned lies now. Empty when only the report is at hand."""

    candidate: str | None
    original: tuple[str, ...]


@command("simdetect show report.json", "simdetect show report.json --format html -o report.html")
@argument("report_file", metavar="REPORT.json")
@option("--finding", type=click.IntRange(min=1), metavar="N", help="Only this finding, both sides line by line.")
@option("--candidate", metavar="PATH", help="The candidate that was scanned, to show all of its code.")
@option("--original", multiple=True, metavar="PATH", help="An original that was scanned, to show all of its code.")
@report_options
def show(report_file: str, finding: int | None, **options: Any) -> int:
    """Show a stored JSON report in any format, without scanning again. REPORT.json may be - for standard input.

    A report holds no sources. Without --candidate and --original only excerpts of the strongest evidence can be shown.

    Exit codes: 0 shown, 2 not a report that can be read.
    """
    sources, shown = take(_Sources, options), take(ReportOptions, options)
    report = stored_report(report_file)
    texts = None if shown.no_source else _texts_again(report, sources)
    report = read_reviews(shown.decisions, shown.baseline).applied(report, shown.no_source)
    if finding is None:
        emit(report, shown.target(), texts)
    else:
        _emit_finding(report, finding, shown.output, texts)
    return EXIT_OK


def _texts_again(report: ScanReport, sources: _Sources) -> SourceTexts | None:
    """The sources of a stored report, read once more as the scan read them. Raises InputError when they differ."""
    if sources.candidate is None and not sources.original:
        return None
    from simdetect.model import Side
    from simdetect.report.source_texts import SourceTexts
    from simdetect.sources import read_tree

    options = _reading_options(report)
    candidate = None if sources.candidate is None else read_tree(sources.candidate, Side.CANDIDATE, options)
    return SourceTexts.checked(
        report, candidate, [read_tree(path, Side.ORIGINAL, options) for path in sources.original]
    )


def _reading_options(report: ScanReport) -> ScanOptions:
    """Those options of the scan that decide which files are read."""
    names = {field.name for field in fields(ScanOptions) if field.name.startswith("max_")} | {"exclude"}
    return ScanOptions(**{name: report.settings[name] for name in names if name in report.settings})


def _emit_finding(report: ScanReport, number: int, output: str | None, texts: SourceTexts | None) -> None:
    from simdetect.report.finding import render_finding

    width, has_color = terminal(output)
    text = render_finding(report, number, texts, width=width, color=has_color)
    write(text, output, is_data=False)
