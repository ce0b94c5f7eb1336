"""What is judged does not outlive its scan."""

from __future__ import annotations

import gc
import weakref

from simdetect import Scanner, ScanOptions
from simdetect.judging.calibration import load_calibration
from simdetect.judging.judged import judge
from simdetect.layers.all import find_layers
from tests import DEMO


def test_nothing_of_a_scan_waits_for_the_cyclic_collector() -> None:
    """A cycle once kept the arrays of a scan until the next ones were made."""
    options = ScanOptions()
    with Scanner(options) as scanner:
        trees = [scanner.index(DEMO / name) for name in ("independent", "original")]
    gc.collect()
    gc.disable()
    try:
        judged = judge(find_layers(trees[0], [trees[1]], options), options, load_calibration())
        assert judged.likenesses.of(0, 0).score >= 0
        assert judged.resembling is not None
        held = weakref.ref(judged.results.code.table.candidate_file)
        del judged
        assert held() is None
    finally:
        gc.enable()
