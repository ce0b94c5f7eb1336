"""scripts/measure_rebuilt.py and its tables, on made-up programs whose truth is known."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from simdetect import Layer, Scanner, ScanOptions
from simdetect.model import Evidence, LineSpan
from tests import ROOT
from tests.scripts.rebuilt_programs import original, store, task

sys.path.insert(0, str(ROOT / "scripts"))
import measure_rebuilt
import translations
from measure_rebuilt import Bench, Known, is_located, spread
from plant import Plant, Planted
from rebuilt_rows import (
    BLIND,
    DOCUMENTS,
    NOTHING,
    SESSION,
    SETTINGS,
    Flag,
    Independent,
    Recalled,
    Rows,
    Span,
    Translated,
    Written,
)
from rebuilt_table import bound, by_task, tables
from rebuilt_tasks import original_of, read_tasks
from translations import exchanged


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for name in ("harbour", "lighthouse"):
        task(tmp_path / "rebuilt", name)
        original(tmp_path / "originals", name)
    return tmp_path


@pytest.fixture
def bench(places: Path) -> Iterator[Bench]:
    (places / "work").mkdir()
    options = ScanOptions(max_evidence=1000, max_originals=1000)
    with Scanner(options) as scanner, Scanner(replace(options, setting="black-box")) as blind:
        tasks = read_tasks(places / "rebuilt")
        yield Bench(
            tasks, places / "originals", scanner, blind, places / "work", 1, places / "rebuilt" / "translations.tsv"
        )


# --- scans ---------------------------------------------------------------------------------------------------------


def test_every_rebuild_is_scanned_in_every_setting_and_what_is_independent_is_not_flagged(bench: Bench) -> None:
    rows = list(measure_rebuilt.independent(bench))
    assert [(row.task, row.rebuild, row.setting) for row in rows] == [
        (name, f"independent-{language}-1", setting)
        for name in ("harbour", "lighthouse")
        for language in ("go", "python")
        for setting in SETTINGS
    ]
    assert {row.verdict for row in rows if row.is_same_language} <= {"no-evidence", "inconclusive"}


def test_a_copy_is_flagged_with_the_text_of_its_heaviest_spans(bench: Bench, places: Path) -> None:
    copy = places / "rebuilt" / "harbour" / "independent-go-1" / "main.go"
    [place] = (places / "originals").glob("*harbour*")
    shutil.copy(place / "count.go", copy)
    row = next(iter(measure_rebuilt.independent(bench)))
    assert row.verdict == "evidence"
    [flag] = row.flags
    assert flag.path == "main.go"
    assert 1 <= len(flag.spans) <= measure_rebuilt.SPANS
    assert [span.bits for span in flag.spans] == sorted((span.bits for span in flag.spans), reverse=True)
    assert flag.spans[0].text.split(" / ")[0] in copy.read_text()


def test_documents_and_session_are_given_and_a_document_that_differs_is_noted(bench: Bench) -> None:
    [harbour, _] = bench.tasks
    place = original_of(harbour, bench.originals)
    assert place is not None
    known = bench.known(harbour, place, harbour.rebuilds[0].session)
    documents, session = [place / "README.md"], harbour.rebuilds[0].session
    assert session is not None
    assert known == {
        NOTHING: Known(),
        DOCUMENTS: Known(documents),
        BLIND: Known(documents, (), True),
        SESSION: Known(documents, (session,), True),
    }
    store(place / "README.md", "another text")
    assert bench.known(harbour, place, None) == {NOTHING: Known(), DOCUMENTS: Known([]), BLIND: Known([], (), True)}
    assert bench.notes == ["harbour: documents not as task.yaml names them: README.md"]


def test_planted_pieces_are_found_and_the_true_original_comes_first(bench: Bench) -> None:
    rows = list(measure_rebuilt.planted(bench, 2, ()))
    whole = [row for row in rows if row.way in ("file", "a third", "two thirds")]
    assert whole
    assert all(row.is_flagged and row.n_located == row.n_pieces for row in whole)
    assert all((row.rank, row.out_of) == (1, 3) for row in whole if row.setting == SESSION)  # a rebuild, an original
    assert {row.setting for row in rows} == set(SETTINGS)


def test_a_labelled_leak_is_no_host(bench: Bench) -> None:
    bench.tasks = [
        replace(own, rebuilds=tuple(replace(rebuild, is_leak=True) for rebuild in own.rebuilds)) for own in bench.tasks
    ]
    assert not list(measure_rebuilt.planted(bench, 2, ()))


def test_the_order_takes_each_task_once_before_any_twice(bench: Bench) -> None:
    found = [(own, rebuild, Path()) for own in bench.tasks for rebuild in own.rebuilds]
    for seed in range(5):
        order = spread(found, str(seed))
        assert {own.name for own, _, _ in order[:2]} == {"harbour", "lighthouse"}
        assert len(order) == 4


@pytest.mark.parametrize(
    ("original_path", "first", "last", "expected"),
    [
        ("a.go", 1, 10, True),
        ("a.go", 20, 25, True),
        ("a.go", 1, 9, False),
        ("a.go", 21, 30, False),
        ("b.go", 1, 30, False),
    ],
)
def test_a_piece_is_located_by_evidence_that_overlaps_it_and_names_its_file(
    original_path: str, first: int, last: int, expected: bool
) -> None:
    piece = Planted("c.go", 10, 20, "a.go", 1, 11)
    spans = LineSpan(first, last), LineSpan(1, 5)
    item = Evidence(Layer.RENAMED, original_path, 0, *spans, 50, 0, 99.0, None, "0" * 16)
    assert is_located(piece, [item]) is expected


def test_a_planted_file_that_no_report_mentions_is_a_miss(bench: Bench, places: Path) -> None:
    place = places / "rebuilt" / "harbour" / "independent-go-1"
    report = bench.scanner.scan(place, bench.tree(next((places / "originals").iterdir())))
    made = Plant("file", {}, (), (Planted("gone.go", 1, 5, "a.go", 1, 5),), 0.5)
    row = measure_rebuilt.outcome(made, report)
    assert (row.is_flagged, row.n_located, row.n_pieces, row.n_lines) == (False, 0, 1, 5)


def test_the_command_writes_rows_and_a_table(places: Path) -> None:
    task(places / "rebuilt", "absent")
    shutil.copytree(places / "rebuilt" / "harbour" / "independent-go-1", places / "texts" / "harbour")
    out = places / "out"
    command = [str(places / "originals"), "--rebuilt", str(places / "rebuilt"), "-o", str(out), "--plants", "0"]
    done = CliRunner().invoke(measure_rebuilt.main, [*command, "--memory", str(places / "texts")])
    assert done.exit_code == 0, done.output
    table = (out / "table.md").read_text()
    assert "left out, for their originals are not here: absent" in table
    assert "### Independent rebuilds, leaks included" in table
    assert "| harbour | ? | ? | ? | nothing known |" in table
    assert len(json.loads((out / "rows.json").read_text())["independent"]) == 16


# --- translated ----------------------------------------------------------------------------------------------------


def translate(places: Path) -> Path:
    """A function of each original, translated by its names and numbers alone."""
    command = ["wanted", str(places / "rebuilt"), str(places / "originals"), "-o", str(places / "own"), "--each", "1"]
    assert CliRunner().invoke(translations.main, command).exit_code == 0
    for file in (places / "own").rglob("original.go"):
        body = [line.strip(" {\t") for line in file.read_text().splitlines()[1:]]
        lines = [f"    {line.replace(':=', '=')}" for line in body if "=" in line and not line.startswith("for")]
        store(file.with_name("translated.py"), "\n".join(["def part(ships):", *lines, ""]))
    return places / "own"


def test_a_translated_function_is_found_in_every_setting(bench: Bench, places: Path) -> None:
    texts = measure_rebuilt.texts_of(bench, translate(places))
    rows = list(measure_rebuilt.translated(bench, texts, list(measure_rebuilt.independent(bench, texts))))
    assert [(row.task, row.rebuild, row.setting) for row in rows] == [
        (name, "independent-python-1", setting) for name in ("harbour", "lighthouse") for setting in SETTINGS
    ]
    assert all(row.is_located and row.place == 1 and row.n_pairs >= 1 for row in rows)
    assert {row.before for row in rows} <= {"no-evidence", "inconclusive"}
    assert [row.out_of for row in rows] == [0, 0, 0, 3] * 2
    assert "not of the set of translations.tsv: harbour/independent-python-1" in " ".join(bench.notes)


def test_a_translated_function_of_another_original_is_not_found(bench: Bench, places: Path) -> None:
    texts = exchanged(measure_rebuilt.texts_of(bench, translate(places)))
    rows = list(measure_rebuilt.translated(bench, texts, list(measure_rebuilt.independent(bench, texts))))
    assert len(rows) == 8
    assert not any(row.is_flagged or row.place for row in rows)


def test_a_translation_of_another_commit_is_not_planted(bench: Bench, places: Path) -> None:
    place = translate(places)
    assert measure_rebuilt.texts_of(bench, place)
    bench.notes.clear()
    for file in next((places / "originals").glob("*harbour*")).glob("*.go"):
        store(file, "package main\n")
    assert list(measure_rebuilt.texts_of(bench, place)) == ["lighthouse/independent-python-1"]
    assert bench.notes[0].startswith("not planted, for the original differs: harbour/independent-python-1: ")


def test_only_translations_leaves_out_everything_else(places: Path) -> None:
    command = [str(places / "originals"), "--rebuilt", str(places / "rebuilt"), "-o", str(places / "out")]
    command += ["--translations", str(translate(places)), "--only-translations"]
    done = CliRunner().invoke(measure_rebuilt.main, command)
    assert done.exit_code == 0, done.output
    rows = json.loads((places / "out" / "rows.json").read_text())
    assert [len(rows[kind]) for kind in ("independent", "recalled", "translated", "exchanged")] == [8, 0, 8, 8]
    assert "### Recalled submissions: function, translated" in (places / "out" / "table.md").read_text()


def test_translations_are_counted_by_setting() -> None:
    one = Translated("a", "r", BLIND, "go", "a.rs", 30, "evidence", "inconclusive", True, False, True, 1, 4, 1, 5)
    two = replace(one, task="b", before="evidence", host=True, place=3, rank=2)
    three = replace(one, task="c", verdict="no-evidence", is_flagged=False, is_located=False, place=0)
    text = tables(Rows((), (), (), (), (one, two, three)))
    cells = "| 3 | 3 | 30 | 1 of 2 (50 %) | 2 of 3 (67 %) | 33 % | 1 of 2 (50 %) | 2 of 3 (67 %) | 2 of 3 (67 %) |"
    assert f"| {BLIND} {cells} 1 of 3 (33 %) | 0 % | 4 | 2 of 3 (67 %) |" in text


# --- tables --------------------------------------------------------------------------------------------------------


def row(name: str, verdict: str, setting: str = NOTHING, *, leak: bool = False) -> Independent:
    flags = (
        (Flag("main.go", 30.0, 0.9, (Span("verbatim", 30.0, 1, 4, "a | `b`\x1b"),)),) if verdict == "evidence" else ()
    )
    return Independent(name, "independent-go-1", True, leak, setting, verdict, flags)


def test_verdicts_are_counted_with_and_without_leaks() -> None:
    rows = (row("a", "evidence", leak=True), row("b", "no-evidence"), row("c", "inconclusive"))
    text = tables(Rows(rows, (), ()))
    assert "| same language | nothing known | 3 | 3 | 1 | 1 | 1 |" in text
    assert "| same language | nothing known | 2 | 2 | 0 | 1 | 1 |" in text


def test_a_false_flag_is_listed_once_with_its_settings_and_its_text_is_harmless() -> None:
    text = tables(Rows((row("a", "evidence"), row("a", "evidence", DOCUMENTS)), (), ()))
    assert text.count("- `a/independent-go-1/main.go`: nothing known, documents; 30 bits") == 1
    assert "verbatim, 30 bits, lines 1-4: `a | 'b' `" in text


def test_recall_is_shown_by_disguise_by_lines_and_of_files_that_were_not_flagged_before() -> None:
    one = Recalled("file", 0.2, 30, 1, "evidence", True, 1, "a", "r", SESSION, host=True, rank=1, out_of=4)
    two = replace(one, task="b", is_flagged=False, n_located=0, host=False, rank=3)
    text = tables(Rows((), (one, two), ()))
    cells = "| 2 | 2 | 30 | 1 of 2 (50 %) | 0 % | 0 of 1 (0 %) | 1 of 2 (50 %) | 1 of 2 (50 %) | 2 of 4 |"
    assert f"| file {cells}" in text
    assert f"| 11 to 40 lines {cells}" in text


def test_programs_from_memory_stand_beside_their_measured_share() -> None:
    own = Written("lua", DOCUMENTS, 0.61, 0.4, 0.5, "evidence", 2, 3, 1, 4)
    assert "| lua | 61 % | 40 % | 50 % | documents | evidence | 2 of 3 | 1 of 4 |" in tables(Rows((), (), (own,)))


# --- bounds --------------------------------------------------------------------------------------------------------


def test_without_a_hit_the_bound_is_that_of_as_many_tasks() -> None:
    assert bound([(0, 5)] * 20, upper=True) == pytest.approx(1 - 0.05 ** (1 / 20))
    assert bound([(5, 5)] * 20, upper=False) == pytest.approx(0.05 ** (1 / 20))
    assert bound([(0, 1)] * 20, upper=False) == 0
    assert bound([(1, 1)] * 20, upper=True) == 1


def test_a_bound_is_wider_when_the_hits_are_of_few_tasks() -> None:
    together = [(5, 5)] + [(0, 5)] * 9
    apart = [(1, 5)] * 5 + [(0, 5)] * 5
    assert 0.1 < bound(apart, upper=True) < bound(together, upper=True)
    assert bound(together, upper=False) < bound(apart, upper=False) < 0.1


def test_hits_are_counted_by_task() -> None:
    assert by_task([("a", True), ("b", False), ("a", False)]) == [(1, 2), (0, 1)]
