"""Assignments, comparisons and results in other forms.

Types are not known: `x += y` is taken for numbers, except where a language changes objects in place.
"""

from __future__ import annotations

from tree_sitter import Node

from simdetect.planting.disguise.asking import ATOMS, BINDS, operator_of, part_of, without_calls
from simdetect.planting.disguise.syntax import View, is_comment, walk
from simdetect.planting.disguise.writing import As, Gap, Part

__all__ = [
    "compound_spelled_out",
    "mirrored",
    "operands_parenthesised",
    "return_parenthesised",
    "step_as_sum",
    "sum_as_step",
]


_MIRROR = {
    b"<": b">",
    b">": b"<",
    b"<=": b">=",
    b">=": b"<=",
    b"==": b"==",
    b"!=": b"!=",
    b"===": b"===",
    b"!==": b"!==",
}


def mirrored(view: View, node: Node) -> list[Part] | None:
    """a < b -> b > a, where neither side calls anything."""
    one, two = part_of(node, "left"), part_of(node, "right")
    if one is None and node.type == "comparison_operator" and node.named_child_count == 2:
        one, two = node.named_children
    mirror = _MIRROR.get(operator_of(view, node))
    if one is None or two is None or mirror is None or not (without_calls(one) and without_calls(two)):
        return None
    if not {one.type, two.type} <= ATOMS:
        return None
    return [two, b" " + mirror + b" ", one]


def operands_parenthesised(view: View, node: Node) -> list[Part] | None:
    """a == b && c -> (a == b) && (c)."""
    if operator_of(view, node) not in (b"&&", b"||", b"and", b"or"):
        return None
    one, two = part_of(node, "left"), part_of(node, "right")
    if one is None or two is None or any(BINDS.search(inner.type) for inner in walk(node)):
        return None
    operator = operator_of(view, node)
    return [*_wrapped(one), b" " + operator + b" ", *_wrapped(two)]


def _wrapped(node: Node) -> list[Part]:
    return [node] if node.type == "parenthesized_expression" or node.type in ATOMS else [b"(", node, b")"]


def return_parenthesised(view: View, node: Node) -> list[Part] | None:
    """return x; -> return (x);"""
    inner = [child for child in node.named_children if not is_comment(view, child)]
    if len(inner) != 1 or not inner[0].type.endswith(
        ("expression", "identifier", "operator", "literal", "subscript", "call")
    ):
        return None
    if inner[0].type in ("parenthesized_expression", "initializer_list", "generator_expression", "named_expression"):
        return None
    before = Gap(node.start_byte, inner[0].start_byte)
    if b"\n" in view.content[before.start : before.end]:
        return None
    return [before, b"(", inner[0], b")", Gap(inner[0].end_byte, node.end_byte)]


def step_as_sum(view: View, node: Node) -> list[Part] | None:
    """i++ -> i += 1, as a statement or a loop's update."""
    parent = node.parent
    if parent is None or not (parent.type in ("expression_statement", "for_clause") or _is_update(parent, node)):
        return None if node.type == "update_expression" else _step(view, node)
    return _step(view, node)


def _is_update(parent: Node, node: Node) -> bool:
    return parent.type == "for_statement" and node in (
        *parent.children_by_field_name("update"), *parent.children_by_field_name("increment")
    )  # fmt: skip


def _step(_view: View, node: Node) -> list[Part] | None:
    inner = node.named_children
    sign = next((child.type for child in node.children if child.type in ("++", "--")), None)
    if len(inner) != 1 or sign is None:
        return None
    return [inner[0], b" += 1" if sign == "++" else b" -= 1"]


_COMPOUND = frozenset(b"+= -= *= /= %= &= |= ^= <<= >>=".split())


def compound_spelled_out(view: View, node: Node) -> list[Part] | None:
    """x += y -> x = x + y, where x is evaluated without effects."""
    operator = operator_of(view, node)
    one, two = part_of(node, "left"), part_of(node, "right")
    if operator not in _COMPOUND or one is None or two is None or not without_calls(one):
        return None
    row = view.row
    if row is not None and operator in row.in_place and two.type not in ("integer", "float", "string"):
        return None
    value: list[Part] = [two] if two.type in ATOMS or _is_single(two) else [b"(", two, b")"]
    return [one, b" = ", As(one), b" " + operator[:-1] + b" ", *value]


def _is_single(node: Node) -> bool:
    return node.type == "expression_list" and node.named_child_count == 1 and node.named_children[0].type in ATOMS


def sum_as_step(view: View, node: Node) -> list[Part] | None:
    """x += 1 -> x++, as a statement."""
    one, two = part_of(node, "left"), part_of(node, "right")
    if one is None or two is None or view.text(two) != b"1" or node.parent is None:
        return None
    if node.parent.type not in ("expression_statement", "statement_list", "for_clause"):
        return None
    mark = {b"+=": b"++", b"-=": b"--"}.get(operator_of(view, node))
    return None if mark is None else [one, mark]
