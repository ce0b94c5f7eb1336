"""The verifier for Harbor and Terminal-Bench writes a reward and a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simdetect_adapters.harbor import main
from tests import DEMO


@pytest.mark.parametrize(("candidate", "reward"), [("submission", 0.0), ("independent", 1.0)])
def test_a_reward_and_a_report_are_written(tmp_path: Path, candidate: str, reward: float) -> None:
    assert main([str(DEMO / candidate), "--original", str(DEMO / "original"), "--logs", str(tmp_path / "logs")]) == 0
    assert json.loads((tmp_path / "logs" / "reward.json").read_text()) == {"reward": reward}
    assert {path.name for path in (tmp_path / "logs").iterdir()} == {"reward.json", "simdetect.json", "simdetect.html"}


def test_what_cannot_be_read_gets_no_reward(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none"), "--original", str(DEMO / "original"), "--logs", str(tmp_path)]) == 2
    assert not (tmp_path / "reward.json").exists()
