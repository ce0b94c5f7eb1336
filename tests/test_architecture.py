"""The plan of the package: imports point down by folder, without exceptions; what workers load; what stays small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import map as plan

PACKAGE = ROOT / "src" / "simdetect"

# Top first: a folder imports those of lower rows. Folders of one row do not know each other.
RANKS = (
    {"cli"},
    {"audit", "corpus", "planting", "training"},
    {"scanning"},
    {"findings", "report"},
    {"judging"},
    {"layers", "remote"},
    {"weighing", "store", "running", "sources", "session"},
    {"matching"},
    {"tokens"},
    {"languages", "options"},
    {"model"},
    {"errors"},
)
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
ENTRY_POINTS = {"__init__", "__main__"}


def folder(module: str) -> str:
    """languages/table -> languages; errors -> errors."""
    return module.split("/")[0]


def edges() -> list[tuple[str, str]]:
    return sorted((name, other) for name in plan.modules() for other in plan.imports(name) if other != "__init__")


def test_every_folder_has_a_rank() -> None:
    assert {folder(name) for name in plan.modules()} - ENTRY_POINTS <= RANK.keys()


def test_imports_point_down_by_folder() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, other in edges()
        if folder(name) not in ENTRY_POINTS and folder(name) != folder(other)
        and RANK[folder(other)] <= RANK[folder(name)]
    ]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_there_is_no_cycle_inside_a_folder() -> None:
    below = {name: {o for o in plan.imports(name) if folder(o) == folder(name)} for name in plan.modules()}
    below = {name: {o for o in others if not o.endswith("__init__")} for name, others in below.items()}
    done: set[str] = set()
    while ready := [name for name, others in below.items() if name not in done and others <= done]:
        done |= set(ready)
    assert sorted(below.keys() - done) == []


def test_a_folder_uses_of_others_what_they_export() -> None:
    """`__all__` of a module, or of a folder, names what others may use."""
    wrong = []
    for name, tree in plan.modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simdetect."):
                other = str(node.module).removeprefix("simdetect.").replace(".", "/")
                if folder(other) != folder(name):
                    used = {alias.name for alias in node.names if f"{other}/{alias.name}" not in plan.modules()}
                    wrong += [f"{name} uses {other}: {own}" for own in sorted(used - exports(other))]
    assert not wrong, "\n".join(wrong)


def exports(module: str) -> set[str]:
    tree = plan.modules().get(module) or plan.modules()[f"{module}/__init__"]
    found = [node.value for node in tree.body if isinstance(node, ast.Assign) and _names(node) == ["__all__"]]
    if not found and folder(module) in ("model", "errors"):
        return {*(name for node in tree.body for name in _names(node))}
    return set(ast.literal_eval(found[0])) if found else set()


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def test_imports_name_modules_and_never_climb() -> None:
    for name, tree in plan.modules().items():
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level], name


def test_the_package_itself_is_imported_for_its_version_only() -> None:
    """Anything else would be a cycle through the public names."""
    for name, tree in plan.modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "simdetect":
                names = {alias.name for alias in node.names}
                assert names <= {"__version__", *RANK}, f"{name}: {names}"
            if isinstance(node, ast.Import):
                assert "simdetect" not in {alias.name for alias in node.names}, name


def test_every_folder_says_what_it_is_for() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        assert len(ast.get_docstring(ast.parse(path.read_text())) or "") > 40, path


def test_the_document_names_every_folder_and_ranks_them_as_they_are() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"^\| `(\w+)` \|", text, re.M))
    assert named == {folder(name) for name in plan.modules()} - ENTRY_POINTS
    ranks = [set(re.findall(r"`(\w+)`", row)) for row in re.findall(r"^\d+\. (.*)$", text, re.M)]
    assert ranks == [set(names) for names in RANKS]


@pytest.mark.parametrize("name", plan.measure())
def test_the_plan_keeps_its_targets(name: str) -> None:
    found, target = plan.measure()[name]
    assert len(found) <= target, "\n".join(found)


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
    seen, todo = set(), ["tokens/analyse"]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += plan.imports(name)
    assert {folder(name) for name in seen} - ENTRY_POINTS <= {"tokens", "languages", "model", "errors"}
    libraries = {
        alias.split(".")[0]
        for name in seen
        for node in ast.walk(plan.modules()[name])
        for alias in _library_names(node)
    }
    assert not (libraries & set(HEAVY)) - {"datasketch"}  # sketches are made beside the workers


def _library_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("module", ["simdetect", "simdetect.cli"])
def test_importing_the_package_or_the_command_line_loads_no_grammar(module: str) -> None:
    assert not {name for name in loaded_by(f"import {module}") if name.startswith("tree_sitter")}
