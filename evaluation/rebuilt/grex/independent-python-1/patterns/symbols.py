"""The alphabet: atoms with a repetition range.

An atom is a single character, a longer string that is a finished escape
sequence, or a tuple of symbols which are repeated together.
"""
import unicodedata
from typing import NamedTuple

ASTRAL = 0x10000


class Symbol(NamedTuple):
    atom: object
    low: int = 1
    high: int = 1

    @property
    def is_char(self):
        return isinstance(self.atom, str) and len(self.atom) == 1 and self[1:] == (1, 1)


def is_digit(char):
    return unicodedata.category(char) == "Nd"


def is_word(char):
    return char.isalnum() or unicodedata.category(char) in {"Mn", "Mc", "Me", "Pc"} or char in "\u200c\u200d"


def is_space(char):
    return char.isspace() and char not in "\x1c\x1d\x1e\x1f"


# the order decides which class wins
RULES = [
    ("digits", "\\d", is_digit),
    ("words", "\\w", is_word),
    ("spaces", "\\s", is_space),
    ("non-digits", "\\D", lambda char: not is_digit(char)),
    ("non-words", "\\W", lambda char: not is_word(char)),
    ("non-spaces", "\\S", lambda char: not is_space(char)),
]


def tokenize(sample, flags):
    return tuple(Symbol(convert(char, flags)) for char in sample)


def convert(char, flags):
    for flag, shorthand, applies in RULES:
        if flag in flags and applies(char):
            return shorthand
    if "escape" in flags and not char.isascii():
        return "".join(f"\\u{{{unit:x}}}" for unit in code_units(char, "with-surrogates" in flags))
    return char


def code_units(char, surrogates):
    code = ord(char)
    if not surrogates or code < ASTRAL:
        return [code]
    high, low = divmod(code - ASTRAL, 0x400)
    return [0xD800 + high, 0xDC00 + low]
