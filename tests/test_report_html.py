from __future__ import annotations

import base64
import hashlib
import re
import time
import unicodedata
from html.parser import HTMLParser

import pytest

from simdetect.model import Excerpt, Side, SkippedEntry, SkipReason, Verdict
from simdetect.report import render
from simdetect.report.highlight import highlighted
from simdetect.report.safe import visible
from tests import builders

# fmt: off
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "h1",
    "h2", "h3", "p", "div", "span", "a", "ul", "li", "dl", "dt", "dd", "code", "pre", "figure", "figcaption",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "svg", "rect",
}
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "aria-label", "aria-labelledby",
    "role", "tabindex", "scope", "open", "viewbox", "preserveaspectratio", "x", "y", "width",
    "height",
}
# fmt: on
VOID = {"meta"}
hostile = pytest.mark.parametrize("text", builders.HOSTILE.values(), ids=builders.HOSTILE)


class Page(HTMLParser):
    """What a browser would see: tags, attributes, text, and whether the tags nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def check_inert(html: str) -> Page:
    page = Page(html)
    assert not page.open
    assert set(page.tags) <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    assert all(re.fullmatch(r"#file-[0-9]+", value or "") for name, value in page.attributes if name == "href")
    assert page.tags.count("style") == page.tags.count("h1") == page.tags.count("main") == 1
    return page


@hostile
def test_hostile_text_stays_text(text: str) -> None:
    html = render(builders.hostile_report(text), "html")
    page = check_inert(html)
    shown = visible(text)
    if 0 < len(shown) < 150 and shown.strip() == shown:
        assert shown in page.text
    assert not {c for c in html if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert len(html) < 400_000


def test_the_page_of_a_full_report_is_well_formed_and_says_what_matters() -> None:
    page = check_inert(render(builders.rich_report(), "html"))
    for expected in (
        "EVIDENCE FOUND",
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


def test_the_policy_allows_only_the_style_sheet_of_the_page() -> None:
    html = render(builders.report(), "html")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = dict(Page(html).attributes)["content"]
    contents = [value for name, value in Page(html).attributes if name == "content"]
    expected = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert expected in contents, policy
    assert "url(" not in style[1] and "@import" not in style[1]


def test_the_policy_stands_before_anything_it_must_govern() -> None:
    html = render(builders.report(), "html")
    assert html.index("Content-Security-Policy") < html.index("<title>") < html.index("<style>")


def test_equal_reports_give_equal_pages() -> None:
    assert render(builders.rich_report(), "html") == render(builders.rich_report(), "html")


def test_links_lead_to_a_place_on_the_page() -> None:
    page = Page(render(builders.rich_report(), "html"))
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {(value or "")[1:] for name, value in page.attributes if name == "href"} <= set(ids)


def test_bars_stay_inside_their_file() -> None:
    spans = builders.evidence(start=119)
    html = render(builders.report(findings=(builders.finding(n_lines=1, evidence=(spans,), n_evidence=1),)), "html")
    for x, width in re.findall(r'x="([0-9.]+)" y="0" width="([0-9.]+)"', html):
        assert float(x) + float(width) <= 100.01


def test_a_report_without_any_finding_has_no_empty_sections() -> None:
    page = check_inert(render(builders.report(findings=(), skipped=(), warnings=()), "html"))
    assert "Findings" not in page.text and "Not analysed" not in page.text


def test_code_is_coloured_without_changing_it() -> None:
    lines = builders.lines(builders.ORIGINAL_CODE)
    coloured = highlighted(lines, "c")
    assert [Page(str(line)).text for line in [f"<p>{line}</p>" for line in coloured]] == list(lines)
    assert '<span class="tk">static</span>' in coloured[0]


@pytest.mark.parametrize("language", ["c", "cpp", "python", "php", "bash", "tsx", "c-sharp", "no such language", ""])
def test_lines_stay_apart_in_every_language(language: str) -> None:
    lines = ['/* open "', "<?php '''", "", "`x` <b> #", "}"]
    assert [Page(f"<p>{line}</p>").text for line in highlighted(lines, language)] == lines


def test_a_large_report_is_bounded() -> None:
    code = Excerpt(("x = 1;",) * 500, ("y = 1;",) * 500, 1, 1)
    pieces = tuple(builders.evidence(start=i + 1, excerpt=code if i < 3 else None) for i in range(50))
    findings = tuple(builders.finding(f"src/f{i}.c", evidence=pieces, n_evidence=80) for i in range(1000))
    skipped = tuple(SkippedEntry(Side.CANDIDATE, 0, f"d/{i}", SkipReason.NOT_CODE, "") for i in range(5000))
    start = time.process_time()
    html = render(builders.report(findings=findings, skipped=skipped), "html")
    assert len(html) < 15_000_000
    assert time.process_time() - start < 60, "far slower than it should be (about 3 s)"
    assert "and 4900 more in the JSON report" in html


def test_agreement_that_is_no_evidence_is_not_called_evidence() -> None:
    weak = builders.finding(verdict=Verdict.NO_EVIDENCE)
    page = Page(render(builders.report(findings=(weak,)), "html"))
    assert "Strongest evidence" not in page.text
    assert "Strongest agreement, not counted as evidence" in page.text
    mixed = Page(render(builders.report(findings=(builders.finding("a.c"), weak)), "html"))
    assert mixed.text.split("Strongest evidence")[1].split("Where it lies")[0].count("src/hash.c") == 0
