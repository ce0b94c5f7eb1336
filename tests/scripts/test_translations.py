"""scripts/translations.py: what is wanted, where a translation is planted, and what a report says of it."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from simdetect import Layer, Scanner, ScanOptions
from simdetect.model import Evidence, Exclusion, ExclusionReason, LineSpan, ScanReport
from tests import ROOT
from tests.scripts.rebuilt_programs import original, store, task

sys.path.insert(0, str(ROOT / "scripts"))
import translations
from plant import Planted
from rebuilt_tasks import Rebuild, Task, read_tasks
from translations import Translation, Wanted, is_listed, is_of, place_of, plant_of, translations_of, wanted_of

TEXT = b"def tide_of(ships):\n    total = 4711\n\n    return total\n"
CLASS = "import os\n\n\nclass Harbour:\n    # ships\n    @property\n    def ships(self):\n        return 1\n"


@pytest.fixture
def places(tmp_path: Path) -> Path:
    task(tmp_path / "rebuilt")
    original(tmp_path / "originals")
    return tmp_path


def parts(places: Path) -> tuple[Task, list[Rebuild], Path]:
    [harbour] = read_tasks(places / "rebuilt")
    [place] = (places / "originals").iterdir()
    return harbour, list(harbour.rebuilds), place


def run(*command: str | Path) -> None:
    done = CliRunner().invoke(translations.main, list(map(str, command)))
    assert done.exit_code == 0, done.output


# --- what is wanted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_functions_of_25_to_90_lines_of_different_files_are_chosen_and_none_of_tests(places: Path, seed: int) -> None:
    harbour, [_, python], place = parts(places)
    found = [item for item, _ in wanted_of(harbour, python, place, 2, seed)]
    assert {item.original for item in found} == {"count.go", "tide.go"}
    assert all(item.end_line - item.start_line + 1 in range(25, 91) for item in found)
    assert len(wanted_of(harbour, python, place, 9, seed)) == 5  # there are no more


def test_what_is_wanted_is_the_text_of_its_lines_and_the_same_for_the_same_seed(places: Path) -> None:
    harbour, [_, python], place = parts(places)
    for item, text in wanted_of(harbour, python, place, 2, 1):
        lines = (place / item.original).read_bytes().splitlines(keepends=True)
        assert text == b"".join(lines[item.start_line - 1 : item.end_line])
        assert item.sha256 == hashlib.sha256(text).hexdigest()
    assert wanted_of(harbour, python, place, 2, 1) == wanted_of(harbour, python, place, 2, 1)


def test_nothing_is_wanted_in_the_same_language_or_for_a_leak(places: Path) -> None:
    harbour, [go, python], place = parts(places)
    assert wanted_of(harbour, go, place, 2, 1) == []
    assert wanted_of(harbour, replace(python, is_leak=True), place, 2, 1) == []


def test_the_command_writes_texts_and_the_prompt_and_what_is_not_translated_is_left_out(places: Path) -> None:
    run("wanted", places / "rebuilt", places / "originals", "-o", places / "out", "--each", "2")
    files = sorted(file.relative_to(places / "out").as_posix() for file in (places / "out").rglob("*.*"))
    folder = "harbour/independent-python-1"
    assert files == [f"{folder}/{number}/{name}" for number in "12" for name in ("original.go", "wanted.json")]
    assert "faithfully into python." in json.loads((places / "out" / files[1]).read_text())["prompt"]
    store(places / "out" / folder / "2" / "translated.py", TEXT.decode())
    _, [_, python], place = parts(places)
    [own] = translations_of(places / "out", python)
    assert own.text == TEXT
    assert is_of(own.wanted, place)
    store(place / own.wanted.original, "package main\n")
    assert not is_of(own.wanted, place)


# --- planting ------------------------------------------------------------------------------------------------------


def test_a_translation_stands_above_comments_and_decorators_at_the_margin_of_its_host(places: Path) -> None:
    _, [_, python], _ = parts(places)
    store(python.folder / "main.py", CLASS)
    made = plant_of(python, Translation(Wanted("count.go", 3, 32, "", "python", ""), TEXT), 1)
    assert made is not None
    [piece] = made.planted
    lines = made.files["main.py"].decode().splitlines()
    own = lines[piece.start_line - 1 : piece.end_line]
    assert own == [f"    {line}" if line else "" for line in TEXT.decode().splitlines()]
    assert lines[: piece.start_line - 1] + lines[piece.end_line + 1 :] == CLASS.splitlines()
    assert lines[piece.start_line - 2] == "class Harbour:"
    assert (piece.original, piece.original_start_line, piece.original_end_line) == ("count.go", 3, 32)
    assert made.way == "function, translated"


def test_a_program_without_functions_is_no_host(places: Path) -> None:
    _, [_, python], _ = parts(places)
    store(python.folder / "main.py", "print(1)\n")
    assert plant_of(python, Translation(Wanted("count.go", 3, 32, "", "python", ""), TEXT), 1) is None


def test_the_control_gives_each_program_texts_of_other_tasks_in_its_language() -> None:
    def own(text: str, language: str = "python") -> Translation:
        return Translation(Wanted("a.go", 1, 2, "", language, ""), text.encode())

    texts = {"a/1": [own("a1"), own("a2")], "b/1": [own("b", "rust")], "c/1": [own("c1"), own("c2")]}
    found = translations.exchanged(texts)
    assert {name: [item.text for item in group] for name, group in found.items()} == {
        "a/1": [b"c1", b"c2"],
        "c/1": [b"a1", b"a2"],
    }


# --- what a report says --------------------------------------------------------------------------------------------

PIECE = Planted("main.py", 10, 20, "count.go", 30, 60)


def pair(bits: float, own: tuple[int, int], theirs: tuple[int, int], path: str = "count.go") -> Evidence:
    return Evidence(Layer.TRANSLATED, path, 0, LineSpan(*own), LineSpan(*theirs), 5, 0, bits, None, "0" * 16)


RIGHT = pair(9.0, (12, 15), (30, 60))
WRONG = pair(9.0, (1, 9), (30, 60))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([RIGHT], (1, 1)),
        ([replace(WRONG, bits=8.0), RIGHT], (1, 2)),
        ([WRONG, RIGHT], (2, 2)),  # a tie is lost
        ([replace(WRONG, excluded=Exclusion(ExclusionReason.GIVEN, "README.md")), RIGHT], (1, 1)),
        ([replace(WRONG, layer=Layer.NAME), RIGHT], (1, 1)),
        ([WRONG], (0, 1)),
        ([pair(9.0, (12, 15), (61, 70))], (0, 1)),  # another function of the file
        ([pair(9.0, (12, 15), (30, 60), "tide.go")], (0, 1)),
        ([pair(7.0, (12, 15), (30, 60)), pair(8.0, (1, 9), (1, 2)), RIGHT], (1, 3)),  # the best of the right ones
    ],
)
def test_the_place_of_the_right_pair(pairs: list[Evidence], expected: tuple[int, int], scanned: ScanReport) -> None:
    [finding] = scanned.findings
    report = replace(scanned, findings=(replace(finding, candidate="main.py", evidence=tuple(pairs)),))
    assert place_of(PIECE, report) == expected
    other = replace(report, findings=(replace(report.findings[0], candidate="other.py"),))
    assert place_of(PIECE, other) == (0, expected[1])


@pytest.fixture
def scanned(places: Path) -> ScanReport:
    [place] = (places / "originals").iterdir()
    (places / "copy").mkdir()
    store(places / "copy" / "main.go", (place / "tide.go").read_text())
    with Scanner(ScanOptions()) as scanner:
        return scanner.scan(places / "copy", scanner.index(place))


# --- digests -------------------------------------------------------------------------------------------------------


def test_digests_name_a_set_and_hold_nothing_of_a_text(places: Path) -> None:
    run("wanted", places / "rebuilt", places / "originals", "-o", places / "out", "--each", "1")
    store(places / "out" / "harbour" / "independent-python-1" / "1" / "translated.py", TEXT.decode())
    run("digests", places / "rebuilt", places / "out", "-o", places / "digests.tsv", "--model", "someone")
    table = (places / "digests.tsv").read_text()
    head, row = (line.split("\t") for line in table.splitlines())
    assert len(head) == len(row)
    assert row[:2] == ["harbour", "independent-python-1"]
    assert row[5:] == [hashlib.sha256(TEXT).hexdigest(), "python", "someone"]
    [own] = translations_of(places / "out", parts(places)[1][1])
    assert is_listed(own, table)
    assert not is_listed(replace(own, text=TEXT + b"#"), table)
