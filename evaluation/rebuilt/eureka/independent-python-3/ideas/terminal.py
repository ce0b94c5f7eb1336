"""Coloured messages, questions, and starting other programs."""
import os
import subprocess
import sys

from .failure import Failure

RESET, BOLD = "\033[0m", "\033[1m"
RED, GREEN, YELLOW = "\033[31m", "\033[32m", "\033[33m"
RULE = "#" * 60
WELCOME = f"""{RULE}
####                  First Time Setup                  ####
{RULE}

This tool requires you to have a repository with a README.md
in the root folder. The markdown file is where your ideas
will be stored.

Once first time setup has completed, simply run Eureka again
to begin writing down ideas.
        
"""


def write(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def say(line):
    write(line + "\n")


def say_coloured(color, text):
    write(RESET + color + text + RESET)


def ask(question):
    """Repeat the question until a line that is not blank is typed."""
    while True:
        write(f"{RESET}{BOLD}{GREEN}{question}\n{RESET}> ")
        answer = read_line().strip()
        if answer:
            return answer


def read_line():
    line = sys.stdin.buffer.readline()
    if not line:
        raise Failure("input ended before an answer was given")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise Failure("stream did not contain valid UTF-8") from None


def report(message):
    sys.stderr.write(f" ERROR eureka > {message}\n")


def open_with(variable, default, path):
    """Run the program that an environment variable names on a file."""
    program = os.environ.get(variable, default)
    if not program:
        raise FileNotFoundError(2, variable)
    subprocess.run([program, path], check=False)
