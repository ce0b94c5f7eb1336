"""What each option does once the configuration is known."""
import os
import re
import shutil
import subprocess
import sys

from . import sheets as library
from .errors import Stop
from .output import sheet_text, show, table, titled


def pick_sheets(options, config):
    return library.with_tags(library.load_all(config.shelves), options.value("tag"))


def wants_colour(options, config):
    return options.on("colorize") or (config.colorize and sys.stdout.isatty())


def compile_pattern(text, ignore_case):
    try:
        # a bare `$` means the very end of the text, not also before a last newline
        ends_strict = re.sub(r"\\.|\[[^\]]*\]|\$", lambda m: r"\Z" if m[0] == "$" else m[0], text)
        return re.compile(ends_strict, re.I if ignore_case else 0)
    except re.error as error:
        reason = str(error)
        if error.msg == "unterminated character set":
            reason = f"missing closing ]: `{text[error.pos:]}`"
        shown = "(?i)" + text if ignore_case else text
        raise Stop(f"failed to compile regexp: {shown}, error parsing regexp: {reason}")


def list_folders(options, config):
    show(table([(shelf.name + ":", shelf.folder) for shelf in config.shelves]), config)


def list_sheets(options, config):
    chosen = pick_sheets(options, config)
    if options.word is not None:
        pattern = compile_pattern(options.word, True)
        chosen = [sheet for sheet in chosen if pattern.search(sheet.title)]
    if not chosen:
        raise Stop(code=2)
    chosen.sort(key=lambda sheet: sheet.title)
    rows = [("title:", "file:", "tags:")]
    rows += [(sheet.title, sheet.file, ",".join(sheet.tags)) for sheet in chosen]
    if options.on("brief"):
        rows = [(title, tags) for title, _, tags in rows]
    show(table(rows), config)


def list_tags(options, config):
    tags = {tag for sheet in library.load_all(config.shelves) for tag in sheet.tags}
    show("".join(tag + "\n" for tag in sorted(tags)), config)


def search(options, config):
    phrase = options.value("search")
    literal = not options.on("regex")
    pattern = compile_pattern(re.escape(phrase) if literal else phrase, literal)
    parts = []
    for sheet in pick_sheets(options, config):
        if options.word not in (None, sheet.title):
            continue
        text = library.matching_paragraphs(sheet, pattern)
        if text.strip():
            parts.append(titled(sheet, text, config, wants_colour(options, config)))
    show("\n".join(parts).rstrip(), config)


def view(options, config):
    sheet = library.most_local(pick_sheets(options, config), options.word)
    if not sheet:
        raise Stop(f"No cheatsheet found for '{options.word}'.", code=2, to_stdout=True)
    show(sheet_text(sheet, sheet.text, config, wants_colour(options, config)), config)


def view_all(options, config):
    chosen = [sheet for sheet in pick_sheets(options, config) if sheet.title == options.word]
    colorize = wants_colour(options, config)
    show("\n".join(titled(sheet, sheet.text, config, colorize) for sheet in chosen), config)


def remove(options, config):
    title = options.value("rm")
    library.check_title(title)
    sheet = library.most_local(pick_sheets(options, config), title)
    if not sheet:
        raise Stop(f"No cheatsheet found for '{title}'.", code=2)
    if sheet.shelf.readonly:
        raise Stop(f"cheatsheet '{title}' is read-only.")
    try:
        os.remove(sheet.file)
    except OSError as error:
        raise Stop(f"could not remove '{sheet.file}': {error.strerror}")


def edit(options, config):
    title = options.value("edit")
    library.check_title(title)
    sheet = library.most_local(pick_sheets(options, config), title)
    if sheet and not sheet.shelf.readonly:
        run_editor(config, sheet.file)
        return
    file = os.path.normpath(os.path.join(writable_folder(config), title))
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        if sheet:
            shutil.copyfile(sheet.file, file)
    except OSError as error:
        raise Stop(f"could not prepare '{file}': {error.strerror}")
    run_editor(config, file)


def writable_folder(config):
    for shelf in reversed(config.shelves):
        if not shelf.readonly:
            return shelf.folder
    raise Stop("failed to get writeable path: no writeable cheatpaths found")


def run_editor(config, file):
    command = config.editor.split() + [file]
    try:
        code = subprocess.run(command, check=False).returncode
    except OSError as error:
        raise Stop(f"failed to edit cheatsheet: fork/exec {command[0]}: {error.strerror.lower()}")
    if code:
        raise Stop(f"failed to edit cheatsheet: exit status {code}")


def update(options, config):
    failures = 0
    for shelf in config.shelves:
        state = pull(shelf.folder)
        failed = state.startswith("error")
        failures += failed
        print(f"{shelf.name}: {state}", file=sys.stderr if failed else sys.stdout)
    if failures:
        raise Stop()


def pull(folder):
    if not os.path.isdir(os.path.join(folder, ".git", "objects")):
        return "skipped (not a git repository)"
    if git(folder, "status", "--porcelain").stdout:
        return "skipped (dirty worktree)"
    if not git(folder, "remote").stdout:
        return "error (remote not found)"
    return "error (git pull failed)" if git(folder, "pull", "--ff-only").returncode else "ok"


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
