"""The modules listed by go and what the report wants to know about them."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

RFC3339 = re.compile(
    r"\d{4}-(?P<month>\d\d)-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
)


class InputError(Exception):
    """The input is not what `go list -json` writes."""


@dataclass
class Module:
    path: str = ""
    version: str = ""
    time: datetime | None = None
    main: bool = False
    indirect: bool = False
    update: Module | None = None
    replace: Module | None = None

    @property
    def effective(self):
        """The module really built."""
        return self.replace or self

    @property
    def new_version(self):
        return self.effective.update.version if self.is_outdated else ""

    @property
    def is_outdated(self):
        return self.effective.update is not None

    @property
    def is_direct(self):
        return not self.indirect

    @property
    def has_valid_timestamps(self):
        """False if the update is older; an unknown time is given the benefit."""
        built = self.effective
        if not (built.update and built.time and built.update.time):
            return True
        return built.update.time >= built.time


FIELD_TYPES = {
    "Path": str, "Version": str, "Main": bool, "Indirect": bool,
    "Time": datetime, "Update": Module, "Replace": Module,
}
FIELD_NAMES = {name.lower(): name for name in FIELD_TYPES}
GO_TYPES = {str: "string", bool: "bool", Module: "mod.Module"}
JSON_KINDS = {str: "string", bool: "bool", int: "number", float: "number",
              list: "array", dict: "object"}


def module_from(value, trail=()):
    """Make a Module of decoded JSON; trail names the fields leading to it."""
    if value is None:
        return Module()
    if not isinstance(value, dict):
        raise mismatch(value, Module, trail)
    module = Module()
    for key, item in value.items():
        name = FIELD_NAMES.get(key.lower())
        if name and item is not None:
            setattr(module, name.lower(), convert(item, FIELD_TYPES[name], (*trail, name)))
    return module


def convert(item, wanted, trail):
    if wanted is Module:
        return module_from(item, trail)
    if wanted is datetime:
        return parse_time(item)
    if not isinstance(item, wanted):
        raise mismatch(item, wanted, trail)
    return item


def parse_time(text):
    if not isinstance(text, str):
        raise InputError("Time.UnmarshalJSON: input is not a JSON string")
    found = RFC3339.fullmatch(text)
    if not found:
        raise InputError(f'parsing time "{text}": not in the form of RFC 3339')
    if not 1 <= int(found["month"]) <= 12:
        raise InputError(f'parsing time "{text}": month out of range')
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f'parsing time "{text}": day out of range') from None


def mismatch(value, wanted, trail):
    target = "Go value"
    if trail:
        target = "Go struct field " + ".".join(("Module", *trail))
    kind = JSON_KINDS[type(value)]
    return InputError(f"json: cannot unmarshal {kind} into {target} of type {GO_TYPES[wanted]}")
