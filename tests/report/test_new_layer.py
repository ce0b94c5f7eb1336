"""A layer that does not exist: a member and its row are all that it takes for every format to show it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simdetect.model import FoundIn
from tests import ROOT

PACKAGE = ROOT / "src" / "simdetect"
MEMBER = '    HUMMING = "humming"\n'
ROW = """    LayerRow(
        Layer.HUMMING,
        kind="humming",
        meaning="hums the same tune",
        help="The candidate hums what the original hums.",
        noun="{noun}",
        feature="humming",
        colour="order",
        found_in=FoundIn.{found_in},
        since=5,
    ),
"""


def package_with_one_more(folder: Path, found_in: FoundIn) -> None:
    """The package below `folder`, with a layer at the end of the list: of links, but for what has to differ."""
    copy = folder / "simdetect"
    copy.mkdir()
    for entry in PACKAGE.iterdir():
        if entry.name in ("model", "report"):
            shutil.copytree(entry, copy / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif entry.name != "__pycache__":
            (copy / entry.name).symlink_to(entry)
    table = copy / "model" / "layers.py"
    noun = "token" if found_in is FoundIn.CODE else "tune"
    text, n_members = re.subn(
        r"(class Layer\(StrEnum\):.*?)(\n\n\n)", rf"\1\n{MEMBER}\2", table.read_text(), flags=re.S
    )
    text, n_rows = re.subn(r"\n\)\nLAYERS: ", rf"\n{ROW.format(noun=noun, found_in=found_in.name)})\nLAYERS: ", text)
    assert n_members == n_rows == 1
    table.write_text(text)


def run(folder: Path, *arguments: str) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("found_in", FoundIn)
def test_a_member_and_its_row_are_all_that_every_format_needs(tmp_path: Path, found_in: FoundIn) -> None:
    package_with_one_more(tmp_path, found_in)
    shipped = (PACKAGE / "report" / "schema.json").read_bytes()
    assert "2 schemas differ" in run(tmp_path, "scripts/update_schema.py")
    said = run(
        tmp_path, "-m", "pytest", "-p", "no:cacheprovider", "-vv", "-k", "humming", "tests/report/test_contract.py"
    )
    passed = set(re.findall(r"::(test_\w+)\[humming\] PASSED", said))
    assert {"test_text", "test_json_and_back", "test_html", "test_sarif", "test_csv", "test_markdown"} <= passed
    assert {"test_the_summary_of_an_audit", "test_one_finding"} <= passed
    assert (PACKAGE / "report" / "schema.json").read_bytes() == shipped
