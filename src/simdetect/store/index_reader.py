"""An index file -> the arrays of its files and blocks, decoded when they are asked for and remembered for a while.

Every array is checked against what the index says of its files before anybody sees it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np

from simdetect.errors import StoreError
from simdetect.model import I64, U16, U32, U64
from simdetect.store.columns import COLUMN_NUMBER, COLUMNS, Array, FileParts, from_arrays
from simdetect.store.container import Container
from simdetect.store.index_file import AS_EXACT, FILES_PER_FRAME, STORED, SYMBOL_COLUMNS
from simdetect.tokens.neutral import MASK

__all__ = ["FileFacts", "IndexReader"]

FileFacts = Mapping[str, Any]  # what an index says of one file: `index_file` has the names

_CACHED_FRAMES: Final = 256  # decoded frames kept: about 64 MB of symbols
_DECODED_FILES: Final = 256
_MAX_TOTAL: Final = 1 << 32  # tokens, and bytes of text, of one index: places are 32-bit numbers

Value = TypeVar("Value")


class IndexReader:
    """What an index holds of its files. Safe to use from several threads.

    rows: what it says of each file. bounds: (blocks + 1,) int64 the first file of each block. start, word_start,
    text_start: (files + 1,) int64 where the tokens, words and bytes of each file begin when all are laid end to end,
    with one separator behind the tokens and the words of each. k: tokens of a k-gram. word_k: words of one.
    """

    def __init__(self, container: Container) -> None:
        facts = container.facts
        self.container = container
        self.path = container.path
        self.has_text = bool(facts["has_text"])
        self._gram_facts = {name: int(facts[name]) for name in ("k", "window", "word_k", "word_window")}
        self.k, self.word_k = self._gram_facts["k"], self._gram_facts["word_k"]
        self._frames: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._lock = threading.Lock()
        self._parts_by_file: OrderedDict[int, FileParts] = OrderedDict()
        self.rows = tuple(_file_rows(container))
        self.bounds = _ascending(facts["blocks"], len(self.rows))
        self.start = _running([int(row["n_tokens"]) + 1 for row in self.rows])
        self.text_start = _running([int(row["n_bytes"]) for row in self.rows])
        self.word_start = _running([int(row["n_words"]) + 1 for row in self.rows])

    def damaged(self, what: str) -> StoreError:
        """The error to raise for an index that holds what it cannot hold."""
        return StoreError(f"{self.path} is damaged: {what}")

    def frame(self, section: str, number: int, decode: Callable[[], Value]) -> Value:
        """A decoded frame, remembered for a while."""
        key = section, number
        with self._lock:
            if key in self._frames:
                self._frames.move_to_end(key)
                found: Value = self._frames[key]
                return found
        value = decode()
        with self._lock:
            self._frames[key] = value
            while len(self._frames) > _CACHED_FRAMES:
                self._frames.popitem(last=False)
        return value

    # --- of the whole index ----------------------------------------------------------------------------------------

    @cached_property
    def symbols(self) -> dict[str, Array]:
        """The distinct tokens: one array a symbol column, of one length."""
        read = self.container.array
        names = [(column.name, column.dtype) for column in SYMBOL_COLUMNS if column.name != "tokens.neutral"]
        found = {name: read(f"symbol.{name}", 0, dtype) for name, dtype in names}
        found["tokens.neutral"] = self._neutral(found["tokens.exact"])
        if len({len(values) for values in found.values()}) != 1:
            raise self.damaged("its symbols differ in number")
        return found

    def _neutral(self, exact: U64) -> U64:
        kind = self.container.array("neutral-kind", 0, np.uint8)
        stored = self.container.array("symbol.tokens.neutral", 0, np.uint64, is_shuffled=True)
        if len(kind) != len(exact) or len(stored) != np.count_nonzero(kind == STORED) or (kind > STORED).any():
            raise self.damaged("neutral symbols of another number")
        neutral = np.where(kind == AS_EXACT, exact & MASK, np.uint64(0))
        neutral[kind == STORED] = stored
        return neutral

    @cached_property
    def words(self) -> U64:
        """The distinct words of comments and literals."""
        return self.container.array("word", 0, np.uint64)

    def document(self, tree: int, part: slice) -> bytes:
        """The text of a document."""
        text = self.frame("document-text", tree, lambda: self.container.read("document-text", tree))
        if not 0 <= part.start <= part.stop <= len(text):
            raise self.damaged("a document is missing")
        return text[part]

    # --- of a block ------------------------------------------------------------------------------------------------

    def block_of(self, file: int) -> tuple[int, int]:
        """The block a file is in, and which of its files it is."""
        block = int(np.searchsorted(self.bounds, file, "right")) - 1
        return block, file - int(self.bounds[block])

    def n_tokens(self, block: int) -> I64:
        """Tokens of each file of a block."""
        first, last = self.bounds[block], self.bounds[block + 1]
        return np.diff(self.start[first : last + 1]) - 1

    def ids(self, block: int) -> U32:
        """The tokens of a block as indices of distinct tokens."""

        def decode() -> U32:
            ids = self.container.array("ids", block, np.uint32)
            if len(ids) and int(ids.max()) >= len(self.symbols[SYMBOL_COLUMNS[0].name]):
                raise self.damaged("a token that it does not list")
            if len(ids) != int(np.sum(self.n_tokens(block))):
                raise self.damaged("a block with more or fewer tokens than its files")
            return ids

        return self.frame("ids", block, decode)

    def ends(self, block: int) -> I64:
        """(files + 1, columns) int64: where the part of each file begins in each column of a block."""
        return self.frame("count", block, lambda: self._ends(block))

    def _ends(self, block: int) -> I64:
        counts = self.container.array("count", block, np.uint32).astype(np.int64)
        n_files = len(self.n_tokens(block))
        if len(counts) != n_files * len(COLUMNS):
            raise self.damaged("columns of another number")
        return np.concatenate([np.zeros((1, len(COLUMNS)), np.int64), np.cumsum(counts.reshape(n_files, -1), axis=0)])

    def column(self, name: str, block: int) -> Array:
        """A column of a block that is stored by block; words as indices of distinct words."""
        column = COLUMNS[COLUMN_NUMBER[name]]
        dtype = np.uint32 if column.is_word else column.dtype
        read = self.container.array
        return self.frame(name, block, lambda: read(name, block, dtype, is_shuffled=column.is_shuffled))

    # --- of a file -------------------------------------------------------------------------------------------------

    def sketch(self, file: int) -> U16:
        """The sketch of a file: (128,) uint16."""
        frame, row = divmod(file, FILES_PER_FRAME)
        n_files = min(FILES_PER_FRAME, len(self.rows) - frame * FILES_PER_FRAME)

        def decode() -> U16:
            values = self.container.array("sketch", frame, np.uint16)
            if len(values) != 128 * n_files:
                raise self.damaged("sketches of another size")
            rows: U16 = values.reshape(n_files, 128)
            return rows

        found: U16 = self.frame("sketch", frame, decode)[row]
        return found

    def text(self, file: int) -> bytes:
        """The source text of a file, empty when the index keeps none."""
        if not self.has_text:
            return b""
        block, row = self.block_of(file)
        text = self.frame("text", block, lambda: self.container.read("text", block))
        start, end = (int(self.text_start[i] - self.text_start[file - row]) for i in (file, file + 1))
        if end > len(text):
            raise self.damaged("a text is missing")
        return text[start:end]

    def parts(self, file: int) -> FileParts:
        """All arrays of a file."""
        with self._lock:
            found = self._parts_by_file.pop(file, None)
        if found is None:
            found = self._decode(file)
        with self._lock:
            self._parts_by_file[file] = found
            while len(self._parts_by_file) > _DECODED_FILES:
                self._parts_by_file.popitem(last=False)
        return found

    def _decode(self, file: int) -> FileParts:
        block, row = self.block_of(file)
        arrays = dict(self._arrays(block, row))
        units = self.frame("units", block, lambda: self.container.json("units", block))
        try:
            kind, name = units[row]
            facts = {**self.rows[file], **self._gram_facts, "unit_kind": kind, "unit_name": name, "has_form": True}
            return from_arrays(arrays, facts)
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise self.damaged(f"{type(error).__name__} in its units") from None

    def _arrays(self, block: int, row: int) -> Iterator[tuple[str, Array]]:
        """Names and arrays of one file of a block."""
        counts, ids = self.ends(block), self.ids(block)
        for number, column in enumerate(COLUMNS):
            part = slice(int(counts[row, number]), int(counts[row + 1, number]))
            if column.is_symbol:
                values = self.symbols[column.name][ids[part]]
            elif column.is_word:
                values = self._words(self.column(column.name, block)[part])
            else:
                values = self.column(column.name, block)[part]
            if len(values) != part.stop - part.start:
                raise self.damaged(f"{column.name} is too short")
            yield column.name, values

    def _words(self, ids: U32) -> U64:
        if len(ids) and int(ids.max()) >= len(self.words):
            raise self.damaged("a word that it does not list")
        return self.words[ids]


def _file_rows(container: Container) -> Iterator[FileFacts]:
    for frame in range(container.n_frames("files")):
        columns = container.json("files", frame)
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))


def _running(sizes: Sequence[int]) -> I64:
    """Where each of some pieces starts, and the last ends. Raises ValueError."""
    if any(size < 0 for size in sizes) or sum(sizes) > _MAX_TOTAL:
        raise ValueError("sizes")
    return np.cumsum([0, *sizes])


def _ascending(bounds: Sequence[int], n_files: int) -> I64:
    values = np.array(bounds, np.int64)
    if values.ndim != 1 or not len(values) or values[0] != 0 or values[-1] != n_files or (np.diff(values) < 1).any():
        raise ValueError("blocks")
    return values
