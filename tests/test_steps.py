"""The counters count: what is in proportion passes, what is not is found, and the matcher finds what `re` finds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Query

from simdetect.languages.grammar import load_grammar
from simdetect.languages.lexer import load_lexer
from simdetect.languages.table import AMBIGUOUS, LANGUAGES
from simdetect.tokens.parse import parser_of
from tests.backtracking import Backtracker
from tests.steps import assert_in_proportion, matches_in_progress, python_steps, regex_steps


def patterns() -> Iterator[re.Pattern[bytes]]:
    """Those of the package that have most to get wrong."""
    for ambiguity in AMBIGUOUS.values():
        yield from (re.compile(pattern, re.MULTILINE) for pattern, _ in ambiguity.rules)
    yield from (re.compile(row.typical, re.MULTILINE) for row in LANGUAGES.values() if row.typical)
    yield from (load_lexer(name).pattern for name in ("c", "rust", "python", "javascript", "lua", "ruby", "haskell"))
    yield from (re.compile(own) for own in (rb"(?i)Ab|c+?d", rb"(?:ab|a)*+b", rb"(?>a+)a", rb"(a|b){2,3}?\B", rb"a*$"))


PATTERNS = sorted(set(patterns()), key=lambda pattern: (pattern.pattern, pattern.flags))
PIECES = [
    *(b"class", b" ", b"\n", b"a", b"b", b"Ab", b"cd", b"(", b")", b"{", b"}", b";", b"#", b"include", b"<x>", b'"'),
    *(b"'", b"::", b":-", b"/*", b"*/", b"//", b"=", b"-", b"1", b"0x1F", b".5e3", b"\\", b"\t", b"\xc3\xa9", b'R"('),
]


@settings(max_examples=500)
@given(pattern=st.sampled_from(PATTERNS), pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_the_matcher_finds_what_re_finds(pattern: re.Pattern[bytes], pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    found = pattern.search(text)
    matcher = Backtracker(pattern, text)
    spans = ((at, matcher.match(at)) for at in range(len(text) + 1))
    assert next((span for span in spans if span[1] >= 0), None) == (found.span() if found else None)


@pytest.mark.parametrize("pattern", [r"^\s*x", r"a*b", r"(a|a)*b", r".*?b$", r"(?:a+)+b"])
def test_patterns_that_are_tried_again_from_everywhere_are_found_out(pattern: str) -> None:
    compiled = re.compile(pattern, re.MULTILINE)
    with pytest.raises(AssertionError, match="steps"):
        assert_in_proportion(lambda n: regex_steps(compiled, ("\n" if "s" in pattern else "a") * n), 40)


@pytest.mark.parametrize("pattern", [r"^[ \t]*x", r"a*+b?", r"[^b]{0,300}c", r"a+|b"])
def test_patterns_that_read_a_text_once_pass(pattern: str) -> None:
    compiled = re.compile(pattern, re.MULTILINE)
    assert_in_proportion(lambda n: regex_steps(compiled, "a" * n), 40)


def test_lines_of_python_are_counted() -> None:
    assert_in_proportion(lambda n: python_steps(lambda: [str(i) for i in range(n)] and _looped(n)), 50)
    with pytest.raises(AssertionError, match="steps"):
        assert_in_proportion(lambda n: python_steps(lambda: [_looped(n) for _ in range(n)]), 50)


def _looped(n: int) -> int:
    total = 0
    for i in range(n):
        total += i
    return total


def test_a_query_that_leaves_open_what_it_means_is_found_out() -> None:
    grammar = load_grammar("c")
    assert grammar is not None
    patterns = {"open": "(argument_list (_) @a (_) @b)", "closed": "(argument_list . (_) @a . (_) @b)"}
    counts = {}
    for name, pattern in patterns.items():
        query = Query(grammar.language, pattern)
        trees = [parser_of("c").parse(b"int x = f(" + b"a, " * n + b"a);") for n in (50, 100)]
        counts[name] = [matches_in_progress(query, tree.root_node) for tree in trees]
    assert counts["open"][1] > 1.9 * counts["open"][0]
    assert counts["closed"][1] == counts["closed"][0] <= 3
