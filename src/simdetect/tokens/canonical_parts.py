"""What the canonical form of a file is made of."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from simdetect.languages.rewrites import RewriteRules

__all__ = ["MOST_UNWRAPPED", "Captures", "Part", "Rewrite", "part_of", "symbol_at", "unwrapped"]

MOST_UNWRAPPED = 50  # parentheses around parentheses, negations of negations

# Source bytes (start, end, ""), or a token that the source does not have here (start, end, its text), for the token
# that holds the byte `start`. Plain tuples: there are as many as there are rewritten tokens.
Part = tuple[int, int, str]
Rewrite = tuple[int, int, Sequence[Part]]  # a stretch of source, and what it becomes
Captures = dict[str, list[Node]]


def part_of(node: Node) -> Part:
    """The source of a node."""
    return node.start_byte, node.end_byte, ""


def symbol_at(text: str, at: int) -> Part:
    """A token that is put in, for the one that holds a byte."""
    return at, at + 1, text


def unwrapped(node: Node, spec: RewriteRules) -> Node:
    """What parentheses hold."""
    for _ in range(MOST_UNWRAPPED):
        if node.type not in spec.parentheses or node.named_child_count != 1:
            break
        node = node.named_children[0]
    return node
