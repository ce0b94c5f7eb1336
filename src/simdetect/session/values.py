"""What the words of a shell command stand for, as far as that is known without running it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tree_sitter import Node

__all__ = ["PRINTED", "Values"]

PRINTED: Final = "\0"  # a value that the executable printed; no command holds this character
_MOST_LONG: Final = 1 << 16  # of a value; a longer one is not known
_VARIABLE: Final = re.compile(r"\$\{?(\w+|[?#*@])\}?|\$\{([A-Za-z_]\w*):-([\w.,/+-]*)\}")
_GLOB: Final = re.compile(r"(?<!\\)[*?\[\]{}~!]")
_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}

Arguments = Sequence["str | None"]


@dataclass
class Values(ABC):
    """Known values of variables, None for those that only running would tell. inherited: names that earlier commands
    gave a value or a body, which may still hold."""

    content: bytes
    variables: dict[str, str | None] = field(default_factory=dict)
    inherited: frozenset[str] = frozenset()

    @abstractmethod
    def doubt(self) -> None:
        """Note that something may do anything."""

    @abstractmethod
    def substitute(self, node: Node, arguments: Arguments) -> str | None:
        """Follow the commands of a substitution; PRINTED where only the executable printed."""

    def text(self, node: Node) -> str:
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def words(self, node: Node, arguments: Arguments) -> list[str | None]:
        """What a word expands to: all arguments for "$@", several words for an unquoted variable that holds several."""
        if self.text(node) in ('"$@"', "$@", "$*", '"${@}"'):
            return list(arguments)
        if found := re.fullmatch(r"\{(\d{1,3})\.\.(\d{1,3})\}", self.text(node)):
            return [str(number) for number in range(int(found[1]), int(found[2]) + 1)]
        value = self.value(node, arguments)
        if node.type in ("simple_expansion", "expansion") and value is not None and value != PRINTED:
            return [None if _GLOB.search(word) else word for word in value.split()]
        if value is not None and value != PRINTED and " " in value and node.type == "concatenation":
            return [value] if "$" not in self.text(node) else [None]  # it may be split, or not
        return [value]

    def value(self, node: Node, arguments: Arguments) -> str | None:
        """The text that a word stands for, None where only running would tell."""
        text, kind = self.text(node), node.type
        if kind == "raw_string":
            return text[1:-1]
        if kind == "ansi_c_string":
            return _ansi(text[2:-1])
        if kind in ("simple_expansion", "expansion"):
            return self._variable(text, arguments)
        if kind == "command_substitution":
            return self.substitute(node, arguments)
        if kind in ("string", "concatenation"):
            return self._joined(node, arguments)
        if kind in ("word", "number", "variable_name", "regex", "extglob_pattern", "test_operator"):
            return None if _GLOB.search(text) else re.sub(r"\\(\n|.)", _escaped, text)
        self.doubt()
        return None

    def _joined(self, node: Node, arguments: Arguments) -> str | None:
        """The parts of a string or of words written together, with what stands between them."""
        is_string = node.type == "string"
        start, end = node.start_byte + is_string, node.end_byte - is_string
        parts: list[str | None] = []
        for child in node.named_children:
            parts.append(self._plain(start, child.start_byte))
            is_plain = child.type == "string_content"
            parts.append(self._plain(child.start_byte, child.end_byte) if is_plain else self.value(child, arguments))
            start = child.end_byte
        parts.append(self._plain(start, end))
        known = [part for part in parts if part]
        if None in parts or sum(map(len, known)) > _MOST_LONG or (PRINTED in known and len(known) > 1):
            return None
        return "".join(known)

    def _plain(self, start: int, end: int) -> str:
        found = self.content[start:end].decode("utf-8", "replace")
        return re.sub(r'\\([\n"\\$`])', _escaped, found)

    def _variable(self, text: str, arguments: Arguments) -> str | None:
        found = _VARIABLE.fullmatch(text)
        if found is None:
            self.doubt()  # what else can be done to a variable is too much to know
            return None
        name, default = found[1] or found[2], found[3]
        if name in ("?", "#"):
            return "0"
        if name in ("*", "@"):
            return None if None in arguments else " ".join(word for word in arguments if word is not None)
        if name.isdigit():
            return (
                (arguments[int(name) - 1] if int(name) <= len(arguments) else "") if 0 < int(name[:9]) < 100 else None
            )
        if name in self.variables:
            return self.variables[name] if self.variables[name] != "" or default is None else default
        return None if name in self.inherited else default


def _escaped(found: re.Match[str]) -> str:
    return "" if found[1] == "\n" else found[1]


def _ansi(text: str) -> str | None:
    """The text in $'…', None where it spells characters out."""
    if re.search(r"\\[^nt\\'\"]", text):
        return None
    return re.sub(r"\\(.)", lambda found: _ESCAPES[found[1]], text)
