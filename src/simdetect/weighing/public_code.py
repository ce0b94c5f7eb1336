"""Functions and classes that many programs carry inside a file of their own, such as readers of contest programs.

Who enters programming contests pastes a class that reads numbers fast, the same that thousands of others paste. Two
programs that have it agree in it, and that says nothing. `known_texts` knows whole files; this knows a function or a
class by its text: nearly all of its tokens lie in runs of twelve, names included, that the public solutions of three
unrelated people have. Loops that anybody writes are in such runs too, but a function of an author's own is not made of
them from end to end. What stands between the runs of a known one is the author's.

The table is made by `scripts/build_public_code.py`. File format `simdetect.public-code/1`: an .npz of sorted uint32
hashes (as of `background`) as gaps, by language family.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

import numpy as np

from simdetect.errors import InputError
from simdetect.model import U64, Bool, TokenStream, sorted_distinct
from simdetect.tokens.grams import hash_kgrams
from simdetect.weighing.background import DAMAGE, Hashes, in_common_runs, upper

__all__ = ["FORMAT", "RUN", "in_public_code", "load_public_code", "runs_of"]

FORMAT = "simdetect.public-code/1"
RUN = 12  # tokens, by their texts

_KNOWN_SHARE = 0.8  # of the tokens of a function or class, as of a known file
_LEAST_TOKENS = 16  # of one: shorter ones are anybody's


def runs_of(exact: U64) -> Hashes:
    """The runs of a file: (n,) uint32, distinct and ascending. exact: (t,) uint64."""
    return sorted_distinct(upper(hash_kgrams(exact, RUN)))


def in_public_code(table: Hashes, tokens: TokenStream) -> Bool:
    """Which tokens many programs carry in a function or class: (t,) bool. table: of the language family."""
    known = in_common_runs(table, tokens.exact, RUN)
    before = np.concatenate([[0], np.cumsum(known)])
    start, end = tokens.units.start.astype(np.int64), tokens.units.end.astype(np.int64)
    size = end - start
    carried = (size >= _LEAST_TOKENS) & (before[end] - before[start] >= _KNOWN_SHARE * size)
    step = np.zeros(len(tokens) + 1, np.int64)
    np.add.at(step, start[carried], 1)
    np.add.at(step, end[carried], -1)
    found: Bool = known & (np.cumsum(step)[:-1] > 0)
    return found


def load_public_code(family: str) -> Hashes:
    """The shipped table of a language family; empty where there is none. Raises InputError when it is damaged."""
    return _tables().get(family, np.zeros(0, np.uint32))


@cache
def _tables() -> Mapping[str, Hashes]:
    file = resources.files("simdetect") / "data" / "public" / "code.npz"
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as archive:
            facts = json.loads(bytes(archive["facts"]).decode())
            if facts["format"] != FORMAT:
                raise ValueError(f"format {facts['format']!r} is not {FORMAT!r}")
            return {family: np.cumsum(archive[family], dtype=np.uint32) for family in facts["families"]}
    except DAMAGE as error:
        raise InputError(f"the table of public code {file} cannot be read: {error}") from error
