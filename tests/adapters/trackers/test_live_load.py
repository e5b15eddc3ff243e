"""Eight cameras at 240 Hz over UDP: no packet is lost, and the work of one is measured."""

from __future__ import annotations

import multiprocessing
import socket
import time
from typing import Any

import pytest

from tests.waiting import wait_until
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.spatial import Pose, Vec3
from xrdrama.tracking import TrackingSample, freed

CAMERAS, RATE = 8, 240


def send(port: int, seconds: float, skip: int) -> None:
    """Send numbered packets of eight cameras at 240 Hz, each camera's sequence number in Z CAM's
    bits; every `skip`-th packet is left out (0: none)."""
    protocol = freed.with_profile("zcam")
    rows = [
        [
            protocol.encode(
                TrackingSample("t", str(camera), 0, Pose(Vec3(n / 100, 0, 1.5)), sequence=n)
            )
            for camera in range(CAMERAS)
        ]
        for n in range(16)
    ]
    start = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for number in range(round(seconds * RATE)):
            wait = start + number / RATE - time.monotonic()
            if wait > 0:
                time.sleep(wait)  # the pace of the packets
            for camera, packet in enumerate(rows[number % 16]):
                if not skip or (number * CAMERAS + camera) % skip != skip - 1:
                    out.sendto(packet, ("127.0.0.1", port))


def received(seconds: float, *, skip: int = 0) -> Any:
    """The report after all packets of `seconds`, sent by another process."""
    got: list[TrackingSample] = []
    tracker = UdpTracker(freed.with_profile("zcam"), "127.0.0.1", 0, on_sample=got.append)
    sender = multiprocessing.get_context("spawn").Process(
        target=send, args=(tracker.address[1], seconds, skip)
    )
    try:
        sender.start()
        sender.join()
        count = round(seconds * RATE) * CAMERAS
        expected = count - (count // skip if skip else 0)
        wait_until(lambda: tracker.health().packets >= expected)
        report = tracker.health()
        assert len(got) == report.samples
        return expected, report
    finally:
        tracker.close()


def check_nothing_is_lost(seconds: float) -> None:
    expected, report = received(seconds)
    assert report.packets == report.samples == expected
    assert len(report.subjects) == CAMERAS
    assert all(one.samples == expected // CAMERAS for one in report.subjects.values())
    assert (report.bad, report.lost, report.late) == (0, 0, 0)


def test_eight_cameras_at_240_hz_lose_nothing() -> None:
    check_nothing_is_lost(3.0)


@pytest.mark.soak
def test_eight_cameras_at_240_hz_for_a_minute_lose_nothing() -> None:
    check_nothing_is_lost(60.0)


def test_packets_that_were_not_sent_are_counted() -> None:
    """The control: one packet in a hundred and one is missing, and is found by its number."""
    expected, report = received(1.0, skip=101)
    assert report.samples == expected
    missing = RATE * CAMERAS // 101
    assert missing - CAMERAS <= report.lost <= missing
