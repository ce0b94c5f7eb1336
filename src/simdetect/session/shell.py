"""Follows a shell command along its syntax tree, with variables, loops and functions, and notes what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from tree_sitter import Node

from simdetect.session.programs import (
    CUTTING,
    FETCHING,
    HARMLESS_WORDS,
    READERS,
    SAYING,
    SILENT,
    WRAPPERS,
)

__all__ = ["Reader"]

_MOST_RUNS: Final = 2_000  # commands that are followed, loops and functions unrolled
_MOST_DEEP: Final = 60
_MOST_CALLS: Final = 3  # functions inside functions

_SPELLING: Final = re.compile(r"\\(?:x|u|U|[0-7])")


@dataclass
class Reader:
    """Follows the commands of one text. variables: known values, None for those that only running would tell. files:
    that hold what the executable printed, or what the command wrote into them."""

    content: bytes
    names: frozenset[str]
    variables: dict[str, str | None] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    n_runs: int = 0
    n_others: int = 0
    n_followed: int = 0
    depth: int = 0
    calls: int = 0
    takes_input: bool = False
    replaces: bool = False
    fetches: bool = False

    # --- statements ------------------------------------------------------------------------------------------------

    def run(self, node: Node, arguments: Sequence[str | None], *, is_behind: bool = False) -> None:
        """Follow one node. arguments: of the function that it stands in. is_behind: its input is what the node before
        it printed."""
        self.n_followed += 1
        self.depth += 1
        if self.depth > _MOST_DEEP or self.n_followed > _MOST_RUNS:
            self.n_others += 1
        else:
            self._run(node, arguments, is_behind)
        self.depth -= 1

    def _run(self, node: Node, arguments: Sequence[str | None], is_behind: bool) -> None:
        kind = node.type
        if kind == "command":
            self._command(node, arguments, is_behind)
        elif kind == "pipeline":
            self._pipeline(node, arguments, is_behind)
        elif kind == "redirected_statement":
            self._redirected(node, arguments, is_behind)
        elif kind == "for_statement":
            self._loop(node, arguments)
        elif kind == "function_definition":
            self._define(node)
        elif kind == "variable_assignment":
            self._assign(node, arguments)
        elif kind in ("ERROR", "process_substitution", "ansi_c_string"):
            self.n_others += 1
        elif kind != "comment":
            for child in node.named_children:
                self.run(child, arguments, is_behind=is_behind)

    def _pipeline(self, node: Node, arguments: Sequence[str | None], is_behind: bool) -> None:
        for child in node.named_children:
            before = self.n_runs
            self.run(child, arguments, is_behind=is_behind)
            is_behind = is_behind or self.n_runs > before or child.type in ("command", "redirected_statement")

    def _loop(self, node: Node, arguments: Sequence[str | None]) -> None:
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        values = [value for child in node.children_by_field_name("value") for value in self._words(child, arguments)]
        for value in values or [None]:
            if variable is not None and body is not None and self.n_followed <= _MOST_RUNS:
                self.variables[self._text(variable)] = value
                self.run(body, arguments)

    def _define(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self.functions[self._text(name)] = body

    def _assign(self, node: Node, arguments: Sequence[str | None]) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None:
            self.variables[self._text(name)] = "" if value is None else self._value(value, arguments)

    def _redirected(self, node: Node, arguments: Sequence[str | None], is_behind: bool) -> None:
        body = node.child_by_field_name("body")
        redirects = node.children_by_field_name("redirect")
        before, others = self.n_runs, self.n_others
        if body is not None:
            self.run(body, arguments, is_behind=is_behind or any("here" in r.type for r in redirects))
        ran, is_clean = self.n_runs > before, self.n_others == others
        for redirect in redirects:
            self._redirect(redirect, arguments, ran=ran, is_clean=is_clean)

    def _redirect(self, node: Node, arguments: Sequence[str | None], *, ran: bool, is_clean: bool) -> None:
        if node.type == "heredoc_redirect":
            self._heredoc(node)
        for inner in _inside(node, "command_substitution"):
            self.run(inner, arguments)
        if node.type != "file_redirect":
            return
        target = node.child_by_field_name("destination")
        path = None if target is None else self._value(target, arguments)
        if b"<" in self.content[node.start_byte : node.start_byte + 2]:
            self.takes_input = self.takes_input or (ran and path not in self.files)
        else:
            self.replaces = self.replaces or path is None or self._is_executable(path)
            if path is not None and is_clean:
                self.files.add(path)

    def _heredoc(self, node: Node) -> None:
        """What goes in is written; where variables go in too, what that comes to stands nowhere."""
        self.written += [self._text(part) for part in node.named_children if part.type == "heredoc_body"]
        self.n_others += any(True for kind in ("simple_expansion", "expansion") for _ in _inside(node, kind))

    # --- commands --------------------------------------------------------------------------------------------------

    def _command(self, node: Node, arguments: Sequence[str | None], is_behind: bool) -> None:
        words: list[str | None] = []
        for child in node.named_children:
            if child.type == "variable_assignment":
                self._assign(child, arguments)
            elif child.type.endswith("_redirect"):
                self._redirect(child, arguments, ran=True, is_clean=True)
            else:
                inner = child.named_children[0] if child.type == "command_name" and child.named_children else child
                words += self._words(inner, arguments)
        words = _unwrapped(words)
        if words:
            self._call(words, is_behind)

    def _call(self, words: Sequence[str | None], is_behind: bool) -> None:
        name, rest = words[0], words[1:]
        self.spoken.append(" ".join(word for word in rest if word is not None))
        if name is None:
            self.n_others += 1
        elif name in self.functions and self.calls < _MOST_CALLS:
            self.calls += 1
            self.run(self.functions[name], rest, is_behind=is_behind)
            self.calls -= 1
        elif self._is_executable(name):
            self.n_runs += 1
            self.takes_input = self.takes_input or any(word is None or not word.startswith("-") for word in rest)
        elif not self._is_harmless(name, rest, is_behind):
            self._other(name, rest)
        elif name in ("rm", "touch") and any(word is None or self._is_executable(word) for word in rest):
            self.replaces = True

    def _is_harmless(self, name: str, rest: Sequence[str | None], is_behind: bool) -> bool:
        if name in SILENT:
            return True
        if name in SAYING:
            return not any(word is not None and _SPELLING.search(word) for word in rest)
        if name not in CUTTING:
            return False
        operands = _operands(name, rest)
        return all(word in self.files for word in operands) and (is_behind or bool(operands) or name == "cat")

    def _other(self, name: str, rest: Sequence[str | None]) -> None:
        self.n_others += 1
        named = [word for word in rest if word is not None and self._is_executable(word)]
        is_source = name in ("cp", "ln") and rest and rest[-1] not in named  # a copy of it elsewhere
        self.replaces = self.replaces or (bool(named) and name not in READERS and not is_source)
        first = next((word for word in rest if word is not None and not word.startswith("-")), "")
        self.fetches = self.fetches or (PurePosixPath(name).name in FETCHING and first not in HARMLESS_WORDS)

    def _is_executable(self, path: str) -> bool:
        return path.rpartition("/")[2] in self.names

    # --- words -----------------------------------------------------------------------------------------------------

    def _words(self, node: Node, arguments: Sequence[str | None]) -> list[str | None]:
        """What a word expands to: all arguments for "$@", several words for an unquoted variable that holds several."""
        text = self._text(node)
        if text in ('"$@"', "$@", "$*", '"${@}"'):
            return list(arguments)
        value = self._value(node, arguments)
        if node.type in ("simple_expansion", "expansion") and value is not None:
            return list(value.split())
        return [value]

    def _value(self, node: Node, arguments: Sequence[str | None]) -> str | None:
        """The text that a word stands for, None where only running would tell."""
        text = self._text(node)
        if node.type == "raw_string":
            return text[1:-1]
        if node.type in ("simple_expansion", "expansion"):
            return self._variable(text.strip("${}"), node, arguments)
        if node.type in ("command_substitution", "process_substitution", "ansi_c_string"):
            is_plain = node.type == "ansi_c_string" and not _SPELLING.search(text)
            self.run(node, arguments) if not is_plain else None
            return text[2:-1] if is_plain else None
        if node.type in ("word", "number") or not node.named_children:
            return re.sub(r"\\(.)", r"\1", text) if node.type == "word" else text.strip('"')
        return self._joined(node, arguments)

    def _joined(self, node: Node, arguments: Sequence[str | None]) -> str | None:
        """The parts of a string or of words written together, with what stands between them."""
        start, end = node.start_byte, node.end_byte
        if node.type == "string":
            start, end = start + 1, end - 1
        parts: list[str | None] = []
        for child in node.named_children:
            parts.append(self.content[start : child.start_byte].decode("utf-8", "replace"))
            parts.append(self._text(child) if child.type == "string_content" else self._value(child, arguments))
            start = child.end_byte
        parts.append(self.content[start:end].decode("utf-8", "replace"))
        return None if None in parts else "".join(part for part in parts if part is not None)

    def _variable(self, name: str, node: Node, arguments: Sequence[str | None]) -> str | None:
        for inner in _inside(node, "command_substitution"):
            self.run(inner, arguments)
        name, _, default = name.partition(":-")
        if name.isdigit() and 0 < int(name) <= len(arguments):
            return arguments[int(name) - 1]
        return self.variables.get(name, default if default and "$" not in default and "`" not in default else None)

    def _text(self, node: Node) -> str:
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _inside(node: Node, kind: str) -> Iterator[Node]:
    """Nodes of a kind below a node, outermost first."""
    waiting = list(node.named_children)
    while waiting:
        found = waiting.pop()
        if found.type == kind:
            yield found
        else:
            waiting += found.named_children


def _unwrapped(words: list[str | None]) -> list[str | None]:
    """A command without `timeout 5` and the like before it."""
    while words and words[0] in WRAPPERS:
        n_own = WRAPPERS[words[0] or ""]
        words = words[1:]
        while words and words[0] is not None and (words[0].startswith("-") or "=" in words[0]):
            words = words[1:]
        words = words[n_own:]
    return words


def _operands(name: str, words: Sequence[str | None]) -> list[str | None]:
    """What a filter takes beside its options: of `grep` the pattern is none, and a number belongs to an option."""
    found = [word for word in words if word is None or not (word.startswith("-") or word.isdigit())]
    return found[1:] if name.endswith("grep") else found
