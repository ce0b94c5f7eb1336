"""Changes to bytes and to JSON values, as a hostile or broken tool would leave them. Used by scripts/fuzz.py.

Everything is drawn from the generator that is handed in: the same seed makes the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

__all__ = ["mutate", "mutate_json"]

Mutation = Callable[[Random, bytes, bytes], bytes]

# Brackets, quotes and fences that parsers wait for the end of; NULs; bytes that are no UTF-8; direction marks; a BOM.
_INSERTS = [
    *(bytes([mark]) for mark in b"()[]{}<>'\"`\\/#@$%;:,="),
    *(b"/*", b"*/", b"//", b"--", b"{-", b"-}", b"(*", b"*)", b"'''", b'"""', b"<<EOF\n", b"${", b"#{", b"=begin\n"),
    *(b"\0", b"\r", b"\n", b"\t", b"\x0c", b"\x1b[31m", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf8\x88\x80\x80"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", "\u202e".encode(), "\u200b".encode(), "\u0430".encode(), "\U0001f600".encode()),
]
_TOKEN_END = re.compile(rb"\b|(?<=\W)(?=\W)")
_MOST_REPEATS = 2000
_MOST_BYTES = 1 << 19  # of one result: executions count, not megabytes

_ODD_VALUES: Sequence[Any] = (
    *(None, True, False, 0, -1, 1, 7, 255, 1 << 31, 1 << 40, 1 << 64, -(1 << 63), 10**400),
    *(0.5, -0.5, 1e-300, 1e308, float("nan"), float("inf"), float("-inf")),
    *("", "x", "0", "\0", "\ud800", "\u202e", "../../x", "/", "x" * 5000, "1e9"),
    *([], {}, [[]], {"": None}, [None], [-1]),
)


def mutate(rng: Random, data: bytes, other: bytes) -> bytes:
    """One to four changes. other: where pieces that are spliced in come from."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(_MUTATIONS)(rng, data, other)[:_MOST_BYTES]
    return data


def _flip(rng: Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 32)) if data else 0):
        changed[rng.randrange(len(changed))] ^= rng.choice((1, 0x80, rng.randrange(1, 256)))
    return bytes(changed)


def _truncate(rng: Random, data: bytes, _other: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def _remove(rng: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _duplicate(rng: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(rng, data)
    n = rng.choice((1, 2, 20, _MOST_REPEATS if end - start < 64 else 2))
    return data[:end] + data[start:end] * n + data[end:]


def _splice(rng: Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(rng, data)
    first, last = _span(rng, other)
    return data[:start] + other[first:last] + data[end:]


def _insert(rng: Random, data: bytes, _other: bytes) -> bytes:
    """A mark between two tokens, sometimes so often that a parser nests or recovers thousands of times."""
    mark = rng.choice(_INSERTS) * rng.choice((1, 1, 1, 3, _MOST_REPEATS))
    at = _boundary(rng, data)
    return data[:at] + mark + data[at:]


def _strew(rng: Random, data: bytes, _other: bytes) -> bytes:
    """One mark at many places."""
    mark = rng.choice(_INSERTS)
    places = sorted({0, *(_boundary(rng, data) for _ in range(rng.choice((4, 32))))})
    ends = [*places[1:], len(data)]
    return mark.join(data[start:end] for start, end in zip(places, ends, strict=True))


def _join_lines(rng: Random, data: bytes, _other: bytes) -> bytes:
    return data.replace(rng.choice((b"\n", b"\r\n", b" ")), rng.choice((b"", b" ", b"\r")))


def _shuffle_lines(rng: Random, data: bytes, _other: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _widen(rng: Random, data: bytes, _other: bytes) -> bytes:
    """Another encoding of the same text."""
    return data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "utf-7")))


_MUTATIONS: Sequence[Mutation] = (
    *(_flip, _flip, _truncate, _remove, _duplicate, _splice, _splice),
    *(_insert, _insert, _insert, _strew, _join_lines, _shuffle_lines, _widen),
)


def _span(rng: Random, data: bytes) -> tuple[int, int]:
    """Some of the data, more often little than much."""
    start = rng.randint(0, len(data))
    return start, min(len(data), start + int(len(data) * rng.random() ** 3) + 1)


def _boundary(rng: Random, data: bytes) -> int:
    """Where a token begins or ends, after a place that is drawn."""
    found = _TOKEN_END.search(data, rng.randint(0, len(data)))
    return found.start() if found else len(data)


def mutate_json(rng: Random, value: Any) -> Any:
    """A JSON value with one to four of its parts replaced, removed or repeated. The value itself is left alone."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        value = _change(rng, value)
    return value


def _change(rng: Random, value: Any) -> Any:
    """Go down a drawn path and change what is at its end."""
    is_inner = isinstance(value, dict | list) and value
    if not is_inner or rng.random() < 0.1:
        return _odd(rng)
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    key = rng.choice(list(copy)) if isinstance(copy, dict) else rng.randrange(len(copy))
    action = rng.random()
    if action < 0.1:
        del copy[key]
    elif action < 0.2 and isinstance(copy, list):
        copy.insert(key, copy[key])
    elif action < 0.2:
        copy[_text(rng)] = copy[key]
    else:
        copy[key] = _change(rng, copy[key])
    return copy


def _odd(rng: Random) -> Any:
    if rng.random() < 0.02:
        return _deep(rng.choice((100, 900)))
    return rng.choice(_ODD_VALUES)


def _deep(depth: int) -> Any:
    value: Any = None
    for _ in range(depth):
        value = [value]
    return value


def _text(rng: Random) -> str:
    return rng.choice([value for value in _ODD_VALUES if isinstance(value, str)])
