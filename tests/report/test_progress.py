"""Progress bars: where they show, and where they do not."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator

import pytest

from simdetect.report.progress import ScanProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Terminal]]:
    """Make standard error a terminal. A function: between fixture and test, pytest replaces standard error again."""

    def attach() -> Terminal:
        attached = Terminal()
        monkeypatch.setattr(sys, "stderr", attached)
        monkeypatch.setenv("TERM", "xterm")
        return attached

    yield attach


def test_progress_shows_stages_when_work_takes_long(terminal: Callable[[], Terminal]) -> None:
    drawn = terminal()
    with ScanProgress(is_shown=True, patience_s=0) as progress:
        progress("read [red]\x1b[2J", 1, 0)
        progress("parse", 3, 10)
    assert "3/10" in drawn.getvalue()
    assert "read [red]\\x1b[2J" in drawn.getvalue()


def test_progress_of_short_or_quiet_work_shows_nothing(terminal: Callable[[], Terminal]) -> None:
    drawn = terminal()
    for progress in (ScanProgress(is_shown=True, patience_s=60), ScanProgress(is_shown=False, patience_s=0)):
        with progress:
            progress("parse", 1, 2)
    assert drawn.getvalue() == ""


def test_progress_is_silent_when_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with ScanProgress(is_shown=True, patience_s=0) as progress:
        progress("parse", 1, 2)
    assert capsys.readouterr().err == ""
