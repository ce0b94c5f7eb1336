"""What every row of the language table promises, checked on fixtures/languages/<name>/sample.<ext>."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from simdetect.languages import LANGUAGES, spec_of
from simdetect.languages.grammar import grammar_version, load_grammar
from simdetect.model import TokenRole, TokenStream
from simdetect.tokens.lexical import lexical_streams
from tests.languages.samples import golden_path, render, sample_path, stream_of, texts

every_language = pytest.mark.parametrize("language", sorted(LANGUAGES))

# Languages in which a line break may stand wherever a space may.
FREE_FORM = {
    "c",
    "cpp",
    "objc",
    "rust",
    "java",
    "c-sharp",
    "php",
    "dart",
    "zig",
    "perl",
    "ocaml",
    "ocaml-interface",
    "sql",
    "pascal",
    "nix",
}
# Units that must be found, by name; the golden files hold all of them.
UNITS = {
    "bash": "fail prune backup",
    "c": "CLAMP sample ring_t ring_push ring_name",
    "c-sharp": "Setting Accepts ISource Kind Point Add",
    "cpp": "Shape ~Shape sides Box area total next",
    "dart": "Event compareTo Sink Level EventQueue add next describe",
    "elixir": "Example.Account start_link deposit check twice parse",
    "fortran": "statistics running_mean update average",
    "go": "Job Queue Push best",
    "haskell": "Expr Scope Pretty pretty limit evaluate depth'",
    "java": "Cache get weigh Policy Weigher",
    "javascript": "Limiter constructor allow parse render exports.load",
    "julia": "Polynomials Polynomial evaluate degree describe twice",
    "kotlin": "Line Discount apply Defaults Order add describe largest",
    "lua": "Deque.new Deque:push sum Deque.describe clear",
    "nix": "mkLine render total",
    "objc": "Counter increase titles lowest",
    "ocaml": "t result limit mem insert Counter next describe stack push ratio",
    "ocaml-interface": "t result entry limit mem insert Counter next ORDERED Make add",
    "pascal": "TNameList TNameList.Add TNameList.Clear",
    "perl": "Example::Log new parse report",
    "php": "Route __construct match Matcher dispatch",
    "powershell": "Finding Describe Get-LargeFile Format-Size",
    "python": "Fault describe check watch",
    "ruby": "Words Counter initialize add load top",
    "rust": "Entry Order entry new grow count",
    "scala": "Tree Leaf size Node insert describe",
    "sql": "orders totals orders_customer add_tax",
    "swift": "StackError Container peek Stack push describe Timer init",
    "tsx": "Task Props Row TaskList Page render",
    "typescript": "Entry Listener Reason Store constructor get put describe isEmpty",
    "zig": "Buffer append Color sum main",
}
# Replacements that change what the code does; those whose first text occurs in a sample are tried.
SWAPS = [
    ("+", "-"),
    ("-", "+"),
    ("*", "/"),
    ("<", ">"),
    (">", "<"),
    ("==", "!="),
    ("&&", "||"),
    ("-gt", "-lt"),
    ("-ne", "-eq"),
    ("and", "or"),
    ("or", "and"),
    ("->", "=>"),
    (":", "="),
]
MIN_LEXICAL_SHARE = {"bash": 0.05}


def load(language: str) -> tuple[bytes, TokenStream]:
    content = sample_path(language).read_bytes()
    return content, stream_of(content, language)


@every_language
def test_the_grammar_loads_and_has_a_version(language: str) -> None:
    grammar = load_grammar(language)
    assert grammar is not None
    assert grammar.units is not None
    assert grammar_version(grammar.spec)


@every_language
def test_the_row_is_found_by_name_and_its_extensions_are_lower_case(language: str) -> None:
    spec = spec_of(language)
    assert spec.name == language
    assert all(extension == extension.lower() and extension.startswith(".") for extension in spec.extensions)


@every_language
def test_the_token_stream_of_the_sample_is_pinned(language: str) -> None:
    content, stream = load(language)
    assert render(content, stream) == golden_path(language).read_text(encoding="utf-8"), (
        "run scripts/update_language_goldens.py and review the difference"
    )


@every_language
def test_the_sample_parses_without_errors(language: str) -> None:
    assert load(language)[1].error_share == 0


@every_language
def test_comments_are_kept_beside_the_code(language: str) -> None:
    content, stream = load(language)
    assert len(stream.comment) >= 2
    for start, end in zip(stream.comment_start, stream.comment_end, strict=True):
        inside = (stream.start >= start) & (stream.start < end)
        assert not inside.any(), content[start:end]
    without = content
    for start, end in sorted(
        zip(stream.comment_start.tolist(), stream.comment_end.tolist(), strict=True), reverse=True
    ):
        if b"\n=" not in without[start - 1 : end + 5]:  # Perl's and Ruby's blocks need their own lines
            without = without[:start] + without[end:]
    assert stream_of(without, language).normal.tolist() == stream.normal.tolist()


@every_language
def test_renaming_every_identifier_changes_only_the_exact_stream(language: str) -> None:
    content, stream = load(language)
    renamed = stream_of(rename(content, stream), language)
    assert renamed.normal.tolist() == stream.normal.tolist()
    for text, role, old, new in zip(texts(content, stream), stream.role, stream.exact, renamed.exact, strict=True):
        assert (old != new) == (role == TokenRole.NAME and re.search(rb"[A-Za-z]", text) is not None), text


@every_language
def test_reformatting_changes_neither_stream(language: str) -> None:
    content, stream = load(language)
    reformatted = reformat(content, stream, free_form=language in FREE_FORM)
    assert reformatted != content
    again = stream_of(reformatted, language)
    assert again.normal.tolist() == stream.normal.tolist()
    assert again.exact.tolist() == stream.exact.tolist()


@every_language
def test_operators_stay_distinct(language: str) -> None:
    content, stream = load(language)
    tried = 0
    for old, new in SWAPS:
        at = [i for i, text in enumerate(texts(content, stream)) if text == old.encode() and stream.role[i] == 0]
        if at:
            start, end = int(stream.start[at[-1]]), int(stream.end[at[-1]])
            changed = stream_of(content[:start] + new.encode() + content[end:], language)
            assert changed.normal.tolist() != stream.normal.tolist(), (old, new)
            tried += 1
    assert tried >= 2


@every_language
def test_keywords_and_operators_have_as_many_symbols_as_texts(language: str) -> None:
    content, stream = load(language)
    pairs = {
        (text.lower() if LANGUAGES[language].fold_case else text, int(symbol))
        for text, symbol, role in zip(texts(content, stream), stream.normal, stream.role, strict=True)
        if role == TokenRole.SYNTAX
    }
    assert len(pairs) == len({text for text, _ in pairs}) == len({symbol for _, symbol in pairs}) > 8


@every_language
def test_functions_and_types_are_found_as_units_with_names(language: str) -> None:
    content, stream = load(language)
    names = set(UNITS[language].split())
    assert names <= set(stream.units.name), names - set(stream.units.name)
    for name, start, end in zip(stream.units.name, stream.units.start, stream.units.end, strict=True):
        text = content[stream.start[start] : stream.end[end - 1]].decode()
        assert name in text


@every_language
def test_strings_are_one_token_each(language: str) -> None:
    content, stream = load(language)
    strings = [text for text, role in zip(texts(content, stream), stream.role, strict=True) if role == TokenRole.STRING]
    assert strings
    if load_grammar(language).interpolates:  # type: ignore[union-attr]
        return
    for text in strings:
        assert text[:1] not in b"\"'" or text[:1] == text[-1:], text


@every_language
def test_numbers_are_numbers(language: str) -> None:
    content, stream = load(language)
    for text, role in zip(texts(content, stream), stream.role, strict=True):
        if re.fullmatch(rb"\d[\d.]*", text) and language not in ("bash", "perl"):  # there $1 is a name
            assert role == TokenRole.NUMBER, text
    assert language == "ocaml-interface" or (stream.role == TokenRole.NUMBER).any()


@every_language
def test_lexical_tokens_share_k_grams_with_the_parsed_stream(language: str) -> None:
    content, stream = load(language)
    lexical = lexical_streams([content], language, "no tree")[0]
    assert lexical.degraded == "no tree"
    parsed, other = k_grams(stream.normal), k_grams(lexical.normal)
    share = (parsed & other).total() / max(parsed.total(), other.total())
    assert share >= MIN_LEXICAL_SHARE.get(language, 0.3)


def k_grams(symbols: np.ndarray, k: int = 8) -> Counter[tuple[int, ...]]:
    values = symbols.tolist()
    return Counter(tuple(values[i : i + k]) for i in range(len(values) - k + 1))


def rename(content: bytes, stream: TokenStream) -> bytes:
    """Each name gets a suffix, the same everywhere; signs around it ($x, :x, x:, 'a) stay."""
    for start, end, role in reversed(list(zip(stream.start, stream.end, stream.role, strict=True))):
        if role == TokenRole.NAME:
            content = content[:start] + re.sub(rb"([A-Za-z]\w*)", rb"\1zq", content[start:end]) + content[end:]
    return content


def reformat(content: bytes, stream: TokenStream, *, free_form: bool) -> bytes:
    """Double all white space between tokens, line breaks included; in free-form code break after some commas."""
    marks = sorted(
        [
            *zip(stream.start.tolist(), stream.end.tolist(), strict=True),
            *zip(stream.comment_start.tolist(), stream.comment_end.tolist(), strict=True),
        ]
    )
    out, at = [], 0
    for start, end in marks:
        out.append(_wider(content[at:start], content[:at], free_form))
        out.append(content[start:end])
        at = end
    return b"".join(out) + content[at:]


def _wider(gap: bytes, before: bytes, free_form: bool) -> bytes:
    if gap.strip(b" \t\n"):
        return gap
    line = before[before.rfind(b"\n") + 1 :]
    if b"\n" not in gap:
        is_directive = line.lstrip().startswith(b"#")
        return b"\n        " if free_form and gap and line.endswith(b",") and not is_directive else gap * 2
    breaks, indent = gap.rsplit(b"\n", 1)
    return breaks + b"\n\n" + indent * 2
