"""Write what generators of parsers, scanners and gem specifications put out, for `build_known_texts.py`.

usage: python scripts/generator_outputs.py DOWNLOADS/generated

Grammars are small, so that little but the skeleton is there. Runs bison, byacc, flex, lemon, goyacc, racc and ruby,
those of them that are on the PATH, in the ways in which programs use them, and packs what each wrote into
`<tool>-output_<version>.tar.gz`.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

_RULES = """
%%
lines: %empty | lines line ;
line: '\\n' | expr '\\n' { } ;
expr: NUM { $$ = $1; } | expr '+' expr { $$ = $1 + $3; } | expr '*' expr { $$ = $1 * $3; }
    | '-' expr %prec NEG { $$ = -$2; } | '(' expr ')' { $$ = $2; } ;
%%
"""
_HEAD = "%{\n%}\n"
_TYPED = "%union { int n; }\n%token <n> NUM\n%type <n> expr\n%left '+'\n%left '*'\n%right NEG\n"
_PLAIN = "%token NUM\n%left '+'\n%left '*'\n%right NEG\n"
_VARIANT = "%token <int> NUM\n%type <int> expr\n%left '+'\n%left '*'\n%right NEG\n"
_YACC_RULES = _RULES.replace("%empty", "")
_BISON = {
    "plain": _PLAIN,
    "typed": _TYPED,
    "located": f"%locations\n%define parse.error verbose\n{_TYPED}",
    "pure": f"%define api.pure full\n%lex-param {{void *s}}\n%parse-param {{void *s}}\n%locations\n{_TYPED}",
    "detailed": f"%define parse.error detailed\n%define parse.lac full\n%define parse.trace\n{_TYPED}",
    "push": f"%define api.pure full\n%define api.push-pull both\n{_TYPED}",
    "glr": f"%glr-parser\n%locations\n%define parse.error verbose\n{_TYPED}",
    "cxx": f'%skeleton "lalr1.cc"\n%locations\n%define parse.error verbose\n{_TYPED}',
    "variant": f'%skeleton "lalr1.cc"\n%define api.value.type variant\n%define api.token.constructor\n%locations\n'
    f"%define parse.trace\n{_VARIANT}",
    "java": '%language "Java"\n%define parse.error verbose\n%locations\n' + _VARIANT.replace("<int>", "<Integer>"),
}
_BISON_WAYS = {
    "java": [],
    "cxx": ["-d", "-o", "cxx.tab.cc"],
    "variant": ["-d", "-o", "variant.tab.cc"],
}
_SCANNER_RULES = """
%x QUOTED
%%
[0-9]+      { return 1; }
[a-z]+      { return 2; }
\\"          { BEGIN(QUOTED); }
<QUOTED>\\"  { BEGIN(INITIAL); }
<QUOTED>.|\\n { }
[ \\t\\n]+    { }
.           { return yytext[0]; }
<<EOF>>     { return 0; }
%%
"""
_FLEX = {
    "plain": "",
    "usual": "%option noyywrap yylineno nounput noinput\n",
    "reentrant": "%option reentrant bison-bridge bison-locations noyywrap yylineno stack\n",
    "rejecting": "%option noyywrap stack debug interactive\n",
    "fast": "%option noyywrap full 8bit\n",
    "cxx": "%option c++ noyywrap yylineno stack\n",
}
_LEMON = """
%token_type { int }
%left PLUS.
%left TIMES.
program ::= expr(A). { (void)A; }
expr(A) ::= expr(B) PLUS expr(C). { A = B + C; }
expr(A) ::= expr(B) TIMES expr(C). { A = B * C; }
expr(A) ::= NUM(B). { A = B; }
"""
_LEMON_MORE = (
    "%extra_argument { void *s }\n%syntax_error { }\n%parse_failure { }\n%stack_overflow { }\n%fallback NUM WORD.\n"
)
_GO = "%{\npackage main\n%}\n%union { n int }\n%token <n> NUM\n%type <n> expr\n%left '+'\n%left '*'\n%right NEG\n"
_TEMPLATE = Path(shutil.which("lemon") or "/").parent.parent / "share/lemon/lempar.c"
# What `gem install` and `bundle gem` write.
_STUBS = """
require "rubygems"
%w[1.2.3 0.4.0.pre].each do |version|
  spec = Gem::Specification.new do |s|
    s.name, s.version, s.summary, s.authors = "calc", version, "Adds", ["A", "B"]
    s.description, s.email, s.homepage, s.licenses = "Adds up", ["a@b"], "https://b", ["MIT"]
    s.files, s.executables, s.bindir, s.require_paths = ["lib/calc.rb"], ["calc"], "exe", ["lib"]
    s.extra_rdoc_files, s.rdoc_options, s.extensions = ["README"], ["--main", "README"], ["ext/extconf.rb"]
    s.required_ruby_version, s.metadata = ">= 2.5", {"source_code_uri" => "https://b", "changelog_uri" => "https://b"}
    s.add_runtime_dependency "x", "~> 1.0"
    s.add_runtime_dependency "y", ">= 1", "< 3"
    s.add_development_dependency "z", "~> 1.0"
  end
  spec.installed_by_version = Gem::VERSION
  File.write("calc-#{version}.gemspec", spec.to_ruby)
  File.write("cached-#{version}.gemspec", spec.to_ruby_for_cache)
end
"""
_RACC = "class Calc\n prechigh\n  left '*'\n  left '+'\n preclow\nrule\n expr: expr '+' expr { result = val[0] }\n" + (
    " | expr '*' expr { result = val[0] }\n | '(' expr ')' { result = val[1] }\n | NUM\nend\n"
)
_RUNS: dict[str, tuple[str, list[tuple[str, str, list[str]]]]] = {
    "bison": (
        "bison",
        [(f"{n}.y", (_HEAD * (n != "java")) + t + _RULES, _BISON_WAYS.get(n, ["-d"])) for n, t in _BISON.items()],
    ),
    "byacc": (
        "byacc",
        [("plain.y", _HEAD + _PLAIN + _YACC_RULES, ["-d"]), ("typed.y", _HEAD + _TYPED + _YACC_RULES, ["-d"]),
         ("pure.y", f"{_HEAD}%pure-parser\n%parse-param {{void *s}}\n{_TYPED}{_YACC_RULES}", ["-d", "-L"])],
    ),
    "flex": (
        "flex",
        [(f"{n}.l", t + _SCANNER_RULES, ["-o", f"{n}.yy.{'cc' if n == 'cxx' else 'c'}"]) for n, t in _FLEX.items()],
    ),
    "lemon": (
        "lemon", [(n, t + _LEMON, [f"-T{_TEMPLATE}"]) for n, t in (("plain.y", ""), ("more.y", _LEMON_MORE))]
    ),
    "goyacc": ("goyacc", [("plain.y", _GO + _YACC_RULES, ["-o", "plain.go"])]),
    "rubygems": ("ruby", [("stubs.rb", _STUBS, [])]),
    "racc": ("racc", [("plain.y", _RACC, []), ("embedded.y", _RACC, ["-E"])]),
}  # fmt: skip


def _version(tool: str) -> str:
    said = subprocess.run(
        [tool, "-V" if tool in ("byacc",) else "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\d{1,8}(?:\.\d+)*", said.stdout + said.stderr)
    return found[0] if found else "0"


def _put_out(tool: str, runs: list[tuple[str, str, list[str]]], folder: Path) -> list[Path]:
    for name, grammar, arguments in runs:
        (work := folder / name.partition(".")[0]).mkdir()
        (work / name).write_text(grammar)
        done = subprocess.run([tool, *arguments, name], cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{tool} {name}: {done.stderr[:300]}", file=sys.stderr)
        (work / name).unlink()
    return sorted(path for path in folder.rglob("*") if path.suffix not in (".out", ".output") and path.is_file())


def _pack(paths: list[Path], folder: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in paths:
            member = tarfile.TarInfo(f"output/{path.relative_to(folder)}")
            member.size = path.stat().st_size
            tar.addfile(member, io.BytesIO(path.read_bytes()))
    return gzip.compress(packed.getvalue(), mtime=0)


def main(output: Path) -> None:
    """Write the archives."""
    for family, (tool, runs) in _RUNS.items():
        if shutil.which(tool) is None:
            print(f"no {tool}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as name:
            paths = _put_out(tool, runs, Path(name))
            (output / f"{family}-output_{_version(tool)}.tar.gz").write_bytes(_pack(paths, Path(name)))
            print(family, _version(tool), *(path.relative_to(name) for path in paths))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
