"""The URL as the user sees it and as curl gets it."""
import re
from typing import NamedTuple
from urllib.parse import quote

BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}")
PARTS = re.compile(r"(https?://)([^/?#]*)(.*)", re.DOTALL)


class Address(NamedTuple):
    shown: str
    target: str
    error: str = ""


def build(word, query=()):
    shown = _with_scheme(word)
    if query:
        shown += ("&" if "?" in shown else "?") + "&".join(query)
    scheme, host, rest = PARTS.fullmatch(shown).groups()
    if problem := _problem(host, rest):
        return Address(shown, shown, f'parse "{shown}": {problem}')
    if host.startswith(":"):  # ":3000" is short for this machine
        host = f"localhost{host}".removesuffix(":")
    target = host + quote(rest, safe="/?#[]@!$&'()*+,;=:%~")
    if scheme == "https://" or word.startswith("http://") or not target:
        target = f"{scheme}{target}" if target else "http:"
    return Address(shown, target)


def _with_scheme(word):
    if word.startswith(("http://", "https://")):
        return word
    return f"http:{word}" if word.startswith("//") else f"http://{word}"


def _problem(host, rest):
    if " " in host:
        return 'invalid character " " in host name'
    if match := re.search(r":[^:\]]*[^0-9:\]][^:\]]*$", host.rpartition("@")[2]):
        return f'invalid port "{match[0]}" after host'
    if match := BAD_ESCAPE.search(rest.partition("?")[0]):
        return f'invalid URL escape "{match[0]}"'
    return ""
