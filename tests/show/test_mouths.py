"""A spoken line moves the mouth of the performer who says it, in the language that is heard."""

from __future__ import annotations

import msgspec

from tests.performer.bodies import figure
from tests.show.small import LINE, MS, SHOW, SOUNDS, loaded, played, small
from xrdrama.content import Loaded, produce
from xrdrama.document import Place
from xrdrama.performer.mouth import LineMouth, Mouths, MouthTrack, Phone, mouth_at, mouths_text
from xrdrama.show import Production
from xrdrama.show.cast import Member, PerformerSpec
from xrdrama.show.performers import CLOSING
from xrdrama.wire.commands import Forced
from xrdrama.wire.frame import Frame

PHONES = (
    Phone("sil", 0, 100 * MS),
    Phone("ɑ", 100 * MS, 900 * MS),
    Phone("m", 900 * MS, 1200 * MS),
)
TRACK = MouthTrack("en", "synthesised", "misaki", PHONES)


def with_lan(production: Production, **tracks: MouthTrack) -> Production:
    """The production with the performer Lan, whose mouth has these tracks."""
    spec = PerformerSpec("lan", Place(), mark="gate")
    cast = {"lan": Member(spec, figure())}
    return msgspec.structs.replace(production, cast=cast, mouths=tracks)


def mouths(frames: list[Frame]) -> list[tuple[int, ...]]:
    return [performer.mouth for frame in frames for performer in frame.performers]


def test_the_mouth_of_the_speaker_follows_the_track_of_the_line() -> None:
    _, frames = played([], 2.0, with_lan(small(), laaaaa=TRACK))
    begins = next(frame.sounds for frame in frames if frame.sounds and frame.captions)[0]
    began = begins.start_sample * 1_000_000_000 // 48_000
    for frame in frames:
        expected = mouth_at(TRACK, frame.time.shows_at - began)
        assert frame.performers[0].mouth == (expected if frame.time.shows_at >= began else ())
    assert max(len(mouth) for mouth in mouths(frames)) >= 2


def test_the_mouth_rests_without_a_track_and_without_audio() -> None:
    _, frames = played([], 2.0, with_lan(small()))
    assert set(mouths(frames)) == {()}
    silent = msgspec.structs.replace(with_lan(small(), laaaaa=TRACK), sounds={})
    _, frames = played([], 2.0, silent)
    assert set(mouths(frames)) == {()}


def test_the_mouth_closes_while_a_line_that_is_cut_off_fades() -> None:
    production = with_lan(small(), laaaaa=TRACK)
    cut = 500 * MS
    _, frames = played([(cut, Forced("director", "gone"))], 1.0, production)
    before = next(f for f in frames if f.time.shows_at >= cut - 20 * MS).performers[0].mouth
    fading = [
        f.performers[0].mouth for f in frames if cut < f.time.shows_at < cut + CLOSING - 20 * MS
    ]
    after = [f.performers[0].mouth for f in frames if f.time.shows_at >= cut + CLOSING + 20 * MS]
    assert before[1] == 255 and fading and all(0 < mouth[1] < 255 for mouth in fading)
    assert set(after) == {()}


def dubbed(voices: str) -> Loaded:
    """The small show with its first line recorded in Chinese too, and a track of that."""
    found = loaded(SHOW + f"voices: {voices}\n")
    track = LineMouth("0" * 32, "synthesised", (Phone("m", 0, MS), Phone("a", MS, 2 * MS)))
    written = Mouths(1, "zh", "a test", "pinyin", {"laaaaa": track})
    lengths = {**SOUNDS, "zh/line/laaaaa": 900 * MS}
    texts = {
        **found.texts,
        "index.json": msgspec.json.encode(lengths).decode(),
        "mouths.json": mouths_text(written),
    }
    return Loaded({**found.roles, "mouths": "mouths.json"}, texts)


def test_a_dubbed_show_plays_the_recordings_of_its_language_for_as_long_as_they_last() -> None:
    production = produce(dubbed("zh"))
    assert production.voices == "zh" and production.mouths["laaaaa"].alphabet == "pinyin"
    _, frames = played([], 1.5, production)
    lines = [sound.id for frame in frames for sound in frame.sounds if sound.kind == "line"]
    assert lines == ["zh/line/laaaaa"]
    captioned = sum(bool(frame.captions) for frame in frames)
    assert abs(captioned - 45) <= 1  # 900 ms at 50 frames a second


def test_the_stories_own_language_is_no_dubbing() -> None:
    production = produce(dubbed("en"))
    assert production.voices == "" and production.line_sound("laaaaa") == "line/laaaaa"
    _, frames = played([], 2.0, production)
    assert abs(sum(bool(frame.captions) for frame in frames) - LINE // (20 * MS)) <= 1


def test_a_take_embeds_the_tracks_and_refuses_others() -> None:
    first, second = dubbed("zh").sources(), dubbed("zh").sources()
    assert first == second and "mouths.json" in first
    other = dubbed("zh")
    other.texts["mouths.json"] += " "
    assert other.sources()["mouths.json"] != first["mouths.json"]
