r"""Untrusted text made visible: paths, code and messages come from people who may want to fool the reader.

Control characters drive terminals, bidi overrides reorder what is read, invisible characters hide differences and lone
surrogates cannot be encoded. Each is replaced by the escape a programmer knows (`\x1b`, `\u202e`), in every
format that people read. JSON needs none of this: it escapes whatever is not ASCII.
"""

from __future__ import annotations

import unicodedata

__all__ = ["clip", "clip_middle", "code_lines", "visible"]

TAB_COLUMNS = 4
MAX_MARKS = 4  # combining marks on one letter; more of them overprint the lines above and below
_CUT = "…"

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks by category, but drawn as nothing: fillers, joiners, variation selectors.
_INVISIBLE = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0})
_SHORT = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


class _Visible(dict[int, int | str]):
    """Translation table that decides about a character when it first occurs."""

    def __missing__(self, code: int) -> int | str:
        self[code] = _escape(code) if _is_unsafe(code) else code
        return self[code]


_TABLE = _Visible()


def _is_unsafe(code: int) -> bool:
    is_selector = 0x180B <= code <= 0x180F or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return is_selector or code in _INVISIBLE or unicodedata.category(chr(code)) in _UNSAFE_CATEGORIES


def _escape(code: int) -> str:
    if code in _SHORT:
        return _SHORT[code]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    r"""The text with everything a reader could not see replaced by escapes: `visible("a\x1b[m") == "a\\x1b[m"`."""
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_TABLE)
    return text if text.isascii() else _limit_marks(text)


def _limit_marks(text: str) -> str:
    out, n_marks = [], 0
    for char in text:
        n_marks = n_marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        out.append(char if n_marks <= MAX_MARKS else _escape(ord(char)))
    return "".join(out)


def clip(text: str, n_chars: int) -> str:
    """The text, visible, cut at the end when it is longer than n_chars."""
    return visible(text) if len(text) <= n_chars else visible(text[: n_chars - 1]) + _CUT


def clip_middle(text: str, n_chars: int) -> str:
    """The text, visible, cut in the middle when longer than n_chars: of a path, both ends matter."""
    if len(text) <= n_chars:
        return visible(text)
    n_head = n_chars // 3
    return visible(text[:n_head]) + _CUT + visible(text[len(text) - (n_chars - n_head - 1) :])


def code_lines(lines: tuple[str, ...], n_lines: int, n_chars: int) -> list[str]:
    """The first lines of an excerpt: tabs expanded, common indentation removed, cut at n_chars, visible."""
    shown = [line.rstrip("\r\n")[: n_chars * 2].expandtabs(TAB_COLUMNS) for line in lines[:n_lines]]
    indents = [len(line) - len(line.lstrip(" ")) for line in shown if line.strip(" ")]
    indent = min(indents, default=0)
    return [clip(line[indent:].rstrip(" "), n_chars) for line in shown]
