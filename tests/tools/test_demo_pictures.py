"""The demo's pictures: the speaker is visible, and no caption covers the speaker's face."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.performer.bodies import bone_at
from xrdrama import content
from xrdrama.adapters.panda.lettering.page import Page, arrange
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.performer import evaluate
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.spatial import Pose, Vec3
from xrdrama.timing import NS, FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import Move, load_move
from xrdrama.wire.events import AnyEvent, Entry, Pressed
from xrdrama.wire.frame import Frame

SHOW, SECONDS, OPENING = "lantern_demo", 45, 1.5
# When the recordings pick, as `xrdrama run lantern_demo --fixed-rate` prints it.
PICKS = {13.6: "remember", 25.3: "take"}
SPINE = ("spine", "chest", "upperChest", "neck")
UNSEEN = "lkdiwd"  # the line that the script wants unseen
SIZE = (400, 225)
ACTS = "acts_"
HEAD = 0.09  # metres about the eyes
SEEN = 8  # steps of 255 that show
# Behind the stand-in, on the line from Lan through its back: what the test must not let pass.
BEHIND = "keys: [{at: 0s, position: [-1.5, -2.0, 1.6], pan: -13, tilt: 0}]"


@pytest.fixture(scope="module")
def loaded() -> content.Loaded:
    return content.load_show(SHOW)


@pytest.fixture(scope="module")
def production(loaded: content.Loaded) -> Production:
    made = content.produce(loaded)
    assert made.stage is not None
    outer = msgspec.structs.replace(made.stage.outer, density=8.0)
    actor = made.stage.stand_in
    assert actor is not None
    # It acts with the params under other names, so that a figure can go without its noticing.
    acts = {f"{ACTS}{name}": act for name, act in actor.acts.items()}
    actor = msgspec.structs.replace(actor, acts=acts)
    stage = msgspec.structs.replace(made.stage, outer=outer, stand_in=actor)
    return msgspec.structs.replace(made, stage=stage.with_pictures(SIZE))


@pytest.fixture(scope="module")
def pictures(loaded: content.Loaded, production: Production) -> Iterator[StagePictures]:
    made = stage_pictures(loaded, production, quality="draft", lens_sink=lambda picture: None)
    yield made
    made.close()


def played(production: Production, move: Move, seconds: float) -> list[Frame]:
    """The demo's frames, picked by buttons at the times at which its recordings pick."""
    show, frames = opening(production), []
    seq, sample, picks = 0, 0, dict(PICKS)
    for number in range(round(seconds * 24)):
        time = FrameTime.of(number, production.rate)
        events: list[tuple[int, AnyEvent]] = []
        while sample * NS // 60 < time.shows_at:
            at = sample * NS // 60
            events.append((at, TrackingSample("op", "1", at, move.pose(at))))
            sample += 1
        for due in [due for due in picks if due * NS < time.shows_at]:
            events.append((time.shows_at - 1, Pressed("test.key", picks.pop(due))))
        entries = tuple(Entry(seq + i, at, event) for i, (at, event) in enumerate(events))
        seq += len(entries)
        show, frame = advance(show, Tick(time, entries))
        frames.append(frame)
    return frames


@pytest.fixture(scope="module")
def frames(loaded: content.Loaded, production: Production) -> list[Frame]:
    return played(production, load_move(loaded.text("move") or ""), SECONDS)


def head(frame: Frame, production: Production, speaker: str) -> NDArray[np.float64]:
    """Points of a performer's head, metres in the stage's frame: a ball about its eyes."""
    performing = next(one for one in frame.performers if one.id == speaker)
    performer = production.cast[speaker].performer
    pose = evaluate(performing, performer, frame.time.shows_at)
    skeleton = performer.body.skeleton
    assert skeleton is not None
    bones = dict(skeleton.bones)
    chain = tuple(bone for bone in SPINE if bone in bones)
    middle = bone_at(pose, "head", bones, chain)
    up = performer.body.height - bones["head"].z
    grid = np.linspace(-1.0, 1.0, 9)
    ball = np.array(
        [(x, y, z) for x in grid for y in grid for z in grid if x * x + y * y + z * z <= 1.0]
    )
    return ball * HEAD + np.array([middle.x, middle.y, middle.z + up])


def pixels(frame: Frame, production: Production, points: NDArray[np.float64]) -> NDArray[np.intp]:
    """Where points of the set are in the film camera's picture: columns and rows from the top."""
    assert frame.tracked is not None and production.stage is not None
    camera: Pose = frame.tracked.camera
    axes = [camera.rotation.rotate(Vec3(*unit)) for unit in np.eye(3)]
    turn = np.array([(axis.x, axis.y, axis.z) for axis in axes])
    at = camera.position
    x, y, z = ((points - np.array([at.x, at.y, at.z])) @ turn.T).T
    left, right, bottom, top = production.stage.camera.lens.edges
    share = np.stack([(x / y - left) / (right - left), (top - z / y) / (top - bottom)], 1)
    return np.floor(share * SIZE).astype(np.intp)


def seen(
    frame: Frame,
    pictures: StagePictures,
    production: Production,
) -> float:
    """The share of a speaker's head that changes in the picture when they are not there, and that
    no caption covers."""
    speaker = frame.captions[0].speaker
    params = {**frame.params, **{f"{ACTS}{name}": v for name, v in frame.params.items()}}
    drawn = []
    for there in (True, False):
        performers = tuple(one for one in frame.performers if there or one.id != speaker)
        shown = msgspec.structs.replace(frame, params=params, performers=performers)
        pictures.lens.act(shown)
        pictures.present(shown)
        drawn.append(pictures.newest("lens").astype(np.int16))
    changed = np.abs(drawn[0] - drawn[1]).max(axis=2) > SEEN
    column, row = pixels(frame, production, head(frame, production, speaker)).T
    inside = (column >= 0) & (column < SIZE[0]) & (row >= 0) & (row < SIZE[1])
    assert pictures.lens.overlay.extent is not None
    left, bottom, right, top = pictures.lens.overlay.extent
    across, up = (left <= column) & (column <= right), SIZE[1] - row
    inside &= ~(across & (bottom <= up) & (up <= top))
    return float(changed[row[inside], column[inside]].sum() / len(column))


def lines(frames: list[Frame]) -> dict[str, list[Frame]]:
    """The frames of each line."""
    spoken = [frame for frame in frames if frame.captions]
    return {line: list(of) for line, of in groupby(spoken, lambda f: f.captions[0].line)}


def test_whoever_speaks_is_seen_for_the_whole_line(
    frames: list[Frame],
    pictures: StagePictures,
    production: Production,
) -> None:
    spoken = lines(frames)
    assert len(spoken) == 14
    hidden: dict[str, float] = {}
    for line, of in spoken.items():
        if line != UNSEEN:
            shares = [seen(f, pictures, production) for f in (of[1], of[-1])]
            hidden[line] = min(shares)
    assert {line: share for line, share in hidden.items() if share < 0.5} == {}


def test_somebody_behind_the_stand_in_is_not_seen(
    pictures: StagePictures, production: Production
) -> None:
    """The negative control: the same line from behind the actor's back."""
    behind = played(production, load_move(BEHIND), 23)
    of = lines(behind)["l4jcn6"]
    assert seen(of[-1], pictures, production) < 0.1


def test_somebody_under_a_caption_is_not_seen(
    frames: list[Frame],
    pictures: StagePictures,
    production: Production,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: the same line with its caption higher up."""
    frame = lines(frames)["l5bdvg"][-1]
    assert seen(frame, pictures, production) > 0.9

    def higher(*args: Any, **kwargs: Any) -> Page:
        page = arrange(*args, **kwargs)
        up = round(0.34 * SIZE[1])
        return page._replace(captions=tuple(p._replace(y=p.y + up) for p in page.captions))

    monkeypatch.setattr("xrdrama.adapters.panda.lettering.overlay.arrange", higher)
    assert seen(frame, pictures, production) < 0.3


def test_it_opens_on_a_picture_without_words_and_ends_on_fireworks(frames: list[Frame]) -> None:
    first = next(frame for frame in frames if frame.captions)
    assert first.time.shows_at >= OPENING * NS
    # Its last picture: fireworks, because nothing was said about the ticket.
    assert frames[-1].beat == "wu_boys" and frames[-1].params["fireworks"] > 0.5
    # The negative control: there are words afterwards.
    assert first.captions[0].speaker == "grandmother"
