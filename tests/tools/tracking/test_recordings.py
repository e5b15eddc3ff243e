"""`track decode` and `track convert`: machine forms, signs through every pair, what is lost."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.tracking.opentrackio.packets import dynamic, full, packet, replaced, text_of, without
from xrdrama import plugins
from xrdrama.cli import run
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tools.tracking.recordings import Conversion, Recording
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import decode_datagram

OURS = plugins.own(plugins.TRACKERS)
# Our words: pan positive to the left, so that a pan to the right by 10 degrees is -10.
SIGNS = {
    "pan right": ((0, 0, 0), (-10, 0, 0)),
    "tilt up": ((0, 0, 0), (0, 10, 0)),
    "roll clockwise": ((0, 0, 0), (0, 0, 10)),
    "1 m to the right": ((1, 0, 0), (0, 0, 0)),
    "1 m forward": ((0, 1, 0), (0, 0, 0)),
    "1 m up": ((0, 0, 1), (0, 0, 0)),
    "all": ((1.5, -2.0, 1.625), (-10, 5, 2)),
}


def decode(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, list[dict[str, Any]]]:
    status = run(["track", "decode", *argv])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def hex_file(folder: Path, *datagrams: bytes) -> str:
    path = folder / "datagrams.hex"
    path.write_text("\n".join(one.hex() for one in datagrams), "ascii")
    return str(path)


def converted(source: str, target: str, file: str, **more: Any) -> tuple[list[bytes], Conversion]:
    conversion = Conversion(source, target, Recording(Path(file), hex=True), **more)
    return list(conversion.datagrams()), conversion


# -- decode -------------------------------------------------------------------------------------


def test_a_sample_in_our_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.bin"
    file.write_bytes(packet(text_of(full())))
    status, (line,) = decode(capsys, "opentrackio", str(file), "--json")
    assert status == 0
    assert line["source"] == "opentrackio" and line["subject"] == "7"
    assert line["position_m"] == [1.5, -2.25, 1.625]
    assert (line["pan_deg"], line["tilt_deg"], line["roll_deg"]) == (10.0, -5.0, 2.0)
    assert (line["zoom"], line["focus"], line["iris"]) == (3000, 1000, 2000)
    assert line["timecode"] == "23:59:58:22" and line["timecode_rate"] == [24_000, 1001]
    assert line["lens"]["distortion"][0]["model"] == "Brown-Conrady U-D"
    assert line["lens"]["sensor_mm"] == [36.0, 24.0] and "faults" not in line


def test_faults_and_errors_have_lines_and_exit_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad_lens = packet(text_of(dynamic(lens={"fStop": "4"})))
    pan = ("transforms", 0, "rotation", "pan")
    bad_pan = packet(text_of(replaced(dynamic(), pan, "x")))
    file = hex_file(tmp_path, bad_lens, bad_pan, b"\x00", packet(text_of(dynamic(sourceNumber=9))))
    status, lines = decode(capsys, "opentrackio", "--hex", file)
    assert status == 1 and len(lines) == 4
    message = "expected a number, got '4'"
    assert lines[0]["faults"] == [{"path": "$.lens.fStop", "message": message}]
    assert lines[0]["position_m"] == [1.5, -2.25, 1.625]
    assert lines[1]["faults"][0]["path"] == "$.transforms[0].rotation.pan"
    assert not {"position_m", "pan_deg", "tilt_deg", "roll_deg"} & lines[1].keys()
    assert lines[1]["timecode"] == "01:02:03:04"
    assert list(lines[2]) == ["error"]
    assert lines[3]["subject"] == "9" and "faults" not in lines[3]


@pytest.mark.parametrize(
    ("sample", "status"),
    [(dynamic(), 0), (dynamic(lens={"fStop": "4"}), 1), (without(dynamic(), ("transforms",)), 0)],
)
def test_the_status_is_1_for_a_fault_alone(
    sample: Any, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, lines = decode(
        capsys, "opentrackio", "--hex", hex_file(tmp_path, packet(text_of(sample)))
    )
    assert (found, len(lines)) == (status, 1)


def test_a_json_log_and_a_cut_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log.jsonl"
    texts = [text_of(dynamic(sourceNumber=number)) for number in (1, 2)]
    file.write_bytes(b"\n".join([*texts, texts[0][:50]]))
    status, lines = decode(capsys, "opentrackio", str(file))
    assert status == 1 and [line.get("subject") for line in lines] == ["1", "2", None]
    assert lines[2]["error"].startswith("line 3: ")
    file.write_bytes(packet(texts[0]) + packet(texts[1], sequence=1))
    status, lines = decode(capsys, "opentrackio", str(file))
    assert status == 0 and [line["subject"] for line in lines] == ["1", "2"]


def test_a_segment_that_never_came_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = hex_file(tmp_path, packet(b"{", last=False))
    status, lines = decode(capsys, "opentrackio", "--hex", file)
    assert status == 1 and "was lost" in lines[0]["error"]


# -- convert ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "target"), list(product(OURS, OURS)))
def test_signs_are_kept_through_every_pair(source: str, target: str, tmp_path: Path) -> None:
    poses = [
        Pose(Vec3(*position), Quat.from_angles(pan=pan, tilt=tilt, roll=roll))
        for position, (pan, tilt, roll) in SIGNS.values()
    ]
    protocol = plugins.tracker(source)
    sent = [
        protocol.encode(TrackingSample("test", "7", n * NS, pose)) for n, pose in enumerate(poses)
    ]
    datagrams, conversion = converted(source, target, hex_file(tmp_path, *sent))
    assert conversion.errors == []
    decoder = plugins.tracker(target).decoder()
    found = [one for d in datagrams for one in decode_datagram(decoder, d).samples]
    assert len(found) == len(poses)
    for got, pose in zip(found, poses, strict=True):
        assert got.subject == "7"
        assert (got.pose.position - pose.position).length() < 1e-3
        assert got.pose.rotation.angle_to(pose.rotation) < 1e-4


def test_pan_to_the_right_in_both_words(tmp_path: Path) -> None:
    """FreeD pan +10 is OpenTrackIO pan -10."""
    freed = bytes.fromhex("d101050000000000000000000000000000000000000000000000000069")
    ((datagram,), _) = converted("freed", "opentrackio", hex_file(tmp_path, freed))
    sample = json.loads(datagram[16:])
    assert sample["transforms"][0]["rotation"] == {"pan": -10.0, "tilt": 0.0, "roll": 0.0}
    opentrackio = packet(text_of(dynamic(transforms=sample["transforms"], sourceNumber=1)))
    ((back,), _) = converted("opentrackio", "freed", hex_file(tmp_path, opentrackio))
    assert back[2:5] == bytes.fromhex("050000")


def test_freed_comes_back_byte_for_byte(tmp_path: Path) -> None:
    sent = plugins.tracker("freed").encode(
        TrackingSample(
            "t", "9", 0, Pose(Vec3(1.23, -4.56, 7.89)), zoom=4660.0, focus=16_777_215.0,
            angles=(12.345, -67.89, 3.21),
        )
    )  # fmt: skip
    between, lost = converted("freed", "opentrackio", hex_file(tmp_path, sent))
    assert set(lost.not_carried) == {"spare bits"}
    back, lost = converted("opentrackio", "freed", hex_file(tmp_path, *between))
    assert back == [sent]
    words = {what for what in lost.not_carried if not what.startswith("$.")}
    assert words == {"sequence number"}, "zoom and focus are counts in both"


def test_what_is_lost_is_named_once_with_its_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    datagrams = [packet(text_of(full() | {"sourceNumber": n})) for n in (1, 2)]
    file = hex_file(tmp_path, *datagrams)
    assert run(["track", "convert", "opentrackio", "freed", "--hex", file]) == 0
    out, err = capsys.readouterr()
    assert [len(bytes.fromhex(line)) for line in out.splitlines()] == [29, 29]
    for what in ("timecode", "focal length", "status", "sequence number", "iris", "lens d"):
        assert f"not carried over in 2 samples: {what}" in err
    assert run(["track", "convert", "opentrackio", "freed", "--hex", file, "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(err)
    assert {"what": "timecode", "samples": 2} in report["not_carried"] and report["errors"] == []
    assert len(out.splitlines()) == 2


def test_what_both_can_carry_is_not_reported(tmp_path: Path) -> None:
    datagrams, lost = converted(
        "opentrackio", "opentrackio", hex_file(tmp_path, packet(text_of(full())))
    )
    assert all(what.startswith("$.") for what in lost.not_carried) and lost.errors == []
    assert "$.tracker.slate" in lost.not_carried, "a sample of ours has no field for it"
    one = decode_datagram(plugins.tracker("opentrackio").decoder(), packet(text_of(full())))
    other = decode_datagram(plugins.tracker("opentrackio").decoder(), datagrams[0])
    assert one.samples == other.samples


def test_rings_from_0_to_1_become_counts_and_that_is_said(tmp_path: Path) -> None:
    sample = dynamic(lens={"encoders": {"zoom": 0.5, "focus": 1.0}})
    (datagram,), lost = converted(
        "opentrackio", "freed", hex_file(tmp_path, packet(text_of(sample)))
    )
    assert datagram[20:26] == bytes.fromhex("800000ffffff")
    assert "zoom from 0 to 1 (written as a count from 0 to 16777215)" in lost.not_carried


def test_a_camera_id_that_the_other_has_not_gets_a_number_and_that_is_said(tmp_path: Path) -> None:
    zero = b"\xd1" + bytes(27) + b"\x6f"
    datagrams, lost = converted("freed", "opentrackio", hex_file(tmp_path, zero))
    assert json.loads(datagrams[0][16:])["sourceNumber"] == 200
    assert "subject 0 (written as 200: --subject)" in lost.not_carried
    datagrams, lost = converted("freed", "opentrackio", hex_file(tmp_path, zero), subject="3")
    assert json.loads(datagrams[0][16:])["sourceNumber"] == 3 and "spare bits" in lost.not_carried


def test_samples_that_cannot_be_converted_are_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poseless = packet(text_of(without(dynamic(), ("transforms",))))
    far = packet(text_of(replaced(dynamic(), ("transforms", 0, "translation", "x"), 5000)))
    file = hex_file(tmp_path, poseless, far, b"\x00")
    assert run(["track", "convert", "opentrackio", "freed", "--hex", file]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    for text in ("without a pose", "does not fit in 24 bits", "1 bytes; its header alone has 16"):
        assert text in err


def test_what_a_sample_has_no_field_for_is_named_by_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "a.json"
    log.write_text(
        '{"protocol": {"name": "OpenTrackIO", "version": [1, 0, 1]}, "sourceNumber": 1,'
        ' "tracker": {"slate": "12A", "notes": "second take", "status": "good"},'
        ' "lens": {"custom": [1, 2], "pinholeFocalLength": 35, "entrancePupilOffset": 0.1},'
        ' "static": {"camera": {"shutterAngle": 180}},'
        ' "transforms": [{"translation": {"x": 0, "y": 0, "z": 0}, "id": "dolly",'
        ' "rotation": {"pan": 0, "tilt": 0, "roll": 0}}]}'
    )
    assert run(["track", "convert", "opentrackio", "opentrackio", str(log)]) == 0
    err = capsys.readouterr().err
    named = {line.rpartition(": ")[2] for line in err.splitlines()}
    paths = {"$.tracker.slate", "$.tracker.notes", "$.lens.custom", "$.transforms[0].id"}
    assert named == {*paths, "$.static.camera.shutterAngle"}
    assert run(["track", "convert", "opentrackio", "osc", str(log)]) == 0
    assert {"entrance pupil", "focal length"} <= {
        line.rpartition(": ")[2] for line in capsys.readouterr().err.splitlines()
    }
