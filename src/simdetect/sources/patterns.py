"""Glob patterns of paths to leave out, like the lines of a .gitignore file.

- A pattern without "/" (but for one at the end) matches a file or folder at any depth: `*.min.js`, `build`.
- A pattern with "/" is relative to the root: `src/*.c`, `/build`, `docs/**/*.py`.
- `*` and `?` stop at "/", `**` does not, `[...]` and `[!...]` are sets; "/" at the end matches folders only.
- A folder that matches takes everything below it along. Case matters; there is no negation.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from simdetect.errors import OptionsError

__all__ = ["compile_globs"]

_TOKEN = re.compile(r"/\*\*/|\*\*/|/\*\*|\*\*|\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)
_REPEATED = re.compile(r"(?:\*\*/){2,}|\*{3,}")
_DOUBLED = re.compile(r"([-&~|])\1")  # in a set, operators of a later Python
_FIXED = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def compile_globs(globs: tuple[str, ...]) -> Callable[[str], bool]:
    """A function that says whether a root-relative path matches any of the patterns. Raises OptionsError."""
    if not globs:
        return lambda _path: False
    try:
        match = re.compile("|".join(f"(?:{_to_regex(glob)})" for glob in globs), re.DOTALL).fullmatch
    except re.error as error:
        said = ascii(str(error))[1:-1]  # it quotes the pattern, which may have newlines
        raise OptionsError(f"exclude: not a glob pattern among {globs!r}: {said}") from error
    return lambda path: match(path) is not None


def _to_regex(glob: str) -> str:
    body = _REPEATED.sub(lambda run: "**/" if run[0].endswith("/") else "**", glob.rstrip("/"))
    anchor = "" if "/" in body else "(?:.*/)?"
    below = "/.*" if glob.endswith("/") else "(?:/.*)?"
    return anchor + _join(_TOKEN.findall(body.lstrip("/"))) + below


def _join(tokens: list[str]) -> str:
    """What stands between two stars is sought once: where it is found first, the later star can still take the rest.

    Without that `*a*a*a*a*a*b` takes hours to see that it does not match fifty times "a".
    """
    parts: list[str] = []
    star, opened = "", 0
    for token in tokens:
        if star and token in (star, "**"):
            parts[opened] = f"(?>{parts[opened]}?"
            parts.append(")")
        if token in ("*", "**"):
            star, opened = token, len(parts)
        elif "/" in token and not token.startswith("["):
            star = ""
        parts.append(_translate(token))
    return "".join(parts)


def _translate(token: str) -> str:
    if token in _FIXED:
        return _FIXED[token]
    if len(token) > 2 and token.startswith("["):
        inside = _DOUBLED.sub(r"\1\\\1", token[1:-1].replace("\\", "\\\\").replace("[", "\\["))
        return f"(?!/)[{'^' + inside[1:] if inside.startswith('!') else inside}]"
    return re.escape(token)
