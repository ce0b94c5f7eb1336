"""What goes to the registry: flat numbers of judged instances and nothing else. The registry's own scripts are run too
when REGISTRY names a clone of it."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simdetect import ScanOptions
from simdetect.audit import summary
from simdetect.audit.folders import LocalAudit
from simdetect.audit.rates import expected_false_flags, flag_rate_of
from simdetect.audit.run import Audit, audit
from simdetect.audit.summary import write_all
from simdetect.model import Control, Verdict
from tests import DEMO, ROOT
from tests.audit.test_run import Inline, pack
from tests.builders import audit_report

REGISTRY = "SIMDETECT_REGISTRY"
RECALLED, HONEST, BROKEN = "acme__furlong.1234567", "acme__honest.1234567", "acme__broken.1234567"


def copied_to_registry(run: Path) -> dict[str, Any]:
    """What registering a run copies: every JSON file of `_stats`."""
    return {path.name: json.loads(path.read_text()) for path in sorted((run / "_stats").glob("*.json"))}


def check_contract(run: Path, judged: set[str]) -> None:
    """Every file is a flat object of finite numbers, for judged instances of the run alone."""
    for name, values in copied_to_registry(run).items():
        assert name.startswith("recall_"), name
        assert isinstance(values, dict) and values.keys() <= judged, name
        assert all(type(value) in (int, float) and math.isfinite(value) for value in values.values()), name
        assert list(values) == sorted(values)
        sum(values.values())  # as the leaderboard does with what it knows
    assert {path.suffix for path in (run / "_stats").iterdir()} == {".json"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    pack(DEMO / "submission", tmp_path / "run" / RECALLED / "submission.tar.gz")
    pack(DEMO / "independent", tmp_path / "run" / HONEST / "submission.tar.gz")
    (tmp_path / "run" / BROKEN).mkdir()
    for instance in (RECALLED, HONEST, BROKEN):
        shutil.copytree(DEMO / "original", tmp_path / "originals" / instance)
    return tmp_path / "run"


def test_the_output_of_an_audit_keeps_the_contract(run: Path, tmp_path: Path) -> None:
    options = ScanOptions(cache=tmp_path / "cache")
    audit(Audit((run,), tmp_path / "originals"), executor=Inline(), options=options)
    check_contract(run, {RECALLED, HONEST})
    assert set(copied_to_registry(run)) == {"recall_probability.json", "recall_bits.json"}
    assert {path.name for path in (run / "_simdetect").iterdir()} == {
        "simdetect.json", "simdetect.html", "simdetect.md", "audit.csv",
    }  # fmt: skip


def local(tmp_path: Path, *runs: str) -> LocalAudit:
    return LocalAudit(tuple(tmp_path / run for run in runs), tmp_path, None, None, None, None, False, False, None, 0)


def test_what_is_inconclusive_or_was_not_scanned_has_no_number(tmp_path: Path) -> None:
    found, silent, failed = audit_report().instances
    doubtful = replace(found, run="b", verdict=Verdict.INCONCLUSIVE, instance="acme__doubt.1234567")
    unknown = replace(found, run="b", bits=None, probability=None, instance="acme__unknown.1234567", control=None)
    report = audit_report(instances=(found, silent, doubtful, unknown, failed))
    write_all(local(tmp_path, "a", "b"), report)
    assert copied_to_registry(tmp_path / "b") == {
        "recall_bits.json": {silent.instance: 0.0},
        "recall_probability.json": {silent.instance: 0.02},
    }
    assert copied_to_registry(tmp_path / "a")["recall_bits_controlled.json"] == {found.instance: 93.5}
    assert isinstance(found.control, Control)


def test_summaries_of_earlier_versions_leave_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "a" / "_stats").mkdir(parents=True)
    for name in ("simdetect.json", "simdetect.html", "score.json"):
        (tmp_path / "a" / "_stats" / name).write_text("{}")
    write_all(local(tmp_path, "a"), audit_report())
    assert {path.name for path in (tmp_path / "a" / "_stats").iterdir()} == {
        "score.json", "recall_bits.json", "recall_probability.json", "recall_bits_controlled.json",
    }  # fmt: skip
    assert summary.SUMMARY.startswith("_")


def test_false_flags_are_expected_at_the_rate_of_whole_submissions() -> None:
    rate = {"scored_as_high": 2, "out_of": 400, "upper_95": 0.0157, "scores": []}
    known = flag_rate_of({"threshold_rate": rate, "population": "black-box"})
    results = [replace(result, flag_rate=known) for result in audit_report().instances] * 100
    found = expected_false_flags(results)
    assert found is not None
    assert (found.n_judged, found.expected, found.upper_95) == (200, 1.0, 3.14)
    assert (found.flagged, found.out_of) == (2, 400)
    assert flag_rate_of({"threshold_rate": None}) is flag_rate_of({}) is None
    assert expected_false_flags(audit_report().instances) is None


def test_the_script_for_a_run_writes_its_numbers(run: Path, tmp_path: Path) -> None:
    (run / "_scripts").mkdir()
    script = shutil.copy(ROOT / "examples" / "calculate_recall.py", run / "_scripts" / "calculate_recall.py")
    environment = {**os.environ, "SIMDETECT_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, str(script), "--originals", str(tmp_path / "originals"), "-q"]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("for 2 instance(s)\n")
    check_contract(run, {RECALLED, HONEST})


@pytest.mark.skipif(REGISTRY not in os.environ, reason=f"{REGISTRY} names no clone of the registry")
def test_the_registry_takes_what_was_written(run: Path, tmp_path: Path) -> None:
    options = ScanOptions(cache=tmp_path / "cache")
    audit(Audit((run,), tmp_path / "originals"), executor=Inline(), options=options)
    registry = tmp_path / "registry"
    shutil.copytree(Path(os.environ[REGISTRY]) / "scripts", registry / "scripts")
    entry = registry / "submissions" / "run"
    shutil.copytree(run / "_stats", entry / "_stats")
    (entry / "_stats" / "score.json").write_text(json.dumps({RECALLED: {"a/b": True}}))
    (entry / "pointer.yaml").write_text("submission_id: run\nsource: https://example.org/run\ncommit: abc\n")
    (entry / "submission.yaml").write_text("system: {model: A, provider: B, agent: C}\n")
    for script, more in (("validate_entries", []), ("compile_leaderboard", ["--website", str(tmp_path / "site")])):
        command = [sys.executable, str(registry / "scripts" / f"{script}.py"), *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        print(done.stdout)
