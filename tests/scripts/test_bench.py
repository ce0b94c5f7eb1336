"""The benchmark says what is over its bar, and fails."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner

from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import bench
from bench import Measured


@pytest.mark.parametrize(
    ("values", "bar", "is_least", "is_over"),
    [([1.0, 2.0, 9.0], 2.0, False, False), ([1.0, 2.1, 9.0], 2.0, False, True), ([1.6], 1.7, True, True)],
)
def test_the_median_decides(values: list[float], bar: float, is_least: bool, is_over: bool) -> None:
    figure = Measured("ratio", values, bar, is_least)
    assert figure.is_over == is_over
    assert ("OVER ITS BAR" in figure.line()) == is_over


@pytest.mark.parametrize(("slower", "code"), [(1.0, 0), (100.0, 1)])
def test_it_fails_when_something_is_over_its_bar(tmp_path: Path, slower: float, code: int) -> None:
    (tmp_path / "a.py").write_text("def f(a):\n    return a + 1\n" * 50)
    figures = [Measured("ratio", [slower], 3.0)]
    with (
        mock.patch.object(bench, "ratios", return_value=figures),
        mock.patch.object(bench, "workers_s", return_value=1.0),
        mock.patch.object(bench, "_LEAST_SPEEDUP", 1.0),
    ):
        ran = CliRunner().invoke(bench.main, [str(tmp_path), "--repetitions", "1"])
    assert ran.exit_code == code, ran.output


def test_it_measures_every_language_and_a_pair(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(a):\n    return a + 1\n" * 50)
    options = bench.ScanOptions()
    with mock.patch.object(bench, "_LEAST_BYTES", 1), mock.patch.object(bench, "pair_s", return_value=0.01):
        found = bench.ratios(bench.parsed_files([tmp_path], options), options, 2)
    assert [figure.name for figure in found] == ["ratio", "ratio of python", "pair"]
    assert all(len(figure.values) == 2 and figure.median > 0 for figure in found)
