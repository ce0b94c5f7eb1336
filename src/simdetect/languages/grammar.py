"""Grammars, loaded lazily, and the role of each node kind: the bridge from table rows to tree-sitter."""

from __future__ import annotations

import importlib
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from tree_sitter import Language, Query

from simdetect.languages.rewrites import RewriteRules
from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import spec_of
from simdetect.model import LIST_KINDS, U8, Bool, TokenRole

__all__ = ["ERROR_KIND", "Grammar", "grammar_version", "load_grammar", "role_of_kind"]

# Delimiters of string and character literals: '"', "'''", 'r"', "f'", '@"', '"#' ... and named start/end markers.
_QUOTE = re.compile(r"""^[A-Za-z@$#%&:]{0,3}("{1,3}|'{1,3}|`{1,3})[#@A-Za-z0-9]{0,3}$""")
_QUOTE_KIND = re.compile(r"(string|quoted?|heredoc|char(acter)?)_?(start|end|open|close|begin)$")
_SUFFIX_KIND = re.compile(r"^(regex|sigil)_?(flags|modifiers)$")
_COMMENT = re.compile(r"comment|shebang|hash_?bang|^pod$|haddock|pragma_comment")
_STRING = re.compile(
    r"string|char(acter)?(_|$)|escape|heredoc|template_chars|regex|quoted_content|^rune|_text$|^text$|code_point"
)
_NUMBER = re.compile(
    r"number|integer|float|double_lit|rational|imaginary|decimal|^(true|false|null|nil|none|undefined|unit)(_lit|_literal|$)"
    r"|boolean|bool_lit|^bool$|^(int|hex|octal|oct|binary|bin|real)(_?lit|_literal|$)|^nothing$|^literal$"
)
_SYNTAX = re.compile(
    r"^(primitive_type|predefined_type|integral_type|floating_point_type|boolean_type|void_type|implicit_type"
    r"|this|self|super|crate|operator|.*_operator|.*modifier|keyword_.*|k[A-Z]\w+|mutable_specifier|visibility.*|wildcard.*"
    r"|null_type|empty_statement|ellipsis.*|preproc_directive|break_statement|continue_statement|pass_statement)$"
)
_KEYWORD_KIND = re.compile(r"^keyword_(\w+)$|^k([A-Z]\w+)$")
_CONSTANT = re.compile(r"^(true|false|null|nil|undefined|nullptr|None|True|False|NULL)$")
_PART_KIND = re.compile(r"content|fragment|escape|_text$|_part$|_chars|pattern$|delimiter$")
_INTERPOLATION = re.compile(r"interpolat|substitution|expansion")
_FLAGS = ("is_quote", "is_suffix", "is_part", "is_opaque", "is_literal", "is_fenced", "is_fence")
ERROR_KIND = 0xFFFF


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """A loaded grammar. Arrays are (65536,) by kind id, so that every uint16 id, ERROR included, has a row.

    is_quote: leaves that open or close a string; is_suffix: that follow the closing one (regex flags);
    is_part: inside one. interpolates: whether strings can hold code.
    is_opaque: leaves whose text is code that the grammar does not look into. is_literal, is_fenced: see `LanguageSpec`.
    whole: ids of inner nodes taken as one leaf.
    units: the query that captures unit nodes as @unit and lists as @list, None when the row names none; unit_kinds: by
    pattern index; list_kinds: indices into `LIST_KINDS`, of the patterns after those.
    imports: the query that captures them as @import, None when the row names none.
    rewrites: the query of all patterns of its canonical form, None without rules.
    """

    spec: LanguageSpec
    language: Language
    role: U8
    is_quote: Bool
    is_suffix: Bool
    is_part: Bool
    is_opaque: Bool
    is_literal: Bool
    is_fenced: Bool
    is_fence: Bool
    interpolates: bool
    whole: frozenset[int]
    units: Query | None
    unit_kinds: tuple[str, ...]
    list_kinds: tuple[int, ...]
    rewrites: Query | None = None
    imports: Query | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Texts of the tokens that always read the same: keywords and operators."""
        kinds = range(1, self.language.node_kind_count)  # 0 is the end of the file
        return tuple(sorted({word for kind in kinds if (word := _word(self.language, kind))}))


def _word(language: Language, kind: int) -> str:
    """What a leaf of this kind reads, "" when it varies: an anonymous kind is its text, "keyword_select" names it."""
    name = _kind_name(language, kind)
    if not language.node_kind_is_named(kind):
        return name
    found = _KEYWORD_KIND.match(name)
    return (found[1] or found[2]).lower() if found else ""


@cache
def load_grammar(name: str) -> Grammar | None:
    """Load the grammar of a language, or None when its row has none.

    Raises KeyError for an unknown language, ImportError when the grammar package is missing.
    """
    spec = spec_of(name)
    if not spec.module:
        return None
    language = _language(spec)
    units, unit_kinds = _unit_query(language, spec)
    return Grammar(
        spec=spec,
        language=language,
        **_kind_tables(language, spec),
        interpolates=any(_INTERPOLATION.search(_kind_name(language, k)) for k in range(language.node_kind_count)),
        whole=frozenset(
            kind for kind in (*range(language.node_kind_count), ERROR_KIND) if _kind_name(language, kind) in spec.whole
        ),
        units=units,
        unit_kinds=unit_kinds,
        rewrites=_rewrite_query(language, spec.rewrites),
        imports=_import_query(language, spec),
        list_kinds=tuple(LIST_KINDS.index(kind) for kind in spec.lists.values()),
    )


def _language(spec: LanguageSpec) -> Language:
    with warnings.catch_warnings():
        # Packages of 2024 hand over an integer instead of a capsule; it works, and no user can act on the warning.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Language(getattr(importlib.import_module(spec.module), spec.entry)())


def _kind_name(language: Language, kind: int) -> str:
    return "ERROR" if kind == ERROR_KIND else language.node_kind_for_id(kind) or ""


def _kind_tables(language: Language, spec: LanguageSpec) -> dict[str, Any]:
    """The arrays of `Grammar`, from the names of all kinds."""
    role = np.zeros(1 << 16, np.uint8)
    flags = {name: np.zeros(1 << 16, np.bool_) for name in _FLAGS}
    for kind in range(language.node_kind_count):
        text, is_named = _kind_name(language, kind), language.node_kind_is_named(kind)
        role[kind] = role_of_kind(spec, text, is_named=is_named)
        flags["is_quote"][kind] = role[kind] == TokenRole.STRING and is_quote_kind(text, is_named=is_named)
        flags["is_suffix"][kind] = is_named and bool(_SUFFIX_KIND.match(text))
        flags["is_part"][kind] = is_named and bool(_PART_KIND.search(text))
        flags["is_fence"][kind] = not is_named and text in spec.fences
        flags["is_opaque"][kind] = is_named and text in spec.opaque
        flags["is_literal"][kind] = is_named and text in spec.literals
        flags["is_fenced"][kind] = is_named and text in spec.fenced
    flags["is_opaque"][ERROR_KIND] = True
    return {"role": role, **flags}


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
    if _CONSTANT.match(text):
        return TokenRole.NUMBER
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


def _unit_query(language: Language, spec: LanguageSpec) -> tuple[Query | None, tuple[str, ...]]:
    """The query for all unit kinds of a row, then for its lists, and the kind of unit of each of its patterns."""
    patterns = [key if key.startswith("(") else f"({key}) @unit" for key in spec.units]
    patterns += [key if key.startswith("(") else f"({key}) @list" for key in spec.lists]
    return Query(language, "\n".join(patterns)) if patterns else None, tuple(spec.units.values())


def _import_query(language: Language, spec: LanguageSpec) -> Query | None:
    patterns = [key if key.startswith("(") else f"({key}) @import" for key in spec.imports]
    return Query(language, "\n".join(patterns)) if patterns else None


def _rewrite_query(language: Language, rewrites: RewriteRules | None) -> Query | None:
    return Query(language, "\n".join(pattern for _, pattern in rewrites.rules)) if rewrites is not None else None


def grammar_version(spec: LanguageSpec) -> str | None:
    """The installed version of a row's grammar package, None when the row has no grammar or it is not installed."""
    return _version_of(spec.distribution) if spec.distribution else None


@cache
def _version_of(distribution: str) -> str | None:
    from importlib import metadata  # here: it takes 20 ms, and a worker needs no versions

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
