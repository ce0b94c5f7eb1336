"""What builds, configures and describes other code."""

from __future__ import annotations

from dataclasses import replace

from simdetect.languages.notation import C_BLOCK, DOUBLE, HASH, SLASHES, lexical, words
from simdetect.languages.spec import LanguageSpec

__all__ = ["ROWS"]

_ROWS = (
    LanguageSpec(
        "nix",
        "Nix",
        "nix",
        (".nix",),
        "tree_sitter_nix",
        distribution="tree-sitter-nix",
        syntax=words("ellipses"),
        strings=words("path_fragment uri_expression hpath_expression spath_expression dollar_escape"),
        constants=words("true false null"),
        units={"(binding attrpath: (_) @name expression: (function_expression)) @unit": "function"},
        line_comments=HASH,
        quotes=('"',),
        long_quotes=('"',),
        raw_quotes=(("''", "''"),),
        name_chars="-'",
        unit_depth=6,
    ),
    lexical(
        "makefile",
        "Makefile",
        "mk mak make am",
        line_comments=HASH,
        holds="recipes",
        interpreters=("make", "gmake"),
        filenames=(
            "Makefile",
            "makefile",
            "GNUmakefile",
            "BSDmakefile",
            "Makefile.am",
            "Makefile.in",
            "Makefile.inc",
            "Kbuild",
        ),
    ),
    lexical("cmake", "CMake", "cmake", line_comments=HASH, filenames=("CMakeLists.txt",), quotes=DOUBLE),
    lexical(
        "meson", "Meson", "meson", line_comments=HASH, filenames=("meson.build", "meson.options", "meson_options.txt")
    ),
    lexical(
        "dockerfile",
        "Dockerfile",
        "dockerfile",
        line_comments=HASH,
        filenames=("Dockerfile", "Containerfile"),
        holds="heredocs",
    ),
    lexical("puppet", "Puppet", "pp", line_comments=HASH),
    lexical("justfile", "just", "just", line_comments=HASH, filenames=("justfile", "Justfile"), holds="heredocs"),
    lexical("m4", "M4", "m4 ac", line_comments=("dnl", "#"), quotes=(), filenames=("configure.ac", "configure.in")),
    lexical(
        "hcl",
        "HCL",
        "tf hcl tfvars",
        line_comments=("#", "//"),
        block_comments=C_BLOCK,
        quotes=DOUBLE,
        tags=("terraform",),
    ),
    lexical("jsonnet", "Jsonnet", "jsonnet libsonnet", line_comments=("//", "#"), block_comments=C_BLOCK),
    lexical("cue", "CUE", "cue", line_comments=SLASHES, quotes=('"""', '"')),
)

ROWS = tuple(replace(row, describes=True) for row in _ROWS)
