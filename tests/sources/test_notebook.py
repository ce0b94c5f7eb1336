"""Code cells of notebooks are compared; a report says in which cell a line stands and on which line of the JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simdetect.model import LineSpan, Side, SkipReason, SourceFile, SourceTree
from simdetect.options import ScanOptions
from simdetect.report.words import candidate_location, span_in_holder
from simdetect.sources import read_tree
from simdetect.sources.embedded.notebook import unfold_notebook
from tests import builders
from tests.steps import assert_in_proportion, python_steps

PYTHON = ["import math\n\ndef area(r):\n    return math.pi * r ** 2\n", "for r in range(10):\n    print(area(r))"]
JULIA = ["function area(r)\n    return pi * r^2\nend", "for r in 1:10\n    println(area(r))\nend"]
RLANG = ["area <- function(r) {\n  pi * r^2\n}", "print(sapply(1:10, area))"]


def cell(text: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": text.splitlines(keepends=True), **more}


def notebook(cells: list[dict[str, Any]], name: str = "python", **more: Any) -> str:
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "of it"]}
    metadata = {"kernelspec": {"name": "any"}, "language_info": {"name": name}}
    return json.dumps({"cells": [prose, *cells], "metadata": metadata, "nbformat": 4, **more}, indent=1)


def read(folder: Path, text: str) -> SourceTree:
    (folder / "a.ipynb").write_text(text)
    return read_tree(folder, Side.CANDIDATE, ScanOptions())


def files(folder: Path, text: str) -> dict[str, SourceFile]:
    return {file.path: file for file in read(folder, text).files}


def place(file: SourceFile, line: int) -> tuple[str, int]:
    """Where a line of a notebook's code stands: as a report says it, and on the disk."""
    finding = builders.finding(file.path, places=file.places)
    span = LineSpan(line, line)
    return candidate_location(finding, span), span_in_holder(finding, span).start_line


@pytest.mark.parametrize(
    ("name", "cells"), [("python", PYTHON), ("julia", JULIA), ("C++17", ["int f();\n", "int g();"])]
)
def test_cells_are_one_file_that_knows_its_places(name: str, cells: list[str], tmp_path: Path) -> None:
    text = notebook([cell(source) for source in cells], name)
    found = files(tmp_path, text)["a.ipynb"]
    assert found.content.decode() == "\n\n".join(source.removesuffix("\n") for source in cells)
    code = found.content.decode().split("\n")
    for number, line in enumerate(code, 1):
        said, there = place(found, number)
        if line:
            assert json.dumps(line)[1:-1] in text.split("\n")[there - 1]
            first = cells[0].removesuffix("\n").count("\n") + 1
            expected = f"a.ipynb cell 2:{number}" if number <= first else f"a.ipynb cell 3:{number - first - 1}"
            assert said == expected


def test_a_notebook_on_one_line_has_cells_and_one_line(tmp_path: Path) -> None:
    text = json.dumps(json.loads(notebook([cell(source) for source in PYTHON])))
    assert place(files(tmp_path, text)["a.ipynb"], 7) == ("a.ipynb cell 3:2", 1)


def test_sources_may_be_one_string(tmp_path: Path) -> None:
    text = notebook([cell("", source=source) for source in PYTHON])
    found = files(tmp_path, text)["a.ipynb"]
    assert found.content.decode() == "\n\n".join(source.removesuffix("\n") for source in PYTHON)
    assert place(found, 4)[0] == "a.ipynb cell 2:4"


@pytest.mark.parametrize(
    "damage",
    [
        ('"import math\\n",', '"import math\\n'),  # a string without its end
        ('"import math\\n",', '"import \\q math\\n",'),
        ('"import math\\n",', "<<<<<<< HEAD\n"),
        ('"import math\\n",', "null, 7, {},"),
        ('"source": [\n    "import math\\n"', '"source": \n    "import math\\n"'),
    ],
)
def test_a_damaged_cell_takes_no_other_with_it(damage: tuple[str, str], tmp_path: Path) -> None:
    text = notebook([cell(source) for source in (*PYTHON, PYTHON[1].replace("area", "length"))])
    assert damage[0] in text
    found = files(tmp_path, text.replace(*damage, 1))["a.ipynb"]
    assert "print(area(r))" in found.content.decode()
    assert "print(length(r))" in found.content.decode()


def test_a_notebook_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = notebook([cell(source) for source in PYTHON])
    found = files(tmp_path, text[: text.index("range(10)") - 5])["a.ipynb"]
    assert "math.pi" in found.content.decode()


def test_a_cell_without_a_source_is_nothing(tmp_path: Path) -> None:
    text = notebook([cell(PYTHON[0]), cell("", source=None), {"cell_type": "code"}, cell(PYTHON[1])])
    found = files(tmp_path, text)["a.ipynb"]
    assert found.content.decode().count("area") == 2
    assert place(found, 7)[0] == "a.ipynb cell 5:2"


def test_an_unknown_kernel_is_no_reason_to_read_nothing(tmp_path: Path) -> None:
    script = (
        "import os\n\ndef area(r):\n    return r\n\nclass Circle:\n    def __init__(self, r):\n        self.r = r\n"
    )
    assert files(tmp_path, notebook([cell(script * 3)], "no such"))["a.ipynb"].language == "python"
    assert files(tmp_path, notebook([cell("<<>> ** <<>>")], "no such"))["a.ipynb"].language == "text-code"


def test_cells_of_other_languages_stand_beside(tmp_path: Path) -> None:
    ruby = "def area(r)\n  3.14 * r ** 2\nend\n"
    texts = [
        PYTHON[0],
        f"%%ruby\n{ruby}",
        f"%%writefile src/area.rb\n{ruby}# more",
        "%%html\n<b>x</b>",
        "%%time\nx = area(3)",
    ]
    found = files(tmp_path, notebook([cell(text) for text in texts]))
    assert {path: file.language for path, file in found.items()} == {
        "a.ipynb": "python",
        "a.ipynb!cells.rb": "ruby",
        "a.ipynb!src/area.rb": "ruby",
    }
    assert found["a.ipynb"].content.decode().split() == [*PYTHON[0].split(), "x", "=", "area(3)"]
    assert place(found["a.ipynb!cells.rb"], 2)[0] == "a.ipynb!cells.rb cell 3:2"


def test_a_notebook_without_code_is_no_code(tmp_path: Path) -> None:
    assert [(file.path, file.reason) for file in read(tmp_path, notebook([])).skipped] == [
        ("a.ipynb", SkipReason.NOT_CODE)
    ]


def test_format_three_calls_it_input(tmp_path: Path) -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": RLANG, "language": "python"}]}], "metadata": {}}
    assert "sapply" in files(tmp_path, json.dumps(old))["a.ipynb"].content.decode()


@pytest.mark.parametrize("unit", ["{", "[", '{"a":', '"', '{"cell_type": "code", "source": ["a"]},', "}", "],"])
def test_hostile_notebooks_take_time_with_their_size(unit: str) -> None:
    assert_in_proportion(lambda n: python_steps(lambda: unfold_notebook((unit * n).encode())), 400, unit)
