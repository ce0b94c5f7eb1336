"""Searching a corpus: the true origins are named, in the order of what they explain."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simdetect import Scanner, ScanOptions
from simdetect.cli.group import cli
from simdetect.corpus.build import NewMembers, index_corpus
from simdetect.corpus.search import Cover, search
from simdetect.errors import InputError, StoreError
from simdetect.store import open_index, open_shard
from tests import DEMO, ROOT

PACKAGE = ROOT / "src" / "simdetect"


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Five originals: the demo's, and four parts of this package."""
    folder = tmp_path_factory.mktemp("originals")
    shutil.copytree(DEMO / "original", folder / "furlong")
    shutil.copytree(DEMO / "independent", folder / "honest")
    for name in ("sources", "report", "store", "languages"):
        shutil.copytree(PACKAGE / name, folder / name)
    return {path.name: path for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def corpus(originals: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "corpus"
    assert index_corpus(NewMembers(folder, list(originals.values()))) == ()
    return folder


@pytest.fixture(scope="module")
def mixed(originals: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate of two origins and something of its own."""
    folder = tmp_path_factory.mktemp("candidate") / "mixed"
    folder.mkdir()
    shutil.copy(originals["sources"] / "archive.py", folder / "one.py")
    shutil.copy(originals["sources"] / "folder.py", folder / "two.py")
    shutil.copy(originals["store"] / "container.py", folder / "three.py")
    own = "\n".join(
        f"def step_{i}(a, b):\n    c = a[{i}] or b\n    return [c, {i}] if c > {i} else b\n" for i in range(80)
    )
    (folder / "own.py").write_text(own)
    return folder


def labels(cover: Cover) -> list[str]:
    return [Path(source.label).name for source in cover.sources]


def test_origins_are_named_in_the_order_of_what_they_explain(corpus: Path, mixed: Path) -> None:
    cover = search(mixed, corpus)
    assert labels(cover) == ["sources", "store"]
    assert cover.n_searched == 6
    assert cover.sources[0].n_tokens > cover.sources[1].n_tokens > 500
    assert 0.1 * cover.n_tokens < cover.n_unexplained < 0.6 * cover.n_tokens
    assert all(source.bits > 190 and ".py:" in source.best for source in cover.sources)


def test_a_cover_counts_each_token_once(corpus: Path, mixed: Path) -> None:
    cover = search(mixed, corpus)
    assert cover.n_unexplained + sum(source.n_tokens for source in cover.sources) == cover.n_tokens
    assert all(source.n_tokens <= source.n_shared for source in cover.sources)


def test_an_original_is_found_whole(corpus: Path, originals: dict[str, Path]) -> None:
    cover = search(originals["report"], corpus)
    assert labels(cover)[0] == "report"
    assert cover.sources[0].n_tokens > 0.9 * cover.n_tokens


def test_recalled_code_is_found_and_honest_code_is_not(corpus: Path, tmp_path: Path) -> None:
    assert labels(search(DEMO / "submission", corpus)) == ["furlong"]
    own = tmp_path / "own.c"
    own.write_text('#include <stdio.h>\nint main(void)\n{\n    puts("hello");\n    return 0;\n}\n')
    assert search(own, corpus).sources == ()


def test_members_are_ordinary_indexes(corpus: Path, mixed: Path) -> None:
    members = sorted((corpus / "members").glob("*.sdx"))
    assert len(members) == 6
    with Scanner() as scanner:
        assert scanner.scan(mixed, *map(open_index, members)).summary.n_flagged_files == 3


def test_what_is_in_a_corpus_is_not_parsed_again(
    corpus: Path, originals: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (corpus / "members").iterdir()}
    content = {path.name: path.read_bytes() for path in corpus.glob("*.*")}

    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(Scanner, "analyse", fail)
    assert index_corpus(NewMembers(corpus, list(originals.values())[::-1])) == ()
    assert {path: path.stat().st_mtime_ns for path in (corpus / "members").iterdir()} == before
    assert {path.name: path.read_bytes() for path in corpus.glob("*.*")} == content


def test_the_order_and_number_of_steps_change_no_byte(corpus: Path, originals: dict[str, Path], tmp_path: Path) -> None:
    for original in list(originals.values())[::-1]:
        index_corpus(NewMembers(tmp_path / "steps", [original]))
    names = {path.relative_to(corpus) for path in corpus.rglob("*") if path.is_file()}
    assert names == {path.relative_to(tmp_path / "steps") for path in (tmp_path / "steps").rglob("*") if path.is_file()}
    assert all((corpus / name).read_bytes() == (tmp_path / "steps" / name).read_bytes() for name in names)


def test_hashes_lie_in_the_file_of_their_range(corpus: Path) -> None:
    n_hashes = 0
    for number in range(64):
        hashes, members = open_shard(corpus / f"hashes-{number:02d}.sdx")
        assert (hashes >> 26 == number).all() and (members < 6).all()
        n_hashes += len(hashes)
    assert n_hashes > 500


def test_a_search_reads_only_the_ranges_it_needs(corpus: Path, tmp_path: Path) -> None:
    copy = tmp_path / "corpus"
    shutil.copytree(corpus, copy)
    own = tmp_path / "own.c"
    own.write_text("int f(int a) { return a + 1; }\n")  # too short for a fingerprint in most ranges
    for path in copy.glob("hashes-*.sdx"):
        path.write_bytes(b"")
    assert search(own, copy).sources == ()


def test_an_original_that_cannot_be_read_is_named_and_left_out(originals: dict[str, Path], tmp_path: Path) -> None:
    (problem,) = index_corpus(NewMembers(tmp_path / "c", [originals["store"], tmp_path / "none"]))
    assert "none: cannot read" in problem
    assert search(originals["store"], tmp_path / "c").n_searched == 1


@pytest.fixture
def damaged(corpus: Path, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "damaged"
    shutil.copytree(corpus, copy)
    yield copy


@pytest.mark.parametrize("facts", ["", "{}", "[]", '{"members": 5}', "[" * 9999])
def test_a_damaged_corpus_is_one_line(damaged: Path, mixed: Path, facts: str) -> None:
    (damaged / "corpus.json").write_text(facts)
    with pytest.raises(StoreError, match="is not a corpus, or is damaged"):
        search(mixed, damaged)


def test_names_in_a_corpus_lead_nowhere_else(damaged: Path, mixed: Path) -> None:
    facts = json.loads((damaged / "corpus.json").read_text())
    facts["members"][0][0] = "../../../etc/passwd"
    (damaged / "corpus.json").write_text(json.dumps(facts))
    with pytest.raises(StoreError, match="damaged: a member's name"):
        search(mixed, damaged)


def test_damaged_ranges_and_foreign_settings_are_one_line(damaged: Path, corpus: Path, mixed: Path) -> None:
    with pytest.raises(StoreError, match="made with other settings"):
        search(mixed, corpus, ScanOptions(k=11))
    for path in damaged.glob("hashes-*.sdx"):
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError, match="truncated"):
        search(mixed, damaged)


def test_flipped_bytes_of_a_small_corpus_are_detected_or_harmless(tmp_path: Path) -> None:
    """Twelve bytes of each of its files, each in another bit: a search says the same, or why it cannot."""
    code = "".join(f"int f{i}(int a, int b)\n{{\n    return a * {i} - (b >> {i % 7});\n}}\n" for i in range(12))
    (tmp_path / "original").mkdir()
    (tmp_path / "original" / "a.c").write_text(code)
    (tmp_path / "own.c").write_text(code)
    corpus = tmp_path / "corpus"
    assert index_corpus(NewMembers(corpus, [tmp_path / "original"])) == ()
    expected = search(tmp_path / "own.c", corpus)
    assert labels(expected) == ["original"]
    n_detected = n_tried = 0
    needed = [path for path in sorted(corpus.rglob("*")) if path.is_file() and path.stat().st_size > 200][:12]
    for path in needed:
        whole = path.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 12)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            n_tried += 1
            try:
                found = search(tmp_path / "own.c", corpus)
            except InputError as error:
                n_detected += 1
                assert "\n" not in str(error)
            else:
                assert found.n_tokens == expected.n_tokens and labels(found) in ([], ["original"]), (path.name, at)
                assert [s.bits for s in found.sources] == [s.bits for s in expected.sources], (path.name, at)
        path.write_bytes(whole)
    assert n_detected > 0.5 * n_tried


def test_the_command_line_makes_and_searches_a_corpus(originals: dict[str, Path], mixed: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli, arguments, prog_name="simdetect")

    folder = str(tmp_path / "corpus")
    made = run("index", str(originals["sources"]), str(originals["store"]), "/no/such", "-o", folder, "--corpus")
    assert made.exit_code == 0
    assert made.stderr.startswith("simdetect: left out: /no/such: cannot read /no/such")
    found = run("search", str(mixed), "--index", folder)
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert lines[0].endswith("2 originals searched")
    assert " from sources" in lines[1] and "bits" in lines[2] and lines[-1].endswith("unexplained")
    assert json.loads(run("search", str(mixed), "--index", folder, "--format", "json").stdout)["n_searched"] == 2
    assert run("search", str(mixed), "--index", str(tmp_path)).stderr.count("\n") == 1
