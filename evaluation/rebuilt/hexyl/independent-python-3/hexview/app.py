"""Putting the parts together."""
import os
import sys

from . import colors
from .arguments import EarlyExit, Reader
from .errors import Failure, UsageError
from .glyphs import glyph_table
from .include import include_text
from .listing import Layout, Listing
from .sizes import block_size_option, offset_option
from .source import open_source

BASE_NAMES = {"b": 2, "bin": 2, "binary": 2, "o": 8, "oct": 8, "octal": 8,
              "d": 10, "dec": 10, "decimal": 10, "x": 16, "hex": 16, "hexadecimal": 16}


def read_base(text):
    if text in BASE_NAMES:
        return BASE_NAMES[text]
    if not text.removeprefix("+").isdecimal() or int(text) > 255:
        raise Failure('The base provided is not valid. Valid bases are "b", "o", "d", and "x".')
    if int(text) not in (2, 8, 10, 16):
        raise Failure("The number provided is not a valid base. Valid bases are 2, 8, 10, and 16.")
    return int(text)


def number_problem(text):
    """Return what is wrong with TEXT as a positive number, or None."""
    if not text:
        return "cannot parse integer from empty string"
    if not text.removeprefix("+").isdecimal():
        return "invalid digit found in string"
    return None if int(text) else "number would be zero for non-zero type"


def check_width_options(settings):
    width = settings["terminal-width"]
    if width is None:
        return
    problem = number_problem(width)
    if problem:
        raise UsageError(f"invalid value '{width}' for '--terminal-width <N>': {problem}")
    if settings["panels"]:
        raise UsageError("the argument '--panels <N>' cannot be used with '--terminal-width <N>'")


def terminal_columns():
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except OSError:
        return 80


def choose_panels(settings, layout):
    wanted, columns = settings["panels"], settings["terminal-width"]
    fitting = layout.fitting_panels(int(columns or terminal_columns()))
    if columns or wanted == "auto":
        return fitting
    if wanted is None:
        return min(2, fitting)
    problem = number_problem(wanted)
    if problem:
        raise Failure(f'failed to parse `--panels` arg "{wanted}" as unsigned nonzero integer',
                      problem)
    return int(wanted)


def make_layout(settings):
    plain = settings["plain"]
    endianness = settings["endianness"] or ("little" if settings["little"] else "big")
    layout = Layout(
        border=settings["border"] or ("none" if plain else "unicode"),
        base=read_base(settings["base"]),
        group=int(settings["group-size"]),
        little=endianness == "little",
        position=not (plain or settings["no-position"]),
        characters=not (plain or settings["no-characters"]),
        squeeze=not settings["no-squeezing"],
    )
    layout.panels = choose_panels(settings, layout)
    return layout


def prepare_source(settings, path):
    """Open the input at its wanted start; return it and the start position."""
    source = open_source(path)
    block = block_size_option(settings["block-size"])
    start = 0
    if settings["skip"] is not None:
        start = source.jump(offset_option("skip", settings["skip"], block, True))
    if settings["length"] is not None:
        source.left = offset_option("length", settings["length"], block)
    return source, start + offset_option("display-offset", settings["display-offset"], block)


def show(settings, path):
    if settings["print-color-table"]:
        sys.stdout.write(colors.color_reference())
        return
    source, start = prepare_source(settings, path)
    layout = make_layout(settings)
    if settings["include"]:
        sys.stdout.write(include_text(path, source.read_all()))
        return
    colored = colors.color_wanted(settings["color"], settings["plain"], sys.stdout.isatty())
    codes = colors.byte_colors() if colored else None
    offset_color = colors.class_color("OFFSET") if colored else ""
    listing = Listing(layout, glyph_table(settings["character-table"]), codes, offset_color)
    for line in listing.lines(source, start):
        sys.stdout.write(line + "\n")


def early_text(name, program):
    path = os.path.join(os.path.dirname(__file__), "text", name + ".txt")
    with open(path, encoding="utf-8") as file:
        return file.read().replace("{program}", program)


def run(program, words):
    """Do everything one command line asks for; return the exit code."""
    try:
        settings, path = Reader(program, words).read()
        check_width_options(settings)
        show(settings, path)
    except EarlyExit as wanted:
        sys.stdout.write(early_text(wanted.args[0], program))
    except (UsageError, Failure) as error:
        sys.stdout.flush()
        sys.stderr.write(error.text())
        return 2 if isinstance(error, UsageError) else 1
    return 0


def main(argv):
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        code = run(os.path.basename(argv[0]), argv[1:])
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
