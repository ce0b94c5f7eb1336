"""Reports: a `ScanReport` in any format of `formats`, and back from JSON; the summary of an audit; review.

The renderers load on first use, so that importing this package costs nothing.

    formats    one row a format             words    what all of them say, by subject
    text, html, markdown, csv, sarif, json  what they are called
    finding    one finding side by side     audit    the summary of an audit, in its formats
    review     decisions and baselines      safe     untrusted text made visible
    power      what a scan would have found
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from simdetect.report.formats import AUDIT_OUTPUTS, OUTPUTS, POWER_OUTPUTS, format_of, output_named

if TYPE_CHECKING:
    from simdetect.model import AuditReport, InstanceResult, PowerReport, ScanReport
    from simdetect.report.source_texts import SourceTexts

__all__ = [
    "FORMATS",
    "Detail",
    "RenderSettings",
    "format_of",
    "load_power",
    "load_report",
    "render",
    "render_audit",
    "render_power",
]

FORMATS = tuple(output.name for output in OUTPUTS)

Detail = Literal["short", "normal", "full"]


class RenderSettings(TypedDict, total=False):
    """What `render` takes besides report and format."""

    width: int | None
    color: bool
    detail: Detail
    texts: SourceTexts | None
    prefix: str


def render(report: ScanReport, format: str, **settings: Unpack[RenderSettings]) -> str:
    """A report in one of `FORMATS`, ending with a newline, encodable as UTF-8.

    Args:
        report: what to show. Paths, code and messages in it are untrusted; every format shows them as inert text.
        format: one of `FORMATS`.
        width: columns of the text format; None for 100. Other formats ignore it.
        color: whether the text format may contain colour escapes. Other formats ignore it.
        detail: how much the text format shows: the verdict only, the strongest findings, or everything listed.
        texts: the sources; the HTML format shows all code with them, excerpts without. Other formats ignore them.
        prefix: folder of the repository in which the candidate lies, for SARIF. Other formats ignore it.

    Raises:
        OptionsError: unknown format.
    """
    for name in settings.keys() - RenderSettings.__annotations__.keys():
        raise TypeError(f"render() got an unexpected keyword argument {name!r}")
    return output_named(OUTPUTS, format, "report format").render(report, settings)


def load_report(text: str) -> ScanReport:
    """The report that a JSON text of schema `simdetect.report/1` holds. Raises InputError when it is not one."""
    from simdetect.report.json import load_report as load

    return load(text)


def render_audit(report: AuditReport, format: str, link: Callable[[InstanceResult], str] | None = None) -> str:
    """The summary of an audit as text, json, markdown, html or csv, ending with a newline.

    link: the address of an instance's JSON report as seen from the summary; without it there are no links.
    Raises OptionsError: unknown format.
    """
    return output_named(AUDIT_OUTPUTS, format, "format of an audit").render(report, {"link": link})


def render_power(report: PowerReport, format: str) -> str:
    """What a scan would have found, as text, json or markdown, ending with a newline. Raises OptionsError: unknown
    format."""
    return output_named(POWER_OUTPUTS, format, "format of planted trials").render(report, {})


def load_power(text: str) -> PowerReport:
    """The report on planted functions that a JSON text holds. Raises InputError when it is not one."""
    from simdetect.report.power.json import load_power as load

    return load(text)
