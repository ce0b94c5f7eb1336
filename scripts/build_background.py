"""Build the shipped background models from a folder of unrelated repositories.

usage: python scripts/build_background.py CORPUS LIST.jsonl -o src/simdetect/data/background [--leave-out FAMILY]...

CORPUS holds one folder a repository, `<owner>+<name>`; LIST names repository, commit, language and family of each
(scripts/data/background.jsonl). Vendored and generated files are left out, near-duplicate files count once however
many repositories carry them, and only what at least three families share is stored. See docs/method.md.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from simdetect import ScanOptions, Scanner
from simdetect.background import FORMAT, POOL, pack_counts, upper
from simdetect.grams import hash_kgrams
from simdetect.model import AnalysedFile, FileRole, TokenRole
from simdetect.sketch import shortlist, sketch

MIN_FAMILIES = 3  # common means: in at least three unrelated families
CAP = 50  # occurrences of one gram or name that one family may contribute
MIN_TOKENS = 30
SHINGLE_K = 5
DUPLICATE_JACCARD = 0.7
TABLES = ("four", "three", "name", "idiom", "comment")

Counts = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Repository:
    """One row of the list, with its folder."""

    name: str
    commit: str
    family: str
    folder: Path


def repositories(corpus: Path, rows: Path, leave_out: Sequence[str]) -> Iterator[Repository]:
    """The listed repositories that are in the corpus, by name."""
    for line in sorted(rows.read_text().splitlines()):
        row = json.loads(line)
        name = row["repository"].removeprefix("github:")
        folder = corpus / name.replace("/", "+")
        if row["family"] not in leave_out and folder.is_dir():
            yield Repository(name, row["commit"], row["family"], folder)


def usable(files: Iterable[AnalysedFile]) -> list[AnalysedFile]:
    """Files that a person wrote for the repository."""
    roles = (FileRole.SOURCE, FileRole.TEST)
    return [file for file in files if file.role in roles and len(file.tokens) >= MIN_TOKENS and not file.tokens.degraded]


def without_near_duplicates(files: list[tuple[str, AnalysedFile]]) -> list[tuple[str, AnalysedFile]]:
    """Of files that nearly agree across families, keep the first: copies say nothing about how common code is."""
    sketches = sketch([hash_kgrams(file.tokens.normal, SHINGLE_K) for _, file in files])
    dropped: set[int] = set()
    for first, second, _ in shortlist(sketches, sketches, DUPLICATE_JACCARD):
        if first < second and first not in dropped and files[first][0] != files[second][0]:
            dropped.add(second)
    return [pair for i, pair in enumerate(files) if i not in dropped]


def count_by_family(arrays: dict[str, list[npt.NDArray[np.uint64]]]) -> Counts:
    """Hashes that enough families share, with their capped counts added up."""
    hashes, counts = [], []
    for own in arrays.values():
        values, n = np.unique(np.concatenate(own), return_counts=True)
        hashes.append(values)
        counts.append(np.minimum(n, CAP))
    everything, inverse, n_families = np.unique(np.concatenate(hashes), return_inverse=True, return_counts=True)
    total = np.bincount(inverse, np.concatenate(counts)).astype(np.int64)
    common = n_families >= MIN_FAMILIES
    return everything[common], total[common]


def collect(files: Sequence[tuple[str, AnalysedFile]]) -> dict[str, Counts]:
    """The tables of one model."""
    arrays: dict[str, dict[str, list[npt.NDArray[np.uint64]]]] = {table: {} for table in TABLES}
    for family, file in files:
        tokens = file.tokens
        named = (tokens.role == TokenRole.NAME) | (tokens.role == TokenRole.STRING) | (tokens.role == TokenRole.NUMBER)
        for table, own in (
            ("four", hash_kgrams(tokens.normal, 4)),
            ("three", hash_kgrams(tokens.normal, 3)),
            ("name", tokens.exact[named]),
            ("idiom", file.fingerprints.hash),
            ("comment", tokens.comment),
        ):
            arrays[table].setdefault(family, []).append(own)
    return {table: count_by_family(own) for table, own in arrays.items()}


def pack(tables: dict[str, Counts], facts: dict[str, object]) -> bytes:
    """The bytes of a model file: sorted hashes as differences, which compress well."""
    stored: dict[str, npt.NDArray[np.generic]] = {}
    for table, (hashes, counts) in tables.items():
        keys, first = np.unique(upper(hashes), return_index=True)
        stored[table] = np.diff(keys, prepend=np.uint32(0)).astype(np.uint32)
        if table in ("four", "three", "name"):
            stored[f"{table}_count"] = pack_counts(counts[first])
    content = hashlib.sha256(b"".join(stored[name].tobytes() for name in sorted(stored))).hexdigest()[:12]
    facts = {**facts, "format": FORMAT, "id": f"background-{facts['family']}-{content}", "n_names": int(tables["name"][1].sum())}
    stored["facts"] = np.frombuffer(json.dumps(facts, sort_keys=True).encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **stored)
    return out.getvalue()


def model(family: str, files: list[tuple[str, AnalysedFile]], k: int, window: int) -> bytes:
    """One model file of the files of a language family."""
    kept = without_near_duplicates(files)
    n_families = len({family for family, _ in kept})
    n_tokens = sum(len(file.tokens) for _, file in kept)
    facts = {"family": family, "n_families": n_families, "n_files": len(kept), "n_tokens": n_tokens, "k": k, "window": window}
    return pack(collect(kept), facts)


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("rows", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--leave-out", multiple=True, help="Family to leave out, for tests of what a model hides.")
@click.option("--jobs", default=2, show_default=True)
def main(corpus: Path, rows: Path, output: Path, leave_out: tuple[str, ...], jobs: int) -> None:
    """Build the models of all language families, and the pooled one."""
    options = ScanOptions(jobs=jobs)
    found = list(repositories(corpus, rows, leave_out))
    by_family: dict[str, list[tuple[str, AnalysedFile]]] = {}
    with Scanner(options) as scanner:
        for repository in found:
            for file in usable(scanner.index(repository.folder).files):
                by_family.setdefault(file.family, []).append((repository.family, file))
            click.echo(f"read {repository.name}", err=True)
    output.mkdir(parents=True, exist_ok=True)
    write_models(by_family, output, options)
    sources = [{"repository": r.name, "commit": r.commit, "family": r.family} for r in found]
    (output / "PROVENANCE.json").write_text(json.dumps({"repositories": sources}, indent=1, sort_keys=True) + "\n")


def write_models(by_family: dict[str, list[tuple[str, AnalysedFile]]], output: Path, options: ScanOptions) -> None:
    """Write a model for every language family that enough repository families use, and the pooled one."""
    for family, files in sorted(by_family.items()):
        n_families = len({repository for repository, _ in files})
        if n_families >= 2 * MIN_FAMILIES:
            data = model(family, files, options.k, options.window)
            (output / f"{family}.npz").write_bytes(data)
            click.echo(f"{family}: {n_families} families, {len(data)} bytes", err=True)
    pooled = [pair for files in by_family.values() for pair in files]
    (output / f"{POOL}.npz").write_bytes(model(POOL, pooled, options.k, options.window))


if __name__ == "__main__":
    main()
