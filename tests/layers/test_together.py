"""Layers beside regions of code, through whole scans: what is found, where, and what does not count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simdetect import Layer, Scanner
from simdetect.judging.features import absorb
from simdetect.layers.texts import SharedTexts
from simdetect.model import Evidence, ExclusionReason, MatchTable, ScanReport, SharedRows
from tests import DEMO

COMMENT = """\
/* Frames arrive out of sequence when the carrier drops a week: park them in the pannier until the gap
 * closes, and never flush a pannier that still waits for its first frame. */
"""
LICENCE = """\
/* Permission is hereby granted, free of charge, to any person obtaining a copy of this pannier software,
 * to deal in the pannier without restriction, including the rights to park frames in it. */
"""
ORIGINAL = (
    COMMENT
    + """
#define PANNIER_SLOTS 48611
int park_wayward_frame(struct pannier *pan, int seqnum)
{
    return pan->waiting[seqnum % PANNIER_SLOTS]++;
}
int close_frame_gap(struct pannier *pan)
{
    while (pan->gap_start < pan->gap_end)
        pan->gap_start += pan->stride_hint;
    return pan->gap_end;
}
const char *mood(int m)
{
    return m ? "the pannier is overflowing with unclaimed frames" : "calm";
}
"""
)


def scan(
    scanner: Scanner, folder: Path, candidate: dict[str, str], original: dict[str, str], **more: object
) -> ScanReport:
    for side, files in (("candidate", candidate), ("original", original)):
        for name, text in files.items():
            path = folder / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return scanner.scan(folder / "candidate", folder / "original", **more)  # type: ignore[arg-type]


def pieces(report: ScanReport, layer: Layer) -> list[Evidence]:
    return [piece for finding in report.findings for piece in finding.evidence if piece.layer is layer]


def counted(report: ScanReport, layer: Layer) -> list[Evidence]:
    return [piece for piece in pieces(report, layer) if piece.excluded is None]


# --- comments ------------------------------------------------------------------------------------------------------

REFLOWED = """\
# Frames arrive out of sequence when the carrier
# drops a week. Park them in the pannier until the gap closes,
# and never ever flush a pannier that still waits for its first frame.
def park(frame):
    return [frame]
"""


def test_a_reflowed_and_edited_comment_is_found_at_its_lines_in_another_language(
    scanner: Scanner, tmp_path: Path
) -> None:
    report = scan(scanner, tmp_path, {"park.py": REFLOWED}, {"park.c": ORIGINAL})
    [found] = counted(report, Layer.COMMENT)
    assert (found.candidate.start_line, found.candidate.end_line) == (1, 3)
    assert (found.original_span.start_line, found.original_span.end_line) == (1, 2)
    assert (found.bits or 0) > 100
    assert found.excerpt is not None and "Frames arrive" in found.excerpt.candidate[0]
    assert report.findings[0].layer_bits[Layer.COMMENT] == pytest.approx((found.bits or 0) - 20)


def test_licence_texts_are_shown_and_do_not_count(scanner: Scanner, tmp_path: Path) -> None:
    report = scan(scanner, tmp_path, {"a.c": LICENCE + "int a;\n"}, {"b.c": LICENCE + "int b;\n"})
    assert not counted(report, Layer.COMMENT)
    assert {piece.excluded.reason for piece in pieces(report, Layer.COMMENT) if piece.excluded} <= {
        ExclusionReason.LICENSE,
        ExclusionReason.COMMON,
    }


def test_a_comment_that_was_handed_out_does_not_count(scanner: Scanner, tmp_path: Path) -> None:
    handout = tmp_path / "manual.txt"
    handout.write_text(REFLOWED.replace("# ", ""))
    report = scan(scanner, tmp_path, {"park.py": REFLOWED}, {"park.c": ORIGINAL}, given=[handout])
    assert not counted(report, Layer.COMMENT)
    assert [piece.excluded.by for piece in pieces(report, Layer.COMMENT) if piece.excluded] == ["manual.txt"]


def test_phrases_that_everybody_writes_do_not_count(scanner: Scanner, tmp_path: Path) -> None:
    phrase = "/* the software is provided as is without warranty of any kind express or implied */\n"
    report = scan(scanner, tmp_path, {"a.c": phrase + "int a;\n"}, {"b.c": phrase + "int b;\n"})
    assert not counted(report, Layer.COMMENT)


# --- names and constants -------------------------------------------------------------------------------------------

NAMES = """\
def close_frame_gap(pannier, stride_hint):
    gap_start = pannier.first
    return gap_start + stride_hint


def park_wayward_frame(pannier, seqnum):
    return close_frame_gap(pannier, seqnum)
"""
OTHER = """\
class Bag:
    def park_wayward_frame(self, seqnum):
        self.stride_hint = seqnum * 48611
        self.notice = "the pannier is overflowing with unclaimed frames"

    def close_frame_gap(self):
        if not self.gap_start:
            raise KeyError(self.stride_hint)
"""


def test_rare_names_are_found_wherever_they_stand_with_a_line_each(scanner: Scanner, tmp_path: Path) -> None:
    report = scan(scanner, tmp_path, {"a.py": NAMES}, {"b.py": OTHER})
    [found] = counted(report, Layer.NAME)
    lines = {item.text: (item.candidate_line, item.original_line) for item in found.items}
    assert lines["close_frame_gap"] == (1, 6)
    assert lines["park_wayward_frame"] == (6, 2)
    assert "self" not in lines and found.n_tokens == len(found.items)
    assert [item.bits for item in found.items] == sorted((item.bits for item in found.items), reverse=True)


def test_names_that_the_documentation_of_the_original_mentions_are_public(scanner: Scanner, tmp_path: Path) -> None:
    document = "Call park_wayward_frame, then close_frame_gap with a stride_hint; gap_start says where.\n"
    report = scan(scanner, tmp_path, {"a.py": NAMES}, {"b.py": OTHER, "README.md": document})
    assert not counted(report, Layer.NAME)
    excluded = [piece.excluded for piece in pieces(report, Layer.NAME)]
    assert [(why.reason, why.by) for why in excluded if why and why.reason is not ExclusionReason.PUBLIC] == [
        (ExclusionReason.GIVEN, "README.md")
    ]


def test_names_of_a_handout_do_not_count(scanner: Scanner, tmp_path: Path) -> None:
    handout = tmp_path / "api.txt"
    handout.write_text("park_wayward_frame close_frame_gap stride_hint gap_start\n")
    report = scan(scanner, tmp_path, {"a.py": NAMES}, {"b.py": OTHER}, given=[handout])
    assert not counted(report, Layer.NAME)


def test_a_literal_that_no_region_holds_is_a_constant(scanner: Scanner, tmp_path: Path) -> None:
    text = "the pannier is overflowing with unclaimed frames"
    other = f"WARNINGS = {{'soft': None, 48611: \"{text}\"}}\n"
    report = scan(scanner, tmp_path, {"a.py": other}, {"b.py": OTHER})
    [found] = counted(report, Layer.CONSTANT)
    assert f'"{text}"' in {item.text for item in found.items}


def test_a_name_in_a_counted_region_is_not_counted_again(scanner: Scanner, tmp_path: Path) -> None:
    report = scan(scanner, tmp_path, {"a.c": ORIGINAL}, {"b.c": ORIGINAL})
    finding = report.findings[0]
    assert counted(report, Layer.NAME)
    assert finding.layer_bits[Layer.VERBATIM] > 150
    assert finding.layer_bits[Layer.NAME] == pytest.approx(0)
    assert finding.bits == pytest.approx(sum(finding.layer_bits.values()))


# --- misspellings and order ----------------------------------------------------------------------------------------


def test_a_shared_misspelling_is_found_and_a_correct_word_is_not(scanner: Scanner, tmp_path: Path) -> None:
    candidate = {"a.py": "# the paramezter of the reader\nX = 'buffer'\n"}
    original = {"b.c": 'int f(void); /* one paramezter, one buffer */\nchar *s = "reader";\n'}
    report = scan(scanner, tmp_path, candidate, original)
    [found] = counted(report, Layer.MISSPELLING)
    [item] = found.items
    assert (item.text, item.candidate_line, item.original_line) == ("paramezter", 1, 1)


def test_a_misspelling_that_is_a_name_in_the_code_is_none(scanner: Scanner, tmp_path: Path) -> None:
    candidate = {"a.py": "# the paramezter\nparamezter_count = 1\n"}
    report = scan(scanner, tmp_path, candidate, {"b.c": "int f(void); // paramezter\n"})
    assert not counted(report, Layer.MISSPELLING)


PARTS = [
    "wayward_latch",
    "gap_trellis",
    "pannier_quota",
    "stride_oracle",
    "frame_sexton",
    "mule_ledger",
    "carrier_vesper",
]


def functions(names: list[str], body: str) -> str:
    return "\n".join(f"def {name}(value):\n    {body.format(i)}\n" for i, name in enumerate(names))


def test_functions_in_the_same_order_are_evidence_and_in_another_are_not(scanner: Scanner, tmp_path: Path) -> None:
    original = {"b.py": functions(PARTS, "return [value] * {}")}
    same = scan(scanner, tmp_path / "same", {"a.py": functions(PARTS, "print(value, {})")}, original)
    [found] = counted(same, Layer.ORDER)
    assert [item.text for item in found.items] == PARTS
    assert found.bits == pytest.approx(12.3 - 10, abs=0.05)  # log2(7!) = 12.3
    mixed = PARTS[3:] + PARTS[:3][::-1]
    other = scan(scanner, tmp_path / "other", {"a.py": functions(mixed, "print(value, {})")}, original)
    assert not pieces(other, Layer.ORDER)


# --- the independent program that was handed everything ------------------------------------------------------------


def test_a_program_that_shares_documentation_help_and_public_names_only_is_not_flagged(
    scanner: Scanner, tmp_path: Path
) -> None:
    """The demo's independent program with all public names and messages of the original's interface written into it."""
    demo = DEMO
    program = (demo / "independent" / "furlong.c").read_text()
    readme = (demo / "original" / "README.md").read_text()
    header = (demo / "original" / "src" / "furlong.h").read_text()
    quoted = "".join(f"// {line}\n" for line in readme.splitlines())
    candidate = {"furlong.c": quoted + program, "furlong.h": header, "README.md": readme}
    for name, text in candidate.items():
        path = tmp_path / "candidate" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    given = [demo / "original" / "README.md", demo / "original" / "src" / "furlong.h"]
    report = scanner.scan(tmp_path / "candidate", demo / "original", given=given)
    assert report.summary.n_flagged_files == 0
    excluded = [piece for finding in report.findings for piece in finding.evidence if piece.excluded]
    by = {piece.excluded.by for piece in excluded if piece.excluded and piece.excluded.reason is ExclusionReason.GIVEN}
    assert {"README.md", "furlong.h"} <= by


@pytest.mark.parametrize(("symbol", "expected"), [(7, 0.0), (8, 9.0)])
def test_a_neutral_name_that_a_region_holds_counts_there(symbol: int, expected: float) -> None:
    """Neutral symbols have fewer bits than those of texts: the region holds a text whose low bits are 7."""
    u32, one = np.array([0], np.uint32), np.zeros(1, np.int64)
    table = MatchTable(
        u32, u32, u32, u32 + np.uint32(9), u32, u32 + np.uint32(9), u32 + np.uint32(9), u32, np.ones(1, np.bool_),
        u32, u32, u32, u32 + np.uint32(9),
    )  # fmt: skip
    shared = SharedTexts(
        layer=Layer.TRANSLATED,
        rows=SharedRows(one, one, np.array([symbol], np.uint64), one),
        candidate_byte=one,
        length=one + 9,
        bits=np.array([9.0]),
        reason=np.zeros(1, np.uint8),
        by=one,
        sources=(),
        counted=np.ones(1, np.bool_),
    )
    held = one, np.array([(5 << 48) + 7], np.uint64)
    absorbed = np.zeros(1)
    inside = absorb(shared, table, held, absorbed)
    assert shared.total(1, ~inside).tolist() == [expected]
    assert absorbed.tolist() == [9.0 - expected]
