"""Where fingerprints, names, constants and words stand in an index.

Fingerprints are looked up by their upper halves; whoever asks confirms them by the tokens that stand there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from simdetect.model import I64, ROLES_OF_LAYER, U32, U64, Layer, is_of_layer
from simdetect.model.arrays import heads, ranges, sorted_distinct
from simdetect.store.columns import COLUMN_NUMBER
from simdetect.store.container import Container
from simdetect.store.index_file import CELL_BITS
from simdetect.store.index_reader import IndexReader
from simdetect.store.posting_lists import join_lists, read_postings
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.symbols import is_among

__all__ = ["IndexLookup", "upper_hashes"]

Value = TypeVar("Value")


class IndexLookup:
    """Answers of all trees of an index together.

    n_distinct: (files,) int64 how many distinct names, or constants, each file has, by layer and by whether their
    neutral symbols are counted.
    """

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._answers: dict[str, tuple[U64, Any]] = {}
        self._word_shift = int(reader.container.facts["word_shift"])
        if not 0 <= self._word_shift < 32:
            raise ValueError("word_shift")
        self.n_distinct = {
            (layer, is_neutral): np.array([int(row[f"n_{kind}{layer}"]) for row in reader.rows], np.int64)
            for layer in ROLES_OF_LAYER
            for is_neutral, kind in ((False, ""), (True, "neutral_"))
        }

    def _answer(self, question: str, wanted: U64, make: Callable[[U64], Value]) -> Value:
        """What make says of wanted symbols. Every tree asks the same of the whole index, one after the other: the last
        answer to each question is kept."""
        asked, answer = self._answers.get(question, (None, None))
        if asked is None or not np.array_equal(asked, wanted):
            answer = make(wanted)
            self._answers[question] = wanted, answer
        found: Value = answer  # type: ignore[assignment]
        return found

    # --- fingerprints ----------------------------------------------------------------------------------------------

    def places(self, wanted: U64) -> I64:
        """Where fingerprints stand in the cells that have wanted ones, by the upper halves, ascending: (f,) int64."""
        return self._answer("places", wanted, self._places)

    def _places(self, wanted: U64) -> I64:
        reader = self._reader
        n_cells = (int(reader.start[-1]) >> CELL_BITS) + 1
        cells = sorted_distinct(self._look_up(("hash", "cell"), n_cells, wanted))
        is_wanted = np.zeros(n_cells, np.bool_)
        is_wanted[cells] = True
        starts = reader.start[reader.bounds]
        low = np.searchsorted(cells, starts[:-1] >> CELL_BITS, "left")
        high = np.searchsorted(cells, (starts[1:] - 1) >> CELL_BITS, "right")
        found = [np.zeros(0, np.int64)]
        for block in np.flatnonzero(low < high).tolist():
            prints = reader.frame("prints", block, partial(self._prints, block))
            found.append(prints[is_wanted[prints >> CELL_BITS]])
        return np.concatenate(found)

    def _prints(self, block: int) -> I64:
        """Where the fingerprints of a block stand, ascending."""
        reader = self._reader
        row, position = self._positions("fingerprints.gap", block, "fingerprints of another number")
        if (position + reader.k > reader.n_tokens(block)[row]).any():
            raise reader.damaged("fingerprints outside of its files")
        places: I64 = position + reader.start[reader.bounds[block] : reader.bounds[block + 1]][row]
        return places

    def _positions(self, name: str, block: int, what: str) -> tuple[I64, I64]:
        """Which file of a block each fingerprint is in, and where there. what: is wrong when they are not as many as
        stated."""
        counts = self._reader.ends(block)[:, COLUMN_NUMBER[name]]
        gaps = self._reader.column(name, block)
        if len(gaps) != counts[-1]:
            raise self._reader.damaged(what)
        row = np.repeat(np.arange(len(counts) - 1), np.diff(counts))
        run = np.concatenate([np.zeros(1, np.int64), np.cumsum(gaps, dtype=np.int64)])
        return row, run[1:] - run[counts[row]]

    def _look_up(self, names: tuple[str, str], end: int, wanted: U64, shift: int = 0) -> I64:
        """Where the upper halves of wanted fingerprints are, ascending. end: no such place. shift: bits left out."""
        upper = sorted_distinct((wanted >> np.uint64(32 + shift)).astype(np.uint32))
        first = self._reader.container.array(f"first_{names[0]}", 0, np.uint32)
        found = [np.zeros(0, np.int64)]
        for frame in range(len(first)):
            last = first[frame + 1] if frame + 1 < len(first) else np.iinfo(np.uint32).max
            low, high = np.searchsorted(upper, first[frame], "left"), np.searchsorted(upper, last, "right")
            if low < high:
                hashes, places = self._reader.frame(names[0], frame, partial(self._postings, names, end, frame))
                start = np.searchsorted(hashes, upper[low:high], "left")
                n = np.searchsorted(hashes, upper[low:high], "right") - start
                found.append(places[ranges(start, n)].astype(np.int64))
        return np.sort(np.concatenate(found))

    def _postings(self, names: tuple[str, str], end: int, frame: int) -> tuple[U32, U32]:
        hashes, places = read_postings(self._reader.container, names, frame)
        if len(hashes) != len(places) or (len(places) and int(places.max()) >= end):
            raise self._reader.damaged("fingerprints outside of its files")
        if (hashes[1:] < hashes[:-1]).any():
            raise self._reader.damaged("fingerprints that are not in order")
        return hashes, places

    # --- names, constants, words -----------------------------------------------------------------------------------

    def holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        """As `TokenLookup.holders`, of all trees."""
        return self._answer(f"holders of {layer}", symbols, partial(self._holders, layer))

    def _holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        name, texts, numbers = self._held(layer, symbols)
        files, number = self._files_of(name, numbers)
        found = texts[number]
        order = np.lexsort((files, found))  # tokens of one text may differ otherwise
        files, found = files[order], found[order]
        is_first = heads(found, files)
        return files[is_first], found[is_first]

    def _held(self, layer: Layer, symbols: U64) -> tuple[str, U64, I64]:
        """Where a layer looks: the name of the lists of files, all symbols that have one, numbers of wanted ones."""
        if layer is Layer.MISSPELLING:
            words = self._reader.words
            return "word-holder", words, np.flatnonzero(is_among(words, symbols))
        is_neutral = layer is Layer.TRANSLATED
        texts = self._reader.symbols["tokens.neutral" if is_neutral else "tokens.exact"]
        numbers = np.flatnonzero(is_among(texts, symbols))
        if not is_neutral:
            numbers = numbers[is_of_layer(self._reader.symbols["tokens.role"][numbers], layer)]
        return "holder", texts, numbers

    def forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        """As `TokenLookup.forms`, of all trees."""
        return self._answer("forms", symbols, self._forms)

    def _forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        neutral, exact = (self._reader.symbols[name] for name in ("tokens.neutral", "tokens.exact"))
        files, number = self._files_of("holder", np.flatnonzero(is_among(neutral, symbols)))
        return files, neutral[number], exact[number]

    def _files_of(self, name: str, numbers: I64) -> tuple[I64, I64]:
        """The files that have each of some numbers, and the number that each of them has."""
        reader = self._reader
        rows, files = join_lists(numbers, len(reader.rows), partial(self._lists, name), reader.damaged)
        return files, numbers[rows]

    def _lists(self, name: str, frame: int) -> tuple[U32, U32]:
        read = self._reader.container.array

        def decode() -> tuple[U32, U32]:
            count = read(f"{name}.count", frame, np.uint32, is_shuffled=True)
            return count, read(f"{name}.file", frame, np.uint32, is_shuffled=True)

        return self._reader.frame(name, frame, decode)

    # --- fingerprints of words -------------------------------------------------------------------------------------

    def word_blocks(self, wanted: U64, first: int, last: int) -> I64:
        """Blocks that may have fingerprints of words that are wanted, ascending, each once, of those with some of the
        files from first up to last."""
        blocks = self._answer("word blocks", wanted, self._word_blocks)
        bounds = self._reader.bounds
        return blocks[(bounds[blocks] < last) & (bounds[blocks + 1] > first)]

    def _word_blocks(self, wanted: U64) -> I64:
        n_blocks = len(self._reader.bounds) - 1
        return sorted_distinct(self._look_up(("word-hash", "word-block"), n_blocks, wanted, self._word_shift))

    def words_in(self, block: int, wanted: U64) -> list[tuple[int, U64, U64, I64]]:
        """Of each file of a block with wanted fingerprints of words: its number, the words of its comments, and those
        fingerprints with their positions."""
        word, start = self._words(block)
        row, position = self._positions("prose.fingerprints.gap", block, "words of another number")
        if (position + self._reader.word_k > np.diff(start)[row]).any():
            raise self._reader.damaged("fingerprints outside of the words")
        hashes = hash_kgrams(word, self._reader.word_k)[start[row] + position]
        hit = np.flatnonzero(is_among(hashes, wanted))
        if not len(hit):  # only the upper half of a fingerprint was the same
            return []
        rows, at = np.unique(row[hit], return_index=True)
        first = int(self._reader.bounds[block])
        return [
            (first + file, word[start[file] : start[file + 1]], hashes[part], position[part])
            for file, part in zip(rows.tolist(), np.split(hit, at[1:]), strict=True)
        ]

    def _words(self, block: int) -> tuple[U64, I64]:
        """The words of the comments of a block, and where those of each file begin, and those of the last one end."""
        reader = self._reader
        start = reader.ends(block)[:, COLUMN_NUMBER["prose.word"]]
        ids = reader.column("prose.word", block)
        if len(ids) != start[-1]:
            raise reader.damaged("words of another number")
        if len(ids) and int(ids.max()) >= len(reader.words):
            raise reader.damaged("a word that it does not list")
        stated = reader.word_start[reader.bounds[block] : reader.bounds[block + 1] + 1]
        if (np.diff(start) != np.diff(stated) - 1).any():
            raise reader.damaged("a file with more or fewer words than stated")
        return reader.words[ids], start


def upper_hashes(path: Path, low: int, high: int) -> U32:
    """The upper halves of the fingerprints of an index that lie in a range, distinct and ascending: reads little else
    of it. Raises StoreError."""
    container = Container.open(path)
    first = container.array("first_hash", 0, np.uint32).astype(np.int64)
    found = [np.zeros(0, np.uint32)]
    for frame in range(max(0, int(np.searchsorted(first, low)) - 1), int(np.searchsorted(first, high))):
        steps = container.array("hash", frame, np.uint32, is_shuffled=True)
        found.append(np.cumsum(steps, dtype=np.uint32))
    hashes = np.concatenate(found)
    return sorted_distinct(hashes[(hashes >= low) & (hashes < high)])
