"""Labelled pairs: how they are read, what is left out and why, and a calibration from a team's own."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from simdetect import Scanner
from simdetect.errors import InputError
from simdetect.judging.calibration import load_calibration
from simdetect.layers.all import Models
from simdetect.model import FEATURES
from simdetect.training.labelled import Row, SkippedPair, Workplace, calibrate, label, sub_tree
from simdetect.training.pairs import Repository, families_of, folder_of, in_background, read_pairs
from simdetect.weighing.background import load_background
from simdetect.weighing.wording import load_wording
from tests.weighing.test_background import program

N_FAMILIES = 6


def repository(name: str, **changes: Any) -> dict[str, Any]:
    return {"repository": f"github:{name}", "commit": "abcdef0123", "path": ".", "language": "Python", **changes}


def pair(candidate: str, original: str, relation: str = "derived", **changes: Any) -> dict[str, Any]:
    known = [["app.py", "app.py"]] if relation == "derived" else []
    sides = {"candidate": repository(candidate), "original": repository(original)}
    return {"id": f"{candidate}-{original}", "relation": relation, **sides, "known_pairs": known, "note": "", **changes}


def write_pairs(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "pairs.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Six unrelated programs, and a fork of each with a line more."""
    for i in range(N_FAMILIES):
        for name, text in ((f"o{i}+app", program(i)), (f"f{i}+app", program(i) + "\nLIMIT = 10\n")):
            (tmp_path / "work" / name).mkdir(parents=True)
            (tmp_path / "work" / name / "app.py").write_text(text)
    return tmp_path / "work"


@pytest.fixture
def team(tmp_path: Path, work: Path) -> Path:
    """Pairs of these: each fork with its original, and each original with the next one."""
    assert work.is_dir()
    forks = [pair(f"f{i}/app", f"o{i}/app") for i in range(N_FAMILIES)]
    strangers = [pair(f"o{i}/app", f"o{(i + 1) % N_FAMILIES}/app", "independent") for i in range(N_FAMILIES)]
    return write_pairs(tmp_path, *forks, *strangers, pair("x/gone", "o1/app"), pair("o1/app", "o2/app", "ported"))


# --- reading -------------------------------------------------------------------------------------------------------


def test_pairs_are_read_with_their_defaults(tmp_path: Path) -> None:
    file = write_pairs(tmp_path, pair("a/b", "c/d", shared=["lib.py"]))
    [found] = read_pairs([file])
    assert found.known == {"app.py": {"app.py"}} and found.shared == {"lib.py"}
    assert found.candidate == Repository("github:a/b", "abcdef0123", ".", "Python")


def test_every_bad_line_is_named_in_one_error(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"id": "x"}\nno json\n\n[1]\n' + json.dumps(pair("a/b", "c/d", "cousin")) + "\n")
    with pytest.raises(InputError) as caught:
        read_pairs([file])
    message = str(caught.value)
    assert "line 1: no field 'relation'" in message and "line 2:" in message and "'cousin' is none of" in message
    with pytest.raises(InputError, match="cannot be read"):
        read_pairs([tmp_path / "none.jsonl"])


def test_derivation_and_stated_families_join_repositories(tmp_path: Path) -> None:
    stated = pair("e/f", "g/h", "independent")
    stated["candidate"]["family"] = stated["original"]["family"] = "lisp-1"
    rows = [pair("b/x", "a/x"), pair("c/x", "b/x"), pair("a/x", "d/x", "independent"), stated]
    family = families_of(read_pairs([write_pairs(tmp_path, *rows)]))
    assert family["github:a/x"] == family["github:b/x"] == family["github:c/x"]
    assert family["github:d/x"] != family["github:a/x"]
    assert family["github:e/f"] == family["github:g/h"]


def test_the_folder_at_the_commit_comes_before_the_one_without(tmp_path: Path) -> None:
    side = Repository("github:a/b", "abcdef0123", ".", "C")
    assert folder_of(side, [tmp_path]) is None
    (tmp_path / "a+b").mkdir()
    assert folder_of(side, [tmp_path]) == tmp_path / "a+b"
    (tmp_path / "a+b@abcdef0").mkdir()
    assert folder_of(side, [tmp_path]) == tmp_path / "a+b@abcdef0"


def test_the_shipped_background_names_what_it_has_seen(tmp_path: Path) -> None:
    assert len(in_background()) > 400
    assert in_background(tmp_path) == frozenset()
    (tmp_path / "PROVENANCE.json").write_text("[]")
    with pytest.raises(InputError, match="PROVENANCE"):
        in_background(tmp_path)


# --- labelling -----------------------------------------------------------------------------------------------------


def labelled(work: Path, file: Path, seen: frozenset[str] = frozenset()) -> list[Row | SkippedPair]:
    pairs = read_pairs([file])
    with Scanner() as scanner:
        weighed_by = Models(partial(load_background, folder=None), load_wording())
        return list(label(pairs, Workplace([work], scanner.index, lambda _: weighed_by, families_of(pairs), seen)))


def test_every_pair_is_used_or_skipped_with_a_reason(tmp_path: Path, work: Path) -> None:
    rows = [
        pair("f0/app", "o0/app"),
        pair("o0/app", "o1/app", "independent"),
        pair("o1/app", "o2/app", "independent", note="CHECK: one file"),
        pair("o2/app", "o3/app", "llm"),
        pair("f4/app", "o4/app"),
        pair("f3/app", "o3/app", known_pairs=[["other.py", "app.py"]]),
        pair("f5/app", "o5/app", shared=["app.py"]),
        pair("x/gone", "y/gone"),
    ]
    found = labelled(work, write_pairs(tmp_path, *rows), frozenset({"o4/app"}))
    first, second = (item for item in found if isinstance(item, Row))
    assert (first.file.is_derived, first.is_top1) == (True, True)
    assert first.file.bits[0] > 200 and first.spans
    assert (second.file.is_derived, second.is_top1) == (False, None)
    assert {item.id: item.reason for item in found if isinstance(item, SkippedPair)} == {
        "o1/app-o2/app": "the note says CHECK: known to hold real copies",
        "o2/app-o3/app": "not scored: other language or unlabelled (llm)",
        "f4/app-o4/app": "the background model has seen github:o4/app",
        "f3/app-o3/app": "no labelled file has 100 tokens or more",
        "f5/app-o5/app": "no labelled file has 100 tokens or more",
        "x/gone-y/gone": "no folder of github:x/gone, github:y/gone",
    }


def test_a_part_of_a_tree_has_paths_relative_to_it(tmp_path: Path) -> None:
    for name in ("src/core/a.py", "src/corex/b.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x = 1\n")
    with Scanner() as scanner:
        tree = scanner.index(tmp_path)
    part = sub_tree(tree, "./src/core/")
    assert [file.path for file in part.files] == [file.path for file in part.tree.files] == ["a.py"]
    assert sub_tree(tree, ".") is tree


# --- calibration ---------------------------------------------------------------------------------------------------


def test_a_team_fits_a_calibration_that_a_scan_takes(team: Path, work: Path, tmp_path: Path) -> None:
    done: list[str] = []
    found = calibrate([team], [work], target_rate=0.1, progress=done.append)
    assert found == calibrate([team], [work], target_rate=0.1)
    assert len(done) == 2 * N_FAMILIES + 2
    assert found.notes == (
        "independent: 6 files of 6 pairs (Python 6)",
        "derived: 6 files of 6 pairs (Python 6)",
        "skipped x/gone-o1/app: no folder of github:x/gone",
        "skipped o1/app-o2/app: not scored: other language or unlabelled (ported)",
    )
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(found.calibration))
    ours = load_calibration(file)
    assert (ours.id, ours.target_rate) == (found.calibration["id"], 0.1)
    assert ours.submissions == load_calibration().submissions
    nothing = [0.0] * len(FEATURES)
    assert ours.probability([5000, 5000, *nothing[2:]], 500) > 0.5 > ours.probability(nothing, 500)


def test_too_few_pairs_are_an_error_that_says_what_was_left_out(tmp_path: Path, work: Path) -> None:
    file = write_pairs(tmp_path, pair("f0/app", "o0/app"), pair("x/gone", "o1/app"))
    with pytest.raises(InputError, match=r"at least 5 families.*skipped x/gone-o1/app: no folder"):
        calibrate([file], [work])
    many = write_pairs(tmp_path, *(pair("x/gone", f"o{i}/app") for i in range(100)))
    with pytest.raises(InputError, match=r"no folder of github:x/gone; and 97 more$"):
        calibrate([many], [work])
