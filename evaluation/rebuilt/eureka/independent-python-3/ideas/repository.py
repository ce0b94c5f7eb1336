"""The idea repository: committing and pushing, through the git command."""
import os
import subprocess

from .failure import Failure

BRANCH = "main"
BRANCH_REF = "refs/heads/" + BRANCH
IDEA_FILE = "README.md"


class Repository:
    def __init__(self, path):
        """Open the repository at exactly this path."""
        if not os.path.exists(path):
            raise Failure(f"failed to resolve path '{path}': No such file or "
                          "directory; class=Os (2); code=NotFound (-3)")
        if not os.path.exists(os.path.join(path, ".git")):
            raise Failure(f"could not find repository from '{path}'; "
                          "class=Repository (6); code=NotFound (-3)")
        self.path = path

    def run(self, *arguments, text=None):
        return subprocess.run(["git", "-C", self.path, *arguments], input=text,
                              capture_output=True, text=True, check=False)

    def output(self, *arguments, text=None):
        result = self.run(*arguments, text=text)
        if result.returncode != 0:
            raise Failure(last_line(result.stderr))
        return result.stdout.strip()

    def switch_branch(self):
        """Check out the idea branch, made from HEAD when it is missing."""
        head = self.run("rev-parse", "--verify", "-q", "HEAD")
        if head.returncode != 0:
            name = self.output("symbolic-ref", "HEAD")
            raise Failure(f"reference '{name}' not found; "
                          "class=Reference (4); code=UnbornBranch (-9)")
        if self.run("rev-parse", "--verify", "-q", BRANCH_REF).returncode != 0:
            self.output("update-ref", BRANCH_REF, head.stdout.strip())
        if self.run("symbolic-ref", "-q", "HEAD").stdout.strip() == BRANCH_REF:
            return
        result = self.run("checkout", "-q", BRANCH, "--")
        if result.returncode != 0:
            raise Failure(checkout_problem(result.stderr))

    def commit(self, summary):
        os.lstat(os.path.join(self.path, IDEA_FILE))
        self.output("add", "-f", "--", IDEA_FILE)
        self.require_setting("user.name")
        self.require_setting("user.email")
        tree = self.output("write-tree")
        commit = self.output("commit-tree", tree, "-p", "HEAD", text=summary)
        self.output("update-ref", "HEAD", commit)

    def require_setting(self, key):
        if self.run("config", "--get", key).returncode != 0:
            raise Failure(f"config value '{key}' was not found; "
                          "class=Config (7); code=NotFound (-3)")

    def push(self):
        if self.run("config", "--get", "remote.origin.url").returncode != 0:
            raise Failure("remote 'origin' does not exist; "
                          "class=Config (7); code=NotFound (-3)")
        result = self.run("push", "--no-verify", "origin", BRANCH_REF)
        if result.returncode != 0:
            raise Failure(push_problem(result.stderr))


def checkout_problem(stderr):
    count = sum(line.startswith("\t") for line in stderr.splitlines())
    if count == 0:
        return last_line(stderr)
    words = "1 conflict prevents" if count == 1 else f"{count} conflicts prevent"
    return f"{words} checkout; class=Checkout (20); code=Conflict (-13)"


def push_problem(stderr):
    if "[rejected]" in stderr:
        return ("cannot push because a reference that you are trying to update "
                "on the remote contains commits that are not present locally."
                "; class=Reference (4); code=NotFastForward (-11)")
    if "does not appear to be a git repository" in stderr:
        return "unsupported URL protocol; class=Net (12)"
    return last_line(stderr)


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "git failed without a message"
