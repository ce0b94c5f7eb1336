"""Words of comments, documentation strings and literals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.model import Prose
from simdetect.tokens.analyse import Batch, analyse
from simdetect.tokens.prose import _words
from simdetect.tokens.streams import join
from simdetect.tokens.symbols import hash_text
from simdetect.tokens.words import HAN, LETTERS, WORD_BYTE, script_of, stems, symbols_of, words_of
from simdetect.weighing.wording import load_wording, word_bits


def read(text: str, language: str = "python") -> Prose:
    return analyse(Batch(language, [text.encode()], 12, 6))[0][2]


def texts(prose: Prose, text: str) -> list[str]:
    content = text.encode()
    found = []
    for start in prose.start.tolist():
        end = start
        while end < len(content) and (chr(content[end]).isalnum() or content[end] >= 128):
            end += 1
        found.append(content[start:end].decode().lower())
    return found


def test_words_of_comments_come_in_order_without_markers_and_in_lower_case() -> None:
    code = "/* Reads\n * THE file. */\nint f(void); // then it's closed\n"
    assert texts(read(code, "c"), code) == ["reads", "the", "file", "then", "it", "s", "closed"]


def test_equal_words_are_equal_symbols_whatever_marks_the_comment() -> None:
    first, second = read("// skip the blanks\n", "c"), read("# Skip\n# the   blanks\n")
    assert first.word.tolist() == second.word.tolist()
    assert first.word[0] == hash_text(b"skip")


DOCUMENTED = '''"""Reads a spool."""
X = """assigned text here"""
def f():
    """Returns nothing."""
    g("""passed text""")
'''


def test_documentation_strings_are_comments_and_assigned_or_passed_ones_are_not() -> None:
    prose = read(DOCUMENTED)
    assert texts(prose, DOCUMENTED) == ["reads", "a", "spool", "returns", "nothing"]
    assert len(prose.literal_word) == 5


def test_literals_are_apart_from_comments() -> None:
    prose = read('print("hello there")  # greets\n')
    assert prose.word.tolist() == [hash_text(b"greets")]
    assert prose.literal_word.tolist() == [hash_text(b"hello"), hash_text(b"there")]


def test_files_of_a_batch_do_not_mix() -> None:
    batch = Batch("python", [b"# one\n", b"", b"# two three\n"], 12, 6)
    assert [len(prose.word) for _, _, prose in analyse(batch)] == [1, 0, 2]
    assert analyse(batch)[2][2].start.tolist() == [2, 6]


@given(st.lists(st.text("abc d", max_size=20), max_size=5))
def test_every_word_of_every_comment_line_is_kept(lines: list[str]) -> None:
    code = "".join(f"# {line}\n" for line in lines)
    assert texts(read(code), code) == [word for line in lines for word in line.split()]


def test_a_name_has_the_same_stems_in_every_style() -> None:
    for name in (b"parseHTTPHeader2", b"parse_http_header2", b"ParseHttpHeader2", b"PARSE_HTTP_HEADER2"):
        assert stems(name) == [b"parse", b"http", b"header2"]
    assert stems(b"_") == [] and stems(b"x1") == [b"x1"]


def pairs(text: str) -> list[str]:
    """The words of a text, pairs of characters among them."""
    content = text.encode()
    start, end, symbol = words_of(content, WORD_BYTE)
    assert symbols_of(content, WORD_BYTE).tolist() == symbol.tolist()
    return [content[a:b].decode() for a, b in zip(start.tolist(), end.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("跳过标题行", ["跳过", "过标", "标题", "题行"]),
        ("读取CSV文件\uff0c再读", ["读取", "CSV", "文件", "再读"]),
        ("表を読む。", ["表を", "を読", "読む"]),
        ("ค่าน้ำ", ["ค่", "่า", "าน", "น้", "้ำ"]),
        ("空 값을 읽는다", ["空", "값을", "읽는다"]),
        ("größe “q”", ["größe", "“q”"]),
        ("。、", ["。、"]),
    ],
)
def test_characters_of_scripts_without_spaces_come_in_pairs(text: str, words: list[str]) -> None:
    assert pairs(text) == words


def test_a_sentence_in_another_script_is_found_inside_a_longer_one() -> None:
    for long, short in (
        ("# 缺测值用负九九九表示、必须在求平均之前剔除\n", "# 所有缺测值用负九九九表示\n"),
        ("# 失敗したときは負の値を返す。\n", "# 成功なら零、失敗したときは負の値を返す\n"),
        ("# ข้ามบรรทัดว่างและหัวเรื่อง\n", "# ให้ข้ามบรรทัดว่างด้วย\n"),
    ):
        one, two = read(long), read(short)
        assert len(set(one.fingerprints.hash.tolist()) & set(two.fingerprints.hash.tolist())) >= 2


def test_pairs_say_less_than_words() -> None:
    model = load_wording()
    words = read("# 缺测值 きます qqzzyyxx\n").word
    assert script_of(words).tolist() == [HAN, HAN, LETTERS, LETTERS, 0]
    assert word_bits(model, words, 5).tolist() == [5.0, 5.0, 2.5, 2.5, 14.0]


PLACES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)


@given(st.lists(st.tuples(st.text('aB1 _\n"/é愛の。', max_size=30), PLACES), max_size=4))
def test_words_are_those_of_a_text_of_which_all_else_is_masked(files: list[tuple[str, list[tuple[int, int]]]]) -> None:
    """Spans in any order, beside and inside each other."""
    text, offset = join([content.encode() for content, _ in files])
    wanted = np.zeros(len(text), np.bool_)
    spans = []
    for (content, places), base in zip(files, offset.tolist(), strict=False):
        byte = [len(content[:at].encode()) for at in range(31)]
        chosen = [(byte[min(place)], byte[max(place)]) for place in places]
        spans.append((np.array([a for a, _ in chosen], np.uint32), np.array([b for _, b in chosen], np.uint32)))
        for a, b in chosen:
            wanted[base + a : base + b] = True
    at, _, symbol = words_of(text.lower(), WORD_BYTE, wanted)
    found = _words(text, offset, spans)
    assert [word for words, _ in found for word in words.tolist()] == symbol.tolist()
    starts = [base + a for (_, start), base in zip(found, offset.tolist(), strict=False) for a in start.tolist()]
    assert starts == at.tolist()
