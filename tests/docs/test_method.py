"""docs/method.md says what the code and the shipped numbers say."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

import simdetect
from simdetect.judging import verdict
from simdetect.judging.calibration import load_calibration
from simdetect.training import fit as calibrate
from simdetect.weighing import background, limits, surprise, whole
from simdetect.weighing.background import load_background
from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import build_background
import update_method

METHOD = (ROOT / "docs" / "method.md").read_text()


def test_parts_that_come_from_shipped_numbers_are_up_to_date() -> None:
    """When this fails: make golden. After a new calibration also update_method.py OUT/summary.md, and read the text."""
    assert update_method.updated(METHOD) == METHOD
    assert f"those of calibration `{load_calibration().id}`" in METHOD


def test_figures_are_taken_from_a_summary() -> None:
    text = update_method.updated(METHOD, {"figures": "| all | 1 |"})
    assert "figures: written by scripts/update_method.py -->\n\n| all | 1 |\n\n<!-- end of figures" in text


def test_constants_are_those_of_the_code() -> None:
    flat = " ".join(METHOD.split())
    for words in (
        f"(n4 + {background._UNSEEN_GRAM}) / (max(n3, n4) + {background._CONTEXT:.0f})",
        f"(N + {background._NAME_MASS:.0f}) / (n + 1)",
        f"0 to {background._MAX_STRUCTURE_BITS:.0f}; n4",
        f"0 to {background._MAX_NAME_BITS:.0f}; names",
        f"{surprise._NAME_WEIGHT} * sum of names + {limits.LITERAL_WEIGHT} * sum of literals",
        f"by {surprise._REPEAT} at each repetition",
        f"{limits.AGAIN_BITS} bits at each repetition",
        f"(consistency - {surprise._CHANCE}) / {1 - surprise._CHANCE}, at least {surprise._LEAST_SCALE}",
        f"under **{limits.FLOOR_BITS:.0f} bits**",
        f"at least {whole.LEAST_TOKENS} tokens, and {whole.WHOLE_SHARE} of the longer",
        f"fewer than {limits.AGREEMENT_BITS:.0f} bits, that share in proportion",
        f"1 in {calibrate._REGION_PART / 0.005:,.0f} independent files have in one",
        f"fewer than {verdict.ENOUGH_TOKENS} tokens",
        f"at most {build_background.CAP} occurrences",
        f"is {build_background.DUPLICATE_JACCARD} or more",
        f"files under {build_background.MIN_TOKENS} tokens",
        f"an identical run of {simdetect.ScanOptions().minimum_detectable_tokens} normalised tokens",
    ):
        assert words in flat, words


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """The table of the worked example."""
    section = METHOD.split("### A worked example")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| .*$", section, re.M)][2:]


def test_the_worked_example_adds_up(rows: list[list[str]]) -> None:
    model = load_background("c")
    n4, n3 = np.array([[float(row[1]), float(row[2])] for row in rows]).T
    structure = np.clip(-np.log2((n4 + 0.25) / (np.maximum(n3, n4) + 8)), 0, 10)
    assert [f"{bits:.2f}" for bits in structure] == [row[3] for row in rows]
    literal = min(18.0, float(np.log2((model.n_names + 1e5) / 1)))
    total = structure.sum() + 0.5 * literal
    assert f"{structure.sum():.2f}" in METHOD and f"**{total:.2f} bits**" in METHOD


def test_the_worked_example_is_what_the_report_says(rows: list[list[str]]) -> None:
    report = simdetect.scan(ROOT / "fixtures/demo/submission", ROOT / "fixtures/demo/original")
    [found] = [
        e for e in report.findings[0].evidence if e.candidate.start_line == 390 and e.original_span.start_line == 121
    ]
    assert (found.candidate.end_line, found.original_span.end_line, found.n_tokens) == (391, 123, len(rows))
    assert f"**{found.bits:.2f} bits**" in METHOD
