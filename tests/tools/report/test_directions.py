"""The report of a take shows right-to-left titles, options and words in their own direction."""

from __future__ import annotations

from xrdrama.tools.report.page import page
from xrdrama.tools.report.told import Told
from xrdrama.wire.frame import Pick


def test_texts_of_a_story_have_their_own_direction() -> None:
    pick = Pick("pier", "c", "board", "river", "voice", "أنا قادم", 0.9, 0)
    told = Told(
        title="العبّارة الأخيرة",
        show="ferry",
        ending="الصباح",
        map_svg="",
        path=(),
        picks=(("00:00:01:00", "أنا قادم", pick),),
        heard=(),
        frames=24,
        rate="24",
        seconds=1.0,
        presented=24,
        late=0,
        skipped=0,
        dropped=0,
        missing_frames=0,
        missing_events=0,
        troubles=(),
        different=0,
        drawn_seconds=1.0,
        frame_ms=(10.0, 11.0),
        tracking=None,
        slip=None,
        walls=(),
        stills=(),
        wall_stills=(),
        machine={},
        take="ferry.take",
        take_hash="00",
    )
    html = page(told)
    assert '<h1 dir="auto">العبّارة الأخيرة</h1>' in html
    assert "<bdi><b>الصباح</b></bdi>." in html
    assert "<b dir=auto>أنا قادم</b>" in html and "<q dir=auto>أنا قادم</q>" in html
