"""Reading JSON values that follow each other without separators."""
import json

from .modules import InputError, module_from

BLANKS = " \t\r\n"
REASONS = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes":
        "looking for beginning of object key string",
    "Illegal trailing comma before end of object":
        "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
}


def read_modules(text):
    """Yield the modules described in text."""
    decoder = json.JSONDecoder()
    position = skip_blanks(text, 0)
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise InputError(describe(error)) from error
        yield module_from(value)
        position = skip_blanks(text, position)


def skip_blanks(text, position):
    while position < len(text) and text[position] in BLANKS:
        position += 1
    return position


def describe(error):
    position = skip_blanks(error.doc, error.pos)
    if position >= len(error.doc) or error.msg.startswith("Unterminated"):
        return "unexpected EOF"
    reason = REASONS.get(error.msg, f"({error.msg})")
    return f"invalid character {error.doc[position]!r} {reason}"
