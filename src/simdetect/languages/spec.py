"""The shape of one row of the language table: everything that differs by language, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simdetect.languages.rewrites import RewriteRules

__all__ = ["Ambiguity", "LanguageSpec", "Pairs"]

Pairs = tuple[tuple[str, str], ...]  # openings with their closings

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ambiguity:
    r"""What tells the languages apart that share a file name extension.

    rules: (pattern for `re.MULTILINE`, language) in the order in which they are tried; the first that is found decides,
    and None means that the file is not code. Every pattern must be linear on hostile input: "^[ \t]*" rather than
    "^\s*", which rescans a run of blank lines from each of them, and no unbounded repetition after something that can
    start anywhere. otherwise: the language when none is found; "" for the first row that claims the extension.
    is_blind: the comments of C, and what only C++ sees, are not looked at.
    """

    rules: tuple[tuple[bytes, str | None], ...]
    otherwise: str | None = ""
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class LanguageSpec:
    """One language. Each field says what breaks without it.

    name: the key in reports, lower case ("c-sharp"). label: how a person writes it ("C#").
    family: only languages of one family are matched token by token (C with C++, JavaScript with TypeScript).
    extensions: with the dot, lower case. filenames: whole names (".bashrc"). interpreters: for shebang lines.
    module: the grammar's Python module; "" when there is none and tokens are lexical. entry: its function.
    distribution: the package that holds it, for version reporting.

    Roles of leaves:
    names, strings, numbers, comments, syntax, layout: kinds whose role the default rule (`grammar.role_of_kind`)
    would get wrong; each listed kind overrides it.
    whole: kinds of inner nodes taken as one leaf, where the grammar leaves part of their text without a leaf (without
    it the text of Julia's strings would stick to the token before). Costs a tenth of the parse: list any or none.
    opaque: kinds of leaves that hold code the grammar does not look into (a C macro's body); tokenised lexically.
    literals: kinds that are a number or a string depending on their first byte (SQL has one kind for both).
    fenced: kinds of leaves inside a literal whose delimiters also occur as operators; fences: those delimiters ("/" of
    a JavaScript regex). Where a fence touches fenced content it becomes part of the literal.
    reserved: names to the grammar, but with a fixed meaning ("def" in Elixir); without it they are identifiers.
    constants: the same for true, false and null ("YES" in Objective-C, "nothing" in Julia).
    optional: token texts that formatting may add or drop (";" in Go); left out of the stream.
    same_quotes: "'" and '"' mean the same, so that formatting may change them; symbols are of the text in "'".
    fold_case: keywords ignore case (SQL, Pascal); normalised symbols are of the lower-case text.
    name_form: the form of Unicode in which names are compared: "NFC", or "NFKC" where the language says so.

    Units:
    units: what to look for -> kind of unit ("function", "class", "type" ...). A key is a node kind, or a tree-sitter
    pattern that captures @unit and, where the name is not in one of the usual fields, @name.
    name_wrappers: kinds without fields that wrap a name (C++ "&f()"): the name is in their first named child.
    unit_depth: how deep in the tree units are looked for; deeper nodes are not inspected, which keeps the walk fast.

    Lists, whose order is evidence:
    lists: what to look for -> one of `model.LIST_KINDS`. A key is a node kind, or a pattern that captures @list; its
    root must not lie deeper than unit_depth. entries: kinds of the children that are entries of lists -> the field that
    names them, "" when all of the child does. Without a kind here its entries are not seen; every child of "rows" is
    one.

    Lines that say which packages are used, or to which one the file belongs, and are no evidence:
    imports: kinds of nodes, or patterns that capture @import, for what only looks like a call or a variable; such a
    pattern names what the argument may be, or a call could hide code in it. unit_depth does not bound them.
    import_words: words of which every import has one, in the case in which they are written, or with the sign "#"
    before them. Behind the last one nothing is looked for. Empty where they are not known, or would save nothing.

    Lexical tokens, for files without a syntax tree and for opaque leaves:
    line_comments; block_comments: (open, close); column_comments: characters that begin a comment in column one.
    quotes: of literals with escapes that end with their line, or span lines when tripled. long_quotes: those of them
    that span lines although single. raw_quotes: (open, close) without escapes, spanning lines. char_quote: "'" where it
    quotes one character and otherwise is punctuation (Rust's 'a).
    escape: "" where a doubled quote stands for a quote. prefixes: letters that may stand directly before a quote.
    name_start, name_chars: what identifiers may hold besides letters, digits, "_" and non-ASCII bytes.
    keywords: words the grammar has, but not as anonymous tokens (C's primitive types). values: the same for true, false
    and null. soft: anonymous words that are mostly identifiers ("get" in JavaScript). operators: of more than one
    character, beside the grammar's. regex: "/" may open a literal. signed: the grammar takes the sign into a number.

    Disguises:
    rewrites: what its canonical form undoes, None when nothing. typical: a pattern of lines that are typical of the
    language and rare elsewhere, prose and data included, b"" when code of it is not looked for under other names.

    What others call it:
    tags: of `identify`, beside name and label. kernels: of notebooks, beside its extension and name. pygments: the
    lexer that colours it, "" when that is called as the row is.
    spec_folders: its tests lie in folders called "spec". minified: it is published without white space, and a file with
    long lines was made from another. holds: how code of other languages stands in it: "heredocs" of scripts, "recipes"
    of makefiles, "scripts" beside code of its own, "components" of code and markup, "pages" whose markup is no code; ""
    when it does not. describes: it says how something is built, or looks, and is no program.
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
    whole: frozenset[str] = _NONE
    opaque: frozenset[str] = _NONE
    literals: frozenset[str] = _NONE
    fenced: frozenset[str] = _NONE
    fences: frozenset[str] = _NONE
    reserved: frozenset[str] = _NONE
    constants: frozenset[str] = _NONE
    optional: frozenset[str] = _NONE
    same_quotes: bool = False
    fold_case: bool = False
    name_form: Literal["NFC", "NFKC"] = "NFC"
    units: Mapping[str, str] = field(default_factory=dict)
    name_wrappers: frozenset[str] = _NONE
    unit_depth: int = 3
    lists: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    import_words: tuple[str, ...] = ()
    line_comments: tuple[str, ...] = ("//",)
    block_comments: tuple[tuple[str, str], ...] = (("/*", "*/"),)
    column_comments: str = ""
    quotes: tuple[str, ...] = ('"', "'")
    long_quotes: tuple[str, ...] = ()
    raw_quotes: tuple[tuple[str, str], ...] = ()
    char_quote: str = ""
    escape: str = "\\"
    prefixes: str = ""
    name_start: str = ""
    name_chars: str = ""
    keywords: frozenset[str] = _NONE
    values: frozenset[str] = _NONE
    soft: frozenset[str] = _NONE
    operators: frozenset[str] = _NONE
    regex: bool = False
    signed: bool = False
    rewrites: RewriteRules | None = None
    typical: bytes = b""
    tags: tuple[str, ...] = ()
    kernels: tuple[str, ...] = ()
    pygments: str = ""
    spec_folders: bool = False
    minified: bool = False
    holds: str = ""
    describes: bool = False
