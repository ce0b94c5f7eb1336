"""What tests of commands share: running one, what it complained about, and a stand-in for the library."""

from __future__ import annotations

import base64
import os
import re
import zlib
from typing import Any

from click.testing import CliRunner, Result

from simdetect.cli.group import cli
from simdetect.model import Verdict
from tests import builders

CLEAN = builders.report(
    summary=builders.summary(verdict=Verdict.NO_EVIDENCE, n_flagged_files=0),
    findings=(builders.silent_finding(),),
    skipped=(),
)
N_CPUS = min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


class Pipeline:
    """Stands for `simdetect.scanning.scanner`: remembers how it was called, answers with a report or an error."""

    def __init__(self) -> None:
        self.answer: Any = builders.report()
        self.calls: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def scan(self, candidate: str, *originals: str, **keywords: Any) -> Any:
        self.calls.append(((candidate, *originals), keywords))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def index(self, output: str, *originals: str, **keywords: Any) -> None:
        self.calls.append(((output, *originals), keywords))


def run(*args: str, **keywords: Any) -> Result:
    return CliRunner().invoke(cli, args, prog_name="simdetect", **keywords)


def complaint(result: Result) -> str:
    """The one line on standard error of a run that ended with code 2."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("simdetect: ") and result.stderr.count("\n") == 1
    return result.stderr.removeprefix("simdetect: ").strip()


def unpacked_code(html: str) -> str:
    """All code that an HTML report holds."""
    blocks = re.findall(r'id="data-code-\d+">([^<]+)<', html)
    return "\n".join(zlib.decompress(base64.b64decode(block)).decode() for block in blocks)
