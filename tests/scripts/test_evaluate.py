"""Figures of an evaluation, and scripts/evaluate.py on pairs whose truth was made."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from simdetect.judging.calibration import load_calibration
from simdetect.judging.rates import clopper_pearson_upper
from simdetect.training.fit import LabelledFile
from simdetect.training.labelled import Row
from simdetect.training.pairs import read_pairs
from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import evaluate
import figures
import fixture_pairs


def row(
    is_derived: bool, *, pair: str = "p", language: str = "C", is_top1: bool | None = None, **changes: object
) -> Row:
    values = {"group": pair, "language": "c", "has_background": True, "path": "a.c", "n_tokens": 300, **changes}
    file = LabelledFile(pair=pair, is_derived=is_derived, bits=(100.0, 80.0, 0.0, 0.0, 0.0, 0.0, 0.0), **values)  # type: ignore[arg-type]
    return Row(file, "derived" if is_derived else "independent", language, is_top1, ["100 bits"], "")


# --- figures -------------------------------------------------------------------------------------------------------


def test_a_calibrated_sample_has_no_error_and_certain_nonsense_has_all_of_it() -> None:
    derived = np.array([True, False])
    assert figures.calibration_error(derived, np.array([1.0, 0.0])) == 0.0
    assert figures.calibration_error(derived, np.array([0.5, 0.5])) == 0.0
    assert figures.calibration_error(derived, np.array([0.0, 1.0])) == 1.0


def test_the_calibration_error_is_at_even_odds() -> None:
    """Nine independent files weigh as much as one derived: 0.1 stated of an even chance is off by 0.4."""
    derived = np.array([True] + [False] * 9)
    assert figures.calibration_error(derived, np.full(10, 0.1)) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=60))
def test_the_calibration_error_is_a_share(sample: list[tuple[bool, float]]) -> None:
    derived = np.array([label for label, _ in [*sample, (True, 0.5), (False, 0.5)]])
    probability = np.array([p for _, p in [*sample, (True, 0.5), (False, 0.5)]])
    assert 0 <= figures.calibration_error(derived, probability) <= 1 + 1e-9
    assert figures.reliability(derived, probability)[2].sum() == pytest.approx(1)


@given(st.integers(0, 40), st.integers(1, 80))
def test_intervals_are_those_of_the_report_on_both_sides(hits: int, trials: int) -> None:
    """The report's bound is found by bisection, without scipy: one-sided at 97.5 % it is half of the interval."""
    hits = min(hits, trials)
    high = clopper_pearson_upper(hits, trials, 0.975)
    low = 1 - clopper_pearson_upper(trials - hits, trials, 0.975)
    assert figures.clopper_pearson(hits, trials) == pytest.approx((low, high), abs=1e-6)
    assert figures.clopper_pearson(0, 0) == (0.0, 1.0)


def test_recall_at_a_rate_lets_no_more_independent_files_through() -> None:
    derived = np.array([True] * 4 + [False] * 100)
    probability = np.concatenate([[0.95, 0.985, 0.5, 0.999], np.arange(100) / 100])
    assert figures.recall_at(derived, probability, 0.01) == 0.5  # one independent file may exceed: over 0.98
    assert figures.recall_at(derived, probability, 0.001) == 0.25


def test_the_summary_counts_files_by_language_and_group() -> None:
    rows = [
        row(True, is_top1=True, pair="same"),
        row(True, is_top1=False, pair="fork"),
        row(False, pair="i1"),
        row(False, pair="i2", language="Rust", n_tokens=2000),
        row(False, pair="i2"),
    ]
    text = figures.summary(rows, np.array([0.99, 0.1, 0.1, 0.999, 0.2]), load_calibration(), frozenset({"same"}))
    lines = text.splitlines()
    assert "| all | 3 | 33.33 % | 0.84-90.57 % | 2 | 0.500 | - | 0.500 |" in lines
    assert "| C | 2 | 0.00 % | 0.00-84.19 % | 2 | 0.500 | - | 0.500 |" in lines
    assert "| Rust | 1 | 100.00 % | 2.50-100.00 % | 0 | - | - | - |" in lines
    assert "| derived: versions of one project | 0 | - | - | 1 | 1.000 |" in lines
    assert "| derived: forks and continuations | 0 | - | - | 1 | 0.000 |" in lines
    assert "| 1000 tokens and more | 1 | 100.00 % | 2.50-100.00 % | 0 | - |" in lines
    assert "independent pairs with at least one flagged file: 1 of 2 (95 % interval 1.3-98.7 %)" in lines
    assert any(line.startswith("ROC-AUC 0.4167") for line in lines)


def test_files_of_one_kind_have_no_curve(tmp_path: Path) -> None:
    text = figures.summary([row(False)], np.array([0.5]), load_calibration())
    assert "need files of both kinds" in text
    drawn = figures.draw_reliability(np.array([False]), np.array([0.5]), tmp_path / "r.png")
    assert "needs files of both kinds" in drawn and not (tmp_path / "r.png").exists()


def test_a_missing_matplotlib_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    drawn = figures.draw_reliability(np.array([True, False]), np.array([0.9, 0.1]), tmp_path / "r.png")
    assert "matplotlib is not installed" in drawn


def test_the_worst_files_come_with_their_spans() -> None:
    rows = [row(True, path="missed.c"), row(True, path="found.c"), row(False, path="alarm.c")]
    lines = list(figures.worst(rows, np.array([0.1, 0.9, 0.8])))
    assert [line.split("`")[1] for line in lines if "`" in line] == ["alarm.c", "missed.c", "found.c"]
    assert lines[1].endswith("100 bits")


# --- the script ----------------------------------------------------------------------------------------------------


def test_fixtures_are_measured_in_one_go(tmp_path: Path) -> None:
    """Every disguise of the demo is found and nothing else; pairs that nothing is fitted on stand apart."""
    fixture_pairs.main(str(tmp_path))
    pairs = tmp_path / "pairs.jsonl"
    written = fixture_pairs.pair("demo/original", "demo/independent", "llm", [])
    gone = fixture_pairs.pair("demo/original", "no/where", "ported", [])
    pairs.write_text(pairs.read_text() + json.dumps(written) + "\n" + json.dumps(gone) + "\n")
    out = tmp_path / "out"
    arguments = [str(pairs), "--work", str(tmp_path / "work"), "--as-shipped", "-o", str(out)]
    result = CliRunner().invoke(evaluate.main, arguments)
    assert result.exit_code == 0, result.output
    [whole] = [line.split(" | ") for line in result.stdout.splitlines() if line.startswith("| all")]
    assert whole[2] == "0.00 %" and float(whole[5]) >= 0.95 and whole[-1] == "1.000 |"
    [apart] = [line for line in result.stdout.splitlines() if line.startswith("| llm-demo-original-demo-independent")]
    assert apart.split(" | ")[1] == "llm" and apart.split(" | ")[3:] == ["0", "- |"]
    assert (out / "summary.md").read_text().startswith("| language |")
    assert [item.reason for item in evaluate.stored(out).skipped] == ["no folder of no/where"]
    again = CliRunner().invoke(evaluate.main, [*arguments, "--again"])
    assert again.stdout == result.stdout


def test_pairs_that_were_left_out_are_listed_with_the_reason() -> None:
    found = evaluate.Evaluation([], [evaluate.SkippedPair("x", "no folder of x")])
    assert [line for line in evaluate.left_out(found) if line.startswith("- ")] == ["- x: no folder of x"]


def test_a_corpus_needs_its_list(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.touch()
    result = CliRunner().invoke(evaluate.main, [str(file), "--corpus", str(tmp_path), "-o", str(tmp_path)])
    assert result.exit_code == 2 and "go together" in result.output


def test_listed_families_come_before_those_of_pairs(tmp_path: Path) -> None:
    file, listing = tmp_path / "pairs.jsonl", tmp_path / "list.jsonl"
    file.write_text(json.dumps(fixture_pairs.pair("a/b", "c/d", "derived", [])) + "\n")
    listing.write_text('{"repository": "a/b", "family": "ab"}\n')
    assert evaluate.families(read_pairs([file]), listing) == {"a/b": "ab", "c/d": "a/b"}
