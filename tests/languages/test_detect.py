"""Language detection: by name, extension, shebang, then content."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.languages import detect, hidden
from simdetect.languages.detect import detect_language
from simdetect.languages.table import AMBIGUOUS, LANGUAGES, LEXICAL_LANGUAGES, spec_of
from tests.steps import CountingPattern, assert_in_proportion, python_steps

C_CODE = b"""#include <stdio.h>
#include "list.h"
static int count(struct list *list) {
    int n = 0;
    for (struct node *node = list->head; node; node = node->next) {
        if (node->value > 0) {
            n++;
        }
    }
    return n;
}
int main(int argc, char **argv) {
    struct list *list = list_read(argv[1]);
    if (!list) {
        return 1;
    }
    printf("%d\\n", count(list));
    return 0;
}
"""
PYTHON_CODE = b"""import os
from pathlib import Path

class Reader:
    def __init__(self, root):
        self.root = Path(root)

    def read(self):
        for name in os.listdir(self.root):
            if name.endswith(".txt"):
                yield self.load(name)

    def load(self, name):
        path = self.root / name
        return path.read_text()
"""
PROSE = (
    b"""# A tool

This tool reads a list of numbers and prints how many of them are positive. It is fast.

Use it like this:

```c
%s
```

The list is read once; errors are reported on the standard error stream. See the manual for details.
"""
    % C_CODE
)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a.c", "c"),
        ("a.mpp", "cpp"),
        ("a.mxx", "cpp"),
        ("kernels.hip", "cpp"),
        ("src/A.PY", "python"),
        ("a.test.js", "javascript"),
        ("Makefile", "makefile"),
        ("x/CMakeLists.txt", "cmake"),
        ("Dockerfile.alpine", "dockerfile"),
        ("a.cmake.in", "cmake"),
        ("config.h.in", "c"),
        ("parser.py.orig", "python"),
        ("a.tcl", "tcl"),
        ("a.erl", "erlang"),
        ("a.clj", "clojure"),
        ("a.vim", "vim"),
        ("a.S", "assembly"),
        ("a.awk", "awk"),
        ("SConstruct", "python"),
        (".hidden.c", "c"),
        ("meson.build", "meson"),
    ],
)
def test_names_and_extensions_decide_first(path: str, language: str) -> None:
    assert detect_language(path, b"x\n") == language


@pytest.mark.parametrize(
    "path",
    [
        "README",
        "README.md",
        "LICENSE",
        "doc.rst",
        "notes.txt",
        "tool.1",
        "a.json",
        "a.yaml",
        "Cargo.toml",
        "Cargo.lock",
        "a.xml",
        "a.csv",
        "a.svg",
        "index.html",
        "go.sum",
        "unknown.md",
        ".gitignore",
        "AUTHORS",
    ],
)
@pytest.mark.parametrize(
    "data", [b"Some words\n", PROSE, b'{"a": [1, 2, {"b": "c;"}]}\n', b"key: value\nother:\n  - item\n" * 20]
)
def test_documents_and_data_are_not_code(path: str, data: bytes) -> None:
    assert detect_language(path, data) is None


@pytest.mark.parametrize("name", ["unknown.xyz", "noextension", "a.log"])
@pytest.mark.parametrize(
    "data", [b"Some words\n" * 50, b"key: value\n" * 50, b"1;2;3\n" * 50, b"; x\na = b\n[c]\n" * 50]
)
def test_unknown_names_need_convincing_code(name: str, data: bytes) -> None:
    assert detect_language(name, data) is None


@pytest.mark.parametrize(
    ("shebang", "language"),
    [
        (b"#!/usr/bin/python3.11\n", "python"),
        (b"#!/usr/bin/env python3\n", "python"),
        (b"#! /usr/bin/env -S node --x\n", "javascript"),
        (b"#!/usr/bin/env LANG=C tclsh\n", "tcl"),
        (b"#!/bin/false\nwords\n", None),
        (b"#!\n", None),
        (b"#!\xff\xfe\n", None),
    ],
)
def test_the_shebang_decides_when_the_name_does_not(shebang: bytes, language: str | None) -> None:
    assert detect_language("bin/tool", shebang) == language


@pytest.mark.parametrize(
    ("head", "language"),
    [
        (b"int f(void);\n", "c"),
        (b"/* class Foo : public Bar; std::string */ int f(void);\n", "c"),
        (b'#ifdef __cplusplus\nextern "C" {\nnamespace x { }\n#endif\nint f(void);\n', "c"),
        (b"#if __cplusplus\n# include <cstring>\n#else\n# include <string.h>\n#endif\n", "c"),
        (b"struct class_info { int class; int namespace; };\n", "c"),
        (b"#include <vector>\n", "cpp"),
        (b"template <typename T>\nT f(T);\n", "cpp"),
        (b"class Foo {\npublic:\n  int x;\n};\n", "cpp"),
        (b"namespace a {\nint f();\n}\n", "cpp"),
        (b"struct A : public B { };\n", "cpp"),
        (b"enum class E { A };\n", "cpp"),
    ],
)
def test_headers_are_c_or_cpp_by_content(head: bytes, language: str) -> None:
    assert detect_language("a.h", head) == language


def test_headers_may_be_objective_c() -> None:
    assert detect_language("a.h", b"#import <Foundation/Foundation.h>\n@interface A : NSObject\n@end\n") == "objc"


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("a.m", b"% comment\nfunction y = f(x)\n", "matlab"),
        ("a.m", b"(* comment *)\nf[x_] := x^2\n", "mathematica"),
        ("a.pl", b":- module(a, [b/1]).\nb(X) :- c(X).\n", "prolog"),
        ("a.ts", b'<?xml version="1.0"?>\n<!DOCTYPE TS><TS></TS>\n', None),
        ("a.pp", b"class apache {\n  package { 'x': }\n}\n", "puppet"),
        ("a.fs", b"module A\nlet x = 1\n", "fsharp"),
        ("a.fs", b"#version 330\nvoid main() { }\n", "glsl"),
        ("a.fs", b": square dup * ;\n", "forth"),
        ("a.v", b"module m(input a);\nendmodule\n", "verilog"),
        ("a.v", b"Theorem t : True.\nProof. auto. Qed.\n", "coq"),
        ("a.r", b"x <- 1\n", "r"),
        ("a.inc", b"#include <stdio.h>\n", "c"),
        ("a.inc", b"%macro x 1\n", "assembly"),
        ("a.d", b"main.o: main.c \\\n  list.h\n", None),
        ("a.d", b"import std.stdio;\nvoid main() { }\n", "d"),
        ("a.def", b"LIBRARY kernel32.dll\nEXPORTS\n", None),
        ("a.def", b"DEF(push_i32, 5)\n", "x-macros"),
        ("a.mod", b"module example.org/x\n", None),
    ],
)
def test_shared_extensions_are_decided_by_content(path: str, head: bytes, language: str | None) -> None:
    assert detect_language(path, head) == language


@pytest.mark.parametrize(
    "name", ["server.json", "server.txt", "server.dat", "server.md", "server", "server.xyz", "server.c.txt"]
)
def test_code_under_another_name_is_found_out(name: str) -> None:
    assert detect_language(name, C_CODE) == "c"
    if not name.endswith(".c.txt"):
        assert detect_language(name, PYTHON_CODE * 2) == "python"


def test_code_far_below_a_licence_is_found_out() -> None:
    licence = b"Permission is hereby granted, free of charge, to any person obtaining a copy of this software.\n" * 2000
    assert detect_language("LICENSE", licence + C_CODE * 60) == "c"


def test_minified_code_under_a_data_extension_is_found_out() -> None:
    code = b"const %s=require('x');function f(a){if(a){return a+1;}var b=a*2;for(var i=0;i<b;i++){g(i);}return b;}"
    assert detect_language("a.json", code * 30) == "javascript"


HOSTILE = (
    b"\n",
    b" ",
    b"a ",
    b"class ",
    b"class\n",
    b"#if __cplusplus\n",
    b"/*",
    b"/* a",
    b"namespace a\n",
    b"<script ",
    b"static a ",
    b"(",
    b"```\n",
    b"\t\n",
    b"struct a\n",
    b"::",
    b"a&",
    b"x.",
    b"[",
    b'"',
    b"return ",
    b"my $",
    b"#include <a/",
    b"%",
)


@pytest.mark.parametrize(
    "name", ["a.h", "a.m", "a.pl", "a.inc", "a.v", "a.fs", "a.d", "a.cls", "a.def", "a.html", "a.md", "a", "a.ts"]
)
def test_detection_is_fast_on_repetitive_content(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    for unit in HOSTILE:
        assert_in_proportion(lambda n, of=unit: python_steps(lambda: detect_language(name, of * (n // len(of)))), 2000)
    count_patterns(monkeypatch, steps)
    for unit in HOSTILE:

        def n_steps(n: int, unit: bytes = unit) -> int:
            steps.clear()
            detect_language(name, unit * (n // len(unit)))
            return sum(steps)

        assert_in_proportion(n_steps, 320, unit)


def count_patterns(monkeypatch: pytest.MonkeyPatch, steps: list[int]) -> None:
    """Have every pattern that detection uses write down its steps. Lines are cut to be short, as long ones are."""
    for module in (detect, hidden):
        for key, value in list(vars(module).items()):
            if isinstance(value, re.Pattern):
                monkeypatch.setattr(module, key, CountingPattern(value, steps.append))
    compiled, typical = detect._compiled, {written: hidden._typical(written) for written in (False, True)}
    monkeypatch.setattr(detect, "_compiled", lambda pattern: CountingPattern(compiled(pattern), steps.append))
    counting = {
        written: {language: CountingPattern(pattern, steps.append) for language, pattern in patterns.items()}
        for written, patterns in typical.items()
    }
    monkeypatch.setattr(hidden, "_typical", counting.__getitem__)
    monkeypatch.setattr(hidden, "_MAX_LINE", 20)


def test_html_is_code_only_when_it_holds_a_script() -> None:
    script = b"<script>\n" + b"function f(a) { return a + 1; }\n" * 40 + b"</script>"
    assert detect_language("a.html", b"<html><body><p>Words</p></body></html>") is None
    assert detect_language("a.html", b"<html>" + script) == "html"


def test_every_language_that_detection_can_name_has_a_row() -> None:
    named = {language for rules in AMBIGUOUS.values() for _, language in rules.rules}
    named |= {rules.otherwise for rules in AMBIGUOUS.values()}
    assert named - {None, ""} <= set(LANGUAGES) | set(LEXICAL_LANGUAGES)
    assert spec_of("text-code").module == ""
    assert spec_of("c") is LANGUAGES["c"]


def test_lexical_rows_have_no_grammar_and_keys_are_names() -> None:
    assert all(key == row.name and not row.module for key, row in LEXICAL_LANGUAGES.items())


@given(st.text(max_size=20), st.binary(max_size=400))
def test_detection_never_fails_and_names_only_known_languages(path: str, head: bytes) -> None:
    language = detect_language(path, head)
    assert language is None or spec_of(language).name == language
