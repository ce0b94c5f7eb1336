"""Plans and runs the commands of a build."""
import os
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from .logs import parse_depfile
from .scan import Scanner
from .text import Fatal, NinjaError


class Stopped(Exception):
    """The build failed part of the way; args are the message and the exit code."""


@dataclass
class Options:
    jobs: int = 1
    keep_going: int = 1
    dry_run: bool = False
    verbose: bool = False
    quiet: bool = False
    debug: set = field(default_factory=set)


def run_command(command, console):
    pipes = {} if console else {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                                "stderr": subprocess.STDOUT}
    result = subprocess.run(["/bin/sh", "-c", command], check=False, **pipes)
    code = result.returncode
    return (code if code >= 0 else 128 - code), result.stdout or b""


class Builder:
    def __init__(self, state, logs, options):
        self.state, self.logs, self.options = state, logs, options
        self.scanner = Scanner(state, logs)
        self.planned, self.wanted, self.weights = set(), set(), {}
        self.ready, self.running = [], {}
        self.total = self.started = self.finished = self.exit_code = 0
        self.failures_left = options.keep_going
        self.began, self.at_line_start = time.time_ns(), True

    def add(self, target):
        queue = self.scanner.validations = [target]
        for node in queue:
            self.scanner.visit(node)
            self.plan(node)

    def plan(self, node, user=None):
        edge = node.edge
        if edge is None:
            if node.dirty and not node.from_deps:
                needed = f", needed by '{user.path}'," if user else ""
                raise NinjaError(f"'{node.path}'{needed} missing and no known rule to make it")
            return
        if edge.ready:
            return
        if node.dirty and edge not in self.wanted:
            self.wanted.add(edge)
            self.total += not edge.phony
        if edge not in self.planned:
            self.planned.add(edge)
            for child in edge.all_ins:
                self.plan(child, node)

    def weight(self, edge):
        """The longest chain of commands that starts with this edge."""
        if edge not in self.weights:
            users = {user for out in edge.all_outs for user in out.users if user in self.planned}
            self.weights[edge] = (not edge.phony) + max(map(self.weight, users), default=0)
        return self.weights[edge]

    def schedule(self, edge):
        self.ready.append(edge)
        self.ready.sort(key=lambda e: (-self.weight(e), e.id))

    def take_ready(self):
        if not self.failures_left or len(self.running) >= self.options.jobs:
            return None
        edge = next((edge for edge in self.ready if not edge.pool.full()), None)
        if edge:
            self.ready.remove(edge)
            edge.pool.used += 1
        return edge

    def run(self):
        for edge in self.state.edges:
            if edge in self.wanted and edge.inputs_ready():
                self.schedule(edge)
        with ThreadPoolExecutor(min(self.options.jobs, 64)) as workers:
            while self.wanted:
                if edge := self.take_ready():
                    if edge.phony:
                        self.complete(edge)
                    else:
                        self.start(edge, workers)
                elif self.running:
                    done = wait(self.running, return_when=FIRST_COMPLETED).done
                    for future in [future for future in self.running if future in done]:
                        self.finish(future)
                else:
                    break
        if not self.at_line_start:
            self.show("\n")
        if self.wanted:
            why = ("cannot make progress due to previous errors" if self.failures_left else
                   "subcommands failed" if self.options.keep_going > 1 else "subcommand failed")
            raise Stopped(why, self.exit_code or 1)

    def start(self, edge, workers):
        self.started += 1
        if "explain" in self.options.debug:
            for reason in edge.reasons:
                print("ninja explain:", reason, file=sys.stderr)
        console = edge.pool is self.state.pools["console"]
        if console:
            self.show_status(edge)
        if not self.options.dry_run:
            for out in edge.all_outs:
                os.makedirs(os.path.dirname(out.path) or ".", exist_ok=True)
            if rspfile := edge.get("rspfile"):
                with open(rspfile, "w", encoding="utf-8", errors="surrogateescape") as file:
                    file.write(edge.get("rspfile_content"))
            future = workers.submit(run_command, edge.command, console)
        else:
            future = Future()
            future.set_result((0, b""))
        self.running[future] = edge, time.time_ns()

    def finish(self, future):
        edge, start = self.running[future]
        code, output = future.result()
        self.finished += 1
        if edge.pool is not self.state.pools["console"]:
            self.show_status(edge)
        del self.running[future]
        if code:
            outs = "".join(out.path + " " for out in edge.all_outs)
            self.show(f"FAILED: [code={code}] {outs}\n{edge.command}\n")
        if output:
            self.show(output.decode("utf-8", "surrogateescape"))
        if code:
            edge.pool.used -= 1
            self.failures_left -= 1
            self.exit_code = code
            return
        if not self.options.dry_run:
            self.save_result(edge, start)
        self.complete(edge)

    def save_result(self, edge, start):
        for out in edge.all_outs:
            before = out.mtime
            out.stat()
            if edge.get("restat") and out.mtime == before:
                self.mark_clean(out)
        self.save_deps(edge)
        if edge.get("rspfile") and "keeprsp" not in self.options.debug:
            os.unlink(edge.get("rspfile"))
        times = ((t - self.began) // 1_000_000 for t in (start, time.time_ns()))
        self.logs.record(edge, *times, start)

    def save_deps(self, edge):
        kind, depfile = edge.get("deps"), edge.get("depfile")
        if not kind:
            return
        if kind != "gcc":
            raise Fatal(f"unknown deps type '{kind}'")
        paths = []
        if os.path.exists(depfile):
            with open(depfile, encoding="utf-8", errors="surrogateescape") as file:
                paths = parse_depfile(file.read())
            if "keepdepfile" not in self.options.debug:
                os.unlink(depfile)
        for out in edge.all_outs:
            self.logs.record_deps(out, paths)

    def complete(self, edge):
        if edge in self.wanted:
            edge.pool.used -= 1
        self.wanted.discard(edge)
        self.planned.discard(edge)
        edge.ready = True
        for user in dict.fromkeys(user for out in edge.all_outs for user in out.users):
            if user not in self.planned or not user.inputs_ready():
                continue
            if user in self.wanted:
                self.schedule(user)
            else:
                self.complete(user)

    def mark_clean(self, node):
        """A restat command left its output alone, so what uses it may be clean as well."""
        node.dirty = False
        for user in node.users:
            if user not in self.wanted or user.deps_missing or any(n.dirty for n in user.needed):
                continue
            if self.scanner.check_outputs(user):
                continue
            self.wanted.remove(user)
            self.total -= not user.phony
            for out in user.all_outs:
                self.mark_clean(out)

    def show(self, text):
        sys.stdout.write(text)
        sys.stdout.flush()
        self.at_line_start = text.endswith("\n")

    def show_status(self, edge):
        if self.options.quiet:
            return
        text = "" if self.options.verbose else edge.get("description")
        self.show(("" if self.at_line_start else "\n") + self.progress() + (text or edge.command) + "\n")

    def progress(self):
        done = 100 * self.finished // self.total if self.total else 0
        values = {"%": "%", "s": self.started, "t": self.total, "r": len(self.running),
                  "u": self.total - self.started, "f": self.finished, "p": f"{done:3}%",
                  "e": f"{(time.time_ns() - self.began) / 1e9:.3f}"}
        characters = iter(os.environ.get("NINJA_STATUS", "[%f/%t] "))
        result = ""
        for char in characters:
            if char == "%":
                char = next(characters, "")
                if char not in values:
                    raise Fatal(f"unknown placeholder '%{char}' in $NINJA_STATUS")
                char = str(values[char])
            result += char
        return result


def build(state, logs, options, targets):
    """Bring the targets up to date; False when there was nothing to do."""
    builder = Builder(state, logs, options)
    for target in targets:
        builder.add(target)
    if not builder.wanted:
        return False
    builder.run()
    return True
