"""File name extensions that several languages share, and what in the content tells them apart.

Data for `detect`: for each extension, patterns in the order in which they are tried; the first that is found decides.
A language of None means that the file is not code. When none is found, `otherwise` decides: the language of the table
that claims the extension first, unless stated here. Languages are named by their table row; a row that does not exist
(yet) is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["AMBIGUOUS", "Ambiguity"]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """rules: (pattern, language) in order. otherwise: the language when none is found; "" for the table's own."""

    rules: tuple[tuple[re.Pattern[bytes], str | None], ...]
    otherwise: str | None = ""


# Every pattern must be linear on hostile input: "^[ \t]*" rather than "^\s*" (which rescans a run of blank lines from
# each of them), and no unbounded repetition after something that can start anywhere.
def _rule(pattern: bytes, language: str | None) -> tuple[re.Pattern[bytes], str | None]:
    return re.compile(pattern, re.MULTILINE), language


_OBJC = _rule(rb"^[ \t]*@(interface|protocol|implementation|class|property|end|import)\b|^[ \t]*#\s*import\b", "objc")
# "class" and the like occur in C as names and in comments; comments are gone when this is tried.
# Several patterns, each of which an engine can look for by its first letters: as one they take three times as long.
_CPP = tuple(
    _rule(pattern, "cpp")
    for pattern in (
        rb"^[ \t]*(template\s*<|namespace\b[\w:\s]*\{|using\s+(namespace\s+)?[\w:]+\s*[;=]"
        rb"|(public|private|protected)\s*:"
        rb"|(?:export[ \t]+)?class[ \t]+(?:\w+[ \t]+){0,4}\w+\s{0,9}(?:final\s{0,9})?[:{;]"
        rb"|(?:explicit|virtual|friend|constexpr)\s"
        rb"|enum\s+class\b|#\s*include\s*<(?:\w+/)*[a-z_]+>)",
        rb"::\w(?<=\w::\w)",
        rb"\bstd::",
        rb"\boperator\s*[-+*/=<>!&|\[(]+",
        rb"\bnoexcept\b",
        rb"\bstatic_cast<",
        rb"=\s*(default|delete)\s*;",
        rb"struct\s+\w+\s*(?:final\s*)?:\s*(?:public\s+)?\w",
        rb"\w\s*&\s*\w+\s*[,)]\s*const\b",
    )
)
_PERL = _rule(
    rb"^[ \t]*(use\s+(strict|warnings|v?5|[A-Z]\w*(::\w+)*)\b|package\s+[\w:]+\s*[;{]|sub\s+\w+"
    rb"|(my\s+)?[$@%]\w+\s*[-+.|]?=)"
    rb"|^#!.*\bperl",
    "perl",
)
_PROLOG = _rule(rb"^[ \t]*:-|^[a-z]\w*(\([^)]*\))?\s*:-", "prolog")
_MARKUP = _rule(rb"\A\s*<(\?xml|!DOCTYPE|!--|[A-Za-z][\w:]*[\s>])", None)
_PASCAL = _rule(
    rb"(?i)^[ \t]*(unit|program|uses|library)\s+[\w., ]+;|^[ \t]*(begin|procedure\s+\w+|implementation)\b", "pascal"
)

AMBIGUOUS: Final[dict[str, Ambiguity]] = {
    ".h": Ambiguity((_OBJC, *_CPP), "c"),
    ".inl": Ambiguity((*_CPP, _rule(rb"^[ \t]*#\s*\w|;[ \t\r]*$", "c"))),
    ".hh": Ambiguity((_rule(rb"\A\s*<\?hh", "php"),)),
    ".m": Ambiguity(
        (
            _OBJC,
            _rule(rb"^[ \t]*#\s*(include|define|if)\b|^[ \t]*\[\w+ \w+", "objc"),
            _rule(rb"^[ \t]*:-\s*module\b", "mercury"),
            _rule(rb"^[ \t]*\(\*|\b(BeginPackage|Begin|Module|Block|With|Needs)\[|:=\s", "mathematica"),
            _rule(rb"^[ \t]*%|^[ \t]*(function|classdef|endfunction|end|clear|close all|clc)\b|\bfprintf\(", "matlab"),
        ),
        "objc",
    ),
    ".pl": Ambiguity((_PERL, _PROLOG), "perl"),
    ".pro": Ambiguity(
        (_rule(rb"^[ \t]*(TEMPLATE|SOURCES|TARGET|CONFIG|QT|SUBDIRS|INCLUDEPATH|DEFINES|include)\b", None), _PROLOG),
        None,
    ),
    ".t": Ambiguity((_PERL,), None),
    ".inc": Ambiguity(
        (
            _rule(rb"<\?(php|=)", "php"),
            _rule(rb"^[ \t]*#\s*(include|define|ifn?def|if|pragma)\b", "c"),
            *_CPP,
            _PASCAL,
            _rule(rb"^[ \t]*(\.?(macro|section|globl|global|extern|equ|text|data)\b|%(macro|define))", "assembly"),
            _rule(rb"^\.PHONY|^\w+\s*[:?+]?=|^\w[\w.-]*\s*:", "makefile"),
            _rule(rb"[;{}][ \t\r]*$", "c"),
        ),
        "text-code",
    ),
    ".r": Ambiguity((_rule(rb"(?i)\bREBOL\s*\[", "rebol"),), "r"),
    ".ts": Ambiguity((_MARKUP,), "typescript"),
    ".pp": Ambiguity((_PASCAL, _rule(rb"^[ \t]*#\s*(include|define)\b", "cpp")), "puppet"),
    ".fs": Ambiguity(
        (
            _rule(rb"^[ \t]*#version\b|\bgl_\w+|\bvoid\s+main\s*\(", "glsl"),
            _rule(rb"^[ \t]*(open|module|namespace|let|type|member|\[<)\b|^[ \t]*//", "fsharp"),
            _rule(rb"^[ \t]*:\s+\S+|^\\\s", "forth"),
        ),
        "fsharp",
    ),
    ".vs": Ambiguity((), "glsl"),
    ".v": Ambiguity(
        (
            _rule(
                rb"^[ \t]*(Require|Theorem|Lemma|Definition|Proof|Inductive|Fixpoint|Section|Import|From)\b",
                "coq",
            ),
            _rule(
                rb"\b(endmodule|endpackage)\b|^[ \t]*`(timescale|define|include|ifdef)|^[ \t]*(always|assign)\b",
                "verilog",
            ),
            _rule(rb"^[ \t]*(pub\s+)?fn\s|^module \w+$|^import \w+", "v"),
        ),
        "verilog",
    ),
    ".cls": Ambiguity(
        (
            _rule(rb"^[ \t]*\\(NeedsTeXFormat|ProvidesClass|LoadClass|newcommand|def)\b", "tex"),
            _rule(rb"(?i)^[ \t]*(VERSION \d|Attribute VB_|Option Explicit)", "visual-basic"),
            _rule(rb"\bclass\s+\w+", "apex"),
        ),
        "tex",
    ),
    ".d": Ambiguity((_rule(rb"\A(#.*\n)*\S+\.(o|d|lo|rlib)\b.*:|\\\n", None),), "d"),
    ".e": Ambiguity((_rule(rb"(?i)^[ \t]*(class|feature|inherit|create)\b", "eiffel"),), None),
    ".cl": Ambiguity((_rule(rb"^[ \t]*(__)?kernel\b|\b(__)?global\b|^[ \t]*#", "opencl"),), "common-lisp"),
    ".gs": Ambiguity(
        (_rule(rb"^[ \t]*#version\b|\bgl_\w+", "glsl"), _rule(rb"\bfunction\b|^[ \t]*(var|let|const)\b", "javascript")),
        "glsl",
    ),
    ".l": Ambiguity((_rule(rb"^%[%{]|^%option", "lex"), _rule(rb"^[ \t]*\(", "common-lisp")), "lex"),
    ".ll": Ambiguity((_rule(rb"^%[%{]|^%option", "lex"),), "llvm"),
    ".y": Ambiguity((), "yacc"),
    ".mod": Ambiguity((_rule(rb"^[ \t]*(IMPLEMENTATION|DEFINITION)?\s*MODULE\b", "modula"),), None),
    ".def": Ambiguity(
        (
            _rule(rb"(?i)\A(?:[ \t]*(?:;.*)?\r?\n)*[ \t]*(?:LIBRARY|EXPORTS|NAME|STACKSIZE)\b", None),
            _rule(rb"^[ \t]*#\s*(if|define|include|undef|ifn?def)\b|^[ \t]*/\*|^[ \t]*\w+\s*\(.*\)", "x-macros"),
        ),
        None,
    ),
    ".fun": Ambiguity((_rule(rb"^[ \t]*(functor|structure|fun|val)\b", "standard-ml"),), None),
    ".sig": Ambiguity((_rule(rb"^[ \t]*(signature|structure|val|sig)\b", "standard-ml"),), None),
    ".st": Ambiguity((_rule(rb"^[ \t]*!|subclass:|\^[ \t]*self\b", "smalltalk"),), None),
    ".as": Ambiguity(
        (_rule(rb"^[ \t]*(package|import|class|public|private|function|var|#include)\b|//", "actionscript"),), None
    ),
    ".g": Ambiguity((_rule(rb"^[ \t]*(parser |lexer |tree )?grammar\s+\w+|^\w+\s*:", "antlr"),), None),
    ".bb": Ambiguity((_rule(rb"^[ \t]*\(|^#!.*\bbb\b", "clojure"),), None),
    ".star": Ambiguity((_rule(rb"^[ \t]*(def|load)\b|^\w+\(", "starlark"),), None),
    ".trigger": Ambiguity((_rule(rb"^[ \t]*trigger\s+\w+", "apex"),), None),
    ".frm": Ambiguity((_rule(rb"(?i)^[ \t]*(VERSION \d|Attribute VB_|Begin )", "visual-basic"),), None),
    ".fx": Ambiguity((), "hlsl"),
    ".ins": Ambiguity((_rule(rb"^[ \t]*[\\%]", "tex"),), None),
    ".exp": Ambiguity((_rule(rb"^[ \t]*(spawn|expect|send|set|proc|load_lib|if)\b|^#!.*expect", "tcl"),), None),
    ".tm": Ambiguity((_rule(rb"^[ \t]*(package|namespace|proc|set)\b", "tcl"),), None),
    ".cr": Ambiguity((), "crystal"),
    ".plt": Ambiguity((_PROLOG,), None),
    ".res": Ambiguity((_rule(rb"^[ \t]*(let|type|module|open|switch)\b", "rescript"),), None),
    ".re": Ambiguity(
        (_rule(rb"^[ \t]*(let|type|module|open|switch)\b", "rescript"), _rule(rb"/\*!re2c|^[ \t]*#\s*include", "c")),
        None,
    ),
    ".shader": Ambiguity((), "glsl"),
    ".sc": Ambiguity((_rule(rb"^[ \t]*(SynthDef|\(|Server\b|~\w+\s*=)", None),)),
    ".resx": Ambiguity((), None),
    ".ex": Ambiguity((_rule(rb"^[ \t]*(include|global)\s+\w|^--", None),)),
    ".app": Ambiguity((), None),
    ".mm": Ambiguity((), "objc"),
    ".cake": Ambiguity((), "c-sharp"),
}
