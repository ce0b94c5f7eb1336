"""Look for code that stands in two files of the package: simdetect, applied to itself. Exit code 1 if there is any.

usage: python scripts/check_duplicates.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from simdetect import Scanner, ScanOptions
from simdetect.layers.all import find_layers
from simdetect.model import AnalysedTree, MatchTable

ROOT = Path(__file__).resolve().parent.parent
# Tokens. Import lists, signatures and field lists of 40 to 60 tokens agree in any two modules of one style.
LONGEST_ALLOWED = 80
# Rows of one table: the same fields in the same order, for other languages.
TABLES = ("*/languages/rows/*",)


def main(folder: str = str(ROOT / "src")) -> int:
    options = ScanOptions(min_region_tokens=LONGEST_ALLOWED, exclude=TABLES)
    with Scanner(options) as scanner:
        tree = scanner.index(folder)
    found = _duplicates(tree, find_layers(tree, [tree], options).code.table)
    for line in found:
        print(line)
    print(f"{len(found)} duplicates" if found else f"no duplicated code of {LONGEST_ALLOWED} tokens")
    return 1 if found else 0


def _duplicates(tree: AnalysedTree, table: MatchTable) -> list[str]:
    return [
        f"{_place(tree, own, table.candidate_start[row])} ~ {_place(tree, other, table.original_start[row])}: "
        f"{table.n_equal[row]} tokens"
        for row, (own, other) in enumerate(zip(table.candidate_file, table.original_file, strict=True))
        if own < other and not table.is_structural[row]  # aligned with gaps: alike in style, not copied
    ]


def _place(tree: AnalysedTree, file: int, token: int) -> str:
    n_before = tree.tree.files[file].content.count(b"\n", 0, int(tree.files[file].tokens.start[token]))
    return f"{tree.files[file].path}:{n_before + 1}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
