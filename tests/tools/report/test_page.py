"""What the report of a take says, and that no text of a story or a take can change the page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from xrdrama.tools.report import page as module
from xrdrama.tools.report.content import Heard, ReportContent, Slip, Still, WallFigure
from xrdrama.tools.report.page import MOST_HEARD, page
from xrdrama.tracking.health import Report as TrackerReport
from xrdrama.wire.frame import Pick

HOSTILE = """</style><script>alert("1")</script><img src=x onerror='f()'>&amp;{{ 7 * 7 }}"""
VOID = {"meta", "img", "br", "rect"}


def content(text: str = "river", **changes: Any) -> ReportContent:
    """A report in which every text that comes from a story, a device or a take is `text`."""
    values: dict[str, Any] = {
        "title": text,
        "show": text,
        "ending": text,
        "map_svg": '<svg class="map"></svg>',
        "path": (),
        "picks": (
            (
                "00:00:01:00",
                text,
                Pick(text, "c", "board", text, "voice", text, 0.875, 240_000_000),
            ),
            ("00:00:09:00", text, Pick(text, "c", "else", text, "timeout", "", 0.0, 0)),
        ),
        "heard": (Heard("00:00:02:00", text, text, "again", 0.4),),
        "frames": 1080,
        "rate": "24",
        "seconds": 45.0,
        "presented": 1077,
        "late": 3,
        "skipped": 0,
        "dropped": 0,
        "missing_frames": 0,
        "missing_events": 2,
        "troubles": (text,),
        "different": 0,
        "drawn_seconds": 30.0,
        "frame_ms": (10.0, 11.0, 30.0),
        "tracking": TrackerReport(2700, 1, 2, 3, 0.08, 60.0, 0.0012, 0.0, {}),
        "slip": Slip((0.5, 1.25), (0.01, 0.02), (0.3, 0.9)),
        "walls": (
            WallFigure(text, 0.0002, 0.0035, 0.092, 0.093, 0, True),
            WallFigure("ceiling", 0.2, 0.9, 0.12, 0.12, 7, False),
        ),
        "stills": (Still(b"\xff\xd8", "00:00:03:00", text),),
        "wall_stills": (Still(b"\xff\xd8", "00:00:04:00", text),),
        "machine": {"renderer": text},
        "take": text,
        "take_hash": "beef",
    }
    return ReportContent(**(values | changes))


class Reader(HTMLParser):
    """The tags of a page, which must be closed in order, and its text in one line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def text_of(made: ReportContent) -> str:
    return Reader(page(made)).text


def test_page_says_what_happened() -> None:
    text = text_of(content())
    assert "45 seconds, 1080 frames at 24. It ended with river . 3 of 1080 frames were" in text
    assert "00:00:01:00 river river → river heard: river 88% 240 ms" in text
    assert "00:00:09:00 river river → river silence after:" in text  # no certainty, no time
    assert "00:00:02:00 river river similar, but not similar enough" in text
    assert "packets 2700, 1 bad, 2 repeated" in text and "arrival jitter 1.20 ms" in text
    assert "prediction error, angle 0.010°, 95 % 0.020" in text
    assert "made 1080 drawn 1077 late 3 skipped 0 dropped 0" in text
    assert "missing in the take 0 frames, 2 events recording river" in text
    assert "time per frame 11 ms, 95 % 30 ms" in text
    assert "river 0.0002 0.0035 0.092 (0.093) 0 pass" in text
    assert "ceiling 0.2000 0.9000 0.120 (0.120) 7 FAIL" in text
    assert "hash of its frames beef play it again xrdrama replay river" in text


def test_page_says_what_is_missing() -> None:
    text = text_of(
        content(
            ending="", picks=(), heard=(), frame_ms=(), tracking=None, slip=None, walls=(),
            stills=(), wall_stills=(), late=0, presented=0, skipped=4, dropped=5,
        )
    )  # fmt: skip
    for said in (
        "It was cut before an ending.",
        "No frame was drawn while the show ran.",
        "4 frames were skipped and 5 events dropped",
        "Nobody picked anything.",
        "Nothing was drawn live.",
        "made 1080 drawn 0",
    ):
        assert said in text, said
    assert "Heard or seen without a pick" not in text
    assert "Every frame was drawn live." in text_of(content(late=0))


def test_page_counts_what_was_heard_and_is_not_listed() -> None:
    heard = (Heard("00:00:02:00", "voice", "river", "again", 0.4),) * (MOST_HEARD + 7)
    assert "7 more are in the take." in text_of(content(heard=heard))
    assert "more are in the take" not in text_of(content(heard=heard[:MOST_HEARD]))


def test_page_needs_no_other_file() -> None:
    html = page(content())
    assert 'src="data:image/jpeg;base64,/9g="' in html and "--night:" in html
    assert "http" not in html and " href=" not in html


def injected(html: str) -> bool:
    """Whether a hostile text became part of the page's structure."""
    try:
        reader = Reader(html)
    except AssertionError:
        return True
    return "script" in reader.tags or "onerror" in reader.attributes or "49" in reader.text


def test_no_text_changes_the_page() -> None:
    html = page(content(HOSTILE))
    assert not injected(html)
    assert Reader(html).tags == Reader(page(content())).tags
    assert Reader(html).text.count('<script>alert("1")</script>') >= 12


def test_injection_is_detected_without_escaping(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    templates = module.templates().overlay(autoescape=False)
    monkeypatch.setattr(module, "templates", lambda: templates)
    assert injected(page(content(HOSTILE)))


def test_texts_of_a_story_have_their_own_direction() -> None:
    html = page(content("العبّارة الأخيرة"))
    assert '<h1 dir="auto">العبّارة الأخيرة</h1>' in html
    assert "<bdi><b>العبّارة الأخيرة</b></bdi>." in html
    assert '<b dir="auto">العبّارة' in html and '<q dir="auto">العبّارة' in html
