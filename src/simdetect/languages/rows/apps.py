"""Languages of applications for telephones, desktops and games."""

from __future__ import annotations

from simdetect.languages.notation import (
    C_BLOCK,
    DOUBLE,
    HASH,
    ML_BLOCK,
    SEMICOLON,
    TRIPLES,
    kinds,
    lexical,
    lines,
    patterns,
    words,
)
from simdetect.languages.spec import LanguageSpec

__all__ = ["ROWS"]

_TYPICAL_SWIFT = lines(
    rb"(?:(?:public|private|static|override) )*func \w+.*\{",
    rb"(?:let|var) \w+.*[=:].*",
    rb"guard .*",
    rb"import [A-Z]\w+[ \t\r]*$",
    rb"(?:struct|class|extension|enum|protocol) \w+.*\{",
)

ROWS = (
    LanguageSpec(
        "swift",
        "Swift",
        "swift",
        (".swift",),
        "tree_sitter_swift",
        distribution="tree-sitter-swift",
        interpreters=("swift",),
        syntax=words(
            "else throws bang where_keyword catch_keyword throw_keyword default_keyword async as_operator directive"
        ),
        strings=words("raw_str_part raw_str_end_part raw_str_continuing_indicator raw_str_interpolation_start"),
        optional=SEMICOLON,
        imports=("import_declaration",),
        units={
            **kinds(
                function="function_declaration",
                method="protocol_function_declaration init_declaration deinit_declaration",
                type="typealias_declaration",
            ),
            **kinds(**{"class": "class_declaration protocol_declaration"}),
        },
        name_wrappers=words("user_type"),
        quotes=('"""', '"'),
        keywords=words("else throws catch throw default where async"),
        values=words("nil true false"),
        unit_depth=5,
        soft=words("available fallthrough file function get keyPath line of required set some type"),
        reserved=words("_"),
        typical=_TYPICAL_SWIFT,
        spec_folders=True,
    ),
    LanguageSpec(
        "dart",
        "Dart",
        "dart",
        (".dart",),
        "tree_sitter_dart",
        distribution="tree-sitter-dart",
        interpreters=("dart",),
        whole=words("comment documentation_comment string_literal"),
        syntax=words("const_builtin assert_builtin break_builtin final_builtin case_builtin inferred_type as_operator"),
        imports=("import_or_export",),
        units={
            **patterns(
                "function",
                "(program (function_signature name: (_) @name) @unit)",
                "(program (getter_signature name: (_) @name) @unit)",
            ),
            **patterns(
                "method",
                "(class_body (method_signature [(function_signature name: (_) @name) (getter_signature name: (_) @name)"
                " (setter_signature name: (_) @name) (constructor_signature name: (_) @name)"
                " (factory_constructor_signature . (_) . (identifier) @name)]) @unit)",
            ),
            "enum_declaration": "type",
            "(type_alias (type_identifier) @name) @unit": "type",
            **kinds(**{"class": "class_definition mixin_declaration extension_declaration"}),
        },
        quotes=(*TRIPLES, '"', "'"),
        prefixes="r",
        values=words("null true false"),
        keywords=words("const void final assert break"),
    ),
    lexical(
        "applescript",
        "AppleScript",
        "applescript scpt",
        line_comments=("--", "#"),
        block_comments=ML_BLOCK,
        quotes=DOUBLE,
        interpreters=("osascript",),
    ),
    lexical("autohotkey", "AutoHotkey", "ahk", line_comments=(";",), block_comments=C_BLOCK, quotes=DOUBLE),
    lexical("gdscript", "GDScript", "gd", line_comments=HASH, quotes=('"""', '"', "'")),
)
