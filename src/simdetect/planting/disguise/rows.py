"""One row for each language that has rewrites: how it writes what they need."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ROWS", "Row", "words"]


@dataclass(frozen=True, slots=True)
class Row:
    """How one language writes what the rewrites need.

    parens: conditions stand in parentheses. negate: what precedes a negated operand. init, update: fields of a loop.
    joins: a line may be continued after ";" and "{", and "{" may stand on a line of its own.
    layout: indentation is syntax. loop: the word of a loop with a condition only. docstrings: strings by themselves are
    documentation. in_place: assignments that change an object, not only a variable. keep: names that others define.
    """

    parens: bool = True
    negate: bytes = b"!("
    init: str = "initializer"
    update: str = "update"
    loop: bytes = b"while"
    in_place: frozenset[bytes] = frozenset()
    docstrings: bool = False
    joins: bool = True
    layout: bool = False
    keep: frozenset[str] = frozenset()


def words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_C = Row()
_JAVA = Row(
    init="init",
    keep=words(
        "toString equals hashCode compareTo compare run call close get set accept apply test iterator hasNext next",
        "length size add remove valueOf of main String Object Override",
    ),
)
_JS = Row(
    update="increment",
    joins=False,
    keep=words(
        "constructor prototype exports module require default length push get set then catch toString undefined"
    ),
)
_GO = Row(
    parens=False,
    loop=b"for",
    joins=False,
    keep=words("init error string Error String Read Write Close Len Less Swap iota nil len cap append make new copy"),
)
_RUST = Row(
    parens=False,
    keep=words(
        "new fmt from into default clone next iter deref drop eq cmp hash partial_cmp len push as_str Some None Ok Err",
        "Self",
        "to_string unwrap Result Option String Vec Box u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 bool char str",
    ),
)
_PYTHON = Row(
    parens=False,
    negate=b"not (",
    in_place=frozenset((b"+=", b"|=")),
    docstrings=True,
    joins=False,
    layout=True,
    keep=words("self cls args kwargs setUp tearDown append get items keys values join format split write read close"),
)

ROWS: dict[str, Row] = {
    "c": _C,
    "cpp": Row(
        keep=words("begin end size push_back std string vector iterator const_iterator value_type swap data c_str"),
    ),
    "java": _JAVA,
    "javascript": _JS,
    "typescript": _JS,
    "tsx": _JS,
    "go": _GO,
    "rust": _RUST,
    "python": _PYTHON,
}
