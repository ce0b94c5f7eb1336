"""`simdetect scan`: what reaches the library, what becomes of the verdict, and scans for real."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import simdetect
from simdetect.model import SkipReason, Verdict
from simdetect.options import ScanOptions
from simdetect.report import FORMATS, render
from simdetect.report.json import report_json_schema
from simdetect.store import default_cache_folder
from tests import builders
from tests.cli.command_line import CLEAN, Pipeline, complaint, run, unpacked_code


@pytest.mark.parametrize(("verdict", "code"), [("evidence", 1), ("no-evidence", 0), ("inconclusive", 3)])
def test_the_exit_code_is_the_verdict(pipeline: Pipeline, verdict: str, code: int) -> None:
    pipeline.answer = builders.report(summary=builders.summary(verdict=Verdict(verdict)))
    result = run("scan", "a", "b")
    assert result.exit_code == code
    assert result.stdout == render(pipeline.answer, "text")
    assert result.stderr == ""


def test_arguments_reach_the_library(pipeline: Pipeline) -> None:
    flags = "--given g --given h --base i --same-family --threshold 0.9 --jobs 2"
    flags += " --exclude *.min.js --exclude x --limit-seconds 2.5"
    assert run("scan", "a", "b", "c", *flags.split()).exit_code == 1
    [(inputs, keywords)] = pipeline.calls
    assert inputs == ("a", "b", "c")
    assert (keywords["given"], keywords["base"]) == (("g", "h"), ("i",))
    expected = ScanOptions(jobs=2, exclude=("*.min.js", "x"), limit_seconds=2.5, threshold=0.9)
    assert keywords["options"] == replace(expected, cache=default_cache_folder())
    assert keywords["same_family"] is True
    assert callable(keywords["progress"])


def test_quiet_prints_the_verdict_and_verbose_everything(pipeline: Pipeline) -> None:
    pipeline.answer = builders.rich_report()
    assert run("scan", "a", "b", "-q").stdout == render(pipeline.answer, "text", detail="short")
    assert "notes/c.txt" in run("scan", "a", "b", "-v").stdout


@pytest.mark.parametrize("lost", ["degraded", "unreadable"])
def test_strict_makes_an_incomplete_clean_scan_inconclusive(pipeline: Pipeline, lost: str) -> None:
    skipped = (builders.report().skipped[1],)
    assert skipped[0].reason is SkipReason.TOO_LARGE
    degraded = (builders.silent_finding(degraded="parse killed"),)
    changes: dict[str, Any] = {"findings": degraded} if lost == "degraded" else {"skipped": skipped}
    pipeline.answer = builders.report(summary=CLEAN.summary, **{"findings": (), "skipped": ()} | changes)
    assert run("scan", "a", "b").exit_code == 0
    strict = run("scan", "a", "b", "--strict")
    assert strict.exit_code == 3
    assert strict.stderr.startswith("simdetect: inconclusive because of --strict: 1 ")


def test_strict_changes_nothing_about_a_complete_scan_or_about_evidence(pipeline: Pipeline) -> None:
    assert run("scan", "a", "b", "--strict").exit_code == 1
    pipeline.answer = CLEAN
    assert run("scan", "a", "b", "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("verdict", "fail_on", "code"),
    [
        ("evidence", "inconclusive", 1),
        ("evidence", "evidence", 1),
        ("evidence", "never", 0),
        ("inconclusive", "inconclusive", 3),
        ("inconclusive", "evidence", 0),
        ("inconclusive", "never", 0),
        ("no-evidence", "inconclusive", 0),
    ],
)
def test_fail_on_says_from_where_the_exit_code_speaks(
    pipeline: Pipeline, verdict: str, fail_on: str, code: int
) -> None:
    pipeline.answer = builders.report(summary=builders.summary(verdict=Verdict(verdict)))
    assert run("scan", "a", "b", "--fail-on", fail_on).exit_code == code


def test_fail_on_never_is_stronger_than_strict(pipeline: Pipeline) -> None:
    lost = (builders.report().skipped[1],)
    pipeline.answer = builders.report(summary=CLEAN.summary, findings=(), skipped=lost)
    assert run("scan", "a", "b", "--strict").exit_code == 3
    assert run("scan", "a", "b", "--strict", "--fail-on", "never").exit_code == 0


# --- for real --------------------------------------------------------------------------------------------------------


def test_a_real_scan_finds_renamed_code_and_its_report_is_valid(trees: tuple[str, str], tmp_path: Path) -> None:
    stored = tmp_path / "report.json"
    result = run("scan", *trees, "--json", str(stored))
    assert result.exit_code == 1, result.output
    assert "main.c:" in result.stdout and "[red]\\x1b[31m.txt" in result.stdout
    jsonschema.validate(json.loads(stored.read_text()), report_json_schema())
    assert run("show", str(stored)).stdout == result.stdout


def test_a_real_scan_of_a_missing_path_is_one_line(trees: tuple[str, str]) -> None:
    assert "no-such" in complaint(run("scan", trees[0], trees[1] + "/no-such"))


@pytest.mark.parametrize("format", FORMATS)
def test_without_source_no_format_holds_a_line_of_code(trees: tuple[str, str], format: str) -> None:
    with_code = run("scan", *trees, "--format", format).stdout
    without = run("scan", *trees, "--format", format, "--no-source").stdout
    code = "static int is_word_byte"
    shown = unpacked_code(with_code) if format == "html" else with_code
    assert code in shown or format == "csv"
    assert code not in without + unpacked_code(without)


# --- models of one's own ---------------------------------------------------------------------------------------------


SHIPPED = Path(simdetect.__file__).parent / "data"


def test_models_of_ones_own_are_used_and_named_by_digest(trees: tuple[str, str], tmp_path: Path) -> None:
    """A background of languages the trees are not in: the pooled model is used, and the report says so."""
    own = tmp_path / "own-models"
    own.mkdir()
    shutil.copy(SHIPPED / "background" / "pool.npz", own)
    calibration = tmp_path / "ours.json"
    calibration.write_text(json.dumps({**json.loads((SHIPPED / "calibration.json").read_text()), "id": "ours"}))
    shipped = json.loads(run("scan", *trees, "--format", "json").stdout)
    report = json.loads(
        run("scan", *trees, "--format", "json", "--background", str(own), "--calibration", str(calibration)).stdout
    )
    assert (report["settings"]["background"], report["settings"]["calibration"]) == ("own-models", "ours.json")
    models = report["tool"]["models"]
    digest = hashlib.sha256(calibration.read_bytes()).hexdigest()
    assert models["calibration"] == {"id": "ours", "sha256": digest}
    assert models["background"] != shipped["tool"]["models"]["background"]
    assert any("all languages together" in line for line in report["warnings"])
    assert str(tmp_path) not in json.dumps({**report, "run": {}})


def test_models_that_cannot_be_read_are_one_line_before_the_scan(trees: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    empty = tmp_path / "empty"
    empty.mkdir()
    message = complaint(run("scan", *trees, "--background", str(empty), "--calibration", str(tmp_path / "bad.json")))
    assert "no background model" in message and "bad.json cannot be read" in message


def test_a_threshold_of_ones_own_decides(trees: tuple[str, str]) -> None:
    report = json.loads(run("scan", *trees, "--format", "json", "--threshold", "1").stdout)
    assert report["settings"]["threshold"] == 1.0
    assert report["summary"]["verdict"] != "evidence"
