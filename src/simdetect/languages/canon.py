"""How languages write what can be written in several ways: one row each, tree-sitter patterns by rule.

`canonical` says what each rule makes of what its pattern captures; docs/disguise.md lists the rules. To add a language,
copy the row of its nearest relative: a pattern that its grammar does not know fails when the row is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["BINDING", "CANON", "OPERANDS", "CanonSpec", "Rule"]

Rule = tuple[str, str]  # the rule's name, a pattern
OPERANDS = "operands"  # the name of the rule that `_operands` makes


@dataclass(frozen=True, slots=True)
class CanonSpec:
    """The rules of one language; of those that match a node the first wins.

    opening, closing: what stands around the body of a branch or a loop, "" for nothing. parentheses: kinds of nodes
    that wrap an expression. literals: kinds of constants, which stand right of an equality. binary, unary: kinds of
    operators of two operands and of one. dropped: texts of tokens that have no place in the form wherever they stand.
    """

    rules: tuple[Rule, ...]
    opening: str = "{"
    closing: str = "}"
    parentheses: frozenset[str] = frozenset({"parenthesized_expression"})
    literals: frozenset[str] = frozenset()
    binary: str = "binary_expression"
    unary: str = "unary_expression"
    dropped: frozenset[str] = frozenset({";"})


# How tightly operators bind, as in most languages. Bit operators bind differently and are left out, so that parentheses
# around or inside them stay.
_LEVELS = (("||",), ("&&",), ("==", "!=", "===", "!==", "<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
BINDING: Mapping[str, int] = {word: level for level, words in enumerate(_LEVELS) for word in words}


def _drop(name: str, *patterns: str) -> tuple[Rule, ...]:
    return tuple((name, pattern) for pattern in patterns)


def _operands(kind: str) -> Rule:
    """`a > b` is `b < a`, a constant stands right of an equality, operands that bind tighter need no parentheses.

    One pattern for all of it: while a matcher waits for what stands on the right of an operator it goes through all
    that stands on the left, so that a sum of n terms costs n * n for each pattern of this form.
    """
    return OPERANDS, f"({kind} left: (_) @left operator: _ @operator right: (_) @right)"


def _parentheses(atoms: str, *places: str) -> tuple[Rule, ...]:
    """Around what needs none: a whole value, other parentheses, an atom.

    atoms: kinds of nodes. places: patterns of nodes with `%` where the parentheses stand.
    """
    own = '(parenthesized_expression . "(" @drop (_) ")" @drop .)'
    inner = f'(parenthesized_expression . "(" @drop [{" ".join(f"({atom})" for atom in atoms.split())}] ")" @drop .)'
    return _drop(
        "parentheses", *(place.replace("%", own) for place in places), f"(parenthesized_expression {own})", inner
    )


_C_ATOMS = "identifier number_literal string_literal char_literal call_expression subscript_expression field_expression"
_C_LITERALS = "number_literal char_literal null true false"
_JAVA_LITERALS = "decimal_integer_literal character_literal null_literal true false"
_JS_LITERALS = "number string null true false undefined"
_GO_LITERALS = "int_literal nil true false interpreted_string_literal rune_literal"
_RUST_LITERALS = "integer_literal char_literal boolean_literal string_literal"
_PYTHON_LITERALS = "integer string none true false"
_C_ASSIGN = (
    ("compound-assignment", '(assignment_expression left: (_) @left operator: "=" @operator right: (binary_expression '
     'left: (_) @again operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>"] @sign right: (_) @right)) @it'),
)  # fmt: skip


def _choice(kind: str) -> Rule:
    """return c ? a : b"""
    fields = "condition: (_) @condition consequence: (_) @then alternative: (_) @else"
    return "choice", f"(return_statement ({kind} {fields})) @it"


def _steps(kind: str, *places: str) -> tuple[Rule, ...]:
    """`i++` and `++i` are `i += 1` where the value is not used. places: patterns with `%` where the step stands."""
    step = f'({kind} ["++" "--"] @operator) @it'
    return tuple(("step", place.replace("%", step)) for place in places)


_C = CanonSpec(
    (
        ("for-loop", "(for_statement initializer: (_)? @init condition: (_)? @condition update: (_)? @update "
         "body: (_) @body) @it"),
        ("while-loop", "(while_statement condition: (_) @condition body: (_) @body) @it"),
        ("branches", "(if_statement condition: (_) @condition consequence: (_) @then "
         "alternative: (else_clause (_) @else)) @it"),
        ("branches", "(if_statement condition: (_) @condition consequence: (_) @then !alternative) @it"),
        _choice("conditional_expression"),
        _operands("binary_expression"),
        *_steps("update_expression", "(expression_statement %)", "(for_statement update: %)",
                "(for_statement update: (comma_expression %))"),
        *_C_ASSIGN,
        *_parentheses(_C_ATOMS, "(return_statement %)",
                      "(assignment_expression right: %)", "(init_declarator value: %)", "(argument_list %)",
                      "(switch_statement condition: %)", "(do_statement condition: %)",
                      "(subscript_expression index: %)", "(conditional_expression condition: %)"),
        *_drop("blocks", '(compound_statement (compound_statement . "{" @drop "}" @drop .))'),
        *_drop("casts", '(cast_expression "(" @drop type: (_) @drop ")" @drop)'),
        *_drop("types",
               "(compound_statement (declaration type: (_) @drop))",
               "(for_statement initializer: (declaration type: (_) @drop))",
               "(parameter_declaration type: (_) @drop)",
               "(type_qualifier) @drop",
               "(storage_class_specifier) @drop",
               '(declaration (init_declarator declarator: (pointer_declarator "*" @drop)))',
               '(parameter_declaration declarator: (pointer_declarator "*" @drop))'),
        *_drop("declarations",
               "(compound_statement (declaration declarator: [(identifier) (pointer_declarator)] @drop))",
               '(compound_statement (declaration "," @drop))'),
        ("order", "(preproc_include) @sort"),
        ("order", "(compound_statement (declaration declarator: (init_declarator) ) @sort)"),
        ("order", "(translation_unit (declaration declarator: (function_declarator)) @sort)"),
    ),
    literals=frozenset(_C_LITERALS.split()),
)  # fmt: skip

_CPP = CanonSpec(
    (
        *(rule for rule in _C.rules if rule[0] not in ("order", "parentheses")),
        *_parentheses(_C_ATOMS, "(return_statement %)",
                      "(assignment_expression right: %)", "(init_declarator value: %)", "(argument_list %)",
                      "(do_statement condition: %)", "(subscript_argument_list %)",
                      "(conditional_expression condition: %)"),
        ("order", "(preproc_include) @sort"),
        ("order", "(using_declaration) @sort"),
        ("order", "(compound_statement (declaration declarator: (init_declarator)) @sort)"),
        *_drop("types", "(for_range_loop type: (_) @drop)"),
        *_drop("casts", '(call_expression function: (template_function name: (identifier) @name) @drop '
               'arguments: (argument_list . "(" @drop . (_) . ")" @drop .) '
               '(#match? @name "^(static|reinterpret|const|dynamic)_cast$"))'),
    ),
    parentheses=frozenset({"parenthesized_expression", "condition_clause"}),
    literals=frozenset(_C_LITERALS.split()),
)  # fmt: skip

_JAVA = CanonSpec(
    (
        ("for-loop", "(for_statement init: (_)? @init condition: (_)? @condition update: (_)? @update "
         "body: (_) @body) @it"),
        ("while-loop", "(while_statement condition: (_) @condition body: (_) @body) @it"),
        ("branches", "(if_statement condition: (_) @condition consequence: (_) @then alternative: (_)? @else) @it"),
        _choice("ternary_expression"),
        _operands("binary_expression"),
        *_steps("update_expression", "(expression_statement %)", "(for_statement update: %)"),
        *_C_ASSIGN,
        *_parentheses(
                      "identifier decimal_integer_literal string_literal method_invocation field_access array_access",
                      "(return_statement %)", "(assignment_expression right: %)", "(variable_declarator value: %)",
                      "(argument_list %)", "(switch_expression condition: %)", "(do_statement condition: %)",
                      "(ternary_expression condition: %)", "(array_access index: %)"),
        *_drop("blocks", '(block (block . "{" @drop "}" @drop .))'),
        *_drop("casts", '(cast_expression "(" @drop type: (_) @drop ")" @drop)'),
        *_drop("types",
               "(local_variable_declaration type: (_) @drop)",
               "(local_variable_declaration (modifiers) @drop)",
               "(formal_parameter type: (_) @drop)",
               "(formal_parameter (modifiers) @drop)",
               "(enhanced_for_statement type: (_) @drop)"),
        *_drop("declarations",
               "(block (local_variable_declaration declarator: (variable_declarator !value) @drop))",
               '(block (local_variable_declaration "," @drop))'),
        ("order", "(import_declaration) @sort"),
        ("order", "(block (local_variable_declaration declarator: (variable_declarator value: (_))) @sort)"),
    ),
    literals=frozenset(_JAVA_LITERALS.split()),
)  # fmt: skip

_JS_RULES: tuple[Rule, ...] = (
    ("for-loop", "(for_statement initializer: (_)? @init condition: (_)? @condition increment: (_)? @update "
     "body: (_) @body) @it"),
    ("while-loop", "(while_statement condition: (_) @condition body: (_) @body) @it"),
    ("branches", "(if_statement condition: (_) @condition consequence: (_) @then "
     "alternative: (else_clause (_) @else)) @it"),
    ("branches", "(if_statement condition: (_) @condition consequence: (_) @then !alternative) @it"),
    _choice("ternary_expression"),
    _operands("binary_expression"),
    *_steps("update_expression", "(expression_statement %)", "(for_statement increment: %)"),
    ("compound-assignment", '(assignment_expression left: (_) @left "=" @operator right: (binary_expression '
     'left: (_) @again operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>" ">>>"] @sign right: (_) @right)) @it'),
    *_parentheses(
                  "identifier number string call_expression member_expression subscript_expression",
                  "(return_statement %)", "(assignment_expression right: %)", "(variable_declarator value: %)",
                  "(arguments %)", "(switch_statement value: %)", "(do_statement condition: %)",
                  "(ternary_expression condition: %)", "(subscript_expression index: %)"),
    *_drop("blocks", '(statement_block (statement_block . "{" @drop "}" @drop .))'),
    *_drop("declarations",
           "(statement_block (lexical_declaration (variable_declarator !value) @drop))",
           "(statement_block (variable_declaration (variable_declarator !value) @drop))",
           '(statement_block (lexical_declaration "," @drop))',
           '(statement_block (variable_declaration "," @drop))',
           '(lexical_declaration ["let" "const"] @drop)',
           '(variable_declaration "var" @drop)'),
    ("order", "(import_statement) @sort"),
    ("order", "(statement_block (lexical_declaration (variable_declarator value: (_))) @sort)"),
)  # fmt: skip
_JAVASCRIPT = CanonSpec(_JS_RULES, literals=frozenset(_JS_LITERALS.split()))
_TYPESCRIPT = CanonSpec(
    (
        *_JS_RULES,
        *_drop("types", "(type_annotation) @drop", "(type_arguments) @drop", "(type_parameters) @drop",
               "(accessibility_modifier) @drop"),
        *_drop("casts", '(as_expression "as" @drop (_) @drop .)', '(non_null_expression "!" @drop)',
               '(satisfies_expression "satisfies" @drop (_) @drop .)'),
    ),
    literals=frozenset(_JS_LITERALS.split()),
)  # fmt: skip

_GO = CanonSpec(
    (
        ("for-loop", "(for_statement (for_clause initializer: (_)? @init condition: (_)? @condition "
         "update: (_)? @update) body: (_) @body) @it"),
        ("while-loop", "(for_statement . \"for\" . (_expression) @condition . body: (_) @body) @it"),
        ("endless-loop", "(for_statement . \"for\" . body: (_) @body) @it"),
        ("branches", "(if_statement initializer: (_)? @init condition: (_) @condition consequence: (_) @then "
         "alternative: (_)? @else) @it"),
        _operands("binary_expression"),
        ("step", '(inc_statement "++" @operator) @it'),
        ("step", '(dec_statement "--" @operator) @it'),
        ("compound-assignment", '(assignment_statement left: (_) @left operator: "=" @operator right: (expression_list '
         '. (binary_expression left: (_) @again operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>"] @sign '
         'right: (_) @right) .)) @it'),
        *_parentheses(
                      "identifier int_literal interpreted_string_literal call_expression selector_expression "
                      "index_expression",
                      "(return_statement (expression_list %))", "(assignment_statement right: (expression_list %))",
                      "(short_var_declaration right: (expression_list %))", "(argument_list %)",
                      "(index_expression index: %)", "(expression_switch_statement value: %)"),
        *_drop("blocks", '(statement_list (block . "{" @drop "}" @drop .))'),
        *_drop("types", "(var_spec type: (_) @drop)", "(const_spec type: (_) @drop)"),
        *_drop("declarations",
               '(var_spec_list ["(" ")"] @drop)', '(const_declaration ["(" ")"] @drop)'),
        ("short-declaration", '(statement_list (var_declaration "var" @drop (var_spec name: (_) "=" @it value: (_))))'),
        ("order", "(import_spec) @sort"),
    ),
    literals=frozenset(_GO_LITERALS.split()),
)  # fmt: skip

_RUST = CanonSpec(
    (
        ("while-loop", "(while_expression condition: (_) @condition body: (_) @body) @it"),
        ("endless-loop", "(loop_expression body: (_) @body) @it"),
        ("branches", "(if_expression condition: (_) @condition consequence: (_) @then "
         "alternative: (else_clause (_) @else)) @it"),
        ("branches", "(if_expression condition: (_) @condition consequence: (_) @then !alternative) @it"),
        _operands("binary_expression"),
        ("compound-assignment", '(assignment_expression left: (_) @left "=" @operator right: (binary_expression '
         'left: (_) @again operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>"] @sign right: (_) @right)) @it'),
        *_parentheses(
                      "identifier integer_literal string_literal call_expression field_expression index_expression",
                      "(return_expression %)", "(assignment_expression right: %)", "(let_declaration value: %)",
                      "(arguments %)", "(match_expression value: %)", "(index_expression (_) %)"),
        *_drop("blocks", '(block (expression_statement (block . "{" @drop "}" @drop .)))',
               '(block (block . "{" @drop "}" @drop .))'),
        *_drop("types", '(let_declaration ":" @drop type: (_) @drop)', "(let_declaration (mutable_specifier) @drop)",
               "(closure_parameters (parameter \":\" @drop type: (_) @drop))",
               '(generic_function "::" @drop type_arguments: (_) @drop)'),
        *_drop("casts", '(type_cast_expression "as" @drop type: (_) @drop)'),
        *_drop("declarations", "(block (let_declaration !value) @drop)", '(let_declaration "let" @drop)'),
        ("order", "(use_declaration) @sort"),
        ("order", "(block (let_declaration value: (_)) @sort)"),
    ),
    literals=frozenset(_RUST_LITERALS.split()),
)  # fmt: skip

_PYTHON = CanonSpec(
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
        ("compound-assignment", '(assignment left: (_) @left !type "=" @operator right: (binary_operator '
         'left: (_) @again operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>"] @sign right: (_) @right)) @it'),
        _operands("binary_operator"),
        *_parentheses(
                      "identifier integer string call attribute subscript",
                      "(return_statement %)", "(assignment right: %)", "(argument_list %)",
                      "(if_statement condition: %)", "(elif_clause condition: %)",
                      "(subscript subscript: %)", "(for_statement right: %)"),
        *_drop("parentheses", '(boolean_operator (parenthesized_expression . "(" @drop '
               '[(comparison_operator) (not_operator) (binary_operator)] ")" @drop .))'),
        *_drop("types", '(typed_parameter ":" @drop type: (_) @drop)',
               '(typed_default_parameter ":" @drop type: (_) @drop)',
               '(function_definition "->" @drop return_type: (_) @drop)', '(assignment ":" @drop type: (_) @drop)'),
        *_drop("casts", '(call function: (identifier) @name @drop arguments: (argument_list . "(" @drop . (_) @drop '
               '. "," @drop . (_) . ")" @drop .) (#eq? @name "cast"))'),
        *_drop("declarations", "(expression_statement (assignment !right) @drop)"),
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

CANON: Mapping[str, CanonSpec] = {
    "c": _C,
    "cpp": _CPP,
    "java": _JAVA,
    "javascript": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "tsx": _TYPESCRIPT,
    "go": _GO,
    "rust": _RUST,
    "python": _PYTHON,
}
