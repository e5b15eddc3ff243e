"""Feeds damaged packets to a decoder, for the fuzz tests of every tracking protocol."""

from __future__ import annotations

import random
from collections.abc import Sequence

from xrdrama.tracking.datagrams import Decoder, decode_datagram


def damaged(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the packets with one to three kinds of damage: bytes changed, cut off or inserted,
    another packet behind it."""
    packet = bytearray(chance.choice(seeds))
    for _ in range(chance.randrange(1, 4)):
        match chance.randrange(4):
            case 0 if packet:
                packet[chance.randrange(len(packet))] = chance.randrange(256)
            case 1 if packet:
                del packet[chance.randrange(len(packet)) :]
            case 2:
                where = chance.randrange(len(packet) + 1)
                packet[where:where] = chance.randbytes(chance.randrange(1, 9))
            case _:
                packet += chance.choice(seeds)
    return bytes(packet)


def fuzz(decoder: Decoder, seeds: Sequence[bytes], count: int, seed: int) -> int:
    """How many of `count` damaged packets were refused; AssertionError for another exception."""
    chance, refused = random.Random(seed), 0
    for number in range(count):
        packet = damaged(chance, seeds)
        found = decode_datagram(decoder, packet, at=number)
        assert not found.error.startswith("fault"), (found.error, packet.hex())
        refused += bool(found.error)
    return refused
