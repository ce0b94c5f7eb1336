"""Stand-ins for the library, and inputs for commands that run for real."""

from __future__ import annotations

import shutil
import types
from pathlib import Path

import pytest

from simdetect.corpus.search import Cover, Source
from simdetect.model import AuditReport
from simdetect.report import render
from tests import DEMO, builders
from tests.cli.command_line import Pipeline


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """The library without its work."""
    fake = Pipeline()
    calibrated = types.SimpleNamespace(calibration={"id": "ours"}, notes=["skipped x: y"])
    monkeypatch.setattr("simdetect.scanning.scanner.scan", fake.scan)
    monkeypatch.setattr("simdetect.scanning.scanner.index", fake.index)
    monkeypatch.setattr("simdetect.training.labelled.calibrate", lambda *_: calibrated)
    monkeypatch.setattr("simdetect.planting.power.power", lambda *_, **__: builders.power_report())
    return fake


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audits that find no instance, and searches that find one original."""
    cover = Cover("x", 10, (Source("y", 4, 4, 200.0, "a:1 b:2"),), 3)
    monkeypatch.setattr("simdetect.audit.run.audit", lambda *_, **__: AuditReport({}, {}, (), ()))
    monkeypatch.setattr("simdetect.corpus.search.search", lambda *_: cover)
    monkeypatch.setattr("simdetect.audit.plan.find_instances", lambda _: [])
    monkeypatch.setattr("simdetect.audit.gathering.gather", lambda *_: [])


@pytest.fixture
def trees(tmp_path: Path) -> tuple[str, str]:
    candidate = tmp_path / "cand"
    shutil.copytree(DEMO / "submission", candidate, ignore=shutil.ignore_patterns("*.md"))
    (candidate / "[red]\x1b[31m.txt").write_text("notes")
    return str(candidate), str(DEMO / "original")


@pytest.fixture
def stored(tmp_path: Path) -> str:
    path = tmp_path / "report.json"
    path.write_text(render(builders.rich_report(), "json"), encoding="utf-8")
    return str(path)
