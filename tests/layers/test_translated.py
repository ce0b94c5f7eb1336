"""Functions in two languages: which belong together, against a slow version, and what the report says of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect import Layer, Scanner, ScanOptions
from simdetect.layers.function_texts import TextsOfPair, assigned, calls_in_order, same_control, unit_of
from simdetect.model import Evidence, ScanReport, TextKind, TokenRole, TokenStream, Units
from simdetect.report import render
from simdetect.tokens.analyse import Batch, analyse
from tests import reference

PYTHON = '''\
# Rewinds the quibbler to its last watermark.
WATERMARK_LIMIT = 48271


class FrobnicateTable:
    def rewind_quibbler(self, watermark, offset):
        """Fold the watermark into the zorp."""
        if watermark > WATERMARK_LIMIT:
            return None
        for glyph in self.scan_glyphs(watermark):
            if glyph.is_flimsy():
                self.demote_glyph(glyph, 90853)
            self.zorp_index[glyph] = offset
        return self.flush_zorp()


def hash_snorkel(buffer, seed_value):
    digest = seed_value ^ 0x5bd1f0a7
    for octet in buffer:
        digest = mix_snorkel(digest, octet, 16788229)
    return finish_snorkel(digest)
'''
GO = """\
package tok

// HashSnorkel mixes a buffer.
func HashSnorkel(buffer []byte, seedValue uint32) uint32 {
	digest := seedValue ^ 0x5BD1F0A7
	for _, octet := range buffer {
		digest = MixSnorkel(digest, octet, 16788229)
	}
	return FinishSnorkel(digest)
}

// RewindQuibbler folds the watermark into the zorp.
func (t *FrobnicateTable) RewindQuibbler(watermark int, offset int) error {
	if watermark > WatermarkLimit {
		return nil
	}
	for _, glyph := range t.ScanGlyphs(watermark) {
		if glyph.IsFlimsy() {
			t.DemoteGlyph(glyph, 90853)
		}
		t.ZorpIndex[glyph] = offset
	}
	return t.FlushZorp()
}
"""


def stream(units: list[list[int]]) -> TokenStream:
    """Units one after the other, made of names by their symbols; without any a unit has a token of syntax."""
    filled = [unit or [0] for unit in units]
    n, end = sum(map(len, filled)), np.cumsum([len(unit) for unit in filled], dtype=np.uint32)
    symbols = np.array([symbol for unit in filled for symbol in unit], np.uint64)
    at = np.arange(n, dtype=np.uint32)
    return TokenStream(
        exact=symbols,
        normal=symbols,
        role=np.where(symbols > 0, TokenRole.NAME, TokenRole.SYNTAX).astype(np.uint8),
        start=at,
        end=at + np.uint32(1),
        comment=np.zeros(0, np.uint64),
        comment_start=at[:0],
        comment_end=at[:0],
        units=Units(
            ("function",) * len(units),
            tuple(f"f{i}" for i in range(len(units))),
            np.concatenate([[0], end[:-1]]).astype(np.uint32)[: len(units)],
            end[: len(units)],
        ),
        neutral=symbols,
    )


def tokens_of(text: str, language: str) -> TokenStream:
    [(tokens, _, _)] = analyse(Batch(language, [text.encode()], 12, 6))
    return tokens


# --- the assignment --------------------------------------------------------------------------------------------------

UNITS = st.lists(st.lists(st.integers(0, 7), max_size=6), min_size=1, max_size=5)
BITS = st.lists(st.sampled_from([3.0, 9.5, 20.25]), min_size=7, max_size=7)


@given(UNITS, UNITS, BITS)
def test_pairs_are_those_of_the_slow_version(own: list[list[int]], theirs: list[list[int]], bits: list[float]) -> None:
    symbols = np.arange(1, 8, dtype=np.uint64)
    found = assigned(TextsOfPair(stream(own), stream(theirs), symbols, np.array(bits)))
    worth = dict(zip(range(1, 8), bits, strict=True))
    expected = reference.assigned_units([set(u) for u in own], [set(u) for u in theirs], worth)
    assert {(p.candidate, p.original): {int(symbols[i]) for i in p.texts} for p in found} == expected


@given(UNITS, UNITS, BITS)
def test_units_go_one_to_one_and_a_text_counts_once_where_it_stands(
    own: list[list[int]], theirs: list[list[int]], bits: list[float]
) -> None:
    pairs = assigned(TextsOfPair(stream(own), stream(theirs), np.arange(1, 8, dtype=np.uint64), np.array(bits)))
    assert len({pair.candidate for pair in pairs}) == len({pair.original for pair in pairs}) == len(pairs)
    texts = [text for pair in pairs for text in pair.texts]
    assert len(texts) == len(set(texts))
    for pair in pairs:
        assert all(i + 1 in own[pair.candidate] and i + 1 in theirs[pair.original] for i in pair.texts)
        assert sum(bits[i] for i in pair.texts) >= 8


def test_a_text_that_stands_in_every_function_pairs_none_of_them() -> None:
    own, theirs = [[1, 2], [1, 3], [1, 4]], [[1, 4], [1, 2], [1, 3]]
    pairs = assigned(
        TextsOfPair(stream(own), stream(theirs), np.arange(1, 5, dtype=np.uint64), np.array([20.0, 9, 9, 9]))
    )
    assert sorted((pair.candidate, pair.original) for pair in pairs) == [(0, 1), (1, 2), (2, 0)]


# --- what a function does --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "def run(self, a, b=(1, 2)):\n    pass\n", 2),
        ("python", "def run(\n    a,\n    b,\n):\n    pass\n", 2),
        ("python", "def run():\n    pass\n", 0),
        ("go", "package p\nfunc (t *T) run(a int, b map[string]int) {}\n", 2),
        ("rust", "fn run(&self, a: u8) -> u8 { a }\n", 1),
        ("c", "int run(int a, int (*b)(int, int), char c) { return a; }\n", 3),
        ("java", "class A { void run(int a, String b) {} }\n", 2),
    ],
)
def test_parameters_are_counted_in_every_language(language: str, text: str, expected: int) -> None:
    tokens = tokens_of(text, language)
    assert unit_of(tokens, tokens.units.name.index("run")).n_parameters == expected


def test_control_flow_and_calls_are_the_same_in_both_languages() -> None:
    python, go = tokens_of(PYTHON, "python"), tokens_of(GO, "go")
    own = unit_of(python, python.units.name.index("rewind_quibbler"))
    other = unit_of(go, go.units.name.index("RewindQuibbler"))
    assert same_control(own, other) == ("if return loop if return", 5, 5)
    assert len(calls_in_order(own, other)) == 4
    assert same_control(own, unit_of(go, go.units.name.index("HashSnorkel"))) is None


# --- in a report -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ScanReport:
    folder = tmp_path_factory.mktemp("translated")
    for name, text in (("own/tok.py", PYTHON), ("theirs/tok.go", GO)):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
    with Scanner(ScanOptions()) as scanner:
        return scanner.scan(folder / "own", folder / "theirs")


def pieces(report: ScanReport) -> list[Evidence]:
    return [item for item in report.findings[0].evidence if item.layer is Layer.TRANSLATED and not item.excluded]


def test_evidence_names_both_functions_with_their_lines(report: ScanReport) -> None:
    by_unit = {(item.candidate_unit, item.original_unit): item for item in pieces(report)}
    rewind, snorkel = by_unit["rewind_quibbler", "RewindQuibbler"], by_unit["hash_snorkel", "HashSnorkel"]
    assert (rewind.candidate.start_line, rewind.candidate.end_line) == (6, 14)
    assert (rewind.original_span.start_line, rewind.original_span.end_line) == (13, 24)
    assert (snorkel.candidate.start_line, snorkel.original_span.start_line) == (17, 4)


def test_items_stand_in_both_functions_and_say_what_they_are(report: ScanReport) -> None:
    item = next(piece for piece in pieces(report) if piece.candidate_unit == "hash_snorkel")
    by_kind = {kind: [text for text in item.items if text.kind is kind] for kind in TextKind}
    assert ("seed_value", "seedValue") in [(text.text, text.original_text) for text in by_kind[TextKind.NAME]]
    assert {"0x5bd1f0a7", "16788229"} <= {text.text for text in by_kind[TextKind.CONSTANT]}
    assert [text.text for text in by_kind[TextKind.PARAMETERS]] == ["2"]
    lines = PYTHON.splitlines(), GO.splitlines()
    for text in (*by_kind[TextKind.NAME], *by_kind[TextKind.CONSTANT]):
        assert text.text in lines[0][text.candidate_line - 1]
        assert (text.original_text or text.text) in lines[1][text.original_line - 1]


def test_the_bits_of_all_pieces_are_those_of_the_file(report: ScanReport) -> None:
    finding = report.findings[0]
    assert sum(item.bits or 0.0 for item in pieces(report)) == pytest.approx(finding.layer_bits[Layer.TRANSLATED])
    for item in pieces(report):
        assert sum(text.bits for text in item.items) == pytest.approx(item.bits)
        assert all(text.bits == 0 for text in item.items if text.kind not in (TextKind.NAME, TextKind.CONSTANT, None))


def test_fingerprints_tell_the_functions_of_a_file_apart(report: ScanReport) -> None:
    assert len({item.fingerprint for item in pieces(report)}) == len(pieces(report))


@pytest.mark.parametrize("name", ["text", "markdown", "html", "sarif", "csv", "json"])
def test_every_format_names_both_functions(report: ScanReport, name: str) -> None:
    shown = render(report, name)
    assert "rewind_quibbler" in shown and "RewindQuibbler" in shown


@pytest.mark.parametrize("name", ["text", "markdown", "html", "sarif"])
def test_formats_for_people_say_that_this_layer_is_weaker(report: ScanReport, name: str) -> None:
    assert "weaker" in render(report, name)
