"""Code where no name says so: the cheap answers are those that the patterns would give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.languages import LANGUAGES, spec_of
from simdetect.languages.hidden import _lines, _n_most_lines, hidden_language
from tests import ROOT

PIECES = st.lists(st.sampled_from([b"if (a) {", b"return b;", b"}", b"\n", b" ", b"x" * 400, b"\r", b"{};"]))


@given(PIECES)
def test_texts_of_few_lines_are_judged_by_their_lines_alone(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    assert len(_lines(content).split(b"\n")) <= _n_most_lines(content)


def test_a_short_program_is_code_and_four_lines_are_not() -> None:
    lines = ["int f(void)", "{", "int a = 1;", "if (a) {", "return a;", "}", "return 0;", "}"]
    assert hidden_language("\n".join(lines).encode(), is_strict=False) == "c"
    assert hidden_language("\n".join(lines[:3]).encode(), is_strict=False) is None


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_a_script_writes_is_known_by_its_text(language: str) -> None:
    """Whatever its name. Languages of one family are compared with each other."""
    for program in sorted((ROOT / "fixtures" / "wrapped" / language).iterdir()):
        found = hidden_language(program.read_bytes(), is_strict=False, is_written=True)
        assert found is not None and spec_of(found).family == spec_of(language).family, program


@pytest.mark.parametrize(
    "text",
    [
        "Usage: build [OPTION]... FILE\n" + "  --all   do it for all files, if any is left in the folder\n" * 20,
        "[server]\n" + "host = example.org\nport = 80\n" * 12,
        "name: build\non: push\njobs:\n" + "  test:\n    runs-on: linux\n    steps:\n      - uses: checkout\n" * 8,
        "\n".join(f"{i},{i * i},name {i},2024-01-0{i % 9}" for i in range(60)),
        "Dear all,\n\n" + "this is what we agreed on when we met, and it is in the minutes too.\n" * 15,
    ],
)
def test_settings_and_prose_that_a_script_writes_are_no_code(text: str) -> None:
    assert hidden_language(text.encode(), is_strict=False, is_written=True) is None
