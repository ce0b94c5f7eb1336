"""Reads the configuration's JSON and says where it is wrong."""
import json
import re

from .failure import Failure

REPO_FIELD = re.compile(r'"repo"\s*:\s*')


def read_repo_field(text):
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise syntax_fault(text, error) from None
    end = len(text.rstrip())
    if not isinstance(value, dict):
        raise wrong_type(text, end, value, "struct Config")
    if "repo" not in value:
        raise fault(text, end, "missing field `repo`")
    if not isinstance(value["repo"], str):
        raise wrong_type(text, field_spot(text), value["repo"], "path string")
    return value["repo"]


def syntax_fault(text, error):
    if "Unterminated" in error.msg:
        return fault(text, len(text), "the text ends inside a string")
    if error.pos >= len(text.rstrip()):
        return fault(text, len(text), f"EOF while parsing {unfinished(error.msg)}")
    return fault(text, error.pos + 1, mistake(error.msg, text[error.pos]))


def unfinished(reason):
    return "a value" if "value" in reason else "an object"


def mistake(reason, mark):
    if "Extra data" in reason:
        return "trailing characters"
    if "property name" in reason:
        return "trailing comma" if mark == "}" else "key must be a string"
    if "delimiter" in reason:
        return "a separator is missing"
    return "expected value"


def field_spot(text):
    """Where a wrongly typed repo is reported: past a scalar, before a list."""
    start = REPO_FIELD.search(text).end()
    if text[start] in "[{":
        return start
    return json.JSONDecoder().raw_decode(text, start)[1]


def wrong_type(text, position, value, wanted):
    return fault(text, position,
                 f"invalid type: {type_words(value)}, expected {wanted}")


def type_words(value):
    if isinstance(value, (list, dict)):
        return "sequence" if isinstance(value, list) else "object"
    if isinstance(value, str):
        return f'string "{value}"'
    if value is None:
        return "null"
    kind = {bool: "boolean", int: "integer", float: "number"}[type(value)]
    return f"{kind} `{json.dumps(value)}`"


def fault(text, consumed, message):
    """A Failure naming the line and column after `consumed` characters."""
    before = text[:consumed]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1)
    return Failure(f"{message} at line {line} column {column}")
