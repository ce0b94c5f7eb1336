"""Laying out text and sending it to the terminal or a pager."""
import subprocess
import sys

from .errors import Stop
from .highlight import paint


def show(text, config=None):
    """Writes the text, through the pager when the config names one."""
    command = config.pager.split() if config else []
    if not command:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        subprocess.run(command, input=text.encode("utf-8", "surrogateescape"), check=False)
    except FileNotFoundError:
        raise Stop(f'failed to write to pager: exec: "{command[0]}": executable file not found in $PATH')


def table(rows):
    """Columns padded to their widest cell and one space; the last is not padded."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    padded = [[cell.ljust(width) for cell, width in zip(row[:-1], widths)] for row in rows]
    return "".join(" ".join([*cells, row[-1]]) + "\n" for cells, row in zip(padded, rows))


def sheet_text(sheet, text, config, colorize):
    return paint(text, sheet.syntax, config.style, config.formatter) if colorize else text


def titled(sheet, text, config, colorize):
    """A heading with the sheet's title, and the text indented by a tab."""
    shelf = f"\x1b[2m({sheet.shelf.name})\x1b[0m" if colorize else f"({sheet.shelf.name})"
    body = sheet_text(sheet, text, config, colorize).strip()
    return f"{sheet.title} {shelf}\n" + "".join(f"\t{line}\n" for line in body.split("\n"))
