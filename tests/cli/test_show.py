"""`simdetect show`: stored reports, with and without the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from simdetect.report import FORMATS, render
from tests import DEMO, builders
from tests.cli.command_line import complaint, run, unpacked_code


@pytest.mark.parametrize("format", FORMATS)
def test_show_renders_what_scan_would_have(stored: str, format: str) -> None:
    result = run("show", stored, "--format", format)
    assert result.exit_code == 0
    assert result.stdout_bytes == render(builders.rich_report(), format).encode()


def test_show_reads_standard_input(stored: str) -> None:
    assert run("show", "-", input=Path(stored).read_bytes()).stdout.startswith("EVIDENCE FOUND")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "not valid JSON"),
        (b"\xff\xfe{", "not UTF-8"),
        (b"{}", 'no "schema"'),
        (b'{"schema": "simdetect.report/9"}', "newer simdetect"),
        (None, "cannot read: No such file"),
    ],
)
def test_show_refuses_what_is_not_a_report(tmp_path: Path, content: bytes | None, part: str) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    message = complaint(run("show", str(path)))
    assert message.startswith(f"{path}: ") and part in message


def test_show_refuses_a_directory(tmp_path: Path) -> None:
    assert "cannot read: Is a directory" in complaint(run("show", str(tmp_path)))


def test_one_finding_is_shown_side_by_side(stored: str) -> None:
    text = run("show", stored, "--finding", "2").stdout
    assert text.startswith("2. src/list.c\n") and "int list_len(List *l)" in text
    assert "there is no finding 9: they are numbered 1 to 2" in complaint(run("show", stored, "--finding", "9"))
    assert "--finding shows text" in complaint(run("show", stored, "--finding", "1", "--format", "html"))


def test_the_html_of_a_scan_holds_all_code_and_that_of_a_stored_report_when_the_sources_are_given(
    trees: tuple[str, str], tmp_path: Path
) -> None:
    page, stored, again = tmp_path / "r.html", tmp_path / "r.json", tmp_path / "again.html"
    run("scan", *trees, "--html", str(page), "--json", str(stored))
    assert (DEMO / "submission" / "main.c").read_text().splitlines()[300] in unpacked_code(page.read_text())
    sources = ("--candidate", trees[0], "--original", trees[1])
    assert run("show", str(stored), *sources, "-o", str(again)).exit_code == 0
    assert again.read_text() == page.read_text()
    without = run("show", str(stored), "--format", "html").stdout
    assert len(unpacked_code(without)) < len(unpacked_code(page.read_text())) / 2


def test_sources_that_are_not_those_of_the_report_are_refused(trees: tuple[str, str], tmp_path: Path) -> None:
    stored = tmp_path / "r.json"
    run("scan", *trees, "--json", str(stored))
    Path(trees[0], "main.c").write_text("int x;\n")
    message = complaint(run("show", str(stored), "--candidate", trees[0]))
    assert "is not the candidate of this report: its digest differs" in message
    assert "is not an original of this report" in complaint(run("show", str(stored), "--original", trees[0]))
