"""Encodings: text is decoded whatever its bytes, binary is not taken for text."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simdetect.model import INVISIBLE
from simdetect.sources.text import is_archive, to_utf8
from tests.steps import python_steps

CODE = "int größe = 1; /* été */\nreturn größe;\n"


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "latin-1"),
    ],
)
def test_every_encoding_becomes_the_same_utf8(codec: str, encoding: str) -> None:
    assert to_utf8(CODE.encode(codec)) == (CODE.encode(), encoding)


def test_mixed_bytes_keep_their_utf8_and_gain_latin_1() -> None:
    data = "é".encode() + b"\xe9" + "☃".encode() + b"\xff\xed\xb2\x80"
    assert to_utf8(data + b" " * 40) == (("éé☃ÿí²\x80" + " " * 40).encode(), "mixed")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "latin-1"])
def test_line_ends_of_carriage_returns_alone_become_newlines(codec: str) -> None:
    decoded = to_utf8(CODE.replace("\n", "\r").encode(codec))
    assert decoded is not None
    assert decoded[0] == CODE.encode()


def test_plain_text_is_not_touched() -> None:
    data = b"a\r\nb\rc\n\tlast"
    assert to_utf8(data) == (data, "utf-8")


def test_nul_bytes_in_code_become_blanks_and_do_not_hide_it() -> None:
    code = b"int main(void) { return 0; }\n" * 5
    assert to_utf8(code.replace(b"main", b"m\0in")) == (code.replace(b"main", b"m in"), "utf-8+nul")
    assert to_utf8(code + b"\0" * 10_000) == (code + b" " * 10_000, "utf-8+nul")


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF" + bytes(range(64)),
        b"\x89PNG\r\n\x1a\n" + b"a" * 99,
        bytes(range(256)) * 9,
        b"\0" * 99,
        zlib.compress(b"x" * 9999),
    ],
)
def test_binary_is_recognised(data: bytes) -> None:
    assert to_utf8(data) is None


@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00\xd8")
def test_content_is_always_valid_utf8_without_nul(data: bytes) -> None:
    decoded = to_utf8(data)
    if decoded is not None:
        assert "\0" not in decoded[0].decode()


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f\xad")))
def test_undecodable_bytes_become_their_latin_1_characters(text: str) -> None:
    slow = text.encode("latin-1").decode("utf-8", "surrogateescape")
    expected = "".join(chr(ord(c) - 0xDC00) if 0xDC80 <= ord(c) <= 0xDCFF else c for c in slow)
    decoded = to_utf8(b"x;\n" + text.encode("latin-1"))
    if decoded is not None and INVISIBLE not in decoded[1]:  # bytes may happen to be a direction mark in UTF-8
        assert decoded[0].decode() == "x;\n" + expected


def test_high_bytes_take_no_python_of_their_own() -> None:
    """40 MB of them take 0.3 s; an error handler in Python, called for each, takes 20 s."""
    few, many = (b'"\xe9\xfc";\n' * n for n in (1_000, 10_000))
    assert to_utf8(many) is not None
    assert python_steps(lambda: to_utf8(many)) == python_steps(lambda: to_utf8(few))


def test_archives_are_recognised_by_their_first_bytes() -> None:
    assert is_archive(b"PK\x03\x04") and is_archive(b"\x1f\x8b\x08") and is_archive(b"BZh91AY&SY\xb1\xf7\0")
    assert not is_archive(b"BZh91AY&SY = 1;\n") and not is_archive(b"/" * 257 + b"ustar\n")
    assert not is_archive(b"BZhuman = 1;\n") and not is_archive(b"PK = 1\n")
