"""Languages of processors: of their instructions, their circuits and their graphics."""

from __future__ import annotations

from simdetect.languages.notation import C_BLOCK, DASHES, DOUBLE, SLASHES, lexical
from simdetect.languages.spec import Ambiguity

__all__ = ["ROWS", "SHARED"]

ROWS = (
    # In assembly "#" is a comment on one machine and an immediate on the next, "@" likewise: both stay tokens.
    lexical(
        "assembly",
        "Assembly",
        "s asm nasm a51",
        line_comments=("//", ";"),
        block_comments=C_BLOCK,
        quotes=DOUBLE,
        tags=("asm",),
    ),
    lexical("llvm", "LLVM IR", "ll", line_comments=(";",), quotes=DOUBLE),
    lexical(
        "wat", "WebAssembly text", "wat wast", line_comments=(";;",), block_comments=(("(;", ";)"),), quotes=DOUBLE
    ),
    lexical("linker-script", "Linker script", "ld lds", line_comments=SLASHES, block_comments=C_BLOCK, quotes=DOUBLE),
    lexical("opencl", "OpenCL", "cl opencl", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical("metal", "Metal", "metal", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical(
        "glsl",
        "GLSL",
        "glsl vert frag geom comp tesc tese vs gs shader",
        line_comments=SLASHES,
        block_comments=C_BLOCK,
        family="c",
    ),
    lexical("hlsl", "HLSL", "hlsl hlsli fx fxh usf ush", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical("wgsl", "WGSL", "wgsl", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical(
        "verilog",
        "Verilog",
        "v vh sv svh",
        line_comments=SLASHES,
        block_comments=C_BLOCK,
        quotes=DOUBLE,
        tags=("system-verilog",),
    ),
    lexical("vhdl", "VHDL", "vhd vhdl", line_comments=DASHES, quotes=DOUBLE, fold_case=True),
)

SHARED = {
    ".cl": Ambiguity(((rb"^[ \t]*(__)?kernel\b|\b(__)?global\b|^[ \t]*#", "opencl"),), "common-lisp"),
    ".vs": Ambiguity((), "glsl"),
    ".gs": Ambiguity(
        ((rb"^[ \t]*#version\b|\bgl_\w+", "glsl"), (rb"\bfunction\b|^[ \t]*(var|let|const)\b", "javascript")),
        "glsl",
    ),
    ".shader": Ambiguity((), "glsl"),
    ".fx": Ambiguity((), "hlsl"),
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
}
