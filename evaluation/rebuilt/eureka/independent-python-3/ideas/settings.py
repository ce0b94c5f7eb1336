"""The stored configuration: where it lives, reading, writing, clearing."""
import json
import os

from .failure import Failure
from .settings_text import read_repo_field


def settings_folder():
    base = os.environ.get("XDG_CONFIG_HOME")
    if base is None:
        base = os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(base, "eureka")


def settings_file():
    return os.path.join(settings_folder(), "config.json")


def load_repo():
    """Path of the idea repository; Failure or OSError when there is none."""
    with open(settings_file(), encoding="utf-8") as source:
        text = source.read()
    if not text:
        raise FileNotFoundError(2, "empty configuration")
    return read_repo_field(text)


def has_usable_settings():
    try:
        load_repo()
    except (Failure, OSError, UnicodeDecodeError):
        return False
    return True


def make_folder():
    os.makedirs(settings_folder(), exist_ok=True)


def save_repo(path):
    text = json.dumps({"repo": path}, separators=(",", ":"), ensure_ascii=False)
    with open(settings_file(), "w", encoding="utf-8") as target:
        target.write(text)


def clear():
    os.remove(settings_file())
