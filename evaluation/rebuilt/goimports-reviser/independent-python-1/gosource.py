"""What has to be known of Go source text: tokens, import declarations, qualifiers."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator, NamedTuple

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`)
      | (?P<rune>'(?:\\.|[^'\\\n])+')
      | (?P<word>[^\W\d]\w*)
      | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
      | (?P<op>\+\+|--|[^\s])""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = set("([{"), set(")]}")


class Token(NamedTuple):
    """A piece of source text and where it stands."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def ends_statement(self) -> bool:
        """Whether a line break behind the token ends the statement."""
        if self.kind == "op":
            return self.text in CLOSING or self.text in ("++", "--")
        return self.kind != "comment"


def tokenize(text: str) -> list[Token]:
    """Take the text apart, comments included."""
    return [Token(m.lastgroup, m[0], m.start(), m.end()) for m in TOKEN.finditer(text)]


@dataclass(frozen=True)
class Import:
    """One import spec, freed from its place in the file."""

    name: str
    literal: str
    comment: str = ""

    @property
    def path(self) -> str:
        return self.literal[1:-1]

    @property
    def key(self) -> tuple[str, str]:
        """What imports are sorted by, and what makes two of them the same."""
        return self.path, self.name

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.literal, self.comment)))


@dataclass
class ImportBlock:
    """All import declarations but for import "C", and the spans of text they fill."""

    imports: list[Import] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    parens: bool = False


class Source:
    """A Go file's text with its tokens."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = tokenize(text)

    @property
    def generated(self) -> bool:
        """Whether the first comment marks the file as generated."""
        first = next((t for t in self.tokens if t.kind == "comment"), None)
        return first is not None and first.text.startswith("// Code generated")

    def qualifiers(self) -> set[str]:
        """The names that stand before a dot, thus perhaps packages in use."""
        code = [t for t in self.tokens if t.kind != "comment"]
        return {
            a.text
            for before, a, dot in zip([None, *code], code, code[1:])
            if a.kind == "word" and dot.text == "." and not (before and before.text == ".")
        }

    def _line_comment(self, i: int) -> tuple[str, int]:
        """The comment behind token i on the same line, and where the text ends with it."""
        end = start = self.tokens[i].end
        for token in self.tokens[i + 1:]:
            if token.kind != "comment" or "\n" in self.text[end:token.start]:
                break
            start, end = (token.start if start == self.tokens[i].end else start), token.end
        rest = self.text[end:].lstrip(" \t\r")
        if start == end or not rest.startswith(("\n", ")")):
            return "", self.tokens[i].end
        return self.text[start:end].rstrip("\r"), end

    def import_block(self) -> ImportBlock:
        """Collect the import declarations at the head of the file.

        Of neighbouring declarations, the comments in between belong to the
        span that is cut.
        """
        block = ImportBlock()
        code = [i for i, t in enumerate(self.tokens) if t.kind != "comment"]
        at, last_end, adjacent = 2, 0, False  # behind "package name"

        def token(k: int) -> Token:
            return self.tokens[code[k]] if k < len(code) else Token("op", "", 0, 0)

        while True:
            if token(at).text == ";":
                at += 1
                continue
            if token(at).text != "import":
                return block
            start, specs, at = token(at).start, [], at + 1
            if parens := token(at).text == "(":
                at += 1
            while at < len(code) and token(at).text != ")":
                if token(at).text == ";":
                    at += 1
                    continue
                name = ""
                if token(at).kind != "string":
                    name, at = token(at).text, at + 1
                if token(at).kind != "string":
                    return block  # no Go; gofmt will tell
                comment, end = self._line_comment(code[at])
                specs.append(Import(name, token(at).text, comment))
                at += 1
                if not parens:
                    break
            if parens:
                end, at = token(at).end, at + 1
            if [s.path for s in specs] == ["C"]:
                adjacent = False
                continue
            block.parens |= parens or bool(block.spans)
            block.imports += specs
            block.spans.append((last_end if adjacent else start, end))
            last_end, adjacent = end, True

    def replace_imports(self, block: ImportBlock, declaration: str) -> str:
        """The text with the declaration in place of the block's first span and the others cut."""
        pieces, at = [], 0
        for i, (start, end) in enumerate(block.spans):
            pieces += [self.text[at:start], declaration if i == 0 else ""]
            at = end
        return "".join(pieces) + self.text[at:]

    def _declaration_ends(self) -> Iterator[int]:
        """Offsets behind the statements on the top level."""
        depth = 0
        for token, after in zip(self.tokens, [*self.tokens[1:], None]):
            depth += (token.text in OPENING) - (token.text in CLOSING)
            gap = self.text[token.end:after.start if after else None]
            if depth == 0 and token.ends_statement and "\n" in gap:
                yield token.end

    def spread(self) -> str:
        """Put an empty line behind each top-level declaration with something on the next line."""
        pieces, at = [], 0
        for end in self._declaration_ends():
            if re.match(r"\n[^\n]", self.text[end:end + 2]):
                pieces += [self.text[at:end], "\n"]
                at = end
        return "".join(pieces) + self.text[at:]
