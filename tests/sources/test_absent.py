"""What was not there to be read: pointers, submodules, archives, notebooks that fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.index import IndexEntry
from dulwich.repo import Repo

from simdetect import Scanner
from simdetect.model import Side, SkipReason, Verdict
from simdetect.options import ScanOptions
from simdetect.sources import read_tree
from simdetect.sources.absent import pointer_detail

DIGEST = b"4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + DIGEST + b"\nsize 12345\n"
CODE = b"int ring_next(int at, int size) { return at + 1 == size ? 0 : at + 1; }\n"
MODULES = b'[submodule "lib"]\n\tpath = third/lib\n\turl = https://example.org/lib.git\n'


def skipped(folder: Path, **settings: object) -> dict[str, SkipReason]:
    tree = read_tree(folder, Side.ORIGINAL, ScanOptions(**settings))  # type: ignore[arg-type]
    return {file.path: file.reason for file in tree.skipped}


def write(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.mark.parametrize(
    "pointer",
    [
        POINTER,
        POINTER.replace(b"\n", b"\r\n"),
        POINTER.replace(b"oid", b"ext-0-clean sha256:" + DIGEST + b"\noid"),
        b"../../.git/annex/objects/Xk/9f/SHA256E-s12--ab.py/SHA256E-s12--ab.py\n",
        b"/annex/objects/SHA256E-s12--ab.py\n",
    ],
)
def test_a_pointer_is_no_code(tmp_path: Path, pointer: bytes) -> None:
    assert skipped(write(tmp_path, a_dot_py=pointer, b_dot_c=CODE)) == {"a.py": SkipReason.LFS_POINTER}


@pytest.mark.parametrize("data", [b"", POINTER + b"int x;\n", b"# " + POINTER, b"/annex/objects/\nint a;\n"])
def test_what_only_looks_like_a_pointer_is_none(data: bytes) -> None:
    assert pointer_detail(data) is None


def test_submodules_without_content_are_listed(tmp_path: Path) -> None:
    folder = write(tmp_path, a_dot_c=CODE, _dot_gitmodules=MODULES)
    (folder / "third" / "lib").mkdir(parents=True)
    assert skipped(folder)["third/lib"] is SkipReason.SUBMODULE
    assert "third/lib" not in skipped(folder, exclude=("third/**",))
    write(folder / "third" / "lib", _dot_git=b"gitdir: ../../.git/modules/lib\n")
    assert skipped(folder)["third/lib"] is SkipReason.SUBMODULE
    write(folder / "third" / "lib", b_dot_c=CODE + CODE)
    assert "third/lib" not in skipped(folder)


@pytest.mark.parametrize("path", [b"../up", b"/", b"a\x07b", b"x" * 600])
def test_names_of_submodules_stay_inside(tmp_path: Path, path: bytes) -> None:
    folder = write(tmp_path, a_dot_c=CODE, _dot_gitmodules=b"[submodule]\n path = " + path + b"\n")
    assert set(skipped(folder)) == {".gitmodules"}


def test_a_gitlink_of_a_revision_is_a_submodule(tmp_path: Path) -> None:
    write(tmp_path, a_dot_c=CODE, _dot_gitmodules=MODULES)
    repository = Repo.init(str(tmp_path))
    porcelain.add(repository, [str(tmp_path / "a.c"), str(tmp_path / ".gitmodules")])
    index = repository.open_index()
    index[b"third/lib"] = IndexEntry(0, 0, 0, 0, 0o160000, 0, 0, 0, b"1" * 40, 0, 0)
    index.write()
    porcelain.commit(repository, message=b"x", author=b"a <a@b.c>", committer=b"a <a@b.c>")
    tree = read_tree(f"{tmp_path}@HEAD", Side.ORIGINAL, ScanOptions())
    [link] = [file for file in tree.skipped if file.path == "third/lib"]
    assert link.reason is SkipReason.SUBMODULE


@pytest.mark.parametrize("magic", [b"# v2 git bundle\n", b"# v3 git bundle\n", b"PK\x03\x04", b"\x1f\x8b\x08\0"])
def test_bundles_and_archives_are_archives(tmp_path: Path, magic: bytes) -> None:
    data = magic + b"1" * 40 + b" refs/heads/main\n\nPACK\0\0\0\x02" + bytes(range(256)) * 4
    assert skipped(write(tmp_path, data_dot_bin=data, b_dot_c=CODE)) == {"data.bin": SkipReason.ARCHIVE}


def test_a_damaged_notebook_says_that_cells_may_be_missing(tmp_path: Path) -> None:
    damaged = b'{"cells": [{"cell_type": "code", "source": ["import os\\n"'
    unknown = damaged + b']}], "metadata": {"language_info": {"name": "klingon"}}}'
    prose = b'{"cells": [{"cell_type": "markdown", "source": ["# Words\\n"]}]}'
    folder = write(tmp_path, a_dot_ipynb=damaged, b_dot_ipynb=unknown, c_dot_ipynb=prose)
    assert skipped(folder) == {"a.ipynb!damaged": SkipReason.UNREADABLE, "c.ipynb": SkipReason.NOT_CODE}


OTHER = "\n".join(f"static int step_{i}(int a) {{ if (a > {i}) return a * {i}; return a - {i}; }}" for i in range(40))
MORE = "\n".join(f"def rule{i}(text):\n    return [word.strip() for word in text.split({i!r})]\n" for i in range(40))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("model_dot_py", POINTER),
        ("_dot_gitmodules", MODULES),
        ("code_dot_bundle", b"# v2 git bundle\n" + bytes(range(256)) * 4),
        ("a_dot_zip", b"PK\x03\x04" + bytes(range(256)) * 4),
        ("a_dot_ipynb", b'{"cells": [{"cell_type": "code", "source": ["import os\\n"'),
    ],
)
@pytest.mark.parametrize("side", ["candidate", "original"])
def test_nothing_found_is_inconclusive(tmp_path: Path, scanner: Scanner, side: str, name: str, data: bytes) -> None:
    folders = {
        "candidate": write(tmp_path / "candidate", a_dot_c=OTHER.encode(), b_dot_py=MORE.encode()),
        "original": write(tmp_path / "original", a_dot_c=CODE * 3, b_dot_py=b"import os\n\nprint(os.name)\n"),
    }
    assert scanner.scan(folders["candidate"], folders["original"]).summary.verdict is Verdict.NO_EVIDENCE
    write(folders[side], **{name: data})
    summary = scanner.scan(folders["candidate"], folders["original"]).summary
    assert summary.verdict is Verdict.INCONCLUSIVE
    assert side in summary.reason
