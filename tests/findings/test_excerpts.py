"""Excerpts: which lines are shown, and that their numbers are right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simdetect import Scanner
from simdetect.model import Excerpt

BLAND = "".join(f"    x = x + {i};\n    y = x;\n" for i in range(10))
TELLING = """\
    unsigned checksum = adler_seed(packet, header_length);
    if (checksum != packet->expected || packet->version > MAX_WIRE_VERSION) {
        report_corruption(packet, checksum, "bad frame: %08x");
        retry_later(packet->connection, backoff_table[packet->attempt]);
        release_frame(packet, POOL_NETWORK);
    }
"""


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner() as scanner:
        yield scanner


def excerpt(scanner: Scanner, folder: Path, candidate: str, original: str, name: str = "f.c") -> Excerpt:
    for side, text in (("candidate", candidate), ("original", original)):
        (folder / side).mkdir()
        (folder / side / name).write_bytes(text.encode())
    found = scanner.scan(folder / "candidate", folder / "original").findings[0].evidence[0].excerpt
    assert found is not None
    return found


def test_an_excerpt_begins_where_the_names_are_and_on_the_same_token_on_both_sides(
    scanner: Scanner, tmp_path: Path
) -> None:
    code = "void f(int x, int y) {\n" + BLAND + TELLING + "}\n"
    spread = "/* a comment\n   of two lines */\n" + code.replace("x = x + 3;", "x = x + 3;\n\n\n")
    found = excerpt(scanner, tmp_path, code, spread)
    for lines, first, text in (
        (found.candidate, found.candidate_line, code),
        (found.original, found.original_line, spread),
    ):
        assert tuple(text.splitlines()[first - 1 : first - 1 + len(lines)]) == lines
    assert found.candidate[0] == found.original[0]
    assert TELLING.splitlines()[2] in found.candidate
    assert found.original_line == found.candidate_line + 5


def test_an_excerpt_stays_inside_its_region(scanner: Scanner, tmp_path: Path) -> None:
    code = "void f(int x, int y) {\n" + TELLING + "}\n"
    found = excerpt(scanner, tmp_path, code, "int before;\n\n" + code + "\nint after(void) { return 1; }\n")
    assert found.candidate == found.original == tuple(code.splitlines())
    assert (found.candidate_line, found.original_line) == (1, 3)


def test_an_excerpt_from_the_middle_of_a_long_line_shows_the_match(scanner: Scanner, tmp_path: Path) -> None:
    code = "void f(int x, int y) {" + TELLING.replace("\n", " ") + "}\n"
    far = "int t[] = {" + "7," * 5000 + "7};"
    found = excerpt(scanner, tmp_path, code, far + code)
    assert found.candidate[0].startswith("void f(int x")
    assert found.original[0].startswith("…void f(int x")
    assert (found.candidate_line, found.original_line) == (1, 1)


def test_an_excerpt_begins_with_a_function_where_that_tells_enough(scanner: Scanner, tmp_path: Path) -> None:
    bland = "void f(int x, int y) {\n" + BLAND + "}\n\n"
    telling = "static int receive(struct packet *packet, int header_length)\n{\n" + TELLING + "}\n"
    code = bland + telling + "\n" + bland.replace("void f", "void g")
    found = excerpt(scanner, tmp_path, code, "int before;\n\n" + code)
    assert found.candidate[0] == found.original[0] == telling.splitlines()[0]
