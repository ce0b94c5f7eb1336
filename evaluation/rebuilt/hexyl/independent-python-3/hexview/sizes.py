"""Byte counts with units, such as 64, 0xff, 4KiB or -2block."""
import re

from .errors import Failure

LARGEST = 2 ** 63 - 1
BLOCK_UNITS = ("block", "blocks")
UNITS = {"": 1, "kb": 10 ** 3, "mb": 10 ** 6, "gb": 10 ** 9, "tb": 10 ** 12,
         "kib": 2 ** 10, "mib": 2 ** 20, "gib": 2 ** 30, "tib": 2 ** 40}


class BadSize(Exception):
    """A size that cannot be understood; args are the causes, outermost first."""


def read_integer(digits, base):
    if not digits:
        raise BadSize("failed to parse integer part", "cannot parse integer from empty string")
    if not re.fullmatch("[0-9a-fA-F]+", digits):
        raise BadSize("failed to parse integer part", "invalid digit found in string")
    if int(digits, base) > LARGEST:
        raise BadSize("failed to parse integer part", "number too large to fit in target type")
    return int(digits, base)


def read_unsigned(text, block_size):
    """Read a size without sign; BLOCK_SIZE is None where blocks make no sense."""
    if text.startswith("0x"):
        return read_integer(text[2:], 16)
    digits = re.match("[0-9]*", text).group()
    if not digits:
        raise BadSize(f'"{text}" is not of the expected form <pos-integer>[<unit>]')
    number, unit = read_integer(digits, 10), text[len(digits):]
    factor = block_size if unit.lower() in BLOCK_UNITS else UNITS.get(unit.lower())
    if factor is None and unit.lower() in BLOCK_UNITS:
        raise BadSize("can not use 'block(s)' as a unit to specify block size")
    if factor is None:
        raise BadSize(f'invalid unit "{unit}"')
    if number * factor > LARGEST:
        raise BadSize("count multiplied by the unit overflowed a signed 64-bit integer; "
                      "are you sure it should be that big?")
    return number * factor


def read_signed(text, block_size, allow_negative):
    if not text:
        raise BadSize("no character data found, did you forget to write it?")
    if text in ("+", "-"):
        raise BadSize("no digits found after sign, did you forget to write them?")
    if text[0] != "-":
        return read_unsigned(text.removeprefix("+"), block_size)
    amount = read_unsigned(text[1:], block_size)
    if not allow_negative:
        raise BadSize("negative offset specified, but only positive offsets (counts) "
                      "are accepted in this context")
    return -amount


def offset_option(name, text, block_size, allow_negative=False):
    """Read the value of option NAME; a negative result counts from the end."""
    try:
        return read_signed(text, block_size, allow_negative)
    except BadSize as bad:
        raise Failure(f'failed to parse `--{name}` arg "{text}" as byte count', *bad.args)


def block_size_option(text):
    try:
        size = read_unsigned(text, None)
    except BadSize as bad:
        raise Failure(*bad.args)
    if size == 0:
        raise Failure("block size argument must be positive")
    return size
