"""Tables in plain text or Markdown."""
import re
from itertools import zip_longest

from . import text

USUAL_WIDTH = 30
NUMBER = re.compile(r"-?[0-9]+(,[0-9]{3})*(\.[0-9]+)?")


def render(header, rows, markdown=False):
    """Return the whole table as one string."""
    widths = [column_width(column) for column in zip(header, *rows)]
    corner = "|" if markdown else "+"
    rule = corner + "".join("-" * (width + 2) + corner for width in widths)
    lines = [draw(header, widths, centred), rule]
    for row in rows:
        lines += row_lines(row, widths)
    if not markdown:
        lines = [rule, *lines, rule]
    return "\n".join(lines) + "\n"


def column_width(cells):
    return max(text.needed_width(cell, USUAL_WIDTH) for cell in cells)


def row_lines(row, widths):
    wrapped = [text.wrap(cell, text.needed_width(cell, USUAL_WIDTH)) for cell in row]
    for pieces in zip_longest(*wrapped, fillvalue=""):
        yield draw(pieces, widths, aligned)


def draw(pieces, widths, align):
    cells = (f" {align(piece, width)} |" for piece, width in zip(pieces, widths))
    return "|" + "".join(cells)


def aligned(piece, width):
    """Numbers go right, anything else left."""
    gap = " " * (width - text.width(piece))
    return gap + piece if NUMBER.fullmatch(piece.strip()) else piece + gap


def centred(piece, width):
    left, odd = divmod(width - text.width(piece), 2)
    return " " * left + piece + " " * (left + odd)
