"""A run with a live face: what it records, what the frames say, and the same again in a replay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.shows import played, write_show
from xrdrama import content
from xrdrama.performer import evaluate
from xrdrama.show.take import replay
from xrdrama.tools.checking.contents import check_paths
from xrdrama.tracking.faces import ARKIT, Face
from xrdrama.tracking.livelink import datagram_of
from xrdrama.wire.events import Faced

SMILE = Face("", "Ada", 0, tuple(0.8 if "Smile" in name else 0.0 for name in ARKIT))
NOBODY = Face("", "Ada", 0)
MORE = """\
performers: {lan: {mark: girl}}
inputs: {phone: {use: livelink, performer: %s, file: face.hex, at: 500ms}}
"""


def write(folder: Path, performer: str = "lan") -> Path:
    faces = [SMILE] * 90 + [NOBODY]
    lines = (datagram_of(face, frame=number) for number, face in enumerate(faces))
    (folder / "face.hex").write_text("\n".join(line.hex() for line in lines))
    return write_show(folder, MORE % performer, move=False)


def test_a_live_face_is_recorded_drives_its_performer_and_replays(tmp_path: Path) -> None:
    show = write(tmp_path)
    _, take, _ = played(show, "--fixed-rate", "--seconds", "3.5")
    events = [entry.event for entry in take.entries if isinstance(entry.event, Faced)]
    assert 35 <= len(events) <= 39 and events[-1].ended
    production = content.produce(content.load_show(str(show)))
    smiles, lamps = {}, {}
    for frame, same in replay(take, production):
        assert same, f"frame {frame.number} is another one"
        pose = evaluate(frame.performers[0], production.cast["lan"].performer, frame.time.shows_at)
        smiles[frame.number] = pose.shapes.get("mouthSmileLeft", 0.0)
        lamps[frame.number] = [face.state for face in frame.faces]
    assert smiles[36] == pytest.approx(0.8, abs=0.01)
    assert smiles[5] < 0.2 and smiles[80] < 0.2, "before and after, the performer rests"
    assert 0.2 < smiles[54] < 0.75, "it is eased out"
    assert [lamps[5], lamps[36], lamps[80]] == [["waiting"], ["live"], []]


def test_check_names_a_live_face_without_a_performer(tmp_path: Path) -> None:
    found, _ = check_paths([write(tmp_path, "lna")])
    assert [(one.code, one.hint) for one in found if one.severity == "error"] == [
        ("H025", "did you mean 'lan'?")
    ]
