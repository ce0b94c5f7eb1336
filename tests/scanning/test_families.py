"""Several revisions of one original: the best of them is what a candidate is compared with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo

from simdetect import Scanner, ScanOptions, ScanReport, Verdict
from simdetect.report import FORMATS, load_report, render
from tests import DEMO

AUTHOR = b"a <a@b.c>"
CANDIDATE = DEMO / "submission"
OPTIONS = ScanOptions()
# The first release has little of what the demo's submission recalls.
FIRST = (
    "#include <stdio.h>\n\nint add_all(const int *values, int count)\n{\n    int total = 0;\n    int at;\n"
    "    for (at = 0; at < count; at++) {\n        if (values[at] > 0)\n            total += values[at];\n"
    '    }\n    printf("%d\\n", total);\n    return total;\n}\n'
)


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    with Scanner(OPTIONS) as made:
        yield made


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the releases v1.0, a small program, and v2.0, the demo's original."""
    folder = tmp_path_factory.mktemp("releases") / "upstream"
    folder.mkdir()
    repository = Repo.init(folder)
    (folder / "add.c").write_text(FIRST)
    _release(repository, folder, b"v1.0")
    for file in (DEMO / "original").rglob("*"):
        if file.is_file():
            target = folder / file.relative_to(DEMO / "original")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    _release(repository, folder, b"v2.0")
    return folder


def _release(repository: Repo, folder: Path, tag: bytes) -> None:
    porcelain.add(repository, [str(file) for file in folder.rglob("*") if file.is_file() and ".git" not in file.parts])
    porcelain.commit(repository, message=tag, author=AUTHOR, committer=AUTHOR)
    porcelain.tag_create(repository, tag, author=AUTHOR, message=tag, annotated=False)


def said(report: ScanReport) -> ScanReport:
    """A report but for what it says of revisions and of the run."""
    reason = report.summary.reason.partition(" Of 2 revisions")[0]
    return replace(report, run={}, revisions=(), summary=replace(report.summary, reason=reason))


def test_two_releases_of_one_original_come_to_what_the_better_one_alone_does(
    scanner: Scanner, repository: Path
) -> None:
    alone = scanner.scan(CANDIDATE, f"{repository}@v2.0")
    assert alone.summary.verdict is Verdict.EVIDENCE
    for releases in (("v1.0", "v2.0"), ("v2.0", "v1.0")):
        both = scanner.scan(CANDIDATE, *(f"{repository}@{release}" for release in releases))
        assert said(both) == said(alone)
        assert [(own.label, own.is_best) for own in both.revisions] == [
            (f"upstream@{release}", release == "v2.0") for release in releases
        ]
    assert {own.source for own in both.revisions} == {0}
    best, other = both.revisions
    assert (best.verdict, best.probability, best.bits) == (
        alone.summary.verdict, alone.summary.probability, alone.summary.bits
    )  # fmt: skip
    assert other.verdict is Verdict.NO_EVIDENCE and other.bits < best.bits


def test_where_no_release_is_evidence_two_of_them_are_none_either(scanner: Scanner, repository: Path) -> None:
    alone = [scanner.scan(repository / "add.c", f"{repository}@{release}") for release in ("v1.0", "v2.0")]
    both = scanner.scan(repository / "add.c", f"{repository}@v1.0", f"{repository}@v2.0")
    assert said(both) in [said(report) for report in alone]
    assert both.summary.probability == max(report.summary.probability or 0 for report in alone)


def test_the_same_tree_given_twice_is_one_original(scanner: Scanner) -> None:
    once, twice = scanner.scan(CANDIDATE, DEMO / "original"), scanner.scan(CANDIDATE, *[DEMO / "original"] * 2)
    assert said(twice) == said(once)
    assert [own.is_best for own in twice.revisions] == [True, False]


def test_a_work_tree_and_a_revision_of_its_repository_are_one_family(scanner: Scanner, repository: Path) -> None:
    report = scanner.scan(CANDIDATE, repository, f"{repository}@v1.0")
    assert len(report.originals) == 1 and len(report.revisions) == 2


def test_folders_without_a_repository_are_one_family_when_somebody_says_so(scanner: Scanner, tmp_path: Path) -> None:
    (tmp_path / "add.c").write_text(FIRST)
    originals = tmp_path, DEMO / "original"
    assert len(scanner.scan(CANDIDATE, *originals).originals) == 2
    report = scanner.scan(CANDIDATE, *originals, same_family=True)
    assert said(report) == said(scanner.scan(CANDIDATE, DEMO / "original"))


def test_two_folders_of_one_revision_are_two_programs(scanner: Scanner, tmp_path: Path) -> None:
    repository = Repo.init(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "add.c").write_text(FIRST.replace("total", name))
    _release(repository, tmp_path, b"v1")
    report = scanner.scan(CANDIDATE, f"{tmp_path}@v1:one", f"{tmp_path}@v1:two")
    assert len(report.originals) == 2 and not report.revisions
    assert len(scanner.scan(CANDIDATE, f"{tmp_path}@v1:one", f"{tmp_path}@HEAD:one").originals) == 1


def test_beside_another_original_the_best_revision_stands_for_its_family(
    scanner: Scanner, repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.c").write_text(FIRST.replace("add_all", "sum_of"))
    report = scanner.scan(CANDIDATE, f"{repository}@v1.0", tmp_path, f"{repository}@v2.0")
    alone = scanner.scan(CANDIDATE, f"{repository}@v2.0", tmp_path)
    assert [original.label for original in report.originals] == ["upstream@v2.0", tmp_path.name]
    assert said(report) == said(alone)


def test_an_index_knows_which_of_its_originals_are_one_family(
    scanner: Scanner, repository: Path, tmp_path: Path
) -> None:
    revisions = [f"{repository}@{release}" for release in ("v1.0", "v2.0")]
    scanner.write_index(tmp_path / "both.sdx", *revisions)
    assert said(scanner.scan(CANDIDATE, tmp_path / "both.sdx")) == said(scanner.scan(CANDIDATE, *revisions))
    for number, revision in enumerate(revisions):
        scanner.write_index(tmp_path / f"{number}.sdx", revision)
    apart = scanner.scan(CANDIDATE, tmp_path / "0.sdx", tmp_path / "1.sdx")
    assert said(apart) == said(scanner.scan(CANDIDATE, *revisions))


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_names_the_best_revision(scanner: Scanner, repository: Path, format: str) -> None:
    report = scanner.scan(CANDIDATE, f"{repository}@v1.0", f"{repository}@v2.0")
    text = render(report, format)
    assert "upstream@v2.0" in text.replace("@<!-- -->", "@")
    assert "2 revisions" in text


def test_a_report_with_revisions_is_read_back(scanner: Scanner, repository: Path) -> None:
    report = scanner.scan(CANDIDATE, f"{repository}@v1.0", f"{repository}@v2.0")
    text = render(report, "json")
    assert [own.label for own in load_report(text).revisions] == ["upstream@v1.0", "upstream@v2.0"]
    assert render(load_report(text), "json") == text
