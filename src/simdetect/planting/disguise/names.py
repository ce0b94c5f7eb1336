"""Rename identifiers: one map for a whole tree, of names that the tree defines itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import reduce
from operator import or_
from random import Random

from tree_sitter import Node

from simdetect.model import TokenRole
from simdetect.planting.disguise.pieces import Piece, edited
from simdetect.planting.disguise.rows import words
from simdetect.planting.disguise.syntax import View, leaves, walk

__all__ = ["Names", "names_in", "new_names", "renamed", "renaming"]

_PARENT = re.compile(
    r"declar|definition|_item$|specifier$|_spec$|parameter|variant|enumerator|pattern|let_|class|interface|method"
    r"|^for_|range_clause|assignment|binding|namespace_definition|preproc_def|preproc_function_def|named_expression|catch|labeled|property|field"
)
_FIELDS = frozenset(("name", "declarator", "pattern", "left", "parameter", "parameters", "alias", "label"))
_LISTS = re.compile(r"^(parameters|formal_parameters|lambda_parameters|closure_parameters|variable_list|pattern_list)$")
_USES = re.compile(
    r"import|^use_|include|call|invocation|keyword_argument|scoped|qualified|attribute|package|member_expression|type_arguments"
    r"|instance|annotation|field_expression|selector_expression|field_access|subscript|export_specifier|namespace_alias"
)
# `this.rows = 1` defines rows, where languages do not declare members.
_MEMBERS = frozenset(("member_expression", "attribute"))
_ALWAYS = frozenset(b"main std self cls this super _ args kwargs".split())
_DUNDER = re.compile(rb"^__\w+__$|^_+$")
_WORD = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
_STEMS = tuple(
    sorted(
        words(
            "item part slot node entry bucket frame chunk block piece cell token unit group batch range scope",
            "stage phase step cursor marker anchor handle holder keeper carrier vessel worker runner driver",
            "helper agent broker router finder seeker count total amount volume level depth width extent limit",
            "bound offset shift delta stride span gap ratio factor weight fetch obtain derive resolve compute",
            "assemble compose gather collect merge split divide reduce expand convert transform adjust refresh",
            "update apply commit revert discard erase clear reset restore insert attach detach connect release",
            "first last prior next outer inner upper lower left right front back source target origin result",
            "outcome answer reply state status mode kind sort style form shape layout pattern schema record",
            "detail summary digest trace report notice ready valid active pending closed hidden visible shared",
            "local remote global partial whole empty full spare extra",
        )
    )
)
_SHORT = tuple(
    sorted(
        words(
            "k p q r t u v w z e h j m g b d",
        )
    )
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of files. defined: in them; units: functions and types of these. imported: from elsewhere. taken: all of
    them. keep: what a language or everybody calls so."""

    defined: frozenset[bytes] = frozenset()
    units: frozenset[bytes] = frozenset()
    imported: frozenset[bytes] = frozenset()
    taken: frozenset[bytes] = frozenset()
    keep: frozenset[bytes] = _ALWAYS

    def __or__(self, other: Names) -> Names:
        return Names(*(getattr(self, own.name) | getattr(other, own.name) for own in fields(self)))


def new_names(views: Iterable[View], strength: float, rng: Random) -> dict[bytes, bytes]:
    """What each name becomes: a share of the names that the tree defines and no import brings in."""
    return renaming(reduce(or_, map(names_in, views), Names()), strength, rng)


def renaming(names: Names, strength: float, rng: Random) -> dict[bytes, bytes]:
    """What names become: a share of those that are defined and not brought in by an import."""
    chosen = sorted(names.defined - names.keep - (names.imported - names.units))
    chosen = [name for name in chosen if not _DUNDER.match(name) and rng.random() < strength]
    return dict(_made(chosen, set(names.taken | names.keep), rng))


def names_in(view: View) -> Names:
    """The names of one file."""
    defined, units, imported, taken = set[bytes](), set[bytes](), set[bytes](), set[bytes]()
    _collect(view, defined, units, imported, taken)
    spec = view.grammar.spec
    words = {*(view.row.keep if view.row else ()), *spec.keywords, *spec.values, *view.grammar.words}
    keep = _ALWAYS | {word.encode() for word in words}
    return Names(frozenset(defined), frozenset(units), frozenset(imported), frozenset(taken), keep)


def _collect(view: View, defined: set[bytes], units: set[bytes], imported: set[bytes], taken: set[bytes]) -> None:
    for node in walk(view.tree.root_node):
        if node.child_count or view.role(node) != TokenRole.NAME:
            continue
        text = view.text(node)
        if not _IDENTIFIER.fullmatch(text):
            continue
        taken.add(text)
        if _is_import(node):
            imported.add(text)
        elif _defines(node):
            defined.add(text)
            if node.parent is not None and _UNIT.search(node.parent.type):
                units.add(text)


_UNIT = re.compile(r"function|method|class|struct|enum|trait|interface|type_|_item$|preproc_def|namespace")


def _is_import(node: Node) -> bool:
    above: Node | None = node.parent
    for _ in range(4):
        if above is None:
            return False
        if re.search(r"^(import|use_|using|package_clause|package_decl|extern_crate)", above.type):
            return True
        above = above.parent
    return False


def _defines(node: Node) -> bool:
    """Whether a leaf stands where its language defines names."""
    parent = node.parent
    if parent is not None and parent.type in _MEMBERS and _field(node) in ("property", "attribute"):
        return _field(parent) == "left" and _is_assignment(parent.parent)
    if parent is None or _USES.search(parent.type):
        return False
    if _LISTS.match(parent.type):
        return True
    if parent.type == "expression_list" and parent.parent is not None:
        return _field(parent) == "left"
    if parent.type.endswith("_specifier") and parent.child_by_field_name("body") is None:
        return False
    return _field(node) in _FIELDS and bool(_PARENT.search(parent.type))


def _is_assignment(node: Node | None) -> bool:
    return node is not None and node.type in ("assignment", "assignment_expression")


def _field(node: Node) -> str | None:
    parent = node.parent
    if parent is None:
        return None
    # A field may have several children (`a, b int`): compare spans, not the first child.
    for index in range(parent.child_count):
        child = parent.child(index)
        if child is not None and child.start_byte == node.start_byte and child.end_byte == node.end_byte:
            return parent.field_name_for_child(index)
    return None


def _made(names: list[bytes], taken: set[bytes], rng: Random) -> Iterator[tuple[bytes, bytes]]:
    used = set(taken)
    for name in names:
        new = _other(name, rng)
        n_tries = 0
        while new in used:
            n_tries += 1
            new = _other(name, rng)
            if n_tries > 4:  # the stems are taken: one more
                new += (b"_" if new.islower() else b"") + rng.choice(_STEMS).encode()
        used.add(new)
        yield name, new


def _other(name: bytes, rng: Random) -> bytes:
    """A name with as many words, in the same case style; leading underscores stay."""
    body = name.lstrip(b"_")
    lead = name[: len(name) - len(body)]
    words = _WORD.findall(body) or [body]
    if len(body) <= 2 and len(words) == 1:
        short = rng.choice(_SHORT)
        return lead + (short.upper() if body.isupper() else short).encode()
    stems = [rng.choice(_STEMS) for _ in words[:3]]
    if b"_" in body or body.islower() or body.isupper():
        made = "_".join(stems)
        made = made.upper() if body.isupper() else made
        return lead + (made[:1].upper() + made[1:] if body[:1].isupper() else made).encode()
    made = "".join(stem.capitalize() for stem in stems)
    return lead + (made if body[:1].isupper() else made[:1].lower() + made[1:]).encode()


def renamed(view: View, names: Mapping[bytes, bytes]) -> list[Piece]:
    """Replace names at every leaf that is one, and inside code that the grammar does not look into (C macros)."""
    edits = []
    for leaf in leaves(view):
        if view.grammar.is_opaque[leaf.kind_id]:
            text = view.text(leaf)
            new = _IDENTIFIER.sub(lambda found: names.get(found[0], found[0]), text)
            if new != text:
                edits.append((leaf.start_byte, leaf.end_byte, new))
        elif view.role(leaf) == TokenRole.NAME and (other := names.get(view.text(leaf))) is not None:
            edits.append((leaf.start_byte, leaf.end_byte, other))
    return edited(view.content, edits)
