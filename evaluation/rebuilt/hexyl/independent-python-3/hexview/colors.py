"""Terminal colors for bytes and offsets."""
import os
import re

RESET = "\x1b[39m"
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
DEFAULTS = {
    "NULL": "bright black",
    "OFFSET": "bright black",
    "ASCII_PRINTABLE": "cyan",
    "ASCII_WHITESPACE": "green",
    "ASCII_OTHER": "green",
    "NONASCII": "yellow",
}


def color_code(name):
    """Return the escape sequence of a color name or #abcdef, else None."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", name):
        return "\x1b[38;2;{};{};{}m".format(*bytes.fromhex(name[1:]))
    plain = name.removeprefix("bright ")
    if plain not in NAMES:
        return None
    first = 30 if plain == name else 90
    return f"\x1b[{first + NAMES.index(plain)}m"


def class_color(name):
    wanted = os.environ.get("HEXYL_COLOR_" + name, "")
    return color_code(wanted) or color_code(DEFAULTS[name])


def byte_class(byte):
    if byte == 0:
        return "NULL"
    if byte >= 0x80:
        return "NONASCII"
    if byte in (0x09, 0x0A, 0x0C, 0x0D, 0x20):
        return "ASCII_WHITESPACE"
    return "ASCII_PRINTABLE" if 0x20 < byte < 0x7F else "ASCII_OTHER"


def byte_colors():
    codes = {name: class_color(name) for name in DEFAULTS}
    return [codes[byte_class(byte)] for byte in range(256)]


def color_wanted(when, plain, to_terminal):
    """Decide whether to color; WHEN is None if the option was not given."""
    if when == "force":
        return True
    if os.environ.get("NO_COLOR") is not None:
        return False
    if when is None:
        return not plain
    return when == "always" or (when == "auto" and to_terminal)


def color_reference():
    rows = (
        ("NULL", "⋄ NULL bytes (0x00)"),
        ("ASCII_PRINTABLE", "a ASCII printable characters (0x20 - 0x7E)"),
        ("ASCII_WHITESPACE", "_ ASCII whitespace (0x09 - 0x0D, 0x20)"),
        ("ASCII_OTHER", "• ASCII control characters (except NULL and whitespace)"),
        ("NONASCII", "× Non-ASCII bytes (0x80 - 0xFF)"),
    )
    body = "".join(f"{class_color(name)}{text}\n{RESET}" for name, text in rows)
    return "hexyl color reference:\n\n" + body
