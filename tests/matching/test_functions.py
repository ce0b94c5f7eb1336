"""Functions aligned with gaps: what is aligned, what it is worth, what does not count twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simdetect import Layer, Scanner
from simdetect.matching import function_pairs
from simdetect.matching import functions as structural
from simdetect.matching.function_pairs import Alphabet, Form, UnitsOf, _places, file_pairs
from simdetect.matching.functions import _blocks, _densest, _filled, _runs, _unsettled, within
from simdetect.model import MatchTable, ScanReport

BODY = """\
    unsigned crc = seed ^ 0x5a17u;
    struct lane *lane = pick_lane(road, speed);
    if (lane == NULL)
        return -EAGAIN;
    for (int i = 0; i < lane->cars; i++)
        crc = rotate(crc, lane->car[i].plate % 29);
    lane->toll += crc & 0x3f;
    while (lane->queue > lane->limit)
        lane = divert(lane, crc);
    road->booths[lane->id % 17].open = crc > lane->toll;
    record_passage(road, lane, speed * 3 + 11);
    lane->last = road->clock + lane->cars * 7;
    if (lane->last < road->opening || lane->last > road->closing)
        report_late(road, lane->id, lane->last - road->closing);
    swap_plates(&lane->car[0], &lane->car[lane->cars - 1]);
    return (int)(lane->toll - crc % 5);
"""
OTHER = """\
    char *out = malloc(2 * strlen(text) + 3);
    size_t used = 0;
    out[used++] = '"';
    do {
        switch (*text) {
        case '\\\\': out[used++] = '\\\\'; break;
        case '"': out[used++] = '\\\\'; break;
        }
        out[used++] = *text;
    } while (*++text);
    out[used] = 0;
    memo[hash(out, used) & MASK] = out;
    total_bytes += used * sizeof *out - (used > 8 ? 8 : used);
    return out;
"""
CODE = (Layer.VERBATIM, Layer.RENAMED, Layer.STRUCTURAL)
DEAD = ["    noise += 41 * noise / 7;", "    if (noise == -1) noise = noise - 3;", "    char spare[9]; (void)spare;",
        "    debug_hook(noise, 'q', 0.25);"]  # fmt: skip


def function(name: str, body: str) -> str:
    return f"int {name}(struct road *road, int speed, unsigned seed)\n{{\n{body}}}\n"


def padded(body: str, every: int) -> str:
    """A dead statement after every few lines, where a statement ends."""
    lines: list[str] = []
    for i, line in enumerate(body.splitlines()):
        lines.append(line)
        if i % every == every - 1 and line.endswith(";") and not line.startswith("        "):
            lines.append(DEAD[i % len(DEAD)])
    return "\n".join(lines) + "\n"


def scan(scanner: Scanner, folder: Path, candidate: str, original: str) -> ScanReport:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a" / "a.c").write_text(candidate)
    (folder / "b" / "b.c").write_text(original)
    return scanner.scan(folder / "a", folder / "b")


def renamed(text: str) -> str:
    for number, word in enumerate(
        ("lane", "road", "crc", "cars", "speed", "toll", "booths", "plate", "pick_", "divert")
    ):
        text = text.replace(word, f"zz{number}")
    return text


def test_a_function_with_inserted_statements_is_one_finding_with_exact_lines(scanner: Scanner, tmp_path: Path) -> None:
    original = function("escape", OTHER) + function("toll", BODY)
    candidate = function("charge", padded(renamed(BODY), 1)) + function("quote", OTHER.replace("8", "4"))
    report = scan(scanner, tmp_path, candidate, original)
    (found,) = [e for e in report.findings[0].evidence if e.layer is Layer.STRUCTURAL and e.excluded is None]
    lines = original.splitlines()
    begins = next(i for i, line in enumerate(lines, 1) if "int toll" in line)
    assert begins <= found.original_span.start_line <= begins + 3
    assert found.original_span.end_line >= len(lines) - 2
    assert found.candidate.start_line <= 4 and "quote" not in candidate.splitlines()[found.candidate.end_line - 1]
    assert found.bits is not None and found.bits > 100
    assert report.findings[0].layer_bits[Layer.STRUCTURAL] > 0
    assert report.findings[0].matched_tokens[Layer.STRUCTURAL] > 100


def test_what_is_whole_stays_verbatim(scanner: Scanner, tmp_path: Path) -> None:
    text = function("toll", BODY) + function("escape", OTHER)
    layers = {e.layer for e in scan(scanner, tmp_path, text, text).findings[0].evidence}
    assert Layer.VERBATIM in layers and Layer.STRUCTURAL not in layers


def test_unrelated_functions_have_nothing_structural(scanner: Scanner, tmp_path: Path) -> None:
    report = scan(scanner, tmp_path, function("a", BODY), function("b", OTHER))
    assert report.findings[0].layer_bits[Layer.STRUCTURAL] == 0


def test_a_function_that_holds_two_is_found_in_both(scanner: Scanner, tmp_path: Path) -> None:
    original = function("escape", OTHER) + "\n" + function("toll", BODY)
    inlined = function("all", padded(OTHER.replace("return out;", "done(out);"), 1) + padded(renamed(BODY), 1))
    report = scan(scanner, tmp_path, inlined, original)
    found = [e for e in report.findings[0].evidence if e.excluded is None and e.layer in CODE]
    starts = [e.original_span.start_line for e in found]
    assert any(line < 12 for line in starts) and any(line > 16 for line in starts)


def rewritten(body: str) -> str:
    """The same body with other loops, branches, steps, comparisons, parentheses and types."""
    for one, other in (
        (
            "    for (int i = 0; i < lane->cars; i++)\n        crc = rotate(crc, lane->car[i].plate % 29);\n",
            "    long i;\n    i = 0;\n    while (lane->cars > i) {\n"
            "        crc = rotate(crc, (lane->car[i].plate % 29));\n        i += 1;\n    }\n",
        ),
        (
            "    if (lane == NULL)\n        return -EAGAIN;\n",
            "    if (NULL == lane) {\n        return (-EAGAIN);\n    }\n",
        ),
        (
            "    while (lane->queue > lane->limit)\n        lane = divert(lane, crc);\n",
            "    for (;;) {\n        if (!(lane->limit < lane->queue)) break;\n"
            "        lane = divert(lane, crc);\n    }\n",
        ),
        ("lane->toll += crc & 0x3f;", "lane->toll = lane->toll + (crc & 0x3f);"),
        ("return (int)(lane->toll - crc % 5);", "return (lane->toll - (crc % 5));"),
    ):
        assert one in body
        body = body.replace(one, other)
    return body


def test_a_function_in_another_form_is_one_finding_with_its_lines(scanner: Scanner, tmp_path: Path) -> None:
    original = function("escape", OTHER) + function("toll", BODY)
    candidate = function("charge", renamed(rewritten(BODY))) + function("quote", OTHER.replace("8", "4"))
    report = scan(scanner, tmp_path, candidate, original)
    found = [e for e in report.findings[0].evidence if e.layer in CODE and e.excluded is None]
    charge = next(e for e in found if e.layer is Layer.STRUCTURAL)
    assert charge.bits is not None and charge.bits > 100
    assert charge.candidate.start_line <= 2 and charge.candidate.end_line >= 24
    begins = next(i for i, line in enumerate(original.splitlines(), 1) if "int toll" in line)
    assert begins <= charge.original_span.start_line <= begins + 2
    assert charge.original_span.end_line >= begins + 15


def test_another_form_takes_little_of_the_evidence(scanner: Scanner, tmp_path: Path) -> None:
    bits = []
    for name, body in (("same", BODY), ("other", rewritten(BODY))):
        (tmp_path / name).mkdir()
        report = scan(scanner, tmp_path / name, function("x", renamed(body)), function("toll", BODY))
        bits.append(report.findings[0].bits or 0.0)
    assert 0.5 * bits[0] < bits[1] <= bits[0] + 5


def test_inserted_statements_take_little_of_the_evidence_and_add_none(scanner: Scanner, tmp_path: Path) -> None:
    bits = []
    for every in (1, 2, 4, 100):
        folder = tmp_path / str(every)
        folder.mkdir()
        report = scan(scanner, folder, function("x", padded(renamed(BODY), every)), function("toll", BODY))
        bits.append(report.findings[0].bits or 0.0)
    assert all(some <= bits[3] + 1 for some in bits[:3])
    assert bits[0] > 0.4 * bits[3]


# --- alignment against its oracle ----------------------------------------------------------------------------------


def lcs_length(one: Sequence[int], two: Sequence[int]) -> int:
    """The textbook table."""
    row = [0] * (len(two) + 1)
    for a in one:
        last = 0
        for j, b in enumerate(two):
            last, row[j + 1] = row[j + 1], (last + 1 if a == b else max(row[j], row[j + 1]))
    return row[-1]


BLOCKS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(5, 30)), max_size=7)


@given(BLOCKS)
def test_the_densest_stretch_is_the_best_of_all(steps: list[tuple[int, int, int]]) -> None:
    a = b = 0
    blocks: list[tuple[int, int, int]] = []
    for gap_a, gap_b, size in steps:
        blocks.append((a + gap_a, b + gap_b, size))
        a, b = a + gap_a + size, b + gap_b + size

    def worth(chosen: list[tuple[int, int, int]]) -> float:
        gaps = (max(n[0] - o[0] - o[2], n[1] - o[1] - o[2]) for o, n in pairwise(chosen))
        return float(sum(size for *_, size in chosen) - sum(gaps))

    every = [blocks[i:j] for i in range(len(blocks)) for j in range(i + 1, len(blocks) + 1)]
    found = [tuple(block) for block in _densest(np.array(blocks, np.int64).reshape(-1, 3)).tolist()]
    assert worth(found) == max(map(worth, every), default=0.0)


TOKENS = st.lists(st.integers(1, 4), max_size=60)


def form(symbols: list[int], *, is_spelt: bool) -> Form:
    symbol = np.array(symbols, np.uint64)
    text = "".join(map(chr, symbols)) if is_spelt else None
    return Form(np.arange(len(symbol)), symbol, np.ones(len(symbol), np.bool_), text)


@given(TOKENS, TOKENS, st.booleans())
def test_blocks_are_equal_ascending_and_no_longer_than_the_subsequence(
    one: list[int], two: list[int], is_spelt: bool
) -> None:
    with mock.patch.object(structural, "_LEAST_EQUAL", 10):
        found = _blocks(form(one, is_spelt=is_spelt), form(two, is_spelt=is_spelt)).tolist()
    end_a = end_b = total = 0
    for a, b, size in found:
        assert a >= end_a and b >= end_b and size >= 5
        assert one[a : a + size] == two[b : b + size]
        end_a, end_b, total = a + size, b + size, total + size
    assert (total >= 10 or not found) and total <= lcs_length(one, two)


@given(TOKENS, st.booleans())
def test_a_sequence_is_aligned_with_itself_in_one_block(one: list[int], is_spelt: bool) -> None:
    with mock.patch.object(structural, "_LEAST_EQUAL", 5):
        found = _blocks(form(one, is_spelt=is_spelt), form(one, is_spelt=is_spelt)).tolist()
    assert found == ([[0, 0, len(one)]] if len(one) >= 5 else [])


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), min_size=1), max_size=4))
def test_equal_symbols_have_equal_letters_in_all_texts(texts: list[list[int]]) -> None:
    alphabet = Alphabet()
    spelt = [alphabet.spell(np.array(text, np.uint64)) for text in texts]
    letters = [letter for text in spelt for letter in text or ""]
    symbols = [symbol for text in texts for symbol in text]
    assert len(letters) == len(symbols) and len(set(zip(symbols, letters, strict=True))) == len(set(symbols))
    assert len(set(letters)) == len(set(symbols))


def test_letters_leave_out_surrogates_and_end() -> None:
    alphabet = Alphabet()
    text = alphabet.spell(np.arange(60_000, dtype=np.uint64))
    assert text is not None and len(set(text)) == 60_000 and not any(0xD800 <= ord(letter) < 0xE000 for letter in text)
    with mock.patch.object(function_pairs, "_MOST_LETTERS", 60_001):
        assert alphabet.spell(np.array([70_000, 70_001], np.uint64)) is None


# --- from canonical forms back to the source ------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30), st.lists(st.integers(1, 2), min_size=200)
)
def test_filling_takes_in_only_equal_tokens_between_equal_ones(steps: list[tuple[int, int]], text: list[int]) -> None:
    places = np.cumsum(np.array([(a + 1, b + 1) for a, b in steps], np.int64).reshape(-1, 2), axis=0)
    one = np.array(text, np.uint64)
    two = np.roll(one, 1)
    filled = _filled(places, (one, two))
    kept = [tuple(pair) for pair in filled.tolist()]
    assert set(map(tuple, places.tolist())) <= set(kept)
    assert kept == sorted(set(kept))
    for a, b in set(kept) - set(map(tuple, places.tolist())):
        assert one[a] == two[b]
    runs = _runs(filled)
    expanded = [(a + i, b + i) for a, b, size in runs.tolist() for i in range(size)]
    assert expanded == kept


@given(st.lists(st.integers(0, 9), max_size=30), st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=5))
def test_places_of_units_are_those_of_the_plain_loop(token: list[int], spans: list[tuple[int, int]]) -> None:
    start = np.array([a for a, _ in spans], np.int64)
    end = np.minimum(start + np.array([n for _, n in spans], np.int64), 10) if spans else start
    found = _places(np.array(token, np.int64), 10, start, end)
    for (a, b), part in zip(zip(start.tolist(), end.tolist(), strict=True), found, strict=True):
        inside = [i for i, value in enumerate(token) if a <= value < b]
        assert list(range(len(token)))[part] == (list(range(inside[0], inside[-1] + 1)) if inside else [])


# --- rows of tables ------------------------------------------------------------------------------------------------

ROW = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 30), st.integers(1, 9), st.integers(0, 30))


def table(rows: Sequence[tuple[int, int, int, int, int]], *, structural: bool = False) -> MatchTable:
    """One run a row: candidate file, original file, start, length, start there."""
    rows = sorted(rows, key=lambda row: (row[0], row[1], row[2], row[4]))
    own, theirs, start, length, there = (
        np.array([row[i] for row in rows], np.uint32).reshape(-1) for i in range(5)
    )  # fmt: skip
    n = len(rows)
    return MatchTable(
        own, theirs, start, start + length, there, there + length, length.copy(), length.copy(), np.zeros(n, np.bool_),
        np.arange(n, dtype=np.uint32), start.copy(), there.copy(), length.copy(),
        is_structural=np.full(n, structural),
    )  # fmt: skip


@given(st.lists(ROW, max_size=8), st.lists(ROW, max_size=8), st.data())
def test_rows_of_two_tables_are_in_one_and_in_order(one: list, two: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    first, second = table(one), table(two, structural=True)
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, max(0, len(two) - 1))))) if two else [], np.int64)
    joined = first.with_rows(second, chosen)
    assert len(joined) == len(first) + len(chosen) and int(joined.is_structural.sum()) == len(chosen)
    keys = list(
        zip(joined.candidate_file.tolist(), joined.original_file.tolist(), joined.candidate_start.tolist(), strict=True)
    )
    assert keys == sorted(keys)
    assert joined.run_row.tolist() == sorted(joined.run_row.tolist())
    assert (joined.run_candidate == joined.candidate_start[joined.run_row]).all()
    assert (joined.run_original == joined.original_start[joined.run_row]).all()
    assert (joined.run_length == joined.n_equal[joined.run_row]).all()


@given(st.lists(ROW, max_size=8), st.lists(ROW, min_size=1, max_size=8), st.data())
def test_what_lies_within_is_the_best_originals_sum(one: list, two: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    aligned, pieces = table(one, structural=True), table(two)
    value = np.array(data.draw(st.lists(st.integers(0, 50), min_size=len(two), max_size=len(two))), np.float64)
    expected = []
    for i in range(len(aligned)):
        by_original: dict[int, float] = {}
        for j in range(len(pieces)):
            if pieces.candidate_file[j] == aligned.candidate_file[i] and (
                aligned.candidate_start[i] <= pieces.candidate_start[j] < aligned.candidate_end[i]
            ):
                original = int(pieces.original_file[j])
                by_original[original] = by_original.get(original, 0.0) + value[j]
        expected.append(max(by_original.values(), default=0.0))
    assert within(aligned, pieces, value).tolist() == expected


def test_an_empty_table_has_no_functions() -> None:
    empty = table([])
    assert len(empty.with_rows(replace(empty), np.zeros(0, np.int64))) == 0


def test_a_program_merged_into_one_file_is_aligned_with_every_file_it_came_from() -> None:
    """Nine files share a region with one candidate file of 3000 tokens: all of them are looked at."""
    pairs = file_pairs(table([(0, i, 100 * i, 20 - i, 0) for i in range(9)]), np.array([3000]))
    assert [pair.original_file for pair in pairs] == list(range(9))
    few = file_pairs(table([(0, i, 100 * i, 20 - i, 0) for i in range(9)]), np.array([300]))
    assert [pair.original_file for pair in few] == list(range(4))


def test_only_units_that_no_region_holds_nearly_whole_are_aligned() -> None:
    """A region over tokens 100 to 200: units of 100 tokens from 95, 105, 100 and 130 on, of which it holds 95, 95, all
    and 70; the file begins at 1000."""
    start = np.array([95, 105, 100, 130])
    units = UnitsOf(*(np.zeros(0, np.int64) for _ in fields(UnitsOf)))  # type: ignore[arg-type]
    units = replace(units, start=start, end=start + 100)
    reach = np.zeros(1400, np.int64)
    reach[1100:] = 1200
    assert _unsettled(units, 1000, reach).tolist() == [False, False, False, True]
    assert _unsettled(units, 1000, None).all()


def test_a_function_that_one_region_holds_is_not_aligned_with_others(scanner: Scanner, tmp_path: Path) -> None:
    """The same function whole in one original file, and with statements between in another."""
    for path, text in (
        ("candidate/a.c", function("run", BODY)),
        ("original/whole.c", function("run", BODY)),
        ("original/padded.c", function("run", padded(BODY, 3))),
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    found = scanner.scan(tmp_path / "candidate", tmp_path / "original").findings[0]
    assert {evidence.layer for evidence in found.evidence if evidence.excluded is None} >= {Layer.VERBATIM}
    assert not [evidence for evidence in found.evidence if evidence.layer is Layer.STRUCTURAL]
