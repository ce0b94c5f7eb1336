"""HTTP to addresses that strangers named: every connection passes the gate, and everything is bounded.

Made of `http.client`, not of a client library: what has to be right here (connecting to the very address that was
checked, asking the gate at each redirect, dropping the token there, a time limit that covers name, handshake and
headers) would have to be forced upon one by its inner classes. Proxies of the environment are not used: behind one
the gate could not see which machine is asked.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, TypeVar
from urllib.parse import urljoin

from simdetect import __version__
from simdetect.errors import InputError
from simdetect.remote.gate import Gate, Target, resolve, target_of
from simdetect.store.atomic import write_whole

__all__ = ["Answer", "Limits", "PassingError", "Request", "asked", "download", "with_retries"]

_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_PASSING: Final = (408, 425, 429, 500, 502, 503, 504)
_CHUNK: Final = 1 << 16
_DIGITS: Final = re.compile(r"\d{1,18}", re.ASCII)

T = TypeVar("T")
log = logging.getLogger("simdetect.remote")


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds: for one attempt, all of it. idle_seconds: without a byte. n_bytes: of an answer. attempts: before it is
    given up. pause_seconds: before the second attempt; twice as long before each further one."""

    seconds: float = 600.0
    idle_seconds: float = 30.0
    n_bytes: int = 1 << 30
    attempts: int = 4
    pause_seconds: float = 1.0


class PassingError(InputError):
    """What may be mended by asking again."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. body: it is posted. is_git: the token is sent as git hosts expect it."""

    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_git: bool = False


@dataclass(slots=True)
class Answer:
    """The beginning of an answer, and how to read the rest. url: where it came from in the end."""

    url: str
    content_type: str
    read: Callable[[int], bytes]


def with_retries(action: Callable[[], T], limits: Limits) -> T:
    """Do something again as long as its errors may pass. Raises InputError."""
    for attempt in range(1, limits.attempts):
        try:
            return action()
        except PassingError as error:
            log.info("attempt %d of %d failed: %s", attempt, limits.attempts, error)
            time.sleep(limits.pause_seconds * 2 ** (attempt - 1))
    return action()


def download(url: str, sha256: str, target: Path, gate: Gate, limits: Limits) -> None:
    """Fetch a file whose digest is known and write it, whole or not at all. Raises InputError."""

    def fill(file: IO[bytes]) -> None:
        digest, n_bytes = hashlib.sha256(), 0
        with asked(Request(url), gate, limits) as answer:
            while chunk := answer.read(_CHUNK):
                digest.update(chunk)
                n_bytes += len(chunk)
                file.write(chunk)
        if digest.hexdigest() != sha256:
            raise InputError(f"{url} is not what was published: SHA-256 {digest.hexdigest()}, expected {sha256}")
        log.info("fetched %s: %d bytes, SHA-256 %s", url, n_bytes, sha256)

    with_retries(lambda: write_whole(target, fill), limits)


@contextmanager
def asked(request: Request, gate: Gate, limits: Limits) -> Iterator[Answer]:
    """Ask, follow redirects as far as the gate allows, and give the answer. Raises InputError, PassingError when asking
    again may help."""
    deadline = time.monotonic() + limits.seconds
    url = request.url
    for n_redirects in range(_MAX_REDIRECTS + 1):
        target = target_of(url, gate)
        with _connected(target, limits, deadline) as connection, _naming(target):
            response = _sent(connection, target, request, gate if not n_redirects else Gate())
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or location is None or request.body is not None:
                yield _answer(response, target, limits, deadline)
                return
        url = urljoin(target.url, location)
        log.info("%s redirects to %s", target.url, url)
    raise InputError(f"not fetched: {request.url} leads through more than {_MAX_REDIRECTS} redirects")


@contextmanager
def _naming(target: Target) -> Iterator[None]:
    """What goes wrong on the way, as errors that name the address."""
    try:
        yield
    except InputError:
        raise
    except (ssl.SSLCertVerificationError, ssl.CertificateError) as error:
        raise InputError(f"not fetched: {target.url}: its certificate is not valid ({error})") from error
    except TimeoutError as error:
        raise PassingError(f"{target.url} took too long to answer") from error
    except http.client.IncompleteRead as error:
        raise PassingError(f"{target.url} was cut") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PassingError(f"{target.url} cannot be read ({type(error).__name__}: {error})") from error


@contextmanager
def _connected(target: Target, limits: Limits, deadline: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to an address that passed the gate; at the deadline it is cut, whatever is going on."""
    with _naming(target):
        held = [_socket(target, limits, deadline)]
    watch = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, (held,))
    watch.daemon = True
    watch.start()
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        with _naming(target):
            if target.scheme == "https":
                _encrypt(held, target)
            connection.sock = held[0]
        yield connection
    except PassingError as error:
        if time.monotonic() > deadline:
            raise PassingError(f"{target.url} took longer than {limits.seconds:g} s") from error
        raise
    finally:
        watch.cancel()
        connection.close()
        held[0].close()


def _encrypt(held: list[socket.socket], target: Target) -> None:
    """Put TLS around a socket; the one that is held is always the one that is open, for the deadline."""
    context = ssl.create_default_context()
    wrapped = context.wrap_socket(held[0], server_hostname=target.host, do_handshake_on_connect=False)
    held[0] = wrapped
    wrapped.do_handshake()


def _cut(held: list[socket.socket]) -> None:
    """End a connection under the feet of whoever reads it, also one that is encrypted."""
    with suppress(OSError):
        socket.socket.shutdown(held[0], socket.SHUT_RDWR)


def _socket(target: Target, limits: Limits, deadline: float) -> socket.socket:
    """A socket that is connected to an address that was checked. Raises InputError, OSError."""
    last: OSError = ConnectionError("no address")
    for family, place in resolve(target):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(max(0.01, min(limits.idle_seconds, deadline - time.monotonic())))
            sock.connect(place)
            return sock
        except OSError as error:
            sock.close()
            last = error
    raise last


def _sent(
    connection: http.client.HTTPConnection, target: Target, request: Request, gate: Gate
) -> http.client.HTTPResponse:
    """Send a request, with the token that the gate has for the host. Raises InputError."""
    headers = {
        "Host": target.authority,
        "User-Agent": f"simdetect/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **request.headers,
    }
    token = gate.token_for(target.host, target.port)
    if token is not None:
        if target.scheme != "https" and not _is_loopback(connection.sock):
            raise InputError(f"not fetched: {target.url} would carry a token without encryption")
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        headers["Authorization"] = f"Basic {basic}" if request.is_git else f"Bearer {token}"
    connection.request("GET" if request.body is None else "POST", target.path, request.body, headers)
    return connection.getresponse()


def _is_loopback(sock: socket.socket) -> bool:
    address = str(sock.getpeername()[0])
    return address == "::1" or address.startswith("127.")


def _answer(response: http.client.HTTPResponse, target: Target, limits: Limits, deadline: float) -> Answer:
    """The answer, if it is one. Raises InputError."""
    if response.status in _PASSING:
        raise PassingError(f"{target.url} answers {response.status} {response.reason}")
    if response.status != 200:
        hint = "; is a token needed (--fetch-token)?" if response.status in (401, 403, 404) else ""
        raise InputError(f"not fetched: {target.url} answers {response.status} {response.reason}{hint}")
    said = response.headers.get("Content-Length", "")
    expected = int(said) if _DIGITS.fullmatch(said) and not response.chunked else None
    if expected is not None and expected > limits.n_bytes:
        raise InputError(f"not fetched: {target.url} has {expected:,} bytes, more than {limits.n_bytes:,}")
    reader = _Reader(response, target, expected, limits.n_bytes, deadline)
    return Answer(target.url, response.headers.get("Content-Type", ""), reader.read)


@dataclass(slots=True)
class _Reader:
    """Reads an answer as it comes; one that is too long or ends too early is an error."""

    response: http.client.HTTPResponse
    target: Target
    expected: int | None
    most: int
    deadline: float
    n_read: int = 0

    def read(self, n: int) -> bytes:
        """At most n bytes, at least one before the end."""
        with _naming(self.target):
            chunk = self.response.read1(n)
        self.n_read += len(chunk)
        if time.monotonic() > self.deadline:  # what was cut may look like an end
            raise PassingError(f"{self.target.url} took too long to answer")
        if self.n_read > self.most:
            raise InputError(f"not fetched: {self.target.url} has more than {self.most:,} bytes")
        if not chunk and n and self.expected is not None and self.n_read < self.expected:
            raise PassingError(f"{self.target.url} was cut after {self.n_read:,} of {self.expected:,} bytes")
        return chunk
