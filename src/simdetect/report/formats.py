"""The formats: one row each, read by `render`, `render_audit` and the command line. A renderer loads on first use.

A new format is a row here and its function; `tests/report/test_formats.py` checks that the two fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Any

from simdetect.errors import OptionsError

__all__ = ["AUDIT_OUTPUTS", "OUTPUTS", "POWER_OUTPUTS", "Output", "format_of", "output_named"]


@dataclass(frozen=True, slots=True)
class Output:
    """A format. renderer: "module:function" below `simdetect.report`, which takes the report first. suffixes: of the
    files that are written in it when nobody names a format. takes: which settings the function takes, by keyword."""

    name: str
    renderer: str
    suffixes: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()

    def load(self) -> Callable[..., str]:
        """The function."""
        module, function = self.renderer.split(":")
        renderer: Callable[..., str] = getattr(import_module(f"simdetect.report.{module}"), function)
        return renderer

    def render(self, report: object, settings: Mapping[str, Any]) -> str:
        """The report in this format. settings: those that it does not take are left out."""
        return self.load()(report, **{name: value for name, value in settings.items() if name in self.takes})


OUTPUTS = (
    Output("text", "text:render_text", takes=frozenset({"width", "color", "detail"})),
    Output("json", "json:dump_report", (".json",)),
    Output("html", "html:render_html", (".html", ".htm"), frozenset({"texts"})),
    Output("sarif", "sarif:render_sarif", (".sarif",), frozenset({"prefix"})),
    Output("csv", "csv:render_csv", (".csv",)),
    Output("markdown", "markdown:render_markdown", (".md",)),
)
AUDIT_OUTPUTS = (
    Output("text", "audit.text:render_text"),
    Output("json", "audit.json:dump_audit", takes=frozenset({"link"})),
    Output("markdown", "audit.markdown:render_markdown", takes=frozenset({"link"})),
    Output("html", "audit.html:render_html", takes=frozenset({"link"})),
    Output("csv", "audit.csv:render_csv", takes=frozenset({"link"})),
)
POWER_OUTPUTS = (
    Output("text", "power.text:render_text"),
    Output("json", "power.json:dump_power"),
    Output("markdown", "power.markdown:render_markdown"),
)
_DEFAULT = "text"


def output_named(outputs: Sequence[Output], name: str, what: str) -> Output:
    """The format of that name. what: what it is a format of, for the message. Raises OptionsError: there is none."""
    for output in outputs:
        if output.name == name:
            return output
    raise OptionsError(f"unknown {what} {name!a}; known: {', '.join(output.name for output in outputs)}")


def format_of(path: str) -> str:
    """The format in which a file of that name is written: by its suffix, text where that says nothing."""
    suffix = PurePath(path).suffix.lower()
    return next((output.name for output in OUTPUTS if suffix in output.suffixes), _DEFAULT)
