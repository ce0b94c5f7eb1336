"""Where the score of a scan stands among independent implementations: bars of a histogram, drawn by the template.

The axis is the logarithm of the odds, because nearly all that matters happens near 0 and 1.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from simdetect.judging.likelihood import probability_of
from simdetect.model import ScanReport
from simdetect.report import words

__all__ = ["histogram"]

# Edges between bins: about half a decade of the odds each.
_EDGES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997, 0.9999)
_LABELS = {1e-4: "0.01%", 1e-3: "0.1%", 0.01: "1%", 0.1: "10%", 0.5: "50%", 0.9: "90%", 0.99: "99%", 0.999: "99.9%"}


@dataclass(frozen=True, slots=True)
class _Box:
    """The drawing, in its own units: bins of `step` from `left` on, bars up to `height` above `floor`."""

    left: float = 10
    step: float = 35
    floor: float = 150
    height: float = 104


def histogram(report: ScanReport) -> dict[str, Any] | None:
    """Bars, axis labels and the mark of this scan; None when the report has nothing to compare with."""
    rate, ratio = report.summary.false_positive_rate, report.summary.log10_likelihood_ratio
    if rate is None or not rate.scores or ratio is None:
        return None
    probability = probability_of(ratio)
    box = _Box()
    counts = [0] * (len(_EDGES) + 1)
    for score in rate.scores:
        counts[bisect_right(_EDGES, score)] += 1
    most = max(counts)
    here = bisect_right(_EDGES, probability)
    return {
        "bars": [_bar(box, index, count, most) for index, count in enumerate(counts)],
        "labels": [
            {"x": box.left + box.step * (_EDGES.index(edge) + 1), "text": text} for edge, text in _LABELS.items()
        ],
        "mark": box.left + box.step * (here + 0.5),
        "anchor": "end" if here > len(_EDGES) / 2 else "start",
        "mark_text": f"this scan: {words.percent(probability)}",
        "width": 2 * box.left + box.step * len(counts),
        "floor": box.floor,
        "words": _words(report),
    }


def _bar(box: _Box, index: int, count: int, most: int) -> dict[str, Any]:
    height = box.height * count / most
    low = words.percent(_EDGES[index - 1]) if index else "0%"
    high = words.percent(_EDGES[index]) if index < len(_EDGES) else "100%"
    return {
        "x": f"{box.left + box.step * index + 1.5:.1f}",
        "y": f"{box.floor - height:.1f}",
        "width": f"{box.step - 3:.1f}",
        "height": f"{height:.1f}",
        "count": count,
        "middle": f"{box.left + box.step * (index + 0.5):.1f}",
        "title": f"{low} to {high}: {words.n(count, 'comparison')}",
    }


def _words(report: ScanReport) -> str:
    rate = report.summary.false_positive_rate
    assert rate is not None
    median = rate.scores[len(rate.scores) // 2]
    as_high = "none" if not rate.scored_as_high else f"{rate.scored_as_high:,}"
    return (
        f"Each of {words.n(rate.out_of, 'comparison')} set a program beside one that it was written independently of. "
        f"In half of them the probability of derivation, at even prior odds, was {words.percent(median)} or less; in "
        f"{as_high} it was as high as in this scan."
    )
