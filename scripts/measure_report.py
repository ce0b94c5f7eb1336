"""Open an HTML report in Chromium and say how long it takes: to paint, to load, to sort, to filter, to show code.

usage: python scripts/measure_report.py REPORT.html [RUNS]

Each number is the median of RUNS (default 5) fresh visits. Needs Chromium and Playwright, as the browser tests do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser import Visit, launched, missing

_SPENT = "() => { const t = performance.now(); %s; document.body.offsetHeight; return performance.now() - t; }"
_CLICK = "document.querySelector(%r).click()"
_TYPE = (
    "const box = document.querySelector('#filter-text'); box.value = 'src';"
    " box.dispatchEvent(new Event('input', { bubbles: true }))"
)
_NAVIGATION = "performance.getEntriesByType('navigation')[0].%s"


def main(name: str, runs: str = "5") -> int:
    problem = missing()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    path = Path(name).resolve()
    with launched() as browser:
        found = [_visit(browser, path) for _ in range(int(runs))]
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {found[0]['files']:,.0f} files in the table, in ms:")
    for key in found[0]:
        if key != "files":
            values = [visit[key] for visit in found]
            print(f"  {key:<26} {median(values):7.1f}  (up to {max(values):.1f})")
    return 0


def _visit(browser: object, path: Path) -> dict[str, float]:
    page = Visit(browser, path)
    measure: Callable[[str], float] = page.page.evaluate
    result = {
        "files": measure("Number(document.querySelector('#shown').textContent.split(' of ')[1].replace(/\\D/g, ''))"),
        "first contentful paint": measure("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
        "loaded": measure(_NAVIGATION % "loadEventEnd"),
        "sort by bits": measure(_SPENT % _CLICK % "th[data-key=bits] button"),
        "sort by path": measure(_SPENT % _CLICK % "th[data-key=path] button"),
        "filter by text": measure(f"() => {{ {_timed(_TYPE)} }}"),
    }
    result["open the first finding"] = measure(
        "async () => { const t = performance.now(); location.hash = 'file-1-1';"
        " while (!document.querySelector('#viewer').dataset.ready) await new Promise(requestAnimationFrame);"
        " return performance.now() - t; }"
    )
    page.close()
    return result


def _timed(action: str) -> str:
    return f"const t = performance.now(); {action}; document.body.offsetHeight; return performance.now() - t;"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
