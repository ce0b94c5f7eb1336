"""Evidence of a file in order: what counts first, most bits first, and each piece made only when it is listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from simdetect import Layer, Scanner, ScanOptions
from simdetect.findings import pieces as pieces_module
from simdetect.findings.listing import Listing
from simdetect.layers.all import LayerResults, find_layers
from simdetect.model import LAYERS, ExclusionReason, FoundIn
from simdetect.weighing.wording import load_wording
from tests import DEMO


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner() as scanner:
        yield scanner


@pytest.fixture(scope="module")
def results(scanner: Scanner) -> LayerResults:
    return find_layers(scanner.index(DEMO / "submission"), [scanner.index(DEMO / "original")], ScanOptions())


def index_of(results: LayerResults, path: str) -> int:
    return [file.path for file in results.comparison.candidate.files].index(path)


def test_counted_pieces_come_first_and_heavier_ones_before_lighter(results: LayerResults) -> None:
    listed, n = Listing(results, load_wording()).of(index_of(results, "main.c"), 10_000, 0)
    assert len(listed) == n > 50
    keys = [(piece.excluded is not None, -(piece.bits or 0.0)) for piece in listed]
    assert keys == sorted(keys)
    assert {piece.layer for piece in listed} >= {Layer.VERBATIM, Layer.RENAMED, Layer.COMMENT, Layer.NAME}


def test_fewer_are_the_first_of_all_and_only_they_are_made(results: LayerResults) -> None:
    index = index_of(results, "main.c")
    everything, n = Listing(results, load_wording()).of(index, 10_000, 0)
    listing = Listing(results, load_wording())
    with mock.patch.object(pieces_module, "region_evidence", wraps=pieces_module.region_evidence) as made:
        some, n_again = listing.of(index, 5, 0)
    assert some == everything[:5]
    assert n_again == n
    assert made.call_count == sum(LAYERS[piece.layer].found_in in (FoundIn.CODE, FoundIn.WORDS) for piece in some)


def test_only_the_first_pieces_have_excerpts(results: LayerResults) -> None:
    listed, _ = Listing(results, load_wording()).of(index_of(results, "main.c"), 40, 3)
    assert [piece.excerpt is not None for piece in listed[3:]] == [False] * 37
    first = [piece for piece in listed[:3] if LAYERS[piece.layer].found_in in (FoundIn.CODE, FoundIn.WORDS)]
    assert first and all(piece.excerpt for piece in first)


def test_a_region_says_why_it_does_not_count(scanner: Scanner, tmp_path: Path) -> None:
    code = (DEMO / "original" / "src" / "lex.c").read_text()
    for folder in ("own", "theirs/third_party/lexer", "theirs/src"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "own" / "a.c").write_text(code)
    (tmp_path / "theirs" / "third_party" / "lexer" / "lex.c").write_text(code)
    (tmp_path / "theirs" / "src" / "main.c").write_text("int main(void) { return 7; }\n")
    trees = [scanner.index(tmp_path / name) for name in ("own", "theirs")]
    listed, _ = Listing(find_layers(trees[0], [trees[1]], ScanOptions()), load_wording()).of(0, 100, 0)
    excluded = [piece.excluded for piece in listed if piece.layer is Layer.VERBATIM]
    assert excluded[0] is not None
    assert excluded[0].reason is ExclusionReason.VENDORED
    assert "third_party/lexer/lex.c" in excluded[0].by


def test_a_fingerprint_is_that_of_the_matched_text_and_its_paths(
    results: LayerResults, scanner: Scanner, tmp_path: Path
) -> None:
    """The same when anything else in the files changes."""
    for path in (DEMO / "submission").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "main.c").read_text()
    (tmp_path / "main.c").write_text("/* one more line */\n\n" + text)
    moved = find_layers(scanner.index(tmp_path), [scanner.index(DEMO / "original")], ScanOptions())
    before, _ = Listing(results, load_wording()).of(index_of(results, "main.c"), 5, 0)
    after, _ = Listing(moved, load_wording()).of(index_of(moved, "main.c"), 5, 0)
    assert [piece.fingerprint for piece in after] == [piece.fingerprint for piece in before]
    assert after[0].candidate.start_line == before[0].candidate.start_line + 2
