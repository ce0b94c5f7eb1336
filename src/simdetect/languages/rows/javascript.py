"""JavaScript, TypeScript, and what compiles to them or extends them."""

from __future__ import annotations

from dataclasses import replace

from simdetect.languages.notation import (
    C_BLOCK,
    C_CONTROL,
    HASH,
    SEMICOLON,
    SLASHES,
    kinds,
    lexical,
    lines,
    patterns,
    words,
)
from simdetect.languages.rewrites import (
    RewriteRules,
    Rule,
    branches,
    choice,
    compound,
    drop,
    operands,
    parentheses,
    steps,
)
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_JS_FUNCTION = "[(arrow_function) (function_expression) (generator_function)]"
_JS_UNITS = {
    **kinds(
        function="function_declaration generator_function_declaration",
        method="method_definition",
        **{"class": "class_declaration"},
    ),
    **patterns(
        "function",
        f"(variable_declarator name: (identifier) @name value: {_JS_FUNCTION}) @unit",
        f"(assignment_expression left: [(member_expression) (identifier)] @name right: {_JS_FUNCTION}) @unit",
        f"(pair key: (property_identifier) @name value: {_JS_FUNCTION}) @unit",
    ),
    "(variable_declarator name: (identifier) @name value: (class)) @unit": "class",
}
_JS_TABLE = "[(object) (array)]"
_JS_LISTS = {
    "(class_body) @list": "fields",
    **patterns(
        "rows",
        f"(variable_declarator value: {_JS_TABLE} @list)",
        f"(assignment_expression right: {_JS_TABLE} @list)",
        "(export_statement value: (object) @list)",
    ),
    "(switch_body) @list": "cases",
}
_JS_ENTRIES = {"field_definition": "property", "switch_case": "value"}
_TS_LISTS = {
    **_JS_LISTS,
    **patterns("fields", "(interface_body) @list", "(object_type) @list"),
    "(enum_body) @list": "members",
    **patterns(
        "rows",
        f"(variable_declarator value: (as_expression {_JS_TABLE} @list))",
        f"(variable_declarator value: (satisfies_expression {_JS_TABLE} @list))",
        "(type_alias_declaration value: (union_type) @list)",
    ),
}
_TS_ENTRIES = {
    **_JS_ENTRIES,
    "public_field_definition": "name",
    "property_signature": "name",
    "method_signature": "name",
    "enum_assignment": "",
    "property_identifier": "",
}
_TS_UNITS = {
    **_JS_UNITS,
    **kinds(
        type="interface_declaration type_alias_declaration enum_declaration",
        **{"class": "abstract_class_declaration"},
    ),
    f"(public_field_definition name: (_) @name value: {_JS_FUNCTION}) @unit": "method",
}
_JS_SOFT = words("get set target meta static")
_TS_SOFT = _JS_SOFT | words(
    "abstract accessor asserts constructor global infer is",
    "module namespace object override package require symbol unique",
    "using",
)

_JS_LITERALS = "number string null true false undefined"
_JS_RULES: tuple[Rule, ...] = (
    ("for-loop", "(for_statement initializer: (_)? @init condition: (_)? @condition increment: (_)? @update "
     "body: (_) @body) @it"),
    ("while-loop", "(while_statement condition: (_) @condition body: (_) @body) @it"),
    *branches("if_statement"),
    choice("ternary_expression"),
    operands("binary_expression"),
    *steps("update_expression", "(expression_statement %)", "(for_statement increment: %)"),
    compound(signs='"+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>" ">>>"'),
    *parentheses(
                 "identifier number string call_expression member_expression subscript_expression",
                 "(return_statement %)", "(assignment_expression right: %)", "(variable_declarator value: %)",
                 "(arguments %)", "(switch_statement value: %)", "(do_statement condition: %)",
                 "(ternary_expression condition: %)", "(subscript_expression index: %)"),
    *drop("blocks", '(statement_block (statement_block . "{" @drop "}" @drop .))'),
    *drop("declarations",
          "(statement_block (lexical_declaration (variable_declarator !value) @drop))",
          "(statement_block (variable_declaration (variable_declarator !value) @drop))",
          '(statement_block (lexical_declaration "," @drop))',
          '(statement_block (variable_declaration "," @drop))',
          '(lexical_declaration ["let" "const"] @drop)',
          '(variable_declaration "var" @drop)'),
    ("order", "(import_statement) @sort"),
    ("order", "(statement_block (lexical_declaration (variable_declarator value: (_))) @sort)"),
)  # fmt: skip

_JAVASCRIPT_REWRITES = RewriteRules(_JS_RULES, literals=frozenset(_JS_LITERALS.split()))
_TYPESCRIPT_REWRITES = RewriteRules(
    (
        *_JS_RULES,
        *drop("types", "(type_annotation) @drop", "(type_arguments) @drop", "(type_parameters) @drop",
              "(accessibility_modifier) @drop"),
        *drop("casts", '(as_expression "as" @drop (_) @drop .)', '(non_null_expression "!" @drop)',
              '(satisfies_expression "satisfies" @drop (_) @drop .)'),
    ),
    literals=frozenset(_JS_LITERALS.split()),
)  # fmt: skip
_MARKUP = (rb"\A\s*<(\?xml|!DOCTYPE|!--|[A-Za-z][\w:]*[\s>])", None)

_IMPORTS = (
    "import_statement",
    "(export_statement source: (_)) @import",
    "((variable_declarator name: (identifier) value: (call_expression function: (identifier) @f "
    'arguments: (arguments . (string) .))) @import (#eq? @f "require"))',
    "((variable_declarator name: (object_pattern . (shorthand_property_identifier_pattern)) "
    "value: (call_expression function: (identifier) @f arguments: (arguments . (string) .))) @import "
    '(#eq? @f "require"))',
)

_IMPORT_WORDS = ("import", "from", "require")

_TYPICAL_JAVASCRIPT = lines(
    rb"(?:export )?(?:async )?function\*? ?\w*\(.*\{",
    rb"(?:const|let|var) [\w{\[].*=.*",
    rb"(?:import|export) .*from ['\"].*",
    rb"module\.exports\b",
    rb".*(?:=> ?\{|function ?\(.*\) ?\{)[ \t\r]*$",
    C_CONTROL,
)

_TYPESCRIPT = LanguageSpec(
    "typescript",
    "TypeScript",
    "javascript",
    (".ts", ".mts", ".cts"),
    "tree_sitter_typescript",
    "language_typescript",
    "tree-sitter-typescript",
    interpreters=("ts-node", "tsx"),
    syntax=words("optional_chain import meta_property this_type existential_type"),
    fenced=words("regex_pattern"),
    fences=words("/"),
    optional=SEMICOLON,
    same_quotes=True,
    imports=_IMPORTS,
    import_words=_IMPORT_WORDS,
    units=_TS_UNITS,
    lists=_TS_LISTS,
    entries=_TS_ENTRIES,
    raw_quotes=(("`", "`"),),
    name_start="$",
    keywords=words("this super import"),
    values=words("true false null undefined"),
    soft=_TS_SOFT,
    regex=True,
    unit_depth=5,
    rewrites=_TYPESCRIPT_REWRITES,
    tags=("ts",),
    spec_folders=True,
    minified=True,
)

ROWS = (
    LanguageSpec(
        "javascript",
        "JavaScript",
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        "tree_sitter_javascript",
        distribution="tree-sitter-javascript",
        filenames=("Jakefile",),
        interpreters=("node", "nodejs", "deno", "bun"),
        syntax=words("optional_chain import meta_property"),
        fenced=words("regex_pattern"),
        fences=words("/"),
        optional=SEMICOLON,
        same_quotes=True,
        lists=_JS_LISTS,
        entries=_JS_ENTRIES,
        imports=_IMPORTS,
        import_words=_IMPORT_WORDS,
        units={**_JS_UNITS, f"(field_definition property: (_) @name value: {_JS_FUNCTION}) @unit": "method"},
        quotes=('"', "'"),
        raw_quotes=(("`", "`"),),
        name_start="$",
        keywords=words("this super import"),
        values=words("true false null undefined"),
        soft=_JS_SOFT,
        regex=True,
        unit_depth=6,
        rewrites=_JAVASCRIPT_REWRITES,
        typical=_TYPICAL_JAVASCRIPT,
        tags=("jsx",),
        spec_folders=True,
        minified=True,
    ),
    _TYPESCRIPT,
    replace(
        _TYPESCRIPT,
        name="tsx",
        label="TSX",
        extensions=(".tsx",),
        entry="language_tsx",
        interpreters=(),
        unit_depth=7,
        tags=(),
        minified=False,
    ),
    lexical(
        "coffeescript",
        "CoffeeScript",
        "coffee cson",
        line_comments=HASH,
        block_comments=(("###", "###"),),
        interpreters=("coffee",),
        quotes=('"""', "'''", '"', "'"),
        spec_folders=True,
    ),
    lexical("qml", "QML", "qml", line_comments=SLASHES, block_comments=C_BLOCK, family="javascript"),
    lexical(
        "rescript", "ReScript", "res resi re rei", line_comments=SLASHES, block_comments=C_BLOCK, quotes=('"', "`")
    ),
    lexical("haxe", "Haxe", "hx", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical("actionscript", "ActionScript", "as", line_comments=SLASHES, block_comments=C_BLOCK),
)

SHARED = {
    ".ts": Ambiguity((_MARKUP,), "typescript"),
    ".res": Ambiguity(((rb"^[ \t]*(let|type|module|open|switch)\b", "rescript"),), None),
    ".re": Ambiguity(
        ((rb"^[ \t]*(let|type|module|open|switch)\b", "rescript"), (rb"/\*!re2c|^[ \t]*#\s*include", "c")),
        None,
    ),
    ".as": Ambiguity(
        ((rb"^[ \t]*(package|import|class|public|private|function|var|#include)\b|//", "actionscript"),), None
    ),
}
