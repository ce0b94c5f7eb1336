"""Languages of .NET, and Visual Basic before it."""

from __future__ import annotations

from simdetect.languages.notation import C_CONTROL, DOUBLE, ML_BLOCK, SLASHES, kinds, lexical, lines, words
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_TYPICAL_C_SHARP = lines(
    rb"using [\w.]+;",
    rb"namespace [\w.]+",
    rb"(?:public|private|protected|internal|static|override|async) .*[^.\n]$",
    C_CONTROL,
)

ROWS = (
    LanguageSpec(
        "c-sharp",
        "C#",
        "c-sharp",
        (".cs", ".csx"),
        "tree_sitter_c_sharp",
        distribution="tree-sitter-c-sharp",
        interpreters=("dotnet-script",),
        syntax=words("interpolation_brace discard"),
        strings=words("interpolation_start interpolation_quote interpolation_format_clause"),
        comments=words("preproc_arg"),
        imports=(
            "using_directive",
            "(namespace_declaration name: (_) @import)",
            "(file_scoped_namespace_declaration name: (_) @import)",
        ),
        units={
            **kinds(
                method="method_declaration constructor_declaration destructor_declaration operator_declaration",
                function="local_function_statement",
                type="enum_declaration struct_declaration delegate_declaration",
            ),
            **kinds(**{"class": "class_declaration interface_declaration record_declaration"}),
        },
        lists={
            "(class_declaration body: (declaration_list) @list)": "fields",
            "(struct_declaration body: (declaration_list) @list)": "fields",
            "(record_declaration (parameter_list) @list)": "fields",
            "(enum_member_declaration_list) @list": "members",
            "(variable_declarator (initializer_expression) @list)": "rows",
            "(variable_declarator (implicit_array_creation_expression (initializer_expression) @list))": "rows",
            "(variable_declarator (implicit_object_creation_expression (initializer_expression) @list))": "rows",
            "(variable_declarator (object_creation_expression (initializer_expression) @list))": "rows",
            "(variable_declarator (array_creation_expression (initializer_expression) @list))": "rows",
        },
        entries={
            "field_declaration": "",
            "property_declaration": "name",
            "parameter": "name",
            "enum_member_declaration": "",
        },
        quotes=('"""', '"', "'"),
        raw_quotes=(('@"', '"'),),
        prefixes="$@",
        keywords=words("bool byte char decimal double float int long object sbyte short string uint ulong ushort void"),
        unit_depth=5,
        values=words("null true false"),
        soft=words(
            "add alias args ascending descending equals field file",
            "from global group into let literal managed method name",
            "notnull on param parameter pattern property remove scoped select type typevar unmanaged value",
        ),
        typical=_TYPICAL_C_SHARP,
        kernels=("c#",),
        pygments="csharp",
    ),
    lexical(
        "fsharp",
        "F#",
        "fs fsi fsx",
        line_comments=SLASHES,
        block_comments=ML_BLOCK,
        quotes=('"""', '"'),
        tags=("f#script",),
    ),
    lexical(
        "visual-basic",
        "Visual Basic",
        "vb bas vbs frm",
        line_comments=("'",),
        quotes=DOUBLE,
        fold_case=True,
        tags=("vb",),
    ),
)

SHARED = {
    ".fs": Ambiguity(
        (
            (rb"^[ \t]*#version\b|\bgl_\w+|\bvoid\s+main\s*\(", "glsl"),
            (rb"^[ \t]*(open|module|namespace|let|type|member|\[<)\b|^[ \t]*//", "fsharp"),
            (rb"^[ \t]*:\s+\S+|^\\\s", "forth"),
        ),
        "fsharp",
    ),
    ".frm": Ambiguity(((rb"(?i)^[ \t]*(VERSION \d|Attribute VB_|Begin )", "visual-basic"),), None),
    ".cake": Ambiguity((), "c-sharp"),
}
