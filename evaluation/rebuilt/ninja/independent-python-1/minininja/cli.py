"""The command line."""
import getopt
import os
import sys
from dataclasses import dataclass, field

from .build import Options, Stopped, build
from .graph import State
from .logs import Logs
from .manifest import VERSION, load
from .text import Fatal, NinjaError, canonical, did_you_mean
from .tools import check_tool, list_tools, run_tool

UNLIMITED = 1 << 30
DEBUG_MODES = {"stats": "print operation counts/timing info", "explain": "explain what caused a command to execute",
               "keepdepfile": "don't delete depfiles after they're read by ninja",
               "keeprsp": "don't delete @response files on success"}
USAGE = """usage: ninja [options] [targets...]

if targets are unspecified, builds the 'default' target (see manual).

options:
  --version      print ninja version ("{version}")
  -v, --verbose  show all command lines while building
  --quiet        don't show progress status, just command output

  -C DIR   change to DIR before doing anything else
  -f FILE  specify input build file [default=build.ninja]

  -j N     run N jobs in parallel (0 means infinity) [default={jobs} on this system]
  -k N     keep going until N jobs fail (0 means infinity) [default=1]
  -l N     do not start new jobs if the load average is greater than N
  -n       dry run (don't run commands but act like they succeeded)

  -d MODE  enable debugging (use '-d list' to list modes)
  -t TOOL  run a subtool (use '-t list' to list subtools)
    terminates toplevel options; further flags are passed to the tool
  -w FLAG  adjust warnings (use '-w list' to list warnings)
"""


@dataclass
class Settings:
    file: str = "build.ninja"
    directory: str = ""
    tool: str = ""
    arguments: list = field(default_factory=list)
    build: Options = field(default_factory=Options)


def default_jobs():
    cpus = len(os.sched_getaffinity(0))
    return {1: 2, 2: 3}.get(cpus, cpus + 2)


def fail_with_usage():
    print(USAGE.format(version=VERSION, jobs=default_jobs()), end="", file=sys.stderr)
    sys.exit(1)


def number(text, complaint, minimum=None):
    try:
        value = int(text)
    except ValueError:
        raise Fatal(complaint) from None
    if minimum is not None and value < minimum:
        raise Fatal(complaint)
    return value if value > 0 else UNLIMITED


def set_debug(mode, options):
    if mode == "list":
        print("debugging modes:")
        for name, about in DEBUG_MODES.items():
            print(f"  {name:<12} {about}")
        print("multiple modes can be enabled via -d FOO -d BAR")
        sys.exit(1)
    if mode not in DEBUG_MODES:
        raise NinjaError(f"unknown debug setting '{mode}'" + did_you_mean(mode, DEBUG_MODES))
    options.debug.add(mode)


def split_tool(words):
    """Split the words before -t TOOL from the tool's own arguments."""
    for i, word in enumerate(words):
        if word == "-t" and i + 1 < len(words):
            return words[:i], words[i + 1], words[i + 2:]
        if word == "--":
            break
    return words, "", []


def read_options(argv):
    settings = Settings()
    settings.build.jobs = default_jobs()
    words, tool, tool_arguments = split_tool(argv[1:])
    try:
        flags, targets = getopt.gnu_getopt(words, "d:f:j:k:l:nt:vw:C:h", ["help", "version", "verbose", "quiet"])
    except getopt.GetoptError as error:
        problem = (f"option requires an argument -- '{error.opt}'" if "requires" in error.msg else
                   f"unrecognized option '--{error.opt}'" if len(error.opt) > 1 else
                   f"invalid option -- '{error.opt}'")
        print(f"{argv[0]}: {problem}", file=sys.stderr)
        fail_with_usage()
    for flag, value in flags:
        set_option(settings, flag, value)
    if tool == "list":
        list_tools()
        sys.exit(0)
    settings.tool = check_tool(tool) if tool else ""
    settings.arguments = tool_arguments if tool else targets
    return settings


def set_option(settings, flag, value):  # -l and -w are accepted without effect
    options = settings.build
    match flag:
        case "-h" | "--help":
            fail_with_usage()
        case "--version":
            print(VERSION)
            sys.exit(0)
        case "-v" | "--verbose":
            options.verbose = True
        case "--quiet":
            options.quiet = True
        case "-n":
            options.dry_run = True
        case "-C":
            settings.directory = value
        case "-f":
            settings.file = value
        case "-j":
            options.jobs = number(value, "invalid -j parameter", minimum=0)
        case "-k":
            options.keep_going = number(value, "-k parameter not numeric; did you mean -k 0?")
        case "-d":
            set_debug(value, options)


def enter_directory(settings):
    directory = settings.directory
    if not settings.tool and not settings.build.quiet:
        print(f"ninja: Entering directory `{directory}'", flush=True)
    try:
        os.chdir(directory)
    except OSError as error:
        raise Fatal(f"chdir to '{directory}' - {error.strerror}") from None


def rebuild_manifest(state, logs, settings):
    """Build the build file itself if a statement says how; True when it must be read again."""
    manifest = state.nodes.get(canonical(settings.file))
    if not manifest or not manifest.edge:
        return False
    try:
        return build(state, logs, settings.build, [manifest]) and not settings.build.dry_run
    except Stopped as stopped:
        raise NinjaError(f"rebuilding '{settings.file}': {stopped.args[0]}") from None


def run(argv):
    settings = read_options(argv)
    if settings.directory:
        enter_directory(settings)
    while True:
        state = State()
        load(state, state.top, settings.file)
        if settings.tool:
            return run_tool(settings.tool, state, settings.build, settings.arguments)
        logs = Logs(state.top.get("builddir"))
        if not rebuild_manifest(state, logs, settings):
            break
    try:
        if not build(state, logs, settings.build, state.targets(settings.arguments)) and not settings.build.quiet:
            print("ninja: no work to do.")
        return 0
    except Stopped as stopped:
        message, code = stopped.args
        print(f"ninja: build stopped: {message}.")
        return code


def main(argv):
    sys.setrecursionlimit(100_000)
    for stream in sys.stdout, sys.stderr:
        stream.reconfigure(errors="surrogateescape", line_buffering=True)
    try:
        return run(argv)
    except NinjaError as error:
        print("ninja: error:", error, file=sys.stderr)
    except Fatal as error:
        print("ninja: fatal:", error, file=sys.stderr)
    except KeyboardInterrupt:
        print("ninja: build stopped: interrupted by user.")
        return 130
    return 1
