"""Strings that swallow code: fences, prose and quotes too many, in every language."""

from __future__ import annotations

from collections import Counter

import pytest

from simdetect.languages import LANGUAGES, spec_of
from simdetect.model import TokenStream
from simdetect.tokens.analyse import Batch, analyse
from simdetect.tokens.columns import with_line_comments
from simdetect.tokens.fences import without_fences
from simdetect.tokens.lexical import lexical_streams
from tests.languages.samples import sample_path, stream_of, texts

PROSE = b"Here's the implementation you asked for. It doesn't use any library:\n\n"
# What swallows the rest of a file, where it is not a quote that is never closed.
SWALLOWING = {
    "bash": b"x = 'never closed\n",
    "c-sharp": b'x = """never closed\n',
    "cpp": b'x = R"(never closed\n',
    "dart": b'x = """never closed\n',
    "elixir": b"x = 'never closed\n",
    "go": b"x = `never closed\n",
    "haskell": b"{- never closed\n",
    "javascript": b"x = `never closed\n",
    "julia": b'x = """never closed\n',
    "kotlin": b'val a = $$"""x $y"""\nval b = $$"cost $5"\n',
    "lua": b"Here's the code:\n",
    "nix": b'x = "never closed\n',
    "ocaml": b"(* never closed\n",
    "ocaml-interface": b"(* never closed\n",
    "python": b'x = """never closed\n',
    "ruby": b"x = <<~A\n  #{<<~B}\n  b\n  B\nA\ny = <<~MISSING\n",
    "scala": b'x = """never closed\n',
    "swift": b'x = """never closed\n',
    "tsx": b"x = `never closed\n",
    "typescript": b"x = `never closed\n",
}
every_language = pytest.mark.parametrize("language", sorted(LANGUAGES))


def stream(content: bytes, language: str) -> TokenStream:
    """As a worker makes it."""
    return analyse(Batch(language, [content], 23, 8))[0][0]


def kept(content: bytes, language: str, code: bytes) -> float:
    """The share of the code's tokens that are left when it stands in a content."""
    wanted = Counter(stream_of(code, language).normal.tolist())
    return (Counter(stream(content, language).normal.tolist()) & wanted).total() / wanted.total()


@every_language
@pytest.mark.parametrize("before", [b"", PROSE])
def test_code_in_a_fence_is_code(language: str, before: bytes) -> None:
    code = sample_path(language).read_bytes()
    fenced = (
        before + b"```" + language.encode() + b"\n" + code + b"```\n" + (b"\nIt isn't tested.\n" if before else b"")
    )
    assert kept(fenced, language, code) >= 0.85


@every_language
def test_prose_before_code_does_not_swallow_it(language: str) -> None:
    code = sample_path(language).read_bytes()
    assert kept(PROSE + code, language, code) >= 0.85


@every_language
def test_a_string_that_takes_the_file_is_no_string(language: str) -> None:
    code = sample_path(language).read_bytes()
    assert kept(SWALLOWING.get(language, b'x = "never closed\n') + code, language, code) >= 0.65


@pytest.mark.parametrize(
    "before",
    [
        b'val price = $$"cost $5"\nval text = $$"""a "quoted" $b"""\n',
        b"class A {\n  val items: List<String>\n    field = mutableListOf()\n}\n",
        b'context(log: Logger)\nfun f() { log.info("it\'s done") }\n',
    ],
)
def test_kotlin_that_is_newer_than_its_grammar_is_compared(before: bytes) -> None:
    code = sample_path("kotlin").read_bytes()
    assert kept(before + code, "kotlin", code) >= 0.9


@every_language
def test_a_sample_itself_is_believed(language: str) -> None:
    code = sample_path(language).read_bytes()
    assert stream(code, language).degraded is None


@pytest.mark.parametrize("language", ["ruby", "kotlin", "lua"])
def test_a_swallowed_file_says_so(language: str) -> None:
    code = sample_path(language).read_bytes()
    found = stream(SWALLOWING[language] + code, language)
    assert (found.degraded or "").startswith(("swallowed: ", "errors: "))


@pytest.mark.parametrize(
    ("language", "content"),
    [
        (
            "python",
            b'def f():\n    """' + b"Words about what it does, if any, for all and not in vain.\n" * 30 + b'"""\n',
        ),
        (
            "bash",
            b"usage() {\ncat <<EOF\n" + b"  --all   do it for all files in the folder, if any\n" * 30 + b"EOF\n}\n",
        ),
        ("bash", b"cat > x.c <<'END'\n" + b"if (a) { for (;;) return b; }\n" * 30 + b"END\n"),
        ("go", b"package a\n\nvar page = `" + b'{"name": "a", "rows": [1, 2, 3]},\n' * 30 + b"`\n"),
        ("ruby", b"x = <<~SQL\n" + b"  select a, b from c where d in (1, 2) and e = 'f'\n" * 30 + b"SQL\nputs x\n"),
        ("php", b"<?php f(); ?>\n" + b"<tr><td class='a'>for all</td></tr>\n" * 30 + b"<?php g(); ?>\n"),
        ("nix", b"{ a }: {\n b = ''\n" + b"  for i in x; do echo ${a} > y; done\n" * 30 + b"'';\n}\n"),
        ("perl", b"package A;\nsub f { return 1 }\n1;\n__END__\n\n=head1 NAME\n\n" + b"my $x = A->new(b => 1);\n" * 30),
        ("c", b"/* for (i = 0; i < n; i++) { a[i] = b; }\n" + b"   if (a) { return b; }\n" * 30 + b"*/\nint a;\n"),
    ],
)
def test_long_texts_are_believed(language: str, content: bytes) -> None:
    assert stream(content, language).degraded is None


def test_a_fence_becomes_as_many_blanks() -> None:
    content = b'~~~ c\nint a;\n~~~\n  ```\nchar *s = "```";\n'
    assert without_fences(content) == b'     \nint a;\n   \n     \nchar *s = "```";\n'


def test_a_string_that_never_ends_takes_one_line_in_a_language_without_a_grammar() -> None:
    content = b"def a = '''never closed\n" + b"int b = c(1)\n" * 50
    found = lexical_streams([content], "groovy", "no-grammar")[0]
    assert texts(content, found)[3:7] == [b"'''never closed", b"int", b"b", b"="]


def test_hostile_strings_take_linear_time() -> None:
    """Each line opens a string that would take the rest of the file."""
    content = b'x = """ if (a) { return b; } for (;;) while\n' * 20_000
    assert len(lexical_streams([content], "python", "test", is_careful=True)[0]) >= 20_000


FIXED = b"""C     Adds what stands in a row; don't call it twice.
c     calls nothing
*     (x, y) = "never closed
      SUBROUTINE TOTAL(A, N, S)
      REAL A(N), S
      DO 10 I = 1, N
   10 S = S + A(I)
      END
"""


def test_a_letter_in_column_one_begins_a_comment_in_fixed_form() -> None:
    found = stream(FIXED, "fortran")
    assert len(found.comment) == 3
    assert texts(FIXED, found)[:2] == [b"SUBROUTINE", b"TOTAL"]


def test_a_call_in_column_one_of_free_form_is_code() -> None:
    free = b"program a\ncall b(1)\ncontains\nend program\n"
    assert b"call" in texts(free, stream(free, "fortran"))
    assert with_line_comments(FIXED, spec_of("c")) == FIXED
