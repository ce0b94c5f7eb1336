"""Imports point down only: the layers of docs/architecture.md, read from the source with `ast`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

PACKAGE = ROOT / "src" / "simdetect"

# Bottom first. A module may import modules of lower rows, and its own package.
LAYERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("errors", frozenset({"errors", "nested"})),
    ("values", frozenset({"model"})),
    ("review", frozenset({"review"})),
    ("options", frozenset({"options"})),
    ("languages", frozenset({"languages"})),
    ("what workers give up", frozenset({"isolation"})),
    ("shared", frozenset({"arrays", "symbols", "grams"})),
    ("shared by parsing stages", frozenset({"words", "neutral", "canonical", "tokens"})),
    ("shared by weighing stages", frozenset({"repeats"})),
    ("shipped numbers", frozenset({"background", "calibration"})),
    ("shipped numbers of words", frozenset({"wording"})),
    (
        "stages",
        frozenset(
            {
                "sources",
                "layout",
                "pairs",
                "parse",
                "normalize",
                "lexical",
                "prose",
                "fingerprint",
                "sketch",
                "index",
                "match",
                "surprise",
                "evidence",
                "given",
                "constants",
                "resemblance",
                "score",
                "shared",
                "order",
                "store",
                "structural",
                "translated",
                "whole",
                "workers",
            }
        ),
    ),
    (
        "composition",
        frozenset(
            {
                "remote",
                "verdict",
                "disguise",
                "analysis",
                "caching",
                "originals",
                "corpus",
                "sharing",
                "closest",
                "holders",
                "ranking",
                "sequences",
                "translation",
                "matching",
                "listing",
                "assemble",
                "pipeline",
                "calibrate",
                "labelled",
                "report",
            }
        ),
    ),
    ("runs", frozenset({"audit", "control"})),
    ("cli", frozenset({"cli"})),
    ("entry points", frozenset({"__init__", "__main__"})),
)
RANK = {module: rank for rank, (_, modules) in enumerate(LAYERS) for module in modules}
# Inside a layer only these may import each other, and only in this direction.
WITHIN = {
    ("assemble", "disguise"),
    ("tokens", "neutral"),
    ("assemble", "closest"),
    ("assemble", "listing"),
    ("closest", "holders"),
    ("assemble", "matching"),
    ("assemble", "verdict"),
    ("labelled", "matching"),
    ("listing", "matching"),
    ("listing", "ranking"),
    ("listing", "sharing"),
    ("matching", "ranking"),
    ("matching", "sequences"),
    ("sequences", "ranking"),
    ("sequences", "sharing"),
    ("listing", "sequences"),
    ("listing", "translation"),
    ("matching", "sharing"),
    ("ranking", "sharing"),
    ("sharing", "holders"),
    ("pipeline", "remote"),
    ("originals", "remote"),
    ("pipeline", "matching"),
    ("pipeline", "analysis"),
    ("pipeline", "assemble"),
    ("pipeline", "caching"),
    ("originals", "pipeline"),
    ("audit", "control"),
    ("corpus", "originals"),
    ("corpus", "pipeline"),
    ("corpus", "analysis"),
    ("corpus", "matching"),
    ("originals", "analysis"),
    ("caching", "analysis"),
    ("labelled", "assemble"),
    ("labelled", "calibrate"),
    ("labelled", "pipeline"),
}
STAGES = dict(LAYERS)["stages"]
VERSION_ONLY = "__version__"


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def top(path: Path) -> str:
    """languages/table.py -> languages; match.py -> match."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """First components below simdetect of everything a file imports, "" for the package itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names if node.module == "simdetect" else {str(node.module)}
    own = {name.split(".")[1] if "." in name else "" for name in found if name.split(".")[0] == "simdetect"}
    return {"" if name == VERSION_ONLY else name for name in own}


def edges() -> list[tuple[str, str, Path]]:
    return [(top(path), target, path) for path in files() for target in imports(path) if target != top(path)]


def test_every_module_has_a_place() -> None:
    assert {top(path) for path in files()} <= RANK.keys()


def test_imports_point_down_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for source, target, path in edges()
        if target and RANK[target] >= RANK[source] and (source, target) not in WITHIN
    ]
    assert not wrong, "\n".join(wrong)


def test_a_stage_never_imports_another_stage() -> None:
    assert not [(source, target) for source, target, _ in edges() if source in STAGES and target in STAGES]


def test_report_and_pipeline_do_not_know_each_other() -> None:
    below = {target for source, target, _ in edges() if source == "report"}
    assert below <= {"errors", "nested", "model", "review", "options", "languages"}
    assert "report" not in {target for source, target, _ in edges() if source not in ("audit", "cli")}


def test_only_composition_and_above_import_the_package_itself() -> None:
    """For its version; anything else would be a cycle through the public names."""
    allowed = {"assemble", "pipeline", "audit", "cli", "__main__"}
    assert {source for source, target, _ in edges() if not target} <= allowed


def test_the_document_names_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"^\| `(\w+)` \|", text, re.M))
    assert {top(path) for path in files()} - {"__init__", "__main__"} <= named <= RANK.keys()


# --- what workers pay for ------------------------------------------------------------------------------------------

HEAVY = ("sklearn", "scipy", "datasketch", "click", "rich", "jinja2", "pygments", "dulwich", "loky", "hypothesis")


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return {name.split(".")[0] for name in out.split()}


def test_workers_import_nothing_they_do_not_need() -> None:
    assert not loaded_by("import simdetect.tokens.analyse") & set(HEAVY)


def test_heavy_libraries_are_not_reachable_from_the_analysis_of_a_file() -> None:
    """Also not by an import inside a function, which the test above would miss."""
    seen, todo = set(), ["analysis"]
    while todo:
        name = todo.pop()
        if name in seen or not name:
            continue
        seen.add(name)
        todo += [target for source, target, _ in edges() if source == name]
    assert "pipeline" not in seen
    libraries = {
        alias.split(".")[0]
        for path in files()
        if top(path) in seen
        for node in ast.walk(ast.parse(path.read_text()))
        for alias in _library_names(node)
    }
    assert not libraries & set(HEAVY)


def _library_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("module", ["simdetect", "simdetect.cli.group"])
def test_importing_the_package_or_the_command_line_loads_no_grammar(module: str) -> None:
    assert not {name for name in loaded_by(f"import {module}") if name.startswith("tree_sitter")}
