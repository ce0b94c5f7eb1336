"""Measure the plan of the package: what must stay small so that a newcomer finds the way.

usage: python scripts/map.py [--check]

Everything is read from the source with `ast`. --check exits with 1 where a number is over its target.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "simdetect"
LAYER_NAMES = (
    "VERBATIM", "RENAMED", "STRUCTURAL", "TRANSLATED", "COMMENT", "NAME", "CONSTANT", "MISSPELLING", "ORDER",
)  # fmt: skip
SIDES = (("candidate", "original"), ("candidates", "originals"), ("own", "theirs"), ("mine", "other"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its dotted name below the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).with_suffix("").as_posix(): ast.parse(path.read_text()) for path in files}


def entries() -> list[str]:
    """What lies at the top of the package."""
    return sorted(path.name for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "py.typed"))


def lengths() -> Iterator[tuple[str, int]]:
    """Lines of each module."""
    for path in PACKAGE.rglob("*.py"):
        yield path.relative_to(PACKAGE).as_posix(), len(path.read_text().splitlines())


def functions() -> Iterator[tuple[str, Function]]:
    """Every function with its module."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield name, node


def parameters(function: Function) -> list[str]:
    """Names of all parameters but self and cls."""
    own = function.args
    found = [arg.arg for arg in (*own.posonlyargs, *own.args, *own.kwonlyargs)]
    found += [arg.arg for arg in (own.vararg, own.kwarg) if arg]
    return [name for name in found if name not in ("self", "cls")]


def imports(name: str) -> set[str]:
    """Modules of the package that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "simdetect":
            base = node.module.removeprefix("simdetect").lstrip(".").replace(".", "/")
            for alias in node.names:
                found |= {m for m in (f"{base}/{alias.name}".lstrip("/"), base, f"{base}/__init__") if m in modules()}
    return found - {name}


def longest_chain() -> list[str]:
    """A longest chain of imports between what lies at the top of the package, wherever the imports stand."""
    below: dict[str, set[str]] = defaultdict(set)
    for name in modules():
        below[_top(name)] |= {_top(other) for other in imports(name)} - {_top(name), "__init__"}

    @cache
    def chain(name: str) -> tuple[str, ...]:
        return (name, *max((chain(other) for other in sorted(below[name])), key=len, default=()))

    chains = (chain(name) for name in sorted(below) if name not in ("__init__", "__main__"))
    return [f"{one} -> {other}" for one, other in pairwise(max(chains, key=len))]


def _top(name: str) -> str:
    """languages/table -> languages."""
    return name.split("/")[0]


def layer_users() -> list[str]:
    """Files that name a kind of evidence."""
    found = []
    for name, tree in modules().items():
        named = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name))
        if any(node.value.id == "Layer" and node.attr in LAYER_NAMES for node in named):  # type: ignore[attr-defined]
            found.append(name)
    return found


def _two_sides(names: list[str]) -> bool:
    return any(
        any(one == a or one.startswith(f"{a}_") for one in names)
        and any(o == b or o.startswith(f"{b}_") for o in names)
        for a, b in SIDES
    )


def measure() -> dict[str, tuple[list[str], int]]:
    """What is counted, and how much of it there may be."""
    many: dict[str, list[str]] = defaultdict(list)
    for module, function in functions():
        place = f"{module}:{function.name}"
        names, n_lines = parameters(function), (function.end_lineno or 0) - function.lineno + 1
        if n_lines > 40:
            many["functions over 40 lines"].append(f"{place} {n_lines}")
        if len(names) >= 6:
            many["functions with 6 and more parameters"].append(f"{place} {len(names)}")
        if _two_sides(names):
            many["both sides as two parameters"].append(place)
    top = entries()
    return {
        "modules at the top": ([name for name in top if name.endswith(".py")], 4),
        "folders at the top": ([name for name in top if not name.endswith(".py")], 21),
        "modules over 300 lines": ([f"{name} {n}" for name, n in sorted(lengths()) if n > 300], 3),
        "functions over 40 lines": (many["functions over 40 lines"], 0),
        "functions with 6 and more parameters": (many["functions with 6 and more parameters"], 10),
        "both sides as two parameters": (many["both sides as two parameters"], 15),
        "longest import chain": (longest_chain(), 10),
        "files naming a layer": (layer_users(), 6),
    }


def main(arguments: list[str], say: Callable[[str], None] = print) -> int:
    """Print the numbers, and what is over a target."""
    is_over = False
    for name, (found, target) in measure().items():
        over = len(found) > target
        is_over = is_over or over
        say(f"{name:<40}{len(found):>4}   target {target}{'   OVER' if over else ''}")
        if over or "-v" in arguments:
            say("\n".join(f"    {item}" for item in found))
    return int(is_over and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
