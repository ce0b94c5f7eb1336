"""Loops and branches in other forms, in languages with braces."""

from __future__ import annotations

from tree_sitter import Node

from simdetect.planting.disguise.asking import (
    alternative_of,
    before,
    braced,
    condition_of,
    has_continue,
    if_parts,
    is_block,
    is_labelled,
    is_statement_place,
    negated,
    operator_of,
    part_of,
    unwrapped,
    while_parts,
    without_calls,
)
from simdetect.planting.disguise.syntax import View
from simdetect.planting.disguise.writing import As, Gap, Inner, Part

__all__ = [
    "assigned_choice",
    "braces_added",
    "braces_removed",
    "branches_swapped",
    "for_as_while",
    "go_loop_as_clause",
    "go_loop_as_endless",
    "ladder_as_nested",
    "ladder_swapped",
    "return_choice",
    "rust_for",
    "rust_while",
    "while_as_endless",
    "while_as_for",
]


def for_as_while(view: View, node: Node) -> list[Part] | None:
    """for (a; b; c) S -> { a; while (b) { S c; } }, where S has no `continue`."""
    row = view.row
    clause = next((child for child in node.children if child.type == "for_clause"), node)
    body = part_of(node, "body")
    if row is None or body is None or is_labelled(node) or has_continue(body):
        return None
    first = clause.children_by_field_name(row.init)
    updates = clause.children_by_field_name(row.update)
    condition = condition_of(clause)
    if condition is None or len(first) > 1 or not updates:
        return None
    begin: list[Part] = []
    if first and first[0].type not in ("empty_statement", ";"):
        begin = [first[0], b"" if view.text(first[0]).endswith(b";") else b";", b"\n"]
    inner: list[Part] = [Inner(body)] if is_block(body) else [body]
    after = [part for update in updates for part in (update, b";\n")]
    return [b"{\n", *begin, *while_parts(view, [condition]), b"{\n", *inner, b"\n", *after, b"}\n}"]


def while_as_for(_view: View, node: Node) -> list[Part] | None:
    """while (c) S -> for (; c; ) S."""
    condition, body = condition_of(node), part_of(node, "body")
    return None if condition is None or body is None else [b"for (; ", condition, b"; ) ", body]


def while_as_endless(view: View, node: Node) -> list[Part] | None:
    """while (c) { S } -> for (;;) { if (!(c)) break; S }."""
    condition, body = condition_of(node), part_of(node, "body")
    if condition is None or body is None or not is_block(body):
        return None
    return [b"for (;;) {\n", *if_parts(view, negated(view, condition)), b"break;\n", Inner(body), b"}"]


def _go_condition(node: Node) -> Node | None:
    """The condition of a Go loop that has nothing else."""
    head = [child for child in node.named_children if child.type not in ("comment", "block")]
    if len(head) != 1 or head[0].type in ("for_clause", "range_clause"):
        return None
    return head[0]


def go_loop_as_clause(_view: View, node: Node) -> list[Part] | None:
    """for c { S } -> for ; c; { S }."""
    condition, body = _go_condition(node), part_of(node, "body")
    return None if condition is None or body is None else [b"for ; ", condition, b"; ", body]


def go_loop_as_endless(view: View, node: Node) -> list[Part] | None:
    """for c { S } -> for { if !(c) { break }; S }."""
    condition, body = _go_condition(node), part_of(node, "body")
    if condition is None or body is None:
        return None
    return [b"for {\n", *if_parts(view, negated(view, condition)), b"{ break }\n", Inner(body), b"}"]


def branches_swapped(view: View, node: Node) -> list[Part] | None:
    """if (c) A else B -> if (!(c)) B else A, where B is no `if`."""
    condition, then, other = condition_of(node), part_of(node, "consequence"), alternative_of(node)
    if condition is None or then is None or other is None or other.type.startswith("if_"):
        return None
    begin = part_of(node, "initializer")
    setup: list[Part] = [begin, b"; "] if begin is not None else []
    return [*if_parts(view, [*setup, *negated(view, condition)]), *braced(other), b" else ", *braced(then)]


def ladder_as_nested(_view: View, node: Node) -> list[Part] | None:
    """else if (c) -> else { if (c) }."""
    then, other = part_of(node, "consequence"), alternative_of(node)
    if then is None or other is None or not other.type.startswith("if_"):
        return None
    return [Gap(node.start_byte, then.start_byte), *braced(then), b" else {\n", other, b"\n}"]


def ladder_swapped(view: View, node: Node) -> list[Part] | None:
    """if (c) A else if ... -> if (!(c)) { if ... } else A."""
    condition, then, other = condition_of(node), part_of(node, "consequence"), alternative_of(node)
    if condition is None or then is None or other is None or not other.type.startswith("if_"):
        return None
    if part_of(node, "initializer") is not None:
        return None
    return [*if_parts(view, negated(view, condition)), b"{\n", other, b"\n} else ", *braced(then)]


_SIMPLE = frozenset(("expression_statement", "return_statement", "break_statement", "continue_statement"))


def braces_added(_view: View, node: Node) -> list[Part] | None:
    """if (c) S; -> if (c) { S; }, and the same for loops."""
    name = "consequence" if node.type == "if_statement" else "body"
    body = part_of(node, name)
    if body is None or body.type not in _SIMPLE:
        return None
    rest = [child for child in node.children if child.start_byte >= body.end_byte]
    parts: list[Part] = [*before(node, body), b"{ ", body, b" }"]
    for child in rest:
        parts += [b" ", child]
    return parts


def braces_removed(view: View, node: Node) -> list[Part] | None:
    """if (c) { S; } -> if (c) S;, where no `else` follows and S is simple."""
    is_if = node.type == "if_statement"
    body = part_of(node, "consequence" if is_if else "body")
    if body is None or not is_block(body) or (is_if and part_of(node, "alternative") is not None):
        return None
    inner = body.named_children
    if len(inner) != 1 or inner[0].type not in _SIMPLE or not view.text(inner[0]).endswith(b";"):
        return None
    return [*before(node, body), b" ", inner[0]]


def return_choice(view: View, node: Node) -> list[Part] | None:
    """return c ? a : b; -> if (c) return a; return b;"""
    inner = node.named_children
    if len(inner) != 1 or not is_statement_place(node):
        return None
    choice = unwrapped(inner[0])
    condition, one, two = (part_of(choice, name) for name in ("condition", "consequence", "alternative"))
    if "conditional" not in choice.type and "ternary" not in choice.type:
        return None
    if condition is None or one is None or two is None:
        return None
    return [*if_parts(view, [condition]), b"return ", one, b";\nreturn ", two, b";"]


def assigned_choice(view: View, node: Node) -> list[Part] | None:
    """x = c ? a : b; -> if (c) x = a; else x = b;"""
    inner = node.named_children
    if len(inner) != 1 or inner[0].type != "assignment_expression" or not is_statement_place(node):
        return None
    target, choice = part_of(inner[0], "left"), part_of(inner[0], "right")
    if target is None or choice is None or not without_calls(target) or operator_of(view, inner[0]) != b"=":
        return None
    choice = unwrapped(choice)
    condition, one, two = (part_of(choice, name) for name in ("condition", "consequence", "alternative"))
    if ("conditional" not in choice.type and "ternary" not in choice.type) or condition is None:
        return None
    if one is None or two is None:
        return None
    return [*if_parts(view, [condition]), target, b" = ", one, b";\nelse ", As(target), b" = ", two, b";"]


def rust_for(_view: View, node: Node) -> list[Part] | None:
    """for x in y { S } -> { let mut walk = (y).into_iter(); while let Some(x) = walk.next() { S } }"""
    name, source, body = (part_of(node, field) for field in ("pattern", "value", "body"))
    if name is None or source is None or body is None or is_labelled(node):
        return None
    walker = f"walk_{node.start_byte % 97}".encode()
    begin = b"{\nlet mut " + walker + b" = ("
    return [begin, source, b").into_iter();\nwhile let Some(", name, b") = " + walker + b".next() ", body, b"\n}"]


def rust_while(view: View, node: Node) -> list[Part] | None:
    """while c { S } -> loop { if !(c) { break; } S }"""
    condition, body = condition_of(node), part_of(node, "body")
    if condition is None or body is None or is_labelled(node):
        return None
    return [b"loop {\n", *if_parts(view, negated(view, condition)), b"{ break; }\n", Inner(body), b"}"]
