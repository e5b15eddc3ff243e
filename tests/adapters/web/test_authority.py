"""The certificate authority of this machine: kept, private, and trusted for little."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from xrdrama.adapters.web.access import authority as authorities
from xrdrama.adapters.web.access.authority import CERT, KEY, Authority, signed
from xrdrama.errors import DeviceError, UsageError

ADDRESS = "192.168.7.20"


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """A TLS handshake over a pair of sockets; the client's error is raised."""
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    theirs.settimeout(10)

    def serve() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as wrapped:
                wrapped.recv(1)
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as wrapped:
            wrapped.sendall(b"x")
    finally:
        ours.close()
        thread.join()


def _trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.certificate)


@pytest.mark.parametrize("name", [ADDRESS, "localhost", "127.0.0.1"])
def test_a_client_with_the_authority_trusts_the_server(tmp_path: Path, name: str) -> None:
    context, authority = signed(ADDRESS, tmp_path)
    _handshake(context, _trusting(authority), name)


def test_a_client_without_it_does_not(tmp_path: Path) -> None:
    context, _ = signed(ADDRESS, tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        _handshake(context, ssl.create_default_context(), ADDRESS)


def test_it_is_made_once_and_private(tmp_path: Path) -> None:
    first = signed(ADDRESS, tmp_path)[1]
    second = signed("10.0.0.8", tmp_path)[1]
    assert first.is_new and not second.is_new
    assert first.certificate == second.certificate and len(first.fingerprint) == 95
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


def test_it_may_only_sign_for_private_networks_and_this_machine(tmp_path: Path) -> None:
    certificate = x509.load_der_x509_certificate(signed(ADDRESS, tmp_path)[1].certificate)
    found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    networks = [str(one.value) for one in found.value.permitted_subtrees or ()]
    assert "192.168.0.0/16" in networks and "localhost" in networks
    assert not any(one.startswith(("0.0.0.0/0", "::/0")) for one in networks)


def test_a_certificate_for_another_name_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the key had been stolen: it signs for a name that it may not."""
    signed(ADDRESS, tmp_path)
    elsewhere = [x509.DNSName("bank.example")]
    monkeypatch.setattr(authorities, "_names", lambda address: elsewhere)
    context, authority = signed(ADDRESS, tmp_path)
    assert not authority.is_new
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        _handshake(context, _trusting(authority), "bank.example")


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "show.example"])
def test_public_addresses_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="private networks only"):
        signed(address, tmp_path)


def test_an_authority_that_ends_soon_is_replaced(tmp_path: Path) -> None:
    first = signed(ADDRESS, tmp_path)[1]
    later = datetime.datetime.now(datetime.UTC) + authorities.LASTS - datetime.timedelta(days=30)
    second = signed(ADDRESS, tmp_path, later)[1]
    assert second.is_new and second.certificate != first.certificate


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    signed(ADDRESS, tmp_path)
    (tmp_path / KEY).chmod(0o644)
    with pytest.raises(DeviceError, match="others may read"):
        signed(ADDRESS, tmp_path)


@pytest.mark.parametrize("name", [CERT, KEY])
def test_a_damaged_authority_is_reported(tmp_path: Path, name: str) -> None:
    signed(ADDRESS, tmp_path)
    (tmp_path / name).write_bytes(b"garbage")
    with pytest.raises(DeviceError, match="is damaged"):
        signed(ADDRESS, tmp_path)


def test_key_and_certificate_must_belong_together(tmp_path: Path) -> None:
    signed(ADDRESS, tmp_path / "a")
    signed(ADDRESS, tmp_path / "b")
    (tmp_path / "a" / CERT).write_bytes((tmp_path / "b" / CERT).read_bytes())
    with pytest.raises(DeviceError, match="belong together"):
        signed(ADDRESS, tmp_path / "a")


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="cannot be used"):
        signed(ADDRESS, tmp_path / "file" / "folder")
