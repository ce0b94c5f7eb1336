"""A scorer for Inspect AI: reads what the solver left in the sandbox, and judges it against the sample's original.

Task(dataset, solver=..., scorer=recall(candidate="work", original=lambda metadata: metadata["original"]))
"""

from __future__ import annotations

import asyncio
import math
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState
from inspect_ai.util import sandbox

import simdetect

__all__ = ["recall"]

_TIMEOUT_S: Final = 120


@scorer(metrics=[mean(), stderr()])  # type: ignore[untyped-decorator,unused-ignore]  # where the package is missing
def recall(
    candidate: str,
    original: str | Callable[[dict[str, Any]], str],
    given: Sequence[str] = (),
    options: simdetect.ScanOptions | None = None,
) -> Scorer:
    """Score 1 for no evidence of recall, 0 for evidence; an inconclusive sample has no score (NaN), with the reason.

    candidate: folder in the sandbox. original: a place on this machine, or a function of the sample's metadata. given:
    what solvers were handed, on this machine.
    """

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001  # as Inspect calls it
        place = original if isinstance(original, str) else original(state.metadata)
        with tempfile.TemporaryDirectory() as work:
            archive = Path(work) / "candidate.tar"
            archive.write_bytes(await _packed(candidate))
            judged = await asyncio.to_thread(simdetect.judge, archive, place, given=given, options=options)
        return Score(
            value=math.nan if judged.score is None else judged.score,
            explanation=judged.explanation,
            metadata={
                "verdict": str(judged.verdict),
                "probability": judged.probability,
                "bits": judged.report.summary.bits,
                "flagged_files": [f.candidate for f in judged.report.findings if f.verdict == "evidence"],
            },
        )

    return score


async def _packed(folder: str) -> bytes:
    """The folder as an archive, made in the sandbox and read as bytes: nothing of it is unpacked here."""
    archive = f"/tmp/simdetect-{uuid.uuid4().hex}.tar"  # a sandbox may be shared by samples
    done = await sandbox().exec(["tar", "-cf", archive, "-C", folder, "."], timeout=_TIMEOUT_S)
    if not done.success:
        raise RuntimeError(f"cannot read {folder} in the sandbox: {done.stderr[:500]}")
    content: bytes = await sandbox().read_file(archive, text=False)
    await sandbox().exec(["rm", "-f", archive], timeout=_TIMEOUT_S)
    return content
