"""What is left out of the work on a tree, and that this changes nothing."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from simdetect.languages import LANGUAGES
from simdetect.languages.grammar import load_grammar
from simdetect.tokens import parse as parse_module
from simdetect.tokens.imports import _last_word, imports_of
from simdetect.tokens.parse import _errors, parse, parser_of
from tests.languages.samples import sample_path

WITH_WORDS = sorted(name for name, row in LANGUAGES.items() if row.import_words)


def both(language: str, content: bytes) -> tuple[object, object]:
    """Imports as they are looked for, and looked for in the whole tree."""
    grammar = load_grammar(language)
    assert grammar is not None
    tree = parser_of(language).parse(content)
    everywhere = replace(grammar, spec=replace(grammar.spec, import_words=()))
    inserted = _errors(tree.root_node)[1]
    return imports_of(tree, grammar, content, inserted), imports_of(tree, everywhere, content)


@pytest.mark.parametrize("language", WITH_WORDS)
def test_behind_the_last_word_of_imports_there_is_none(language: str) -> None:
    sample = sample_path(language).read_bytes()
    lines = sample.splitlines(keepends=True)
    for content in (sample, *(b"".join(lines[at:] + lines[:at]) for at in range(0, len(lines), 7)), b""):
        found, expected = both(language, content)
        assert found == expected


@pytest.mark.parametrize(
    ("content", "sign", "word", "last"),
    [
        (b"import a; x = 1", b"", b"import", 0),
        (b"import a  # important reimport import_1", b"", b"import", 0),
        (b"#  include <a>\n/* what they include */", b"#", b"include", 3),
        (b"a = 1", b"", b"import", -1),
        (b"importimportimport", b"", b"import", -1),
    ],
)
def test_the_last_word_stands_by_itself_and_behind_its_sign(
    content: bytes, sign: bytes, word: bytes, last: int
) -> None:
    assert _last_word(content, sign, word) == last


def test_a_last_word_is_not_looked_for_forever() -> None:
    content = b"import a " + b"imports " * 5000
    assert _last_word(content, b"", b"import") > 8 * 3900


def test_a_word_that_the_parser_puts_in_is_no_end_of_imports() -> None:
    found, expected = both("python", b"x = 1\nfrom a import b\nfrom c\n")
    assert found == expected


@pytest.mark.parametrize(("n_leaves", "is_counted"), [(10, False), (45_000, True)])
def test_leaves_without_names_are_counted_where_there_are_many(n_leaves: int, is_counted: bool) -> None:
    with mock.patch.object(parse_module, "_sibling_steps", return_value=0.0) as counted:
        nodes = parse(b"f(" + b"1," * (n_leaves // 2) + b"1);", "c")
    assert len(nodes.kind) >= n_leaves and counted.called == is_counted
    assert parse_module._sibling_steps(np.zeros(44_000, np.bool_)) < parse_module._MAX_SIBLING_STEPS
