"""Languages of numbers and statistics."""

from __future__ import annotations

from simdetect.languages.notation import (
    BOTH,
    C_BLOCK,
    DOUBLE,
    HASH,
    ML_BLOCK,
    NO_BLOCKS,
    SEMICOLON,
    lexical,
    patterns,
    words,
)
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

ROWS = (
    LanguageSpec(
        "julia",
        "Julia",
        "julia",
        (".jl",),
        "tree_sitter_julia",
        distribution="tree-sitter-julia",
        interpreters=("julia",),
        whole=words("string_literal prefixed_string_literal command_literal prefixed_command_literal"),
        strings=words("command_literal prefixed_command_literal"),
        constants=words("nothing missing true false"),
        imports=(
            "using_statement",
            "import_statement",
        ),
        units={
            **patterns(
                "function",
                "(function_definition (signature) @name) @unit",
                "(assignment . (call_expression) @name) @unit",
                "(assignment . (where_expression (call_expression) @name)) @unit",
                "(assignment . (typed_expression . (call_expression) @name)) @unit",
            ),
            "(macro_definition (signature) @name) @unit": "macro",
            **patterns(
                "type", "(struct_definition (type_head) @name) @unit", "(abstract_definition (type_head) @name) @unit"
            ),
            "module_definition": "module",
        },
        name_wrappers=words(
            "signature call_expression where_expression typed_expression type_head binary_expression",
            "parametrized_type_expression macrocall_expression",
        ),
        line_comments=HASH,
        block_comments=(("#=", "=#"),),
        quotes=('"""', '"'),
        long_quotes=('"',),
        char_quote="'",
        name_chars="!",
        keywords=words("in isa break continue"),
    ),
    LanguageSpec(
        "fortran",
        "Fortran",
        "fortran",
        (".f90", ".f95", ".f03", ".f08", ".f", ".for", ".f77", ".ftn", ".fpp"),
        "tree_sitter_fortran",
        distribution="tree-sitter-fortran",
        whole=words("string_literal number_literal identifier"),
        syntax=words("none default operator_name assumed_size"),
        strings=words("filename"),
        layout=words("&"),
        optional=SEMICOLON,
        opaque=words("preproc_arg"),
        fold_case=True,
        imports=(
            "use_statement",
            "include_statement",
        ),
        units={
            **patterns(
                "function",
                "(subroutine (subroutine_statement name: (_) @name)) @unit",
                "(function (function_statement name: (_) @name)) @unit",
                "(module_procedure (module_procedure_statement name: (_) @name)) @unit",
            ),
            **patterns(
                "module",
                "(module (module_statement (name) @name)) @unit",
                "(submodule (submodule_statement (name) @name)) @unit",
                "(program (program_statement (name) @name)) @unit",
            ),
            "(derived_type_definition (derived_type_statement (type_name) @name)) @unit": "type",
        },
        line_comments=("!",),
        column_comments="Cc*",
        block_comments=NO_BLOCKS,
        escape="",
        soft=words("all data error file fmt kind len name size target unit value"),
        operators=words("** :: => == /= <= >= // .and. .or. .not. .eq. .ne. .lt. .le. .gt. .ge."),
    ),
    lexical("matlab", "MATLAB", "m", line_comments=("%", "#"), quotes=BOTH, interpreters=("octave",)),
    lexical("mathematica", "Mathematica", "m wl wls", block_comments=ML_BLOCK, quotes=DOUBLE),
    lexical("r", "R", "r", line_comments=HASH, interpreters=("Rscript",), filenames=(".Rprofile",)),
    lexical("stan", "Stan", "stan", line_comments=("//", "#"), block_comments=C_BLOCK, quotes=DOUBLE),
)

SHARED = {
    ".r": Ambiguity(((rb"(?i)\bREBOL\s*\[", "rebol"),), "r"),
}
