"""Tokens without a syntax tree: one regular expression per language, built from its row and its grammar's words.

Every alternative is possessive or bounded, so that hostile input (one line of 50 MB, a million unclosed comments)
costs linear time: whatever an alternative has consumed is a token, never tried again.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from types import MappingProxyType

from simdetect.languages.grammar import load_grammar, role_of_kind
from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import spec_of
from simdetect.model import TokenRole

__all__ = ["Lexer", "load_lexer"]

# The groups of the pattern, in order; `lastindex` - 1 says which matched.
_ROLES = (TokenRole.COMMENT, TokenRole.STRING, TokenRole.NUMBER, TokenRole.NAME, TokenRole.SYNTAX)
_NEVER = "(?!)"
_NUMBER = (
    r"0[xX][0-9A-Fa-f_]++(?:\.[0-9A-Fa-f_]++)?+(?:[pP][+-]?\d++)?+\w*+"
    r"|(?:\d[\d_']*+(?:\.\d[\d_]*+|\.(?![\w.]))?+|(?<![\w)\]])\.\d[\d_]*+)(?:[eE][+-]?\d++)?+\w*+"
)
# A sign belongs to the number where no operand stands before it.
_SIGN = r"(?:(?:(?<=[=(,\[{:?&|!<>~^+*/%-])|(?<=[=(,\[{:?&|!<>~^+*/%-] )|(?<=return )|(?<=case ))-(?=\.?\d))?+"
# A regex literal stands where an operand may: not after a name, a number or a closing bracket. Bounded: an
# unclosed one is tried at every "/" of its line.
_REGEX = (
    r"(?<![\w)\]}\x80-\xff])(?<![\w)\]}\x80-\xff] )/(?![*/= ])"
    r"(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,200}+\]){1,500}+/[a-z]*+"
)
_CONSTANTS = frozenset({"true", "false", "null", "nil", "None", "True", "False", "undefined", "nullptr", "NULL"})
_COMMON_OPERATORS = (
    "<<= >>= ... => -> :: == != <= >= && || ++ -- += -= *= /= %= &= |= ^= << >> := .. ** ?? ?. <- |> <> =~ !~ ="
)


@dataclass(frozen=True, slots=True, eq=False)
class Lexer:
    """The pattern of one language and the roles of its words (bytes, lower case where the language folds case)."""

    pattern: re.Pattern[bytes]
    word_roles: Mapping[bytes, TokenRole]
    fold_case: bool

    def spans(self, text: bytes, start: int, end: int) -> tuple[array[int], array[int], array[int]]:
        """Tokens of text[start:end]: roles (names are not told from keywords), starts, ends. The hot loop."""
        role, starts, ends = array("B"), array("I"), array("I")
        add_role, add_start, add_end = role.append, starts.append, ends.append
        for found in self.pattern.finditer(text, start, end):
            if group := found.lastindex:
                first, last = found.span(group)
                add_role(_ROLES[group - 1])
                add_start(first)
                add_end(last)
        return role, starts, ends

    def role_of_word(self, word: bytes) -> TokenRole:
        """NAME for an identifier, SYNTAX for a keyword, NUMBER for true, false, null."""
        return self.word_roles.get(word.lower() if self.fold_case else word, TokenRole.NAME)


@cache
def load_lexer(name: str, *, ends_lines: bool = False) -> Lexer:
    """The lexer of a language. ends_lines: single quotes end with their lines also where they need not.

    Raises KeyError for an unknown language, ImportError when its grammar is missing.
    """
    spec = replace(spec_of(name), long_quotes=()) if ends_lines else spec_of(name)
    return Lexer(re.compile(_pattern(spec), re.DOTALL), MappingProxyType(_word_roles(spec)), spec.fold_case)


def _word_roles(spec: LanguageSpec) -> dict[bytes, TokenRole]:
    words = dict.fromkeys((*spec.constants, *spec.values, *(() if spec.module else _CONSTANTS)), TokenRole.NUMBER)
    for word in _grammar_words(spec):
        role = role_of_kind(spec, word, is_named=False)
        is_word = (word[0].isalpha() or word[0] in "_" + spec.name_start) and word[-1].isalnum()
        if is_word and role in (TokenRole.SYNTAX, TokenRole.NUMBER):
            words[word] = role
    words |= dict.fromkeys((*spec.keywords, *spec.reserved), TokenRole.SYNTAX)
    return {_folded(word, spec).encode(): role for word, role in words.items() if word not in spec.soft}


def _grammar_words(spec: LanguageSpec) -> tuple[str, ...]:
    grammar = load_grammar(spec.name) if spec.module else None
    return grammar.words if grammar else ()


def _folded(word: str, spec: LanguageSpec) -> str:
    return word.lower() if spec.fold_case else word


def _pattern(spec: LanguageSpec) -> bytes:
    """White space, then one group per role, then the end of the text, so that trailing space is tried once only."""
    name = rf"[A-Za-z_\x80-\xff{_escape(spec.name_start)}][\w\x80-\xff{_escape(spec.name_chars)}]*+"
    number = f"{_SIGN}(?:{_NUMBER})" if spec.signed else _NUMBER
    groups = (_comments(spec), _strings(spec), number, name, _operators(spec))
    return (r"(?:\s|\\\r?\n)*+(?:" + "|".join(f"({group})" for group in groups) + r"|\Z)").encode("latin-1")


def _comments(spec: LanguageSpec) -> str:
    blocks = [_until(start, end) for start, end in spec.block_comments]
    lines = [_line_comment(start) for start in spec.line_comments]
    return "|".join((*blocks, *lines)) or _NEVER


def _line_comment(start: str) -> str:
    """To the end of the line. A word like "rem" must stand alone; "#" does not count inside "$#" or "a#b"."""
    guard = r"(?<![\w$\\{])" if start == "#" or start[0].isalpha() else ""
    return guard + re.escape(start) + (r"\b" if start[-1].isalpha() else "") + r"[^\n]*+"


def _strings(spec: LanguageSpec) -> str:
    prefix = f"(?:[{_escape(spec.prefixes)}]{{1,3}}(?=[\"'`]))?+" if spec.prefixes else ""
    raw = [_until(start, end) for start, end in sorted(spec.raw_quotes, key=lambda pair: -len(pair[0]))]
    quoted = [_quoted(quote, spec) for quote in sorted(spec.quotes, key=len, reverse=True)]
    found = raw + ([prefix + "(?:" + "|".join(quoted) + ")"] if quoted else [])
    if spec.char_quote:
        quote = re.escape(spec.char_quote)
        found.append(
            rf"[A-Za-z]?+{quote}(?:\\[^{quote}\n]{{1,10}}+|\\{quote}|[^{quote}\\\n\x80-\xff]|[\x80-\xff]{{2,4}}+){quote}"
        )
    if spec.regex:
        found.append(_REGEX)
    if "#include" in _grammar_words(spec):
        found.append(r"(?<=include )<[^>\n]++>")
    return "|".join(found) or _NEVER


def _quoted(quote: str, spec: LanguageSpec) -> str:
    """From quote to quote; one that is not closed ends with its line, or with the text where it may span lines."""
    if len(quote) > 1 or quote in spec.long_quotes:
        return _until(quote, quote, spec.escape)
    mark, stop = re.escape(quote), re.escape(quote) + r"\n"
    if not spec.escape:
        return rf"{mark}(?:[^{stop}]++|{mark}{mark})*+{mark}?+"
    escape = re.escape(spec.escape)
    return rf"{mark}(?:[^{stop}{escape}]++|{escape}.)*+{mark}?+"


def _until(start: str, end: str, escape: str = "") -> str:
    """From start to end, or to the end of the text: an unclosed one must not be tried again further on."""
    first, rest = re.escape(end[0]), re.escape(end[1:])
    inner = f"{first}(?!{rest})" if rest else _NEVER
    if start == end and not escape and len(end) == 1:
        inner = first + first
    if escape:
        mark = re.escape(escape)
        return f"{re.escape(start)}(?:[^{first}{mark}]++|{mark}.|{inner})*+(?:{re.escape(end)})?+"
    return f"{re.escape(start)}(?:[^{first}]++|{inner})*+(?:{re.escape(end)})?+"


def _operators(spec: LanguageSpec) -> str:
    """Maximal munch: longer operators first, grouped by their first character; at last any single byte."""
    words = (*_grammar_words(spec), *spec.operators, *(() if spec.module else _COMMON_OPERATORS.split()))
    # Only plain operators: grammars also name quotes, openers of literals and whole constructs.
    found = {w for w in words if len(w) > 1 and w.isascii() and not re.search(r"[\w\s\"'`\\]", w)}
    found -= {start for start, _ in spec.block_comments} | set(spec.line_comments)
    found = {w for w in found if not set(w) <= set("()[]{}")}
    return "|".join((*_directives(words), *_by_first(sorted(found)), r"[\x00-\xff]"))


def _directives(words: Iterable[str]) -> list[str]:
    """ "#include" and its like as one token, where the grammar has them."""
    names = sorted(word[1:] for word in words if re.fullmatch("#[a-z]+", word))
    return [rf"#[ \t]*+(?:{'|'.join(names)})\b"] if names else []


def _by_first(operators: Iterable[str]) -> list[str]:
    """ "+=", "++" -> one alternative "\\+(?:=|\\+)"; an engine that fails on the first character skips them all."""
    found = []
    for first, group in groupby(operators, key=lambda text: text[0]):
        rests = sorted((text[1:] for text in group), key=len, reverse=True)
        found.append(f"{re.escape(first)}(?:{'|'.join(map(re.escape, rests))})")
    return found


def _escape(characters: str) -> str:
    return "".join(re.escape(character) for character in characters)
