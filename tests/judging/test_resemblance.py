"""The score of a pair of files: against a slow version, its laws, and what a report makes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect import Scanner, ScanOptions
from simdetect.judging import resemblance
from simdetect.judging.resemblance import Bag, Portrait, bag_of, handed_runs, portrait, score, share
from simdetect.languages import spec_of
from simdetect.model import AnalysedFile, ExclusionReason, FileFinding, FileRole
from simdetect.tokens.analyse import Batch, analyse
from simdetect.tokens.canonical_runs import with_form
from simdetect.tokens.parse import rewrites_of
from simdetect.weighing.background import load_background
from simdetect.weighing.handouts import AS_DOCUMENT, Handout
from tests import reference
from tests.weighing.test_background import program

COUNTED = st.lists(st.tuples(st.integers(0, 8), st.sampled_from([0.0, 0.25, 3.0, 11.5])), max_size=30)


def bag(tokens: list[tuple[int, float]], size: int = 0) -> Bag:
    keys, bits = ([token[i] for token in tokens] for i in (0, 1))
    return bag_of(np.array(keys, np.uint64), np.array(bits, np.float64), size)


def file_of(text: str, language: str = "python") -> AnalysedFile:
    """A file with its canonical form."""
    content = text.encode()
    [(tokens, prints, prose)] = analyse(Batch(language, [content], 12, 6))
    tokens = with_form(tokens, rewrites_of(content, language))
    family = spec_of(language).family
    return AnalysedFile("f", language, family, FileRole.SOURCE, "", len(content), 1, tokens, prints, prose)


def drawn(text: str, language: str = "python") -> Portrait:
    return portrait(file_of(text, language), load_background)


def shared(one: Bag, two: Bag) -> float:
    found = share(one, two)
    assert found is not None
    return found


def renamed(text: str) -> str:
    """Every name of a program written by `program` in another one."""
    return re.sub(r"\bv(\d+)_(\d+)", r"q\2_\1", text)


# --- against the slow version ----------------------------------------------------------------------------------------


@given(COUNTED, COUNTED, st.sampled_from([0, 8]))
def test_the_share_is_that_of_the_slow_version(
    one: list[tuple[int, float]], two: list[tuple[int, float]], size: int
) -> None:
    expected = reference.weighted_share(one, two, size)
    found = share(bag(one, size), bag(two, size))
    assert found is None if expected is None else found == pytest.approx(expected)


@given(COUNTED)
def test_a_bag_holds_each_key_once_and_ascending_with_its_most_bits(tokens: list[tuple[int, float]]) -> None:
    found = bag(tokens)
    assert found.key.tolist() == sorted({key for key, _ in tokens})
    assert found.bits.tolist() == [max(bits for key, bits in tokens if key == own) for own in found.key.tolist()]
    assert int(found.count.sum()) == len(tokens)


# --- laws ------------------------------------------------------------------------------------------------------------


@given(COUNTED, COUNTED)
def test_a_share_is_symmetric_within_0_and_1_and_1_of_the_same(
    one: list[tuple[int, float]], two: list[tuple[int, float]]
) -> None:
    first, second = bag(one), bag(two)
    assert share(first, second) == share(second, first)
    assert 0 <= (share(first, second) or 0.0) <= 1
    assert share(first, first) in (1.0, None)


@pytest.mark.parametrize("language", ["python", "c", "go"])
def test_a_file_resembles_itself_entirely_however_small(language: str) -> None:
    for text in ("x\n", "alpha = beta(gamma)\n", program(1)):
        assert score(drawn(text, language), drawn(text, language)) == 1.0


def test_files_without_anything_resemble_nothing() -> None:
    assert score(drawn(""), drawn("")) == score(drawn(""), drawn(program(1))) == 0.0


def test_a_program_is_no_less_copied_for_what_stands_around_it() -> None:
    padded = [drawn(program(1) + "".join(program(i) for i in range(2, n))) for n in (2, 3, 5, 20)]
    scores = [score(own, drawn(program(1))) for own in padded]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0.9


def test_a_few_common_words_are_no_copy_of_any_large_file() -> None:
    large = drawn("".join(program(i) for i in range(20)) + "for item in values:\n    print(item)\n")
    assert score(drawn("for item in values:\n    print(item)\n"), large) < 0.5


def test_large_files_do_not_resemble_each_other_for_being_large() -> None:
    def many(first: int, n: int) -> Portrait:
        return drawn("".join(program(i) for i in range(first, first + n)))

    assert score(many(0, 20), many(20, 20)) < 0.25
    assert score(many(0, 2), many(20, 20)) < 0.3


def test_the_order_of_statements_does_not_matter_to_names_and_hardly_to_runs() -> None:
    moved = drawn("\n".join(reversed(program(1).splitlines())) + "\n")
    assert share(moved.names, drawn(program(1)).names) == pytest.approx(1.0)
    assert shared(moved.runs, drawn(program(1)).runs) > 0.7


def test_renaming_everything_leaves_the_share_of_the_runs() -> None:
    own, theirs = drawn(renamed(program(1))), drawn(program(1))
    assert shared(own.names, theirs.names) < 0.5
    assert share(own.runs, theirs.runs) == 1.0
    assert 0.5 <= score(own, theirs) < 0.75


def test_another_form_of_the_same_loop_changes_nothing() -> None:
    loop = "for (int left = 0; left < total; left++) { sum += weights[left]; }"
    other = "int left = 0; while (left < total) { sum += weights[left]; left++; }"
    text = "class Scale { int weigh(int[] weights, int total) { int sum = 0; %s return sum; } }"
    assert score(drawn(text % loop, "java"), drawn(text % other, "java")) > 0.9


def test_unrelated_programs_resemble_each_other_less_than_copies() -> None:
    python = "def parse_header(raw_line):\n    field_name, value = raw_line.split(':')\n    return field_name, value\n"
    other = "class Stack:\n    def push(self, item):\n        self.items.append(item)\n"
    assert score(drawn(python), drawn(other)) < 0.15 < 0.7 < score(drawn(python), drawn(python + "x = 1\n"))


def test_files_in_two_languages_are_compared_by_neutral_names_only() -> None:
    python = drawn("def parse_header(raw_line):\n    return split_field(raw_line)\n")
    go = drawn("func parseHeader(rawLine string) string { return splitField(rawLine) }\n", "go")
    assert 0.5 < score(python, go) <= 1.0
    assert score(python, go) == share(python.neutral, go.neutral)


# --- what was handed out, and what many carry -------------------------------------------------------------------------


def base_of(text: str, **facts: Any) -> Handout:
    return Handout("base.py", ExclusionReason.BASE, text.encode(), (file_of(text),), **facts)


def test_code_that_was_handed_out_weighs_nothing_on_either_side() -> None:
    shared, own, theirs = program(1), program(2), program(3)
    handed = handed_runs([base_of(shared)])
    with_base = [portrait(file_of(shared + text), load_background, handed) for text in (own, theirs)]
    without = [drawn(shared + text) for text in (own, theirs)]
    assert score(*without) > 0.4
    assert score(*with_base) < 0.15
    assert score(with_base[0], with_base[0]) == 1.0


def test_what_is_nothing_but_base_code_resembles_nothing() -> None:
    given_only = portrait(file_of(program(1)), load_background, handed_runs([base_of(program(1))]))
    assert score(given_only, given_only) == 0.0


def test_a_document_or_a_file_that_nobody_named_takes_nothing() -> None:
    assert not len(handed_runs([base_of(program(1), is_named=False)]))
    document = replace(file_of(program(1)), tokens=replace(file_of(program(1)).tokens, degraded=AS_DOCUMENT))
    assert not len(handed_runs([Handout("d", ExclusionReason.GIVEN, b"", (document,))]))


READER = """
static class FastReader {
    BufferedReader br;
    StringTokenizer st;
    public FastReader() { br = new BufferedReader(new InputStreamReader(System.in)); }
    String next() {
        while (st == null || !st.hasMoreElements()) {
            try { st = new StringTokenizer(br.readLine()); } catch (IOException e) { e.printStackTrace(); }
        }
        return st.nextToken();
    }
    int nextInt() { return Integer.parseInt(next()); }
    long nextLong() { return Long.parseLong(next()); }
}
"""
ONE = "static int climb(int[] heights) { int best = 0; for (int h : heights) best = Math.max(best, h); return best; }"
TWO = "static String flip(String word) { return word.isEmpty() ? word : flip(word.substring(1)) + word.charAt(0); }"


def contest(text: str) -> Portrait:
    return drawn("public class Solution {" + text + "}", "java")


def test_a_reader_that_everybody_pastes_hardly_makes_two_solutions_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    found = score(contest(READER + ONE), contest(READER + TWO))
    monkeypatch.setattr(resemblance, "load_public_code", lambda _: resemblance.NOTHING)
    assert found < 0.85 * score(contest(READER + ONE), contest(READER + TWO))


def test_a_reader_resembles_itself() -> None:
    assert score(contest(READER), contest(READER)) == 1.0


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


def test_base_code_takes_effect_in_the_score_of_a_report(sides: tuple[Path, Path], tmp_path: Path) -> None:
    own, theirs = sides
    base = write(tmp_path / "base", skeleton=program(1))
    with Scanner(ScanOptions()) as scanner:
        without, found = scanner.scan(own, theirs), scanner.scan(own, theirs, base=[base])
    assert by_name(without.findings)["copied.py"].score == 1.0
    assert by_name(found.findings)["copied.py"].score < 0.2
    assert by_name(found.findings)["tiny.py"].score == 1.0
