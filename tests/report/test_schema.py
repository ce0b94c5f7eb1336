"""The published schemas are those of the types, and the documents name every field of them."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import make_dataclass
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from simdetect.model import LAYERS, LineSpan
from simdetect.report import render_audit
from simdetect.report.audit.json import audit_json_schema
from simdetect.report.json import report_json_schema
from tests import ROOT, builders

SHIPPED = ROOT / "src" / "simdetect" / "report"
HOW = "python scripts/update_schema.py rewrites it"


@pytest.fixture(scope="module")
def update_schema() -> ModuleType:
    path = ROOT / "scripts" / "update_schema.py"
    spec = importlib.util.spec_from_file_location("update_schema", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["schema.json", "audit/schema.json"])
def test_the_shipped_schema_is_that_of_the_types(update_schema: ModuleType, name: str) -> None:
    assert update_schema.schemas()[name] == (SHIPPED / name).read_text(encoding="utf-8"), HOW


def test_a_type_that_changes_changes_its_schema(update_schema: ModuleType) -> None:
    words = {"LineSpan": update_schema.REPORT["LineSpan"]}
    lines = [("schema", str), *((name, int) for name in ("start_line", "end_line", "start_column", "end_column"))]
    about = update_schema.About("", {"schema": "", **words["LineSpan"].fields})
    before = update_schema.document(make_dataclass("LineSpan", lines), "x/1", {"LineSpan": about})
    lines[1] = ("start_line", str)
    assert update_schema.document(make_dataclass("LineSpan", lines), "x/1", {"LineSpan": about}) != before
    with pytest.raises(ValueError, match="LineSpan: fields and words differ: column"):
        update_schema.document(make_dataclass("LineSpan", [*lines, ("column", int)]), "x/1", {"LineSpan": about})


def test_a_type_without_words_is_an_error(update_schema: ModuleType) -> None:
    with pytest.raises(ValueError, match="types and words differ: LineSpan"):
        update_schema.document(LineSpan, "x/1", {})


def test_the_documented_layers_are_those_of_the_table() -> None:
    section = (ROOT / "docs" / "report.md").read_text(encoding="utf-8").split("### Layer\n")[1].split("\n### ")[0]
    for layer, row in LAYERS.items():
        assert f"| `{layer}` | {row.meaning} |" in section, layer


# --- the summary of an audit ---------------------------------------------------------------------------------------


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(audit_json_schema())


def summary() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render_audit(builders.audit_report(), "json", lambda result: f"{result.report}"))
    return data


def test_the_schema_of_an_audit_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(audit_json_schema())


def test_the_summary_of_an_audit_validates_with_its_keys_in_the_order_of_the_schema() -> None:
    data, schema = summary(), audit_json_schema()
    validator().validate(data)
    assert list(data) == schema["required"] == list(schema["properties"])
    for name, value in (("Counts", data["summary"]), ("InstanceResult", data["instances"][0])):
        assert list(value) == schema["$defs"][name]["required"] == list(schema["$defs"][name]["properties"])
    validator().validate(json.loads(render_audit(builders.audit_report(instances=()), "json")))


BAD_VALUES = [
    ("extra", 1),
    ("schema", "simdetect.audit/1"),
    ("runs", None),
    ("summary.evidence", -1),
    ("summary.mean_probability", 1.5),
    ("histogram.0", 0.5),
    ("by_run.a.n_instances", "many"),
    ("first.0", ["a"]),
    ("instances.0.verdict", "guilty"),
    ("instances.0.candidate_coverage", -0.1),
    ("instances.0.lead.layer", "unheard-of"),
    ("instances.0.lead.candidate_lines.start_line", 0),
    ("instances.0.control.n_voices", None),
]


@pytest.mark.parametrize(("path", "value"), BAD_VALUES, ids=[path for path, _ in BAD_VALUES])
def test_the_schema_of_an_audit_refuses_what_cannot_be(path: str, value: Any) -> None:
    data = summary()
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place: Any = data
    for key in parents:
        place = place[key]
    place[last] = value
    with pytest.raises(jsonschema.ValidationError):
        validator().validate(data)


def test_every_field_of_an_audit_is_described_in_the_docs() -> None:
    audit, report = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("audit.md", "report.md"))
    schema = audit_json_schema()
    for name, part in {"AuditSummary": schema, **schema["$defs"]}.items():
        if name in report_json_schema()["$defs"]:
            assert part == report_json_schema()["$defs"][name] and f"### {name}\n" in report
            continue
        section = audit.split(f"### {name}\n")[1].split("\n### ")[0]
        assert part["description"] in section
        for field, sub in part.get("properties", {}).items():
            assert f"| `{field}` |" in section and sub["description"] in section, f"{name}.{field}"
