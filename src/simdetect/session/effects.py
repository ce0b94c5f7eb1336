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

from tree_sitter import Parser

from simdetect.errors import InputError
from simdetect.languages.grammar import load_grammar
from simdetect.session.shell import Reader

__all__ = ["Effect", "effect_of", "may_write"]

_MOST_BYTES: Final = 200_000  # of a command that is looked into
_VERBS: Final = re.compile(
    r"\b(?:cp|mv|ln|install|tee|dd|open|copy\w*|rename\w*|move\w*|write\w*|link\w*|output|target|dest\w*)\b|-o\b|[>=:]"
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a command does. runs: it runs the executable; is_clean: and nothing else. takes_input: the executable gets
    arguments that are no options, or input from a file. replaces: it may write where the executable lies. fetches: it
    may bring in texts from elsewhere. runs_others: it runs programs, which may do what the session's files say.
    written: texts that it holds for files. spoken: what arguments come to, once quotes and variables are resolved."""

    runs: bool
    is_clean: bool
    takes_input: bool = False
    replaces: bool = False
    fetches: bool = False
    runs_others: bool = False
    written: tuple[str, ...] = ()
    spoken: str = ""


def effect_of(command: str, names: frozenset[str]) -> Effect:
    """What a command does. names: last parts of the paths of the executable."""
    content = command.encode("utf-8", "replace")
    mentions = any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", command) for name in names)
    if len(content) > _MOST_BYTES:
        return Effect(mentions, is_clean=False, replaces=mentions, fetches=True, runs_others=True)
    reader = Reader(content, names)
    reader.run(_parser().parse(content).root_node, ())
    is_clean = reader.n_runs > 0 and reader.n_others == 0
    return Effect(
        runs=mentions or reader.n_runs > 0,
        is_clean=is_clean,
        takes_input=reader.takes_input,
        replaces=reader.replaces,
        fetches=reader.fetches,
        runs_others=reader.n_others > 0,
        written=tuple(reader.written),
        spoken="\n".join(reader.spoken),
    )


def may_write(text: str, names: frozenset[str]) -> bool:
    """Whether a file of this text, once run, may write where the executable lies: some line names it beside a word or
    sign that writes."""
    if not any(name in text for name in names):
        return False
    word = re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in sorted(names)))
    return any(word.search(line) and _VERBS.search(line) for line in text.splitlines())


@cache
def _parser() -> Parser:
    grammar = load_grammar("bash")
    if grammar is None:
        raise InputError("the grammar of Bash is not installed")
    return Parser(grammar.language)
