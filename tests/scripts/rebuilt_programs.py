"""Small made-up tasks for the tests of plant, measure_rebuilt, rebuilt_memory and rebuilt_pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml

COMMIT = "0123456789abcdef0123456789abcdef01234567"
README = "# Harbour\n\nharbour counts ships. Use --tide to count by tide.\n"
_STEMS = ("buoy", "keel", "mast", "rudder", "anchor", "galley", "sextant", "ballast", "halyard", "bowsprit", "capstan")
_WORDS = ("apple", "bridge", "candle", "dinner", "engine", "forest", "guitar", "hammer", "island", "jacket", "kettle")


def function(name: str, n_lines: int, seed: str) -> str:
    """A function of Go with so many lines, of names, numbers and shapes that the seed chooses."""
    rng = Random(seed)
    word = lambda: f"{rng.choice(_STEMS)}{rng.choice(_STEMS).title()}{rng.randint(10, 99)}"  # noqa: E731
    own = [word() for _ in range(6)]
    lines = [
        f"func {name}({own[0]} int, {own[1]} []int) int {{",
        f"\t{own[2]}, {own[3]}, {own[4]}, {own[5]} := 0, 1, 2, 3",
    ]
    while len(lines) < n_lines - 2:
        one, two, three = rng.sample(own[2:], 3)
        number = rng.randint(100, 99999)
        shapes = (
            [f"\t{one} = {two}*{number} + {three}"],
            [f"\tif {one} > {two}%{number} {{", f"\t\t{three} -= {own[0]}", "\t}"],
            [f"\tfor _, {word()}X := range {own[1]} {{", f"\t\t{one} ^= {two} << {number % 7}", "\t}"],
            [f"\t{one}, {two} = {two}, {one}-{three}&{number}"],
        )
        lines += rng.choice([shape for shape in shapes if len(lines) + len(shape) <= n_lines - 2])
    return "\n".join([*lines, f"\treturn {own[5]} + {own[2]} + {own[3]} + {own[4]}", "}"]) + "\n"


def rebuilt_function(name: str, n_lines: int, seed: str) -> str:
    """A function of Go that has nothing of the others but the language: no shape, no name, no signature."""
    rng = Random(seed)
    lines = [f"func (p *printer) {name}(line string) error {{"]
    while len(lines) < n_lines - 2:
        key = f"{rng.choice(_WORDS)}_{rng.choice(_WORDS)}"
        shapes = (
            [f'\tp.seen["{key}"] = append(p.seen["{key}"], line)'],
            [f'\tif strings.HasPrefix(line, "{key}") {{', f'\t\treturn errors.New("bad {key}")', "\t}"],
            [f"\tswitch p.{rng.choice(_WORDS)} {{", f'\tcase "{key}":', "\t\tp.flush()", "\t}"],
            [f'\tfmt.Fprintln(p.out, "{key}", len(line))'],
        )
        lines += rng.choice([shape for shape in shapes if len(lines) + len(shape) <= n_lines - 2])
    return "\n".join([*lines, "\treturn nil", "}"]) + "\n"


def program(seed: str, sizes: tuple[int, ...], body: Callable[[str, int, str], str] = function) -> str:
    """A file of Go with functions of these sizes."""
    bodies = [body(f"{seed}Part{number}", size, f"{seed}:{number}") for number, size in enumerate(sizes)]
    return "package main\n\n" + "\n".join(bodies)


def store(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def trajectory(*steps: tuple[str, str]) -> dict[str, Any]:
    """A session of (command, output)."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Rebuild it."}]
    for command, output in steps:
        messages.append({"role": "assistant", "content": "", "extra": {"actions": [{"command": command}]}})
        messages.append({"role": "user", "content": f"<returncode>0</returncode>\n<output>\n{output}\n</output>"})
    return {"messages": messages, "trajectory_format": "mini-swe-agent-1.1"}


def task(rebuilt: Path, name: str = "harbour", **more: Any) -> None:
    """A task with a rebuild in the original's language and one in another."""
    place = rebuilt / name
    store(place / "independent-go-1" / "main.go", program(f"{name}Rebuilt", (20, 30, 12, 40), rebuilt_function))
    store(place / "independent-python-1" / "main.py", "def count(ships):\n    return len(ships)\n")
    session = trajectory(("./executable --help", "counts the ships"), ("ls new", "main.go"))
    store(place / "session" / "1.traj.json", json.dumps(session))
    digest = hashlib.sha256(README.encode()).hexdigest()
    rows = [
        {"folder": f"independent-{language}-1", "language": language, "session": "session/1.traj.json"}
        for language in ("go", "python")
    ]
    facts = {
        "repository": f"someone/{name}",
        "commit": COMMIT,
        "language": "go",
        "documents": [{"path": "README.md", "sha256": digest}],
        "rebuilds": rows,
        **more,
    }
    store(place / "task.yaml", yaml.safe_dump(facts))


def original(originals: Path, name: str = "harbour") -> Path:
    """The original of a task."""
    place = originals / f"someone+{name}@{COMMIT[:7]}"
    store(place / "README.md", README)
    store(place / "count.go", program(f"{name}Original", (30, 60, 8, 26)))
    store(place / "tide.go", program(f"{name}Tide", (45, 10, 28)))
    store(place / "count_test.go", program(f"{name}Test", (50,)))
    return place
