"""What a reader (folder, archive, revision) finds, before anything is decided; and how names become paths.

Paths in results are printable text. A name may be any bytes on Linux, so what cannot be shown safely is escaped:
undecodable bytes as `\\udcXX` (0xXX is the byte), other non-printable characters (newlines, escapes, direction
overrides, zero-width characters) as `\\xXX`, `\\uXXXX` or `\\UXXXXXXXX`, a backslash as `\\\\`; `unescape_path` is the
inverse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simdetect.languages.detect import detect_language
from simdetect.model import SkipReason

__all__ = [
    "ONLY_CODE",
    "UNLISTED_SLACK",
    "VERSION_CONTROL_NAMES",
    "Entry",
    "TooLargeError",
    "escape_path",
    "has_name_of_code",
    "unescape_path",
    "version_control_folder",
]

VERSION_CONTROL_NAMES: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", ".pijul", "CVS"})

# Entries beyond `max_files` that are still listed one by one (as `limit`) before a single entry stands for the rest:
# an input of a billion names must not be kept in memory just to say that it is too large.
UNLISTED_SLACK: Final = 100_000

# A folder with such a name may hold the whole program, built from there: what has the name of code is read there too.
ONLY_CODE: Final = "only files with names of code are read"
_REVLOG: Final = re.compile(r"(?:^|/)\.hg/.*\.[id]")  # Mercurial's own files end like some languages'

_ESCAPED = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


class TooLargeError(Exception):
    """A file is larger than the limit given to `Entry.read`. n_bytes: its size, None when unknown."""

    def __init__(self, n_bytes: int | None) -> None:
        super().__init__(n_bytes)
        self.n_bytes = n_bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing found in an input; folders themselves are not entries.

    path: root-relative, escaped. read(limit): the bytes of a regular file; raises TooLargeError beyond limit, OSError
    when unreadable; None when there is nothing to read, and then reason says why. n_bytes, sha256: of data that the
    reader has read and let go (a binary archive member).
    """

    path: str
    read: Callable[[int], bytes] | None = None
    reason: SkipReason | None = None
    detail: str = ""
    n_bytes: int | None = None
    sha256: str | None = None


def escape_path(name: str) -> str:
    """The printable form of a name decoded with `surrogateescape`. One-to-one; most names are unchanged."""
    if name.isprintable() and "\\" not in name:
        return name
    return "".join(_escape(character) for character in name)


def unescape_path(path: str) -> str:
    """The name that `escape_path` was given."""
    return _ESCAPED.sub(lambda m: chr(int("".join(m.groups("")), 16)) if m.lastindex else "\\", path)


def _escape(character: str) -> str:
    if character == "\\":
        return "\\\\"
    code = ord(character)
    if character.isprintable():
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def has_name_of_code(path: str) -> bool:
    """Whether a file within version-control data has a name that only code has."""
    return detect_language(path, b"") is not None and _REVLOG.fullmatch(path) is None


def version_control_folder(parts: tuple[str, ...]) -> int | None:
    """Index of the first part of a path that names version-control data, None when there is none."""
    return next((i for i, part in enumerate(parts) if part in VERSION_CONTROL_NAMES), None)
