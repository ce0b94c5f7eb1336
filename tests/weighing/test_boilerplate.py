"""What anybody writes who has the same fields and uses the same packages weighs nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simdetect import Scanner
from simdetect.model import AnalysedFile, ScanReport, SourceFile, Verdict
from simdetect.weighing.boilerplate import boilerplate, imported
from simdetect.weighing.wording import load_wording

PACKAGES = [
    f"{a}.{b}" for a in ("velum", "quern", "plinth") for b in ("Gaff", "Sextant", "Ostler", "Wherry", "Tansy", "Corbel")
]
IMPORTS = {
    "A.java": "package org.plover.core;\n" + "".join(f"import org.{name};\n" for name in PACKAGES),
    "A.cs": "".join(f"using Org.{name};\n" for name in PACKAGES),
    "a.go": "package plover\n\nimport (\n" + "".join(f'\t"org/{name}"\n' for name in PACKAGES) + ")\n",
    "a.py": "".join("from {} import {}\n".format(*name.split(".")) for name in PACKAGES),
    "a.rs": "".join(f"use {name.replace('.', '::')};\n" for name in PACKAGES),
    "a.js": "".join('const {1} = require("{0}/{1}");\n'.format(*name.split(".")) for name in PACKAGES),
    "a.ts": "".join('import {{ {1} }} from "{0}";\n'.format(*name.split(".")) for name in PACKAGES),
    "a.c": "".join(f"#include <{name.replace('.', '/')}.h>\n" for name in PACKAGES),
    "a.rb": "".join(f"require '{name}'\n" for name in PACKAGES),
    "a.kt": "package org.plover\n" + "".join(f"import org.{name}\n" for name in PACKAGES),
    "a.php": "<?php\n" + "".join(f"use Org\\{name.replace('.', chr(92))};\n" for name in PACKAGES),
    "a.swift": "".join(f"import {name.split('.')[1]}{i}\n" for i, name in enumerate(PACKAGES)),
    "a.lua": "".join("local {1} = require('{0}.{1}')\n".format(*name.split(".")) for name in PACKAGES),
}


def scan(scanner: Scanner, folder: Path, name: str, candidate: str, original: str) -> ScanReport:
    for side, text in (("candidate", candidate), ("original", original)):
        (folder / side).mkdir()
        (folder / side / name).write_text(text)
    return scanner.scan(folder / "candidate", folder / "original")


def analysed(scanner: Scanner, folder: Path, name: str, text: str) -> tuple[AnalysedFile, SourceFile]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    tree = scanner.index(folder)
    return tree.files[0], tree.tree.files[0]


def weightless(scanner: Scanner, folder: Path, name: str, text: str) -> str:
    """The text of tokens without structure, a space between."""
    file, source = analysed(scanner, folder, name, text)
    idle, _ = boilerplate(file, source.content, load_wording())
    spans = zip(file.tokens.start[idle].tolist(), file.tokens.end[idle].tolist(), strict=True)
    return " ".join(source.content[a:b].decode() for a, b in spans)


@pytest.mark.parametrize("name", IMPORTS)
def test_lists_of_imports_are_no_evidence(scanner: Scanner, tmp_path: Path, name: str) -> None:
    report = scan(scanner, tmp_path, name, IMPORTS[name], IMPORTS[name])
    assert report.summary.verdict is not Verdict.EVIDENCE
    assert report.findings == () or max(finding.bits for finding in report.findings) < 20


@pytest.mark.parametrize("name", IMPORTS)
def test_imports_are_found_where_they_stand(scanner: Scanner, tmp_path: Path, name: str) -> None:
    file, _ = analysed(scanner, tmp_path / "t", name, IMPORTS[name])
    assert imported(file.tokens).mean() > 0.5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.js", "const plover = require(function () { return gaff(1) + gaff(2); });\n"),
        ("a.lua", "local plover = require(gaff(function() return sextant + 1 end))\n"),
        ("a.rb", "require(gaff { |x| x + 1 })\n"),
    ],
)
def test_code_in_the_argument_of_a_call_is_no_import(scanner: Scanner, tmp_path: Path, name: str, text: str) -> None:
    file, _ = analysed(scanner, tmp_path / "t", name, text)
    assert not imported(file.tokens).any()


def test_imports_come_back_from_the_cache_and_an_index(scanner: Scanner, tmp_path: Path) -> None:
    file, _ = analysed(scanner, tmp_path / "t", "A.java", IMPORTS["A.java"])
    scanner.write_index(tmp_path / "o.sdx", tmp_path / "t")
    (stored,) = scanner._originals([tmp_path / "o.sdx"], None, 1e18)
    assert (stored.files[0].tokens.import_end == file.tokens.import_end).all()


ACCESSORS = {
    "A.java": "class Plover {\n  private String name;\n  public String getName() { return this.name; }\n"
    "  public void setName(String name) { this.name = name; }\n"
    "  public Plover withName(String name) { this.name = name; return this; }\n"
    "  public void setSize(int size) { this.size = size; notifyChanged(); }\n"
    "  public boolean equals(Object other) { if (this == other) return true; return name.equals(other.name); }\n}\n",
    "a.py": "class Plover:\n    def get_name(self):\n        return self.name\n\n"
    "    def set_name(self, name):\n        self.name = name\n\n"
    "    def __eq__(self, other):\n        return self.name == other.name and self.size == other.size\n",
    "a.cs": "class Plover {\n  public string GetName() { return name; }\n"
    "  public void SetName(string name) { this.name = name; }\n"
    "  public void SetSize(int size) { this.size = size; OnPropertyChanged(size); }\n}\n",
    "a.go": "package a\n\ntype Plover struct { name string }\n\nfunc (p *Plover) Name() string { return p.name }\n\n"
    "func (p *Plover) SetName(name string) { p.name = name }\n",
    "a.js": "class Plover {\n  getName() { return this.name; }\n"
    "  setName(name) { this.name = name; return this; }\n}\n",
}


@pytest.mark.parametrize("name", ACCESSORS)
def test_accessors_weigh_nothing(scanner: Scanner, tmp_path: Path, name: str) -> None:
    found = weightless(scanner, tmp_path / "t", name, ACCESSORS[name])
    assert found.count("return") >= 1 and ("=" in found.split() or "equals" in found)
    assert "class" not in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "A.java",
            "class A {\n  int getTide(int hour) { return hour * 7 + offset; }\n"
            '  String getName() { return "reef"; }\n}\n',
        ),
        ("a.py", "class A:\n    def equals(self, other):\n        for item in other:\n            yield item\n"),
        ("a.js", "class A {\n  getName() { return lookup(this.name); }\n}\n"),
        ("a.go", "package a\n\nfunc (p *P) Qxzvbw() string { return p.qxzvbw }\n"),
        ("b.py", "class A:\n    def __eq__(self, other):\n        return self.name * 7 + other.size - 3\n"),
        ("B.java", "class A {\n  int equals(int a) { return (a << 3) ^ name; }\n}\n"),
        ("c.py", "class A:\n" + "    def hash(self):\n        return self.name * 7 + self.size\n" * 3),
    ],
)
def test_what_computes_says_or_calls_something_keeps_its_weight(
    scanner: Scanner, tmp_path: Path, name: str, text: str
) -> None:
    found = weightless(scanner, tmp_path / "t", name, text)
    assert "return" not in found and "yield" not in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "A.java",
            "class A {\n"
            + "".join(f"  private int {w};\n" for w in ["name", "size", "width", "height", "count", "index", "offset"])
            + "}\n",
        ),
        (
            "a.c",
            "struct a {\n"
            + "".join(f"  int {w};\n" for w in ["name", "size", "width", "height", "count", "index", "offset"])
            + "};\n",
        ),
        (
            "a.go",
            "package a\n\ntype A struct {\n"
            + "".join(f"\t{w} int\n" for w in ["name", "size", "width", "height", "count", "index", "offset"])
            + "}\n",
        ),
    ],
)
def test_fields_of_common_stems_have_no_names(scanner: Scanner, tmp_path: Path, name: str, text: str) -> None:
    file, source = analysed(scanner, tmp_path / "t", name, text)
    _, named = boilerplate(file, source.content, load_wording())
    assert np.count_nonzero(named) >= 7
