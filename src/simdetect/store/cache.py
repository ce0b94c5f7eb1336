"""Results of the per-file stages by content, kept between scans in one SQLite file that scans share.

An entry's key stands for everything that decides its value: the bytes of the file, its language, the version of its
grammar, the settings, and the code that made it. Whatever is wrong with the cache is a miss: a damaged entry is
dropped, a damaged file replaced, a locked or full one left alone.

Why SQLite? It is in the standard library, many processes may read and write it at once, a crash leaves it whole, and
1,500 entries are read in one query rather than from 1,500 files. It must not lie on a network file system.

History of the format: 1 first version.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from simdetect.errors import StoreError
from simdetect.model import U16
from simdetect.store.columns import VERSION, FileParts
from simdetect.store.entry import pack_entry, unpack_entry

__all__ = ["Cache", "CacheInfo", "default_cache_folder"]

FOLDER_VARIABLE: Final = "SIMDETECT_CACHE_DIR"
_NAME: Final = f"results-{VERSION}.sqlite3"
_WAIT_S: Final = 5.0  # for another process that writes
_KEYS_A_QUERY: Final = 500
_REUSE_AFTER_S: Final = 3600  # entries used more recently than this are not noted as used again
_KEPT_SHARE: Final = 0.8  # of the limit, when entries are dropped: so that not every scan has to drop some
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entry (key BLOB PRIMARY KEY, value BLOB NOT NULL, n_bytes INTEGER NOT NULL, used INTEGER);
CREATE INDEX IF NOT EXISTS by_use ON entry (used, n_bytes);
"""

Value = TypeVar("Value")
Result = tuple[FileParts, U16 | None]


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache folder holds: results of files, and indexes of originals. n_bytes: of both; the file of the results
    is somewhat larger."""

    path: Path
    n_entries: int
    n_indexes: int
    n_bytes: int
    max_bytes: int


def default_cache_folder() -> Path:
    """The user's cache folder on this platform, or what SIMDETECT_CACHE_DIR names."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("simdetect", appauthor=False)


class Cache:
    """Open it with a folder and a limit in bytes. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.path = folder / _NAME
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def load(self, keys: Sequence[bytes]) -> dict[bytes, Result]:
        """The entries that are there and whole, by key."""
        if not self.path.exists():
            return {}
        found: dict[bytes, Result] = {}
        damaged = []
        for key, value in self._read(keys):
            try:
                found[key] = unpack_entry(value)
            except StoreError:
                damaged.append(key)
        if damaged:
            self._drop(damaged)
        return found

    def store(self, results: Mapping[bytes, Result]) -> None:
        """Keep results; the least recently used entries go when the limit is exceeded."""
        now = int(time.time())
        packed = [(key, pack_entry(*result)) for key, result in results.items()]
        rows = [(key, value, len(value), now) for key, value in packed]

        def insert(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)
            self._shrink(connection)

        self._run(insert, None)

    def info(self) -> CacheInfo:
        """How much it holds."""

        def count(connection: sqlite3.Connection) -> tuple[int, float]:
            found: tuple[int, float] = connection.execute("SELECT COUNT(*), TOTAL(n_bytes) FROM entry").fetchone()
            return found

        n_entries, n_bytes = self._run(count, (0, 0.0)) if self.path.exists() else (0, 0.0)
        sizes = []
        for index in self.path.parent.glob("originals-*/*.sdx"):
            with contextlib.suppress(OSError):
                sizes.append(index.stat().st_size)
        return CacheInfo(self.path.parent, n_entries, len(sizes), int(n_bytes) + sum(sizes), self._max_bytes)

    def clear(self) -> CacheInfo:
        """Remove everything, also what other versions left. Returns what was there. Raises StoreError."""
        before = self.info()
        self.close()
        try:
            for pattern in ("results-*.sqlite3*", "originals-*/*.sdx", "originals-*/.*.tmp"):
                for file in self.path.parent.glob(pattern):
                    file.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot clear {self.path.parent}: {error.strerror}") from error
        return before

    def close(self) -> None:
        """Close the file; it opens again when it is needed."""
        with self._lock:
            self._disconnect()

    def _read(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        rows: list[tuple[bytes, bytes]] = []
        for i in range(0, len(keys), _KEYS_A_QUERY):
            rows += self._run(partial(_select, keys=keys[i : i + _KEYS_A_QUERY]), [])
        return rows

    def _drop(self, keys: Sequence[bytes]) -> None:
        rows = [(key,) for key in keys]
        self._run(lambda connection: connection.executemany("DELETE FROM entry WHERE key = ?", rows), None)

    def _shrink(self, connection: sqlite3.Connection) -> None:
        (total,) = connection.execute("SELECT TOTAL(n_bytes) FROM entry").fetchone()
        if total <= self._max_bytes:
            return
        excess, dropped = total - _KEPT_SHARE * self._max_bytes, []
        for row, n_bytes in connection.execute("SELECT rowid, n_bytes FROM entry ORDER BY used, rowid"):
            dropped.append((row,))
            excess -= n_bytes
            if excess <= 0:
                break
        connection.executemany("DELETE FROM entry WHERE rowid = ?", dropped)

    def _run(self, action: Callable[[sqlite3.Connection], Value], otherwise: Value) -> Value:
        """Do something in one transaction. When it fails nothing was done, and what was to be read is a miss."""
        with self._lock:
            try:
                self._connection = self._connection or self._open()
                with self._connection:
                    return action(self._connection)
            except (sqlite3.Error, OSError, ValueError, TypeError) as error:
                self._recover(error)
                return otherwise

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self.path, timeout=_WAIT_S, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
        return connection

    def _recover(self, error: Exception) -> None:
        """Close; and start anew when the file itself is damaged, which waiting would not mend. A damaged one may also
        hold values of other types, and names that are no text."""
        self._disconnect()
        if isinstance(error, sqlite3.DatabaseError | ValueError | TypeError) and not isinstance(
            error, sqlite3.OperationalError
        ):
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _select(connection: sqlite3.Connection, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """The entries of these keys, which from now on count as used."""
    marks, now = ",".join("?" * len(keys)), int(time.time())
    rows = connection.execute(f"SELECT key, value, used FROM entry WHERE key IN ({marks})", keys).fetchall()
    old = [(now, key) for key, _, used in rows if used < now - _REUSE_AFTER_S]
    if old:
        connection.executemany("UPDATE entry SET used = ? WHERE key = ?", old)
    return [(key, value) for key, value, _ in rows]
