"""Bytes -> SyntaxNodes. The one place that runs tree-sitter.

The cursor loop is the only Python loop over a tree; at 0.3 us a leaf it costs a third of the parse. It fetches
the kind and the start of each leaf and nothing else; where a leaf ends is worked out in numpy (`normalize`).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from functools import cache

import numpy as np
from tree_sitter import Node, Parser, QueryCursor, Tree

from simdetect.languages.grammar import Grammar, load_grammar
from simdetect.model import LEAST_ENTRIES, LIST_KINDS, Bool, Rewrites, SyntaxNodes
from simdetect.tokens.canonical import rewrites
from simdetect.tokens.imports import imports_of

__all__ = ["CostError", "parse", "parser_of", "rewrites_of"]

_NAME_FIELDS = ("name", "declarator", "type", "pattern")
_MAX_NAME_BYTES = 200
_MAX_NAME_DEPTH = 12
_MAX_ENTRIES = 512  # of a list: more are data, and fewer say enough
_ROWS = LIST_KINDS.index("rows")
# Steps of 1.4 ns over the siblings that a query passes behind each leaf until it comes to one with a name: 100,000 open
# brackets take 7 s.
_MAX_SIBLING_STEPS = 1e9
# Steps of some 0.2 us: a comment that never ends is read to the end of the file from each of its openings.
_MAX_COMMENT_STEPS = 5e7


class CostError(Exception):
    """The tree of a file has a shape on which its units would take far longer to find than its size justifies."""


def parse(content: bytes, language: str, *, with_form: bool = False) -> SyntaxNodes:
    """Parse one file.

    Args: content: UTF-8 source, at most 4 GiB. language: a key of the language table whose row has a grammar.
    with_form: whether to make the canonical form too, which takes as long as the parse.
    Raises ValueError when the row has no grammar, CostError for a tree that only somebody hostile makes. May be slow
    without bound on hostile input and may crash on a faulty grammar: run it where it can be killed (`running`).
    """
    grammar = load_grammar(language)
    if grammar is None:
        raise ValueError(f"{language} has no grammar")
    if any(_comment_steps(content, *pair) > _MAX_COMMENT_STEPS for pair in grammar.spec.block_comments):
        raise CostError("too many comments that never end")
    tree = parser_of(language).parse(content)
    leaves, start = _leaves_or_whole(tree, grammar.whole) if grammar.whole else _leaves(tree)
    kind = np.frombuffer(leaves, np.uint16)
    if len(kind) ** 2 > 2 * _MAX_SIBLING_STEPS and _sibling_steps(_is_named(language)[kind]) > _MAX_SIBLING_STEPS:
        raise CostError("too many leaves without a name in a row")
    names, kinds, unit_start, unit_end, lists = _units(tree, grammar, content)
    error_bytes, last_inserted = _errors(tree.root_node)
    imports = imports_of(tree, grammar, content, last_inserted)
    return SyntaxNodes(
        kind=kind,
        start=np.frombuffer(start, np.uint32),
        unit_kind=tuple(kinds),
        unit_name=tuple(names),
        unit_start=np.array(unit_start, np.uint32),
        unit_end=np.array(unit_end, np.uint32),
        error_bytes=error_bytes,
        rewrites=rewrites(tree, grammar, content) if with_form else None,
        import_start=np.array([start for start, _ in imports], np.uint32),
        import_end=np.array([end for _, end in imports], np.uint32),
        list_kind=np.array([kind for kind, _ in lists], np.uint8),
        list_size=np.array([len(entries) for _, entries in lists], np.uint32),
        entry_start=np.array([start for _, entries in lists for start, _ in entries], np.uint32),
        entry_end=np.array([end for _, entries in lists for _, end in entries], np.uint32),
    )


def rewrites_of(content: bytes, language: str) -> Rewrites:
    """What the canonical form does to a file that `parse` took. Raises ValueError when its language has none."""
    grammar = load_grammar(language)
    found = rewrites(parser_of(language).parse(content), grammar, content) if grammar is not None else None
    if found is None:
        raise ValueError(f"{language} has no canonical form")
    return found


@cache
def parser_of(language: str) -> Parser:
    grammar = load_grammar(language)
    assert grammar is not None
    return Parser(grammar.language)


@cache
def _is_named(language: str) -> Bool:
    """(65536,) by kind id: whether a leaf of that kind has a name of its own, unlike punctuation and keywords."""
    grammar = load_grammar(language)
    assert grammar is not None
    named = np.ones(1 << 16, np.bool_)
    for kind in range(grammar.language.node_kind_count):
        named[kind] = grammar.language.node_kind_is_named(kind)
    return named


def _comment_steps(content: bytes, start: str, end: str) -> float:
    """At most how many bytes are read when each comment behind the last end of one is read to the end of the file."""
    opening = start.encode()
    first = content.find(opening, content.rfind(end.encode()) + len(end)) if start != end else -1
    return content.count(opening, first) * (len(content) - first) / 2 if first >= 0 else 0.0


def _sibling_steps(is_named: Bool) -> float:
    """At most how many leaves are looked at when behind each leaf all are passed that have no name. is_named: (n,)."""
    runs = np.diff(np.flatnonzero(is_named), prepend=-1, append=len(is_named)).astype(np.float64) - 1
    return float(runs @ runs) / 2


def _leaves(tree: Tree) -> tuple[array[int], array[int]]:
    """Kind ids and start bytes of all leaves, in order. The hot loop: every name is local, every method bound."""
    cursor = tree.walk()
    kind, start = array("H"), array("I")
    add_kind, add_start = kind.append, start.append
    to_child, to_sibling, to_parent = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
    while True:
        if to_child():
            continue
        node = cursor.node
        add_kind(node.kind_id)  # type: ignore[union-attr]
        add_start(node.start_byte)  # type: ignore[union-attr]
        while not to_sibling():
            if not to_parent():
                return kind, start


def _leaves_or_whole(tree: Tree, whole: frozenset[int]) -> tuple[array[int], array[int]]:
    """The same for grammars with inner nodes that stand for a leaf: a node object per inner node costs a tenth more."""
    cursor = tree.walk()
    kind, start = array("H"), array("I")
    add_kind, add_start = kind.append, start.append
    to_child, to_sibling, to_parent = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
    while True:
        node = cursor.node
        kind_id = node.kind_id  # type: ignore[union-attr]
        if kind_id not in whole and to_child():
            continue
        add_kind(kind_id)
        add_start(node.start_byte)  # type: ignore[union-attr]
        while not to_sibling():
            if not to_parent():
                return kind, start


Entries = list[tuple[int, int]]


def _units(
    tree: Tree, grammar: Grammar, content: bytes
) -> tuple[list[str], list[str], list[int], list[int], list[tuple[int, Entries]]]:
    """Names, kinds, starts and ends of unit nodes, in preorder; and lists by their start: kind, spans of entries."""
    if grammar.units is None:
        return [], [], [], [], []
    cursor = QueryCursor(grammar.units)
    cursor.set_max_start_depth(grammar.spec.unit_depth)
    kinds, wrappers = grammar.unit_kinds, grammar.spec.name_wrappers
    found: dict[tuple[int, int, int], tuple[str, Node]] = {}  # a node that several patterns match has its first kind
    lists: dict[tuple[int, int, int], tuple[int, Entries]] = {}
    for pattern, captures in cursor.matches(tree.root_node):
        if pattern >= len(kinds):
            node = captures["list"][0]
            if node.named_child_count >= LEAST_ENTRIES:
                kind = grammar.list_kinds[pattern - len(kinds)]
                lists[node.start_byte, -node.end_byte, node.id] = kind, _entries(node, kind, grammar.spec.entries)
            continue
        unit = captures["unit"][0]
        key = unit.start_byte, -unit.end_byte, unit.id
        if key not in found:
            found[key] = kinds[pattern], captures["name"][0] if "name" in captures else unit
    units = sorted(found.items(), key=lambda item: item[0][:2])  # stable: never by id, which is an address
    return (
        [_unit_name(name, wrappers, content) for _, (_, name) in units],
        [kind for _, (kind, _) in units],
        [key[0] for key, _ in units],
        [-key[1] for key, _ in units],
        [own for _, own in sorted(lists.items(), key=lambda item: item[0][:2]) if len(own[1]) >= LEAST_ENTRIES],
    )


def _entries(node: Node, kind: int, fields: Mapping[str, str]) -> Entries:
    """Spans of what names each entry of a list; of rows, of the whole row."""
    found: Entries = []
    cursor = node.walk()
    is_there = cursor.goto_first_child()
    while is_there and len(found) < _MAX_ENTRIES:
        child = cursor.node
        assert child is not None
        if child.is_named and not child.is_extra and (kind == _ROWS or child.type in fields):
            field = fields.get(child.type, "")
            named = (child.child_by_field_name(field) or child) if field else child
            found.append((named.start_byte, named.end_byte))
        is_there = cursor.goto_next_sibling()
    return found


def _unit_name(node: Node, wrappers: frozenset[str], content: bytes) -> str:
    """The name of a unit: down the fields that hold names, e.g. declarator -> declarator -> identifier in C."""
    for _ in range(_MAX_NAME_DEPTH):
        if not node.child_count:
            return content[node.start_byte : node.end_byte][:_MAX_NAME_BYTES].decode("utf-8", "replace")
        if (inner := _inner_name(node, wrappers)) is None:
            break
        node = inner
    return _identifier(node)


def _inner_name(node: Node, wrappers: frozenset[str]) -> Node | None:
    if node.type in wrappers and node.named_child_count:
        return node.named_children[0]
    return next((child for child in map(node.child_by_field_name, _NAME_FIELDS) if child is not None), None)


def _identifier(node: Node) -> str:
    """Text of a name node on one line; of its first leaf that looks like a name when it is a whole construct."""
    text = node.text or b""
    if len(text) > _MAX_NAME_BYTES or b"{" in text or b"\n" in text:
        leaf = next((child for child in node.children if "identifier" in child.type or child.type == "name"), None)
        text = (leaf.text if leaf is not None else None) or b""
    return text[:_MAX_NAME_BYTES].decode("utf-8", "replace")


def _errors(root: Node) -> tuple[int, int]:
    """Source bytes under ERROR nodes, and where the parser put in something that is not there for the last time, or 0.
    Only nodes that contain errors are visited."""
    total, last, stack = 0, 0, [(root, False)]
    while stack:
        node, is_inside = stack.pop()
        if node.is_missing:
            last = max(last, node.end_byte)
        elif node.has_error:
            if node.is_error and not is_inside:
                total += node.end_byte - node.start_byte
            is_inside = is_inside or node.is_error
            stack += [(child, is_inside) for child in node.children if child.has_error]
    return total, last
