"""What patches add is compared, with the file and the line that it gets; context is not, and nothing is judged."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from simdetect import Scanner, ScanOptions, Verdict
from simdetect.model import FileRole, LineSpan, Side, SkipReason, SourceFile, SourceTree
from simdetect.report.words import span_in_holder
from simdetect.sources import read_tree
from simdetect.sources.embedded.patches import unfold_patch
from tests import DEMO, builders
from tests.languages.samples import sample_path
from tests.steps import assert_in_proportion, python_steps


def diff(name: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{name}", f"b/{name}")
    return f"diff --git a/{name} b/{name}\nindex 1234567..89abcde 100644\n" + "".join(lines)


def read(folder: Path, name: str, text: str, side: Side = Side.CANDIDATE) -> SourceTree:
    (folder / name).write_text(text)
    return read_tree(folder, side, ScanOptions())


def files(folder: Path, name: str, text: str) -> dict[str, SourceFile]:
    return {file.path: file for file in read(folder, name, text).files}


def lines(file: SourceFile) -> dict[int, str]:
    return {n: line for n, line in enumerate(file.content.decode().split("\n"), 1) if line.strip()}


@pytest.mark.parametrize("language", ["python", "go", "rust", "c", "ruby", "java"])
def test_added_lines_stand_on_the_lines_of_the_file(language: str, tmp_path: Path) -> None:
    path = sample_path(language)
    after = path.read_text().splitlines(True)
    added = [n for n in range(len(after)) if n % 7 in (2, 3)]
    before = "".join(line for n, line in enumerate(after) if n not in added)
    patch = diff(f"src/{path.name}", before, "".join(after))
    found = files(tmp_path, "fix.patch", patch)[f"fix.patch!src/{path.name}"]
    assert (found.language, found.role, found.holder) == (language, FileRole.PATCH, "fix.patch")
    assert lines(found)
    text = patch.split("\n")
    for number, line in lines(found).items():
        assert after[number - 1].rstrip("\n") == line
        span = span_in_holder(builders.finding(places=found.places), LineSpan(number, number))
        assert text[span.start_line - 1] == "+" + line


def test_lines_that_look_like_headers_are_added_lines(tmp_path: Path) -> None:
    after = "select 1;\n++ more;\n-- gone\n"
    found = files(tmp_path, "a.diff", diff("a.sql", "select 1;\n-- old\n-- x\n", after))
    assert list(lines(found["a.diff!a.sql"]).values()) == ["++ more;", "-- gone"]


@pytest.mark.parametrize("name", ["preds.jsonl", "all_preds.json"])
def test_predictions_are_patches_of_their_instances(name: str, tmp_path: Path) -> None:
    patches = [
        diff(f"lib/f{n}.py", "import os\n", f"import os\n\ndef f{n}(x):\n    return os.path.join(x, '{n}')\n")
        for n in (1, 2)
    ]
    rows = [
        {"instance_id": "org__one-1", "model_name_or_path": "m", "model_patch": patches[0]},
        {"model_patch": patches[1], "instance_id": "org__two-2"},
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows) if name.endswith("l") else json.dumps(rows, indent=1)
    found = files(tmp_path, name, text)
    assert list(found) == [f"{name}!org__one-1/lib/f1.py", f"{name}!org__two-2/lib/f2.py"] or name == "all_preds.json"
    first = next(file for path, file in found.items() if path.endswith("f1.py"))
    assert list(lines(first).values()) == ["def f1(x):", "    return os.path.join(x, '1')"]
    place = span_in_holder(builders.finding(places=first.places), LineSpan(3, 4))
    assert (place.start_line, place.end_line) == ((1, 1) if name.endswith("l") else (5, 5))


def test_the_format_of_apply_patch_is_read(tmp_path: Path) -> None:
    patch = (
        "*** Begin Patch\n*** Add File: a/x.py\n+def f(x):\n+    return x + 1\n"
        "*** Update File: y.js\n@@ class A\n-  a();\n+  b();\n   c();\n*** End Patch\n"
    )
    found = files(tmp_path, "x.txt", patch)
    assert {path: list(lines(file).values()) for path, file in found.items()} == {
        "x.txt!a/x.py": ["def f(x):", "    return x + 1"],
        "x.txt!y.js": ["  b();"],
    }


def test_the_patch_itself_is_a_document(tmp_path: Path) -> None:
    tree = read(tmp_path, "a.patch", diff("a.py", "", "import os\nprint(os.name)\n"))
    assert [(file.path, file.reason) for file in tree.skipped] == [("a.patch", SkipReason.NOT_CODE)]
    assert tree.n_discovered == 2


def test_patches_of_an_original_are_not_read(tmp_path: Path) -> None:
    assert not read(tmp_path, "a.patch", diff("a.py", "", "import os\nprint(os.name)\n"), Side.ORIGINAL).files


def test_a_patch_that_agrees_is_shown_and_not_judged(tmp_path: Path) -> None:
    code = (DEMO / "original" / "src" / "parse.c").read_text()
    (tmp_path / "fix.patch").write_text(diff("src/parse.c", "", code))
    with Scanner(ScanOptions(jobs=1)) as scanner:
        report = scanner.scan(tmp_path / "fix.patch", DEMO / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "independent fixes" in report.summary.reason
    [finding] = report.findings
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert (finding.bits or 0) > 500
    assert finding.evidence


@pytest.mark.parametrize(
    "unit", ["+++ b/x\n", "--- a/x\n+++ b/x.c\n@@ -1 +1 @@\n+int x;\n", "@@ -1 +999999999 @@\n+x\n"]
)
def test_hostile_patches_take_time_with_their_size(unit: str) -> None:
    head = "--- a/x.c\n+++ b/x.c\n"
    assert_in_proportion(lambda n: python_steps(lambda: unfold_patch("a.patch", (head + unit * n).encode())), 400, unit)
