"""Change order: functions within their scope, and neighbouring statements that do not depend on each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from tree_sitter import Node, QueryCursor

from disguises.blocks import statements
from disguises.places import PLACES
from simdetect.model import TokenRole
from simdetect.planting.disguise.pieces import Copy, Piece
from simdetect.planting.disguise.syntax import View, is_comment, leaves, walk

__all__ = ["reordered", "swapped"]

_MOVABLE = frozenset(("function", "method"))
_WRAPPERS = re.compile(
    r"^(lexical_declaration|variable_declaration|expression_statement|export_statement|decorated_definition"
    r"|template_declaration|variable_declarator|value_definition|linkage_specification)$"
)
# What stands before a function and belongs to it: moved along.
_ATTACHED = re.compile(r"^(attribute|attribute_item|attribute_list|signature|decorator|annotation|type_signature)$")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in a scope that holds a function with what belongs to it."""

    scope: tuple[int, int, str]
    name: str
    start: int
    end: int


def reordered(view: View, strength: float, rng: Random) -> list[Piece]:
    """Shuffle a share of the functions of each scope among their own places."""
    content = list[tuple[int, int, _Slot]]()
    for slots in _scopes(view):
        chosen = [slot for slot in slots if rng.random() < strength]
        content += [(slot.start, slot.end, other) for slot, other in zip(chosen, _shuffled(chosen, rng), strict=True)]
    return _exchanged(view, content)


def _exchanged(view: View, moves: Sequence[tuple[int, int, _Slot]]) -> list[Piece]:
    """Every place filled with what moves there, moves inside of it included."""
    by_start = sorted(moves, key=lambda move: (move[0], -move[1]))

    def filled(start: int, end: int) -> Iterator[Piece]:
        position = start
        inside = [
            move for move in by_start if start <= move[0] and move[1] <= end and (move[0], move[1]) != (start, end)
        ]
        for first, last, slot in inside:
            if first < position:
                continue
            yield Copy(position, first)
            yield from filled(slot.start, slot.end)
            position = last
        yield Copy(position, end)

    return list(filled(0, len(view.content)))


def _shuffled(slots: Sequence[_Slot], rng: Random) -> list[_Slot]:
    order = list(slots)
    rng.shuffle(order)
    if order == list(slots) and len(order) > 1:
        order = [*order[1:], order[0]]
    return order


def _scopes(view: View) -> list[list[_Slot]]:
    """Functions of each scope in order, those that overlap or share a name with their neighbour as one."""
    if view.grammar.units is None:
        return []
    cursor = QueryCursor(view.grammar.units)
    cursor.set_max_start_depth(view.grammar.spec.unit_depth)
    slots = dict[tuple[int, int, str], list[_Slot]]()
    for pattern, captures in cursor.matches(view.tree.root_node):
        kinds = view.grammar.unit_kinds  # the patterns after those find lists
        if pattern >= len(kinds) or kinds[pattern] not in _MOVABLE:
            continue
        slot = _slot(view, captures["unit"][0])
        if slot is not None:
            slots.setdefault(slot.scope, []).append(slot)
    return [_apart(sorted(set(group), key=lambda slot: (slot.start, slot.end))) for _, group in sorted(slots.items())]


def _slot(view: View, node: Node) -> _Slot | None:
    if node.has_error:
        return None
    name = node.child_by_field_name("name")
    while node.parent is not None and _WRAPPERS.match(node.parent.type) and node.parent.parent is not None:
        if sum(child.is_named and not is_comment(view, child) for child in node.parent.children) > 1 and (
            node.parent.type not in ("decorated_definition", "template_declaration")
        ):
            break
        node = node.parent
    if node.parent is None or node.parent.is_error:
        return None
    first = node
    while (before := first.prev_named_sibling) is not None and _belongs(view, before, first):
        first = before
    end = node.end_byte
    following = node.next_sibling
    if following is not None and following.type == ";" and following.start_byte == end:
        end = following.end_byte
    scope = node.parent.start_byte, node.parent.end_byte, node.parent.type
    return _Slot(scope, view.text(name).decode("utf-8", "replace") if name else "", first.start_byte, end)


def _belongs(view: View, before: Node, node: Node) -> bool:
    if _ATTACHED.match(before.type):
        return True
    # A comment on the lines directly above; one at the end of a line belongs to that line.
    gap = view.content[before.end_byte : node.start_byte]
    line = view.content[view.content.rfind(b"\n", 0, before.start_byte) + 1 : before.start_byte]
    return is_comment(view, before) and gap.count(b"\n") <= 1 and not line.strip()


def _apart(slots: Sequence[_Slot]) -> list[_Slot]:
    apart: list[_Slot] = []
    for slot in slots:
        last = apart[-1] if apart else None
        if last is not None and slot.start < last.end:
            apart[-1] = _Slot(last.scope, last.name, last.start, max(last.end, slot.end))
        else:
            apart.append(slot)
    return _clauses(apart)


def _clauses(slots: Sequence[_Slot]) -> list[_Slot]:
    """Clauses of one function that stand together stay together (Haskell, Elixir)."""
    together: list[_Slot] = []
    for slot in slots:
        last = together[-1] if together else None
        if last is not None and slot.name and slot.name == last.name:
            together[-1] = _Slot(last.scope, last.name, last.start, slot.end)
        else:
            together.append(slot)
    return together


# --- statements ----------------------------------------------------------------------------------------------------

_EFFECT = re.compile(
    r"call|invocation|macro|await|yield|new_expression|creation|throw|raise|channel|receive|unsafe|string"
)


def swapped(view: View, strength: float, rng: Random) -> list[Piece]:
    """Exchange neighbouring simple statements that share no name and of which one at least has no effect elsewhere."""
    row = PLACES.get(view.language)
    places: list[tuple[Node, Node]] = []
    for block in statements(view):
        taken = -1
        for one, two in pairwise(block):
            if one.start_byte < taken or not row or not {one.type, two.type} <= row.simple:
                continue
            if _independent(view, one, two) and rng.random() < strength:
                places.append((one, two))
                taken = two.end_byte
    pieces: list[Piece] = []
    position = 0
    for one, two in sorted(places, key=lambda place: place[0].start_byte):
        if one.start_byte < position:  # inside a statement that moves as a whole
            continue
        pieces += [
            Copy(position, one.start_byte),
            Copy(two.start_byte, two.end_byte),
            Copy(one.end_byte, two.start_byte),
            Copy(one.start_byte, one.end_byte),
        ]
        position = two.end_byte
    return [*pieces, Copy(position, len(view.content))]


def _independent(view: View, one: Node, two: Node) -> bool:
    if one.has_error or two.has_error or (_has_effect(one) and _has_effect(two)):
        return False
    return not (_names(view, one) & _names(view, two))


def _has_effect(node: Node) -> bool:
    return any(_EFFECT.search(inner.type) for inner in walk(node))


def _names(view: View, node: Node) -> set[bytes]:
    return {view.text(leaf) for leaf in leaves(view, node) if view.role(leaf) == TokenRole.NAME}
