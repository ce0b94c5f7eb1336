"""Labelled pairs made of the demo: fixtures for scripts/evaluate.py, whose truth is known because it is made here.

usage: python scripts/fixture_pairs.py OUT

Writes OUT/pairs.jsonl and, below `work` in OUT, <owner>+<name>. Derived: the recalled submission, and the original
renamed, reordered, and merged into one file. Independent: the other implementation of the same job, on both sides.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "fixtures" / "demo"
NAME = re.compile(r"\b[A-Za-z_]\w{3,}\b")
BODY_END = "\n}\n"


def renamed(text: str, kept: frozenset[str]) -> str:
    """Other names for everything that an independent program does not also say (keywords, the standard library)."""

    def other(found: re.Match[str]) -> str:
        name = found[0]
        return name if name in kept else f"x{zlib.crc32(name.encode()):08x}"

    return NAME.sub(other, text)


def reordered(text: str) -> str:
    """The same functions, last first."""
    parts = text.split(BODY_END)
    return BODY_END.join([parts[0], *reversed(parts[1:-1]), parts[-1]])


def write_cases(work: Path) -> dict[str, list[list[str]]]:
    """Disguises of the original; by name, which file derives from which."""
    sources = sorted((DEMO / "original" / "src").glob("*.c"))
    kept = frozenset(NAME.findall((DEMO / "independent" / "furlong.c").read_text()))
    disguises: dict[str, Callable[[str], str]] = {
        "renamed": lambda text: renamed(text, kept),
        "reordered": reordered,
        "both": lambda text: renamed(reordered(text), kept),
    }
    known = {}
    for name, disguise in disguises.items():
        for source in sources:
            write(work / f"cases+{name}" / source.name, disguise(source.read_text()))
        known[f"cases/{name}"] = [[source.name, f"src/{source.name}"] for source in sources]
    merged = "\n".join(disguises["both"](source.read_text()) for source in sources)
    write(work / "cases+merged" / "all.c", merged)
    known["cases/merged"] = [["all.c", f"src/{source.name}"] for source in sources]
    return known


def write(file: Path, text: str) -> None:
    """A file and its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def pair(candidate: str, original: str, relation: str, known: list[list[str]]) -> dict[str, object]:
    """One row of pairs.jsonl."""
    sides = [{"repository": name, "commit": "", "path": ".", "language": "C"} for name in (candidate, original)]
    return {
        "id": f"{relation}-{candidate}-{original}".replace("/", "-"),
        "relation": relation,
        "candidate": sides[0],
        "original": sides[1],
        "known_pairs": known,
        "note": "made by scripts/fixture_pairs.py",
    }


def main(out: str) -> None:
    """Write everything."""
    work = Path(out) / "work"
    for name in ("original", "submission", "independent"):
        shutil.copytree(DEMO / name, work / f"demo+{name}", dirs_exist_ok=True)
    sources = [f"src/{file.name}" for file in sorted((DEMO / "original" / "src").glob("*.c"))]
    rows = [
        pair("demo/submission", "demo/original", "derived", [["main.c", source] for source in sources]),
        pair("demo/independent", "demo/original", "independent", []),
        pair("demo/original", "demo/independent", "independent", []),
        *(pair(name, "demo/original", "derived", known) for name, known in write_cases(work).items()),
        *(pair(name, "demo/independent", "independent", []) for name in ("cases/renamed", "cases/reordered")),
    ]
    write(Path(out) / "pairs.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
