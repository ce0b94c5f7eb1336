"""Rewrite the parts of docs/method.md that come from the shipped numbers, and the figures of an evaluation.

usage: python scripts/update_method.py [OUT/summary.md]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from simdetect.judging.calibration import Calibration, load_calibration
from simdetect.judging.likelihood import TERMS
from simdetect.model import FEATURES, LAYERED
from simdetect.weighing.background import load_background
from simdetect.weighing.limits import FLOOR_BITS, SIZE_CAP
from simdetect.weighing.wording import WORDING

ROOT = Path(__file__).resolve().parent.parent
METHOD = ROOT / "docs" / "method.md"
SIZES = (200, 1000, SIZE_CAP)  # tokens of a file, for examples
LAST_FIGURE = "\nreliability diagram"


def main(summary: str | None = None) -> None:
    """Rewrite the document."""
    figures = {} if summary is None else {"figures": Path(summary).read_text().split(LAST_FIGURE)[0].strip()}
    METHOD.write_text(updated(METHOD.read_text(), figures))


def updated(text: str, more: Mapping[str, str] | None = None) -> str:
    """The document with every part as the shipped numbers are now."""
    calibration = load_calibration()
    parts = {
        "models": models(),
        "calibration": fitted(calibration),
        "thresholds": thresholds(calibration),
        "submissions": submissions(calibration),
    }
    for name, part in {**parts, **(more or {})}.items():
        text = _replace(text, name, part)
    return text


def models() -> str:
    """How many families each model rests on."""
    found = sorted(Path(str(resources.files("simdetect") / "data" / "background")).glob("*.npz"))
    loaded = [load_background(file.stem) for file in found if file.stem != WORDING]
    ordered = sorted(loaded, key=lambda model: (-model.n_families, model.family))
    return f"Families in each model: {', '.join(f'{model.family} {model.n_families}' for model in ordered)}."


def fitted(calibration: Calibration) -> str:
    """The numbers of the logistic model."""
    stored = _stored()
    weights = ", ".join(f"w{i} {weight:.4f}" for i, weight in enumerate(calibration.weights, 1))
    layers = ", ".join(f"{name} {w:.2f}" for name, w in zip(LAYERED[1:], calibration.layer_weights[1:], strict=True))
    singles = [
        f"one {what} of {bits:.0f} bits: at least {probability:.4f};"
        for what, bits, probability in (
            ("region", calibration.region_bits, calibration.region_probability),
            ("whole function", calibration.function_bits, calibration.function_probability),
        )
        if probability  # without any, it says nothing by itself
    ]
    rows = (
        f"`{calibration.id}`: intercept {calibration.intercept:.4f}, {weights};",
        f"layers: {layers};",
        *singles,
        f"{stored['n_derived']:,} derived and {stored['n_independent']:,} independent files.",
    )
    return "\n".join(rows)


def _stored() -> Mapping[str, Any]:
    text = (resources.files("simdetect") / "data" / "calibration.json").read_text("utf-8")
    stored: Mapping[str, Any] = json.loads(text)
    return stored


def thresholds(calibration: Calibration) -> str:
    """Threshold by language family, and the bits of a single region that reach it in files of some sizes."""
    sizes = " | ".join(f"one region, {size:,} tokens" for size in SIZES)
    lines = [f"| language family | threshold | {sizes} |", "| --- | ---: |" + " ---: |" * len(SIZES)]
    for family, threshold in sorted(calibration.thresholds.items()):
        bits = " | ".join(f"{bits_that_reach(calibration, threshold, size)} bits" for size in SIZES)
        lines.append(f"| `{family}` | {threshold:.3f} | {bits} |")
    return "\n".join(lines)


def submissions(calibration: Calibration) -> str:
    """The models of submissions: what facts weigh, where evidence begins, what bounds the ratio."""
    lines = [
        "| population | independent | groups | weights | intercept | doubt | evidence | stated |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | --- |",
    ]
    for name, model in calibration.submissions.items():
        weights = ", ".join(f"{term} {w:.2f}" for term, w in zip(TERMS, model.weights, strict=True) if round(w, 2))
        lines.append(
            f"| {name} | {len(model.null)} | {model.n_components} | {weights} | {model.intercept:.2f} | "
            f"{model.doubt:.2f} | {model.threshold:.2f} | {model.lower:.2f} to {model.upper:.2f} |"
        )
    return "\n".join(lines)


def bits_that_reach(calibration: Calibration, threshold: float, n_tokens: int) -> int:
    """Whole bits from which a file with one region, and nothing else, reaches a probability."""
    bits, others = 0, [0.0] * (len(FEATURES) - 2)
    while calibration.probability([bits, max(0.0, bits - FLOOR_BITS), *others], n_tokens) < threshold:
        bits += 1
    return bits


def _replace(text: str, name: str, part: str) -> str:
    start, end = f"<!-- {name}: written by scripts/update_method.py -->\n", f"<!-- end of {name} -->"
    before, rest = text.split(start)
    return f"{before}{start}\n{part}\n\n{end}{rest.split(end, 1)[1]}"


if __name__ == "__main__":
    main(*sys.argv[1:])
