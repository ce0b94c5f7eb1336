"""Take the time of HTML reports: to write them, and in Chromium to paint, load, sort, filter and show code.

usage: python scripts/measure_report.py [--runs N] [REPORT.html ...]

Of each REPORT the times of N (default 5) fresh visits are printed. Then reports on ten thousand files are made and
compared with the bars below; exit code 1 when one is missed. A bar is compared with the best of the visits, because
whatever else the machine does only ever makes them slower. Needs Chromium and Playwright, as the browser tests do.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from simdetect.report.html import render_html
from tests.browser import Visit, launched, missing
from tests.report.large import many_files, many_pieces

MOST_BYTES = 15_000_000
MOST_SECONDS_TO_WRITE = 60.0  # of processor time; some 15 are usual
PAINTED, LOADED = "first contentful paint", "loaded"
_CLICK = "document.querySelector(%r)?.click()"
_TYPE = (
    "const box = document.querySelector('#filter-text'); if (box) { box.value = '77';"
    " box.dispatchEvent(new Event('input', { bubbles: true })); }"
)
ACTIONS = {
    "sort by longest": _CLICK % "th[data-key=longest] button",
    "sort by path": _CLICK % "th[data-key=path] button",
    "show files without any": _CLICK % "#filter-silent",
    "filter by text": _TYPE,
}
MOST_MS = {PAINTED: 1000.0, LOADED: 2000.0, **dict.fromkeys(ACTIONS, 100.0)}
_NAVIGATION = "performance.getEntriesByType('navigation')[0].loadEventEnd"
_OPENED = (
    "async () => { const t = performance.now(); location.hash = 'file-1-1';"
    " while (!document.querySelector('#viewer').dataset.ready) await new Promise(requestAnimationFrame);"
    " return performance.now() - t; }"
)


@click.command(help=__doc__)
@click.option("--runs", default=5, type=click.IntRange(min=1))
@click.argument("reports", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(runs: int, reports: tuple[Path, ...]) -> None:
    problem = missing()
    if problem:
        raise click.ClickException(problem)
    with launched() as browser, tempfile.TemporaryDirectory() as folder:
        for path in reports:
            _print(path.name, path.stat().st_size, visits(browser, path.resolve(), runs), {})
        missed = [*_pieces(), *_files(browser, Path(folder), runs)]
    for line in missed:
        click.echo(f"missed: {line}", err=True)
    sys.exit(1 if missed else 0)


def _pieces() -> list[str]:
    """Write a report on many pieces of evidence."""
    seconds, text = _written(lambda: render_html(many_pieces()))
    return _checked_bytes("report on 50,000 pieces of evidence", seconds, len(text.encode()))


def _files(browser: Any, folder: Path, runs: int) -> list[str]:
    """Write a report on many files with all their code, and visit it."""
    report, texts = many_files()
    seconds, text = _written(lambda: render_html(report, texts))
    path = folder / "ten-thousand-files.html"
    path.write_text(text, encoding="utf-8")
    missed = _checked_bytes("report on 10,000 files", seconds, path.stat().st_size)
    found = visits(browser, path, runs)
    _print(path.name, path.stat().st_size, found, MOST_MS)
    return missed + [
        f"{name}: {min(visit[name] for visit in found):.0f} ms, at most {most:.0f}"
        for name, most in MOST_MS.items()
        if min(visit[name] for visit in found) >= most
    ]


def _written(write: Callable[[], str]) -> tuple[float, str]:
    start = time.process_time()
    text = write()
    return time.process_time() - start, text


def _checked_bytes(name: str, seconds: float, n_bytes: int) -> list[str]:
    click.echo(f"{name}: {n_bytes / 1e6:.1f} MB, written in {seconds:.1f} s of processor time")
    missed = [f"{name}: {seconds:.1f} s to write"] if seconds >= MOST_SECONDS_TO_WRITE else []
    return missed + ([f"{name}: {n_bytes:,} bytes"] if n_bytes >= MOST_BYTES else [])


def visits(browser: Any, path: Path, runs: int) -> list[dict[str, float]]:
    """Milliseconds by what was done, for each visit."""
    return [_visit(browser, path) for _ in range(runs)]


def _visit(browser: Any, path: Path) -> dict[str, float]:
    page = Visit(browser, path)
    measure: Callable[[str], Any] = page.page.evaluate
    result = {
        PAINTED: measure("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity"),
        LOADED: measure(_NAVIGATION),
        **{name: measure(_timed(action)) for name, action in ACTIONS.items()},
    }
    if measure("Boolean(document.querySelector('#table'))"):
        result["open the first finding"] = measure(_OPENED)
    page.close()
    return result


def _timed(action: str) -> str:
    """Until the page is laid out again."""
    end = "document.body.offsetHeight; return performance.now() - t;"
    return f"() => {{ const t = performance.now(); {action}; {end} }}"


def _print(name: str, n_bytes: int, found: Sequence[Mapping[str, float]], most: Mapping[str, float]) -> None:
    click.echo(f"{name}: {n_bytes / 1e6:.1f} MB, {len(found)} visits, in ms: best, median, worst")
    for key in found[0]:
        values = [visit[key] for visit in found]
        bar = f"  (at most {most[key]:.0f})" if key in most else ""
        click.echo(f"  {key:<24} {min(values):8.1f} {median(values):8.1f} {max(values):8.1f}{bar}")


if __name__ == "__main__":
    main()
