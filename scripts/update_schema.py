"""Rewrite the JSON Schemas in the package from the types of `simdetect.model`, the tables of fields in docs/report.md
from the schema, and show what changed.

usage: python scripts/update_schema.py [--check]

msgspec turns the types into a schema; schema_words.py says what types cannot: what fields mean, and ranges of numbers.
A field without words, or words without a field, is an error.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from simdetect import model
from simdetect.report.audit.json import AuditSummary

sys.path.insert(0, str(Path(__file__).resolve().parent))

from schema_words import AUDIT, POWER, REPORT, About, Field

Schema = dict[str, Any]
DOCS = Path(__file__).resolve().parent.parent / "docs" / "report.md"


def main() -> int:
    """Rewrite, or with --check only compare."""
    is_check = "--check" in sys.argv[1:]
    folder = Path(str(resources.files("simdetect.report")))
    n_changed = sum(_update(folder / name, text, is_check) for name, text in schemas().items())
    n_changed += _update(
        DOCS, with_fields(DOCS.read_text(encoding="utf-8"), json.loads(schemas()["schema.json"])), is_check
    )
    print(f"{n_changed} schemas differ" if n_changed else "schemas are up to date")
    return 1 if n_changed and is_check else 0


def schemas() -> dict[str, str]:
    """File name below simdetect/report -> what it must hold."""
    return {
        "schema.json": document(model.ScanReport, model.REPORT_SCHEMA, REPORT),
        "audit/schema.json": document(AuditSummary, model.AUDIT_SCHEMA, AUDIT),
        "power/schema.json": document(model.PowerReport, model.POWER_SCHEMA, POWER),
    }


def document(root: type, version: str, words: Mapping[str, About]) -> str:
    """The schema of a document as text. version: its `schema`, as "simdetect.report/1"."""
    _, parts = msgspec.json.schema_components((root,), ref_template="#/$defs/{name}")
    if parts.keys() != words.keys():
        raise ValueError(f"types and words differ: {', '.join(sorted(parts.keys() ^ words.keys()))}")
    types = {name: _described(name, parts[name], about) for name, about in words.items()}
    top = types.pop(root.__name__)
    top["properties"] = {"schema": top["properties"].pop("schema") | {"const": version}, **top["properties"]}
    top["properties"]["schema"].pop("type")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{version.replace('.', ':').replace('/', ':')}",
        "title": version,
        **top,
        "required": list(top["properties"]),
        "properties": top["properties"],
        "$defs": types,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _described(name: str, part: Schema, about: About) -> Schema:
    """A type with the words about it. Every field is there in every document, so all are required."""
    if "enum" in part:
        members: type[Enum] = getattr(model, name)  # msgspec sorts them; their order says something
        return {"description": about.text, "enum": [member.value for member in members]}
    fields = part["properties"]
    if fields.keys() != about.fields.keys():
        raise ValueError(f"{name}: fields and words differ: {', '.join(sorted(fields.keys() ^ about.fields.keys()))}")
    return {
        "description": about.text,
        "type": "object",
        "additionalProperties": False,
        "required": list(about.fields),
        "properties": {field: _field(fields[field], words) for field, words in about.fields.items()},
    }


def _field(part: Schema, words: Field | str) -> Schema:
    said = words if isinstance(words, Field) else Field(words)
    return {"description": said.text, **_limited(part, dict(said.limits))}


def _limited(part: Schema, limits: Schema) -> Schema:
    """A field's type, with limits on its innermost values; whole numbers are counts where nothing else is said."""
    part = {key: value for key, value in part.items() if key != "default"}
    if "anyOf" in part:
        return _nullable([option for option in part["anyOf"] if option != {"type": "null"}], limits)
    for inside in ("items", "additionalProperties"):
        if isinstance(part.get(inside), dict):
            return part | {inside: _limited(part[inside], limits)}
    if part.get("type") == "integer":
        return part | ({"minimum": 0} | limits)
    return part | limits


def _nullable(options: list[Schema], limits: Schema) -> Schema:
    """What may be null: by a list of types where they are simple."""
    (part,) = (_limited(option, limits) for option in options)
    if "type" in part:
        return part | {"type": [part["type"], "null"]}
    return {"anyOf": [part, {"type": "null"}]}


# --- tables of fields ----------------------------------------------------------------------------------------------


def with_fields(text: str, schema: Schema) -> str:
    """A document whose tables of fields are those of a schema: a section "### Type" a type, made where it is missing,
    in the order of the schema. Sections of lists of words are left as they are."""
    for name, part in reversed([("Report", schema), *schema["$defs"].items()]):
        if "properties" in part:
            head = f"### {name}\n"
            if head not in text:
                following = _next_section(text, name, schema)
                text = text.replace(following, f"{head}\n{part['description']}\n\n{following}")
            before, section = text.split(head, 1)
            body, joint, after = section.partition("\n### ")
            words = body.split("| field |")[0].rstrip("\n") + "\n\n"
            text = before + head + words + _table(part) + joint + after
    return text


def _next_section(text: str, name: str, schema: Schema) -> str:
    names = list(schema["$defs"])
    return next(f"### {n}\n" for n in names[names.index(name) + 1 :] if f"### {n}\n" in text)


def _table(part: Schema) -> str:
    rows = [
        f"| `{name}` | {_type_words(field)} | {field['description']} |" for name, field in part["properties"].items()
    ]
    return "\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def _type_words(field: Schema) -> str:
    if "const" in field:
        return f'`"{field["const"]}"`'
    if "anyOf" in field:
        return f"{_type_words(field['anyOf'][0])} or null"
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    kind = field.get("type")
    if isinstance(kind, list):
        return f"{_type_words(field | {'type': kind[0]})} or null"
    return _simple_words(str(kind), field)


def _simple_words(kind: str, field: Schema) -> str:
    if kind == "array":
        return f"array of {_type_words(field['items'])}"
    if kind == "object":
        inner = field.get("additionalProperties")
        names = field.get("propertyNames")
        key = _type_words(names) if isinstance(names, dict) else "name"
        return f"object: {key} to {_type_words(inner)}" if isinstance(inner, dict) and inner else "object"
    if kind == "integer":
        return "line number" if field.get("minimum") == 1 else "count"
    return "share" if kind == "number" and field.get("maximum") == 1 else kind


def _update(path: Path, text: str, is_check: bool) -> bool:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if old == text:
        return False
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), "old", f"new/{path.name}"))
    if not is_check:
        path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
