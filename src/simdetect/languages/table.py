"""The language table: one row each. docs/adding-a-language.md says how to add one.

A row states only what differs from the defaults in `spec` and `grammar`; lists of words are split from strings.
"""

from __future__ import annotations

from simdetect.languages.spec import LanguageSpec

__all__ = ["LANGUAGES", "spec_of"]


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _units(**kinds: str) -> dict[str, str]:
    """Unit kinds by what they are: function="a b" -> {"a": "function", "b": "function"}."""
    return {node: kind for kind, nodes in kinds.items() for node in nodes.split()}


def _patterns(kind: str, *patterns: str) -> dict[str, str]:
    return dict.fromkeys(patterns, kind)


_HASH: tuple[str, ...] = ("#",)
_DASHES: tuple[str, ...] = ("--",)
_NO_BLOCKS: tuple[tuple[str, str], ...] = ()
_SEMICOLON = frozenset({";"})
_TRIPLES = ('"""', "'''")

# --- C family -----------------------------------------------------------------------------------------------------

_C_TYPES = _words(
    "void char int float double bool size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t max_align_t",
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t char8_t char16_t char32_t char64_t",
)
_C_UNITS = {
    **_units(function="function_definition", macro="preproc_function_def"),
    **_patterns(
        "type",
        "(struct_specifier name: (_) body: (_)) @unit",
        "(union_specifier name: (_) body: (_)) @unit",
        "(enum_specifier name: (_) body: (_)) @unit",
        "(type_definition type: (struct_specifier !name body: (_)) declarator: (_) @name) @unit",
        "(type_definition type: (union_specifier !name body: (_)) declarator: (_) @name) @unit",
        "(type_definition type: (enum_specifier !name body: (_)) declarator: (_) @name) @unit",
    ),
}
_C_WRAPPERS = _words("parenthesized_declarator reference_declarator attributed_declarator")

_C_FAMILY = (
    LanguageSpec(
        "c",
        "C",
        "c",
        (".c", ".h"),
        "tree_sitter_c",
        distribution="tree-sitter-c",
        opaque=_words("preproc_arg"),
        units=_C_UNITS,
        name_wrappers=_C_WRAPPERS,
        keywords=_C_TYPES,
        prefixes="LuU8",
        unit_depth=2,
    ),
    LanguageSpec(
        "cpp",
        "C++",
        "c",
        (".cc", ".cpp", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp", ".inl", ".tcc", ".cu", ".cuh", ".ino"),
        "tree_sitter_cpp",
        distribution="tree-sitter-cpp",
        syntax=_words("auto"),
        opaque=_words("preproc_arg"),
        fenced=_words("raw_string_content"),
        units={
            **_C_UNITS,
            "(class_specifier name: (_) body: (_)) @unit": "class",
            "concept_definition": "type",
        },
        name_wrappers=_C_WRAPPERS,
        keywords=_C_TYPES | {"auto", "this"},
        raw_quotes=(('R"(', ')"'),),
        prefixes="LuU8",
        soft=_words("final override import module"),
        unit_depth=7,
    ),
    LanguageSpec(
        "objc",
        "Objective-C",
        "c",
        (".m", ".mm"),
        "tree_sitter_objc",
        distribution="tree-sitter-objc",
        opaque=_words("preproc_arg selector_expression"),
        whole=_words("selector_expression"),
        reserved=_words("self super"),
        constants=_words("nil Nil YES NO"),
        units={
            **_C_UNITS,
            **_patterns(
                "method",
                "(method_definition . (method_type) . (identifier) @name) @unit",
                "(method_definition . (identifier) @name) @unit",
            ),
            **_patterns(
                "class",
                "(class_implementation . (identifier) @name) @unit",
                "(class_interface . (identifier) @name) @unit",
                "(protocol_declaration . (identifier) @name) @unit",
            ),
        },
        name_wrappers=_C_WRAPPERS,
        keywords=_C_TYPES,
        prefixes="@LuU8",
        unit_depth=4,
    ),
)

# --- JavaScript family --------------------------------------------------------------------------------------------

_JS_FUNCTION = "[(arrow_function) (function_expression) (generator_function)]"
_JS_UNITS = {
    **_units(
        function="function_declaration generator_function_declaration",
        method="method_definition",
        **{"class": "class_declaration"},
    ),
    **_patterns(
        "function",
        f"(variable_declarator name: (identifier) @name value: {_JS_FUNCTION}) @unit",
        f"(assignment_expression left: [(member_expression) (identifier)] @name right: {_JS_FUNCTION}) @unit",
        f"(pair key: (property_identifier) @name value: {_JS_FUNCTION}) @unit",
    ),
    "(variable_declarator name: (identifier) @name value: (class)) @unit": "class",
}
_TS_UNITS = {
    **_JS_UNITS,
    **_units(
        type="interface_declaration type_alias_declaration enum_declaration",
        **{"class": "abstract_class_declaration"},
    ),
    f"(public_field_definition name: (_) @name value: {_JS_FUNCTION}) @unit": "method",
}
_JS_SOFT = _words("get set of static async from as target meta")
_TS_SOFT = _JS_SOFT | _words(
    "abstract accessor any asserts boolean constructor declare global implements infer is keyof module namespace never",
    "number object override package private protected public readonly require satisfies string symbol type unique",
    "unknown using",
)

_JS_FAMILY = (
    LanguageSpec(
        "javascript",
        "JavaScript",
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        "tree_sitter_javascript",
        distribution="tree-sitter-javascript",
        filenames=("Jakefile",),
        interpreters=("node", "nodejs", "deno", "bun"),
        syntax=_words("optional_chain import meta_property"),
        fenced=_words("regex_pattern"),
        optional=_SEMICOLON,
        units={**_JS_UNITS, f"(field_definition property: (_) @name value: {_JS_FUNCTION}) @unit": "method"},
        quotes=('"', "'"),
        raw_quotes=(("`", "`"),),
        name_start="$",
        keywords=_words("this super import"),
        soft=_JS_SOFT,
        regex=True,
        unit_depth=6,
    ),
    LanguageSpec(
        "typescript",
        "TypeScript",
        "javascript",
        (".ts", ".mts", ".cts"),
        "tree_sitter_typescript",
        "language_typescript",
        "tree-sitter-typescript",
        interpreters=("ts-node", "tsx"),
        syntax=_words("optional_chain import meta_property this_type existential_type"),
        fenced=_words("regex_pattern"),
        optional=_SEMICOLON,
        units=_TS_UNITS,
        raw_quotes=(("`", "`"),),
        name_start="$",
        keywords=_words("this super import"),
        soft=_TS_SOFT,
        regex=True,
        unit_depth=5,
    ),
    LanguageSpec(
        "tsx",
        "TSX",
        "javascript",
        (".tsx",),
        "tree_sitter_typescript",
        "language_tsx",
        "tree-sitter-typescript",
        syntax=_words("optional_chain import meta_property this_type existential_type"),
        fenced=_words("regex_pattern"),
        optional=_SEMICOLON,
        units=_TS_UNITS,
        raw_quotes=(("`", "`"),),
        name_start="$",
        keywords=_words("this super import"),
        soft=_TS_SOFT,
        regex=True,
        unit_depth=7,
    ),
)

# --- compiled languages -------------------------------------------------------------------------------------------

_COMPILED = (
    LanguageSpec(
        "rust",
        "Rust",
        "rust",
        (".rs",),
        "tree_sitter_rust",
        distribution="tree-sitter-rust",
        interpreters=("rust-script",),
        whole=_words("line_comment block_comment string_literal raw_string_literal char_literal"),
        syntax=_words("'"),
        units={
            **_units(
                function="function_item",
                type="struct_item enum_item union_item",
                macro="macro_definition",
                module="mod_item",
            ),
            **_units(**{"class": "trait_item impl_item"}),
        },
        quotes=('"',),
        long_quotes=('"',),
        raw_quotes=(('br#"', '"#'), ('r##"', '"##'), ('r#"', '"#'), ('br"', '"'), ('r"', '"')),
        char_quote="'",
        prefixes="bc",
        keywords=_words(
            "self super crate mut bool str char u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 isize usize f32 f64",
        ),
        soft=_words("block expr expr_2021 ident item lifetime literal meta pat pat_param path stmt tt ty vis union"),
    ),
    LanguageSpec(
        "go",
        "Go",
        "go",
        (".go",),
        "tree_sitter_go",
        distribution="tree-sitter-go",
        optional=_SEMICOLON,
        units=_units(function="function_declaration", method="method_declaration", type="type_spec"),
        raw_quotes=(("`", "`"),),
        constants=_words("nil true false"),
        soft=_words("new make"),
    ),
    LanguageSpec(
        "java",
        "Java",
        "java",
        (".java",),
        "tree_sitter_java",
        distribution="tree-sitter-java",
        units={
            **_units(
                method="method_declaration constructor_declaration compact_constructor_declaration",
                type="enum_declaration annotation_type_declaration",
            ),
            **_units(**{"class": "class_declaration interface_declaration record_declaration"}),
        },
        quotes=('"""', '"', "'"),
        name_start="$",
        keywords=_words("this super void boolean"),
        constants=_words("null"),
        soft=_words("exports module open opens provides record requires to transitive uses when with permits sealed"),
        unit_depth=5,
    ),
    LanguageSpec(
        "c-sharp",
        "C#",
        "c-sharp",
        (".cs", ".csx"),
        "tree_sitter_c_sharp",
        distribution="tree-sitter-c-sharp",
        interpreters=("dotnet-script",),
        syntax=_words("interpolation_brace discard"),
        strings=_words("interpolation_start interpolation_quote interpolation_format_clause"),
        comments=_words("preproc_arg"),
        units={
            **_units(
                method="method_declaration constructor_declaration destructor_declaration operator_declaration",
                function="local_function_statement",
                type="enum_declaration struct_declaration delegate_declaration",
            ),
            **_units(**{"class": "class_declaration interface_declaration record_declaration"}),
        },
        quotes=('"""', '"', "'"),
        raw_quotes=(('@"', '"'),),
        prefixes="$@",
        keywords=_words(
            "bool byte char decimal double float int long object sbyte short string uint ulong ushort void"
        ),
        soft=_words(
            "add alias args ascending by descending equals field file from get global group init into join let",
            "managed method module name notnull on or and orderby param parameter partial property record",
            "remove required scoped select set type typevar unmanaged var when where with yield value",
        ),
        unit_depth=5,
    ),
    LanguageSpec(
        "kotlin",
        "Kotlin",
        "kotlin",
        (".kt", ".kts"),
        "tree_sitter_kotlin",
        distribution="tree-sitter-kotlin",
        interpreters=("kotlin", "kotlinc"),
        optional=_SEMICOLON,
        units={
            **_units(function="function_declaration", type="type_alias"),
            **_units(**{"class": "class_declaration object_declaration companion_object"}),
            '(secondary_constructor "constructor" @name) @unit': "method",
        },
        quotes=('"""', '"', "'"),
        soft=_words(
            "abstract actual annotation by companion constructor crossinline data delegate dynamic enum expect",
            "external field file final get infix init inline inner internal lateinit noinline open operator out override param",
            "property receiver sealed set setparam suspend tailrec value vararg where",
        ),
        unit_depth=5,
    ),
    LanguageSpec(
        "swift",
        "Swift",
        "swift",
        (".swift",),
        "tree_sitter_swift",
        distribution="tree-sitter-swift",
        interpreters=("swift",),
        syntax=_words(
            "else throws bang where_keyword catch_keyword throw_keyword default_keyword async as_operator directive"
        ),
        strings=_words("raw_str_part raw_str_end_part raw_str_continuing_indicator raw_str_interpolation_start"),
        optional=_SEMICOLON,
        units={
            **_units(
                function="function_declaration",
                method="protocol_function_declaration init_declaration deinit_declaration",
                type="typealias_declaration",
            ),
            **_units(**{"class": "class_declaration protocol_declaration"}),
        },
        name_wrappers=_words("user_type"),
        quotes=('"""', '"'),
        keywords=_words("else throws catch throw default where async"),
        constants=_words("nil"),
        unit_depth=5,
    ),
    LanguageSpec(
        "scala",
        "Scala",
        "scala",
        (".scala", ".sc", ".sbt"),
        "tree_sitter_scala",
        distribution="tree-sitter-scala",
        interpreters=("scala", "scala-cli", "amm"),
        whole=_words("comment block_comment string interpolated_string"),
        syntax=_words("operator_identifier"),
        strings=_words("interpolated_string"),
        optional=_SEMICOLON,
        units={
            **_units(function="function_definition", type="enum_definition type_definition"),
            "(given_definition name: (_) @name) @unit": "type",
            **_units(**{"class": "class_definition object_definition trait_definition package_object"}),
        },
        quotes=('"""', '"'),
        char_quote="'",
        soft=_words("as derives end extension infix inline opaque open transparent tracked update using"),
        unit_depth=7,
    ),
    LanguageSpec(
        "dart",
        "Dart",
        "dart",
        (".dart",),
        "tree_sitter_dart",
        distribution="tree-sitter-dart",
        interpreters=("dart",),
        whole=_words("comment documentation_comment string_literal"),
        syntax=_words(
            "const_builtin assert_builtin break_builtin final_builtin case_builtin inferred_type as_operator"
        ),
        units={
            **_patterns(
                "function",
                "(program (function_signature name: (_) @name) @unit)",
                "(program (getter_signature name: (_) @name) @unit)",
            ),
            **_patterns(
                "method",
                "(class_body (method_signature [(function_signature name: (_) @name) (getter_signature name: (_) @name)"
                " (setter_signature name: (_) @name) (constructor_signature name: (_) @name)"
                " (factory_constructor_signature . (_) . (identifier) @name)]) @unit)",
            ),
            "enum_declaration": "type",
            "(type_alias (type_identifier) @name) @unit": "type",
            **_units(**{"class": "class_definition mixin_declaration extension_declaration"}),
        },
        quotes=(*_TRIPLES, '"', "'"),
        prefixes="r",
    ),
    LanguageSpec(
        "zig",
        "Zig",
        "zig",
        (".zig", ".zon"),
        "tree_sitter_zig",
        distribution="tree-sitter-zig",
        syntax=_words("builtin_type builtin_identifier"),
        strings=_words("multiline_string"),
        units={
            "function_declaration": "function",
            "(test_declaration [(string) (identifier)] @name) @unit": "function",
            "(variable_declaration (identifier) @name"
            " [(struct_declaration) (enum_declaration) (union_declaration)]) @unit": "type",
        },
        block_comments=_NO_BLOCKS,
        name_start="@",
        unit_depth=4,
    ),
    LanguageSpec(
        "fortran",
        "Fortran",
        "fortran",
        (".f90", ".f95", ".f03", ".f08", ".f", ".for", ".f77", ".ftn", ".fpp"),
        "tree_sitter_fortran",
        distribution="tree-sitter-fortran",
        whole=_words("string_literal number_literal"),
        syntax=_words("none default operator_name assumed_size"),
        strings=_words("filename"),
        layout=_words("&"),
        optional=_SEMICOLON,
        opaque=_words("preproc_arg"),
        fold_case=True,
        units={
            **_patterns(
                "function",
                "(subroutine (subroutine_statement name: (_) @name)) @unit",
                "(function (function_statement name: (_) @name)) @unit",
                "(module_procedure (module_procedure_statement name: (_) @name)) @unit",
            ),
            **_patterns(
                "module",
                "(module (module_statement (name) @name)) @unit",
                "(submodule (submodule_statement (name) @name)) @unit",
                "(program (program_statement (name) @name)) @unit",
            ),
            "(derived_type_definition (derived_type_statement (type_name) @name)) @unit": "type",
        },
        line_comments=("!",),
        block_comments=_NO_BLOCKS,
        escape="",
    ),
    LanguageSpec(
        "pascal",
        "Pascal",
        "pascal",
        (".pas", ".dpr", ".lpr", ".pp", ".dpk"),
        "tree_sitter_pascal",
        distribution="tree-sitter-pascal",
        interpreters=("instantfpc",),
        whole=_words("literalChar literalString"),
        strings=_words("literalChar literalString"),
        numbers=_words("literalNumber kTrue kFalse kNil"),
        syntax=_words("pp"),
        fold_case=True,
        units={
            "(defProc header: (declProc name: (_) @name)) @unit": "function",
            "(declType name: (_) @name type: [(declClass) (declIntf) (declHelper)]) @unit": "class",
            "declType": "type",
        },
        block_comments=(("(*", "*)"), ("{", "}")),
        quotes=("'",),
        escape="",
        unit_depth=4,
    ),
)

# --- scripting languages ------------------------------------------------------------------------------------------

_SHELL_BUILTINS = _words(
    "cd echo exit return shift source set eval exec trap read printf pwd test true false command builtin type wait",
    "kill break continue getopts hash umask alias unalias let shopt . : [ ]",
)

_SCRIPTING = (
    LanguageSpec(
        "python",
        "Python",
        "python",
        (".py", ".pyi", ".pyw"),
        "tree_sitter_python",
        distribution="tree-sitter-python",
        filenames=("SConstruct", "SConscript", "wscript", "Snakefile"),
        interpreters=("python", "python2", "python3", "pypy", "pypy3"),
        syntax=_words("type_conversion keyword_separator positional_separator"),
        layout=_words("line_continuation"),
        optional=_SEMICOLON,
        units=_units(function="function_definition", **{"class": "class_definition"}),
        line_comments=_HASH,
        block_comments=_NO_BLOCKS,
        quotes=(*_TRIPLES, '"', "'"),
        prefixes="rRbBfFuUtT",
        soft=_words("print exec match case type"),
        unit_depth=4,
    ),
    LanguageSpec(
        "ruby",
        "Ruby",
        "ruby",
        (".rb", ".rake", ".gemspec", ".ru", ".rbw", ".podspec"),
        "tree_sitter_ruby",
        distribution="tree-sitter-ruby",
        filenames=("Rakefile", "Gemfile", "Vagrantfile", "Guardfile", "Podfile", "Fastfile", "Brewfile", "Capfile"),
        interpreters=("ruby", "jruby", "rake", "macruby", "rbx"),
        strings=_words(':"'),
        comments=_words("uninterpreted"),
        fenced=_words("string_content"),
        optional=_SEMICOLON,
        units=_units(method="method singleton_method", module="module", **{"class": "class singleton_class"}),
        line_comments=_HASH,
        block_comments=(("\n=begin", "\n=end"),),
        long_quotes=('"', "'"),
        name_start="@$",
        name_chars="?!",
        keywords=_words("self super"),
        regex=True,
        unit_depth=7,
    ),
    LanguageSpec(
        "php",
        "PHP",
        "php",
        (".php", ".phtml", ".php3", ".php4", ".php5", ".phps", ".phpt"),
        "tree_sitter_php",
        "language_php",
        "tree-sitter-php",
        interpreters=("php",),
        syntax=_words("php_tag php_end_tag cast_type"),
        units={
            **_units(function="function_definition", method="method_declaration", type="enum_declaration"),
            **_units(**{"class": "class_declaration interface_declaration trait_declaration"}),
        },
        line_comments=("//", "#"),
        long_quotes=('"', "'"),
        keywords=_words("callable iterable int float string bool void"),
        constants=_words("null true false NULL TRUE FALSE"),
    ),
    LanguageSpec(
        "bash",
        "Bash",
        "bash",
        (".sh", ".bash", ".bats", ".ksh", ".zsh", ".ebuild", ".eclass", ".command"),
        "tree_sitter_bash",
        distribution="tree-sitter-bash",
        filenames=(
            ".bashrc",
            ".bash_profile",
            ".bash_aliases",
            ".bash_logout",
            ".profile",
            ".zshrc",
            ".zprofile",
            ".zshenv",
            ".kshrc",
            "PKGBUILD",
            "APKBUILD",
        ),
        interpreters=("bash", "sh", "dash", "ksh", "zsh", "ash", "mksh", "bats"),
        syntax=_words("special_variable_name ` file_descriptor"),
        strings=_words("extglob_pattern heredoc_start heredoc_body heredoc_content heredoc_end regex"),
        optional=_SEMICOLON,
        reserved=_SHELL_BUILTINS,
        units=_units(function="function_definition"),
        line_comments=_HASH,
        block_comments=_NO_BLOCKS,
        long_quotes=('"', "'"),
        prefixes="$",
        name_chars="-./",
        unit_depth=2,
    ),
    LanguageSpec(
        "lua",
        "Lua",
        "lua",
        (".lua", ".rockspec", ".p8", ".wlua"),
        "tree_sitter_lua",
        distribution="tree-sitter-lua",
        interpreters=("lua", "luajit", "lua5.1", "lua5.2", "lua5.3", "lua5.4", "texlua", "luvit"),
        whole=_words("comment string"),
        syntax=_words("vararg_expression break_statement"),
        optional=_SEMICOLON,
        units={
            "function_declaration": "function",
            **_patterns(
                "function",
                "(assignment_statement (variable_list . name: (_) @name)"
                " (expression_list . value: (function_definition))) @unit",
                "(field name: (identifier) @name value: (function_definition)) @unit",
            ),
        },
        line_comments=_DASHES,
        block_comments=(("--[[", "]]"), ("--[=[", "]=]"), ("--[==[", "]==]")),
        raw_quotes=(("[[", "]]"), ("[=[", "]=]"), ("[==[", "]==]")),
        unit_depth=5,
    ),
    LanguageSpec(
        "perl",
        "Perl",
        "perl",
        (".pl", ".pm", ".t", ".plx", ".psgi", ".perl", ".al"),
        "tree_sitter_perl",
        distribution="tree-sitter-perl",
        filenames=("Makefile.PL", "Build.PL", "cpanfile", "ack"),
        interpreters=("perl", "cperl"),
        whole=_words(
            "match_regexp quoted_regexp substitution_regexp transliteration_expression string_literal",
            "interpolated_string_literal quoted_word_list command_string heredoc_content",
        ),
        strings=_words("transliteration_expression quoted_word_list command_string heredoc_token heredoc_content"),
        comments=_words("data_section"),
        syntax=_words("eof_marker"),
        numbers=_words("version"),
        units=_units(
            function="subroutine_declaration_statement",
            method="method_declaration_statement",
            module="package_statement",
            **{"class": "class_statement"},
        ),
        line_comments=_HASH,
        block_comments=(("\n=head", "\n=cut"), ("\n=pod", "\n=cut")),
        long_quotes=('"', "'"),
        regex=True,
    ),
    LanguageSpec(
        "powershell",
        "PowerShell",
        "powershell",
        (".ps1", ".psm1", ".psd1"),
        "tree_sitter_powershell",
        distribution="tree-sitter-powershell",
        interpreters=("pwsh", "powershell"),
        whole=_words("expandable_string_literal expandable_here_string_literal"),
        opaque=_words("switch_clause_condition"),
        optional=_SEMICOLON,
        constants=_words("$true $false $null"),
        fold_case=True,
        units={
            "(function_statement (function_name) @name) @unit": "function",
            "(class_method_definition (simple_name) @name) @unit": "method",
            "(class_statement . (simple_name) @name) @unit": "class",
            "(enum_statement . (simple_name) @name) @unit": "type",
        },
        line_comments=_HASH,
        block_comments=(("<#", "#>"),),
        long_quotes=('"', "'"),
        raw_quotes=(('@"', '"@'), ("@'", "'@")),
        escape="`",
        name_start="$",
        name_chars="-",
        unit_depth=2,
    ),
    LanguageSpec(
        "julia",
        "Julia",
        "julia",
        (".jl",),
        "tree_sitter_julia",
        distribution="tree-sitter-julia",
        interpreters=("julia",),
        whole=_words("string_literal prefixed_string_literal command_literal prefixed_command_literal"),
        strings=_words("command_literal prefixed_command_literal"),
        constants=_words("nothing missing true false"),
        units={
            **_patterns(
                "function",
                "(function_definition (signature) @name) @unit",
                "(assignment . (call_expression) @name) @unit",
                "(assignment . (where_expression (call_expression) @name)) @unit",
                "(assignment . (typed_expression . (call_expression) @name)) @unit",
            ),
            "(macro_definition (signature) @name) @unit": "macro",
            **_patterns(
                "type", "(struct_definition (type_head) @name) @unit", "(abstract_definition (type_head) @name) @unit"
            ),
            "module_definition": "module",
        },
        name_wrappers=_words(
            "signature call_expression where_expression typed_expression type_head binary_expression",
            "parametrized_type_expression macrocall_expression",
        ),
        line_comments=_HASH,
        block_comments=(("#=", "=#"),),
        quotes=('"""', '"'),
        long_quotes=('"',),
        char_quote="'",
        name_chars="!",
    ),
    LanguageSpec(
        "nix",
        "Nix",
        "nix",
        (".nix",),
        "tree_sitter_nix",
        distribution="tree-sitter-nix",
        syntax=_words("ellipses"),
        strings=_words("path_fragment uri_expression hpath_expression spath_expression dollar_escape"),
        constants=_words("true false null"),
        units={"(binding attrpath: (_) @name expression: (function_expression)) @unit": "function"},
        line_comments=_HASH,
        quotes=('"',),
        long_quotes=('"',),
        raw_quotes=(("''", "''"),),
        name_chars="-'",
        unit_depth=4,
    ),
)

# --- functional languages, queries --------------------------------------------------------------------------------

_ELIXIR_DEFS = '(#any-of? @_key "def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate" "defn")'
_ELIXIR_MODULES = '(#any-of? @_key "defmodule" "defprotocol" "defimpl")'
_OCAML_UNITS = {
    "(value_definition (let_binding pattern: [(value_name) (parenthesized_operator)] @name) @unit)": "function",
    "(module_binding (module_name) @name) @unit": "module",
    "(type_binding name: (_) @name) @unit": "type",
    "(class_binding name: (_) @name) @unit": "class",
    "(method_definition name: (_) @name) @unit": "method",
}

_FUNCTIONAL = (
    LanguageSpec(
        "haskell",
        "Haskell",
        "haskell",
        (".hs", ".lhs", ".hsc", ".hs-boot"),
        "tree_sitter_haskell",
        distribution="tree-sitter-haskell",
        interpreters=("runghc", "runhaskell", "stack"),
        syntax=_words("all_names pragma cpp ` '' wildcard"),
        strings=_words("quasiquote_body"),
        optional=_SEMICOLON,
        constants=_words("True False"),
        units={
            **_patterns("function", "(function name: (_) @name) @unit", "(bind name: (_) @name) @unit"),
            **_units(type="data_type newtype type_synonym", **{"class": "class instance"}),
        },
        line_comments=_DASHES,
        block_comments=(("{-", "-}"),),
        quotes=('"""', '"'),
        char_quote="'",
        name_chars="'",
        unit_depth=4,
    ),
    LanguageSpec(
        "ocaml",
        "OCaml",
        "ocaml",
        (".ml", ".mll", ".mly", ".eliom"),
        "tree_sitter_ocaml",
        "language_ocaml",
        "tree-sitter-ocaml",
        interpreters=("ocaml", "ocamlrun", "ocamlscript"),
        strings=_words("conversion_specification"),
        fenced=_words("quoted_string_content"),
        optional=_words(";;"),
        units=_OCAML_UNITS,
        line_comments=(),
        block_comments=(("(*", "*)"),),
        quotes=('"',),
        long_quotes=('"',),
        raw_quotes=(("{|", "|}"),),
        char_quote="'",
        name_chars="'",
        unit_depth=4,
    ),
    LanguageSpec(
        "ocaml-interface",
        "OCaml interface",
        "ocaml",
        (".mli",),
        "tree_sitter_ocaml",
        "language_ocaml_interface",
        "tree-sitter-ocaml",
        strings=_words("conversion_specification"),
        fenced=_words("quoted_string_content"),
        optional=_words(";;"),
        units={
            **_OCAML_UNITS,
            "(value_specification (value_name) @name) @unit": "function",
        },
        line_comments=(),
        block_comments=(("(*", "*)"),),
        quotes=('"',),
        long_quotes=('"',),
        raw_quotes=(("{|", "|}"),),
        char_quote="'",
        name_chars="'",
        unit_depth=5,
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
        strings=_words("~ sigil_name sigil_modifiers"),
        fenced=_words("quoted_content"),
        optional=_SEMICOLON,
        reserved=_words(
            "def defp defmacro defmacrop defmodule defprotocol defimpl defstruct defexception defdelegate defguard",
            "defguardp if unless case cond with for import alias require use quote unquote raise reraise throw try",
            "receive super __MODULE__ __ENV__ __DIR__",
        ),
        units={
            **_patterns(
                "function",
                f"((call target: (identifier) @_key (arguments . (call target: (_) @name))) @unit {_ELIXIR_DEFS})",
                f"((call target: (identifier) @_key (arguments . (identifier) @name)) @unit {_ELIXIR_DEFS})",
                "((call target: (identifier) @_key (arguments . (binary_operator"
                f" left: [(call target: (_) @name) (identifier) @name]))) @unit {_ELIXIR_DEFS})",
            ),
            f"((call target: (identifier) @_key (arguments . (alias) @name)) @unit {_ELIXIR_MODULES})": "module",
        },
        line_comments=_HASH,
        block_comments=_NO_BLOCKS,
        quotes=(*_TRIPLES, '"', "'"),
        name_chars="?!",
        unit_depth=5,
    ),
    LanguageSpec(
        "sql",
        "SQL",
        "sql",
        (".sql", ".psql", ".pgsql", ".ddl", ".dml", ".plsql", ".mysql"),
        "tree_sitter_sql",
        distribution="tree-sitter-sql",
        literals=_words("literal"),
        syntax=_words("op_other op_unary_other dollar_quote double bang"),
        numbers=_words("keyword_true keyword_false keyword_null"),
        comments=_words("marginalia"),
        whole=_words("ERROR"),
        fold_case=True,
        units={
            **_patterns(
                "function",
                "(create_function (object_reference) @name) @unit",
                "(create_procedure (object_reference) @name) @unit",
                "(create_trigger . (keyword_create) (object_reference) @name) @unit",
            ),
            **_patterns(
                "type",
                "(create_table (object_reference) @name) @unit",
                "(create_view (object_reference) @name) @unit",
                "(create_materialized_view (object_reference) @name) @unit",
                "(create_type (object_reference) @name) @unit",
                "(create_index column: (identifier) @name) @unit",
            ),
        },
        line_comments=_DASHES,
        long_quotes=('"', "'"),
        escape="",
        unit_depth=2,
    ),
)

_ROWS = (*_C_FAMILY, *_JS_FAMILY, *_COMPILED, *_SCRIPTING, *_FUNCTIONAL)

LANGUAGES: dict[str, LanguageSpec] = {row.name: row for row in _ROWS}


def spec_of(name: str) -> LanguageSpec:
    """The row of a language, with a grammar or lexical. Raises KeyError for a name that neither table has."""
    from simdetect.languages.lexical import LEXICAL_LANGUAGES  # here: the lexical rows look at this table

    return LANGUAGES.get(name) or LEXICAL_LANGUAGES[name]
