"""What each rule makes of what its pattern captures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tree_sitter import Node

from simdetect.languages.rewrites import STEPS, TRUE, RewriteRules
from simdetect.tokens.canonical_conditions import comparison, condition_of, positive
from simdetect.tokens.canonical_parts import Captures, Part, part_of, symbol_at, unwrapped

__all__ = ["BUILDERS"]


def _for_loop(found: Captures, spec: RewriteRules) -> list[Part] | None:
    """for (a; b; c) S  ->  a while b { S c }"""
    body, condition = found["body"][0], found.get("condition")
    loop = _loop(found["it"][0], condition[0] if condition else None, body, spec)
    updates = [part_of(node) for node in found.get("update", ()) if node.type != ";"]
    closing = loop.pop() if spec.closing else None
    return [*map(part_of, found.get("init", ())), *loop, *updates, *([closing] if closing is not None else [])]


def _while_loop(found: Captures, spec: RewriteRules) -> list[Part]:
    return _loop(found["it"][0], found["condition"][0], found["body"][0], spec)


def _endless_loop(found: Captures, spec: RewriteRules) -> list[Part]:
    return _loop(found["it"][0], None, found["body"][0], spec)


def _loop(it: Node, condition: Node | None, body: Node, spec: RewriteRules) -> list[Part]:
    """while c { S }; where c is always true and S begins with `if (d) break`, c is the opposite of d."""
    if condition is not None and (condition.type == ";" or (unwrapped(condition, spec).text or b"") in TRUE):
        condition = None
    head: list[Part] = [symbol_at("while", it.start_byte)]
    opening, inner, closing = _body(body, spec)
    if condition is not None:
        head += condition_of(condition, spec)
    elif (leave := _leaves_first(inner, body)) is not None:
        condition = leave.child_by_field_name("condition")
        if condition is not None:
            head += condition_of(condition, spec, negate=True)
            inner = leave.end_byte, max(leave.end_byte, inner[1]), ""
    return [*head, *opening, inner, *closing]


def _leaves_first(inner: Part, body: Node) -> Node | None:
    """The statement `if (c) break;` that a body begins with."""
    first = next((node for node in _statements(body) if node.start_byte >= inner[0]), None)
    while first is not None and first.type == "expression_statement" and first.named_child_count == 1:
        first = first.named_children[0]
    if first is None or not first.type.startswith("if_") or first.child_by_field_name("alternative") is not None:
        return None
    then = first.child_by_field_name("consequence")
    text = (then.text or b"").strip(b"{}; \t\r\n") if then is not None and then.end_byte - then.start_byte < 40 else b""
    return first if text == b"break" else None


def _statements(body: Node) -> list[Node]:
    """The statements of a block, comments apart."""
    inner = [node for node in body.named_children if "comment" not in node.type]
    if len(inner) == 1 and inner[0].type == "statement_list":
        inner = [node for node in inner[0].named_children if "comment" not in node.type]
    return inner


def _branches(found: Captures, spec: RewriteRules) -> list[Part]:
    """if c { A } else { B }, with c in the positive; `else { if ... }` is `else if ...`."""
    it, condition, then = found["it"][0], found["condition"][0], found["then"][0]
    otherwise = found["else"][0] if "else" in found else None
    head: list[Part] = [*map(part_of, found.get("init", ())), part_of(it.children[0])]
    if otherwise is None:
        return [*head, *condition_of(condition, spec), *_closed(then, spec)]
    parts, is_flipped = positive(condition, spec)
    first, second = (otherwise, then) if is_flipped else (then, otherwise)
    return [*head, *parts, *_closed(first, spec), symbol_at("else", second.start_byte), *_else(second, spec)]


def _choice(found: Captures, spec: RewriteRules) -> list[Part]:
    """return c ? a : b  ->  if c { return a } return b"""
    it, condition, then, otherwise = (found[name][0] for name in ("it", "condition", "then", "else"))
    opening = [symbol_at(spec.opening or ":", then.start_byte)]
    closing = [symbol_at(spec.closing, max(then.start_byte, then.end_byte - 1))] if spec.closing else []
    head = [symbol_at("if", condition.start_byte), *condition_of(condition, spec), *opening]
    body = [part_of(it.children[0]), part_of(then)]
    return [*head, *body, *closing, symbol_at("return", otherwise.start_byte), part_of(otherwise)]


def _else(node: Node, spec: RewriteRules) -> list[Part]:
    inner = _statements(node) if not node.type.startswith("if_") else [node]
    if len(inner) == 1 and inner[0].type == "expression_statement" and inner[0].named_child_count == 1:
        inner = [inner[0].named_children[0]]
    if len(inner) == 1 and inner[0].type.startswith("if_"):
        return [part_of(inner[0])]
    return _closed(node, spec)


def _closed(node: Node, spec: RewriteRules) -> list[Part]:
    opening, inner, closing = _body(node, spec)
    return [*opening, inner, *closing]


def _body(node: Node, spec: RewriteRules) -> tuple[list[Part], Part, list[Part]]:
    """What opens a body, the body, what closes it: braces are put around a single statement."""
    if not spec.opening:
        return [symbol_at(":", node.start_byte)], part_of(node), []
    children = node.children
    if len(children) > 1 and children[0].type == spec.opening and children[-1].type == spec.closing:
        return [part_of(children[0])], (children[0].end_byte, children[-1].start_byte, ""), [part_of(children[-1])]
    last = max(node.start_byte, node.end_byte - 1)
    return [symbol_at(spec.opening, node.start_byte)], part_of(node), [symbol_at(spec.closing, last)]


def _step(found: Captures, _spec: RewriteRules) -> list[Part] | None:
    """i++, ++i  ->  i += 1"""
    operator, it = found["operator"][0], found["it"][0]
    operand = next((child for child in it.children if child.type not in STEPS), None)
    if operand is None:
        return None
    return [part_of(operand), symbol_at(STEPS[operator.type], operator.start_byte), symbol_at("1", operator.start_byte)]


def _compound_assignment(found: Captures, _spec: RewriteRules) -> list[Part] | None:
    """x = x + y  ->  x += y"""
    left, again, sign = found["left"][0], found["again"][0], found["sign"][0]
    if left.text != again.text:
        return None
    return [part_of(left), symbol_at(f"{sign.type}=", sign.start_byte), part_of(found["right"][0])]


def _ladder(found: Captures, _spec: RewriteRules) -> list[Part]:
    """elif  ->  else if"""
    at = found["it"][0].start_byte
    return [symbol_at("else", at), symbol_at("if", at)]


def _short_declaration(found: Captures, _spec: RewriteRules) -> list[Part]:
    """var x = y  ->  x := y; the word is dropped by the pattern."""
    return [symbol_at(":=", found["it"][0].start_byte)]


BUILDERS: Final[Mapping[str, Callable[[Captures, RewriteRules], list[Part] | None]]] = {
    "for-loop": _for_loop,
    "while-loop": _while_loop,
    "endless-loop": _endless_loop,
    "branches": _branches,
    "choice": _choice,
    "comparison": comparison,
    "step": _step,
    "compound-assignment": _compound_assignment,
    "ladder": _ladder,
    "short-declaration": _short_declaration,
}
