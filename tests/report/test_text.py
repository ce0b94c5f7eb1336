from __future__ import annotations

import csv
import io
import re
import unicodedata

import pytest
from markdown_it import MarkdownIt
from rich.cells import cell_len

from simdetect.model import (
    Excerpt,
    Exclusion,
    ExclusionReason,
    FalsePositiveRate,
    Layer,
    LineSpan,
    Side,
    SkippedEntry,
    SkipReason,
    Verdict,
)
from simdetect.report import render
from simdetect.report.markdown import MAX_CHARS
from simdetect.report.safe import clip, clip_middle, code_lines, visible
from simdetect.report.words import percent
from tests import ROOT, builders

GOLDEN = ROOT / "fixtures" / "golden"
SGR = re.compile(r"\x1b\[[0-9;]*m")
hostile = pytest.mark.parametrize("text", builders.HOSTILE.values(), ids=builders.HOSTILE)


def unsafe_characters(text: str) -> set[str]:
    return {char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


def flat(text: str) -> str:
    return " ".join(text.split())


# --- golden --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", builders.golden_reports())
def test_golden_reports_are_unchanged(name: str) -> None:
    expected = (GOLDEN / name).read_bytes().decode()
    assert builders.golden_reports()[name] == expected, "python scripts/update_golden.py rewrites it"


# --- what it says --------------------------------------------------------------------------------------------------


def test_the_verdict_comes_first() -> None:
    assert render(builders.report(), "text").startswith("EVIDENCE FOUND  1 of 3 analysed candidate files shares")


def test_no_evidence_is_never_called_clean() -> None:
    summary = builders.summary(
        verdict=Verdict.NO_EVIDENCE, n_flagged_files=0, candidate_coverage=0.0, matched_tokens={}
    )
    text = flat(render(builders.report(summary=summary, findings=(builders.silent_finding(),)), "text"))
    assert text.startswith("NO EVIDENCE FOUND in 3 analysed candidate files. This does not mean “not memorised”.")
    assert "No evidence is not “not memorised”" in text
    assert "Findings" not in text


def test_inconclusive_says_so_with_the_reason() -> None:
    summary = builders.summary(verdict=Verdict.INCONCLUSIVE, reason="Nothing was analysed.", candidate_tokens=0)
    text = render(builders.report(summary=summary, findings=()), "text")
    assert text.startswith("INCONCLUSIVE  This scan cannot say either way.\nNothing was analysed.\n")


def test_a_missing_probability_is_explained_and_none_is_never_printed() -> None:
    for format in ("text", "markdown", "html"):
        text = render(builders.rich_report(), format)
        assert "Probability: not stated." in text
        assert "None" not in text


def test_a_probability_comes_with_its_false_positive_statement() -> None:
    summary = builders.summary(
        probability=0.97,
        log10_likelihood_ratio=1.51,
        likelihood_grade="moderate",
        population="rebuilt",
        threshold=0.2,
        threshold_rate=FalsePositiveRate(3, 1607, 0.005),
        false_positive_rate=FalsePositiveRate(2, 1607, 0.0047),
    )
    text = flat(render(builders.report(summary=summary), "text"))
    assert "at least 32 times as frequent" in text and "moderate support for derivation" in text
    assert "Probability of derivation at even prior odds: 97.0%." in text
    assert "2 of 1,607 independently rebuilt programs agree as much (95% bound 0.5%); 3 reach" in text


@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_the_ratio_its_rate_and_the_threshold_stand_on_every_first_screen(form: str) -> None:
    summary = builders.summary(
        verdict=Verdict.INCONCLUSIVE,
        probability=None,
        log10_likelihood_ratio=-0.4,
        population="people",
        threshold=0.2,
        threshold_rate=FalsePositiveRate(2, 255, 0.06),
        false_positive_rate=FalsePositiveRate(9, 255, 0.11),
    )
    text = flat(render(builders.report(summary=summary), form))
    assert "9 of 255 independent pairs" in text and "2 reach what counts as evidence" in text
    assert "even prior odds" not in text  # inconclusive has no probability


def test_percentages_say_of_what() -> None:
    text = flat(render(builders.report(), "text"))
    assert "10.4% of the candidate's 1,234 tokens" in text
    assert "1.2% of the original's 11,200 tokens" in text
    assert "32.0% of its 400 tokens" in text
    assert "(32.0% of the candidate file, 11.0% of the original file)" in text


def test_every_finding_names_file_and_line_on_both_sides() -> None:
    assert "src/hash.c:12-20  ↔  lib/table.c:40-48" in render(builders.report(), "text")


def test_with_several_originals_each_place_names_its_input() -> None:
    assert "[fork.tar.gz] src/list.c:9-17" in render(builders.rich_report(), "text")


def test_important_skips_come_before_routine_ones_and_name_examples() -> None:
    text = flat(render(builders.rich_report(), "text"))
    assert text.index("1 file too-large") < text.index("4 files not-code")
    assert "data/big.c (70,000,000 bytes, limit 67,108,864)" in text
    assert "README.md, notes/a.txt, notes/b.txt and 1 more" in text
    assert "src/util.c: compared as plain tokens (parse killed after 20 s)" in text


def test_full_detail_lists_every_skipped_file() -> None:
    assert "notes/c.txt" in render(builders.rich_report(), "text", detail="full")


def test_short_detail_is_the_verdict_alone() -> None:
    text = render(builders.report(), "text", detail="short")
    assert text.startswith("EVIDENCE FOUND") and builders.report().summary.reason in text
    assert len(text.splitlines()) <= 6


def test_many_findings_are_summed_up() -> None:
    findings = tuple(builders.finding(f"src/f{i:03}.c") for i in range(40))
    text = render(builders.report(findings=findings), "text")
    assert "Strongest 5 of 40 findings" in text and "Further findings (35)" in text and "and 30 more" in text


def test_a_match_in_an_unnamed_layer_still_shows() -> None:
    finding = builders.finding(matched_tokens={Layer.COMMENT: 9}, coverage={Layer.COMMENT: 0.1}, n_evidence=1)
    assert "comment 10.0%" in render(builders.report(findings=(finding,)), "text")


# --- width and colour ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [20, 40, 60, 89, 90, 100, 200])
def test_lines_fit_the_width(width: int) -> None:
    for line in render(builders.rich_report(), "text", width=width).splitlines():
        assert cell_len(line) <= max(width, 32)


def test_excerpts_stand_side_by_side_when_there_is_room_and_stacked_otherwise() -> None:
    wide, narrow = (render(builders.report(), "text", width=width) for width in (120, 70))
    assert re.search(r"14 +unsigned h = 2166136261u; +≠ 42 +unsigned acc", wide)
    assert "│" not in narrow and re.search(r"^ +42 +unsigned acc = 2166136261u;$", narrow, re.MULTILINE)


def test_colour_only_on_request_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"):
        monkeypatch.setenv(name, "1")
    assert "\x1b" not in render(builders.rich_report(), "text")
    colored = render(builders.rich_report(), "text", color=True)
    assert SGR.search(colored)
    assert [line.rstrip() for line in SGR.sub("", colored).splitlines()] == render(
        builders.rich_report(), "text"
    ).splitlines()


# --- hostile text --------------------------------------------------------------------------------------------------


@hostile
def test_nothing_but_text_reaches_the_terminal(text: str) -> None:
    report = builders.hostile_report(text)
    for width in (50, 110):
        plain = render(report, "text", width=width, detail="full")
        assert not unsafe_characters(plain)
        assert all(cell_len(line) <= width for line in plain.splitlines())
        colored = render(report, "text", width=width, color=True)
        assert not unsafe_characters(SGR.sub("", colored))
        assert len(plain) < 60_000


def test_rich_markup_is_literal() -> None:
    text = flat(render(builders.hostile_report("[red]x[/red] :smile: [/]"), "text", width=200))
    assert "[red]x[/red] :smile: [/]" in text


def test_control_characters_show_as_escapes() -> None:
    assert visible("a\x1b[31m\x9b\u202e\udc80\n") == "a\\x1b[31m\\x9b\\u202e\\udc80\\n"
    assert visible("plain é 漢") == "plain é 漢"
    assert visible("\U000e0041") == "\\U000e0041"


@hostile
def test_markdown_holds_no_markup_of_others(text: str) -> None:
    rendered = render(builders.hostile_report(text), "markdown")
    assert not unsafe_characters(rendered)
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered)
    inline = [child for token in tokens for child in token.children or ()]
    assert not any(token.type in ("image", "link_open") for token in (*tokens, *inline))
    folds = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"<details>\n<summary>[\w ,:]+</summary>|</details>", fold) for fold in folds)
    assert folds.count("</details>") == len(folds) // 2 == 2
    assert all(token.content == "<!-- -->" for token in inline if token.type == "html_inline")
    assert [token.type for token in tokens].count("heading_open") == 6  # verdict, findings, four lists
    assert len(rendered) <= MAX_CHARS
    assert {token.content for token in inline if token.type == "text" and "@user" in token.content} == set()


@hostile
def test_csv_cells_are_inert_and_complete(text: str) -> None:
    rendered = render(builders.hostile_report(text), "csv")
    assert not unsafe_characters(rendered)
    rows = list(csv.DictReader(io.StringIO(rendered)))
    assert len(rows) == 4
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    if text.isascii() and text.isprintable() and not text.startswith(("=", "-")) and len(text) < 1000:
        assert rows[0]["candidate"] == text


# --- small pieces --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.00001, "<0.1%"),
        (0.99999, ">99.9%"),
        (0.5, "50.0%"),
        (0.9994, "99.9%"),
        (0.0005, "0.1%"),
    ],
)
def test_percent_never_rounds_to_nothing_or_everything(share: float, expected: str) -> None:
    assert percent(share) == expected


def test_clipping_keeps_the_end_of_a_path() -> None:
    assert clip("abcdef", 4) == "abc…"
    assert clip_middle("aaaa/bbbb/cccc.c", 9) == "aaa…ccc.c"[:3] + "…" + "ccc.c"
    assert clip_middle("short", 9) == "short"


def test_code_lines_lose_common_indentation_only() -> None:
    assert code_lines(("\tif (x) {", "", "\t\ty();", "\t}"), 10, 40) == ["if (x) {", "", "    y();", "}"]


def test_a_skipped_entry_of_every_reason_has_words() -> None:
    rows = tuple(SkippedEntry(Side.ORIGINAL, 0, f"f-{reason}", reason, "") for reason in SkipReason)
    text = render(builders.report(skipped=rows), "text", detail="full")
    assert all(f"f-{reason}" in text for reason in SkipReason)


def test_when_nothing_was_compared_no_percentages_pretend_otherwise() -> None:
    empty = builders.summary(
        verdict=Verdict.INCONCLUSIVE, reason="", candidate_tokens=0, longest_match=0, matched_tokens={}
    )
    text = flat(render(builders.report(summary=empty, findings=()), "text"))
    assert "nothing could be compared: one side has no analysed code" in text
    assert "of the candidate's 0 tokens" not in text


def test_originals_are_counted_only_where_agreement_counts_and_a_cut_list_says_so() -> None:
    idle = builders.original_match(original="idle.c", matched_tokens=0, coverage=0.0, original_coverage=0.0)
    many = tuple(builders.original_match(original=f"{i}.c") for i in range(20))
    for originals, expected in (
        ((many[0], many[1], idle), "; also agrees with 1 other original file\n"),
        ((many[0], idle), "original file)\n"),
        (many, "; also agrees with at least 19 other original files\n"),
        ((idle,), "closest original: idle.c (nothing in common that counts)\n"),
    ):
        found = builders.finding(originals=originals)
        shown = render(builders.report(findings=(found,), settings={"max_originals": 20}), "text", width=200)
        assert expected in shown


def test_excluded_agreement_that_is_not_listed_is_not_counted_as_if_it_were_all() -> None:
    excluded = builders.evidence(excluded=Exclusion(ExclusionReason.COMMON, ""))
    for n_evidence, expected in ((1, "- common: 1 agreement, 64 tokens"), (9, "- common: at least 1 agreement, 64")):
        finding = builders.silent_finding(evidence=(excluded,), n_evidence=n_evidence)
        shown = render(builders.report(findings=(finding,)), "text")
        assert expected in shown
        assert "no agreement that counts" in shown


def test_a_file_of_one_line_is_shown_statement_by_statement() -> None:
    line = "function f(a){var b=a+1;return b*2}function g(c){if(c>3){return f(c)}return 0}"
    one_line = LineSpan(1, 1, 2001, 2080)
    piece = builders.evidence(
        candidate=one_line, original_span=one_line, excerpt=Excerpt(("…" + line,), ("…" + line,), 1, 1)
    )
    text = render(builders.report(findings=(builders.finding(evidence=(piece,)),)), "text", width=100)
    assert "var b=a+1;" in text and "return b*2}" in text and "if(c>3){" in text
