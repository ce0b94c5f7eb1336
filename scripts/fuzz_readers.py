"""Fuzz targets for what simdetect itself reads: archives, indexes, caches, reports, decisions, models, options."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import zstandard
from fuzz_target import BrokenPropertyError, Target, make_of, refusing
from mutate import mutate, mutate_json

from simdetect import Scanner, ScanOptions, scan
from simdetect.audit.tasks import read_task
from simdetect.corpus.folder import read_members
from simdetect.judging.calibration import load_calibration
from simdetect.judging.likelihood import ratio_of
from simdetect.model import FEATURES, ScanReport, Side, SourceTree
from simdetect.report import FORMATS, render
from simdetect.report.json import dump_report, load_report
from simdetect.report.review import Baseline, apply_review, parse_decisions
from simdetect.sources import read_tree
from simdetect.sources.patterns import compile_globs
from simdetect.store import FileParts, open_index
from simdetect.store.cache import Cache
from simdetect.store.container import Container, ContainerWriter, write_container
from simdetect.store.entry import pack_entry, unpack_entry
from simdetect.store.shard import open_shard, write_shard
from simdetect.tokens.analyse import Batch, analyse
from simdetect.training.pairs import read_pairs
from simdetect.weighing.background import _load as load_model
from simdetect.weighing.background import load_background, token_bits

__all__ = ["reader_targets"]

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "fixtures" / "demo"
_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
    "tar.zst": zstandard.ZstdCompressor().compress,
}
_OPTIONS = ScanOptions(max_file_bytes=1 << 20, max_archive_bytes=8 << 20, max_files=500)
_TASK = b"repository: github:owner/name\ncommit: '0123456'\nlanguage: c\nnested: {a: [1, &x 2, *x]}\n"
_GLOBS = (b"**/*.c", b"src/[!a-z]?*/", b"*/vendor/**/x", b"[[:alpha:]]*", b"a" * 20 + b"*" * 8 + b"b")
_PATHS = ("src/main.c", "a/" * 30 + "x.py", "a" * 60, "vendor/[x]/y", "\udcff.c")
_DECISIONS = b"""[[decision]]
fingerprint = "0123456789abcdef"
decision = "dismissed"
reason = "a table of units"
by = "A. Reviewer"
date = 2026-01-31
occurrences = 2
"""


def reader_targets(scanner: Scanner, work: Path) -> list[Target]:
    """Every reader. work: an empty folder for what is read from files."""
    work.mkdir(parents=True, exist_ok=True)
    report = scan(DEMO / "submission", DEMO / "original")
    return [
        *(_archive(work, kind) for kind in (*_PACKERS, "zip")),
        *_indexes(scanner, work),
        *_cache(scanner, work),
        *_reports(dump_report(report).encode()),
        _decisions(report),
        *_models(work),
        *_small_files(work),
        _options(),
    ]


# --- archives ------------------------------------------------------------------------------------------------------


def _archive(work: Path, kind: str) -> Target:
    """An archive whose inside, outside or both were changed."""
    files = [(path.relative_to(DEMO).as_posix(), path.read_bytes()) for path in sorted(DEMO.rglob("*.c"))]
    plain = _zip(files) if kind == "zip" else _tar(files)
    pack = _PACKERS.get(kind, bytes)
    other = gzip.compress(plain[:2000]) + _zip(files[:1])

    def make(rng: Random) -> bytes:
        inside = rng.random() < 0.6
        data = pack(_change_archive(rng, plain, other) if inside else plain)
        return data if inside and rng.random() < 0.7 else mutate(rng, data, other)

    def read(data: bytes) -> None:
        path = work / f"case.{kind}"
        path.write_bytes(data)
        _check_tree(read_tree(path, Side.CANDIDATE, _OPTIONS))

    return Target(f"archive:{kind}", make, refusing(read))


def _change_archive(rng: Random, data: bytes, other: bytes) -> bytes:
    """Mostly headers: 20 bytes among the first 512 of a member, else anything."""
    if rng.random() < 0.5:
        return mutate(rng, data, other)
    changed = bytearray(data)
    block = rng.randrange(max(1, len(changed) // 512)) * 512
    for _ in range(rng.choice((1, 3, 20))):
        at = block + rng.randrange(512)
        if at < len(changed):
            changed[at] = rng.choice((0, 0x30, 0x37, 0x80, 0xFF, 0x2E, 0x2F, rng.randrange(256)))
    return bytes(changed)


def _check_tree(tree: SourceTree) -> None:
    for path in [*(file.path for file in tree.files), *(file.path for file in tree.skipped)]:
        if not path.isprintable() or not path.encode():
            raise BrokenPropertyError(f"a path that is not printable: {path!a}")
    for file in tree.files:
        if file.path.startswith("/") or ".." in file.path.split("/"):
            raise BrokenPropertyError(f"a path outside of the tree: {file.path!a}")


def _tar(files: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files:
            info = tarfile.TarInfo(name if len(name) % 2 else f"{'long/' * 30}{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.c")
        link.type, link.linkname = tarfile.LNKTYPE, files[0][0]
        tar.addfile(link)
    return packed.getvalue()


def _zip(files: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, (name, content) in enumerate(files):
            kind = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)[number % 4]
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, kind)
    return packed.getvalue()


# --- indexes and caches --------------------------------------------------------------------------------------------


def _indexes(scanner: Scanner, work: Path) -> list[Target]:
    """An index with bytes changed, and one that is forged: changed inside with checksums that agree. Then a shard."""
    source, case = work / "seed.sdx", work / "case.sdx"
    scanner.write_index(source, DEMO / "original", DEMO / "independent")
    plain, opened = source.read_bytes(), Container.open(source)
    frames = [(name, n) for name in opened._frames for n in range(opened.n_frames(name))]

    def forged(rng: Random) -> bytes:
        changed = rng.choice([*frames, ("facts", 0)])

        def fill(writer: ContainerWriter) -> None:
            for name, n in frames:
                data = opened.read(name, n)
                writer.add(name, _change_frame(rng, name, data) if (name, n) == changed else data)
            facts = dict(opened.facts)
            odd = mutate_json(rng, facts) if changed[0] == "facts" else facts
            writer.finish(opened.kind, odd if isinstance(odd, dict) else facts)

        write_container(case, fill)
        return case.read_bytes()

    def read(data: bytes) -> None:
        case.write_bytes(data)
        index = open_index(case)
        report = scanner.scan(DEMO / "submission", index)
        load_report(dump_report(report))

    def flipped(rng: Random) -> bytes:
        return mutate(rng, plain, plain)

    return [Target("index", flipped, refusing(read)), Target("index:forged", forged, refusing(read)), _shard(work)]


def _change_frame(rng: Random, name: str, data: bytes) -> bytes:
    if name in ("files", "skipped", "documents", "units") and rng.random() < 0.8:
        return json.dumps(mutate_json(rng, json.loads(data))).encode()
    if rng.random() < 0.5 and len(data) >= 4:  # one number of an array, to a value at its bounds
        at = rng.randrange(len(data) // 4) * 4
        return data[:at] + rng.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\0\0\0", b"\0\0\0\x80")) + data[at + 4 :]
    return mutate(rng, data, data)


def _shard(work: Path) -> Target:
    path = work / "case.sdh"
    write_shard(path, np.arange(0, 4000, 7, dtype=np.uint32), np.arange(572, dtype=np.uint32) % 9, {})
    plain = path.read_bytes()

    def read(data: bytes) -> None:
        path.write_bytes(data)
        open_shard(path)

    return Target("shard", make_of(lambda rng: mutate(rng, plain, plain)), refusing(read))


def _cache(scanner: Scanner, work: Path) -> list[Target]:
    """Entries with bytes changed, or forged with a checksum that agrees; the file of the cache, which never fails."""
    tree = scanner.index(DEMO / "original")
    entries = [pack_entry(FileParts.of(file), None) for file in tree.files]
    unpacker, packer = zstandard.ZstdDecompressor(), zstandard.ZstdCompressor(level=1)

    def make(rng: Random) -> bytes:
        entry = rng.choice(entries)
        if rng.random() < 0.3:
            return mutate(rng, entry, entries[0])
        plain = unpacker.decompress(entry[16:])
        stored = packer.compress(_change_entry(rng, plain))
        return hashlib.blake2b(stored, digest_size=16).digest() + stored

    path = Cache(work / "cache", 1 << 20).path
    keys = [bytes([number]) * 20 for number in range(4)]
    seed = Cache(work / "cache", 1 << 20)
    whole = {key: (FileParts.of(file), None) for key, file in zip(keys, tree.files, strict=False)}
    seed.store(whole)
    seed.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    file = path.read_bytes()

    def use(data: bytes) -> str:
        path.write_bytes(data)
        cache = Cache(work / "cache", 1 << 20)
        found = cache.load(keys)
        cache.store(whole)
        again = cache.load(keys)
        cache.info()
        cache.close()
        if any(pack_entry(*found[key]) != pack_entry(*whole[key]) for key in found):
            raise BrokenPropertyError("a damaged entry was taken for a whole one")
        return f"{len(found)} entries, then {len(again)}"

    return [
        Target("cache:entry", make, refusing(unpack_entry)),
        Target("cache:file", make_of(lambda rng: mutate(rng, file, file)), use),
    ]


def _change_entry(rng: Random, plain: bytes) -> bytes:
    n_text = int.from_bytes(plain[:4], "little")
    if rng.random() < 0.5:
        text = json.dumps(mutate_json(rng, json.loads(plain[4 : 4 + n_text]))).encode()
        return len(text).to_bytes(4, "little") + text + plain[4 + n_text :]
    return mutate(rng, plain, plain)


# --- reports, decisions, models ------------------------------------------------------------------------------------


def _reports(plain: bytes) -> list[Target]:
    """Reports with bytes or values changed. What is taken for a report, every format renders."""
    stored = json.loads(plain)

    def forged(rng: Random) -> bytes:
        return json.dumps(mutate_json(rng, stored)).encode()

    def read(data: bytes) -> None:
        report = load_report(data.decode("utf-8", "replace"))
        for name in FORMATS:
            render(report, name).encode()
        apply_review(report, None, Baseline("x.json", "0" * 64, report))

    return [
        Target("report", make_of(lambda rng: mutate(rng, plain[:60_000], plain)), refusing(read)),
        Target("report:forged", forged, refusing(read)),
    ]


def _decisions(report: ScanReport) -> Target:
    known = "".join(
        f'[[decision]]\nfingerprint = "{evidence.fingerprint}"\ndecision = "confirmed"\nreason = "x"\n'
        for finding in report.findings
        for evidence in finding.evidence[:2]
    ).encode()

    def read(data: bytes) -> None:
        decisions = parse_decisions(data.decode("utf-8", "replace"), "simdetect.toml")
        apply_review(report, decisions)

    return Target("decisions", make_of(lambda rng: mutate(rng, _DECISIONS + known[:2000], known)), refusing(read))


def _models(work: Path) -> list[Target]:
    """A calibration whose probabilities stay between 0 and 1, and a background model whose bits are numbers."""
    data = ROOT / "src" / "simdetect" / "data"
    plain = (data / "calibration.json").read_bytes()
    stored = json.loads(plain)
    model = (data / "background" / "zig.npz").read_bytes()
    ((tokens, *_),) = analyse(Batch("zig", [b"const a: u8 = 1;\n" * 8], 12, 6))

    def make(rng: Random) -> bytes:
        if rng.random() < 0.3:
            return mutate(rng, plain, plain)
        return json.dumps(mutate_json(rng, stored)).encode()

    def read_calibration(case: bytes) -> None:
        path = work / "calibration.json"
        path.write_bytes(case)
        found = load_calibration.__wrapped__(path)
        for bits in (0.0, 30.0, 5000.0):
            probability = found.probability([bits] * len(FEATURES), 300)
            rate = max(model.rate(ratio_of(probability)).upper_95 for model in found.submissions.values())
            if not (0 <= probability <= 1 and 0 <= found.threshold("c", has_background=True) <= 1 and 0 <= rate <= 2):
                raise BrokenPropertyError(f"a calibration that gives {probability}")

    def read_background(case: bytes) -> None:
        (work / "zig.npz").write_bytes(case)
        load_model.cache_clear()
        found = load_background("zig", work)
        bits = token_bits(found, tokens, 12)
        if not (np.isfinite(bits.structure).all() and np.isfinite(bits.name).all()):
            raise BrokenPropertyError("bits that are no numbers")

    return [
        Target("calibration", make, refusing(read_calibration)),
        Target("background", make_of(lambda rng: mutate(rng, model, model)), refusing(read_background)),
    ]


# --- small files and options ---------------------------------------------------------------------------------------


def _small_files(work: Path) -> list[Target]:
    """task.yaml, pairs.jsonl, corpus.json."""
    side: dict[str, Any] = {"repository": "o/n", "commit": "0" * 40, "path": ".", "language": "c", "family": None}
    pair = {"id": "a", "relation": "derived", "candidate": side, "original": side, "known_pairs": [["a.c", "b.c"]]}
    settings = ScanOptions().reading()
    corpus = {"schema": "simdetect.corpus/1", "sampled": 8, "settings": settings, "members": [["0" * 40, "x"]]}

    def written(name: str, read: Callable[[Path], object]) -> Callable[[bytes], str]:
        def check(data: bytes) -> None:
            (work / name).write_bytes(data)
            read(work / name)

        return refusing(check)

    def json_or_bytes(value: Any) -> Callable[[Random], bytes]:
        plain = json.dumps(value).encode()

        def make(rng: Random) -> bytes:
            return mutate(rng, plain, plain) if rng.random() < 0.4 else json.dumps(mutate_json(rng, value)).encode()

        return make

    return [
        Target(
            "task.yaml",
            make_of(lambda rng: mutate(rng, _TASK, _TASK)),
            written("x.yaml", lambda path: read_task(path.parent, "x")),
        ),
        Target("pairs.jsonl", json_or_bytes(pair), written("pairs.jsonl", lambda path: read_pairs([path]))),
        Target(
            "corpus.json",
            json_or_bytes(corpus),
            written("corpus.json", lambda path: read_members(path.parent, ScanOptions())),
        ),
    ]


def _options() -> Target:
    """Options of any value and type; patterns to leave out are compiled and used."""
    names = sorted(ScanOptions.__slots__)

    def make(rng: Random) -> bytes:
        changed = {rng.choice(names): mutate_json(rng, 1) for _ in range(rng.choice((0, 1, 3)))}
        glob = mutate(rng, rng.choice(_GLOBS), _GLOBS[0])[:200].decode("utf-8", "replace")
        return json.dumps({**changed, "exclude": [glob]}).encode()

    def read(data: bytes) -> None:
        values = json.loads(data)
        options = ScanOptions(**{**values, "exclude": tuple(values["exclude"])})
        options.digest()
        is_excluded = compile_globs(options.exclude)
        for path in _PATHS:
            is_excluded(path)

    return Target("options", make, refusing(read))
