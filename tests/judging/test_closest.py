"""Originals that share most names with a file with which nothing agrees, against a slow version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simdetect import Scanner, ScanOptions
from simdetect.judging.closest import closest
from simdetect.layers.all import Models, compare
from simdetect.matching.comparison import Comparison
from simdetect.weighing.background import load_background

NAMES = ["wayward_latch", "gap_trellis", "pannier_quota", "stride_oracle", "frame_sexton", "mule_ledger"]


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner() as scanner:
        yield scanner


def program(names: list[str], shape: str) -> str:
    return "\n".join(shape.format(name=name, i=i) for i, name in enumerate(names))


def comparison(scanner: Scanner, folder: Path, candidate: dict[str, str], original: dict[str, str]) -> Comparison:
    trees = []
    for side, files in (("candidate", candidate), ("original", original)):
        for name, text in files.items():
            (folder / side).mkdir(exist_ok=True)
            (folder / side / name).write_text(text)
        trees.append(scanner.index(folder / side))
    return compare(trees[0], [trees[1]], ScanOptions(), Models.of(ScanOptions()))


CANDIDATE = {"a.c": program(NAMES[:4], "int {name}(int a) {{ return a + {i}; }}")}


def test_the_original_with_the_larger_share_of_the_names_comes_first(scanner: Scanner, tmp_path: Path) -> None:
    original = {
        "all.c": program(NAMES[:4], "struct {name} {{ char *text; }};"),
        "half.c": program(NAMES[:2], "struct {name} {{ char *text; }};"),
        "many.c": program([*NAMES[:4], *(f"filler_{i}_of_many" for i in range(60))], "extern long {name};"),
        "none.c": program(NAMES[4:], "struct {name} {{ char *text; }};"),
    }
    found = comparison(scanner, tmp_path, CANDIDATE, original)
    paths = [file.path for file in found.original.files]
    [best] = closest(found, [0], load_background).values()
    assert [paths[i] for i in best] == ["all.c", "half.c"]  # two at most, and of many names four are a small share


def test_only_wanted_files_of_one_language_family_are_compared(scanner: Scanner, tmp_path: Path) -> None:
    python = program(NAMES[:4], "{name} = {i}")
    found = comparison(scanner, tmp_path, {**CANDIDATE, "b.py": python}, {"only.py": python})
    paths = [file.path for file in found.candidate.files]
    wanted = range(len(paths))
    assert {paths[i] for i in closest(found, list(wanted), load_background)} == {"b.py"}
    assert closest(found, [], load_background) == {}
    assert closest(found, [paths.index("a.c")], load_background) == {}


def test_a_name_in_too_many_files_finds_none(scanner: Scanner, tmp_path: Path) -> None:
    original = {
        f"f{i}.c": program(NAMES[:4], "struct {name} {{ char *text; }};") + f"\nint only_{i};" for i in range(70)
    }
    assert closest(comparison(scanner, tmp_path, CANDIDATE, original), [0], load_background) == {}
