"""Canonical forms that are made when they are asked for: the same ones, only where they are needed, and kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from simdetect import Layer, Scanner, ScanOptions
from simdetect.languages import LANGUAGES
from simdetect.model import AnalysedTree, Rewrites, ScanReport, TokenStream
from simdetect.report import render
from simdetect.running import Failure, WorkerPool
from simdetect.scanning import forms
from simdetect.scanning.forms import TreeForms, formed
from simdetect.tokens.analyse import Batch, analyse
from tests.languages.samples import sample_path
from tests.matching.test_functions import BODY, OTHER, function, padded, renamed

FORMED = sorted(name for name, row in LANGUAGES.items() if row.rewrites is not None)
FIELDS = ("run_start", "run_end", "odd", "odd_symbol")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate function that is one of the original with statements between, and what it has nothing to do with."""
    folder = tmp_path_factory.mktemp("forms")
    for path, text in (
        ("candidate/a.c", function("run", padded(renamed(BODY), 1))),
        ("original/whole.c", function("run", BODY)),
        *((f"original/other{i}.c", function(f"other{i}", OTHER)) for i in range(3)),
    ):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    return folder


def plain(report: ScanReport) -> str:
    return render(replace(report, run={}), "json")


@pytest.fixture
def asked() -> Iterator[list[tuple[str, ...]]]:
    """Paths of the files whose forms are made, task by task."""
    found: list[tuple[str, ...]] = []
    new = TreeForms._new

    def spy(self: TreeForms, batches: Sequence[Sequence[object]], deadline: float) -> Iterator[tuple[str, TokenStream]]:
        found.extend(tuple(source.path for source in batch) for batch in batches)  # type: ignore[attr-defined]
        return new(self, batches, deadline)  # type: ignore[arg-type]

    with mock.patch.object(TreeForms, "_new", spy):
        yield found


@pytest.mark.parametrize("language", FORMED)
def test_forms_made_later_are_those_made_at_once(scanner: Scanner, tmp_path: Path, language: str) -> None:
    sample = sample_path(language)
    (tmp_path / sample.name).write_bytes(sample.read_bytes())
    tree = scanner.index(tmp_path)
    ((at_once, _, _),) = analyse(Batch(language, [tree.tree.files[0].content], 12, 6, with_forms=True))
    assert at_once.has_form and not tree.files[0].tokens.has_form
    for name in FIELDS:
        assert getattr(formed(tree, math.inf).files[0].tokens, name).tolist() == getattr(at_once, name).tolist()


def test_a_form_that_was_not_made_cannot_be_asked_for(scanner: Scanner, folder: Path) -> None:
    with pytest.raises(ValueError, match="was not made"):
        scanner.index(folder / "original").files[0].tokens.canonical()


def test_only_files_whose_functions_are_aligned_get_forms(
    scanner: Scanner, folder: Path, asked: list[tuple[str, ...]]
) -> None:
    report = scanner.scan(folder / "candidate", folder / "original")
    assert asked == [("a.c",), ("whole.c",)]
    assert Layer.STRUCTURAL in {evidence.layer for evidence in report.findings[0].evidence}


def test_a_report_is_the_same_whenever_forms_are_made(scanner: Scanner, folder: Path, tmp_path: Path) -> None:
    """At once for an index, and for a tree that has them all."""
    report = plain(scanner.scan(folder / "candidate", folder / "original"))
    assert report == plain(scanner.scan(folder / "candidate", formed(scanner.index(folder / "original"), math.inf)))
    scanner.write_index(tmp_path / "original.sdx", folder / "original")
    assert report == plain(scanner.scan(folder / "candidate", tmp_path / "original.sdx"))


def test_forms_of_a_tree_are_made_once(scanner: Scanner, folder: Path, asked: list[tuple[str, ...]]) -> None:
    tree = scanner.index(folder / "original")
    reports = [plain(scanner.scan(folder / "candidate", tree)) for _ in range(2)]
    assert reports[0] == reports[1]
    assert asked.count(("whole.c",)) == 1


def test_forms_are_kept_with_the_other_results(folder: Path, tmp_path: Path, asked: list[tuple[str, ...]]) -> None:
    reports = []
    for _ in range(2):
        with Scanner(ScanOptions(cache=tmp_path)) as scanner:
            reports.append(plain(scanner.scan(folder / "candidate", folder / "original")))
    assert reports[0] == reports[1]
    assert asked == [("a.c",), ("whole.c",)]


def test_an_index_makes_the_forms_that_the_cache_does_not_have(folder: Path, tmp_path: Path) -> None:
    with Scanner(ScanOptions(cache=tmp_path / "cache")) as scanner:
        scanner.scan(folder / "candidate", folder / "original")
        scanner.write_index(tmp_path / "warm.sdx", folder / "original")
    with Scanner() as scanner:
        scanner.write_index(tmp_path / "cold.sdx", folder / "original")
    assert (tmp_path / "warm.sdx").read_bytes() == (tmp_path / "cold.sdx").read_bytes()


def test_functions_whose_form_cannot_be_made_are_not_aligned_and_the_report_says_so(
    scanner: Scanner, folder: Path
) -> None:
    with mock.patch.object(TreeForms, "_new", lambda *_: iter(())):
        report = scanner.scan(folder / "candidate", folder / "original")
    assert any("functions aligned with gaps" in warning for warning in report.warnings)
    assert Layer.STRUCTURAL not in {evidence.layer for evidence in report.findings[0].evidence}


def test_a_file_that_fails_takes_no_other_with_it(scanner: Scanner, folder: Path) -> None:
    tree = scanner.index(folder / "original")
    assert isinstance(tree.forms, TreeForms)
    whole = WorkerPool.map

    def failing(self: WorkerPool, function: object, tasks: Sequence[Batch], *limits: float) -> Iterator[object]:
        for task, outcome in zip(tasks, whole(self, function, tasks, *limits), strict=True):  # type: ignore[call-overload]
            is_bad = any(b"other1" in content for content in task.contents)
            yield Failure("timeout", "") if is_bad else outcome

    with mock.patch.object(WorkerPool, "map", failing):
        made = tree.forms.make([file.path for file in tree.files], math.inf)
    assert set(made) == {"other0.c", "other2.c", "whole.c"}


def test_what_a_worker_makes_up_is_not_believed(scanner: Scanner, folder: Path) -> None:
    tokens = scanner.index(folder / "original").files[0].tokens
    u32 = np.arange(100_000, dtype=np.uint32)
    repeated = Rewrites(np.zeros_like(u32), np.full_like(u32, 1 << 20), np.zeros(len(u32), np.uint64), u32[:0], u32[:0])
    assert forms._fitted(tokens, repeated) is None
    assert forms._fitted(tokens, None) is None  # type: ignore[arg-type]


def test_a_tree_without_files_has_all_its_forms(scanner: Scanner, folder: Path) -> None:
    tree = scanner.index(folder / "original")
    empty = AnalysedTree(replace(tree.tree, files=()), (), forms=tree.forms)
    assert formed(empty, math.inf).forms is None
