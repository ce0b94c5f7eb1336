"""Pieces of code: each for what it adds, whichever files hold it, and only of what judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simdetect import Scanner, ScanOptions
from simdetect.judging.pieces import _RUN, are_judged, novelty, pieces_of
from simdetect.layers.all import LayerResults, find_layers
from simdetect.layers.regions import Regions
from simdetect.model import AnalysedTree
from simdetect.tokens.grams import hash_kgrams

STEPS = ("total += step * {n}", "names[key] = total // {n}", "if total > {n}:\n        break", "key = str(total)[:{n}]")


def python_function(n: int) -> str:
    """A function that has its own steps in its own order."""
    steps = [STEPS[(n * k + k * k) % len(STEPS)].format(n=n + k) for k in range(1, 12)]
    return (
        f"def work_{n}(names, key, step):\n    total = 0\n    for part in names:\n        "
        + "\n        ".join(step.replace("\n", "\n    ") for step in steps)
        + f"\n    return total - {n}\n\n\n"
    )


def go_function(n: int) -> str:
    """The same in Go."""
    forms = ("total += step * {n}", "names[key] = total / {n}", "if total > {n} {{ break }}", "key = key + {n}")
    steps = "\n".join(f"\t\t{forms[(n * k + k * k) % 4].format(n=n + k)}" for k in range(1, 12))
    head = f"func work{n}(names map[int]int, key int, step int) int {{\n\ttotal := 0\n\tfor _, part := range names {{\n"
    return f"{head}{steps}\n\t\ttotal -= part\n\t}}\n\treturn total - {n}\n}}\n\n"


FILES = {f"part{i}.py": "".join(python_function(n) for n in range(3 * i, 3 * i + 3)) for i in range(4)}


@pytest.fixture(scope="module")
def analysed_tree(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, str]], AnalysedTree]:
    """What reads texts by path."""

    def analysed(texts: dict[str, str]) -> AnalysedTree:
        folder: Path = tmp_path_factory.mktemp("tree")
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        with Scanner(ScanOptions(jobs=1)) as scanner:
            return scanner.index(folder)

    return analysed


Analysed = Callable[[dict[str, str]], AnalysedTree]


def code_of(analysed_tree: Analysed, candidate: dict[str, str], original: dict[str, str]) -> Regions:
    results: LayerResults = find_layers(analysed_tree(candidate), [analysed_tree(original)], ScanOptions())
    return results.code


def slowly(code: Regions, rows: list[int]) -> list[float]:
    """The same with sets, one run after the other."""
    layout, table = code.comparison.candidate.layout, code.table
    seen: set[int] = set()
    found = []
    for row in rows:
        base = int(layout.offset[table.candidate_file[row]])
        span = slice(base + int(table.candidate_start[row]), base + int(table.candidate_end[row]))
        own = set(hash_kgrams(layout.normal[span], _RUN).tolist())
        found.append(len(own - seen) / len(own) if own else 1.0)
        seen |= own
    return found


def test_what_a_piece_adds_is_that_of_the_plain_loop(analysed_tree: Analysed) -> None:
    code = code_of(analysed_tree, {**FILES, "copy.py": FILES["part1.py"] + FILES["part2.py"]}, FILES)
    rows = code.selection.counted
    rows = rows[np.argsort(-code.alone.total[rows], kind="stable")]
    assert novelty(code, rows).tolist() == pytest.approx(slowly(code, rows.tolist()))


@pytest.mark.parametrize(("suffix", "function"), [(".py", python_function), (".go", go_function)], ids=["python", "go"])
def test_one_code_in_three_builds_is_one_piece(
    analysed_tree: Analysed, suffix: str, function: Callable[[int], str]
) -> None:
    text = ("package main\n\n" if suffix == ".go" else "") + "".join(map(function, range(6)))
    once = code_of(analysed_tree, {f"a{suffix}": text}, {f"o{suffix}": text})
    thrice = code_of(analysed_tree, {f"{name}{suffix}": text for name in "abc"}, {f"o{suffix}": text})
    worth = np.ones(3)
    one, three = pieces_of(once, np.ones(1, bool), worth[:1]), pieces_of(thrice, np.ones(1, bool), worth)
    assert three.bits.sum() == pytest.approx(one.bits.sum())
    assert three.bits.max() == pytest.approx(one.bits.max())


def test_what_the_original_calls_tests_documentation_or_builds_judges_nothing_unless_it_is_all(
    analysed_tree: Analysed,
) -> None:
    named = ["src/app.py", "tests/test_app.py", "docs/conf.py", "setup.py", "CMakeLists.txt", "meson.build"]
    files = analysed_tree({name: python_function(n) for n, name in enumerate(named)}).files
    assert {file.path for file, judged in zip(files, are_judged(files), strict=True) if judged} == {"src/app.py"}
    assert are_judged(files[:0]).tolist() == []
    tests = analysed_tree({"tests/test_app.py": python_function(1)}).files
    assert are_judged(tests).tolist() == [True]
    with_tests = zip(files, are_judged(files, with_tests=True), strict=True)
    assert {file.path for file, judged in with_tests if judged} == {"src/app.py", "tests/test_app.py"}
