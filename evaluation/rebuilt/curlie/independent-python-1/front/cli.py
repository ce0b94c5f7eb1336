"""Running curl and passing on what it writes."""
import os
import subprocess
import sys
from threading import Thread

from . import arguments, curl, pretty

USAGE = "Usage: {} [options...] [METHOD] URL [REQUEST_ITEM [REQUEST_ITEM ...]]"
HELP = ("-h", "--help")


def main(argv):
    program, *words = argv
    request = arguments.parse(words or ["--help", "all"])
    styled = "--pretty" in request.own or sys.stderr.isatty()
    auto_verbose = styled and not request.has("-s", "--silent", *HELP)
    command = curl.compose(request, not sys.stdin.isatty(), auto_verbose)
    if command.address:
        print(command.address.error, end="", flush=True)
        print(command.address.shown, file=sys.stderr, flush=True)
    if "--curl" in request.own:
        print(command)
        return 0
    try:
        if request.has(*HELP):
            return show_help(program, command)
        return run(request, command, styled)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1


def show_help(program, command):
    print(USAGE.format(program))
    result = subprocess.run(["curl", *command.arguments], stdout=subprocess.PIPE, text=True)
    text = result.stdout
    if text.startswith("Usage:"):
        text = text.partition("\n")[2]
    print(text, end="")
    return result.returncode


def run(request, command, styled):
    verbose = request.has("-v", "--verbose")
    body, stdin = os.fsencode(command.body), None
    if verbose and not body and not sys.stdin.isatty():
        body = sys.stdin.buffer.read()
        stdin = subprocess.PIPE
    process = subprocess.Popen(["curl", *command.arguments], stdin=stdin,
                               stdout=output_for(request), stderr=subprocess.PIPE)
    workers = []
    if stdin:
        workers.append(Thread(target=send, args=(process.stdin, body)))
    if process.stdout:
        workers.append(Thread(target=show_pretty, args=(process.stdout,)))
    for worker in workers:
        worker.start()
    for line in trace(process.stderr, verbose, styled, body.decode("latin-1")):
        sys.stderr.buffer.write(line.encode("latin-1"))
        sys.stderr.buffer.flush()
    for worker in workers:
        worker.join()
    return process.wait()


def output_for(request):
    terminal = sys.stdout.isatty()
    if terminal and (request.method == "HEAD" or request.has("-I", "--head")):
        return subprocess.DEVNULL  # the headers already appear on stderr
    return subprocess.PIPE if terminal or "--pretty" in request.own else None


def send(pipe, data):
    try:
        with pipe:
            pipe.write(data)
    except BrokenPipeError:
        pass


def show_pretty(stream):
    chunks = iter(lambda: os.read(stream.fileno(), 65536).decode("latin-1"), "")
    for text in pretty.render(chunks):
        sys.stdout.buffer.write(text.encode("latin-1"))
        sys.stdout.buffer.flush()


def trace(stream, verbose, styled, body):
    """Yield the lines of curl's -v output that are meant for the user."""
    style = pretty.color_line if styled else str
    for raw in stream:
        line = raw.decode("latin-1").removesuffix("\n")
        match line[:2]:
            case "< ":
                yield style(line[2:]) + "\n"
            case "> " | "* ":
                if verbose:
                    yield style(line.removeprefix("> ")) + "\n"
            case "{ " | "} ":
                if verbose and body is not None:
                    yield "".join(pretty.render([body])) if styled and body else body
                    yield "\n\n"
                    body = None
            case _:
                yield style(line) + "\n"
