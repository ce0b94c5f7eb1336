"""One call for any harness: a verdict, a sentence, a number."""

from __future__ import annotations

import simdetect
from simdetect import ScanOptions
from tests import DEMO


def test_a_candidate_is_judged_in_one_call() -> None:
    judged = simdetect.judge(DEMO / "submission", DEMO / "original")
    assert (judged.verdict, judged.score) == ("evidence", 0.0)
    assert judged.report.settings["setting"] == "black-box"
    assert judged.explanation == judged.report.summary.reason


def test_several_originals_and_other_settings_are_taken() -> None:
    options = ScanOptions(setting="open")
    judged = simdetect.judge(DEMO / "independent", [DEMO / "original", DEMO / "submission"], options=options)
    assert judged.report.settings["setting"] == "open" and len(judged.report.originals) == 2


def test_what_was_given_takes_part() -> None:
    judged = simdetect.judge(DEMO / "submission", DEMO / "original", given=[DEMO / "original"])
    assert judged.verdict != "evidence" and judged.score != 0.0
