"""Inputs that are no code: the message says what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo

from simdetect.errors import InputError
from simdetect.model import Side
from simdetect.options import ScanOptions
from simdetect.remote.urls import located
from simdetect.scanning.inputs import read_input
from simdetect.sources import read_tree


def read(location: Path | str) -> int:
    return len(read_tree(location, Side.ORIGINAL, ScanOptions()).files)


def test_a_repository_without_files_names_its_revision(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    repository = Repo.init(str(work))
    (work / "a.c").write_text("int a;\n")
    porcelain.add(repository, [str(work / "a.c")])
    porcelain.commit(repository, message=b"x", author=b"a <a@b.c>", committer=b"a <a@b.c>")
    bare = tmp_path / "bare"
    porcelain.clone(str(work), str(bare), bare=True)
    for place, instead in ((work / ".git", work), (bare, bare)):
        with pytest.raises(InputError) as refused:
            read(place)
        assert f"write {instead}@HEAD" in str(refused.value)
        assert read(f"{instead}@HEAD") == 1


@pytest.mark.parametrize(
    ("address", "cloned"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        ("github.com/owner/name/tree/main/src", "github.com/owner/name"),
        ("https://gitlab.com/owner/name/-/blob/main/a.c", "https://gitlab.com/owner/name"),
        ("https://git.example.org/a/b.git", "https://git.example.org/a/b.git"),
        ("git@example.org:owner/name.git", "git@example.org:owner/name.git"),
        ("ssh://git@example.org/owner/name", "ssh://git@example.org/owner/name"),
    ],
)
def test_the_address_of_a_repository_says_how_to_get_it(address: str, cloned: str) -> None:
    with pytest.raises(InputError, match="git clone") as refused:
        located(address, None)
    assert f"'git clone {cloned} FOLDER'" in str(refused.value)


def test_what_exists_is_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "github.com" / "owner" / "name").mkdir(parents=True)
    assert located("github.com/owner/name", None) == "github.com/owner/name"


def test_a_bundle_is_cloned_first(tmp_path: Path) -> None:
    (tmp_path / "a.bundle").write_bytes(b"# v2 git bundle\n" + bytes(range(256)))
    with pytest.raises(InputError, match="git clone"):
        read(tmp_path / "a.bundle")


def test_a_corpus_is_searched(tmp_path: Path) -> None:
    (tmp_path / "corpus.json").write_text("{}")
    (tmp_path / "members").mkdir()
    with pytest.raises(InputError, match="simdetect search CANDIDATE --index"):
        read_input(tmp_path, Side.ORIGINAL, ScanOptions())
