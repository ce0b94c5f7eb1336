"""What a script writes: its name, its language, and whether it can be read as it stands in the script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from simdetect.languages.detect import detect_language, language_of_program
from simdetect.languages.hidden import hidden_language, is_data
from simdetect.sources.embedded.part import Lost, Part, Written, laid_out

__all__ = ["Target", "changes", "lost_form", "made", "without_prefix"]

_LEAST_BYTES: Final = 80  # of a file that a script writes; less is a setting
_LEAST_LOST: Final = 400  # bytes, some 100 tokens, of what is written through another program
_BLOB: Final = re.compile(rb"[A-Za-z0-9+/=_\s-]+")
_OWN_SHELL: Final = re.compile(rb"\s*#! ?\$\{?(?:CONFIG_)?SHELL\b")  # what runs the script runs what it writes
# A name without an end, or one that holds anything. Prose has 2 % of such signs, samples of 28 of 31 languages 10 %.
_SAYS_NOTHING: Final = re.compile(r"^[^.]*$|\.(?:txt|out|tmp|src|text|dat)$|\$[^.]*$")
_SPACE: Final = b" \t\r\n"
_SIGNS: Final = b"(){}[];=<>|&+*@$%!^~"
_LEAST_SIGNS: Final = 0.1
_DATA_BEGINS: Final = (b"{", b"[", b"<")
_LONG_LINE: Final = 50  # characters; base64 has 64 or 76, hex dumps 60
# Programs after which a text is another one.
_CHANGES: Final = frozenset(
    b"base64 base32 openssl xxd uudecode sed gsed tr rev awk gawk mawk gzip gunzip zcat xz unxz bzip2 bunzip2 zstd gpg"
    b" envsubst m4 iconv cut paste tac sort fold ed ex".split()
)
_EDITS: Final = (b"-p", b"-n", b"-i")  # options of perl and ruby that read their input line by line
_STRIPS: Final = re.compile(rb"s(\W)\^((?:[\w#@%&~!, \t-]|\\t)+)\1\1g?")  # "s/^X//"
_STANDARD_INPUT: Final = (b"-", b"-s", b"/dev/stdin")
_CLIENTS: Final = frozenset({"sql"})  # programs of these languages are called with the name of a database


@dataclass(slots=True)
class Target:
    """A file that is being written.

    outputs: names behind > and of tee. words: other words that may be its name, likeliest first. programs: what it goes
    through, each with its words.
    """

    outputs: Sequence[bytes]
    words: Sequence[bytes] = ()
    programs: Sequence[Sequence[bytes]] = ()
    pieces: list[Written] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """What is written."""
        return b"".join(line + b"\n" for piece in self.pieces for line in piece.lines)


def changes(programs: Sequence[Sequence[bytes]]) -> str:
    """The first program that makes another text of what it reads, "" when none does."""
    for words in programs:
        name = words[0].rpartition(b"/")[2]
        edits = name in (b"perl", b"ruby") and any(word.startswith(_EDITS) for word in words[1:])
        if name in _CHANGES or edits:
            return name.decode("ascii", "replace")
    return ""


def without_prefix(target: Target) -> Target:
    """The same where all that sed does is to take away what stands before each line, as in archives of a shell."""
    found = [_STRIPS.fullmatch(word) for words in target.programs[:1] for word in words[1:] if word != b"-e"]
    if len(found) != 1 or found[0] is None or not target.programs[0][0].endswith(b"sed"):
        return target
    taken = found[0][2].replace(b"\\t", b"\t")
    pieces = [replace(piece, lines=[line.removeprefix(taken) for line in piece.lines]) for piece in target.pieces]
    return Target(target.outputs, target.words, target.programs[1:], pieces)


def made(target: Target, most_padding: int) -> Part | Lost | None:
    """A file as a part when it is code, as lost when it may be code and cannot be read, None otherwise.

    most_padding: empty lines that may stand before it, so that its lines have the numbers of the script's.
    """
    body = target.body
    if len(body.strip()) < _LEAST_BYTES:
        return None
    by = changes(target.programs)
    if _is_blob(body):
        name = _shown(target.outputs[0]) if target.outputs else _place(target)
        return Lost(name, f"written through {by or 'an encoding'}: not read", len(body)) if _is_much(body) else None
    name, language = _language(target, body)
    if language is None:
        if not _is_much(body) or not (by or _may_be_code(target, body)):
            return None
        why = f"written through {by}: not read" if by else "of no language that its name or its text tells"
        return Lost(name, why, len(body))
    content, places = laid_out(target.pieces, most_padding)
    return Part(name, language, body, content, places)


def lost_form(target: Target, part: Part) -> Lost | None:
    """The form in which a part is written, when it goes through a program that changes it."""
    by = changes(target.programs)
    return Lost(f"{part.name}|{by}", f"written through {by}: read as it stands", len(part.body)) if by else None


def _is_much(body: bytes) -> bool:
    return len(body) >= _LEAST_LOST


def _may_be_code(target: Target, body: bytes) -> bool:
    """Whether what is written under a name that says nothing has the signs of code, and is no table."""
    if not target.outputs or not _SAYS_NOTHING.search(_shown(target.outputs[0]).rpartition("/")[2]):
        return False
    visible = body.translate(None, _SPACE)
    n_signs = len(visible) - len(visible.translate(None, _SIGNS))
    return n_signs >= _LEAST_SIGNS * len(visible) and visible[:1] not in _DATA_BEGINS and not is_data(body)


def _is_blob(body: bytes) -> bool:
    """Whether a text is all letters and digits in long lines: base64, hex."""
    words = body.split()
    return len(body) >= _LONG_LINE * len(words) and _BLOB.fullmatch(body) is not None


def _language(target: Target, body: bytes) -> tuple[str, str | None]:
    """By the program that reads it, by a name, by what it says."""
    if language := _read_by(target.programs):
        return _place(target), language
    outputs = [_shown(name) for name in target.outputs]
    for name in outputs:
        if found := _named(name, body):
            return name, found
    told = (
        language_of_program("sh") if _OWN_SHELL.match(body) else hidden_language(body, is_strict=False, is_written=True)
    )
    named = detect_language(outputs[0].rpartition("/")[2], b"") if outputs else None  # a Dockerfile
    if outputs or not told:
        return (outputs[0] if outputs else _place(target)), named or told
    # What stands beside may be the name of something else, so that the text must be code by itself.
    words = ((word, found) for word in map(_shown, target.words) if (found := _named(word, body)))
    return next(words, (_place(target), told))


def _named(name: str, body: bytes) -> str | None:
    """The language by a name that says one."""
    last = name.rpartition("/")[2]
    return detect_language(last, body) if "." in last and not last.endswith(".txt") else None


def _read_by(programs: Sequence[Sequence[bytes]]) -> str | None:
    """The language of a program that reads from its standard input what it shall do."""
    if changes(programs):
        return None
    for words in programs:
        found = language_of_program(words[0].rpartition(b"/")[2].decode("utf-8", "replace"))
        names = [word for word in words[1:] if not word.startswith(b"-")]
        if found and (found in _CLIENTS or not names or any(word in _STANDARD_INPUT for word in words)):
            return found
    return None


def _place(target: Target) -> str:
    return f"line {target.pieces[0].first + 1}"


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "replace").removeprefix("./")[-200:]
