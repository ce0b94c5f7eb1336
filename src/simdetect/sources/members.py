"""One member of an archive, as the tar and zip readers hand it over."""

from __future__ import annotations

from dataclasses import dataclass

from simdetect.model import SkipReason

__all__ = ["Member", "damage"]


@dataclass(frozen=True, slots=True)
class Member:
    """One member, or a problem of the archive as a whole (name "").

    name: as stored, "/" between parts, undecodable bytes as surrogates. data: its bytes, None when there are none to
    analyse; then reason says why. link: the name a hard link points to.
    is_damage: the archive itself is at fault, not one member; when that is all there is, nothing could be read.
    """

    name: str
    data: bytes | None = None
    reason: SkipReason | None = None
    detail: str = ""
    n_bytes: int | None = None
    sha256: str | None = None
    link: str | None = None
    is_damage: bool = False


def damage(name: str, error: BaseException | str) -> Member:
    """The record of a member that cannot be read, or with name "" of an archive that cannot be read to its end."""
    detail = " ".join(str(error).split()) or type(error).__name__
    return Member(name, reason=SkipReason.UNREADABLE, detail=detail, is_damage=not name)
