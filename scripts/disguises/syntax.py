"""What the transformations ask of syntax: trees, leaves, blocks, errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node, Tree

from disguises.rows import ROWS, Row, words
from simdetect.languages.grammar import Grammar, load_grammar
from simdetect.model import TokenRole
from simdetect.tokens.parse import parser_of

__all__ = ["Errors", "View", "errors", "indentation", "is_comment", "leaves", "statements", "walk"]


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


def statements(view: View) -> Iterator[list[Node]]:
    """The statements of each block inside a function, in preorder of blocks."""
    row = view.row
    if row is None:
        return
    stack: list[tuple[Node, bool]] = [(view.tree.root_node, row.layout)]
    while stack:
        node, is_inside = stack.pop()
        is_inside = is_inside or node.type in row.functions
        if is_inside and node.type in row.blocks and not node.is_error:
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
