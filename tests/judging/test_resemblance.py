"""The score of a pair of files: against a slow version, its laws, and what a report makes of it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect import Scanner, ScanOptions
from simdetect.judging.resemblance import Bag, Portrait, bag_of, portrait, score, share
from simdetect.languages import spec_of
from simdetect.model import AnalysedFile, FileFinding, FileRole
from simdetect.tokens.analyse import Batch, analyse
from simdetect.weighing.background import load_background
from tests import reference
from tests.weighing.test_background import program

COUNTED = st.lists(st.tuples(st.integers(0, 8), st.sampled_from([0.0, 0.25, 3.0, 11.5])), max_size=30)


def bag(tokens: list[tuple[int, float]]) -> Bag:
    return bag_of(np.array([key for key, _ in tokens], np.uint64), np.array([bits for _, bits in tokens], np.float64))


def weighed(tokens: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Tokens whose key decides what they weigh, as that of a text does."""
    first: dict[int, float] = {}
    return [(key, first.setdefault(key, bits)) for key, bits in tokens]


def file_of(text: str, language: str = "python") -> AnalysedFile:
    content = text.encode()
    [(tokens, prints, prose)] = analyse(Batch(language, [content], 12, 6))
    family = spec_of(language).family
    return AnalysedFile("f", language, family, FileRole.SOURCE, "", len(content), 1, tokens, prints, prose)


def drawn(text: str, language: str = "python") -> Portrait:
    return portrait(file_of(text, language), load_background)


def renamed(text: str) -> str:
    """Every name of a program written by `program` in another one."""
    return re.sub(r"\bv(\d+)_(\d+)", r"q\2_\1", text)


# --- against the slow version ----------------------------------------------------------------------------------------


@given(COUNTED, COUNTED)
def test_the_share_is_that_of_the_slow_version(one: list[tuple[int, float]], two: list[tuple[int, float]]) -> None:
    both = weighed(one + two)
    one, two = both[: len(one)], both[len(one) :]
    assert share(bag(one), bag(two)) == pytest.approx(reference.weighted_jaccard(one, two))


@given(COUNTED)
def test_a_bag_holds_each_key_with_bits_once_and_ascending(tokens: list[tuple[int, float]]) -> None:
    found = bag(weighed(tokens))
    assert found.key.tolist() == sorted({key for key, bits in weighed(tokens) if bits > 0})
    assert (found.weight > 0).all()


# --- laws ------------------------------------------------------------------------------------------------------------


@given(COUNTED, COUNTED)
def test_a_share_is_symmetric_within_0_and_1_and_1_of_the_same(
    one: list[tuple[int, float]], two: list[tuple[int, float]]
) -> None:
    first, second = bag(weighed(one)), bag(weighed(two))
    assert share(first, second) == pytest.approx(share(second, first))
    assert 0 <= share(first, second) <= 1
    assert share(first, first) == (1.0 if len(first.key) else 0.0)


@given(COUNTED, COUNTED)
def test_what_is_added_lowers_a_share_by_no_more_than_its_weight(
    one: list[tuple[int, float]], more: list[tuple[int, float]]
) -> None:
    own = bag(weighed(one))
    grown = bag(weighed(one) + [(key + 100, bits) for key, bits in weighed(more)])
    total, added = float(own.weight.sum()), float(bag(weighed(more)).weight.sum())
    assert share(grown, own) == pytest.approx(total / (total + added) if total else 0.0)


@pytest.mark.parametrize("language", ["python", "c", "go"])
def test_a_file_resembles_itself_entirely_however_small(language: str) -> None:
    for text in ("alpha = beta(gamma)\n", program(1)):
        assert score(drawn(text, language), drawn(text, language)) == 1.0


def test_unrelated_code_lowers_the_score_gradually() -> None:
    scores = [score(drawn(program(1) + "".join(program(i) for i in range(2, n))), drawn(program(1))) for n in (2, 3, 5)]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert scores[1] > 0.3  # as much again: about half, less what the programs have in common
    assert scores[2] > 0.15


def test_the_order_of_statements_does_not_matter_to_names_and_hardly_to_runs() -> None:
    moved = drawn("\n".join(reversed(program(1).splitlines())) + "\n")
    assert share(moved.names, drawn(program(1)).names) == pytest.approx(1.0)
    assert share(moved.runs, drawn(program(1)).runs) > 0.8


def test_renaming_everything_leaves_the_share_of_the_runs() -> None:
    own, theirs = drawn(renamed(program(1))), drawn(program(1))
    assert share(own.names, theirs.names) < 0.5
    assert share(own.runs, theirs.runs) == 1.0
    assert score(own, theirs) == 1.0


def test_unrelated_programs_resemble_each_other_less_than_copies() -> None:
    python = "def parse_header(raw_line):\n    field_name, value = raw_line.split(':')\n    return field_name, value\n"
    other = "class Stack:\n    def push(self, item):\n        self.items.append(item)\n"
    assert score(drawn(python), drawn(other)) < 0.2 < 0.8 < score(drawn(python), drawn(python + "x = 1\n"))


def test_files_in_two_languages_are_compared_by_neutral_names_only() -> None:
    python = drawn("def parse_header(raw_line):\n    return split_field(raw_line)\n")
    go = drawn("func parseHeader(rawLine string) string { return splitField(rawLine) }\n", "go")
    assert 0.5 < score(python, go) <= 1.0
    assert score(python, go) == share(python.neutral, go.neutral)


# --- in a report -----------------------------------------------------------------------------------------------------


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


TINY = "def double_up(n_items):\n    return n_items * 2\n"


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """A program, a tiny one, and one of its own, against the first two and more."""
    own = write(tmp_path / "own", copied=program(1), tiny=TINY, mine="print(sum(range(5)))\n")
    others = {f"other{i}": program(i) for i in range(2, 6)}
    return own, write(tmp_path / "theirs", source=program(1), small=TINY, **others)


def by_name(findings: tuple[FileFinding, ...]) -> dict[str, FileFinding]:
    return {finding.candidate: finding for finding in findings}


def test_every_finding_has_the_highest_score_of_its_originals(sides: tuple[Path, Path]) -> None:
    with Scanner(ScanOptions()) as scanner:
        findings = by_name(scanner.scan(*sides).findings)
    for finding in findings.values():
        assert finding.score == max((match.score for match in finding.originals), default=0.0)
    assert findings["copied.py"].score == 1.0
    assert findings["mine.py"].score < 0.2


def test_a_file_too_small_for_any_region_finds_its_original_by_names(sides: tuple[Path, Path]) -> None:
    with Scanner(ScanOptions()) as scanner:
        tiny = by_name(scanner.scan(*sides).findings)["tiny.py"]
    assert tiny.score == 1.0
    assert tiny.originals[0].original == "small.py"


def test_an_index_gives_the_scores_of_the_folder(sides: tuple[Path, Path], tmp_path: Path) -> None:
    own, theirs = sides
    with Scanner(ScanOptions()) as scanner:
        scanner.write_index(tmp_path / "theirs.sdx", theirs)
        found, stored = scanner.scan(own, theirs).findings, scanner.scan(own, tmp_path / "theirs.sdx").findings
    scores = [[(match.original, match.score) for match in finding.originals] for finding in found]
    assert scores == [[(match.original, match.score) for match in finding.originals] for finding in stored]
    assert any(scores)
