"""The report as one HTML file that loads nothing.

Four lines of defence against hostile paths and code: every value is made visible and then escaped by Jinja2's
autoescape; what the script works on is base64 of JSON, in blocks that no browser runs; the script only ever sets text,
and the policy's Trusted Types take from it everything that would parse markup; and the Content-Security-Policy
allows the one style sheet and the one script that stand in the file, by their hashes, and no request at all.

    view       what the template shows, with    first_screen, pieces, bars, histogram
    index      what the script works on         code, highlight: sources, compressed, and their colours
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simdetect.model import ScanReport
from simdetect.report import words
from simdetect.report.html.code import Limits, build_codebook, packed
from simdetect.report.html.index import evidence_lists, table_rows
from simdetect.report.html.view import build_view
from simdetect.report.safe import visible
from simdetect.report.source_texts import SourceTexts

__all__ = ["page_script", "render_html"]

_SCRIPT = ("base", "table", "lines", "pane", "viewer", "start")


def render_html(report: ScanReport, texts: SourceTexts | None = None, limits: Limits | None = None) -> str:
    """A complete HTML document. texts: the sources, to show all code; without them the excerpts are all there is."""
    css, script = _asset("report.css"), page_script()
    agreeing = words.agreeing(report)
    book = build_codebook(report, texts, limits or Limits())
    view = build_view(report, book, texts)
    page = _environment().get_template("report.html.j2")
    return page.render(
        view=view,
        css=Markup(css),
        script=Markup(script),
        policy=_policy(css, script),
        rows=packed(table_rows(report, agreeing)),
        evidence=packed(evidence_lists(report, agreeing, book)),
        blocks=book.blocks,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("simdetect.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def page_script() -> str:
    """The script of every page: its parts end to end, in a scope of their own."""
    parts = "".join(_asset(f"script/{name}.js") for name in _SCRIPT)
    return f'\n"use strict";\n(() => {{{parts}}})();\n'


@cache
def _asset(name: str) -> str:
    text = resources.files("simdetect.report").joinpath(f"templates/{name}").read_text(encoding="utf-8")
    return "\n" + text.replace("\r\n", "\n")


def _policy(css: str, script: str) -> str:
    allowed = f"style-src '{_hash(css)}'; script-src '{_hash(script)}'"
    no_markup = "require-trusted-types-for 'script'; trusted-types 'none'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'; {no_markup}"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
