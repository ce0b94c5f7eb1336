"""Pascal, and other languages older than most."""

from __future__ import annotations

from simdetect.languages.notation import BOTH, DASHES, DOUBLE, ML_BLOCK, lexical, words
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["PASCAL", "ROWS", "SHARED"]

PASCAL = (
    rb"(?i)^[ \t]*(unit|program|uses|library)\s+[\w., ]+;|^[ \t]*(begin|procedure\s+\w+|implementation)\b",
    "pascal",
)

ROWS = (
    LanguageSpec(
        "pascal",
        "Pascal",
        "pascal",
        (".pas", ".dpr", ".lpr", ".pp", ".dpk"),
        "tree_sitter_pascal",
        distribution="tree-sitter-pascal",
        interpreters=("instantfpc",),
        whole=words("literalChar literalString"),
        strings=words("literalChar literalString"),
        numbers=words("literalNumber kTrue kFalse kNil"),
        syntax=words("pp"),
        fold_case=True,
        imports=("declUses",),
        units={
            "(defProc header: (declProc name: (_) @name)) @unit": "function",
            "(declType name: (_) @name type: [(declClass) (declIntf) (declHelper)]) @unit": "class",
            "declType": "type",
        },
        block_comments=(("(*", "*)"), ("{", "}")),
        quotes=("'",),
        escape="",
        unit_depth=4,
        values=words("nil true false"),
        signed=True,
        operators=words(":= <> <= >= .."),
        pygments="delphi",
    ),
    lexical("modula", "Modula", "mod m2 m3 i3", block_comments=ML_BLOCK),
    lexical("ada", "Ada", "adb ads ada gpr", line_comments=DASHES, quotes=DOUBLE, fold_case=True),
    lexical("eiffel", "Eiffel", "e", line_comments=DASHES, quotes=DOUBLE, fold_case=True),
    lexical("cobol", "COBOL", "cob cbl cpy cobol", line_comments=("*>",), quotes=BOTH, fold_case=True),
    lexical("abap", "ABAP", "abap", line_comments=("*",), quotes=("'",), fold_case=True),
    lexical("forth", "Forth", "fs forth fth 4th", line_comments=("\\",), block_comments=(("( ", ")"),), quotes=()),
    lexical("smalltalk", "Smalltalk", "st", block_comments=(('"', '"'),), quotes=("'",)),
    lexical("rebol", "Rebol", "r reb", line_comments=(";",), quotes=DOUBLE),
)

SHARED = {
    ".pp": Ambiguity((PASCAL, (rb"^[ \t]*#\s*(include|define)\b", "cpp")), "puppet"),
    ".mod": Ambiguity(((rb"^[ \t]*(IMPLEMENTATION|DEFINITION)?\s*MODULE\b", "modula"),), None),
    ".e": Ambiguity(((rb"(?i)^[ \t]*(class|feature|inherit|create)\b", "eiffel"),), None),
    ".st": Ambiguity(((rb"^[ \t]*!|subclass:|\^[ \t]*self\b", "smalltalk"),), None),
}
