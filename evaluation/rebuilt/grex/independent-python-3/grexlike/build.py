"""From words to an automaton and from there to an expression.

An expression is a tuple of items. Besides tokens there are sets of characters,
choices between expressions and optional expressions.
"""

from itertools import takewhile
from typing import NamedTuple

from .tokens import Char, extended


class Set(NamedTuple):
    chars: frozenset


class Choice(NamedTuple):
    options: tuple


class Optional(NamedTuple):
    inner: tuple


class Node:
    def __init__(self):
        self.final = False
        self.edges = []

    def step(self, token):
        for index in reversed(range(len(self.edges))):
            label, target = self.edges[index]
            if wider := extended(label, token):
                self.edges[index] = (wider, target)
                return target
        self.edges.append((token, Node()))
        return self.edges[-1][1]


def build_automaton(words):
    root = Node()
    for word in words:
        node = root
        for token in word:
            node = node.step(token)
        node.final = True
    return share_tails(root, {})


def share_tails(node, known):
    """Replace equal subtrees by a single one, the children first."""
    node.edges = [(token, share_tails(child, known)) for token, child in node.edges]
    signature = (node.final, frozenset((token, id(child)) for token, child in node.edges))
    return known.setdefault(signature, node)


def visit(root):
    """Nodes in depth-first order, youngest edges first."""
    order, pending = {}, [root]
    while pending:
        node = pending.pop()
        if node not in order:
            order[node] = len(order)
            pending += [child for _, child in node.edges]
    return order


def expression_for(root):
    """Eliminate the nodes one after the other; None as a target means the end."""
    order = visit(root)
    links = []
    for node in order:
        row = {None: ()} if node.final else {}
        for token, child in node.edges:
            add(row, order[child], (token,))
        links.append(row)
    for gone in reversed(range(1, len(links))):
        for row in links[:gone]:
            if gone not in row:
                continue
            label = row.pop(gone)
            for target, rest in links[gone].items():
                add(row, target, label + rest)
    return links[0].get(None, ())


def add(row, target, expression):
    row[target] = either(row[target], expression) if target in row else expression


def either(left, right):
    if left == right:
        return left
    head = common(left, right)
    left, right = left[len(head):], right[len(head):]
    tail = common(left[::-1], right[::-1])[::-1]
    if tail:
        left, right = left[:-len(tail)], right[:-len(tail)]
    return head + alternatives(left, right, flatten=not (head or tail)) + tail


def common(left, right):
    kinds = (Set, Choice, Optional)
    pairs = takewhile(lambda p: p[0] == p[1] and not isinstance(p[0], kinds), zip(left, right))
    return tuple(item for item, _ in pairs)


def alternatives(left, right, flatten):
    if not left or not right:
        rest = left or right
        return rest if is_single(rest, Optional) else (Optional(rest),)
    if is_single(left, Optional) and flatten:
        return (Optional(either(left[0].inner, right)),)
    if len(left) == len(right) == 1 and (chars := chars_of(left[0])) and (more := chars_of(right[0])):
        return (Set(chars | more),)
    options = []
    for side in (left, right):
        options += side[0].options if flatten and is_single(side, Choice) else [side]
    return (Choice(tuple(sorted(options, key=width, reverse=True))),)


def is_single(expression, kind):
    return len(expression) == 1 and isinstance(expression[0], kind)


def chars_of(item):
    if isinstance(item, Set):
        return item.chars
    if isinstance(item, Char) and len(item.text) == 1 and not item.coded:
        return frozenset(item.text)
    return None


def width(expression):
    return sum(map(item_width, expression))


def item_width(item):
    match item:
        case Char(text, _):
            return len(text)
        case Choice(options):
            return width(options[0])
        case Optional(inner):
            return width(inner)
    return 1
