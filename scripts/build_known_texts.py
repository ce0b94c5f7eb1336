"""Build the shipped tables of code that many projects carry, and of numbers that public standards prescribe.

usage: python scripts/build_known_texts.py DOWNLOADS -o src/simdetect/data/public

DOWNLOADS holds packages as their managers fetch them: in `generated` those whose files build tools copy into projects
(automake, libtool, gettext ...), in `bundled` libraries that travel as source (getopt of gnulib, zlib, stb, jQuery),
in `standards` sources of implementations of standards (JPEG's Annex K, RFC 1951, ciphers, digests, code pages). Of the
first two, `texts.npz` gets winnowed fingerprints; of the last, `tables.npz` hashes of every three numbers in a row. No
text is stored. `simdetect.weighing.known_texts` and `standards` read them.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from public_interfaces import members

from simdetect.languages.detect import detect_language
from simdetect.model import TokenRole
from simdetect.options import ScanOptions
from simdetect.scanning.scanner import Scanner
from simdetect.tokens.symbols import hash_text
from simdetect.weighing.background import upper
from simdetect.weighing.known_texts import FORMAT, SAMPLED, declared, triples
from simdetect.weighing.standards import number_value, value_symbol

_LEFT_OUT = re.compile(r"(?:^|/)(?:tests?|examples?|doc|docs|locale|build\.rs|unictype|unicase|uninorm|unigbrk)(?:/|$)")
# `#define NAME value`, and members of enumerations.
_DECLARED = re.compile(
    rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w{3,})[ \t]+([^\n/]{1,80}?)[ \t]*(?:/\*[^\n]*)?$"
    rb"|^[ \t]+(\w{3,})[ \t]*=[ \t]*(-?\w{1,20})[ \t]*,?"
)
_LEAST_ROW = 8  # numbers: shorter rows stand in any program
_MOST_BYTES = 2_000_000


def _archive(path: Path) -> Path | BytesIO:
    if path.suffix != ".deb":
        return path
    return BytesIO(subprocess.run(["dpkg-deb", "--fsys-tarfile", path], capture_output=True, check=True).stdout)


# Of programs that hold what others copy from them: where that is.
_CALLED = {"libz": "zlib", "popperjs-core": "popper", "nlohmann-json": "json", "cjson": "libcjson"}
_ONLY = {
    "openssh": "openbsd-compat/",
    "mingw-w64": "mingw-w64-crt/misc/getopt.c",
    "libmd": "src/",
    "libbsd": "src/",
    "musl": "src/misc/getopt",
    "libxcrypt": "lib/alg-",
    "redis": ("src/sha1.c", "deps/linenoise/"),
    "libcjson": "cJSON",
    "libinih": "ini.c",
    "libgcc": tuple(f"usr/lib/gcc/x86_64-linux-gnu/12/include/{n}" for n in ("std", "float.h", "iso646.h")),
    "libclang-common": tuple(
        f"usr/lib/llvm-14/lib/clang/14.0.6/include/{n}"
        for n in ("std", "float.h", "limits.h", "inttypes.h", "tgmath.h")
    ),
}
_OF_MAKER = re.compile(r"(?:^|/)(?:usr/bin|bin|src)/|\.pm$")


def _family(path: Path) -> str:
    """What a package is called without its version."""
    name = re.sub(r"(?<=.)[-_@]v?\d.*", "", path.name.rpartition("+")[2] if path.suffix == ".zip" else path.name)
    name = re.sub(r"(-dev|-sys|-src|3-dev|-output)$", "", name)
    return _CALLED.get(name, name)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Code of a package, but for what is no part of what others carry."""
    for name, read in members(_archive(path)):
        inside = name.split("/", 1)[-1]
        if inside.startswith(_ONLY.get(_family(path), "")) and not _LEFT_OUT.search(inside):
            content = read()
            if len(content) <= _MOST_BYTES and detect_language(inside, content[:65536]):
                yield inside, content


def _kinds(path: Path) -> Iterator[tuple[str, Iterator[tuple[str, bytes]]]]:
    """What a package has of each kind: a build tool is a maker, which nobody carries, and files that it puts out."""
    kind, is_output = path.parent.name, path.name.partition("_")[0].endswith("-output")
    if kind != "generated" or is_output:
        yield kind, _files(path)
        return
    yield "maker", (file for file in _files(path) if _OF_MAKER.search(file[0]))
    if path.suffix == ".deb":  # sources are of the maker only
        yield kind, (file for file in _files(path) if not _OF_MAKER.search(file[0]))


def _fingerprints(files: Iterator[tuple[str, bytes]], scanner: Scanner) -> np.ndarray:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, content) in enumerate(files):
            place = Path(folder) / str(number) / Path(name).name
            place.parent.mkdir()
            place.write_bytes(content)
        if not any(Path(folder).iterdir()):
            return np.zeros(0, np.uint32)
        hashes = [file.fingerprints.hash for file in scanner.index(folder).files]
    found = np.unique(upper(np.concatenate(hashes)))
    return found[found % SAMPLED == 0]


def _numbers(path: Path, scanner: Scanner) -> Iterator[list[int]]:
    """Rows of numbers in the code of a folder."""
    tree = scanner.index(path)
    for file, source in zip(tree.files, tree.tree.files, strict=True):
        tokens = file.tokens
        at = np.flatnonzero(tokens.role == TokenRole.NUMBER)
        for row in np.split(at, np.flatnonzero(np.diff(at) > 3) + 1):
            if len(row) >= _LEAST_ROW:
                texts = [source.content[tokens.start[i] : tokens.end[i]].decode("utf-8", "replace") for i in row]
                yield [number_value(text) for text in texts]


def _declared_in(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    for match in _DECLARED.finditer(header):
        yield match[1] or match[3], match[2] or match[4]


def _declarations(folder: Path) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Symbols of the names that headers declare with a value, and of both."""
    names, values = [], []
    for path in sorted(folder.glob("*.h")):
        for name, value in _declared_in(path.read_bytes()):
            names.append(hash_text(name))
            values.append(value_symbol(value.strip()))
    name, value = np.array(names, np.uint64), np.array(values, np.uint64)
    return np.unique(upper(name)), np.unique(upper(declared(name, value)))


@click.command()
@click.argument("downloads", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(downloads: Path, output: Path) -> None:
    """Write texts.npz, tables.npz and where they come from."""
    provenance: dict[str, list[dict[str, object]]] = {"texts": [], "tables": []}
    rows: dict[tuple[str, str], list[np.ndarray]] = defaultdict(list)  # type: ignore[type-arg]
    with Scanner(ScanOptions(cache=None, limit_seconds=60)) as scanner:
        for path in sorted([*downloads.glob("generated/*"), *downloads.glob("bundled/*")]):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            for kind, files in _kinds(path):
                if len(found := _fingerprints(files, scanner)):
                    rows[kind, _family(path)].append(found)
                    facts = {"kind": kind, "family": _family(path), "package": path.name, "sha256": digest}
                    provenance["texts"].append({**facts, "n_fingerprints": len(found)})
        known = [triples(row) for row in _numbers(downloads / "standards", scanner)]
    for path in sorted([*(downloads / "standards").rglob("*"), *(downloads / "declared").rglob("*")]):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            provenance["tables"].append({"file": str(path.relative_to(downloads)), "sha256": digest})
    joined_rows = {key: np.unique(np.concatenate(own)) for key, own in rows.items()}
    for kind, name in joined_rows:  # a tool's fingerprints are those that no carrier has
        if kind == "maker" and ("generated", name) in joined_rows:
            joined_rows[kind, name] = np.setdiff1d(joined_rows[kind, name], joined_rows["generated", name])
    keys = sorted(key for key, own in joined_rows.items() if len(own))
    hashes = [joined_rows[key] for key in keys]
    family = np.repeat(np.arange(len(keys), dtype=np.uint8), [len(own) for own in hashes])
    joined = np.concatenate(hashes)
    order = np.lexsort((family, joined))
    facts_of = json.dumps({"format": FORMAT, "families": [f"{kind}:{name}" for kind, name in keys]}).encode()
    output.mkdir(parents=True, exist_ok=True)
    gap = np.diff(joined[order], prepend=np.uint32(0)).astype(np.uint32)
    np.savez_compressed(output / "texts.npz", facts=np.frombuffer(facts_of, np.uint8), gap=gap, family=family[order])
    table = np.unique(upper(np.concatenate(known)))
    columns = {"gap": table, **dict(zip(("names", "declared"), _declarations(downloads / "declared"), strict=True))}
    gaps = {key: np.diff(own, prepend=np.uint32(0)).astype(np.uint32) for key, own in columns.items()}
    np.savez_compressed(output / "tables.npz", **gaps)
    (output / "TEXTS.json").write_text(json.dumps(provenance, indent=1) + "\n")
    click.echo(f"{len(joined):,} fingerprints of {len(keys)} families, {len(table):,} rows of three numbers")


if __name__ == "__main__":
    main()
