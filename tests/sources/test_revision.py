"""Git revisions: read from the object store, without a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo
from hypothesis import given, settings

from simdetect.errors import InputError
from simdetect.model import SkipReason
from tests.sources.test_folder import TREES, C, paths, read, reasons, write, write_all

AUTHOR = b"A <a@example.org>"


def commit(root: Path, message: str = "m") -> str:
    """Commit everything below root; returns the commit id. Files keep their bytes: no filters are configured."""
    repository = Repo(str(root)) if (root / ".git").exists() else Repo.init(str(root))
    names = [str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir() or path.is_symlink()]
    porcelain.add(repository, [str(root / name) for name in names if not name.startswith(".git/")])
    sha = porcelain.commit(repository, message.encode(), author=AUTHOR, committer=AUTHOR, sign=False)
    repository.close()
    return sha.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write(tmp_path / "repo", **{"a.c": C % 1, "src/b.c": C % 2, "README.md": b"# r\n"})
    (root / "link.c").symlink_to("a.c")
    commit(root)
    return root


def test_a_revision_is_the_committed_tree_not_the_work_tree(repository: Path) -> None:
    (repository / "a.c").write_bytes(C % 9)
    (repository / "new.c").write_bytes(C % 8)
    tree = read(f"{repository}@HEAD")
    assert [(file.path, file.content) for file in tree.files] == [("a.c", C % 1), ("src/b.c", C % 2)]
    assert reasons(tree) == {"README.md": SkipReason.NOT_CODE, "link.c": SkipReason.SYMLINK}


def test_branches_tags_and_abbreviated_ids_name_revisions(repository: Path) -> None:
    first = read(f"{repository}@HEAD").digest
    sha = Repo(str(repository)).head().decode()
    porcelain.tag_create(str(repository), b"v1", author=AUTHOR, message=b"one", annotated=True)
    porcelain.branch_create(str(repository), b"old")
    (repository / "a.c").write_bytes(C % 7)
    commit(repository, "second")
    assert read(f"{repository}@HEAD").digest != first
    for revision in ("v1", "old", sha, sha[:7], "HEAD~1", "refs/tags/v1"):
        assert read(f"{repository}@{revision}").digest == first, revision
    assert paths(read(f"{repository}@v1:src")) == ["b.c"]


def test_bare_and_packed_repositories_are_read(repository: Path, tmp_path: Path) -> None:
    bare = porcelain.clone(str(repository), str(tmp_path / "bare.git"), bare=True, errstream=porcelain.NoneStream())
    bare.close()
    assert read(f"{tmp_path}/bare.git@HEAD").digest == read(f"{repository}@HEAD").digest
    porcelain.repack(str(repository))
    for folder in (repository / ".git/objects").glob("[0-9a-f][0-9a-f]"):
        for file in folder.iterdir():
            file.unlink()
    assert paths(read(f"{repository}@HEAD")) == ["a.c", "src/b.c"]


def test_a_path_that_contains_an_at_sign_and_exists_wins(repository: Path) -> None:
    decoy = repository.with_name("repo@HEAD")
    write(decoy, **{"decoy.c": C % 5})
    assert paths(read(decoy)) == ["decoy.c"]
    assert paths(read(f"{decoy.parent}/repo@HEAD")) == ["decoy.c"]


def test_hooks_and_filters_of_the_repository_are_not_run(repository: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    hook = repository / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    (repository / ".gitattributes").write_text("*.c filter=evil\n")
    with (repository / ".git/config").open("a") as config:
        config.write(f'[filter "evil"]\n\tsmudge = touch {marker}\n\tclean = touch {marker}\n')
    before = sorted(repository.rglob("*"))
    assert paths(read(f"{repository}@HEAD")) == ["a.c", "src/b.c"]
    assert not marker.exists()
    assert sorted(repository.rglob("*")) == before


def test_a_missing_object_costs_one_file(repository: Path) -> None:
    sha = Repo(str(repository))[b"HEAD"]
    tree = Repo(str(repository))[sha.tree]  # type: ignore[attr-defined]
    blob = tree[b"a.c"][1].decode()  # type: ignore[index]
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    result = read(f"{repository}@HEAD")
    assert paths(result) == ["src/b.c"]
    assert reasons(result)["a.c"] is SkipReason.UNREADABLE


def test_damaged_objects_are_recorded(repository: Path) -> None:
    for folder in (repository / ".git/objects").glob("[0-9a-f][0-9a-f]"):
        for file in folder.iterdir():
            file.chmod(0o600)
            file.write_bytes(b"garbage")
    with pytest.raises(InputError):
        read(f"{repository}@HEAD")


@pytest.mark.parametrize("revision", ["nope", "deadbeef", ":a.c", "HEAD~99", "HEAD:a.c", "@{5}"])
def test_an_unknown_revision_is_an_input_error_of_one_line(repository: Path, revision: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"{repository}@{revision}")
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_repository_has_no_revisions(tmp_path: Path) -> None:
    write(tmp_path / "plain", **{"a.c": C % 1})
    with pytest.raises(InputError, match="not a git repository"):
        read(f"{tmp_path}/plain@HEAD")


@settings(max_examples=15, deadline=None)
@given(TREES.filter(bool))
def test_a_revision_gives_the_same_tree_as_the_folder(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    expected = read(write_all(folder / "plain", files))
    commit(write_all(folder / "repo", files))
    tree = read(f"{folder}/repo@HEAD")
    assert (tree.files, tree.skipped, tree.digest) == (expected.files, expected.skipped, expected.digest)


def test_code_in_folders_named_like_version_control_is_read_as_from_the_folder(tmp_path: Path) -> None:
    files = {
        "a.c": C % 1, "CVS/main.c": C % 2, "CVS/Entries": b"/a.c/1.1/\n",
        "src/.svn/deep/er.c": C % 3, "src/.svn/x": b"y", ".hg/store/a.c.i": b"\0\1",
    }  # fmt: skip
    expected = read(write(tmp_path / "plain", **files))
    commit(write(tmp_path / "repo", **files))
    tree = read(f"{tmp_path}/repo@HEAD")
    assert paths(tree) == ["CVS/main.c", "a.c", "src/.svn/deep/er.c"]
    assert (tree.skipped, tree.digest) == (expected.skipped, expected.digest)
