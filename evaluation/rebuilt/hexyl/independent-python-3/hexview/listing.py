"""Drawing the table of offsets, byte panels and characters."""
from dataclasses import dataclass

from .colors import RESET

DIGITS = {2: 8, 8: 3, 10: 3, 16: 2}
FORMATS = {2: "{:08b}", 8: "{:03o}", 10: "{:03d}", 16: "{:02x}"}
PANEL_BYTES = 8
OFFSET_WIDTH = 8


# Outer edge, inner edge, top corners, bottom corners, line.
BORDERS = {
    "unicode": ("│", "┊", "┌┬┐", "└┴┘", "─"),
    "ascii": ("|", "|", "+++", "+++", "-"),
    "none": (" ", " ", "", "", ""),
}


@dataclass
class Layout:
    border: str
    base: int
    group: int
    little: bool
    position: bool
    characters: bool
    squeeze: bool
    panels: int = 2

    def panel_width(self, base):
        """Columns of one byte panel, blanks at both ends included."""
        return 1 + PANEL_BYTES // self.group * (self.group * DIGITS[base] + 1)

    def fitting_panels(self, columns):
        """How many panels fit into COLUMNS; at least one."""
        fixed = 1 + (OFFSET_WIDTH + 1 if self.position else 0)
        each = self.panel_width(self.base) + 1 + (PANEL_BYTES if self.characters else 0)
        return max(1, (columns - fixed) // each)


class Listing:
    def __init__(self, layout, glyphs, colors, offset_color):
        self.layout = layout
        self.edge, self.inner, self.top, self.bottom, self.line = BORDERS[layout.border]
        self.glyphs = glyphs
        self.colors = colors
        self.offset_color = offset_color
        self.reset = RESET if colors else ""
        self.numbers = [FORMATS[layout.base].format(byte) for byte in range(256)]
        self.digits = DIGITS[layout.base]
        self.row_bytes = PANEL_BYTES * layout.panels

    def lines(self, source, position):
        """Yield every line of the table, without line ends."""
        data = source.read(self.row_bytes)
        base = self.layout.base if data else 16
        yield from self.rule(self.top, base)
        if data:
            yield from self.rows(source, data, position)
        else:
            yield self.empty_notice()
        yield from self.rule(self.bottom, base)

    def rows(self, source, data, position):
        previous, squeezed = None, False
        while data:
            repeated = self.layout.squeeze and data == previous
            if repeated and not squeezed:
                yield self.row(b"", None)
            if not repeated:
                yield self.row(data, position)
            previous, squeezed = data, repeated
            position += len(data)
            data = source.read(self.row_bytes)
        if squeezed:
            yield self.row(b"", position if self.layout.position else None)

    def rule(self, corners, base):
        if not corners:
            return
        left, middle, right = corners
        cells = [self.line * OFFSET_WIDTH] if self.layout.position else []
        cells += [self.line * self.layout.panel_width(base)] * self.layout.panels
        if self.layout.characters:
            cells += [self.line * PANEL_BYTES] * self.layout.panels
        yield left + middle.join(cells) + right

    def empty_notice(self):
        width = self.layout.panel_width(16)
        cells = [" " * OFFSET_WIDTH] if self.layout.position else []
        cells += [" No content".ljust(width), " " * width]
        if self.layout.characters:
            cells += [" " * PANEL_BYTES] * 2
        return "│" + "│".join(cells) + "│"

    def row(self, data, position):
        """One line; without a position it is the mark for squeezed lines."""
        edge, inner = self.edge, self.inner
        pieces = [data[i:i + PANEL_BYTES] for i in range(0, self.row_bytes, PANEL_BYTES)]
        starred = position is None and not self.layout.position
        panels = [self.panel(piece, starred and n == 0) for n, piece in enumerate(pieces)]
        cells = [self.offset_cell(position), inner.join(panels)]
        if self.layout.characters:
            cells.append(inner.join(map(self.characters, pieces)))
        if self.layout.position:
            return edge + edge.join(cells) + edge
        return edge + cells[0] + edge.join(cells[1:]) + edge

    def offset_cell(self, position):
        if not self.layout.position:
            return self.offset_color
        if position is None:
            return self.star() + " " * (OFFSET_WIDTH - 1)
        digits = f"{position:08x}"
        return self.offset_color + "0" * (len(digits) % 2) + digits + self.reset

    def star(self):
        return self.offset_color + "*" + self.reset

    def panel(self, data, starred):
        lead = self.star() if starred else " "
        groups, current = [], ""
        for start in range(0, PANEL_BYTES, self.layout.group):
            text, current = self.group_text(data[start:start + self.layout.group], current)
            groups.append(text)
        return lead + " ".join(groups) + self.reset + " "

    def group_text(self, data, current):
        padding = " " * (self.digits * (self.layout.group - len(data)))
        ordered = data[::-1] if self.layout.little else data
        text, current = self.paint(ordered, self.numbers, current)
        return text + padding, current

    def paint(self, data, texts, current):
        """Put a color code before each byte whose color differs from the last."""
        if not self.colors:
            return "".join(texts[byte] for byte in data), current
        parts = []
        for byte in data:
            if self.colors[byte] != current:
                current = self.colors[byte]
                parts.append(current)
            parts.append(texts[byte])
        return "".join(parts), current

    def characters(self, data):
        text, _ = self.paint(data, self.glyphs, "")
        return text + " " * (PANEL_BYTES - len(data)) + self.reset
