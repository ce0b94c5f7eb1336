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


def _rule(pattern: bytes, language: str | None) -> tuple[re.Pattern[bytes], str | None]:
    return re.compile(pattern, re.MULTILINE), language


_OBJC = _rule(rb"^\s*@(interface|protocol|implementation|class|property|end|import)\b|^\s*#\s*import\b", "objective-c")
# "class" and the like occur in C as names and in comments; comments are gone when this is tried.
_CPP = _rule(
    rb"^\s*(template\s*<|namespace\b[\w:\s]*\{|using\s+(namespace\s+)?[\w:]+\s*[;=]|(public|private|protected)\s*:"
    rb"|(?:export\s+)?class\s+(?:\w+\s+)*\w+\s*(?:final\s*)?[:{;]|(?:explicit|virtual|friend|constexpr)\s"
    rb"|enum\s+class\b|#\s*include\s*<(?:\w+/)*[a-z_]+>)"
    rb"|\bstd::|\b\w+::\w+|\boperator\s*[-+*/=<>!&|\[(]+|\bnoexcept\b|\bstatic_cast<|=\s*(default|delete)\s*;"
    rb"|struct\s+\w+\s*(?:final\s*)?:\s*(?:public\s+)?\w|\b(?:const\s+)?\w+\s*&\s*\w+\s*[,)]\s*const\b",
    "cpp",
)
_PERL = _rule(
    rb"^\s*(use\s+(strict|warnings|v?5|[A-Z]\w*(::\w+)*)\b|package\s+[\w:]+\s*[;{]|sub\s+\w+|(my\s+)?[$@%]\w+\s*[-+.|]?=)"
    rb"|^#!.*\bperl",
    "perl",
)
_PROLOG = _rule(rb"^\s*:-|^[a-z]\w*(\([^)]*\))?\s*:-", "prolog")
_MARKUP = _rule(rb"\A\s*<(\?xml|!DOCTYPE|!--|[A-Za-z][\w:]*[\s>])", None)
_PASCAL = _rule(
    rb"(?i)^\s*(unit|program|uses|library)\s+[\w., ]+;|^\s*(begin|procedure\s+\w+|implementation)\b", "pascal"
)

AMBIGUOUS: Final[dict[str, Ambiguity]] = {
    ".h": Ambiguity((_OBJC, _CPP), "c"),
    ".inl": Ambiguity((_CPP, _rule(rb"^\s*#\s*\w|;\s*$", "c"))),
    ".hh": Ambiguity((_rule(rb"\A\s*<\?hh", "php"),)),
    ".m": Ambiguity(
        (
            _OBJC,
            _rule(rb"^\s*#\s*(include|define|if)\b|^\s*\[\w+ \w+", "objective-c"),
            _rule(rb"^\s*:-\s*module\b", "mercury"),
            _rule(rb"^\s*\(\*|\b(BeginPackage|Begin|Module|Block|With|Needs)\[|:=\s", "mathematica"),
            _rule(rb"^\s*%|^\s*(function|classdef|endfunction|end|clear|close all|clc)\b|\bfprintf\(", "matlab"),
        ),
        "objective-c",
    ),
    ".pl": Ambiguity((_PERL, _PROLOG), "perl"),
    ".pro": Ambiguity(
        (_rule(rb"^\s*(TEMPLATE|SOURCES|TARGET|CONFIG|QT|SUBDIRS|INCLUDEPATH|DEFINES|include)\b", None), _PROLOG), None
    ),
    ".t": Ambiguity((_PERL,), None),
    ".inc": Ambiguity(
        (
            _rule(rb"<\?(php|=)", "php"),
            _rule(rb"^\s*#\s*(include|define|ifn?def|if|pragma)\b", "c"),
            _CPP,
            _PASCAL,
            _rule(rb"^\s*(\.?(macro|section|globl|global|extern|equ|text|data)\b|%(macro|define))", "assembly"),
            _rule(rb"^\.PHONY|^\w+\s*[:?+]?=|^\w[\w.-]*\s*:", "makefile"),
            _rule(rb"[;{}]\s*$", "c"),
        ),
        "text-code",
    ),
    ".r": Ambiguity((_rule(rb"(?i)\bREBOL\s*\[", "rebol"),), "r"),
    ".ts": Ambiguity((_MARKUP,), "typescript"),
    ".pp": Ambiguity((_PASCAL, _rule(rb"^\s*#\s*(include|define)\b", "cpp")), "puppet"),
    ".fs": Ambiguity(
        (
            _rule(rb"^\s*#version\b|\bgl_\w+|\bvoid\s+main\s*\(", "glsl"),
            _rule(rb"^\s*(open|module|namespace|let|type|member|\[<)\b|^\s*//", "fsharp"),
            _rule(rb"^\s*:\s+\S+|^\\\s", "forth"),
        ),
        "fsharp",
    ),
    ".vs": Ambiguity((), "glsl"),
    ".v": Ambiguity(
        (
            _rule(
                rb"^\s*(Require|Theorem|Lemma|Definition|Proof|Inductive|Fixpoint|Section|Import|From)\b.*\.?\s*$",
                "coq",
            ),
            _rule(
                rb"\b(endmodule|endpackage)\b|^\s*`(timescale|define|include|ifdef)|^\s*(always|assign)\b", "verilog"
            ),
            _rule(rb"^\s*(pub\s+)?fn\s|^module \w+$|^import \w+", "v"),
        ),
        "verilog",
    ),
    ".cls": Ambiguity(
        (
            _rule(rb"^\s*\\(NeedsTeXFormat|ProvidesClass|LoadClass|newcommand|def)\b", "tex"),
            _rule(rb"(?i)^\s*(VERSION \d|Attribute VB_|Option Explicit)", "visual-basic"),
            _rule(rb"\bclass\s+\w+", "apex"),
        ),
        "tex",
    ),
    ".d": Ambiguity((_rule(rb"\A(#.*\n)*\S+\.(o|d|lo|rlib)\b.*:|\\\n", None),), "d"),
    ".e": Ambiguity((_rule(rb"(?i)^\s*(class|feature|inherit|create)\b", "eiffel"),), None),
    ".cl": Ambiguity((_rule(rb"^\s*(__)?kernel\b|\b(__)?global\b|^\s*#", "opencl"),), "common-lisp"),
    ".gs": Ambiguity(
        (_rule(rb"^\s*#version\b|\bgl_\w+", "glsl"), _rule(rb"\bfunction\b|^\s*(var|let|const)\b", "javascript")),
        "glsl",
    ),
    ".l": Ambiguity((_rule(rb"^%[%{]|^%option", "lex"), _rule(rb"^\s*\(", "common-lisp")), "lex"),
    ".ll": Ambiguity((_rule(rb"^%[%{]|^%option", "lex"),), "llvm"),
    ".y": Ambiguity((), "yacc"),
    ".mod": Ambiguity((_rule(rb"^\s*(IMPLEMENTATION|DEFINITION)?\s*MODULE\b", "modula"),), None),
    ".def": Ambiguity(
        (
            _rule(rb"(?i)\A(\s*;.*\n|\s*\n)*\s*(LIBRARY|EXPORTS|NAME|STACKSIZE)\b", None),
            _rule(rb"^\s*#\s*(if|define|include|undef|ifn?def)\b|^\s*/\*|^\s*\w+\s*\(.*\)", "x-macros"),
        ),
        None,
    ),
    ".fun": Ambiguity((_rule(rb"^\s*(functor|structure|fun|val)\b", "standard-ml"),), None),
    ".sig": Ambiguity((_rule(rb"^\s*(signature|structure|val|sig)\b", "standard-ml"),), None),
    ".st": Ambiguity((_rule(rb"^\s*!|subclass:|\^\s*self\b", "smalltalk"),), None),
    ".as": Ambiguity(
        (_rule(rb"^\s*(package|import|class|public|private|function|var|#include)\b|//", "actionscript"),), None
    ),
    ".g": Ambiguity((_rule(rb"^\s*(parser |lexer |tree )?grammar\s+\w+|^\w+\s*:", "antlr"),), None),
    ".bb": Ambiguity((_rule(rb"^\s*\(|^#!.*\bbb\b", "clojure"),), None),
    ".star": Ambiguity((_rule(rb"^\s*(def|load)\b|^\w+\(", "starlark"),), None),
    ".trigger": Ambiguity((_rule(rb"^\s*trigger\s+\w+", "apex"),), None),
    ".frm": Ambiguity((_rule(rb"(?i)^\s*(VERSION \d|Attribute VB_|Begin )", "visual-basic"),), None),
    ".fx": Ambiguity((), "hlsl"),
    ".ins": Ambiguity((_rule(rb"^\s*[\\%]", "tex"),), None),
    ".exp": Ambiguity((_rule(rb"^\s*(spawn|expect|send|set|proc|load_lib|if)\b|^#!.*expect", "tcl"),), None),
    ".tm": Ambiguity((_rule(rb"^\s*(package|namespace|proc|set)\b", "tcl"),), None),
    ".cr": Ambiguity((), "crystal"),
    ".plt": Ambiguity((_PROLOG,), None),
    ".res": Ambiguity((_rule(rb"^\s*(let|type|module|open|switch)\b", "rescript"),), None),
    ".re": Ambiguity(
        (_rule(rb"^\s*(let|type|module|open|switch)\b", "rescript"), _rule(rb"/\*!re2c|^\s*#\s*include", "c")), None
    ),
    ".shader": Ambiguity((), "glsl"),
    ".sc": Ambiguity((_rule(rb"^\s*(SynthDef|\(|Server\b|~\w+\s*=)", None),)),
    ".resx": Ambiguity((), None),
    ".ex": Ambiguity((_rule(rb"^\s*(include|global)\s+\w|^--", None),)),
    ".app": Ambiguity((), None),
    ".mm": Ambiguity((), "objective-c"),
    ".cake": Ambiguity((), "c-sharp"),
}
