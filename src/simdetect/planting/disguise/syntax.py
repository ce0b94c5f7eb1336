"""What the transformations ask of syntax: trees, leaves, blocks, errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node, Tree

from simdetect.languages.grammar import Grammar, load_grammar
from simdetect.model import TokenRole
from simdetect.planting.disguise.rows import ROWS, Row
from simdetect.tokens.parse import parser_of

__all__ = ["Errors", "View", "errors", "indentation", "is_comment", "leaves", "walk"]


@dataclass(frozen=True, slots=True)
class View:
    """One parsed text."""

    content: bytes
    language: str
    tree: Tree
    grammar: Grammar

    @classmethod
    def of(cls, content: bytes, language: str) -> View:
        """Parse a text of a language that has a grammar."""
        grammar = load_grammar(language)
        assert grammar is not None
        return cls(content, language, parser_of(language).parse(content), grammar)

    @property
    def row(self) -> Row | None:
        """The language's row, None when it has no rewrites."""
        return ROWS.get(self.language)

    def text(self, node: Node) -> bytes:
        """What a node reads."""
        return self.content[node.start_byte : node.end_byte]

    def role(self, node: Node) -> int:
        """The role of a leaf."""
        return int(self.grammar.role[node.kind_id])


def is_comment(view: View, node: Node) -> bool:
    """Whether a node is a comment as a whole."""
    return node.is_named and view.role(node) == TokenRole.COMMENT and node.type not in view.grammar.spec.opaque


def walk(node: Node) -> Iterator[Node]:
    """All nodes, in preorder."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def leaves(view: View, node: Node | None = None) -> Iterator[Node]:
    """Leaves that are not empty, comments and literals that the grammar takes as one included, in order."""
    whole = view.grammar.whole
    stack = [node or view.tree.root_node]
    while stack:
        node = stack.pop()
        if node.child_count and node.kind_id not in whole and not is_comment(view, node):
            stack.extend(reversed(node.children))
        elif node.end_byte > node.start_byte:
            yield node


@dataclass(frozen=True, slots=True)
class Errors:
    """What a parser could not make sense of: bytes under ERROR nodes, their share, how many, how many missing nodes."""

    n_bytes: int
    share: float
    n_errors: int
    n_missing: int

    def is_worse_than(self, before: Errors) -> bool:
        """Whether a transformation broke something. Names inside errors change their length: a tenth does not count."""
        is_more = self.n_errors > before.n_errors or self.n_missing > before.n_missing
        return is_more or (self.n_bytes > 1.1 * before.n_bytes and self.share > 1.1 * before.share)


def errors(view: View) -> Errors:
    """The errors of a parse."""
    n_bytes, n_errors, n_missing, stack = 0, 0, 0, [view.tree.root_node]
    while stack:
        node = stack.pop()
        if node.is_error:
            n_bytes += node.end_byte - node.start_byte
            n_errors += 1
        elif node.is_missing:
            n_missing += 1
        elif node.has_error:
            stack.extend(node.children)
    return Errors(n_bytes, n_bytes / max(len(view.content), 1), n_errors, n_missing)


def indentation(content: bytes, position: int) -> bytes | None:
    """White space between the start of the line and a position, None when something else stands there."""
    before = content[content.rfind(b"\n", 0, position) + 1 : position]
    return before if not before.strip(b" \t") else None
