"""Bits of words and names, and what counts as a misspelling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.errors import InputError
from simdetect.tokens.symbols import hash_text
from simdetect.weighing.wording import (
    WORDING,
    Wording,
    is_misspelt,
    is_unknown,
    load_wording,
    name_bits,
    text_bits,
    word_bits,
)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load_wording()


def words(text: str) -> np.ndarray:
    return np.array([hash_text(word.encode()) for word in text.split()], np.uint64)


def test_common_words_have_fewer_bits_than_rare_ones(wording: Wording) -> None:
    the, buffer, xylograph = word_bits(wording, words("the"), 5)[0], word_bits(wording, words("buffer"), 5)[0], 14.0
    assert 0 <= the < buffer < word_bits(wording, words("xylograph"), 5)[0] <= xylograph


def test_a_phrase_that_many_projects_write_has_no_bits(wording: Wording) -> None:
    licence = words("permission is hereby granted free of charge to any person obtaining a copy of this software")
    alone = [word_bits(wording, licence[i : i + 1], 5)[0] for i in range(len(licence))]
    assert word_bits(wording, licence, 5).sum() < 0.3 * sum(alone)


def test_a_name_is_worth_the_sum_of_its_stems(wording: Wording) -> None:
    one, two, both = name_bits(wording, [b"zebra", b"crossing", b"zebraCrossing"]).tolist()
    assert both == pytest.approx(one + two)
    assert name_bits(wording, [b"zebra_crossing"])[0] == both
    assert name_bits(wording, [b"get"])[0] < name_bits(wording, [b"zebra"])[0]


@given(st.lists(st.text("abcdefgh ", max_size=20), max_size=4))
def test_bits_of_texts_are_those_of_their_words_together(lines: list[str]) -> None:
    model = load_wording()
    expected = [word_bits(model, words(line), 5 if len(line.split()) < 5 else 99).sum() for line in lines]
    assert text_bits(model, [line.encode() for line in lines]) == pytest.approx(expected)


@pytest.mark.parametrize("word", ["recieved", "seperately", "paramter", "retreive", "posistion"])
def test_one_edit_of_a_common_word_is_a_misspelling_unless_everybody_makes_it(wording: Wording, word: str) -> None:
    known = not is_unknown(wording, words(word))[0]
    assert known or is_misspelt(wording, word.encode())


@pytest.mark.parametrize(
    "word", ["receives", "reader", "frobnicate", "buffer", "ring", "x86", "ünlich", "tokenised", "lengthy"]
)
def test_words_other_forms_and_made_up_names_are_no_misspellings(wording: Wording, word: str) -> None:
    assert not is_misspelt(wording, word.encode())


def test_an_unknown_word_one_letter_off_is_found_and_its_ends_do_not_count(wording: Wording) -> None:
    assert is_misspelt(wording, b"paramezter")
    assert not is_misspelt(wording, b"zparameter") and not is_misspelt(wording, b"parametezr")


def test_a_damaged_model_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / f"{WORDING}.npz").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(InputError, match="background model"):
        load_wording(tmp_path)


def test_a_folder_without_one_takes_the_shipped_model(tmp_path: Path, wording: Wording) -> None:
    assert load_wording(tmp_path).id == wording.id
