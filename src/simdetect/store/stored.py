"""An index file -> trees whose files decode what they are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from simdetect.errors import StoreError
from simdetect.languages import spec_of
from simdetect.model import (
    I64,
    ROLES_OF_LAYER,
    U16,
    U32,
    U64,
    AnalysedFile,
    AnalysedTree,
    FileRole,
    Fingerprints,
    Layer,
    Prose,
    Side,
    SkippedFile,
    SkipReason,
    SourceFile,
    SourceTree,
    TextFile,
    TokenStream,
    is_of_layer,
)
from simdetect.model.arrays import ranges, sorted_distinct
from simdetect.store.columns import COLUMN_NUMBER, COLUMNS, Array, FileParts, from_arrays
from simdetect.store.container import Container
from simdetect.store.holders import join_lists
from simdetect.store.index_file import (
    AS_EXACT,
    CELL_BITS,
    FILES_PER_FRAME,
    KIND,
    STORED,
    SYMBOL_COLUMNS,
)
from simdetect.tokens.grams import hash_kgrams, hash_kgrams_at
from simdetect.tokens.neutral import MASK
from simdetect.tokens.symbols import is_among

__all__ = ["StoredIndex", "open_index", "unpack", "upper_hashes"]

_CACHED_FRAMES: Final = 256  # decoded frames kept: about 64 MB of symbols
_DECODED_FILES: Final = 256
_MAX_TOTAL: Final = 1 << 32  # tokens, and bytes of text, of one index: places are 32-bit numbers

Value = TypeVar("Value")


def open_index(path: Path) -> StoredIndex:
    """Open an index for reading. Raises StoreError, one line: missing, foreign, newer, truncated or damaged."""
    container = Container.open(path)
    if container.kind != KIND:
        raise StoreError(f"{path} is not an index of originals but a {container.kind[:40]!r}")
    try:
        return StoredIndex(container)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise StoreError(f"{path} is damaged: {type(error).__name__} in what it says of its files") from None


class StoredIndex:
    """An open index. facts: what its writer noted; trees: the originals in it, in order, their tokens on disk."""

    def __init__(self, container: Container) -> None:
        facts = container.facts
        self.path = container.path
        self.facts = facts
        self.has_text = bool(facts["has_text"])
        self.k = int(facts["k"])
        self._gram_facts = {name: int(facts[name]) for name in ("k", "window", "word_k", "word_window")}
        self._container = container
        self._frames: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._lock = threading.Lock()
        self._parts_by_file: OrderedDict[int, FileParts] = OrderedDict()
        self._answers: dict[str, tuple[U64, Any]] = {}
        rows = list(self._file_rows())
        self._word_shift = int(facts["word_shift"])
        if not 0 <= self._word_shift < 32:
            raise ValueError("word_shift")
        self._bounds = _ascending(facts["blocks"], len(rows))
        self._start = _running([int(row["n_tokens"]) + 1 for row in rows])
        self._text_start = _running([int(row["n_bytes"]) for row in rows])
        self._word_start = _running([int(row["n_words"]) + 1 for row in rows])
        self.n_distinct = {
            (layer, is_neutral): np.array([int(row[f"n_{kind}{layer}"]) for row in rows], np.int64)
            for layer in ROLES_OF_LAYER
            for is_neutral, kind in ((False, ""), (True, "neutral_"))
        }
        files = [StoredFile(self, number, row) for number, row in enumerate(rows)]
        self.trees = tuple(self._trees(facts["trees"], files, rows))

    # --- what is known of every file -------------------------------------------------------------------------------

    def _file_rows(self) -> Iterator[Mapping[str, Any]]:
        for frame in range(self._container.n_frames("files")):
            columns = self._container.json("files", frame)
            for values in zip(*columns.values(), strict=True):
                yield dict(zip(columns, values, strict=True))

    def _trees(
        self, facts: Sequence[Mapping[str, Any]], files: Sequence[StoredFile], rows: Sequence[Mapping[str, Any]]
    ) -> Iterator[AnalysedTree]:
        frames = range(self._container.n_frames("skipped"))
        skipped = (row for frame in frames for row in self._container.json("skipped", frame))
        first = 0
        for number, tree in enumerate(facts):
            last = first + int(tree["n_files"])
            own = files[first:last]
            source = SourceTree(
                label=str(tree["label"]),
                side=Side.ORIGINAL,
                files=tuple(StoredSource(file, row) for file, row in zip(own, rows[first:last], strict=True)),
                skipped=tuple(map(_skipped, islice(skipped, int(tree["n_skipped"])))),
                digest=str(tree["digest"]),
                documents=tuple(self._documents(number)),
            )
            if len(source.skipped) != tree["n_skipped"]:
                raise ValueError("n_skipped")
            yield AnalysedTree(source, tuple(own), StoredTree(self, first, last))
            first = last
        if first != len(files):
            raise ValueError("files of no tree")

    def _documents(self, tree: int) -> Iterator[TextFile]:
        start = 0
        for path, sha256, n_bytes in self._container.json("documents", tree):
            yield StoredDocument(self, tree, slice(start, start + int(n_bytes)), str(path), str(sha256))
            start += int(n_bytes)

    # --- decoded frames --------------------------------------------------------------------------------------------

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

    @cached_property
    def symbols(self) -> dict[str, Array]:
        """The distinct tokens: one array a symbol column, of one length."""
        read = self._container.array
        names = [(column.name, column.dtype) for column in SYMBOL_COLUMNS if column.name != "tokens.neutral"]
        found = {name: read(f"symbol.{name}", 0, dtype) for name, dtype in names}
        found["tokens.neutral"] = self._neutral(found["tokens.exact"])
        if len({len(values) for values in found.values()}) != 1:
            raise StoreError(f"{self.path} is damaged: its symbols differ in number")
        return found

    def _neutral(self, exact: U64) -> U64:
        kind = self._container.array("neutral-kind", 0, np.uint8)
        stored = unpack(self._container, "symbol.tokens.neutral", 0, np.uint64, is_shuffled=True)
        if len(kind) != len(exact) or len(stored) != np.count_nonzero(kind == STORED) or (kind > STORED).any():
            raise StoreError(f"{self.path} is damaged: neutral symbols of another number")
        neutral = np.where(kind == AS_EXACT, exact & MASK, np.uint64(0))
        neutral[kind == STORED] = stored
        return neutral

    @cached_property
    def words(self) -> U64:
        """The distinct words of comments and literals."""
        return self._container.array("word", 0, np.uint64)

    def document(self, tree: int, part: slice) -> bytes:
        """The text of a document."""
        text = self.frame("document-text", tree, lambda: self._container.read("document-text", tree))
        if not 0 <= part.start <= part.stop <= len(text):
            raise StoreError(f"{self.path} is damaged: a document is missing")
        return text[part]

    def ids(self, block: int) -> U32:
        """The tokens of a block as indices of distinct tokens."""

        def decode() -> U32:
            ids = self._container.array("ids", block, np.uint32)
            if len(ids) and int(ids.max()) >= len(self.symbols[SYMBOL_COLUMNS[0].name]):
                raise StoreError(f"{self.path} is damaged: a token that it does not list")
            if len(ids) != int(np.sum(self.n_tokens(block))):
                raise StoreError(f"{self.path} is damaged: a block with more or fewer tokens than its files")
            return ids

        return self.frame("ids", block, decode)

    def n_tokens(self, block: int) -> I64:
        """Tokens of each file of a block."""
        first, last = self._bounds[block], self._bounds[block + 1]
        return np.diff(self._start[first : last + 1]) - 1

    def block_of(self, file: int) -> tuple[int, int]:
        """The block a file is in, and which of its files it is."""
        block = int(np.searchsorted(self._bounds, file, "right")) - 1
        return block, file - int(self._bounds[block])

    def sketch(self, file: int) -> U16:
        """The sketch of a file: (128,) uint16."""
        frame, row = divmod(file, FILES_PER_FRAME)
        n_files = min(FILES_PER_FRAME, len(self._start) - 1 - frame * FILES_PER_FRAME)

        def decode() -> U16:
            values = self._container.array("sketch", frame, np.uint16)
            if len(values) != 128 * n_files:
                raise StoreError(f"{self.path} is damaged: sketches of another size")
            rows: U16 = values.reshape(n_files, 128)
            return rows

        found: U16 = self.frame("sketch", frame, decode)[row]
        return found

    def text(self, file: int) -> bytes:
        """The source text of a file, empty when the index keeps none."""
        if not self.has_text:
            return b""
        block, row = self.block_of(file)
        text = self.frame("text", block, lambda: self._container.read("text", block))
        start, end = (int(self._text_start[i] - self._text_start[file - row]) for i in (file, file + 1))
        if end > len(text):
            raise StoreError(f"{self.path} is damaged: a text is missing")
        return text[start:end]

    def parts(self, file: int, facts: Mapping[str, Any]) -> FileParts:
        """All arrays of a file."""
        with self._lock:
            found = self._parts_by_file.pop(file, None)
        if found is None:
            found = self._decode(file, facts)
        with self._lock:
            self._parts_by_file[file] = found
            while len(self._parts_by_file) > _DECODED_FILES:
                self._parts_by_file.popitem(last=False)
        return found

    def _decode(self, file: int, facts: Mapping[str, Any]) -> FileParts:
        block, row = self.block_of(file)
        counts = self.frame("count", block, lambda: self._ends(block))
        ids = self.ids(block)
        arrays = {}
        for number, column in enumerate(COLUMNS):
            first, last = int(counts[row, number]), int(counts[row + 1, number])
            if column.is_word:
                ids_of_words = self._column(column.name, block, np.uint32, False)[first:last]
                if len(ids_of_words) and int(ids_of_words.max()) >= len(self.words):
                    raise StoreError(f"{self.path} is damaged: a word that it does not list")
                arrays[column.name] = self.words[ids_of_words]
            elif column.is_symbol:
                arrays[column.name] = self.symbols[column.name][ids[first:last]]
            else:
                arrays[column.name] = self._column(column.name, block, column.dtype, column.is_shuffled)[first:last]
            if len(arrays[column.name]) != last - first:
                raise StoreError(f"{self.path} is damaged: {column.name} is too short")
        units = self.frame("units", block, lambda: self._container.json("units", block))
        try:
            kind, name = units[row]
            return from_arrays(arrays, {**facts, **self._gram_facts, "unit_kind": kind, "unit_name": name})
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise StoreError(f"{self.path} is damaged: {type(error).__name__} in its units") from None

    def _ends(self, block: int) -> I64:
        """(files + 1, columns) int64: where the part of each file begins in each column of a block."""
        counts = self._container.array("count", block, np.uint32).astype(np.int64)
        n_files = len(self.n_tokens(block))
        if len(counts) != n_files * len(COLUMNS):
            raise StoreError(f"{self.path} is damaged: columns of another number")
        return np.concatenate([np.zeros((1, len(COLUMNS)), np.int64), np.cumsum(counts.reshape(n_files, -1), axis=0)])

    def _column(self, name: str, block: int, dtype: type[np.generic], is_shuffled: bool) -> Array:
        return self.frame(name, block, lambda: unpack(self._container, name, block, dtype, is_shuffled))

    # --- look-up ---------------------------------------------------------------------------------------------------

    def _answer(self, question: str, wanted: U64, make: Callable[[U64], Value]) -> Value:
        """What make says of wanted symbols. Every tree asks the same of the whole index, one after the other: the last
        answer to each question is kept."""
        asked, answer = self._answers.get(question, (None, None))
        if asked is None or not np.array_equal(asked, wanted):
            answer = make(wanted)
            self._answers[question] = wanted, answer
        found: Value = answer  # type: ignore[assignment]
        return found

    def places(self, wanted: U64) -> I64:
        """Where fingerprints stand in the cells that have wanted ones, by the upper halves, ascending: (f,) int64."""
        return self._answer("places", wanted, self._places)

    def _places(self, wanted: U64) -> I64:
        cells = sorted_distinct(self._look_up("hash", "cell", (int(self._start[-1]) >> CELL_BITS) + 1, wanted))
        is_wanted = np.zeros((int(self._start[-1]) >> CELL_BITS) + 1, np.bool_)
        is_wanted[cells] = True
        starts = self._start[self._bounds]
        low = np.searchsorted(cells, starts[:-1] >> CELL_BITS, "left")
        high = np.searchsorted(cells, (starts[1:] - 1) >> CELL_BITS, "right")
        found = [np.zeros(0, np.int64)]
        for block in np.flatnonzero(low < high).tolist():
            own = self.frame("prints", block, partial(self._prints, block))
            found.append(own[is_wanted[own >> CELL_BITS]])
        return np.concatenate(found)

    def _prints(self, block: int) -> I64:
        """Where the fingerprints of a block stand, ascending."""
        counts = self.frame("count", block, lambda: self._ends(block))[:, COLUMN_NUMBER["fingerprints.gap"]]
        gaps = self._column("fingerprints.gap", block, np.uint32, True)
        if len(gaps) != counts[-1]:
            raise self._damaged("fingerprints of another number")
        row = np.repeat(np.arange(len(counts) - 1), np.diff(counts))
        run = np.concatenate([np.zeros(1, np.int64), np.cumsum(gaps, dtype=np.int64)])
        position = run[1:] - run[counts[row]]
        first = int(self._bounds[block])
        if (position + self.k > self.n_tokens(block)[row]).any():
            raise self._damaged("fingerprints outside of its files")
        places: I64 = position + self._start[first : first + len(counts) - 1][row]
        return places

    def word_blocks(self, wanted: U64, first: int = 0, last: int | None = None) -> I64:
        """Blocks that may have fingerprints of words that are wanted, ascending, each once. first, last: only blocks
        with some of these files."""
        blocks = self._answer("word blocks", wanted, self._word_blocks)
        last = int(self._bounds[-1]) if last is None else last
        return blocks[(self._bounds[blocks] < last) & (self._bounds[blocks + 1] > first)]

    def _word_blocks(self, wanted: U64) -> I64:
        return sorted_distinct(
            self._look_up("word-hash", "word-block", len(self._bounds) - 1, wanted, self._word_shift)
        )

    def _look_up(self, section: str, where: str, end: int, wanted: U64, shift: int = 0) -> I64:
        """Where the upper halves of wanted fingerprints are, ascending. end: no such place. shift: bits left out."""
        upper = sorted_distinct((wanted >> np.uint64(32 + shift)).astype(np.uint32))
        first = self._container.array(f"first_{section}", 0, np.uint32)
        found = [np.zeros(0, np.int64)]
        for frame in range(len(first)):
            last = first[frame + 1] if frame + 1 < len(first) else np.iinfo(np.uint32).max
            low, high = np.searchsorted(upper, first[frame], "left"), np.searchsorted(upper, last, "right")
            if low < high:
                hashes, places = self.frame(section, frame, partial(self._postings, section, where, end, frame))
                start = np.searchsorted(hashes, upper[low:high], "left")
                n = np.searchsorted(hashes, upper[low:high], "right") - start
                at = ranges(start, n)
                found.append(places[at].astype(np.int64))
        return np.sort(np.concatenate(found))

    def _postings(self, section: str, where: str, end: int, frame: int) -> tuple[U32, U32]:
        steps = unpack(self._container, section, frame, np.uint32, is_shuffled=True)
        places = unpack(self._container, where, frame, np.uint32, is_shuffled=True)
        if len(steps) != len(places) or (len(places) and int(places.max()) >= end):
            raise StoreError(f"{self.path} is damaged: fingerprints outside of its files")
        hashes = np.cumsum(steps, dtype=np.uint32)
        if (hashes[1:] < hashes[:-1]).any():
            raise StoreError(f"{self.path} is damaged: fingerprints that are not in order")
        return hashes, places

    def first_place(self, file: int) -> int:
        """Where a file begins when all are laid end to end; of the number of files, where the last one ends."""
        return int(self._start[file])

    def file_of(self, places: I64) -> I64:
        """The file that each place is in."""
        return np.searchsorted(self._start, places, "right") - 1

    def word_starts(self, first: int, last: int) -> I64:
        """Where the words of some files begin, and those of the last one end, when all are laid end to end."""
        return self._word_start[first : last + 1]

    def holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        """As `TokenLookup.holders`, of all trees."""
        return self._answer(f"holders of {layer}", symbols, partial(self._holders, layer))

    def _holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        if layer is Layer.MISSPELLING:
            name, texts = "word-holder", self.words
            numbers = np.flatnonzero(is_among(texts, symbols))
        else:
            is_neutral = layer is Layer.TRANSLATED
            name, texts = "holder", self.symbols["tokens.neutral" if is_neutral else "tokens.exact"]
            numbers = np.flatnonzero(is_among(texts, symbols))
            if not is_neutral:
                numbers = numbers[is_of_layer(self.symbols["tokens.role"][numbers], layer)]
        files, own = self._files_of(name, numbers)
        found = texts[own]
        order = np.lexsort((files, found))  # tokens of one text may differ otherwise
        files, found = files[order], found[order]
        is_again = np.append(False, (found[1:] == found[:-1]) & (files[1:] == files[:-1]))[: len(files)]
        return files[~is_again], found[~is_again]

    def forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        """As `TokenLookup.forms`, of all trees."""
        return self._answer("forms", symbols, self._forms)

    def _forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        neutral, exact = self.symbols["tokens.neutral"], self.symbols["tokens.exact"]
        files, own = self._files_of("holder", np.flatnonzero(is_among(neutral, symbols)))
        return files, neutral[own], exact[own]

    def _files_of(self, name: str, numbers: I64) -> tuple[I64, I64]:
        """The files that have each of some numbers, and the number that each of them has."""
        rows, files = join_lists(numbers, len(self._start) - 1, partial(self._lists, name), self._damaged)
        return files, numbers[rows]

    def _lists(self, name: str, frame: int) -> tuple[U32, U32]:
        def decode() -> tuple[U32, U32]:
            count = unpack(self._container, f"{name}.count", frame, np.uint32, is_shuffled=True)
            return count, unpack(self._container, f"{name}.file", frame, np.uint32, is_shuffled=True)

        return self.frame(name, frame, decode)

    def _damaged(self, what: str) -> StoreError:
        return StoreError(f"{self.path} is damaged: {what}")

    def words_in(self, block: int, wanted: U64) -> list[tuple[int, U64, U64, I64]]:
        """Of each file of a block with wanted fingerprints of words: its number, the words of its comments, and those
        fingerprints with their positions."""
        counts = self.frame("count", block, lambda: self._ends(block))
        column, prints = COLUMN_NUMBER["prose.word"], COLUMN_NUMBER["prose.fingerprints.gap"]
        ids = self._column("prose.word", block, np.uint32, False)
        gaps = self._column("prose.fingerprints.gap", block, np.uint32, True)
        if (len(ids), len(gaps)) != (counts[-1, column], counts[-1, prints]):
            raise self._damaged("words of another number")
        if len(ids) and int(ids.max()) >= len(self.words):
            raise self._damaged("a word that it does not list")
        word, k = self.words[ids], self._gram_facts["word_k"]
        first = int(self._bounds[block])
        if (np.diff(counts[:, column]) != np.diff(self.word_starts(first, first + len(counts) - 1)) - 1).any():
            raise self._damaged("a file with more or fewer words than stated")
        row = np.repeat(np.arange(len(counts) - 1), np.diff(counts[:, prints]))
        run = np.concatenate([np.zeros(1, np.int64), np.cumsum(gaps, dtype=np.int64)])
        position = run[1:] - run[counts[row, prints]]
        if (position + k > np.diff(counts[:, column])[row]).any():
            raise self._damaged("fingerprints outside of the words")
        hashes = hash_kgrams(word, k)[counts[row, column] + position]
        hit = np.flatnonzero(is_among(hashes, wanted))
        if not len(hit):  # only the upper half of a fingerprint was the same
            return []
        rows, at = np.unique(row[hit], return_index=True)
        return [
            (first + own, word[counts[own, column] : counts[own + 1, column]], hashes[part], position[part])
            for own, part in zip(rows.tolist(), np.split(hit, at[1:]), strict=True)
        ]


class StoredTree:
    """The tokens of one tree of an index: see `model.TokenLookup`. first, last: its files among all of the index."""

    def __init__(self, index: StoredIndex, first: int, last: int) -> None:
        self._index, self._first, self._last = index, first, last

    def load(self, wanted: U64, exact: U64, normal: U64) -> tuple[U64, I64]:
        """As `TokenLookup.load`."""
        index = self._index
        start, end = index.first_place(self._first), index.first_place(self._last)
        places = index.places(wanted)
        places = places[(places >= start) & (places < end)]
        for file in sorted_distinct(index.file_of(places)).tolist():
            self._write(file, exact, normal, start)
        k, places = index.k, places - start
        hashes = hash_kgrams_at(normal, places, k)
        at = np.minimum(np.searchsorted(wanted, hashes), max(0, len(wanted) - 1))
        is_wanted = wanted[at] == hashes if len(wanted) else np.zeros(len(hashes), np.bool_)
        return hashes[is_wanted], places[is_wanted]

    def load_words(self, wanted: U64, word: U64) -> tuple[U64, I64]:
        """As `TokenLookup.load_words`."""
        index = self._index
        starts = index.word_starts(self._first, self._last)
        hashes, places = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for block in index.word_blocks(wanted, self._first, self._last).tolist():
            for file, words, prints, position in index.words_in(block, wanted):
                if self._first <= file < self._last:
                    start = int(starts[file - self._first] - starts[0])
                    word[start : start + len(words)] = words
                    hashes.append(prints)
                    places.append(position + start)
        return np.concatenate(hashes), np.concatenate(places)

    def n_words(self) -> I64:
        """As `TokenLookup.n_words`."""
        return np.diff(self._index.word_starts(self._first, self._last)) - 1

    def holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        """As `TokenLookup.holders`."""
        files, found = self._index.holders(layer, symbols)
        own = (files >= self._first) & (files < self._last)
        return files[own] - self._first, found[own]

    def forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        """As `TokenLookup.forms`."""
        files, found, exact = self._index.forms(symbols)
        own = (files >= self._first) & (files < self._last)
        return files[own] - self._first, found[own], exact[own]

    def n_distinct(self, layer: Layer, is_neutral: bool = False) -> I64:
        """As `TokenLookup.n_distinct`."""
        return self._index.n_distinct[layer, is_neutral][self._first : self._last]

    def _write(self, file: int, exact: U64, normal: U64, start: int) -> None:
        index = self._index
        block, row = index.block_of(file)
        cut = np.cumsum([0, *index.n_tokens(block).tolist()])
        ids = index.ids(block)[cut[row] : cut[row + 1]]
        at = index.first_place(file) - start
        exact[at : at + len(ids)] = index.symbols["tokens.exact"][ids]
        normal[at : at + len(ids)] = index.symbols["tokens.normal"][ids]


class StoredFile(AnalysedFile):
    """A file of an index. What is cheap is there; arrays are decoded when they are asked for."""

    _index: StoredIndex
    _number: int
    _row: Mapping[str, Any]

    def __init__(self, index: StoredIndex, number: int, row: Mapping[str, Any]) -> None:
        language = str(row["language"])
        self.__dict__.update(_index=index, _number=number, _row=row)
        for name, value in (
            ("path", str(row["path"])),
            ("language", language),
            ("family", spec_of(language).family),
            ("role", FileRole(row["role"])),
            ("sha256", str(row["sha256"])),
            ("n_bytes", int(row["n_bytes"])),
            ("n_lines", int(row["n_lines"])),
        ):
            object.__setattr__(self, name, value)

    @property
    def n_tokens(self) -> int:
        """Number of code tokens."""
        return int(self._row["n_tokens"])

    @property
    def _parts(self) -> FileParts:
        return self._index.parts(self._number, self._row)

    @property
    def tokens(self) -> TokenStream:
        """The code tokens."""
        return self._parts.tokens

    @property
    def fingerprints(self) -> Fingerprints:
        """The winnowed fingerprints."""
        return self._parts.fingerprints

    @property
    def prose(self) -> Prose:
        """The words of comments and literals."""
        return self._parts.prose

    @property
    def newline(self) -> U32:
        """Byte offsets of line breaks."""
        return self._parts.newline

    @property
    def sketch(self) -> U16:
        """The sketch."""
        return self._index.sketch(self._number)

    def text(self) -> bytes:
        """The source text, empty when the index keeps none."""
        return self._index.text(self._number)


class StoredSource(SourceFile):
    """The source of a file of an index; the text is decompressed when it is asked for."""

    _file: StoredFile

    def __init__(self, file: StoredFile, row: Mapping[str, Any]) -> None:
        self.__dict__["_file"] = file
        for name, value in (
            ("path", file.path),
            ("language", file.language),
            ("sha256", file.sha256),
            ("role", file.role),
            ("encoding", str(row["encoding"])),
        ):
            object.__setattr__(self, name, value)

    @property
    def content(self) -> bytes:
        """The source text, empty when the index keeps none."""
        return self._file.text()


class StoredDocument(TextFile):
    """A document of an index; the text is decompressed when it is asked for."""

    _index: StoredIndex
    _tree: int
    _part: slice

    def __init__(self, index: StoredIndex, tree: int, part: slice, path: str, sha256: str) -> None:
        self.__dict__.update(_index=index, _tree=tree, _part=part)
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "sha256", sha256)

    @property
    def content(self) -> bytes:
        """The text."""
        return self._index.document(self._tree, self._part)


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


def _skipped(row: Sequence[Any]) -> SkippedFile:
    path, reason, detail, role, n_bytes, sha256 = row
    size = None if n_bytes is None else int(n_bytes)
    return SkippedFile(str(path), SkipReason(reason), str(detail), FileRole(role), size, sha256 and str(sha256))


def upper_hashes(path: Path, low: int, high: int) -> U32:
    """The upper halves of the fingerprints of an index that lie in a range, distinct and ascending: reads little else
    of it. Raises StoreError."""
    container = Container.open(path)
    first = container.array("first_hash", 0, np.uint32).astype(np.int64)
    frames = range(max(0, int(np.searchsorted(first, low)) - 1), int(np.searchsorted(first, high)))
    steps = [unpack(container, "hash", frame, np.uint32, is_shuffled=True) for frame in frames]
    found = np.concatenate([np.zeros(0, np.uint32), *(np.cumsum(own, dtype=np.uint32) for own in steps)])
    return sorted_distinct(found[(found >= low) & (found < high)])


def unpack(container: Container, section: str, frame: int, dtype: type[np.generic], is_shuffled: bool) -> Array:
    """The reverse of `pack`."""
    if not is_shuffled:
        return container.array(section, frame, dtype)
    planes = container.array(section, frame, np.uint8)
    size = np.dtype(dtype).itemsize
    if len(planes) % size:
        raise StoreError(f"{container.path} is damaged: {section} has a part of {len(planes)} bytes")
    return np.ascontiguousarray(planes.reshape(size, -1).T).view(dtype).ravel()
