"""The reader of scripts beside the syntax tree of the shell, its slow oracle, on commands of real sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from simdetect.sources.embedded.shell import unfold_shell

SESSIONS = sorted((Path(__file__).parents[2] / "evaluation" / "rebuilt").glob("*/session/*.json"))
LEAST_LINES, LEAST_BYTES = 5, 80  # shorter files may hold nothing but a comment, or a setting
CODE = (b".c", b".cc", b".cpp", b".go", b".h", b".java", b".py", b".rs")


def commands() -> Iterator[bytes]:
    """Recorded commands that hold a heredoc, each once."""
    seen: set[str] = set()
    for file in SESSIONS:
        for message in json.loads(file.read_text("utf-8"))["messages"]:
            for action in (message.get("extra") or {}).get("actions") or ():
                command = action.get("command", "")
                if "<<" in command and command not in seen:
                    seen.add(command)
                    yield command.encode()


def below(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        found = stack.pop()
        yield found
        stack.extend(found.children)


def files_of_tree(root: Node) -> Iterator[tuple[bytes, bytes]]:
    """Name and text of files of code that `cat` writes by heredoc, as the tree has them, where no word is expanded."""
    for node in below(root):
        if node.type != "redirected_statement" or not (node.text or b"").startswith(b"cat"):
            continue
        names = [child.child_by_field_name("destination") for child in below(node) if child.type == "file_redirect"]
        bodies = [child for child in below(node) if child.type == "heredoc_body"]
        is_quoted = any(b"'" in (child.text or b"") for child in below(node) if child.type == "heredoc_start")
        if len(names) == len(bodies) == 1 and names[0] is not None and is_quoted:
            name = names[0].text or b""
            if name.endswith(CODE) and names[0].type == "word":
                body = (bodies[0].text or b"").rstrip(b"\n")
                if body.count(b"\n") >= LEAST_LINES and len(body) >= LEAST_BYTES:
                    yield name, body


@pytest.mark.skipif(not SESSIONS, reason="a source distribution holds no sessions")
def test_every_file_of_code_that_the_tree_shows_is_read() -> None:
    parser = Parser(Language(tree_sitter_bash.language()))
    n_files = 0
    for command in commands():
        root = parser.parse(command).root_node
        expected = [] if root.has_error else list(files_of_tree(root))
        unfolded = unfold_shell(command)
        read = b"\n\n".join(part.body.rstrip(b"\n") for part in (unfolded.parts if unfolded else ()))
        for name, body in expected:
            n_files += 1
            assert body in read, (name, command[:200])
    assert n_files > 500, "the oracle has hardly anything to say"
