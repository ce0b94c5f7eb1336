"""The report on planted functions as Markdown. What comes from outside, labels and names of files, is escaped."""

from __future__ import annotations

from simdetect.model import PowerReport
from simdetect.report.markdown import prose
from simdetect.report.power.words import HEADS, caveats, cells, headline, sentences, title
from simdetect.report.words import message

__all__ = ["render_markdown"]


def render_markdown(report: PowerReport) -> str:
    """Sentences, the table, what it says and what it does not."""
    blocks = [f"## {prose(title(report))}", prose(headline(report))]
    if report.rows:
        rows = ["| " + " | ".join(cells(row)) + " |" for row in report.rows]
        head = "| " + " | ".join(HEADS) + " |\n|" + " --- |" * len(HEADS)
        blocks += [_list(sentences(report)), "\n".join([head, *rows]), _list(caveats(report))]
    if report.warnings:
        blocks += ["### Warnings", _list([prose(message(warning)) for warning in report.warnings])]
    return "\n\n".join(blocks) + "\n"


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
