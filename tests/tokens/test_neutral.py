"""Names, numbers and strings as any language would write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.model import U64, TokenRole
from simdetect.tokens.neutral import MASK, fold, neutral_name, neutral_number, neutral_symbols
from simdetect.tokens.symbols import hash_spans

NAME, STRING, NUMBER, SYNTAX = TokenRole.NAME, TokenRole.STRING, TokenRole.NUMBER, TokenRole.SYNTAX


def symbols(*tokens: tuple[bytes, TokenRole]) -> U64:
    """Neutral symbols of tokens that are laid out with a space between."""
    text = b" ".join(raw for raw, _ in tokens)
    lengths = np.array([len(raw) for raw, _ in tokens], np.int64)
    start = np.cumsum(lengths + 1) - lengths - 1
    role = np.array([kind for _, kind in tokens], np.uint8)
    return neutral_symbols(text, start, start + lengths, role, hash_spans(text, start, start + lengths))


@pytest.mark.parametrize("name", [b"parse_header", b"parseHeader", b"ParseHeader", b"PARSE_HEADER", b"$parse_header"])
def test_a_name_is_the_same_in_every_convention(name: bytes) -> None:
    assert symbols((name, NAME)) == symbols((b"parseheader", NAME))
    assert symbols((name, NAME)) != symbols((b"parse_headers", NAME))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"0xFF", b"255"),
        (b"0xff_u8", b"255"),
        (b"255UL", b"255"),
        (b"1_000_000i64", b"1000000"),
        (b"1'000'000", b"1000000"),
        (b"0b1010_1010", b"170"),
        (b"0o755", b"493"),
        (b"0755", b"493"),
        (b"0888", b"888"),
        (b"3.140f", b"3.14"),
        (b"6.02e23", b"6.02e+23"),
        (b"1e400", b"inf"),
        (b"12usize", b"12"),
        (b"0x1.8p3", b"0x1.8p3"),
        (b"true", b"true"),
    ],
)
def test_a_number_is_its_value(text: bytes, value: bytes) -> None:
    assert neutral_number(text) == value


@given(st.integers(0, 2**64 - 1), st.sampled_from(["x", "X", "b", "o"]), st.sampled_from(["", "n", "u64", "ULL"]))
def test_the_base_of_an_integer_does_not_matter(value: int, base: str, suffix: str) -> None:
    assert neutral_number(f"0{base}{value:{base}}{suffix}".encode()) == b"%d" % value
    assert neutral_number(f"{value}{suffix}".encode()) == b"%d" % value


@given(st.binary(max_size=120))
def test_any_bytes_are_a_number_or_themselves(text: bytes) -> None:
    assert isinstance(neutral_number(text), bytes)


@pytest.mark.parametrize("text", [b'"bad frame"', b"'bad frame'", b"`bad frame`", b'r"bad frame"', b'@"bad frame"'])
def test_a_string_is_its_content(text: bytes) -> None:
    assert symbols((text, STRING)) == symbols((b'"bad frame"', STRING))


def test_kinds_are_told_apart_and_short_texts_say_nothing() -> None:
    found = symbols(
        (b"1234", NUMBER), (b'"1234"', STRING), (b"ab", NAME), (b"7", NUMBER), (b'""', STRING), (b"+=", SYNTAX)
    )
    assert found[0] != found[1] and found[0] != 0 and found[1] != 0
    assert found[2:].tolist() == [0, 0, 0, 0]


WORDS = st.sampled_from(
    [b"parse_header", b"parseHeader", b"x", b"__init__", b"LIMIT", b"0x10", b"16", b'"a b"', b"'abc'"]
)
ROLES = st.sampled_from([NAME, STRING, NUMBER, SYNTAX])


@given(st.lists(st.tuples(WORDS, ROLES), max_size=20))
def test_a_token_has_the_same_symbol_wherever_it_stands(tokens: list[tuple[bytes, TokenRole]]) -> None:
    assert symbols(*tokens).tolist() == [int(symbols(token)[0]) for token in tokens]


def test_names_of_a_folded_document_are_neutral() -> None:
    folded = fold(b"Call Parse_Header first.")
    at = folded.index(b"parseheader")
    assert hash_spans(folded, np.array([at]), np.array([at + 11])) & MASK == symbols((b"parseHeader", NAME))
    assert neutral_name(b"parseheader") == int(symbols((b"parseHeader", NAME))[0])
    assert neutral_name(b"ab") == int(symbols((b"a_b", NAME))[0]) == 0


def test_neutral_symbols_have_48_bits() -> None:
    found = symbols(*((b"name%d" % i, NAME) for i in range(200)), (b"'text'", STRING), (b"0x1234", NUMBER))
    assert (found > 0).all() and (found < 1 << 48).all() and (found >= 1 << 40).any()
