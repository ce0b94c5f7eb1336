"""Files that stand beside a scan: a stored report, an earlier report as baseline, and what reviewers decided."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simdetect.cli.output import STDOUT, complain
from simdetect.cli.parameters import DECISIONS
from simdetect.errors import InputError
from simdetect.report import load_report
from simdetect.report.safe import clip

if TYPE_CHECKING:
    from simdetect.model import ScanReport
    from simdetect.report.review import Baseline, Decisions

__all__ = ["Reviews", "decisions_here", "read_reviews", "stored_report"]


@dataclass(frozen=True)
class Reviews:
    """What is known about the evidence of a report before anyone looks at it. None for what was not given."""

    decisions: Decisions | None
    baseline: Baseline | None

    def applied(self, report: ScanReport, is_without_source: bool) -> ScanReport:
        """The report with its reviews, and without code if it shall hold none."""
        from simdetect.report.review import apply_review
        from simdetect.report.source_texts import without_source

        if self.decisions or self.baseline:
            report = apply_review(report, self.decisions, self.baseline)
        return without_source(report) if is_without_source else report


def read_reviews(decisions: Path | None, baseline: Path | None) -> Reviews:
    """Read both, before a long scan. Raises InputError."""
    return Reviews(
        None if decisions is None else _read_decisions(decisions),
        None if baseline is None else _read_baseline(baseline),
    )


def _read_decisions(path: Path) -> Decisions:
    from simdetect.report.review import parse_decisions

    with _naming(str(path)):
        return parse_decisions(_read(str(path)), path.name)


def _read_baseline(path: Path) -> Baseline:
    import hashlib

    from simdetect.report.review import Baseline

    with _naming(str(path)):
        text = _read(str(path))
        return Baseline(path.name, hashlib.sha256(text.encode()).hexdigest(), load_report(text))


def decisions_here(candidate: str) -> Path | None:
    """The decisions beside the run. Inside the candidate they would be the word of its author, so they are not read."""
    found = Path(DECISIONS)
    if not found.is_file():
        return None
    roots = [Path(name).resolve() for name in (candidate, candidate.rpartition("@")[0]) if name]
    if any(found.resolve().is_relative_to(root) for root in roots):
        complain(f"{DECISIONS} lies inside the candidate and is not read; if you trust it, name it with --decisions")
        return None
    return found


def stored_report(name: str) -> ScanReport:
    """A report from a JSON file, or from standard input if name is "-". Raises InputError."""
    with _naming(name):
        return load_report(_read(name))


@contextlib.contextmanager
def _naming(file: str) -> Iterator[None]:
    """Errors about what a file holds begin with its name."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{clip(file, 200)}: {error}") from None


def _read(name: str) -> str:
    """The text of a file or of standard input."""
    try:
        content = sys.stdin.buffer.read() if name == STDOUT else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not a simdetect report: not UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read: {getattr(error, 'strerror', None) or error}") from None
