"""Splitting the command line into curl options and positional words."""
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

LONG_WITH_VALUE = frozenset(Path(__file__).with_name("options.txt").read_text().split())
SHORT_WITH_VALUE = frozenset("EKCbcdDFPHhmoUQreXYytzTuAwx")
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"})
OWN_OPTIONS = frozenset({"--pretty", "--curl", "--form"})


@dataclass
class Request:
    # (option, value or None) in the order given
    options: list = field(default_factory=list)
    own: set = field(default_factory=set)
    method: str = ""
    url: str | None = None
    items: list = field(default_factory=list)

    def has(self, *names):
        return any(option in names for option, _ in self.options)

    def values(self, *names):
        return [value for option, value in self.options if option in names and value is not None]

    @property
    def curl_options(self):
        return [word for pair in self.options for word in pair if word is not None]


def parse(argv):
    request, positional, queue = Request(), [], deque(argv)
    while queue:
        word = queue.popleft()
        if word == "--":
            positional.extend(queue)
            break
        if word.startswith("--"):
            _parse_long(request, word, queue)
        elif word.startswith("-") and word != "-":
            _parse_cluster(request, word[1:], queue)
        else:
            positional.append(word)
    _assign_positional(request, positional)
    return request


def _parse_long(request, word, queue):
    if word in OWN_OPTIONS:
        request.own.add(word)
    elif word[2:] in LONG_WITH_VALUE and queue:
        request.options.append((word, queue.popleft()))
    else:
        request.options.append((word, None))


def _parse_cluster(request, cluster, queue):
    """Unbundle short options: "sLo" is -s -L -o, and "dfoo" is -d foo."""
    while cluster:
        letter, cluster = cluster[0], cluster[1:]
        if letter == "F" and not cluster:
            request.own.add("--form")
        elif letter in SHORT_WITH_VALUE:
            value = cluster or (queue.popleft() if queue else None)
            request.options.append((f"-{letter}", value))
            return
        elif letter != "i":  # headers always travel on stderr, so -i is void
            request.options.append((f"-{letter}", None))


def _assign_positional(request, words):
    if words and words[0].upper() in METHODS:
        request.method = words.pop(0).upper()
    if words:
        request.url, *request.items = words
