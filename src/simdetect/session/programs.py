"""Programs by what they can do to a session: print nothing of their own, leave out lines, or only read.

Whatever stands in none of these tables may do anything, and so may these with other options.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from simdetect.languages.notation import words

__all__ = [
    "CUTTING",
    "DANGEROUS",
    "KNOWN",
    "SAYING",
    "SETTINGS",
    "SILENT",
    "compiled_to",
    "cuts",
    "is_silent",
    "only_reads",
    "unwrapped",
]

# Print nothing that is not in the command.
SILENT: Final = words("cd : true false sleep wait exit return break continue mkdir rm rmdir touch chmod test [ set")
# Print their arguments.
SAYING: Final = words("echo printf")
# Behind the executable: leave out lines. Nothing here puts parts of lines together.
CUTTING: Final = words("head tail cat wc uniq grep egrep fgrep")
# Only read the files that they are given.
READERS: Final = words(
    "ls file cat head tail stat which type cmp diff md5sum sha1sum sha256sum sha512sum cksum strings objdump nm size",
    "ldd du wc readelf xxd od hexdump find grep egrep fgrep realpath readlink pwd date sort sed basename dirname",
    "uname whoami id nproc",
)
# Options with which a reader writes, or runs something; for sed what it may do at all.
_WRITING: Final = {
    "find": re.compile(r"-(?:exec|ok|delete|fprint|fls)"),
    "sort": re.compile(r"-\w*[oT]|--(?!numeric|reverse|unique|key)"),
    "xxd": re.compile(r"-\w*r"),
    "file": re.compile(r"-\w*[Czm]|--(?:compile|magic|uncompress)"),
    "nm": re.compile(r"--plugin"),
    "date": re.compile(r"-\w*s|--set"),
}
_CUT_OPTIONS: Final = {
    "head": re.compile(r"-?\+?\d+|-n(?:\+?\d+)?|-q"),
    "tail": re.compile(r"-?\+?\d+|-n(?:\+?\d+)?|-q"),
    "cat": re.compile(r"-[AnevtsET]+"),
    "wc": re.compile(r"-[lcwm]+"),
    "uniq": re.compile(r"-[cdu]+"),
}
_GREP_OPTION: Final = re.compile(r"-[ivncEFwxq]*|-[ABCm]\d*")
# Variables that a run of the executable may be given.
SETTINGS: Final = re.compile(r"HOME|LANG|LC_\w+|TERM|NO_COLOR|COLUMNS|LINES|TZ|RUST_BACKTRACE")
# Variables that make a shell, or what it runs, do something else.
DANGEROUS: Final = re.compile(
    r"PATH|LD_\w+|DYLD_\w+|BASH\w*|ENV|IFS|PS\d|PROMPT\w*|SHELL\w*|\w*PAGER|LESS\w*|GREP_\w+|CDPATH|FPATH|GLOB\w*"
    r"|POSIXLY_\w+|\w*PRELOAD\w*|GCONV_PATH|LOC\w*PATH|NLSPATH|MALLOC_\w+|GLIBC\w+|FUNCNEST|\w+OPTIONS|\w+OPTS?|HIST\w*"
)
_DURATION: Final = re.compile(r"[\d.]+[smh]?")
KNOWN: Final = SILENT | SAYING | CUTTING | READERS | words("timeout time nice stdbuf nohup export local declare unset")


def unwrapped(found: Sequence[str | None]) -> list[str | None]:
    """A command without `timeout 5` and the like before it."""
    rest = list(found)
    while rest and rest[0] in ("timeout", "time", "nice", "stdbuf", "nohup"):
        name = rest.pop(0)
        while rest and rest[0] is not None and rest[0].startswith("-"):
            option = rest.pop(0)
            if rest and (name, option) in (("timeout", "-k"), ("timeout", "-s"), ("nice", "-n")):
                rest.pop(0)
        if name == "timeout" and rest and rest[0] is not None and _DURATION.fullmatch(rest[0]):
            rest.pop(0)
    return rest


def only_reads(name: str, rest: Sequence[str | None]) -> bool:
    """Whether a command writes no file and runs no program, whatever it prints."""
    if name == "sed":
        return len(rest) > 1 and rest[0] == "-n" and re.fullmatch(r"[\d,$]+p", rest[1] or "") is not None
    if name == "xxd" and sum(word is None or not word.startswith("-") for word in rest) > 1:
        return False  # the second is written
    pattern = _WRITING.get(name)
    return name in READERS and not (pattern and any(word is None or pattern.match(word) for word in rest))


def is_silent(name: str, rest: Sequence[str | None]) -> bool:
    """Whether a command prints nothing, beside complaints about its own arguments."""
    if name == "set":
        return " ".join(word or "?" for word in rest) in ("-e", "-u", "-eu", "-o pipefail", "-euo pipefail", "+e")
    if name == "chmod":
        return bool(rest) and rest[0] in ("+x", "a+x", "u+x", "755", "0755", "644")
    if name in ("test", "["):
        return not {"-v", "-R"} & set(rest)
    return name in SILENT


def cuts(name: str, rest: Sequence[str | None]) -> list[str] | None:
    """The files that a filter reads, None where it may do more than leave out lines: only listed options are known."""
    if None in rest:
        return None
    known = [word for word in rest if word is not None]
    files: list[str] = []
    pattern: str | None = None if name.endswith("grep") else ""
    options = _GREP_OPTION if pattern is None else _CUT_OPTIONS[name]
    while known:
        word = known.pop(0)
        takes_number = word in ("-n", "-A", "-B", "-C", "-m") and bool(known) and known[0].lstrip("+").isdigit()
        if (
            takes_number
            and name in ("head", "tail", "grep", "egrep", "fgrep")
            and not (name[-1] == "p" and word == "-n")
        ):
            known.pop(0)
        elif word.startswith("-") or (name in ("head", "tail") and word.startswith("+")):
            if not options.fullmatch(word):
                return None
        elif pattern is None:
            pattern = word
        else:
            files.append(word)
    return files if pattern is not None and (name != "uniq" or len(files) < 2) else None


_COMPILERS: Final = words("gcc cc clang g++ c++ clang++ tcc rustc")
_COMPILER_OPTION: Final = re.compile(
    r"-(?:O\w?|g\d?|c|s|w|pedantic|pthread|static|W[a-z][\w=-]*|std=[\w+]+|[lDI][\w./=]+|-edition=?|C|opt-level=\d)"
)


def compiled_to(name: str, rest: Sequence[str | None]) -> str | None:
    """The one file that a compiler writes, where the command names it and no option lets it do more; None elsewhere."""
    known = [word for word in rest if word is not None]
    if name == "go" and known[:1] == ["build"]:
        known = known[1:]
    elif name not in _COMPILERS:
        return None
    if len(known) < len(rest) - 1 or known.count("-o") != 1 or known[-1] == "-o":
        return None
    at = known.index("-o")
    others = known[:at] + known[at + 2 :]
    is_plain = all(
        _COMPILER_OPTION.fullmatch(word) if word.startswith("-") else not word.startswith("@") for word in others
    )
    return known[at + 1] if is_plain else None
