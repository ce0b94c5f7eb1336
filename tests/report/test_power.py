"""The report on planted functions in every format: what it says, and that nothing from outside becomes markup."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from simdetect import OptionsError, Verdict
from simdetect.model import PowerReport, PowerRow
from simdetect.report import render_power
from simdetect.report.power.json import power_json_schema
from tests import builders

REPORT = builders.power_report()
(TENTH,) = REPORT.rows
FORMATS = ("text", "json", "markdown")


def flat(report: PowerReport, format: str) -> str:
    return " ".join(render_power(report, format).split())


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_silence_is_put_in_words(format: str) -> None:
    said = (
        "If a tenth of the candidate had been recalled verbatim, this scan would have said so in 97 of 100 trials"
        " (95% interval 91 to 99%), and shown where in 100."
    )
    text = flat(REPORT, format)
    assert said in text
    assert "97 of 100 (91-99%)" in text and "53 functions" in text and "seed 7" in text
    assert "upstream" in text and "no evidence" in text


def test_of_a_scan_that_is_evidence_only_what_is_found_is_said() -> None:
    text = flat(replace(REPORT, verdict=Verdict.EVIDENCE), "text")
    assert "said so" not in text
    assert "would have shown where in 100 of 100 trials" in text


@pytest.mark.parametrize("format", FORMATS)
def test_where_nothing_can_be_planted_the_reason_stands_in_every_format(format: str) -> None:
    reason = "The candidate has code in go, the original in rust."
    text = flat(replace(REPORT, rows=(), reason=reason), format)
    assert reason in text and "97 of 100" not in text


@pytest.mark.parametrize("rows", [(TENTH,), ()])
def test_the_json_fits_its_schema(rows: tuple[PowerRow, ...]) -> None:
    data = json.loads(render_power(replace(REPORT, rows=rows, warnings=("a",)), "json"))
    jsonschema.Draft202012Validator(power_json_schema()).validate(data)
    assert data["schema"] == "simdetect.power/1"


def test_labels_from_outside_are_inert() -> None:
    evil = builders.input_summary("\x1b[31m<b>|`x`\n# heading")
    report = replace(REPORT, candidate=evil, originals=(evil,), warnings=("\x1b]0;x\x07",))
    for format in FORMATS:
        text = render_power(report, format)
        assert "\x1b" not in text and "\n# heading" not in text
    assert "<b>" not in render_power(report, "markdown").replace("\\<b\\>", "")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(OptionsError, match="planted trials"):
        render_power(REPORT, "html")
