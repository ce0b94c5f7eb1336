"""Which addresses may be asked. Those of submissions come from strangers, who must not reach the user's own network.

An address is https, has a plain host, no user and the usual port; every address that its name resolves to must be a
public one; and the connection goes to the very address that was checked, so that a name cannot change its mind between.
A redirect is an address like any other. Hosts that the user names (`--fetch-from`) are exempt, by the name that stands
in the address: another name that resolves to the same machine is not. Those may also speak plain http, for a mirror
beside the user has no certificate, and what it sends is known by digest anyway.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from simdetect.errors import InputError, OptionsError

__all__ = ["Gate", "Target", "gate_of", "is_public", "resolve", "target_of"]

_MAX_URL: Final = 4096
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\]")
_PLACE: Final = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]/@]+)(?::(?P<port>\d{1,5}))?")
_VARIABLE: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_PORTS: Final = {"https": 443, "http": 80}
# Addresses that `ipaddress` takes for public: translated IPv4 addresses, and Azure's host, which answers every guest.
_TRANSLATED: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
_REFUSED: Final = frozenset(map(ipaddress.ip_address, ("168.63.129.16",)))

Place = tuple[str, int | None]  # host, port; None: every port
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Gate:
    """What the user opened. places: hosts that may be asked wherever they are. tokens: for hosts, values to send them
    and nobody else."""

    places: frozenset[Place] = frozenset()
    tokens: tuple[tuple[Place, str], ...] = ()

    def is_named(self, host: str, port: int) -> bool:
        """Whether the user named a host."""
        return bool(self.places & {(host, port), (host, None)})

    def token_for(self, host: str, port: int) -> str | None:
        """The token for a host."""
        return next((token for place, token in self.tokens if place in ((host, port), (host, None))), None)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked. path: with its query. is_named: by the user."""

    scheme: str
    host: str
    port: int
    path: str
    is_named: bool

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address."""
        return f"{self.scheme}://{self.authority}{self.path}"


# --- what the user says ----------------------------------------------------------------------------------------------


def gate_of(places: Sequence[str], tokens: Sequence[str], environment: Mapping[str, str] = os.environ) -> Gate:
    """The gate of `--fetch-from HOST[:PORT]` and `--fetch-token HOST=ENV_NAME`. Raises OptionsError with every problem.

    A token itself never stands on the command line, where other users of the machine could read it.
    """
    problems: list[str] = []
    known, said = [], []
    for text in places:
        try:
            known.append(_place_of(text))
        except ValueError:
            problems.append(f"--fetch-from {text!r} is no HOST[:PORT]")
    for text in tokens:
        try:
            said.append(_token_of(text, environment))
        except ValueError as error:
            problems.append(f"--fetch-token {error}")
    if problems:
        raise OptionsError("; ".join(problems))
    return Gate(frozenset(known), tuple(said))


def _place_of(text: str) -> Place:
    found = _PLACE.fullmatch(text)
    if found is None or not _HOST.fullmatch(found["host"]) or not 0 < int(found["port"] or 1) < 1 << 16:
        raise ValueError(text)
    return _plain_host(found["host"]), int(found["port"]) if found["port"] else None


def _token_of(text: str, environment: Mapping[str, str]) -> tuple[Place, str]:
    host, equals, variable = text.partition("=")
    if not equals or not _VARIABLE.fullmatch(variable):
        raise ValueError(f"{host!r} is no HOST=ENV_NAME: the name of an environment variable, not the token itself")
    token = environment.get(variable, "")
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"{host}={variable}: the environment variable {variable} holds no token")
    try:
        return _place_of(host), token
    except ValueError:
        raise ValueError(f"{host!r} is no HOST[:PORT]") from None


def _plain_host(host: str) -> str:
    """A host as it is compared: in lower case, an IPv6 address without brackets and in its shortest spelling."""
    bare = host.strip("[]").lower()
    if ":" in bare:
        return str(ipaddress.IPv6Address(bare))
    return bare


# --- what strangers say ----------------------------------------------------------------------------------------------


def target_of(url: str, gate: Gate) -> Target:
    """An address as a target. Nothing is looked up. Raises InputError: it is not one that may be asked."""
    if len(url) > _MAX_URL or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise InputError(f"not fetched: {ascii(url)[:120]} is no address")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.rstrip(":")
        plain = _plain_host(host) if _HOST.fullmatch(host) else ""
    except ValueError:
        plain = ""
        parts, port = urlsplit("https:"), None
    scheme = parts.scheme if plain else url.partition(":")[0][:20]
    if scheme not in _PORTS or not plain:
        raise InputError(f"not fetched: {url[:120]} is no https address of a plain host")
    port = port or _PORTS[scheme]
    is_named = gate.is_named(plain, port)
    if scheme != "https" and not is_named:
        raise InputError(f"not fetched: {url[:120]} is not https")
    if port != _PORTS["https"] and not is_named:
        raise InputError(f"not fetched: {url[:120]} is not at the usual port; --fetch-from {plain}:{port} allows it")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme, plain, port, path, is_named)


def resolve(target: Target) -> list[tuple[int, tuple[str, int]]]:
    """Families and addresses of a target. Raises InputError when one of them must not be asked; OSError when there is
    none, which may pass."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise InputError(f"not fetched: {target.host[:120]} is no name of a host") from error
    places = list(dict.fromkeys((int(family), (str(place[0]), target.port)) for family, _, _, _, place in found))
    for _, (address, _) in places:
        if not target.is_named and not is_public(address):
            raise InputError(
                f"not fetched: {target.host} is {address}, which is not a public address;"
                f" --fetch-from {target.authority} allows it if you trust it"
            )
    return places


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not _is_special(one) for one in (found, *_inside(found)))


def _is_special(address: Address) -> bool:
    if any(address in network for network in _TRANSLATED if network.version == address.version):
        return True
    return address in _REFUSED or address.is_multicast or address.is_reserved or address.is_link_local


def _inside(address: Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    return [found for found in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if found is not None]
