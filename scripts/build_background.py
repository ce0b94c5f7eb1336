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
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent))

from trees import TreeCache

from simdetect.model import AnalysedFile, FileRole, TokenRole, TokenStream
from simdetect.options import ScanOptions
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.sketch import shortlist, sketch
from simdetect.tokens.words import WORD_BYTE, stems, symbols_of
from simdetect.weighing.background import FORMAT, POOL, Background, pack_counts, unpack_counts, upper
from simdetect.weighing.wording import TABLES as WORDING_TABLES
from simdetect.weighing.wording import WORDING, Wording

MIN_FAMILIES = 3  # common means: in at least three unrelated families
CAP = 50  # occurrences of one gram or name that one family may contribute
MIN_TOKENS = 30
SHINGLE_K = 5
DUPLICATE_JACCARD = 0.7
CAP_OF = {"word": 2000, "stem": 500}  # the commonest words of a language are far more common than any gram
TABLES = ("four", "three", "name", "idiom")
COUNTED = ("four", "three", "name", "word", "stem")
TOTALS = {"name": "n_names", "word": "n_words", "stem": "n_stems"}  # tables whose counts are needed in all

U64 = npt.NDArray[np.uint64]
Owned = tuple[str, AnalysedFile, U64]  # repository family, file, stems of its names


@dataclass(frozen=True)
class Repository:
    """One row of the list, with its folder."""

    name: str
    commit: str
    family: str
    folder: Path


def repositories(corpus: Path, rows: Path) -> Iterator[Repository]:
    """The listed repositories that are in the corpus, by name."""
    for line in sorted(rows.read_text().splitlines()):
        row = json.loads(line)
        name = row["repository"].removeprefix("github:")
        folder = corpus / name.replace("/", "+")
        if folder.is_dir():
            yield Repository(name, row["commit"], row["family"], folder)


def usable(files: Iterable[AnalysedFile]) -> list[AnalysedFile]:
    """Files that a person wrote for the repository."""
    roles = (FileRole.SOURCE, FileRole.TEST)
    as_intended = (None, "no-grammar")  # not those whose parse failed
    return [f for f in files if f.role in roles and len(f.tokens) >= MIN_TOKENS and f.tokens.degraded in as_intended]


def without_near_duplicates(files: list[Owned]) -> list[Owned]:
    """Of files that nearly agree across families, keep the first: copies say nothing about how common code is."""
    sketches = sketch([hash_kgrams(file.tokens.normal, SHINGLE_K) for _, file, _ in files])
    dropped: set[int] = set()
    for first, second, _ in shortlist(sketches, sketches, DUPLICATE_JACCARD):
        if first < second and first not in dropped and files[first][0] != files[second][0]:
            dropped.add(second)
    return [owned for i, owned in enumerate(files) if i not in dropped]


def stems_of(tokens: TokenStream, content: bytes) -> U64:
    """Hashes of the stems of a file's names, each name once."""
    named = np.flatnonzero(tokens.role == TokenRole.NAME)
    first = named[np.unique(tokens.exact[named], return_index=True)[1]]
    names = [content[a:b] for a, b in zip(tokens.start[first].tolist(), tokens.end[first].tolist(), strict=True)]
    return symbols_of(b" ".join(stem for name in names for stem in stems(name)), WORD_BYTE)


def hashes_of(owned: Owned, table: str) -> U64:
    """What a file contributes to a table."""
    _, file, stem = owned
    tokens = file.tokens
    if table == "stem":
        return stem
    if table == "word":
        return file.prose.word
    if table == "phrase":
        return file.prose.fingerprints.hash
    if table == "four":
        return hash_kgrams(tokens.normal, 4)
    if table == "three":
        return hash_kgrams(tokens.normal, 3)
    if table == "idiom":
        return file.fingerprints.hash
    named = (tokens.role == TokenRole.NAME) | (tokens.role == TokenRole.STRING) | (tokens.role == TokenRole.NUMBER)
    return tokens.exact[named]


class FamilyCounts:
    """What each repository family of a language has, so that models without some of them are made quickly."""

    def __init__(self, family: str, files: list[Owned], tables: Sequence[str] = TABLES) -> None:
        """files: without near-duplicates. tables: what to count."""
        self.family = family
        self.families = sorted({owner for owner, _, _ in files})
        self.n_files = len(files)
        self.n_tokens = sum(len(file.tokens) for _, file, _ in files)
        self._tables = {table: self._count(files, table) for table in tables}

    def _count(self, kept: list[Owned], table: str) -> tuple[U64, npt.NDArray[np.int16], npt.NDArray[np.int64]]:
        """(hash, family, capped count) rows by hash, of hashes that enough families have."""
        by_family: dict[str, list[U64]] = {}
        for owned in kept:
            by_family.setdefault(owned[0], []).append(hashes_of(owned, table))
        values, owners, counts = [], [], []
        for i, owner in enumerate(self.families):
            distinct, n = np.unique(np.concatenate(by_family[owner]), return_counts=True)
            values.append(distinct)
            owners.append(np.full(len(distinct), i, np.int16))
            counts.append(np.minimum(n, CAP_OF.get(table, CAP)))
        value = np.concatenate(values)
        order = np.argsort(value, kind="stable")
        value, owner_of, count = value[order], np.concatenate(owners)[order], np.concatenate(counts)[order]
        start = _starts(value)
        n_families = np.diff(np.append(start, len(value)))
        common = np.repeat(n_families >= MIN_FAMILIES, n_families)
        return value[common], owner_of[common], count[common]

    def tables(self, leave_out: Sequence[str] = ()) -> dict[str, tuple[U64, npt.NDArray[np.int64]]]:
        """Hashes that enough of the remaining families share, with their counts."""
        left_out = [i for i, family in enumerate(self.families) if family in leave_out]
        found = {}
        for table, (value, owner, count) in self._tables.items():
            if left_out:
                kept = ~np.isin(owner, left_out)
                value, count = value[kept], count[kept]
            start = _starts(value)
            common = np.diff(np.append(start, len(value))) >= MIN_FAMILIES
            total = np.add.reduceat(count, start) if len(start) else count[:0]
            found[table] = (value[start][common], total[common])
        return found

    def background(self, leave_out: Sequence[str] = ()) -> Background:
        """The model itself, as it would be read back from its file."""
        tables = self.tables(leave_out)
        keys, count = as_read(tables)
        return Background(
            family=self.family,
            four_hash=keys["four"],
            four_count=count["four"],
            three_hash=keys["three"],
            three_count=count["three"],
            name_hash=keys["name"],
            name_count=count["name"],
            idiom=keys["idiom"],
            n_names=float(tables["name"][1].sum()),
            n_families=len(set(self.families) - set(leave_out)),
            id="unsaved",
        )

    def wording(self, leave_out: Sequence[str] = ()) -> Wording:
        """The model of words and names, where those tables were counted."""
        tables = self.tables(leave_out)
        keys, count = as_read(tables)
        return Wording(
            word_hash=keys["word"],
            word_count=count["word"],
            stem_hash=keys["stem"],
            stem_count=count["stem"],
            phrase=keys["phrase"],
            n_words=float(tables["word"][1].sum()),
            n_stems=float(tables["stem"][1].sum()),
            id="unsaved",
        )

    def pack(self, options: ScanOptions, leave_out: Sequence[str] = ()) -> bytes:
        """The bytes of a model file."""
        facts = {
            "family": self.family,
            "n_families": len(set(self.families) - set(leave_out)),
            "n_files": self.n_files,
            "n_tokens": self.n_tokens,
            "k": options.k,
            "window": options.window,
        }
        return pack(self.tables(leave_out), facts)


def as_read(
    tables: dict[str, tuple[U64, npt.NDArray[np.int64]]],
) -> tuple[dict[str, npt.NDArray[np.uint32]], dict[str, npt.NDArray[np.float64]]]:
    """Hashes and counts as they come back from a file: the upper halves, the counts rounded."""
    keys: dict[str, npt.NDArray[np.uint32]] = {}
    count: dict[str, npt.NDArray[np.float64]] = {}
    for table, (hashes, counts) in tables.items():
        keys[table], first = np.unique(upper(hashes), return_index=True)
        count[table] = unpack_counts(pack_counts(counts[first]))
    return keys, count


def _starts(value: U64) -> npt.NDArray[np.int64]:
    """Where each run of equal values starts."""
    new = np.ones(len(value), np.bool_)
    new[1:] = value[1:] != value[:-1]
    return np.flatnonzero(new)


def pack(tables: dict[str, tuple[U64, npt.NDArray[np.int64]]], facts: dict[str, object]) -> bytes:
    """Sorted hashes as differences, which compress well, and counts on a logarithmic scale."""
    stored: dict[str, npt.NDArray[np.generic]] = {}
    for table, (hashes, counts) in tables.items():
        keys, first = np.unique(upper(hashes), return_index=True)
        stored[table] = np.diff(keys, prepend=np.uint32(0)).astype(np.uint32)
        if table in COUNTED:
            stored[f"{table}_count"] = pack_counts(counts[first])
    content = hashlib.sha256(b"".join(stored[name].tobytes() for name in sorted(stored))).hexdigest()[:12]
    totals = {fact: int(tables[table][1].sum()) for table, fact in TOTALS.items() if table in tables}
    own = {"format": FORMAT, "id": f"background-{facts['family']}-{content}", **totals}
    stored["facts"] = np.frombuffer(json.dumps({**facts, **own}, sort_keys=True).encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **stored)  # type: ignore[arg-type]
    return out.getvalue()


def files_by_language_family(found: Sequence[Repository], trees: TreeCache) -> dict[str, list[Owned]]:
    """Usable files of all repositories, with the family that owns them."""
    by_family: dict[str, list[Owned]] = {}
    for repository in found:
        tree = trees.analysed(repository.folder)
        content = {source.path: source.content for source in tree.tree.files}
        for file in usable(tree.files):
            owned = (repository.family, file, stems_of(file.tokens, content[file.path]))
            by_family.setdefault(file.family, []).append(owned)
    return by_family


def all_counts(by_family: dict[str, list[Owned]]) -> Iterator[FamilyCounts]:
    """Counts of every language family with enough repository families, of all together, and of words."""
    for family, files in sorted(by_family.items()):
        if len({owner for owner, _, _ in files}) >= 2 * MIN_FAMILIES:
            yield FamilyCounts(family, without_near_duplicates(files))
    everything = without_near_duplicates([owned for files in by_family.values() for owned in files])
    yield FamilyCounts(POOL, everything)
    yield FamilyCounts(WORDING, everything, WORDING_TABLES)


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("rows", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--leave-out", multiple=True, help="Family to leave out, for tests of what a model hides.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Keep analysed trees here.")
@click.option("--jobs", default=2, show_default=True)
def main(corpus: Path, rows: Path, output: Path, leave_out: tuple[str, ...], cache: Path | None, jobs: int) -> None:
    """Build the models of all language families, and the pooled one."""
    options = ScanOptions(jobs=jobs)
    found = list(repositories(corpus, rows))
    with TreeCache(options, cache) as trees:
        by_family = files_by_language_family(found, trees)
    output.mkdir(parents=True, exist_ok=True)
    for counts in all_counts(by_family):
        write(output, counts, options, leave_out)
    sources = [
        {"repository": r.name, "commit": r.commit, "family": r.family} for r in found if r.family not in leave_out
    ]
    (output / "PROVENANCE.json").write_text(json.dumps({"repositories": sources}, indent=1, sort_keys=True) + "\n")


def write(output: Path, counts: FamilyCounts, options: ScanOptions, leave_out: Sequence[str]) -> None:
    """One model file."""
    data = counts.pack(options, leave_out)
    (output / f"{counts.family}.npz").write_bytes(data)
    click.echo(
        f"{counts.family}: {len(counts.families)} families, {counts.n_tokens} tokens, {len(data)} bytes", err=True
    )


if __name__ == "__main__":
    main()
