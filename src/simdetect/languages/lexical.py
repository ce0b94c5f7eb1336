"""Languages without a grammar: rows that only carry what lexical tokens need (comments, quotes).

They let a Makefile, an assembly file or an Erlang module be matched like any other code. A language that gets a
grammar moves to the table; a row of the same name there wins over the one here (see `detect`).
`text-code` is what convincing code becomes when no language fits it, for example code under a data extension.
"""

from __future__ import annotations

from typing import Final

from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import LANGUAGES

__all__ = ["LEXICAL_LANGUAGES", "TEXT_CODE", "any_spec_of"]

TEXT_CODE: Final = "text-code"

_Pairs = tuple[tuple[str, str], ...]

_DOUBLE = ('"',)
_BOTH = ('"', "'")
_C_BLOCK: _Pairs = (("/*", "*/"),)
_ML_BLOCK: _Pairs = (("(*", "*)"),)
_LISP_BLOCK: _Pairs = (("#|", "|#"),)
_MARKUP_BLOCK: _Pairs = (("<!--", "-->"),)


def _row(
    name: str,
    label: str,
    suffixes: str = "",
    *,
    line: str = "",
    block: _Pairs = (),
    quotes: tuple[str, ...] = _BOTH,
    names: str = "",
    run_by: str = "",
    family: str = "",
    fold_case: bool = False,
) -> LanguageSpec:
    """One lexical row. suffixes, line, names, run_by: separated by spaces, suffixes without the dot."""
    return LanguageSpec(
        name,
        label,
        family or name,
        tuple(f".{suffix}" for suffix in suffixes.split()),
        filenames=tuple(names.split()),
        interpreters=tuple(run_by.split()),
        fold_case=fold_case,
        line_comments=tuple(line.split()),
        block_comments=block,
        quotes=quotes,
    )


# Line comments "#" or "//" and C blocks: the two large groups.
_HASH = (
    _row(
        "makefile",
        "Makefile",
        "mk mak make am",
        line="#",
        run_by="make gmake",
        names="Makefile makefile GNUmakefile BSDmakefile Makefile.am Makefile.in Makefile.inc Kbuild",
    ),
    _row("cmake", "CMake", "cmake", line="#", names="CMakeLists.txt", quotes=_DOUBLE),
    _row("meson", "Meson", "meson", line="#", names="meson.build meson.options meson_options.txt"),
    _row(
        "starlark",
        "Starlark",
        "bzl bazel star",
        line="#",
        quotes=('"""', "'''", '"', "'"),
        names="BUILD WORKSPACE Tiltfile copy.bara.sky",
        family="python",
    ),
    _row("cython", "Cython", "pyx pxd pxi", line="#", quotes=('"""', "'''", '"', "'"), family="python"),
    _row("gdscript", "GDScript", "gd", line="#", quotes=('"""', '"', "'")),
    _row("dockerfile", "Dockerfile", "dockerfile", line="#", names="Dockerfile Containerfile"),
    _row("tcl", "Tcl", "tcl tm exp itcl", line="#", quotes=_DOUBLE, run_by="tclsh wish expect tclsh8.5 tclsh8.6"),
    _row("awk", "Awk", "awk gawk", line="#", quotes=_DOUBLE, run_by="awk gawk mawk nawk"),
    _row("sed", "sed", "sed", line="#", quotes=(), run_by="sed gsed"),
    _row("fish", "fish", "fish", line="#", run_by="fish"),
    _row("csh", "C shell", "csh tcsh", line="#", run_by="csh tcsh"),
    _row("nushell", "Nushell", "nu", line="#", run_by="nu"),
    _row("r", "R", "r", line="#", run_by="Rscript", names=".Rprofile"),
    _row("crystal", "Crystal", "cr", line="#", run_by="crystal"),
    _row("nim", "Nim", "nim nims nimble", line="#", block=(("#[", "]#"),), quotes=('"""', '"', "'"), run_by="nim"),
    _row(
        "coffeescript",
        "CoffeeScript",
        "coffee cson",
        line="#",
        block=(("###", "###"),),
        run_by="coffee",
        quotes=('"""', "'''", '"', "'"),
    ),
    _row("hcl", "HCL", "tf hcl tfvars", line="# //", block=_C_BLOCK, quotes=_DOUBLE),
    _row("graphql", "GraphQL", "graphql gql graphqls", line="#", quotes=('"""', '"')),
    _row("puppet", "Puppet", "pp", line="#"),
    _row("robot", "Robot Framework", "robot", line="#", quotes=()),
    _row("sage", "Sage", "sage", line="#", quotes=('"""', "'''", '"', "'"), family="python"),
    _row("raku", "Raku", "raku rakumod p6 pm6", line="#", run_by="raku perl6"),
    _row("justfile", "just", "just", line="#", names="justfile Justfile"),
    _row("m4", "M4", "m4 ac", line="dnl #", quotes=(), names="configure.ac configure.in"),
)
_SLASHES = (
    _row(
        "groovy",
        "Groovy",
        "groovy gradle gvy jenkinsfile",
        line="//",
        block=_C_BLOCK,
        run_by="groovy",
        quotes=('"""', "'''", '"', "'"),
        names="Jenkinsfile",
    ),
    _row("fsharp", "F#", "fs fsi fsx", line="//", block=_ML_BLOCK, quotes=('"""', '"')),
    _row("d", "D", "d di", line="//", block=(("/*", "*/"), ("/+", "+/")), quotes=('"', "'", "`"), run_by="rdmd"),
    _row("vala", "Vala", "vala vapi", line="//", block=_C_BLOCK),
    _row("haxe", "Haxe", "hx", line="//", block=_C_BLOCK),
    _row("v", "V", "v vsh", line="//", block=_C_BLOCK),
    _row("odin", "Odin", "odin", line="//", block=_C_BLOCK),
    _row("solidity", "Solidity", "sol", line="//", block=_C_BLOCK),
    _row("gleam", "Gleam", "gleam", line="//", quotes=_DOUBLE),
    _row("opencl", "OpenCL", "cl opencl", line="//", block=_C_BLOCK, family="c"),
    _row("metal", "Metal", "metal", line="//", block=_C_BLOCK, family="c"),
    _row("glsl", "GLSL", "glsl vert frag geom comp tesc tese vs gs shader", line="//", block=_C_BLOCK, family="c"),
    _row("hlsl", "HLSL", "hlsl hlsli fx fxh usf ush", line="//", block=_C_BLOCK, family="c"),
    _row("wgsl", "WGSL", "wgsl", line="//", block=_C_BLOCK),
    _row("verilog", "Verilog", "v vh sv svh", line="//", block=_C_BLOCK, quotes=_DOUBLE),
    _row("protobuf", "Protocol Buffers", "proto", line="//", block=_C_BLOCK),
    _row("thrift", "Thrift", "thrift", line="// #", block=_C_BLOCK),
    _row("idl", "IDL", "idl webidl fbs capnp", line="//", block=_C_BLOCK),
    _row("css", "CSS", "css", block=_C_BLOCK),
    _row("scss", "SCSS", "scss sass less styl", line="//", block=_C_BLOCK, family="css"),
    _row("yacc", "Yacc", "y yy ypp y++", line="//", block=_C_BLOCK, family="c"),
    _row("lex", "Lex", "l ll lpp l++ lex flex", line="//", block=_C_BLOCK, family="c"),
    _row("ragel", "Ragel", "rl", line="//", block=_C_BLOCK, family="c"),
    _row("dynasm", "DynASM", "dasc dasm", line="//", block=_C_BLOCK, family="c"),
    _row("antlr", "ANTLR", "g g4 g3", line="//", block=_C_BLOCK),
    _row("aspectj", "AspectJ", "aj", line="//", block=_C_BLOCK, family="java"),
    _row("apex", "Apex", "apex trigger", line="//", block=_C_BLOCK, fold_case=True),
    _row("actionscript", "ActionScript", "as", line="//", block=_C_BLOCK),
    _row("jsonnet", "Jsonnet", "jsonnet libsonnet", line="// #", block=_C_BLOCK),
    _row("cue", "CUE", "cue", line="//", quotes=('"""', '"')),
    _row("prisma", "Prisma", "prisma", line="//", quotes=_DOUBLE),
    _row("pug", "Pug", "pug jade", line="//"),
    _row("stan", "Stan", "stan", line="// #", block=_C_BLOCK, quotes=_DOUBLE),
    _row("qml", "QML", "qml", line="//", block=_C_BLOCK, family="javascript"),
    _row("rescript", "ReScript", "res resi re rei", line="//", block=_C_BLOCK, quotes=('"', "`")),
    _row("linker-script", "Linker script", "ld lds", line="//", block=_C_BLOCK, quotes=_DOUBLE),
    _row("x-macros", "C definitions", "def", line="//", block=_C_BLOCK, family="c"),
)
# Everything whose comments start otherwise: assembly, Lisp, ML, percent, dashes, markup.
_OTHERS = (
    # In assembly "#" is a comment on one machine and an immediate on the next, "@" likewise: both stay tokens.
    _row("assembly", "Assembly", "s asm nasm a51", line="// ;", block=_C_BLOCK, quotes=_DOUBLE),
    _row("llvm", "LLVM IR", "ll", line=";", quotes=_DOUBLE),
    _row("wat", "WebAssembly text", "wat wast", line=";;", block=(("(;", ";)"),), quotes=_DOUBLE),
    _row("clojure", "Clojure", "clj cljs cljc cljd bb", line=";", quotes=_DOUBLE, family="lisp", run_by="bb clojure"),
    _row(
        "scheme",
        "Scheme",
        "scm ss sld sls sps rkt",
        line=";",
        block=_LISP_BLOCK,
        quotes=_DOUBLE,
        family="lisp",
        run_by="guile scheme racket csi chibi-scheme",
    ),
    _row(
        "common-lisp",
        "Common Lisp",
        "lisp lsp cl asd",
        line=";",
        block=_LISP_BLOCK,
        quotes=_DOUBLE,
        family="lisp",
        run_by="sbcl clisp ecl",
    ),
    _row("emacs-lisp", "Emacs Lisp", "el", line=";", quotes=_DOUBLE, family="lisp", names=".emacs"),
    _row("fennel", "Fennel", "fnl", line=";", quotes=_DOUBLE, family="lisp"),
    _row("autohotkey", "AutoHotkey", "ahk", line=";", block=_C_BLOCK, quotes=_DOUBLE),
    _row(
        "erlang",
        "Erlang",
        "erl hrl escript yrl xrl",
        line="%",
        quotes=_BOTH,
        run_by="escript",
        names="rebar.config sys.config",
    ),
    _row("prolog", "Prolog", "pl pro prolog plt", line="%", block=_C_BLOCK, run_by="swipl"),
    _row("mercury", "Mercury", "m", line="%", block=_C_BLOCK),
    _row("matlab", "MATLAB", "m", line="% #", quotes=_BOTH, run_by="octave"),
    _row("mathematica", "Mathematica", "m wl wls", block=_ML_BLOCK, quotes=_DOUBLE),
    _row("coq", "Coq", "v", block=_ML_BLOCK, quotes=_DOUBLE),
    _row("standard-ml", "Standard ML", "sml sig fun", block=_ML_BLOCK, quotes=_DOUBLE, family="ocaml"),
    _row("modula", "Modula", "mod m2 m3 i3", block=_ML_BLOCK),
    _row(
        "applescript",
        "AppleScript",
        "applescript scpt",
        line="-- #",
        block=_ML_BLOCK,
        quotes=_DOUBLE,
        run_by="osascript",
    ),
    _row("elm", "Elm", "elm", line="--", block=(("{-", "-}"),), quotes=('"""', '"')),
    _row("purescript", "PureScript", "purs", line="--", block=(("{-", "-}"),), quotes=('"""', '"'), family="haskell"),
    _row("agda", "Agda", "agda", line="--", block=(("{-", "-}"),), quotes=_DOUBLE, family="haskell"),
    _row("idris", "Idris", "idr", line="--", block=(("{-", "-}"),), quotes=_DOUBLE, family="haskell"),
    _row("lean", "Lean", "lean", line="--", block=(("/-", "-/"),), quotes=_DOUBLE),
    _row("ada", "Ada", "adb ads ada gpr", line="--", quotes=_DOUBLE, fold_case=True),
    _row("vhdl", "VHDL", "vhd vhdl", line="--", quotes=_DOUBLE, fold_case=True),
    _row("eiffel", "Eiffel", "e", line="--", quotes=_DOUBLE, fold_case=True),
    _row("visual-basic", "Visual Basic", "vb bas vbs frm", line="'", quotes=_DOUBLE, fold_case=True),
    _row("cobol", "COBOL", "cob cbl cpy cobol", line="*>", quotes=_BOTH, fold_case=True),
    _row("abap", "ABAP", "abap", line="*", quotes=("'",), fold_case=True),
    _row("forth", "Forth", "fs forth fth 4th", line="\\", block=(("( ", ")"),), quotes=()),
    _row("smalltalk", "Smalltalk", "st", block=(('"', '"'),), quotes=("'",)),
    _row("rebol", "Rebol", "r reb", line=";", quotes=_DOUBLE),
    _row("vim", "Vim script", "vim", line='"', quotes=("'",), names=".vimrc .gvimrc vimrc _vimrc"),
    _row("batch", "Batch", "bat cmd", line=":: REM rem", quotes=_DOUBLE, fold_case=True),
    _row("tex", "TeX", "sty cls dtx ins", line="%", quotes=()),
    _row("vue", "Vue", "vue svelte astro", line="//", block=(*_C_BLOCK, *_MARKUP_BLOCK), quotes=('"', "'", "`")),
    _row("html", "HTML", "", line="//", block=(*_C_BLOCK, *_MARKUP_BLOCK), quotes=('"', "'", "`")),
    _row(
        "template",
        "Template",
        "ejs erb jsp jspx asp aspx cshtml razor hbs mustache handlebars liquid twig njk",
        line="//",
        block=(*_C_BLOCK, *_MARKUP_BLOCK),
    ),
    _row("xquery", "XQuery", "xq xql xqm xqy xquery", block=(("(:", ":)"),)),
    _row("xslt", "XSLT", "xsl xslt", block=_MARKUP_BLOCK),
    _row(TEXT_CODE, "Code in an unknown language", "", line="//", block=_C_BLOCK),
)

LEXICAL_LANGUAGES: dict[str, LanguageSpec] = {row.name: row for row in (*_HASH, *_SLASHES, *_OTHERS)}


def any_spec_of(name: str) -> LanguageSpec:
    """The row of a language with or without a grammar; the table wins. Raises KeyError for an unknown name."""
    return LANGUAGES.get(name) or LEXICAL_LANGUAGES[name]
