"""`simdetect index`."""

from __future__ import annotations

from pathlib import Path

from simdetect.options import ScanOptions
from tests import DEMO
from tests.cli.command_line import N_CPUS, Pipeline, complaint, run


def test_index_hands_its_arguments_to_the_library(pipeline: Pipeline) -> None:
    assert run("index", "a", "b", "-o", "x.sdx", "--no-source", "--exclude", "t", "--no-cache").exit_code == 0
    [(inputs, keywords)] = pipeline.calls
    assert inputs == ("x.sdx", "a", "b")
    assert (keywords["with_text"], keywords["options"]) == (False, ScanOptions(exclude=("t",), jobs=N_CPUS))


def test_index_needs_a_file_to_write(pipeline: Pipeline) -> None:
    assert "Missing option '-o'" in complaint(run("index", "a"))
    assert "there is no directory" in complaint(run("index", "a", "-o", "/no/where/x"))
    assert "not possible" in complaint(run("index", "a", "-o", "-"))
    assert pipeline.calls == []


def test_an_index_stands_for_its_original_on_the_command_line(tmp_path: Path) -> None:
    demo = DEMO
    index = str(tmp_path / "x.sdx")
    assert run("index", str(demo / "original"), "-o", index).output == ""
    plain = run("scan", str(demo / "submission"), str(demo / "original"))
    assert run("scan", str(demo / "submission"), index).stdout == plain.stdout
    assert "is an index" in complaint(run("scan", index, str(demo / "original")))
    assert "with exclude [] instead of ['x']" in complaint(run("scan", str(demo), index, "--exclude", "x"))
    Path(index).write_bytes(Path(index).read_bytes()[:-1])
    assert "truncated" in complaint(run("scan", str(demo), index))
