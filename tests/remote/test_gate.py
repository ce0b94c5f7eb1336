"""Which addresses may be asked: public ones over https, and what the user named."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from simdetect import InputError, OptionsError
from simdetect.remote.gate import Gate, gate_of, is_public, resolve, target_of

OPEN = Gate()

# Every spelling of what must not be asked: none of them may lead to a connection.
INSIDE = [
    "https://127.0.0.1/a",
    "https://127.1/a",
    "https://2130706433/a",
    "https://0x7f000001/a",
    "https://0177.0.0.1/a",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://[::ffff:7f00:1]/a",
    "https://0.0.0.0/a",
    "https://[::]/a",
    "https://10.0.0.1/a",
    "https://172.16.3.4/a",
    "https://192.168.1.1/a",
    "https://100.100.100.200/a",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fe80::1]/a",
    "https://[fd00:ec2::254]/a",
    "https://168.63.129.16/a",
    "https://[64:ff9b::7f00:1]/a",
    "https://[2002:7f00:1::]/a",
    "https://224.0.0.1/a",
    "https://[::127.0.0.1]/a",
    "https://255.255.255.255/a",
]
NOT_HTTPS = [
    "http://example.org/a",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "ext::sh -c touch% /tmp/x",
    "ftp://example.org/a",
    "gopher://example.org/a",
    "https:example.org/a",
    "https:///a",
    "//example.org/a",
    "example.org/a",
    "",
    "https://user:secret@example.org/a",
    "https://example.org@127.0.0.1/a",
    "https://example.org\\@127.0.0.1/a",
    "https://exa mple.org/a",
    "https://example.org/a\r\nHost: x",
    "https://example.org:22/a",
    "https://example.org:99999/a",
    "https://[fe80::1%25eth0]/a",
    "https://\u0131p6-localhost/a",
    "https://example.org/" + "a" * 5000,
]


@pytest.mark.parametrize("url", INSIDE)
def test_addresses_of_ones_own_network_are_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(InputError, match=r"not fetched: .* is not a public address; --fetch-from"):
        resolve(target_of(url, OPEN))


@pytest.mark.parametrize("url", NOT_HTTPS)
def test_what_is_no_https_address_is_refused_before_anything_is_looked_up(url: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    with pytest.raises(InputError, match="not fetched"):
        target_of(url, OPEN)


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "localhost.", "internal.example"])
def test_a_name_that_resolves_inside_is_refused(name: str, monkeypatch: Any) -> None:
    """Also when only one of its addresses does."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.1.2.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(InputError, match=r"is 10\.1\.2\.3"):
        resolve(target_of(f"https://{name}/a", OPEN))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_named_host_may_be_anywhere_and_speak_http() -> None:
    gate = gate_of(["127.0.0.1:8443", "Mirror.Local", "[0:0::1]:80"], [])
    assert target_of("http://127.0.0.1:8443/a?b=c#d", gate).url == "http://127.0.0.1:8443/a?b=c"
    assert resolve(target_of("http://127.0.0.1:8443/a", gate)) == [(socket.AF_INET, ("127.0.0.1", 8443))]
    assert target_of("http://mirror.local:81/", gate).is_named
    assert target_of("http://[::1]/", gate).authority == "[::1]"
    for other in ("http://127.0.0.1:8444/", "http://localhost:8443/", "http://2130706433:8443/"):
        with pytest.raises(InputError):
            target_of(other, gate)


def test_a_token_is_for_the_host_named_with_it() -> None:
    gate = gate_of([], ["example.org=T", "[::1]:81=U"], {"T": "one", "U": "two"})
    assert gate.token_for("example.org", 443) == "one" and gate.token_for("::1", 81) == "two"
    assert gate.token_for("a.example.org", 443) is gate.token_for("::1", 82) is None


def test_all_that_is_wrong_with_the_options_is_said_together_and_no_token_is_shown() -> None:
    with pytest.raises(OptionsError) as raised:
        gate_of(["https://a/", "a:0"], ["a", "a=T", "a=ghp_secret!", "a=N", "a/b=X"], {"N": "a\nb", "X": "x"})
    text = str(raised.value)
    assert text.count("--fetch-from") == 2 and text.count("--fetch-token") == 5
    assert "ghp_secret" not in text
