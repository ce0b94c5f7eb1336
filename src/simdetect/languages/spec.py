"""The shape of one row of the language table: everything that differs by language, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["LanguageSpec"]

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LanguageSpec:
    """One language. Each field says what breaks without it.

    name: the key in reports, lower case ("c-sharp"). label: how a person writes it ("C#").
    family: only languages of one family are matched token by token (C with C++, JavaScript with TypeScript).
    extensions: with the dot, lower case. filenames: whole names (".bashrc"). interpreters: for shebang lines.
    module: the grammar's Python module; "" when there is none and tokens are lexical. entry: its function.
    distribution: the package that holds it, for version reporting.

    names, strings, numbers, comments, syntax, layout: kinds of *leaves* whose role the default rule
    (`grammar.role_of_kind`) would get wrong; each listed kind overrides it.
    opaque: kinds of leaves that hold code the grammar does not look into (a C macro's body); tokenised lexically.
    units: node kind -> kind of unit ("function", "class", "item"). Without it functions have no names.
    unit_depth: how deep in the tree units are looked for; deeper nodes are not inspected, which keeps the walk fast.
    optional: token texts that formatting may add or drop (";" in Go); left out of the stream.
    fold_case: keywords ignore case (SQL, Pascal); normalised symbols are of the lower-case text.
    line_comments, block_comments, quotes, raw_quotes: for lexical tokens when there is no syntax tree.
    """

    name: str
    label: str
    family: str
    extensions: tuple[str, ...]
    module: str = ""
    entry: str = "language"
    distribution: str = ""
    filenames: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    names: frozenset[str] = _NONE
    strings: frozenset[str] = _NONE
    numbers: frozenset[str] = _NONE
    comments: frozenset[str] = _NONE
    syntax: frozenset[str] = _NONE
    layout: frozenset[str] = _NONE
    opaque: frozenset[str] = _NONE
    units: Mapping[str, str] = field(default_factory=dict)
    unit_depth: int = 3
    optional: frozenset[str] = _NONE
    fold_case: bool = False
    line_comments: tuple[str, ...] = ("//",)
    block_comments: tuple[tuple[str, str], ...] = (("/*", "*/"),)
    quotes: tuple[str, ...] = ('"', "'")
