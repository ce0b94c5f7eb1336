"""What the program does for each command line."""
import os
import sys

from . import settings, terminal
from .failure import Failure, describe_os_error
from .options import EarlyText, UsageError, parse
from .repository import BRANCH, IDEA_FILE, Repository


def main(arguments):
    name = os.path.basename(arguments[0])
    try:
        flags = parse(arguments[1:], name)
    except EarlyText as text:
        terminal.write(str(text))
        return 0
    except UsageError as error:
        sys.stderr.write(error.render(name))
        return 2
    run_reporting(choose_action(flags))
    return 0


def choose_action(flags):
    if "--clear-config" in flags:
        return settings.clear
    if "--view" in flags:
        return view_ideas
    if settings.has_usable_settings():
        return capture_idea
    return set_up


def run_reporting(action):
    """Run an action; problems are shown but do not change the exit code."""
    try:
        action()
    except Failure as failure:
        terminal.report(failure)
    except OSError as error:
        terminal.report(describe_os_error(error))
    except UnicodeDecodeError:
        terminal.report("stream did not contain valid UTF-8")


def view_ideas():
    idea_file = os.path.join(settings.load_repo(), IDEA_FILE)
    os.stat(idea_file)
    terminal.open_with("PAGER", "less", idea_file)


def set_up():
    settings.make_folder()
    terminal.say_coloured(terminal.YELLOW, terminal.WELCOME)
    settings.save_repo(ask_for_repo())
    terminal.say("First time setup complete. Happy ideation!")


def ask_for_repo():
    while True:
        path = terminal.ask("Absolute path to your idea repo")
        if os.path.isabs(path):
            return path
        terminal.say_coloured(terminal.RED, "Path must be absolute\n")


def capture_idea():
    path = settings.load_repo()
    summary = terminal.ask(">> Idea summary")
    repository = Repository(path)
    idea_file = os.path.join(path, IDEA_FILE)
    run_reporting(lambda: terminal.open_with("EDITOR", "vi", idea_file))
    store_idea(repository, summary)


def store_idea(repository, summary):
    terminal.say(f"Adding and committing your new idea to {BRANCH}..")
    repository.switch_branch()
    repository.commit(summary)
    terminal.say("Added and committed!")
    terminal.say("Pushing your new idea..")
    repository.push()
    terminal.say("Pushed!")
