"""Tree -> the same program in one form, whatever form its author gave it.

A disguise writes a loop, a branch or an assignment in another way. Here every way becomes one: the rules of a
language's row find the places in the tree, and `canonical_rules` says what they become. What comes out is the order of
the source's bytes in the canonical form, with some left out and some symbols put in; `streams` turns bytes to tokens.

Only form is undone, never what an expression says: `a - b` stays `a - b`, and parentheses that bind stay.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import numpy as np
from tree_sitter import Node, Query, QueryCursor, Tree

from simdetect.languages.grammar import Grammar
from simdetect.languages.rewrites import OPERANDS, RewriteRules
from simdetect.model import Rewrites
from simdetect.tokens.canonical_conditions import operands
from simdetect.tokens.canonical_order import sorted_stretches
from simdetect.tokens.canonical_parts import Part, Rewrite
from simdetect.tokens.canonical_rules import BUILDERS
from simdetect.tokens.symbols import NUMBER_SYMBOL, hash_text

__all__ = ["rewrites"]

_MOST_IN_PROGRESS = 4096  # matches begun: a sum of 100,000 terms begins one for each; beyond it the outermost are lost


def rewrites(tree: Tree, grammar: Grammar, content: bytes) -> Rewrites | None:
    """What the canonical form of a file does to its bytes; None where its language has no rules."""
    spec, query = grammar.spec.rewrites, grammar.rewrites
    if spec is None or query is None:
        return None
    found, sortable, dropped = _matches(tree, query, spec)
    return _arrays(_laid_out(found + sorted_stretches(sortable, content), len(content)), dropped, spec)


def _matches(tree: Tree, query: Query, spec: RewriteRules) -> tuple[list[Rewrite], dict[int, Node], list[int]]:
    """What the rules make of a tree, nodes whose order is free by their start, and starts and ends of what is dropped.

    Of the rules that match one node the first wins.
    """
    dropped: list[int] = []
    sortable: dict[int, Node] = {}
    found: dict[tuple[int, int], tuple[int, Rewrite]] = {}
    cursor = QueryCursor(query)
    cursor.match_limit = _MOST_IN_PROGRESS
    for pattern, captures in cursor.matches(tree.root_node):
        if spec.rules[pattern][0] == OPERANDS:
            if (comparison := operands(captures, spec, dropped)) is not None:
                found[comparison[:2]] = pattern, comparison
            continue
        for node in captures.get("drop", ()):
            dropped.append(node.start_byte)
            dropped.append(node.end_byte)
        if "sort" in captures:
            node = captures["sort"][0]
            sortable[node.start_byte] = node
        elif "it" in captures:
            it = captures["it"][0]
            key = it.start_byte, it.end_byte
            if key not in found or pattern < found[key][0]:
                parts = BUILDERS[spec.rules[pattern][0]](captures, spec)
                if parts is not None:
                    found[key] = pattern, (*key, parts)
    return [rewrite for _, rewrite in found.values()], sortable, dropped


def _laid_out(nodes: Sequence[Rewrite], size: int) -> list[Part]:
    """The whole file: rewrites inside rewrites, and what lies between. An explicit stack: trees may be deep."""
    nodes = sorted(nodes, key=lambda node: (node[0], -node[1]))
    starts = [node[0] for node in nodes]
    found: list[Part] = []
    stack: list[tuple[Part, int]] = [((0, size, ""), 0)]
    while stack:
        part, first = stack.pop()
        start, end, text = part
        if text:
            found.append(part)
            continue
        i = bisect_left(starts, start, first)
        while i < len(nodes) and starts[i] < end < nodes[i][1]:
            i += 1
        if i == len(nodes) or starts[i] >= end:
            if start < end:
                found.append(part)
            continue
        inner_start, inner_end, parts = nodes[i]
        if start < inner_start:
            found.append((start, inner_start, ""))
        if inner_end < end:
            stack.append(((inner_end, end, ""), i + 1))
        stack += [(inner, i + 1) for inner in reversed(parts)]
    return found


def _arrays(parts: Sequence[Part], dropped: Sequence[int], spec: RewriteRules) -> Rewrites:
    known = {text: _number_of(text) for text in {text for _, _, text in parts}}
    start, end, text = zip(*parts, strict=True) if parts else ((), (), ())
    return Rewrites(
        start=np.array(start, np.uint32),
        end=np.array(end, np.uint32),
        symbol=np.array([known[one] for one in text], np.uint64),
        drop_start=np.array(dropped[0::2], np.uint32),
        drop_end=np.array(dropped[1::2], np.uint32),
        dropped=np.sort(np.array([_number_of(one) for one in spec.dropped], np.uint64)),
    )


@cache
def _number_of(text: str) -> int:
    """The symbol of a token that a rule puts in, one of some forty; 0 for none."""
    if not text:
        return 0
    return int(NUMBER_SYMBOL if text.isdigit() else hash_text(text.encode()))
