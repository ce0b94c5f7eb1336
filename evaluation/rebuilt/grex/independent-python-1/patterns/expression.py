"""Expression trees, combined with `+` (one after another) and `|` (one or the other)."""
from dataclasses import dataclass
from itertools import takewhile


class Expression:
    chars = None  # the characters, if exactly one of these is matched

    def __add__(self, other):
        if EMPTY in (self, other):
            return other if self == EMPTY else self
        match self, other:
            case Literal(left), Literal(right):
                return Literal(left + right)
            case Literal(), Sequence(Literal() as first, rest):
                return Sequence(self + first, rest)
            case Sequence(rest, Literal() as last), Literal():
                return Sequence(rest, last + other)
        return Sequence(self, other)

    def __or__(self, other):
        if self == other:
            return self
        if EMPTY not in (self, other):
            match self, other:
                case Maybe(inner), _:
                    return maybe(choice(inner, other))
                case _, Maybe(inner):
                    return maybe(choice(self, inner))
        prefix = common(head(self), head(other))
        left, right = drop_head(self, len(prefix)), drop_head(other, len(prefix))
        suffix = common(tail(left)[::-1], tail(right)[::-1])[::-1]
        left, right = drop_tail(left, len(suffix)), drop_tail(right, len(suffix))
        return Literal(prefix) + alternate(left, right) + Literal(suffix)


@dataclass(frozen=True)
class Literal(Expression):
    symbols: tuple

    @property
    def size(self):
        return len(self.symbols)

    @property
    def chars(self):
        if self.size == 1 and self.symbols[0].is_char:
            return {self.symbols[0].atom}
        return None


@dataclass(frozen=True)
class CharClass(Expression):
    chars: frozenset
    size = 1


@dataclass(frozen=True)
class Choice(Expression):
    options: tuple

    @property
    def size(self):
        return self.options[0].size


@dataclass(frozen=True)
class Sequence(Expression):
    left: Expression
    right: Expression

    @property
    def size(self):
        return self.left.size + self.right.size


@dataclass(frozen=True)
class Maybe(Expression):
    inner: Expression

    @property
    def size(self):
        return self.inner.size


EMPTY = Literal(())


def alternate(left, right):
    if EMPTY in (left, right):
        return maybe(left if right == EMPTY else right)
    if left.chars and right.chars:
        return CharClass(frozenset(left.chars | right.chars))
    return choice(left, right)


def maybe(inner):
    return inner if isinstance(inner, Maybe) or inner == EMPTY else Maybe(inner)


def choice(*sides):
    """Alternatives without duplicates, the longest ones first."""
    flat = [option for side in sides for option in (side.options if isinstance(side, Choice) else (side,))]
    options = sorted(dict.fromkeys(flat), key=lambda option: -option.size)
    return Choice(tuple(options)) if len(options) > 1 else options[0]


def common(left, right):
    return tuple(symbol for symbol, _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right)))


def head(expression):
    match expression:
        case Literal(symbols) | Sequence(Literal(symbols), _):
            return symbols
    return ()


def tail(expression):
    match expression:
        case Literal(symbols) | Sequence(_, Literal(symbols)):
            return symbols
    return ()


def drop_head(expression, count):
    match expression:
        case Literal(symbols):
            return Literal(symbols[count:])
        case Sequence(Literal(symbols), rest):
            return Sequence(Literal(symbols[count:]), rest)
    return expression


def drop_tail(expression, count):
    match expression:
        case Literal(symbols):
            return Literal(symbols[:len(symbols) - count])
        case Sequence(rest, Literal(symbols)):
            return Sequence(rest, Literal(symbols[:len(symbols) - count]))
    return expression
