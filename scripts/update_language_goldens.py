"""Rewrite fixtures/languages/*/tokens.txt from the samples beside them and say what changed.

Usage: python scripts/update_language_goldens.py [language ...]; review the difference before committing it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from simdetect.languages import LANGUAGES
from tests.languages.samples import golden_path, render, sample_path, stream_of


def main(languages: list[str]) -> None:
    for language in languages or sorted(LANGUAGES):
        content = sample_path(language).read_bytes()
        text = render(content, stream_of(content, language))
        path = golden_path(language)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"rewritten: {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
