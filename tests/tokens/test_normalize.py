"""Leaves of syntax trees -> token streams."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simdetect.model import TokenStream
from simdetect.tokens.normalize import normalize
from simdetect.tokens.parse import parse
from simdetect.tokens.symbols import NAME_SYMBOL, NUMBER_SYMBOL, STRING_SYMBOL, hash_spans, hash_text
from tests.reference import hash_of_text


def stream(code: str, language: str) -> TokenStream:
    content = code.encode()
    return normalize([parse(content, language)], [content], language)[0]


def tokens(code: str, language: str) -> list[str]:
    found, content = stream(code, language), code.encode()
    return [content[a:b].decode() for a, b in zip(found.start.tolist(), found.end.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        ("c", 'x = "a b \\n c";', ["x", "=", '"a b \\n c"', ";"]),
        ("c", 'x = "" "a" " " "b ";', ["x", "=", '""', '"a"', '" "', '"b "', ";"]),
        ("c", 'printf("%" PRIu64"\\n");', ["printf", "(", '"%"', "PRIu64", '"\\n"', ")", ";"]),
        ("cpp", 'x = R"q(a "b" )q";', ["x", "=", 'R"q(a "b" )q"', ";"]),
        ("python", "x = f'a {b + 1} c' 'd'", ["x", "=", "f'a", "{", "b", "+", "1", "}", " c'", "'d'"]),
        ("python", 'x = "\\[ a" ""', ["x", "=", '"\\[ a"', '""']),
        ("javascript", "x = `a ${b} c`", ["x", "=", "`a", "${", "b", "}", " c`"]),
        ("javascript", "x = /[/] a/gi.test(y / 2)", ["x", "=", "/[/] a/gi", ".", "test", "(", "y", "/", "2", ")"]),
        ("bash", 'echo "$a" "b"', ["echo", '"', "$", "a", '"', '"b"']),
        ("ruby", "x = \"a #{b} c\" + 'd '", ["x", "=", '"a', "#{", "b", "}", ' c"', "+", "'d '"]),
        ("rust", "let x = b'a'; let y = \"c\\n \";", ["let", "x", "=", "b'a'", ";", "let", "y", "=", '"c\\n "', ";"]),
        ("elixir", "~r/a b/i", ["~r/a b/i"]),
    ],
)
def test_a_literal_is_one_token_and_interpolated_code_stays_apart(
    language: str, code: str, expected: list[str]
) -> None:
    assert tokens(code, language) == expected


def test_the_body_of_a_macro_is_tokenised() -> None:
    code = "#define MAX(a, b) ((a) > (b) ? (a) : \\\n  (b)) /* c */\nint x;\n"
    body = ["(", "(", "a", ")", ">", "(", "b", ")", "?", "(", "a", ")", ":", "(", "b", ")", ")"]
    assert tokens(code, "c") == ["#define", "MAX", "(", "a", ",", "b", ")", *body, "int", "x", ";"]
    assert len(stream(code, "c").comment) == 1


def test_names_strings_and_numbers_become_classes() -> None:
    found = stream("x = 'a' + 1", "python")
    plus, equals = hash_text(b"+"), hash_text(b"=")
    assert found.normal.tolist() == [NAME_SYMBOL, equals, STRING_SYMBOL, plus, NUMBER_SYMBOL]
    assert found.exact.tolist() == [hash_text(text) for text in (b"x", b"=", b"'a'", b"+", b"1")]


def test_reserved_names_are_syntax_and_constants_are_numbers() -> None:
    first, second = stream("def f(x), do: g(nil)", "elixir"), stream("def a(b), do: c(true)", "elixir")
    assert first.normal.tolist() == second.normal.tolist()
    assert first.normal[0] == hash_text(b"def")


def test_sql_literals_are_told_by_their_first_byte() -> None:
    assert stream("SELECT 'a', 1, -2.5;", "sql").normal.tolist()[1::2][:2] == [STRING_SYMBOL, NUMBER_SYMBOL]


def test_optional_semicolons_do_not_count() -> None:
    assert stream("a = 1; b = 2;", "javascript").exact.tolist() == stream("a = 1\nb = 2", "javascript").exact.tolist()


def test_a_file_of_nothing_has_no_tokens() -> None:
    assert [len(stream(code, "c")) for code in ("", " \n", "// c")] == [0, 0, 0]


CODE = st.text(st.sampled_from(list("ab1 \n\t(){};=+-*/\"'`#\\<>é$_")), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(CODE, min_size=1, max_size=4), st.sampled_from(["c", "python", "javascript", "bash", "rust"]))
def test_a_batch_of_files_equals_each_file_alone(codes: list[str], language: str) -> None:
    contents = [code.encode() for code in codes]
    batch = normalize([parse(content, language) for content in contents], contents, language)
    for code, found in zip(codes, batch, strict=True):
        alone = stream(code, language)
        for name in ("exact", "normal", "role", "start", "end", "comment", "comment_start", "comment_end"):
            assert getattr(found, name).tolist() == getattr(alone, name).tolist(), name


@settings(max_examples=60, deadline=None)
@given(CODE, st.sampled_from(["c", "python", "javascript", "bash", "rust", "cpp", "ruby", "scala"]))
def test_spans_ascend_without_overlap_and_hold_text(code: str, language: str) -> None:
    found = stream(code, language)
    assert (found.start < found.end).all()
    assert (found.end[:-1] <= found.start[1:]).all()
    assert not len(found) or found.end[-1] <= len(code.encode())


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=8))
def test_span_hashes_agree_with_the_slow_oracle(texts: list[bytes]) -> None:
    content = b"".join(texts)
    ends = np.cumsum([len(text) for text in texts])
    starts = ends - np.array([len(text) for text in texts])
    assert hash_spans(content, starts, ends).tolist() == [hash_of_text(text) for text in texts]


@pytest.mark.parametrize(
    ("language", "code"),
    [("python", "größe = été + 1\n"), ("swift", "let größe = été + 1\n"), ("javascript", "let größe = été + 1;\n")],
)
def test_names_are_equal_in_every_form_of_unicode(language: str, code: str) -> None:
    one, two = (stream(unicodedata.normalize(form, code), language).exact.tolist() for form in ("NFC", "NFD"))
    assert one == two


def test_only_python_takes_compatible_letters_for_equal() -> None:
    ligature, letters = (stream(f"{name} = 1\n", "python").exact[0] for name in ("\ufb01le", "file"))
    assert ligature == letters
    assert stream("\ufb01le = 1;\n", "javascript").exact[0] != letters
