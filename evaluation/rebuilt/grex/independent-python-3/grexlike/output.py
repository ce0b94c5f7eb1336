"""Writing expressions, optionally in colour or on several lines."""

from .build import Choice, Optional, Set
from .tokens import Char, Repeat, Shorthand

COLORS = {
    "flags": "40;93", "anchor": "1;33", "group": "1;32", "bar": "1;31", "optional": "1;35",
    "bracket": "1;36", "shorthand": "103;30", "quantifier": "104;37",
}
CONTROLS = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", "\f": r"\f"}
BREAK, INDENT, DEDENT = object(), object(), object()


class Formatter:
    """Yields pieces of text in between of marks for the layout."""

    def __init__(self, options):
        self.options = options

    def paint(self, kind, text):
        return f"\x1b[{COLORS[kind]}m{text}\x1b[0m" if "colorize" in self.options else text

    def pattern(self, expression):
        options = self.options
        flags = "i" * ("ignore-case" in options) + "x" * ("verbose" in options)
        if flags:
            yield from (self.paint("flags", f"(?{flags})"), BREAK)
        if "no-anchors" not in options and "no-start-anchor" not in options:
            yield self.paint("anchor", "^")
        yield INDENT
        yield from self.sequence(expression)
        yield DEDENT
        if "no-anchors" not in options and "no-end-anchor" not in options:
            yield self.paint("anchor", "$")

    def sequence(self, expression):
        for item in expression:
            yield from self.item(item)

    def item(self, item):
        match item:
            case Char(text, coded):
                yield self.codes(text) if coded else "".join(map(self.escape, text))
            case Shorthand(letter):
                yield self.paint("shorthand", "\\" + letter)
            case Set(chars):
                yield self.character_set(sorted(chars))
            case Choice(options):
                yield from (*self.group(options), BREAK)
            case Optional(inner):
                yield from self.optional(inner)
                yield from (self.paint("optional", "?"), BREAK)
            case Repeat():
                yield from self.repeat(item)

    def group(self, options):
        yield from (BREAK, self.paint("group", "(" if "capture-groups" in self.options else "(?:"), INDENT)
        for index, option in enumerate(options):
            if index:
                yield from (BREAK, self.paint("bar", "|"), BREAK)
            yield from self.sequence(option)
        yield from (DEDENT, self.paint("group", ")"))

    def optional(self, inner):
        match inner:
            case (Choice(options),):
                return self.group(options)
            case (Char(text, False),) if len(text) == 1 and self.escape(text) in (text, "\\ "):
                return self.item(inner[0])
        return self.group([inner])

    def repeat(self, item):
        low, high = item.low, item.high
        quantifier = self.paint("quantifier", f"{{{low}}}" if low == high else f"{{{low},{high}}}")
        match item.body:
            case (Shorthand(),):
                short = True
            case (Char(text, coded),):
                short = (self.codes(text).count("\\") if coded else len(text)) == 1
            case _:
                short = False
        if short:
            yield from (*self.item(item.body[0]), quantifier)
        else:
            yield from (*self.group([item.body]), quantifier, BREAK)

    def character_set(self, chars):
        runs = []
        for char in chars:
            if runs and ord(runs[-1][-1]) + 1 == ord(char):
                runs[-1].append(char)
            else:
                runs.append([char])
        text = self.paint("bracket", "[")
        for run in runs:
            shown = [self.escape(char, "[]\\-^") for char in run]
            text += shown[0] + self.paint("bracket", "-") + shown[-1] if len(run) > 2 else "".join(shown)
        return text + self.paint("bracket", "]")

    def escape(self, char, special="(){}[]|*+?^$-.\\"):
        if char in CONTROLS:
            return CONTROLS[char]
        if "verbose" in self.options and char not in " #" and char.isspace():
            return r"\s"
        if char in special or ("verbose" in self.options and char in " #"):
            return "\\" + char
        return char

    def codes(self, text):
        numbers = map(ord, text)
        if "with-surrogates" in self.options:
            data = text.encode("utf-16-be")
            numbers = (int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data), 2))
        return "".join(f"\\u{{{number:x}}}" for number in numbers)


def layout(pieces, verbose):
    if not verbose:
        return "".join(piece for piece in pieces if isinstance(piece, str))
    lines, current, depth = [], "", 0
    for piece in (*pieces, BREAK):
        if isinstance(piece, str):
            current += piece
            continue
        if current:
            lines.append("  " * depth + current)
        current = ""
        depth += (piece is INDENT) - (piece is DEDENT)
    return "\n".join(lines)
