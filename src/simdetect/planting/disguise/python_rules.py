"""Loops and branches in other forms, where indentation is syntax."""

from __future__ import annotations

import re

from tree_sitter import Node

from simdetect.planting.disguise.asking import condition_of, has_continue, negated, part_of, without_calls
from simdetect.planting.disguise.syntax import View, indentation
from simdetect.planting.disguise.writing import As, Deeper, Part

__all__ = [
    "python_assigned_choice",
    "python_branches_swapped",
    "python_for",
    "python_ladder",
    "python_return_choice",
    "python_while",
]


_STEP = b"    "


def _alternatives(node: Node) -> list[Node]:
    return node.children_by_field_name("alternative")


def _colon(node: Node) -> Node | None:
    return next((child for child in node.children if child.type == ":"), None)


def _block(view: View, clause: Node, name: str) -> list[Part] | None:
    """A clause's colon and block on lines of its own."""
    colon, block = _colon(clause), part_of(clause, name)
    if colon is None or block is None or block.start_point[0] == colon.start_point[0]:
        return None
    margin = indentation(view.content, block.start_byte)
    return None if margin is None else [b":\n" + margin, block]


def python_branches_swapped(view: View, node: Node) -> list[Part] | None:
    """if c: A else: B -> if not (c): B else: A."""
    condition, others = condition_of(node), _alternatives(node)
    margin = indentation(view.content, node.start_byte)
    if condition is None or margin is None or len(others) != 1 or others[0].type != "else_clause":
        return None
    then, other = _block(view, node, "consequence"), _block(view, others[0], "body")
    if then is None or other is None:
        return None
    return [b"if ", *negated(view, condition), *other, b"\n" + margin + b"else", *then]


def python_ladder(view: View, node: Node) -> list[Part] | None:
    """elif c: -> else: if c:, one step deeper."""
    others, margin = _alternatives(node), indentation(view.content, node.start_byte)
    if margin is None or not others or others[0].type != "elif_clause":
        return None
    first, then = part_of(node, "condition"), _block(view, node, "consequence")
    second, other = part_of(others[0], "condition"), _block(view, others[0], "consequence")
    if first is None or then is None or second is None or other is None:
        return None
    line = b"\n" + margin
    rest = [part for clause in others[1:] for part in (line, clause)]
    return [b"if ", first, *then, line + b"else:", Deeper([line + b"if ", second, *other, *rest], _STEP)]


def python_while(view: View, node: Node) -> list[Part] | None:
    """while c: S -> while True: if not (c): break; S."""
    condition, block = condition_of(node), _block(view, node, "body")
    if condition is None or block is None or part_of(node, "alternative") is not None:
        return None
    if view.text(condition) in (b"True", b"1"):
        return None
    body = part_of(node, "body")
    margin = indentation(view.content, body.start_byte) if body else None
    if margin is None:
        return None
    stop = b"\n" + margin + _STEP + b"break"
    return [b"while True:\n" + margin + b"if ", *negated(view, condition), b":" + stop, b"\n" + margin, *block[1:]]


def python_for(view: View, node: Node) -> list[Part] | None:
    """for i in range(a, b): S -> i = a; while i < b: S; i += 1, where S has no `continue` and b is plain."""
    name, source, body = (part_of(node, field) for field in ("left", "right", "body"))
    block, margin = _block(view, node, "body"), indentation(view.content, node.start_byte)
    if name is None or source is None or body is None or block is None or margin is None or name.type != "identifier":
        return None
    if source.type != "call" or view.text(source.children[0]) != b"range" or has_continue(body):
        return None
    if part_of(node, "alternative") is not None or node.children[0].type == "async":
        return None
    bounds = source.children[1].named_children
    if not 1 <= len(bounds) <= 2 or not all(_is_plain(view, bound) for bound in bounds):
        return None
    inner = indentation(view.content, body.start_byte)
    assert inner is not None
    first: list[Part] = [bounds[0]] if len(bounds) == 2 else [b"0"]
    begin: list[Part] = [name, b" = ", *first, b"\n" + margin + b"while ", As(name), b" < ", bounds[-1]]
    return [*begin, *block, b"\n" + inner, As(name), b" += 1"]


def _is_plain(view: View, node: Node) -> bool:
    text = view.text(node)
    return node.type in ("identifier", "integer", "attribute") or bool(
        re.fullmatch(rb"len\([\w.]+\)( [-+] \w+)?", text)
    )


def python_return_choice(view: View, node: Node) -> list[Part] | None:
    """return a if c else b -> if c: return a, else: return b."""
    inner, margin = node.named_children, indentation(view.content, node.start_byte)
    if margin is None or len(inner) != 1 or inner[0].type != "conditional_expression":
        return None
    one, condition, two = inner[0].named_children[:3]
    deeper = b"\n" + margin + _STEP + b"return "
    return [b"if ", condition, b":" + deeper, one, b"\n" + margin + b"else:" + deeper, two]


def python_assigned_choice(view: View, node: Node) -> list[Part] | None:
    """x = a if c else b -> if c: x = a, else: x = b."""
    inner, margin = node.named_children, indentation(view.content, node.start_byte)
    if margin is None or len(inner) != 1 or inner[0].type != "assignment" or part_of(inner[0], "type") is not None:
        return None
    name, value = part_of(inner[0], "left"), part_of(inner[0], "right")
    if name is None or value is None or value.type != "conditional_expression" or not without_calls(name):
        return None
    one, condition, two = value.named_children[:3]
    deeper = b"\n" + margin + _STEP
    then: list[Part] = [b":" + deeper, name, b" = ", one]
    return [b"if ", condition, *then, b"\n" + margin + b"else:" + deeper, As(name), b" = ", two]
