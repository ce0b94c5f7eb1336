"""The same inputs give the same bytes in every format, whatever differs around the scan."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import DEMO, ROOT

SCRIPT = ROOT / "scripts" / "report_digests.py"
ENVIRONMENTS = sorted((ROOT / "build" / "pythons").glob("*/complete"))


def digests(
    root: Path = ROOT / "fixtures", *, jobs: int = 1, python: str = sys.executable, **environment: str
) -> dict[str, str]:
    """Digests of the report on the demo, by format. root: the folder that holds it."""
    command = [python, str(SCRIPT), "--jobs", str(jobs), "demo/submission", "demo/original"]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    return digests()


def test_the_number_of_workers_and_the_hash_seed(expected: dict[str, str]) -> None:
    assert digests(jobs=3, PYTHONHASHSEED="12345") == expected


@pytest.mark.parametrize("locale", ["C", "tr_TR.UTF-8", "de_DE.ISO-8859-1"])
def test_the_locale(expected: dict[str, str], locale: str) -> None:
    assert digests(LC_ALL=locale, LANG=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") == expected


def test_the_time_zone(expected: dict[str, str]) -> None:
    assert digests(TZ="Pacific/Kiritimati") == expected


def test_the_absolute_path_and_the_order_dates_and_modes_of_files(expected: dict[str, str], tmp_path: Path) -> None:
    root = tmp_path / "a folder with blanks" / "x"
    for number, path in enumerate(sorted(DEMO.rglob("*"), reverse=True)):
        if path.is_file():
            target = root / "demo" / path.relative_to(DEMO)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod((0o600, 0o755)[number % 2])
            os.utime(target, (number, number))
    assert digests(root) == expected


@pytest.mark.skipif(not ENVIRONMENTS, reason="'make pythons' makes environments of other Pythons")
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda path: path.parent.name)
def test_the_version_of_python(expected: dict[str, str], environment: Path) -> None:
    python = str(environment.parent / "bin" / "python")
    assert digests(python=python, PYTHONPATH=str(ROOT / "src")) == expected


def test_another_input_gives_other_bytes(expected: dict[str, str], tmp_path: Path) -> None:
    """That the digests can differ at all."""
    shutil.copytree(DEMO, tmp_path / "demo")
    with (tmp_path / "demo" / "submission" / "main.c").open("a") as file:
        file.write("int one_more(int x) { return x + 1; }\n")
    assert digests(tmp_path)["json"] != expected["json"]
