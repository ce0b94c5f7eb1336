"""Functional languages, and languages of logic."""

from __future__ import annotations

from dataclasses import replace

from simdetect.languages.notation import (
    BOTH,
    C_BLOCK,
    DASHES,
    DOUBLE,
    HASH,
    LISP_BLOCK,
    ML_BLOCK,
    NO_BLOCKS,
    SEMICOLON,
    SLASHES,
    TRIPLES,
    kinds,
    lexical,
    lines,
    patterns,
    words,
)
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["PROLOG", "ROWS", "SHARED"]

_ELIXIR_DEFS = '(#any-of? @_key "def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate" "defn")'
_ELIXIR_MODULES = '(#any-of? @_key "defmodule" "defprotocol" "defimpl")'
_OCAML_UNITS = {
    "(value_definition (let_binding pattern: [(value_name) (parenthesized_operator)] @name) @unit)": "function",
    "(module_binding (module_name) @name) @unit": "module",
    "(type_binding name: (_) @name) @unit": "type",
    "(class_binding (class_name) @name) @unit": "class",
    "(module_type_definition (module_type_name) @name) @unit": "module",
    "(method_definition (method_name) @name) @unit": "method",
}
PROLOG = (rb"^[ \t]*:-|^[a-z]\w*(\([^)]*\))?\s*:-", "prolog")

_TYPICAL_HASKELL = lines(
    rb"import (?:qualified )?[A-Z][\w.]+.*",
    rb"module [A-Z][\w.]+",
    rb"\w+ ::.*->",
    rb"(?:data|newtype|instance|class) [A-Z(]",
    rb"where[ \t\r]*$",
)

_OCAML = LanguageSpec(
    "ocaml",
    "OCaml",
    "ocaml",
    (".ml", ".mll", ".mly", ".eliom"),
    "tree_sitter_ocaml",
    "language_ocaml",
    "tree-sitter-ocaml",
    interpreters=("ocaml", "ocamlrun", "ocamlscript"),
    strings=words("conversion_specification"),
    fenced=words("quoted_string_content"),
    fences=words("{ }"),
    optional=words(";;"),
    imports=(
        "(open_module module: (module_path)) @import",
        "(include_module module: (module_path)) @import",
    ),
    units=_OCAML_UNITS,
    line_comments=(),
    block_comments=(("(*", "*)"),),
    quotes=('"',),
    long_quotes=('"',),
    raw_quotes=(("{|", "|}"),),
    char_quote="'",
    name_chars="'",
    unit_depth=4,
    operators=words("|> >>= >>| >>> @@ <> && || <= >= == != := -> <- :: ;;"),
)

ROWS = (
    LanguageSpec(
        "haskell",
        "Haskell",
        "haskell",
        (".hs", ".lhs", ".hsc", ".hs-boot"),
        "tree_sitter_haskell",
        distribution="tree-sitter-haskell",
        interpreters=("runghc", "runhaskell", "stack"),
        syntax=words("all_names pragma cpp ` '' wildcard"),
        strings=words("quasiquote_body"),
        optional=SEMICOLON,
        constants=words("True False"),
        imports=(
            "(header module: (_) @import)",
            "(imports (import) @import)",
        ),
        units={
            **patterns("function", "(function name: (_) @name) @unit", "(bind name: (_) @name) @unit"),
            **kinds(type="data_type newtype type_synonym", **{"class": "class instance"}),
        },
        line_comments=DASHES,
        block_comments=(("{-", "-}"),),
        quotes=('"""', '"'),
        char_quote="'",
        name_chars="'",
        unit_depth=4,
        operators=words(
            "<$> <*> <> <|> >>= >> =<< ++ && || == /= <= >= *> <* <$ $> !! ?? &&& *** >=> <=< .. -> <- => ::"
        ),
        typical=_TYPICAL_HASKELL,
    ),
    _OCAML,
    replace(
        _OCAML,
        name="ocaml-interface",
        label="OCaml interface",
        extensions=(".mli",),
        entry="language_ocaml_interface",
        interpreters=(),
        imports=("open_module_signature",),
        units={
            **_OCAML_UNITS,
            "(value_specification (value_name) @name) @unit": "function",
        },
        unit_depth=5,
        operators=frozenset(),
    ),
    LanguageSpec(
        "elixir",
        "Elixir",
        "elixir",
        (".ex", ".exs"),
        "tree_sitter_elixir",
        distribution="tree-sitter-elixir",
        filenames=("mix.lock",),
        interpreters=("elixir", "iex"),
        strings=words("~ sigil_name sigil_modifiers"),
        fenced=words("quoted_content"),
        fences=words("/ ( ) [ ] < > |"),
        optional=SEMICOLON,
        reserved=words(
            "def defp defmacro defmacrop defmodule defprotocol defimpl defstruct defexception defdelegate defguard",
            "defguardp if unless case cond with for import alias require use quote unquote raise reraise throw try",
            "receive super __MODULE__ __ENV__ __DIR__",
        ),
        imports=(
            "((call target: (identifier) @f (arguments . (alias) .)) @import "
            '(#any-of? @f "import" "alias" "use" "require"))',
        ),
        units={
            **patterns(
                "function",
                f"((call target: (identifier) @_key (arguments . (call target: (_) @name))) @unit {_ELIXIR_DEFS})",
                f"((call target: (identifier) @_key (arguments . (identifier) @name)) @unit {_ELIXIR_DEFS})",
                "((call target: (identifier) @_key (arguments . (binary_operator"
                f" left: [(call target: (_) @name) (identifier) @name]))) @unit {_ELIXIR_DEFS})",
            ),
            f"((call target: (identifier) @_key (arguments . (alias) @name)) @unit {_ELIXIR_MODULES})": "module",
        },
        line_comments=HASH,
        block_comments=NO_BLOCKS,
        quotes=(*TRIPLES, '"', "'"),
        name_chars="?!",
        unit_depth=5,
        values=words("nil true false"),
        spec_folders=True,
    ),
    lexical(
        "erlang",
        "Erlang",
        "erl hrl escript yrl xrl",
        line_comments=("%",),
        quotes=BOTH,
        interpreters=("escript",),
        filenames=("rebar.config", "sys.config"),
    ),
    lexical("gleam", "Gleam", "gleam", line_comments=SLASHES, quotes=DOUBLE),
    lexical("elm", "Elm", "elm", line_comments=DASHES, block_comments=(("{-", "-}"),), quotes=('"""', '"')),
    lexical(
        "purescript",
        "PureScript",
        "purs",
        line_comments=DASHES,
        block_comments=(("{-", "-}"),),
        quotes=('"""', '"'),
        family="haskell",
    ),
    lexical(
        "agda", "Agda", "agda", line_comments=DASHES, block_comments=(("{-", "-}"),), quotes=DOUBLE, family="haskell"
    ),
    lexical(
        "idris", "Idris", "idr", line_comments=DASHES, block_comments=(("{-", "-}"),), quotes=DOUBLE, family="haskell"
    ),
    lexical("lean", "Lean", "lean", line_comments=DASHES, block_comments=(("/-", "-/"),), quotes=DOUBLE),
    lexical("standard-ml", "Standard ML", "sml sig fun", block_comments=ML_BLOCK, quotes=DOUBLE, family="ocaml"),
    lexical("coq", "Coq", "v", block_comments=ML_BLOCK, quotes=DOUBLE),
    lexical(
        "clojure",
        "Clojure",
        "clj cljs cljc cljd bb",
        line_comments=(";",),
        quotes=DOUBLE,
        family="lisp",
        interpreters=("bb", "clojure"),
        tags=("clojurescript",),
    ),
    lexical(
        "scheme",
        "Scheme",
        "scm ss sld sls sps rkt",
        line_comments=(";",),
        block_comments=LISP_BLOCK,
        quotes=DOUBLE,
        family="lisp",
        interpreters=("guile", "scheme", "racket", "csi", "chibi-scheme"),
    ),
    lexical(
        "common-lisp",
        "Common Lisp",
        "lisp lsp cl asd",
        line_comments=(";",),
        block_comments=LISP_BLOCK,
        quotes=DOUBLE,
        family="lisp",
        interpreters=("sbcl", "clisp", "ecl"),
    ),
    lexical(
        "emacs-lisp", "Emacs Lisp", "el", line_comments=(";",), quotes=DOUBLE, family="lisp", filenames=(".emacs",)
    ),
    lexical("fennel", "Fennel", "fnl", line_comments=(";",), quotes=DOUBLE, family="lisp"),
    lexical(
        "prolog", "Prolog", "pl pro prolog plt", line_comments=("%",), block_comments=C_BLOCK, interpreters=("swipl",)
    ),
    lexical("mercury", "Mercury", "m", line_comments=("%",), block_comments=C_BLOCK),
)

SHARED = {
    ".fun": Ambiguity(((rb"^[ \t]*(functor|structure|fun|val)\b", "standard-ml"),), None),
    ".sig": Ambiguity(((rb"^[ \t]*(signature|structure|val|sig)\b", "standard-ml"),), None),
    ".ex": Ambiguity(((rb"^[ \t]*(include|global)\s+\w|^--", None),)),
    ".app": Ambiguity((), None),
    ".bb": Ambiguity(((rb"^[ \t]*\(|^#!.*\bbb\b", "clojure"),), None),
    ".plt": Ambiguity((PROLOG,), None),
    ".pro": Ambiguity(
        ((rb"^[ \t]*(TEMPLATE|SOURCES|TARGET|CONFIG|QT|SUBDIRS|INCLUDEPATH|DEFINES|include)\b", None), PROLOG),
        None,
    ),
}
