"""`track decode livelink`: faces of recorded packets in their machine form."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama import plugins
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.tools.tracking.faces import decoded_faces
from xrdrama.tracking.faces import ARKIT, Face
from xrdrama.tracking.livelink import datagram_of

SMILE = tuple(0.8 if "Smile" in name else 0.0 for name in ARKIT)


def test_each_line_of_hex_is_a_face_or_an_error(tmp_path: Path) -> None:
    face = datagram_of(Face("livelink", "lan", 0, SMILE, (0.5, 0.0, 0.0)), frame=9)
    nobody = datagram_of(Face("livelink", "lan", 0), frame=10)
    sixty = face.replace(b"\x3d", b"\x3c", 1)
    file = tmp_path / "faces.hex"
    file.write_text("\n".join([face.hex(), nobody.hex(), sixty.hex(), "not hex"]))
    smiles, empty, refused, text = decoded_faces(file, hex=True)
    assert smiles["shapes"]["mouthSmileLeft"] == pytest.approx(0.8)
    assert len(smiles["shapes"]) == 52 and smiles["frame"] == 9
    assert smiles["pan_deg"] == pytest.approx(28.648, abs=1e-3)
    assert empty["shapes"] == {} and "pan_deg" not in empty
    assert "60 values; expected 61" in refused["error"]
    assert "line 4 is not hex" in text["error"]


def test_the_command_exits_with_1_after_a_bad_packet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "face.bin"
    file.write_bytes(datagram_of(Face("livelink", "lan", 0, SMILE)))
    assert run(["track", "decode", "livelink", str(file)]) == 0
    assert '"mouthSmileRight":0.8' in capsys.readouterr().out
    file.write_bytes(file.read_bytes()[:-1])
    assert run(["track", "decode", "livelink", str(file)]) == 1
    assert "expected 244" in capsys.readouterr().out


def test_an_input_is_not_taken_for_a_tracking_protocol() -> None:
    with pytest.raises(UsageError, match="'hand' is an input of a show") as caught:
        plugins.tracker("hand")
    assert caught.value.remedy == "write it under inputs: in the show file"
