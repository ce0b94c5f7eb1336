"""scripts/measure_disguise.py and scripts/evaluate_labelled.py, on inputs whose truth was made."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from simdetect import Layer, Scanner, ScanOptions
from simdetect.model import Evidence, Exclusion, ExclusionReason, LineSpan
from tests import DEMO, ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import evaluate_labelled
import labelled_sets
import measure_disguise
from disguise import Text, Unit
from measure_disguise import is_located


def lines(n: int) -> bytes:
    return b"".join(b"line %d\n" % number for number in range(n))


UNIT = Unit("a.c", "function", "f", (len(lines(10)), len(lines(20))), (len(lines(50)), len(lines(60))))
TEXT = Text("c.c", "c", lines(100), ("a.c",), (UNIT,))
ORIGINALS = {"a.c": lines(100)}


def evidence(candidate: tuple[int, int], original: tuple[int, int]) -> Evidence:
    spans = LineSpan(*candidate), LineSpan(*original)
    return Evidence(Layer.RENAMED, "a.c", 0, *spans, 50, 0, 99.0, None, "0" * 16)


# --- located -------------------------------------------------------------------------------------------------------


def test_a_function_is_located_by_evidence_on_half_of_its_lines_at_both_places() -> None:
    assert is_located(UNIT, TEXT, [evidence((51, 60), (11, 20))], ORIGINALS)
    assert is_located(UNIT, TEXT, [evidence((51, 53), (11, 13)), evidence((58, 59), (18, 19))], ORIGINALS)


@pytest.mark.parametrize(
    "item",
    [
        evidence((51, 54), (11, 14)),  # four lines of ten
        evidence((71, 80), (11, 20)),  # at another place of the candidate
        evidence((51, 60), (31, 40)),  # of another function of the original
        replace(evidence((51, 60), (11, 20)), original="b.c"),
        replace(evidence((51, 60), (11, 20)), excluded=Exclusion(ExclusionReason.COMMON, "")),
        replace(evidence((51, 60), (11, 20)), layer=Layer.ORDER),
    ],
)
def test_evidence_that_is_short_or_elsewhere_or_does_not_count_locates_nothing(item: Evidence) -> None:
    assert not is_located(UNIT, TEXT, [item], ORIGINALS)


# --- a whole run ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(DEMO / "original", tmp_path / "demo+original")
    shutil.copytree(DEMO / "independent", tmp_path / "demo+independent@1234567")
    rows = [("demo/original", "0" * 40), ("demo/independent", "1234567" + "0" * 33)]
    lines = [json.dumps({"repository": name, "commit": commit, "language": "c"}) for name, commit in rows]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_what_is_not_disguised_is_found_whole_and_a_disguise_hides_some(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        measure_disguise, "BARS", [bar for bar in measure_disguise.BARS if bar[0] in ("nothing", "+ split and swapped")]
    )
    monkeypatch.setattr(measure_disguise, "PLANTED_LINES", 20)  # the demo has no function of 40
    arguments = [str(folder), "-o", str(folder / "out"), "--rows", str(folder / "rows.jsonl"), "--files", "3"]
    result = CliRunner().invoke(measure_disguise.main, [*arguments, "--part", "bars", "--part", "planted"])
    assert result.exit_code == 0, result.output
    nothing, hidden = json.loads((folder / "out" / "bars.json").read_text())
    assert nothing["disguise"] == "nothing" and len(nothing["files"]) == 4  # the independent side is one file
    assert all(file["is_flagged"] and file["is_top1"] for file in nothing["files"])
    assert all(file["n_located"] == file["n_functions"] for file in nothing["files"])
    assert sum(file["bits"] for file in hidden["files"]) < 0.5 * sum(file["bits"] for file in nothing["files"])
    assert sum(file["n_functions"] for file in hidden["files"]) == sum(file["n_functions"] for file in nothing["files"])
    planted = json.loads((folder / "out" / "planted.json").read_text())
    assert not any(row["is_flagged"] for row in planted if row["how"] == "host alone")
    verbatim = [row for row in planted if row["how"] == "verbatim"]
    assert verbatim and all(row["is_flagged"] and row["is_located"] for row in verbatim)
    assert all(row["n_lines"] >= 20 for row in verbatim)


def test_a_planted_function_stands_at_its_place_with_the_indentation_of_its_surroundings() -> None:
    content = b"class A:\n    def f(self):\n        return 1\n"
    unit = Unit("a.py", "method", "f", (13, len(content)), (13, len(content)))
    text = Text("a.py", "python", content, ("a.py",), (unit,))
    host = b"def g():\n    pass\ndef h():\n    pass\n"
    made = measure_disguise._with(host, host.index(b"def h"), text, unit, "case.py")
    assert made.content == b"def g():\n    pass\ndef f(self):\n    return 1\n\n\ndef h():\n    pass\n"
    [placed] = made.units
    assert placed.span is not None
    assert made.content[slice(*placed.span)].startswith(b"def f(self):")


# --- labelled sets -------------------------------------------------------------------------------------------------

BAR, DOLLARS = "-" * 40 + "\n", "$" * 40 + "\n"
HEAD = "7\n0\nGpt3D_Clone7_0.py 1 2\nGpt3D_Clone7_0.py 3 4\n"
RECORD = f"{HEAD}{BAR}\ndef f(a):\n    return a\n{BAR}\ndef g(b):\n    return b\n{BAR}\n"


def test_a_record_of_gptclonebench_has_an_original_and_a_clone() -> None:
    records = list(labelled_sets.clone_records(DOLLARS + RECORD + DOLLARS + "8\n" + BAR + "\n" + BAR + "\n" + BAR))
    assert records == [("7", "def f(a):\n    return a\n", "def g(b):\n    return b\n")]  # the empty one is left out


def test_submissions_are_labelled_by_their_folder_and_scored_against_the_original_of_their_task(tmp_path: Path) -> None:
    text = next((DEMO / "original" / "src").glob("lex.c")).read_text()
    other = next((DEMO / "independent").glob("*.c")).read_text()
    for place, content in (
        ("original/T1.java", text),
        ("plagiarized/L1/01/T1.java", "\n" + text),
        ("non-plagiarized/01/T1.java", other),
    ):
        file = tmp_path / "case-01" / place
        file.parent.mkdir(parents=True)
        file.write_text(content)
    result = CliRunner().invoke(
        evaluate_labelled.main, ["--irplag", str(tmp_path), "-o", str(tmp_path / "out")], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in (tmp_path / "out" / "scores.jsonl").read_text().splitlines()]
    assert [(row["is_derived"], row["level"]) for row in rows] == [(False, ""), (True, "L1")]
    independent, derived = rows
    assert derived["names"] > 0.99 and derived["runs"] > 0.99 and derived["bits"] > 100 and derived["is_flagged"]
    assert independent["names"] < 0.4 and independent["runs"] < 0.5 and independent["bits"] < 0.1 * derived["bits"]
    table = (tmp_path / "out" / "labelled.md").read_text()
    assert "| bits | 1.0000 |" in table and "| score | 1.0000 |" in table
    assert derived["score"] == pytest.approx((derived["names"] + derived["runs"]) / 2) and independent["score"] < 0.5


def test_pairs_of_several_languages_do_not_meet() -> None:
    java = next((DEMO / "original" / "src").glob("lex.c")).read_bytes()
    pairs = [
        labelled_sets.LabelledPair("a", "1", java, java, ".java", True),
        labelled_sets.LabelledPair("b", "2", b"def f(a):\n    return a\n", b"def g(b):\n    return 1\n", ".py", False),
    ]
    with Scanner(ScanOptions()) as scanner:
        rows = list(evaluate_labelled.measured(pairs, scanner))
    assert [row.tokens_candidate > 100 for row in rows] == [True, False]
    assert rows[0].bits > 100 and rows[1].bits == 0


def test_ties_count_half() -> None:
    flags = [False] * 3
    row = evaluate_labelled.Measured("s", "1", True, "", *flags, *[0.5] * 4, 1.0, 1, 1, *[0.0] * 4)
    rows = [row, replace(row, is_derived=False), replace(row, is_derived=False, probability=0.1)]
    assert evaluate_labelled.auc(rows, lambda m: m.probability) == 0.75


def test_conplag_has_both_versions_of_every_labelled_pair(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("sub1,sub2,problem,verdict\naa,bb,3,1\naa,cc,3,0\nxx,yy,3,0\n")
    for version in ("version_1", "version_2"):
        for one, two in (("aa", "bb"), ("aa", "cc")):
            folder = tmp_path / version / f"{one}_{two}"
            folder.mkdir(parents=True)
            for name in (one, two):
                (folder / f"{name}.java").write_text(f"class {name} {{}}\n")
    pairs = list(labelled_sets.conplag(tmp_path))
    assert [(pair.set, pair.name, pair.is_derived, pair.task) for pair in pairs] == [
        ("ConPlag raw", "aa_bb", True, "3"),
        ("ConPlag raw", "aa_cc", False, "3"),
        ("ConPlag clean", "aa_bb", True, "3"),
        ("ConPlag clean", "aa_cc", False, "3"),
    ]


def test_base_code_is_of_others_who_solved_the_task() -> None:
    def pair(one: bytes, two: bytes, is_derived: bool, level: str = "") -> labelled_sets.LabelledPair:
        name = (one + two).decode()
        return labelled_sets.LabelledPair("s", name, one, two, ".java", is_derived, level, "t")

    pairs = [pair(b"a", b"b", True), pair(b"b", b"c", True), pair(b"d", b"e", False), pair(b"f", b"a", True, "L1")]
    found = {item.name: set(item.base) for item in labelled_sets.with_base(pairs)}
    assert found["ab"] == {b"d", b"e"}  # c is of b, and f a disguise of a
    assert found["fa"] <= {b"c", b"d", b"e"}
    assert len(found["de"]) == 2 and found["de"] <= {b"a", b"b", b"c"}
    assert not list(labelled_sets.with_base(pairs[:1]))
