"""Lines that fence code in Markdown, left in a source file by whoever copied an answer into it.

They are no code in any language, and grammars read "```" as the beginning of a string that takes the rest of the file.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_fences"]

_FENCE: Final = re.compile(rb"^ {0,3}(?:`{3,20}|~{3,20})[ \t]{0,3}[\w+#.-]{0,30}[ \t\r]*$", re.MULTILINE)


def without_fences(content: bytes) -> bytes:
    """The content with blanks for every line that is a fence: as many, so that nothing moves.

    What stands outside the fences stays: it may be code as well.
    """
    if b"```" not in content and b"~~~" not in content:
        return content
    return _FENCE.sub(lambda found: b" " * len(found[0]), content)
