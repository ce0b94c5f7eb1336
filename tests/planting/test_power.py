"""simdetect.power: what a scan of this candidate would have found, measured with functions of this original."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import simdetect
from simdetect import OptionsError, Scanner, ScanOptions, Verdict
from simdetect.model import Disguise, PlantSize, PowerReport, PowerRow
from simdetect.planting.bounds import rate_of
from simdetect.planting.choosing import Case, planted
from simdetect.planting.power import PowerPlan, measured
from simdetect.planting.trials import is_found
from tests.scripts.rebuilt_programs import program, rebuilt_function

ONE = PowerPlan(trials=1, sizes=(PlantSize.LARGE,), disguises=(Disguise.VERBATIM,))
PYTHON = "def add(one, two):\n    total = one\n    for step in range(two):\n        total += step\n    return total\n"


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner(ScanOptions()) as made:
        yield made


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A candidate and an original of Go that have nothing in common but the language."""
    candidate, original = tmp_path_factory.mktemp("candidate"), tmp_path_factory.mktemp("original")
    (candidate / "main.go").write_text(program("rebuilt", (30, 40, 25, 12, 60), rebuilt_function))
    (original / "tide.go").write_text(program("tide", (12, 20, 30, 35, 50, 70)))
    (original / "count.go").write_text(program("count", (15, 22, 28, 45, 60)))
    (original / "tide_test.go").write_text(program("tested", (30, 50)))
    return candidate, original


def tried(scanner: Scanner, places: tuple[Path, Path], plan: PowerPlan) -> PowerReport:
    return measured(plan, scanner, places[0], [places[1]], {})


def row(report: PowerReport, size: PlantSize, disguise: Disguise = Disguise.VERBATIM) -> PowerRow:
    return next(own for own in report.rows if (own.size, own.disguise) == (size, disguise))


# --- what comes out ------------------------------------------------------------------------------------------------


def test_a_large_function_that_stands_there_word_by_word_is_found_and_flagged(
    scanner: Scanner, places: tuple[Path, Path]
) -> None:
    report = tried(scanner, places, replace(ONE, trials=3))
    assert report.verdict is Verdict.NO_EVIDENCE and report.reason == ""
    [own] = report.rows
    assert (own.found.hits, own.flagged.hits, own.found.out_of) == (3, 3, 3)
    assert own.n_choices == 4 and own.n_lines in range(41, 91)
    assert own.found.upper_95 == 1.0 and own.found.lower_95 == pytest.approx(0.025 ** (1 / 3))


def test_every_size_and_disguise_has_a_row_and_less_is_found_of_what_is_smaller_or_hidden(
    scanner: Scanner, places: tuple[Path, Path]
) -> None:
    report = tried(scanner, places, PowerPlan(trials=2))
    assert [(own.size, own.disguise) for own in report.rows] == [
        (size, disguise) for size in PlantSize for disguise in Disguise
    ]
    assert all(own.found.out_of == own.flagged.out_of == 2 for own in report.rows)
    assert row(report, PlantSize.FILE).flagged.hits == row(report, PlantSize.TENTH).found.hits == 2
    small = row(report, PlantSize.SMALL, Disguise.REWRITTEN)
    assert small.flagged.hits <= row(report, PlantSize.LARGE).flagged.hits


def test_the_same_seed_gives_the_same_report_whatever_the_number_of_workers(places: tuple[Path, Path]) -> None:
    plan = PowerPlan(trials=2, sizes=(PlantSize.SMALL, PlantSize.TENTH))
    one, two = (simdetect.power(*places, plan=plan, options=ScanOptions(jobs=jobs)) for jobs in (1, 2))
    assert one == two


def test_another_seed_plants_something_else(scanner: Scanner, places: tuple[Path, Path]) -> None:
    case = [_case(scanner, places, seed) for seed in (1, 2)]
    drawn = [[own.choice(PlantSize.MEDIUM, number) for number in range(5)] for own in case]
    assert drawn[0] != drawn[1]


def test_the_settings_of_the_scan_hold_for_the_trials(places: tuple[Path, Path]) -> None:
    strict = simdetect.power(*places, plan=ONE, options=ScanOptions(threshold=1.0))
    [own] = strict.rows
    assert (own.found.hits, own.flagged.hits) == (1, 0)
    assert strict.settings["threshold"] == 1.0


def test_what_was_handed_out_is_not_found(scanner: Scanner, places: tuple[Path, Path]) -> None:
    report = measured(ONE, scanner, places[0], [places[1]], {"base": [places[1]]})
    [own] = report.rows
    assert (own.found.hits, own.flagged.hits) == (0, 0)


def test_a_candidate_that_is_evidence_already_says_so(scanner: Scanner, places: tuple[Path, Path]) -> None:
    report = measured(ONE, scanner, places[1], [places[1]], {})
    assert report.verdict is Verdict.EVIDENCE
    assert "evidence without anything planted" in report.warnings[0]


# --- what cannot be planted ----------------------------------------------------------------------------------------


def test_in_another_language_nothing_is_planted_and_the_report_says_so(
    scanner: Scanner, places: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "add.py").write_text(PYTHON)
    report = measured(ONE, scanner, tmp_path, [places[1]], {})
    assert report.rows == ()
    assert "code in python, the original in go" in report.reason
    assert "nothing is known of what this scan would have found" in report.reason


def test_an_original_without_functions_of_a_size_has_no_row_for_it(
    scanner: Scanner, places: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "small.go").write_text(program("small", (12, 14)))
    report = measured(PowerPlan(trials=1, disguises=(Disguise.VERBATIM,)), scanner, places[0], [tmp_path], {})
    assert [own.size for own in report.rows] == [PlantSize.SMALL, PlantSize.TENTH]
    only = measured(ONE, scanner, places[0], [tmp_path], {})
    assert only.rows == () and "original has none" in only.reason


def test_an_index_without_text_gives_nothing_to_plant(
    scanner: Scanner, places: tuple[Path, Path], tmp_path: Path
) -> None:
    index = tmp_path / "original.sdx"
    scanner.write_index(index, places[1], with_text=False)
    assert "keeps no text" in measured(ONE, scanner, places[0], [index], {}).reason


def test_an_index_with_text_gives_what_the_folder_does(
    scanner: Scanner, places: tuple[Path, Path], tmp_path: Path
) -> None:
    index = tmp_path / "original.sdx"
    scanner.write_index(index, places[1])
    plan = PowerPlan(trials=1, sizes=(PlantSize.SMALL,))
    assert measured(plan, scanner, places[0], [index], {}).rows == tried(scanner, places, plan).rows


def test_what_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(OptionsError, match="trials must be from 1"):
        PowerPlan(trials=0)
    with pytest.raises(OptionsError, match="at least one size"):
        PowerPlan(sizes=())


def test_after_the_time_limit_no_trial_counts(places: tuple[Path, Path]) -> None:
    report = simdetect.power(*places, plan=ONE, options=ScanOptions(limit_total_seconds=1e-6))
    assert report.rows == () and report.reason


def test_a_candidate_that_no_parser_reads_is_no_error(
    scanner: Scanner, places: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "main.go").write_bytes(b"func ((((((" * 2000)
    (tmp_path / "ok.go").write_bytes((places[0] / "main.go").read_bytes())
    report = measured(ONE, scanner, tmp_path, [places[1]], {})
    assert report.rows[0].found.out_of == 1


# --- what is planted -----------------------------------------------------------------------------------------------


def _case(scanner: Scanner, places: tuple[Path, Path], seed: int = 1) -> Case:
    read = scanner.read(places[0], [places[1]], {})
    return Case(read.candidate, [tree for family in read.families for tree in family], seed)


@pytest.mark.parametrize("size", PlantSize)
def test_what_is_planted_stands_where_it_is_said_to(
    scanner: Scanner, places: tuple[Path, Path], size: PlantSize
) -> None:
    case = _case(scanner, places)
    for number in range(5):
        choice = case.choice(size, number)
        assert choice is not None
        plant = planted(case, choice, Disguise.VERBATIM, {})
        assert plant is not None
        for piece in plant.planted:
            there = plant.files[piece.path].content.splitlines()[piece.start_line - 1 : piece.end_line]
            own = (places[1] / piece.original).read_bytes().splitlines()
            assert there == own[piece.original_start_line - 1 : piece.original_end_line]


def test_tests_of_the_original_are_not_planted(scanner: Scanner, places: tuple[Path, Path]) -> None:
    case = _case(scanner, places)
    choices = [case.choice(size, number) for size in PlantSize for number in range(10)]
    assert {path for choice in choices if choice for path in choice.files} == {"count.go", "tide.go"}


def test_a_piece_is_found_by_half_of_its_lines(scanner: Scanner, places: tuple[Path, Path], tmp_path: Path) -> None:
    case = _case(scanner, places)
    choice = case.choice(PlantSize.LARGE, 0)
    assert choice is not None
    plant = planted(case, choice, Disguise.VERBATIM, {})
    assert plant is not None
    for path, file in plant.files.items():
        (tmp_path / path).write_bytes(file.content)
    report = scanner.scan(tmp_path, places[1])
    assert is_found(plant.planted, report)
    [piece] = plant.planted
    assert not is_found([replace(piece, original="other.go")], report)
    beyond = 3 * (piece.end_line - piece.start_line)
    assert not is_found([replace(piece, end_line=piece.end_line + beyond)], report)


# --- bounds --------------------------------------------------------------------------------------------------------


def test_the_interval_of_a_rate_is_that_of_clopper_and_pearson() -> None:
    """Brown, Cai and DasGupta, Statistical Science 2001: 0.0252 to 0.5561 for 2 of 10, by its beta quantiles."""
    rate = rate_of(2, 10)
    assert (rate.lower_95, rate.upper_95) == (pytest.approx(0.0252, abs=1e-4), pytest.approx(0.5561, abs=1e-4))
    assert rate_of(0, 20).lower_95 == 0.0
    assert rate_of(20, 20).lower_95 == pytest.approx(math.pow(0.025, 1 / 20))
    assert (rate_of(0, 0).lower_95, rate_of(0, 0).upper_95) == (0.0, 1.0)
