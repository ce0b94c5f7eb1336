"""scripts/disguise.py: what each transformation does, what it leaves alone, and that the result still parses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from simdetect.languages.table import LANGUAGES
from simdetect.model import SourceFile
from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import disguise
from disguise import Strengths, disguised
from disguises.dead import inserted
from disguises.order import reordered, swapped
from disguises.splits import SPLITS

from simdetect.planting.disguise.comments import stripped
from simdetect.planting.disguise.layout import reformatted
from simdetect.planting.disguise.names import new_names, renamed
from simdetect.planting.disguise.pieces import Copy, edited, moved, rendered
from simdetect.planting.disguise.rows import ROWS
from simdetect.planting.disguise.rules import EXPRESSIONS, STATEMENTS
from simdetect.planting.disguise.syntax import View, errors
from simdetect.planting.disguise.writing import rewritten

LANGUAGE_SAMPLES = ROOT / "fixtures" / "languages"
EVERYTHING = Strengths(rename=1, strip_comments=1, rewrite=1, split=1, swap=1, reorder=1, insert=4, reformat=1)


def source(text: str, language: str, path: str = "a") -> SourceFile:
    return SourceFile(path, language, text.encode(), "")


def sample(language: str) -> str:
    files = [file for file in sorted((LANGUAGE_SAMPLES / language).iterdir()) if file.name != "tokens.txt"]
    return files[0].read_text()


def plain(text: str) -> str:
    return " ".join(text.split())


def rewrite(text: str, language: str, tables: object = STATEMENTS, seed: int = 1) -> str:
    view = View.of(text.encode(), language)
    return rendered(view.content, rewritten(view, tables, 1.0, Random(seed))).decode()  # type: ignore[arg-type]


def rewrites(text: str, language: str, tables: object = STATEMENTS) -> set[str]:
    """Everything that the applicable rules can make of a text."""
    return {plain(rewrite(text, language, tables, seed)) for seed in range(40)}


# --- pieces --------------------------------------------------------------------------------------------------------


def test_a_span_is_followed_through_a_deletion_an_insertion_and_a_move() -> None:
    pieces = [Copy(6, 9), b"new", Copy(0, 4)]  # of b"abcdefghi": "ghi", then "abcd"; "ef" is gone
    assert rendered(b"abcdefghi", pieces) == b"ghinewabcd"
    assert moved(pieces, [(0, 2), (4, 6), (6, 9), (3, 5)]) == [(6, 8), None, (0, 3), (9, 10)]


@given(st.binary(max_size=30), st.data())
def test_a_byte_that_was_copied_is_found_where_it_was_copied_to(content: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6, unique=True)))
    edits = [(start, end, b"#") for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    pieces = edited(content, edits)
    new = rendered(content, pieces)
    for position, span in enumerate(moved(pieces, [(place, place + 1) for place in range(len(content))])):
        is_gone = any(start <= position < end for start, end, _ in edits)
        assert (span is None) == is_gone
        assert span is None or new[span[0] : span[1]] == content[position : position + 1]


# --- names ---------------------------------------------------------------------------------------------------------


def rename(text: str, language: str, strength: float = 1.0) -> str:
    view = View.of(text.encode(), language)
    return rendered(view.content, renamed(view, new_names([view], strength, Random(1)))).decode()


def test_a_name_becomes_the_same_name_everywhere_also_in_the_body_of_a_macro() -> None:
    text = rename("#define TWICE(row) (count_rows(row) * 2)\nint count_rows(int row) { return TWICE(row); }\n", "c")
    assert "count_rows" not in text and "TWICE" not in text
    head, body = text.splitlines()
    macro, function = head.split()[1].split("(")[0], body.split()[1].split("(")[0]
    assert f"({function}(" in head and f"return {macro}(" in body


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("c", "#include <stdio.h>\nint f(int a) { printf(\"x\"); return a; }\n", ["stdio.h", "printf", '"x"', "int"]),
        ("python", "import os\nfrom json import dumps\ndef f(self, a):\n    return dumps(os.path.join(a))\n",
         ["os", "json", "dumps", "path", "join", "self"]),
        ("java", "import java.util.List;\nclass A { int size; void f(List a) { a.add(size); } }\n",
         ["java.util.List", ".add("]),
        ("go", "package p\nimport \"fmt\"\nfunc F(a int) { fmt.Println(a) }\n", ["package p", "fmt", "Println"]),
        ("rust", "use std::fs::File;\nfn f(a: u8) { File::open(a); println!(\"x\"); }\n",
         ["std::fs::File", "open", "println!", "u8"]),
        ("javascript", "import x from 'y';\nfunction f(a) { return x.map(a).length; }\n", ["x.map", ".length", "'y'"]),
    ],
)  # fmt: skip
def test_keywords_strings_and_names_from_elsewhere_stay(language: str, text: str, kept: list[str]) -> None:
    new = rename(text, language)
    assert new != text
    assert [name for name in kept if name not in new] == []


def test_a_new_name_keeps_the_case_style_and_meets_no_other_name() -> None:
    text = rename("int MAX_ROWS; int rowCount; int row_count; int Row; int f(int row) { return row; }", "c").split()
    names = [word.rstrip(";") for word in text if word.endswith(";")][:4]
    assert len(set(names)) == 4
    assert names[0].isupper() and "_" not in names[1] and names[1] != names[1].lower()
    assert names[2].islower() and "_" in names[2] and names[3][0].isupper()


def test_strength_is_the_share_of_names() -> None:
    text = "".join(f"int name_{number};\n" for number in range(200))
    n_left = rename(text, "c", 0.5).count("name_")
    assert 70 <= n_left <= 130  # 200 fair coins: 100, standard deviation 7


# --- comments, layout ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("c", "/* a */\nint x; // b\nint /* c */ y;\n", "int x; \nint   y;\n"),
        ("c", 'char *s = "// d";\n', 'char *s = "// d";\n'),
        ("python", 'def f():\n    """a"""\n    x = "# b"  # c\n', 'def f():\n    \n    x = "# b"  \n'),
        ("python", 'class A:\n    """a"""\n', "class A:\n    pass\n"),
        ("javascript", "return /* a\n b */ x\n", "return \n x\n"),
        ("rust", "/// a\nfn f() {} // b\n", "fn f() {} \n"),
    ],
)  # fmt: skip
def test_comments_go_and_what_only_looks_like_one_stays(language: str, text: str, expected: str) -> None:
    view = View.of(text.encode(), language)
    assert rendered(view.content, stripped(view, 1.0, Random(1))).decode() == expected


@pytest.mark.parametrize("language", sorted(ROWS))
def test_reformatting_changes_white_space_only(language: str) -> None:
    view = View.of(sample(language).encode(), language)
    new = rendered(view.content, reformatted(view, 1.0, Random(1)))
    assert new != view.content
    assert new.split() != view.content.split()  # spaces between tokens too, not only indentation
    assert b"".join(new.split()) == b"".join(view.content.split())


# --- order ---------------------------------------------------------------------------------------------------------


def test_functions_change_places_and_take_their_comments_along() -> None:
    functions = [f"// {number}\nint f{number}(void) {{ return {number}; }}\n" for number in range(6)]
    text = "#include <a.h>\nstruct s { int x; };\n" + "".join(functions)
    view = View.of(text.encode(), "c")
    new = rendered(view.content, reordered(view, 1.0, Random(1))).decode()
    assert new.startswith("#include <a.h>\nstruct s { int x; };\n")
    assert new != text and sorted(new.splitlines()) == sorted(text.splitlines())
    assert all(function.strip() in new for function in functions)


def test_methods_stay_in_their_class_and_clauses_of_one_function_stay_together() -> None:
    methods = [f"    def {name}(self): pass\n" for name in "abcd"]
    text = "".join(["class A:\n", *methods[:2], "class B:\n", *methods[2:]])
    view = View.of(text.encode(), "python")
    new = rendered(view.content, reordered(view, 1.0, Random(2))).decode()
    assert new != text
    assert set(new[: new.index("class B")].split()) == set(text[: text.index("class B")].split())
    view = View.of(b"f 0 = 1\nf n = 2\n\ng n = 3\n", "haskell")
    assert b"f 0 = 1\nf n = 2" in rendered(view.content, reordered(view, 1.0, Random(1)))


def test_statements_swap_only_when_neither_needs_the_other() -> None:
    def swap(body: str) -> str:
        view = View.of(f"void f(void) {{ {body} }}".encode(), "c")
        return rendered(view.content, swapped(view, 1.0, Random(1))).decode()[len("void f(void) { ") : -2]

    assert swap("a = 1; b = 2;") == "b = 2; a = 1;"
    assert swap("a = 1; b = a;") == "a = 1; b = a;"
    assert swap("g(); h();") == "g(); h();"
    assert swap("a = 1; return b;") == "a = 1; return b;"


# --- dead statements -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(ROWS))
def test_a_dead_statement_stands_every_so_many_lines(language: str) -> None:
    body = {"python": "    x = {n}\n", "go": "\tx = {n}\n"}.get(language, "    x = {n};\n")
    head, tail = {
        "python": ("def f():\n", ""),
        "rust": ("fn f() {\n", "}\n"),
        "go": ("package p\nfunc f() {\n", "}\n"),
        "java": ("class A { void f() {\n", "}}\n"),
    }.get(language, ("void f(void) {\n" if language in ("c", "cpp") else "function f() {\n", "}\n"))
    text = head + "".join(body.format(n=number) for number in range(40)) + tail
    view = View.of(text.encode(), language)
    for every in (1, 4, 10):
        new = rendered(view.content, inserted(view, every, Random(1))).decode()
        assert new.count("\n") - text.count("\n") == 40 // every
        assert [line for line in new.splitlines() if line in text.splitlines()] == text.splitlines()
        assert errors(View.of(new.encode(), language)).n_errors == 0


def test_no_dead_statement_stands_before_what_must_come_first() -> None:
    view = View.of(b'"""Text."""\nfrom __future__ import annotations\nx = 1\n', "python")
    new = rendered(view.content, inserted(view, 1, Random(1)))
    assert new.startswith(b'"""Text."""\nfrom __future__ import annotations\n') and new.count(b"\n") == 4


def test_dead_statements_are_of_many_kinds() -> None:
    text = "void f(void) {\n" + "    x = 1;\n" * 200 + "}\n"
    view = View.of(text.encode(), "c")
    new = rendered(view.content, inserted(view, 2, Random(1))).decode()
    starts = {line.split()[0] for line in new.splitlines()[1:-1]} - {"x"}
    assert len(starts) >= 6


# --- rewrites ------------------------------------------------------------------------------------------------------

LOOPS = {
    "c": ("void f(){for (i = 0; i < n; i++) { g(i); }}", "void f(){{ i = 0; while (i < n) { g(i); i++; } }}"),
    "cpp": ("void f(){for (int i = 0; i < n; ++i) g(i);}", "void f(){{ int i = 0; while (i < n) { g(i); ++i; } }}"),
    "java": (
        "class A { void f(){for (int i = 0; i < n; i++) { g(i); }} }",
        "class A { void f(){{ int i = 0; while (i < n) { g(i); i++; } }} }",
    ),
    "javascript": ("for (let i = 0; i < n; i++) { g(i); }", "{ let i = 0; while (i < n) { g(i); i++; } }"),
    "typescript": ("for (let i = 0; i < n; i++) { g(i); }", "{ let i = 0; while (i < n) { g(i); i++; } }"),
    "go": (
        "package p\nfunc f() { for i := 0; i < n; i++ { g(i) } }",
        "package p func f() { { i := 0; for i < n { g(i) i++; } } }",
    ),
    "rust": ("fn f() { while x { g(); } }", "fn f() { loop { if !(x) { break; } g(); } }"),
    "python": (
        "for i in range(n):\n    g(i)\n",
        "i = 0 while i < n: g(i) i += 1",
    ),
}


@pytest.mark.parametrize("language", sorted(LOOPS))
def test_a_loop_is_written_in_another_form(language: str) -> None:
    before, after = LOOPS[language]
    assert after in rewrites(before, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("c", "void f(){for (i = 0; i < n; i++) { if (x) continue; g(i); }}"),
        ("java", "class A { void f(){a: for (int i = 0; i < n; i++) { for (;;) { continue a; } }} }"),
        ("javascript", "for (let i = 0; i < n; i++) { if (x) { continue } g(i); }"),
        ("python", "for i in range(n):\n    if x:\n        continue\n    g(i)\n"),
        ("python", "for i in range(n):\n    g(i)\nelse:\n    h()\n"),
        ("python", "for i in rows:\n    g(i)\n"),
        ("go", "package p\nfunc f() { for i := range n { g(i) } }"),
    ],
)
def test_a_loop_whose_step_would_be_jumped_over_stays_a_loop(language: str, text: str) -> None:
    assert all("while" not in other for other in rewrites(text, language))


BRANCHES = {
    "c": ("void f(){if (!a) b(); else c();}", "void f(){if (a) { c(); } else { b(); }}"),
    "java": ("class A { void f(){if (a) b(); else c();} }", "class A { void f(){if (!(a)) { c(); } else { b(); }} }"),
    "javascript": ("if (a) { b() } else { c() }", "if (!(a)) { c() } else { b() }"),
    "go": ("package p\nfunc f() { if a { b() } else { c() } }", "package p func f() { if !(a) { c() } else { b() } }"),
    "rust": ("fn f() { if a { b() } else { c() } }", "fn f() { if !(a) { c() } else { b() } }"),
    "python": ("if not a:\n    b()\nelse:\n    c()\n", "if a: c() else: b()"),
}


@pytest.mark.parametrize("language", sorted(BRANCHES))
def test_branches_swap_under_the_opposite_condition(language: str) -> None:
    before, after = BRANCHES[language]
    assert after in rewrites(before, language)


def test_a_condition_that_binds_a_name_is_not_negated() -> None:
    text = "fn f() { if let Some(a) = b { c(a) } else { d() } }"
    assert rewrites(text, "rust") == {text}
    text = "def f():\n    while (line := read()):\n        use(line)\n"
    assert rewrites(text, "python") == {plain(text)}


def test_a_ladder_becomes_nested() -> None:
    assert "void f(){if (a) { b(); } else { if (c) { d(); } }}" in rewrites(
        "void f(){if (a) { b(); } else if (c) d();}", "c"
    )
    text = "if a:\n    b()\nelif c:\n    d()\nelse:\n    e()\n"
    assert "if a:\n    b()\nelse:\n    if c:\n        d()\n    else:\n        e()\n" in {
        rewrite(text, "python", seed=seed) for seed in range(20)
    }


def test_single_statements_gain_and_lose_braces_unless_an_else_would_move() -> None:
    assert "void f(){if (a) { b(); }}" in rewrites("void f(){if (a) b();}", "c")
    assert "void f(){while (a) b();}" in rewrites("void f(){while (a) { b(); }}", "c")
    assert not any("if (a) if" in text for text in rewrites("void f(){if (a) { if (b) c(); } else d();}", "c"))


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("c", "void f(){i++;}", "void f(){i += 1;}"),
        ("java", "class A { void f(){x += y;} }", "class A { void f(){x = x + y;} }"),
        ("javascript", "x *= a + b;", "x = x * (a + b);"),
        ("go", "package p\nfunc f() { i++ }", "package p func f() { i += 1 }"),
        ("rust", "fn f() { x += 2; }", "fn f() { x = x + 2; }"),
        ("python", "x -= y\n", "x = x - y"),
        ("c", "void f(){g(a < b);}", "void f(){g(b > a);}"),
        ("python", "g(a <= 1)\n", "g(1 >= a)"),
    ],
)
def test_an_expression_is_written_in_another_form(language: str, before: str, after: str) -> None:
    assert after in rewrites(before, language, EXPRESSIONS)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("c", "void f(){x = i++;}"),  # its value is used
        ("c", "void f(){a[g()] += 1;}"),  # would call twice
        ("c", "void f(){h(g() < k());}"),  # would call in another order
        ("python", "x += y\n"),  # in place for a list
        ("rust", "fn f() { g() < h() }"),
    ],
)
def test_an_expression_that_would_mean_something_else_stays(language: str, text: str) -> None:
    found = rewrites(text, language, EXPRESSIONS)
    assert found <= {plain(text), plain(text).replace(" += 1", "++")}


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("c", "void f(){int a = 1, *b;}", "void f(){int a = 1; int *b; }"),
        ("c", "void f(){char *a = g();}", "void f(){char *a; a = g();}"),
        ("java", "class A { void f(){int a = g();} }", "class A { void f(){int a; a = g();} }"),
        ("javascript", "function f() { let a = g(); }", "function f() { let a; a = g(); }"),
        ("rust", "fn f() { let a: u8 = g(); }", "fn f() { let a: u8; a = g(); }"),
    ],
)
def test_a_declaration_is_split(language: str, before: str, after: str) -> None:
    assert rewrites(before, language, SPLITS) == {after}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("c", "void f(){int a[] = {1, 2};}"),
        ("c", "void f(){const int a = 1;}"),
        ("cpp", "void f(){auto a = g();}"),
        ("java", "class A { void f(){var a = g();} }"),
        ("javascript", "function f() { const a = g(); }"),
        ("javascript", "for (let i = 0; i < n; i++) g();"),
        ("rust", "fn f() { let Some(a) = g() else { return }; }"),
    ],
)
def test_a_declaration_that_needs_its_value_stays(language: str, text: str) -> None:
    assert rewrites(text, language, SPLITS) == {plain(text)}


# --- all together --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_everything_together_still_parses_and_where_there_are_rewrites_nothing_had_to_be_left_out(
    language: str,
) -> None:
    text = sample(language)
    [result] = disguised([source(text, language)], EVERYTHING)
    assert language not in ROWS or result.kept == ()
    before, after = errors(View.of(text.encode(), language)), errors(View.of(result.content, language))
    assert (after.n_errors, after.n_missing) <= (before.n_errors, before.n_missing)
    assert after.share <= before.share


def test_a_transformation_that_would_break_a_file_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disguise, "inserted", lambda view, *_: edited(view.content, [(0, 0, b"} } (")]))
    [result] = disguised([source("int f(void) { return 1; }\n", "c")], Strengths(insert=4))
    assert result.content == b"int f(void) { return 1; }\n"
    assert result.kept == ("insert",)


def test_nothing_asked_for_changes_nothing() -> None:
    text = sample("c")
    assert disguised([source(text, "c")], Strengths())[0].content.decode() == text


def test_the_mapping_says_where_each_function_went() -> None:
    text = "".join(f"int f{number}(int a) {{\n    return a + {number}{number};\n}}\n" for number in range(5))
    files = [source(text, "c", "a.c")]
    texts = disguised(files, Strengths(reorder=1.0, insert=1))
    found = disguise.mapping(texts, files, Strengths())["files"][0]
    lines = texts[0].content.decode().splitlines()
    assert len(found["units"]) == 5
    for unit in found["units"]:
        number = unit["name"][1:]
        span = unit["candidate"]
        part = "\n".join(lines[span["start_line"] - 1 : span["end_line"]])
        assert part.count("int f") == 1 and f"int f{number}(" in part and f"+ {number}{number};" in part
        assert unit["original"] == {"path": "a.c", "start_line": int(number) * 3 + 1, "end_line": int(number) * 3 + 3}


def test_merged_files_share_their_imports_and_keep_their_functions() -> None:
    files = [
        source(f'package p\nimport "fmt"\nfunc f{number}() {{\n\tfmt.Print({number})\n}}\n', "go", f"{number}.go")
        for number in range(6)
    ]
    [one] = disguised(files, Strengths(merge=True))
    text = one.content.decode()
    assert text.count("package p") == 1 and text.count('import "fmt"') == 1
    assert sorted(one.originals) == [f"{number}.go" for number in range(6)]
    for unit in one.units:
        assert unit.span is not None
        assert one.content[slice(*unit.span)].startswith(f"func {unit.name}()".encode())
    assert [len(text.originals) for text in disguised(files, Strengths(merge=True, group=2))] == [2, 2, 2]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    outputs = []
    for seed in ("1", "1", "2"):
        out = tmp_path / str(len(outputs))
        arguments = [str(LANGUAGE_SAMPLES / "c"), "-o", str(out), "--rename", "1", "--rewrite", "1", "--insert", "3"]
        result = CliRunner().invoke(disguise.main, [*arguments, "--seed", seed])
        assert result.exit_code == 0, result.output
        outputs.append((out / "tree" / "sample.c").read_bytes())
        assert json.loads((out / "mapping.json").read_text())["schema"] == disguise.MAPPING_SCHEMA
    assert outputs[0] == outputs[1] != outputs[2]
