"""Words of a session without what nobody else should read: keys, addresses and home folders."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["redacted"]

_MAX_CHARS: Final = 300
# What is replaced, in this order. Every pattern is linear: bounded repeats, no nesting.
_RULES: Final = (
    (re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*", re.DOTALL), "[key]"),
    (re.compile(r"(?<=://)[^\s/@]{1,256}@"), "[key]@"),
    (re.compile(r"(?i)\b(bearer|basic|token)\s{1,3}[A-Za-z0-9._~+/=-]{8,512}"), r"\1 [key]"),
    (
        re.compile(
            r"\b(?:sk-|pk-|rk_|gh[pousr]_|github_pat_|glpat-|hf_|xox[abprs]-|npm_|pypi-|AKIA|ASIA|AIza|ya29\.|eyJ)"
            r"[A-Za-z0-9._/+=-]{8,2048}"
        ),
        "[key]",
    ),
    (
        re.compile(
            r"(?i)\b(\w{0,40}(?:api|access|secret|private|auth)?_?(?:key|token|secret|passwd|password|credential)s?)"
            r"(\s{0,3}[=:]\s{0,3}|\s{1,3})[\"']?[^\s\"']{6,512}[\"']?(?=[\s\"';,&)]|$)"
        ),
        r"\1\2[key]",
    ),
    (re.compile(r"\b(?=[A-Za-z0-9+/_-]{0,64}\d)(?=[A-Za-z0-9+/_-]{0,64}[A-Z])[A-Za-z0-9+/_-]{40,512}={0,2}"), "[key]"),
    (re.compile(r"\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,64}){1,5}"), "[address]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), "[address]"),
    (re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:])"), "[address]"),
    (re.compile(r"(?:/home|/Users|/var/home)/[^/\s\"':;|&<>()]{1,64}|(?<![\w/])/root(?![\w])"), "~"),
    (re.compile(r"(?i)\b[a-z]:\\{1,2}Users\\{1,2}[^\\\s\"']{1,64}"), "~"),
)


def redacted(text: str) -> str:
    """A text as it may be shown: on one line, of bounded length, redacted before it is cut."""
    line = " ".join(text[: 20 * _MAX_CHARS].split())
    for pattern, instead in _RULES:
        line = pattern.sub(instead, line)
    return line if len(line) <= _MAX_CHARS else line[: _MAX_CHARS - 1] + "…"
