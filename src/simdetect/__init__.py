"""simdetect: evidence of verbatim recall in generated code.

import simdetect
report = simdetect.scan("cand/", "orig/")
report.summary.verdict
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from simdetect.errors import InputError, OptionsError, SimdetectError, StoreError, WorkerError
    from simdetect.model import Layer, ScanReport, SkipReason, Verdict
    from simdetect.options import ScanOptions
    from simdetect.planting.power import PowerPlan, power
    from simdetect.scanning.judge import Judged, judge
    from simdetect.scanning.scanner import Scanner, index, scan
    from simdetect.store import default_cache_folder, open_index

# Where each public name lives. Loaded on first use: the command line answers --help without loading grammars.
_HOME = {
    "PowerPlan": "planting.power",
    "InputError": "errors",
    "Judged": "scanning.judge",
    "Layer": "model",
    "OptionsError": "errors",
    "ScanOptions": "options",
    "ScanReport": "model",
    "Scanner": "scanning.scanner",
    "SimdetectError": "errors",
    "SkipReason": "model",
    "StoreError": "errors",
    "Verdict": "model",
    "WorkerError": "errors",
    "default_cache_folder": "store",
    "index": "scanning.scanner",
    "judge": "scanning.judge",
    "open_index": "store",
    "power": "planting.power",
    "scan": "scanning.scanner",
}

__all__ = [
    "InputError",
    "Judged",
    "Layer",
    "OptionsError",
    "PowerPlan",
    "ScanOptions",
    "ScanReport",
    "Scanner",
    "SimdetectError",
    "SkipReason",
    "StoreError",
    "Verdict",
    "WorkerError",
    "__version__",
    "default_cache_folder",
    "index",
    "judge",
    "open_index",
    "power",
    "scan",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'simdetect' has no attribute {name!r}")
    return getattr(importlib.import_module(f"simdetect.{_HOME[name]}"), name)
