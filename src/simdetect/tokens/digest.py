"""What results of the per-file stages depend on beside the file: a digest of the code that makes them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

__all__ = ["CODE", "code_digest"]

# All that a worker runs, the types that it answers with, and what makes its text of bytes. Whole folders where they can
# be: a list of modules once lacked one.
CODE = ("tokens/*.py", "languages/**/*.py", "model/*.py", "sources/encodings.py", "sources/text.py")


@cache
def code_digest(package: Path = Path(__file__).parent.parent) -> str:
    """16 hex digits over the source of the per-file stages: results of other code must not be taken for these.

    package: the folder of simdetect.
    """
    digest = hashlib.sha256()
    for path in sorted(path for pattern in CODE for path in package.glob(pattern)):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
