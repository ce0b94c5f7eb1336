"""The one error type that ends a run, and the texts of system errors."""
import os


class Failure(Exception):
    """A problem that is reported to the user as a single line."""


def describe_os_error(error):
    if error.errno is None:
        return str(error)
    return f"{os.strerror(error.errno)} (os error {error.errno})"
