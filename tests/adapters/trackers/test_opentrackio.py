"""OpenTrackIO over real UDP: segments, losses and faults are counted; shows run with it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.conformance.shows import played, write_show
from tests.tracking.opentrackio.packets import dynamic, packet, text_of, without
from tests.waiting import wait_until
from xrdrama import plugins
from xrdrama.adapters.trackers.sockets import is_multicast
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.opentrackio import PORT, group_of
from xrdrama.tracking.opentrackio.segments import LOST


def test_segments_losses_and_faults_are_counted() -> None:
    samples: list[TrackingSample] = []
    reasons: list[str] = []
    tracker = UdpTracker(
        plugins.tracker("opentrackio"), "127.0.0.1", 0,
        on_sample=samples.append, on_bad=reasons.append,
    )  # fmt: skip
    texts = [text_of(dynamic(timing={"sequenceNumber": number})) for number in range(1, 7)]
    parts = [
        [packet(text[:99], sequence=n, last=False), packet(text[99:], sequence=n, offset=99)]
        for n, text in enumerate(texts)
    ]
    faulty = packet(text_of(dynamic(lens={"fStop": "4"})), sequence=20)
    poseless = packet(text_of(without(dynamic(), ("transforms",))), sequence=21)
    discarded = packet(text_of(dynamic(sourceNumber=0)), sequence=22)
    sent = [*parts[0], parts[1][0], *parts[2], *parts[2], *parts[3][::-1], *parts[4], *parts[5]]
    sent += [faulty, poseless, discarded]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        for datagram in sent:
            mouth.sendto(datagram, tracker.address)
        wait_until(lambda: tracker.health().packets == len(sent), 10)
    report = tracker.health()
    tracker.close()
    assert [sample.sequence for sample in samples] == [1, 3, 4, 5, 6, 42]
    assert reasons[0] == LOST and "source number 0 is discarded" in reasons[1]
    assert report.bad == 2 and report.samples == 6
    assert tracker.health().counts == {
        "duplicate datagrams": 2, "incomplete samples": 1, "samples without a pose": 1,
        "samples with faults": 1,
    }  # fmt: skip


@pytest.mark.parametrize("clock", ["--fixed-rate", "live"])
def test_a_show_runs_with_it(clock: str, tmp_path: Path) -> None:
    show = write_show(tmp_path, protocol="opentrackio", subject="7")
    options = ["--seconds", "0.5", *([clock] if clock != "live" else [])]
    _, take, said = played(show, *options)
    samples = [one.event for one in take.entries if isinstance(one.event, TrackingSample)]
    assert len(samples) >= 10 and {sample.subject for sample in samples} == {"7"}, said
    wanted = "operator" if clock == "--fixed-rate" else "opentrackio"
    assert {sample.source for sample in samples} == {wanted}


def test_groups_of_source_numbers() -> None:
    assert (group_of(1), group_of(200), PORT) == ("239.135.1.1", "239.135.1.200", 55_555)
    assert is_multicast(group_of(7))
    for number in (0, 201, 255):
        with pytest.raises(ValueError, match="is not an OpenTrackIO source number"):
            group_of(number)
