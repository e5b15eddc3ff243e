"""An address or a port that cannot be used is refused before a show starts."""

from __future__ import annotations

import socket

import pytest

from xrdrama.audience import joining
from xrdrama.audience.joining import has_no_network, refuse_taken
from xrdrama.errors import DeviceError, UsageError


@pytest.mark.parametrize("option", ["--port", "--help-port"])
def test_a_port_of_another_program_is_named_with_its_option(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ports = (port, 0) if option == "--port" else (0, port)
        with pytest.raises(DeviceError, match=f"another program uses port {port}") as refused:
            refuse_taken("127.0.0.1", *ports)
        assert f"choose another {option}," in str(refused.value)
    refuse_taken("127.0.0.1", port, 0)  # the control: the other has ended


def test_one_port_for_both_pages_is_refused() -> None:
    with pytest.raises(UsageError, match="are both 8443"):
        refuse_taken("127.0.0.1", 8443, 8443)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(DeviceError, match=r"203.0.113.7 is not an address of this") as refused:
        refuse_taken("203.0.113.7", 0, 0)
    assert "--listen 0.0.0.0" in str(refused.value)


def test_no_network_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "outward", lambda listen: "stage-left")
    assert has_no_network("0.0.0.0") and not has_no_network("stage-left")
    monkeypatch.setattr(joining, "outward", lambda listen: "192.168.1.7")
    assert not has_no_network("0.0.0.0")
