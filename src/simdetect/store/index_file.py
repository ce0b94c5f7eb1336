"""Analysed trees <-> an index file: fingerprint once, scan many times.

Files lie in blocks of about _BLOCK_TOKENS tokens, in the order of their trees and paths. A column of a block is one
frame: a scan reads the columns it needs of the blocks in which it found something.

    files      what is known of each file, a thousand a frame        skipped    of each tree, likewise
    documents  of each tree, with their text: what they say is public, also where the source text is left out
    word       the distinct words of comments and literals, the most frequent first
    symbol.*   the distinct tokens of all files, likewise: exact, normalised and neutral symbol, role, length. Of
               neutral symbols only those that are neither 0 nor the low bits of the exact symbol (neutral-kind)
    holder.*, word-holder.*    which files have each name, constant and word, see `posting_lists`
    ids        tokens as indices of distinct tokens                  count, <column>, units, text: by block
    hash       upper 32 bits of the fingerprints of all files, ascending, as steps
    cell       where each of them stands in all files laid end to end, to CELL tokens, each cell once a hash;
               first_hash: of each frame of these two
    word-hash, word-block      the same of the words of comments, but only in which block, to be looked at as a whole,
               and by as few of the upper bits as will do
    sketch     of each file, a thousand a frame

Fingerprints are looked up by their upper halves and confirmed by the tokens where they stand. A place to the token
would take twice as many bits as a cell, and be among the largest parts of an index.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from simdetect.errors import StoreError
from simdetect.model import I64, ROLES_OF_LAYER, U16, U32, U64, AnalysedFile, AnalysedTree, SourceFile
from simdetect.model.arrays import heads, sorted_distinct
from simdetect.store.columns import COLUMNS, Array, Arrays, FileParts, to_arrays
from simdetect.store.container import ContainerWriter, write_container
from simdetect.store.posting_lists import POSTINGS_PER_FRAME, add_files, add_postings
from simdetect.tokens.neutral import MASK
from simdetect.tokens.symbols import mix

__all__ = [
    "AS_EXACT",
    "CELL_BITS",
    "FILES_PER_FRAME",
    "KIND",
    "NO_NEUTRAL",
    "STORED",
    "SYMBOL_COLUMNS",
    "to_json",
    "write_index",
]

KIND: Final = "index"
FILES_PER_FRAME: Final = 1024
SYMBOL_COLUMNS: Final = tuple(column for column in COLUMNS if column.is_symbol)
_BLOCK_TOKENS: Final = 1 << 16
CELL_BITS: Final = 7  # tokens of a cell, as a power of two: some 40 fingerprints are looked at for one that is wanted
NO_NEUTRAL, AS_EXACT, STORED = 0, 1, 2  # how a neutral symbol is stored


def write_index(path: Path, trees: Sequence[AnalysedTree], facts: dict[str, Any], *, with_text: bool) -> None:
    """Write the index of some trees, in one step. Each file must have a sketch.

    facts: what the reader shall know of how they were analysed, see `stored_index`. with_text: whether the source text
    goes in, without which a scan has no excerpts of the originals. Raises StoreError.
    """
    write_container(path, lambda writer: _fill(writer, trees, facts, with_text))


def _fill(writer: ContainerWriter, trees: Sequence[AnalysedTree], facts: dict[str, Any], with_text: bool) -> None:
    files = [file for tree in trees for file in tree.files]
    sources = [file for tree in trees for file in tree.tree.files]
    arrays = [to_arrays(FileParts.of(file)) for file in files]
    ids, symbols = _number_symbols(arrays)
    for name, values in symbols.items():
        if name != "tokens.neutral":
            writer.add_array(f"symbol.{name}", values)
    _add_neutral(writer, symbols["tokens.exact"], symbols["tokens.neutral"])
    words = _number_words(arrays)
    writer.add_array("word", words)
    texts = _texts(ids, symbols["tokens.role"])
    tree_of_file = [number for number, tree in enumerate(trees) for _ in tree.files]
    add_files(writer, "holder", texts, len(symbols["tokens.role"]), tree_of_file)
    add_files(writer, "word-holder", [_words_of(file_arrays) for file_arrays in arrays], len(words), tree_of_file)
    bounds = _block_bounds([file.n_tokens for file in files])
    for first, last in pairwise(bounds):
        _add_block(writer, arrays[first:last], ids[first:last], files[first:last])
        if with_text:
            writer.add("text", b"".join(source.content for source in sources[first:last]))
    _add_postings(writer, files)
    word_shift = _add_word_postings(writer, files, bounds)
    for i in range(0, len(files), FILES_PER_FRAME):
        part = slice(i, i + FILES_PER_FRAME)
        writer.add("files", to_json({**_file_facts(files[part], sources[part]), **_n_texts(texts[part], symbols)}))
        writer.add_array("sketch", np.stack([_sketch_of(file) for file in files[part]]))
    tree_facts = [_add_tree(writer, tree) for tree in trees]
    writer.finish(
        KIND, {**facts, "trees": tree_facts, "blocks": bounds, "has_text": with_text, "word_shift": word_shift}
    )


def _add_neutral(writer: ContainerWriter, exact: U64, neutral: U64) -> None:
    kind = np.where(neutral == 0, NO_NEUTRAL, np.where(neutral == exact & MASK, AS_EXACT, STORED)).astype(np.uint8)
    writer.add_array("neutral-kind", kind)
    writer.add_array("symbol.tokens.neutral", neutral[kind == STORED], is_shuffled=True)


def _number_symbols(arrays: Sequence[Arrays]) -> tuple[list[U32], dict[str, Array]]:
    """The tokens of each file as indices of distinct tokens, the most frequent first, and the columns of those."""
    columns = {
        column.name: np.concatenate([np.zeros(0, column.dtype), *(file_arrays[column.name] for file_arrays in arrays)])
        for column in SYMBOL_COLUMNS
    }
    keys = _keys(list(columns.values()))
    _, first, inverse, count = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    if any((values[first][inverse] != values).any() for values in columns.values()):
        raise StoreError("two different tokens of these inputs have one key: they cannot be in one index")
    order, rank = _by_frequency(first, count)
    n_tokens = [len(file_arrays[SYMBOL_COLUMNS[0].name]) for file_arrays in arrays]
    ids = np.split(rank[inverse], np.cumsum(n_tokens)[:-1]) if arrays else []
    return ids, {name: values[first[order]] for name, values in columns.items()}


def _number_words(arrays: Sequence[dict[str, Array]]) -> U64:
    """Put indices of distinct words, the most frequent first, in place of words. Returns the distinct words."""
    columns = [(file_arrays, column.name) for file_arrays in arrays for column in COLUMNS if column.is_word]
    words = np.concatenate([np.zeros(0, np.uint64), *(file_arrays[name] for file_arrays, name in columns)])
    distinct, first, inverse, count = np.unique(words, return_index=True, return_inverse=True, return_counts=True)
    order, rank = _by_frequency(first, count)
    ids, start = rank[inverse], 0
    for file_arrays, name in columns:
        end = start + len(file_arrays[name])
        file_arrays[name] = ids[start:end]
        start = end
    return distinct[order]


def _by_frequency(first: I64, count: I64) -> tuple[I64, U32]:
    """The order of distinct values, the most frequent first, then as they occur; and the number of each in it."""
    order = np.lexsort((first, -count))
    rank = np.empty(len(order), np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    return order, rank


def _texts(ids: Sequence[U32], role: Array) -> list[U32]:
    """The distinct names and constants of each file."""
    counts = np.isin(role, [role for roles in ROLES_OF_LAYER.values() for role in roles])
    distinct = map(np.unique, ids)
    return [numbers[counts[numbers]] for numbers in distinct]


def _n_texts(texts: Sequence[U32], symbols: Arrays) -> dict[str, list[int]]:
    """Number of distinct names, and of distinct constants, of each file: n_name and n_constant, and of their neutral
    symbols: n_neutral_name and n_neutral_constant."""
    exact, neutral, role = (symbols[f"tokens.{name}"] for name in ("exact", "neutral", "role"))
    found = {}
    for layer, roles in ROLES_OF_LAYER.items():
        chosen = [numbers[np.isin(role[numbers], roles)] for numbers in texts]
        found[f"n_{layer}"] = [len(sorted_distinct(exact[numbers])) for numbers in chosen]
        found[f"n_neutral_{layer}"] = [
            len(sorted_distinct(neutral[numbers[neutral[numbers] != 0]])) for numbers in chosen
        ]
    return found


def _words_of(file_arrays: Arrays) -> U32:
    """The distinct words of a file, once they are numbered."""
    return sorted_distinct(np.concatenate([file_arrays[column.name] for column in COLUMNS if column.is_word]))


def _keys(columns: Sequence[Array]) -> U64:
    """One number a row; distinct rows have distinct ones but once in 10**19 / rows**2."""
    keys = np.zeros(len(columns[0]), np.uint64)
    for values in columns:
        keys = mix(keys * np.uint64(0x9E3779B97F4A7C15) + values.astype(np.uint64))
    return keys


def _block_bounds(n_tokens: Sequence[int]) -> list[int]:
    """Where blocks begin and the last ends: 0, ..., the number of files."""
    bounds, filled = [0], 0
    for file, n in enumerate(n_tokens):
        if filled and filled + n > _BLOCK_TOKENS:
            bounds.append(file)
            filled = 0
        filled += n
    return [*bounds, len(n_tokens)] if n_tokens else [0]


def _add_block(
    writer: ContainerWriter, arrays: Sequence[Arrays], ids: Sequence[U32], files: Sequence[AnalysedFile]
) -> None:
    counts = [[len(file_arrays[column.name]) for column in COLUMNS] for file_arrays in arrays]
    writer.add_array("count", np.array(counts, np.uint32))
    writer.add_array("ids", np.concatenate(ids))
    for column in COLUMNS:
        if not column.is_symbol:
            values = np.concatenate([file_arrays[column.name] for file_arrays in arrays])
            writer.add_array(column.name, values, is_shuffled=column.is_shuffled)
    units = [[file.tokens.units.kind, file.tokens.units.name] for file in files]
    writer.add("units", to_json(units))


def _add_postings(writer: ContainerWriter, files: Sequence[AnalysedFile]) -> None:
    """All fingerprints, by hash and place."""
    start = np.cumsum([0, *(file.n_tokens + 1 for file in files)])
    hashes = np.concatenate([np.zeros(0, np.uint64), *(file.fingerprints.hash for file in files)])
    places = [file.fingerprints.position + at for file, at in zip(files, start.tolist(), strict=False)]
    place = np.concatenate([np.zeros(0, np.int64), *places])
    order = np.argsort(hashes, kind="stable")
    upper, cell = (hashes >> np.uint64(32)).astype(np.uint32)[order], (place[order] >> CELL_BITS).astype(np.uint32)
    if int(start[-1]) > np.iinfo(np.uint32).max:
        raise StoreError(f"{int(start[-1])} tokens are too many for one index: make several")
    new = heads(upper, cell)  # of one hash the cells ascend, as places do
    upper, cell = upper[new], cell[new]
    add_postings(writer, ("hash", "cell"), upper, cell)
    writer.add_array("first_hash", upper[::POSTINGS_PER_FRAME])


def _add_word_postings(writer: ContainerWriter, files: Sequence[AnalysedFile], bounds: Sequence[int]) -> int:
    """Which block has which fingerprints of words, by hash and block. Returns how many low bits of upper halves it
    leaves out: with n of them, all but 8 more than n needs, so that one other in 256 leads to a block in vain."""
    hashes, blocks = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    for block, (first, last) in enumerate(pairwise(bounds)):
        prints = np.concatenate([file.prose.fingerprints.hash for file in files[first:last]])
        hashes.append(sorted_distinct((prints >> np.uint64(32)).astype(np.uint32)))
        blocks.append(np.full(len(hashes[-1]), block, np.uint32))
    upper, block_of = np.concatenate(hashes), np.concatenate(blocks)
    shift = max(0, 32 - 8 - len(upper).bit_length())
    upper >>= np.uint32(shift)
    order = np.argsort(upper, kind="stable")
    upper, block_of = upper[order], block_of[order]
    add_postings(writer, ("word-hash", "word-block"), upper, block_of)
    writer.add_array("first_word-hash", upper[::POSTINGS_PER_FRAME])
    return shift


def _file_facts(files: Sequence[AnalysedFile], sources: Sequence[SourceFile]) -> dict[str, list[Any]]:
    return {
        "path": [file.path for file in files],
        "language": [file.language for file in files],
        "role": [file.role for file in files],
        "sha256": [file.sha256 for file in files],
        "n_bytes": [file.n_bytes for file in files],
        "n_lines": [file.n_lines for file in files],
        "n_tokens": [file.n_tokens for file in files],
        "n_words": [len(file.prose.word) for file in files],
        "error_share": [file.tokens.error_share for file in files],
        "degraded": [file.tokens.degraded for file in files],
        "encoding": [source.encoding for source in sources],
    }


def _sketch_of(file: AnalysedFile) -> U16:
    assert file.sketch is not None, "files without a sketch cannot be indexed"
    return file.sketch


def _add_tree(writer: ContainerWriter, tree: AnalysedTree) -> dict[str, Any]:
    """Write what the tree skipped and which documents it has; return the rest of what is known of it."""
    files = tree.tree.skipped
    skipped = [[file.path, file.reason, file.detail, file.role, file.n_bytes, file.sha256] for file in files]
    for i in range(0, len(skipped), FILES_PER_FRAME):
        writer.add("skipped", to_json(skipped[i : i + FILES_PER_FRAME]))
    documents = tree.tree.documents
    writer.add(
        "documents", to_json([[document.path, document.sha256, len(document.content)] for document in documents])
    )
    writer.add("document-text", b"".join(document.content for document in documents))
    return {
        "label": tree.tree.label,
        "digest": tree.tree.digest,
        "n_files": len(tree.files),
        "n_skipped": len(skipped),
        "own": list(tree.own or ()),
        "family": tree.tree.family,
    }


def to_json(value: Any) -> bytes:
    """JSON of a frame."""
    return json.dumps(value, separators=(",", ":")).encode()
