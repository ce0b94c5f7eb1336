"""A reader for the part of YAML that configs and front matter use:
`key: value` lines, lists of such groups, and bracketed lists of words."""
import re


def load(text):
    """A dict of the settings; raises ValueError on lines it cannot read."""
    settings, key = {}, None
    group, group_key, dash = None, None, 0
    for number, line in enumerate(text.splitlines(), 1):
        body = re.sub(r"(^|\s)#.*", "", line).rstrip()
        if not body or body == "---":
            continue
        content = body.lstrip()
        indent = len(body) - len(content)
        if content.startswith("- "):
            content = content[2:].lstrip()
            if group is not None and indent > dash:
                add_item(group, group_key, content, number)
                continue
            group, dash = add_item(settings, key, content, number), indent
            group_key = next(iter(group), None) if group else None
            continue
        name, value = read_pair(content, number)
        if group is not None and indent > dash:
            group[name], group_key = value, name
            continue
        settings[name], key, group = value, name, None
    return settings


def add_item(holder, key, content, number):
    """Appends an item to the list under `key`; returns it when it is a group."""
    if key is None:
        raise ValueError(f"line {number}: a list needs a name")
    if not isinstance(holder[key], list):
        holder[key] = []
    if not re.match(r"[\w-]+:(\s|$)", content):
        holder[key].append(scalar(content))
        return None
    name, value = read_pair(content, number)
    holder[key].append({name: value})
    return holder[key][-1]


def read_pair(content, number):
    match = re.match(r"([\w-]+)\s*:(?:\s+(.*))?$", content)
    if not match:
        raise ValueError(f"line {number}: expected 'key: value'")
    return match[1], read_value(match[2] or "", number)


def read_value(text, number):
    if not text.startswith("["):
        return scalar(text)
    items = [item.strip() for item in text.strip("[]").split(",") if item.strip()]
    if not text.endswith("]"):
        wanted = "',' or ']'" if items else "node content"
        raise ValueError(f"line {number}: did not find expected {wanted}")
    return [scalar(item) for item in items]


def scalar(text):
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text
