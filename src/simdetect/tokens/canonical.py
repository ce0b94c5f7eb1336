"""Tree -> the same program in one form, whatever form its author gave it.

A disguise writes a loop, a branch or an assignment in another way. Here every way becomes one: the rules of
`languages.canon` find the places in the tree, and this module says what they become. What comes out is the order of the
source's bytes in the canonical form, with some left out and some symbols put in; `tokens` turns bytes to tokens.

Only form is undone, never what an expression says: `a - b` stays `a - b`, and parentheses that bind stay.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import groupby

import numpy as np
from tree_sitter import Node, QueryCursor, Tree

from simdetect.languages.canon import BINDING, OPERANDS, CanonSpec
from simdetect.languages.grammar import Grammar
from simdetect.model import Rewrites
from simdetect.tokens.symbols import NUMBER_SYMBOL, hash_text

__all__ = ["rewrites"]

_MIRRORED = {">": "<", ">=": "<=", "==": "==", "!=": "!=", "===": "===", "!==": "!=="}
_EQUALITIES = frozenset({"==", "!=", "===", "!=="})
_OPPOSITE = {"==": "!=", "===": "!==", "is": "is not", "in": "not in"}
_POSITIVE = {opposite: positive for positive, opposite in _OPPOSITE.items()}
_NEGATIONS = frozenset({"!", "not"})
_TRUE = frozenset({b"true", b"True", b"1"})
_STEPS = {"++": "+=", "--": "-="}
_MOST_SORTED = 400  # bytes: a longer declaration keeps its place
_MOST_UNWRAPPED = 50
_MOST_IN_PROGRESS = 4096  # matches begun: a sum of 100,000 terms begins one for each; beyond it the outermost are lost
_COMPUTED = ("identifier", "call", "invocation", "expression", "macro")  # in the kinds of a value's nodes


# Source bytes (start, end, ""), or a token that the source does not have here (start, end, its text), for the token
# that holds the byte `start`. Plain tuples: there are as many as there are rewritten tokens.
_Part = tuple[int, int, str]
_Captures = dict[str, list[Node]]


_Rewrite = tuple[int, int, Sequence[_Part]]  # a stretch of source, and what it becomes


def rewrites(tree: Tree, grammar: Grammar, content: bytes) -> Rewrites | None:
    """What the canonical form of a file does to its bytes; None where its language has no rules."""
    spec, query = grammar.canon, grammar.canon_query
    if spec is None or query is None:
        return None
    dropped: list[int] = []  # starts and ends
    sortable: dict[int, Node] = {}
    found: dict[tuple[int, int], tuple[int, _Rewrite]] = {}
    cursor = QueryCursor(query)
    cursor.match_limit = _MOST_IN_PROGRESS
    for pattern, captures in cursor.matches(tree.root_node):
        if spec.rules[pattern][0] == OPERANDS:
            if (comparison := _operands(captures, spec, dropped)) is not None:
                found[comparison[:2]] = pattern, comparison
            continue
        for node in captures.get("drop", ()):
            dropped.append(node.start_byte)
            dropped.append(node.end_byte)
        if "sort" in captures:
            node = captures["sort"][0]
            sortable[node.start_byte] = node
        elif "it" in captures:
            it = captures["it"][0]
            key = it.start_byte, it.end_byte
            if key not in found or pattern < found[key][0]:
                parts = _BUILDERS[spec.rules[pattern][0]](captures, spec)
                if parts is not None:
                    found[key] = pattern, (*key, parts)
    nodes = [rewrite for _, rewrite in found.values()] + _sorted(sortable, content)
    return _arrays(_laid_out(nodes, len(content)), dropped, spec)


# --- what each rule makes of what it captures ----------------------------------------------------------------------


def _for_loop(found: _Captures, spec: CanonSpec) -> list[_Part] | None:
    """for (a; b; c) S  ->  a while b { S c }"""
    body, condition = found["body"][0], found.get("condition")
    loop = _loop(found["it"][0], condition[0] if condition else None, body, spec)
    updates = [_of(node) for node in found.get("update", ()) if node.type != ";"]
    closing = loop.pop() if spec.closing else None
    return [*map(_of, found.get("init", ())), *loop, *updates, *([closing] if closing is not None else [])]


def _while_loop(found: _Captures, spec: CanonSpec) -> list[_Part]:
    return _loop(found["it"][0], found["condition"][0], found["body"][0], spec)


def _endless_loop(found: _Captures, spec: CanonSpec) -> list[_Part]:
    return _loop(found["it"][0], None, found["body"][0], spec)


def _loop(it: Node, condition: Node | None, body: Node, spec: CanonSpec) -> list[_Part]:
    """while c { S }; where c is always true and S begins with `if (d) break`, c is the opposite of d."""
    if condition is not None and (condition.type == ";" or (_unwrapped(condition, spec).text or b"") in _TRUE):
        condition = None
    head: list[_Part] = [_symbol("while", it.start_byte)]
    opening, inner, closing = _body(body, spec)
    if condition is not None:
        head += _condition(condition, spec)
    elif (leave := _leaves_first(inner, body)) is not None:
        condition = leave.child_by_field_name("condition")
        if condition is not None:
            head += _condition(condition, spec, negate=True)
            inner = leave.end_byte, max(leave.end_byte, inner[1]), ""
    return [*head, *opening, inner, *closing]


def _leaves_first(inner: _Part, body: Node) -> Node | None:
    """The statement `if (c) break;` that a body begins with."""
    first = next((node for node in _statements(body) if node.start_byte >= inner[0]), None)
    while first is not None and first.type == "expression_statement" and first.named_child_count == 1:
        first = first.named_children[0]
    if first is None or not first.type.startswith("if_") or first.child_by_field_name("alternative") is not None:
        return None
    then = first.child_by_field_name("consequence")
    text = (then.text or b"").strip(b"{}; \t\r\n") if then is not None and then.end_byte - then.start_byte < 40 else b""
    return first if text == b"break" else None


def _statements(body: Node) -> list[Node]:
    """The statements of a block, comments apart."""
    inner = [node for node in body.named_children if "comment" not in node.type]
    if len(inner) == 1 and inner[0].type == "statement_list":
        inner = [node for node in inner[0].named_children if "comment" not in node.type]
    return inner


def _branches(found: _Captures, spec: CanonSpec) -> list[_Part]:
    """if c { A } else { B }, with c in the positive; `else { if ... }` is `else if ...`."""
    it, condition, then = found["it"][0], found["condition"][0], found["then"][0]
    other = found["else"][0] if "else" in found else None
    head: list[_Part] = [*map(_of, found.get("init", ())), _of(it.children[0])]
    if other is None:
        return [*head, *_condition(condition, spec), *_closed(then, spec)]
    parts, is_flipped = _positive(condition, spec)
    first, second = (other, then) if is_flipped else (then, other)
    return [*head, *parts, *_closed(first, spec), _symbol("else", second.start_byte), *_else(second, spec)]


def _choice(found: _Captures, spec: CanonSpec) -> list[_Part]:
    """return c ? a : b  ->  if c { return a } return b"""
    it, condition, then, other = (found[name][0] for name in ("it", "condition", "then", "else"))
    opening = [_symbol(spec.opening or ":", then.start_byte)]
    closing = [_symbol(spec.closing, max(then.start_byte, then.end_byte - 1))] if spec.closing else []
    head = [_symbol("if", condition.start_byte), *_condition(condition, spec), *opening]
    return [*head, _of(it.children[0]), _of(then), *closing, _symbol("return", other.start_byte), _of(other)]


def _else(node: Node, spec: CanonSpec) -> list[_Part]:
    inner = _statements(node) if not node.type.startswith("if_") else [node]
    if len(inner) == 1 and inner[0].type == "expression_statement" and inner[0].named_child_count == 1:
        inner = [inner[0].named_children[0]]
    if len(inner) == 1 and inner[0].type.startswith("if_"):
        return [_of(inner[0])]
    return _closed(node, spec)


def _closed(node: Node, spec: CanonSpec) -> list[_Part]:
    opening, inner, closing = _body(node, spec)
    return [*opening, inner, *closing]


def _body(node: Node, spec: CanonSpec) -> tuple[list[_Part], _Part, list[_Part]]:
    """What opens a body, the body, what closes it: braces are put around a single statement."""
    if not spec.opening:
        return [_symbol(":", node.start_byte)], _of(node), []
    children = node.children
    if len(children) > 1 and children[0].type == spec.opening and children[-1].type == spec.closing:
        return [_of(children[0])], (children[0].end_byte, children[-1].start_byte, ""), [_of(children[-1])]
    last = max(node.start_byte, node.end_byte - 1)
    return [_symbol(spec.opening, node.start_byte)], _of(node), [_symbol(spec.closing, last)]


def _operands(found: _Captures, spec: CanonSpec, dropped: list[int]) -> _Rewrite | None:
    """a > b  ->  b < a,  0 == a  ->  a == 0,  (a * b) + (-c)  ->  a * b + -c: adds to what is dropped."""
    left, operator, right = found["left"][0], found["operator"][0], found["right"][0]
    sign = operator.type
    _drop_parentheses(left, sign, spec, dropped, is_left=True)
    _drop_parentheses(right, sign, spec, dropped, is_left=False)
    if sign in (">", ">=") or (sign in _EQUALITIES and left.type in spec.literals):
        mirrored = _symbol(_MIRRORED[sign], operator.start_byte)
        return left.start_byte, right.end_byte, [_of(right), mirrored, _of(left)]
    return None


def _drop_parentheses(operand: Node, outer: str, spec: CanonSpec, dropped: list[int], *, is_left: bool) -> None:
    """Around an operand that binds tighter than the operator, or as tightly and stands on its left."""
    if operand.type not in spec.parentheses:
        return
    opening, *inner, closing = operand.children
    if opening.type != "(" or closing.type != ")":
        return
    for node in inner:
        if node.type == spec.binary:
            sign = node.child_by_field_name("operator")
            tighter = BINDING.get(sign.type if sign is not None else "", -1) - BINDING.get(outer, len(BINDING))
            fits = tighter >= 0 if is_left else tighter > 0
        else:
            fits = node.type == spec.unary
        if fits:
            dropped += [opening.start_byte, opening.end_byte, closing.start_byte, closing.end_byte]
            return


def _comparison(found: _Captures, _spec: CanonSpec) -> list[_Part]:
    """a > b  ->  b < a, where operators are no fields"""
    operator = found["operator"][0]
    mirrored = _symbol(_MIRRORED[operator.type], operator.start_byte)
    return [_of(found["right"][0]), mirrored, _of(found["left"][0])]


def _step(found: _Captures, _spec: CanonSpec) -> list[_Part] | None:
    """i++, ++i  ->  i += 1"""
    operator, it = found["operator"][0], found["it"][0]
    operand = next((child for child in it.children if child.type not in _STEPS), None)
    if operand is None:
        return None
    return [_of(operand), _symbol(_STEPS[operator.type], operator.start_byte), _symbol("1", operator.start_byte)]


def _compound_assignment(found: _Captures, _spec: CanonSpec) -> list[_Part] | None:
    """x = x + y  ->  x += y"""
    left, again, sign = found["left"][0], found["again"][0], found["sign"][0]
    if left.text != again.text:
        return None
    return [_of(left), _symbol(f"{sign.type}=", sign.start_byte), _of(found["right"][0])]


def _ladder(found: _Captures, _spec: CanonSpec) -> list[_Part]:
    """elif  ->  else if"""
    at = found["it"][0].start_byte
    return [_symbol("else", at), _symbol("if", at)]


def _short_declaration(found: _Captures, _spec: CanonSpec) -> list[_Part]:
    """var x = y  ->  x := y; the word is dropped by the pattern."""
    return [_symbol(":=", found["it"][0].start_byte)]


_BUILDERS: dict[str, Callable[[_Captures, CanonSpec], list[_Part] | None]] = {
    "for-loop": _for_loop,
    "while-loop": _while_loop,
    "endless-loop": _endless_loop,
    "branches": _branches,
    "choice": _choice,
    "comparison": _comparison,
    "step": _step,
    "compound-assignment": _compound_assignment,
    "ladder": _ladder,
    "short-declaration": _short_declaration,
}


# --- conditions ----------------------------------------------------------------------------------------------------


def _condition(node: Node, spec: CanonSpec, *, negate: bool = False) -> list[_Part]:
    """A condition, or its opposite: without parentheses, `!` only where there is no operator that says it."""
    parts, is_flipped = _positive(node, spec)
    if is_flipped == negate:
        return parts
    if len(parts) == 3:
        left, (at, _, operator), right = parts
        if operator == "<":  # !(a < b) is b <= a
            return [right, _symbol("<=", at), left]
        return [left, _symbol(_OPPOSITE[operator], at), right]
    return [_symbol("!", parts[0][0]), *parts]


def _positive(node: Node, spec: CanonSpec) -> tuple[list[_Part], bool]:
    """A condition without negation, with `==` and `<` as the only comparisons, and whether that is its opposite."""
    is_flipped = False
    for _ in range(_MOST_UNWRAPPED):
        node = _unwrapped(node, spec)
        children = node.children
        if len(children) != 2 or children[0].type not in _NEGATIONS:
            break
        node, is_flipped = children[1], not is_flipped
    children = node.children
    if len(children) != 3:
        return [_of(node)], is_flipped
    left, operator, right = children
    sign, at = operator.type, operator.start_byte
    if sign in _EQUALITIES and left.type in spec.literals:
        left, right = right, left
    if sign in _POSITIVE:
        return [_of(left), _symbol(_POSITIVE[sign], at), _of(right)], not is_flipped
    if sign in _OPPOSITE:
        return [_of(left), _symbol(sign, at), _of(right)], is_flipped
    if sign in ("<", ">="):
        return [_of(left), _symbol("<", at), _of(right)], is_flipped ^ (sign == ">=")
    if sign in (">", "<="):
        return [_of(right), _symbol("<", at), _of(left)], is_flipped ^ (sign == "<=")
    return [_of(node)], is_flipped


def _unwrapped(node: Node, spec: CanonSpec) -> Node:
    """What parentheses hold."""
    for _ in range(_MOST_UNWRAPPED):
        if node.type not in spec.parentheses or node.named_child_count != 1:
            break
        node = node.named_children[0]
    return node


# --- order ---------------------------------------------------------------------------------------------------------


def _sorted(nodes: Mapping[int, Node], content: bytes) -> list[_Rewrite]:
    """Stretches of neighbouring imports or declarations in one order: by shape, then text where names stay.

    nodes: by start. A declaration whose value is computed keeps its place: it may need the one before.
    """
    found: list[_Rewrite] = []
    group: list[Node] = []
    last = 0  # end of the group
    for start in sorted(nodes):
        node = nodes[start]
        if group and content[last:start].strip(b" \t\r\n;"):
            found += _group(group)
            group = []
        if not group or start >= last:
            group.append(node)
            last = node.end_byte
    return found + _group(group)


def _group(nodes: Sequence[Node]) -> list[_Rewrite]:
    """Stretches of a group between the nodes that keep their places."""
    found: list[_Rewrite] = []
    for is_free, run in groupby(nodes, _is_free if len(nodes) > 1 else lambda _: False):
        own = list(run)
        ranked = sorted(own, key=lambda node: (str(node), _name_of_import(node))) if is_free and len(own) > 1 else own
        if ranked != own:
            found.append((own[0].start_byte, own[-1].end_byte, [_of(node) for node in ranked]))
    return found


def _name_of_import(node: Node) -> bytes:
    """The text of an import; "" for a declaration, whose name may be another one."""
    is_import = any(word in node.type for word in ("import", "include", "use_", "using"))
    return node.text or b"" if is_import else b""


def _is_free(node: Node) -> bool:
    if node.end_byte - node.start_byte > _MOST_SORTED:
        return False
    kinds = [value.type for value in _values(node)]
    return not any(word in kind for kind in kinds for word in _COMPUTED)


def _values(node: Node) -> list[Node]:
    """The value of a declaration and all nodes of it."""
    stack = [
        value
        for inner in (node, *node.named_children)
        for value in (inner.child_by_field_name("value"), inner.child_by_field_name("right"))
        if value is not None
    ]
    found = []
    while stack:
        found.append(stack.pop())
        stack += found[-1].named_children
    return found


# --- laying out ----------------------------------------------------------------------------------------------------


def _of(node: Node) -> _Part:
    return node.start_byte, node.end_byte, ""


def _symbol(text: str, at: int) -> _Part:
    return at, at + 1, text


def _laid_out(nodes: Sequence[_Rewrite], size: int) -> list[_Part]:
    """The whole file: rewrites inside rewrites, and what lies between. An explicit stack: trees may be deep."""
    nodes = sorted(nodes, key=lambda node: (node[0], -node[1]))
    starts = [node[0] for node in nodes]
    found: list[_Part] = []
    stack: list[tuple[_Part, int]] = [((0, size, ""), 0)]
    while stack:
        part, first = stack.pop()
        start, end, text = part
        if text:
            found.append(part)
            continue
        i = bisect_left(starts, start, first)
        while i < len(nodes) and starts[i] < end < nodes[i][1]:
            i += 1
        if i == len(nodes) or starts[i] >= end:
            if start < end:
                found.append(part)
            continue
        inner_start, inner_end, parts = nodes[i]
        if start < inner_start:
            found.append((start, inner_start, ""))
        if inner_end < end:
            stack.append(((inner_end, end, ""), i + 1))
        stack += [(inner, i + 1) for inner in reversed(parts)]
    return found


def _arrays(parts: Sequence[_Part], dropped: Sequence[int], spec: CanonSpec) -> Rewrites:
    known = {text: _number_of(text) for text in {text for _, _, text in parts}}
    start, end, text = zip(*parts, strict=True) if parts else ((), (), ())
    return Rewrites(
        start=np.array(start, np.uint32),
        end=np.array(end, np.uint32),
        symbol=np.array([known[one] for one in text], np.uint64),
        drop_start=np.array(dropped[0::2], np.uint32),
        drop_end=np.array(dropped[1::2], np.uint32),
        dropped=np.sort(np.array([_number_of(one) for one in spec.dropped], np.uint64)),
    )


@cache
def _number_of(text: str) -> int:
    """The symbol of a token that a rule puts in, one of some forty; 0 for none."""
    if not text:
        return 0
    return int(NUMBER_SYMBOL if text.isdigit() else hash_text(text.encode()))
