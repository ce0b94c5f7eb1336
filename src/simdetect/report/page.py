"""HTML pages from the templates: everything escaped, nothing allowed but the page's own style sheet and script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simdetect.report.safe import visible

__all__ = ["asset", "rendered", "source_of"]


def rendered(template: str, **values: Any) -> str:
    """A template with values. Strings from outside become visible, then escaped; `Markup` stays as it is."""
    return _environment().get_template(template).render(**values)


@cache
def asset(name: str) -> str:
    """The text of a file beside the templates."""
    text = resources.files("simdetect.report").joinpath(f"templates/{name}").read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def source_of(text: str) -> str:
    """What allows an inline style sheet or script in a Content-Security-Policy, and nothing else."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("simdetect.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
