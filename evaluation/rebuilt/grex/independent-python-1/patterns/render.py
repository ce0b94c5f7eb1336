"""Writes expressions, plain or in colour, on one line or on several."""
from itertools import groupby

from .expression import CharClass, Choice, Literal, Maybe, Sequence

COLORS = {
    "flag": "40;93", "anchor": "1;33", "open": "1;32", "close": "1;32", "bar": "1;31", "maybe": "1;35",
    "count": "104;37", "bracket": "1;36", "shorthand": "103;30",
}
INLINE = {"text", "shorthand", "bracket", "count"}
CONTROLS = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\f": "\\f"}
SPECIAL = "()[]{}+*-.?|^$\\"
CLASS_SPECIAL = "[]-^\\"


def render(expression, flags):
    tokens = list(Writer(flags).document(expression))
    if "colorize" in flags:
        tokens = [(kind, paint(kind, text)) for kind, text in tokens]
    if "verbose" in flags:
        return indent(tokens)
    return "".join(text for _, text in tokens)


def paint(kind, text):
    return f"\x1b[{COLORS[kind]}m{text}\x1b[0m" if kind in COLORS else text


class Writer:
    """Generates (kind, text) tokens."""

    def __init__(self, flags):
        self.flags = flags
        self.opening = "(" if "capture-groups" in flags else "(?:"
        self.hidden = " #" if "verbose" in flags else ""

    def document(self, expression):
        switches = "i" * ("ignore-case" in self.flags) + "x" * ("verbose" in self.flags)
        if switches:
            yield "flag", f"(?{switches})"
        if not self.flags & {"no-start-anchor", "no-anchors"}:
            yield "anchor", "^"
        yield from self.write(expression)
        if not self.flags & {"no-end-anchor", "no-anchors"}:
            yield "anchor", "$"

    def write(self, expression):
        match expression:
            case Literal(symbols):
                for symbol in symbols:
                    yield from self.symbol(symbol)
            case CharClass(chars):
                yield from self.char_class(chars)
            case Choice(options):
                yield from self.group(self.alternatives(options))
            case Sequence(left, right):
                yield from self.write(left)
                yield from self.write(right)
            case Maybe(inner):
                content = self.write(inner)
                is_unit = isinstance(inner, Choice) or inner.chars
                yield from content if is_unit else self.group(content)
                yield "maybe", "?"

    def group(self, content):
        yield "open", self.opening
        yield from content
        yield "close", ")"

    def alternatives(self, options):
        for index, option in enumerate(options):
            if index:
                yield "bar", "|"
            yield from self.write(option)

    def symbol(self, symbol):
        atom, low, high = symbol
        content = self.atom(atom)
        if low == high == 1:
            yield from content
            return
        is_unit = isinstance(atom, str) and (len(atom) == 1 or atom.count("\\") == 1)
        yield from content if is_unit else self.group(content)
        yield "count", f"{{{low}}}" if low == high else f"{{{low},{high}}}"

    def atom(self, atom):
        if isinstance(atom, tuple):
            for symbol in atom:
                yield from self.symbol(symbol)
        elif len(atom) == 1:
            yield "text", self.escape(atom, SPECIAL)
        else:
            yield "shorthand" if len(atom) == 2 else "text", atom

    def char_class(self, chars):
        yield "bracket", "["
        for first, last in ranges(chars):
            yield "text", self.escape(first, CLASS_SPECIAL)
            if first != last:
                yield "bracket", "-"
                yield "text", self.escape(last, CLASS_SPECIAL)
        yield "bracket", "]"

    def escape(self, char, special):
        if char in special or char in self.hidden:
            return "\\" + char
        return CONTROLS.get(char, char)


def ranges(chars):
    """Pairs of borders; fewer than three neighbours stand alone."""
    for _, run in groupby(enumerate(sorted(chars)), key=lambda item: ord(item[1]) - item[0]):
        run = [char for _, char in run]
        if len(run) > 2:
            yield run[0], run[-1]
        else:
            yield from zip(run, run)


def indent(tokens):
    """Gives every group border, alternative and stretch of text its own line."""
    lines, depth, previous = [], 1, None
    for kind, text in tokens:
        quantifies = kind in {"maybe", "count"}
        depth -= kind == "close"
        if quantifies or (kind in INLINE and previous in INLINE):
            lines[-1] += text
        else:
            lines.append("  " * (0 if kind in {"flag", "anchor"} else depth) + text)
        depth += kind == "open"
        # a quantified group is as finished as a plain one
        previous = "close" if quantifies and previous == "close" else kind
    return "\n".join(lines)
