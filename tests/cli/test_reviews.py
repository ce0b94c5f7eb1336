"""Decisions and baselines: read before the scan, applied after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simdetect.report import render
from tests import DEMO, builders
from tests.cli.command_line import Pipeline, complaint, run


def decide(path: Path, report: Any) -> Path:
    """A file that accepts all evidence of a report."""
    entries = [
        f'[[decision]]\nfingerprint = "{piece.fingerprint}"\ndecision = "accepted"\nreason = "ticket 7"\n'
        for finding in report.findings
        for piece in finding.evidence
    ]
    path.write_text("\n".join(entries))
    return path


def test_decided_evidence_is_shown_and_does_not_fail_the_run(pipeline: Pipeline, tmp_path: Path) -> None:
    decisions = decide(tmp_path / "ours.toml", pipeline.answer)
    result = run("scan", "a", "b", "--decisions", str(decisions), "-v")
    assert result.exit_code == 0
    assert "EVIDENCE FOUND" in result.stdout and "review: accepted: ticket 7" in result.stdout
    assert result.stderr == "simdetect: no open evidence: what was found is decided, or known from the baseline\n"


@pytest.mark.usefixtures("pipeline")
def test_decisions_beside_the_run_are_found_unless_the_candidate_brings_them(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submission").mkdir()
    decide(tmp_path / "simdetect.toml", pipeline.answer)
    assert run("scan", "submission", "b").exit_code == 0
    for candidate in (".", str(tmp_path), f"{tmp_path}@main"):
        own_word = run("scan", candidate, "b")
        assert own_word.exit_code == 1
        assert "simdetect.toml lies inside the candidate and is not read" in own_word.stderr
    assert run("scan", ".", "b", "--decisions", "simdetect.toml").exit_code == 0


def test_a_baseline_fails_only_on_what_is_new(pipeline: Pipeline, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(render(pipeline.answer, "json"))
    assert run("scan", "a", "b", "--baseline", str(old)).exit_code == 0
    fresh = builders.finding("src/new.c", evidence=(builders.evidence(fingerprint="f" * 16, bits=400.0),), n_evidence=1)
    pipeline.answer = builders.report(findings=(*pipeline.answer.findings, fresh))
    result = run("scan", "a", "b", "--baseline", str(old), "-v")
    assert result.exit_code == 1
    assert "known from the baseline (old.json)" in result.stdout and "1 file with open evidence" in result.stdout


def test_bad_decisions_and_baselines_are_one_line_before_the_scan(pipeline: Pipeline, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[decision]]\n")
    assert f"{bad}: decision 1: fingerprint" in complaint(run("scan", "a", "b", "--decisions", str(bad)))
    assert "not a simdetect report" in complaint(run("scan", "a", "b", "--baseline", str(bad)))
    assert pipeline.calls == []


def test_a_stored_report_takes_decisions_too(stored: str, tmp_path: Path) -> None:
    decisions = decide(tmp_path / "ours.toml", builders.rich_report())
    assert "accepted: ticket 7" in run("show", stored, "--decisions", str(decisions), "-v").stdout


def test_a_real_scan_is_settled_by_its_own_report(trees: tuple[str, str], tmp_path: Path) -> None:
    old, page = tmp_path / "old.json", tmp_path / "r.html"
    assert run("scan", *trees, "--json", str(old)).exit_code == 1
    again = run("scan", *trees, "--baseline", str(old), "--html", str(page))
    assert again.exit_code == 0, again.output
    assert "no file with open evidence" in page.read_text()
    copied = Path(trees[0], "more.c")
    copied.write_text((DEMO / "original" / "src" / "parse.c").read_text())
    assert run("scan", *trees, "--baseline", str(old)).exit_code == 1
