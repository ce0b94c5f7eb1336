"""Which results of the per-file stages are kept, and under what key. `store.cache` keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from simdetect.languages import spec_of
from simdetect.languages.grammar import grammar_version
from simdetect.model import U16, AnalysedFile, SourceFile
from simdetect.options import ScanOptions
from simdetect.store import Cache, FileParts
from simdetect.tokens.digest import code_digest

__all__ = ["ResultCache"]

# How `Scanner` says that a parse was given up: at another time or on another machine the file may parse.
_BY_CHANCE = ("timeout", "crash", "memory", "error")


class ResultCache:
    """Results by file; holds nothing when the options name no cache folder."""

    def __init__(self, options: ScanOptions) -> None:
        self._options = options
        self._cache = Cache(options.cache, options.max_cache_bytes) if options.cache is not None else None

    def load(self, files: Sequence[SourceFile], lexical: str | None = None) -> dict[str, tuple[FileParts, U16 | None]]:
        """What is known of these files, by path. lexical: why they are not parsed, as for `tokens.analyse.Batch`."""
        if self._cache is None:
            return {}
        key_by_path = {file.path: _key(file, lexical, self._options) for file in files}
        found = self._cache.load(sorted(set(key_by_path.values())))
        return {path: found[key] for path, key in key_by_path.items() if key in found}

    def store(self, results: Iterable[tuple[SourceFile, AnalysedFile]], lexical: str | None = None) -> None:
        """Keep results, but for those that depend on how fast or large this machine is."""
        if self._cache is None:
            return
        kept = {
            _key(file, lexical, self._options): (
                FileParts.of(own),
                own.sketch,
            )
            for file, own in results
            if not (own.tokens.degraded or "").startswith(_BY_CHANCE)
        }
        if kept:
            self._cache.store(kept)

    def close(self) -> None:
        """Close the file of the cache."""
        if self._cache is not None:
            self._cache.close()


def _key(file: SourceFile, lexical: str | None, options: ScanOptions) -> bytes:
    """Everything that decides what the per-file stages make of a file."""
    parts = (
        file.sha256,
        file.language,
        file.encoding,
        str(grammar_version(spec_of(file.language))),
        str(lexical),
        str((options.k, options.window, options.max_parse_bytes)),
        code_digest(),
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).digest()
