"""The two kinds of failure the program reports."""


class UsageError(Exception):
    """The command line itself is wrong: headline, then further text."""

    def text(self):
        return f"error: {''.join(self.args)}\n\nFor more information, try '--help'.\n"


class Failure(Exception):
    """Something went wrong while doing the work: headline, then causes."""

    def text(self):
        headline, *causes = self.args
        if not causes:
            return f"Error: {headline}\n"
        if len(causes) > 1:
            causes = [f"{n}: {cause}" for n, cause in enumerate(causes)]
        return f"Error: {headline}\n\nCaused by:\n" + "".join(f"    {c}\n" for c in causes)
