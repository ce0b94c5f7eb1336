"""Functions and classes that many programs carry inside a file of their own."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from simdetect import scan
from simdetect.model import TokenStream
from simdetect.tokens.analyse import Batch, analyse
from simdetect.weighing import boilerplate
from simdetect.weighing.background import Hashes
from simdetect.weighing.public_code import in_public_code, load_public_code, runs_of
from tests.judging.test_resemblance import READER

CARRIED = (
    "static int carried(int[] a) { int n = a.length; for (int i = 0; i < n; i++) { a[i] += n * i; } return a[n - 1]; }"
)
OWN = "static int own(int[] b) { int sum = 0; for (int k : b) { sum ^= k << 3; } return sum; }"


def tokens_of(text: str) -> TokenStream:
    [(tokens, _, _)] = analyse(Batch("java", [text.encode()], 12, 6))
    return tokens


def known(text: str, table: Hashes) -> str:
    """The tokens of a text that are said to be carried, as one text."""
    tokens = tokens_of(text)
    at = np.flatnonzero(in_public_code(table, tokens)).tolist()
    return " ".join(text[tokens.start[i] : tokens.end[i]] for i in at)


TABLE = runs_of(tokens_of(f"class A {{ {CARRIED} }}").exact)


def test_a_function_is_known_by_its_text_wherever_it_stands() -> None:
    found = known(f"class B {{ {OWN} {CARRIED} }}", TABLE)
    assert found.startswith("static int carried ( int") and found.endswith("]; }".replace("];", "] ;"))


def test_what_stands_beside_it_is_not_known() -> None:
    assert "own" not in known(f"class B {{ {OWN} {CARRIED} }}", TABLE)
    assert not known(f"class B {{ {OWN} }}", TABLE)


def test_a_function_with_other_names_is_another_one() -> None:
    assert not known(f"class B {{ {CARRIED.replace('a', 'zz')} }}", TABLE)


def test_a_few_statements_of_it_in_a_function_of_ones_own_are_not_known() -> None:
    part = (
        "static int own(int[] a) { int n = a.length; for (int i = 0; i < n; i++) { a[i] += n * i; }" + " a[0] -= 1;" * 8
    )
    assert not known(f"class B {{ {part} return 1; }} }}", TABLE)


def test_what_stands_in_the_middle_of_a_known_class_is_its_authors() -> None:
    [head, tail] = CARRIED.split("return")
    found = known(f"class B {{ {CARRIED.replace('return', 'secret(); return') + CARRIED} }}", TABLE)
    assert "carried" in found and "secret" not in found and head and tail


def test_a_language_without_a_table_has_none() -> None:
    assert not len(load_public_code("cobol"))
    assert not known(f"class B {{ {CARRIED} }}", load_public_code("cobol"))


def test_the_shipped_table_is_small_and_says_where_it_comes_from() -> None:
    folder = resources.files("simdetect") / "data" / "public"
    assert len((folder / "code.npz").read_bytes()) < 40_000
    rows = json.loads((folder / "CODE.json").read_text())
    assert len({row["repository"] for row in rows}) == len(rows) >= 3
    assert all(row["commit"] and row["n_files"] for row in rows)
    assert 1000 < len(load_public_code("java")) < 20_000


def test_pasted_readers_are_hardly_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for side, own in (("one", OWN), ("two", "static boolean other(String s) { return s.indexOf('x') > 1; }")):
        (tmp_path / side).mkdir()
        (tmp_path / side / "Main.java").write_text(f"public class Main {{ {READER} {own} }}")

    def bits() -> float:
        return scan(tmp_path / "one", tmp_path / "two").findings[0].bits or 0.0

    found = bits()
    monkeypatch.setattr(boilerplate, "load_public_code", lambda _: np.zeros(0, np.uint32))
    assert found < 0.5 * bits()
