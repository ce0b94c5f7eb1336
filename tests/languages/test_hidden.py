"""Code where no name says so: the cheap answers are those that the patterns would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simdetect.languages.hidden import _lines, _n_most_lines, hidden_language

PIECES = st.lists(st.sampled_from([b"if (a) {", b"return b;", b"}", b"\n", b" ", b"x" * 400, b"\r", b"{};"]))


@given(PIECES)
def test_texts_of_few_lines_are_judged_by_their_lines_alone(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    assert len(_lines(content).split(b"\n")) <= _n_most_lines(content)


def test_a_short_program_is_code_and_four_lines_are_not() -> None:
    lines = ["int f(void)", "{", "int a = 1;", "if (a) {", "return a;", "}", "return 0;", "}"]
    assert hidden_language("\n".join(lines).encode(), is_strict=False) == "c"
    assert hidden_language("\n".join(lines[:3]).encode(), is_strict=False) is None
