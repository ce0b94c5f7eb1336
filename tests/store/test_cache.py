"""The cache: a second scan parses nothing, and whatever is wrong with it is a miss."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

import simdetect
from simdetect import Scanner, ScanOptions
from simdetect.errors import StoreError
from simdetect.model import ScanReport, Side
from simdetect.report import render
from simdetect.running import WorkerPool
from simdetect.scanning.results import ResultCache
from simdetect.sources import read_tree
from simdetect.store import Cache, FileParts, default_cache_folder
from simdetect.store.entry import pack_entry, unpack_entry
from simdetect.tokens.digest import CODE, code_digest
from simdetect.tokens.sketch import sketch
from tests import DEMO

ENOUGH = 1 << 30


class CountingPool(WorkerPool):
    """Counts the files that are given to workers."""

    n_files = 0

    def map(self, function: Any, tasks: Sequence[Any], *limits: Any) -> Iterator[Any]:
        self.n_files += sum(len(task.contents) for task in tasks)
        return super().map(function, tasks, *limits)


@pytest.fixture(scope="module")
def pool() -> Iterator[CountingPool]:
    with CountingPool(1, ENOUGH * 4) as made:
        yield made


def without_run(report: ScanReport) -> str:
    return render(replace(report, run={}), "json")


def parsed_by_scan(pool: CountingPool, options: ScanOptions, *inputs: Path, **handed: Any) -> tuple[int, str]:
    """How many files a scan gives to workers, and its report."""
    before = pool.n_files
    scanner = Scanner(options, pool)
    report = scanner.scan(*inputs, **handed)
    scanner.close(pool=False)
    return pool.n_files - before, without_run(report)


@pytest.fixture(scope="module")
def expected(pool: CountingPool) -> str:
    return parsed_by_scan(pool, ScanOptions(), DEMO / "submission", DEMO / "original")[1]


@pytest.fixture
def options(tmp_path: Path) -> ScanOptions:
    return ScanOptions(cache=tmp_path / "cache")


@pytest.fixture
def filled(pool: CountingPool, options: ScanOptions) -> Path:
    """The file of a cache that knows the demo."""
    parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")
    assert options.cache is not None
    return Cache(options.cache, ENOUGH).path


# --- hits ----------------------------------------------------------------------------------------------------------


def test_a_second_scan_parses_nothing_and_reports_the_same_bytes(
    pool: CountingPool, options: ScanOptions, expected: str
) -> None:
    first = parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")
    second = parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")
    assert (first[0] > 10, first[1]) == (True, expected)
    assert second == (0, expected)


def test_what_was_given_is_kept_too(pool: CountingPool, options: ScanOptions) -> None:
    handed = {"given": [DEMO / "original" / "README.md"], "base": [DEMO / "original" / "vendor"]}
    first = parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original", **handed)
    second = parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original", **handed)
    assert second == (0, first[1])


def test_only_changed_files_are_parsed_again(pool: CountingPool, options: ScanOptions, tmp_path: Path) -> None:
    tree = tmp_path / "original"
    shutil.copytree(DEMO / "original", tree)
    parsed_by_scan(pool, options, DEMO / "submission", tree)
    (tree / "src" / "new.c").write_text("int fresh(int a) { return a + 1; }\n")
    (tree / "src" / "lex.c").rename(tree / "src" / "moved.c")
    assert parsed_by_scan(pool, options, DEMO / "submission", tree)[0] == 1


def test_other_settings_code_or_grammars_are_misses(
    pool: CountingPool, options: ScanOptions, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled.exists()
    inputs = DEMO / "submission", DEMO / "original"
    assert parsed_by_scan(pool, replace(options, k=11), *inputs)[0] > 0
    assert parsed_by_scan(pool, replace(options, max_postings=63), *inputs)[0] == 0  # decides nothing about a file
    for name, value in (("code_digest", lambda: "other"), ("grammar_version", lambda _: "0.0.1")):
        with monkeypatch.context() as patch:
            patch.setattr(f"simdetect.scanning.results.{name}", value)
            assert parsed_by_scan(pool, options, *inputs)[0] > 0


def test_what_failed_by_chance_is_not_kept(pool: CountingPool, options: ScanOptions) -> None:
    scanner = Scanner(options, pool)
    tree = read_tree(DEMO / "submission", Side.CANDIDATE, options)
    files = scanner.analyse(tree).files
    slow = replace(files[0], tokens=replace(files[0].tokens, degraded="timeout: parse stopped at its time limit"))
    results = ResultCache(replace(options, k=11))  # nothing known under these settings
    results.store([(tree.files[0], slow), (tree.files[1], files[1])])
    assert set(results.load(tree.files)) == {tree.files[1].path}


def test_without_a_folder_nothing_is_kept(pool: CountingPool) -> None:
    options = ScanOptions()
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")[0] > 0
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")[0] > 0


def test_where_results_are_kept_changes_no_setting_of_the_report(options: ScanOptions) -> None:
    assert options.digest() == ScanOptions().digest()


PACKAGE = Path(simdetect.__file__).parent
CACHED_CODE = sorted(path.relative_to(PACKAGE) for pattern in CODE for path in PACKAGE.glob(pattern))


@pytest.mark.parametrize("module", CACHED_CODE, ids=str)
def test_another_constant_in_any_module_whose_results_are_kept_is_another_key(tmp_path: Path, module: Path) -> None:
    """With another length of shingles the cache once served the old sketches."""
    digest = code_digest.__wrapped__
    shutil.copytree(PACKAGE, tmp_path / "simdetect", ignore=shutil.ignore_patterns("__pycache__", "data"))
    assert digest(tmp_path / "simdetect") == digest()
    changed = tmp_path / "simdetect" / module
    changed.write_text(changed.read_text() + "\n_ANOTHER = 7\n")
    assert digest(tmp_path / "simdetect") != digest()


def test_sketches_depend_on_a_module_whose_results_are_kept() -> None:
    assert Path("tokens/sketch.py") in CACHED_CODE
    assert Path(inspect.getfile(sketch)) == PACKAGE / "tokens" / "sketch.py"


# --- damage --------------------------------------------------------------------------------------------------------


def test_entries_come_back_and_every_flipped_byte_is_detected(pool: CountingPool) -> None:
    file = Scanner(ScanOptions(), pool).index(DEMO / "submission").files[0]
    sketch = np.arange(128, dtype=np.uint16)
    data = pack_entry(FileParts.of(file), sketch)
    parts, again = unpack_entry(data)
    assert again is not None and (again == sketch).all()
    assert (parts.tokens.exact == file.tokens.exact).all() and (parts.newline == file.newline).all()
    for at in range(0, len(data), 7):
        with pytest.raises(StoreError, match="damaged"):
            unpack_entry(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


FORGED_FACTS = [
    '{"n": 1e999}',
    '{"n": [18446744073709551616]}',
    '{"n": [-2]}',
    '{"n": null}',
    "[]",
    "1",
    '{"n": [0]}',
    "[" * 100_000,
]


@pytest.mark.parametrize("facts", FORGED_FACTS, ids=lambda text: text[:12])
def test_forged_entries_with_a_checksum_that_agrees_are_damaged(facts: str) -> None:
    plain = struct.pack("<I", len(facts)) + facts.encode() + bytes(64)
    stored = zstandard.ZstdCompressor().compress(plain)
    with pytest.raises(StoreError, match="damaged"):
        unpack_entry(hashlib.blake2b(stored, digest_size=16).digest() + stored)


def test_damaged_entries_are_misses_and_are_replaced(
    pool: CountingPool, options: ScanOptions, filled: Path, expected: str
) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE entry SET value = substr(value, 1, 40)")
    n_files, report = parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")
    assert n_files > 10 and report == expected
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original") == (0, expected)


@pytest.mark.parametrize("content", [b"", b"no database" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_replaced(
    pool: CountingPool, options: ScanOptions, filled: Path, expected: str, content: bytes
) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{filled}{suffix}").unlink(missing_ok=True)
    filled.write_bytes(content)
    first = parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")
    assert first[0] > 10 and first[1] == expected
    parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original") == (0, expected)


def test_damage_in_the_middle_of_the_file_never_changes_a_report(
    pool: CountingPool, options: ScanOptions, filled: Path, expected: str
) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = filled.read_bytes()
    for at in range(100, len(whole), len(whole) // 9):
        filled.write_bytes(whole[:at] + bytes(b ^ 0x55 for b in whole[at : at + 300]) + whole[at + 300 :])
        assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")[1] == expected


def test_a_folder_that_cannot_be_written_is_no_error(pool: CountingPool, tmp_path: Path, expected: str) -> None:
    (tmp_path / "file").touch()
    options = ScanOptions(cache=tmp_path / "file" / "cache")
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")[1] == expected


def test_a_locked_cache_is_no_error(
    pool: CountingPool, options: ScanOptions, filled: Path, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simdetect.store.cache._WAIT_S", 0.05)
    other = sqlite3.connect(filled)
    other.execute("BEGIN EXCLUSIVE")
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")[1] == expected
    other.close()
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original") == (0, expected)


# --- size, sharing -------------------------------------------------------------------------------------------------


def entries(n: int, pool: CountingPool) -> dict[bytes, Any]:
    file = Scanner(ScanOptions(), pool).index(DEMO / "submission" / "main.c").files[0]
    return {i.to_bytes(20, "big"): (FileParts.of(file), None) for i in range(n)}


def test_the_least_recently_used_entries_go_first(pool: CountingPool, tmp_path: Path) -> None:
    results = entries(12, pool)
    size = len(pack_entry(*results[bytes(20)]))
    cache = Cache(tmp_path, 10 * size)
    keys = list(results)
    cache.store({key: results[key] for key in keys[:10]})
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE entry SET used = used - 100000")
    assert set(cache.load(keys[:1])) == set(keys[:1])  # used again
    cache.store({key: results[key] for key in keys[10:]})
    kept = set(cache.load(keys))
    assert cache.info().n_bytes <= 10 * size
    assert {keys[0], keys[10], keys[11]} <= kept and len(kept) == 8


def test_a_cache_tells_what_it_holds_and_can_be_cleared(pool: CountingPool, tmp_path: Path) -> None:
    cache = Cache(tmp_path, ENOUGH)
    assert (cache.info().n_entries, cache.info().n_bytes) == (0, 0)
    cache.store(entries(3, pool))
    assert cache.info().n_entries == 3 and cache.info().n_bytes > 1000
    assert cache.clear().n_entries == 3
    assert cache.info().n_entries == 0 and not cache.path.exists()


SHARING = """
import sys
from pathlib import Path
from simdetect import Scanner, ScanOptions
from simdetect.report import render
from simdetect.store.cache import Cache
from dataclasses import replace
submission, original, cache, max_bytes, is_held = sys.argv[1:]

def met(word):
    print(word, file=sys.stderr, flush=True)
    sys.stdin.readline()

if is_held:
    load, looked = Cache.load, []
    def look_and_wait(self, keys):
        found = load(self, keys)
        if not looked:
            looked.append(len(found))
            met(f"looked, found {len(found)}")
        return found
    Cache.load = look_and_wait
    with Scanner(ScanOptions(jobs=1)) as scanner:
        scanner.index(Path(submission, "main.c"))
    met("ready")
with Scanner(ScanOptions(jobs=1, cache=Path(cache), max_cache_bytes=int(max_bytes))) as scanner:
    report = scanner.scan(submission, original)
sys.stdout.write(render(replace(report, run={}), "json"))
"""


def start(
    folder: Path, submission: Path = DEMO / "submission", max_bytes: int = ENOUGH, *, held: bool = False
) -> subprocess.Popen[str]:
    """A scan in a process of its own. held: it says that it is ready and waits for a line."""
    command = [sys.executable, "-c", SHARING, str(submission), str(DEMO / "original"), str(folder), str(max_bytes)]
    pipe = subprocess.PIPE
    return subprocess.Popen([*command, "held" * held], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def let_go(processes: Sequence[subprocess.Popen[str]], word: str) -> None:
    """Wait until all of them have come to a place, then let them go on."""
    for process in processes:
        assert process.stderr is not None and process.stderr.readline() == f"{word}\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def large_candidate(folder: Path) -> Path:
    """The demo's submission and 400 files beside it: enough that two scans of it meet."""
    shutil.copytree(DEMO / "submission", folder)
    for number in range(400):
        functions = (f"int f{n}(int a)\n{{\n    return a * {n} + {number};\n}}\n" for n in range(number, number + 12))
        (folder / f"own{number}.c").write_text("".join(functions))
    return folder


@pytest.mark.parametrize("max_bytes", [ENOUGH, 100_000])
def test_two_scans_at_once_on_one_cold_cache_report_as_one_without_and_leave_it_whole(
    pool: CountingPool, tmp_path: Path, max_bytes: int
) -> None:
    candidate, cache = large_candidate(tmp_path / "large"), tmp_path / "cache"
    n_files, alone = parsed_by_scan(pool, ScanOptions(), candidate, DEMO / "original")
    both = [start(cache, candidate, max_bytes, held=True) for _ in range(2)]
    let_go(both, "ready")
    let_go(both, "looked, found 0")  # neither has written anything before both have looked
    outputs = [process.communicate(timeout=300) for process in both]
    assert [out == alone for out, _ in outputs] == [True, True]
    known = Cache(cache, max_bytes)
    assert known.info().n_bytes <= max_bytes
    with sqlite3.connect(known.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again, report = parsed_by_scan(
        pool, ScanOptions(cache=cache, max_cache_bytes=max_bytes), candidate, DEMO / "original"
    )
    assert report == alone
    assert again == 0 if max_bytes == ENOUGH else again < n_files


def test_scans_in_several_processes_share_a_cache(tmp_path: Path, expected: str) -> None:
    running = [start(tmp_path) for _ in range(3)]
    for process in running:
        out, err = process.communicate(timeout=120)
        assert (out, err) == (expected, "")
    assert Cache(tmp_path, ENOUGH).info().n_entries >= 14


def test_a_scan_that_is_killed_leaves_a_cache_that_others_can_use(
    pool: CountingPool, tmp_path: Path, expected: str
) -> None:
    for wait_s in (0.9, 1.2, 1.5, 1.8):
        process = start(tmp_path)
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    options = ScanOptions(cache=tmp_path)
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original")[1] == expected
    assert parsed_by_scan(pool, options, DEMO / "submission", DEMO / "original") == (0, expected)


def test_the_folder_is_the_platforms_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path))
    assert default_cache_folder() == tmp_path
    monkeypatch.delenv("SIMDETECT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache_folder().name == "simdetect"
    assert sys.platform != "linux" or default_cache_folder() == tmp_path / "xdg" / "simdetect"
    assert os.environ.get("SIMDETECT_CACHE_DIR") is None


def test_the_code_that_results_depend_on_is_all_in_their_key() -> None:
    """What an analysis loads, apart from what only holds names and errors: a change of it makes cached results old."""
    run = (
        "import sys; from simdetect.tokens.analyse import Batch, analyse\n"
        "for why in (None, 'size: large'): analyse(Batch('c', [b'int x = 1; /* a */'], 12, 6, why))\n"
        "print(*(name for name in sys.modules if name.startswith('simdetect.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True).stdout.split()
    names = {name.removeprefix("simdetect.").replace(".", "/") for name in loaded}
    covered = {path.with_suffix("").as_posix().removesuffix("/__init__") for path in CACHED_CODE}
    assert names - covered == {"errors"}


@pytest.mark.parametrize(
    "damage",
    [
        "PRAGMA writable_schema = 1; UPDATE sqlite_master SET name = CAST(x'ff' AS TEXT), sql = CAST(x'ff' AS TEXT)",
        "UPDATE entry SET used = 'yesterday'",
        "UPDATE entry SET used = NULL",
    ],
)
def test_a_cache_whose_names_or_values_are_of_another_kind_is_made_anew(tmp_path: Path, damage: str) -> None:
    """Found by fuzzing: a name that is no text ended the scan."""
    options = ScanOptions(cache=tmp_path)
    with Scanner(options) as scanner:
        wanted = scanner.scan(DEMO / "submission", DEMO / "original")
    with contextlib.closing(sqlite3.connect(next(tmp_path.glob("results-*.sqlite3")))) as connection:
        connection.executescript(damage)
    for _ in range(2):
        with Scanner(options) as scanner:
            report = scanner.scan(DEMO / "submission", DEMO / "original")
        assert replace(report, run={}) == replace(wanted, run={})
