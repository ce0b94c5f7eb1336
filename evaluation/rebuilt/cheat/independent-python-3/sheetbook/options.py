"""Command-line parsing: long flags and clusters of short ones."""
from .errors import Stop

SWITCHES = {
    "all": "a", "brief": "b", "colorize": "c", "conf": "", "directories": "d",
    "help": "h", "init": "", "list": "l", "regex": "r", "tags": "T",
    "update": "u", "version": "v",
}
VALUED = {"completion": "", "edit": "e", "path": "p", "rm": "", "search": "s", "tag": "t"}
LONG_OF = {short: name for name, short in {**SWITCHES, **VALUED}.items() if short}
TRUTH = {"1": True, "t": True, "true": True, "0": False, "f": False, "false": False}


class Options:
    def __init__(self, arguments):
        self.given = {}
        self.words = []
        rest = list(arguments)
        while rest:
            self.read(rest.pop(0), rest)
        self.word = self.words[0] if self.words else None
        if len(self.words) > 1 and not self.on("help"):
            raise Stop(f"accepts at most 1 arg(s), received {len(self.words)}")

    def on(self, name):
        return bool(self.given.get(name))

    def value(self, name):
        return self.given.get(name)

    def read(self, item, rest):
        if item == "--":
            self.words += rest
            rest.clear()
        elif item.startswith("--"):
            self.read_long(item[2:], rest)
        elif item.startswith("-") and item != "-":
            self.read_cluster(item[1:], rest)
        else:
            self.words.append(item)

    def read_long(self, text, rest):
        name, equals, value = text.partition("=")
        if name in SWITCHES:
            self.given[name] = truth(name, value) if equals else True
            return
        if name not in VALUED:
            raise Stop(f"unknown flag: --{name}")
        if not equals and not rest:
            raise Stop(f"flag needs an argument: --{name}")
        self.given[name] = value if equals else rest.pop(0)

    def read_cluster(self, cluster, rest):
        letter, tail = cluster[0], cluster[1:]
        name = LONG_OF.get(letter)
        if name is None:
            raise Stop(f"unknown shorthand flag: '{letter}' in -{cluster}")
        if name in VALUED:
            if not tail and not rest:
                raise Stop(f"flag needs an argument: '{letter}' in -{cluster}")
            self.given[name] = tail.removeprefix("=") if tail else rest.pop(0)
            return
        if tail.startswith("="):
            self.given[name] = truth(name, tail[1:])
            return
        self.given[name] = True
        if tail:
            self.read_cluster(tail, rest)


def truth(name, text):
    if text.lower() in TRUTH:
        return TRUTH[text.lower()]
    label = f"-{SWITCHES[name]}, --{name}" if SWITCHES[name] else f"--{name}"
    raise Stop(f'invalid argument "{text}" for "{label}" flag: '
               f'strconv.ParseBool: parsing "{text}": invalid syntax')
