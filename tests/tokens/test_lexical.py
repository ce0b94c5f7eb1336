"""Tokens without a syntax tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simdetect.languages import LANGUAGES, LEXICAL_LANGUAGES, spec_of
from simdetect.languages.lexer import load_lexer
from simdetect.model import TokenRole
from simdetect.tokens.lexical import lexical_streams
from tests.steps import assert_in_proportion, python_steps, regex_steps


def tokens(code: str | bytes, language: str) -> list[str]:
    content = code.encode() if isinstance(code, str) else code
    stream = lexical_streams([content], language, "test")[0]
    return [content[a:b].decode() for a, b in zip(stream.start.tolist(), stream.end.tolist(), strict=True)]


def roles(code: str, language: str) -> str:
    stream = lexical_streams([code.encode()], language, "test")[0]
    return "".join('sN"1#_'[role] for role in stream.role.tolist())


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        ("c", "a+=b->c<<2;", ["a", "+=", "b", "->", "c", "<<", "2", ";"]),
        ("c", "#include <stdio.h>\nx=-1;", ["#include", "<stdio.h>", "x", "=", "-1", ";"]),
        ("c", 'puts("a\\"b" L"c");', ["puts", "(", '"a\\"b"', 'L"c"', ")", ";"]),
        ("rust", "let c = 'x'; fn f<'a>() {}", ["let", "c", "=", "'x'", ";", "fn", "f", "<", "'", "a", ">", *"(){}"]),
        ("rust", 'r#"a "b" c"#;', ['r#"a "b" c"#', ";"]),
        ("python", 'x = f"a" """b\n"c" """ # d', ["x", "=", 'f"a"', '"""b\n"c" """']),
        ("javascript", "x = /a[/]b/g; y = a / b / c", ["x", "=", "/a[/]b/g", "y", "=", *"a/b/c"]),
        ("haskell", "f' x = 'c' <$> y -- z", ["f'", "x", "=", "'c'", "<$>", "y"]),
        ("sql", "SELECT 'it''s' -- c", ["SELECT", "'it''s'"]),
        ("go", "größe := 0x1F + 1.5e-3", ["größe", ":=", "0x1F", "+", "1.5e-3"]),
        ("lua", "x = [==[ a ]] b ]==] --[[ c\n]] y", ["x", "=", "[==[ a ]] b ]==]", "y"]),
        ("clojure", '(defn f [x] "a" ; c\n x)', ["(", "defn", "f", "[", "x", "]", '"a"', "x", ")"]),
        ("makefile", "all: $(OBJ) # c\n\tcc -o $@", ["all", ":", "$", "(", "OBJ", ")", "cc", "-", "o", "$", "@"]),
    ],
)
def test_code_is_cut_into_tokens(language: str, code: str, expected: list[str]) -> None:
    assert tokens(code, language) == expected


def test_words_are_told_apart() -> None:
    assert roles("if (x == null) return 'a' + 1.5;", "java") == 'ssNs1ss"s1s'


def test_keywords_ignore_case_where_the_language_does() -> None:
    upper, lower = (lexical_streams([code], "sql", "test")[0] for code in (b"SELECT a FROM b", b"select x from y"))
    assert upper.normal.tolist() == lower.normal.tolist()
    assert upper.exact.tolist() != lower.exact.tolist()


def test_comments_stay_beside_the_code_and_the_reason_is_kept() -> None:
    stream = lexical_streams([b"a /* b */ c // d\n"], "c", "killed after 20 s")[0]
    assert (len(stream), len(stream.comment), stream.degraded) == (2, 2, "killed after 20 s")


def test_a_batch_equals_its_files_alone() -> None:
    files = [b'x = "unclosed\n', b"", b"/* unclosed", b"y + 1"]
    batch = lexical_streams(files, "c", "test")
    for content, stream in zip(files, batch, strict=True):
        alone = lexical_streams([content], "c", "test")[0]
        assert stream.normal.tolist() == alone.normal.tolist()
        assert stream.comment.tolist() == alone.comment.tolist()


@pytest.mark.parametrize("language", sorted({**LEXICAL_LANGUAGES, **LANGUAGES}))
def test_every_language_has_a_lexer_that_covers_any_bytes(language: str) -> None:
    content = bytes(range(256)) * 2 + b"\n" + bytes(reversed(range(256)))
    assert len(lexical_streams([content], language, "test")[0]) >= 1
    assert load_lexer(language).role_of_word(b"zzz") == TokenRole.NAME
    assert spec_of(language).name == language


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "one long line of names": lambda n: b"name " * n,
    "white space": lambda n: b" " * n,
    "white space before a control character": lambda n: b" " * n + b"\x01",
    "unclosed strings": lambda n: b'"a\n' * n,
    "unclosed comments": lambda n: b"/* " * n,
    "unclosed single quotes": lambda n: b"'" * n,
    "unclosed regexes": lambda n: b"(/[" * n,
    "escaped slashes": lambda n: b"\\/" * n,
    "slashes": lambda n: b"= /a" * n,
    "backslashes": lambda n: b"\\" * n,
    "raw strings": lambda n: b'r#"' * n,
    "numbers": lambda n: b"1" * n + b"." * n,
    "triple quotes": lambda n: b'"""' * (n + 1 - n % 2),
    "brackets": lambda n: b"--[[" * n,
}


@pytest.mark.parametrize(
    "language", ["c", "rust", "python", "javascript", "lua", "ruby", "ocaml", "haskell", "clojure"]
)
def test_hostile_input_takes_linear_time(language: str) -> None:
    pattern = load_lexer(language).pattern
    for name, content in HOSTILE.items():
        lexical_streams([content(1)], language, "test")
        assert_in_proportion(lambda n, of=content: regex_steps(pattern, of(n)), 60, name)
        assert_in_proportion(lambda n, of=content: python_steps(lambda: _lexed(of(n), language)), 60, name)


def _lexed(content: bytes, language: str) -> None:
    lexical_streams([content], language, "test")
