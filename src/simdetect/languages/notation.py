"""Short ways to write the rows of languages, and what many rows have in common."""

from __future__ import annotations

from typing import Final, TypedDict, Unpack

from simdetect.languages.spec import LanguageSpec, Pairs

__all__ = [
    "BOTH",
    "C_BLOCK",
    "C_CONTROL",
    "DASHES",
    "DOUBLE",
    "HASH",
    "LISP_BLOCK",
    "MARKUP_BLOCK",
    "ML_BLOCK",
    "NO_BLOCKS",
    "SEMICOLON",
    "SLASHES",
    "TRIPLES",
    "kinds",
    "lexical",
    "lines",
    "patterns",
    "words",
]

# Line comments, block comments, quotes.
HASH: Final = ("#",)
DASHES: Final = ("--",)
SLASHES: Final = ("//",)
NO_BLOCKS: Final[Pairs] = ()
C_BLOCK: Final[Pairs] = (("/*", "*/"),)
ML_BLOCK: Final[Pairs] = (("(*", "*)"),)
LISP_BLOCK: Final[Pairs] = (("#|", "|#"),)
MARKUP_BLOCK: Final[Pairs] = (("<!--", "-->"),)
DOUBLE: Final = ('"',)
BOTH: Final = ('"', "'")
TRIPLES: Final = ('"""', "'''")

SEMICOLON: Final = frozenset({";"})

# Typical lines of every language whose statements are like those of C.
C_CONTROL: Final = (
    rb"(?:\} ?)?(?:else )?if ?\(.*[{;)][ \t\r]*$|for ?\(.*[{;)][ \t\r]*$|while ?\(.*[{;)][ \t\r]*$"
    rb"|return\b[^;\n]*;[ \t\r]*$|\} else \{|break;|case \S+:"
)


def words(*lines: str) -> frozenset[str]:
    """Words separated by spaces."""
    return frozenset(word for line in lines for word in line.split())


def kinds(**nodes_by_kind: str) -> dict[str, str]:
    """Kinds of nodes by what they are: function="a b" -> {"a": "function", "b": "function"}."""
    return {node: kind for kind, nodes in nodes_by_kind.items() for node in nodes.split()}


def patterns(kind: str, *found_by: str) -> dict[str, str]:
    """Several patterns for one kind."""
    return dict.fromkeys(found_by, kind)


def lines(*alternatives: bytes) -> bytes:
    """A pattern of lines that begin in one of these ways, indented or not."""
    return rb"^[ \t]*(?:" + b"|".join(alternatives) + rb")"


class Fields(TypedDict, total=False):
    """What `lexical` takes beside name, label and suffixes: fields of a `LanguageSpec`."""

    family: str
    filenames: tuple[str, ...]
    interpreters: tuple[str, ...]
    line_comments: tuple[str, ...]
    block_comments: Pairs
    quotes: tuple[str, ...]
    fold_case: bool
    tags: tuple[str, ...]
    spec_folders: bool
    minified: bool
    holds: str
    describes: bool


def lexical(name: str, label: str, suffixes: str = "", **fields: Unpack[Fields]) -> LanguageSpec:
    """The row of a language without a grammar: only what lexical tokens need.

    suffixes: separated by spaces, without the dot. fields: by default a family of its own, no comments, both quotes.
    """
    given: Fields = {"family": name, "line_comments": (), "block_comments": (), "quotes": BOTH, **fields}
    return LanguageSpec(name, label, extensions=tuple(f".{suffix}" for suffix in suffixes.split()), **given)
