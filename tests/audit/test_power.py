"""What the scans of an audit would have found: measured by option, once, and summarised in every format."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from simdetect import ScanOptions, Verdict
from simdetect.audit.power import Measure
from simdetect.audit.run import Audit, audit
from simdetect.cli.group import cli
from simdetect.errors import InputError
from simdetect.model import AuditReport, PowerReport
from simdetect.report import load_power, render_audit
from simdetect.report.audit.json import audit_json_schema
from simdetect.report.audit.power import power_counts, power_words
from tests import DEMO, builders

HONEST, RECALLED = "acme__honest.1234567", "acme__furlong.1234567"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for instance, submission in ((HONEST, "independent"), (RECALLED, "submission")):
        shutil.copytree(DEMO / submission, tmp_path / "run" / instance / "submission")
        shutil.copytree(DEMO / "original", tmp_path / "originals" / instance)
    return tmp_path


def fake(*_: object) -> PowerReport:
    return builders.power_report()


def failing(*_: object) -> PowerReport:
    raise InputError("no")


def audited(runs: Path, power: Measure | None) -> AuditReport:
    return audit(Audit([runs / "run"], runs / "originals"), options=ScanOptions(), power=power)


def test_every_scanned_instance_gets_its_power_and_a_file_that_the_next_audit_takes_as_it_is(runs: Path) -> None:
    report = audited(runs, Measure(fake, "1"))
    assert [result.power for result in report.instances] == [builders.power_report().rows] * 2
    file = runs / "run" / HONEST / f"{HONEST}.power.json"
    before = file.read_bytes()
    assert load_power(before.decode()).rows == builders.power_report().rows
    again = audited(runs, Measure(failing, "1"))
    assert again == report and file.read_bytes() == before
    other = audited(runs, Measure(failing, "2"))
    assert [result.power for result in other.instances] == [None, None]
    assert [result.error for result in other.instances] == [None, None]


def test_without_the_option_nothing_is_measured(runs: Path) -> None:
    report = audited(runs, None)
    assert all(result.power is None for result in report.instances)
    assert power_words(report) == [] and power_counts(report) == []


def test_the_command_measures_and_says_what_silence_means(runs: Path) -> None:
    arguments = ["audit", str(runs / "run"), "--originals", str(runs / "originals"), "--power", "1", "-q", "--no-cache"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1, result.output
    assert "In a median instance without evidence (of 1), a verbatim function of 25-90 lines" in result.stdout
    data = json.loads((runs / "run" / HONEST / f"{HONEST}.power.json").read_text())
    assert {row["disguise"] for row in data["rows"]} == {"verbatim", "renamed"}
    assert CliRunner().invoke(cli, arguments).stdout == result.stdout


def test_only_instances_without_evidence_count_and_the_middle_one_speaks() -> None:
    report = builders.audit_report()
    silent = next(result for result in report.instances if result.verdict is Verdict.NO_EVIDENCE)
    assert silent.power is not None
    [row] = silent.power
    less = replace(silent, power=(replace(row, flagged=replace(row.flagged, hits=57)),))
    empty = replace(silent, power=())
    flagged = replace(silent, verdict=Verdict.EVIDENCE)
    [count] = power_counts(replace(report, instances=(silent, less, empty, flagged)))
    assert (count["n_instances"], count["median_flagged"], count["median_found"]) == (2, 0.77, 1.0)
    tenth, without = power_words(replace(report, instances=(silent, less, empty, flagged)))
    assert "(of 2), a verbatim tenth of the submission would have been flagged in 77.0% of the trials" in tenth
    assert without.startswith("In 1 instance without evidence nothing could be planted")


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_every_format_of_the_summary_says_so(format: str) -> None:
    assert "a verbatim tenth of the submission would have been flagged in" in render_audit(
        builders.audit_report(), format
    )


def test_the_summary_as_json_fits_its_schema() -> None:
    data = json.loads(render_audit(builders.audit_report(), "json"))
    jsonschema.Draft202012Validator(audit_json_schema()).validate(data)
    assert data["power"][0]["median_flagged"] == 0.97


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "simdetect.power/9"}', '{"schema": "simdetect.power/1"}'])
def test_a_file_that_is_no_such_report_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        load_power(text)
