"""What is fetched from strangers: against a real server that is slow, cut, lying, redirecting and oversized."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from simdetect import InputError
from simdetect.remote.gate import Gate, gate_of
from simdetect.remote.http import Limits, download
from tests.remote.server import Server, answer, redirect, serving
from tests.remote.test_gate import INSIDE, NOT_HTTPS

CONTENT = b"an archive" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = Limits(seconds=2, idle_seconds=0.5, n_bytes=20_000, attempts=3, pause_seconds=0.01)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def gate(server: Server) -> Gate:
    return gate_of([server.place], [])


def fetch(url: str, gate: Gate, tmp_path: Path, sha256: str = SHA256, limits: Limits = QUICK) -> bytes:
    try:
        download(url, sha256, tmp_path / "file", gate, limits)
        return (tmp_path / "file").read_bytes()
    finally:
        assert [path.name for path in tmp_path.iterdir()] in ([], ["file"])  # nothing half done


def test_a_file_is_fetched_and_its_digest_checked(server: Server, gate: Gate, tmp_path: Path) -> None:
    assert fetch(server.hold("/a?b=c", CONTENT), gate, tmp_path) == CONTENT
    with pytest.raises(InputError, match=r"not what was published: SHA-256 [0-9a-f]{64}, expected 0000"):
        fetch(server.url("/a?b=c"), gate, tmp_path, "0" * 64)
    assert len(server.requests) == 2  # a wrong digest is not asked for again


def test_without_being_named_loopback_is_not_asked(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not https"):
        fetch(server.hold("/a", CONTENT), Gate(), tmp_path)
    assert server.requests == []


def test_a_redirect_is_followed_where_the_gate_allows_it(server: Server, gate: Gate, tmp_path: Path) -> None:
    server.hold("/there", CONTENT)
    server.behaviours["/a"] = redirect("/b", 307)
    server.behaviours["/b"] = redirect(server.url("/there"))
    assert fetch(server.url("/a"), gate, tmp_path) == CONTENT


@pytest.mark.parametrize("where", [*INSIDE, *(url for url in NOT_HTTPS if ":" in url[:9] and "\n" not in url)])
def test_no_redirect_leads_to_what_may_not_be_asked(
    server: Server, gate: Gate, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Any] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, place: Any) -> None:
        connected.append(place)
        connect(self, place)

    monkeypatch.setattr(socket.socket, "connect", noted)
    server.behaviours["/a"] = redirect(where.encode("ascii", "backslashreplace").decode())
    with pytest.raises(InputError):
        fetch(server.url("/a"), gate, tmp_path)
    assert connected == [("127.0.0.1", server.port)]


def test_a_name_that_changes_its_mind_is_asked_where_it_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked up once: the connection goes to the address that passed."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    connected: list[Any] = []

    def lookup(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]

    def connect(_: socket.socket, place: Any) -> None:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket.socket, "connect", connect)
    limits = Limits(attempts=1)
    with pytest.raises(InputError):
        fetch("https://rebinding.example/a", Gate(), tmp_path, limits=limits)
    assert connected == [("93.184.216.34", 443)]


def test_endless_redirects_end(server: Server, gate: Gate, tmp_path: Path) -> None:
    server.behaviours["/a"] = redirect("/a")
    with pytest.raises(InputError, match="more than 5 redirects"):
        fetch(server.url("/a"), gate, tmp_path)
    assert len(server.requests) == 6


def test_a_token_goes_to_its_host_and_not_across_a_redirect(server: Server, tmp_path: Path) -> None:
    gate = gate_of([server.place], [f"{server.place}=T"], {"T": "secret"})
    server.hold("/there", CONTENT)
    server.behaviours["/a"] = redirect("/there")
    fetch(server.url("/a"), gate, tmp_path)
    assert [headers.get("Authorization") for _, headers in server.requests] == ["Bearer secret", None]


def test_a_token_is_not_sent_to_another_host(server: Server, tmp_path: Path) -> None:
    gate = gate_of([server.place], ["example.org=T"], {"T": "secret"})
    fetch(server.hold("/a", CONTENT), gate, tmp_path)
    assert "Authorization" not in server.requests[0][1]


def test_what_is_too_large_is_not_read(server: Server, gate: Gate, tmp_path: Path) -> None:
    server.behaviours["/says"] = lambda handler: answer(handler, b"x" * 100, length=30_000)
    with pytest.raises(InputError, match="has 30,000 bytes, more than 20,000"):
        fetch(server.url("/says"), gate, tmp_path)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100_000):
            handler.wfile.write(b"x" * 1000)

    server.behaviours["/endless"] = endless
    with pytest.raises(InputError, match="more than 20,000 bytes"):
        fetch(server.url("/endless"), gate, tmp_path)
    assert len(server.requests) == 2


def test_what_was_cut_is_asked_for_again(server: Server, gate: Gate, tmp_path: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        is_last = len(server.requests) == 3
        answer(handler, CONTENT if is_last else CONTENT[:500], length=len(CONTENT))

    server.behaviours["/a"] = cut
    assert fetch(server.url("/a"), gate, tmp_path) == CONTENT
    server.behaviours["/b"] = lambda handler: answer(handler, CONTENT[:500], length=len(CONTENT))
    with pytest.raises(InputError, match="was cut after 500 of 10,000 bytes"):
        fetch(server.url("/b"), gate, tmp_path)
    assert len(server.requests) == 6


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_may_pass_is_asked_for_again(server: Server, gate: Gate, tmp_path: Path, status: int) -> None:
    def busy(handler: BaseHTTPRequestHandler) -> None:
        is_last = len(server.requests) == 2
        answer(handler, CONTENT, status=200 if is_last else status)

    server.behaviours["/a"] = busy
    assert fetch(server.url("/a"), gate, tmp_path) == CONTENT


def test_what_is_not_there_is_not_asked_for_again(server: Server, gate: Gate, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"answers 404 .*--fetch-token"):
        fetch(server.url("/none"), gate, tmp_path)
    assert len(server.requests) == 1


def test_a_silent_server_is_left(server: Server, gate: Gate, tmp_path: Path) -> None:
    server.behaviours["/a"] = lambda _: time.sleep(3)
    limits = Limits(seconds=5, idle_seconds=0.2, attempts=1)
    started = time.monotonic()
    with pytest.raises(InputError, match="took too long"):
        fetch(server.url("/a"), gate, tmp_path, limits=limits)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("part", ["head", "body"])
def test_one_that_sends_a_byte_now_and_then_is_left_in_time(
    server: Server, gate: Gate, tmp_path: Path, part: str
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if part == "body":
            handler.send_response(200)
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        for _ in range(60):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    server.behaviours["/a"] = drip
    limits = Limits(seconds=0.5, idle_seconds=5, attempts=1)
    started = time.monotonic()
    with pytest.raises(InputError, match=r"took longer than 0\.5 s"):
        fetch(server.url("/a"), gate, tmp_path, limits=limits)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("lie", [b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", b"nonsense\r\n\r\n", b""])
def test_what_is_no_http_is_an_error(server: Server, gate: Gate, tmp_path: Path, lie: bytes) -> None:
    server.behaviours["/a"] = lambda handler: handler.wfile.write(lie)  # type: ignore[assignment,return-value]
    with pytest.raises(InputError):
        fetch(server.url("/a"), gate, tmp_path)


def test_an_answer_that_claims_less_than_it_sends_fails_by_digest(server: Server, gate: Gate, tmp_path: Path) -> None:
    server.behaviours["/a"] = lambda handler: answer(handler, CONTENT, length=10)
    with pytest.raises(InputError, match="not what was published"):
        fetch(server.url("/a"), gate, tmp_path)


# --- over TLS ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    path = tmp_path_factory.mktemp("certificate") / "own.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    where = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([*made, *where], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def test_https_is_spoken_with_who_has_a_valid_certificate(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(certificate) as server:
        gate = gate_of([server.place], [])
        server.hold("/a", CONTENT)
        with pytest.raises(InputError, match="its certificate is not valid"):
            fetch(f"https://{server.place}/a", gate, tmp_path)
        assert server.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
        assert fetch(f"https://{server.place}/a", gate, tmp_path) == CONTENT


def test_the_deadline_covers_what_is_encrypted(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(60):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with serving(certificate) as server:
        server.behaviours["/a"] = drip
        started = time.monotonic()
        with pytest.raises(InputError, match=r"took longer than 0\.5 s"):
            limits = Limits(seconds=0.5, idle_seconds=5, attempts=1)
            fetch(f"https://{server.place}/a", gate_of([server.place], []), tmp_path, limits=limits)
        assert time.monotonic() - started < 2


def test_a_server_that_does_not_speak_tls_is_left(tmp_path: Path) -> None:
    with serving() as server, pytest.raises(InputError):
        fetch(f"https://{server.place}/a", gate_of([server.place], []), tmp_path, limits=QUICK)
