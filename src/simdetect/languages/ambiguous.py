"""File name extensions that several languages share, and what in the content tells them apart.

Data for `detect`: for each extension, patterns in the order in which they are tried; the first that is found decides.
A language of None means that the file is not code. When none is found, `otherwise` decides: the language of the table
that claims the extension first, unless stated here. Languages are named by their table row; a row that does not exist
(yet) is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["AMBIGUOUS", "Ambiguity"]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """rules: (pattern for `re.MULTILINE`, language) in order. otherwise: the language when none is found; "" for the
    table's own."""

    rules: tuple[tuple[bytes, str | None], ...]
    otherwise: str | None = ""


# Every pattern must be linear on hostile input: "^[ \t]*" rather than "^\s*" (which rescans a run of blank lines from
# each of them), and no unbounded repetition after something that can start anywhere.
_OBJC = (rb"^[ \t]*@(interface|protocol|implementation|class|property|end|import)\b|^[ \t]*#\s*import\b", "objc")
# "class" and the like occur in C as names and in comments; comments are gone when this is tried.
# Several patterns, each of which an engine can look for by its first letters: as one they take three times as long.
_CPP = tuple(
    (pattern, "cpp")
    for pattern in (
        rb"^[ \t]*(template\s*<|namespace\b[\w:\s]{0,200}\{|using\s+(namespace\s+)?[\w:]+\s*[;=]"
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
_PERL = (
    rb"^[ \t]*(use\s+(strict|warnings|v?5|[A-Z]\w*(::\w+)*)\b|package\s+[\w:]+\s*[;{]|sub\s+\w+"
    rb"|(my\s+)?[$@%]\w+\s*[-+.|]?=)"
    rb"|^#!.*\bperl",
    "perl",
)
_PROLOG = (rb"^[ \t]*:-|^[a-z]\w*(\([^)]*\))?\s*:-", "prolog")
_MARKUP = (rb"\A\s*<(\?xml|!DOCTYPE|!--|[A-Za-z][\w:]*[\s>])", None)
_PASCAL = (
    rb"(?i)^[ \t]*(unit|program|uses|library)\s+[\w., ]+;|^[ \t]*(begin|procedure\s+\w+|implementation)\b",
    "pascal",
)

AMBIGUOUS: Final[dict[str, Ambiguity]] = {
    ".h": Ambiguity((_OBJC, *_CPP), "c"),
    ".inl": Ambiguity((*_CPP, (rb"^[ \t]*#\s*\w|;[ \t\r]*$", "c"))),
    ".hh": Ambiguity(((rb"\A\s*<\?hh", "php"),)),
    ".m": Ambiguity(
        (
            _OBJC,
            (rb"^[ \t]*#\s*(include|define|if)\b|^[ \t]*\[\w+ \w+", "objc"),
            (rb"^[ \t]*:-\s*module\b", "mercury"),
            (rb"^[ \t]*\(\*|\b(BeginPackage|Begin|Module|Block|With|Needs)\[|:=\s", "mathematica"),
            (rb"^[ \t]*%|^[ \t]*(function|classdef|endfunction|end|clear|close all|clc)\b|\bfprintf\(", "matlab"),
        ),
        "objc",
    ),
    ".pl": Ambiguity((_PERL, _PROLOG), "perl"),
    ".pro": Ambiguity(
        ((rb"^[ \t]*(TEMPLATE|SOURCES|TARGET|CONFIG|QT|SUBDIRS|INCLUDEPATH|DEFINES|include)\b", None), _PROLOG),
        None,
    ),
    ".t": Ambiguity((_PERL,), None),
    ".inc": Ambiguity(
        (
            (rb"<\?(php|=)", "php"),
            (rb"^[ \t]*#\s*(include|define|ifn?def|if|pragma)\b", "c"),
            *_CPP,
            _PASCAL,
            (rb"^[ \t]*(\.?(macro|section|globl|global|extern|equ|text|data)\b|%(macro|define))", "assembly"),
            (rb"^\.PHONY|^\w+\s*[:?+]?=|^\w[\w.-]*\s*:", "makefile"),
            (rb"[;{}][ \t\r]*$", "c"),
        ),
        "text-code",
    ),
    ".r": Ambiguity(((rb"(?i)\bREBOL\s*\[", "rebol"),), "r"),
    ".ts": Ambiguity((_MARKUP,), "typescript"),
    ".pp": Ambiguity((_PASCAL, (rb"^[ \t]*#\s*(include|define)\b", "cpp")), "puppet"),
    ".fs": Ambiguity(
        (
            (rb"^[ \t]*#version\b|\bgl_\w+|\bvoid\s+main\s*\(", "glsl"),
            (rb"^[ \t]*(open|module|namespace|let|type|member|\[<)\b|^[ \t]*//", "fsharp"),
            (rb"^[ \t]*:\s+\S+|^\\\s", "forth"),
        ),
        "fsharp",
    ),
    ".vs": Ambiguity((), "glsl"),
    ".v": Ambiguity(
        (
            (
                rb"^[ \t]*(Require|Theorem|Lemma|Definition|Proof|Inductive|Fixpoint|Section|Import|From)\b",
                "coq",
            ),
            (
                rb"\b(endmodule|endpackage)\b|^[ \t]*`(timescale|define|include|ifdef)|^[ \t]*(always|assign)\b",
                "verilog",
            ),
            (rb"^[ \t]*(pub\s+)?fn\s|^module \w+$|^import \w+", "v"),
        ),
        "verilog",
    ),
    ".cls": Ambiguity(
        (
            (rb"^[ \t]*\\(NeedsTeXFormat|ProvidesClass|LoadClass|newcommand|def)\b", "tex"),
            (rb"(?i)^[ \t]*(VERSION \d|Attribute VB_|Option Explicit)", "visual-basic"),
            (rb"\bclass\s+\w+", "apex"),
        ),
        "tex",
    ),
    ".d": Ambiguity(((rb"\A(#.*\n)*\S+\.(o|d|lo|rlib)\b.*:|\\\n", None),), "d"),
    ".e": Ambiguity(((rb"(?i)^[ \t]*(class|feature|inherit|create)\b", "eiffel"),), None),
    ".cl": Ambiguity(((rb"^[ \t]*(__)?kernel\b|\b(__)?global\b|^[ \t]*#", "opencl"),), "common-lisp"),
    ".gs": Ambiguity(
        ((rb"^[ \t]*#version\b|\bgl_\w+", "glsl"), (rb"\bfunction\b|^[ \t]*(var|let|const)\b", "javascript")),
        "glsl",
    ),
    ".l": Ambiguity(((rb"^%[%{]|^%option", "lex"), (rb"^[ \t]*\(", "common-lisp")), "lex"),
    ".ll": Ambiguity(((rb"^%[%{]|^%option", "lex"),), "llvm"),
    ".y": Ambiguity((), "yacc"),
    ".mod": Ambiguity(((rb"^[ \t]*(IMPLEMENTATION|DEFINITION)?\s*MODULE\b", "modula"),), None),
    ".def": Ambiguity(
        (
            (rb"(?i)\A(?:[ \t]*(?:;.*)?\r?\n)*[ \t]*(?:LIBRARY|EXPORTS|NAME|STACKSIZE)\b", None),
            (rb"^[ \t]*#\s*(if|define|include|undef|ifn?def)\b|^[ \t]*/\*|^[ \t]*\w+\s*\(.*\)", "x-macros"),
        ),
        None,
    ),
    ".fun": Ambiguity(((rb"^[ \t]*(functor|structure|fun|val)\b", "standard-ml"),), None),
    ".sig": Ambiguity(((rb"^[ \t]*(signature|structure|val|sig)\b", "standard-ml"),), None),
    ".st": Ambiguity(((rb"^[ \t]*!|subclass:|\^[ \t]*self\b", "smalltalk"),), None),
    ".as": Ambiguity(
        ((rb"^[ \t]*(package|import|class|public|private|function|var|#include)\b|//", "actionscript"),), None
    ),
    ".g": Ambiguity(((rb"^[ \t]*(parser |lexer |tree )?grammar\s+\w+|^\w+\s*:", "antlr"),), None),
    ".bb": Ambiguity(((rb"^[ \t]*\(|^#!.*\bbb\b", "clojure"),), None),
    ".star": Ambiguity(((rb"^[ \t]*(def|load)\b|^\w+\(", "starlark"),), None),
    ".trigger": Ambiguity(((rb"^[ \t]*trigger\s+\w+", "apex"),), None),
    ".frm": Ambiguity(((rb"(?i)^[ \t]*(VERSION \d|Attribute VB_|Begin )", "visual-basic"),), None),
    ".fx": Ambiguity((), "hlsl"),
    ".ins": Ambiguity(((rb"^[ \t]*[\\%]", "tex"),), None),
    ".exp": Ambiguity(((rb"^[ \t]*(spawn|expect|send|set|proc|load_lib|if)\b|^#!.*expect", "tcl"),), None),
    ".tm": Ambiguity(((rb"^[ \t]*(package|namespace|proc|set)\b", "tcl"),), None),
    ".cr": Ambiguity((), "crystal"),
    ".plt": Ambiguity((_PROLOG,), None),
    ".res": Ambiguity(((rb"^[ \t]*(let|type|module|open|switch)\b", "rescript"),), None),
    ".re": Ambiguity(
        ((rb"^[ \t]*(let|type|module|open|switch)\b", "rescript"), (rb"/\*!re2c|^[ \t]*#\s*include", "c")),
        None,
    ),
    ".shader": Ambiguity((), "glsl"),
    ".sc": Ambiguity(((rb"^[ \t]*(SynthDef|\(|Server\b|~\w+\s*=)", None),)),
    ".resx": Ambiguity((), None),
    ".ex": Ambiguity(((rb"^[ \t]*(include|global)\s+\w|^--", None),)),
    ".app": Ambiguity((), None),
    ".mm": Ambiguity((), "objc"),
    ".cake": Ambiguity((), "c-sharp"),
}
