"""Elapsed time by stage, for the report's `run`."""

from __future__ import annotations

import time
from collections.abc import Sequence

__all__ = ["Clock"]


class Clock:
    """Elapsed time by stage, for the report's `run`."""

    def __init__(self) -> None:
        self._started_at = time.time()
        self._last = time.perf_counter()
        self._elapsed_s: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._elapsed_s[stage] = round(self._elapsed_s.get(stage, 0.0) + now - self._last, 4)
        self._last = now

    def run(self, jobs: int, isolation: Sequence[str] | None) -> dict[str, object]:
        """isolation: the measures that held in the workers, None when no worker was needed."""
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started_at))
        measures = None if isolation is None else list(isolation)
        return {"started_at": started, "elapsed_s": self._elapsed_s, "jobs": jobs, "isolation": measures}
