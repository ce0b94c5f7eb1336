"""The command line: options in the manner of Go's flag package, targets, output."""
from __future__ import annotations

import fnmatch
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, Iterator, NamedTuple, NoReturn

from reviser import DEFAULT_ORDER, Reviser, ReviseError, parse_order

VERSION = "3.12.4"
VERSION_TEXT = f"""version: {VERSION}
built with: go1.26
tag: v{VERSION}
commit: 81bd549469092e668525e6845bfa1ae9ee3cc4a2
source: https://github.com/incu6us/goimports-reviser"""
STDIN = "<standard-input>"


class Flag(NamedTuple):
    """A command line option; a boolean one if its default is False."""

    name: str
    default: bool | str
    help: str


FLAGS = [
    Flag("apply-to-generated-files", False, "Apply imports sorting and formatting(if the option is set) to generated files. Generated file is a file with first comment which starts with comment '// Code generated'. Optional parameter."),
    Flag("company-prefixes", "", "Company package prefixes which will be placed after 3rd-party group by default(if defined). Values should be comma-separated. Optional parameters."),
    Flag("excludes", "", "Exclude files or dirs, example: '.git/,proto/*.go'."),
    Flag("file-path", "", "Deprecated. Put file name as an argument(last item) of command line."),
    Flag("format", False, "Option will perform additional formatting. Optional parameter."),
    Flag("imports-order", DEFAULT_ORDER, """Your imports groups can be sorted in your way. 
std - std import group; 
general - libs for general purpose; 
company - inter-org or your company libs(if you set '-company-prefixes'-option, then 4th group will be split separately. In other case, it will be the part of general purpose libs); 
project - your local project dependencies;
blanked - imports with "_" alias;
dotted - imports with "." alias.
Optional parameter."""),
    Flag("list-diff", False, "Option will list files whose formatting differs from goimports-reviser. Optional parameter."),
    Flag("local", "", "Deprecated"),
    Flag("output", "file", 'Can be "file", "write" or "stdout". Whether to write the formatted content back to the file or to stdout. When "write" together with "-list-diff" will list the file name and write back to the file. Optional parameter.'),
    Flag("project-name", "", "Your project name(ex.: github.com/incu6us/goimports-reviser). Optional parameter."),
    Flag("recursive", False, "Apply rules recursively if target is a directory. In case of ./... execution will be recursively applied by default. Optional parameter."),
    Flag("rm-unused", False, "Remove unused imports. Optional parameter."),
    Flag("separate-named", False, "Option will separate named imports from the rest of the imports, per group. Optional parameter."),
    Flag("set-alias", False, "Set alias for versioned package names, like 'github.com/go-pg/pg/v9'. In this case import will be set as 'pg \"github.com/go-pg/pg/v9\"'. Optional parameter."),
    Flag("set-exit-status", False, "set the exit status to 1 if a change is needed/made. Optional parameter."),
    Flag("use-cache", False, "Use cache to improve performance. Optional parameter."),
    Flag("version", False, "Show version information"),
    Flag("version-only", False, "Show only the version string"),
]
BOOLEANS = dict.fromkeys(["1", "t", "T", "true", "TRUE", "True"], True) | dict.fromkeys(
    ["0", "f", "F", "false", "FALSE", "False"], False
)


class FlagError(Exception):
    """A mistake in the options."""


class HelpWanted(Exception):
    """The user asked for help."""


def usage(program: str) -> None:
    """Show the options on standard error."""
    print(f"Usage of {program}:", file=sys.stderr)
    for flag in FLAGS:
        kind = "" if flag.default is False else " string"
        default = f' (default "{flag.default}")' if flag.default else ""
        text = flag.help.replace("\n", "\n    \t")
        print(f"  -{flag.name}{kind}\n    \t{text}{default}", file=sys.stderr)


def parse_args(args: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Split the arguments into option values and targets."""
    values: dict[str, Any] = {flag.name: flag.default for flag in FLAGS}
    rest = list(args)
    while rest and len(rest[0]) > 1 and rest[0][0] == "-":
        arg = rest.pop(0)
        if arg == "--":
            break
        name, has_value, value = re.sub("^--?", "", arg).partition("=")
        if not name or name[0] == "-":
            raise FlagError(f"bad flag syntax: {arg}")
        if name in ("help", "h"):
            raise HelpWanted
        if name not in values:
            raise FlagError(f"flag provided but not defined: -{name}")
        if isinstance(values[name], bool):
            if has_value and value not in BOOLEANS:
                raise FlagError(f'invalid boolean value "{value}" for -{name}: parse error')
            values[name] = BOOLEANS[value] if has_value else True
        elif has_value:
            values[name] = value
        elif rest:
            values[name] = rest.pop(0)
        else:
            raise FlagError(f"flag needs an argument: -{name}")
    return values, rest


def log(message: object) -> None:
    """Print a message with the time on standard error."""
    sys.stdout.flush()
    print(time.strftime("%Y/%m/%d %H:%M:%S"), message, file=sys.stderr, flush=True)


def die(message: object) -> NoReturn:
    log(message)
    sys.exit(1)


def split_list(text: str) -> list[str]:
    return [item for item in map(str.strip, text.split(",")) if item]


def reason(error: Exception) -> str:
    """Word an exception the way Go does."""
    if isinstance(error, OSError) and error.strerror:
        return f"open {error.filename}: {error.strerror[0].lower()}{error.strerror[1:]}"
    return str(error)


def project_name(start: Path) -> str | None:
    """The module path in the nearest go.mod at or above a path."""
    for directory in (start, *start.parents):
        if (mod := directory / "go.mod").is_file():
            if match := re.search(r"^module\s+[\"`]?([^\s\"`]+)", mod.read_text(), re.MULTILINE):
                return match[1]
    return None


def go_files(root: Path, recursive: bool, excludes: list[str]) -> Iterator[Path]:
    """The Go files of a directory in lexical order; excludes are relative to it."""

    def excluded(path: Path) -> bool:
        relative = path.relative_to(root).as_posix()
        return any(
            relative.count("/") == pattern.count("/") and fnmatch.fnmatchcase(relative, pattern)
            for pattern in map(os.path.normpath, excludes)
        )

    def walk(directory: Path) -> Iterator[Path]:
        for path in sorted(directory.iterdir()):
            if excluded(path):
                continue
            if path.is_dir() and not path.is_symlink():
                if recursive:
                    yield from walk(path)
            elif path.suffix == ".go":
                yield path

    return walk(root)


class Run:
    """One invocation of the program."""

    def __init__(self, program: str, options: dict[str, Any], reviser: Reviser):
        self.program = program
        self.options = options
        self.reviser = reviser
        self.changed = False

    def revise(self, path: Path | str) -> tuple[str, bool]:
        """The new text of a file and whether it differs from the old one."""
        raw = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
        before = raw.decode("utf-8", "surrogateescape")
        after = self.reviser.revise(str(path), before)
        return after, before != after

    def file(self, path: Path | str) -> None:
        """Deal with one file target."""
        try:
            text, modified = self.revise(path)
        except (ReviseError, OSError) as error:
            die(f"Failed to fix file: {reason(error)}")
        self.changed |= modified
        output, listing = self.options["output"], self.options["list-diff"]
        if output not in ("file", "write", "stdout"):
            die(f'invalid output "{output}" specified')
        if output == "stdout" or path == STDIN:
            if not listing:
                sys.stdout.write(text)
        elif modified and (output == "write" or not listing):
            Path(path).write_text(text, newline="")
        if modified and listing:
            print(path)

    def directory(self, shown: str, root: Path, recursive: bool) -> None:
        """Deal with a directory target: list its files or rewrite them."""
        listing = self.options["list-diff"]
        differing = []
        try:
            for path in go_files(root, recursive, split_list(self.options["excludes"])):
                try:
                    text, modified = self.revise(path)
                except (ReviseError, OSError) as error:
                    raise ReviseError(f"failed to fix {path}: {reason(error)}") from error
                if modified and listing:
                    differing.append(path)
                elif modified:
                    path.write_text(text, newline="")
        except ReviseError as error:
            what = "find unformatted files" if listing else "fix directory"
            die(f"Failed to {what} {shown}: failed to walk dif: {error}")
        for path in differing:
            print(path)
            self.changed = True

    def target(self, arg: str) -> None:
        """Deal with one thing named on the command line."""
        log(f"Processing {arg}")
        everything = arg == "./..."
        path = Path(os.path.abspath("." if everything else arg))
        if not self.options["project-name"]:
            name = project_name(path) or project_name(Path.cwd())
            if name is None:
                usage(self.program)
                die(f"Could not determine project name for path {arg}: open go.mod: no such file or directory")
            self.reviser.project = name
        if path.is_dir():
            self.directory(arg, path, everything or self.options["recursive"])
        else:
            self.file(STDIN if arg == STDIN else path)


def report_deprecated(options: dict[str, Any]) -> bool:
    """Complain about old options; tell whether there were any."""
    notes = []
    if options["local"]:
        notes.append("-local is deprecated and will be removed soon. Use -company-prefixes instead.")
    if options["file-path"]:
        notes.append("-file-path is deprecated. Put file name(s) as last argument to the command(Example: goimports-reviser -rm-unused -set-alias -format goimports-reviser/main.go)")
    if notes:
        print(*notes, "All changes to file are applied, but command-line syntax should be fixed", sep="\n", file=sys.stderr)
    return bool(notes)


def main(argv: list[str]) -> int:
    """Run the program; the result is its exit status."""
    program = argv[0]
    try:
        options, args = parse_args(argv[1:])
    except HelpWanted:
        usage(program)
        return 0
    except FlagError as error:
        print(error, file=sys.stderr)
        usage(program)
        return 2
    if options["version-only"] or options["version"]:
        print(VERSION if options["version-only"] else VERSION_TEXT)
        return 0
    paths = [STDIN if arg == "-" else arg for arg in args or filter(None, [options["file-path"]])]
    if not paths:
        usage(program)
        die("no file(s) or directory(ies) specified on input")
    try:
        order = parse_order(options["imports-order"])
    except ReviseError as error:
        usage(program)
        die(error)
    reviser = Reviser(
        order,
        project=options["project-name"],
        company=tuple(split_list(options["company-prefixes"])),
        separate_named=options["separate-named"],
        remove_unused=options["rm-unused"],
        set_alias=options["set-alias"],
        extra_format=options["format"],
        apply_generated=options["apply-to-generated-files"],
    )
    log(f"Paths: [{' '.join(paths)}]")
    run = Run(program, options, reviser)
    for path in paths:
        run.target(path)
    deprecated = report_deprecated(options)
    return int(deprecated or run.changed and options["set-exit-status"])
