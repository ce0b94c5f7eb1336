"""Put programs rebuilt in a clean room, and the sessions in which that was done, into evaluation/rebuilt.

usage: python scripts/rebuilt_pack.py PLACES --tasks TASKS -o evaluation/rebuilt [--redact FILE]

PLACES holds a folder `<task>--<n>` for each writer, as `scripts/rebuilt_run.py` leaves it: `session.jsonl` (one command
a line, with what it printed), `prompt.md`, `work/new` and sometimes `work/other` (the rebuilt programs). TASKS holds
`<task>/task.json`: repository, commit, language, documents with digests. Nothing of an original is copied: documents
are named by path and digest; the session holds what the executable printed, cut as the writer saw it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

SHOWN = 12_000  # characters of an output that a writer saw: half from either end
LANGUAGES = {".rs": "rust", ".go": "go", ".c": "c", ".cc": "cpp", ".cpp": "cpp", ".py": "python", ".java": "java"}
_BUILT = (".o", ".a", ".bin", ".class", ".pyc")
MOST_BYTES = 400_000  # of a file of a submission: what is larger was built
WRITER = {
    "model": "Claude (Anthropic)",
    "version": "not shown to the session; the model of the coding agent on the date given",
}
_REDACTED = (
    (re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b"), "someone@example.org"),
    (re.compile(r"\b(?:sk|ghp|gho|xox[bp]|AKIA)[-_A-Za-z0-9]{16,}"), "REDACTED"),
    (re.compile(r"/home/\w+|/Users/\w+|/root(?![\w-])"), "/home/user"),
)


Redactions = Sequence[tuple[re.Pattern[str], str]]


def redactions(file: Path | None) -> Redactions:
    """What is replaced by what: addresses, keys and home folders, and before them what a file says of the machine that
    the programs were written on, a pattern, a tab and what stands for it a line."""
    lines = file.read_text(encoding="utf-8").splitlines() if file is not None else []
    own = [line.split("\t", 1) for line in lines if "\t" in line]
    return (*((re.compile(pattern), stands_for) for pattern, stands_for in own), *_REDACTED)


def redacted(text: str, place: Path, patterns: Redactions = _REDACTED) -> str:
    """A text without addresses, keys, and paths of the machine it was made on."""
    text = text.replace(f"{place}/work", "/workspace").replace(str(place), "/workspace")
    text = text.replace(str(place.parent), "/workspace")
    for pattern, stands_for in patterns:
        text = pattern.sub(stands_for, text)
    return text


def trajectory(place: Path, patterns: Redactions = _REDACTED) -> dict[str, Any]:
    """The session in the form of mini-swe-agent (`trajectory_format` 1.1)."""
    prompt = redacted((place / "prompt.md").read_text(), place, patterns)
    messages: list[dict[str, Any]] = [{"role": "user", "content": prompt}]
    for step in steps(place):
        command, output = (redacted(step[key], place, patterns) for key in ("command", "output"))
        actions = [{"command": command}]
        messages.append({"role": "assistant", "content": f"```bash\n{command}\n```", "extra": {"actions": actions}})
        content = f"<returncode>{step['returncode']}</returncode>\n<output>\n{output}\n</output>"
        messages.append({"role": "user", "content": content, "extra": {"returncode": step["returncode"]}})
    info = {"exit_status": "Submitted", "config": {"model": WRITER, "executable": "./executable"}}
    return {"info": info, "messages": messages, "trajectory_format": "mini-swe-agent-1.1"}


def steps(place: Path) -> Iterator[dict[str, Any]]:
    """Commands and what they printed, cut as the writer saw it."""
    with (place / "session.jsonl").open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            step = json.loads(line)
            output = step["output"]
            if len(output) > SHOWN:
                left_out = f"\n... {len(output) - SHOWN} characters left out ...\n"
                output = output[: SHOWN // 2] + left_out + output[-SHOWN // 2 :]
            yield {**step, "output": output}


def sources(folder: Path) -> list[Path]:
    """The files of a rebuilt program, without what was built from them."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.stat().st_size > MOST_BYTES:
            continue
        parts = path.relative_to(folder).parts
        if {"target", "__pycache__", ".git", "node_modules"} & set(parts) or path.suffix in _BUILT:
            continue
        if b"\0" not in path.read_bytes()[:4096]:
            found.append(path)
    return found


def is_code(path: Path) -> bool:
    """Whether a file is code of the program: by its suffix, or a script that names its interpreter."""
    return path.suffix in LANGUAGES or (not path.suffix and b"python" in path.read_bytes().split(b"\n")[0])


def language_of(folder: Path) -> str:
    """The language that most of the code is in."""
    sizes: dict[str, int] = {}
    for path in sources(folder):
        if language := LANGUAGES.get(path.suffix):
            sizes[language] = sizes.get(language, 0) + path.stat().st_size
    if sizes:
        return max(sizes, key=lambda language: sizes[language])
    return "python" if any(map(is_code, sources(folder))) else "unknown"


def agreement(folder: Path) -> dict[str, int]:
    """How many command lines gave the same as the original."""
    file = folder / "agreement.tsv"
    rows = (
        [line.split("\t")[0].strip() for line in file.read_text("utf-8", "replace").splitlines()]
        if file.is_file()
        else []
    )
    return {"same": rows.count("same"), "differs": rows.count("differs")}


def pack(place: Path, out: Path) -> Iterator[dict[str, Any]]:
    """Copy the programs of one writer; what task.yaml has to say of each."""
    _, number = place.name.rsplit("--", 1)
    for name in ("new", "other"):
        folder = place / "work" / name
        if not folder.is_dir() or not sources(folder):
            continue
        language = language_of(folder)
        target = out / f"independent-{language}-{number}"
        shutil.rmtree(target, ignore_errors=True)
        lines = 0
        for path in sources(folder):
            copy = target / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(redacted(path.read_text("utf-8", "replace"), place), encoding="utf-8")
            lines += copy.read_text("utf-8", "replace").count("\n") if is_code(path) else 0
        yield {
            "folder": target.name,
            "language": language,
            "session": f"session/{number}.traj.json",
            "lines": lines,
            "agreement": agreement(folder),
        }


@click.command()
@click.argument("places", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tasks", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path))
@click.option("--date", required=True, help="when the programs were written")
@click.option("--redact", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="see `redactions`")
@click.option("--without", multiple=True, metavar="TASK/FOLDER", help="leave out: a leak that was written anew")
def main(places: Path, tasks: Path, out: Path, date: str, redact: Path | None, without: tuple[str, ...]) -> None:
    """Pack every task that has a rebuilt program."""
    n_rebuilds, patterns = 0, redactions(redact)
    for task in sorted({place.name.rsplit("--", 1)[0] for place in places.iterdir() if "--" in place.name}):
        facts = json.loads((tasks / task / "task.json").read_text())
        rebuilds: list[dict[str, Any]] = []
        for place in sorted(places.glob(f"{task}--*")):
            if not (place / "session.jsonl").is_file() or not (place / "work" / "new" / "agreement.tsv").is_file():
                continue
            rebuilds += [row for row in pack(place, out / task) if f"{task}/{row['folder']}" not in without]
            session = out / task / "session" / f"{place.name.rsplit('--', 1)[1]}.traj.json"
            session.parent.mkdir(parents=True, exist_ok=True)
            session.write_text(
                json.dumps(trajectory(place, patterns), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
        for name in without:
            if name.startswith(f"{task}/"):
                shutil.rmtree(out / name, ignore_errors=True)
        if not rebuilds:
            continue
        stored = yaml.safe_load(file.read_text()) if (file := out / task / "task.yaml").is_file() else {}
        kept = {key: stored[key] for key in ("memory", "labels") if key in stored}
        known = {key: facts.get(key) for key in ("repository", "commit", "language", "difficulty", "licence", "note")}
        text = {
            **known,
            "documents": facts["documents"],
            "writer": {**WRITER, "date": date},
            "rebuilds": rebuilds,
            **kept,
        }
        file.write_text(yaml.safe_dump(text, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
        n_rebuilds += len(rebuilds)
    click.echo(f"{n_rebuilds} rebuilt programs")


if __name__ == "__main__":
    main()
