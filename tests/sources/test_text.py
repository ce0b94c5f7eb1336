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
    data = b"a\r\nb c\n\tlast"
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
    if decoded is not None and decoded[1] in ("latin-1", "mixed"):  # they may happen to be text in another encoding
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


COMMENTS = {
    "cp932": "// 大潮と小潮の表を読む。時刻は分、水位はミリで書く\n// ソート済みの表を返す\n",
    "euc_jis_2004": "// 設定値を保存します。変更した場合は再起動が必要です\n",
    "gb18030": "// 读取潮汐站的观测记录、跳过标题行和空行\n",
    "big5hkscs": "// 讀取潮汐站的觀測記錄、跳過標題行和空行\n",
    "cp949": "// 빈 줄은 건너뛰고 다음 상태를 반환한다\n",
    "cp1250": "// Otwórz plik i wczytaj wiersze żółte, następnie zwróć łącze\n",
    "cp1251": "// Возвращает следующее состояние, при ошибке отрицательное\n",
    "cp1252": "// “Schließt” die Datei … und prüft die Größe\n",
    "cp1253": "// Διαβάζει τις εγγραφές του σταθμού\n",
    "koi8-r": "// Возвращает следующее состояние, при ошибке отрицательное\n",
}


@pytest.mark.parametrize("codec", COMMENTS)
def test_the_encoding_of_comments_is_recognised(codec: str) -> None:
    code = "int next(int a) { return a + 1; }\n" * 3 + COMMENTS[codec] + "int last;\n" * 3
    assert to_utf8(code.encode(codec)) == (code.encode(), codec)


def test_the_user_says_the_encoding() -> None:
    code = "x = 'é' # €\n"
    assert to_utf8(code.encode("iso8859-15"), "iso8859-15") == (code.encode(), "iso8859-15")
    assert to_utf8("ü".encode() * 9, "cp932") == ("ü".encode() * 9, "utf-8")
    assert to_utf8(b"a = '\xff\xe9'", "cp949") == ("a = 'ÿé'".encode(), "latin-1")  # there is no such byte in it


def test_a_few_accents_are_no_alphabet() -> None:
    assert to_utf8("// José García\n".encode("latin-1")) == ("// José García\n".encode(), "latin-1")


def test_nobody_is_accused_of_characters_that_were_guessed() -> None:
    soft_hyphen = "// mot\xadif d'été\n".encode("latin-1")
    assert to_utf8(soft_hyphen) == ("// motif d'été\n".encode(), "latin-1")
    assert to_utf8("na\u200bme = 1".encode()) == (b"name = 1", "utf-8" + INVISIBLE)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp932"])
def test_a_lone_carriage_return_ends_a_line_whatever_else_the_file_holds(codec: str) -> None:
    decoded = to_utf8("// 読む。\rint a;\r\n// 次の値\rint b;\n".encode(codec))
    assert decoded is not None
    assert decoded[0].decode() == "// 読む。\nint a;\r\n// 次の値\nint b;\n"
