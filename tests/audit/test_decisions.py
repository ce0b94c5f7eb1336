"""Suspected, then decided: by instance, file and original, by one or two people, carried over by fingerprint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simdetect import InputError, ScanOptions
from simdetect.audit.decisions import (
    Decisions,
    Matter,
    Vote,
    decided,
    decisions_file,
    read_decisions,
    with_vote,
    write_decisions,
)
from simdetect.audit.run import Audit, audit
from simdetect.cli.group import cli
from simdetect.report import render_audit
from tests.audit.test_run import RECALLED, Inline, runs

__all__ = ["runs"]
ONE = "acme__a.1234567"


def piece(fingerprint: str, bits: float = 200.0, original: str = "lib.c", excluded: object = None) -> dict[str, Any]:
    return {"fingerprint": fingerprint * 16, "bits": bits, "original": original, "excluded": excluded}


def report(**files: list[dict[str, Any]]) -> dict[str, Any]:
    return {"findings": [{"candidate": n, "verdict": "evidence", "evidence": e} for n, e in files.items()]}


TWO = report(a=[piece("1"), piece("2", original="other.c")], b=[piece("3", original="other.c")])


def vote(by: str = "A", decision: str = "recalled") -> Vote:
    return Vote(by, "2026-12-01", decision, "looked at", ())


def said(matter: Matter, *votes: Vote, base: Decisions | None = None, of: dict[str, Any] = TWO) -> Decisions:
    found = base or Decisions({})
    for one in votes:
        found = with_vote(found, matter, one, of)
    return found


def status(decisions: Decisions, of: dict[str, Any] = TWO) -> tuple[str, int]:
    found = decided(decisions, ONE, of)
    assert found is not None
    return found.status, found.n_open


def test_nobody_said_anything() -> None:
    assert decided(Decisions({}), ONE, TWO) is None


def test_a_decision_about_an_instance_covers_all_of_it() -> None:
    assert status(said(Matter(ONE), vote())) == ("recalled", 0)
    assert decided(said(Matter(ONE), vote()), "other", TWO) is None


def test_decisions_about_files_add_up() -> None:
    first = said(Matter(ONE, candidate="a"), vote(decision="not-recalled"))
    assert status(first) == ("open", 1)
    assert status(said(Matter(ONE, candidate="b"), vote(decision="given"), base=first)) == ("not-recalled", 0)


def test_a_decision_about_an_original_covers_what_comes_from_it() -> None:
    first = said(Matter(ONE, original="other.c"), vote(decision="given"))
    assert status(first) == ("open", 1)
    assert status(said(Matter(ONE, original="lib.c"), vote(), base=first)) == ("recalled", 0)


def test_what_is_not_there_cannot_be_decided() -> None:
    for matter in (Matter(ONE, candidate="c"), Matter(ONE, original="none.c")):
        with pytest.raises(InputError, match="has no evidence in"):
            said(matter, vote())


def test_new_evidence_opens_an_instance_again_and_a_little_does_not() -> None:
    decisions = said(Matter(ONE), vote())
    assert status(decisions, report(a=[piece("1"), piece("9", bits=60)])) == ("recalled", 0)
    assert status(decisions, report(a=[piece("1"), piece("9")])) == ("open", 1)
    assert status(decisions, report(a=[piece("1"), piece("9", excluded={"reason": "given"})])) == ("recalled", 0)


def test_two_people_may_have_to_agree() -> None:
    one = said(Matter(ONE), vote("A"), base=Decisions({}, sign_offs=2))
    assert status(one) == ("waiting", 2)
    assert status(said(Matter(ONE), vote("B"), base=one)) == ("recalled", 0)
    assert status(said(Matter(ONE), vote("B", "given"), base=one)) == ("disputed", 2)
    again = said(Matter(ONE), vote("A"), base=one)
    assert status(again) == ("waiting", 2)  # nobody votes twice


def test_decisions_are_kept_beside_the_run_and_read_back(tmp_path: Path) -> None:
    path = decisions_file(tmp_path / "run")
    assert path == tmp_path / "run.decisions.json" and read_decisions(path) == Decisions({})
    decisions = said(Matter(ONE, candidate="a"), vote("A"), vote("B"), base=Decisions({}, 2))
    write_decisions(path, decisions)
    assert read_decisions(path) == decisions


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "simdetect.decisions/1"}', "[" * 9999, '{"schema": "x", "sign_offs": 1}',
             '{"schema": "simdetect.decisions/1", "sign_offs": 3, "decisions": []}',
             '{"schema": "simdetect.decisions/1", "sign_offs": 1, "decisions": [{"matter": {}, "votes": []}]}'],
)  # fmt: skip
def test_what_is_no_file_of_decisions_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError):
        read_decisions(tmp_path / "x.json")


# --- audits and the command ------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


def test_a_decided_instance_says_so_in_every_output(runs: Path, tmp_path: Path) -> None:
    what, options = Audit((runs / "model-a",), runs / "originals"), ScanOptions(cache=tmp_path / "cache")
    audit(what, executor=Inline(), options=options)
    done = run("review", runs / "model-a")
    assert done.exit_code == 1 and done.stdout.endswith("1 open\n") and RECALLED in done.stdout
    choice = "--instance", RECALLED, "--decision", "recalled", "--reason", "as in <v2>", "--by", "A. Reviewer"
    done = run("review", runs / "model-a", *choice, "--date", "2026-12-01")
    assert (done.exit_code, done.stderr) == (0, "") and "0 open" in done.stdout
    report = audit(what, executor=Inline(), options=options)
    assert [result.decision is not None for result in report.instances] == [False, True, False]
    for format in ("text", "json", "markdown", "html", "csv"):
        shown = render_audit(report, format)
        assert "A. Reviewer" in shown and "v2" in shown, format
    summary = json.loads((runs / "model-a" / "_simdetect" / "simdetect.json").read_text())
    assert summary["instances"][1]["decision"]["status"] == "recalled"


def test_a_decision_says_who_and_why(runs: Path) -> None:
    done = run("review", runs / "model-a", "--decision", "given")
    assert done.exit_code == 2 and done.stderr.count("--decision needs") == 3
    done = run("review", runs / "model-a", "--instance", "x", "--decision", "given", "--reason", "a", "--by", "b")
    assert done.exit_code == 2 and "no report for x" in done.stderr
    assert not decisions_file(runs / "model-a").exists()


def test_decisions_inside_a_run_are_not_read(runs: Path, tmp_path: Path) -> None:
    inside = runs / "model-a" / "model-a.decisions.json"
    inside.write_text("not even JSON")
    audit(Audit((runs / "model-a",), runs / "originals"), executor=Inline(), options=ScanOptions(cache=tmp_path / "c"))
