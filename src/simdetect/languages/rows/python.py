"""Python and its dialects."""

from __future__ import annotations

from simdetect.languages.notation import HASH, NO_BLOCKS, SEMICOLON, TRIPLES, kinds, lexical, lines, words
from simdetect.languages.rewrites import RewriteRules, compound, drop, operands, parentheses
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_PYTHON_LITERALS = "integer string none true false"
_PYTHON_REWRITES = RewriteRules(
    (
        ("while-loop", "(while_statement condition: (_) @condition body: (_) @body !alternative) @it"),
        ("branches", "(if_statement condition: (_) @condition consequence: (_) @then "
         ". alternative: (else_clause body: (_) @else) .) @it"),
        ("choice", '(return_statement (conditional_expression . (_) @then . "if" . (_) @condition '
         '. "else" . (_) @else .)) @it'),
        ("ladder", '(elif_clause "elif" @it)'),
        ("comparison", '(comparison_operator . (_) @left . [">" ">="] @operator . (_) @right .) @it'),
        ("comparison", '(comparison_operator . [(integer) (string) (none) (true) (false)] @left '
         '. ["==" "!="] @operator . (_) @right .) @it'),
        compound("assignment", '!type "="', binary="binary_operator"),
        operands("binary_operator"),
        *parentheses(
                     "identifier integer string call attribute subscript",
                     "(return_statement %)", "(assignment right: %)", "(argument_list %)",
                     "(if_statement condition: %)", "(elif_clause condition: %)",
                     "(subscript subscript: %)", "(for_statement right: %)"),
        *drop("parentheses", '(boolean_operator (parenthesized_expression . "(" @drop '
              '[(comparison_operator) (not_operator) (binary_operator)] ")" @drop .))'),
        *drop("types", '(typed_parameter ":" @drop type: (_) @drop)',
              '(typed_default_parameter ":" @drop type: (_) @drop)',
              '(function_definition "->" @drop return_type: (_) @drop)', '(assignment ":" @drop type: (_) @drop)'),
        *drop("casts", '(call function: (identifier) @name @drop arguments: (argument_list . "(" @drop . (_) @drop '
              '. "," @drop . (_) . ")" @drop .) (#eq? @name "cast"))'),
        *drop("declarations", "(expression_statement (assignment !right) @drop)"),
        ("order", "(import_statement) @sort"),
        ("order", "(import_from_statement) @sort"),
        ("order", "(block (expression_statement (assignment right: [(integer) (float) (string) (none) (true) (false) "
         "(list) (dictionary)])) @sort)"),
    ),
    opening="",
    closing="",
    literals=frozenset(_PYTHON_LITERALS.split()),
    binary="binary_operator",
    unary="unary_operator",
)  # fmt: skip

_TYPICAL_PYTHON = lines(
    rb"(?:async )?def \w+\(.*",
    rb"class \w+.*:[ \t\r]*$",
    rb"(?:from [\w.]+ )?import [\w., *()]+(?: as \w+)?[ \t\r]*$",
    rb"(?:if|elif|for|while|with|except|try|else|finally)\b.*:[ \t\r]*$",
    rb"self\.\w+.*[=(]",
    rb"return\b(?! (?:the|a|an) )[^;{}\n]*$",
    rb"raise \w+",
    rb"[\w.]+ = (?:await )?[\w.]+\(.*",
)

ROWS = (
    LanguageSpec(
        "python",
        "Python",
        "python",
        (".py", ".pyi", ".pyw"),
        "tree_sitter_python",
        distribution="tree-sitter-python",
        filenames=("SConstruct", "SConscript", "wscript", "Snakefile"),
        interpreters=("python", "python2", "python3", "pypy", "pypy3"),
        syntax=words("type_conversion keyword_separator positional_separator"),
        strings=words("\\"),
        layout=words("line_continuation"),
        optional=SEMICOLON,
        same_quotes=True,
        imports=(
            "import_statement",
            "(import_from_statement module_name: (dotted_name)) @import",  # `from .lexer` is the program's own
            "future_import_statement",
        ),
        import_words=("import",),
        name_form="NFKC",
        units=kinds(function="function_definition", **{"class": "class_definition"}),
        lists={
            "(class_definition body: (block) @list)": "fields",
            "(assignment right: [(dictionary) (list) (set) (tuple)] @list)": "rows",
        },
        entries={"expression_statement": ""},
        line_comments=HASH,
        block_comments=NO_BLOCKS,
        quotes=(*TRIPLES, '"', "'"),
        prefixes="rRbBfFuUtT",
        values=words("True False None"),
        soft=words("print exec match case type _"),
        operators=words("..."),
        unit_depth=4,
        rewrites=_PYTHON_REWRITES,
        typical=_TYPICAL_PYTHON,
    ),
    lexical(
        "starlark",
        "Starlark",
        "bzl bazel star",
        line_comments=HASH,
        quotes=('"""', "'''", '"', "'"),
        filenames=("BUILD", "WORKSPACE", "Tiltfile", "copy.bara.sky"),
        family="python",
        tags=("bazel",),
    ),
    lexical("cython", "Cython", "pyx pxd pxi", line_comments=HASH, quotes=('"""', "'''", '"', "'"), family="python"),
    lexical("sage", "Sage", "sage", line_comments=HASH, quotes=('"""', "'''", '"', "'"), family="python"),
    lexical("robot", "Robot Framework", "robot", line_comments=HASH, quotes=()),
)

SHARED = {
    ".star": Ambiguity(((rb"^[ \t]*(def|load)\b|^\w+\(", "starlark"),), None),
}
