"""One comparison, weighed under what is assumed of its author: as things stand, and as they would be otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simdetect.findings.report import Inputs, WhatIf, verdict_of
from simdetect.judging.calibration import Calibration
from simdetect.judging.judged import Judged, judge
from simdetect.layers.all import find_layers
from simdetect.model import Observed, Verdict
from simdetect.options import BLACK_BOX, ScanOptions
from simdetect.scanning.handouts import Handouts
from simdetect.scanning.observed import handouts_of, literals_of

__all__ = ["Weigher"]


@dataclass(frozen=True, slots=True, eq=False)
class Weigher:
    """Weighs the same files again and again; what does not depend on the author is found once."""

    inputs: Inputs
    handouts: Handouts
    options: ScanOptions
    calibration: Calibration
    memo: dict[str, Any] = field(default_factory=dict)
    deadline: float = math.inf

    def judged(self) -> Judged:
        """As things stand."""
        return self._judged(self.handouts, self.inputs.observed)

    def what_if(self, judged: Judged, hidden: Mapping[str, int]) -> WhatIf:
        """What the verdict would be if sessions were not believed, or if documents that nobody named had not been
        handed out: looked into where it can differ."""
        verdict = verdict_of(judged, hidden)
        without_session = without_assumed = None
        if any(observed.sessions for observed in self.inputs.observed):
            without_session = verdict_of(self._without_sessions(), hidden)
        is_open = self.options.setting != BLACK_BOX  # there, the documentation was handed out with the executable
        if is_open and self.handouts.assumed and verdict is not Verdict.EVIDENCE:
            handouts = replace(self.handouts, assumed=())
            without_assumed = verdict_of(self._judged(handouts, self.inputs.observed), hidden)
        return WhatIf(without_session, without_assumed)

    def _without_sessions(self) -> Judged:
        observed = [replace(item, sessions=()) for item in self.inputs.observed]
        return self._judged(replace(self.handouts, seen=handouts_of(observed)), observed)

    def _judged(self, handouts: Handouts, observed: Sequence[Observed]) -> Judged:
        results = find_layers(
            self.inputs.candidate,
            self.inputs.originals,
            self.options,
            handouts=handouts.all(),
            observable=literals_of(observed, self.options),
            memo=self.memo,
            deadline=self.deadline,
        )
        return judge(results, self.options, self.calibration)
