"""Rewrites of loops, conditions and assignments: rules by node kind, one table for each language.

A rule gets a node and returns what to write in its place: text, nodes that are rewritten in turn, or None where it does
not apply. Rules keep what a program does as far as syntax shows it; types are not known (`x != y` for floats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tree_sitter import Node

from disguises.pieces import Copy, Piece
from disguises.syntax import View, indentation, is_comment, walk, words

__all__ = ["EXPRESSIONS", "SPLITS", "STATEMENTS", "rewritten"]


@dataclass(frozen=True, slots=True)
class As:
    """A node as it is; its children are rewritten."""

    node: Node


@dataclass(frozen=True, slots=True)
class Inner:
    """What stands between the braces of a block."""

    block: Node


@dataclass(frozen=True, slots=True)
class Gap:
    """White space and comments from one byte to another."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Deeper:
    """Parts of which every line is indented by a step more."""

    parts: Sequence[Part]
    step: bytes


Part = bytes | Node | As | Inner | Gap | Deeper
Rule = Callable[[View, Node], list[Part] | None]
Rules = Mapping[str, Sequence[Rule]]


def rewritten(view: View, tables: Mapping[str, Rules], strength: float, rng: Random) -> list[Piece]:
    """Apply one applicable rule, chosen at random, at a share of the nodes that have any."""
    writer = _Writer(view, tables.get(view.language, {}), strength, rng)
    root = view.tree.root_node
    writer.out.append(Copy(0, root.start_byte))
    writer.node(root)
    writer.out.append(Copy(root.end_byte, len(view.content)))
    return writer.out


class _Writer:
    def __init__(self, view: View, rules: Rules, strength: float, rng: Random) -> None:
        self.view, self.rules, self.strength, self.rng = view, rules, strength, rng
        self.out: list[Piece] = []
        self.step = b""

    def node(self, node: Node) -> None:
        rules = self.rules.get(node.type)
        if rules and not node.has_error and self.rng.random() < self.strength:
            for rule in self.rng.sample(rules, len(rules)):
                parts = rule(self.view, node)
                if parts is not None:
                    self.parts(parts)
                    return
        self.plain(node)

    def plain(self, node: Node) -> None:
        if not node.child_count:
            self.out.append(Copy(node.start_byte, node.end_byte))
            return
        self.children(node.children, node.start_byte, node.end_byte)

    def children(self, children: Sequence[Node], start: int, end: int) -> None:
        position = start
        for child in children:
            self.gap(position, child.start_byte)
            self.node(child)
            position = max(position, child.end_byte)
        self.gap(position, end)

    def gap(self, start: int, end: int) -> None:
        """White space between nodes, indented as the parts around it are. Also comments, which are nodes skipped."""
        text = self.view.content[start:end]
        if not self.step or b"\n" not in text:
            self.out.append(Copy(start, end))
            return
        self.out.append(text.replace(b"\n", b"\n" + self.step))

    def parts(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if isinstance(part, bytes):
                self.out.append(part.replace(b"\n", b"\n" + self.step) if self.step else part)
            elif isinstance(part, As):
                self.plain(part.node)
            elif isinstance(part, Inner):
                block = part.block.children
                if len(block) >= 2:
                    self.children(block[1:-1], block[0].end_byte, block[-1].start_byte)
            elif isinstance(part, Gap):
                self.gap(part.start, part.end)
            elif isinstance(part, Deeper):
                outer, self.step = self.step, self.step + part.step
                self.parts(part.parts)
                self.step = outer
            else:
                self.node(part)


# --- what rules ask ------------------------------------------------------------------------------------------------

_BLOCKS = frozenset(("compound_statement", "block", "statement_block"))
_LOOP = re.compile(r"^(for|while|do|loop|enhanced_for)_|function|lambda|closure|func_literal|method")
_CALLS = re.compile(r"call|invocation|macro|await|yield|update_expression|assignment|creation|new_expression|inc_|dec_")
_CONDITION_BINDS = re.compile(r"let_condition|let_chain|declaration|named_expression|assignment")


def _field(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def _condition(node: Node) -> Node | None:
    """The expression of a condition, without its parentheses; None where it also declares or assigns."""
    condition = _field(node, "condition")
    if condition is None:
        return None
    while condition.type in ("parenthesized_expression", "condition_clause", "expression_statement"):
        inner = [child for child in condition.named_children if child.type != "comment"]
        if len(inner) != 1:
            return None
        condition = inner[0]
    if condition.type == "comma_expression" or any(_CONDITION_BINDS.search(inner.type) for inner in walk(condition)):
        return None
    return condition


def _alternative(node: Node) -> Node | None:
    """What follows `else`: a block, a statement, or the next `if`."""
    found = _field(node, "alternative")
    if found is not None and found.type == "else_clause":
        inner = [child for child in found.named_children if child.type != "comment"]
        return inner[-1] if inner else None
    return found


def _continues(body: Node) -> bool:
    """Whether a body holds a `continue` of its own loop, or one with a label."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type.startswith("continue"):
            return True
        stack.extend(child for child in node.children if not _LOOP.search(child.type) or _labelled_jump(child))
    return False


def _labelled_jump(node: Node) -> bool:
    return any(inner.type.startswith("continue") and inner.named_child_count for inner in walk(node))


def _is_labelled(node: Node) -> bool:
    above = node.parent
    if above is not None and above.type == "expression_statement":
        above = above.parent
    return (above is not None and above.type.startswith("label")) or any(c.type == "label" for c in node.children)


def _without_calls(node: Node) -> bool:
    return not any(_CALLS.search(inner.type) for inner in walk(node))


def _is_block(node: Node | None) -> bool:
    return node is not None and node.type in _BLOCKS


def _negated(view: View, condition: Node) -> list[Part]:
    """The opposite of a condition."""
    row = view.row
    assert row is not None
    if condition.type in ("unary_expression", "not_operator") and condition.children[0].type in ("!", "not"):
        return [condition.named_children[-1]]
    return [row.negate, condition, b")"]


def _if(view: View, condition: Sequence[Part]) -> list[Part]:
    row = view.row
    assert row is not None
    return [b"if (", *condition, b") "] if row.parens else [b"if ", *condition, b" "]


def _while(view: View, condition: Sequence[Part]) -> list[Part]:
    row = view.row
    assert row is not None
    return [row.loop, b" (", *condition, b") "] if row.parens else [row.loop, b" ", *condition, b" "]


def _braced(node: Node) -> list[Part]:
    return [node] if _is_block(node) else [b"{ ", node, b" }"]


# --- statements of languages with braces ---------------------------------------------------------------------------


def for_as_while(view: View, node: Node) -> list[Part] | None:
    """for (a; b; c) S -> { a; while (b) { S c; } }, where S has no `continue`."""
    row = view.row
    clause = next((child for child in node.children if child.type == "for_clause"), node)
    body = _field(node, "body")
    if row is None or body is None or _is_labelled(node) or _continues(body):
        return None
    first = clause.children_by_field_name(row.init)
    updates = clause.children_by_field_name(row.update)
    condition = _condition(clause)
    if condition is None or len(first) > 1 or not updates:
        return None
    begin: list[Part] = []
    if first and first[0].type not in ("empty_statement", ";"):
        begin = [first[0], b"" if view.text(first[0]).endswith(b";") else b";", b"\n"]
    inner: list[Part] = [Inner(body)] if _is_block(body) else [body]
    after = [part for update in updates for part in (update, b";\n")]
    return [b"{\n", *begin, *_while(view, [condition]), b"{\n", *inner, b"\n", *after, b"}\n}"]


def while_as_for(_view: View, node: Node) -> list[Part] | None:
    """while (c) S -> for (; c; ) S."""
    condition, body = _condition(node), _field(node, "body")
    return None if condition is None or body is None else [b"for (; ", condition, b"; ) ", body]


def while_as_endless(view: View, node: Node) -> list[Part] | None:
    """while (c) { S } -> for (;;) { if (!(c)) break; S }."""
    condition, body = _condition(node), _field(node, "body")
    if condition is None or body is None or not _is_block(body):
        return None
    return [b"for (;;) {\n", *_if(view, _negated(view, condition)), b"break;\n", Inner(body), b"}"]


def _go_condition(node: Node) -> Node | None:
    """The condition of a Go loop that has nothing else."""
    head = [child for child in node.named_children if child.type not in ("comment", "block")]
    if len(head) != 1 or head[0].type in ("for_clause", "range_clause"):
        return None
    return head[0]


def go_loop_as_clause(_view: View, node: Node) -> list[Part] | None:
    """for c { S } -> for ; c; { S }."""
    condition, body = _go_condition(node), _field(node, "body")
    return None if condition is None or body is None else [b"for ; ", condition, b"; ", body]


def go_loop_as_endless(view: View, node: Node) -> list[Part] | None:
    """for c { S } -> for { if !(c) { break }; S }."""
    condition, body = _go_condition(node), _field(node, "body")
    if condition is None or body is None:
        return None
    return [b"for {\n", *_if(view, _negated(view, condition)), b"{ break }\n", Inner(body), b"}"]


def branches_swapped(view: View, node: Node) -> list[Part] | None:
    """if (c) A else B -> if (!(c)) B else A, where B is no `if`."""
    condition, then, other = _condition(node), _field(node, "consequence"), _alternative(node)
    if condition is None or then is None or other is None or other.type.startswith("if_"):
        return None
    begin = _field(node, "initializer")
    setup: list[Part] = [begin, b"; "] if begin is not None else []
    return [*_if(view, [*setup, *_negated(view, condition)]), *_braced(other), b" else ", *_braced(then)]


def ladder_as_nested(_view: View, node: Node) -> list[Part] | None:
    """else if (c) -> else { if (c) }."""
    then, other = _field(node, "consequence"), _alternative(node)
    if then is None or other is None or not other.type.startswith("if_"):
        return None
    return [Gap(node.start_byte, then.start_byte), *_braced(then), b" else {\n", other, b"\n}"]


def ladder_swapped(view: View, node: Node) -> list[Part] | None:
    """if (c) A else if ... -> if (!(c)) { if ... } else A."""
    condition, then, other = _condition(node), _field(node, "consequence"), _alternative(node)
    if condition is None or then is None or other is None or not other.type.startswith("if_"):
        return None
    if _field(node, "initializer") is not None:
        return None
    return [*_if(view, _negated(view, condition)), b"{\n", other, b"\n} else ", *_braced(then)]


_SIMPLE = frozenset(("expression_statement", "return_statement", "break_statement", "continue_statement"))


def braces_added(_view: View, node: Node) -> list[Part] | None:
    """if (c) S; -> if (c) { S; }, and the same for loops."""
    name = "consequence" if node.type == "if_statement" else "body"
    body = _field(node, name)
    if body is None or body.type not in _SIMPLE:
        return None
    rest = [child for child in node.children if child.start_byte >= body.end_byte]
    parts: list[Part] = [*_before(node, body), b"{ ", body, b" }"]
    for child in rest:
        parts += [b" ", child]
    return parts


def braces_removed(view: View, node: Node) -> list[Part] | None:
    """if (c) { S; } -> if (c) S;, where no `else` follows and S is simple."""
    is_if = node.type == "if_statement"
    body = _field(node, "consequence" if is_if else "body")
    if body is None or not _is_block(body) or (is_if and _field(node, "alternative") is not None):
        return None
    inner = body.named_children
    if len(inner) != 1 or inner[0].type not in _SIMPLE or not view.text(inner[0]).endswith(b";"):
        return None
    return [*_before(node, body), b" ", inner[0]]


def _before(node: Node, until: Node) -> list[Part]:
    """Everything of a node before one of its children."""
    parts: list[Part] = []
    position = node.start_byte
    for child in node.children:
        if child.start_byte >= until.start_byte:
            break
        parts += [Gap(position, child.start_byte), child]
        position = child.end_byte
    return [*parts, Gap(position, until.start_byte)]


def _is_statement_place(node: Node) -> bool:
    return node.parent is not None and node.parent.type in (
        *_BLOCKS, "case_statement", "switch_block_statement_group", "switch_case", "program", "constructor_body"
    )  # fmt: skip


def return_choice(view: View, node: Node) -> list[Part] | None:
    """return c ? a : b; -> if (c) return a; return b;"""
    inner = node.named_children
    if len(inner) != 1 or not _is_statement_place(node):
        return None
    choice = _unwrapped(inner[0])
    condition, one, two = (_field(choice, name) for name in ("condition", "consequence", "alternative"))
    if "conditional" not in choice.type and "ternary" not in choice.type:
        return None
    if condition is None or one is None or two is None:
        return None
    return [*_if(view, [condition]), b"return ", one, b";\nreturn ", two, b";"]


def assigned_choice(view: View, node: Node) -> list[Part] | None:
    """x = c ? a : b; -> if (c) x = a; else x = b;"""
    inner = node.named_children
    if len(inner) != 1 or inner[0].type != "assignment_expression" or not _is_statement_place(node):
        return None
    target, choice = _field(inner[0], "left"), _field(inner[0], "right")
    if target is None or choice is None or not _without_calls(target) or _operator(view, inner[0]) != b"=":
        return None
    choice = _unwrapped(choice)
    condition, one, two = (_field(choice, name) for name in ("condition", "consequence", "alternative"))
    if ("conditional" not in choice.type and "ternary" not in choice.type) or condition is None:
        return None
    if one is None or two is None:
        return None
    return [*_if(view, [condition]), target, b" = ", one, b";\nelse ", As(target), b" = ", two, b";"]


def _unwrapped(node: Node) -> Node:
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    return node


# --- expressions ---------------------------------------------------------------------------------------------------

_MIRROR = {
    b"<": b">",
    b">": b"<",
    b"<=": b">=",
    b">=": b"<=",
    b"==": b"==",
    b"!=": b"!=",
    b"===": b"===",
    b"!==": b"!==",
}


def _operator(view: View, node: Node) -> bytes:
    operator = _field(node, "operator") or _field(node, "operators")
    if operator is None:
        operator = next((child for child in node.children if not child.is_named), None)
    return b"" if operator is None else view.text(operator)


def mirrored(view: View, node: Node) -> list[Part] | None:
    """a < b -> b > a, where neither side calls anything."""
    one, two = _field(node, "left"), _field(node, "right")
    if one is None and node.type == "comparison_operator" and node.named_child_count == 2:
        one, two = node.named_children
    mirror = _MIRROR.get(_operator(view, node))
    if one is None or two is None or mirror is None or not (_without_calls(one) and _without_calls(two)):
        return None
    if not {one.type, two.type} <= _ATOMS:
        return None
    return [two, b" " + mirror + b" ", one]


_ATOMS = words(
    "identifier number_literal integer_literal int_literal decimal_integer_literal integer number",
    "field_expression true false member_expression attribute selector_expression field_access",
    "subscript_expression char_literal null nil none string string_literal interpreted_string_literal",
    "character_literal parenthesized_expression subscript index_expression this self nullptr undefined",
    "hex_integer_literal float float_literal array_access field_identifier",
)


def operands_parenthesised(view: View, node: Node) -> list[Part] | None:
    """a == b && c -> (a == b) && (c)."""
    if _operator(view, node) not in (b"&&", b"||", b"and", b"or"):
        return None
    one, two = _field(node, "left"), _field(node, "right")
    if one is None or two is None or any(_CONDITION_BINDS.search(inner.type) for inner in walk(node)):
        return None
    operator = _operator(view, node)
    return [*_wrapped(one), b" " + operator + b" ", *_wrapped(two)]


def _wrapped(node: Node) -> list[Part]:
    return [node] if node.type == "parenthesized_expression" or node.type in _ATOMS else [b"(", node, b")"]


def return_parenthesised(view: View, node: Node) -> list[Part] | None:
    """return x; -> return (x);"""
    inner = [child for child in node.named_children if not is_comment(view, child)]
    if len(inner) != 1 or not inner[0].type.endswith(
        ("expression", "identifier", "operator", "literal", "subscript", "call")
    ):
        return None
    if inner[0].type in ("parenthesized_expression", "initializer_list", "generator_expression", "named_expression"):
        return None
    before = Gap(node.start_byte, inner[0].start_byte)
    if b"\n" in view.content[before.start : before.end]:
        return None
    return [before, b"(", inner[0], b")", Gap(inner[0].end_byte, node.end_byte)]


def step_as_sum(view: View, node: Node) -> list[Part] | None:
    """i++ -> i += 1, as a statement or a loop's update."""
    parent = node.parent
    if parent is None or not (parent.type in ("expression_statement", "for_clause") or _is_update(parent, node)):
        return None if node.type == "update_expression" else _step(view, node)
    return _step(view, node)


def _is_update(parent: Node, node: Node) -> bool:
    return parent.type == "for_statement" and node in (
        *parent.children_by_field_name("update"), *parent.children_by_field_name("increment")
    )  # fmt: skip


def _step(_view: View, node: Node) -> list[Part] | None:
    inner = node.named_children
    sign = next((child.type for child in node.children if child.type in ("++", "--")), None)
    if len(inner) != 1 or sign is None:
        return None
    return [inner[0], b" += 1" if sign == "++" else b" -= 1"]


_COMPOUND = frozenset(b"+= -= *= /= %= &= |= ^= <<= >>=".split())


def compound_spelled_out(view: View, node: Node) -> list[Part] | None:
    """x += y -> x = x + y, where x is evaluated without effects."""
    operator = _operator(view, node)
    one, two = _field(node, "left"), _field(node, "right")
    if operator not in _COMPOUND or one is None or two is None or not _without_calls(one):
        return None
    row = view.row
    if row is not None and operator in row.in_place and two.type not in ("integer", "float", "string"):
        return None
    value: list[Part] = [two] if two.type in _ATOMS or _is_single(two) else [b"(", two, b")"]
    return [one, b" = ", As(one), b" " + operator[:-1] + b" ", *value]


def _is_single(node: Node) -> bool:
    return node.type == "expression_list" and node.named_child_count == 1 and node.named_children[0].type in _ATOMS


def sum_as_step(view: View, node: Node) -> list[Part] | None:
    """x += 1 -> x++, as a statement."""
    one, two = _field(node, "left"), _field(node, "right")
    if one is None or two is None or view.text(two) != b"1" or node.parent is None:
        return None
    if node.parent.type not in ("expression_statement", "statement_list", "for_clause"):
        return None
    mark = {b"+=": b"++", b"-=": b"--"}.get(_operator(view, node))
    return None if mark is None else [one, mark]


# --- declarations --------------------------------------------------------------------------------------------------


def c_declaration(view: View, node: Node) -> list[Part] | None:
    """int a = 1, *b; -> int a = 1; int *b; and int a = f(); -> int a; a = f();"""
    if not _is_statement_place(node):
        return None
    kind, variables = _field(node, "type"), node.children_by_field_name("declarator")
    if kind is None or _field(kind, "body") is not None or node.start_byte != kind.start_byte or not variables:
        return None
    if kind.type in ("placeholder_type_specifier", "auto") or view.text(kind) == b"auto":
        return None
    if len(variables) > 1:
        return [part for variable in variables for part in (As(kind), b" ", variable, b";\n")]
    name, value = _field(variables[0], "declarator"), _field(variables[0], "value")
    if variables[0].type != "init_declarator" or name is None or value is None:
        return None
    if value.type in ("initializer_list", "argument_list") or name.type not in ("identifier", "pointer_declarator"):
        return None
    inner = name
    while inner.type == "pointer_declarator":
        inner = _field(inner, "declarator") or inner.children[-1]
        if inner.type not in ("pointer_declarator", "identifier"):
            return None
    return [kind, b" ", name, b";\n", As(inner), b" = ", value, b";"]


def java_declaration(view: View, node: Node) -> list[Part] | None:
    """int a = f(), b; -> int a = f(); int b; and int a = f(); -> int a; a = f();"""
    kind, variables = _field(node, "type"), node.children_by_field_name("declarator")
    if kind is None or view.text(kind) == b"var" or not _is_statement_place(node) or node.start_byte != kind.start_byte:
        return None
    if len(variables) > 1:
        return [part for variable in variables for part in (As(kind), b" ", variable, b";\n")]
    name, value = _field(variables[0], "name"), _field(variables[0], "value")
    if name is None or value is None or value.type == "array_initializer" or _field(variables[0], "dimensions"):
        return None
    return [kind, b" ", name, b";\n", As(name), b" = ", value, b";"]


def script_declaration(view: View, node: Node) -> list[Part] | None:
    """let a = 1, b = 2; -> let a = 1; let b = 2; and let a = f(); -> let a; a = f();"""
    word = view.text(node.children[0])
    variables = [child for child in node.named_children if child.type == "variable_declarator"]
    if not _is_statement_place(node) or not variables:
        return None
    if len(variables) > 1:
        return [part for variable in variables for part in (word + b" ", variable, b";\n")]
    name, value, kind = (_field(variables[0], field) for field in ("name", "value", "type"))
    if word == b"const" or name is None or name.type != "identifier" or value is None:
        return None
    return [word + b" ", name, *([] if kind is None else [kind]), b";\n", As(name), b" = ", value, b";"]


def rust_declaration(_view: View, node: Node) -> list[Part] | None:
    """let a = f(); -> let a; a = f();"""
    name, kind, value = (_field(node, field) for field in ("pattern", "type", "value"))
    if name is None or name.type != "identifier" or value is None or _field(node, "alternative") is not None:
        return None
    if any(child.type == "mutable_specifier" for child in node.children):
        return None
    typed: list[Part] = [] if kind is None else [b": ", kind]
    return [b"let ", name, *typed, b";\n", As(name), b" = ", value, b";"]


# --- Rust ----------------------------------------------------------------------------------------------------------


def rust_for(_view: View, node: Node) -> list[Part] | None:
    """for x in y { S } -> { let mut walk = (y).into_iter(); while let Some(x) = walk.next() { S } }"""
    name, source, body = (_field(node, field) for field in ("pattern", "value", "body"))
    if name is None or source is None or body is None or _is_labelled(node):
        return None
    walker = f"walk_{node.start_byte % 97}".encode()
    begin = b"{\nlet mut " + walker + b" = ("
    return [begin, source, b").into_iter();\nwhile let Some(", name, b") = " + walker + b".next() ", body, b"\n}"]


def rust_while(view: View, node: Node) -> list[Part] | None:
    """while c { S } -> loop { if !(c) { break; } S }"""
    condition, body = _condition(node), _field(node, "body")
    if condition is None or body is None or _is_labelled(node):
        return None
    return [b"loop {\n", *_if(view, _negated(view, condition)), b"{ break; }\n", Inner(body), b"}"]


# --- Python --------------------------------------------------------------------------------------------------------

_STEP = b"    "


def _alternatives(node: Node) -> list[Node]:
    return node.children_by_field_name("alternative")


def _colon(node: Node) -> Node | None:
    return next((child for child in node.children if child.type == ":"), None)


def _block(view: View, clause: Node, name: str) -> list[Part] | None:
    """A clause's colon and block on lines of its own."""
    colon, block = _colon(clause), _field(clause, name)
    if colon is None or block is None or block.start_point[0] == colon.start_point[0]:
        return None
    margin = indentation(view.content, block.start_byte)
    return None if margin is None else [b":\n" + margin, block]


def python_branches_swapped(view: View, node: Node) -> list[Part] | None:
    """if c: A else: B -> if not (c): B else: A."""
    condition, others = _condition(node), _alternatives(node)
    margin = indentation(view.content, node.start_byte)
    if condition is None or margin is None or len(others) != 1 or others[0].type != "else_clause":
        return None
    then, other = _block(view, node, "consequence"), _block(view, others[0], "body")
    if then is None or other is None:
        return None
    return [b"if ", *_negated(view, condition), *other, b"\n" + margin + b"else", *then]


def python_ladder(view: View, node: Node) -> list[Part] | None:
    """elif c: -> else: if c:, one step deeper."""
    others, margin = _alternatives(node), indentation(view.content, node.start_byte)
    if margin is None or not others or others[0].type != "elif_clause":
        return None
    first, then = _field(node, "condition"), _block(view, node, "consequence")
    second, other = _field(others[0], "condition"), _block(view, others[0], "consequence")
    if first is None or then is None or second is None or other is None:
        return None
    line = b"\n" + margin
    rest = [part for clause in others[1:] for part in (line, clause)]
    return [b"if ", first, *then, line + b"else:", Deeper([line + b"if ", second, *other, *rest], _STEP)]


def python_while(view: View, node: Node) -> list[Part] | None:
    """while c: S -> while True: if not (c): break; S."""
    condition, block = _condition(node), _block(view, node, "body")
    if condition is None or block is None or _field(node, "alternative") is not None:
        return None
    if view.text(condition) in (b"True", b"1"):
        return None
    body = _field(node, "body")
    margin = indentation(view.content, body.start_byte) if body else None
    if margin is None:
        return None
    stop = b"\n" + margin + _STEP + b"break"
    return [b"while True:\n" + margin + b"if ", *_negated(view, condition), b":" + stop, b"\n" + margin, *block[1:]]


def python_for(view: View, node: Node) -> list[Part] | None:
    """for i in range(a, b): S -> i = a; while i < b: S; i += 1, where S has no `continue` and b is plain."""
    name, source, body = (_field(node, field) for field in ("left", "right", "body"))
    block, margin = _block(view, node, "body"), indentation(view.content, node.start_byte)
    if name is None or source is None or body is None or block is None or margin is None or name.type != "identifier":
        return None
    if source.type != "call" or view.text(source.children[0]) != b"range" or _continues(body):
        return None
    if _field(node, "alternative") is not None or node.children[0].type == "async":
        return None
    bounds = source.children[1].named_children
    if not 1 <= len(bounds) <= 2 or not all(_is_plain(view, bound) for bound in bounds):
        return None
    inner = indentation(view.content, body.start_byte)
    assert inner is not None
    first: list[Part] = [bounds[0]] if len(bounds) == 2 else [b"0"]
    begin: list[Part] = [name, b" = ", *first, b"\n" + margin + b"while ", As(name), b" < ", bounds[-1]]
    return [*begin, *block, b"\n" + inner, As(name), b" += 1"]


def _is_plain(view: View, node: Node) -> bool:
    text = view.text(node)
    return node.type in ("identifier", "integer", "attribute") or bool(
        re.fullmatch(rb"len\([\w.]+\)( [-+] \w+)?", text)
    )


def python_return_choice(view: View, node: Node) -> list[Part] | None:
    """return a if c else b -> if c: return a, else: return b."""
    inner, margin = node.named_children, indentation(view.content, node.start_byte)
    if margin is None or len(inner) != 1 or inner[0].type != "conditional_expression":
        return None
    one, condition, two = inner[0].named_children[:3]
    deeper = b"\n" + margin + _STEP + b"return "
    return [b"if ", condition, b":" + deeper, one, b"\n" + margin + b"else:" + deeper, two]


def python_assigned_choice(view: View, node: Node) -> list[Part] | None:
    """x = a if c else b -> if c: x = a, else: x = b."""
    inner, margin = node.named_children, indentation(view.content, node.start_byte)
    if margin is None or len(inner) != 1 or inner[0].type != "assignment" or _field(inner[0], "type") is not None:
        return None
    name, value = _field(inner[0], "left"), _field(inner[0], "right")
    if name is None or value is None or value.type != "conditional_expression" or not _without_calls(name):
        return None
    one, condition, two = value.named_children[:3]
    deeper = b"\n" + margin + _STEP
    then: list[Part] = [b":" + deeper, name, b" = ", one]
    return [b"if ", condition, *then, b"\n" + margin + b"else:" + deeper, As(name), b" = ", two]


# --- tables --------------------------------------------------------------------------------------------------------

_IF = (branches_swapped, ladder_as_nested, ladder_swapped)
_BRACES = (braces_added, braces_removed)
_C_STATEMENTS: Rules = {
    "for_statement": (for_as_while, for_as_while, *_BRACES),
    "while_statement": (while_as_for, while_as_endless, *_BRACES),
    "if_statement": (*_IF, *_BRACES),
    "return_statement": (return_choice,),
    "expression_statement": (assigned_choice,),
}
_PLAIN_RETURN = {"return_statement": (return_parenthesised,)}
_GO_STATEMENTS: Rules = {"for_statement": (for_as_while, go_loop_as_clause, go_loop_as_endless), "if_statement": _IF}
_RUST_STATEMENTS: Rules = {
    "for_expression": (rust_for,),
    "while_expression": (rust_while,),
    "if_expression": _IF,
}
_PYTHON_STATEMENTS: Rules = {
    "for_statement": (python_for,),
    "while_statement": (python_while,),
    "if_statement": (python_branches_swapped, python_ladder),
    "return_statement": (python_return_choice,),
    "expression_statement": (python_assigned_choice,),
}
_BINARY = (mirrored, operands_parenthesised)
_C_EXPRESSIONS: Rules = {
    "update_expression": (step_as_sum,),
    "assignment_expression": (compound_spelled_out, sum_as_step),
    "augmented_assignment_expression": (compound_spelled_out, sum_as_step),
    "binary_expression": _BINARY,
    **_PLAIN_RETURN,
}
_GO_EXPRESSIONS: Rules = {
    "inc_statement": (step_as_sum,),
    "dec_statement": (step_as_sum,),
    "assignment_statement": (compound_spelled_out, sum_as_step),
    "binary_expression": _BINARY,
}
_RUST_EXPRESSIONS: Rules = {"compound_assignment_expr": (compound_spelled_out,), "binary_expression": _BINARY}
_PYTHON_EXPRESSIONS: Rules = {
    "augmented_assignment": (compound_spelled_out,),
    "comparison_operator": (mirrored,),
    "boolean_operator": (operands_parenthesised,),
    **_PLAIN_RETURN,
}
_BRACED = ("c", "cpp", "java", "javascript", "typescript", "tsx")

STATEMENTS: Mapping[str, Rules] = {
    **dict.fromkeys(_BRACED, _C_STATEMENTS),
    "go": _GO_STATEMENTS,
    "rust": _RUST_STATEMENTS,
    "python": _PYTHON_STATEMENTS,
}
EXPRESSIONS: Mapping[str, Rules] = {
    **dict.fromkeys(_BRACED, _C_EXPRESSIONS),
    "go": _GO_EXPRESSIONS,
    "rust": _RUST_EXPRESSIONS,
    "python": _PYTHON_EXPRESSIONS,
}
_C_SPLITS: Rules = {"declaration": (c_declaration,)}
_SCRIPT_SPLITS: Rules = {"lexical_declaration": (script_declaration,), "variable_declaration": (script_declaration,)}
SPLITS: Mapping[str, Rules] = {
    "c": _C_SPLITS,
    "cpp": _C_SPLITS,
    "java": {"local_variable_declaration": (java_declaration,)},
    "javascript": _SCRIPT_SPLITS,
    "typescript": _SCRIPT_SPLITS,
    "tsx": _SCRIPT_SPLITS,
    "rust": {"let_declaration": (rust_declaration,)},
}
