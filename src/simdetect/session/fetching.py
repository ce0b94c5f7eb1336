"""Which commands of a shell get something from elsewhere, or look for what lies around: by program and subcommand.

Read as words, not followed: a fact is quoted with its line, and who reads it sees what it was.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["kind_of_line"]

_PROGRAMS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "git": ("git", frozenset({"clone", "fetch", "pull", "submodule", "ls-remote"})),
    "gh": ("git", frozenset({"repo", "api", "release", "search"})),
    "svn": ("git", frozenset({"co", "checkout", "export"})),
    "hg": ("git", frozenset({"clone", "pull"})),
    "go": ("go", frozenset({"get", "install", "mod download", "mod tidy", "mod vendor"})),
    "cargo": ("cargo", frozenset({"install", "fetch", "add", "search", "vendor", "download", "clone", "info"})),
    **dict.fromkeys(("pip", "pip3", "pipx", "conda"), ("python", frozenset({"install", "download", "run", "search"}))),
    "uv": ("python", frozenset({"pip", "add", "tool"})),
    "uvx": ("python", frozenset()),
    **dict.fromkeys(
        ("npm", "pnpm", "yarn", "bun"), ("node", frozenset({"i", "install", "add", "pack", "view", "info", "search"}))
    ),
    "npx": ("node", frozenset()),
    **dict.fromkeys(
        ("apt", "apt-get", "apt-cache", "apk", "dnf", "yum", "brew", "zypper", "nix"),
        ("system", frozenset({"source", "install", "download", "add", "fetch", "search"})),
    ),
    "gem": ("ruby", frozenset({"install", "fetch", "unpack"})),
    "cabal": ("haskell", frozenset({"get", "install", "unpack", "fetch", "update"})),
    "stack": ("haskell", frozenset({"unpack", "install", "update"})),
    "mvn": ("java", frozenset({"dependency:get", "dependency:sources", "dependency:resolve"})),
    **dict.fromkeys(("curl", "wget", "aria2c", "lynx", "w3m"), ("web", frozenset())),
    "find": ("look", frozenset()),
    **dict.fromkeys(("locate", "plocate", "mdfind"), ("look", frozenset())),
}
_MENTIONED: Final = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, _PROGRAMS))}|python\d?)\b|registry|pkg/mod|-packages|/usr/src"
)
_BEFORE: Final = frozenset({"sudo", "env", "time", "nohup", "exec", "then", "do", "else", "xargs", "command", "!", "{"})
_WITH_VALUE: Final = frozenset({"-c", "-C"})  # options of git
_HERE: Final = re.compile(r"\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0)\b|\[::1\]")
_STORES: Final = re.compile(r"\.cargo/registry|pkg/mod|site-packages|dist-packages|/usr/src|/usr/share/doc")
_AROUND: Final = re.compile(r"(?:/|~|\$HOME|\.\./).*")


def kind_of_line(line: str) -> str | None:
    """What a line of a shell fetches with, "look" when it only looks around, None when it does neither."""
    if not _MENTIONED.search(line):
        return None
    return next((kind for words in _commands(line) if (kind := _kind(words)) is not None), None)


def _commands(line: str) -> Iterator[list[str]]:
    """The simple commands of a line, as words."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&()`")
    lexer.whitespace_split, lexer.commenters = True, "#"
    words: list[str] = []
    try:
        for word in lexer:
            if word and not word.strip(";|&()`$"):
                yield words
                words = []
            else:
                words.append(word)
    except ValueError:  # a quote that ends on a later line
        pass
    yield words


def _kind(words: Sequence[str]) -> str | None:
    rest = list(words)
    while rest and (rest[0] in _BEFORE or re.fullmatch(r"\w{1,40}=.*", rest[0], re.DOTALL)):
        del rest[0]
    if rest[1:2] == ["-m"] and rest[0].startswith("python"):
        rest = rest[2:]
    if not rest:
        return None
    name = rest[0].rpartition("/")[2]
    if name in ("ls", "grep", "rg", "cat", "fd", "tree", "cd") and _STORES.search(" ".join(rest[1:])):
        return "look"
    if name not in _PROGRAMS:
        return None
    kind, subcommands = _PROGRAMS[name]
    if kind == "web":
        return None if _HERE.search(" ".join(rest[1:])) else "web"
    if name == "find":
        return "look" if _looks_around(rest[1:]) else None
    asked = _asked(rest[1:])
    return kind if not subcommands or asked[0] in subcommands or " ".join(asked) in subcommands else None


def _asked(words: Sequence[str]) -> tuple[str, str]:
    """The first two words that are no options."""
    found = [
        word
        for before, word in zip(("", *words), words, strict=False)
        if not word.startswith(("-", "+")) and before not in _WITH_VALUE
    ]
    first, second = [*found, "", ""][:2]
    return first, second


def _looks_around(words: Sequence[str]) -> bool:
    """Whether `find` looks outside of the working folder for files of some name."""
    places = [word for word in words if not word.startswith("-")][:1]
    has_name = any(re.fullmatch(r"-i?(?:name|path|regex)", word) for word in words)
    return has_name and any(_AROUND.fullmatch(place) and not place.startswith("/tmp") for place in places)
