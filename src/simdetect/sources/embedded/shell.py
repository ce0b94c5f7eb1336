"""Files that a shell script writes: heredocs, and lines of echo and printf. Read as text, never expanded or run.

Not by the tree of the shell's grammar: inputs are read in a process that nothing can kill, and again by `show`, where a
slow or faulty parser must not run; a Dockerfile and a Makefile have no tree; and one open quote takes the rest of a
tree, while a heredoc is found here wherever its two ends stand.

What is written through another program (`base64 -d`, `sed`) is not what stands in the script: it is named as lost.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from simdetect.sources.embedded.commands import Command, Here, Segment, parse_command, plain_words, printed
from simdetect.sources.embedded.naming import Target, changes, lost_form, made, without_prefix
from simdetect.sources.embedded.part import Lost, Part, Unfolded, Written, lines_of, without_lines

__all__ = ["unfold_shell"]

_MOST_PARTS: Final = 1000
_MOST_PADDING: Final = 8 << 20  # empty lines before the files of a script, all together
_MOST_JOINED: Final = 16  # commands of a pipe, heredocs of a command
_LEAST_LINES: Final = 5  # of echo without a file
_MOST_CONTINUED: Final = 50  # lines that a command may begin before its heredoc
_MOST_TRIED: Final = 50  # lines that may end a heredoc
_HIT: Final = re.compile(rb"<<-?[ \t]*['\"\\\w!%:+-]|(?:^|(?<=[\s@;&({-]))(?:echo|printf)(?=[ \t\\])")
_ENDED_BY: Final = re.compile(rb"<<-?[ \t]*(?:'([^'\n]{1,80})'|\"([^\"\n]{1,80})\"|\\?([^\s'\"|;&<>()]{1,80}))")
_CLOSES: Final = re.compile(rb"[ \t]*(?:\}|\)|done|fi)[ \t]*>{1,2}[ \t]*([^\n;|&]+)")
_WRITERS: Final = (b"tee", b"COPY", b"ADD")  # write to the files that they are called with
_NULL: Final = (b"/dev/null", b"/dev/stderr", b"/dev/stdout", b"/dev/tty")


def unfold_shell(content: bytes, *, is_makefile: bool = False) -> Unfolded | None:
    """The files that a script writes, None when it writes none."""
    if b"<<" not in content and b"echo" not in content and b"printf" not in content:
        return None
    parts: list[Part] = []
    lost: list[Lost] = []
    taken: list[Written] = []
    n_left = _MOST_PADDING
    for target in _Script(_recipes(content) if is_makefile else content).targets():
        found = made(target, n_left)
        if isinstance(found, Lost):
            lost.append(found)
        elif found is not None and len(parts) == _MOST_PARTS:
            lost.append(Lost("", f"more than {_MOST_PARTS} files in one file", len(found.body)))
            break
        elif found is not None:
            n_left -= len(found.content) - len(found.body)
            parts.append(found)
            taken += target.pieces
            lost += filter(None, [lost_form(target, found)])
    return Unfolded(without_lines(content, taken), tuple(parts), tuple(lost)) if parts or lost else None


def _recipes(content: bytes) -> bytes:
    """A Makefile as its shell reads it: without the tab of recipes and with single dollars."""
    return re.sub(rb"(?m)^\t[@+-]*", b"", content).replace(b"$$", b"$")


class _Script:
    """A script, read once from its beginning to its end."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._newline: list[int] = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")).tolist()
        self._ends: dict[bytes, list[int]] | None = None
        self._targets: list[Target] = []
        self._by_name: dict[bytes, Target] = {}
        self._echoed: list[Written] = []  # lines of echo that go to no file of their own

    def targets(self) -> list[Target]:
        """All that the script writes, in the order in which each begins."""
        at = 0
        while (hit := _HIT.search(self._text, at)) is not None:
            first = self._beginning(hit.start(), at)
            at = max(self._read(parse_command(self._text, first), first), hit.end())
        self._flush()
        return self._targets

    # --- lines -------------------------------------------------------------------------------------------------

    def _line(self, at: int) -> int:
        """The 0-based line of a position."""
        return bisect_left(self._newline, at)

    def _start(self, line: int) -> int:
        """Where a line starts; the end of the text for lines behind the last."""
        if line > len(self._newline):
            return len(self._text)
        return self._newline[line - 1] + 1 if line else 0

    def _text_of(self, line: int) -> bytes:
        return self._text[self._start(line) : self._start(line + 1)].removesuffix(b"\n")

    def _beginning(self, at: int, least: int) -> int:
        """Where the command of a position begins, over backslashes at line ends; not before `least`."""
        line = self._line(at)
        for _ in range(_MOST_CONTINUED):
            if not line or self._text[self._start(line) - 2 : self._start(line) - 1] != b"\\":
                break
            line -= 1
        return max(self._start(line), least)

    # --- heredocs ----------------------------------------------------------------------------------------------

    def _read(self, command: Command, first: int) -> int:
        """Take what one line of commands writes. Returns where the next one begins."""
        line, body = self._line(first), self._line(max(first, command.end - 1)) + 1
        end = body
        for index, segment in enumerate(command.segments):
            for here in segment.heres[:_MOST_JOINED]:
                stop = self._stop(here, body, may_be_open=bool(segment.outputs))
                if stop is not None:
                    self._flush()
                    self._add(command.segments, index, self._heredoc(here, body, stop))
                    body = stop + 1
            if (value := printed(self._text, segment, self._newline)) is not None:
                self._add_printed(command.segments, index, _piece(value, line, end))
        return command.end if body == end else self._start(body)

    def _stop(self, here: Here, first: int, *, may_be_open: bool) -> int | None:
        """The line that ends a heredoc, the end of the script when it may be open, None when it is no heredoc."""
        if self._ends is None:
            self._ends = self._possible_ends()
        lines = self._ends.get(here.delimiter, [])
        at = bisect_left(lines, first)
        tried = lines[at : at + _MOST_TRIED]
        for number in tried:
            text = self._text_of(number).rstrip(b"\r")
            if (text.lstrip(b"\t") if here.drops_tabs else text) == here.delimiter:
                return number
        if tried:
            return tried[0]
        return len(self._newline) + 1 if may_be_open and here.delimiter.isupper() else None

    def _possible_ends(self) -> dict[bytes, list[int]]:
        """Lines that may end a heredoc, by what they read."""
        wanted = {b"".join(found.groups(b"")) for found in _ENDED_BY.finditer(self._text)}
        ends: dict[bytes, list[int]] = {}
        for number, line in enumerate(self._text.split(b"\n")):
            if len(line) <= 160 and (text := line.strip()) in wanted:
                ends.setdefault(text, []).append(number)
        return ends

    def _heredoc(self, here: Here, first: int, stop: int) -> Written:
        text = self._text[self._start(first) : self._start(stop)].removesuffix(b"\n")
        if not here.is_quoted:
            text = re.sub(rb"\\([\\$`])", rb"\1", text)
        if here.drops_tabs:
            text = re.sub(rb"(?m)^\t+", b"", text)
        lines = text.split(b"\n") if stop > first else []
        return Written(lines, range(first, first + len(lines)), first, stop)

    def _add(self, segments: Sequence[Segment], index: int, piece: Written) -> None:
        """Take the heredoc of one command of a list."""
        target = self._way(segments, index)
        target.pieces.append(piece)
        target = without_prefix(target)
        known = self._by_name.get(target.outputs[0]) if target.outputs and not changes(target.programs) else None
        if known is None:
            self._keep(target)
        else:
            known.pieces += target.pieces

    def _keep(self, target: Target) -> None:
        self._targets.append(target)
        if target.outputs and not changes(target.programs):
            self._by_name.setdefault(target.outputs[0], target)

    def _way(self, segments: Sequence[Segment], index: int) -> Target:
        """Where the output of a command goes, and through which programs."""
        outputs: list[bytes] = []
        programs: list[list[bytes]] = []
        others: list[bytes] = []
        for segment in segments[index : index + _MOST_JOINED]:
            words = plain_words(self._text, segment.words)
            outputs += [name for name in plain_words(self._text, segment.outputs) if name not in _NULL]
            if words:
                programs.append(words)
                names = [word for word in words[1:] if not word.startswith(b"-")]
                (outputs if words[0].rpartition(b"/")[2] in _WRITERS else others).extend(names)
            if segment.joint != b"|":
                break
        return Target(outputs, others[::-1], programs)

    # --- echo and printf ---------------------------------------------------------------------------------------

    def _add_printed(self, segments: Sequence[Segment], index: int, piece: Written) -> None:
        """Take what echo or printf writes: to its file, or with the lines around it."""
        target = self._way(segments, index)
        target.programs, target.words = target.programs[1:], ()
        by = changes(target.programs)
        if not target.outputs and not by:
            if self._echoed and piece.first > self._echoed[-1].end + 1:
                self._flush()
            self._echoed.append(piece)
            return
        known = self._by_name.get(target.outputs[0]) if target.outputs and not by else None
        if known is None:
            self._keep(target)
        (known or target).pieces.append(piece)

    def _flush(self) -> None:
        """Lines of echo that nothing more is added to are a file when they are many."""
        pieces, self._echoed = self._echoed, []
        if sum(len(piece.lines) for piece in pieces) >= _LEAST_LINES:
            closing = _CLOSES.match(self._text_of(pieces[-1].end))
            self._targets.append(Target([closing[1].strip(b" \t'\"")] if closing else [], (), (), pieces))


def _piece(value: Sequence[tuple[bytes, int]], first: int, end: int) -> Written:
    """What a command writes, in lines."""
    lines, at = lines_of(value, first)
    return Written(lines, at, first, end)
