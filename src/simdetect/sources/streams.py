"""Decompression as a stream with a meter: limits hold while reading, whatever the headers promise."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from typing import IO, Final, Protocol

import zstandard

__all__ = ["CORRUPT", "ArchiveLimitError", "Meter", "open_stream"]

# What the decompressors raise on bytes that are not theirs or end too early.
CORRUPT: Final = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zstandard.ZstdError)

_MAX_DICTIONARY_BYTES: Final = 256 << 20  # xz -9 needs 65 MiB; a header may ask for 4 GiB
_MAX_WINDOW_BYTES: Final = 128 << 20  # what `zstd` accepts without --long
_CHUNK: Final = 1 << 16
_MAX_READS_AFTER_END: Final = 64  # tarfile goes on asking, once for every 10 KiB that a header promised


class ArchiveLimitError(Exception):
    """Reading went beyond what the meter allows."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Meter:
    """A stream that counts what is read and refuses to go beyond a ceiling.

    total: bytes allowed altogether. `allow` narrows the ceiling for a while: an archive header is small, and a header
    that claims gigabytes must not be read into memory.
    """

    def __init__(self, stream: _Readable, total: int) -> None:
        self.n_read = 0
        self.tail = b""
        self._stream = stream
        self._total = total
        self._ceiling = total
        self._n_reads_after_end = 0

    def allow(self, n_bytes: int | None) -> None:
        """Let at most n_bytes more be read; None: as far as the total goes."""
        self._ceiling = self._total if n_bytes is None else min(self._total, self.n_read + n_bytes)

    def read(self, size: int) -> bytes:
        """Up to size bytes. Raises ArchiveLimitError at the ceiling, EOFError when asked on and on after the end."""
        if self.n_read >= self._ceiling:
            raise ArchiveLimitError
        data = self._stream.read(size)
        self._n_reads_after_end += not data
        if self._n_reads_after_end > _MAX_READS_AFTER_END:
            raise EOFError("ends long before its headers say")
        self.n_read += len(data)
        self.tail = (self.tail + data)[-1024:]
        return data


class _Xz(io.RawIOBase):
    """xz with a memory limit, which `lzma.LZMAFile` cannot be given."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = lzma.LZMADecompressor(memlimit=_MAX_DICTIONARY_BYTES)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while size:
            data = b""
            if self._decoder.eof:
                data = self._decoder.unused_data or self._file.read(_CHUNK)
                if not data.strip(b"\0"):  # streams may be padded with zeros
                    return b""
                self._decoder = lzma.LZMADecompressor(memlimit=_MAX_DICTIONARY_BYTES)
            elif self._decoder.needs_input and not (data := self._file.read(_CHUNK)):
                raise EOFError("compressed file ended early")
            if output := self._decoder.decompress(data, size):
                return output
        return b""


def open_stream(file: IO[bytes]) -> _Readable:
    """The decompressed content of a file, recognised by its first bytes; the file itself when not compressed."""
    head = file.read(6)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if head == b"\xfd7zXZ\0":
        return _Xz(file)
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        decoder = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
        return decoder.stream_reader(file, read_across_frames=True)
    return file
