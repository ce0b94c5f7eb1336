"""Finding, reading and checking the configuration."""
import os
import sys
from collections import namedtuple

from . import yamlite
from .errors import Stop

# One cheatpath: a named directory of cheatsheets.
Shelf = namedtuple("Shelf", "name folder tags readonly")
FORMATTERS = ("terminal", "terminal256", "terminal16m")


class Config:
    def __init__(self, fields, shelves):
        env = os.environ
        self.colorize = flag(fields, "colorize")
        self.style = fields.get("style")
        self.formatter = fields.get("formatter") or "terminal"
        self.pager = fields.get("pager") or ""
        self.editor = env.get("VISUAL") or env.get("EDITOR") or fields.get("editor") or "vi"
        self.shelves = shelves


def candidates():
    """Where the config file may be, in order of preference."""
    env, home = os.environ, os.path.expanduser("~")
    if "CHEAT_CONFIG_PATH" in env:
        return [os.path.expanduser(env["CHEAT_CONFIG_PATH"])]
    bases = [env["XDG_CONFIG_HOME"] + "/cheat"] if env.get("XDG_CONFIG_HOME") else []
    bases += [home + "/.config/cheat", home + "/.cheat", "/etc/cheat"]
    return [base + "/conf.yml" for base in bases]


def locate():
    return next((place for place in candidates() if os.path.isfile(place)), None)


def load(place):
    try:
        with open(place, encoding="utf-8") as file:
            fields = yamlite.load(file.read())
    except OSError as error:
        raise Stop(f"failed to load config: {error.strerror}")
    except ValueError as error:
        raise Stop(f"failed to load config: could not unmarshal yaml: yaml: {error}")
    shelves = read_shelves(fields.get("cheatpaths") or []) + local_shelves()
    config = Config(fields, shelves)
    problem = find_problem(config)
    if problem:
        raise Stop(f"failed to load config: config error: {problem}")
    return config


def read_shelves(entries):
    shelves = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise Stop("failed to load config: each cheatpath must be a block of 'key: value' lines")
        folder = os.path.expanduser(entry.get("path") or ".")
        if not os.path.isdir(folder):
            print(f"WARNING: cheatpath '{folder}' does not exist, skipping", file=sys.stderr)
            continue
        shelves.append(Shelf(entry.get("name"), folder, entry.get("tags") or [], flag(entry, "readonly")))
    return shelves


def flag(fields, key):
    value = fields.get(key) or False
    if isinstance(value, bool):
        return value
    raise Stop(f"failed to load config: '{key}' must be true or false, not '{value}'")


def local_shelves():
    """The nearest `.cheat` directory at or above the current one."""
    here = os.getcwd()
    while not os.path.isdir(os.path.join(here, ".cheat")):
        if here == "/":
            return []
        here = os.path.dirname(here)
    return [Shelf("cwd", os.path.join(here, ".cheat"), [], False)]


def find_problem(config):
    names = [shelf.name for shelf in config.shelves]
    if not names:
        return "no cheatpaths specified"
    if config.formatter not in FORMATTERS:
        return f"formatter is invalid: {config.formatter}"
    if not all(names):
        return "cheatpath name cannot be empty"
    repeated = [name for name in names if names.count(name) > 1]
    return f"cheatpath name is not unique: {repeated[0]}" if repeated else None
