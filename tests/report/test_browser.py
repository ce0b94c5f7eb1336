"""The HTML report in a real browser: what a reader clicks, what an attacker would like to run."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import simdetect
from simdetect.model import (
    Evidence,
    Layer,
    LineSpan,
    ScanReport,
    SharedText,
    SourceTree,
    TextKind,
)
from simdetect.report import FORMATS, render
from simdetect.report.html import render_html
from simdetect.report.safe import visible
from simdetect.report.source_texts import SourceTexts, without_source
from tests import DEMO, builders
from tests.browser import Visit, launched
from tests.report.large import many_files, several

Visiting = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with launched() as found:
        yield found


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Visiting]:
    """Open a report: visit(report, texts, ...context of the browser)."""
    visits: list[Visit] = []

    def open_page(report: ScanReport, texts: SourceTexts | None = None, fragment: str = "", **context: Any) -> Visit:
        path = tmp_path / f"report{len(visits)}.html"
        path.write_text(render_html(report, texts), encoding="utf-8")
        visits.append(Visit(browser, path, fragment, **context))
        return visits[-1]

    yield open_page
    for visited in visits:
        visited.close()


@pytest.fixture(scope="session")
def demo() -> tuple[ScanReport, SourceTexts]:
    """The bundled pair, really scanned."""
    kept: list[SourceTexts] = []

    def keep(own: SourceTree, theirs: Any) -> None:
        kept.append(SourceTexts.of(own, theirs))

    with simdetect.Scanner() as scanner:
        report = scanner.scan(DEMO / "submission", DEMO / "original", on_sources=keep)
    return report, kept[0]


# --- the table -----------------------------------------------------------------------------------------------------


def test_a_click_on_a_heading_sorts_and_a_second_one_reverses(visit: Visiting) -> None:
    page = visit(*several())
    before = page.rows()
    page.page.click("th[data-key=tokens] button")
    tokens = shown_tokens(page)
    assert tokens == sorted(tokens, reverse=True) and page.rows() != before
    assert page.page.get_attribute("th[data-key=tokens]", "aria-sort") == "descending"
    page.page.click("th[data-key=tokens] button")
    assert page.page.get_attribute("th[data-key=tokens]", "aria-sort") == "ascending"
    assert shown_tokens(page) == tokens[::-1]
    page.page.click("th[data-key=path] button")
    assert page.rows() == sorted(page.rows())
    assert page.page.get_attribute("th[data-key=tokens]", "aria-sort") is None


def test_the_table_sorts_by_score(visit: Visiting) -> None:
    page = visit(*several())
    page.page.click("th[data-key=score] button")
    scores = [float(text) for text in page.page.locator("#table tbody td[data-label=Score]").all_inner_texts()]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) > 2


def test_what_two_languages_share_is_framed_on_both_sides_as_each_writes_it(visit: Visiting) -> None:
    item = SharedText("own1_3", 20.0, 3, 5, "their1_5", TextKind.NAME)
    piece = builders.evidence(
        Layer.TRANSLATED, 3, 5, original="lib/1.c", items=(item,), candidate_unit="read_it", original_unit="readIt"
    )
    report, texts = several(2)
    finding = replace(report.findings[1], evidence=(piece,), n_evidence=1)
    page = visit(replace(report, findings=(report.findings[0], finding)), texts)
    page.open(2)
    assert "read_it ↔ readIt" in page.page.inner_text("#pieces")
    assert page.page.locator("#candidate .s").all_inner_texts() == ["own1_3"]
    assert page.page.locator("#original .s").all_inner_texts() == ["their1_5"]


def shown_tokens(page: Visit) -> list[int]:
    return [int(text) for text in page.page.locator("#table tbody td[data-label=Tokens]").all_inner_texts()]


def test_filters_narrow_the_table_and_say_how_many_are_left(visit: Visiting) -> None:
    page = visit(*several())
    assert "6 of 6 files" in page.page.inner_text("#shown")
    page.page.fill("#filter-text", "lib/1")
    assert page.rows() == ["src/b1.c", "src/e4.c"]
    page.page.select_option("#filter-verdict", "evidence")
    assert page.rows() == ["src/e4.c"] and "1 of 1 files" in page.page.inner_text("#shown")
    page.page.fill("#filter-text", "nothing like it")
    assert page.rows() == []
    page.page.fill("#filter-text", "")
    page.page.select_option("#filter-verdict", "")
    page.page.select_option("#filter-review", "new")
    assert len(page.rows()) == 6
    page.page.select_option("#filter-review", "")
    page.page.select_option("#filter-kind", "excluded")
    assert len(page.rows()) == 6
    page.page.select_option("#filter-kind", "")
    page.page.check("#filter-silent")
    assert page.rows()[-1] == "quiet/main.c" and len(page.rows()) == 7


def test_a_long_table_shows_more_on_demand(visit: Visiting) -> None:
    page = visit(*several(150))
    assert len(page.rows()) == 100
    page.page.click("#more")
    assert len(page.rows()) == 150 and not page.page.is_visible("#more")


# --- the code view -------------------------------------------------------------------------------------------------


def lines_of(piece: Evidence) -> tuple[set[int], set[int]]:
    """The lines of a piece on both sides: all of its span, or those of the texts that it consists of."""
    if piece.items:
        return {item.candidate_line for item in piece.items}, {item.original_line for item in piece.items}
    spans = (piece.candidate, piece.original_span)
    own, theirs = (set(range(span.start_line, span.end_line + 1)) for span in spans)
    return own, theirs


def check_every_piece(page: Visit, report: ScanReport) -> int:
    """Open every finding and every piece of its evidence; both sides must highlight exactly its lines."""
    n_checked = 0
    agreeing = [finding for finding in report.findings if finding.evidence]
    for file, finding in enumerate(agreeing, 1):
        for number, piece in enumerate(finding.evidence, 1):
            page.open(file, number)
            for side, expected in zip(("candidate", "original"), lines_of(piece), strict=True):
                shown = page.chosen(side)
                assert shown, f"{finding.candidate} {number}: nothing is highlighted on the side of the {side}"
                assert set(shown) <= expected and {min(expected)} <= set(shown)
                first = page.page.locator(f"#{side} .l.chosen").first
                assert first.is_visible()
            n_checked += 1
    return n_checked


def test_every_finding_opens_and_both_sides_highlight_the_same_span(visit: Visiting) -> None:
    report, texts = several()
    assert check_every_piece(visit(report, texts), report) == 6 * len(Layer)


def test_every_finding_of_a_real_scan_opens_at_its_lines(visit: Visiting, demo: tuple[ScanReport, SourceTexts]) -> None:
    page = visit(*demo)
    assert check_every_piece(page, demo[0]) >= 30
    assert page.complaints == []


def test_a_click_in_the_table_opens_the_code_and_escape_leads_back(visit: Visiting) -> None:
    page = visit(*several())
    page.page.click("#table tbody a >> nth=1")
    page.wait(2, 1)
    assert page.page.inner_text("#viewer-title") == "src/b1.c"
    assert "review: accepted (A. Reviewer): same author" in page.page.inner_text("#now")
    page.page.keyboard.press("Escape")
    page.page.wait_for_selector("#viewer", state="hidden")
    assert page.page.evaluate("document.activeElement.getAttribute('href')") == "#file-2"


def test_keys_lead_from_span_to_span_and_from_file_to_file(visit: Visiting) -> None:
    page = visit(*several(), fragment="#file-1")
    page.wait(1, 1)
    for key, expected in (("n", (1, 2)), ("j", (1, 3)), ("p", (1, 2)), ("]", (2, 1)), ("n", (2, 2)), ("[", (1, 1))):
        page.page.keyboard.press(key)
        page.wait(*expected)
    page.page.keyboard.press("p")
    assert page.page.is_disabled("#previous-piece") and page.page.is_disabled("#previous-file")


def test_buttons_do_what_the_keys_do(visit: Visiting) -> None:
    page = visit(*several(), fragment="#file-1")
    page.wait(1, 1)
    for button, expected in (("#next-piece", (1, 2)), ("#previous-piece", (1, 1)), ("#next-file", (2, 1))):
        page.page.click(button)
        page.wait(*expected)
    page.page.click("#pieces li:nth-child(4) button")
    page.wait(2, 4)
    page.page.click("#close")
    page.page.wait_for_selector("#viewer", state="hidden")


def test_next_file_follows_the_table_as_it_is_sorted_and_filtered(visit: Visiting) -> None:
    page = visit(*several())
    page.page.select_option("#filter-verdict", "evidence")
    page.page.click("th[data-key=path] button")
    page.page.click("th[data-key=path] button")
    assert page.rows() == ["src/e4.c", "src/c2.c", "src/a0.c"]
    page.page.click("#table tbody a >> nth=0")
    page.wait(5, 1)
    page.page.keyboard.press("]")
    page.wait(3, 1)


def test_a_click_on_marked_code_chooses_its_evidence_on_both_sides(visit: Visiting) -> None:
    report, texts = several()
    page = visit(report, texts, fragment="#file-1-1")
    page.wait(1, 1)
    third = report.findings[0].evidence[2]
    page.page.click(f"#candidate .l[data-line='{third.candidate.end_line}']")
    page.wait(1, 3)
    assert page.chosen("original")[0] == third.original_span.start_line
    fourth = report.findings[0].evidence[3]
    page.page.click(f"#original .l[data-line='{fourth.original_span.end_line}']")
    page.wait(1, 4)
    assert page.chosen("candidate")[0] == fourth.candidate.start_line


def test_the_minimap_leads_to_the_place_that_is_clicked(visit: Visiting) -> None:
    page = visit(*several(), fragment="#file-1-1")
    page.wait(1, 1)
    box = page.page.locator("#candidate .minimap").bounding_box()
    page.page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 3)
    assert page.page.evaluate("document.querySelector('#candidate pre').scrollTop") > 1000


def test_scrolling_one_side_brings_the_other_along_unless_told_not_to(visit: Visiting) -> None:
    page = visit(*several(), fragment="#file-1-1")
    page.wait(1, 1)
    page.page.hover("#candidate pre")
    scroll = "document.querySelector('#original pre').scrollTop"
    before = page.page.evaluate(scroll)
    page.page.mouse.wheel(0, 380)
    for _ in range(50):
        page.page.wait_for_timeout(50)
        if page.page.evaluate(scroll) > before + 200:
            break
    else:
        pytest.fail("the original's side did not follow")
    page.page.uncheck("#sync")
    page.page.hover("#candidate pre")
    before = page.page.evaluate(scroll)
    page.page.mouse.wheel(0, 190)
    page.page.wait_for_timeout(200)
    assert page.page.evaluate(scroll) == before


def test_words_that_differ_are_marked_on_both_sides_and_lines_without_counterpart_too(visit: Visiting) -> None:
    own = b"int total = 0;\nfor (i = 0; i < n; i++) {\n  total += price[i];\n}\nlog_it(total);\nreturn total;\n"
    theirs = b"int sum = 0;\nfor (i = 0; i < n; i++) {\n  sum += price[i];\n}\nreturn sum;\n"
    piece = builders.evidence(
        Layer.RENAMED, candidate=LineSpan(1, 6), original_span=LineSpan(1, 5), excerpt=None, original="lib/table.c"
    )
    report = builders.report(findings=(builders.finding(evidence=(piece,), n_evidence=1),))
    page = visit(report, SourceTexts({"src/hash.c": own}, ({"lib/table.c": theirs},)), fragment="#file-1-1")
    page.wait(1, 1)
    assert page.page.locator("#candidate .d").all_inner_texts() == ["total"] * 3
    assert page.page.locator("#original .d").all_inner_texts() == ["sum"] * 3
    alone = page.page.locator(".l.alone").all_inner_texts()
    assert len(alone) == 1 and "log_it" in alone[0]


def test_shared_texts_are_marked_where_they_stand(visit: Visiting) -> None:
    items = (SharedText("frobnicate", 20.0, 2, 3), SharedText("quux_table", 15.0, 4, 1))
    piece = builders.evidence(
        Layer.NAME, candidate=LineSpan(2, 4), original_span=LineSpan(1, 3), original="lib/table.c", items=items
    )
    report = builders.report(findings=(builders.finding(evidence=(piece,), n_evidence=1),))
    own = b"int a;\nfrobnicate(a);\nint b;\nuse(quux_table);\n"
    theirs = b"int quux_table[3];\nint c;\nint frobnicate(int);\n"
    page = visit(report, SourceTexts({"src/hash.c": own}, ({"lib/table.c": theirs},)), fragment="#file-1-1")
    page.wait(1, 1)
    assert page.chosen("candidate") == [2, 4] and page.chosen("original") == [1, 3]
    assert page.page.locator("#candidate .s").all_inner_texts() == ["frobnicate", "quux_table"]
    assert page.page.locator("#original .s").all_inner_texts() == ["quux_table", "frobnicate"]


def test_lines_of_another_structure_are_compared_word_by_word(visit: Visiting) -> None:
    own = b"int a;\nreturn find(path), path != nil;\nint b;\n"
    theirs = b"int a;\nreturn string(find(path)), path != nil;\nint b;\n"
    piece = builders.evidence(candidate=LineSpan(1, 3), original_span=LineSpan(1, 3), original="lib/table.c")
    report = builders.report(findings=(builders.finding(evidence=(piece,), n_evidence=1),))
    page = visit(report, SourceTexts({"src/hash.c": own}, ({"lib/table.c": theirs},)), fragment="#file-1-1")
    page.wait(1, 1)
    assert page.page.locator("#candidate .d").count() == 0
    assert page.page.locator("#original .d").all_inner_texts() == ["string(", ")"]
    assert page.page.locator(".l.alone").count() == 0


def test_without_sources_excerpts_are_shown_at_their_lines_and_gaps_are_named(visit: Visiting) -> None:
    page = visit(builders.report(), fragment="#file-1-1")
    page.wait(1, 1)
    assert page.chosen("candidate") == list(range(12, 21))
    assert "the rest of this file is not in this report" in page.page.inner_text("#candidate pre")
    bare = visit(without_source(builders.report()), fragment="#file-1-1")
    bare.wait(1, 1)
    assert "The code of this file is not in this report" in bare.page.inner_text("#candidate pre")
    assert "candidate lines 12-20, original lines 40-48" in bare.page.inner_text("#now")


def test_the_search_of_the_browser_finds_lines_that_were_not_scrolled_to(
    visit: Visiting, demo: tuple[ScanReport, SourceTexts]
) -> None:
    page = visit(*demo, fragment="#file-1-1")
    page.wait(1, 1)
    n_lines = demo[1].candidate["main.c"].count(b"\n")
    assert n_lines > 600, "more than the first chunks"
    for _ in range(100):
        if page.page.locator("#candidate .l[data-line]").count() == n_lines:
            break
        page.page.wait_for_timeout(50)
    assert page.page.locator("#candidate .l[data-line]").count() == n_lines


def test_a_decision_can_be_copied_as_toml(visit: Visiting) -> None:
    from simdetect.report.review import parse_decisions

    report, texts = several()
    page = visit(report, texts, fragment="#file-1-2")
    page.wait(1, 2)
    text = page.page.input_value("#decision")
    parsed = parse_decisions(text.replace('reason = ""', 'reason = "known"'), "x")
    assert parsed.entries[0].fingerprint == report.findings[0].evidence[1].fingerprint


def test_all_that_counts_in_a_file_can_be_decided_at_once(visit: Visiting) -> None:
    from simdetect.report.review import parse_decisions

    report, texts = several()
    page = visit(report, texts, fragment="#file-2-1")
    page.wait(2, 1)
    page.page.click("#extras summary:has-text('Decide')")
    page.page.check("#decide-all")
    parsed = parse_decisions(page.page.input_value("#decision").replace('reason = ""', 'reason = "known"'), "x")
    open_pieces = [piece for piece in report.findings[1].evidence if not piece.excluded and not piece.review]
    assert {entry.fingerprint for entry in parsed.entries} == {piece.fingerprint for piece in open_pieces}


# --- the first screen ----------------------------------------------------------------------------------------------


def test_every_statement_of_the_first_screen_leads_to_code_by_at_most_two_clicks(
    visit: Visiting, demo: tuple[ScanReport, SourceTexts]
) -> None:
    for report, texts in (demo, several()):
        page = visit(report, texts)
        links = [link.get_attribute("href") for link in page.page.locator(".verdict a").all()]
        statements = page.page.locator(".verdict .cards a").count()
        assert statements == 5 and len(links) >= 7
        for index, href in enumerate(links):
            if href == "#skipped":
                continue  # what was not analysed has no code to show
            page.page.locator(".verdict a").nth(index).click()
            if not page.page.is_visible("#viewer"):
                page.page.wait_for_timeout(50)
            if not page.page.is_visible("#viewer"):
                second_click(page, href or "")
            page.page.wait_for_selector("#viewer[data-ready] .l.chosen")
            page.page.keyboard.press("Escape")
            page.page.wait_for_selector("#viewer", state="hidden")
        for index in range(page.page.locator("main .piece a.open").count()):
            page.page.locator("main .piece a.open").nth(index).click()
            page.page.wait_for_selector("#viewer[data-ready] .l.chosen")
            page.page.keyboard.press("Escape")
            page.page.wait_for_selector("#viewer", state="hidden")


def second_click(page: Visit, href: str) -> None:
    """The first visible link to code in the section that a link of the first screen leads to."""
    section = page.page.locator("section", has=page.page.locator(f"h2{href}"))
    link = section.locator("a[href^='#file-']:visible").first
    link.click()


def test_what_differs_in_the_excerpts_of_the_first_screen_is_underlined(visit: Visiting) -> None:
    page = visit(builders.report())
    words = page.page.evaluate("[...CSS.highlights.get('differs')].map(range => range.toString())")
    assert {"hash_key", "tbl_hash", "h", "acc", "len", "n"} <= set(words)
    assert not {"static", "unsigned", "16777619u"} & set(words)
    assert page.page.is_visible(".underlined")


def test_files_with_evidence_leads_to_exactly_those(visit: Visiting) -> None:
    page = visit(*several())
    page.page.click(".cards a[href='#findings']")
    assert page.rows() == ["src/a0.c", "src/c2.c", "src/e4.c"]


# --- hostile names and contents ------------------------------------------------------------------------------------

PAYLOAD = "<img src=x onerror=alert(1)>.c"


@pytest.mark.parametrize("text", builders.HOSTILE.values(), ids=builders.HOSTILE)
def test_hostile_names_and_contents_run_nothing_and_ask_for_nothing(visit: Visiting, text: str) -> None:
    report = builders.hostile_report(text)
    code = f"{text}\n{text}\n".encode("utf-8", "surrogateescape") * 40
    page = visit(report, SourceTexts({text: code}, ({text: code}, {text: code})), fragment="#file-1-1")
    page.wait(1, 1)
    page.page.keyboard.press("n")
    page.wait(1, 2)
    shown = visible(text)
    if 0 < len(shown) < 150 and shown.strip() == shown and "  " not in shown:
        assert page.page.text_content("#viewer-title") == shown
    page.page.keyboard.press("Escape")
    page.page.check("#filter-silent")
    assert page.complaints == []
    assert [url.split("#")[0] for url in page.requests] == [page.url]
    assert page.page.evaluate("document.images.length + document.scripts.length") == 1 + 2 + len(
        page.page.query_selector_all("script[id^=data-code]")
    )


def hostile_tree(folder: Path, code: str) -> int:
    """A file for each hostile text: named by it as far as a file system allows, with it in comment, string and code."""
    for number, text in enumerate(builders.HOSTILE.values()):
        name = text.replace("/", "_").replace("\0", "_")
        name = name if 0 < len(name.encode("utf-8", "surrogateescape")) < 240 and name.strip() else f"plain {number}"
        name = name if name.endswith(".c") else f"{name}.c"
        path = os.fsencode(folder) + b"/" + name.encode("utf-8", "surrogateescape")
        body = f'/* {text} */\nconst char *s{number} = R"({text})";\n{code}\n// {text}\n{text}\n'
        with open(path, "wb") as file:  # noqa: PTH123 - a name of bytes
            file.write(body.encode("utf-8", "surrogateescape"))
    return len(builders.HOSTILE)


def test_a_real_scan_of_hostile_files_shows_text_in_every_format(visit: Visiting, tmp_path: Path) -> None:
    code = (DEMO / "original" / "src" / "parse.c").read_text()
    folder = tmp_path / "candidate"
    folder.mkdir()
    n_files = hostile_tree(folder, code)
    assert n_files >= 30
    kept: list[SourceTexts] = []

    def keep(own: SourceTree, theirs: Any) -> None:
        kept.append(SourceTexts.of(own, theirs))

    with simdetect.Scanner() as scanner:
        report = scanner.scan(folder, DEMO / "original", on_sources=keep)
    assert len(report.findings) + sum(entry.side == "candidate" for entry in report.skipped) == n_files
    agreeing = [finding for finding in report.findings if finding.evidence]
    assert len(agreeing) >= 25
    for format in FORMATS:
        shown = render(report, format, texts=kept[0], detail="full")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown), format
    page = visit(report, kept[0])
    for number in range(1, len(agreeing) + 1):
        page.open(number)
        assert page.chosen("candidate") and page.chosen("original")
    assert page.complaints == []
    assert [url.split("#")[0] for url in page.requests] == [page.url]


def test_a_report_without_findings_is_a_page_too(visit: Visiting) -> None:
    page = visit(builders.report(findings=(), skipped=()))
    assert page.complaints == [] and page.page.is_visible("#reach")


def test_a_file_that_is_named_like_markup_is_shown_by_its_name(visit: Visiting) -> None:
    payload = f"/* </script><script>alert(2)</script> {PAYLOAD} */ int x;\n"
    report = builders.hostile_report(PAYLOAD)
    page = visit(report, SourceTexts({PAYLOAD: payload.encode() * 60}, ({}, {})), fragment="#file-1-1")
    page.wait(1, 1)
    assert payload.strip() in page.page.inner_text("#candidate pre")
    assert page.page.inner_text("#viewer-title") == PAYLOAD
    assert page.complaints == []


def test_the_policy_stops_what_would_slip_through(visit: Visiting) -> None:
    """The last line of defence, tried from inside the page: markup, handlers, inline script and requests."""
    page = visit(*several())
    attempts = page.page.evaluate(
        """async () => {
          const blocked = [];
          const attempt = async (name, action) => { try { await action(); } catch { blocked.push(name); } };
          await attempt("markup", () => { document.body.innerHTML = "<b>x</b>"; });
          await attempt("eval", () => eval("1"));
          await attempt("request", () => fetch("https://example.invalid/"));
          const script = document.createElement("script");
          await attempt("script", () => { script.textContent = "window.owned = 1"; document.body.append(script); });
          await attempt("handler", () => document.body.setAttribute("onclick", "window.owned = 2"));
          document.body.click();
          const image = new Image(); image.src = "https://example.invalid/x.png"; document.body.append(image);
          await new Promise((done) => { image.onerror = done; image.onload = done; setTimeout(done, 500); });
          return { blocked, owned: window.owned ?? null };
        }"""
    )
    assert attempts["owned"] is None
    assert {"markup", "request", "handler"} <= set(attempts["blocked"])
    assert [url for url in page.requests if "example.invalid" in url and not refused(page, url)] == []


def refused(page: Visit, url: str) -> bool:
    return any("Content Security Policy" in line and url.split("/")[2] in line for line in page.complaints)


# --- for everybody -------------------------------------------------------------------------------------------------


def axe_violations(page: Visit) -> list[str]:
    """Serious and critical faults that axe-core finds on what is visible."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page.page).response["violations"]
    return [
        f"{fault['id']}: {[node['target'] for node in fault['nodes']][:3]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
def test_axe_finds_no_serious_fault(visit: Visiting, scheme: str, width: int) -> None:
    context = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "bypass_csp": True}
    page = visit(*several(), **context)
    assert axe_violations(page) == []
    for piece in (1, 2, 7):
        page.open(2, piece)
        assert axe_violations(page) == []
    assert axe_violations(visit(builders.rich_report(), **context)) == []


@pytest.mark.parametrize("width", [400, 700, 1400, 2400])
def test_no_page_is_wider_than_its_window(visit: Visiting, width: int) -> None:
    page = visit(*several(), viewport={"width": width, "height": 850})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    page.open(1, 1)
    assert page.page.evaluate("document.querySelector('#viewer').scrollWidth") <= width
    assert page.page.locator("#candidate .l.chosen").first.is_visible()
    assert page.page.locator("#original .l.chosen").first.is_visible()


def test_without_a_script_the_evidence_is_still_there(visit: Visiting) -> None:
    page = visit(builders.rich_report(), java_script_enabled=False)
    assert page.page.is_visible("#evidence") and not page.page.is_visible("#filters")
    assert page.page.inner_text("#file-1 pre >> nth=0").count("2166136261") == 1


def test_print_shows_the_evidence_and_no_controls(visit: Visiting) -> None:
    page = visit(builders.rich_report())
    assert not page.page.is_visible("#evidence")
    page.page.emulate_media(media="print")
    assert page.page.is_visible("#evidence") and not page.page.is_visible("#filters")
    text = page.page.inner_text("body")
    assert "unsigned acc = 2166136261u;" in text and "Compare in full" not in text
    assert page.page.pdf().startswith(b"%PDF")


# --- size ----------------------------------------------------------------------------------------------------------

SORT_AND_FILTER = (
    "document.querySelector('th[data-key=longest] button').click()",
    "document.querySelector('th[data-key=path] button').click()",
    "document.querySelector('#filter-silent').click()",
    "(() => { const box = document.querySelector('#filter-text'); box.value = '77';"
    " box.dispatchEvent(new Event('input', { bubbles: true })); })()",
)
MOST_ROWS = 100  # of the table, until somebody asks for more
ELEMENTS = "document.querySelectorAll('body *:not(script)').length"


def touched(page: Visit, action: str) -> int:
    """How many nodes an action puts into the document."""
    count = "seen.takeRecords().reduce((n, change) => n + change.addedNodes.length, 0)"
    watch = "const seen = new MutationObserver(() => {}); seen.observe(document, { childList: true, subtree: true });"
    return int(page.page.evaluate(f"() => {{ {watch} {action}; return {count}; }}"))


def test_the_document_does_not_grow_with_the_files_of_a_report(visit: Visiting, tmp_path: Path) -> None:
    """How long it takes to paint, load, sort and filter ten thousand files: make measure."""
    fewer, page = visit(*many_files(2000)), visit(*many_files(10_000))
    sizes = [(tmp_path / f"report{i}.html").stat().st_size for i in (0, 1)]
    assert sizes[1] < 15_000_000 and sizes[1] < 5 * sizes[0]
    assert page.page.evaluate(ELEMENTS) == fewer.page.evaluate(ELEMENTS) < 10_000
    assert len(page.rows()) == len(fewer.rows()) == MOST_ROWS
    for action in SORT_AND_FILTER:
        assert touched(page, action) <= MOST_ROWS + 10
        assert 0 < len(page.rows()) <= MOST_ROWS
    assert all("77" in row for row in page.rows())
    assert page.page.evaluate(ELEMENTS) < 10_000
    page.open(900)
    assert re.search(r"value_\d+", page.page.inner_text("#candidate .l.chosen >> nth=0"))
