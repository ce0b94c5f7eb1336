"""The demo pair: the scan finds what `fixtures/demo/truth.json` says is recalled, at those lines, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import simdetect
from simdetect.model import Evidence, FileFinding, ScanReport, Verdict
from tests import DEMO

TRUTH: dict[str, Any] = json.loads((DEMO / "truth.json").read_text())
RECALLED = [span for span in TRUTH["spans"] if "original" in span]
INDEPENDENT = [span for span in TRUTH["spans"] if "original" not in span]
BUILDS = {
    "original": ["src/*.c", "-Isrc", "-Ivendor"],
    "submission": ["main.c"],
    "independent": ["furlong.c", "-D_POSIX_C_SOURCE=200809L"],
}


@pytest.fixture(scope="module")
def report() -> ScanReport:
    return simdetect.scan(DEMO / "submission", DEMO / "original")


@pytest.fixture(scope="module")
def finding(report: ScanReport) -> FileFinding:
    return next(finding for finding in report.findings if finding.candidate == TRUTH["file"])


def lines_of(span: dict[str, Any], path: Path) -> set[int]:
    """Lines of a span that hold code or part of a comment."""
    text = path.read_text().splitlines()
    return {line for line in range(span["start_line"], span["end_line"] + 1) if text[line - 1].strip()}


def candidate_lines(pieces: list[Evidence]) -> set[int]:
    """Lines of regions, and those where shared texts stand."""
    regions = [piece.candidate for piece in pieces if not piece.items]
    texts = {item.candidate_line for piece in pieces for item in piece.items}
    return texts | {line for span in regions for line in range(span.start_line, span.end_line + 1)}


def original_lines(pieces: list[Evidence]) -> set[int]:
    spans = [piece.original_span for piece in pieces]
    return {line for span in spans for line in range(span.start_line, span.end_line + 1)}


def by_first_line(span: dict[str, Any]) -> str:
    return f"{span['kind']}-{span['start_line']}"


# --- the fixture itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", TRUTH["spans"], ids=by_first_line)
def test_the_truth_names_the_lines_it_means(span: dict[str, Any]) -> None:
    text = (DEMO / "submission" / TRUTH["file"]).read_text().splitlines()
    assert text[span["start_line"] - 1].strip() == span["first_line"]
    assert text[span["end_line"] - 1].strip()
    if "original" in span:
        theirs = (DEMO / "original" / span["original"]["file"]).read_text().splitlines()
        assert theirs[span["original"]["start_line"] - 1].strip() == span["original"]["first_line"]


def test_the_truth_for_readers_lists_the_same_spans() -> None:
    table = (DEMO / "TRUTH.md").read_text()
    for span in TRUTH["spans"]:
        assert f"| {span['start_line']}-{span['end_line']} | {span['kind']} | {span['what']} |" in table


def test_the_readme_was_given_byte_for_byte() -> None:
    for name in TRUTH["given"]:
        assert (DEMO / "submission" / name).read_bytes() == (DEMO / "original" / name).read_bytes()


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
@pytest.mark.parametrize("name", BUILDS)
def test_all_three_programs_compile_and_do_the_same_job(name: str, tmp_path: Path) -> None:
    program, (sources, *flags) = tmp_path / "furlong", BUILDS[name]
    files = [str(path) for path in sorted((DEMO / name).glob(sources))]
    include = [flag.replace("-I", f"-I{DEMO / name}/") for flag in flags]
    subprocess.run(
        ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", *include, "-o", program, *files, "-lm"], check=True
    )
    cases = subprocess.run(["sh", DEMO / "original/tests/run.sh", program], capture_output=True, text=True, check=False)
    assert cases.stdout == "all cases pass\n"


# --- the scan ------------------------------------------------------------------------------------------------------


def test_the_verdict_is_evidence_and_names_the_file(report: ScanReport, finding: FileFinding) -> None:
    assert report.summary.verdict is Verdict.EVIDENCE
    assert report.findings[0] == finding
    assert finding.verdict is Verdict.EVIDENCE
    assert report.summary.n_flagged_files == 1


@pytest.mark.parametrize("span", RECALLED, ids=by_first_line)
def test_recalled_code_is_found_at_its_lines_on_both_sides(span: dict[str, Any], finding: FileFinding) -> None:
    truth = span["original"]
    pieces = [
        piece
        for piece in finding.evidence
        if piece.original == truth["file"] and piece.layer == span["kind"] and piece.excluded is None
    ]
    ours = lines_of(span, DEMO / "submission" / TRUTH["file"])
    theirs = lines_of(truth, DEMO / "original" / truth["file"])
    assert len(ours & candidate_lines(pieces)) >= 0.95 * len(ours)
    assert len(theirs & original_lines(pieces)) >= 0.95 * len(theirs)


@pytest.mark.parametrize("span", INDEPENDENT, ids=by_first_line)
def test_independent_code_is_not_claimed(span: dict[str, Any], finding: FileFinding) -> None:
    """Long agreements touch such code at its edges only; idioms and forced steps may agree for a few lines."""
    lines = lines_of(span, DEMO / "submission" / TRUTH["file"])
    for piece in finding.evidence:
        if piece.excluded is None and len(lines & candidate_lines([piece])) > 4:
            assert piece.n_tokens < 50
            assert _bits_at(piece, lines) < 100


def _bits_at(piece: Evidence, lines: set[int]) -> float:
    """Bits of a region, or of the shared texts that stand on some lines."""
    if piece.items:
        return sum(item.bits for item in piece.items if item.candidate_line in lines)
    return piece.bits or 0.0


def test_what_is_recalled_makes_up_the_coverage(finding: FileFinding) -> None:
    assert 0.35 <= sum(finding.coverage.values()) <= 0.5
    recalled = {span["original"]["file"] for span in RECALLED}
    assert {match.original for match in finding.originals[: len(recalled)]} == recalled


def test_every_file_is_accounted_for(report: ScanReport) -> None:
    for side, summary in (("candidate", report.candidate), ("original", report.originals[0])):
        n_skipped = sum(entry.side == side for entry in report.skipped)
        assert summary.n_discovered == summary.n_files + n_skipped
    skipped = {entry.path for entry in report.skipped if entry.side == "candidate"}
    assert {"README.md", "NOTES.md", "PLAN.md"} <= skipped <= {"README.md", "NOTES.md", "PLAN.md", "compile.sh"}


def test_the_independent_program_is_not_flagged() -> None:
    report = simdetect.scan(DEMO / TRUTH["independent_candidate"], DEMO / "original")
    assert report.summary.verdict is Verdict.NO_EVIDENCE
    assert report.summary.candidate_coverage < 0.03
    assert report.summary.longest_match < 40
