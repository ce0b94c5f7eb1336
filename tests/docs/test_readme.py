"""The README: every command in it runs, what it shows is what the program says, what it links to exists."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from dulwich import porcelain

from tests import DEMO, ROOT

README = (ROOT / "README.md").read_text()
EXIT_CODES = {
    "scan": {1},
    "show": {0},
    "languages": {0},
    "index": {0},
    "cache": {0},
    "audit": {1},
    "search": {1},
    "power": {0},
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def commands() -> list[str]:
    return [line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything the README's commands name."""
    made = tmp_path_factory.mktemp("readme")
    shutil.copytree(DEMO, made / "fixtures" / "demo")
    shutil.copytree(DEMO / "submission", made / "submission")
    shutil.copytree(DEMO / "independent", made / "another")
    shutil.copytree(DEMO / "original", made / "upstream")
    (made / "docs").mkdir()
    shutil.copy(DEMO / "original" / "README.md", made / "docs")
    with tarfile.open(made / "upstream.tar.gz", "w:gz") as archive:
        archive.add(made / "upstream", "upstream")
    instance = made / "run" / "acme__furlong.1234567"
    shutil.copytree(DEMO / "submission", instance / "submission")
    shutil.copytree(DEMO / "original", made / "originals" / instance.name)
    repository = porcelain.init(str(made / "upstream"))
    porcelain.add(repository, [str(path) for path in (made / "upstream").rglob("*.[ch]")])
    who = b"A U Thor <author@example.org>"
    porcelain.commit(repository, message=b"first", author=who, committer=who)
    porcelain.tag_create(repository, b"v1.2")
    repository.close()
    return made


def test_there_are_commands_to_test() -> None:
    assert "make demo" in commands() and "make test" in commands()
    assert len(commands()) >= 10


def test_make_demo_and_make_test_lead() -> None:
    assert commands()[:2] == ["make demo", "make test"]


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
@pytest.mark.parametrize("command", [command for command in commands() if command.startswith("make")])
def test_every_make_target_is_there(command: str) -> None:
    """Not run here: `make test` runs these tests, and .ci/run runs both on a clean machine."""
    done = subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_runs_as_written(folder: Path) -> None:
    """In order, in one folder: later ones read what earlier ones wrote."""
    for command in [command for command in commands() if not command.startswith("make")]:
        program, *arguments = shlex.split(command)
        assert program == "simdetect"
        done = subprocess.run(
            [sys.executable, "-m", program, *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        expected = {0} if "no evidence" in comment_on(command) else EXIT_CODES[arguments[0]]
        assert done.returncode in expected, f"{command}: {done.stdout[:500]}{done.stderr}"
        assert done.stderr == ""
    assert {"report.html", "report.json", "report.md", "report.csv"} <= {path.name for path in folder.iterdir()}


def comment_on(command: str) -> str:
    line = next(line for block in blocks("sh") for line in block.splitlines() if line.startswith(command))
    return line.partition("  #")[2]


@pytest.mark.parametrize("code", blocks("python"))
def test_the_library_example_runs(code: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("evidence ")
    assert rest == ["submission/ evidence", "another/ no-evidence"]


def test_what_it_shows_is_what_the_program_says() -> None:
    """When this fails: make golden, and read the difference."""
    assert script("update_readme").updated(README) == README


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_link_leads_to_a_file() -> None:
    for text, base in ((README, ROOT), *((path.read_text(), path.parent) for path in (ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            assert "://" in target or (base / target).exists(), target


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    section = README.split("## Dependencies")[1].split("\n## ")[0]
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=]", requirement)[0]
        assert name.startswith("tree-sitter") or name in section, name


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_make_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "-C", str(ROOT)], capture_output=True, text=True, check=True, env=os.environ
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert phony is not None
    for target in phony[1].split():
        assert re.search(rf"^make {target} +\w", listed, re.M), target
