"""Reformat: other white space between the same tokens, as far as the language gives it no meaning."""

from __future__ import annotations

from random import Random

from tree_sitter import Node

from simdetect.planting.disguise.pieces import Piece, edited
from simdetect.planting.disguise.rows import words
from simdetect.planting.disguise.syntax import View, is_comment, leaves

__all__ = ["reformatted"]

_OPERATORS = words(
    "= == != < > <= >= + * / += -= *= /= && || ? := |",
)

_OPEN = frozenset(["(", "["])
_CLOSE = frozenset([")", "]", ",", ";"])


def reformatted(view: View, strength: float, rng: Random) -> list[Piece]:
    """Other indentation, spaces and line breaks at a share of the places where tokens meet."""
    edits = []
    before: Node | None = None
    depth = 0
    unit = rng.choice((b"\t", b"  ", b"    ", b"   "))
    for leaf in leaves(view):
        text = leaf.type
        if text == "}" and not leaf.is_named:
            depth = max(depth - 1, 0)
        if before is not None and before.end_byte <= leaf.start_byte:
            gap = view.content[before.end_byte : leaf.start_byte]
            if not gap.strip():
                is_chosen = rng.random() < strength
                new = _gap(view, before, leaf, gap, unit * depth, rng) if is_chosen else gap
                if view.row is not None and view.row.layout:
                    new = _deeper(new)  # everywhere: half of the lines of a block would be another block
                if new != gap:
                    edits.append((before.end_byte, leaf.start_byte, new))
        if text == "{" and not leaf.is_named:
            depth += 1
        before = leaf
    return edited(view.content, edits)


def _gap(view: View, before: Node, leaf: Node, gap: bytes, margin: bytes, rng: Random) -> bytes:
    row = view.row
    if row is None or _is_fixed(before) or _is_fixed(leaf):
        return gap
    if b"\n" in gap:
        if row.layout:
            return gap
        is_free = row.joins and not is_comment(view, before) and view.text(leaf)[:1] != b"#"
        if is_free and before.type in (";", "{", ",") and rng.random() < 0.3:
            return b" "
        if is_free and leaf.type == "{" and rng.random() < 0.5:
            return b" "
        return b"\n" + margin if rng.random() < 0.8 else b"\n\n" + margin
    if row.joins and leaf.type == "{" and before.type == ")" and rng.random() < 0.5:
        return b"\n" + margin
    if before.type == "," and not row.layout and rng.random() < 0.15:
        return b"\n" + margin
    if leaf.type in _OPERATORS and before.type in _OPERATORS:
        return gap
    if leaf.type in _OPERATORS or before.type in _OPERATORS:
        return gap or b" "
    if before.type in _OPEN or leaf.type in _CLOSE:
        return b"" if gap and rng.random() < 0.7 else (b" " if before.type in _OPEN else gap)
    return gap


def _deeper(gap: bytes) -> bytes:
    """Twice the indentation: every width stays distinct, and a block's lines stay equal."""
    end = gap.rfind(b"\n") + 1
    return gap[:end] + gap[end:] * 2 if end else gap


_FIXED = (
    "preproc_",
    "string",
    "char",
    "template",
    "regex",
    "jsx",
    "interpol",
    "heredoc",
    "attribute",
    "macro",
    "token_tree",
)
_FREE = frozenset(("preproc_if", "preproc_ifdef", "preproc_else", "preproc_elif", "template_declaration"))


def _is_fixed(node: Node) -> bool:
    """Whether white space beside a leaf may count: directives, literals, markup, macros; generic brackets."""
    above: Node | None = node
    for _ in range(6):
        if above is None:
            return False
        if above.type.startswith(_FIXED) and above.type not in _FREE:
            return True
        if above.type in ("type_arguments", "template_argument_list", "type_parameters", "template_parameter_list"):
            return True
        above = above.parent
    return False
