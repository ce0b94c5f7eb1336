"""Inputs and outputs behind fsspec URLs: the same findings as from this machine, and back comes what was written."""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from simdetect import InputError, Scanner, ScanOptions
from simdetect.audit.run import Audit, audit
from simdetect.cli.group import cli
from simdetect.model import ScanReport
from simdetect.remote.urls import fetch, is_remote, located, push
from simdetect.report import render
from tests import DEMO

fsspec = pytest.importorskip("fsspec")

INSTANCE = "acme__furlong.1234567"


@pytest.fixture
def store() -> Iterator[object]:
    """An empty object store in memory."""
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Scanner]:
    with Scanner(ScanOptions(cache=tmp_path / "cache")) as made:
        yield made


def put(files: object, folder: Path, path: str) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            files.pipe_file(f"{path}/{file.relative_to(folder).as_posix()}", file.read_bytes())  # type: ignore[attr-defined]


def findings(report: ScanReport) -> str:
    return render(replace(report, run={}), "json").partition('"settings"')[2]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("memory://a", True),
        ("s3://bucket/a", True),
        ("zip://x::memory://a.zip", True),
        ("file:///a", False),
        ("a/b@rev", False),
        ("C:\\a", False),
        ("git@host:a/b", False),
    ],
)
def test_urls_are_told_from_paths(location: str, expected: bool) -> None:
    assert is_remote(location) is expected


def test_a_scan_reads_folders_archives_and_indexes_behind_urls(store: object, scanner: Scanner, tmp_path: Path) -> None:
    expected = findings(scanner.scan(DEMO / "submission", DEMO / "original"))
    put(store, DEMO / "submission", "/submission")
    put(store, DEMO / "original", "/original")
    found = scanner.scan("memory://submission", "memory://original")
    assert findings(found) == expected
    assert (found.candidate.label, found.originals[0].label) == ("submission", "original")
    scanner.write_index("memory://indexes/furlong.sdx", "memory://original")
    assert findings(scanner.scan("memory://submission", "memory://indexes/furlong.sdx")) == expected
    with tarfile.open(tmp_path / "s.tar.gz", "w:gz") as archive:
        archive.add(DEMO / "submission", "work")
    store.pipe_file("/s.tar.gz", (tmp_path / "s.tar.gz").read_bytes())  # type: ignore[attr-defined]
    assert findings(scanner.scan("memory://s.tar.gz", f"file://{DEMO}/original")) == expected


def test_what_changed_is_fetched_again_and_what_is_gone_goes(store: object, tmp_path: Path) -> None:
    store.pipe_file("/tree/a.c", b"int a;\n")  # type: ignore[attr-defined]
    store.pipe_file("/tree/b.c", b"int b;\n")  # type: ignore[attr-defined]
    copy = fetch("memory://tree", tmp_path)
    first = (copy / "a.c").stat().st_mtime_ns
    (copy / "own.json").write_text("{}")
    store.pipe_file("/tree/b.c", b"int c;\n")  # type: ignore[attr-defined]
    assert fetch("memory://tree", tmp_path) == copy
    assert ((copy / "a.c").stat().st_mtime_ns, (copy / "b.c").read_bytes()) == (first, b"int c;\n")
    store.rm("/tree/a.c")  # type: ignore[attr-defined]
    fetch("memory://tree", tmp_path)
    assert sorted(path.name for path in copy.iterdir()) == ["b.c", "own.json"]
    assert push(copy, "memory://tree") == 1 and push(copy, "memory://tree") == 0
    assert store.cat_file("/tree/own.json") == b"{}"  # type: ignore[attr-defined]


def test_an_audit_reads_and_writes_an_object_store(store: object, tmp_path: Path) -> None:
    options = ScanOptions(cache=tmp_path / "cache")
    for run, folder in (("a", "submission"), ("b", "independent"), ("c", "original")):
        put(store, DEMO / folder, f"/runs/{run}/{INSTANCE}/submission")
        shutil.copytree(DEMO / folder, tmp_path / "runs" / run / INSTANCE / "submission")
    put(store, DEMO / "original", f"/originals/{INSTANCE}")
    shutil.copytree(DEMO / "original", tmp_path / "originals" / INSTANCE)
    local = audit(
        Audit(tuple(tmp_path / "runs" / run for run in "abc"), tmp_path / "originals", output=tmp_path / "out"),
        options=options,
    )
    runs = tuple(f"memory://runs/{run}" for run in "abc")
    what = Audit(runs, "memory://originals", output="memory://out")
    found = audit(what, options=options)
    assert found == local
    written = {name: store.cat_file(name) for name in store.find("/out")}  # type: ignore[attr-defined]
    here = {f"/out/{path.relative_to(tmp_path / 'out').as_posix()}" for path in (tmp_path / "out").rglob("*.*")}
    assert written.keys() == {name for name in here if (tmp_path / name[1:]).is_file()}
    report = json.loads(written[f"/out/a/{INSTANCE}/{INSTANCE}.simdetect.json"])
    assert report["candidate"]["label"] == "submission"
    assert report["originals"][0]["label"] == INSTANCE
    assert report["control"]["n_voices"] == 2
    before = dict(store.store)  # type: ignore[attr-defined]
    assert audit(what, options=options) == found
    assert store.store == before  # type: ignore[attr-defined]
    shutil.rmtree(tmp_path / "cache" / "remote")  # as on another machine
    assert audit(what, options=options) == found
    assert {name: store.cat_file(name) for name in store.find("/out")} == written  # type: ignore[attr-defined]
    audit(Audit(runs[:1], "memory://originals"), options=options)
    assert store.exists(f"/runs/a/{INSTANCE}/{INSTANCE}.simdetect.json")  # type: ignore[attr-defined]
    assert store.exists("/runs/a/_stats/recall_bits.json")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("memory://nowhere", "cannot read memory://nowhere: no such file or folder"),
        ("nosuch://a", "cannot read nosuch://a: Protocol not known: nosuch"),
    ],
)
def test_what_cannot_be_read_is_one_line(scanner: Scanner, url: str, words: str) -> None:
    for arguments in ((url, DEMO / "original"), (DEMO / "submission", url)):
        with pytest.raises(InputError, match=words):
            scanner.scan(*arguments)
    result = CliRunner().invoke(cli, ["audit", url, "--originals", str(DEMO)])
    assert result.exit_code == 2 and words in result.output and "Traceback" not in result.output


def test_names_that_lead_elsewhere_are_refused(store: object, tmp_path: Path) -> None:
    store.store["/tree/../../evil"] = fsspec.implementations.memory.MemoryFile(None, "/tree/../../evil", b"x")  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="it has a file of the name"):
        fetch("memory://tree", tmp_path)


def test_without_fsspec_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(InputError, match=r"pip install 'simdetect\[remote\]'"):
        located("memory://a", tmp_path)
