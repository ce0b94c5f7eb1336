"""Third-party code of an original that no folder name gives away."""

from __future__ import annotations

from pathlib import Path

import pytest

from simdetect import ScanOptions
from simdetect.model import FileRole, Side
from simdetect.sources import read_tree
from simdetect.sources.vendored import holders, is_licence

MIT = "MIT License\n\nCopyright (c) {}\n\nPermission is hereby granted, free of charge, to any person\n"
CODE = "int {}(int a)\n{{\n    return a;\n}}\n"


def roles(folder: Path, files: dict[str, str], side: Side = Side.ORIGINAL) -> dict[str, FileRole]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {file.path: file.role for file in read_tree(folder, side, ScanOptions()).files}


def test_a_folder_with_the_licence_of_others_is_third_party(tmp_path: Path) -> None:
    files = {
        "LICENSE": MIT.format("2020 Ada Wicket"),
        "src/main.c": CODE.format("main"),
        "src/lz/LICENSE.txt": MIT.format("2011 Bors Quillfeather"),
        "src/lz/deep/lz.c": CODE.format("lz"),
        "src/lzother.c": CODE.format("other"),
    }
    found = roles(tmp_path, files)
    assert found == {
        "src/main.c": FileRole.SOURCE,
        "src/lz/deep/lz.c": FileRole.VENDORED,
        "src/lzother.c": FileRole.SOURCE,
    }


@pytest.mark.parametrize(
    "own", ["2020 Ada Wicket and contributors", "2019-present ADA Wicket, Bors Quillfeather", "no name here"]
)
def test_a_package_of_the_same_holder_is_not(tmp_path: Path, own: str) -> None:
    """Monorepos carry a licence in every package; a licence without names says nothing."""
    text = MIT.format(own) if "no name" not in own else "GNU GENERAL PUBLIC LICENSE\nYou may copy this software.\n"
    files = {"LICENSE": MIT.format("2020 Ada Wicket"), "packages/a/LICENSE": text, "packages/a/a.c": CODE.format("a")}
    assert roles(tmp_path, files) == {"packages/a/a.c": FileRole.SOURCE}


def test_without_a_licence_at_the_root_nothing_is_judged(tmp_path: Path) -> None:
    files = {"LICENSE": "Do as you like.\n", "lib/LICENSE": MIT.format("2020 Ada Wicket"), "lib/a.c": CODE.format("a")}
    assert roles(tmp_path, files) == {"lib/a.c": FileRole.SOURCE}


def test_a_library_that_travels_as_one_file_is_third_party_but_not_in_its_own_project(tmp_path: Path) -> None:
    header = "/* Copyright (c) 2003 Troy Wicket */\n"
    files = {
        "LICENSE": MIT.format("2020 Ada Rumble"),
        "src/uthash.h": header + CODE.format("h"),
        "a.c": CODE.format("a"),
    }
    assert roles(tmp_path / "user", files)["src/uthash.h"] is FileRole.VENDORED
    files["LICENSE"] = MIT.format("2003 Troy Wicket")
    assert roles(tmp_path / "project", files)["src/uthash.h"] is FileRole.SOURCE
    at_root = {"LICENSE": MIT.format("2020 Ada Rumble"), "sqlite3.c": CODE.format("s")}
    assert roles(tmp_path / "root", at_root)["sqlite3.c"] is FileRole.SOURCE


def test_a_public_domain_file_needs_no_name_and_another_does(tmp_path: Path) -> None:
    files = {
        "LICENSE": MIT.format("2020 Ada Rumble"),
        "src/stb_image.h": CODE.format("s"),
        "src/underscore.js": "function f() {}\n",
    }
    assert roles(tmp_path, files) == {"src/stb_image.h": FileRole.VENDORED, "src/underscore.js": FileRole.SOURCE}


def test_a_co_author_who_owns_several_folders_is_no_third_party(tmp_path: Path) -> None:
    files = {"LICENSE": MIT.format("2020 Wicket Team")}
    for name in ("one", "two", "three"):
        files[f"extra/{name}/LICENSE"] = MIT.format("2019 Bors Quillfeather")
        files[f"extra/{name}/{name}.c"] = CODE.format(name)
    assert set(roles(tmp_path, files).values()) == {FileRole.SOURCE}


def test_a_candidate_cannot_call_its_files_third_party_that_way(tmp_path: Path) -> None:
    files = {"LICENSE": MIT.format("A Wicket"), "x/LICENSE": MIT.format("B Quill"), "x/a.c": CODE.format("a")}
    assert roles(tmp_path, files, Side.CANDIDATE) == {"x/a.c": FileRole.SOURCE}


def test_holders_are_names_and_not_words_of_licences() -> None:
    assert holders(b"Copyright (C) 1999-2004, 2006 by Ada Wicket <ada@wicket.example>. All rights reserved.") >= {
        b"ada",
        b"wicket",
    }
    assert not holders(b"Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>") - {b"fsf"}
    assert not holders(b'the copyright holders and contributors "as is"') - {b"is"}
    assert is_licence("a/b/LICENSE-MIT") and is_licence("COPYING") and not is_licence("licenser.c.txt")
    assert not is_licence("config/license_header.txt") and not holders(b"Copyright 2017 the original author or authors")
