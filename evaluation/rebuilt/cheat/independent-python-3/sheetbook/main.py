"""Chooses what to do from the options and turns failures into exit codes."""
import sys

from . import commands, config as settings, setup
from .errors import Stop
from .options import Options
from .output import show

VERSION = "5.1.0"
SHELLS = ("bash", "zsh", "fish", "powershell")
ACTIONS = (
    ("directories", commands.list_folders),
    ("edit", commands.edit),
    ("list", commands.list_sheets),
    ("brief", commands.list_sheets),
    ("tags", commands.list_tags),
    ("update", commands.update),
    ("search", commands.search),
    ("rm", commands.remove),
)


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="surrogateescape")
    try:
        run(Options(arguments))
    except Stop as stop:
        if stop.message:
            print(stop.message, file=sys.stdout if stop.to_stdout else sys.stderr)
        return stop.code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def run(options):
    early = text_without_config(options)
    if early is not None:
        show(early)
        return
    place = settings.locate()
    if place is None:
        setup.install()
        return
    config = settings.load(place)
    if options.value("path"):
        keep_shelf(config, options.value("path"))
    if options.on("conf"):
        show(place + "\n")
        return
    action = choose(options)
    if action is None:
        show(setup.read_data("help.txt"))
        return
    action(options, config)


def text_without_config(options):
    if options.on("help"):
        return setup.read_data("help.txt")
    if options.on("version"):
        return VERSION + "\n"
    if options.value("completion") is not None:
        raise Stop(completion_problem(options.value("completion")))
    if options.on("init"):
        return setup.default_config()
    return None


def completion_problem(shell):
    if shell in SHELLS:
        return f"completion for {shell} is not available in this build"
    return f"unsupported shell: {shell} (valid: {', '.join(SHELLS)})"


def keep_shelf(config, name):
    config.shelves = [shelf for shelf in config.shelves if shelf.name == name]
    if not config.shelves:
        raise Stop(f"invalid option --path: cheatpath does not exist: {name}")


def choose(options):
    """The first requested action, in order of precedence."""
    for name, action in ACTIONS:
        if options.value(name) not in (None, False):
            return action
    if options.word is None:
        return commands.list_sheets if options.value("tag") else None
    return commands.view_all if options.on("all") else commands.view
