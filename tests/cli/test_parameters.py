"""Options that were given, and defaults, as `ScanOptions`."""

from __future__ import annotations

import pytest

from simdetect.options import ScanOptions
from simdetect.store import default_cache_folder
from tests.cli.command_line import N_CPUS, Pipeline, run


def test_without_options_the_defaults_hold(pipeline: Pipeline) -> None:
    run("scan", "a", "b")
    assert pipeline.calls[0][1]["options"] == ScanOptions(cache=default_cache_folder(), jobs=N_CPUS)


def test_workers_are_as_many_as_processors_but_no_more_than_help(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n_processors, n_jobs in ((1, 1), (3, 3), (64, 8)):
        monkeypatch.setattr("os.sched_getaffinity", lambda _, n=n_processors: set(range(n)), raising=False)
        run("scan", "a", "b")
        assert pipeline.calls[-1][1]["options"].jobs == n_jobs


def test_without_the_cache_none_is_named(pipeline: Pipeline) -> None:
    run("scan", "a", "b", "--no-cache")
    assert pipeline.calls[0][1]["options"] == ScanOptions(jobs=N_CPUS)
