"""What patches add: unified diffs, the format of `apply_patch`, and predictions of patches in JSON lines.

Only added lines are compared: the context is the task's own code. They stand on the lines of the file that the patch
makes, as far as the patch says them; `places` says where they stand in the patch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from simdetect.languages.detect import detect_language
from simdetect.model import Place
from simdetect.sources.embedded.part import Part, Unfolded

__all__ = ["is_patch", "unfold_patch"]

_MOST_PARTS: Final = 1000
_MOST_LINE: Final = 1 << 18  # empty lines before the last added one: beyond, added lines stand below each other
_HEAD_BYTES: Final = 4096
_SUFFIXES: Final = (".patch", ".diff")
_PREDICTIONS: Final = (".json", ".jsonl", ".ndjson")
_BEGINS: Final = re.compile(rb"\s*(?:diff --git |--- |Index: |From [0-9a-f]{40} |\*\*\* Begin Patch)")
_HUNK: Final = re.compile(rb"@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@")
_TARGET: Final = re.compile(rb"\*\*\* (?:Add|Update) File: (.+)")
_FILE: Final = re.compile(rb"\+\+\+ (?:\"?b/)?([^\t\n\"]+)")
_FIELD: Final = re.compile(rb'"(model_patch|patch|instance_id)"\s*:\s*("(?:[^"\\\n]|\\.)*+")')
_INSTANCE: Final = re.compile(rb'"instance_id"\s*:\s*"([^"\\\n]{1,200})"')
_MAY_PREDICT: Final = re.compile(rb'"(?:model_)?patch"\s*:\s*"')


@dataclass(slots=True)
class _Added:
    """The lines that a patch adds to a file. at: the 0-based line of the patch of each, line: of the file, from 1."""

    name: str
    lines: list[bytes] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)


def is_patch(path: str, content: bytes) -> bool:
    """Whether a text is a patch, or predictions of patches."""
    name = path.lower()
    if name.endswith(_PREDICTIONS):
        return _MAY_PREDICT.search(content) is not None
    return _BEGINS.match(content) is not None or (name.endswith(_SUFFIXES) and b"\n+" in content)


def unfold_patch(path: str, content: bytes) -> Unfolded | None:
    """The code that a patch adds, by file; None when it adds none."""
    is_prediction = path.lower().endswith(_PREDICTIONS)
    added = list(_predicted(content)) if is_prediction else list(_added(content.split(b"\n")))
    parts = [part for one in added[:_MOST_PARTS] if (part := _part(one)) is not None]
    return Unfolded(content, tuple(parts)) if parts else None


def _predicted(content: bytes) -> Iterator[_Added]:
    """What the patches of predictions add, under the name of their instance."""
    line = at = n_patches = 0
    instance = ""
    for found in _FIELD.finditer(content):
        try:
            text = json.loads(found[2])
        except ValueError:
            continue
        line, at = line + content.count(b"\n", at, found.start()), found.start()
        if found[1] == b"instance_id":
            instance = text
            continue
        n_patches += 1
        own, instance = instance or _instance_behind(content, found.end()), ""
        for one in _added(text.encode("utf-8", "replace").split(b"\n")):
            one.name = f"{own or n_patches}/{one.name}"
            one.at = [line] * len(one.at)
            yield one


def _instance_behind(content: bytes, at: int) -> str:
    """The instance that stands behind its patch, on the same line."""
    found = _INSTANCE.search(content, at, at + _HEAD_BYTES)
    return found[1].decode("utf-8", "replace") if found and b"\n" not in content[at : found.start()] else ""


def _added(lines: Sequence[bytes]) -> Iterator[_Added]:
    """What one patch adds to each file."""
    current: _Added | None = None
    number: int | None = None  # of the next line of the file, None outside of hunks
    for at, text in enumerate(lines):
        line = text.rstrip(b"\r")
        if name := _target(lines, at):
            if current is not None:
                yield current
            current, number = _Added(name), 1 if line.startswith(b"***") else None
        elif line.startswith(b"@@"):
            found = _HUNK.match(line)
            number = int(found[1]) if found else (number or 1)
        elif line.startswith((b"diff --git ", b"*** ", b"Index: ")):
            number = None
        elif number is not None and current is not None:
            if line.startswith(b"+"):
                current.lines.append(line[1:])
                current.at.append(at)
                current.line.append(number)
            number += not line.startswith((b"-", b"\\"))
    if current is not None:
        yield current


def _target(lines: Sequence[bytes], at: int) -> str:
    """The file that a header names, "" for any other line. "+++ " may begin an added line too: a header stands between
    "--- " and a hunk."""
    line = lines[at]
    found = _TARGET.match(line)
    around = lines[max(0, at - 1)], b"".join(lines[at + 1 : at + 2])
    if found is None and line.startswith(b"+++ ") and around[0].startswith(b"--- ") and around[1].startswith(b"@@"):
        found = _FILE.match(line)
    return found[1].strip().decode("utf-8", "replace")[-200:] if found else ""


def _part(added: _Added) -> Part | None:
    body = b"".join(line + b"\n" for line in added.lines)
    language = detect_language(added.name, body) if body.strip() else None
    if language is None:
        return None
    numbers = added.line
    if numbers[-1] > _MOST_LINE + len(numbers) or any(b <= a for a, b in pairwise(numbers)):
        numbers = list(range(1, len(numbers) + 1))
    content, before = [], 0
    for number, line in zip(numbers, added.lines, strict=True):
        content.append(b"\n" * (number - before - 1) + line + b"\n")
        before = number
    return Part(added.name, language, body, b"".join(content), tuple(_places(numbers, added.at)))


def _places(numbers: Sequence[int], at: Sequence[int]) -> Iterator[Place]:
    """Where lines stand in the patch: below each other, or all on the line of a prediction."""
    step = 0 if len(at) > 1 and at[0] == at[-1] else 1
    before: tuple[int, int] | None = None
    for number, line in zip(numbers, at, strict=True):
        if before is None or (step and line - before[1] != number - before[0]):
            yield Place(number, line + 1, step)
        before = number, line
