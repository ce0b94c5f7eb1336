"""Colouring of JSON streams and of curl's trace lines.

Bytes travel as latin-1 text, which keeps every one of them intact.
"""
import re

RESET, RED, YELLOW, BLUE = "\x1b[0m", "\x1b[31m", "\x1b[33m", "\x1b[34m"
PURPLE, CYAN, WHITE, GRAY = "\x1b[35m", "\x1b[36m", "\x1b[37m", "\x1b[90m"
INDENT = "    "
NOTICE = "NOTE: binary data not shown in terminal"

LINE_STYLES = [
    (re.compile(r"(\* .*)"), (GRAY,)),
    (re.compile(r"(curl: \(.*)"), (RED,)),
    (re.compile(r"(HTTP)(/)([\d.]+ \d+)(.*)", re.S), (BLUE, WHITE, CYAN, YELLOW)),
    (re.compile(r"([A-Z]+)( \S+ )(HTTP)(/)(.*)", re.S), (BLUE, WHITE, BLUE, WHITE, CYAN)),
    (re.compile(r"([\w-]+:)(.*)", re.S), (WHITE, CYAN)),
]


def color_line(line):
    for pattern, colors in LINE_STYLES:
        if match := pattern.fullmatch(line):
            return "".join(c + text for c, text in zip(colors, match.groups())) + RESET
    return line


def render(chunks):
    """Yield the text to show for a stream of chunks, as soon as it is known."""
    formatter = None
    for chunk in chunks:
        if "\0" in chunk:
            rule = f"+-{'-' * len(NOTICE)}-+\n"
            yield f"{rule}| {NOTICE} |\n{rule}"
            for _ in chunks:  # let the sender finish
                pass
            return
        if formatter is None:
            formatter = JsonFormatter().feed if chunk[0] in "{[" else str
        yield formatter(chunk)


class JsonFormatter:
    """Incremental formatter: each token is styled by what came before it."""

    TOKEN = re.compile(r"[ \t\r\n]+|[{}\[\],:]|[\"']|[^ \t\r\n{}\[\],:\"']+")
    STRING_REST = {q: re.compile(rf"(?:[^{q}\\]|\\.)*({q}|\\?\Z)", re.S) for q in "\"'"}

    def __init__(self):
        self.depth = 0
        self.after_colon = False
        self.quote = ""     # set while a string is open
        self.dangling = ""  # a backslash cut off at the end of a chunk

    def feed(self, text):
        text, self.dangling = self.dangling + text, ""
        position, pieces = 0, []
        while position < len(text):
            pattern = self.STRING_REST[self.quote] if self.quote else self.TOKEN
            match = pattern.match(text, position)
            position = match.end()
            pieces.append(self._string_part(match) if self.quote else self._token(match[0]))
        return "".join(pieces)

    def _string_part(self, match):
        if match[1] == self.quote:
            self.quote = ""
        elif match[1] == "\\":
            self.dangling = "\\"
            return match[0][:-1]
        return match[0]

    def _token(self, token):
        if not token.strip(" \t\r\n"):
            return ""
        was_value, self.after_colon = self.after_colon, token == ":"
        match token:
            case "{" | "[":
                self.depth += 1
                return WHITE + token + self._newline()
            case "}" | "]":
                self.depth = max(0, self.depth - 1)
                end = "" if self.depth else "\n" + RESET
                return self._newline() + WHITE + token + end
            case ",":
                return WHITE + "," + self._newline()
            case ":":
                return WHITE + ": "
            case '"' | "'":
                self.quote = token
                return (CYAN if was_value else BLUE) + token
        if was_value:
            return (PURPLE if token[0] in "tfn" else CYAN) + token
        return token

    def _newline(self):
        return "\n" + INDENT * self.depth
