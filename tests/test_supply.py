"""What the package depends on: bounded, justified, locked."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from tests import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DEPENDENCIES = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCK = (ROOT / "requirements-dev.lock").read_text()


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def every_requirement() -> list[str]:
    return [*DEPENDENCIES, *(item for extra in EXTRAS.values() for item in extra), *PROJECT["build-system"]["requires"]]


@pytest.mark.parametrize("requirement", every_requirement())
def test_every_dependency_has_a_lower_and_an_upper_bound(requirement: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+>=[0-9.]+,<[0-9.]+", requirement)


def test_the_readme_justifies_every_dependency_and_no_other() -> None:
    section = (ROOT / "README.md").read_text().partition("## Dependencies")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ")][2:]
    justified = {name.strip() for row in rows for name in row.split(",")}
    grammars = {name_of(item) for item in DEPENDENCIES if name_of(item).startswith("tree-sitter")}
    named = {name for name in justified if not name.startswith("tree-sitter")}
    assert named == {name_of(item) for item in DEPENDENCIES} - grammars
    assert "tree-sitter and one package per grammar" in justified


def test_the_lock_file_has_every_dependency_with_digests() -> None:
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", LOCK, re.M))
    assert {name_of(item) for item in (*DEPENDENCIES, *EXTRAS["dev"], *EXTRAS["release"])} <= {*map(name_of, locked)}
    pinned = re.findall(r"^[A-Za-z0-9._-]+==", LOCK, re.M)
    assert len(pinned) == len(locked)


def test_the_lock_file_names_no_place_to_install_from() -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|^-", LOCK, re.M)


# --- the sdist -----------------------------------------------------------------------------------------------------


NOT_PACKED = "evaluation/"  # programs that a model rebuilt, and sessions: many files, and of use in a clone only


def test_the_sdist_has_every_file_that_is_in_version_control_but_the_evaluation_and_no_other() -> None:
    """`make dist DIST=--test` builds it and runs these tests from it; this is the cheap part."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository to compare with")
    from hatchling.builders.sdist import SdistBuilder

    tracked = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True)
    packed = {file.distribution_path for file in SdistBuilder(str(ROOT)).recurse_included_files()}
    names = {name for name in tracked.stdout.split("\0") if name and not name.startswith(NOT_PACKED)}
    assert packed - _untracked() == names


def test_neither_sdist_nor_wheel_holds_anything_of_the_evaluation() -> None:
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    for builder in (SdistBuilder(str(ROOT)), WheelBuilder(str(ROOT))):
        packed = [file.distribution_path for file in builder.recurse_included_files()]
        assert packed
        assert not [path for path in packed if "evaluation" in path.split("/")]


def test_no_check_formats_or_lints_the_evaluation() -> None:
    tool = PROJECT["tool"]
    assert "evaluation" in tool["ruff"]["extend-exclude"]
    assert tool["mypy"]["files"] == ["src"]
    assert tool["pytest"]["ini_options"]["testpaths"] == ["tests"]


def _untracked() -> set[str]:
    """What is not in version control yet, but would be in an sdist too."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--others", "--exclude-standard"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0"))
