"""Rust, Go, Zig, and other languages for what C was used for."""

from __future__ import annotations

from simdetect.languages.notation import (
    C_BLOCK,
    HASH,
    NO_BLOCKS,
    SEMICOLON,
    SLASHES,
    kinds,
    lexical,
    lines,
    patterns,
    words,
)
from simdetect.languages.rewrites import RewriteRules, branches, compound, drop, operands, parentheses
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_RUST_LITERALS = "integer_literal char_literal boolean_literal string_literal"
_GO_LITERALS = "int_literal nil true false interpreted_string_literal rune_literal"
_GO_REWRITES = RewriteRules(
    (
        ("for-loop", "(for_statement (for_clause initializer: (_)? @init condition: (_)? @condition "
         "update: (_)? @update) body: (_) @body) @it"),
        ("while-loop", "(for_statement . \"for\" . (_expression) @condition . body: (_) @body) @it"),
        ("endless-loop", "(for_statement . \"for\" . body: (_) @body) @it"),
        ("branches", "(if_statement initializer: (_)? @init condition: (_) @condition consequence: (_) @then "
         "alternative: (_)? @else) @it"),
        operands("binary_expression"),
        ("step", '(inc_statement "++" @operator) @it'),
        ("step", '(dec_statement "--" @operator) @it'),
        compound("assignment_statement", 'operator: "="', "(expression_list . % .)"),
        *parentheses(
                     "identifier int_literal interpreted_string_literal call_expression selector_expression "
                     "index_expression",
                     "(return_statement (expression_list %))", "(assignment_statement right: (expression_list %))",
                     "(short_var_declaration right: (expression_list %))", "(argument_list %)",
                     "(index_expression index: %)", "(expression_switch_statement value: %)"),
        *drop("blocks", '(statement_list (block . "{" @drop "}" @drop .))'),
        *drop("types", "(var_spec type: (_) @drop)", "(const_spec type: (_) @drop)"),
        *drop("declarations",
              '(var_spec_list ["(" ")"] @drop)', '(const_declaration ["(" ")"] @drop)'),
        ("short-declaration", '(statement_list (var_declaration "var" @drop (var_spec name: (_) "=" @it value: (_))))'),
        ("order", "(import_spec) @sort"),
    ),
    literals=frozenset(_GO_LITERALS.split()),
)  # fmt: skip

_RUST_REWRITES = RewriteRules(
    (
        ("while-loop", "(while_expression condition: (_) @condition body: (_) @body) @it"),
        ("endless-loop", "(loop_expression body: (_) @body) @it"),
        *branches("if_expression"),
        operands("binary_expression"),
        compound(),
        *parentheses(
                     "identifier integer_literal string_literal call_expression field_expression index_expression",
                     "(return_expression %)", "(assignment_expression right: %)", "(let_declaration value: %)",
                     "(arguments %)", "(match_expression value: %)", "(index_expression (_) %)"),
        *drop("blocks", '(block (expression_statement (block . "{" @drop "}" @drop .)))',
              '(block (block . "{" @drop "}" @drop .))'),
        *drop("types", '(let_declaration ":" @drop type: (_) @drop)', "(let_declaration (mutable_specifier) @drop)",
              "(closure_parameters (parameter \":\" @drop type: (_) @drop))",
              '(generic_function "::" @drop type_arguments: (_) @drop)'),
        *drop("casts", '(type_cast_expression "as" @drop type: (_) @drop)'),
        *drop("declarations", "(block (let_declaration !value) @drop)", '(let_declaration "let" @drop)'),
        ("order", "(use_declaration) @sort"),
        ("order", "(block (let_declaration value: (_)) @sort)"),
    ),
    literals=frozenset(_RUST_LITERALS.split()),
)  # fmt: skip

_TYPICAL_RUST = lines(
    rb"(?:pub(?:\([a-z]+\))? )?(?:fn \w+|struct \w+|enum \w+|impl[ <]|mod \w+|trait \w+|use [\w:]+)",
    rb"let (?:mut )?\w+.*=.*",
    rb"#\[\w+",
    rb"(?:match|if let|while let) .*\{[ \t\r]*$",
    rb"(?:if|for|while) [^(\n].*\{[ \t\r]*$",
)

_TYPICAL_GO = lines(
    rb"package \w+[ \t\r]*$",
    rb"func (?:\(\w+ \*?\w+\) )?\w+\(.*\{[ \t\r]*$",
    rb"if err != nil \{",
    rb"\w+(?:, \w+)* := .*",
    rb"(?:if|for|switch|type) [^(\n].*\{[ \t\r]*$",
)

ROWS = (
    LanguageSpec(
        "rust",
        "Rust",
        "rust",
        (".rs",),
        "tree_sitter_rust",
        distribution="tree-sitter-rust",
        interpreters=("rust-script",),
        whole=words("line_comment block_comment string_literal raw_string_literal char_literal"),
        syntax=words("'"),
        imports=(
            # Not what belongs to the program itself: `use crate::...`, `mod lexer;` are its own structure.
            "((use_declaration) @import "
            '(#not-match? @import "^(pub(\\\\([^)]*\\\\))?[ ]+)?use[ ]+(self|super|crate)::"))',
            "extern_crate_declaration",
        ),
        import_words=("use", "extern"),
        units={
            **kinds(
                function="function_item",
                type="struct_item enum_item union_item",
                macro="macro_definition",
                module="mod_item",
            ),
            **kinds(**{"class": "trait_item impl_item"}),
        },
        lists={
            "(struct_item body: (field_declaration_list) @list)": "fields",
            "(enum_item body: (enum_variant_list) @list)": "members",
            **patterns(
                "rows",
                "(const_item value: (array_expression) @list)",
                "(static_item value: (array_expression) @list)",
                "(const_item value: (reference_expression value: (array_expression) @list))",
                "(static_item value: (reference_expression value: (array_expression) @list))",
            ),
            **patterns(
                "cases",
                "(function_item body: (block (match_expression body: (match_block) @list)))",
                "(function_item body: (block (expression_statement (match_expression body: (match_block) @list))))",
            ),
        },
        entries={"field_declaration": "name", "enum_variant": "", "match_arm": "pattern"},
        quotes=('"',),
        long_quotes=('"',),
        raw_quotes=(('br#"', '"#'), ('r##"', '"##'), ('r#"', '"#'), ('br"', '"'), ('r"', '"')),
        char_quote="'",
        prefixes="bc",
        name_start="$",
        keywords=words(
            "self super crate mut bool str char u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 isize usize f32 f64",
        ),
        soft=words(
            "block expr expr_2021 ident item lifetime literal meta pat pat_param path stmt tt ty vis union default _"
        ),
        rewrites=_RUST_REWRITES,
        typical=_TYPICAL_RUST,
    ),
    LanguageSpec(
        "go",
        "Go",
        "go",
        (".go",),
        "tree_sitter_go",
        distribution="tree-sitter-go",
        optional=SEMICOLON,
        imports=(
            "package_clause",
            "import_declaration",
        ),
        import_words=("package", "import"),
        units=kinds(function="function_declaration", method="method_declaration", type="type_spec"),
        lists={
            "(type_spec type: (struct_type (field_declaration_list) @list))": "fields",
            "(const_declaration) @list": "members",
            **patterns(
                "rows",
                "(var_spec value: (expression_list (composite_literal body: (literal_value) @list)))",
                "(short_var_declaration right: (expression_list (composite_literal body: (literal_value) @list)))",
            ),
            **patterns(
                "cases",
                "(function_declaration body: (block (statement_list (expression_switch_statement) @list)))",
                "(method_declaration body: (block (statement_list (expression_switch_statement) @list)))",
            ),
        },
        entries={"field_declaration": "name", "const_spec": "", "expression_case": "value"},
        raw_quotes=(("`", "`"),),
        values=words("nil true false"),
        soft=words("new make"),
        rewrites=_GO_REWRITES,
        typical=_TYPICAL_GO,
    ),
    LanguageSpec(
        "zig",
        "Zig",
        "zig",
        (".zig", ".zon"),
        "tree_sitter_zig",
        distribution="tree-sitter-zig",
        syntax=words("builtin_type builtin_identifier"),
        strings=words("multiline_string"),
        imports=(
            "((variable_declaration (builtin_function (builtin_identifier) @f (arguments . (string) .))) @import "
            '(#eq? @f "@import"))',
        ),
        units={
            "function_declaration": "function",
            "(test_declaration [(string) (identifier)] @name) @unit": "function",
            "(variable_declaration (identifier) @name"
            " [(struct_declaration) (enum_declaration) (union_declaration)]) @unit": "type",
        },
        block_comments=NO_BLOCKS,
        name_start="@",
        unit_depth=4,
        values=words("null undefined true false"),
        keywords=words(
            "u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 usize isize f16 f32 f64 f128 bool void type anyerror",
            "anytype comptime_int comptime_float anyopaque c_int c_uint",
            "@import @as @This @TypeOf @intCast @ptrCast @alignCast",
            "@sizeOf @intFromEnum @enumFromInt @tagName @typeInfo",
            "@typeName @field @panic @compileError @memcpy @memset",
            "@min @max @bitCast @truncate @mod @rem",
            "@src @hasDecl @hasField @floatFromInt @intFromFloat @intFromPtr @ptrFromInt",
        ),
    ),
    lexical(
        "d",
        "D",
        "d di",
        line_comments=SLASHES,
        block_comments=(("/*", "*/"), ("/+", "+/")),
        quotes=('"', "'", "`"),
        interpreters=("rdmd",),
    ),
    lexical(
        "nim",
        "Nim",
        "nim nims nimble",
        line_comments=HASH,
        block_comments=(("#[", "]#"),),
        quotes=('"""', '"', "'"),
        interpreters=("nim",),
    ),
    lexical("odin", "Odin", "odin", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical("v", "V", "v vsh", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical("vala", "Vala", "vala vapi", line_comments=SLASHES, block_comments=C_BLOCK),
)

SHARED = {
    ".d": Ambiguity(((rb"\A(#.*\n)*\S+\.(o|d|lo|rlib)\b.*:|\\\n", None),), "d"),
}
