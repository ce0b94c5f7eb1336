"""How common are these words and names in unrelated projects -> bits, whatever the language.

One model for all languages together: words of comments and stems of names, with counts, and runs of words that at least
three unrelated repository families share. File format and the rule of three families are those of `background`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from simdetect.errors import InputError
from simdetect.model import F64, U64, Bool
from simdetect.tokens.symbols import hash_spans
from simdetect.tokens.words import WORD_BYTE, runs_of, script_of, stems
from simdetect.weighing.background import DAMAGE, Hashes, in_common_runs, is_member, look_up, unpack_tables

__all__ = [
    "TABLES",
    "WORDING",
    "Wording",
    "are_common_stems",
    "is_misspelt",
    "is_unknown",
    "load_wording",
    "name_bits",
    "text_bits",
    "word_bits",
]

WORDING = "wording"  # the model's name, where others have that of a language family
TABLES = ("word", "stem", "phrase")

_MASS = 1e5  # smoothing: words and stems not in the model share this many occurrences
_MAX_WORD_BITS = 14.0
_MAX_STEM_BITS = 14.0
# Of a pair of characters, whose first the pair before has too. A Chinese character says 9.6 bits by itself and some 5
# after the one before it; a letter of kana or Thai half as much.
_PAIR_BITS = np.array([_MAX_WORD_BITS, 2.5, 5.0])
_OFTEN = 30.0  # occurrences in the background from which a word is what a misspelling is taken to mean
_LEAST_MISSPELT = 6  # letters


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The model. word_hash, stem_hash (n,) uint32 ascending with counts (n,) float64; phrase: set of hashes of runs of
    words. n_words, n_stems: capped occurrences of all together. id, sha256: as of `Background`."""

    word_hash: Hashes
    word_count: F64
    stem_hash: Hashes
    stem_count: F64
    phrase: Hashes
    n_words: float
    n_stems: float
    id: str
    sha256: str = ""


def word_bits(model: Wording, words: U64, k: int) -> F64:
    """Surprise of every word of a text, 0..14: (w,) float64. words: (w,) uint64; those in a common run of k have 0."""
    seen = look_up(model.word_hash, model.word_count, words)
    bits = np.clip(np.log2((model.n_words + _MASS) / (seen + 1.0)), 0, _PAIR_BITS[script_of(words)])
    return np.where(in_common_runs(model.phrase, words, k), 0.0, bits)


def name_bits(model: Wording, names: list[bytes]) -> F64:
    """Surprise of names by their stems, (n,) float64: the sum over stems, as if authors chose them one by one."""
    parts = [stems(name) for name in names]
    flat = [stem for own in parts for stem in own]
    owner = np.repeat(np.arange(len(names)), [len(own) for own in parts])
    seen = look_up(model.stem_hash, model.stem_count, _hashes(flat))
    bits = np.clip(np.log2((model.n_stems + _MASS) / (seen + 1.0)), 0, _MAX_STEM_BITS)
    return np.bincount(owner, bits, len(names)).astype(np.float64)


def are_common_stems(model: Wording, found: Sequence[bytes]) -> Bool:
    """Which stems at least three unrelated families have: (n,) bool."""
    return is_member(model.stem_hash, _hashes(list(found)))


def text_bits(model: Wording, texts: list[bytes]) -> F64:
    """Surprise of short texts by their words: (n,) float64, the sum over words."""
    joined = b"\n".join(texts).lower()
    start, end = runs_of(joined, WORD_BYTE)
    text_start = np.cumsum([0, *(len(text) + 1 for text in texts)])[: len(texts)]
    owner = np.searchsorted(text_start, start, "right") - 1
    bits = word_bits(model, hash_spans(joined, start, end), len(start) + 1)
    return np.bincount(owner, bits, len(texts)).astype(np.float64)


def is_unknown(model: Wording, words: U64) -> Bool:
    """Which words fewer than three families have."""
    return ~is_member(model.word_hash, words)


def is_misspelt(model: Wording, word: bytes) -> bool:
    """Whether a word that the model does not know is one edit from one that is common: a letter dropped, doubled,
    inserted, replaced, or two swapped. Not at the first letter nor in the last two, where other forms of words differ,
    nor s for z or back, which is another country's spelling.
    """
    if len(word) < _LEAST_MISSPELT or not word.isalpha() or is_member(model.word_hash, _hashes([word]))[0]:
        return False
    return bool((look_up(model.word_hash, model.word_count, _hashes(_edits(word))) >= _OFTEN).any())


def _edits(word: bytes) -> list[bytes]:
    letters = [bytes([c]) for c in range(ord("a"), ord("z") + 1)]
    cuts = [(word[:i], word[i:]) for i in range(1, len(word) - 2)]
    dropped = [a + b[1:] for a, b in cuts]
    swapped = [a + b[1:2] + b[:1] + b[2:] for a, b in cuts]
    replaced = [a + c + b[1:] for a, b in cuts for c in letters if {c, b[:1]} != {b"s", b"z"}]
    inserted = [a + c + b for a, b in cuts for c in letters]
    return [*dropped, *swapped, *replaced, *inserted]


def _hashes(texts: list[bytes]) -> U64:
    end = np.cumsum([len(text) for text in texts], dtype=np.int64)
    return hash_spans(b"".join(texts), end - np.array([len(text) for text in texts], np.int64), end)


def load_wording(folder: Path | None = None) -> Wording:
    """The model of a folder of a user's own models if it has one, otherwise the shipped one; read once a process.
    Raises InputError when it is damaged."""
    own = None if folder is None else _load(folder)
    found = own or _load(None)
    if found is None:
        raise InputError("the package holds no model of words")
    return found


@cache
def _load(folder: Path | None) -> Wording | None:
    root = resources.files("simdetect") / "data" / "background" if folder is None else folder
    file = root / f"{WORDING}.npz"
    if not file.is_file():
        return None
    try:
        data = file.read_bytes()
        facts, tables, counts = unpack_tables(data, TABLES)
        return Wording(
            word_hash=tables["word"],
            word_count=counts["word"],
            stem_hash=tables["stem"],
            stem_count=counts["stem"],
            phrase=tables["phrase"],
            n_words=float(facts["n_words"]),
            n_stems=float(facts["n_stems"]),
            id=facts["id"],
            sha256=hashlib.sha256(data).hexdigest(),
        )
    except DAMAGE as error:
        raise InputError(f"background model {file} cannot be read: {error}") from error
