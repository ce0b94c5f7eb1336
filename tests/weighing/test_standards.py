"""Tables that standards, mathematics or the alphabet prescribe are common; other tables are evidence."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from simdetect import Scanner, Verdict
from simdetect.model import Evidence, ExclusionReason, ScanReport
from simdetect.weighing.standards import _aes_box, _crc_table, _crc_table_reflected, _root_fraction, _zigzag
from tests.weighing.test_handouts import SECRET

RESERVED = """
abstract arguments await boolean break byte case catch char class const continue debugger default delete
do double else enum eval export extends false final finally float for function goto if implements import in instanceof
int interface let long native new null package private protected public return short static super switch synchronized
this throw throws transient true try typeof var void volatile while with yield
""".split()  # noqa: SIM905 (readable)
STATUS = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
    304: "Not Modified", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 410: "Gone", 411: "Length Required",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip
ENTITIES = {
    "quot": 34, "amp": 38, "lt": 60, "gt": 62, "nbsp": 160, "iexcl": 161, "cent": 162, "pound": 163, "curren": 164,
    "yen": 165, "brvbar": 166, "sect": 167, "uml": 168, "copy": 169, "ordf": 170, "laquo": 171, "not": 172, "shy": 173,
    "reg": 174, "macr": 175, "deg": 176, "plusmn": 177, "euro": 8364, "hellip": 8230, "bull": 8226, "trade": 8482,
}  # fmt: skip


def go_map(name: str, keys: list[str]) -> str:
    return f"package x\n\nvar {name} = map[string]bool{{\n" + "".join(f'\t"{key}": true,\n' for key in keys) + "}\n"


def go_status(name: str) -> str:
    return (
        f"package x\n\nvar {name} = map[int]string{{\n" + "".join(f'\t{n}: "{s}",\n' for n, s in STATUS.items()) + "}\n"
    )


def c_numbers(name: str, values: list[int]) -> str:
    rows = [" ".join(f"0x{value:08x}," for value in values[i : i + 4]) for i in range(0, len(values), 4)]
    return f"static const unsigned {name}[] = {{\n    " + "\n    ".join(rows) + "\n};\n"


def c_entities(name: str) -> str:
    rows = "".join(f'    {{"{entity}", {code}}},\n' for entity, code in ENTITIES.items())
    return f"static const struct {name} {name}s[] = {{\n{rows}}};\n"


def shuffled(values: list[str]) -> list[str]:
    return random.Random(7).sample(values, len(values))


# File name -> the same table by two authors.
TABLES = {
    "reserved.go": (go_map("reserved", RESERVED), go_map("jsKeywords", RESERVED)),
    "by_length.go": (go_map("reserved", sorted(RESERVED, key=len)), go_map("words", sorted(RESERVED, key=len))),
    "status.go": (go_status("statusText"), go_status("Reason")),
    "crc.c": (
        c_numbers("crc_table", _crc_table_reflected(32, 0x04C11DB7)),
        c_numbers("lookup", _crc_table_reflected(32, 0x04C11DB7)),
    ),
    "sbox.c": (c_numbers("sbox", _aes_box()), c_numbers("substitute", _aes_box())),
    "entities.c": (c_entities("entity"), c_entities("named")),
}


def common(report: ScanReport) -> list[Evidence]:
    return [
        piece
        for finding in report.findings
        for piece in finding.evidence
        if piece.excluded is not None
        and piece.excluded.reason in (ExclusionReason.COMMON, ExclusionReason.PUBLIC)
        and ("tables" in piece.excluded.by or "packages" in piece.excluded.by)
    ]


def compare(scanner: Scanner, folder: Path, name: str, candidate: str, original: str) -> ScanReport:
    for side, text in (("candidate", candidate), ("original", original)):
        (folder / side).mkdir()
        (folder / side / name).write_text(text)
    return scanner.scan(folder / "candidate", folder / "original")


@pytest.mark.parametrize("name", TABLES)
def test_a_public_table_is_found_and_does_not_count(scanner: Scanner, tmp_path: Path, name: str) -> None:
    report = compare(scanner, tmp_path, name, *TABLES[name])
    assert report.summary.verdict is not Verdict.EVIDENCE
    assert max(piece.bits or 0 for piece in common(report)) > 40


def test_a_table_of_own_words_counts_unless_the_alphabet_orders_it(scanner: Scanner, tmp_path: Path) -> None:
    rng = random.Random(1)
    own = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(60)]
    (tmp_path / "sorted").mkdir()
    (tmp_path / "mixed").mkdir()
    in_order = compare(
        scanner, tmp_path / "sorted", "a.go", go_map("first", sorted(own)), go_map("second", sorted(own))
    )
    mixed = compare(scanner, tmp_path / "mixed", "a.go", go_map("first", own), go_map("second", own))
    assert in_order.summary.verdict is not Verdict.EVIDENCE
    assert mixed.summary.verdict is Verdict.EVIDENCE
    assert not common(mixed)


def test_a_table_of_own_numbers_counts(scanner: Scanner, tmp_path: Path) -> None:
    own = [random.Random(3).randrange(1 << 32) for _ in range(1)]
    for _ in range(255):
        own.append((own[-1] * 1664525 + 1013904223) % (1 << 32))
    for values in (own, sorted(own)):
        folder = tmp_path / str(values[0])
        folder.mkdir()
        report = compare(scanner, folder, "a.c", c_numbers("first", values), c_numbers("second", values))
        assert report.summary.verdict is Verdict.EVIDENCE


def test_code_around_a_public_table_counts(scanner: Scanner, tmp_path: Path) -> None:
    table = TABLES["crc.c"][0]
    report = compare(scanner, tmp_path, "a.c", table + SECRET, table + SECRET)
    assert report.summary.verdict is Verdict.EVIDENCE


def test_known_sequences_are_those_of_their_standards() -> None:
    table = _crc_table_reflected(32, 0x04C11DB7)
    register = 0xFFFFFFFF
    for byte in b"123456789":
        register = (register >> 8) ^ table[(register ^ byte) & 0xFF]
    assert register ^ 0xFFFFFFFF == zlib.crc32(b"123456789")
    assert _crc_table(16, 0x1021)[:3] == [0, 0x1021, 0x2042]
    assert (_aes_box()[:4], _aes_box()[255]) == ([0x63, 0x7C, 0x77, 0x7B], 0x16)
    assert _root_fraction(2, 3, 32) == 0x428A2F98
    assert _root_fraction(2, 2, 64) == 0x6A09E667F3BCC908
    assert _zigzag()[:10] == [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]


@pytest.mark.parametrize(
    ("names", "candidate", "original"),
    [
        (
            ("hash.go", "hash.c"),
            "package x\n\nconst (\n\ta = 2654435761\n\tb = 2246822519\n\tc = 3266489917\n\td = 668265263\n)\n",
            "static const unsigned p1 = 2654435761U, p2 = 0x85EBCA77u, p3 = 3266489917U, p4 = 668265263U;\n",
        ),
        (
            ("rand.py", "rand.js"),
            "A = 6364136223846793005\nB = 1442695040888963407\nC = 0x9e3779b97f4a7c15\n",
            "const a = 6364136223846793005n, b = 1442695040888963407n, c = 0x9e3779b97f4a7c15n;\n",
        ),
        (
            ("colour.py", "colour.rs"),
            'A = "1;33"\nB = "\\x1b[40;93m"\nC = "104;37"\nD = "38;5;208"\n',
            'const A: &str = "1;33"; const B: &str = "40;93";\n'
            'const C: &str = "\\x1b[104;37m"; const D: &str = "38;5;208";\n',
        ),
        (
            ("utf.rs", "utf.java"),
            "const LAST: u32 = 0x10FFFF;\nconst HIGH: u32 = 0xD800;\nconst LOW: u32 = 0xDC00;\n",
            "class U { static final int LAST = 0x10FFFF, HIGH = 0xD800, LOW = 0xDC00; }\n",
        ),
    ],
)
def test_constants_of_published_algorithms_weigh_nothing_wherever_they_stand(
    scanner: Scanner, tmp_path: Path, names: tuple[str, str], candidate: str, original: str
) -> None:
    for side, name, text in (("c", names[0], candidate), ("o", names[1], original)):
        (tmp_path / side).mkdir()
        (tmp_path / side / name).write_text(text)
    report = scanner.scan(tmp_path / "c", tmp_path / "o")
    assert not report.summary.bits
