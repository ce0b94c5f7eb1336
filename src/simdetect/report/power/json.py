"""The report on planted functions as JSON, schema `simdetect.power/1`.

ASCII only, like the JSON of a report. History of the schema: /1 first version.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from simdetect.errors import InputError
from simdetect.model import POWER_SCHEMA, PowerReport, nested
from simdetect.report.to_dict import decoded, with_schema_first

__all__ = ["dump_power", "load_power", "power_json_schema"]


def dump_power(report: PowerReport) -> str:
    """The report as JSON text, one line break at the end."""
    text = json.dumps(with_schema_first(report), ensure_ascii=True, allow_nan=False, indent=1)
    return text.replace("\x7f", "\\u007f") + "\n"


def load_power(text: str) -> PowerReport:
    """The report that a JSON text holds. Raises InputError when it is none of this version."""
    try:
        data = nested.loads(text)
        if data["schema"] != POWER_SCHEMA:
            raise InputError(f"not a report of schema {POWER_SCHEMA}")
        return decoded(PowerReport, data)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"malformed report on planted functions: {error}") from None


def power_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the report, as shipped in the package."""
    text = resources.files("simdetect.report.power").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
