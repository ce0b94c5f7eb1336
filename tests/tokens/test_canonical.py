"""The canonical form: what becomes one, what must stay apart, and that nothing is lost on the way."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.languages import LANGUAGES as TABLE
from simdetect.languages.grammar import load_grammar
from simdetect.model import TokenRole, TokenStream
from simdetect.tokens.analyse import Batch, analyse
from simdetect.tokens.parse import parser_of
from simdetect.tokens.symbols import NUMBER_SYMBOL, hash_text
from tests import ROOT
from tests.languages.samples import sample_path
from tests.steps import assert_in_proportion, matches_in_progress, python_steps

FIXTURES = ROOT / "fixtures" / "canonical" / "rules.toml"
RULES: list[dict[str, Any]] = tomllib.loads(FIXTURES.read_text())["rule"]
SAME = [(rule["name"], *entry) for rule in RULES for entry in rule["same"]]
DIFFERS = [(rule["name"], *entry) for rule in RULES for entry in rule["differs"]]
CANON = {name: row.rewrites for name, row in TABLE.items() if row.rewrites is not None}
LANGUAGES = sorted(CANON)


def stream(language: str, text: str) -> TokenStream:
    ((tokens, _, _),) = analyse(Batch(language, [text.encode()], 12, 6, with_forms=True))
    assert tokens.degraded is None
    assert tokens.error_share == 0, text
    return tokens


def form(language: str, text: str) -> list[int]:
    """Symbols of the canonical form, names and literals by their own text."""
    tokens = stream(language, text)
    at, symbol = tokens.canonical()
    own = np.where(
        np.isin(tokens.role[at], [TokenRole.NAME, TokenRole.STRING, TokenRole.NUMBER]), tokens.exact[at], symbol
    )
    own[tokens.odd] = tokens.odd_symbol
    own[own == hash_text(b"1")] = NUMBER_SYMBOL
    return [int(value) for value in own]


@pytest.mark.parametrize(("name", "language", "one", "other"), SAME)
def test_ways_to_write_the_same_have_one_form(name: str, language: str, one: str, other: str) -> None:
    assert stream(language, one).exact.tolist() != stream(language, other).exact.tolist() or name == "string quotes"
    assert form(language, one) == form(language, other)


@pytest.mark.parametrize(("name", "language", "one", "other"), DIFFERS)
def test_what_says_something_else_has_another_form(name: str, language: str, one: str, other: str) -> None:
    assert form(language, one) != form(language, other), name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["name"]))
def test_every_rule_is_shown_in_three_languages_with_a_counterexample(rule: dict[str, Any]) -> None:
    assert len({entry[0] for entry in rule["same"]}) >= 3
    assert rule["differs"]


def test_every_rule_is_documented() -> None:
    docs = (ROOT / "docs" / "disguise.md").read_text()
    for rule in RULES:
        assert f"| {rule['name']} | {rule['what']} |" in docs


@cache
def sample(language: str) -> str:
    return sample_path(language).read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_keeps_its_place_in_the_form_but_for_those_that_rules_drop(language: str) -> None:
    """No rule invents a name, and most of them stay: at most types, imports of aliases and repeated operands go."""
    tokens = stream(language, sample(language))
    at = np.delete(tokens.canonical()[0], tokens.odd)
    names = [i for i in at.tolist() if tokens.role[i] == TokenRole.NAME]
    everything = np.flatnonzero(tokens.role == TokenRole.NAME)
    assert set(names) <= set(everything.tolist())
    assert len(set(names)) >= 0.6 * len(everything)
    assert max(Counter(names).values()) == 1  # no token twice


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_are_known_to_the_grammar(language: str) -> None:
    grammar = load_grammar(language)
    assert grammar is not None
    assert grammar.rewrites is not None
    assert grammar.rewrites.pattern_count == len(CANON[language].rules)


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_any_text_has_a_form_whose_runs_fit(language: str, data: st.DataObject) -> None:
    """Pieces of real code in any order: broken syntax must not break the form."""
    lines = sample(language).splitlines()
    chosen = data.draw(st.lists(st.sampled_from(lines), max_size=30))
    ((tokens, _, _),) = analyse(Batch(language, ["\n".join(chosen).encode()], 12, 6, with_forms=True))
    at, symbol = tokens.canonical()
    assert len(at) == len(symbol)
    assert not len(at) or (at.min() >= 0 and at.max() < len(tokens))
    assert len(at) <= 4 * len(tokens) + 64
    plain = np.ones(len(at), np.bool_)
    plain[tokens.odd] = False
    assert (symbol[plain] == tokens.normal[at[plain]]).all()


def test_a_batch_has_the_forms_of_its_files() -> None:
    texts = [text for _, language, *both in SAME if language == "c" for text in both]
    together = analyse(Batch("c", [text.encode() for text in texts], 12, 6, with_forms=True))
    for text, (tokens, _, _) in zip(texts, together, strict=True):
        alone = stream("c", text)
        for name in ("run_start", "run_end", "odd", "odd_symbol"):
            assert getattr(tokens, name).tolist() == getattr(alone, name).tolist()


@pytest.mark.parametrize("text", ["", ";", "\n", "/* a */", "int"])
def test_files_with_nothing_to_undo(text: str) -> None:
    ((tokens, _, _),) = analyse(Batch("c", [text.encode()], 12, 6, with_forms=True))
    at, _ = tokens.canonical()
    assert len(at) <= len(tokens)


def test_deep_nesting_is_laid_out_without_recursion() -> None:
    depth = 3000
    text = "void f() { " + "if (a) { " * depth + "g();" + " } else h();" * depth + " }"
    ((tokens, _, _),) = analyse(Batch("c", [text.encode()], 12, 6, with_forms=True))
    at, _ = tokens.canonical()
    assert len(at) > 5 * depth


def test_runs_that_do_not_fit_are_an_error() -> None:
    tokens = stream("c", "void f() { for (;;) g(); }")
    broken = {name: getattr(tokens, name).copy() for name in ("run_start", "run_end")}
    broken["run_end"][-1] = 1000
    fields = {name: getattr(tokens, name) for name in TokenStream.__slots__} | broken
    with pytest.raises(ValueError, match="canonical"):
        TokenStream(**fields).canonical()


# A place where a pattern may try every pair of neighbours: `%s` holds many parts.
_WIDE = {
    "call": ("f(%s)", ", "),
    "cast": ("cast(%s)", ", "),
    "sum": ("x = (%s)", " + "),
    "statements": ("{ %s }", "; "),
    "conditions": ("if (%s) { a(); }", " && "),
    "parameters": ("int f(%s) { return 1; }", ", "),
    "declaration": ("int a = 1, %s;", ", "),
    "spread": ("static_cast<int>(%s);", ", "),
}
_OPERATORS = {"sum", "conditions"}  # one pattern, and no other, waits for the right operand of each operator
_FRAMES = {
    "c": "void f(void) {\n%s;\n}\n",
    "cpp": "void f() {\n%s;\n}\n",
    "java": "class A { void f() {\n%s;\n} }\n",
    "go": "package a\nfunc f() {\n%s\n}\n",
    "rust": "fn f() {\n%s;\n}\n",
    "python": "%s\n",
}


@pytest.mark.parametrize("shape", sorted(_WIDE))
@pytest.mark.parametrize("language", sorted(CANON))
def test_long_lists_take_no_longer_than_their_size(language: str, shape: str) -> None:
    """4,000 arguments of one call took 20 s where a pattern left open which of them it means."""
    pattern, between = _WIDE[shape]
    grammar = load_grammar(language)
    assert grammar is not None and grammar.rewrites is not None and grammar.units is not None

    def source(n: int) -> bytes:
        return (_FRAMES.get(language, "%s;\n") % (pattern % between.join(f"b{i}" for i in range(n)))).encode()

    analyse(Batch(language, [source(1)], 5, 8, with_forms=True))  # loads what is loaded once
    assert_in_proportion(
        lambda n: python_steps(lambda: analyse(Batch(language, [source(n)], 5, 8, with_forms=True))), 100
    )
    few, many = (parser_of(language).parse(source(n)).root_node for n in (100, 200))
    begun = matches_in_progress(grammar.rewrites, many) - matches_in_progress(grammar.rewrites, few)
    assert begun <= (100 if shape in _OPERATORS else 0)
    depth = grammar.spec.unit_depth
    assert matches_in_progress(grammar.units, many, depth) == matches_in_progress(grammar.units, few, depth)
