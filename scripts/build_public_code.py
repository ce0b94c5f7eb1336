"""Build the shipped table of functions and classes that people paste into programs of their own.

usage: python scripts/build_public_code.py CORPUS LIST.jsonl -o src/simdetect/data/public

CORPUS holds one folder a repository, `<owner>+<name>`, at the commit that LIST names (scripts/data/contest.jsonl:
solutions of programming contests, each of another person). Of each, up to _MOST_FILES files are read, chosen by a
hash of their paths so that nobody outweighs the others. Stored are hashes of the runs of twelve tokens, names included,
that at least _LEAST_PEOPLE have; no text. `simdetect.weighing.public_code` reads them.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from simdetect.languages import spec_of
from simdetect.languages.detect import detect_language
from simdetect.tokens.analyse import Batch, analyse
from simdetect.weighing.public_code import FORMAT, runs_of

_MOST_FILES = 400
_MOST_BYTES = 100_000
_LEAST_PEOPLE = 3
_LEAST_TOKENS = 30

Hashes = npt.NDArray[np.uint32]


def chosen(folder: Path, language: str) -> list[bytes]:
    """Files of a repository in one language, by the hashes of their paths."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    small = ((path, str(path.relative_to(folder))) for path in paths if path.stat().st_size <= _MOST_BYTES)
    written = [(hashlib.sha256(name.encode()).digest(), path, name) for path, name in small]
    found: list[bytes] = []
    for _, path, name in sorted(written):
        content = path.read_bytes() if len(found) < _MOST_FILES else b""
        if content and detect_language(name, content) == language:
            found.append(content)
    return found


def runs_in(folder: Path, language: str) -> tuple[int, Hashes]:
    """How many files were read, and the runs that they have."""
    read = [tokens for tokens, _, _ in analyse(Batch(language, chosen(folder, language), 12, 6))]
    usable = [tokens for tokens in read if tokens.degraded is None and len(tokens) >= _LEAST_TOKENS]
    runs = [runs_of(tokens.exact) for tokens in usable]
    return len(usable), np.unique(np.concatenate([np.zeros(0, np.uint32), *runs]))


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("rows", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(corpus: Path, rows: Path, output: Path) -> None:
    """Write code.npz, and CODE.json that says what went in."""
    provenance: list[dict[str, object]] = []
    runs: dict[str, list[Hashes]] = defaultdict(list)
    for row in sorted(map(json.loads, rows.read_text().splitlines()), key=lambda row: str(row["repository"])):
        folder = corpus / row["repository"].removeprefix("github:").replace("/", "+")
        n_files, found = runs_in(folder, row["language"])
        runs[spec_of(row["language"]).family].append(found)
        provenance.append({**row, "n_files": n_files, "n_runs": len(found)})
    tables = {}
    for family, parts in sorted(runs.items()):
        hashes, people = np.unique(np.concatenate(parts), return_counts=True)
        tables[family] = np.diff(hashes[people >= _LEAST_PEOPLE], prepend=np.uint32(0)).astype(np.uint32)
    facts = np.frombuffer(json.dumps({"format": FORMAT, "families": sorted(tables)}).encode(), np.uint8)
    np.savez_compressed(output / "code.npz", allow_pickle=False, facts=facts, **tables)
    (output / "CODE.json").write_text(json.dumps(provenance, indent=1) + "\n")
    click.echo(", ".join(f"{len(table):,} runs of {family}" for family, table in tables.items()))


if __name__ == "__main__":
    main()
