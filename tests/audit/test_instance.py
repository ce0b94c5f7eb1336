"""What a worker does with what strangers wrote."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from simdetect.audit import instance


@dataclass(frozen=True)
class Report:
    observed: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@pytest.mark.parametrize("error", (MemoryError(), TypeError("unhashable"), RecursionError()))
def test_a_session_that_breaks_the_reader_leaves_the_submission_scanned(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(instance, "read_observed", broken)
    nothing = {"options": None, "given": (), "documents": (), "elsewhere": ()}
    job: Any = SimpleNamespace(observed=("run.traj.json",), submission="s", **nothing)
    scanner: Any = SimpleNamespace(scan=lambda *_, observed, **__: Report(observed))
    report: Any = instance._scanned(job, scanner, ["original"], lambda _: None)
    assert report.observed == ()
    assert report.warnings == (f"The recorded session was not used: {type(error).__name__}",)
