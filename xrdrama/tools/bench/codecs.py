"""Codecs: a frame of the wire against JSON, FreeD against splitting the same bytes."""

from __future__ import annotations

import json
import struct
from itertools import accumulate
from typing import Any

import msgspec

from xrdrama.show import advance, opening
from xrdrama.spatial import Pose, Vec3
from xrdrama.stage import load_stage
from xrdrama.tools.bench.advance import FOUR_WALLS, production_on
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tracking import TrackingSample, freed, opentrackio
from xrdrama.tracking.datagrams import decode_datagram
from xrdrama.wire.codec import decode_frame, encode


def bench_wire() -> list[BenchResult]:
    """A frame to bytes and back against the standard library's JSON of the same frame."""
    production, ticks = production_on(load_stage(FOUR_WALLS, "four"))
    show = opening(production)
    for tick in ticks[:60]:
        show, frame = advance(show, tick)
    plain = msgspec.to_builtins(frame)
    return [
        compared(
            "wire_frame",
            lambda: [decode_frame(encode(frame)) for _ in range(200)],
            lambda: [json.loads(json.dumps(plain)) for _ in range(200)],
            goal=0.5,
        )
    ]


def bench_freed() -> list[BenchResult]:
    """Decoding FreeD against only summing and splitting the same bytes."""
    sample = TrackingSample("op", "1", 0, Pose(Vec3(1.0, 2.0, 1.5)), zoom=100.0, focus=7.0)
    data = freed.encode(sample)

    def split() -> list[int]:
        assert (0x40 - sum(data[:-1])) & 0xFF == data[-1]
        return [int.from_bytes(data[i : i + 3], "big", signed=i < 20) for i in range(2, 26, 3)]

    return [
        compared(
            "freed_decode",
            lambda: [freed.decode(data) for _ in range(1000)],
            lambda: [split() for _ in range(1000)],
            goal=8.0,
        )
    ]


def bench_opentrackio() -> list[BenchResult]:
    """Decoding OpenTrackIO, faults and all, against header, checksum and `json.loads` or
    `cbor2.loads` of the same bytes by hand: the payload is text or items, not a C structure."""
    import cbor2

    pose = Pose(Vec3(1.0, 2.0, 1.5))
    results = []
    for name, encoding, load in (("json", 1, json.loads), ("cbor", 2, cbor2.loads)):
        writer = opentrackio.Writer(encoding=encoding)
        samples = [
            TrackingSample("op", "1", n * 4_000_000, pose, focal_mm=35.0) for n in range(200)
        ]
        datagrams = [one for sample in samples for one in writer.packets(sample)]

        def ours(datagrams: list[bytes] = datagrams) -> None:
            decoder = opentrackio.decoder()
            for number, data in enumerate(datagrams):
                assert decode_datagram(decoder, data, at=number * 4_000_000).samples

        def by_hand(datagrams: list[bytes] = datagrams, load: Any = load) -> None:
            for data in datagrams:
                *_, checksum = struct.unpack_from(">4sBBHIHH", data)
                body = data[:14] + data[16:]
                assert (sum(accumulate(body)) & 255) << 8 | sum(body) & 255 == checksum
                link = load(data[16:])["transforms"][0]
                _ = (*link["translation"].values(), *link["rotation"].values())

        results.append(compared(f"opentrackio_{name}", ours, by_hand, goal=4.0))
    return results
