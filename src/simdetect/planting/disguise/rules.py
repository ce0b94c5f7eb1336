"""Which rules apply to which nodes of which language.

They keep what a program does as far as syntax shows it; types are not known (`x != y` for floats).
"""

from __future__ import annotations

from collections.abc import Mapping

from simdetect.planting.disguise.expressions import (
    compound_spelled_out,
    mirrored,
    operands_parenthesised,
    return_parenthesised,
    step_as_sum,
    sum_as_step,
)
from simdetect.planting.disguise.python_rules import (
    python_assigned_choice,
    python_branches_swapped,
    python_for,
    python_ladder,
    python_return_choice,
    python_while,
)
from simdetect.planting.disguise.statements import (
    assigned_choice,
    braces_added,
    braces_removed,
    branches_swapped,
    for_as_while,
    go_loop_as_clause,
    go_loop_as_endless,
    ladder_as_nested,
    ladder_swapped,
    return_choice,
    rust_for,
    rust_while,
    while_as_endless,
    while_as_for,
)
from simdetect.planting.disguise.writing import Rules

__all__ = ["EXPRESSIONS", "STATEMENTS"]

_IF = (branches_swapped, ladder_as_nested, ladder_swapped)
_BRACES = (braces_added, braces_removed)
_C_STATEMENTS: Rules = {
    "for_statement": (for_as_while, for_as_while, *_BRACES),
    "while_statement": (while_as_for, while_as_endless, *_BRACES),
    "if_statement": (*_IF, *_BRACES),
    "return_statement": (return_choice,),
    "expression_statement": (assigned_choice,),
}
_PLAIN_RETURN = {"return_statement": (return_parenthesised,)}
_GO_STATEMENTS: Rules = {"for_statement": (for_as_while, go_loop_as_clause, go_loop_as_endless), "if_statement": _IF}
_RUST_STATEMENTS: Rules = {
    "for_expression": (rust_for,),
    "while_expression": (rust_while,),
    "if_expression": _IF,
}
_PYTHON_STATEMENTS: Rules = {
    "for_statement": (python_for,),
    "while_statement": (python_while,),
    "if_statement": (python_branches_swapped, python_ladder),
    "return_statement": (python_return_choice,),
    "expression_statement": (python_assigned_choice,),
}
_BINARY = (mirrored, operands_parenthesised)
_C_EXPRESSIONS: Rules = {
    "update_expression": (step_as_sum,),
    "assignment_expression": (compound_spelled_out, sum_as_step),
    "augmented_assignment_expression": (compound_spelled_out, sum_as_step),
    "binary_expression": _BINARY,
    **_PLAIN_RETURN,
}
_GO_EXPRESSIONS: Rules = {
    "inc_statement": (step_as_sum,),
    "dec_statement": (step_as_sum,),
    "assignment_statement": (compound_spelled_out, sum_as_step),
    "binary_expression": _BINARY,
}
_RUST_EXPRESSIONS: Rules = {"compound_assignment_expr": (compound_spelled_out,), "binary_expression": _BINARY}
_PYTHON_EXPRESSIONS: Rules = {
    "augmented_assignment": (compound_spelled_out,),
    "comparison_operator": (mirrored,),
    "boolean_operator": (operands_parenthesised,),
    **_PLAIN_RETURN,
}
_BRACED = ("c", "cpp", "java", "javascript", "typescript", "tsx")

STATEMENTS: Mapping[str, Rules] = {
    **dict.fromkeys(_BRACED, _C_STATEMENTS),
    "go": _GO_STATEMENTS,
    "rust": _RUST_STATEMENTS,
    "python": _PYTHON_STATEMENTS,
}
EXPRESSIONS: Mapping[str, Rules] = {
    **dict.fromkeys(_BRACED, _C_EXPRESSIONS),
    "go": _GO_EXPRESSIONS,
    "rust": _RUST_EXPRESSIONS,
    "python": _PYTHON_EXPRESSIONS,
}
