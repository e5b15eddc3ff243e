"""A million bent packets: nothing but RemoteProtocolError, never half a pose, bounded memory."""

from __future__ import annotations

import json
import random
from typing import Any

import cbor2
import pytest

from tests.tracking.opentrackio.packets import full, packet, places, replaced, text_of, without
from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.opentrackio import Decoder
from xrdrama.tracking.opentrackio.segments import MOST_BYTES, MOST_WAITING

GOOD = full()
TEXT = text_of(GOOD)
BINARY = cbor2.dumps(GOOD)
PLACES = [keys for _, keys in places(GOOD)][1:]
ODD: list[Any] = [
    None, True, False, -1, 0, 2**31, 2**32, 2**63, 2**64, 10**40, -(10**40), 0.1, 1e300, -1e300,
    float("nan"), float("inf"), "", "x", "x" * 2000, "\0", "\0NaN", "\ud7ff", [], [[]], {}, {"": 1},
    {"x": {"x": {"x": 1}}}, [None] * 50, b"bytes",
]  # fmt: skip


def bent_bytes(chance: random.Random, data: bytes) -> bytes:
    bent = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(bent) + 1)
        match chance.randrange(5):
            case 0 if at < len(bent):
                bent[at] = chance.randrange(256)
            case 1:
                del bent[at : at + chance.randrange(1, 30)]
            case 2:
                bent[at:at] = chance.choice(
                    (
                        b'"',
                        b"{",
                        b"}",
                        b"[" * 50,
                        b"NaN",
                        b"1e999",
                        b"\\",
                        b"\xff",
                        b"9" * 400,
                        b",",
                    )
                )
            case 3:
                bent[at:at] = bent[at : at + chance.randrange(1, 60)]
            case _:
                del bent[at:]
    return bytes(bent)


def payload(chance: random.Random) -> tuple[bytes, int]:
    """A damaged payload behind a header that is right, and its encoding."""
    encoding = chance.choice((1, 2))
    match chance.randrange(6):
        case 0:
            return bent_bytes(chance, TEXT if encoding == 1 else BINARY), encoding
        case 1:
            depth = chance.choice((5, 31, 33, 400, 5000))
            return (b'{"lens":' * depth, 1) if encoding == 1 else (b"\xa1\x61a" * depth, 2)
        case 2:
            return chance.randbytes(chance.randrange(200)), encoding
    sample: Any = GOOD
    for _ in range(chance.randrange(1, 4)):
        keys = chance.choice(PLACES)
        try:
            if chance.random() < 0.3:
                sample = without(sample, keys)
            else:
                sample = replaced(sample, keys, chance.choice(ODD))
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    if encoding == 2:
        return cbor2.dumps(sample), 2
    return json.dumps(sample, default=str).encode(), 1


def datagrams(chance: random.Random) -> list[bytes]:
    body, encoding = payload(chance)
    body = body[:32_767]
    number = chance.randrange(65_536)
    match chance.randrange(8):
        case 0:
            whole = packet(body, encoding=encoding, sequence=number)
            return [bent_bytes(chance, whole)]
        case 1:
            at = chance.choice((1, 20, 1400, 2**18, 2**32 - 1))
            last = chance.random() < 0.5
            return [packet(body, encoding=encoding, sequence=number, offset=at, last=last)]
        case 2 if len(body) > 2:
            cut = chance.randrange(1, len(body))
            step = chance.randrange(2)
            parts = [
                packet(body[:cut], encoding=encoding, sequence=number, last=False),
                packet(body[cut:], encoding=encoding, sequence=(number + step) % 65536, offset=cut),
            ]
            chance.shuffle(parts)
            return parts[: chance.randrange(1, 3)]
    return [packet(body, encoding=encoding, sequence=number)]


def fuzz(count: int, seed: int) -> dict[str, int]:
    """Feed `count` datagrams to one decoder, and return how they ended."""
    chance = random.Random(seed)
    decoder = Decoder()
    counts = {"good": 0, "faulty": 0, "poseless": 0, "refused": 0}
    done = 0
    while done < count:
        for datagram in datagrams(chance):
            done += 1
            try:
                found = decoder.feed(datagram, done * 1_000_000)
            except RemoteProtocolError:
                counts["refused"] += 1
                continue
            for sample in found:
                position, rotation = sample.pose.position, sample.pose.rotation
                assert position.is_finite() and abs(rotation.norm() - 1.0) < 1e-6
                counts["faulty" if decoder.faults else "good"] += 1
            counts["poseless"] += len(decoder.poseless)
        assert len(decoder.joiner._waiting) <= MOST_WAITING + 1
        assert decoder.joiner._bytes <= MOST_BYTES + 65_536
    return counts


def test_thousands_of_bent_packets() -> None:
    counts = fuzz(4000, 5)
    assert all(count > 20 for count in counts.values()), counts
    assert len(Decoder().feed(packet(TEXT), 0)) == 1


@pytest.mark.soak
def test_a_million_bent_packets() -> None:
    counts = fuzz(1_000_000, 6)
    assert all(count > 1000 for count in counts.values()), counts
