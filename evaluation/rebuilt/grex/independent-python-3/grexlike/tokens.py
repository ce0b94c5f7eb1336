"""Cutting text into tokens and finding repeated sequences of them."""

import re
import unicodedata
from typing import NamedTuple


class Char(NamedTuple):
    """One perceived character, written as code points if `coded` is set."""
    text: str
    coded: bool = False


class Shorthand(NamedTuple):
    letter: str


class Repeat(NamedTuple):
    body: tuple
    low: int
    high: int


TESTS = [
    ("digits", r"\d"), ("words", r"\w"), ("spaces", r"\s"),
    ("non-digits", r"\D"), ("non-words", r"\W"), ("non-spaces", r"\S"),
]


def is_word(char):
    return unicodedata.category(char)[0] in "LM" or unicodedata.category(char) in ("Nd", "Nl", "Pc")


def matches(test, char):
    if test[1] in "wW":
        return is_word(char) == (test == r"\w")
    return re.fullmatch(test, char) is not None


def clusters(text):
    found = []
    for char in text:
        joiner = char == "\u200d" or unicodedata.category(char)[0] == "M"
        pair = found and (found[-1].endswith("\u200d") or found[-1] + char == "\r\n")
        if found and (joiner or pair):
            found[-1] += char
        else:
            found.append(char)
    return found


def tokenize(text, options):
    tests = [(name, test) for name, test in TESTS if name in options]

    def convert(char):
        for _, test in tests:
            if matches(test, char):
                return Shorthand(test[1])
        return None

    def plain(chars):
        return Char(chars, "escape" in options and not chars.isascii())

    tokens = []
    for cluster in clusters(text):
        converted = [convert(char) for char in cluster]
        if any(converted):
            tokens += [new or plain(old) for new, old in zip(converted, cluster)]
        else:
            tokens.append(plain(cluster))
    return tuple(tokens)


def find_runs(tokens, options):
    """Yield (start, end, length) wherever a sequence follows itself often enough."""
    for length in range(options.number("min-substring-length"), len(tokens) // 2 + 1):
        for start in range(len(tokens) - 2 * length + 1):
            pattern = tokens[start:start + length]
            if start >= length and tokens[start - length:start] == pattern:
                continue
            end = start + length
            while tokens[end:end + length] == pattern:
                end += length
            if (end - start) // length > options.number("min-repetitions"):
                yield start, end, length


def collapse(tokens, options):
    """Replace repeated sequences, working from the end of the text to its start."""
    result, limit = [], len(tokens)
    for start, end, length in sorted(find_runs(tokens, options), key=lambda r: (-r[1], r[0], r[2])):
        if end > limit:
            continue
        count = (end - start) // length
        body = collapse(tokens[start:start + length], options)
        result = [Repeat(body, count, count), *tokens[end:limit], *result]
        limit = start
    return (*tokens[:limit], *result)


def extended(token, other):
    """The token, allowing one more repetition if the other one has that many."""
    body, low, high = token if isinstance(token, Repeat) else ((token,), 1, 1)
    other_body, _, count = other if isinstance(other, Repeat) else ((other,), 1, 1)
    if body != other_body or count not in (high, high + 1):
        return None
    return other if low == count else Repeat(body, low, count)
