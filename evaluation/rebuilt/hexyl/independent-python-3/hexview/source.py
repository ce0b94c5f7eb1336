"""Opening the input, jumping to the start and reading limited pieces."""
import io
import os
import sys

from .errors import Failure

JUMP_FAILED = ("Failed to jump to the desired input position. This could be caused by a "
               "negative offset that is too large or by an input that is not seek-able "
               "(e.g. if the input comes from a pipe).")


class Source:
    """A byte stream that ends after a number of bytes, if limited."""

    def __init__(self, stream):
        self.stream = stream
        self.left = None

    def jump(self, distance):
        """Move by DISTANCE (from the end if negative); return the position."""
        if self.stream is not sys.stdin.buffer and self.stream.seekable():
            return self.seek(distance)
        if distance < 0:
            raise Failure(JUMP_FAILED)
        left = distance
        while left > 0 and (piece := self.stream.read(min(left, 65536))):
            left -= len(piece)
        return distance

    def seek(self, distance):
        try:
            return self.stream.seek(distance, io.SEEK_END if distance < 0 else io.SEEK_SET)
        except (OSError, ValueError):
            raise Failure(JUMP_FAILED)

    def read(self, size):
        if self.left is not None:
            size = min(size, self.left)
        data = self.stream.read(size) if size else b""
        if self.left is not None:
            self.left -= len(data)
        return data

    def read_all(self):
        return b"".join(iter(lambda: self.read(65536), b""))


def open_source(path):
    if path is None:
        return Source(sys.stdin.buffer)
    if os.path.isdir(path):
        raise Failure(f"'{path}' is a directory.")
    try:
        return Source(open(path, "rb"))
    except OSError as error:
        raise Failure(f"{error.strerror} (os error {error.errno})")
