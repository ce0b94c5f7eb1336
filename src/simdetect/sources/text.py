"""Bytes of a file -> UTF-8 text, or the decision that it is binary.

Rules, in order:

- A byte-order mark decides: UTF-8, UTF-16 or UTF-32. UTF-16 without one is recognised by its NUL bytes.
- Binary is what starts with the mark of a known binary format, unless all of it is UTF-8 without NULs (a comment may
  begin like a PDF), or consists to more than 5 % of control characters.
  NUL bytes do not count among these: compilers skip or tolerate them, so a NUL strewn into code must not hide it. They
  become blanks (one byte for one byte) and the encoding gets the suffix "+nul". But a file with NUL bytes whose other
  bytes are to more than 30 % undecodable is binary.
- A carriage return that no newline follows becomes one: it ends a line in most languages, and what follows a `//` would
  be a comment otherwise.
- Characters that nobody sees (zero-width spaces and joiners in words, direction marks, tags) are dropped: strewn into
  names they would take every token apart. The encoding gets the suffix "+invisible", unless it was guessed: then nobody
  may have written them.
- Otherwise valid UTF-8 stays as it is, byte by byte (also other line ends). Anything else is decoded by the encoding
  that the user named or that `encodings` guesses, where that decodes all of it. Where none does, and where most of what
  is not ASCII is UTF-8, every undecodable byte becomes the character of the same number in Latin-1: "latin-1" if no
  multi-byte UTF-8 occurs, "mixed" if it does.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from simdetect.model import INVISIBLE
from simdetect.sources.encodings import decoded, guessed, is_guess

__all__ = ["BUNDLES", "is_archive", "to_utf8"]

_BOMS: Final = (  # UTF-32 before UTF-16: its little-endian mark starts with the other's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_MAGIC: Final = (
    b"\x7fELF", b"\x89PNG", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"%PDF-", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"SQLite format 3\0", b"\0asm", b"wOFF", b"wOF2", b"OggS", b"RIFF",
    b"REDIS0", b"!<arch>\n", b"MZ\x90\0", b"BC\xc0\xde", b"\x93NUMPY",
)  # fmt: skip
BUNDLES: Final = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_ARCHIVE_MAGIC: Final = (
    b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x9d", b"\x04\x22\x4d\x18", b"MSCF\0", b"\xed\xab\xee\xdb",
    *BUNDLES,
)  # fmt: skip

# Joiners have a use between the parts of an emoji and in some scripts, but none beside an ASCII letter.
_INVISIBLE: Final = re.compile(
    rb"\xc2\xad|\xe2\x80[\x8b\x8e\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xf3\xa0[\x80\x81][\x80-\xbf]"
    rb"|(?<=[A-Za-z0-9_])(?:\xe2\x80[\x8c\x8d])+|(?:\xe2\x80[\x8c\x8d])+(?=[A-Za-z0-9_])"
)
_CONTROL: Final = bytes(byte for byte in range(1, 32) if byte not in b"\a\b\t\n\v\f\r\x1a\x1b") + b"\x7f"
_HIGH: Final = bytes(range(0x80, 0x100))
_LEAST_UNDECODABLE: Final = 0.25  # of the bytes beyond ASCII: with fewer it is UTF-8 with some damage
_LONE_RETURN: Final = re.compile(rb"\r(?!\n)")
_MAX_CONTROL_SHARE: Final = 0.05
_MAX_UNDECODABLE_SHARE_WITH_NUL: Final = 0.3


def is_archive(data: bytes) -> bool:
    """Whether bytes start like an archive or compressed file (zip, tar, gzip, bzip2, xz, zstd, 7z, rar, ...)."""
    if data.startswith(b"BZh"):
        return data[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90") and not _is_plain(data)
    return (data.startswith(_ARCHIVE_MAGIC) or data[257:262] == b"ustar") and not _is_plain(data)


def to_utf8(data: bytes, encoding: str | None = None) -> tuple[bytes, str] | None:
    """The text of a file as UTF-8 with the name of its encoding; None when it is binary.

    encoding: of what is not UTF-8 and has no byte-order mark, when the user said it.
    """
    found = _decode(data, encoding)
    if found is None:
        return None
    content, name = found
    if not content.isascii():
        content, n_dropped = _INVISIBLE.subn(b"", content)
        name += INVISIBLE if n_dropped and not is_guess(name) else ""
    if content.count(b"\r") > content.count(b"\r\n"):
        content = _LONE_RETURN.sub(b"\n", content)
    return content, name


def _decode(data: bytes, said: str | None) -> tuple[bytes, str] | None:
    if data.isascii() and b"\0" not in data:
        return None if _is_mostly_control(data) else (data, "utf-8")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, said)
    if data.startswith(_BINARY_MAGIC) and not _is_plain(data):
        return None
    if wide := _wide_encoding(data):
        return _decode_marked(data, wide, said)
    return _decode_bytes(data, said)


def _decode_marked(data: bytes, encoding: str, said: str | None) -> tuple[bytes, str] | None:
    if encoding == "utf-8-sig":
        text = _decode_bytes(data, said)
        return text and (text[0], "utf-8-sig" if text[1] == "utf-8" else text[1])
    content = data.decode(encoding, "replace").encode()
    return None if _is_mostly_control(content) else (content.replace(b"\0", b" "), encoding)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte-order mark: text in which nearly every second byte is NUL, and only that one."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) < 0.35 * len(head) or min(even, odd) > 0.02 * len(head):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_bytes(data: bytes, said: str | None) -> tuple[bytes, str] | None:
    """UTF-8, another encoding of ASCII and more, or UTF-8 as far as it goes and Latin-1 where it does not."""
    has_nul = b"\0" in data
    visible = data.replace(b"\0", b" ") if has_nul else data
    if _is_mostly_control(visible) or (has_nul and not visible.strip()):
        return None
    content, encoding, n_undecodable = _repair(visible)
    if not has_nul and n_undecodable and (other := _in_another(visible, (encoding, n_undecodable), said)):
        return other
    if has_nul and n_undecodable > _MAX_UNDECODABLE_SHARE_WITH_NUL * len(data):
        return None
    return content, encoding + "+nul" if has_nul else encoding


def _in_another(data: bytes, repaired: tuple[str, int], said: str | None) -> tuple[bytes, str] | None:
    """Text that is not UTF-8 in the encoding that was named or guessed, and its name; None when there is none.

    repaired: what it is else, and how many of its bytes are no UTF-8.
    """
    if said and (content := decoded(data, said)) is not None:
        return content, said
    else_name, n_undecodable = repaired
    if n_undecodable < _LEAST_UNDECODABLE * (len(data) - len(data.translate(None, _HIGH))):
        return None
    encoding = guessed(data, is_mixed=else_name == "mixed")
    content = decoded(data, encoding) if encoding else None
    return (content, encoding) if content is not None and encoding else None


def _repair(data: bytes) -> tuple[bytes, str, int]:
    """UTF-8 content, encoding, number of undecodable bytes.

    Runs at C speed: `surrogateescape` turns byte 0xXX into U+DCXX, whose "surrogatepass" bytes are ED B2 80..BF or
    ED B3 80..BF; Latin-1's characters 80..FF are C2 80..BF and C3 80..BF. ED is never a continuation byte, so replacing
    the two prefixes is exact. 42 MB with high bytes throughout take 0.3 s; an error handler in Python takes 20 s.
    """
    try:
        data.decode()
        return data, "utf-8", 0
    except UnicodeDecodeError:
        passed = data.decode("utf-8", "surrogateescape").encode("utf-8", "surrogatepass")
    n_undecodable = passed.count(b"\xed\xb2") + passed.count(b"\xed\xb3")
    content = passed.replace(b"\xed\xb2", b"\xc2").replace(b"\xed\xb3", b"\xc3")
    is_latin = len(data) + n_undecodable == len(data.decode("latin-1").encode())
    return content, "latin-1" if is_latin else "mixed", n_undecodable


def _is_plain(data: bytes) -> bool:
    """Whether all of it is UTF-8 text: then a mark in front is part of the text."""
    if b"\0" in data or _is_mostly_control(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_control(data: bytes) -> bool:
    return len(data) - len(data.translate(None, _CONTROL)) > _MAX_CONTROL_SHARE * len(data)
