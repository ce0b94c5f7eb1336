"""Reports: a `ScanReport` as text, JSON, HTML, SARIF, CSV or Markdown, and back from JSON.

The renderers load on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from simdetect.errors import OptionsError

if TYPE_CHECKING:
    from simdetect.model import AuditReport, InstanceResult, ScanReport
    from simdetect.report.source_texts import SourceTexts

__all__ = ["FORMATS", "Detail", "load_report", "render", "render_audit"]

FORMATS = ("text", "json", "html", "sarif", "csv", "markdown")

Detail = Literal["short", "normal", "full"]


def render(
    report: ScanReport,
    format: str,
    *,
    width: int | None = None,
    color: bool = False,
    detail: Detail = "normal",
    texts: SourceTexts | None = None,
    prefix: str = "",
) -> str:
    """A report in one of `FORMATS`, ending with a newline, encodable as UTF-8.

    Args:
        report: what to show. Paths, code and messages in it are untrusted; every format shows them as inert text.
        format: one of `FORMATS`.
        width: columns of the text format; None for 100. Other formats ignore it.
        color: whether the text format may contain colour escapes. Other formats ignore it.
        detail: how much the text format shows: the verdict only, the strongest findings, or everything listed.
        texts: the sources; the HTML format shows all code with them, excerpts without. Other formats ignore them.
        prefix: folder of the repository in which the candidate lies, for SARIF. Other formats ignore it.

    Raises:
        OptionsError: unknown format.
    """
    if format == "text":
        from simdetect.report.text import render_text

        return render_text(report, width=width, color=color, detail=detail)
    if format == "html":
        from simdetect.report.html import render_html

        return render_html(report, texts)
    if format == "sarif":
        from simdetect.report.sarif import render_sarif

        return render_sarif(report, prefix)
    return _renderer(format)(report)


def _renderer(format: str) -> Callable[[ScanReport], str]:
    """The renderer of a format without further settings."""
    if format == "json":
        from simdetect.report.json import dump_report as renderer
    elif format == "csv":
        from simdetect.report.csv import render_csv as renderer
    elif format == "markdown":
        from simdetect.report.markdown import render_markdown as renderer
    else:
        raise OptionsError(f"unknown report format {format!a}; known: {', '.join(FORMATS)}")
    return renderer


def load_report(text: str) -> ScanReport:
    """The report that a JSON text of schema `simdetect.report/1` holds. Raises InputError when it is not one."""
    from simdetect.report.json import load_report as load

    return load(text)


def render_audit(report: AuditReport, format: str, link: Callable[[InstanceResult], str] | None = None) -> str:
    """The summary of an audit as text, json, markdown or html, ending with a newline.

    link: the address of an instance's JSON report as seen from the summary; without it there are no links.
    Raises OptionsError: unknown format.
    """
    from simdetect.report.audit import render_audit as renderer

    return renderer(report, format, link)
