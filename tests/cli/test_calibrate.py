"""`simdetect calibrate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import complaint, run


@pytest.mark.usefixtures("pipeline")
def test_calibrate_writes_numbers_to_standard_output_and_words_to_standard_error(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.touch()
    result = run("calibrate", str(pairs), "--work", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, '{"id": "ours"}\n', "skipped x: y\n")
    target = tmp_path / "ours.json"
    assert run("calibrate", str(pairs), "--work", str(tmp_path), "-o", str(target)).stdout == ""
    assert target.read_text() == '{"id": "ours"}\n'


def test_calibrate_reports_every_bad_value_at_once() -> None:
    message = complaint(run("calibrate", "/no/pairs", "--work", "/no/work", "--rate", "0.9"))
    assert "'/no/pairs' does not exist" in message and "'/no/work' does not exist" in message and "0.9" in message
