"""Source trees and archives as nobody would write them; and the fuzz loop of scripts/fuzz.py itself, a little of it."""

from __future__ import annotations

import os
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simdetect import Scanner, ScanOptions
from simdetect.languages import LANGUAGES
from simdetect.model import Side
from tests import DEMO, ROOT
from tests.languages.samples import sample_path
from tests.sources.test_archive import COMPRESSORS, member, save, tar_bytes
from tests.sources.test_folder import read

sys.path.insert(0, str(ROOT / "scripts"))

import fuzz
from fuzz_target import Target
from mutate import _INSERTS, mutate, mutate_json

SAMPLES = {name: sample_path(name) for name in LANGUAGES if sample_path(name).exists()}
ODD_NAMES = ("a\nb", "\x1b[2J", "\u202ec.", "-rf", "..", "x" * 200, "\udcff", "\u0430", "CON", " ", "a.b.c")


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner(ScanOptions(limit_seconds=5)) as made:
        yield made


# --- source trees --------------------------------------------------------------------------------------------------

EDITS = st.tuples(
    st.floats(0, 1), st.integers(0, 40), st.sampled_from(_INSERTS) | st.binary(max_size=8), st.sampled_from([1, 1, 300])
)


@st.composite
def hostile_files(draw: st.DrawFn) -> dict[str, bytes]:
    """Samples of drawn languages with pieces replaced, cut off and renamed."""
    files = {}
    for number in range(draw(st.integers(1, 5))):
        path = SAMPLES[draw(st.sampled_from(sorted(SAMPLES)))]
        content = path.read_bytes()
        for place, n_removed, inserted, times in draw(st.lists(EDITS, max_size=4)):
            at = int(place * len(content))
            content = content[:at] + inserted * times + content[at + n_removed :]
        content = content[: draw(st.sampled_from([len(content), len(content), len(content) // 2]))]
        files[f"{number}{draw(st.sampled_from(ODD_NAMES))}{path.suffix}"] = content
    return files


@settings(max_examples=25)
@given(hostile_files())
def test_every_file_of_a_hostile_tree_is_analysed_or_skipped(
    tmp_path_factory: pytest.TempPathFactory, scanner: Scanner, files: dict[str, bytes]
) -> None:
    tree = tmp_path_factory.mktemp("hostile")
    for name, content in files.items():
        (tree / name).write_bytes(content)
    report = scanner.scan(tree, DEMO / "original")
    skipped = [entry for entry in report.skipped if entry.side == Side.CANDIDATE]
    assert report.candidate.n_discovered == len(files) == len(report.findings) + len(skipped)


# --- archives ------------------------------------------------------------------------------------------------------

MEMBER_NAMES = ("a.c", "b/c.py", "../x.c", "/etc/x.c", "a/../../y.c", "./a.c", "C:\\z.c", "b", "\udcff.c", "n\nl.c")
MEMBER_TYPES = (tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)
MEMBERS = st.tuples(
    st.sampled_from(MEMBER_NAMES),
    st.sampled_from(MEMBER_TYPES),
    st.sampled_from([b"", b"int x;\n", b"\0" * 9, b"PK\x03\x04", b"x = 1\n"]),
    st.sampled_from(["", "a.c", "../../etc/passwd", "/etc/passwd", "b"]),
)


@settings(max_examples=100)
@given(st.lists(MEMBERS, min_size=1, max_size=6), st.sampled_from(sorted(COMPRESSORS)))
def test_every_member_of_a_hostile_archive_is_listed_once_and_lies_inside(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, bytes, bytes, str]], kind: str
) -> None:
    members = [
        member(name, content if type == tarfile.REGTYPE else b"", type=type, linkname=link)
        for name, type, content, link in drawn
    ]
    tree = read(save(tmp_path_factory.mktemp("archive"), f"x.{kind}", COMPRESSORS[kind](tar_bytes(*members))))
    assert len(tree.files) + len(tree.skipped) == len(members)
    for file in tree.files:
        assert not file.path.startswith("/") and ".." not in file.path.split("/") and file.path.isprintable()


# --- the loop ------------------------------------------------------------------------------------------------------


def test_mutations_depend_on_the_seed_alone() -> None:
    data, other = SAMPLES["python"].read_bytes(), SAMPLES["rust"].read_bytes()
    made = [[mutate(Random(seed), data, other) for seed in range(60)] for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 50 and data not in made[0][:5]
    value = {"a": [1, {"b": "c"}], "d": None}
    assert repr(mutate_json(Random(3), value)) == repr(mutate_json(Random(3), value))
    assert value == {"a": [1, {"b": "c"}], "d": None}


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fuzz, "OUT", tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.usefixtures("out")
def test_a_little_fuzzing_of_every_target_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code = fuzz.main(["--executions", "2", "--seed", "3", "--per-language", "2"])
    printed = capsys.readouterr().out
    assert (code, "0 findings" in printed) == (0, True), printed
    grammars = {line.split()[0] for line in printed.splitlines() if line.startswith("grammar:")}
    assert grammars == {f"grammar:{name}" for name, row in LANGUAGES.items() if row.module}
    assert "scanned: 50 mutated files" in printed


def test_a_case_that_breaks_a_property_is_saved_small_and_counted(out: Path) -> None:
    def check(data: bytes) -> str:
        if b"needle" in data:
            raise KeyError("x")
        return "read"

    target = Target("planted", lambda rng: b"hay" * rng.randrange(100, 200) + b"needle" + b"hay" * 50, check)
    out.mkdir()
    tally = fuzz.Tally()
    fuzz._slice(target, tally, fuzz._parser().parse_args(["--executions", "5"]))
    assert tally.n == 5 and sum(tally.findings.values()) == 5 and len(tally.findings) == 1
    saved = sorted(path for path in out.glob("planted-*") if path.suffix != ".json")
    assert len(saved) == 3 and all(path.read_bytes() == b"needle" for path in saved)
    with pytest.raises(KeyError):
        fuzz._replay([target], saved[0])


def test_a_case_that_hangs_is_a_finding(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_data: bytes) -> str:
        while True:
            os.getpid()

    out.mkdir()
    monkeypatch.setattr(fuzz, "_CASE_LIMIT_S", 1)
    with fuzz.alarms():
        outcome = fuzz._outcome(Target("stuck", lambda _rng: b"", check), b"")
    assert outcome[0] == "finding" and str(outcome[1]).startswith("HangError")
