"""The default config file, and the questions asked when there is none."""
import os
import shutil
import sys

from .config import candidates
from .errors import Stop
from .output import show

DATA = os.path.join(os.path.dirname(__file__), "data")


def read_data(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return file.read()


def first_program(*names):
    return next((path for path in map(shutil.which, names) if path), names[-1])


def default_config():
    env = os.environ
    editor = env.get("VISUAL") or env.get("EDITOR") or first_program("editor", "nano", "vim", "vi")
    pager = env.get("PAGER") or first_program("pager", "less", "more")
    text = read_data("conf.yml").replace("@EDITOR@", editor).replace("@PAGER@", pager)
    return text.replace("@DIR@", os.path.dirname(candidates()[0]).rstrip("/"))


def ask(question):
    show(question + " [Y/n]: ")
    answer = sys.stdin.readline()
    if not answer:
        raise Stop("failed to create config: failed to prompt: EOF")
    return answer.strip().lower() in ("", "y", "yes")


def install():
    """Offers to write a config file; the run ends here either way."""
    if not ask("A config file was not found. Would you like to create one now?"):
        return
    if ask("Would you like to download the community cheatsheets?"):
        raise Stop("downloading is not supported: clone the cheatsheets yourself, as 'cheat --init' explains")
    place = candidates()[0]
    try:
        for name in ("personal", "work"):
            os.makedirs(os.path.join(os.path.dirname(place), "cheatsheets", name), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(default_config().rstrip("\n"))
    except OSError as error:
        raise Stop(f"could not write the config file: {error.strerror}")
    show(f"Created config file: {place}\nPlease read this file for advanced configuration information.\n")
