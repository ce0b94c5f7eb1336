"""Archives: the same tree as from a folder, and nothing hostile gets through or gets lost."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simdetect.errors import InputError
from simdetect.model import SkipReason
from simdetect.sources.streams import Meter
from tests.sources.test_folder import TREES, C, paths, read, reasons, write, write_all

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
    "tar.zst": zstandard.ZstdCompressor().compress,
}


def member(name: str, data: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def tar_bytes(*members: tuple[tarfile.TarInfo, bytes], format: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return file.getvalue()


def zip_bytes(files: list[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file.getvalue()


def save(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=TREES, kind=st.sampled_from([*COMPRESSORS, "zip"]), prefix=st.sampled_from(["./", "repo-1.0/"]))
def test_an_archive_gives_the_same_tree_as_the_folder(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], kind: str, prefix: str
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    expected = read(write_all(folder / "in", files))
    named = [(prefix + name, data) for name, data in reversed(files.items())]
    packed = (
        zip_bytes(list(named))
        if kind == "zip"
        else COMPRESSORS[kind](tar_bytes(member(prefix, type=tarfile.DIRTYPE), *(member(n, d) for n, d in named)))
    )
    tree = read(save(folder, f"x.{kind}", packed))
    assert (tree.files, tree.skipped, tree.digest) == (expected.files, expected.skipped, expected.digest)


def test_a_common_top_folder_is_dropped_only_when_all_members_share_it(tmp_path: Path) -> None:
    both = [("foo/a.c", C % 1), ("b.c", C % 2)]
    assert paths(read(save(tmp_path, "1.zip", zip_bytes(list(both))))) == ["b.c", "foo/a.c"]
    assert paths(read(save(tmp_path, "2.zip", zip_bytes([("foo/a.c", C % 1)])))) == ["a.c"]
    assert paths(read(save(tmp_path, "3.zip", zip_bytes([("./foo/a.c", C % 1)])))) == ["foo/a.c"]


def test_hostile_members_are_recorded_and_stay_inside(tmp_path: Path) -> None:
    data = tar_bytes(
        member("../evil.c", C % 1),
        member("/etc/evil.c", C % 2),
        member("a/../../evil.c", C % 3),
        member("link.c", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("hard.c", type=tarfile.LNKTYPE, linkname="../../etc/passwd"),
        member("device", type=tarfile.CHRTYPE),
        member("fifo", type=tarfile.FIFOTYPE),
        member(".git/hooks/pre-commit", b"#!/bin/sh\n"),
        member("twice.c", C % 4),
        member("twice.c", C % 5),
        member("good.c", C % 6),
    )
    before = set(tmp_path.parent.rglob("*"))
    tree = read(save(tmp_path / "in", "x.tar", data))
    assert [(file.path, file.content) for file in tree.files] == [("good.c", C % 6), ("twice.c", C % 5)]
    unsafe = SkipReason.UNSAFE_PATH
    assert reasons(tree) == {
        "../evil.c": unsafe, "/etc/evil.c": unsafe, "a/../../evil.c": unsafe, "link.c": SkipReason.SYMLINK,
        "hard.c": SkipReason.SYMLINK, "device": SkipReason.SPECIAL_FILE, "fifo": SkipReason.SPECIAL_FILE,
        ".git": SkipReason.VERSION_CONTROL, "twice.c": unsafe,
    }  # fmt: skip
    assert set(tmp_path.parent.rglob("*")) - before == {tmp_path / "in", tmp_path / "in/x.tar"}


def test_a_hard_link_has_the_bytes_of_its_target_even_if_the_target_looks_like_data(tmp_path: Path) -> None:
    tar = tar_bytes(member("x.json", C % 1), member("x.c", type=tarfile.LNKTYPE, linkname="x.json"))
    assert paths(read(save(tmp_path, "x.tar", tar))) == ["x.c"]


def test_zip_links_and_encrypted_members_are_recorded(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.c")
    link.external_attr = 0o120777 << 16
    data = bytearray(zip_bytes([(link, b"/etc/passwd"), ("locked.c", C % 1), ("good.c", C % 2)]))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # set the encryption flag of the second member
        at = data.index(magic, data.index(magic) + 4)
        data[at + offset] |= 1
    tree = read(save(tmp_path, "x.zip", bytes(data)))
    assert paths(tree) == ["good.c"]
    assert reasons(tree) == {"link.c": SkipReason.SYMLINK, "locked.c": SkipReason.UNREADABLE}


@pytest.mark.parametrize("kind", [*COMPRESSORS, "zip"])
def test_a_bomb_stops_at_the_limit_on_extracted_bytes(tmp_path: Path, kind: str) -> None:
    files = [(f"{number}.c", b"a" * 3_000_000) for number in range(8)]
    data = zip_bytes(list(files)) if kind == "zip" else COMPRESSORS[kind](tar_bytes(*(member(n, d) for n, d in files)))
    tree = read(save(tmp_path, f"x.{kind}", data), max_archive_bytes=10_000_000)
    assert len(tree.files) <= 3
    assert SkipReason.LIMIT in reasons(tree).values()


def test_an_oversized_member_is_recorded_and_the_rest_is_read(tmp_path: Path) -> None:
    tar = tar_bytes(member("big.c", b"a" * 5000), member("good.c", C % 1))
    for name, data in (("x.tar", tar), ("x.zip", zip_bytes([("big.c", b"a" * 5000), ("good.c", C % 1)]))):
        tree = read(save(tmp_path, name, data), max_file_bytes=1000)
        assert paths(tree) == ["good.c"]
        assert [(item.reason, item.n_bytes) for item in tree.skipped] == [(SkipReason.TOO_LARGE, 5000)]


def test_a_header_that_claims_megabytes_of_names_is_not_read_into_memory(tmp_path: Path) -> None:
    tar = tar_bytes(member("good.c", C % 1), member("n" * 3_000_000, C % 2))
    tree = read(save(tmp_path, "x.tar.gz", gzip.compress(tar)))
    assert paths(tree) == ["good.c"]
    assert reasons(tree) == {".": SkipReason.LIMIT}


def test_a_truncated_member_is_recorded_and_earlier_ones_are_kept(tmp_path: Path) -> None:
    tar = tar_bytes(member("good.c", C % 1), member("cut.c", b"int x;\n" * 5000))
    for name, data in (("x.tar", tar[:20_000]), ("x.tar.zst", zstandard.ZstdCompressor().compress(tar[:20_000]))):
        tree = read(save(tmp_path, name, data))
        assert paths(tree) == ["good.c"]
        assert reasons(tree)["cut.c"] is SkipReason.UNREADABLE


def test_an_archive_cut_between_members_is_noticed(tmp_path: Path) -> None:
    tree = read(save(tmp_path, "x.tar", tar_bytes(member("good.c", C % 1), member("gone.c", C % 2))[:1024]))
    assert paths(tree) == ["good.c"]
    assert reasons(tree) == {".": SkipReason.UNREADABLE}


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.tar.xz", "x.tar.zst", "x.zip", "x.tgz"])
@pytest.mark.parametrize(
    "data", [b"", b"no archive at all " * 99, b"PK\x03\x04 broken", b"\x1f\x8b broken", b"\x28\xb5\x2f\xfd?"]
)
def test_a_wholly_unreadable_archive_is_an_input_error_of_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(save(tmp_path, name, data))
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_archives_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from([*COMPRESSORS, "zip"]))
    files = [("a.c", C % 1), ("b/c.py", b"x = 1\n"), ("d.md", b"# d\n")]
    packed = bytearray(
        zip_bytes(list(files)) if kind == "zip" else COMPRESSORS[kind](tar_bytes(*(member(n, d) for n, d in files)))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    path = save(tmp_path_factory.mktemp("bad"), f"x.{kind}", bytes(packed))
    try:
        tree = read(path, max_archive_bytes=1 << 20)
    except InputError:
        return
    assert all(file.content for file in tree.files)


def test_names_that_are_not_utf8_are_the_same_from_a_folder_and_a_tar(tmp_path: Path) -> None:
    root = write(tmp_path / "root", **{"ok.c": C % 1})
    (root / "\udcff.c").write_bytes(C % 2)
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.GNU_FORMAT) as tar:
        tar.add(root, "root")
    assert read(tmp_path / "x.tar").digest == read(root).digest


@pytest.mark.parametrize("kind", sorted(COMPRESSORS))
@pytest.mark.parametrize("size", [1 << 44, 1 << 60])
def test_a_header_that_promises_terabytes_costs_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, size: int
) -> None:
    """tarfile asks for every block of 10 KiB, also behind the end of the file: 40 GB took 9 s."""
    lie = tarfile.TarInfo("lie.c")
    lie.size = size
    packed = tar_bytes(member("a.c", C % 1))[:1024] + lie.tobuf(tarfile.GNU_FORMAT) + C % 2
    n_asked: list[int] = []
    ask = Meter.read
    monkeypatch.setattr(Meter, "read", lambda self, size: n_asked.append(size) or ask(self, size))
    tree = read(save(tmp_path, f"x.{kind}", COMPRESSORS[kind](packed)))
    assert 0 < len(n_asked) < 100 and max(n_asked) <= 1 << 20
    assert paths(tree) == ["a.c"] and reasons(tree)["lie.c"] is SkipReason.UNREADABLE
