"""Conditions and comparisons in one form: without `!`, with `==` and `<` as the only ones, constants on the right."""

from __future__ import annotations

from tree_sitter import Node

from simdetect.languages.rewrites import BINDING, EQUALITIES, MIRRORED, NEGATIONS, OPPOSITE, POSITIVE, RewriteRules
from simdetect.tokens.canonical_parts import MOST_UNWRAPPED, Captures, Part, Rewrite, part_of, symbol_at, unwrapped

__all__ = ["comparison", "condition_of", "operands", "positive"]


def operands(found: Captures, spec: RewriteRules, dropped: list[int]) -> Rewrite | None:
    """a > b  ->  b < a,  0 == a  ->  a == 0,  (a * b) + (-c)  ->  a * b + -c: adds to what is dropped."""
    left, operator, right = found["left"][0], found["operator"][0], found["right"][0]
    sign = operator.type
    _drop_parentheses(left, sign, spec, dropped, is_left=True)
    _drop_parentheses(right, sign, spec, dropped, is_left=False)
    if sign in (">", ">=") or (sign in EQUALITIES and left.type in spec.literals):
        return left.start_byte, right.end_byte, _mirrored(left, operator, right)
    return None


def _drop_parentheses(operand: Node, outer: str, spec: RewriteRules, dropped: list[int], *, is_left: bool) -> None:
    """Around an operand that binds tighter than the operator, or as tightly and stands on its left."""
    if operand.type not in spec.parentheses:
        return
    opening, *inner, closing = operand.children
    if opening.type != "(" or closing.type != ")":
        return
    for node in inner:
        if node.type == spec.binary:
            sign = node.child_by_field_name("operator")
            tighter = BINDING.get(sign.type if sign is not None else "", -1) - BINDING.get(outer, len(BINDING))
            fits = tighter >= 0 if is_left else tighter > 0
        else:
            fits = node.type == spec.unary
        if fits:
            dropped += [opening.start_byte, opening.end_byte, closing.start_byte, closing.end_byte]
            return


def comparison(found: Captures, _spec: RewriteRules) -> list[Part]:
    """a > b  ->  b < a, where operators are no fields"""
    return _mirrored(found["left"][0], found["operator"][0], found["right"][0])


def _mirrored(left: Node, operator: Node, right: Node) -> list[Part]:
    """The same comparison with its operands in the other order."""
    return [part_of(right), symbol_at(MIRRORED[operator.type], operator.start_byte), part_of(left)]


def condition_of(node: Node, spec: RewriteRules, *, negate: bool = False) -> list[Part]:
    """A condition, or its opposite: without parentheses, `!` only where there is no operator that says it."""
    parts, is_flipped = positive(node, spec)
    if is_flipped == negate:
        return parts
    if len(parts) == 3:
        left, (at, _, operator), right = parts
        if operator == "<":  # !(a < b) is b <= a
            return [right, symbol_at("<=", at), left]
        return [left, symbol_at(OPPOSITE[operator], at), right]
    return [symbol_at("!", parts[0][0]), *parts]


def positive(node: Node, spec: RewriteRules) -> tuple[list[Part], bool]:
    """A condition without negation, with `==` and `<` as the only comparisons, and whether that is its opposite."""
    is_flipped = False
    for _ in range(MOST_UNWRAPPED):
        node = unwrapped(node, spec)
        children = node.children
        if len(children) != 2 or children[0].type not in NEGATIONS:
            break
        node, is_flipped = children[1], not is_flipped
    children = node.children
    if len(children) != 3 or children[1].type not in POSITIVE:
        return [part_of(node)], is_flipped
    left, operator, right = children
    sign, is_swapped, is_opposite = POSITIVE[operator.type]
    if is_swapped or (operator.type in EQUALITIES and left.type in spec.literals):
        left, right = right, left
    return [part_of(left), symbol_at(sign, operator.start_byte), part_of(right)], is_flipped ^ is_opposite
