"""Functions of two files in two languages that belong together, and what each pair of them shares.

Which names and literals two files share, and what each is worth, `translated` says. Here they are laid to functions: an
innermost unit of one file and one of the other weigh together

    sum over the shared texts that stand in both: bits / (units of a file in which the text stands)

of the file in which it stands in more units, and the bits of the name once more where both are called the same; so a
text that stands in every function pairs none. How alike their control flow and their numbers of parameters are decides
between equals. The heaviest pairs come first, one to one (greedy), and each text counts once, for the heaviest pair
that has it: so the bits of all pairs, with those of the texts that no pair has, add up to those of the two files.

Beside what has bits a pair has what is to be looked at: calls in the same order, control flow without regard to
language, the number of parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from simdetect.languages.standards import CONTROL
from simdetect.model import F64, U64, Bool, TokenRole, TokenStream
from simdetect.model.arrays import sorted_distinct
from simdetect.tokens.streams import unit_at
from simdetect.tokens.symbols import hash_text

__all__ = ["TextsOfPair", "Unit", "UnitPair", "assigned", "calls_in_order", "same_control", "unit_of"]

_LEAST_BITS = 8.0  # a pair that comes to less is left to the file
_KEPT_NAME = 200  # letters: what `parse` cuts names at
_MOST_UNITS = 1024  # of a side; more hold tables of functions
_CONTROL_BITS = 2.0  # at most, between pairs that share equally much
_PARAMETER_BITS = 1.0
_MOST_ALIKE = 4096  # pairs whose control flow is compared
_MOST_TOKENS = 20_000  # of a unit that are looked at
_WORDS = tuple(CONTROL)


@dataclass(frozen=True, slots=True)
class UnitPair:
    """Two units that belong together. candidate, original: their indices. texts: indices of the shared texts that count
    here."""

    candidate: int
    original: int
    texts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit does, whatever the language. control: indices into `_WORDS`. calls: neutral symbols of what it calls,
    and the tokens where it does. n_parameters: of a function, None where it has no list of them."""

    control: tuple[int, ...]
    calls: tuple[int, ...]
    call_tokens: tuple[int, ...]
    n_parameters: int | None


# --- pairs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class TextsOfPair:
    """Two files in two languages, and what they share. symbols: (s,) uint64 distinct neutral symbols that both have.
    bits: (s,) float64 of each."""

    candidate: TokenStream
    original: TokenStream
    symbols: U64
    bits: F64


def assigned(pair: TextsOfPair) -> list[UnitPair]:
    """Units one to one, heaviest pair first, with the texts that count for each."""
    symbols, bits = pair.symbols, pair.bits
    of_candidate, of_original = _incidence(pair.candidate, symbols), _incidence(pair.original, symbols)
    weight = _weights(of_candidate, of_original, bits)
    _add_names(weight, pair)
    _add_control(weight, pair)
    chosen = _one_to_one(weight)
    texts: dict[tuple[int, int], list[int]] = {units: [] for units in chosen}
    for text in range(len(symbols)):
        if holder := next(
            (units for units in chosen if of_candidate[units[0], text] and of_original[units[1], text]), None
        ):
            texts[holder].append(text)
    return [
        UnitPair(a, b, tuple(texts[a, b])) for a, b in chosen if sum(float(bits[i]) for i in texts[a, b]) >= _LEAST_BITS
    ]


def _incidence(tokens: TokenStream, symbols: U64) -> Bool:
    """Which unit has which text: (units, s) bool."""
    order = np.argsort(symbols)
    found = np.zeros((min(len(tokens.units), _MOST_UNITS), len(symbols)), np.bool_)
    if not found.size:
        return found
    at = np.minimum(np.searchsorted(symbols[order], tokens.neutral), len(symbols) - 1)
    unit = unit_at(tokens)
    held = np.flatnonzero((symbols[order][at] == tokens.neutral) & (unit >= 0) & (unit < len(found)))
    found[unit[held], order[at[held]]] = True
    return found


def _weights(of_candidate: Bool, of_original: Bool, bits: F64) -> F64:
    """What every two units share: (units, units) float64."""
    spread = np.maximum(1, np.maximum(of_candidate.sum(axis=0), of_original.sum(axis=0)))
    found: F64 = (of_candidate * (bits / spread)) @ of_original.T.astype(np.float64)
    return found


def _add_names(weight: F64, pair: TextsOfPair) -> None:
    """Add the bits of a name to the pairs of units that are called so."""
    worth = dict(zip(pair.symbols.tolist(), pair.bits.tolist(), strict=True))
    named: dict[int, list[int]] = {}
    for j, symbol in _names(pair.original, weight.shape[1]):
        named.setdefault(symbol, []).append(j)
    for i, symbol in _names(pair.candidate, weight.shape[0]):
        for j in named.get(symbol, ()):
            weight[i, j] += worth.get(symbol, 0.0)


def _names(tokens: TokenStream, most: int) -> Iterator[tuple[int, int]]:
    """The neutral symbol of the name of each unit that has it as a token."""
    for i, name in enumerate(tokens.units.name[:most]):
        start, end = int(tokens.units.start[i]), int(tokens.units.end[i])
        at = np.flatnonzero(tokens.exact[start:end] == _symbol_of_name(name))
        if name and len(at) and tokens.neutral[start + at[0]]:
            yield i, int(tokens.neutral[start + at[0]])


def _add_control(weight: F64, pair: TextsOfPair) -> None:
    cells = np.argwhere(weight > 0)
    if len(cells) > _MOST_ALIKE:
        cells = cells[np.argsort(-weight[cells[:, 0], cells[:, 1]], kind="stable")[:_MOST_ALIKE]]
    of_candidate = {i: unit_of(pair.candidate, i) for i in sorted_distinct(cells[:, 0]).tolist()}
    of_original = {j: unit_of(pair.original, j) for j in sorted_distinct(cells[:, 1]).tolist()}
    for i, j in cells.tolist():
        one, two = of_candidate[i], of_original[j]
        weight[i, j] += _CONTROL_BITS * _alike(one.control, two.control)
        weight[i, j] += _PARAMETER_BITS * (one.n_parameters is not None and one.n_parameters == two.n_parameters)


def _one_to_one(weight: F64) -> list[tuple[int, int]]:
    """The heaviest cell, then the heaviest of other rows and columns, and so on; of equal ones the first."""
    cells = np.argwhere(weight > 0)
    order = np.argsort(-weight[cells[:, 0], cells[:, 1]].round(9), kind="stable")  # sums may differ in their last bits
    rows, columns = np.zeros(weight.shape[0], np.bool_), np.zeros(weight.shape[1], np.bool_)
    found = []
    for i, j in cells[order].tolist():
        if not rows[i] and not columns[j]:
            rows[i] = columns[j] = True
            found.append((i, j))
    return found


# --- what a unit does ----------------------------------------------------------------------------------------------


def unit_of(tokens: TokenStream, unit: int) -> Unit:
    """What one unit does."""
    start = int(tokens.units.start[unit])
    part = slice(start, min(int(tokens.units.end[unit]), start + _MOST_TOKENS))
    exact, role, neutral = tokens.exact[part], tokens.role[part], tokens.neutral[part]
    words = _control_words()
    control = tuple(words[symbol] for symbol in exact[role == TokenRole.SYNTAX].tolist() if symbol in words)
    opened = np.flatnonzero(exact[1:] == _symbol("("))
    called = opened[(role[opened] == TokenRole.NAME) & (neutral[opened] != 0)]
    name = _symbol_of_name(tokens.units.name[unit])
    head = opened[exact[opened] == name][:1]
    called = called[~np.isin(called, head)]
    parameters = _n_parameters(exact, int(head[0]) + 1) if len(head) else None
    return Unit(control, tuple(neutral[called].tolist()), tuple((called + start).tolist()), parameters)


def _n_parameters(exact: U64, opened: int) -> int | None:
    """Parameters in the list that opens at a token, without the object that a method belongs to; None when it does not
    end. Commas in brackets inside it separate none, those between "<" and ">" do: they cannot be told from signs."""
    opening, closing = ({_symbol(text) for text in texts} for texts in ("([{", ")]}"))
    depth = n_commas = 0
    first = last = None
    for symbol in exact[opened:].tolist():
        if symbol in opening:
            depth += 1
        elif symbol in closing:
            depth -= 1
        if depth == 0:
            n_commas -= last == _symbol(",")  # one may follow the last parameter
            return 0 if first is None else n_commas + 1 - (first in _own_object())
        if depth == 1 and symbol not in opening:
            first = symbol if first is None and symbol != _symbol("&") else first
            n_commas += symbol == _symbol(",")
        last = symbol
    return None


def _own_object() -> frozenset[int]:
    return frozenset(_symbol(word) for word in ("self", "this", "cls"))


@cache
def _symbol(text: str) -> int:
    return int(hash_text(text.encode()))


def _symbol_of_name(name: str) -> np.uint64:
    return _kept_symbol(name) if len(name) <= _KEPT_NAME else hash_text(name.encode())


@lru_cache(1 << 15)
def _kept_symbol(name: str) -> np.uint64:
    """A file's names are asked for once for each file that it is paired with."""
    return hash_text(name.encode())


@cache
def _control_words() -> dict[int, int]:
    return {_symbol(word): i for i, words in enumerate(CONTROL.values()) for word in words.split()}


# --- what two units share ------------------------------------------------------------------------------------------


def same_control(one: Unit, two: Unit) -> tuple[str, int, int] | None:
    """Control flow that two units have in the same order: its words, how many, and of how many. None when there are
    fewer than three, or less than two thirds of the longer one."""
    both = _common(one.control, two.control)
    longer = max(len(one.control), len(two.control))
    if len(both) < 3 or 3 * len(both) < 2 * longer:
        return None
    return " ".join(_WORDS[one.control[i]] for i, _ in both), len(both), longer


def calls_in_order(one: Unit, two: Unit) -> list[tuple[int, int]]:
    """Calls of the same names in the same order: tokens on both sides."""
    return [(one.call_tokens[i], two.call_tokens[j]) for i, j in _common(one.calls, two.calls)]


def _alike(one: Sequence[int], two: Sequence[int]) -> float:
    return 2 * len(_common(one, two)) / (len(one) + len(two)) if one and two else 0.0


def _common(one: Sequence[int], two: Sequence[int]) -> list[tuple[int, int]]:
    """A longest common subsequence: indices on both sides."""
    from rapidfuzz.distance import LCSseq

    blocks = LCSseq.opcodes(list(one), list(two)).as_matching_blocks()
    return [(block.a + k, block.b + k) for block in blocks for k in range(block.size)]
