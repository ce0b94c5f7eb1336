"""Request items (KEY<separator>VALUE words) and the JSON they add up to."""
import json
import re
from dataclasses import dataclass, field
from urllib.parse import quote_plus

ITEM = re.compile(r"([^:=]*)(:=|:|==|=)(.*)", re.DOTALL)
# characters that are written as escapes so the text is safe inside HTML
ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass
class Items:
    arguments: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    query: list = field(default_factory=list)
    fields: dict = field(default_factory=dict)

    @property
    def body(self):
        if not self.fields:
            return ""
        text = json.dumps(self.fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return text.translate(ESCAPES)


def collect(words, form=False):
    items = Items()
    for word in words:
        match = ITEM.fullmatch(word)
        if not match:
            items.arguments.append(word)
            continue
        key, separator, value = match.groups()
        if separator == ":":
            items.arguments += ["-H", word]
            items.headers.append(word)
        elif separator == "==":
            items.query.append(f"{quote_plus(key)}={quote_plus(value)}")
        elif separator == ":=":
            items.fields[key] = _json_or_none(value)
        elif form:
            items.arguments += ["-F", word]
        else:
            items.fields[key] = value
    return items


def _json_or_none(text):
    try:
        return json.loads(text, parse_float=_number, parse_constant=_reject)
    except ValueError:
        return None


def _number(text):
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e21 else value


def _reject(name):
    raise ValueError(f"{name} is not JSON")
