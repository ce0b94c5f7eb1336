"""From words to an automaton, and from that to an expression."""
from dataclasses import dataclass, field

from .expression import EMPTY, Literal


@dataclass
class State:
    accepting: bool = False
    edges: dict = field(default_factory=dict)


def build_automaton(words):
    """The states of the minimal automaton; edges lead from symbols to positions in the list."""
    trie = [State()]
    for word in words:
        current = trie[0]
        for symbol in word:
            current = trie[step(trie, current, symbol)]
        current.accepting = True
    return minimize(trie)


def step(trie, state, symbol):
    for known in reversed(state.edges):
        if known.atom == symbol.atom and symbol.high - known.high in (0, 1):
            widened = known._replace(high=symbol.high)
            # rebuilt to keep the edge in its place
            state.edges = {widened if key == known else key: target for key, target in state.edges.items()}
            return state.edges[widened]
    state.edges[symbol] = len(trie)
    trie.append(State())
    return state.edges[symbol]


def minimize(trie):
    """Shares equal states. Targets always come later in the trie than their sources."""
    shared, classes, representative = {}, {}, []
    for index, state in reversed([*enumerate(trie)]):
        edges = {symbol: classes[target] for symbol, target in state.edges.items()}
        key = state.accepting, frozenset(edges.items())
        if key not in shared:
            shared[key] = len(representative)
            representative.append(State(state.accepting, edges))
        classes[index] = shared[key]
    return renumber(representative, classes[0])


def renumber(states, start):
    """Depth-first order, latest edges first."""
    order, stack = {}, [start]
    while stack:
        index = stack.pop()
        if index not in order:
            order[index] = len(order)
            stack.extend(states[index].edges.values())
    return [
        State(states[index].accepting, {symbol: order[target] for symbol, target in states[index].edges.items()})
        for index in order
    ]


def solve(states):
    """Eliminates the states, last one first; `None` as a target stands for the end of the input."""
    equations = [equation(state, index == 0 and len(states) > 1) for index, state in enumerate(states)]
    while len(equations) > 1:
        solved = equations.pop()
        for row in equations:
            prefix = row.pop(len(equations), None)
            if prefix is not None:
                for target, path in solved.items():
                    merge(row, target, prefix + path)
    return equations[0].get(None, EMPTY)


def equation(state, ignores_end):
    row = {None: EMPTY} if state.accepting and not ignores_end else {}
    for symbol, target in state.edges.items():
        merge(row, target, Literal((symbol,)))
    return row


def merge(row, target, path):
    row[target] = row[target] | path if target in row else path
