"""The bridge from table rows to tree-sitter."""

from __future__ import annotations

import pytest

from simdetect.languages import spec_of
from simdetect.languages.grammar import ERROR_KIND, grammar_version, load_grammar, role_of_kind
from simdetect.languages.spec import LanguageSpec
from simdetect.model import TokenRole

PLAIN = LanguageSpec("plain", "Plain", "plain", (".plain",))


@pytest.mark.parametrize(
    ("kind", "is_named", "role"),
    [
        ("identifier", True, TokenRole.NAME),
        ("type_identifier", True, TokenRole.NAME),
        ("line_comment", True, TokenRole.COMMENT),
        ("string_content", True, TokenRole.STRING),
        ("character_literal", True, TokenRole.STRING),
        ("decimal_integer_literal", True, TokenRole.NUMBER),
        ("primitive_type", True, TokenRole.SYNTAX),
        ("while", False, TokenRole.SYNTAX),
        ("+=", False, TokenRole.SYNTAX),
        ("true", False, TokenRole.NUMBER),
        ('"""', False, TokenRole.STRING),
        ("R'", False, TokenRole.STRING),
        ("\n", False, TokenRole.LAYOUT),
    ],
)
def test_the_role_of_a_leaf_is_judged_by_its_kind(kind: str, is_named: bool, role: TokenRole) -> None:
    assert role_of_kind(PLAIN, kind, is_named=is_named) == role


def test_a_row_overrides_the_judgement() -> None:
    row = LanguageSpec("odd", "Odd", "odd", (".odd",), names=frozenset({"line_comment"}), syntax=frozenset({"'"}))
    assert role_of_kind(row, "line_comment", is_named=True) == TokenRole.NAME
    assert role_of_kind(row, "'", is_named=False) == TokenRole.SYNTAX


def test_what_the_grammar_could_not_read_is_looked_into() -> None:
    grammar = load_grammar("c")
    assert grammar is not None
    assert grammar.is_opaque[ERROR_KIND]


def test_the_words_of_a_grammar_are_its_keywords_and_operators() -> None:
    grammar, sql = load_grammar("c"), load_grammar("sql")
    assert grammar is not None
    assert sql is not None
    assert {"while", "->", "<<=", "#include"} <= set(grammar.words)
    assert "select" in sql.words
    assert load_grammar("c") is grammar


def test_a_language_without_a_grammar_has_none() -> None:
    assert load_grammar("clojure") is None
    assert grammar_version(spec_of("clojure")) is None


def test_an_unknown_language_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_grammar("klingon")
