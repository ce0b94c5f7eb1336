"""Code inside other files, from the input to the formats of a report; on both sides, and through an index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simdetect import Scanner, ScanOptions, Verdict
from simdetect.model import ScanReport, Side
from simdetect.report import render
from simdetect.report.source_texts import SourceTexts
from simdetect.sources import read_tree
from tests import DEMO
from tests.cli.command_line import run

ORIGINAL = DEMO / "original"
FILES = {path.name: path.read_text() for path in sorted((ORIGINAL / "src").glob("*.c"))[:3]}
HEREDOCS = "#!/bin/sh\nset -e\n" + "".join(f"cat > src/{name} <<'END'\n{text}END\n" for name, text in FILES.items())


def say(line: str) -> str:
    return "echo '" + line.replace("'", "'\\''") + "'"


ECHOS = "#!/bin/bash\n" + "".join(
    f"{say(line)} >> src/{name}\n" for name, text in FILES.items() for line in text.splitlines()
)
DOCKERFILE = "FROM gcc\n" + "".join(f"COPY <<'END' /src/{name}\n{text}END\n" for name, text in FILES.items())


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner(ScanOptions(jobs=1)) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "text"), [("compile.sh", HEREDOCS), ("compile.sh", ECHOS), ("Dockerfile", DOCKERFILE), ("run", HEREDOCS)]
)
def test_a_script_that_holds_the_original_is_evidence_on_its_own_lines(
    name: str, text: str, tmp_path: Path, scanner: Scanner
) -> None:
    (tmp_path / name).write_text(text)
    report = scanner.scan(tmp_path, ORIGINAL)
    assert report.summary.verdict is Verdict.EVIDENCE
    assert report.summary.n_flagged_files == len(FILES)
    assert report.summary.candidate_coverage > 0.9
    lines = text.split("\n")
    for finding in report.findings[: len(FILES)]:
        assert finding.holder == name
        excerpt = next(piece.excerpt for piece in finding.evidence if piece.excerpt)
        shown = [line.strip() for line in excerpt.candidate if line.strip() and "'" not in line and len(line) < 200]
        held = lines[excerpt.candidate_line - 1 : excerpt.candidate_line - 1 + len(excerpt.candidate)]
        assert all(any(line in own for own in held) for line in shown)


def test_the_original_may_be_a_script(tmp_path: Path, scanner: Scanner) -> None:
    (tmp_path / "original").mkdir()
    (tmp_path / "original" / "compile.sh").write_text(HEREDOCS)
    (tmp_path / "candidate").mkdir()
    (tmp_path / "candidate" / "a.c").write_text("".join(FILES.values()))
    report = scanner.scan(tmp_path / "candidate", tmp_path / "original")
    assert report.summary.verdict is Verdict.EVIDENCE
    scanner.write_index(tmp_path / "a.sdx", tmp_path / "original")
    again = scanner.scan(tmp_path / "candidate", tmp_path / "a.sdx")
    assert again.findings == report.findings
    assert "compile.sh!src/" in again.findings[0].originals[0].original


def scanned(folder: Path, name: str, text: str, scanner: Scanner) -> ScanReport:
    (folder / name).write_text(text)
    return scanner.scan(folder, ORIGINAL)


def test_every_format_shows_files_in_files(tmp_path: Path, scanner: Scanner) -> None:
    folder = tmp_path / "candidate"
    folder.mkdir()
    report = scanned(folder, "compile.sh", HEREDOCS, scanner)
    trees = [
        read_tree(path, side, ScanOptions()) for path, side in ((folder, Side.CANDIDATE), (ORIGINAL, Side.ORIGINAL))
    ]
    texts = SourceTexts.checked(report, trees[0], trees[1:])
    path = report.findings[0].candidate
    assert path in render(report, "text")
    assert path in render(report, "html", texts=texts)
    assert path in render(report, "csv")
    (tmp_path / "report.json").write_text(render(report, "json"))
    arguments = ["--finding", "1", "--candidate", str(folder), "--original", str(ORIGINAL)]
    shown = run("show", str(tmp_path / "report.json"), *arguments)
    assert shown.exit_code == 0, shown.output
    assert path in shown.output


@pytest.mark.parametrize("form", ["script", "notebook"])
def test_sarif_points_into_the_file_on_the_disk(form: str, tmp_path: Path, scanner: Scanner) -> None:
    [(name, code), *_] = FILES.items()
    if form == "script":
        file = "compile.sh"
        said = json.dumps(code)[1:-1].replace("%", "%%").replace('\\"', '"').replace("'", "'\\''")
        text = f"set -e\nprintf '{said}' > {name}\n"
    else:
        cells = [{"cell_type": "code", "source": part.splitlines(True)} for part in code.split("\n\n")]
        file, text = "a.ipynb", json.dumps({"cells": cells, "metadata": {"language_info": {"name": "c"}}}, indent=1)
    report = scanned(tmp_path, file, text, scanner)
    results = json.loads(render(report, "sarif"))["runs"][0]["results"]
    first = results[0]["locations"][0]
    place = first["physicalLocation"]
    assert place["artifactLocation"]["uri"] == file
    n_lines = text.count("\n") + 1
    for result in results:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert 1 <= region["startLine"] <= region["endLine"] <= n_lines
    if form == "script":
        assert place["region"] == {"startLine": 2, "endLine": 2}
        assert first["logicalLocations"][0]["fullyQualifiedName"] == f"compile.sh!{name}"
    else:
        assert place["region"]["endLine"] - place["region"]["startLine"] > code.count("\n")
        assert "a.ipynb cell" in render(report, "text")
