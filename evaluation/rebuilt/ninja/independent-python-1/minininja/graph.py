"""The build graph: files, build statements, rules, pools and variable scopes."""
import os
from dataclasses import dataclass, field

from .text import Fatal, NinjaError, canonical, did_you_mean, shell_quote


class Variable(str):
    """A variable reference inside a template (a list of text and Variables)."""


def expand(template, lookup):
    return "".join(lookup(part) if isinstance(part, Variable) else part for part in template)


@dataclass(eq=False)
class Rule:
    name: str
    bindings: dict = field(default_factory=dict)


@dataclass(eq=False)
class Pool:
    depth: int = 0
    used: int = 0

    def full(self):
        return self.depth and self.used >= self.depth


@dataclass(eq=False)
class Scope:
    parent: "Scope" = None
    variables: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)

    def get(self, name):
        if name in self.variables:
            return self.variables[name]
        return self.parent.get(name) if self.parent else ""

    def rule(self, name):
        return self.rules.get(name) or (self.parent.rule(name) if self.parent else None)


@dataclass(eq=False)
class Node:
    path: str
    mtime: int = None  # 0: missing
    dirty: bool = False
    from_deps: bool = False
    edge: "Edge" = None
    users: list = field(default_factory=list)
    validates: list = field(default_factory=list)

    def stat(self):
        try:
            self.mtime = os.stat(self.path).st_mtime_ns
        except OSError:
            self.mtime = 0


@dataclass(eq=False)
class Edge:
    rule: Rule
    scope: Scope
    id: int
    pool: Pool = None
    outs: list = field(default_factory=list)
    implicit_outs: list = field(default_factory=list)
    ins: list = field(default_factory=list)
    implicit: list = field(default_factory=list)
    order_only: list = field(default_factory=list)
    validations: list = field(default_factory=list)
    ready: bool = False
    deps_missing: bool = False
    reasons: list = field(default_factory=list)

    @property
    def phony(self):
        return self.rule.name == "phony"

    @property
    def needed(self):
        return self.ins + self.implicit

    @property
    def all_ins(self):
        return self.ins + self.implicit + self.order_only

    @property
    def all_outs(self):
        return self.outs + self.implicit_outs

    def get(self, name):
        return self._lookup(name, name not in ("depfile", "rspfile"), ())

    def _lookup(self, name, quote, active):
        builtin = {"in": (" ", self.ins), "in_newline": ("\n", self.ins), "out": (" ", self.outs)}
        if name in builtin:
            separator, nodes = builtin[name]
            return separator.join(shell_quote(n.path) if quote else n.path for n in nodes)
        if name in self.scope.variables:
            return self.scope.variables[name]
        if name not in self.rule.bindings:
            return self.scope.get(name)
        if name in active:
            raise Fatal("cycle in rule variables: " + " -> ".join(active + (name,)))
        return expand(self.rule.bindings[name], lambda n: self._lookup(n, quote, active + (name,)))

    @property
    def command(self):
        return self.get("command")

    def inputs_ready(self):
        return all(n.edge is None or n.edge.ready for n in self.all_ins)


class State:
    def __init__(self):
        self.top = Scope(rules={"phony": Rule("phony")})
        self.pools = {"": Pool(), "console": Pool(1)}
        self.nodes, self.edges, self.defaults = {}, [], []

    def node(self, path):
        if path not in self.nodes:
            self.nodes[path] = Node(path)
        return self.nodes[path]

    def target(self, argument):
        path = canonical(argument)
        first_user = path.endswith("^")
        path = path.removesuffix("^")
        node = self.nodes.get(path)
        if node is None:
            raise NinjaError(f"unknown target '{path}'" + did_you_mean(path, self.nodes))
        if not first_user:
            return node
        if not node.users:
            raise NinjaError(f"'{path}' has no out edge")
        return node.users[0].all_outs[0]

    def roots(self):
        found = [out for edge in self.edges for out in edge.all_outs if not out.users]
        if self.edges and not found:
            raise NinjaError("could not determine root nodes of build graph")
        return found

    def targets(self, arguments):
        if arguments:
            return [self.target(argument) for argument in arguments]
        return self.defaults or self.roots()
