"""The subtools behind -t."""
import getopt
import json
import os
import sys

from .graph import Variable
from .text import Fatal, NinjaError, did_you_mean

TOOLS = {}
DESCRIPTIONS = {
    "browse": "browse dependency graph in a web browser", "clean": "clean built files",
    "commands": "list all commands required to rebuild given targets",
    "inputs": "list all inputs required to rebuild given targets",
    "multi-inputs": "print one or more sets of inputs required to build targets",
    "deps": "show dependencies stored in the deps log",
    "missingdeps": "check deps log dependencies on generated files",
    "graph": "output graphviz dot file for targets", "query": "show inputs/outputs for a path",
    "targets": "list targets by their rule or depth in the DAG",
    "compdb": "dump JSON compilation database to stdout",
    "compdb-targets": "dump JSON compilation database for a given list of targets to stdout",
    "recompact": "recompacts ninja-internal data structures",
    "restat": "restats all outputs in the build log", "rules": "list all rules",
    "cleandead": "clean built files that are no longer produced by the manifest"}


def tool(flags="", usage=""):
    """Register a function(state, options, flags, arguments) as the tool it is named after."""
    def register(function):
        TOOLS[function.__name__] = function, flags, usage
        return function
    return register


def run_tool(name, state, options, arguments):
    if name not in TOOLS:
        raise Fatal(f"tool '{name}' is not supported")
    function, flags, usage = TOOLS[name]
    if name in ("targets", "query"):
        return function(state, options, {}, arguments) or 0
    try:
        found, rest = getopt.getopt(arguments, flags + "h")
    except getopt.GetoptError as error:
        print(f"{name}: invalid option -- '{error.opt}'", file=sys.stderr)
        found, rest = [("-h", "")], []
    if ("-h", "") in found:
        print(usage, end="")
        return 1
    return function(state, options, dict(found), rest) or 0


def check_tool(name):
    if name not in DESCRIPTIONS:
        raise Fatal(f"unknown tool '{name}'" + did_you_mean(name, DESCRIPTIONS))
    return name


def list_tools():
    print("ninja subtools:")
    for name, about in DESCRIPTIONS.items():
        print(f"{name:>11}  {about}")


def edges_below(targets, seen=None):
    """The edges that build the targets, inputs before users."""
    seen = set() if seen is None else seen
    for node in targets:
        if node.edge and node.edge not in seen:
            seen.add(node.edge)
            yield from edges_below(node.edge.all_ins, seen)
            yield node.edge


@tool()
def targets(state, _options, _flags, arguments):
    mode, argument = (arguments + ["", ""])[:2]
    if mode == "rule":
        if argument:
            print(*sorted({o.path for e in state.edges if e.rule.name == argument for o in e.all_outs}), sep="\n")
        else:
            print(*(n.path for e in state.edges for n in e.all_ins if not n.edge), sep="\n")
    elif mode in ("", "depth"):
        depth = int(argument) if argument.isdigit() else 0 if argument else 1
        for root in state.roots():
            print_depth(root, depth, 0)
    elif mode == "all":
        for edge in state.edges:
            for out in edge.all_outs:
                print(f"{out.path}: {edge.rule.name}")
    else:
        hint = did_you_mean(mode, ["rule", "depth", "all"])
        raise NinjaError(f"unknown target tool mode '{mode}'{hint}")


def print_depth(node, depth, indent):
    print("  " * indent + node.path + (f": {node.edge.rule.name}" if node.edge else ""))
    if node.edge and depth != 1:
        for child in node.edge.all_ins:
            print_depth(child, depth - 1, indent + 1)


@tool("s", """usage: ninja -t commands [options] [targets]

options:
  -s     only print the final command to build [target], not the whole chain
""")
def commands(state, _options, flags, arguments):
    seen = set()
    for target in state.targets(arguments):
        edges = list(edges_below([target], seen))
        for edge in edges[-1:] if "-s" in flags else edges:
            if not edge.phony:
                print(edge.command)


@tool()
def query(state, _options, _flags, arguments):
    if not arguments:
        raise NinjaError("expected a target to query")
    for node in map(state.target, arguments):
        lines = [f"{node.path}:"]
        if edge := node.edge:
            lines.append(f"  input: {edge.rule.name}")
            for mark, nodes in ("", edge.ins), ("| ", edge.implicit), ("|| ", edge.order_only):
                lines += [f"    {mark}{child.path}" for child in nodes]
            if edge.validations:
                lines += ["  validations:"] + [f"    {child.path}" for child in edge.validations]
        lines += ["  outputs:"] + [f"    {out.path}" for user in node.users for out in user.all_outs]
        if node.validates:
            lines += ["  validation for:"]
            lines += [f"    {out.path}" for user in node.validates for out in user.all_outs]
        print(*lines, sep="\n")


@tool("d", """usage: ninja -t rules [options]

options:
  -d     also print the description of the rule
  -h     print this message
""")
def rules(state, _options, flags, _arguments):
    for name, rule in sorted(state.top.rules.items()):
        about = rule.bindings.get("description") if "-d" in flags else None
        source = "".join(f"${{{p}}}" if isinstance(p, Variable) else p for p in about or [])
        print(f"{name}: {source}" if about else name)


@tool("x", """usage: ninja -t compdb [options] [rules]

options:
  -x     expand @rspfile style response file invocations
""")
def compdb(state, _options, _flags, arguments):
    entries = [{"directory": os.getcwd(), "command": edge.command, "file": node.path,
                "output": edge.all_outs[0].path}
               for edge in state.edges if not arguments or edge.rule.name in arguments
               for node in edge.all_ins]
    print(json.dumps(entries, indent=2, ensure_ascii=False) if entries else "[\n]")


@tool("gr", """usage: ninja -t clean [options] [targets]

options:
  -g     also clean files marked as ninja generator output
  -r     interpret targets as a list of rules to clean instead
""")
def clean(state, options, flags, arguments):
    if "-r" in flags and not arguments:
        raise NinjaError("expected a rule to clean")
    say = (lambda *a, **k: None) if options.quiet else print
    verbose = options.verbose or options.dry_run
    say("Cleaning...", end="\n" if verbose else " ", flush=True)
    count = status = 0
    try:
        for edge in edges_to_clean(state, flags, arguments):
            for path in filter(None, [o.path for o in edge.all_outs] + [edge.get("depfile"), edge.get("rspfile")]):
                if remove(path, options.dry_run):
                    count += 1
                    if verbose:
                        say("Remove", path)
    except NinjaError as error:
        print("ninja: error:", error, file=sys.stderr)
        status = 1
    say(f"{count} files.")
    return status


def edges_to_clean(state, flags, arguments):
    if "-r" in flags:
        for name in arguments:
            if not state.top.rule(name):
                raise NinjaError(f"unknown rule '{name}'")
            yield from (edge for edge in state.edges if edge.rule.name == name)
    elif arguments:
        yield from (edge for edge in edges_below(state.targets(arguments)) if not edge.phony)
    else:
        yield from (edge for edge in state.edges
                    if not edge.phony and ("-g" in flags or not edge.get("generator")))


def remove(path, dry_run):
    if not os.path.exists(path):
        return False
    if not dry_run:
        os.unlink(path)
    return True
