"""A verifier for Harbor and Terminal-Bench: writes `reward.json` and a report into the folder of the verifier.

    python -m simdetect_adapters.harbor /app --original /tests/original       # in tests/test.sh

Reward 1 for no evidence of recall and 0 for evidence. Of an inconclusive candidate nothing is written and the exit code
is 3: a reward would be read as an answer.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import simdetect
from simdetect.report import render

__all__ = ["main", "verify"]


def verify(candidate: Path, originals: Sequence[Path], given: Sequence[Path], logs: Path) -> float | None:
    """Judge a candidate and write what came of it. Returns the reward, None when nothing can be said."""
    judged = simdetect.judge(candidate, list(originals), given=given)
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "simdetect.json").write_text(render(judged.report, "json"), encoding="utf-8")
    (logs / "simdetect.html").write_text(render(judged.report, "html"), encoding="utf-8")
    (logs / "reward.json").unlink(missing_ok=True)
    if judged.score is not None:
        (logs / "reward.json").write_text(json.dumps({"reward": judged.score}) + "\n", encoding="utf-8")
    print(judged.explanation)
    return judged.score


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 a reward was written, 2 bad input, 3 inconclusive."""
    parser = argparse.ArgumentParser(prog="python -m simdetect_adapters.harbor", description=__doc__)
    parser.add_argument("candidate", type=Path)
    parser.add_argument("--original", type=Path, action="append", required=True)
    parser.add_argument("--given", type=Path, action="append", default=[])
    parser.add_argument("--logs", type=Path, default=Path("/logs/verifier"))
    said = parser.parse_args(arguments)
    try:
        reward = verify(said.candidate, said.original, said.given, said.logs)
    except simdetect.SimdetectError as error:
        print(error, file=sys.stderr)
        return 2
    return 3 if reward is None else 0


if __name__ == "__main__":
    sys.exit(main())
