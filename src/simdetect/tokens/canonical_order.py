"""Neighbouring imports and declarations in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from tree_sitter import Node

from simdetect.languages.rewrites import COMPUTED, IMPORTS
from simdetect.tokens.canonical_parts import Rewrite, part_of

__all__ = ["sorted_stretches"]

_MOST_SORTED = 400  # bytes: a longer declaration keeps its place


def sorted_stretches(nodes: Mapping[int, Node], content: bytes) -> list[Rewrite]:
    """Stretches of neighbouring imports or declarations in one order: by shape, then text where names stay.

    nodes: by start. A declaration whose value is computed keeps its place: it may need the one before.
    """
    found: list[Rewrite] = []
    group: list[Node] = []
    last = 0  # end of the group
    for start in sorted(nodes):
        node = nodes[start]
        if group and content[last:start].strip(b" \t\r\n;"):
            found += _group(group)
            group = []
        if not group or start >= last:
            group.append(node)
            last = node.end_byte
    return found + _group(group)


def _group(nodes: Sequence[Node]) -> list[Rewrite]:
    """Stretches of a group between the nodes that keep their places."""
    found: list[Rewrite] = []
    for is_free, run in groupby(nodes, _is_free if len(nodes) > 1 else lambda _: False):
        written = list(run)
        if not is_free or len(written) < 2:
            continue
        ranked = sorted(written, key=lambda node: (str(node), _name_of_import(node)))
        if ranked != written:
            found.append((written[0].start_byte, written[-1].end_byte, [part_of(node) for node in ranked]))
    return found


def _name_of_import(node: Node) -> bytes:
    """The text of an import; "" for a declaration, whose name may be another one."""
    is_import = any(word in node.type for word in IMPORTS)
    return node.text or b"" if is_import else b""


def _is_free(node: Node) -> bool:
    if node.end_byte - node.start_byte > _MOST_SORTED:
        return False
    kinds = [value.type for value in _values(node)]
    return not any(word in kind for kind in kinds for word in COMPUTED)


def _values(node: Node) -> list[Node]:
    """The value of a declaration and all nodes of it."""
    stack = [
        value
        for inner in (node, *node.named_children)
        for value in (inner.child_by_field_name("value"), inner.child_by_field_name("right"))
        if value is not None
    ]
    found = []
    while stack:
        found.append(stack.pop())
        stack += found[-1].named_children
    return found
