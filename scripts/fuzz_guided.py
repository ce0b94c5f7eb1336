"""Coverage-guided fuzzing (atheris, libFuzzer) of one reader of scripts/fuzz_readers.py.

usage: python scripts/fuzz_guided.py TARGET [--seed N] [--seconds S]

The corpus below build/fuzz/guided/<target> starts with 200 cases of scripts/fuzz.py and keeps what reaches new code.
Native grammars are not instrumented, so guidance would not help there: they are left to scripts/fuzz.py. Needs atheris,
of the extra `fuzz`. Exit code 77, libFuzzer's, at the first finding, which is saved as crash-* beside the corpus.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

sys.path.insert(0, str(Path(__file__).parent))

with atheris.instrument_imports(include=["simdetect", "tarfile", "zipfile", "gzip", "tomllib", "json", "yaml"]):
    import yaml  # noqa: F401  simdetect loads it when it is needed, which would be too late to be instrumented
    from fuzz_readers import reader_targets

    from simdetect import Scanner

ROOT = Path(__file__).resolve().parent.parent
_N_SEEDS = 200
_MOST_BYTES = 1 << 16


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args()
    scanner = Scanner()
    targets = {target.name: target for target in reader_targets(scanner, Path(tempfile.mkdtemp(prefix="guided")))}
    if args.target not in targets:
        parser.error(f"no such target; there are {', '.join(targets)}")
    target = targets[args.target]
    folder = ROOT / "build" / "fuzz" / "guided" / args.target.replace(":", "-")
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for number in range(_N_SEEDS):
        case = target.make(Random(f"{args.seed}:{target.name}:{number}"))
        (folder / "corpus" / f"seed-{number}").write_bytes(case[:_MOST_BYTES])

    def check(data: bytes) -> None:
        target.check(data)

    limits = [f"-max_total_time={args.seconds}", f"-max_len={_MOST_BYTES}", "-timeout=60", "-rss_limit_mb=4096"]
    atheris.Setup(
        [sys.argv[0], *limits, f"-seed={args.seed}", f"-artifact_prefix={folder}/", str(folder / "corpus")], check
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
