"""No picture leaves the face input: not into an event, a log, or a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.adapters.face.videos import write_video
from tests.fakes import RecordingIngress
from xrdrama.adapters.face import input as face
from xrdrama.adapters.face.landmarks import Landmarker, Seen
from xrdrama.tracking.faces import ARKIT
from xrdrama.wire.codec import encode
from xrdrama.wire.events import Entry, Faced

PACKAGE = Path(face.__file__).parent
WRITERS = {"imwrite", "imshow", "VideoWriter", "tofile", "tobytes", "save", "write_bytes", "dump"}


def pictures() -> Iterator[np.ndarray[Any, Any]]:
    """Noise that no coding hides: 64 x 48 is small enough to look for."""
    chance = np.random.default_rng(3)
    for _ in range(12):
        yield chance.integers(0, 255, (48, 64, 3), np.uint8)


def test_an_event_has_room_for_numbers_only() -> None:
    """The largest event that fits the wire is smaller than the smallest picture that shows a face
    (32 x 32 grey)."""
    largest = Faced("s" * 64, "p" * 64, (255,) * 52, (1800,) * 3, 2**61, 2**52, 2**61, True)
    assert len(encode(Entry(2**52, 2**61, largest))) < 400 < 32 * 32


def test_a_run_writes_no_file_and_records_only_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def finds(self: Landmarker, picture: Any, at: int) -> tuple[Seen, ...]:
        seen.append(np.ascontiguousarray(picture).tobytes())
        values = {name: (7 * n % 100) / 100 for n, name in enumerate(ARKIT, 1)}
        return (Seen(values, (0.1, 0.0, 0.0), (0.5, 0.5), 0.4),)

    monkeypatch.setattr(Landmarker, "find", finds)  # noise has no face
    file = write_video(tmp_path / "noise.mp4", pictures())
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    ingress = RecordingIngress(fixed_rate=True)
    face.open("cam", {"performer": "lan", "file": file}).run(ingress, ingress.stop)
    assert set(tmp_path.rglob("*")) == before
    events = [event for _, event in ingress.records]
    assert len(events) == 13 and all(isinstance(event, Faced) for event in events)
    written = b"".join(encode(Entry(n, at, event)) for n, (at, event) in enumerate(ingress.records))
    shares = _shares(written, seen[1:])  # the first is the black frame that warms the model up
    control = _shares(written + seen[3][100:200], seen[1:])
    assert (shares, control) == (False, True)


def _shares(written: bytes, pictures: list[bytes], length: int = 16) -> bool:
    """Whether so many bytes in a row of a picture are in what was written."""
    runs = {picture[i : i + length] for picture in pictures for i in range(len(picture) - length)}
    return any(written[i : i + length] in runs for i in range(len(written) - length + 1))


def test_no_function_of_the_adapter_writes_or_sends() -> None:
    """Neither the face adapter nor the frames that it reads call anything that writes a picture."""
    for folder in (PACKAGE, PACKAGE.parent / "vision"):
        for path in folder.glob("*.py"):
            if path.name == "models.py":  # it saves the model that pip got
                continue
            calls = _calls_of(ast.parse(path.read_text("utf-8")))
            assert not calls & WRITERS, path


def _calls_of(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            what = node.func
            names.add(what.attr if isinstance(what, ast.Attribute) else getattr(what, "id", ""))
    return names


def test_control_a_writer_is_found() -> None:
    assert _calls_of(ast.parse("import cv2\ncv2.imwrite('face.png', picture)")) & WRITERS
