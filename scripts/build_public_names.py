"""Build the shipped table of names that standard libraries and widely used packages export.

usage: python scripts/build_public_names.py DOWNLOADS -o src/simdetect/data/public

DOWNLOADS holds what the package managers' ordinary clients fetch, a folder for each kind: `debian` (.deb of -dev
packages), `python` (wheels; typeshed comes in mypy's), `go` (`api` files of a Go release, zips of modules), `rust`
(.crate files, and the .deb of the sources of the standard library), `jvm` (ct.sym of a JDK, jars), `web` (npm
tarballs); and in `predefined` what compilers print of their predefined macros (`cc -dM -E -`), as headers, with
`scripts/data/predefined.h` for other machines. Only exported declarations are read, see `public_interfaces`; no text
of any package is stored.

A *family* is what one project publishes: a Debian source package, a Python distribution, a module, a crate. Each name
is stored with up to _MOST_FAMILIES of the families that export it, because the family of the original must not make its
own names public (`simdetect.weighing.public_names`).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent))

from public_interfaces import (
    c_names,
    class_file_names,
    go_api_names,
    go_names,
    members,
    python_names,
    rust_names,
    typescript_names,
)

from simdetect.tokens.symbols import hash_spans
from simdetect.weighing.background import upper
from simdetect.weighing.public_names import FORMAT

_MOST_FAMILIES = 4  # of one name: it stays public for an original that is three of them
_LEAST_LETTERS = 3  # shorter names say nothing anyway
_MOST_LETTERS = 64
_BINDINGS = ("libc", "winapi")  # crates that declare what C has
_RESERVED = ("glibc", "linux", "predefined")  # whose names begin with underscores
_INTERNAL = re.compile(
    r"(?:^|/)(?:internal|detail|details|impl|private|tests?|testdata|vendor|examples?|benches|aux_|mpl|preprocessor"
    r"|phoenix|spirit|proto|fusion|vmd|hof|_\w+)/|_test\.go$"
)
_JVM_MODULES = re.compile(r"/java\.(base|desktop|logging|net\.http|sql|xml|prefs|management|compiler|rmi|naming)/java")


@dataclass(frozen=True, slots=True)
class Interface:
    """What one package exports."""

    kind: str
    family: str
    package: str
    version: str
    sha256: str
    names: frozenset[str]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _debian(path: Path) -> Interface:
    fields = subprocess.run(["dpkg-deb", "-f", path], capture_output=True, text=True, check=True).stdout
    facts = dict(line.split(": ", 1) for line in fields.splitlines() if re.match(r"\w[\w-]*: ", line))
    family = facts.get("Source", facts["Package"]).split(" ")[0]
    archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], capture_output=True, check=True).stdout
    found: set[str] = set()
    for name, read in members(io.BytesIO(archive)):
        if re.search(r"/include/.*\.(h|hpp|hh|hxx)$|/include/c\+\+/[^.]*$|/include/.*/Q\w+$", name):
            if not _INTERNAL.search(name.split("/include/", 1)[1]):
                content = read()
                is_cpp = re.search(rb"(?m)^\s*(class|namespace|template)\b", content) is not None
                found |= c_names(content, is_cpp=is_cpp, keeps_reserved=family in _RESERVED and not is_cpp)
        elif re.search(r"/library/(core|alloc|std)/src/.*\.rs$", name):
            found |= rust_names(read())
    kind = "rust" if facts["Package"] == "rust-src" else "c"
    return Interface(kind, family, facts["Package"], facts["Version"], _digest(path), frozenset(found))


def _wheel(path: Path) -> Iterator[Interface]:
    name, version = path.name.split("-")[:2]
    by_family: dict[str, set[str]] = defaultdict(set)
    for member, read in members(path):
        if typeshed := re.match(r"mypy/typeshed/(stdlib|stubs/([^/]+))/(.+)\.pyi$", member):
            family, module = typeshed[2] or "python", typeshed[3]
        elif member.endswith((".py", ".pyi")) and name.lower() != "mypy":
            family, module = re.sub(r"^types[-_]", "", name).lower(), member.rsplit(".", 1)[0]
        else:
            continue
        if not _INTERNAL.search("/".join(module.split("/")[1:]) + "/"):
            by_family[family] |= python_names(read())
            by_family[family] |= {part for part in module.split("/") if not part.startswith("_")}
    for family, found in by_family.items():
        yield Interface("python", family, name, version, _digest(path), frozenset(found))


def _go(path: Path) -> Interface:
    if path.suffix == ".txt":
        found = go_api_names(path.read_text())
        return Interface("go", "go", f"api/{path.name}", path.stem, _digest(path), frozenset(found))
    found = set()
    module, version = "", ""
    for member, read in members(path):
        module, _, rest = member.partition("@")
        version, _, inside = rest.partition("/")
        if inside.endswith(".go") and not _INTERNAL.search(inside):
            found |= go_names(read())
    return Interface("go", module, module, version, _digest(path), frozenset(found))


def _crate(path: Path) -> Interface:
    name, version = re.fullmatch(r"(.+?)-(\d.*)\.crate", path.name).groups()  # type: ignore[union-attr]
    found: set[str] = set()
    for member, read in members(path):
        inside = member.split("/", 1)[1]
        if inside.startswith("src/") and inside.endswith(".rs") and not _INTERNAL.search(inside):
            found |= rust_names(read())
    kind = "c" if name in _BINDINGS else "rust"
    return Interface(kind, name, name, version, _digest(path), frozenset(found))


def _jvm(path: Path) -> Interface:
    found: set[str] = set()
    for member, read in members(path):
        is_class = member.endswith(".class") or (member.endswith(".sig") and _JVM_MODULES.search(member))
        if is_class and "module-info." not in member:
            found |= class_file_names(read())
    name = "jdk" if path.name.startswith("ct") else re.sub(r"-\d.*", "", path.stem)
    return Interface("jvm", name, path.name, path.stem.rpartition("-")[2], _digest(path), frozenset(found))


def _web(path: Path) -> Iterator[Interface]:
    name, version = re.fullmatch(r"(.+?)-(\d[^/]*)\.tgz", path.name).groups()  # type: ignore[union-attr]
    found: set[str] = set()
    for member, read in members(path):
        inside = member.split("/", 1)[-1]
        if inside.endswith(".d.ts") and (name != "typescript" or re.match(r"lib/lib\.", inside)):
            found |= typescript_names(read())
    yield Interface("web", re.sub(r"^types-", "", name), name, version, _digest(path), frozenset(found))


def interfaces(downloads: Path) -> Iterator[Interface]:
    """What every package of the folder exports."""
    for path in sorted(downloads.glob("*/*")):
        folder = path.parent.name
        if path.suffix == ".deb":
            yield _debian(path)
        elif path.suffix == ".h":
            names = c_names(path.read_bytes(), is_cpp=False, keeps_reserved=True)
            yield Interface("c", folder, path.name, path.stem, _digest(path), frozenset(names))
        elif folder == "python":
            yield from _wheel(path)
        elif folder == "go":
            yield _go(path)
        elif folder == "rust":
            yield _crate(path)
        elif folder == "jvm":
            yield _jvm(path)
        elif folder == "web":
            yield from _web(path)


def _usable(name: str) -> bool:
    return _LEAST_LETTERS <= len(name) <= _MOST_LETTERS and name.isascii()


@click.command()
@click.argument("downloads", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(downloads: Path, output: Path) -> None:
    """Read the packages and write the table with its provenance."""
    found = [interface for interface in interfaces(downloads) if interface.names]
    keys = sorted({(interface.kind, interface.family) for interface in found})
    number = {key: i for i, key in enumerate(keys)}
    holders: dict[str, set[int]] = defaultdict(set)
    for interface in found:
        for name in filter(_usable, interface.names):
            holders[name].add(number[interface.kind, interface.family])
    sizes = Counter(family for families in holders.values() for family in families)
    names = sorted(holders)
    # Small families first: the large ones are those that originals rarely are.
    kept = [sorted(holders[name], key=lambda family: (sizes[family], family))[:_MOST_FAMILIES] for name in names]
    table = _table(names, kept)
    output.mkdir(parents=True, exist_ok=True)
    facts = {"format": FORMAT, "n_names": len(names), "families": [f"{kind}:{family}" for kind, family in keys]}
    stored = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    long = np.flatnonzero(table.gap > 0xFFFF).astype(np.uint32)
    short = np.minimum(table.gap, 0xFFFF).astype(np.uint16)
    np.savez(output / "names.npz", facts=stored, gap=short, long=long, long_gap=table.gap[long], family=table.family)
    (output / "PROVENANCE.json").write_text(json.dumps(_provenance(found, keys, sizes), indent=1) + "\n")
    click.echo(f"{len(names):,} names of {len(keys)} families, {(output / 'names.npz').stat().st_size:,} bytes")


class _Table(NamedTuple):
    gap: npt.NDArray[np.uint32]
    family: npt.NDArray[np.uint16]


def _table(names: list[str], kept: list[list[int]]) -> _Table:
    """Hashes as gaps, ascending, and the family of each; a name of several families has several rows."""
    data = "".join(names).encode()
    length = np.array([len(name) for name in names], np.int64)
    end = np.cumsum(length)
    hashes = upper(hash_spans(data, end - length, end))
    family = np.array([family for families in kept for family in families], np.uint16)
    rows = np.repeat(hashes, [len(families) for families in kept])
    order = np.lexsort((family, rows))
    gap = np.diff(rows[order], prepend=np.uint32(0))
    return _Table(gap.astype(np.uint32), family[order])


def _provenance(found: list[Interface], keys: list[tuple[str, str]], sizes: Counter[int]) -> dict[str, object]:
    packages = defaultdict(list)
    for interface in found:
        of = {"package": interface.package, "version": interface.version, "sha256": interface.sha256}
        packages[interface.kind, interface.family].append(of)
    return {
        "what": "names of exported declarations; made by scripts/build_public_names.py",
        "families": [
            {"kind": kind, "family": family, "n_names": sizes[i], "packages": packages[kind, family]}
            for i, (kind, family) in enumerate(keys)
        ],
    }


if __name__ == "__main__":
    main()
