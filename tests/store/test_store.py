"""Index files: what comes out is what went in, and whatever is wrong with a file is one line."""

from __future__ import annotations

import math
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from simdetect import InputError, Scanner, ScanOptions
from simdetect.errors import StoreError
from simdetect.matching.holders import forms, holders, n_distinct
from simdetect.model import (
    LIST_KINDS,
    MOST_FILES,
    ROLES_OF_LAYER,
    AnalysedFile,
    AnalysedTree,
    Evidence,
    Fingerprints,
    Layer,
    Lists,
    Prose,
    ScanReport,
    TokenStream,
    Units,
)
from simdetect.report import render
from simdetect.scanning.forms import formed
from simdetect.store import StoredIndex, open_index
from simdetect.store import container as container_module
from simdetect.store.columns import COLUMNS, SPANS, FileParts, from_arrays, to_arrays
from simdetect.store.container import Container, ContainerWriter, write_container
from simdetect.store.index_reader import IndexReader
from tests import DEMO


@pytest.fixture(scope="module")
def index_file(scanner: Scanner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "demo.sdx"
    scanner.write_index(path, DEMO / "original", DEMO / "independent")
    return path


def without_run(report: ScanReport) -> str:
    return render(replace(report, run={}), "json")


# --- columns -------------------------------------------------------------------------------------------------------


def array_fields(kind: type, prefix: str) -> set[str]:
    return {prefix + f.name for f in fields(kind) if str(f.type).startswith(("U8", "U16", "U32", "U64", "I64", "F64"))}


def test_every_array_of_an_analysed_file_is_stored_or_derived() -> None:
    known = {column.name for column in COLUMNS} | {name for span in SPANS for name in span[:2] if name}
    derived = {
        "fingerprints.hash",
        "prose.fingerprints.hash",
        "sketch",
    }  # from symbols; a section of its own
    wanted = (
        array_fields(TokenStream, "tokens.")
        | array_fields(Prose, "prose.")
        | array_fields(Units, "tokens.units.")
        | array_fields(Fingerprints, "fingerprints.")
        | array_fields(Fingerprints, "prose.fingerprints.")
        | array_fields(AnalysedFile, "")
    )
    assert wanted - derived <= known


def u32(n: int) -> st.SearchStrategy[Any]:
    return hnp.arrays(np.uint32, n, elements=st.integers(0, 2**32 - 1))


def u64(n: int) -> st.SearchStrategy[Any]:
    return hnp.arrays(np.uint64, n, elements=st.integers(0, 2**64 - 1))


@st.composite
def lists_of(draw: st.DrawFn, n_tokens: int) -> Lists:
    size = draw(st.lists(st.integers(1, 4), max_size=3)) if n_tokens else []
    start = draw(st.lists(st.integers(0, max(0, n_tokens - 1)), min_size=sum(size), max_size=sum(size)))
    end = [draw(st.integers(at + 1, n_tokens)) for at in start]
    kind = draw(st.lists(st.integers(0, len(LIST_KINDS) - 1), min_size=len(size), max_size=len(size)))
    sizes, starts, ends = (np.array(values, np.uint32) for values in (size, start, end))
    return Lists(np.array(kind, np.uint8), sizes, starts, ends)


@st.composite
def canonical_of(draw: st.DrawFn, n_tokens: int) -> dict[str, Any]:
    start = draw(st.lists(st.integers(0, n_tokens), max_size=4))
    end = [draw(st.integers(at, n_tokens)) for at in start]
    n = sum(end) - sum(start) if sum(end) - sum(start) <= 4 * n_tokens + 64 else 0
    places = draw(st.lists(st.integers(0, n - 1), max_size=3)) if n else []
    runs = {"run_start": start, "run_end": end, "odd": places} if n else {}
    arrays: dict[str, Any] = {name: np.array(values, np.uint32) for name, values in runs.items()}
    return {**arrays, "odd_symbol": draw(u64(len(places))), "has_form": bool(n) or draw(st.booleans())}


@st.composite
def file_parts(draw: st.DrawFn) -> FileParts:
    n, n_comments, n_units = draw(st.integers(0, 30)), draw(st.integers(0, 5)), draw(st.integers(0, 4))
    names = tuple(draw(st.lists(st.text(max_size=5), min_size=n_units, max_size=n_units)))
    tokens = TokenStream(
        exact=draw(u64(n)),
        normal=draw(u64(n)),
        role=draw(hnp.arrays(np.uint8, n)),
        start=draw(u32(n)),
        end=draw(u32(n)),
        comment=draw(u64(n_comments)),
        comment_start=draw(u32(n_comments)),
        comment_end=draw(u32(n_comments)),
        units=Units(names[::-1], names, draw(u32(n_units)), draw(u32(n_units))),
        error_share=draw(st.floats(0, 1)),
        degraded=draw(st.none() | st.text(max_size=9)),
        lists=draw(lists_of(n)),
        **draw(canonical_of(n)),
    )
    n_grams = max(0, n - 2)
    position = draw(hnp.arrays(np.uint32, draw(st.integers(0, n_grams)), elements=st.integers(0, max(0, n_grams - 1))))
    from simdetect.tokens.grams import hash_kgrams

    prints = Fingerprints(hash_kgrams(tokens.normal, 3)[position], position, 3, 2, n)
    n_words, n_literal = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    word = draw(u64(n_words))
    at = draw(hnp.arrays(np.uint32, min(1, n_words), elements=st.integers(0, max(0, n_words - 1))))
    words = Fingerprints(hash_kgrams(word, 1)[at], at, 1, 2, n_words)
    prose = Prose(word, draw(u32(n_words)), draw(u64(n_literal)), draw(u32(n_literal)), words)
    return FileParts(tokens, prints, prose, draw(u32(draw(st.integers(0, 6)))))


def facts_of(parts: FileParts) -> dict[str, Any]:
    tokens, prints = parts.tokens, parts.fingerprints
    return {
        "error_share": tokens.error_share,
        "degraded": tokens.degraded,
        "has_form": tokens.has_form,
        "k": prints.k,
        "window": prints.window,
        "word_k": parts.prose.fingerprints.k,
        "word_window": parts.prose.fingerprints.window,
        "unit_kind": tokens.units.kind,
        "unit_name": tokens.units.name,
    }


def assert_same(first: Any, second: Any) -> None:
    """Equal values and dtypes, whatever the field."""
    assert type(first) is type(second)
    for field in fields(first):
        own, other = getattr(first, field.name), getattr(second, field.name)
        if isinstance(own, np.ndarray):
            assert own.dtype == other.dtype and (own == other).all(), field.name
        elif hasattr(own, "__dataclass_fields__"):
            assert_same(own, other)
        else:
            assert own == other, field.name


@settings(deadline=None)
@given(file_parts())
def test_arrays_come_back_as_they_were_whatever_they_hold(parts: FileParts) -> None:
    assert_same(from_arrays(to_arrays(parts), facts_of(parts)), parts)


def test_arrays_that_do_not_fit_together_are_an_error(scanner: Scanner) -> None:
    file = next(f for f in formed(scanner.index(DEMO / "original"), math.inf).files if f.path == "src/lex.c")
    u32 = [np.array(values, np.uint32) for values in ([2], [4, 9], [5, 12])]
    lists = Lists(np.zeros(1, np.uint8), *u32)
    parts = replace(FileParts.of(file), tokens=replace(file.tokens, lists=lists))
    arrays = to_arrays(parts)
    for name in arrays:
        short = {**arrays, name: arrays[name][1:]}
        if name in ("fingerprints.gap", "prose.fingerprints.gap", "newline_gap"):
            continue  # of these any number is possible
        assert len(arrays[name])
        with pytest.raises(StoreError):
            from_arrays(short, facts_of(parts))


@pytest.mark.parametrize(
    "forged",
    [
        {"run_start": [0], "run_end": [10_000]},
        {"run_start": [5], "run_end": [2]},
        {"run_start": [0] * 9, "run_end": [2000] * 9},
        {"run_start": [0], "run_end": [3], "odd": [3], "odd_symbol": [1]},
    ],
)
def test_a_canonical_form_that_does_not_fit_its_tokens_is_an_error(
    scanner: Scanner, forged: dict[str, list[int]]
) -> None:
    """Found by fuzzing: it was one of the scan, not of the index."""
    file = next(f for f in formed(scanner.index(DEMO / "original"), math.inf).files if f.path == "src/lex.c")
    arrays = {name: np.array(values, np.uint64 if "symbol" in name else np.uint32) for name, values in forged.items()}
    parts = replace(FileParts.of(file), tokens=replace(file.tokens, **arrays))
    with pytest.raises(StoreError, match="damaged"):
        from_arrays(to_arrays(parts), facts_of(parts))


# --- containers ----------------------------------------------------------------------------------------------------

SECTIONS = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.binary(max_size=60)), max_size=6)


def write_sections(path: Path, sections: Sequence[tuple[str, bytes]]) -> None:
    def fill(writer: ContainerWriter) -> None:
        for name, data in sections:
            writer.add(name, data)
        writer.finish("test", {"x": 1})

    write_container(path, fill)


def read_all(container: Container) -> dict[str, list[bytes]]:
    return {name: [container.read(name, i) for i in range(container.n_frames(name))] for name in ("a", "b", "c")}


@settings(deadline=None)
@given(SECTIONS)
def test_frames_come_back_by_section_and_order(tmp_path_factory: pytest.TempPathFactory, sections: Any) -> None:
    path = tmp_path_factory.mktemp("c") / "x"
    write_sections(path, sections)
    found = read_all(Container.open(path))
    assert found == {name: [data for own, data in sections if own == name] for name in ("a", "b", "c")}


@settings(deadline=None, max_examples=20)
@given(SECTIONS, st.integers(1, 255))
def test_every_flipped_byte_is_detected_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, sections: Any, mask: int
) -> None:
    path = tmp_path_factory.mktemp("c") / "x"
    write_sections(path, sections)
    whole, expected = path.read_bytes(), read_all(Container.open(path))
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
        try:
            assert read_all(Container.open(path)) == expected
        except StoreError as error:
            assert str(path) in str(error) and "\n" not in str(error)


def test_every_truncation_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_sections(path, [("a", b"one" * 50), ("b", b"two")])
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(StoreError):
            Container.open(path)


def test_a_frame_that_claims_another_size_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forged file has checksums that agree: 200 MB of zeros in 20 KB must not be unpacked as 5 bytes."""
    real = container_module.ContainerWriter.add

    def forge(self: ContainerWriter, section: str, data: bytes) -> None:
        real(self, section, data)
        offset, n_stored, _, checksum = self._frames[section][-1]
        self._frames[section][-1] = (offset, n_stored, 5, checksum)

    monkeypatch.setattr(container_module.ContainerWriter, "add", forge)
    write_sections(tmp_path / "x", [("a", bytes(200 << 20))])
    with pytest.raises(StoreError, match="damaged"):
        Container.open(tmp_path / "x").read("a", 0)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "only 0 bytes"),
        (b"x" * 200, "not a simdetect index"),
        (b"\x89simdetect\n\x1a\n" + bytes(90), "copied as text"),
        (b"PK\x03\x04" + bytes(200), "not a simdetect index"),
    ],
)
def test_foreign_files_are_named_as_such(tmp_path: Path, content: bytes, part: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(StoreError, match=part):
        open_index(tmp_path / "x")


def test_a_newer_format_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container_module, "VERSION", 99)
    write_sections(tmp_path / "x", [])
    monkeypatch.undo()
    with pytest.raises(StoreError, match="written by a newer simdetect"):
        Container.open(tmp_path / "x")


def test_a_container_of_another_kind_is_no_index(tmp_path: Path) -> None:
    write_sections(tmp_path / "x", [])
    with pytest.raises(StoreError, match="not an index of originals but a 'test'"):
        open_index(tmp_path / "x")


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot write"):
        write_sections(tmp_path / "no" / "x", [])
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_sections(path, [("a", b"old")])

    def fail(writer: ContainerWriter) -> None:
        writer.add("a", b"new")
        raise ValueError("stop")

    with pytest.raises(ValueError):
        write_container(path, fail)
    assert read_all(Container.open(path))["a"] == [b"old"]
    assert list(tmp_path.iterdir()) == [path]


KILLED = """
import sys
from pathlib import Path
from simdetect.store.container import write_container
def fill(writer):
    n = 0
    while True:
        writer.add("a", n.to_bytes(4, "big") * 10_000)
        n += 1
        if n == 200: print("writing", flush=True)
        if n % 1000 == 0: break
    writer.finish("test", {})
while True:
    write_container(Path(sys.argv[1]), fill)
"""


def test_a_writer_that_is_killed_leaves_the_old_file_or_the_whole_new_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_sections(path, [("a", b"old")])
    for wait_s in (0.0, 0.03, 0.1):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        opened = Container.open(path)
        assert opened.n_frames("a") in (1, 1000)
        opened.read("a", opened.n_frames("a") - 1)


# --- indexes -------------------------------------------------------------------------------------------------------


def test_files_come_back_as_they_were_analysed(scanner: Scanner, index_file: Path) -> None:
    trees = [formed(scanner.index(DEMO / name), math.inf) for name in ("original", "independent")]
    stored = open_index(index_file).trees
    for tree, other in zip(trees, stored, strict=True):
        for document, again in zip(tree.tree.documents, other.tree.documents, strict=True):
            assert (again.path, again.sha256, again.content) == (document.path, document.sha256, document.content)
        assert (other.tree.label, other.tree.digest, other.tree.skipped) == (
            tree.tree.label,
            tree.tree.digest,
            tree.tree.skipped,
        )
        for file, again in zip(tree.files, other.files, strict=True):
            assert_same(again.tokens, file.tokens)
            assert_same(again.fingerprints, file.fingerprints)
            assert_same(again.prose, file.prose)
            assert (again.newline == file.newline).all()
            assert all(
                getattr(again, name) == getattr(file, name)
                for name in ("path", "language", "family", "role", "sha256", "n_bytes", "n_lines", "n_tokens")
            )
        assert [f.content for f in other.tree.files] == [f.content for f in tree.tree.files]
        assert [f.encoding for f in other.tree.files] == [f.encoding for f in tree.tree.files]


def test_a_report_is_the_same_bytes_from_a_folder_and_from_an_index(scanner: Scanner, index_file: Path) -> None:
    originals = DEMO / "original", DEMO / "independent"
    assert without_run(scanner.scan(DEMO / "submission", *originals)) == without_run(
        scanner.scan(DEMO / "submission", index_file)
    )


def test_an_index_stands_among_other_originals_in_its_place(scanner: Scanner, index_file: Path) -> None:
    expected = scanner.scan(
        DEMO / "submission", DEMO / "submission", DEMO / "original", DEMO / "independent", DEMO / "original" / "src"
    )
    found = scanner.scan(DEMO / "submission", DEMO / "submission", open_index(index_file), DEMO / "original" / "src")
    assert without_run(found) == without_run(expected)


def test_without_text_everything_but_excerpts_and_columns_is_the_same(scanner: Scanner, tmp_path: Path) -> None:
    scanner.write_index(tmp_path / "x", DEMO / "original", with_text=False)
    full = scanner.scan(DEMO / "submission", DEMO / "original")

    def plain(evidence: Evidence) -> Evidence:
        span = replace(evidence.original_span, start_column=None, end_column=None)
        return replace(evidence, excerpt=None, original_span=span)

    findings = tuple(replace(f, evidence=tuple(map(plain, f.evidence))) for f in full.findings)
    assert any(evidence.excerpt for finding in full.findings for evidence in finding.evidence)
    found = scanner.scan(DEMO / "submission", tmp_path / "x")
    assert without_run(found) == without_run(replace(full, findings=findings))
    assert (tmp_path / "x").read_bytes().find(b"is_word_byte") < 0


def test_an_index_can_be_made_of_an_index(scanner: Scanner, index_file: Path, tmp_path: Path) -> None:
    scanner.write_index(tmp_path / "again", index_file)
    assert (tmp_path / "again").read_bytes() == index_file.read_bytes()


def test_an_index_is_the_same_bytes_whatever_the_number_of_workers(index_file: Path, tmp_path: Path) -> None:
    with Scanner(ScanOptions(jobs=2)) as scanner:
        scanner.write_index(tmp_path / "x", DEMO / "original", DEMO / "independent")
    assert (tmp_path / "x").read_bytes() == index_file.read_bytes()


def test_an_index_without_files_is_an_index(scanner: Scanner, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "LICENSE").write_text("all rights reserved\n")
    scanner.write_index(tmp_path / "x", tmp_path / "a")
    report = scanner.scan(DEMO / "submission", tmp_path / "x")
    assert without_run(report) == without_run(scanner.scan(DEMO / "submission", tmp_path / "a"))


def test_a_scan_with_other_settings_than_the_index_is_refused(index_file: Path) -> None:
    expected = r"k 12 instead of 11.*exclude \[\] instead of \['tests/\*'\]"
    with Scanner(ScanOptions(exclude=("tests/*",), k=11)) as other, pytest.raises(StoreError, match=expected):
        other.scan(DEMO / "submission", index_file)


def test_an_index_is_no_candidate_and_nothing_given(scanner: Scanner, index_file: Path) -> None:
    with pytest.raises(InputError, match="can stand for an original, not for a candidate"):
        scanner.scan(index_file, DEMO / "original")
    with pytest.raises(InputError, match="not for a given"):
        scanner.scan(DEMO / "submission", DEMO / "original", given=[index_file])


def test_grammars_of_other_versions_are_a_warning(scanner: Scanner, index_file: Path) -> None:
    opened = open_index(index_file)
    assert isinstance(opened, StoredIndex)
    opened.facts["grammars"]["c"] = "0.0.1"
    warnings = scanner.scan(DEMO / "submission", opened).warnings
    assert "demo.sdx was made with other versions of the grammars of c: tokens may differ" in warnings


LAYERS = (Layer.NAME, Layer.CONSTANT, Layer.MISSPELLING, Layer.TRANSLATED)


def _symbols(tree: AnalysedTree, layer: Layer) -> np.ndarray:
    """All names, constants, or words of a tree, one file after the other."""
    if layer is Layer.MISSPELLING:
        parts = [part for file in tree.files for part in (file.prose.word, file.prose.literal_word)]
    elif layer is Layer.TRANSLATED:
        parts = [file.tokens.neutral[file.tokens.neutral != 0] for file in tree.files]
    else:
        parts = [file.tokens.exact[np.isin(file.tokens.role, ROLES_OF_LAYER[layer])] for file in tree.files]
    return np.concatenate([np.zeros(0, np.uint64), *parts])


def assert_same_holders(stored: AnalysedTree, tree: AnalysedTree, layer: Layer, symbols: np.ndarray) -> None:
    expected, found = holders([tree], layer, symbols), holders([stored], layer, symbols)
    assert [values.tolist() for values in found] == [values.tolist() for values in expected]


@pytest.mark.parametrize("layer", LAYERS)
def test_an_index_knows_which_files_have_a_text(scanner: Scanner, index_file: Path, layer: Layer) -> None:
    """As the slow way does, which looks at every token."""
    trees = [scanner.index(DEMO / "original"), scanner.index(DEMO / "independent")]
    for tree, stored in zip(trees, open_index(index_file).trees, strict=True):
        symbols = np.unique(_symbols(tree, layer))
        assert len(symbols) > 20
        assert_same_holders(stored, tree, layer, symbols)
        assert_same_holders(stored, tree, layer, np.unique(symbols[::3] + np.uint64(1)))  # mostly of no file
        if layer in ROLES_OF_LAYER:
            for is_neutral in (False, True):
                found, expected = (n_distinct([own], layer, is_neutral=is_neutral).tolist() for own in (stored, tree))
                assert found == expected and sum(found) > 0
        if layer is Layer.TRANSLATED:
            found, expected = (zip(*(v.tolist() for v in forms([own], symbols)), strict=True) for own in (stored, tree))
            assert set(found) == set(expected)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A candidate and two originals of many files: `common_idea` is in 65 files of the first and in one of the second,
    `rarer_idea` in 64 and in one, `rare_idea` in three."""
    folder = tmp_path_factory.mktemp("wide")
    for name in ("candidate", "first", "second"):
        (folder / name).mkdir()
    body = "int {name}_{i}(int count)\n{{\n    return count * {i}{i}{i} + {texts};\n}}\n"
    for i in range(70):
        texts = [name for name, n in (("common_idea", 65), ("rarer_idea", 64), ("rare_idea", 3)) if i < n]
        (folder / "first" / f"{i}.c").write_text(body.format(name="one", i=i, texts=" + ".join(texts) or "0"))
    texts = "common_idea * common_idea - rarer_idea / rare_idea"
    (folder / "second" / "a.c").write_text(body.format(name="two", i=7, texts=texts))
    lines = "".join(body.format(name="mine", i=i, texts=texts.replace("*", "-" * i)) for i in range(1, 9))
    (folder / "candidate" / "a.c").write_text(f"/* the comon idea of it all is not what it seems */\n{lines}")
    return folder / "candidate", folder / "first", folder / "second"


@pytest.mark.parametrize("layout", ["both", "apart", "mixed"])
def test_texts_in_many_files_are_the_same_from_an_index(
    scanner: Scanner, wide: tuple[Path, Path, Path], tmp_path: Path, layout: str
) -> None:
    candidate, first, second = wide
    expected = without_run(scanner.scan(candidate, first, second))
    scanner.write_index(tmp_path / "both", first, second)
    scanner.write_index(tmp_path / "first", first)
    scanner.write_index(tmp_path / "second", second)
    originals = {
        "both": [tmp_path / "both"],
        "apart": [tmp_path / "first", tmp_path / "second"],
        "mixed": [first, tmp_path / "second"],
    }[layout]
    assert without_run(scanner.scan(candidate, *originals)) == expected
    trees = [scanner.index(first), scanner.index(second)]
    stored = open_index(tmp_path / "both").trees
    symbols = np.unique(_symbols(trees[0], Layer.NAME))
    files, found = holders(stored, Layer.NAME, symbols)
    slow_files, slow = holders(trees, Layer.NAME, symbols)
    n = np.unique(found, return_counts=True)[1]
    slow_n = np.unique(slow, return_counts=True)[1]
    assert slow_n.max() > MOST_FILES + 2  # `count` and `int` are in all of them
    assert (np.minimum(n, MOST_FILES + 1) == np.minimum(slow_n, MOST_FILES + 1)).all()
    few = np.isin(found, np.unique(slow)[slow_n <= MOST_FILES])
    slow_few = np.isin(slow, np.unique(slow)[slow_n <= MOST_FILES])
    assert (files[few].tolist(), found[few].tolist()) == (slow_files[slow_few].tolist(), slow[slow_few].tolist())


def test_a_port_is_the_same_from_an_index(scanner: Scanner, tmp_path: Path) -> None:
    """What files of two languages share, of names that one file writes in several ways."""
    names = [
        f"{a}_{b}" for a in ("quibble", "zanthor", "wumpled", "frobnix") for b in ("ledger", "sprocket", "vantage")
    ]
    for folder in ("candidate", "original"):
        (tmp_path / folder).mkdir()
    lines = [f"int {name}(int count)\n{{\n    return {i}73519 + count;\n}}\n" for i, name in enumerate(names, 1)]
    lines += [f"#define {name.upper()} {i}\n" for i, name in enumerate(names, 1)]
    (tmp_path / "original" / "a.c").write_text("".join(lines))
    camel = [name.split("_")[0] + name.split("_")[1].capitalize() for name in names]
    port = [f"function {name}(count) {{\n  return {i}73519 + count;\n}}\n" for i, name in enumerate(camel, 1)]
    (tmp_path / "candidate" / "a.js").write_text("".join(port))
    expected = scanner.scan(tmp_path / "candidate", tmp_path / "original")
    assert {e.layer for finding in expected.findings for e in finding.evidence} >= {Layer.TRANSLATED}
    scanner.write_index(tmp_path / "x", tmp_path / "original")
    assert without_run(scanner.scan(tmp_path / "candidate", tmp_path / "x")) == without_run(expected)


def test_a_scan_decodes_only_files_that_share_something(
    scanner: Scanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.write_index(tmp_path / "x", DEMO / "original", DEMO / "independent")
    decoded: list[int] = []
    decode = IndexReader._decode
    monkeypatch.setattr(IndexReader, "_decode", lambda self, file: decoded.append(file) or decode(self, file))
    (tmp_path / "candidate").mkdir()
    text = "long fib(long n)\n{\n    return n < 2 ? n : fib(n - 1) + fib(n - 2);\n}\n"
    (tmp_path / "candidate" / "a.c").write_text(text)
    report = scanner.scan(tmp_path / "candidate", tmp_path / "x")
    assert len(set(decoded)) == len(report.findings[0].originals) <= 2  # whose names are most like those of the file
    scanner.scan(DEMO / "submission", tmp_path / "x")
    assert decoded


def test_an_index_that_was_replaced_is_read_anew(scanner: Scanner, tmp_path: Path) -> None:
    scanner.write_index(tmp_path / "x", DEMO / "independent")
    scanner.scan(DEMO / "submission", tmp_path / "x")
    scanner.write_index(tmp_path / "x", DEMO / "original")
    expected = without_run(scanner.scan(DEMO / "submission", DEMO / "original"))
    assert without_run(scanner.scan(DEMO / "submission", tmp_path / "x")) == expected


def test_an_index_of_an_older_format_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simdetect.store.container.VERSION", 1)
    write_container(tmp_path / "old", lambda writer: writer.finish("index", {}))
    monkeypatch.undo()
    with pytest.raises(StoreError, match=r"written by an older simdetect \(format 1\): make it anew"):
        open_index(tmp_path / "old")


@pytest.fixture(scope="module")
def small(scanner: Scanner, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A folder of one short file, its index, and the report of its scan."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "tree").mkdir()
    source = "int add(int first, int second)\n{\n    return first + second * 3 - (first << 2) / second;\n}\n"
    comment = "/* adds the second one to the first one, thrice */\n"
    (folder / "tree" / "a.c").write_text(comment + source * 2)
    scanner.write_index(folder / "x", folder / "tree")
    return folder / "tree", folder / "x", without_run(scanner.scan(folder / "tree", folder / "x"))


def test_every_flipped_byte_of_an_index_is_detected_or_harmless(
    scanner: Scanner, small: tuple[Path, Path, str], tmp_path: Path
) -> None:
    tree, index, expected = small
    whole, target = index.read_bytes(), tmp_path / index.name
    n_detected = 0
    analysed = formed(scanner.index(tree), math.inf)
    assert len(whole) < 8000
    for at in range(0, len(whole)):
        target.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        try:
            opened = open_index(target)
            for own, file in zip(opened.trees[0].files, analysed.files, strict=True):
                assert_same(own.tokens, file.tokens)
                assert own.text() == (tree / "a.c").read_bytes()
                assert own.sketch.any()
                assert_same(own.prose, file.prose)
            opened.lookup.places(np.unique(analysed.files[0].fingerprints.hash))
            for layer in LAYERS:
                everything = np.unique(_symbols(analysed, layer))
                assert_same_holders(opened.trees[0], analysed, layer, everything)
            opened.lookup.word_blocks(np.unique(analysed.files[0].prose.fingerprints.hash), 0, 1)
        except StoreError:
            n_detected += 1
    assert n_detected > 0.9 * len(whole)
    assert without_run(scanner.scan(tree, index)) == expected


def test_a_scan_against_an_index_with_a_flipped_byte_reports_the_same_or_one_line(
    small: tuple[Path, Path, str], tmp_path: Path
) -> None:
    """Whole scans of a sample; the one above tries every byte."""
    tree, index, expected = small
    whole, target = index.read_bytes(), tmp_path / "x.sdx"
    n_detected = 0
    with Scanner(ScanOptions(jobs=1)) as scanner:
        for at in range(0, len(whole), 61):
            target.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            try:
                assert without_run(scanner.scan(tree, target)) == expected
            except InputError as error:
                n_detected += 1
                assert "\n" not in str(error)
    assert n_detected > 0.8 * len(whole) / 61


def test_files_outside_of_the_stated_sizes_are_refused(small: tuple[Path, Path, str], tmp_path: Path) -> None:
    """Forged facts with checksums that agree."""
    opened = Container.open(small[1])
    for change in (
        {"blocks": [0, 5]},
        {"blocks": [1]},
        {"blocks": "x"},
        {"k": "many"},
        {"trees": [{"label": "x"}]},
        {"trees": [{"label": "x", "digest": "", "n_files": 99, "n_skipped": 0}]},
        {"trees": [{"label": "x", "digest": "", "n_files": 1, "n_skipped": 99}]},
    ):

        def fill(writer: ContainerWriter, change: dict[str, Any] = change) -> None:
            for section in opened._frames:
                for frame in range(opened.n_frames(section)):
                    writer.add(section, opened.read(section, frame))
            writer.finish("index", {**opened.facts, **change})

        write_container(tmp_path / "x", fill)
        with pytest.raises(StoreError, match="damaged"):
            open_index(tmp_path / "x")


@pytest.mark.parametrize("value", [-1, 1 << 40, 7, None, "x", 1e99])
@pytest.mark.parametrize(
    "name", ["n_tokens", "n_bytes", "n_lines", "n_words", "n_name", "n_constant", "language", "role", "path"]
)
def test_forged_facts_of_a_file_cost_one_line(
    scanner: Scanner, small: tuple[Path, Path, str], tmp_path: Path, name: str, value: object
) -> None:
    from simdetect.store.index_file import to_json

    opened = Container.open(small[1])

    def fill(writer: ContainerWriter) -> None:
        for section in opened._frames:
            for frame in range(opened.n_frames(section)):
                data = opened.read(section, frame)
                if section == "files":
                    data = to_json({**opened.json(section, frame), name: [value]})
                writer.add(section, data)
        writer.finish("index", opened.facts)

    write_container(tmp_path / "x", fill)
    try:
        scanner.scan(small[0], tmp_path / "x")
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "column",
    [
        *("ids", "tokens.gap", "cell", "hash", "count", "units", "sketch", "text", "symbol.tokens.exact"),
        *("holder.count", "holder.file", "word-holder.count", "word-holder.file", "word-hash", "word-block"),
        *("word", "prose.word", "prose.fingerprints.gap"),
    ],
)
def test_forged_arrays_cost_one_line(
    scanner: Scanner, small: tuple[Path, Path, str], tmp_path: Path, column: str
) -> None:
    opened = Container.open(small[1])
    for forged in (b"", b"\xff" * 4, b"\xff" * 4096, opened.read(column, 0)[:-4]):

        def fill(writer: ContainerWriter, forged: bytes = forged) -> None:
            for section in opened._frames:
                for frame in range(opened.n_frames(section)):
                    writer.add(section, forged if section == column else opened.read(section, frame))
            writer.finish("index", opened.facts)

        write_container(tmp_path / "x", fill)
        try:
            scanner.scan(small[0], tmp_path / "x")
        except InputError as error:
            assert "damaged" in str(error) and "\n" not in str(error)
