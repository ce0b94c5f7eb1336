"""Folders and single files: everything found is accounted for, nothing leads out of the root."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simdetect.errors import InputError, OptionsError
from simdetect.model import FileRole, Side, SkipReason, SourceTree
from simdetect.options import ScanOptions
from simdetect.sources import read_tree
from simdetect.sources.entry import escape_path, unescape_path
from simdetect.sources.patterns import _TOKEN, _to_regex, _translate, compile_globs
from tests.steps import assert_in_proportion, regex_steps

C = b"int main(void) { return %d; }\n"


def read(location: Path | str, **options: object) -> SourceTree:
    return read_tree(location, Side.CANDIDATE, ScanOptions(**options))  # type: ignore[arg-type]


def write(root: Path, **files: bytes) -> Path:
    return write_all(root, files)


def write_all(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    root.mkdir(exist_ok=True)
    return root


def paths(tree: SourceTree) -> list[str]:
    return [file.path for file in tree.files]


def reasons(tree: SourceTree) -> dict[str, SkipReason]:
    return {item.path: item.reason for item in tree.skipped}


def test_every_found_file_is_either_analysed_or_skipped_with_a_reason(tmp_path: Path) -> None:
    write_all(
        tmp_path,
        {
            "main.c": C % 1,
            "copy/main.c": C % 1,
            "README.md": b"# Hello\n",
            "empty.py": b" \n",
            "logo.png": b"\x89PNG\r\n\x1a\n\0",
            "data.json": b'{"a": 1}',
            "nested.zip": b"PK\x03\x04....",
            ".git/HEAD": b"ref: refs/heads/main\n",
            ".git/config": b"",
        },
    )
    (tmp_path / "link.c").symlink_to("main.c")
    tree = read(tmp_path)
    assert paths(tree) == ["main.c"]
    assert reasons(tree) == {
        ".git": SkipReason.VERSION_CONTROL,
        "README.md": SkipReason.NOT_CODE,
        "copy/main.c": SkipReason.DUPLICATE_OF,
        "data.json": SkipReason.NOT_CODE,
        "empty.py": SkipReason.EMPTY,
        "link.c": SkipReason.SYMLINK,
        "logo.png": SkipReason.BINARY,
        "nested.zip": SkipReason.ARCHIVE,
    }
    assert tree.n_discovered == 9
    assert [item.path for item in tree.skipped] == sorted(item.path for item in tree.skipped)


def test_links_fifos_and_sockets_are_recorded_and_never_opened(tmp_path: Path) -> None:
    root = write(tmp_path / "root", **{"a.c": C % 1})
    outside = write(tmp_path / "outside", **{"secret.c": C % 2})
    (root / "escape").symlink_to(outside)
    (root / "loop").symlink_to(".")
    os.mkfifo(root / "fifo.c")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "s.c"))
        tree = read(root)
    assert paths(tree) == ["a.c"]
    special = SkipReason.SPECIAL_FILE
    assert reasons(tree) == {
        "escape": SkipReason.SYMLINK,
        "fifo.c": special,
        "loop": SkipReason.SYMLINK,
        "s.c": special,
    }


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "root", **{"a.c": C % 1})
    (tmp_path / "link").symlink_to("root")
    (tmp_path / "file.c").symlink_to("root/a.c")
    assert paths(read(tmp_path / "link")) == ["a.c"]
    assert paths(read(tmp_path / "file.c")) == ["file.c"]


def test_a_folder_swapped_for_a_link_while_reading_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path / "root", **{"dir/a.c": C % 1})
    outside = write(tmp_path / "outside", **{"a.c": C % 2})
    scan = os.scandir

    def swap_after_listing(fd: int) -> object:
        listing = scan(fd)
        if os.path.samestat(os.fstat(fd), (root / "dir").stat()):
            (root / "dir").rename(tmp_path / "moved")
            (root / "dir").symlink_to(outside)
        return listing

    monkeypatch.setattr(os, "scandir", swap_after_listing)
    tree = read(root)
    assert not tree.files
    assert reasons(tree) == {"dir/a.c": SkipReason.UNREADABLE}


def test_a_file_that_vanishes_is_recorded_as_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path / "root", **{"a.c": C % 1, "b.c": C % 2})
    original = os.open

    def vanish(path: object, flags: int, *args: object, **kwargs: object) -> int:
        if path == "b.c":
            (root / "b.c").unlink()
        return original(path, flags, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", vanish)
    tree = read(root)
    assert paths(tree) == ["a.c"]
    assert [(item.path, item.reason, item.detail) for item in tree.skipped] == [
        ("b.c", SkipReason.UNREADABLE, "No such file or directory")
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission_are_unreadable(tmp_path: Path) -> None:
    write(tmp_path, **{"a.c": C % 1, "closed/b.c": C % 2})
    (tmp_path / "a.c").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        assert reasons(read(tmp_path)) == {"a.c": SkipReason.UNREADABLE, "closed": SkipReason.UNREADABLE}
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_code_five_thousand_folders_deep_is_read(tmp_path: Path) -> None:
    fd, opened = os.open(tmp_path, os.O_RDONLY), 0
    for _ in range(5000):
        os.mkdir("d", dir_fd=fd)
        inner = os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd, opened = inner, opened + 1
    with os.fdopen(os.open("deep.c", os.O_WRONLY | os.O_CREAT, dir_fd=fd), "wb") as file:
        file.write(C % 1)
    os.close(fd)
    try:
        assert paths(read(tmp_path)) == ["d/" * 5000 + "deep.c"]
    finally:
        os.system(f"rm -rf '{tmp_path}/d'")  # shutil.rmtree recurses


def test_paths_are_printable_text_whatever_the_names_are(tmp_path: Path) -> None:
    for number, name in enumerate((b"a\nb.c", b"\xff.c", b"\xe2\x80\xaegpj.c", b"back\\slash.c", "snow ☃.c".encode())):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123 (bytes paths)
            file.write(C % number)
    assert paths(read(tmp_path)) == sorted(["a\\x0ab.c", "\\udcff.c", "\\u202egpj.c", "back\\\\slash.c", "snow ☃.c"])


@given(st.binary(max_size=30))
def test_path_escapes_are_printable_and_reversible(name: bytes) -> None:
    decoded = name.decode("utf-8", "surrogateescape")
    path = escape_path(decoded)
    assert path.isprintable()
    path.encode()  # valid text
    assert unescape_path(path) == decoded


def test_limits_apply_in_the_order_of_paths_and_are_recorded(tmp_path: Path) -> None:
    write(tmp_path, **{f"{name}.c": C % number for number, name in enumerate("abcd")})
    assert paths(read(tmp_path, max_files=2)) == ["a.c", "b.c"]
    assert set(reasons(read(tmp_path, max_files=2)).values()) == {SkipReason.LIMIT}
    assert paths(read(tmp_path, max_total_bytes=3 * len(C % 0))) == ["a.c", "b.c", "c.c"]
    assert set(reasons(read(tmp_path, max_file_bytes=5)).values()) == {SkipReason.TOO_LARGE}
    assert read(tmp_path, max_file_bytes=5).skipped[0].n_bytes == len(C % 0)


def test_excluded_files_are_recorded(tmp_path: Path) -> None:
    write(tmp_path, **{"a.c": C % 1, "build/b.c": C % 2, "src/build/c.c": C % 3})
    tree = read(tmp_path, exclude=("build/",))
    assert paths(tree) == ["a.c"]
    assert set(reasons(tree).values()) == {SkipReason.EXCLUDED}


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.js", "deep/down/x.js", True),
        ("*.js", "x.jsx", False),
        ("build", "src/build/x.c", True),
        ("build", "rebuild/x.c", False),
        ("/build", "src/build/x.c", False),
        ("src/*.c", "src/x.c", True),
        ("src/*.c", "src/sub/x.c", False),
        ("src/**/*.c", "src/x.c", True),
        ("src/**/*.c", "src/a/b/x.c", True),
        ("docs/**", "docs/a/b.py", True),
        ("x.c/", "x.c", False),
        ("[!a]?.c", "bc.c", True),
        ("[!a]?.c", "ac.c", False),
        ("a+b(1).c", "a+b(1).c", True),
        ("x[a&&b].c", "x&.c", True),
        ("x[a||b~~].c", "x~.c", True),
        ("x[!--a].c", "x-.c", False),
    ],
)
@pytest.mark.filterwarnings("error")  # of what a later Python may take for an operation on sets
def test_globs_work_like_lines_of_a_gitignore_file(glob: str, path: str, matches: bool) -> None:
    assert compile_globs((glob,))(path) is matches


@pytest.mark.parametrize(("part", "end"), [("*", "/ve"), ("*a", "b"), ("**a", "b"), ("**/", "b"), ("*?", "b")])
def test_many_stars_take_no_time(part: str, end: str) -> None:
    """Every way to split a path would be millions of times as many steps; here no more than from each of its places."""

    def steps(n_stars: int, n: int) -> int:
        pattern = re.compile(_to_regex(part * n_stars + end), re.DOTALL)
        return regex_steps(pattern, "a/" * n + "a" * 2 * n + "/c", "fullmatch")

    assert not compile_globs((part * 20 + end,))("a/" * 30 + "a" * 60 + "/c")
    assert_in_proportion(lambda n_stars: steps(n_stars, 30), 20)
    assert steps(20, 60) <= 4.4 * steps(20, 30)


@given(st.text("ab/*?", min_size=1, max_size=9), st.text("ab/", max_size=9))
def test_stars_match_as_if_every_way_to_split_a_path_were_tried(glob: str, path: str) -> None:
    body, tail = glob.rstrip("/"), "/.*" if glob.endswith("/") else "(?:/.*)?"
    body = re.sub(r"\*{3,}", "**", re.sub(r"(\*\*/)+", "**/", body))
    plain = "".join(_translate(token) for token in _TOKEN.findall(body.lstrip("/")))
    expected = re.fullmatch(("" if "/" in body else "(?:.*/)?") + plain + tail, path) is not None
    assert compile_globs((glob,))(path) is expected


def test_an_invalid_glob_is_reported() -> None:
    with pytest.raises(OptionsError, match="glob") as raised:
        compile_globs(("[b-\n]",))
    assert "\n" not in str(raised.value)
    with pytest.raises(OptionsError, match="glob"):
        compile_globs(("[z-a]",))


def test_of_identical_files_the_source_file_is_kept(tmp_path: Path) -> None:
    write(tmp_path, **{"vendor/a.c": C % 1, "tests/a.c": C % 1, "src/long/name.c": C % 1, "src/long/other.c": C % 1})
    tree = read(tmp_path)
    assert paths(tree) == ["src/long/name.c"]
    assert {(item.path, item.detail, item.role) for item in tree.skipped} == {
        ("src/long/other.c", "src/long/name.c", FileRole.SOURCE),
        ("tests/a.c", "src/long/name.c", FileRole.TEST),
        ("vendor/a.c", "src/long/name.c", FileRole.VENDORED),
    }


@pytest.mark.parametrize(
    ("path", "data", "role"),
    [
        ("src/a.c", b"", FileRole.SOURCE),
        ("third_party/zlib/tests/a.c", b"", FileRole.VENDORED),
        ("pkg/a_test.go", b"package a\n", FileRole.TEST),
        ("src/__tests__/a.js", b"", FileRole.TEST),
        ("src/a.spec.js", b"", FileRole.TEST),
        ("src/test_a.py", b"x = 1\n", FileRole.TEST),
        ("src/contest.py", b"x = 1\n", FileRole.SOURCE),
        ("src/main/ParserTest.java", b"", FileRole.TEST),
        ("src/main/Latest.java", b"", FileRole.SOURCE),
        ("docs/example.c", b"", FileRole.DOCUMENTATION),
        ("a.pb.go", b"package a\n", FileRole.GENERATED),
        ("a.go", b"// Code generated by stringer; DO NOT EDIT.\npackage a\n", FileRole.GENERATED),
        ("y.c", b"/* A Bison parser, made by GNU Bison 3.8.2.  */\n", FileRole.GENERATED),
        ("a.c", b"/*\n   This file was automatically generated by gen.py.\n*/\n", FileRole.GENERATED),
        ("a.py", b'TEXT = "// DO NOT EDIT"\n', FileRole.SOURCE),
        ("a.c", b"/* works in the form of object code generated by a compiler */\n", FileRole.SOURCE),
        ("a.c", b"/* skips the auto-generated names */\n", FileRole.SOURCE),
        ("a.js", b"var a=1;" * 1000, FileRole.GENERATED),
    ],
)
def test_roles_follow_paths_and_first_lines(tmp_path: Path, path: str, data: bytes, role: FileRole) -> None:
    write_all(tmp_path, {path: data or C % 1})
    assert [file.role for file in read(tmp_path).files] == [role]


def test_a_root_called_tests_does_not_make_everything_a_test(tmp_path: Path) -> None:
    root = write(tmp_path / "tests" / "vendor", **{"a.c": C % 1})
    assert [file.role for file in read(root).files] == [FileRole.SOURCE]


def test_the_digest_depends_on_names_and_bytes_only(tmp_path: Path) -> None:
    one = write(tmp_path / "one", **{"a.c": C % 1, "b.c": C % 2, "x.md": b"# x"})
    two = write(tmp_path / "two", **{"x.md": b"# x", "b.c": C % 2, "a.c": C % 1})
    os.utime(two / "a.c", (0, 0))
    (two / "a.c").chmod(0o700)
    assert read(one).digest == read(two).digest
    (two / "x.md").write_bytes(b"# y")
    assert read(one).digest != read(two).digest


def test_a_single_file_is_a_tree_of_one(tmp_path: Path) -> None:
    write(tmp_path, **{"a.c": C % 1, "b.md": b"# b"})
    tree = read(tmp_path / "a.c")
    assert (paths(tree), tree.skipped, tree.side) == (["a.c"], (), Side.CANDIDATE)
    assert reasons(read(tmp_path / "b.md")) == {"b.md": SkipReason.NOT_CODE}


@pytest.mark.parametrize("name", ["missing", "missing@HEAD", "", "nul\0byte", "fifo"])
def test_what_cannot_be_read_at_all_is_an_input_error_of_one_line(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(InputError) as caught:
        read(f"{tmp_path}/{name}" if name else "")
    assert "\n" not in str(caught.value)


NAMES = st.sampled_from(["a", "b.c", "c.py", "d.md", "e.json", "f.bin", "tests", "vendor", "G.java", "Makefile"])
DATA = st.sampled_from(
    [b"", b"\0\1\2\3" * 9, b"# text\n", C % 1, C % 2, b"def f():\n    return 1\n", "Größe = 1;\n".encode("latin-1")]
)
TREES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), DATA, max_size=8).map(
    lambda tree: {path: data for path, data in tree.items() if not any(other.startswith(path + "/") for other in tree)}
)


@settings(max_examples=40, deadline=None)
@given(TREES)
def test_discovered_is_analysed_plus_skipped(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    root = write_all(tmp_path_factory.mktemp("tree"), files)
    tree = read(root)
    assert sorted([*paths(tree), *reasons(tree)]) == sorted(files)
    assert tree.n_discovered == len(files)


def test_a_folder_named_by_a_dot_is_labelled_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = write(tmp_path / "project", **{"main.c": C % 1}) / "src"
    inner.mkdir()
    monkeypatch.chdir(inner.parent)
    assert read(".").label == read(inner / "..").label == str(tmp_path / "project")
    assert read(tmp_path / "project").label == str(tmp_path / "project")
