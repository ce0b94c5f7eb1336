"""Comparing ends at the time limit, and says so."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from simdetect import Scanner, Verdict
from simdetect.scanning import weigher
from tests.languages.samples import sample_path


def test_what_was_not_compared_is_named_and_nothing_looks_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy, of which nothing was looked for in time."""
    for side in ("candidate", "original"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.go").write_bytes(sample_path("go").read_bytes())
    find = weigher.find_layers

    def late(*given: Any, **named: Any) -> Any:
        return find(*given, **{**named, "deadline": time.monotonic() - 1})

    monkeypatch.setattr(weigher, "find_layers", late)
    with Scanner() as scanner:
        report = scanner.scan(tmp_path / "candidate", tmp_path / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "time limit" in report.summary.reason
    assert any("limit_total_seconds" in warning for warning in report.warnings)
