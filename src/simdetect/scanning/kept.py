"""Originals that are scanned again and again: each is indexed once and kept in the cache folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from simdetect.languages import LANGUAGES
from simdetect.languages.grammar import grammar_version
from simdetect.model import Side, SourceTree
from simdetect.options import ScanOptions
from simdetect.remote.urls import located
from simdetect.scanning.inputs import Location, Original, is_index, read_input
from simdetect.scanning.scanner import Scanner
from simdetect.store import Shelf
from simdetect.tokens.digest import code_digest

__all__ = ["keep_original", "tree_key"]


def keep_original(scanner: Scanner, location: Location) -> Original:
    """An original to scan against: its index from the cache folder, made now if it is not there.

    The original is read, so that a changed one is another, but not parsed again. Without a cache folder, or when that
    cannot be written, the original itself. Raises InputError.
    """
    options = scanner.options
    if options.cache is None or is_index(located(location, options.cache)):
        return location
    tree = read_input(location, Side.ORIGINAL, options)
    shelf = Shelf(options.cache, options.max_cache_bytes)
    kept = shelf.get(tree_key(tree, options), lambda path: _write(scanner, tree, path))
    return kept if kept is not None else scanner.analyse(tree, keep=False)


def _write(scanner: Scanner, tree: SourceTree, path: Path) -> None:
    scanner.write_index(path, scanner.analyse(tree, keep=False, with_forms=True))


def tree_key(tree: SourceTree, options: ScanOptions) -> str:
    """40 hex digits over everything that decides what the index of a tree holds."""
    grammars = {name: grammar_version(spec) for name, spec in LANGUAGES.items()}
    parts = [tree.label, tree.digest, options.reading(), code_digest(), grammars]
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=20).hexdigest()
