"""Chromium for tests: found on the machine, driven by Playwright, or a skip that says what is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# Without a sandbox because containers run as root; the rest keeps the browser from doing anything of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = "SIMDETECT_NEEDS_BROWSER"  # .ci/run sets it: there, a skip would hide that nothing was tested


def find_chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def missing() -> str | None:
    """What is missing to run tests in a browser, None when nothing is."""
    if find_chromium() is None:
        return "no Chromium found: install the package chromium (Debian: apt-get install chromium)"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "no Playwright found: pip install 'simdetect[dev]'"
    return None


@contextmanager
def launched() -> Iterator[Any]:
    """A headless browser; skips the test when there is none, or fails where there has to be one."""
    problem = missing()
    if problem is not None and os.environ.get(REQUIRED):
        pytest.fail(problem)
    if problem is not None:
        pytest.skip(problem)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


def main() -> None:
    """Say before the tests what they will skip."""
    problem = missing()
    if problem:
        print(f"The tests of the HTML report in a browser will be skipped: {problem}")


class Visit:
    """One page in a context of its own, with what it asked for, complained about and popped up."""

    def __init__(self, browser: Any, path: Path, fragment: str = "", **context: Any) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **context})
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.url = path.as_uri()
        self.page.goto(self.url + fragment)
        if context.get("java_script_enabled", True):
            self.page.wait_for_selector("html[data-ready]", state="attached")

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, file: int, piece: int = 1) -> None:
        """Go to a piece of evidence, as a link would, and wait for its code."""
        self.page.evaluate("hash => { location.hash = hash; }", f"file-{file}-{piece}")
        self.wait(file, piece)

    def wait(self, file: int, piece: int) -> None:
        self.page.wait_for_selector(f"#viewer[data-ready='{file}-{piece}']")

    def chosen(self, side: str) -> list[int]:
        """Numbers of the lines that are highlighted on a side."""
        lines: list[int] = self.page.eval_on_selector_all(
            f"#{side} .l.chosen", "lines => lines.map(line => Number(line.dataset.line))"
        )
        return lines

    def rows(self) -> list[str]:
        """The paths in the table, from top to bottom."""
        return [str(text) for text in self.page.locator("#table tbody td:first-child").all_inner_texts()]

    def close(self) -> None:
        self.context.close()


if __name__ == "__main__":
    main()
