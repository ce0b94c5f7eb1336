"""Grammars, loaded lazily, and the role of each node kind: the bridge from table rows to tree-sitter."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata

import numpy as np
from tree_sitter import Language, Query

from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import spec_of
from simdetect.model import U8, Bool, TokenRole

__all__ = ["Grammar", "grammar_version", "load_grammar", "role_of_kind"]

# Delimiters of string and character literals: '"', "'''", 'r"', "f'", '@"', '"#' ... and named start/end markers.
_QUOTE = re.compile(r"""^[A-Za-z@$#%&]{0,3}("{1,3}|'{1,3}|`{1,3})[#@A-Za-z0-9]{0,3}$""")
_QUOTE_KIND = re.compile(r"(string|quote|heredoc|char(acter)?)_?(start|end|open|close|begin|delimiter)$")
_COMMENT = re.compile(r"comment|shebang|hash_bang|^pod$|haddock|pragma_comment")
_STRING = re.compile(
    r"string|char(acter)?(_|$)|escape|heredoc|template_chars|regex|quoted_content|^rune|_text$|^text$|code_point"
)
_NUMBER = re.compile(
    r"number|integer|float|double_lit|rational|imaginary|decimal|^(true|false|null|nil|none|undefined|unit)(_lit|_literal|$)"
    r"|boolean|bool_lit|^bool$|^(int|hex|octal|binary|real)(_?lit|_literal|$)|^nothing$|^literal$"
)
_SYNTAX = re.compile(
    r"^(primitive_type|predefined_type|integral_type|floating_point_type|boolean_type|void_type|implicit_type"
    r"|this|self|super|crate|operator|.*_operator|.*modifier|keyword_.*|k[A-Z]\w+|mutable_specifier|visibility.*|wildcard.*"
    r"|null_type|empty_statement|ellipsis.*|preproc_directive|break_statement|continue_statement|pass_statement)$"
)


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """A loaded grammar. role, is_quote: (65536,) by kind id, so that every uint16 id, ERROR included, has a row.

    units: the query that captures unit nodes as @unit, None when the row names none. opaque: (65536,) leaves whose
    text is code that the grammar does not look into (macro bodies).
    """

    spec: LanguageSpec
    language: Language
    role: U8
    is_quote: Bool
    opaque: Bool
    units: Query | None
    unit_kind: Mapping[str, str]


@cache
def load_grammar(name: str) -> Grammar | None:
    """Load the grammar of a language, or None when its row has none.

    Raises KeyError for an unknown language, ImportError when the grammar package is missing.
    """
    spec = spec_of(name)
    if not spec.module:
        return None
    language = Language(getattr(importlib.import_module(spec.module), spec.entry)())
    role = np.zeros(1 << 16, np.uint8)
    is_quote = np.zeros(1 << 16, np.bool_)
    opaque = np.zeros(1 << 16, np.bool_)
    for kind in range(language.node_kind_count):
        text = language.node_kind_for_id(kind) or ""
        is_named = language.node_kind_is_named(kind)
        role[kind] = role_of_kind(spec, text, is_named=is_named)
        is_quote[kind] = role[kind] == TokenRole.STRING and is_quote_kind(text, is_named=is_named)
        opaque[kind] = is_named and text in spec.opaque
    return Grammar(spec, language, role, is_quote, opaque, _unit_query(language, spec), spec.units)


def role_of_kind(spec: LanguageSpec, kind: str, *, is_named: bool) -> TokenRole:
    """The role of a leaf: what the row says, else judged by the kind's name."""
    for role, kinds in (
        (TokenRole.SYNTAX, spec.syntax),
        (TokenRole.NAME, spec.names),
        (TokenRole.STRING, spec.strings),
        (TokenRole.NUMBER, spec.numbers),
        (TokenRole.COMMENT, spec.comments),
        (TokenRole.LAYOUT, spec.layout),
    ):
        if kind in kinds:
            return role
    return _named_role(kind) if is_named else _anonymous_role(kind)


def is_quote_kind(kind: str, *, is_named: bool) -> bool:
    """Whether a leaf opens or closes a string literal."""
    return bool((_QUOTE_KIND if is_named else _QUOTE).search(kind))


def _anonymous_role(text: str) -> TokenRole:
    if not text.strip():
        return TokenRole.LAYOUT
    return TokenRole.STRING if _QUOTE.match(text) else TokenRole.SYNTAX


def _named_role(kind: str) -> TokenRole:
    for role, pattern in (
        (TokenRole.COMMENT, _COMMENT),
        (TokenRole.SYNTAX, _SYNTAX),
        (TokenRole.STRING, _STRING),
        (TokenRole.NUMBER, _NUMBER),
    ):
        if pattern.search(kind):
            return role
    return TokenRole.NAME


def _unit_query(language: Language, spec: LanguageSpec) -> Query | None:
    known = [kind for kind in spec.units if language.id_for_node_kind(kind, True)]
    return Query(language, " ".join(f"({kind}) @unit" for kind in known)) if known else None


def grammar_version(spec: LanguageSpec) -> str | None:
    """The installed version of a row's grammar package, None when the row has no grammar or it is not installed."""
    if not spec.distribution:
        return None
    try:
        return metadata.version(spec.distribution)
    except metadata.PackageNotFoundError:
        return None
