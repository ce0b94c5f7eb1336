"""Statements of a file, block by block."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from disguises.places import PLACES
from simdetect.planting.disguise.rows import words
from simdetect.planting.disguise.syntax import View, is_comment

__all__ = ["statements"]


def statements(view: View) -> Iterator[list[Node]]:
    """The statements of each block inside a function, in preorder of blocks."""
    row, places = view.row, PLACES.get(view.language)
    if row is None or places is None:
        return
    stack: list[tuple[Node, bool]] = [(view.tree.root_node, row.layout)]
    while stack:
        node, is_inside = stack.pop()
        is_inside = is_inside or node.type in places.functions
        if is_inside and node.type in places.blocks and not node.is_error:
            children = node.named_children
            last_head = max((i for i, child in enumerate(children) if child.type in _HEADS), default=-1)
            yield [child for child in children[last_head + 1 :] if _is_statement(view, child, node)]
        stack.extend((child, is_inside) for child in reversed(node.children))


def _is_statement(view: View, node: Node, block: Node) -> bool:
    if node.is_error or node.is_extra or is_comment(view, node) or "attribute" in node.type:
        return False
    if node.type in _NO_STATEMENT or (block.type in _LABELLED and _is_label(block, node)):
        return False
    before = node.prev_named_sibling
    return before is None or before.type != "attribute_item"


_HEADS = words("future_import_statement")  # must come first in their block
_NO_STATEMENT = words(
    "case_statement switch_label switch_block_statement_group label import_statement import_from_statement",
    "future_import_statement function_definition class_definition decorated_definition type_parameters",
    "explicit_constructor_invocation switch_case switch_default export_statement preproc_if preproc_ifdef",
    "preproc_include preproc_def preproc_function_def preproc_call preproc_else preproc_elif",
)
_LABELLED = words("case_statement switch_block_statement_group switch_case switch_default")


def _is_label(block: Node, node: Node) -> bool:
    """Whether a child of a case stands before its colon."""
    colon = next((child for child in block.children if child.type in (":", "->", "switch_label")), None)
    return colon is None or node.start_byte < colon.end_byte
