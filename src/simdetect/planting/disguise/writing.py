"""Write a tree anew, with rules that say what stands in the place of a node.

A rule gets a node and returns what to write: text, nodes that are rewritten in turn, or None where it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tree_sitter import Node

from simdetect.planting.disguise.pieces import Copy, Piece
from simdetect.planting.disguise.syntax import View

__all__ = ["As", "Deeper", "Gap", "Inner", "Part", "Rule", "Rules", "rewritten"]


@dataclass(frozen=True, slots=True)
class As:
    """A node as it is; its children are rewritten."""

    node: Node


@dataclass(frozen=True, slots=True)
class Inner:
    """What stands between the braces of a block."""

    block: Node


@dataclass(frozen=True, slots=True)
class Gap:
    """White space and comments from one byte to another."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Deeper:
    """Parts of which every line is indented by a step more."""

    parts: Sequence[Part]
    step: bytes


Part = bytes | Node | As | Inner | Gap | Deeper
Rule = Callable[[View, Node], list[Part] | None]
Rules = Mapping[str, Sequence[Rule]]


def rewritten(view: View, tables: Mapping[str, Rules], strength: float, rng: Random) -> list[Piece]:
    """Apply one applicable rule, chosen at random, at a share of the nodes that have any."""
    writer = _Writer(view, tables.get(view.language, {}), strength, rng)
    root = view.tree.root_node
    writer.out.append(Copy(0, root.start_byte))
    writer.node(root)
    writer.out.append(Copy(root.end_byte, len(view.content)))
    return writer.out


class _Writer:
    def __init__(self, view: View, rules: Rules, strength: float, rng: Random) -> None:
        self.view, self.rules, self.strength, self.rng = view, rules, strength, rng
        self.out: list[Piece] = []
        self.step = b""

    def node(self, node: Node) -> None:
        rules = self.rules.get(node.type)
        if rules and not node.has_error and self.rng.random() < self.strength:
            for rule in self.rng.sample(rules, len(rules)):
                parts = rule(self.view, node)
                if parts is not None:
                    self.parts(parts)
                    return
        self.plain(node)

    def plain(self, node: Node) -> None:
        if not node.child_count:
            self.out.append(Copy(node.start_byte, node.end_byte))
            return
        self.children(node.children, node.start_byte, node.end_byte)

    def children(self, children: Sequence[Node], start: int, end: int) -> None:
        position = start
        for child in children:
            self.gap(position, child.start_byte)
            self.node(child)
            position = max(position, child.end_byte)
        self.gap(position, end)

    def gap(self, start: int, end: int) -> None:
        """White space between nodes, indented as the parts around it are. Also comments, which are nodes skipped."""
        text = self.view.content[start:end]
        if not self.step or b"\n" not in text:
            self.out.append(Copy(start, end))
            return
        self.out.append(text.replace(b"\n", b"\n" + self.step))

    def parts(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if isinstance(part, bytes):
                self.out.append(part.replace(b"\n", b"\n" + self.step) if self.step else part)
            elif isinstance(part, As):
                self.plain(part.node)
            elif isinstance(part, Inner):
                block = part.block.children
                if len(block) >= 2:
                    self.children(block[1:-1], block[0].end_byte, block[-1].start_byte)
            elif isinstance(part, Gap):
                self.gap(part.start, part.end)
            elif isinstance(part, Deeper):
                outer, self.step = self.step, self.step + part.step
                self.parts(part.parts)
                self.step = outer
            else:
                self.node(part)
