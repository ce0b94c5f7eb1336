"""Programs in the ways in which submissions hold code; scripts/measure_wrapped.py measures all of them."""

from __future__ import annotations

import sys

import pytest

from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

import measure_wrapped
from measure_wrapped import Answer, answers, missed_bars, table
from wrapping import UNJUDGED, WAYS

from simdetect import Verdict
from simdetect.languages import LANGUAGES, spec_of


@pytest.mark.parametrize(
    ("language", "way"),
    [
        ("kotlin", "swallowed"),
        ("elixir", "heredoc, `$OUT`"),
        ("nix", "heredoc, `.txt`"),
        ("ocaml", "heredoc, `$OUT`"),
        ("bash", "heredoc, `.txt`"),
        ("dart", "heredoc, `.txt`"),
        ("lua", "swallowed"),
    ],
)
def test_recalled_code_is_found_and_other_code_is_not(language: str, way: str) -> None:
    recalled, independent = answers([language], [way])
    assert (recalled.verdict, independent.verdict) == (Verdict.EVIDENCE, Verdict.NO_EVIDENCE)


def test_every_language_with_a_grammar_has_two_programs() -> None:
    languages = [name for name in LANGUAGES if spec_of(name).module]
    missing = [
        (language, name)
        for language in languages
        for name in ("sample", "independent")
        if not measure_wrapped.program(language, name).is_file()
    ]
    assert not missing


def test_the_table_counts_both_sides_and_the_bars_say_what_is_missed() -> None:
    way, patch = "swallowed", next(iter(UNJUDGED))
    found = [
        Answer("c", way, True, Verdict.EVIDENCE, ""),
        Answer("c", way, False, Verdict.NO_EVIDENCE, ""),
        Answer("c", patch, True, Verdict.INCONCLUSIVE, ""),
    ]
    assert f"| {way} | 1 | 0 | 0 | 0 | 0 | 1 |" in table(found)
    assert missed_bars(found) == []
    assert way in WAYS
    unseen = [*found, Answer("go", way, True, Verdict.NO_EVIDENCE, "")]
    assert missed_bars(unseen) == ["too few recalled programs are evidence", "1 recalled programs came out clean"]
