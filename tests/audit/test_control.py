"""Other submissions as control: forced agreement loses its bits, what one alone has keeps them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from simdetect import ScanOptions
from simdetect.audit.control import Submission, control
from simdetect.audit.run import Audit, audit
from simdetect.model import Control
from simdetect.report import load_report, render, render_audit
from simdetect.report.json import report_json_schema
from tests import DEMO


def piece(original: str, first: int, last: int, bits: float, *, is_excluded: bool = False) -> dict[str, Any]:
    return {
        "original": original,
        "source": 0,
        "candidate": {"start_line": 1, "end_line": 2},
        "original_span": {"start_line": first, "end_line": last},
        "bits": bits,
        "fingerprint": "0" * 16,
        "excluded": {"reason": "common", "by": "x"} if is_excluded else None,
    }


def submission(run: str, *pieces: dict[str, Any], seed: int | None = None) -> Submission:
    """A submission with these agreements; those of one seed are copies of each other."""
    dice = np.random.default_rng(seed if seed is not None else sum(map(ord, run)))
    report = {"findings": [{"candidate": "main.c", "evidence": list(pieces)}]}
    return Submission(run, report, np.unique(dice.integers(0, 2**64, 200, dtype=np.uint64)))


def test_what_one_alone_has_keeps_its_bits_and_what_all_have_loses_them() -> None:
    forced = piece("api.h", 10, 20, 300.0)
    said = control(
        [
            submission("a", forced, piece("lex.c", 1, 50, 900.0)),
            submission("b", forced),
            submission("c", piece("api.h", 8, 22, 310.0)),
            submission("d", piece("api.h", 40, 60, 100.0)),
        ]
    )
    first, second = said["a"]["evidence"]
    assert (first["also_in"], first["bits_left"]) == (2, pytest.approx(100.0))
    assert (second["also_in"], second["bits_left"]) == (0, 900.0)
    assert said["a"]["n_voices"] == 3
    assert said["a"]["share_left"] == pytest.approx(1000 / 1200)
    assert said["b"]["share_left"] == pytest.approx(1 / 3)


def test_half_of_the_lines_are_enough_and_less_is_not() -> None:
    for last, also_in in ((14, 1), (13, 0)):
        said = control(
            [
                submission("a", piece("x.c", 10, 19, 100.0)),
                submission("b", piece("x.c", 10, last, 50.0)),
                submission("c"),
            ]
        )
        assert said["a"]["evidence"][0]["also_in"] == also_in


def test_another_file_of_the_original_is_something_else() -> None:
    said = control(
        [submission("a", piece("x.c", 1, 9, 99.0)), submission("b", piece("y.c", 1, 9, 99.0)), submission("c")]
    )
    assert said["a"]["evidence"][0]["also_in"] == 0


def test_what_counts_for_nobody_still_shows_that_others_have_it() -> None:
    excluded = piece("x.c", 1, 9, 99.0, is_excluded=True)
    said = control([submission("a", piece("x.c", 1, 9, 99.0)), submission("b", excluded), submission("c")])
    assert said["a"]["evidence"][0]["also_in"] == 1
    assert said["b"]["evidence"] == []


def test_near_copies_are_named_and_have_one_voice() -> None:
    own = piece("x.c", 1, 9, 100.0)
    copies = [submission(run, own, seed=7) for run in ("a", "b", "c")]
    said = control([*copies, submission("d"), submission("e")])
    assert said["a"]["near_identical"] == [["b", 1.0], ["c", 1.0]]
    assert said["a"]["n_voices"] == 2  # d and e: copies do not clear each other
    assert said["a"]["evidence"][0]["also_in"] == 0
    assert said["d"]["n_voices"] == 2  # the three copies, and e


def test_with_one_other_voice_nothing_is_said() -> None:
    said = control([submission("a", piece("x.c", 1, 9, 100.0)), submission("b", piece("x.c", 1, 9, 100.0))])
    assert (said["a"]["share_left"], said["a"]["evidence"]) == (None, [])


@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30), st.integers(0, 9)), max_size=4), max_size=5))
def test_bits_only_ever_become_fewer(spans: list[list[tuple[int, int, int]]]) -> None:
    submissions = [
        submission(f"r{i}", *(piece(f"{file}.c", first, first + n, 100.0) for file, first, n in own), seed=i)
        for i, own in enumerate(spans)
    ]
    for said in control(submissions).values():
        assert said["share_left"] is None or 0 <= said["share_left"] <= 1
        assert all(0 <= p["bits_left"] <= p["bits"] and 0 <= p["also_in"] <= said["n_voices"] for p in said["evidence"])


# --- in an audit ---------------------------------------------------------------------------------------------------


def pack(folder: Path, target: Path) -> None:
    target.parent.mkdir(parents=True)
    with tarfile.open(target, "w:gz") as archive:
        archive.add(folder, "work")


def written(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_noted(path: Path, told: Control | None) -> None:
    """A report says what the control file beside it says, in every format."""
    text = path.read_text()
    Draft202012Validator(report_json_schema()).validate(json.loads(text))
    report = load_report(text)
    stored = json.loads(path.with_name(path.name.replace("simdetect", "control")).read_text())
    counted = [e for finding in report.findings for e in finding.evidence if e.excluded is None]
    found = [(e.fingerprint, e.also_in.n, e.also_in.out_of, e.also_in.bits_left) for e in counted if e.also_in]
    assert len(found) == len(counted) or not stored["evidence"]
    assert found == [
        (piece["fingerprint"], piece["also_in"], stored["n_voices"], piece["bits_left"]) for piece in stored["evidence"]
    ]
    assert not any(e.also_in for finding in report.findings for e in finding.evidence if e.excluded is not None)
    assert report.control == told
    if found:
        expected = f"also in {found[0][1]} of {found[0][2]} other submissions"
        for format in ("text", "html", "markdown", "sarif"):
            assert expected in render(report, format, width=400, **({"detail": "full"} if format == "text" else {}))
        assert "also_in_out_of" in render(report, "csv").splitlines()[0]


KILLED_IN_CONTROL = """
import os, signal, sys
from pathlib import Path
from simdetect import ScanOptions
from simdetect.audit import control
from simdetect.audit.run import Audit, audit
flush, left = os.fsync, [int(sys.argv[2])]
def counted(handle):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)  # with the temporary file still there
    flush(handle)
note = control._note
def noting(*arguments):
    os.fsync = counted
    return note(*arguments)
control._note = noting
folder = Path(sys.argv[1])
runs = tuple(folder / run for run in "abc")
what = Audit(runs, folder / "originals", output=folder / "out", with_html=True)
audit(what, options=ScanOptions(cache=folder / "cache"))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_an_audit_that_is_killed_while_it_writes_what_others_say_ends_with_the_same_bytes(tmp_path: Path) -> None:
    instance = "acme__furlong.1234567"
    shutil.copytree(DEMO / "original", tmp_path / "originals" / instance)
    for run, folder in (("a", "submission"), ("b", "independent"), ("c", "original")):
        pack(DEMO / folder, tmp_path / run / instance / "submission.tar.gz")
    runs = tuple(tmp_path / run for run in "abc")
    options = ScanOptions(cache=tmp_path / "cache")
    audit(Audit(runs, tmp_path / "originals", output=tmp_path / "whole", with_html=True), options=options)
    expected = written(tmp_path / "whole")
    n_killed = 0
    for at in (*range(1, 11), 10**6):
        command = [sys.executable, "-c", KILLED_IN_CONTROL, str(tmp_path), str(at)]
        n_killed += subprocess.run(command, check=False, capture_output=True).returncode == -signal.SIGKILL
    assert n_killed >= 5
    audit(Audit(runs, tmp_path / "originals", output=tmp_path / "out", with_html=True), options=options)
    assert written(tmp_path / "out") == expected


def test_an_audit_of_several_runs_says_who_else_has_the_evidence(tmp_path: Path) -> None:
    instance = "acme__furlong.1234567"
    shutil.copytree(DEMO / "original", tmp_path / "originals" / instance)
    half = tmp_path / "half"
    half.mkdir()
    lines = (DEMO / "submission" / "main.c").read_text().splitlines(keepends=True)
    (half / "main.c").write_text("".join(lines[: len(lines) // 3]))
    for run, folder in (
        ("a", DEMO / "submission"),
        ("b", half),
        ("c", DEMO / "independent"),
        ("d", DEMO / "submission"),
    ):
        pack(folder, tmp_path / run / instance / "submission.tar.gz")
    what = Audit(tuple(tmp_path / run for run in "abcd"), tmp_path / "originals", output=tmp_path / "out")
    report = audit(what, options=ScanOptions(cache=tmp_path / "cache"))
    by_run = {result.run: result for result in report.instances}
    told = by_run["a"].control
    assert told is not None
    assert (told.n_voices, told.near_identical, told.lead_also_in) == (2, ("d",), 1)
    assert 0 < (told.bits_left or 0) < (by_run["a"].bits or 0)
    assert told.n_alone is not None and told.n_alone > 0
    stored = json.loads((tmp_path / "out" / "a" / instance / f"{instance}.control.json").read_text())
    assert stored["schema"] == "simdetect.control/1" and any(p["also_in"] == 0 for p in stored["evidence"])
    numbers = json.loads((tmp_path / "out" / "a" / "_stats" / "recall_bits_controlled.json").read_text())
    assert numbers == {instance: told.bits_left}
    for run in "abcd":
        assert_noted(tmp_path / "out" / run / instance / f"{instance}.simdetect.json", by_run[run].control)
    before = written(tmp_path / "out")
    assert audit(what, options=ScanOptions(cache=tmp_path / "cache")) == report  # nothing is said twice
    assert written(tmp_path / "out") == before
    alone = Audit((tmp_path / "a",), tmp_path / "originals", output=tmp_path / "out")
    audit(alone, options=ScanOptions(cache=tmp_path / "cache"))
    fresh = Audit((tmp_path / "a",), tmp_path / "originals", output=tmp_path / "fresh")
    audit(fresh, options=ScanOptions(cache=tmp_path / "cache"))
    assert written(tmp_path / "out" / "a") == written(tmp_path / "fresh" / "a")  # what others said is taken back
    words = render_audit(report, "markdown")
    assert "also in 1 of 2 other submissions" in words
    assert "nearly identical with the submission of d" in words
