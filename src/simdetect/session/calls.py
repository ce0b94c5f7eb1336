"""What one command of a shell does, once its words are known, and where its input and output go."""

from __future__ import annotations

import posixpath
import re
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Final

from tree_sitter import Node

from simdetect.session.programs import CUTTING, SAYING, compiled_to, cuts, is_silent, only_reads, unwrapped
from simdetect.session.values import PRINTED, Arguments, Values

__all__ = ["Calls", "spells"]

_MOST_CALLS: Final = 3  # functions inside functions
_MOST_SPOKEN: Final = 1 << 20  # characters that arguments come to
_SPELLING: Final = re.compile(r"\\(?:x[0-9a-fA-F]|u|U[0-9a-fA-F]|[0-7])")
_ASKING: Final = ("-h", "-?", "-V", "-v", "--help", "--version", "--usage", "help", "version")
_NOWHERE: Final = ("/dev/null", "/dev/stdout", "/dev/stderr")


def spells(text: str) -> bool:
    """Whether a text spells characters out, which another program may put together."""
    return _SPELLING.search(text) is not None


@dataclass
class Calls(Values):
    """Counts what is called. files: that hold what the executable printed, or what the command wrote into them. folder:
    where the command is now, from where it began; None when that is not known. places: where executables ran."""

    names: frozenset[str] = frozenset()
    functions: dict[str, Node] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    folder: str | None = ""
    n_spoken: int = 0
    n_runs: int = 0
    n_others: int = 0
    calls: int = 0
    takes_input: bool = False
    replaces: bool = False
    joins: bool = False
    runs_others: bool = False

    @abstractmethod
    def call_function(self, name: str, rest: Arguments) -> None:
        """Follow a function."""

    def call(self, words: Arguments, feed: str) -> str:
        """Note what a command does. feed: what its input is: "", "said" in the command, "printed" by the executable, or
        a "file". Gives the same of its output."""
        found = unwrapped(words)
        if not found or found[0] is None or found[0] == PRINTED or found[0] in self.inherited:
            self.doubt()
            return ""
        name, rest = found[0], found[1:]
        self._speak(" ".join(word for word in rest if word is not None))
        if name in self.functions:
            self._function(name, rest)
            return ""
        if name.rpartition("/")[2] in self.names:
            self._executable(name, rest, feed)
            return "printed"
        self.n_others += None in rest  # may be anything, and be complained about
        return self._program(name, rest, feed)

    def _function(self, name: str, rest: Arguments) -> None:
        if self.calls >= _MOST_CALLS:
            self.doubt()
        else:
            self.calls += 1
            self.call_function(name, rest)
            self.calls -= 1

    def _executable(self, name: str, rest: Arguments, feed: str) -> None:
        self.n_runs += 1
        place = name if name.startswith("/") or "/" not in name else self._path(name)
        if place is None:
            self.n_others += 1
        else:
            self.places.append("?" + place if "/" not in name else posixpath.normpath(place))
        self.n_others += any(word is None or word == PRINTED or spells(word) for word in rest)
        is_asking = all(word in _ASKING for word in rest)
        self.takes_input = self.takes_input or bool(feed) or not is_asking

    def _program(self, name: str, rest: Arguments, feed: str) -> str:
        if name in SAYING:
            self.n_others += not self._is_said(name, rest)
            return "said"
        if name in CUTTING and (files := cuts(name, rest)) is not None and self._is_cut(name, files, feed):
            return "printed" if files or feed == "printed" else "said"
        if is_silent(name, rest):
            self._silent(name, rest)
        elif only_reads(name, rest) or self._copies_away(name, rest) or self._compiles_away(name, rest):
            self.n_others += 1
        else:
            self.replaces = self.replaces or any(word is None or self._is_executable(word) for word in rest)
            self.doubt()
        return ""

    def _is_cut(self, name: str, files: list[str], feed: str) -> bool:
        """Whether a filter reads the executable's output alone; texts of several files would stand together."""
        if files:
            return len(files) == 1 and files[0] in self.files
        return feed == "printed" or (feed == "said" and name == "cat")

    def _is_said(self, name: str, rest: Arguments) -> bool:
        """Whether what is printed stands in the command: nothing spelt out, nothing glued to what comes next."""
        known = [word for word in rest if word is not None and word != PRINTED]
        if PRINTED in rest and (len(rest) > 1 or name == "printf"):
            return False
        if any(re.search(r"\\[^ntr\\\"']|\\$", word) for word in known):
            return False
        if name == "echo":
            return not known or not known[0].startswith("-") or known[0] in ("-e", "-E") or " " in known[0]
        self._speak("\n".join(word.replace("\\n", "\n").replace("\\t", "\t") for word in known))
        has_format = known[:1] == ["%s\\n"]
        return has_format or (len(known) == 1 and not known[0].startswith("-") and "%" not in known[0])

    def _silent(self, name: str, rest: Arguments) -> None:
        if name in ("rm", "touch", "rmdir") and any(word is None or self._is_executable(word) for word in rest):
            self.replaces = True
        if name == "cd":
            self.files.clear()
            self.folder = self._path(rest[0]) if len(rest) == 1 and rest[0] not in (None, "-") else None

    def _copies_away(self, name: str, rest: Arguments) -> bool:
        """Whether the executable is copied under another name: what is written are its own bytes."""
        if name != "cp" or len(rest) != 2 or rest[0] is None or rest[1] is None or not self._is_executable(rest[0]):
            return False
        last = rest[1].rpartition("/")[2]
        return last not in ("", ".", "..") and not self._is_executable(rest[1]) and not rest[1].startswith("-")

    def _compiles_away(self, name: str, rest: Arguments) -> bool:
        """Whether a compiler writes one file, and that is not the executable."""
        path = None if None in rest else compiled_to(name, rest)
        return path is not None and path.rpartition("/")[2] not in ("", ".", "..") and not self._is_executable(path)

    def _is_executable(self, path: str) -> bool:
        return path.rstrip("/").rpartition("/")[2] in self.names

    def _path(self, path: str | None) -> str | None:
        if path is None or path == PRINTED or (self.folder is None and not path.startswith("/")):
            return None
        return posixpath.normpath(posixpath.join(self.folder or "", path))

    def _speak(self, text: str) -> None:
        self.n_spoken += len(text) + 1
        if self.n_spoken > _MOST_SPOKEN:
            self.doubt()
            return
        self.spoken.append(text)
        if "\\" in text:  # as a program that knows escapes would print it
            self.spoken.append(text.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r"))

    # --- redirections ----------------------------------------------------------------------------------------------

    def input_of(self, node: Node, arguments: Arguments, feed: str) -> str:
        """What the input is behind a redirection."""
        if node.type == "heredoc_redirect":
            self._heredoc(node)
            return "said"
        if node.type == "herestring_redirect":
            value = self.value(node.named_children[0], arguments) if node.named_children else None
            self.n_others += value is None
            self._speak((value or "") if value != PRINTED else "")
            return "printed" if value == PRINTED else "said"
        sign = _sign(self.text(node))
        if "<" not in sign:
            return feed
        target = node.child_by_field_name("destination")
        path = None if target is None else self.value(target, arguments)
        if sign != "<" or (path or "/").startswith("/dev/tcp"):
            self.doubt()
        if path in self.files or path == "/dev/null":
            return "printed" if path != "/dev/null" else "said"
        self.n_others += path is None or node.parent is None or not self._feeds_executable(node.parent)
        return "file"

    def _feeds_executable(self, statement: Node) -> bool:
        """Whether a file goes into the executable itself, so far as the command says it in words."""
        body = statement.child_by_field_name("body") or statement
        body = body.named_children[-1] if body.type == "list" else body
        found = re.findall(r"[^\s;|&(){}]+", self.text(body)) if body.type == "command" else []
        return any(self._is_executable(word.strip("\"'")) for word in found) or (bool(found) and found[0][0] == "$")

    def _heredoc(self, node: Node) -> None:
        """What goes in is written; where variables go in too, what that comes to stands nowhere."""
        start = next((self.text(part) for part in node.named_children if part.type == "heredoc_start"), "")
        bodies = [self.text(part) for part in node.named_children if part.type == "heredoc_body"]
        self.written += bodies
        if not start.startswith(("'", '"', "\\")) and any(sign in body for body in bodies for sign in "$`\\"):
            self.doubt()
        self.joins = self.joins or any(spells(body) for body in bodies)

    def output_of(self, node: Node, arguments: Arguments, *, is_plain: bool, is_straight: bool) -> None:
        """Note where the output goes. is_plain: it is whole, and known."""
        sign = _sign(self.text(node)) if node.type == "file_redirect" else "<"
        if "<" in sign:
            return
        target = node.child_by_field_name("destination")
        path = None if target is None else self.value(target, arguments)
        if path in _NOWHERE or (sign.endswith(">&") and path in ("1", "2")):
            return
        if path is None or self._is_executable(path) or path == PRINTED:
            self.replaces = True
        elif path.startswith(("/dev", "/proc")) or sign not in (">", "1>", "2>", "&>", ">>", "1>>", "2>>", ">|", ">&"):
            self.doubt()
        elif is_plain and ">>" not in sign:
            if is_straight and sign == ">":
                self.files.add(path)
        else:
            self.joins = True


def _sign(text: str) -> str:
    """The operator of a redirection with its descriptor."""
    found = re.match(r"\d*(?:&>>|&>|>>|>\||>&|<&|<>|>|<)", text)
    return found[0] if found else "?<"
