"""Decides which outputs are out of date, and why."""
from .logs import command_hash, parse_depfile
from .text import NinjaError


def older(what, time, node):
    return f"{what} older than most recent input {node.path} ({time} vs {node.mtime})"


class Scanner:
    def __init__(self, state, logs):
        self.state, self.logs = state, logs
        self.done, self.stack, self.validations = set(), [], []

    def visit(self, node):
        edge = node.edge
        if edge is None:
            if node.mtime is None:
                node.stat()
            node.dirty = not node.mtime
            return
        if edge in self.done:
            return
        active = [n.edge for n in self.stack]
        if edge in active:
            cycle = [node] + self.stack[active.index(edge) + 1:] + [node]
            raise NinjaError("dependency cycle: " + " -> ".join(n.path for n in cycle))
        self.stack.append(node)
        self.visit_edge(edge)
        self.stack.pop()
        self.done.add(edge)

    def visit_edge(self, edge):
        for out in edge.all_outs:
            out.stat()
        problem = self.load_deps(edge)
        edge.deps_missing = bool(problem)
        edge.reasons = [problem] if problem else []
        self.validations += edge.validations
        for node in edge.all_ins:
            self.visit(node)
        edge.ready = edge.inputs_ready()
        edge.reasons += [f"{node.path} is dirty" for node in edge.needed if node.dirty]
        if not edge.reasons:
            self.check_outputs(edge)
        for out in edge.all_outs:
            out.dirty = bool(edge.reasons)
        if edge.reasons and not (edge.phony and not edge.all_ins):
            edge.ready = False

    def check_outputs(self, edge):
        """Compare the outputs with clean inputs; note the first reason to rebuild. True when dirty."""
        newest = max(edge.needed, key=lambda node: node.mtime, default=None)
        reason = next(filter(None, (self.reason(edge, out, newest) for out in edge.all_outs)), None)
        if reason:
            edge.reasons.append(reason)
        return bool(reason)

    def reason(self, edge, out, newest):
        if edge.phony:
            if newest:
                out.mtime = max(out.mtime, newest.mtime)
            elif not edge.all_ins and not out.mtime:
                return f"output {out.path} of phony edge with no inputs doesn't exist"
            return None
        if not out.mtime:
            return f"output {out.path} doesn't exist"
        entry, generator = self.logs.built.get(out.path), edge.get("generator")
        if newest and out.mtime < newest.mtime and not (entry and edge.get("restat")):
            return older(f"output {out.path}", out.mtime, newest)
        if not entry:
            return None if generator else f"command line not found in log for {out.path}"
        mtime, digest = entry
        if not generator and digest != command_hash(edge):
            return f"command line changed for {out.path}"
        if newest and mtime < newest.mtime:
            return older(f"recorded mtime of {out.path}", mtime, newest)
        return None

    def load_deps(self, edge):
        """Add discovered inputs to the edge; return what is wrong with them, if anything."""
        depfile, out = edge.get("depfile"), edge.all_outs[0]
        if edge.get("deps"):
            if out.path not in self.logs.deps:
                return f"deps for '{out.path}' are missing"
            mtime, paths = self.logs.deps[out.path]
            if out.mtime > mtime:
                return f"stored deps info out of date for '{out.path}' ({mtime} vs {out.mtime})"
        elif depfile:
            try:
                with open(depfile, encoding="utf-8", errors="surrogateescape") as file:
                    paths = parse_depfile(file.read())
            except OSError:
                return f"depfile '{depfile}' is missing"
        else:
            return None
        for node in map(self.state.node, paths):
            node.from_deps |= not node.users
            node.users.append(edge)
            edge.implicit.append(node)
        return None
