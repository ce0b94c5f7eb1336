"""How languages write what can be written in several ways: tree-sitter patterns by rule.

`tokens.canonical` says what each rule makes of what its pattern captures; docs/disguise.md lists the rules. To give a
language rules, copy those of its nearest relative: a pattern that its grammar does not know fails when the grammar is
loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = [
    "BINDING",
    "COMPUTED",
    "EQUALITIES",
    "IMPORTS",
    "MIRRORED",
    "NEGATIONS",
    "OPERANDS",
    "OPPOSITE",
    "POSITIVE",
    "STEPS",
    "TRUE",
    "RewriteRules",
    "Rule",
    "branches",
    "choice",
    "compound",
    "drop",
    "operands",
    "parentheses",
    "steps",
]

Rule = tuple[str, str]  # the rule's name, a pattern
OPERANDS: Final = "operands"  # the name of the rule that `operands` makes

# How tightly operators bind, as in most languages. Bit operators bind differently and are left out, so that parentheses
# around or inside them stay.
_LEVELS = (("||",), ("&&",), ("==", "!=", "===", "!==", "<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
BINDING: Final[Mapping[str, int]] = {word: level for level, words in enumerate(_LEVELS) for word in words}

# What operators of any of these languages say of each other. POSITIVE: of a comparison, which of `==` and `<` it is, if
# its operands change places, and if that is its opposite.
MIRRORED: Final = {">": "<", ">=": "<=", "==": "==", "!=": "!=", "===": "===", "!==": "!=="}
EQUALITIES: Final = frozenset({"==", "!=", "===", "!=="})
OPPOSITE: Final = {"==": "!=", "===": "!==", "is": "is not", "in": "not in"}
POSITIVE: Final[Mapping[str, tuple[str, bool, bool]]] = {
    **{sign: (sign, False, False) for sign in OPPOSITE},
    **{opposite: (sign, False, True) for sign, opposite in OPPOSITE.items()},
    **{"<": ("<", False, False), ">=": ("<", False, True), ">": ("<", True, False), "<=": ("<", True, True)},
}
NEGATIONS: Final = frozenset({"!", "not"})
TRUE: Final = frozenset({b"true", b"True", b"1"})
STEPS: Final = {"++": "+=", "--": "-="}
_SIGNS: Final = '"+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>"'

# Parts of the kinds of nodes that import something, and of values that are computed.
IMPORTS: Final = ("import", "include", "use_", "using")
COMPUTED: Final = ("identifier", "call", "invocation", "expression", "macro")


@dataclass(frozen=True, slots=True)
class RewriteRules:
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


def drop(name: str, *patterns: str) -> tuple[Rule, ...]:
    """A rule that drops what its patterns capture."""
    return tuple((name, pattern) for pattern in patterns)


def operands(kind: str) -> Rule:
    """`a > b` is `b < a`, a constant stands right of an equality, operands that bind tighter need no parentheses.

    One pattern for all of it: while a matcher waits for what stands on the right of an operator it goes through all
    that stands on the left, so that a sum of n terms costs n * n for each pattern of this form.
    """
    return OPERANDS, f"({kind} left: (_) @left operator: _ @operator right: (_) @right)"


def parentheses(atoms: str, *places: str) -> tuple[Rule, ...]:
    """Around what needs none: a whole value, other parentheses, an atom.

    atoms: kinds of nodes. places: patterns of nodes with `%` where the parentheses stand.
    """
    whole = '(parenthesized_expression . "(" @drop (_) ")" @drop .)'
    inner = f'(parenthesized_expression . "(" @drop [{" ".join(f"({atom})" for atom in atoms.split())}] ")" @drop .)'
    return drop(
        "parentheses", *(place.replace("%", whole) for place in places), f"(parenthesized_expression {whole})", inner
    )


def branches(kind: str) -> tuple[Rule, ...]:
    """if (c) A else B, and without the else. kind: of the statement, whose else is a clause."""
    fields = "condition: (_) @condition consequence: (_) @then"
    return (
        ("branches", f"({kind} {fields} alternative: (else_clause (_) @else)) @it"),
        ("branches", f"({kind} {fields} !alternative) @it"),
    )


def choice(kind: str) -> Rule:
    """return c ? a : b"""
    fields = "condition: (_) @condition consequence: (_) @then alternative: (_) @else"
    return "choice", f"(return_statement ({kind} {fields})) @it"


def steps(kind: str, *places: str) -> tuple[Rule, ...]:
    """`i++` and `++i` are `i += 1` where the value is not used. places: patterns with `%` where the step stands."""
    step = f'({kind} ["++" "--"] @operator) @it'
    return tuple(("step", place.replace("%", step)) for place in places)


def compound(
    statement: str = "assignment_expression",
    sign: str = '"="',
    value: str = "%",
    *,
    binary: str = "binary_expression",
    signs: str = _SIGNS,
) -> Rule:
    """`x = x + y` is `x += y`.

    statement, binary: kinds of nodes. sign: how the pattern comes to the "=". value: a pattern of what stands on its
    right with `%` where the operation stands. signs: of the operations that can be written so.
    """
    operation = f"({binary} left: (_) @again operator: [{signs}] @sign right: (_) @right)"
    right = value.replace("%", operation)
    return "compound-assignment", f"({statement} left: (_) @left {sign} @operator right: {right}) @it"
