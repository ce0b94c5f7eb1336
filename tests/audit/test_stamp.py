"""A stamp covers everything that decides a report, and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import simdetect
from simdetect import InputError, ScanOptions
from simdetect.audit.stamp import package_digest, stamp_of

PACKAGE = Path(simdetect.__file__).parent


def test_reports_of_other_code_or_models_are_of_another_stamp(tmp_path: Path) -> None:
    """In whatever folder of the package they lie."""
    assert package_digest() == package_digest(PACKAGE)
    for number, name in enumerate(("audit/run.py", "judging/verdict.py", "data/calibration.json", "errors.py")):
        copy = shutil.copytree(PACKAGE, tmp_path / str(number), ignore=shutil.ignore_patterns("__pycache__"))
        assert package_digest(copy) == package_digest()
        changed = next(copy.rglob(name))
        changed.write_bytes(changed.read_bytes() + b"\n")
        package_digest.cache_clear()
        assert package_digest(copy) != package_digest()


def test_inputs_decide_by_content_name_and_order(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file, inner = tmp_path / "a.c", tmp_path / "folder" / "b.c"
    file.write_text("int a;")
    inner.write_text("int b;")
    stamp = stamp_of("i", (str(file), str(tmp_path / "folder")), ScanOptions())
    assert stamp == stamp_of("i", (str(file), str(tmp_path / "folder")), ScanOptions()) and len(stamp) == 32
    stamps = {stamp, stamp_of("j", (str(file), str(tmp_path / "folder")), ScanOptions())}
    stamps.add(stamp_of("i", (str(tmp_path / "folder"), str(file)), ScanOptions()))
    stamps.add(stamp_of("i", (str(file), str(tmp_path / "folder")), replace(ScanOptions(), threshold=0.9)))
    file.write_text("int c;")
    stamps.add(stamp_of("i", (str(file), str(tmp_path / "folder")), ScanOptions()))
    inner.write_text("int longer;")
    stamps.add(stamp_of("i", (str(file), str(tmp_path / "folder")), ScanOptions()))
    assert len(stamps) == 6


def test_a_folder_is_the_same_wherever_it_lies(tmp_path: Path) -> None:
    for place in ("here", "there"):
        (tmp_path / place / "original").mkdir(parents=True)
        (tmp_path / place / "original" / "a.c").write_text("int a;")
    stamps = {stamp_of("i", (str(tmp_path / place / "original"),), ScanOptions()) for place in ("here", "there")}
    assert len(stamps) == 1


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.c").write_text("int a;")

    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(InputError, match=r"cannot read .*a\.c: Permission denied"):
        stamp_of("i", (str(tmp_path / "a.c"),), ScanOptions())
