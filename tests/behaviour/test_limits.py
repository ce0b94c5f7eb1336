"""Limits: each can be set on the command line, is recorded when it is hit, and never makes a scan look clean."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from simdetect import OptionsError, Scanner, ScanOptions, Verdict
from simdetect.cli.group import cli
from simdetect.cli.scan import scan as scan_command
from simdetect.model import ScanReport, Side, SkipReason
from simdetect.running import WorkerPool
from tests import DEMO, ROOT

MAIN = (DEMO / "independent" / "furlong.c").read_bytes()
# Options that bound what a report lists or what counts as a match, not what a scan may use up.
NO_RESOURCES = {"max_gap_tokens", "max_postings", "max_evidence", "max_originals"}


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1, 4 << 30) as pool:
        yield pool


def scan(pool: WorkerPool, candidate: Path, original: Path = DEMO / "original", **limits: float) -> ScanReport:
    scanner = Scanner(ScanOptions(**limits), pool)  # type: ignore[arg-type]
    report = scanner.scan(candidate, original)
    assert report.candidate.n_discovered == len(report.findings) + sum(
        entry.side is Side.CANDIDATE for entry in report.skipped
    )
    return report


def reasons(report: ScanReport, side: Side = Side.CANDIDATE) -> dict[str, SkipReason]:
    return {entry.path: entry.reason for entry in report.skipped if entry.side is side}


@pytest.fixture(scope="module")
def independent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate in which nothing is found as long as all of it is analysed."""
    folder = tmp_path_factory.mktemp("independent")
    (folder / "main.c").write_bytes(MAIN)
    (folder / "sub").mkdir()
    (folder / "sub" / "zero.c").write_bytes(b"int zero(void) { return 0; }\n")
    return folder


def packed(folder: Path, target: Path) -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.add(folder, ".")
    target.write_bytes(buffer.getvalue())
    return target


def test_without_hitting_a_limit_nothing_is_found(pool: WorkerPool, independent: Path, tmp_path: Path) -> None:
    assert scan(pool, independent).summary.verdict is Verdict.NO_EVIDENCE
    assert scan(pool, packed(independent, tmp_path / "c.tgz")).summary.verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("limits", "path", "reason"),
    [
        ({"max_files": 1}, "sub/zero.c", SkipReason.LIMIT),
        ({"max_total_bytes": len(MAIN)}, "sub/zero.c", SkipReason.LIMIT),
        ({"max_code_bytes": len(MAIN)}, "sub/zero.c", SkipReason.LIMIT),
        ({"max_path_bytes": 2}, "sub", SkipReason.LIMIT),
        ({"max_file_bytes": len(MAIN) - 1}, "main.c", SkipReason.TOO_LARGE),
    ],
)
def test_what_a_limit_leaves_out_is_listed_and_nothing_found_is_inconclusive(
    pool: WorkerPool, independent: Path, limits: dict[str, int], path: str, reason: SkipReason
) -> None:
    report = scan(pool, independent, **limits)
    assert reasons(report)[path] is reason
    assert report.summary.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("limits", [{"max_archive_members": 1}, {"max_archive_bytes": len(MAIN)}])
def test_limits_of_archives_make_nothing_found_inconclusive(
    pool: WorkerPool, independent: Path, tmp_path: Path, limits: dict[str, int]
) -> None:
    report = scan(pool, packed(independent, tmp_path / "c.tgz"), **limits)
    assert SkipReason.LIMIT in reasons(report).values()
    assert report.summary.verdict is Verdict.INCONCLUSIVE


def test_a_file_that_was_not_parsed_makes_nothing_found_inconclusive(pool: WorkerPool, independent: Path) -> None:
    report = scan(pool, independent, max_parse_bytes=len(MAIN) - 1)
    assert next(found for found in report.findings if found.candidate == "main.c").degraded
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "main.c" in report.summary.reason


def test_a_tree_that_costs_too_much_makes_nothing_found_inconclusive(pool: WorkerPool, tmp_path: Path) -> None:
    """At once and always, not by a limit of seconds: units would be looked for during half a minute."""
    (tmp_path / "main.c").write_bytes(MAIN)
    (tmp_path / "open.c").write_bytes(b"int x = " + b"(" * 200_000)
    report = scan(pool, tmp_path)
    degraded = {found.candidate: found.degraded for found in report.findings if found.degraded}
    assert degraded == {"open.c": "cost: too many leaves without a name in a row"}
    assert report.summary.verdict is Verdict.INCONCLUSIVE


def test_a_file_whose_time_is_over_twice_is_listed(pool: WorkerPool, tmp_path: Path) -> None:
    # A small one may be done before anybody looks at the clock.
    (tmp_path / "main.c").write_bytes(MAIN * (1 + 4_000_000 // len(MAIN)))
    report = scan(pool, tmp_path, limit_seconds=1e-9)
    assert reasons(report)["main.c"] is SkipReason.ANALYSIS_FAILED
    assert report.summary.verdict is Verdict.INCONCLUSIVE


def test_when_the_time_of_the_scan_is_over_the_rest_is_listed(pool: WorkerPool, independent: Path) -> None:
    report = scan(pool, independent, limit_total_seconds=1e-9)
    assert reasons(report) == {"main.c": SkipReason.LIMIT, "sub/zero.c": SkipReason.LIMIT}
    assert set(reasons(report, Side.ORIGINAL).values()) >= {SkipReason.LIMIT}
    assert report.summary.verdict is Verdict.INCONCLUSIVE


def test_a_limit_on_the_original_s_side_makes_nothing_found_inconclusive(pool: WorkerPool, independent: Path) -> None:
    report = scan(pool, independent, max_files=8)
    assert not [path for path, reason in reasons(report).items() if reason is SkipReason.LIMIT]
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "of the original" in report.summary.reason


def test_evidence_that_was_found_stays_evidence_whatever_was_left_out(pool: WorkerPool, tmp_path: Path) -> None:
    (tmp_path / "a.c").write_bytes((DEMO / "submission" / "main.c").read_bytes())
    (tmp_path / "z.c").write_bytes(MAIN)
    report = scan(pool, tmp_path, max_code_bytes=(tmp_path / "a.c").stat().st_size)
    assert reasons(report) == {"z.c": SkipReason.LIMIT}
    assert report.summary.verdict is Verdict.EVIDENCE


def test_tasks_that_come_after_the_deadline_are_not_run(pool: WorkerPool) -> None:
    found = list(pool.map(abs, [-1, -2], 5.0, 0.0))
    assert [failure.reason for failure in found] == ["deadline", "deadline"]  # type: ignore[union-attr]
    assert list(pool.map(abs, [-1, -2], 5.0)) == [1, 2]


# --- the command line ----------------------------------------------------------------------------------------------


def limits() -> list[str]:
    names = [field.name for field in fields(ScanOptions)]
    return [name for name in names if name.startswith(("max_", "limit_")) and name not in NO_RESOURCES]


def test_every_limit_is_an_option_whose_help_states_the_default() -> None:
    help_by_option = {option: getattr(p, "help", "") for p in scan_command.params for option in p.opts}
    for name in limits():
        assert "[default: " in (help_by_option[f"--{name.replace('_', '-')}"] or ""), name


def test_every_limit_has_a_default_in_the_docs() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    for name in limits():
        assert f"| `{name}` | `--{name.replace('_', '-')}` |" in text, name


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5.2", "16MM", "", "1e9", "½M"])
def test_what_is_no_size_is_one_line(text: str) -> None:
    result = CliRunner().invoke(cli, ["scan", "a", "b", "--max-file-bytes", text])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "n_bytes"), [("500", 500), ("1k", 1024), ("1.5M", 3 << 19), ("2GiB", 2 << 30), ("1 TB", 1 << 40)]
)
def test_sizes_are_written_with_letters(monkeypatch: pytest.MonkeyPatch, text: str, n_bytes: int) -> None:
    seen: list[ScanOptions] = []
    monkeypatch.setattr("simdetect.scanning.scanner.scan", lambda *_, options, **__: seen.append(options))
    CliRunner().invoke(cli, ["scan", "a", "b", "--max-file-bytes", text])
    assert seen[0].max_file_bytes == n_bytes


@pytest.mark.parametrize("jobs", [1025, 10**20, 10**400, float("inf"), float("nan")])
def test_more_processes_than_a_machine_has_are_refused(jobs: int) -> None:
    with pytest.raises(OptionsError, match="jobs must be"):
        ScanOptions(jobs=jobs)
