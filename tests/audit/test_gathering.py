"""Originals of runs: the pinned commits, from a server on loopback or from mirrors; what authors were handed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simdetect import ScanOptions
from simdetect.audit.gathering import Gathering, gather
from simdetect.audit.handing import collect, is_for_users
from simdetect.audit.jobs import find_all
from simdetect.audit.originals import find_original
from simdetect.audit.tasks import Task, read_task
from simdetect.cli.group import cli
from simdetect.model import Side
from simdetect.remote.gate import gate_of
from simdetect.sources import read_tree
from tests.remote.server import commit_files, git_serving

DOCUMENTS = {"README.md": "# Kilo\n\nA small editor.\n", "doc/kilo.1": ".TH KILO 1\n", "docs/DESIGN.md": "# Inside\n"}
FILES = {"kilo.c": "int main(void) { return 0; }\n", **DOCUMENTS}


@pytest.fixture
def kilo(tmp_path: Path) -> dict[str, str]:
    """A repository with two commits and their instances in a run; the commits by instance."""
    repository = tmp_path / "mirrors" / "kilo.git"
    repository.parent.mkdir()
    commits = [commit_files(repository, {**FILES, "v.c": f"int v{i};\n"}, tag=f"v1.{i}") for i in range(3)]
    found = {f"antirez__kilo.{commit[:7]}": commit for commit in commits[:2]}
    for instance, commit in found.items():
        (tmp_path / "run" / instance).mkdir(parents=True)
        task = tmp_path / "tasks" / instance / "task.yaml"
        task.parent.mkdir(parents=True)
        task.write_text(f"repository: antirez/kilo\ncommit: {commit}\nlanguage: c\n")
    return found


def gathering(tmp_path: Path, **changes: Any) -> Gathering:
    return Gathering((tmp_path / "run",), tmp_path / "tasks", tmp_path / "out", **changes)


def found_in(tmp_path: Path, instance: str) -> list[str]:
    location = find_original(tmp_path / "out", instance, read_task(tmp_path / "tasks", instance))
    return [file.path for file in read_tree(location, Side.ORIGINAL, ScanOptions()).files]


def test_pinned_commits_come_from_mirrors(tmp_path: Path, kilo: dict[str, str]) -> None:
    [result] = gather(gathering(tmp_path, mirrors=(tmp_path / "mirrors",)))
    assert result.repository == "antirez__kilo" and result.error is None
    assert set(result.commits) == set(result.new) == set(kilo.values())
    assert [found_in(tmp_path, instance) for instance in kilo] == [["kilo.c", "v.c"]] * 2
    [again] = gather(gathering(tmp_path))  # nobody is asked
    assert again.commits == result.commits and again.new == ()


def test_a_short_commit_is_completed_by_a_mirror(tmp_path: Path, kilo: dict[str, str]) -> None:
    what = gathering(tmp_path, mirrors=(tmp_path / "mirrors",))
    [result] = gather(Gathering(what.runs, None, what.output, what.mirrors))
    assert set(result.commits) == set(kilo.values())


def test_pinned_commits_come_from_a_server(tmp_path: Path, kilo: dict[str, str]) -> None:
    with git_serving({"/antirez/kilo": tmp_path / "mirrors" / "kilo.git"}) as place:
        what = gathering(tmp_path, host=f"http://{place}/", gate=gate_of([place], []), pattern=max(kilo))
        [result] = gather(what)
        assert result.error is None and result.commits == (kilo[max(kilo)],)


def test_what_cannot_be_had_is_one_result(tmp_path: Path, kilo: dict[str, str]) -> None:
    (tmp_path / "run" / "plain").mkdir()
    results = gather(gathering(tmp_path, host="http://127.0.0.1:9/"))
    assert [result.repository for result in results] == ["antirez__kilo", "plain"]
    assert "is not https" in (results[0].error or "") and "no task says" in (results[1].error or "")
    assert kilo


def test_releases_are_the_newest_tags(tmp_path: Path, kilo: dict[str, str]) -> None:
    what = gathering(tmp_path, mirrors=(tmp_path / "mirrors",), releases=2, pattern=max(kilo))
    assert gather(what)[0].tags == ("v1.2", "v1.1")


# --- what was handed out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [("README.md", True), ("docs/usage.md", True), ("man/kilo.1", True), ("src/kilo.1.md", True), ("USAGE.txt", True),
     ("CHANGELOG.md", False), ("docs/design/core.md", False), ("src/a/README.md", False), ("CONTRIBUTING.md", False),
     ("docs/internals.md", False), ("LICENSE", False), ("docs/developers/a.md", False), ("tests/a.md", False)],
)  # fmt: skip
def test_documents_for_users_are_told_from_those_for_developers(path: str, expected: bool) -> None:
    assert is_for_users(path) is expected


def test_documents_are_collected_by_path_and_digest(tmp_path: Path, kilo: dict[str, str]) -> None:
    results = collect(sorted(kilo), tmp_path / "mirrors", tmp_path / "given", tasks=tmp_path / "tasks")
    assert [(result.n_documents, result.error) for result in results] == [(2, None)] * 2
    instance = min(kilo)
    folder = tmp_path / "given" / instance
    written = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert written == {name: DOCUMENTS[name] for name in ("README.md", "doc/kilo.1")}
    listed = json.loads((tmp_path / "given" / f"{instance}.documents.json").read_text())
    assert listed["documents"] == [
        {"path": name, "sha256": hashlib.sha256(text.encode()).hexdigest()} for name, text in sorted(written.items())
    ]
    assert find_all and Task() == Task()


def test_an_instance_without_an_original_is_one_result(tmp_path: Path, kilo: dict[str, str]) -> None:
    results = collect(["acme__none.1234567", *kilo], tmp_path / "mirrors", tmp_path / "given")
    assert "no original" in (results[0].error or "") and len(results) == 3


# --- the commands ----------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments), "-q"])


def test_the_commands_say_what_they_did(tmp_path: Path, kilo: dict[str, str]) -> None:
    common = tmp_path / "run", "--tasks", tmp_path / "tasks"
    done = run("originals", "fetch", *common, "-o", tmp_path / "out", "--mirror", tmp_path / "mirrors")
    assert done.exit_code == 0, done.output
    assert done.stdout == "2 commits of 1 repositories are there, 2 of them new\n"
    done = run("given", *common, "--originals", tmp_path / "out", "-o", tmp_path / "given")
    assert (done.exit_code, done.stdout) == (0, "4 documents of 2 instances\n"), done.output
    done = run("given", *common, "--originals", tmp_path / "tasks", "-o", tmp_path / "none", "--filter", min(kilo))
    assert done.exit_code == 0  # a folder of that name
    done = run("originals", "fetch", *common, "-o", tmp_path / "other", "--from", "file:///etc", "--format", "json")
    assert done.exit_code == 2 and "not fetched" in json.loads(done.stdout)[0]["error"]
