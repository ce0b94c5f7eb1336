"""Errors and text helpers shared by every module."""
import os
import re


class NinjaError(Exception):
    """Reported as `ninja: error: ...`."""


class Fatal(Exception):
    """Reported as `ninja: fatal: ...`."""


def canonical(path):
    if not path:
        raise NinjaError("empty path")
    result = os.path.normpath(path)
    return result[1:] if result.startswith("//") else result


def shell_quote(text):
    if re.fullmatch(r"[\w+\-./]*", text, re.A):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def did_you_mean(word, choices):
    best = min(choices, key=lambda choice: edit_distance(word, choice), default=None)
    if best is None or edit_distance(word, best) > 3:
        return ""
    return f", did you mean '{best}'?"
