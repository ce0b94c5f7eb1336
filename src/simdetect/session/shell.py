"""Follows a shell command along its syntax tree, with variables, loops and functions, and notes what it does.

Every kind of node that is not known may do anything; so may a variable that was set where it is not sure to be set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tree_sitter import Node

from simdetect.session.calls import Calls
from simdetect.session.programs import DANGEROUS, KNOWN, SETTINGS
from simdetect.session.values import PRINTED, Arguments

__all__ = ["Reader"]

_MOST_RUNS: Final = 2_000  # commands that are followed, loops and functions unrolled
_MOST_DEEP: Final = 60
_STRAIGHT: Final = ("program", "variable_assignments", "compound_statement")
_BRANCHING: Final = ("if_statement", "elif_clause", "else_clause", "do_group", "negated_command", "test_command")
_TESTS: Final = ("unary_expression", "binary_expression", "negation_expression")
_SILENT_TOKENS: Final = ("comment", "heredoc_start", "heredoc_body", "heredoc_end", "test_operator")


@dataclass
class Reader(Calls):
    """Follows the commands of one text. is_straight: what is followed is sure to be run, once, in this shell."""

    n_followed: int = 0
    depth: int = 0
    is_straight: bool = True
    assigned: set[str] = field(default_factory=set)

    def run(self, node: Node, arguments: Arguments, feed: str = "") -> str:
        """Follow one node. feed: what its input is. Gives what its output is to the node behind it."""
        self.n_followed += 1
        self.depth += 1
        before, others, result = self.n_runs, self.n_others, ""
        if self.depth > _MOST_DEEP or self.n_followed > _MOST_RUNS:
            self.doubt()
        else:
            result = self._run(node, arguments, feed)
        self.depth -= 1
        return "printed" if self.n_runs > before and self.n_others == others else result

    def _run(self, node: Node, arguments: Arguments, feed: str) -> str:
        kind = node.type
        if kind == "command":
            return self._command(node, arguments, feed)
        if kind == "redirected_statement":
            return self._redirected(node, arguments, feed)
        if kind == "pipeline":
            self._pipeline(node.named_children, arguments, feed)
        elif kind == "for_statement":
            self._loop(node, arguments)
        elif kind == "function_definition":
            self._define(node)
        elif kind == "variable_assignment":
            self._assign(node, arguments)
        elif kind == "declaration_command":
            self._declare(node, arguments)
        else:
            self._compound(node, arguments, feed)
        return ""

    def _compound(self, node: Node, arguments: Arguments, feed: str) -> None:
        kind = node.type
        self.takes_input = self.takes_input or bool(feed)
        if kind in _STRAIGHT:
            self._all(node.named_children, arguments)
        elif kind == "list":
            self.run(node.named_children[0], arguments)
            self._unsure(node, node.named_children[1:], arguments, feed)
        elif kind in _BRANCHING or kind == "subshell":
            if kind == "test_command" and (self.text(node).startswith("[[") or " -v" in self.text(node)):
                self.doubt()  # it computes, which may run what a variable says
            self._unsure(node, node.named_children, arguments)
        elif kind == "while_statement":
            self._forget(node)
            self._unsure(node, [*node.named_children, *node.named_children], arguments)
        elif kind in _TESTS:
            self._all([child for child in node.named_children if child.type in _TESTS], arguments)
            for child in node.named_children:
                if child.type not in _TESTS and self.value(child, arguments) is None:
                    self.n_others += 1
        elif kind not in _SILENT_TOKENS:
            self.doubt()

    def _all(self, nodes: Sequence[Node], arguments: Arguments) -> None:
        for child in nodes:
            self.run(child, arguments)

    def _unsure(self, node: Node, nodes: Sequence[Node], arguments: Arguments, feed: str = "") -> None:
        """Follow what may be run, or not, or in another shell: nothing that it sets is known afterwards. feed: what
        the input of the last is."""
        was, self.is_straight = self.is_straight, False
        self._all(nodes[:-1], arguments)
        self.run(nodes[-1], arguments, feed) if nodes else None
        self.is_straight = was
        self._forget(node)

    def _forget(self, node: Node) -> None:
        for name in _set_in(node, self.content):
            self.variables[name] = None
        if re.search(rb"\b(?:cd|pushd|popd)\b", self.content[node.start_byte : node.end_byte]):
            self.folder = self.folder if node.type == "list" and self._only_enters(node) else None

    def _only_enters(self, node: Node) -> bool:
        """Whether a list changes the folder in its first command alone: what follows has not run without that."""
        first = node.named_children[0]
        rest = self.content[first.end_byte : node.end_byte]
        return not re.search(rb"\b(?:cd|pushd|popd)\b", rest)

    def _pipeline(self, stages: Sequence[Node], arguments: Arguments, feed: str) -> None:
        was, self.is_straight = self.is_straight, False
        for child in stages:
            feed = self.run(child, arguments, feed)
        self.is_straight = was
        for child in stages:
            self._forget(child)

    def _loop(self, node: Node, arguments: Arguments) -> None:
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        values = [value for child in node.children_by_field_name("value") for value in self.words(child, arguments)]
        self._forget(node)
        if variable is None or body is None or not re.match(rb"for\b", self.content[node.start_byte :][:4]):
            self.doubt()
            return
        name = self.text(variable)
        for value in values or [None]:
            if self.n_followed > _MOST_RUNS:
                break
            self._set(name, value)
            self._unsure(body, [body], arguments)
        self.variables[name] = None

    def _define(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        word = "" if name is None else self.text(name)
        is_odd = word in KNOWN | self.names or word.endswith("_handle") or not re.fullmatch(r"\w+", word)
        if body is None or not self.is_straight or word in self.functions or is_odd:
            self.doubt()
        else:
            self.functions[word] = body
            self.assigned.add(word)

    # --- variables -------------------------------------------------------------------------------------------------

    def _set(self, name: str, value: str | None) -> None:
        if DANGEROUS.fullmatch(name):
            self.doubt()
        self.assigned.add(name)
        self.variables[name] = value

    def _assign(self, node: Node, arguments: Arguments) -> str:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or name.type != "variable_name":
            self.doubt()
            return ""
        is_plain = "+=" not in self.text(node)[: len(self.text(name)) + 2] and (value is None or value.type != "array")
        known = "" if value is None else self.value(value, arguments) if is_plain else None
        self._set(self.text(name), known if self.is_straight else None)
        return self.text(name)

    def _declare(self, node: Node, arguments: Arguments) -> None:
        """`export` and the like: only of variables that do no harm."""
        is_local = self.text(node).startswith(("local ", "readonly "))
        for child in node.named_children:
            name = self._assign(child, arguments) if child.type == "variable_assignment" else ""
            if not name or not (is_local or SETTINGS.fullmatch(name)):
                self.doubt()
        if not node.named_children or not (is_local or self.text(node).startswith("export ")):
            self.doubt()

    # --- commands --------------------------------------------------------------------------------------------------

    def _command(self, node: Node, arguments: Arguments, feed: str) -> str:
        found: list[str | None] = []
        redirects = [child for child in node.named_children if child.type.endswith("_redirect")]
        for child in node.named_children:
            if child.type == "variable_assignment":
                if not SETTINGS.fullmatch(self._assign(child, arguments)):
                    self.n_others += 1
            elif child not in redirects:
                inner = child.named_children[0] if child.type == "command_name" and child.named_children else child
                found += self.words(inner, arguments)
        for redirect in redirects:
            feed = self.input_of(redirect, arguments, feed)
        before = self.n_others
        result = self.call(found, feed) if found else ""
        for redirect in redirects:
            self.output_of(redirect, arguments, is_plain=self.n_others == before, is_straight=self.is_straight)
        return result

    def _redirected(self, node: Node, arguments: Arguments, feed: str) -> str:
        body = node.child_by_field_name("body")
        redirects = [child for child in node.named_children if child.type.endswith("_redirect")]
        for redirect in redirects:
            feed = self.input_of(redirect, arguments, feed)
        runs, others = self.n_runs, self.n_others
        result = self.run(body, arguments, feed) if body is not None else ""
        is_plain = self.n_others == others and (self.n_runs > runs or (body is not None and body.type == "command"))
        is_straight = self.is_straight and body is not None and body.type == "command"  # a list's last may not run
        for redirect in redirects:
            for inner in (redirect, *redirect.children_by_field_name("redirect")):
                self.output_of(inner, arguments, is_plain=is_plain, is_straight=is_straight)
            if redirect.type == "heredoc_redirect":
                result = self._behind(redirect, arguments, result)
        return result

    def _behind(self, redirect: Node, arguments: Arguments, feed: str) -> str:
        """What stands behind `<<X` on its line: a pipe, or another command."""
        for child in redirect.named_children:
            if child.type == "pipeline":
                stages = _stages(child)
                self._pipeline(stages, arguments, feed)
            elif child.type not in _SILENT_TOKENS and child.type != "file_redirect":
                self._unsure(child, [child], arguments)
        return feed

    def call_function(self, name: str, rest: Arguments) -> None:
        was, self.is_straight = self.is_straight, False
        self._forget(self.functions[name])
        self.run(self.functions[name], rest)
        self.is_straight = was
        self._forget(self.functions[name])

    def substitute(self, node: Node, arguments: Arguments) -> str | None:
        runs, others = self.n_runs, self.n_others
        self._unsure(node, node.named_children, arguments)
        return PRINTED if self.n_runs > runs and self.n_others == others else None

    def doubt(self) -> None:
        self.n_others += 1
        self.runs_others = True


def _stages(node: Node) -> list[Node]:
    """The commands of pipes inside pipes, in order."""
    return [
        stage for child in node.named_children for stage in (_stages(child) if child.type == "pipeline" else [child])
    ]


def _set_in(node: Node, content: bytes) -> Iterator[str]:
    """Names of the variables that are set somewhere below a node."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if found.type == "variable_assignment" or found.type == "for_statement":
            name = found.child_by_field_name("name") or found.child_by_field_name("variable")
            if name is not None:
                yield content[name.start_byte : name.end_byte].decode("utf-8", "replace")
        waiting += found.named_children
