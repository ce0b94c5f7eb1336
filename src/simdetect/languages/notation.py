"""Short ways to write the rows of languages, and what many rows have in common."""

from __future__ import annotations

from typing import Final

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


def lexical(
    name: str,
    label: str,
    suffixes: str = "",
    *,
    line: str = "",
    block: Pairs = (),
    quotes: tuple[str, ...] = BOTH,
    names: str = "",
    run_by: str = "",
    family: str = "",
    fold_case: bool = False,
    tags: tuple[str, ...] = (),
    spec_folders: bool = False,
    minified: bool = False,
) -> LanguageSpec:
    """The row of a language without a grammar: only what lexical tokens need.

    suffixes, line, names, run_by: separated by spaces, suffixes without the dot. family: its own by default.
    """
    return LanguageSpec(
        name,
        label,
        family or name,
        tuple(f".{suffix}" for suffix in suffixes.split()),
        filenames=tuple(names.split()),
        interpreters=tuple(run_by.split()),
        fold_case=fold_case,
        line_comments=tuple(line.split()),
        block_comments=block,
        quotes=quotes,
        tags=tags,
        spec_folders=spec_folders,
        minified=minified,
    )
