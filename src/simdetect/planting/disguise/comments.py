"""Strip comments, documentation strings among them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tree_sitter import Node

from simdetect.planting.disguise.pieces import Piece, edited
from simdetect.planting.disguise.syntax import View, indentation, is_comment, leaves, walk

__all__ = ["stripped"]


def stripped(view: View, strength: float, rng: Random) -> list[Piece]:
    """Leave out a share of the comments; lines that hold nothing else go with them."""
    found = sorted([*_comments(view), *_docstrings(view)])
    return edited(view.content, [edit for edit in found if rng.random() < strength])


def _comments(view: View) -> Iterator[tuple[int, int, bytes]]:
    content = view.content
    for node in leaves(view):
        if not is_comment(view, node):
            continue
        start, end = node.start_byte, node.end_byte
        if content[start:end].endswith(b"\n"):
            end -= 1
        margin = indentation(content, start)
        after = _rest_of_line(content, end)
        if margin is not None and after is not None:
            yield start - len(margin), after, b""
        elif after is not None:
            yield start, end, b""
        else:
            # Between two tokens: the line break of a comment counts where line breaks do.
            yield start, end, b"\n" if b"\n" in content[start:end] and not _in_directive(node) else b" "


def _in_directive(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.type in ("preproc_def", "preproc_function_def", "preproc_call", "preproc_arg"):
            return True
        above = above.parent
    return False


def _rest_of_line(content: bytes, position: int) -> int | None:
    """Where the next line starts, None when something else follows on this one."""
    end = content.find(b"\n", position)
    end = len(content) if end < 0 else end
    return min(end + 1, len(content)) if not content[position:end].strip() else None


def _docstrings(view: View) -> Iterator[tuple[int, int, bytes]]:
    """Strings by themselves that come first in a block or the module."""
    if view.row is None or not view.row.docstrings:
        return
    for node in walk(view.tree.root_node):
        if node.type in ("module", "block"):
            first = next((child for child in node.named_children if child.type != "comment"), None)
            if first is not None and _is_string(first):
                is_alone = sum(child.type != "comment" for child in node.named_children) == 1
                yield first.start_byte, first.end_byte, b"pass" if is_alone and node.type == "block" else b""


def _is_string(node: Node) -> bool:
    return node.type == "expression_statement" and node.child_count == 1 and node.children[0].type == "string"
