"""The report is what was judged: every file once, every skipped file, sums that add up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simdetect import Scanner
from simdetect.judging.likelihood import probability_of
from simdetect.model import Layer, ScanReport, Side, Verdict
from tests import DEMO


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner() as scanner:
        yield scanner


@pytest.fixture(scope="module")
def report(scanner: Scanner) -> ScanReport:
    return scanner.scan(DEMO / "submission", DEMO / "original", given=[DEMO / "original" / "README.md"])


def test_every_analysed_file_is_a_finding_and_every_other_is_skipped(report: ScanReport) -> None:
    assert len(report.findings) == report.candidate.n_files
    skipped = [entry for entry in report.skipped if entry.side is Side.CANDIDATE]
    assert len(report.findings) + len(skipped) == report.candidate.n_discovered


def test_findings_are_strongest_first(report: ScanReport) -> None:
    keys = [(-(finding.probability or 0), -(finding.bits or 0)) for finding in report.findings]
    assert keys == sorted(keys)
    assert report.summary.probability == probability_of(report.summary.log10_likelihood_ratio or 0.0)


def test_bits_of_layers_add_up_to_those_of_files_and_of_the_scan(report: ScanReport) -> None:
    for finding in report.findings:
        assert sum(finding.layer_bits.values()) == pytest.approx(finding.bits)
    assert sum(finding.bits or 0 for finding in report.findings) == pytest.approx(report.summary.bits)
    for layer, bits in report.summary.layer_bits.items():
        assert sum(finding.layer_bits[layer] for finding in report.findings) == pytest.approx(bits)


def test_tokens_of_files_add_up_to_those_of_the_scan(report: ScanReport) -> None:
    summary = report.summary
    assert sum(finding.n_tokens for finding in report.findings) == summary.candidate_tokens
    for layer, n in summary.matched_tokens.items():
        assert sum(finding.matched_tokens[layer] for finding in report.findings) == n
    assert summary.candidate_coverage == pytest.approx(sum(summary.matched_tokens.values()) / summary.candidate_tokens)


def test_the_reason_names_the_strongest_file_and_its_closest_original(report: ScanReport) -> None:
    best = report.findings[0]
    assert report.summary.verdict is Verdict.EVIDENCE
    assert best.candidate in report.summary.reason
    assert best.originals[0].original in report.summary.reason
    assert report.summary.n_flagged_files == sum(f.verdict is Verdict.EVIDENCE for f in report.findings)


def test_no_original_has_more_bits_or_a_higher_probability_than_its_file(report: ScanReport) -> None:
    for finding in report.findings:
        for match in finding.originals:
            assert (match.bits or 0) <= (finding.bits or 0) + 1e-9
            assert match.probability is None or match.probability <= (finding.probability or 0)


def test_inputs_are_named_and_have_no_folders_of_this_machine(report: ScanReport, tmp_path: Path) -> None:
    assert [report.candidate.label, report.originals[0].label, report.given[0].label] == [
        "submission", "original", "README.md",
    ]  # fmt: skip
    assert str(tmp_path.anchor + "root") not in report.candidate.label


@pytest.mark.parametrize(
    ("name", "before", "code"),
    [
        ("a.js", "var é=0;", "function next(at,size){if(at+1===size){return 0}const step=at*2;return step+size-1}"),
        ("a.c", "int ü=0;", "int next(int at,int size){if(at+1==size){return 0;}int step=at*2;return step+size-1;}"),
        ("a.go", "var é=0;", "func next(at int,size int)int{if at+1==size{return 0};step:=at*2;return step+size-1}"),
    ],
)
def test_evidence_in_a_file_of_one_line_has_columns(
    tmp_path: Path, scanner: Scanner, name: str, before: str, code: str
) -> None:
    for side, text in (("candidate", before + code), ("original", code)):
        (tmp_path / side).mkdir()
        (tmp_path / side / name).write_text(text, encoding="utf-8")
    [finding] = scanner.scan(tmp_path / "candidate", tmp_path / "original").findings
    span = next(e.candidate for e in finding.evidence if e.layer is Layer.VERBATIM)
    assert (span.start_line, span.end_line) == (1, 1)
    assert (span.start_column, span.end_column) == (1 + len(before), 1 + len(before + code))
