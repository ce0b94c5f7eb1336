"""The scorer for Inspect AI, in a real evaluation with a model that says nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import ROOT

pytest.importorskip("inspect_ai")


def test_the_example_is_scored_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspect_ai import eval as evaluate

    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    monkeypatch.chdir(tmp_path)
    import inspect_task

    [log] = evaluate(inspect_task.rebuilt(), model="mockllm/model", log_dir=str(tmp_path / "logs"), display="none")
    assert log.status == "success", log.error
    scores = {str(sample.id): sample.scores["recall"] for sample in log.samples or [] if sample.scores}
    assert {name: score.value for name, score in scores.items()} == {"submission": 0.0, "independent": 1.0}
    assert scores["submission"].metadata is not None and scores["submission"].metadata["verdict"] == "evidence"
    assert scores["submission"].explanation
    sys.modules.pop("inspect_task", None)
