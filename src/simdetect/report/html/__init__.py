"""The report as one HTML file that loads nothing.

Four lines of defence against hostile paths and code: every value is made visible and then escaped by Jinja2's
autoescape; what the script works on is base64 of JSON, in blocks that no browser runs; the script only ever sets text,
and the policy's Trusted Types take from it everything that would parse markup; and the Content-Security-Policy
allows the one style sheet and the one script that stand in the file, by their hashes, and no request at all.

    view       what the template shows, with    first_screen, pieces, maps, bars, histogram, small_print
    index      what the script works on         code, highlight: sources, compressed, and their colours
"""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from simdetect.model import ScanReport
from simdetect.report import words
from simdetect.report.html.code import Limits, build_codebook, packed
from simdetect.report.html.index import evidence_lists, table_rows
from simdetect.report.html.view import build_view
from simdetect.report.page import asset, rendered, source_of
from simdetect.report.source_texts import SourceTexts

__all__ = ["page_script", "render_html"]

_SCRIPT = ("base", "table", "lines", "pane", "viewer", "start")


def render_html(report: ScanReport, texts: SourceTexts | None = None, limits: Limits | None = None) -> str:
    """A complete HTML document. texts: the sources, to show all code; without them the excerpts are all there is."""
    css, script = "\n" + asset("report.css"), page_script()
    agreeing = words.agreeing(report)
    book = build_codebook(report, texts, limits or Limits())
    return rendered(
        "report.html.j2",
        view=build_view(report, book, texts),
        css=Markup(css),
        script=Markup(script),
        policy=_policy(css, script),
        rows=packed(table_rows(report, agreeing)),
        evidence=packed(evidence_lists(report, agreeing, book)),
        blocks=book.blocks,
    )


@cache
def page_script() -> str:
    """The script of every page: its parts end to end, in a scope of their own."""
    parts = "".join("\n" + asset(f"script/{name}.js") for name in _SCRIPT)
    return f'\n"use strict";\n(() => {{{parts}}})();\n'


def _policy(css: str, script: str) -> str:
    allowed = f"style-src {source_of(css)}; script-src {source_of(script)}"
    no_markup = "require-trusted-types-for 'script'; trusted-types 'none'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'; {no_markup}"
