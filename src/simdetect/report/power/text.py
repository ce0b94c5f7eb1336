"""The report on planted functions for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from simdetect.model import PowerReport
from simdetect.report.power.words import HEADS, caveats, cells, headline, sentences, title
from simdetect.report.words import message

__all__ = ["render_text"]

_WIDTH = 100


def render_text(report: PowerReport) -> str:
    """Sentences, the table, what it says and what it does not."""
    blocks = [[title(report), *_wrapped(headline(report))]]
    if report.rows:
        said, notes = _items(sentences(report)), _items(caveats(report))
        blocks += [said, list(_table([HEADS, *map(cells, report.rows)])), notes]
    if report.warnings:
        blocks.append(["Warnings", *_items([message(warning) for warning in report.warnings])])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _items(lines: Sequence[str]) -> list[str]:
    return [part for line in lines for part in _wrapped(line, "- ")]


def _wrapped(line: str, mark: str = "") -> list[str]:
    return wrap(line, _WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
