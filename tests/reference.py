"""Slow, obvious versions of the algorithms, to compare the fast ones with."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from itertools import combinations

# --- fingerprints and matching ---------------------------------------------------------------------------------------


def kgrams(symbols: Sequence[int], k: int) -> list[tuple[int, ...]]:
    return [tuple(symbols[i : i + k]) for i in range(len(symbols) - k + 1)]


def kgram_hash(run: Sequence[int]) -> int:
    """Horner's rule modulo 2**64, then one round of mixing, in plain integers."""
    value = 0
    for symbol in run:
        value = (value * 0x9E3779B97F4A7C15 + symbol) % 2**64
    value ^= value >> 32
    value = value * 0xD6E8FEB86659FD93 % 2**64
    return value ^ value >> 32


def winnow(hashes: Sequence[int], window: int) -> list[int]:
    chosen = []
    for i in range(len(hashes) - window + 1):
        least = min(hashes[i : i + window])
        rightmost = max(j for j in range(i, i + window) if hashes[j] == least)
        if not chosen or chosen[-1] != rightmost:
            chosen.append(rightmost)
    return chosen


def maximal_runs(candidate: Sequence[int], original: Sequence[int], at_least: int) -> set[tuple[int, int, int]]:
    """(candidate start, original start, length) of every maximal stretch of equal symbols."""
    found = set()
    for i in range(len(candidate)):
        for j in range(len(original)):
            if i and j and candidate[i - 1] == original[j - 1]:
                continue
            n = 0
            while i + n < len(candidate) and j + n < len(original) and candidate[i + n] == original[j + n]:
                n += 1
            if n >= at_least:
                found.add((i, j, n))
    return found


def union_size(spans: Sequence[tuple[int, int]]) -> int:
    return len({position for start, end in spans for position in range(start, end)})


# --- scores ----------------------------------------------------------------------------------------------------------


def select(
    regions: Sequence[tuple[int, int, int, int, int]], weight: Sequence[float], excluded: Sequence[int]
) -> list[int]:
    """Rows that are shown. regions: (candidate file, start, end, original file, original start), half-open spans.

    Within a candidate file those not excluded first, then heaviest first; a region is shown when at least half of its
    tokens are not yet taken.
    """
    taken: set[tuple[int, int]] = set()
    counted = []

    def place(row: int) -> tuple[float, ...]:
        file, start, _, original, original_start = regions[row]
        return file, excluded[row] != 0, -weight[row], start, original, original_start

    for row in sorted(range(len(regions)), key=place):
        file, start, end, _, _ = regions[row]
        own = {(file, token) for token in range(start, end)}
        if 2 * len(own - taken) >= len(own):
            taken |= own
            counted.append(row)
    return counted


def containment_and_jaccard(candidate: set[int], original: set[int]) -> tuple[float, float]:
    if not candidate or not original:
        return 0.0, 0.0
    shared = candidate & original
    return len(shared) / len(candidate), len(shared) / len(candidate | original)


def hash_of_text(text: bytes) -> int:
    """What `symbols.hash_spans` computes for one text, one eight-byte word at a time in Python integers."""
    if len(text) > 256:
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
    value = scramble(int.from_bytes(text[:8], "little") ^ (len(text) * 0x9E3779B97F4A7C15) % 2**64)
    for at in range(8, len(text), 8):
        value = scramble(value ^ int.from_bytes(text[at : at + 8], "little"))
    return value


def scramble(value: int) -> int:
    """The finaliser of splitmix64 (Steele et al., OOPSLA 2014)."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    value = (value ^ value >> 27) * 0x94D049BB133111EB % 2**64
    return value ^ value >> 31


def first_occurrences(files: Sequence[int], symbols: Sequence[int]) -> dict[tuple[int, int], int]:
    """(symbol, file) -> index of its first token."""
    found: dict[tuple[int, int], int] = {}
    for at, (file, symbol) in enumerate(zip(files, symbols, strict=True)):
        found.setdefault((symbol, file), at)
    return found


def best_texts(rows: Sequence[tuple[int, int, int, float]], least: float) -> float:
    """Sum over texts of candidate files of their most valuable row; pairs of files that come to less do not count."""
    total: dict[tuple[int, int], float] = {}
    for candidate, original, _, value in rows:
        total[candidate, original] = total.get((candidate, original), 0.0) + value
    best: dict[tuple[int, int], float] = {}
    for candidate, original, symbol, value in rows:
        if total[candidate, original] >= least:
            best[candidate, symbol] = max(best.get((candidate, symbol), 0.0), value)
    return sum(best.values())


def order_bits(places: Sequence[int]) -> float:
    """log2(L!) - log2(n over L) of the best stretch, by trying every stretch and every subsequence."""
    best = 0.0
    for start, stop in combinations(range(len(places) + 1), 2):
        stretch = places[start:stop]
        for length in range(1, len(stretch) + 1):
            if any(list(chosen) == sorted(chosen) for chosen in combinations(stretch, length)):
                best = max(best, math.log2(math.factorial(length)) - math.log2(math.comb(len(stretch), length)))
    return best


def weighted_share(
    one: Sequence[tuple[int, float]], two: Sequence[tuple[int, float]], size: int = 0, floor: float = 20.0
) -> float | None:
    """What both have of what the smaller has, which counts as if the floor were in it as far as the other has more."""
    chance = math.log2(max(len(one), len(two), 1))
    bits: dict[int, float] = {}

    def weights(tokens: Sequence[tuple[int, float]]) -> dict[int, float]:
        found: dict[int, float] = {}
        for key, _ in tokens:
            weight = max(bits[key] - chance, 0.0) + 0.5 * size
            found[key] = found[key] + min(0.5, weight) if key in found else weight
        return found

    for tokens in (one, two):
        most: dict[int, float] = {}
        for key, own in tokens:
            most[key] = max(most.get(key, 0.0), own)
        bits = {**bits, **{key: min(own, bits.get(key, own)) for key, own in most.items()}}
    first, second = weights(one), weights(two)
    both = sum(min(first.get(key, 0.0), second.get(key, 0.0)) for key in first)
    less, more = sorted((sum(first.values()), sum(second.values())))
    if less == 0:
        return 0.0 if more else None
    return both / (less + min(floor * max(1, size), more - both))


def assigned_units(
    own: Sequence[set[int]], theirs: Sequence[set[int]], bits: dict[int, float]
) -> dict[tuple[int, int], set[int]]:
    """Units of two files one to one, heaviest first, with the texts that count for each; no pairs under 8 bits."""

    def weight(one: set[int], two: set[int]) -> float:
        spread = {t: max(sum(t in unit for unit in side) for side in (own, theirs)) for t in one & two if t in bits}
        return sum(bits[text] / n for text, n in spread.items())

    cells = {(i, j): weight(one, two) for i, one in enumerate(own) for j, two in enumerate(theirs)}
    chosen: list[tuple[int, int]] = []
    for i, j in sorted(cells, key=lambda cell: (-round(cells[cell], 9), cell)):
        if cells[i, j] > 0 and all(i != a and j != b for a, b in chosen):
            chosen.append((i, j))
    found: dict[tuple[int, int], set[int]] = {pair: set() for pair in chosen}
    for text in bits:
        holder = next((pair for pair in chosen if text in own[pair[0]] & theirs[pair[1]]), None)
        if holder:
            found[holder].add(text)
    return {pair: texts for pair, texts in found.items() if sum(bits[text] for text in texts) >= 8}


def untold(
    own: Sequence[Sequence[int]],
    own_regions: Sequence[Sequence[int]],
    theirs: Sequence[Sequence[int]],
    their_regions: Sequence[Sequence[int]],
) -> list[bool]:
    """Which elements meet no region, on both sides, that an element before met."""

    def meets(one: Sequence[int], two: Sequence[int]) -> bool:
        return bool(set(range(*one)) & set(range(*two)))

    regions = list(zip(own_regions, their_regions, strict=True))
    met = [
        {r for r, (a, b) in enumerate(regions) if meets(mine, a) and meets(other, b)}
        for mine, other in zip(own, theirs, strict=True)
    ]
    return [not any(met[i] & before for before in met[:i]) for i in range(len(met))]


# --- what documents say ----------------------------------------------------------------------------------------------


def names_said(document: bytes) -> list[bytes]:
    """Names in a text, and those that its options with hyphens may become in a program."""
    text = document.replace(b"\\-", b"-").decode()
    said = re.findall(r"\w+", text)
    for option in re.findall(r"(?<![a-zA-Z0-9])[a-zA-Z][a-zA-Z0-9]*(?:-[a-zA-Z0-9]+)+", text):
        parts = option.lower().split("-")
        camel = "".join(part[0].upper() + part[1:] for part in parts)
        said += ["_".join(parts), "_".join(parts).upper(), camel, camel[0].lower() + camel[1:], "".join(parts)]
    return [name.encode() for name in said]
