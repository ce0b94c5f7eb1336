"""Facts of the session beside the report of an instance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simdetect import ScanOptions
from simdetect.audit.run import Audit, audit
from tests import DEMO
from tests.audit.test_run import HONEST, RECALLED, Inline, files, runs, what

__all__ = ["runs"]

FILES = {path.name: path.read_text() for path in (DEMO / "submission").rglob("*.c")}


def session(runs: Path, *turns: tuple[str, str, str]) -> None:
    """turns: what the model says, its command, and what that prints."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": "Do not git clone the furlong source."}]
    for i, (words, command, output) in enumerate(turns):
        call = {"command": command, "tool_call_id": str(i)}
        messages.append({"role": "assistant", "content": words, "extra": {"actions": [call]}})
        messages.append({"role": "tool", "tool_call_id": str(i), "content": output})
    folder = runs / "model-a" / RECALLED
    (folder / f"{RECALLED}.traj.json").write_text(json.dumps({"messages": messages}))


def facts(runs: Path) -> dict[str, Any]:
    path = runs / "model-a" / RECALLED / f"{RECALLED}.session.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.fixture
def options(tmp_path: Path) -> ScanOptions:
    return ScanOptions(cache=tmp_path / "cache", setting="black-box")


def write_all() -> list[tuple[str, str, str]]:
    return [("", f"cat > {name} <<'EOF'\n{text}\nEOF", "") for name, text in FILES.items()]


def test_facts_stand_beside_the_report(runs: Path, options: ScanOptions) -> None:
    session(
        runs,
        ("I remember the furlong source.", "git clone https://tok_1234567890@github.com/acme/furlong", "no network"),
        *write_all(),
    )
    report = audit(what(runs), executor=Inline(), options=options)
    found = facts(runs)
    assert found["schema"] == "simdetect.session/1" and found["n_steps"] == 1 + len(FILES)
    [fetch] = found["fetches"]
    assert fetch == {
        "step": 1, "kind": "git", "names_original": True, "text": "git clone https://[key]@github.com/acme/furlong",
    }  # fmt: skip
    assert [(remark["step"], remark["kind"]) for remark in found["remarks"]] == [(1, "memory")]
    assert found["regions"] and all(region["written_step"] > 1 for region in found["regions"])
    assert not any(region["printed_step"] for region in found["regions"])
    [counts] = [result.session for result in report.instances if result.session]
    assert (counts.n_fetches, counts.n_fetches_of_original, counts.n_remarks) == (1, 1, 1)
    assert counts.n_regions == len(found["regions"])
    assert not (runs / "model-a" / HONEST / f"{HONEST}.session.json").exists()


def test_what_was_printed_before_it_was_written_says_so(runs: Path, options: ScanOptions) -> None:
    session(runs, ("", "cat /usr/src/furlong/*.c", "\n".join(FILES.values())), *write_all())
    audit(what(runs), executor=Inline(), options=options)
    assert {region["printed_step"] for region in facts(runs)["regions"]} == {1}


def test_without_words_no_words_are_quoted(runs: Path, options: ScanOptions) -> None:
    session(runs, ("I remember the furlong source.", "git clone https://github.com/acme/furlong", ""))
    audit(what(runs), executor=Inline(), options=options)
    audit(what(runs, with_session_text=False), executor=Inline(), options=options)
    found = facts(runs)
    assert [quote["text"] for quote in (*found["fetches"], *found["remarks"])] == ["", ""]
    assert not any(b"git clone" in content for name, content in files(runs / "model-a").items() if "traj" not in name)


def test_an_audit_that_goes_on_keeps_the_facts_and_makes_missing_ones(runs: Path, options: ScanOptions) -> None:
    session(runs, *write_all())
    first = audit(what(runs), executor=Inline(), options=options)
    content = files(runs / "model-a")
    again = Inline()
    assert audit(what(runs), executor=again, options=options) == first and RECALLED not in again.instances
    (runs / "model-a" / RECALLED / f"{RECALLED}.session.json").unlink()
    assert audit(what(runs), executor=Inline(), options=options) == first
    assert files(runs / "model-a") == content


def test_a_session_that_was_not_used_has_no_facts(runs: Path, options: ScanOptions) -> None:
    (runs / "model-a" / RECALLED / f"{RECALLED}.traj.json").write_text('{"messages": [')
    report = audit(Audit((runs / "model-a",), runs / "originals"), executor=Inline(), options=options)
    assert not any(result.session for result in report.instances)
    assert not list((runs / "model-a").rglob("*.session.json"))
