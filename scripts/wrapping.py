"""One program in the ways in which submissions hold code: swallowed, fenced, written by scripts, re-encoded.

Each way makes files of a candidate, path -> bytes, from a program; None where a language has no such form.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from simdetect.languages import LANGUAGES

__all__ = ["SWALLOWING", "UNJUDGED", "WAYS", "Files"]

Files = dict[str, bytes]

# What makes the tree of a file one leaf, or one error, from there on.
SWALLOWING = {
    "bash": b"x = 'never closed\n",
    "c": b"/* never closed\n",
    "c-sharp": b'x = """never closed\n',
    "cpp": b'auto x = R"(never closed\n',
    "dart": b'x = """never closed\n',
    "elixir": b"x = 'never closed\n",
    "go": b"x = `never closed\n",
    "haskell": b"{- never closed\n",
    "java": b'String x = """\nnever closed\n',
    "javascript": b"x = `never closed\n",
    "julia": b'x = """never closed\n',
    "kotlin": b'val a = $$"""x $y"""\nval b = $$"cost $5"\n',
    "lua": b"Here's the code:\n",
    "nix": b'x = "never closed\n',
    "objc": b"/* never closed\n",
    "ocaml": b"(* never closed\n",
    "ocaml-interface": b"(* never closed\n",
    "pascal": b"{ never closed\n",
    "perl": b"my $x = <<'NEVER';\n",
    "php": b"<?php\n$x = <<<NEVER\nnever closed\n",
    "powershell": b'$x = @"\nnever closed\n',
    "python": b'x = """never closed\n',
    "ruby": b"x = <<~A\n  #{<<~B}\n  b\n  B\nA\ny = <<~MISSING\n",
    "rust": b'let x = r#"never closed\n',
    "scala": b'x = """never closed\n',
    "sql": b"SELECT $never$ never closed\n",
    "swift": b'x = """never closed\n',
    "tsx": b"x = `never closed\n",
    "typescript": b"x = `never closed\n",
}
_OTHERS = b'x = "never closed\n'
PROSE = b"Here's the whole program. It isn't long, and I've tested it; don't forget to build it first.\n\n"
_AFTER = b"\nThat's all. Let me know if you'd like any changes!\n"
_JAPANESE = "これは在庫を数える小さなプログラムです。潮位の表も作ります。"  # of any program
_WESTERN = "Größe, Länge, Überlauf: prüft das façade-Modul à la carte, señor."
# Kernels as notebooks name them, of languages whose code is run in cells.
_KERNELS = {
    "python": ("python", ".py"),
    "julia": ("julia", ".jl"),
    "javascript": ("javascript", ".js"),
    "typescript": ("typescript", ".ts"),
    "ruby": ("ruby", ".rb"),
    "scala": ("scala", ".scala"),
    "kotlin": ("kotlin", ".kt"),
    "java": ("java", ".java"),
    "go": ("go", ".go"),
    "rust": ("rust", ".rs"),
    "cpp": ("c++", ".cpp"),
    "c-sharp": ("C#", ".cs"),
    "haskell": ("haskell", ".hs"),
    "perl": ("perl", ".pl"),
    "php": ("php", ".php"),
    "lua": ("lua", ".lua"),
    "ocaml": ("ocaml", ".ml"),
    "elixir": ("elixir", ".ex"),
    "bash": ("bash", ".sh"),
    "powershell": ("powershell", ".ps1"),
    "swift": ("swift", ".swift"),
}


def _plain(path: str, code: bytes, _: str) -> Files:
    return {path: code}


def _swallowed(path: str, code: bytes, language: str) -> Files:
    return {path: SWALLOWING.get(language, _OTHERS) + code}


def _fence(code: bytes, language: str) -> bytes:
    return b"```" + language.encode() + b"\n" + code + b"```\n"


def _fenced(path: str, code: bytes, language: str) -> Files:
    return {path: PROSE + _fence(code, language) + _AFTER}


def _document(_: str, code: bytes, language: str) -> Files:
    return {"ANSWER.md": b"# Answer\n\n" + PROSE + _fence(code, language) + _AFTER}


def _prose(path: str, code: bytes, _: str) -> Files:
    return {path: PROSE + code}


def _script(opening: str) -> Callable[[str, bytes, str], Files]:
    def made(path: str, code: bytes, _: str) -> Files:
        head = opening.format(path=path, folder=PurePosixPath(path).parent).encode()
        return {"compile.sh": b"#!/bin/sh\nset -e\nmkdir -p src\n" + head + b"\n" + code + b"END_OF_FILE\n./build.sh\n"}

    return made


def _dockerfile(path: str, code: bytes, _: str) -> Files:
    head = f"FROM debian:12\nWORKDIR /app\nCOPY <<'END_OF_FILE' {path}\n".encode()
    return {"Dockerfile": head + code + b"END_OF_FILE\nRUN ./build.sh\n"}


def _quoted(line: bytes) -> bytes:
    return b"'" + line.replace(b"'", b"'\\''") + b"'"


def _printf(path: str, code: bytes, _: str) -> Files:
    lines = b" \\\n  ".join(map(_quoted, code.splitlines()))
    return {"compile.sh": b"#!/bin/sh\nprintf '%s\\n' " + lines + b" > " + path.encode() + b"\n"}


def _echo(path: str, code: bytes, _: str) -> Files:
    name = path.encode()
    lines = b"".join(b"echo " + _quoted(line) + b" >> " + name + b"\n" for line in code.splitlines())
    return {"compile.sh": b"#!/bin/bash\n: > " + name + b"\n" + lines}


def _notebook(_: str, code: bytes, language: str) -> Files | None:
    if language not in _KERNELS:
        return None
    name, extension = _KERNELS[language]
    lines = code.decode().splitlines(keepends=True)
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": lines[at : at + 40]}
        for at in range(0, len(lines), 40)
    ]
    notebook = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Notes\n"]}, *cells],
        "metadata": {"language_info": {"name": name, "file_extension": extension}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return {"notes.ipynb": json.dumps(notebook, indent=1).encode()}


def _patch(path: str, code: bytes, _: str) -> Files:
    lines = code.decode().splitlines(keepends=True)
    return {"fix.patch": "".join(difflib.unified_diff([], lines, "/dev/null", f"b/{path}")).encode()}


def _commented(code: bytes, language: str, text: str) -> str:
    """The program with a comment, below its first line."""
    spec = LANGUAGES[language]
    line = (
        f"{spec.line_comments[0]} {text}"
        if spec.line_comments
        else f"{spec.block_comments[0][0]} {text} {spec.block_comments[0][1]}"
    )
    first, rest = re.split(r"(?<=\n)", code.decode(), maxsplit=1)
    return f"{first}\n{line}\n{rest}" if not _is_open(first) else f"{line}\n{first}{rest}"


def _is_open(first: str) -> bool:
    """Whether a first line begins a comment that goes on below it."""
    return first.lstrip().startswith(("/*", "(*", "{-", "{", "=begin", "<#", '"""')) and not first.rstrip().endswith(
        ("*/", "*)", "-}", "}", "#>")
    )


def _encoded(encoding: str, text: str = "") -> Callable[[str, bytes, str], Files]:
    def made(path: str, code: bytes, language: str) -> Files:
        said = _commented(code, language, text) if text else code.decode()
        return {path: said.encode(encoding, "replace")}

    return made


def _lone_cr(path: str, code: bytes, _: str) -> Files:
    return {path: code.replace(b"\n", b"\r")}


WAYS: dict[str, Callable[[str, bytes, str], Files | None]] = {
    "as it is": _plain,
    "swallowed": _swallowed,
    "fenced": _fenced,
    "fenced, in a document": _document,
    "prose before it": _prose,
    "heredoc, named": _script("cat > {path} <<'END_OF_FILE'"),
    "heredoc, `$OUT`": _script('OUT="$1"\ncat <<\'END_OF_FILE\' > "$OUT"'),
    "heredoc, `.txt`": _script("tee out.txt > /dev/null <<'END_OF_FILE'"),
    "Dockerfile": _dockerfile,
    "printf": _printf,
    "echo": _echo,
    "notebook": _notebook,
    "patch": _patch,
    "UTF-16": _encoded("utf-16"),
    "Shift-JIS": _encoded("shift_jis", _JAPANESE),
    "Latin-1": _encoded("latin-1", _WESTERN),
    "lone CR": _lone_cr,
}
# Ways in which inconclusive is right: independent fixes coincide, and a document is no code.
UNJUDGED = frozenset({"patch", "fenced, in a document"})
