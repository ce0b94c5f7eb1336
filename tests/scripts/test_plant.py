"""scripts/plant.py and scripts/rebuilt_tasks.py: what is planted stands where the truth says."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import ROOT
from tests.scripts.rebuilt_programs import README, original, task

sys.path.insert(0, str(ROOT / "scripts"))
import plant
from plant import WAYS, Plant, Planted
from rebuilt_tasks import documents_of, original_of, read_tasks

WHOLE = ("function, verbatim", "file", "a tenth", "a third", "two thirds")


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    task(tmp_path / "rebuilt")
    original(tmp_path / "originals")
    return tmp_path / "rebuilt", tmp_path / "originals"


def plants(places: tuple[Path, Path], seed: int = 1, rebuild: int = 0) -> dict[str, Plant]:
    [harbour] = read_tasks(places[0])
    place = original_of(harbour, places[1])
    assert place is not None
    return {made.way: made for made in plant.plants_of(harbour, harbour.rebuilds[rebuild], place, seed)}


def lines(content: bytes, first: int, last: int) -> list[bytes]:
    return content.splitlines()[first - 1 : last]


def of_original(places: tuple[Path, Path], piece: Planted) -> list[bytes]:
    [place] = places[1].iterdir()
    return lines((place / piece.original).read_bytes(), piece.original_start_line, piece.original_end_line)


# --- what is planted -----------------------------------------------------------------------------------------------


def test_every_way_plants_something_in_a_rebuild_of_the_same_language(places: tuple[Path, Path]) -> None:
    assert list(plants(places)) == list(WAYS)


@pytest.mark.parametrize("way", WHOLE)
def test_what_is_planted_undisguised_stands_line_by_line_where_the_truth_says(
    places: tuple[Path, Path], way: str
) -> None:
    made = plants(places)[way]
    for piece in made.planted:
        assert lines(made.files[piece.path], piece.start_line, piece.end_line) == of_original(places, piece)


def test_nothing_is_planted_in_another_language(places: tuple[Path, Path]) -> None:
    assert plants(places, rebuild=1) == {}


def test_one_function_has_25_to_90_lines_and_the_host_keeps_all_of_its_own(places: tuple[Path, Path]) -> None:
    made = plants(places)["function, verbatim"]
    [piece] = made.planted
    assert piece.end_line - piece.start_line + 1 in range(25, 91)
    host = (places[0] / "harbour" / "independent-go-1" / "main.go").read_bytes().splitlines()
    text = made.files["main.go"].splitlines()
    assert text[: piece.start_line - 1] + text[piece.end_line + 1 :] == host


def test_the_disguises_of_one_function_hide_the_same_function(places: tuple[Path, Path]) -> None:
    made = plants(places)
    ways = [way for way in WAYS if way.startswith("function")]
    of = {(made[way].planted[0].original, made[way].planted[0].original_start_line) for way in ways}
    assert len(of) == 1
    for way in ways[1:]:
        [piece] = made[way].planted
        assert lines(made[way].files[piece.path], piece.start_line, piece.end_line) != of_original(places, piece)


@pytest.mark.parametrize(("way", "share"), [("a tenth", 0.1), ("a third", 1 / 3), ("two thirds", 2 / 3)])
def test_a_share_is_reached_and_a_larger_one_holds_the_smaller(
    places: tuple[Path, Path], way: str, share: float
) -> None:
    made = plants(places)
    assert made[way].share >= plant.ENOUGH * share
    of = {piece.original_start_line for piece in made[way].planted}
    assert of <= {piece.original_start_line for piece in made["two thirds"].planted}


def test_tests_of_the_original_are_not_planted(places: tuple[Path, Path]) -> None:
    pieces = {piece.original for seed in range(5) for made in plants(places, seed).values() for piece in made.planted}
    assert pieces == {"count.go", "tide.go"}


def test_a_merged_submission_is_one_file_and_its_pieces_lie_apart(places: tuple[Path, Path]) -> None:
    for way in ("a third, merged and disguised", "all, merged and disguised"):
        made = plants(places)[way]
        assert list(made.files) == ["merged0.go"]
        assert made.without == ("main.go",)
        spans = sorted((piece.start_line, piece.end_line) for piece in made.planted)
        assert all(end < start for (_, end), (start, _) in pairwise(spans))
        n_lines = made.files["merged0.go"].count(b"\n") + 1
        assert all(1 <= start <= end <= n_lines for start, end in spans)


def test_too_small_an_original_gives_no_two_thirds(places: tuple[Path, Path]) -> None:
    [place] = places[1].iterdir()
    (place / "tide.go").unlink()
    (place / "count.go").write_text(
        "package main\n\nfunc a() int {\n\tx := 1\n\ty := 2\n\tz := 3\n\treturn x + y + z\n}\n"
    )
    assert "two thirds" not in plants(places)
    assert "function, verbatim" not in plants(places)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(places: tuple[Path, Path]) -> None:
    assert plants(places) == plants(places)
    assert any(plants(places) != plants(places, seed) for seed in range(2, 6))


def test_the_command_writes_submissions_and_their_truth(places: tuple[Path, Path], tmp_path: Path) -> None:
    command = [*map(str, places), "-o", str(tmp_path / "out"), "--way", "all, merged and disguised", "--way", "file"]
    done = CliRunner().invoke(plant.main, command)
    assert done.exit_code == 0, done.output
    place = tmp_path / "out" / "harbour" / "independent-go-1"
    assert sorted(file.name for file in (place / "file" / "tree").iterdir()) == ["extra.go", "main.go"]
    assert [file.name for file in (place / "all-merged-and-disguised" / "tree").iterdir()] == ["merged0.go"]
    assert json.loads((place / "file" / "truth.json").read_text())["planted"][0]["path"] == "extra.go"


# --- tasks ---------------------------------------------------------------------------------------------------------


def test_labels_say_which_rebuilds_are_leaks(tmp_path: Path) -> None:
    task(
        tmp_path,
        labels=[{"folder": "independent-python-1", "leak": True}, {"folder": "independent-go-1", "leak": False}],
    )
    [harbour] = read_tasks(tmp_path)
    assert [rebuild.is_leak for rebuild in harbour.rebuilds] == [False, True]
    assert [harbour.is_same_language(rebuild) for rebuild in harbour.rebuilds] == [True, False]


def test_a_document_that_differs_from_its_digest_is_not_given(places: tuple[Path, Path]) -> None:
    [harbour] = read_tasks(places[0])
    place = original_of(harbour, places[1])
    assert place is not None
    assert documents_of(harbour, place) == ([place / "README.md"], [])
    (place / "README.md").write_text(README + "more\n")
    assert documents_of(harbour, place) == ([], ["README.md"])
