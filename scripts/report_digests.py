"""Digests of a scan in every format, as JSON: what must be the same on every machine.

usage: python scripts/report_digests.py [--jobs N] CANDIDATE ORIGINAL

Only needs simdetect installed. Of the JSON report the `run` object is left out: it holds times.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace

from simdetect import ScanOptions, scan
from simdetect.report import FORMATS, render


def main(arguments: list[str]) -> int:
    jobs = int(arguments.pop(1)) if arguments and arguments[0] == "--jobs" else 1
    candidate, original = arguments[-2:]
    report = replace(scan(candidate, original, options=ScanOptions(jobs=jobs)), run={})
    digests = {name: hashlib.sha256(render(report, name).encode()).hexdigest() for name in FORMATS}
    print(json.dumps(digests))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
