"""Composing the curl command line."""
from dataclasses import dataclass

from . import address, items
from .address import Address

JSON_TYPE = "Content-Type: application/json"
ACCEPT = "Accept: application/json, */*"


@dataclass
class Command:
    arguments: list
    body: str  # what to echo in verbose mode
    address: Address | None

    def __str__(self):
        return " ".join(["curl", *map(_quote, self.arguments)])


def _quote(word):
    if " " not in word:
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def compose(request, stdin_piped, auto_verbose):
    parts = items.collect(request.items, form="--form" in request.own)
    arguments = request.curl_options + _method_arguments(request.method) + parts.arguments
    has_data = request.has("-d") or bool(parts.body)
    body = parts.body or "".join(request.values("-d")[-1:])
    if parts.body:
        arguments += ["-d", parts.body]
    target = None
    if request.url is not None:
        target = address.build(request.url, parts.query)
        arguments.append(target.target)
    arguments += ["-s", "-S"]
    if auto_verbose:
        arguments.append("-v")
    if stdin_piped and not has_data and not request.has("-h", "--help"):
        has_data = True
        arguments.append("-d@-")
    given = {h.partition(":")[0].strip().lower() for h in request.values("-H", "--header") + parts.headers}
    if has_data and "-F" not in arguments and "content-type" not in given:
        arguments += ["-H", JSON_TYPE]
    if "accept" not in given:
        arguments += ["-H", ACCEPT]
    return Command(arguments, body, target)


def _method_arguments(method):
    if method == "HEAD":
        return ["-I"]
    return ["-X", method] if method else []
