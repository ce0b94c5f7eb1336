from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import unicodedata
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from simdetect.model import (
    FalsePositiveRate,
    LineSpan,
    Review,
    ReviewStatus,
    Verdict,
)
from simdetect.report import render
from simdetect.report.html import page_script, render_html
from simdetect.report.html.bars import bar_segments
from simdetect.report.html.code import Limits
from simdetect.report.html.highlight import coloured_runs, highlighted
from simdetect.report.safe import visible
from simdetect.report.source_texts import SourceTexts, without_source
from tests import builders
from tests.report.large import many_pieces

SCRIPT = page_script()
# fmt: off
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "nav", "h1",
    "h2", "h3", "p", "div", "span", "a", "ul", "ol", "li", "code", "pre", "figure", "figcaption", "bdi", "b", "kbd",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "svg", "rect", "defs", "pattern", "line", "text",
    "form", "label", "input", "select", "option", "output", "button", "dialog", "script",
}
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "aria-label", "aria-labelledby",
    "aria-hidden", "aria-live", "role", "tabindex", "scope", "open", "hidden", "type", "value", "checked",
    "autocomplete", "spellcheck", "data-key", "data-numeric", "data-label",
    "viewbox", "x", "y", "x1", "x2", "y1", "y2", "dy", "width", "height", "text-anchor", "patternunits",
    "patterntransform",
}
# fmt: on
VOID = {"meta", "input"}
DATA = "application/octet-stream"
hostile = pytest.mark.parametrize("text", builders.HOSTILE.values(), ids=builders.HOSTILE)


class Page(HTMLParser):
    """What a browser would see: tags, attributes, text, and whether the tags nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.last: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.last = attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append((dict(self.last), data))
        elif self.open and self.open[-1] != "style":
            self.text += data


def check_inert(html: str) -> Page:
    """Nothing but known markup, one style sheet, our one script, and data that no browser runs."""
    page = Page(html)
    assert not page.open
    assert set(page.tags) <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert all(re.fullmatch(r"#(file-[0-9]+(-[0-9]+)?|[a-z]+)", link) for link in links)
    assert page.tags.count("style") == page.tags.count("h1") == page.tags.count("main") == 1
    assert [text for attributes, text in page.scripts if attributes.get("type") != DATA] == [SCRIPT]
    data = [text for attributes, text in page.scripts if attributes.get("type") == DATA]
    assert all(re.fullmatch("[A-Za-z0-9+/]+=*", text) for text in data)
    return page


def unpacked(html: str, name: str) -> Any:
    """What the page's script would get from a block of data."""
    text = next(text for attributes, text in Page(html).scripts if attributes.get("id") == name)
    return json.loads(zlib.decompress(base64.b64decode(text)))


@hostile
def test_hostile_text_stays_text(text: str) -> None:
    html = render(builders.hostile_report(text), "html")
    page = check_inert(html)
    shown = visible(text)
    if 0 < len(shown) < 150 and shown.strip() == shown:
        assert shown in page.text
    shown_by_script = json.dumps([unpacked(html, "data-rows"), unpacked(html, "data-evidence")], ensure_ascii=False)
    html += shown_by_script + json.dumps(unpacked(html, "data-code-0"), ensure_ascii=False)
    assert not {c for c in html if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert len(html) < 400_000


def test_the_page_of_a_full_report_is_well_formed_and_says_what_matters() -> None:
    page = check_inert(render(builders.rich_report(), "html"))
    for expected in (
        "Evidence found",
        "10.4%",
        "src/hash.c:12-20",
        "[upstream] lib/table.c:40-48",
        "unsigned acc = 2166136261u;",
        "does not count: given (docs/protocol.md)",
        "1 file too-large",
        "parse killed after 20 s",
        "read as Latin-1",
        "No evidence is not “not memorised”",
        builders.rich_report().candidate.digest,
    ):
        assert expected in page.text


def test_the_policy_allows_only_the_style_sheet_and_the_script_of_the_page() -> None:
    html = render(builders.report(), "html")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    contents = [value for name, value in Page(html).attributes if name == "content"]
    expected = (
        f"default-src 'none'; style-src 'sha256-{sha256(style[1])}'; script-src 'sha256-{sha256(SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    assert expected in contents
    assert "@import" not in style[1] and set(re.findall(r"url\((.)", style[1])) == {"#"}


def sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_script_is_one_scope_and_strict() -> None:
    assert SCRIPT.startswith('\n"use strict";\n(() => {') and SCRIPT.endswith("})();\n")
    assert "</" not in SCRIPT and "<!--" not in SCRIPT


@pytest.mark.parametrize("sink", ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch("])
def test_the_script_has_nothing_that_parses_or_loads(sink: str) -> None:
    assert sink not in SCRIPT


def test_the_policy_stands_before_anything_it_must_govern() -> None:
    html = render(builders.report(), "html")
    assert html.index("Content-Security-Policy") < html.index("<title>") < html.index("<style>")


def test_equal_reports_give_equal_pages() -> None:
    assert render(builders.rich_report(), "html") == render(builders.rich_report(), "html")


def test_links_lead_to_a_place_on_the_page_or_to_a_piece_of_evidence() -> None:
    html = render(builders.rich_report(), "html")
    page = Page(html)
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {(value or "")[1:] for name, value in page.attributes if name == "href"}
    pieces = {
        f"file-{file}-{piece}"
        for file, found in enumerate(unpacked(html, "data-evidence"), 1)
        for piece in range(1, len(found["pieces"]) + 1)
    }
    assert targets <= set(ids) | pieces
    assert targets & pieces


def test_bars_stay_inside_their_file_and_counted_evidence_lies_on_top() -> None:
    whole, tail, middle = LineSpan(1, 100), LineSpan(91, 140), LineSpan(41, 60)
    segments = bar_segments(100, [(middle, "verbatim"), (tail, "renamed"), (whole, "excluded")])
    assert [kind for _, _, kind in segments] == ["excluded", "verbatim", "excluded", "renamed"]
    assert segments[-1][0] + segments[-1][1] == pytest.approx(100, abs=0.1)
    assert bar_segments(0, []) == []


def test_a_report_without_any_finding_has_no_empty_sections() -> None:
    page = check_inert(render(builders.report(findings=(), skipped=(), warnings=()), "html"))
    assert "Findings" not in page.text and "Not analysed" not in page.text


def test_code_is_coloured_without_changing_it() -> None:
    lines = builders.lines(builders.ORIGINAL_CODE)
    coloured = highlighted(lines, "c")
    assert [Page(str(line)).text for line in [f"<p>{line}</p>" for line in coloured]] == list(lines)
    assert '<span class="tk">static' in coloured[0]


@pytest.mark.parametrize("language", ["c", "cpp", "python", "php", "bash", "tsx", "c-sharp", "no such language", ""])
def test_lines_stay_apart_in_every_language(language: str) -> None:
    lines = ['/* open "', "<?php '''", "", "`x` <b> #", "}"]
    assert [Page(f"<p>{line}</p>").text for line in highlighted(lines, language)] == lines


def test_a_large_report_is_bounded() -> None:
    """How long it takes to write: make measure."""
    fewer, html = render(many_pieces(1000), "html"), render(many_pieces(10_000), "html")
    assert len(html) < 15_000_000 and len(html) < 10 * len(fewer)
    assert "and 4900 more in the JSON report" in html
    assert len(unpacked(html, "data-rows")) == 10_000
    page = Page(html)
    assert page.tags.count("tr") == Page(fewer).tags.count("tr") < 200
    assert len(page.tags) - page.tags.count("script") < 20_000  # and a script for each block of code


# --- code ----------------------------------------------------------------------------------------------------------


def texts(n_lines: int = 300) -> SourceTexts:
    own = "".join(f"int c{i} = {i};\n" for i in range(1, n_lines + 1))
    theirs = "".join(f"int o{i} = {i};\n" for i in range(1, n_lines + 1))
    return SourceTexts({"src/hash.c": own.encode()}, ({"lib/table.c": theirs.encode()},))


def test_with_the_sources_the_page_holds_whole_files() -> None:
    html = render_html(builders.report(), texts())
    own, theirs = unpacked(html, "data-code-0"), unpacked(html, "data-code-1")
    assert own["n"] == theirs["n"] == 300
    [[first, lines, colours]] = own["s"]
    assert (first, lines[11], len(lines), len(colours)) == (1, "int c12 = 12;", 300, 300)
    assert theirs["s"][0][1][39] == "int o40 = 40;"


def test_a_file_that_is_too_large_is_embedded_around_its_evidence() -> None:
    html = render_html(builders.report(), texts(), Limits(whole=100))
    segments = unpacked(html, "data-code-0")["s"]
    assert [(first, len(lines)) for first, lines, _ in segments] == [(1, 32), (68, 33)]
    assert segments[0][1][11] == "int c12 = 12;" and segments[1][1][12] == "int c80 = 80;"


def test_without_room_for_colours_code_is_plain_and_without_room_for_code_the_page_says_so() -> None:
    assert unpacked(render_html(builders.report(), texts(), Limits(coloured=0)), "data-code-0")["s"][0][2] is None
    html = render_html(builders.report(), texts(), Limits(packed=0))
    assert "data-code-0" not in html
    assert "For 2 files there was no room." in Page(html).text


def test_without_the_sources_the_excerpts_are_all_the_code() -> None:
    html = render_html(builders.report())
    assert unpacked(html, "data-code-0")["n"] is None
    assert [segment[0] for segment in unpacked(html, "data-code-0")["s"]] == [12]
    assert "This report was made without the sources" in Page(html).text


def test_a_side_whose_text_is_not_there_shows_its_excerpts() -> None:
    """An original may be known by its fingerprints only."""
    own = texts().candidate
    for theirs in ({}, {"lib/table.c": b""}):
        html = render_html(builders.report(), SourceTexts(own, (theirs,)))
        assert unpacked(html, "data-code-0")["n"] == 300
        assert [segment[0] for segment in unpacked(html, "data-code-1")["s"]] == [40]


def test_a_report_without_source_holds_no_line_of_code_and_says_so() -> None:
    html = render_html(without_source(builders.report()))
    assert "2166136261" not in html and "data-code-0" not in html
    assert "This report holds no code" in Page(html).text
    assert builders.report().candidate.digest in html
    assert unpacked(html, "data-evidence")[0]["pieces"][0]["own"] == [12, 20]


def test_colours_count_utf16_units_as_the_browser_does() -> None:
    code = "/* \U0001f600 */ int x = 1; // \u4e2d\n".encode()
    html = render_html(builders.report(), SourceTexts({"src/hash.c": code}, ({},)))
    [[_, [line], [colours]]] = unpacked(html, "data-code-0")["s"]
    assert colours.startswith("0.8c1.3k")
    units = line.encode("utf-16-le")
    assert units[: 2 * 8].decode("utf-16-le") == "/* \U0001f600 */"


def test_runs_of_one_class_are_joined_and_lose_nothing() -> None:
    lines = builders.lines(builders.ORIGINAL_CODE)
    for runs, line in zip(coloured_runs(lines, "c"), lines, strict=True):
        assert "".join(text for _, text in runs) == line
        assert all(first[0] != second[0] for first, second in pairwise(runs))


# --- the first screen ----------------------------------------------------------------------------------------------


def test_agreement_that_is_no_evidence_is_not_called_evidence() -> None:
    weak = builders.finding(verdict=Verdict.NO_EVIDENCE)
    page = Page(render(builders.report(findings=(weak,)), "html"))
    assert "Strongest evidence" not in page.text
    assert "Strongest agreement, not counted as evidence" in page.text
    mixed = Page(render(builders.report(findings=(builders.finding("a.c"), weak)), "html"))
    assert mixed.text.split("Strongest evidence")[1].split("Where it lies")[0].count("src/hash.c") == 0


def test_the_histogram_counts_every_independent_comparison_once() -> None:
    rate = FalsePositiveRate(1, 5, 0.6, (0.00001, 0.2, 0.2, 0.6, 0.99995))
    html = render(
        builders.report(summary=builders.summary(log10_likelihood_ratio=math.log10(9), false_positive_rate=rate)),
        "html",
    )
    counts = [int(count) for count in re.findall(r": ([0-9]+) comparisons?</title>", html)]
    assert sum(counts) == 5 and counts[0] == counts[-1] == 1
    assert "this scan: 90.0%" in html and "in 1 it was as high as in this scan" in Page(html).text


def test_what_a_review_says_is_shown_with_its_reason() -> None:
    review = Review(ReviewStatus.ACCEPTED, "same author, see <ticket 7>", "A. Reviewer")
    found = builders.finding(evidence=(replace(builders.finding().evidence[0], review=review),), n_evidence=1)
    page = check_inert(render(builders.report(findings=(found,)), "html"))
    assert "review: accepted (A. Reviewer): same author, see <ticket 7>" in page.text
    assert "1 agreement accepted, 0 agreements new" in page.text


# --- the page of an audit --------------------------------------------------------------------------------------------


def test_the_page_of_an_audit_has_the_reason_for_every_instance() -> None:
    from simdetect.report import render_audit

    page = render_audit(builders.audit_report(), "html")
    rows = page.split('id="instances"')[1].split("</table>")[0]
    assert "original not found" in rows and "shares a run of 64 tokens" in rows
    assert "https://" not in page and "http://" not in page.replace("http://www.w3.org", "")


def test_nothing_ends_the_data_of_the_page_of_an_audit() -> None:
    from dataclasses import replace

    from simdetect.report import render_audit

    report = builders.audit_report()
    hostile = tuple(replace(result, instance="</script><script>alert(1)</script>") for result in report.instances)
    page = render_audit(replace(report, instances=hostile), "html")
    assert page.count("<script") == 2 and page.count("</script>") == 2
