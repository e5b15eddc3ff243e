"""The plain page about the certificate: it has that and nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from xrdrama.adapters.web.access.authority import signed
from xrdrama.adapters.web.audience.help import FILE, SAFE, help_site
from xrdrama.audience import joining
from xrdrama.audience.joining import Reach, help_text, tls_of
from xrdrama.errors import UsageError


def _get(app: Any, path: str, host: str = "192.168.7.20") -> tuple[int, dict[str, str], bytes]:
    """One request to an ASGI application."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": [(b"host", host.encode())], "http_version": "1.1",
        "scheme": "http", "server": (host, 80), "client": ("192.168.7.2", 1), "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])


def test_the_page_has_the_steps_and_the_fingerprint(tmp_path: Path) -> None:
    _, authority = signed("192.168.7.20", tmp_path)
    status, headers, body = _get(help_site(authority, frozenset()), "/")
    assert status == 200 and authority.fingerprint.encode() in body
    assert b"Certificate Trust Settings" in body and b"CA certificate" in body
    assert authority.name.encode() in body
    for name, value in SAFE.items():
        assert headers[name.lower()] == value


def test_the_certificate_can_be_installed(tmp_path: Path) -> None:
    _, authority = signed("192.168.7.20", tmp_path)
    status, headers, body = _get(help_site(authority, frozenset()), FILE)
    assert status == 200 and body == authority.certificate
    assert headers["content-type"] == "application/x-x509-ca-cert"


def test_nothing_else_is_there(tmp_path: Path) -> None:
    _, authority = signed("192.168.7.20", tmp_path)
    site = help_site(authority, frozenset())
    for path in ("/join", "/watch", "/seat", "/authority.key", "/sets/h1/set.glb"):
        assert _get(site, path)[0] == 404, path
    assert _get(site, "/", "elsewhere.example")[0] == 421


def test_off_this_machine_there_is_always_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(joining, "outward", lambda listen: "192.168.7.20")
    assert tls_of("127.0.0.1", None, None) is None
    for listen in ("0.0.0.0", "::", "192.168.7.20"):
        tls = tls_of(listen, None, None)
        assert tls is not None and tls.authority is not None
    assert (tmp_path / "xrdrama" / "authority").is_dir()
    with pytest.raises(UsageError, match="used together"):
        tls_of("0.0.0.0", tmp_path / "cert.pem", None)
    with pytest.raises(UsageError, match="cannot be used"):
        tls_of("0.0.0.0", tmp_path / "cert.pem", tmp_path / "key.pem")


def test_the_terminal_names_page_and_fingerprint(tmp_path: Path) -> None:
    tls = joining.TLS(*signed("192.168.7.20", tmp_path))
    assert tls.authority is not None
    text = help_text(Reach("https://192.168.7.20:8443", "http://192.168.7.20:8080"), tls)
    assert "http://192.168.7.20:8080" in text and tls.authority.fingerprint in text
    assert help_text(Reach("http://127.0.0.1:8080"), None) == ""
