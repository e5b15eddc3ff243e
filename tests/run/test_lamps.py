"""What the terminal says about live faces, and `--face`."""

from __future__ import annotations

import pytest

from tests.show.small import SHOW, played, small
from xrdrama.adapters.web.live.view import View
from xrdrama.errors import UsageError
from xrdrama.run.lamps import Lamps, summary
from xrdrama.run.sources import face_overrides, input_overrides
from xrdrama.show.model import ShowFile
from xrdrama.show.parse import parse_show
from xrdrama.timing import NS
from xrdrama.wire.events import AnyEvent, DeviceLost, Faced
from xrdrama.wire.frame import Frame

FACE = "lan_face: {use: face, performer: lan, camera: 3}"
VALUES = (0,) * 52


def event(at: int, values: tuple[int, ...] = VALUES, others: int = 0) -> tuple[int, AnyEvent]:
    return at, Faced("lan_face", "lan", values, (0, 0, 0), at, others)


def frames(log: list[tuple[int, AnyEvent]]) -> list[Frame]:
    return played(log, 3.0, small(f"{SHOW}inputs: {{{FACE}}}\n"))[1]


def test_the_terminal_says_by_name_that_a_face_is_on_seen_and_off() -> None:
    log = [event(NS), event(NS + NS // 4), (2 * NS, DeviceLost("lan_face", "unplugged"))]
    lamps = Lamps()
    assert [text for frame in frames(log) for text in lamps.news(frame)] == [
        "LIVE FACE on: lan_face sees no face for lan yet",
        "LIVE FACE: lan_face drives lan",
        "live face off: lan_face does not drive lan any more",
    ]


def test_a_face_that_comes_and_goes_does_not_fill_the_terminal() -> None:
    log = [event(NS + n * NS // 10, VALUES if n % 2 else ()) for n in range(20)]
    lamps = Lamps()
    assert len([text for frame in frames(log) for text in lamps.news(frame)]) == 2


def test_more_faces_are_named_and_without_an_input_there_is_no_lamp() -> None:
    two = frames([event(NS, others=1)])[60]
    assert two.faces[0].words == "LIVE FACE: lan_face drives lan; 2 faces, only the first is used"
    assert summary(two) == "LIVE FACE: lan"
    nobody = played([], 1.0, small())[1][-1]
    assert nobody.faces == () and summary(nobody) == "" and Lamps().news(nobody) == []


def test_the_console_shows_each_lamp_in_words() -> None:
    view = View()
    shown = [view.of(frame).get("faces") for frame in frames([event(NS)])[40:70:29]]
    assert shown[0] == [
        {"text": "LIVE FACE on: lan_face sees no face for lan yet", "state": "waiting"}
    ]
    assert shown[1] == [{"text": "LIVE FACE: lan_face drives lan", "state": "live"}]
    assert "faces" not in View().of(played([], 0.1, small())[1][0])


def show_file(inputs: str) -> ShowFile:
    show, problems = parse_show(f"{SHOW}inputs: {{{inputs}}}\n", "small.show.yaml")
    assert show is not None, problems
    return show


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0", {"camera": "0"}),
        ("lan=2", {"camera": "2"}),
        ("smile.webm", {"file": "smile.webm"}),
        ("lan=a=b.mp4", {"file": "a=b.mp4"}),
        ("a=b.mp4", {"file": "a=b.mp4"}),
    ],
)
def test_face_replaces_the_source_and_keeps_the_performer(
    given: str, expected: dict[str, str]
) -> None:
    file = show_file(FACE)
    found = input_overrides(file, face_overrides(file, given))
    assert found == {"lan_face": {"performer": "lan", **expected}}


def test_face_needs_an_input_of_the_show_and_one_that_is_meant() -> None:
    assert face_overrides(show_file(FACE), "") == []
    with pytest.raises(UsageError, match="no input of a face") as caught:
        face_overrides(show_file("eyes: {use: hand, camera: 0}"), "0")
    assert "inputs: {lan_face: {use: face" in caught.value.remedy
    two = show_file(f"{FACE}, her_face: {{use: face, performer: grandmother, camera: 1}}")
    with pytest.raises(UsageError, match="2 live faces") as caught:
        face_overrides(two, "0")
    assert caught.value.remedy == "write --face grandmother=0 or --face lan=0"
    assert face_overrides(two, "grandmother=1") == ["her_face=camera:1"]
