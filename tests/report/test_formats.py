"""The registry of formats: rows that fit their functions, loaded when they are used."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import pytest

from simdetect.errors import OptionsError
from simdetect.report import FORMATS, RenderSettings, format_of, render, render_audit
from simdetect.report.formats import AUDIT_OUTPUTS, OUTPUTS, Output
from tests import builders

every_output = pytest.mark.parametrize("output", (*OUTPUTS, *AUDIT_OUTPUTS), ids=lambda output: output.renderer)


@every_output
def test_a_row_names_a_function_that_takes_the_report_and_the_settings_it_says(output: Output) -> None:
    report, *settings = inspect.signature(output.load()).parameters.values()
    assert report.name == "report"
    known = {"link"} if output in AUDIT_OUTPUTS else set(RenderSettings.__annotations__)
    assert output.takes == {setting.name for setting in settings} & known
    assert all(setting.default is not inspect.Parameter.empty for setting in settings)


def test_names_and_suffixes_are_taken_once() -> None:
    for outputs in (OUTPUTS, AUDIT_OUTPUTS):
        names = [output.name for output in outputs]
        assert len(set(names)) == len(names)
    suffixes = [suffix for output in OUTPUTS for suffix in output.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("out/report.json", "json"),
        ("report.HTML", "html"),
        ("report.htm", "html"),
        ("r.tar.sarif", "sarif"),
        ("r.csv", "csv"),
        ("README.md", "markdown"),
        ("report.txt", "text"),
        ("report", "text"),
        (".md", "text"),
        ("-", "text"),
        ("", "text"),
    ],
)
def test_the_suffix_of_a_file_chooses_its_format(path: str, format: str) -> None:
    assert format_of(path) == format


def test_every_setting_is_taken_by_some_format_and_ignored_by_the_others() -> None:
    settings: dict[str, Any] = {"width": 60, "color": True, "detail": "full", "texts": None, "prefix": "runs"}
    assert set().union(*(output.takes for output in OUTPUTS)) == set(RenderSettings.__annotations__) == set(settings)
    for output in OUTPUTS:
        taken: Any = {name: settings[name] for name in output.takes}
        everything: Any = settings
        assert render(builders.report(), output.name, **everything) == render(builders.report(), output.name, **taken)


def test_a_setting_that_no_format_has_is_an_error() -> None:
    wrong: Any = {"colour": True}
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        render(builders.report(), "text", **wrong)


def test_an_unknown_format_is_named_with_those_that_are_known() -> None:
    with pytest.raises(
        OptionsError, match="unknown report format 'pdf'; known: text, json, html, sarif, csv, markdown"
    ):
        render(builders.report(), "pdf")
    with pytest.raises(OptionsError, match="unknown format of an audit 'pdf'; known: text, json, markdown, html, csv"):
        render_audit(builders.audit_report(), "pdf")


def test_formats_are_listed_in_the_order_of_the_table() -> None:
    assert FORMATS == ("text", "json", "html", "sarif", "csv", "markdown")


def test_importing_reports_loads_no_renderer() -> None:
    code = "import sys, simdetect.report; print(*sorted(name for name in sys.modules if '.report.' in name))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["simdetect.report.formats"]
