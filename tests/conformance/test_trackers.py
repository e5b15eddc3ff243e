"""What every tracking protocol must do, ours and a plug-in's: `conform` is the whole suite."""

from __future__ import annotations

import json
import random
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.installed import STAGEHAND, install, stagehand
from xrdrama import plugins
from xrdrama.errors import DeviceError, LocalProtocolError, RemoteProtocolError, UsageError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tools.tracking.samples import machine_form
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import TrackingProtocol, decode_datagram

CAPTURES = Path(__file__).parent / "captures"
AT = 1_000_000_000
POSES = [
    Pose(),
    Pose(Vec3(1.5, -2.25, 1.625), Quat.from_angles(pan=30.0, tilt=-10.0, roll=2.0)),
    Pose(Vec3(-3.0, 0.5, 0.25), Quat.from_angles(pan=-120.0, tilt=5.0, roll=-1.0)),
]


def conform(protocol: TrackingProtocol, capture: dict[str, Any]) -> None:
    """AssertionError where a protocol does not do what receivers and the operator rely on."""
    datagrams = [bytes.fromhex(each) for each in capture["datagrams"]]
    _decodes_its_capture(protocol, datagrams, capture["samples"])
    _keeps_senders_apart(protocol, datagrams, len(capture["samples"]))
    _reads_what_it_writes(protocol)
    _refuses_what_does_not_fit(protocol)
    _survives_noise(protocol, datagrams)


def _decodes_its_capture(
    protocol: TrackingProtocol, datagrams: list[bytes], expected: list[dict[str, Any]]
) -> None:
    decoder = protocol.decoder()
    forms = []
    for number, datagram in enumerate(datagrams):
        found = decode_datagram(decoder, datagram, at=AT + number)
        assert found.error == "", found.error
        for sample in found.samples:
            assert AT + number <= sample.at < AT + number + 1000, "stamped with its arrival"
            forms.append(machine_form(sample))
    assert len(forms) == len(expected) > 0
    for form, wanted in zip(forms, expected, strict=True):
        for key, value in wanted.items():
            assert _close(form[key], value), (key, form[key], value)


def _keeps_senders_apart(protocol: TrackingProtocol, datagrams: list[bytes], count: int) -> None:
    one, other = protocol.decoder(), protocol.decoder()
    both = [0, 0]
    for datagram in datagrams:
        for index, decoder in enumerate((one, other)):
            both[index] += len(decode_datagram(decoder, datagram, at=AT).samples)
    assert both == [count, count], "two senders have two decoders, which share nothing"


def _reads_what_it_writes(protocol: TrackingProtocol) -> None:
    decoder = protocol.decoder()
    for number, pose in enumerate(POSES):
        sent = TrackingSample("conformance", "7", AT + number, pose)
        found = decode_datagram(decoder, protocol.encode(sent), at=AT + number)
        assert found.error == "" and len(found.samples) == 1, found.error
        (got,) = found.samples
        assert got.subject == "7" and got.at == AT + number
        assert (got.pose.position - pose.position).length() < 1e-3
        assert got.pose.rotation.angle_to(pose.rotation) < 1e-3


def _refuses_what_does_not_fit(protocol: TrackingProtocol) -> None:
    for pose in (Pose(Vec3(float("nan"), 0.0, 0.0)), Pose(Vec3(float("inf"), 0.0, 0.0))):
        try:
            protocol.encode(TrackingSample("conformance", "7", AT, pose))
        except LocalProtocolError:
            continue
        raise AssertionError("a position that is NaN or infinite must be a LocalProtocolError")


def _survives_noise(protocol: TrackingProtocol, datagrams: list[bytes]) -> None:
    """Noise and bent packets are RemoteProtocolErrors, and the next good packet is read."""
    chance = random.Random(7)
    decoder = protocol.decoder()
    for _ in range(2000):
        data = bytearray(chance.choice(datagrams))
        match chance.randrange(4):
            case 0:
                data = bytearray(chance.randbytes(chance.randrange(80)))
            case 1:
                del data[chance.randrange(len(data)) :]
            case 2:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case _:
                data += chance.randbytes(chance.randrange(1, 40))
        found = decode_datagram(decoder, bytes(data), at=AT)
        assert not found.error.startswith("fault"), found.error
    sent = TrackingSample("conformance", "7", AT, POSES[1])
    found = decode_datagram(decoder, protocol.encode(sent), at=AT)
    assert [sample.subject for sample in found.samples] == ["7"], "it reads on after noise"


def _close(one: Any, other: Any) -> bool:
    if isinstance(other, list):
        return len(one) == len(other) and all(map(_close, one, other))
    return one == other or (isinstance(other, float) and isclose(one, other, abs_tol=1e-4))


def capture_of(name: str) -> dict[str, Any]:
    """The capture of a protocol; every protocol of ours has one."""
    capture: dict[str, Any] = json.loads((CAPTURES / f"{name}.json").read_text("utf-8"))
    return capture


@pytest.mark.parametrize("name", plugins.known(plugins.TRACKERS))
def test_every_registered_protocol_conforms(name: str) -> None:
    conform(plugins.tracker(name), capture_of(name))


def test_a_protocol_of_another_package_conforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stagehand(tmp_path, monkeypatch)
    assert "boom" in plugins.known(plugins.TRACKERS)
    conform(plugins.tracker("boom"), capture_of("boom"))


# -- the controls: what the suite must not pass -------------------------------------------------


class Working:
    """A protocol that conforms, for each control to break in one way."""

    def __init__(self) -> None:
        from xrdrama.tracking import freed

        self.freed = freed

    def decoder(self) -> Any:
        return self.freed.decoder()

    def encode(self, sample: TrackingSample) -> bytes:
        return self.freed.encode(sample)


class Raising(Working):
    """Its decoder raises what is not of the protocol."""

    def decoder(self) -> Any:
        inner = self.freed.decoder()

        class Decoder:
            def feed(self, datagram: bytes, at: int) -> Any:
                if len(datagram) != 29 and len(datagram) != 64:
                    raise IndexError("no such byte")
                return inner.feed(datagram, at)

        return Decoder()


class Mirrored(Working):
    """Its encoder has another sign of pan than its decoder."""

    def encode(self, sample: TrackingSample) -> bytes:
        pan, tilt, roll = sample.pan_tilt_roll()
        rotation = Quat.from_angles(pan=-pan, tilt=tilt, roll=roll)
        return self.freed.encode(
            TrackingSample("t", sample.subject, 0, Pose(sample.pose.position, rotation))
        )


class Timeless(Working):
    """Its samples do not have the time of their arrival."""

    def decoder(self) -> Any:
        inner = self.freed.decoder()

        class Decoder:
            def feed(self, datagram: bytes, at: int) -> Any:
                return inner.feed(datagram, 0)

        return Decoder()


class Deaf(Working):
    """After a bad packet it reads nothing any more."""

    def decoder(self) -> Any:
        inner = self.freed.decoder()

        class Decoder:
            broken = False

            def feed(self, datagram: bytes, at: int) -> Any:
                if self.broken:
                    return ()
                try:
                    return inner.feed(datagram, at)
                except RemoteProtocolError:
                    self.broken = True
                    raise

        return Decoder()


class Careless(Working):
    """Its encoder raises what is not of the protocol."""

    def encode(self, sample: TrackingSample) -> bytes:
        if sample.pose.position.x != sample.pose.position.x:
            raise OverflowError("NaN")
        return self.freed.encode(sample)


def test_the_control_itself_conforms() -> None:
    conform(Working(), capture_of("freed"))


@pytest.mark.parametrize("broken", [Raising, Mirrored, Timeless, Deaf, Careless])
def test_the_suite_fails_a_broken_protocol(broken: type[Working]) -> None:
    with pytest.raises((AssertionError, OverflowError)):
        conform(broken(), capture_of("freed"))


# -- plug-ins that cannot be used ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def decode(datagram, *, at=0): ...", "has no decoder() and no encode()"),
        ("def decoder(): ...", "has no encode()"),
        ("import no_such_package", "needs a package that is not installed: No module named"),
        ("import xrdrama.no_such_module", "does not fit this version of xrdrama: No module named"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("raise SystemExit(3)", "cannot be loaded: SystemExit: 3"),
        ("def decoder(:", "cannot be loaded: SyntaxError"),
    ],
)
def test_a_protocol_that_cannot_be_used_is_named_with_its_package(
    source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = {"xrdrama.trackers": {"bad": "bad_package.tracker"}}
    install(tmp_path, monkeypatch, points, {"tracker.py": source}, name="bad_package")
    with pytest.raises(DeviceError) as caught:
        plugins.tracker("bad")
    assert message in caught.value.message and "'bad'" in caught.value.message
    assert "the package bad_package" in caught.value.remedy


def test_an_unknown_protocol_has_a_suggestion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stagehand(tmp_path, monkeypatch)
    with pytest.raises(UsageError, match="no tracking protocol 'bom'") as caught:
        plugins.tracker("bom")
    assert "boom" in caught.value.remedy
    assert STAGEHAND["xrdrama.trackers"]["boom"] == "stagehand.boom"
