"""`simdetect cache` and `simdetect languages`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import DEMO
from tests.cli.command_line import complaint, run


def test_the_cache_says_what_it_holds_and_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path))
    demo = DEMO
    assert run("cache", "info").stdout.startswith("0 results of files, 0 indexes of originals, 0.0 MB in ")
    run("scan", str(demo / "submission"), str(demo / "original"))
    assert run("cache", "info").stdout.startswith("16 results of files, ")
    assert run("cache", "clear").stdout.startswith("cleared: 16 results of files, ")
    assert run("cache", "info").stdout.startswith("0 results of files, ")
    assert "'frob' is not one of" in complaint(run("cache", "frob"))


def test_languages_lists_every_row_of_the_table() -> None:
    from simdetect.languages import LANGUAGES

    listed = json.loads(run("languages", "--format", "json").stdout)
    assert [row["name"] for row in listed] == sorted(LANGUAGES)
    table = run("languages").stdout
    assert all(label in table for label in (spec.label for spec in LANGUAGES.values()))


def test_languages_says_lexical_when_there_is_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    from simdetect.languages import LANGUAGES, LanguageSpec

    monkeypatch.setitem(LANGUAGES, "x1", LanguageSpec("x1", "X1", "x1", (".x1",)))
    monkeypatch.setitem(LANGUAGES, "x2", LanguageSpec("x2", "X2", "x2", (".x2",), "m", distribution="no-such-package"))
    rows = {line.split()[0]: line.split(None, 2)[2] for line in run("languages").stdout.splitlines()}
    assert rows["x1"].split() == ["lexical", ".x1"]
    assert rows["x2"].split() == ["no-such-package", "not", "installed:", "lexical", ".x2"]
