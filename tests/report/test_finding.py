from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from simdetect.errors import InputError
from simdetect.model import Layer, LineSpan
from simdetect.report.finding import render_finding
from simdetect.report.source_texts import SourceTexts, without_source
from tests import builders

OWN = "int total = 0;\nfor (i = 0; i < n; i++)\n  total += price[i];\nlog_it(total);\nreturn total;\n"
THEIRS = "int sum = 0;\nfor (i = 0; i < n; i++)\n  sum += price[i];\nreturn sum;\n"


def test_lines_stand_in_step_with_a_sign_for_what_differs() -> None:
    piece = builders.evidence(Layer.RENAMED, candidate=LineSpan(1, 5), original_span=LineSpan(1, 4))
    report = builders.report(findings=(builders.finding(evidence=(piece,), n_evidence=1),))
    texts = SourceTexts({"src/hash.c": OWN.encode()}, ({"lib/table.c": THEIRS.encode()},))
    text = render_finding(report, 1, texts)
    rows = [re.split(r" [│≠] |  {6,}", line.strip()) for line in text.splitlines() if re.match(r" +\d+ ", line)]
    assert len(rows) == 5
    assert re.search(r"1 int total = 0; +≠ 1 int sum = 0;", text)
    assert re.search(r"2 for \(i = 0; i < n; i\+\+\) +│ 2 for", text)
    assert re.search(r"4 log_it\(total\);\n", text)
    assert re.search(r"5 return total; +≠ 4 return sum;", text)


def test_without_sources_the_excerpt_is_shown_and_without_that_how_to_see_it() -> None:
    text = render_finding(builders.report(), 1)
    assert "unsigned h = 2166136261u;" in text and "unsigned acc = 2166136261u;" in text
    assert text.count("(no code in this report; --candidate and --original show it)") == 1
    assert "2166136261" not in render_finding(without_source(builders.report()), 1)
    assert "fingerprint 00000000000c0028" in text


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_finding_that_is_not_there_is_an_error_that_says_which_are(number: int) -> None:
    with pytest.raises(InputError, match=f"no finding {number}: they are numbered 1 to 1"):
        render_finding(builders.report(), number)
    with pytest.raises(InputError, match="the report has none"):
        render_finding(builders.report(findings=()), 1)


@pytest.mark.parametrize("width", [20, 60, 100, 200])
@pytest.mark.parametrize("text", builders.HOSTILE.values(), ids=builders.HOSTILE)
def test_hostile_names_and_code_stay_inside_the_width_and_send_no_control(text: str, width: int) -> None:
    code = f"{text}\n{text}\n".encode("utf-8", "surrogateescape") * 30
    texts = SourceTexts({text: code}, ({text: code}, {text: code}))
    shown = render_finding(builders.hostile_report(text), 1, texts, width=width)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)
    assert max(cell_len(line) for line in shown.splitlines()) <= max(width, 32)
    coloured = render_finding(builders.hostile_report(text), 1, texts, width=width, color=True)
    assert not re.sub(r"\x1b\[[0-9;]*m", "", coloured).count("\x1b")
