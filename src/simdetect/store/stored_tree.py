"""Trees of an index, whose files, sources and documents decode what they are asked for."""

from __future__ import annotations

import numpy as np

from simdetect.languages import spec_of
from simdetect.model import (
    I64,
    U16,
    U32,
    U64,
    AnalysedFile,
    FileRole,
    Fingerprints,
    Layer,
    Prose,
    SourceFile,
    TextFile,
    TokenStream,
)
from simdetect.model.arrays import sorted_distinct
from simdetect.store.columns import FileParts
from simdetect.store.index_lookup import IndexLookup
from simdetect.store.index_reader import IndexReader
from simdetect.tokens.grams import hash_kgrams_at

__all__ = ["StoredDocument", "StoredFile", "StoredSource", "StoredTree"]


class StoredTree:
    """The tokens of one tree of an index: see `model.TokenLookup`. first, last: its files among all of the index."""

    def __init__(self, reader: IndexReader, lookup: IndexLookup, first: int, last: int) -> None:
        self._reader, self._lookup, self._first, self._last = reader, lookup, first, last

    def load(self, wanted: U64, exact: U64, normal: U64) -> tuple[U64, I64]:
        """As `TokenLookup.load`."""
        starts = self._reader.start
        places = self._lookup.places(wanted)
        places = places[(places >= starts[self._first]) & (places < starts[self._last])]
        for file in sorted_distinct(np.searchsorted(starts, places, "right") - 1).tolist():
            self._write(file, exact, normal)
        places = places - int(starts[self._first])
        hashes = hash_kgrams_at(normal, places, self._reader.k)
        at = np.minimum(np.searchsorted(wanted, hashes), max(0, len(wanted) - 1))
        is_wanted = wanted[at] == hashes if len(wanted) else np.zeros(len(hashes), np.bool_)
        return hashes[is_wanted], places[is_wanted]

    def load_words(self, wanted: U64, word: U64) -> tuple[U64, I64]:
        """As `TokenLookup.load_words`."""
        starts = self._word_starts()
        hashes, places = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for block in self._lookup.word_blocks(wanted, self._first, self._last).tolist():
            for file, words, prints, position in self._lookup.words_in(block, wanted):
                if self._first <= file < self._last:
                    start = int(starts[file - self._first] - starts[0])
                    word[start : start + len(words)] = words
                    hashes.append(prints)
                    places.append(position + start)
        return np.concatenate(hashes), np.concatenate(places)

    def n_words(self) -> I64:
        """As `TokenLookup.n_words`."""
        return np.diff(self._word_starts()) - 1

    def holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        """As `TokenLookup.holders`."""
        files, found = self._lookup.holders(layer, symbols)
        is_here = (files >= self._first) & (files < self._last)
        return files[is_here] - self._first, found[is_here]

    def forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        """As `TokenLookup.forms`."""
        files, found, exact = self._lookup.forms(symbols)
        is_here = (files >= self._first) & (files < self._last)
        return files[is_here] - self._first, found[is_here], exact[is_here]

    def n_distinct(self, layer: Layer, is_neutral: bool = False) -> I64:
        """As `TokenLookup.n_distinct`."""
        return self._lookup.n_distinct[layer, is_neutral][self._first : self._last]

    def _word_starts(self) -> I64:
        return self._reader.word_start[self._first : self._last + 1]

    def _write(self, file: int, exact: U64, normal: U64) -> None:
        """Write the symbols of a file where it stands in its tree."""
        reader = self._reader
        block, row = reader.block_of(file)
        cut = np.cumsum([0, *reader.n_tokens(block).tolist()])
        ids = reader.ids(block)[cut[row] : cut[row + 1]]
        at = int(reader.start[file] - reader.start[self._first])
        exact[at : at + len(ids)] = reader.symbols["tokens.exact"][ids]
        normal[at : at + len(ids)] = reader.symbols["tokens.normal"][ids]


class StoredFile(AnalysedFile):
    """A file of an index. What is cheap is there; arrays are decoded when they are asked for."""

    _reader: IndexReader
    _number: int

    def __init__(self, reader: IndexReader, number: int) -> None:
        row = reader.rows[number]
        language = str(row["language"])
        self.__dict__.update(_reader=reader, _number=number)
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

    def with_role(self, role: FileRole) -> StoredFile:
        """The same file, judged to be for something else."""
        other = StoredFile(self._reader, self._number)
        object.__setattr__(other, "role", role)
        return other

    @property
    def n_tokens(self) -> int:
        """Number of code tokens."""
        return int(self._reader.rows[self._number]["n_tokens"])

    @property
    def _parts(self) -> FileParts:
        return self._reader.parts(self._number)

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
        return self._reader.sketch(self._number)

    def text(self) -> bytes:
        """The source text, empty when the index keeps none."""
        return self._reader.text(self._number)


class StoredSource(SourceFile):
    """The source of a file of an index; the text is decompressed when it is asked for."""

    _file: StoredFile

    def __init__(self, file: StoredFile, encoding: str) -> None:
        self.__dict__["_file"] = file
        for name, value in (
            ("path", file.path),
            ("language", file.language),
            ("sha256", file.sha256),
            ("role", file.role),
            ("encoding", encoding),
        ):
            object.__setattr__(self, name, value)

    @property
    def content(self) -> bytes:
        """The source text, empty when the index keeps none."""
        return self._file.text()


class StoredDocument(TextFile):
    """A document of an index; the text is decompressed when it is asked for."""

    _reader: IndexReader
    _tree: int
    _part: slice

    def __init__(self, reader: IndexReader, tree: int, part: slice, path: str, sha256: str) -> None:
        self.__dict__.update(_reader=reader, _tree=tree, _part=part)
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "sha256", sha256)

    @property
    def content(self) -> bytes:
        """The text."""
        return self._reader.document(self._tree, self._part)
