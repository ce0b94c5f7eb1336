"""Code that anybody writes who has the same fields: imports, accessors, equality, notification, builders, fields.

An IDE writes most of it, and its names follow from those of the fields. None of it weighs anything, as long as its
names are made of stems that unrelated projects use: those of an author's own keep what they are worth.

A function is such code by what it is made of, whatever the language. It has

- no literal, no operator and no control flow, and one or two of: a return, an assignment (`this.x = x; return this;`);
  it calls nothing, or one function whose name says that something changed; or
- the name of a method of equality that its language prescribes, no loop, no string.

Beside them stands what thousands paste into programs of their own (`public_code`).

Both are short, so that little could hide in a function that is only called so. Constructors are not among them: which
fields a type has, and in which order, is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from simdetect.languages.standards import CONTROL
from simdetect.model import I64, LIST_KINDS, U64, AnalysedFile, Bool, TokenRole, TokenStream
from simdetect.tokens.symbols import hash_text, is_among
from simdetect.tokens.words import stems
from simdetect.weighing.public_code import in_public_code, load_public_code
from simdetect.weighing.wording import Wording, are_common_stems

__all__ = ["boilerplate", "imported"]

_FUNCTIONS = ("function", "method")
_MOST_TOKENS = 48  # of an accessor with annotations and types
_MOST_EQUALITY_TOKENS = 120
_MOST_STATEMENTS = 2
_MOST_STEMS = 4  # get + three; longer names are an author's own
_MOST_FIELD_STEMS = 2
_EQUALITY = frozenset({"equals", "Equals", "__eq__", "__ne__", "isEqual", "eql?", "operator==", "operator!=", "=="})
_HASHING = frozenset({"hashCode", "GetHashCode", "__hash__", "hash"})
_NOTIFIES = re.compile(
    rb"(?i)_*(on|fire|raise|notify|emit|send|will|did|set|object)?_?\w{0,40}(chang|notif|dirty|updat)\w{0,40}"
)
_FIELDS = LIST_KINDS.index("fields")
_LOOPS = ("loop", "switch", "try", "catch", "throw")
# Comparing adds up nothing: a function that only has the name of one is not excused.
_ARITHMETIC = "+ - * / % << >> ^ | ~ += -= *= /= %= ^= |= &= ++ -- **"
# What else no accessor has: it computes nothing.
_OPERATORS = (
    "+ - / % << >> ^ | ~ ! && || == != <= >= += -= *= /= %= &= |= ++ -- ?: ?? << and or not => lambda await yield"
)


def imported(tokens: TokenStream) -> Bool:
    """Which tokens say which packages are used: (t,) bool."""
    return _spans(len(tokens), tokens.import_start.astype(np.int64), tokens.import_end.astype(np.int64))


def boilerplate(file: AnalysedFile, content: bytes, wording: Wording) -> tuple[Bool, Bool]:
    """Which tokens have no structure because anybody writes them, and which have no bits of their own: (t,) bool each.
    content: of the file."""
    tokens = file.tokens
    named = zip(tokens.units.kind, tokens.units.name, strict=True)
    types = frozenset(name.encode() for kind, name in named if kind not in _FUNCTIONS)
    text = _Text(tokens, content, wording, types)
    shaped = [unit for unit in _shaped(tokens, text) if text.is_common(*_span(tokens, unit), _MOST_STEMS)]
    start, end = tokens.units.start[shaped].astype(np.int64), tokens.units.end[shaped].astype(np.int64)
    idle = imported(tokens) | _spans(len(tokens), start, end) | in_public_code(load_public_code(file.family), tokens)
    nameless = idle.copy()
    nameless[_fields(tokens, text)] = True
    return idle, nameless


def _spans(n: int, start: I64, end: I64) -> Bool:
    step = np.zeros(n + 1, np.int64)
    np.add.at(step, start, 1)
    np.add.at(step, end, -1)
    found: Bool = np.cumsum(step)[:-1] > 0
    return found


def _span(tokens: TokenStream, unit: int) -> tuple[int, int]:
    return int(tokens.units.start[unit]), int(tokens.units.end[unit])


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """What names of one file are made of."""

    tokens: TokenStream
    content: bytes
    wording: Wording
    types: frozenset[bytes]

    def at(self, token: int) -> bytes:
        """The text of a token."""
        return self.content[self.tokens.start[token] : self.tokens.end[token]]

    def is_common(self, start: int, end: int, most: int) -> bool:
        """Whether all names between two tokens, but for those of the file's types, which accessors have to name, are
        made of few stems that unrelated projects use."""
        names = np.flatnonzero(self.tokens.role[start:end] == TokenRole.NAME) + start
        return self.are_common({self.at(at) for at in names.tolist()} - self.types, most)

    def are_common(self, names: set[bytes], most: int) -> bool:
        """The same of names."""
        parts = [stems(name) for name in names]
        flat = [stem for own in parts for stem in own]
        return all(len(own) <= most for own in parts) and bool(are_common_stems(self.wording, flat).all())


def _shaped(tokens: TokenStream, text: _Text) -> Sequence[int]:
    """Numbers of functions that are accessors, or compare, by what they are made of."""
    units = tokens.units
    start, end = units.start.astype(np.int64), units.end.astype(np.int64)
    is_function = np.array([kind in _FUNCTIONS for kind in units.kind], np.bool_)
    short = np.flatnonzero(is_function & (end - start <= _MOST_EQUALITY_TOKENS))
    if not len(short):
        return []
    counts = _counts(tokens)
    n = {name: (before[end] - before[start]) for name, before in counts.items()}
    n_statements = n["return"] + n["assign"]
    plain = (end - start <= _MOST_TOKENS) & (n_statements >= 1) & (n_statements <= _MOST_STATEMENTS)
    plain &= (n["operator"] == 0) & (n["control"] == 0) & (n["string"] + n["number"] == 0)
    equal = _named(units.name, _EQUALITY) & (n["arithmetic"] == 0)
    hashing = _named(units.name, _HASHING)
    if np.count_nonzero(hashing) <= np.count_nonzero(~is_function):  # one a type: more of them hide something
        equal |= hashing
    equal &= (n["loop"] == 0) & (n["string"] == 0)
    found: list[int] = short[equal[short]].tolist()
    for unit in short[plain[short] & ~equal[short]].tolist():
        if _calls_little(tokens, text, unit):
            found.append(unit)
    return sorted(found)


def _named(names: Sequence[str], wanted: frozenset[str]) -> Bool:
    return np.array([name.rpartition(" ")[2] in wanted for name in names], np.bool_)


def _counts(tokens: TokenStream) -> dict[str, I64]:
    """How many tokens of each sort stand before each: (t + 1,) int64."""
    syntax = tokens.role == TokenRole.SYNTAX
    sorts = {name: syntax & is_among(tokens.exact, table) for name, table in _tables().items()}
    sorts |= {"string": tokens.role == TokenRole.STRING, "number": tokens.role == TokenRole.NUMBER}
    return {name: np.concatenate([[0], np.cumsum(found)]).astype(np.int64) for name, found in sorts.items()}


@cache
def _tables() -> dict[str, U64]:
    def of(words: str) -> U64:
        return np.unique(np.array([hash_text(word.encode()) for word in words.split()], np.uint64))

    loops = " ".join(CONTROL[name] for name in _LOOPS)
    return {
        "return": of("return"),
        "assign": of("= :="),
        "operator": of(_OPERATORS),
        "arithmetic": of(_ARITHMETIC),
        "loop": of(loops),
        "control": of(loops + " " + CONTROL["if"] + " " + CONTROL["break"]),
        "open": of("("),
    }


def _calls_little(tokens: TokenStream, text: _Text, unit: int) -> bool:
    """Whether a function calls nothing but what says that something changed. The first bracket is its own."""
    start, end = _span(tokens, unit)
    opened = np.flatnonzero(is_among(tokens.exact[start + 1 : end], _tables()["open"])) + start + 1
    called = opened[tokens.role[opened - 1] == TokenRole.NAME] - 1
    own = [at for at in called.tolist() if text.at(at).decode("utf-8", "replace") == tokens.units.name[unit]]
    others = [at for at in called.tolist() if at not in own[:1]]
    return len(others) <= 1 and all(_NOTIFIES.fullmatch(text.at(at)) for at in others)


def _fields(tokens: TokenStream, text: _Text) -> I64:
    """Names of fields that are made of common stems."""
    lists = tokens.lists
    entry = np.repeat(lists.kind == _FIELDS, lists.size)
    at = lists.start[entry & (lists.end == lists.start + 1)].astype(np.int64)
    return np.array([name for name in at.tolist() if text.are_common({text.at(name)}, _MOST_FIELD_STEMS)], np.int64)
