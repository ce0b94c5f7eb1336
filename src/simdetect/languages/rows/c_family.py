"""C, C++, Objective-C, and what is written in C."""

from __future__ import annotations

from simdetect.languages.notation import C_BLOCK, C_CONTROL, SLASHES, kinds, lexical, lines, patterns, words
from simdetect.languages.rewrites import RewriteRules, branches, choice, compound, drop, operands, parentheses, steps
from simdetect.languages.rows.classic import PASCAL
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_C_TYPES = words(
    "void char int float double bool size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t max_align_t",
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t char8_t char16_t char32_t char64_t",
)
_C_VALUES = words("true false NULL nullptr")
_C_UNITS = {
    **kinds(function="function_definition", macro="preproc_function_def"),
    **patterns(
        "type",
        "(struct_specifier name: (_) body: (_)) @unit",
        "(union_specifier name: (_) body: (_)) @unit",
        "(enum_specifier name: (_) body: (_)) @unit",
        "(type_definition type: (struct_specifier !name body: (_)) declarator: (_) @name) @unit",
        "(type_definition type: (union_specifier !name body: (_)) declarator: (_) @name) @unit",
        "(type_definition type: (enum_specifier !name body: (_)) declarator: (_) @name) @unit",
    ),
}
_C_LISTS = {
    **patterns(
        "fields",
        "(struct_specifier body: (field_declaration_list) @list)",
        "(union_specifier body: (field_declaration_list) @list)",
    ),
    "(enum_specifier body: (enumerator_list) @list)": "members",
    "(init_declarator value: (initializer_list) @list)": "rows",
    "(function_definition body: (compound_statement (switch_statement body: (compound_statement) @list)))": "cases",
}
_C_ENTRIES = {"field_declaration": "declarator", "enumerator": "", "case_statement": "value"}
_C_WRAPPERS = words("parenthesized_declarator reference_declarator attributed_declarator")

_C_ATOMS = "identifier number_literal string_literal char_literal call_expression subscript_expression field_expression"
_C_LITERALS = "number_literal char_literal null true false"
_C_REWRITES = RewriteRules(
    (
        ("for-loop", "(for_statement initializer: (_)? @init condition: (_)? @condition update: (_)? @update "
         "body: (_) @body) @it"),
        ("while-loop", "(while_statement condition: (_) @condition body: (_) @body) @it"),
        *branches("if_statement"),
        choice("conditional_expression"),
        operands("binary_expression"),
        *steps("update_expression", "(expression_statement %)", "(for_statement update: %)",
               "(for_statement update: (comma_expression %))"),
        compound(sign='operator: "="'),
        *parentheses(_C_ATOMS, "(return_statement %)",
                     "(assignment_expression right: %)", "(init_declarator value: %)", "(argument_list %)",
                     "(switch_statement condition: %)", "(do_statement condition: %)",
                     "(subscript_expression index: %)", "(conditional_expression condition: %)"),
        *drop("blocks", '(compound_statement (compound_statement . "{" @drop "}" @drop .))'),
        *drop("casts", '(cast_expression "(" @drop type: (_) @drop ")" @drop)'),
        *drop("types",
              "(compound_statement (declaration type: (_) @drop))",
              "(for_statement initializer: (declaration type: (_) @drop))",
              "(parameter_declaration type: (_) @drop)",
              "(type_qualifier) @drop",
              "(storage_class_specifier) @drop",
              '(declaration (init_declarator declarator: (pointer_declarator "*" @drop)))',
              '(parameter_declaration declarator: (pointer_declarator "*" @drop))'),
        *drop("declarations",
              "(compound_statement (declaration declarator: [(identifier) (pointer_declarator)] @drop))",
              '(compound_statement (declaration "," @drop))'),
        ("order", "(preproc_include) @sort"),
        ("order", "(compound_statement (declaration declarator: (init_declarator) ) @sort)"),
        ("order", "(translation_unit (declaration declarator: (function_declarator)) @sort)"),
    ),
    literals=frozenset(_C_LITERALS.split()),
)  # fmt: skip

_CPP_REWRITES = RewriteRules(
    (
        *(rule for rule in _C_REWRITES.rules if rule[0] not in ("order", "parentheses")),
        *parentheses(_C_ATOMS, "(return_statement %)",
                     "(assignment_expression right: %)", "(init_declarator value: %)", "(argument_list %)",
                     "(do_statement condition: %)", "(subscript_argument_list %)",
                     "(conditional_expression condition: %)"),
        ("order", "(preproc_include) @sort"),
        ("order", "(using_declaration) @sort"),
        ("order", "(compound_statement (declaration declarator: (init_declarator)) @sort)"),
        *drop("types", "(for_range_loop type: (_) @drop)"),
        *drop("casts", '(call_expression function: (template_function name: (identifier) @name) @drop '
              'arguments: (argument_list . "(" @drop . (_) . ")" @drop .) '
              '(#match? @name "^(static|reinterpret|const|dynamic)_cast$"))'),
    ),
    parentheses=frozenset({"parenthesized_expression", "condition_clause"}),
    literals=frozenset(_C_LITERALS.split()),
)  # fmt: skip
_OBJC = (rb"^[ \t]*@(interface|protocol|implementation|class|property|end|import)\b|^[ \t]*#\s*import\b", "objc")
# "class" and the like occur in C as names and in comments; comments are gone when this is tried.
# Several patterns, each of which an engine can look for by its first letters: as one they take three times as long.
_CPP = tuple(
    (pattern, "cpp")
    for pattern in (
        rb"^[ \t]*(template\s*<|namespace\b[\w:\s]{0,200}\{|using\s+(namespace\s+)?[\w:]+\s*[;=]"
        rb"|(public|private|protected)\s*:"
        rb"|(?:export[ \t]+)?class[ \t]+(?:\w+[ \t]+){0,4}\w+\s{0,9}(?:final\s{0,9})?[:{;]"
        rb"|(?:explicit|virtual|friend|constexpr)\s"
        rb"|enum\s+class\b|#\s*include\s*<(?:\w+/)*[a-z_]+>)",
        rb"::\w(?<=\w::\w)",
        rb"\bstd::",
        rb"\boperator\s*[-+*/=<>!&|\[(]+",
        rb"\bnoexcept\b",
        rb"\bstatic_cast<",
        rb"=\s*(default|delete)\s*;",
        rb"struct\s+\w+\s*(?:final\s*)?:\s*(?:public\s+)?\w",
        rb"\w\s*&\s*\w+\s*[,)]\s*const\b",
    )
)

_TYPICAL_C = lines(
    rb"#\s*(?:include\s*[<\"]|define \w+|ifn?def \w+|endif\b)",
    rb"(?:static |const |extern |inline |unsigned |struct )+\w[\w \t*]*[ *]\w+\s*[(;=\[]",
    rb"(?:int|void|char|size_t|u?int\d+_t|double|float|long)[ *]+\w+(?:\(.*| =.*;|;|\[.*;)[ \t\r]*$",
    rb"\w+->\w+.*;[ \t\r]*$",
    C_CONTROL,
)

_TYPICAL_CPP = lines(
    rb"#\s*include\s*<[a-z_]+>",
    rb"(?:template ?<|namespace \w+|using \w|std::|(?:public|private|protected):|auto &?\w+ =|class \w+ ?[:{])",
    rb"\w+(?:::\w+)+.*[;{][ \t\r]*$",
    C_CONTROL,
)

ROWS = (
    LanguageSpec(
        "c",
        "C",
        "c",
        (".c", ".h"),
        "tree_sitter_c",
        distribution="tree-sitter-c",
        opaque=words("preproc_arg"),
        units=_C_UNITS,
        name_wrappers=_C_WRAPPERS,
        lists=_C_LISTS,
        entries=_C_ENTRIES,
        keywords=_C_TYPES,
        values=_C_VALUES,
        signed=True,
        prefixes="LuU8",
        imports=("(preproc_include path: (system_lib_string)) @import",),
        import_words=("#include",),
        unit_depth=2,
        rewrites=_C_REWRITES,
        typical=_TYPICAL_C,
    ),
    LanguageSpec(
        "cpp",
        "C++",
        "c",
        (
            ".cc",
            ".cpp",
            ".cxx",
            ".c++",
            ".hpp",
            ".hh",
            ".hxx",
            ".h++",
            ".ipp",
            ".inl",
            ".tcc",
            ".cu",
            ".cuh",
            ".hip",
            ".mpp",
            ".mxx",
            ".ino",
        ),
        "tree_sitter_cpp",
        distribution="tree-sitter-cpp",
        syntax=words("auto"),
        opaque=words("preproc_arg"),
        fenced=words("raw_string_content raw_string_delimiter"),
        fences=words("( )"),
        units={
            **_C_UNITS,
            "(class_specifier name: (_) body: (_)) @unit": "class",
            "concept_definition": "type",
        },
        name_wrappers=_C_WRAPPERS,
        lists={**_C_LISTS, "(class_specifier body: (field_declaration_list) @list)": "fields"},
        entries=_C_ENTRIES,
        keywords=_C_TYPES | {"auto", "this"},
        values=_C_VALUES,
        signed=True,
        raw_quotes=(('R"(', ')"'),),
        prefixes="LuU8",
        soft=words("final override import module"),
        imports=("preproc_include", "using_declaration"),
        import_words=("#include", "using"),
        unit_depth=7,
        rewrites=_CPP_REWRITES,
        typical=_TYPICAL_CPP,
        tags=("cuda",),
        kernels=("c++",),
    ),
    LanguageSpec(
        "objc",
        "Objective-C",
        "c",
        (".m", ".mm"),
        "tree_sitter_objc",
        distribution="tree-sitter-objc",
        opaque=words("preproc_arg selector_expression"),
        whole=words("selector_expression"),
        reserved=words("self super"),
        constants=words("nil Nil YES NO"),
        units={
            **_C_UNITS,
            **patterns(
                "method",
                "(method_definition . (method_type) . (identifier) @name) @unit",
                "(method_definition . (identifier) @name) @unit",
            ),
            **patterns(
                "class",
                "(class_implementation . (identifier) @name) @unit",
                "(class_interface . (identifier) @name) @unit",
                "(protocol_declaration . (identifier) @name) @unit",
            ),
        },
        name_wrappers=_C_WRAPPERS,
        lists=_C_LISTS,
        entries=_C_ENTRIES,
        keywords=_C_TYPES,
        values=_C_VALUES,
        signed=True,
        prefixes="@LuU8",
        imports=("preproc_include", "module_import", "class_declaration"),
        unit_depth=4,
        name_start="@",
        tags=("objective-c", "objective-c++"),
        pygments="objective-c",
    ),
    lexical("x-macros", "C definitions", "def", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
)

SHARED = {
    ".h": Ambiguity((_OBJC, *_CPP), "c", is_blind=True),
    ".inl": Ambiguity((*_CPP, (rb"^[ \t]*#\s*\w|;[ \t\r]*$", "c")), is_blind=True),
    ".hh": Ambiguity(((rb"\A\s*<\?hh", "php"),)),
    ".m": Ambiguity(
        (
            _OBJC,
            (rb"^[ \t]*#\s*(include|define|if)\b|^[ \t]*\[\w+ \w+", "objc"),
            (rb"^[ \t]*:-\s*module\b", "mercury"),
            (rb"^[ \t]*\(\*|\b(BeginPackage|Begin|Module|Block|With|Needs)\[|:=\s", "mathematica"),
            (rb"^[ \t]*%|^[ \t]*(function|classdef|endfunction|end|clear|close all|clc)\b|\bfprintf\(", "matlab"),
        ),
        "objc",
    ),
    ".mm": Ambiguity((), "objc"),
    ".def": Ambiguity(
        (
            (rb"(?i)\A(?:[ \t]*(?:;.*)?\r?\n)*[ \t]*(?:LIBRARY|EXPORTS|NAME|STACKSIZE)\b", None),
            (rb"^[ \t]*#\s*(if|define|include|undef|ifn?def)\b|^[ \t]*/\*|^[ \t]*\w+\s*\(.*\)", "x-macros"),
        ),
        None,
    ),
    ".inc": Ambiguity(
        (
            (rb"<\?(php|=)", "php"),
            (rb"^[ \t]*#\s*(include|define|ifn?def|if|pragma)\b", "c"),
            *_CPP,
            PASCAL,
            (rb"^[ \t]*(\.?(macro|section|globl|global|extern|equ|text|data)\b|%(macro|define))", "assembly"),
            (rb"^\.PHONY|^\w+\s*[:?+]?=|^\w[\w.-]*\s*:", "makefile"),
            (rb"[;{}][ \t\r]*$", "c"),
        ),
        "text-code",
    ),
}
