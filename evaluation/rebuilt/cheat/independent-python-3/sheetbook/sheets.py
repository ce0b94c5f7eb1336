"""Reading cheatsheets from disk and choosing among them."""
import os
from collections import namedtuple

from . import yamlite
from .errors import Stop

Sheet = namedtuple("Sheet", "title shelf file text tags syntax")


def load_all(shelves):
    """Every sheet, shelf by shelf, sorted by title within a shelf."""
    return [load_sheet(shelf, title) for shelf in shelves for title in list_titles(shelf.folder)]


def list_titles(folder):
    titles = []
    for here, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name != ".git"]
        plain_names = [name for name in names if "." not in name]
        titles += [os.path.relpath(os.path.join(here, name), folder) for name in plain_names]
    return sorted(titles)


def load_sheet(shelf, title):
    file = os.path.join(shelf.folder, title)
    try:
        with open(file, encoding="utf-8", errors="surrogateescape", newline="") as source:
            header, text = split_header(source.read())
    except (ValueError, OSError) as error:
        raise Stop("failed to list cheatsheets: failed to load cheatsheets: "
                   f"failed to load sheet: {title}, path: {file}, err: {error}")
    own = header.get("tags") or []
    own = own if isinstance(own, list) else [own]
    return Sheet(title, shelf, file, text, sorted(own + shelf.tags), header.get("syntax") or "")


def split_header(content):
    mark = "---\r\n" if content.startswith("---\r\n") else "---\n"
    if not content.startswith(mark):
        return {}, content
    header, closing, text = content[len(mark):].partition(mark)
    if not closing:
        raise ValueError("failed to parse front-matter: failed to delimit frontmatter")
    try:
        return yamlite.load(header), text
    except ValueError as error:
        raise ValueError(f"failed to parse front-matter: failed to unmarshal frontmatter: yaml: {error}")


def with_tags(sheets, wanted):
    if wanted is None:
        return sheets
    needed = {tag.strip() for tag in wanted.split(",")}
    return [sheet for sheet in sheets if needed <= set(sheet.tags)]


def most_local(sheets, title):
    """The sheet with this title on the last shelf that has one."""
    return next((sheet for sheet in reversed(sheets) if sheet.title == title), None)


def matching_paragraphs(sheet, pattern):
    return "\n\n".join(part for part in sheet.text.split("\n\n") if pattern.search(part))


def check_title(title):
    problem = title_problem(title)
    if problem:
        raise Stop(f"invalid cheatsheet name: cheatsheet name {problem}")


def title_problem(title):
    if not title:
        return "cannot be empty"
    if ".." in title:
        return "cannot contain '..'"
    if title.startswith("/"):
        return "cannot be an absolute path"
    if title.startswith("~"):
        return "cannot start with '~'"
    if os.path.basename(title).startswith("."):
        return "cannot start with '.' (hidden files are not supported)"
    return None
