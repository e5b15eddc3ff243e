"""A run at a fixed rate says which cameras had no tracking, and how many packets were bad."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.conformance.shows import without_inputs
from xrdrama import content
from xrdrama.cli import run
from xrdrama.spatial import Pose
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.logs import Entry, entry_line, header_line

GOOD = freed.encode(TrackingSample("t", "1", 0, Pose()))
OTHER = freed.encode(TrackingSample("t", "7", 0, Pose()))
BAD = b"\xd2" + bytes(28)


@pytest.mark.parametrize(
    ("datagrams", "expected"),
    [
        ((GOOD,), []),
        (
            (BAD,),
            [
                "60 packets on {log} cannot be read as freed: FreeD message type D2",
                "(subject 1) had no tracking sample: no packet of {log} could be read",
            ],
        ),
        ((GOOD, GOOD, BAD), ["20 packets on {log} cannot be read as freed"]),
        ((OTHER,), ["had no tracking sample: receiving subject 7; the stage expects subject 1"]),
    ],
)
def test_a_log_without_usable_samples_is_a_warning(
    datagrams: tuple[bytes, ...],
    expected: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = tmp_path / "a.log"
    entries = [
        entry_line(Entry(n * 10**9 // 60, datagrams[n % len(datagrams)], "t")) for n in range(60)
    ]
    log.write_text(header_line("freed") + "".join(entries))
    show, out = str(without_inputs(tmp_path)), str(tmp_path / "out")
    assert run(["run", show, *OPTIONS, out, "--tracking-log", str(log)]) == 0
    _are_said([text.format(log=log) for text in expected], capsys)


def test_a_tracker_without_a_sender_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    show = without_inputs(tmp_path)
    stage = content.read_text(content.find("stage", "arc_volume"))
    stage = stage.replace("port: 40000", f"port: {port}")
    (tmp_path / "arc_volume.stage.yaml").write_text(stage, "utf-8")
    assert run(["run", str(show), *OPTIONS, str(tmp_path / "out"), "--tracker"]) == 0
    expected = f"(subject 1) had no tracking sample: no tracking packets on 127.0.0.1:{port}"
    _are_said([expected], capsys)


OPTIONS = ["--headless", "--fixed-rate", "--no-video", "--json", "--seconds", "1", "--out"]


def _are_said(expected: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """These warnings, and no others, are in the JSON and at the terminal."""
    said = capsys.readouterr()
    warnings = json.loads(said.out)["warnings"]
    assert len(warnings) == len(expected)
    lines = " ".join(said.err.split())
    for text, warning in zip(expected, warnings, strict=True):
        assert text in warning
        assert lines.replace(" ", "").count(warning.replace(" ", "")) == 1
