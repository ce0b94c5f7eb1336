"""Commits of strangers: over HTTP from a real server on loopback, and from mirrors; nothing is run or checked out."""

from __future__ import annotations

import io
import shutil
import subprocess
import zlib
from hashlib import sha1
from pathlib import Path

import pytest

from simdetect import InputError, ScanOptions
from simdetect.model import Side
from simdetect.remote import git
from simdetect.remote.gate import Gate, gate_of
from simdetect.remote.git import Remote, fetch_commit, fetch_tags, has_commit, is_ref_name, newest
from simdetect.remote.http import Limits
from simdetect.remote.packs import PackLimits, check_pack
from simdetect.sources import read_tree
from tests.remote.server import answer, commit_files, git_serving, redirect, serving
from tests.remote.test_gate import INSIDE, NOT_HTTPS

QUICK = Limits(seconds=5, idle_seconds=2, n_bytes=1 << 20, attempts=1)
FILES = {"main.c": "int main(void) { return 0; }\n", "src/a.c": "int a;\n", "src/deep/b.c": "int b;\n"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.git"


def remote(place: str, path: str = "/a", limits: Limits = QUICK) -> Remote:
    return Remote(f"http://{place}{path}", gate_of([place], []), limits)


def test_a_commit_is_fetched_with_its_files_and_without_its_history(tmp_path: Path, source: Path) -> None:
    first = commit_files(source, {"old.c": "int old;\n"})
    last = commit_files(source, FILES)
    target = tmp_path / "target.git"
    with git_serving({"/a": source}) as place:
        assert fetch_commit(remote(place), last, target) == last
    assert fetch_commit(Remote("https://127.0.0.1:1/gone"), last, target) == last  # it is there
    assert has_commit(target, last) and not has_commit(target, first)
    tree = read_tree(f"{target}@{last}:src", Side.CANDIDATE, ScanOptions())
    assert [file.path for file in tree.files] == ["a.c", "deep/b.c"]
    assert not list(target.rglob("a.c")) and not any((target / "hooks").glob("*"))
    if shutil.which("git"):
        checked = subprocess.run(["git", "-C", str(target), "fsck", "--full"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("ref", ["main", "v1.0"])
def test_branches_and_tags_are_names_of_commits(tmp_path: Path, source: Path, ref: str) -> None:
    commit = commit_files(source, FILES, tag="v1.0")
    with git_serving({"/a": source}) as place:
        assert fetch_commit(remote(place), ref, tmp_path / "target.git") == commit


def test_what_is_not_there_is_said(tmp_path: Path, source: Path) -> None:
    commit_files(source, FILES)
    with git_serving({"/a": source}) as place:
        for ref, path in (("nothing", "/a"), ("0" * 40, "/a"), ("main", "/b")):
            with pytest.raises(InputError):
                fetch_commit(remote(place, path), ref, tmp_path / "target.git")


@pytest.mark.parametrize(
    "ref",
    ["", "-x", "--upload-pack=touch x", "a..b", "a b", "a~1", "a^{}", "a:b", "a@{1}", ".a", "a/.b", "a.lock", "a/", "@",
     "a\n", "refs/*", "../a", "a//b", "\u00e9", "x" * 300, "main;id", "a\\b"],
)  # fmt: skip
def test_what_is_no_name_of_a_branch_or_tag_is_never_asked_for(ref: str, tmp_path: Path) -> None:
    assert not is_ref_name(ref)
    with pytest.raises(InputError, match="no name of a branch or tag"):
        fetch_commit(Remote("https://example.org/a"), ref, tmp_path / "target.git")


@pytest.mark.parametrize("url", [*INSIDE, *NOT_HTTPS, "ssh://git@example.org/a", "git@example.org:a/b.git", "/etc"])
def test_no_repository_is_fetched_from_where_the_gate_forbids_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("connected"))
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("a program was run"))
    with pytest.raises(InputError, match="not fetched"):
        fetch_commit(Remote(url, Gate(), QUICK), "main", tmp_path / "target.git")


def test_a_repository_does_not_redirect_to_where_the_gate_forbids_it(tmp_path: Path, source: Path) -> None:
    commit_files(source, FILES)
    with serving() as server, git_serving({"/a": source}) as place:
        path = "/a/info/refs?service=git-upload-pack"
        server.behaviours[path] = redirect(f"http://{place}{path}")
        with pytest.raises(InputError, match="not https"):
            fetch_commit(remote(server.place), "main", tmp_path / "target.git")
        both = Remote(f"http://{server.place}/a", gate_of([server.place, place], []), QUICK)
        fetch_commit(both, "main", tmp_path / "target.git")


def test_a_page_is_no_repository(tmp_path: Path) -> None:
    with serving() as server:
        server.behaviours["/a/info/refs?service=git-upload-pack"] = lambda handler: answer(handler, b"<html>")
        with pytest.raises(InputError, match="is no git repository"):
            fetch_commit(remote(server.place), "main", tmp_path / "target.git")


def test_a_repository_that_is_too_large_is_left(tmp_path: Path, source: Path) -> None:
    commit_files(source, {"main.c": "".join(f"int a{i * i};\n" for i in range(9000))})
    with git_serving({"/a": source}) as place:
        with pytest.raises(InputError, match="more than 5,000"):
            fetch_commit(remote(place, limits=Limits(n_bytes=5000, attempts=1)), "main", tmp_path / "a.git")
        small = Remote(f"http://{place}/a", gate_of([place], []), QUICK, PackLimits(object_bytes=1000))
        with pytest.raises(InputError, match=r"an object of .* bytes, more than 1,000"):
            fetch_commit(small, "main", tmp_path / "b.git")


def test_a_mirror_on_disk_is_as_good(tmp_path: Path, source: Path) -> None:
    commit_files(source, {"old.c": "int old;\n"})
    commit = commit_files(source, FILES)
    commit_files(source, {"new.c": "int new;\n"})
    target = tmp_path / "target.git"
    assert fetch_commit(Remote(source), commit, target) == commit
    shutil.rmtree(source)
    assert {file.path for file in read_tree(f"{target}@{commit}", Side.ORIGINAL, ScanOptions()).files} == set(FILES)


def test_the_newest_tags_are_fetched(tmp_path: Path, source: Path) -> None:
    commits = {
        tag: commit_files(source, {"a.c": f"int v{i};\n"}, tag=tag)
        for i, tag in enumerate(("v1.9.0", "v1.10.0", "v2.0.0-rc1", "docs", "v1.2.0"))
    }
    found = fetch_tags(Remote(source), 2, tmp_path / "target.git")
    assert found == {tag: commits[tag] for tag in ("v1.10.0", "v1.9.0")}
    with git_serving({"/a": source}) as place:
        assert fetch_tags(remote(place), 3, tmp_path / "target.git") == {
            **found,
            "v1.2.0": commits["v1.2.0"],
        }


def test_versions_are_sorted_by_their_numbers() -> None:
    names = ["v1.9", "1.10", "v0.1-beta", "latest", "v2.0-rc.1", "../x"]
    assert newest(names, 9) == ["1.10", "v1.9", "v2.0-rc.1", "v0.1-beta", "latest"]


def test_what_is_missing_of_a_commit_is_noticed(tmp_path: Path, source: Path) -> None:
    commit = commit_files(source, FILES)
    blob = sha1(b"blob 7\0int a;\n").hexdigest()
    (source / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(InputError, match=r"a file of .* is missing"):
        fetch_commit(Remote(source), commit, tmp_path / "target.git")
    assert not has_commit(tmp_path / "target.git", commit)


def test_what_was_begun_and_killed_is_done_again(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = commit_files(source, FILES)
    target = tmp_path / "target.git"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(git, "objects_of", killed)
        fetch_commit(Remote(source), commit, target)
    assert not has_commit(target, commit)
    assert fetch_commit(Remote(source), commit, target) == commit


# --- packs -----------------------------------------------------------------------------------------------------------


def pack(*objects: bytes) -> io.BytesIO:
    body = b"PACK" + (2).to_bytes(4, "big") + len(objects).to_bytes(4, "big") + b"".join(objects)
    return io.BytesIO(body + sha1(body).digest())


def packed(kind: int, content: bytes, size: int | None = None, between: bytes = b"") -> bytes:
    size = len(content) if size is None else size
    first, rest = (kind << 4) | (size & 15), size >> 4
    head = bytearray()
    while rest:
        head.append(first | 0x80)
        first, rest = rest & 0x7F, rest >> 7
    return bytes([*head, first]) + between + zlib.compress(content)


SMALL = PackLimits(object_bytes=1000, total_bytes=3000, objects=10)


def test_an_ordinary_pack_passes() -> None:
    delta = bytes([4, 4, 0x90, 4])
    check_pack(pack(packed(3, b"text"), packed(6, delta, between=b"\x10"), packed(7, delta, between=b"x" * 20)), SMALL)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (io.BytesIO(b"<html>" * 9), "is no pack"),
        (io.BytesIO(b"PACK\0\0\0\2\0\0\0\1"), "ends in the middle"),
        (io.BytesIO(b"PACK\0\0\0\2\xff\xff\xff\xff"), "objects, more than 10"),
        (pack(packed(3, b"x" * 2000)), "2,000 bytes, more than 1,000"),
        (pack(packed(3, b"x" * 100_000, size=10)), "another size than it says"),
        (pack(packed(3, b"x" * 10, size=900)), "another size than it says"),
        (pack(*[packed(3, b"x" * 900)] * 5), "comes to more than 3,000"),
        (pack(packed(6, bytes([4, 0xFF, 0xFF, 0xFF, 0x7F, 0]), between=b"\1")), "bytes, more than 1,000"),
        (pack(bytes([0xB0] + [0xFF] * 40)), "damaged"),
        (pack(b"\x34nonsense"), "damaged"),
    ],
)
def test_packs_that_ask_for_too_much_are_left(file: io.BytesIO, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_pack(file, SMALL)
