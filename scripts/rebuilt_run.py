"""Run a shell command for the writer of a rebuilt program, as a user without rights, and record it.

usage: python scripts/rebuilt_run.py PLACE [SECONDS] < COMMAND

The command runs in PLACE/work, where the executable and the documents lie; whatever else the machine holds must not be
readable by that user. One JSON line for each command goes to PLACE/session.jsonl. Prints what the writer sees.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

USER = os.environ.get("REBUILT_USER", "writer")
SHOWN = 12_000  # characters of output that the writer sees, half from either end
RECORDED = 200_000


def run(command: str, work: Path, seconds: int) -> tuple[int, str]:
    """Exit code and output of a shell command; 124 when it was stopped."""
    identity = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    process = subprocess.Popen(
        ["nice", "-n", "5", "setpriv", *identity, "bash", "-c", command],
        cwd=work,
        env={"HOME": f"/home/{USER}", "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, code = process.communicate()[0] + f"\n(stopped after {seconds} s)".encode(), 124
    return code, output[:RECORDED].decode("utf-8", "replace")


def main(arguments: list[str]) -> int:
    """Run, record, print."""
    place, seconds = Path(arguments[0]).resolve(), int(arguments[1]) if len(arguments) > 1 else 120
    command = sys.stdin.read().strip("\n")
    code, output = run(command, place / "work", seconds)
    step = {"time": time.time(), "command": command, "returncode": code, "output": output}
    with (place / "session.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(step) + "\n")
    cut = f"\n... {len(output) - SHOWN} characters left out ...\n"
    shown = output if len(output) <= SHOWN else output[: SHOWN // 2] + cut + output[-SHOWN // 2 :]
    print(f"<returncode>{code}</returncode>\n{shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
