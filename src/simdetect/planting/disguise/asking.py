"""What the rules of all languages ask about a node, and parts that they all write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tree_sitter import Node

from simdetect.planting.disguise.rows import words
from simdetect.planting.disguise.syntax import View, walk
from simdetect.planting.disguise.writing import Gap, Part

__all__ = [
    "ATOMS",
    "BINDS",
    "BLOCKS",
    "alternative_of",
    "before",
    "braced",
    "condition_of",
    "has_continue",
    "if_parts",
    "is_block",
    "is_labelled",
    "is_statement_place",
    "negated",
    "operator_of",
    "part_of",
    "unwrapped",
    "while_parts",
    "without_calls",
]

ATOMS = words(
    "identifier number_literal integer_literal int_literal decimal_integer_literal integer number",
    "field_expression true false member_expression attribute selector_expression field_access",
    "subscript_expression char_literal null nil none string string_literal interpreted_string_literal",
    "character_literal parenthesized_expression subscript index_expression this self nullptr undefined",
    "hex_integer_literal float float_literal array_access field_identifier",
)
BLOCKS = frozenset(("compound_statement", "block", "statement_block"))
_LOOP = re.compile(r"^(for|while|do|loop|enhanced_for)_|function|lambda|closure|func_literal|method")
_CALLS = re.compile(r"call|invocation|macro|await|yield|update_expression|assignment|creation|new_expression|inc_|dec_")
BINDS = re.compile(r"let_condition|let_chain|declaration|named_expression|assignment")


def part_of(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def condition_of(node: Node) -> Node | None:
    """The expression of a condition, without its parentheses; None where it also declares or assigns."""
    condition = part_of(node, "condition")
    if condition is None:
        return None
    while condition.type in ("parenthesized_expression", "condition_clause", "expression_statement"):
        inner = [child for child in condition.named_children if child.type != "comment"]
        if len(inner) != 1:
            return None
        condition = inner[0]
    if condition.type == "comma_expression" or any(BINDS.search(inner.type) for inner in walk(condition)):
        return None
    return condition


def alternative_of(node: Node) -> Node | None:
    """What follows `else`: a block, a statement, or the next `if`."""
    found = part_of(node, "alternative")
    if found is not None and found.type == "else_clause":
        inner = [child for child in found.named_children if child.type != "comment"]
        return inner[-1] if inner else None
    return found


def has_continue(body: Node) -> bool:
    """Whether a body holds a `continue` of its own loop, or one with a label."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type.startswith("continue"):
            return True
        stack.extend(child for child in node.children if not _LOOP.search(child.type) or _labelled_jump(child))
    return False


def _labelled_jump(node: Node) -> bool:
    return any(inner.type.startswith("continue") and inner.named_child_count for inner in walk(node))


def is_labelled(node: Node) -> bool:
    above = node.parent
    if above is not None and above.type == "expression_statement":
        above = above.parent
    return (above is not None and above.type.startswith("label")) or any(c.type == "label" for c in node.children)


def without_calls(node: Node) -> bool:
    return not any(_CALLS.search(inner.type) for inner in walk(node))


def is_block(node: Node | None) -> bool:
    return node is not None and node.type in BLOCKS


def negated(view: View, condition: Node) -> list[Part]:
    """The opposite of a condition."""
    row = view.row
    assert row is not None
    if condition.type in ("unary_expression", "not_operator") and condition.children[0].type in ("!", "not"):
        return [condition.named_children[-1]]
    return [row.negate, condition, b")"]


def if_parts(view: View, condition: Sequence[Part]) -> list[Part]:
    row = view.row
    assert row is not None
    return [b"if (", *condition, b") "] if row.parens else [b"if ", *condition, b" "]


def while_parts(view: View, condition: Sequence[Part]) -> list[Part]:
    row = view.row
    assert row is not None
    return [row.loop, b" (", *condition, b") "] if row.parens else [row.loop, b" ", *condition, b" "]


def braced(node: Node) -> list[Part]:
    return [node] if is_block(node) else [b"{ ", node, b" }"]


def before(node: Node, until: Node) -> list[Part]:
    """Everything of a node before one of its children."""
    parts: list[Part] = []
    position = node.start_byte
    for child in node.children:
        if child.start_byte >= until.start_byte:
            break
        parts += [Gap(position, child.start_byte), child]
        position = child.end_byte
    return [*parts, Gap(position, until.start_byte)]


def is_statement_place(node: Node) -> bool:
    return node.parent is not None and node.parent.type in (
        *BLOCKS, "case_statement", "switch_block_statement_group", "switch_case", "program", "constructor_body"
    )  # fmt: skip


def unwrapped(node: Node) -> Node:
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    return node


def operator_of(view: View, node: Node) -> bytes:
    operator = part_of(node, "operator") or part_of(node, "operators")
    if operator is None:
        operator = next((child for child in node.children if not child.is_named), None)
    return b"" if operator is None else view.text(operator)
