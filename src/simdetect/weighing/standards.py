"""Literals -> which are tables that a public standard, mathematics or the alphabet prescribes.

Independent programs for one job hold the same tables: reserved words, HTML entities, status codes, CRC tables, lists in
alphabetical order. Agreement there, also in order, proves nothing. A literal counts as prescribed only inside a table,
that is in a run of at least _LEAST literals with little between them, and there when

- it is a word or phrase of a standard, or
- it is a string in ascending order with its neighbours of the same column, or a number at one distance from them, or
- it is a number in a known sequence: CRC tables, S-boxes and constants of AES, MD5, SHA-2, primes, powers, zigzag
  order, and the tables in implementations of standards that `scripts/build_known_texts.py` reads; or a status code of
  HTTP or the code point of an entity beside words of a standard.

The value that a standard gives to a name beside it is prescribed too: `EM_386 3`, `{"DW_TAG_member", 0x0d}`. Name and
value must both be the standard's, so that no other number can stand behind such a name. Numbers that published
algorithms and formats consist of (`CONSTANTS`) are prescribed wherever they stand. Tables of other content in an order
of their own remain evidence, and so does every other literal outside a table.
"""

from __future__ import annotations

import html.entities
import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TypeVar

import numpy as np

from simdetect.languages.standards import CONSTANTS, PHRASES, WORDS
from simdetect.matching.comparison import Program
from simdetect.model import I64, Bool, TokenRole, TokenStream
from simdetect.tokens.symbols import hash_text
from simdetect.weighing.background import is_member
from simdetect.weighing.known_texts import declared, known_declarations, known_triples, triples

__all__ = ["number_value", "prescribed", "value_symbol"]

Value = TypeVar("Value", int, str)

_LEAST = 8  # in order by chance once in 8! = 40,320
_GAP_TOKENS = 10  # between literals of one table: `{"name", KIND_NAME, FLAG},` and less
_MOST_COLUMNS = 3
_LEAST_DIGITS = 5  # of a constant that stands for an algorithm by itself
_QUOTES = "\"'`"
_QUOTE_BYTES = _QUOTES.encode()
_BESIDE = 4  # tokens from a name to its value: `{"EM_386", 3}`, `case 3: return "EM_386"`
_MOST_NAME_BYTES = 80
_ESCAPE = re.compile(r"(?:\\\\?[ux]|u\+)\{?([0-9a-f]{2,6})\}?|&#(?:([0-9]{1,7})|x([0-9a-f]{1,6}));")
_MOST_COLOUR_BYTES = 40
_COLOUR = re.compile(
    rb"[\"'`]?(?:(?:\\x1[bB]|\\033|\\e|\\u001[bB]|\\u\{1[bB]\}|\x1b)?\[)?\d{1,3}(?:;\d{1,3}){0,6}m?[\"'`]?"
)
_NUMBER = re.compile(r"-?(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)[uUlLzZnN]*(?:[iu](?:8|16|32|64|size))?")


def prescribed(candidate: Program, wanted: Bool) -> Bool:
    """Which tokens are literals of such tables: (n,) bool over the candidate's layout.

    wanted: (n,) bool, tokens to judge.
    """
    found = np.zeros(len(wanted), np.bool_)
    for file, content, start in candidate.parts():
        tokens = file.tokens
        is_literal = (tokens.role == TokenRole.STRING) | (tokens.role == TokenRole.NUMBER)
        at = np.flatnonzero(is_literal & wanted[start : start + len(tokens)])
        found[start + at] = _of_algorithms(tokens, content, at) | _declared(tokens, content, at)
        for run in _tables(at):
            texts = [content[tokens.start[i] : tokens.end[i]].decode("utf-8", "replace") for i in run.tolist()]
            is_string = tokens.role[run] == TokenRole.STRING
            found[start + run] |= _judge(texts, is_string)
    return found


def _of_algorithms(tokens: TokenStream, content: bytes, at: I64) -> Bool:
    """Which literals are numbers that a published algorithm or format consists of, in a table or not; or strings of
    nothing but the numbers that set colours of a terminal (ECMA-48, 8.3.117)."""
    found = np.zeros(len(at), np.bool_)
    is_short = (tokens.role[at] == TokenRole.STRING) & (tokens.end[at] - tokens.start[at] <= _MOST_COLOUR_BYTES)
    for i in np.flatnonzero(is_short).tolist():
        found[i] = _COLOUR.fullmatch(content[tokens.start[at[i]] : tokens.end[at[i]]]) is not None
    is_long = (tokens.role[at] == TokenRole.NUMBER) & (tokens.end[at] - tokens.start[at] >= _LEAST_DIGITS)
    for i in np.flatnonzero(is_long).tolist():
        text = content[tokens.start[at[i]] : tokens.end[at[i]]].decode("utf-8", "replace")
        found[i] = number_value(text) in _constants()
    return found


def _declared(tokens: TokenStream, content: bytes, at: I64) -> Bool:
    """Which literals are the value that a standard gives to a name beside them, before or behind: `EM_386, 3`."""
    names, values = known_declarations()
    symbol = np.where(tokens.role == TokenRole.NAME, tokens.exact, 0)
    steps = np.array([step for step in range(-_BESIDE, _BESIDE + 1) if step])
    beside = np.unique(np.clip(at[:, np.newaxis] + np.append(steps, 0), 0, max(0, len(symbol) - 1)))
    is_short = (tokens.role[beside] == TokenRole.STRING) & (
        tokens.end[beside] - tokens.start[beside] <= _MOST_NAME_BYTES
    )
    for i in beside[is_short].tolist():
        symbol[i] = hash_text(content[tokens.start[i] : tokens.end[i]].strip(_QUOTE_BYTES))
    is_name = (symbol != 0) & is_member(names, symbol)
    found = np.zeros(len(at), np.bool_)
    value = np.zeros(len(at), np.uint64)
    low, high = np.maximum(0, at - _BESIDE), np.minimum(len(symbol), at + _BESIDE + 1)
    before = np.concatenate([[0], np.cumsum(is_name)])
    near = np.flatnonzero(before[high] > before[low])
    for row in near.tolist():
        value[row] = value_symbol(content[tokens.start[at[row]] : tokens.end[at[row]]])
    for step in steps.tolist():
        place = np.clip(at[near] + step, 0, len(symbol) - 1)
        found[near] |= is_name[place] & is_member(values, declared(symbol[place], value[near]))
    return found


def value_symbol(text: bytes) -> np.uint64:
    """The symbol of a value however it is written: of a number, or of what a string holds."""
    inner = text.strip(_QUOTE_BYTES).strip(b"()")
    number = number_value(inner.decode("utf-8", "replace"))
    return hash_text(inner if number == -1 else str(number).encode())


def _tables(at: I64) -> Iterator[I64]:
    """Runs of at least _LEAST literals that lie close together."""
    if len(at) >= _LEAST:
        for run in np.split(at, np.flatnonzero(np.diff(at) > _GAP_TOKENS) + 1):
            if len(run) >= _LEAST:
                yield run


def _judge(texts: Sequence[str], is_string: Bool) -> Bool:
    """Which literals of one table are prescribed."""
    found = np.zeros(len(texts), np.bool_)
    strings, numbers = np.flatnonzero(is_string), np.flatnonzero(~is_string)
    words = [texts[i].strip(_QUOTES).casefold() for i in strings.tolist()]
    known = np.array(
        [word in _standard_words() or _unescaped(word) in _entity_characters() for word in words], np.bool_
    )
    exact = np.array([hash_text(texts[i].strip(_QUOTES).encode()) for i in strings.tolist()], np.uint64)
    known |= is_member(known_declarations()[0], exact)
    values = [number_value(texts[i]) for i in numbers.tolist()]
    if np.count_nonzero(known) >= _LEAST:
        found[strings] = known
        found[numbers] = [value in _companion_numbers() for value in values]
    found[strings] |= _in_columns(words, lambda column: [a < b for a, b in pairwise(column)])
    found[numbers] |= _in_columns(values, _equal_steps) | _in_sequence(values)
    return found


def _unescaped(word: str) -> str:
    """The character that an escape stands for: "\\u00e9", "\\xe9", "&#233;", "u+00e9"; "" for anything else."""
    match = _ESCAPE.fullmatch(word)
    if match is None:
        return ""
    code = int(match[2]) if match[2] else int(match[1] or match[3], 16)
    return chr(code) if code < 0x110000 else ""


@cache
def _entity_characters() -> frozenset[str]:
    return frozenset(text for text in html.entities.html5.values() if len(text) == 1 and ord(text) >= 0x80)


def _equal_steps(column: Sequence[int]) -> list[bool]:
    """Whether each step is as large as the next; the last as the one before."""
    size = [b - a for a, b in pairwise(column)]
    same = [a == b for a, b in pairwise(size)]
    return same + same[-1:] if same else [False] * len(size)


def _in_columns(values: Sequence[Value], steps: Callable[[Sequence[Value]], list[bool]]) -> Bool:
    """Values in a stretch of at least _LEAST whose steps all hold, alone or in a column among up to _MOST_COLUMNS."""
    found = np.zeros(len(values), np.bool_)
    for columns in range(1, _MOST_COLUMNS + 1):
        for first in range(columns):
            column = values[first::columns]
            found[first::columns] |= _stretches(np.array(steps(column), np.bool_), len(column))
    return found


def _stretches(step: Bool, n: int) -> Bool:
    """Elements of stretches of at least _LEAST whose steps all hold. step: (n - 1,) from each element to the next."""
    found = np.zeros(n, np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], step, [False]]).astype(np.int8)))
    for low, high in edges.reshape(-1, 2).tolist():
        if high - low + 1 >= _LEAST:
            found[low : high + 1] = True
    return found


def _in_sequence(values: Sequence[int]) -> Bool:
    """Values in a stretch of at least _LEAST of a known sequence."""
    step = np.array([tuple(values[i : i + 3]) in _known_triples() for i in range(len(values) - 2)], np.bool_)
    if len(step):
        step |= is_member(known_triples(), triples(values))
    found = np.zeros(len(values), np.bool_)
    if len(step):
        inner = _stretches(step[1:] & step[:-1], len(step)) if len(step) > 1 else np.zeros(len(step), np.bool_)
        for shift in range(3):
            found[shift : shift + len(step)] |= inner
    return found


def number_value(text: str) -> int:
    """The value of a whole number, -1 for anything else."""
    match = _NUMBER.fullmatch(text.replace("_", "").replace("'", ""))
    if match is None:
        return -1
    digits = match[1].lower()
    base = 16 if digits.startswith("0x") else 2 if digits.startswith("0b") else 10
    return int(digits, base) if len(digits) < 40 else -1


# --- what is known -------------------------------------------------------------------------------------------------


@cache
def _standard_words() -> frozenset[str]:
    entities = (name.rstrip(";") for name in html.entities.html5)
    phrases = (phrase for line in PHRASES.split("\n") for phrase in line.split("|"))
    return frozenset(word.casefold() for word in (*WORDS.split(), *phrases, *entities) if word)


@cache
def _constants() -> frozenset[int]:
    return frozenset(value for values in CONSTANTS.values() for value in values)


@cache
def _companion_numbers() -> frozenset[int]:
    """Numbers that stand beside standard words: code points of entities, status codes of HTTP."""
    return frozenset(ord(text) for text in html.entities.html5.values() if len(text) == 1) | frozenset(_STATUS_CODES)


@cache
def _known_triples() -> frozenset[tuple[int, ...]]:
    return frozenset(tuple(values[i : i + 3]) for values in _sequences() for i in range(len(values) - 2))


def _sequences() -> Iterator[list[int]]:
    for width, polynomial in _POLYNOMIALS:
        yield _crc_table(width, polynomial)
        yield _crc_table_reflected(width, polynomial)
    yield _aes_box()
    yield _inverse(_aes_box())
    primes = [n for n in range(2, 1000) if all(n % d for d in range(2, math.isqrt(n) + 1))]
    yield primes
    yield from ([2**i for i in range(65)], [2**i - 1 for i in range(65)], [10**i for i in range(20)])
    yield from ([math.factorial(i) for i in range(21)], _zigzag())
    yield [int(abs(math.sin(i + 1)) * 2**32) for i in range(64)]  # MD5
    for bits, n in ((32, 64), (64, 80)):  # SHA-2
        yield [_root_fraction(prime, 3, bits) for prime in primes[:n]]
        yield [_root_fraction(prime, 2, bits) for prime in primes[:8]]


_STATUS_CODES = (*range(100, 104), *range(200, 227), *range(300, 309), *range(400, 452), *range(500, 512))
_POLYNOMIALS = (
    (8, 0x07),
    (8, 0x31),
    (16, 0x1021),
    (16, 0x8005),
    (24, 0x864CFB),
    (32, 0x04C11DB7),
    (32, 0x1EDC6F41),
    (64, 0x42F0E1EBA9EA3693),
    (64, 0xAD93D23594C935A9),
    (64, 0x1B),
)


def _crc_table(width: int, polynomial: int) -> list[int]:
    top, mask = 1 << (width - 1), (1 << width) - 1
    return [
        _shift(byte << (width - 8), lambda r: ((r << 1) ^ (polynomial if r & top else 0)) & mask) for byte in range(256)
    ]


def _crc_table_reflected(width: int, polynomial: int) -> list[int]:
    reverse = int(f"{polynomial:0{width}b}"[::-1], 2)
    return [_shift(byte, lambda r: (r >> 1) ^ (reverse if r & 1 else 0)) for byte in range(256)]


def _shift(register: int, step: Callable[[int], int]) -> int:
    for _ in range(8):
        register = step(register)
    return register


def _aes_box() -> list[int]:
    """FIPS 197, section 5.1.1: inverses in GF(2^8), then an affine map."""
    box, p, q = [0x63] * 256, 1, 1
    for _ in range(255):
        p ^= (p << 1 & 0xFF) ^ (0x1B if p & 0x80 else 0)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        box[p] = q ^ _rotate(q, 1) ^ _rotate(q, 2) ^ _rotate(q, 3) ^ _rotate(q, 4) ^ 0x63
    return box


def _rotate(byte: int, n: int) -> int:
    return (byte << n | byte >> (8 - n)) & 0xFF


def _inverse(box: Sequence[int]) -> list[int]:
    return [box.index(value) for value in range(256)]


def _zigzag() -> list[int]:
    """The order of JPEG's 64 coefficients."""
    cells = sorted(((x, y) for x in range(8) for y in range(8)), key=lambda c: (sum(c), c[sum(c) % 2]))
    return [8 * y + x for x, y in cells]


def _root_fraction(n: int, degree: int, bits: int) -> int:
    """The first bits of the fraction of a root of n, exactly."""
    scaled = n << (degree * bits)
    low, high = 0, 1 << (bits + n.bit_length())
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= scaled else (low, middle - 1)
    return low & ((1 << bits) - 1)
