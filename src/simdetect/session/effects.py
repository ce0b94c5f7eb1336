"""A shell command -> does it run nothing but the given executable? Read from its syntax tree; nothing is run.

What such a command prints is what the executable prints. Beside runs of the executable a clean command may hold only
what prints nothing of its own, or nothing that does not stand in the command: assignments, `cd`, `mkdir`, `echo` and
`printf` without escapes that spell characters, loops, functions, redirections, and filters behind the executable that
only leave out lines (`head`, `grep`). Everything else (`cat FILE`, `sed s/a/b/`, `curl`, a script) makes it unclean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from tree_sitter import Node, Parser

from simdetect.errors import InputError
from simdetect.languages.grammar import load_grammar
from simdetect.session.shell import Reader

__all__ = ["Effect", "effect_of"]

_MOST_BYTES: Final = 200_000  # of a command that is looked into


@dataclass(frozen=True, slots=True)
class Effect:
    """What a command does. runs: it runs the executable; is_clean: and nothing else. takes_input: the executable gets
    more than a question for help or a version. replaces: it writes where the executable may lie. joins: it puts a file
    together. runs_others: it runs programs that may write anything, or sets what later commands do. written: texts that
    it holds for files. spoken: what arguments come to, once quotes and variables are resolved. places: where
    executables ran. assigned: names of variables and functions that may last."""

    runs: bool
    is_clean: bool
    takes_input: bool = False
    replaces: bool = False
    joins: bool = False
    runs_others: bool = False
    written: tuple[str, ...] = ()
    spoken: str = ""
    places: tuple[str, ...] = ()
    assigned: frozenset[str] = frozenset()


def effect_of(command: str, names: frozenset[str], inherited: frozenset[str] = frozenset()) -> Effect:
    """What a command does. names: last parts of the paths of the executable. inherited: names that were given a value
    or a body before."""
    content = command.encode("utf-8", "replace")
    mentions = any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", command) for name in names)
    if len(content) > _MOST_BYTES or b"\0" in content:
        return Effect(mentions, is_clean=False, replaces=mentions, runs_others=True)
    reader = Reader(content, names=names, inherited=inherited)
    root = _parser().parse(content).root_node
    if root.has_error or _has_background(root):
        reader.doubt()
    reader.run(root, ())
    return Effect(
        runs=mentions or reader.n_runs > 0,
        is_clean=reader.n_runs > 0 and reader.n_others == 0,
        takes_input=reader.takes_input,
        replaces=reader.replaces,
        joins=reader.joins,
        runs_others=reader.runs_others,
        written=tuple(reader.written),
        spoken="\n".join(reader.spoken),
        places=tuple(reader.places),
        assigned=frozenset(reader.assigned),
    )


def _has_background(root: Node) -> bool:
    """Whether something goes on while the next command prints."""
    waiting = [root]
    while waiting:
        found = waiting.pop()
        if found.type == "&":
            return True
        waiting += found.children
    return False


@cache
def _parser() -> Parser:
    grammar = load_grammar("bash")
    if grammar is None:
        raise InputError("the grammar of Bash is not installed")
    return Parser(grammar.language)
