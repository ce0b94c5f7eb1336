"""Where reports go: formats, files, standard output."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simdetect.cli.group import cli
from simdetect.report import FORMATS, load_report, render
from tests import builders
from tests.cli.command_line import Pipeline, complaint, run


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_goes_to_standard_output(pipeline: Pipeline, format: str) -> None:
    assert run("scan", "a", "b", "--format", format).stdout_bytes == render(pipeline.answer, format).encode()


def test_reports_go_to_several_files_at_once(pipeline: Pipeline, tmp_path: Path) -> None:
    html, data, text = tmp_path / "r.html", tmp_path / "r.json", tmp_path / "r.txt"
    result = run("scan", "a", "b", "--html", str(html), "--json", str(data), "-o", str(text))
    assert (result.exit_code, result.stdout) == (1, "")
    assert html.read_text(encoding="utf-8") == render(pipeline.answer, "html")
    assert load_report(data.read_text(encoding="utf-8")) == pipeline.answer
    assert text.read_text(encoding="utf-8") == render(pipeline.answer, "text")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("name", "format"), [("r.json", "json"), ("r.HTML", "html"), ("r.md", "markdown"), ("r", "text")]
)
def test_the_suffix_of_the_output_file_chooses_the_format(
    pipeline: Pipeline, tmp_path: Path, name: str, format: str
) -> None:
    run("scan", "a", "b", "-o", str(tmp_path / name))
    assert (tmp_path / name).read_text(encoding="utf-8") == render(pipeline.answer, format)


def test_a_sarif_report_goes_to_its_file_with_the_folder_of_the_candidate(pipeline: Pipeline, tmp_path: Path) -> None:
    target = tmp_path / "r.sarif"
    assert run("scan", "a", "b", "--sarif", str(target), "--path-prefix", "sub").exit_code == 1
    assert target.read_text() == render(pipeline.answer, "sarif", prefix="sub")


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pipeline")
def test_a_failed_write_leaves_the_old_report_and_no_debris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "r.json"
    target.write_text("old")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert "No space left" in complaint(run("scan", "a", "b", "-o", str(target)))
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


@pytest.mark.usefixtures("pipeline")
def test_output_files_have_ordinary_permissions_and_keep_those_they_had(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        target = tmp_path / "r.json"
        run("scan", "a", "b", "-o", str(target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o644
        target.chmod(0o600)
        run("scan", "a", "b", "-o", str(target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    finally:
        os.umask(old)


@pytest.mark.usefixtures("pipeline")
def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    run("scan", "a", "b", "-o", str(tmp_path / "link.json"))
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text().startswith("{")


@pytest.mark.usefixtures("pipeline")
def test_a_device_is_written_to_and_not_replaced() -> None:
    assert run("scan", "a", "b", "-o", os.devnull).exit_code == 1
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


# --- standard output -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pipeline")
def test_a_terminal_without_unicode_gets_plain_characters() -> None:
    result = CliRunner(charset="ascii").invoke(cli, ["scan", "a", "b"])
    assert result.exit_code == 1
    assert "src/hash.c:12-20  <->  lib/table.c:40-48" in result.stdout


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    findings = tuple(builders.silent_finding(f"src/{i}.c") for i in range(3000))
    stored = tmp_path / "large.json"
    stored.write_text(render(builders.report(findings=findings), "json"))
    command = f"{sys.executable} -m simdetect show {stored} --format json | head -c 10; echo ${{PIPESTATUS[0]}} >&2"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == "0\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_reported(stored: str) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        command = [sys.executable, "-m", "simdetect", "show", stored]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "simdetect: cannot write to standard output: No space left on device\n",
    )
