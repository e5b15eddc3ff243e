"""What the report of a take says, read from the page of a take that was really made.

The page is parsed as a browser parses it, so that only its content is tested, not its markup.
"""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from pathlib import Path
from threading import Event
from typing import Any
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest

from xrdrama import content
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.verify import verify_wall
from xrdrama.adapters.video.files import VideoWriter
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.plan import Plan
from xrdrama.run.result import Result
from xrdrama.run.runner import Runner
from xrdrama.tools.report.writing import write_report
from xrdrama.tools.takes.rendering import Drawn
from xrdrama.tools.takes.replaying import replay_take
from xrdrama.tracking.health import Report
from xrdrama.wire.frame import Pick

SVG = "{http://www.w3.org/2000/svg}"
TITLE = 'Tea & <b>Lanterns</b> "for two"'
ENDING = "Dawn <script>alert(1)</script>"
STORY = f"""\
xrdrama: 1
id: tea
title: '{TITLE}'
language: en
start: pier
scene: lantern_street
cast:
  boatman: {{name: The Boatman}}
beats:
  pier:
    script: |
      BOATMAN: One seat. Decide.
    choice:
      window: {{lasts: 1s, grace: 0s}}
      options:
        board: {{text: I am coming & <i>soon</i>, to: shore, on: {{button: go}}}}
        stay: {{text: I stay here, to: shore}}
      else: shore
  shore:
    script: |
      BOATMAN: It is a short night.
    ending: {{id: dawn, title: '{ENDING}'}}
"""
SHOW = """\
xrdrama: 1
id: tea
title: Tea
story: tea
stage: arc_volume
rate: "24"
languages: [en]
seed: 1
move: demo
"""
PICTURES = ("data:image/jpeg", "data:image/svg+xml")
VOID = {"meta", "img", "br", "link", "hr", "input", "rect"}


class Page(HTMLParser):
    """The text of a page by its headings; its definitions, rows and pictures."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.sections: dict[str, str] = {"": ""}
        self.rows: list[list[str]] = []
        self.pairs: dict[str, str] = {}
        self.pictures: list[tuple[str, bytes]] = []
        self._open: list[str] = []
        self._heading = ""
        self._term = ""
        self.feed(text)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = dict(attrs)
        if tag == "img":
            kind, _, data = (named["src"] or "").partition(";base64,")
            assert kind in PICTURES, "the page needs nothing from anywhere"
            self.pictures.append((named["alt"] or "", base64.b64decode(data)))
        assert not {"src", "href"} & named.keys() or tag == "img", f"{tag} points elsewhere"
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag in ("h1", "h2", "h3"):
            self._heading = ""
        elif tag == "dt":
            self._term = ""
        elif tag == "dd":
            self.pairs[self._term] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open.pop() == tag, f"</{tag}> closes another"
        if tag in ("h1", "h2", "h3"):
            self.sections.setdefault(self._heading, "")

    def handle_data(self, data: str) -> None:
        if {"style", "script", "svg"} & set(self._open):
            return
        inside = set(self._open)
        if inside & {"h1", "h2", "h3"}:
            self._heading += data
        elif inside & {"td", "th"}:
            self.rows[-1][-1] += data
        elif "dt" in inside:
            self._term += data
        elif "dd" in inside:
            self.pairs[self._term] += data
        self.sections[self._heading] = self.sections.get(self._heading, "") + data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.sections.values()).split())

    def row(self, first: str) -> list[str]:
        """The row of a table that begins so."""
        (found,) = (row for row in self.rows if row and row[0].strip() == first)
        return [cell.strip() for cell in found]


class Made(msgspec.Struct):
    """A take, and what a report is written from."""

    folder: Path
    result: Result
    drawn: Drawn
    proofs: dict[str, Any]

    def page(self, **changes: Any) -> Page:
        result = msgspec.structs.replace(self.result, **changes)
        path = write_report(self.folder, result, self.drawn, self.proofs, "a renderer <x>")
        return Page(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("tea")
    (folder / "tea.branch.yaml").write_text(STORY, "utf-8")
    (folder / "tea.show.yaml").write_text(SHOW, "utf-8")
    loaded = content.load_show(str(folder / "tea.show.yaml"))
    production = content.produce(loaded)
    plan = Plan(folder, fixed_rate=True, seconds=8)
    result = Runner(loaded, production, plan, Outputs.of()).run(Event())
    assert production.stage is not None
    graphics = open_graphics()
    try:
        proofs = {"arc": verify_wall(graphics, production.stage, "arc")}
    finally:
        graphics.close()
    videos = [folder / "lens.mp4", folder / "wall.mp4"]
    for video in videos:  # the pictures need not be the take's: that they come in is enough
        with VideoWriter(video, (64, 36), production.rate) as writer:
            for number in range(result.frames):
                writer.write(np.full((36, 64, 3), number % 256, np.uint8))
    return Made(folder, result, Drawn(*videos, result.frames, 12.5, 0), proofs)


@pytest.fixture(scope="module")
def page(made: Made) -> Page:
    """As if every frame had been drawn in time."""
    frames = made.result.frames
    return made.page(drawn=frames, late_frames=0, frame_ms=(10.0, 20.0, 30.0))


def test_title_and_ending_are_text_and_never_markup(page: Page) -> None:
    assert TITLE in page.sections and ENDING in page.text
    assert "script" not in page.tags
    assert "Nobody alert" not in page.text


def test_lead_has_length_rate_and_ending(made: Made, page: Page) -> None:
    frames = made.result.frames
    assert frames > 90
    assert f"{frames / 24:.0f} seconds, {frames} frames at 24." in page.text
    assert f"It ended with {ENDING}." in page.text
    assert "Every frame was drawn live." in page.text
    assert "skipped and" not in page.text


def test_pick_has_its_time_its_cause_and_both_beats(page: Page) -> None:
    assert "Nobody picked anything" not in page.text
    (row,) = (row for row in page.rows if "nothing was said" in " ".join(row))
    assert row[0].startswith("00:00:0") and "silence" in row[2]
    assert "pier" in row[1] and "shore" in row[1]


def test_picked_option_is_shown_by_its_text_with_words_certainty_and_latency(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same take, as if the boatman had been heard."""
    from xrdrama.tools.report import writing

    frames_of = writing.frames_of
    said = Pick("pier", "pier", "board", "shore", "voice", "I am <coming>", 0.93, 412_000_000)

    def with_voice(*given: Any) -> Any:
        for tick, frame, equal in frames_of(*given):
            picks = tuple(said for _ in frame.picks)
            yield tick, msgspec.structs.replace(frame, picks=picks), equal

    monkeypatch.setattr(writing, "frames_of", with_voice)
    (row,) = (row for row in made.page().rows if "I am coming & <i>soon</i>" in " ".join(row))
    assert row[2:] == ["heard: I am <coming>", "93%", "412 ms"]


def test_tracking_figures_are_those_of_the_run(made: Made, page: Page) -> None:
    """At a fixed rate there is no tracker to measure, but a prediction to be wrong."""
    assert "packets" not in page.pairs
    tracking = Report(480, 3, 2, 1, 0.071, 59.94, 0.00123, 0.0, {})
    live = made.page(tracking=tracking).pairs
    assert live["packets"] == "480, 3 bad, 2 repeated"
    assert live["rate"] == "59.9 per second" and live["arrival jitter"] == "1.23 ms"
    assert live["gaps over 50 ms"] == "1, longest 71 ms"
    assert 0.0 <= float(page.pairs["prediction error in the picture"].split(" px")[0]) < 5.0


def test_frames_are_counted(made: Made, page: Page) -> None:
    frames = made.result.frames
    assert page.pairs["made"] == page.pairs["drawn"] == str(frames)
    assert page.pairs["late"] == page.pairs["skipped"] == page.pairs["dropped"] == "0"
    assert page.pairs["missing in the take"] == "0 frames, 0 events"
    assert page.pairs["time per frame"] == "20 ms, 95 % 30 ms"
    assert page.pairs["frames that differed"] == "0"


def test_late_skipped_and_dropped_are_reported(made: Made) -> None:
    page = made.page(late_frames=7, skipped=3, dropped=2, drawn=40, frame_ms=(10.0,))
    frames = made.result.frames
    assert f"7 of {frames} frames were computed too late to be drawn live" in page.text
    assert "3 frames were skipped and 2 events dropped" in page.text
    assert "missing in the take" in page.text
    assert (page.pairs["late"], page.pairs["skipped"], page.pairs["dropped"]) == ("7", "3", "2")


def test_take_without_ending_and_without_live_pictures(made: Made) -> None:
    page = made.page(ending="", frame_ms=())
    assert "It was cut before an ending." in page.text
    assert "Nothing was drawn live." in page.text


def test_each_wall_has_its_figures_and_pass_or_fail(made: Made, page: Page) -> None:
    proof = made.proofs["arc"]
    row = page.row("arc")
    assert row[1:3] == [f"{proof.position_px.median:.4f}", f"{proof.position_px.p99:.4f}"]
    assert row[-1] == "pass"
    failed = msgspec.structs.replace(proof, passed=False)
    again = msgspec.structs.replace(made, proofs={"arc": failed})
    assert again.page().row("arc")[-1] == "FAIL"


def test_pictures_are_inside_and_named_by_timecode_and_beat(page: Page) -> None:
    photographs = [one for one in page.pictures if not one[1].startswith(b"<svg")]
    assert len(photographs) == 12 + 3
    for alt, data in photographs:
        assert alt.startswith("00:00:0") and alt.endswith(("pier", "shore"))
        assert data.startswith(b"\xff\xd8")


def test_the_map_shows_the_path_that_was_taken(page: Page) -> None:
    ((alt, data),) = (one for one in page.pictures if one[1].startswith(b"<svg"))
    assert alt == f"map of {TITLE}, with the path taken"
    root = ElementTree.fromstring(data)
    titles = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "title"]
    assert titles == ["pier", "shore"]
    kinds = [set(str(one.get("class")).split()) for one in root.iter() if one.get("class")]
    assert sum({"way", "lit"} <= kind for kind in kinds) == 1
    taken = [kind & {"choice", "ending"} for kind in kinds if "lit" in kind and "way" not in kind]
    assert taken == [{"choice"}, {"ending"}]


def test_take_hash_renderer_and_replay_command(made: Made, page: Page) -> None:
    assert page.pairs["take"] == str(made.result.take)
    assert page.pairs["hash of its frames"] == replay_take(made.result.take).hash
    assert page.pairs["play it again"] == f"xrdrama replay {made.result.take}"
    assert page.pairs["renderer"] == "a renderer <x>"
    assert "every figure is of a simulated stage" in page.text
