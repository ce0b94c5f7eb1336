"""Grouping of imports and rewriting of whole files."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import groupby
from pathlib import Path

from gosource import Import, Source

STD_PACKAGES = frozenset(Path(__file__).with_name("stdpkgs.txt").read_text().split())
DEFAULT_ORDER = "std,general,company,project"


class ReviseError(Exception):
    """Something about a file or an option that cannot be dealt with."""


class Group(str, Enum):
    """A section of the import block."""

    STD = "std"
    GENERAL = "general"
    COMPANY = "company"
    PROJECT = "project"
    BLANKED = "blanked"
    DOTTED = "dotted"


REQUIRED = {Group.STD, Group.GENERAL, Group.COMPANY, Group.PROJECT}
ALIAS_GROUPS = {"_": Group.BLANKED, ".": Group.DOTTED}


def parse_order(text: str) -> list[Group]:
    """Read a comma-separated list of groups."""
    order: list[Group] = []
    for word in map(str.strip, text.split(",")):
        try:
            order.append(Group(word))
        except ValueError:
            raise ReviseError(f'unknown order group type: "{word}"') from None
    if not REQUIRED <= set(order):
        raise ReviseError(
            "use default at least 4 parameters to sort groups of your imports: " f'"{DEFAULT_ORDER}"'
        )
    return list(dict.fromkeys(order))


@dataclass
class Reviser:
    """Everything that decides how a file is rewritten."""

    order: list[Group] = field(default_factory=lambda: parse_order(DEFAULT_ORDER))
    project: str = ""
    company: tuple[str, ...] = ()
    separate_named: bool = False
    remove_unused: bool = False
    set_alias: bool = False
    extra_format: bool = False
    apply_generated: bool = False

    def classify(self, imp: Import) -> Group:
        """The group an import belongs to."""
        special = ALIAS_GROUPS.get(imp.name)
        if special in self.order:
            return special
        if imp.path in STD_PACKAGES:
            return Group.STD
        if self.project and f"{imp.path}/".startswith(f"{self.project}/"):
            return Group.PROJECT
        if self.company and imp.path.startswith(self.company):
            return Group.COMPANY
        return Group.GENERAL

    def section_key(self, imp: Import) -> tuple[int, bool]:
        """Where an import's section stands among the sections."""
        group = self.classify(imp)
        named = self.separate_named and bool(imp.name) and group not in ALIAS_GROUPS.values()
        return self.order.index(group), named

    def render(self, imports: list[Import], parens: bool) -> str:
        """Print the imports as one declaration."""
        unique = list({imp.key: imp for imp in reversed(imports)}.values())
        if not unique:
            return ""
        if not parens:
            return f"import {unique[0]}"
        unique.sort(key=lambda imp: (self.section_key(imp), imp.key))
        sections = ["".join(f"\t{imp}\n" for imp in run) for _, run in groupby(unique, self.section_key)]
        return "import (\n" + "\n".join(sections) + ")"

    def apply_names(self, imports: list[Import], names: dict[str, str], used: set[str]) -> list[Import]:
        """Drop unused imports and spell out aliases, as far as asked for."""
        if self.remove_unused and not any(imp.name in ALIAS_GROUPS for imp in imports):
            imports = [imp for imp in imports if (imp.name or names.get(imp.path, "")) in used]
        if self.set_alias:
            imports = [
                replace(imp, name=name)
                if not imp.name and (name := names.get(imp.path)) and name != imp.path.rsplit("/", 1)[-1]
                else imp
                for imp in imports
            ]
        return imports

    def revise(self, path: str, text: str) -> str:
        """The text of the file as it should be."""
        source = Source(text)
        if source.generated and not self.apply_generated:
            return text
        block = source.import_block()
        imports = block.imports
        if self.remove_unused or self.set_alias:
            gofmt(text, path)  # a syntax error is to be told first
            names = package_names(Path(path).parent)
            imports = self.apply_names(imports, names, source.qualifiers())
        try:
            result = gofmt(source.replace_imports(block, self.render(imports, block.parens)), path)
        except ReviseError:
            gofmt(text, path)  # for the positions in the original text
            raise
        return Source(result).spread() if self.extra_format else result


def gofmt(text: str, path: str) -> str:
    """Format the text with the gofmt command."""
    done = subprocess.run(["gofmt"], input=text.encode(), capture_output=True)
    if done.returncode == 0:
        return done.stdout.decode()
    first, *more = done.stderr.decode().replace("<standard input>", path).splitlines()
    if more:
        first += f" (and {len(more)} more error{'s' if len(more) > 1 else ''})"
    raise ReviseError(f"file has invalid Go source content, use -excludes flag to skip this file: {first}")


def package_names(directory: Path) -> dict[str, str]:
    """Ask the go command for the names of the packages imported in a directory."""
    fields = "ImportPath,Name,DepOnly,Imports,Error"
    done = subprocess.run(
        ["go", "list", "-e", "-deps", f"-json={fields}", "--", "."], cwd=directory, capture_output=True, text=True
    )
    if done.returncode:
        raise ReviseError(f"err: exit status {done.returncode}: stderr: {done.stderr}")
    names: dict[str, str] = {}
    direct: set[str] = set()
    failed = False
    for package in read_json_stream(done.stdout):
        names[package["ImportPath"]] = package.get("Name", "")
        if not package.get("DepOnly"):
            direct.update(package.get("Imports", ()))
        if error := package.get("Error"):
            failed = True
            message = error["Err"].strip()
            if message == "import cycle not allowed":
                message += f": import stack: [{' '.join(error['ImportStack'])}]"
            print(f"{error.get('Pos') or '-'}: {message}", file=sys.stderr)
    if failed:
        raise ReviseError("package has an errors")
    return {path: names.get(path, "") for path in direct}


def read_json_stream(text: str):
    """Yield the JSON values that follow one another in the text."""
    decoder, at = json.JSONDecoder(), 0
    while match := re.compile(r"\s*(?=\S)").match(text, at):
        value, at = decoder.raw_decode(text, match.end())
        yield value
