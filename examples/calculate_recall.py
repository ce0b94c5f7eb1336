#!/usr/bin/env python3
"""Write `_stats/recall_probability.json` and `_stats/recall_bits.json`: how much of each instance was recalled.

Copy into a submission's `_scripts/` and run from there, with what `simdetect audit` takes:

    python _scripts/calculate_recall.py                           # gets the originals beside the run, and --fetch
    python _scripts/calculate_recall.py --originals upstream/ --workers 4

Instances that are inconclusive, failed or were not audited have no number.
"""

import json
import subprocess
import sys
from pathlib import Path

RUN_DIR = Path(__file__).resolve().parent.parent
# -P: the current folder may be a candidate's, and must not provide the module that judges it.
SIMDETECT = [sys.executable, "-P", "-m", "simdetect"]


def audit(options: list[str]) -> int:
    """Audit the run; returns the exit code of the audit."""
    if "--originals" not in options:
        originals = RUN_DIR.parent / "originals"
        subprocess.run([*SIMDETECT, "originals", "fetch", str(RUN_DIR), "-o", str(originals)], check=False)
        options = ["--originals", str(originals), "--fetch", *options]
    return subprocess.run([*SIMDETECT, "audit", str(RUN_DIR), *options], check=False).returncode


code = audit(sys.argv[1:])
if code not in (0, 1, 3):  # 1: evidence in some instance, 3: some instance is inconclusive or could not be scanned
    sys.exit(code)
numbers = json.loads((RUN_DIR / "_stats" / "recall_probability.json").read_text())
print(f"Wrote _stats/recall_probability.json and _stats/recall_bits.json for {len(numbers)} instance(s)")
