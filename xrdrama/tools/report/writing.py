"""Gathers what a report shows from the take, its videos, the run and the proofs."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import degrees
from pathlib import Path

import xrdrama
from xrdrama.adapters.panda.proof.verify import WallProof
from xrdrama.adapters.video.files import stills
from xrdrama.adapters.video.stills import jpeg
from xrdrama.authoring.mapping.mapped import mapped
from xrdrama.authoring.mapping.marks import Marks
from xrdrama.authoring.mapping.svg import draw_svg
from xrdrama.run.result import Result
from xrdrama.saving import save
from xrdrama.show import Production
from xrdrama.show.take import Take
from xrdrama.story import Story
from xrdrama.tools.report.content import Heard, ReportContent, Slip, Still, WallFigure
from xrdrama.tools.report.page import page
from xrdrama.tools.takes.film_camera import FilmCamera
from xrdrama.tools.takes.rendering import Drawn
from xrdrama.tools.takes.replaying import frames_of, open_take, replay_take
from xrdrama.wire.frame import Frame

CONTACTS, WALLS = 12, 3


def write_report(
    out: Path, result: Result, drawn: Drawn, proofs: Mapping[str, WallProof], renderer: str
) -> Path:
    """Write `report.html` beside the videos; DeviceError when it cannot be written."""
    take, _, production = open_take(result.take)
    frames = [frame for _, frame, _ in frames_of(take, production)]
    path = out / "report.html"
    save(path, page(_content(take, production, frames, result, drawn, proofs, renderer)))
    return path


def _content(
    take: Take,
    production: Production,
    frames: Sequence[Frame],
    result: Result,
    drawn: Drawn,
    proofs: Mapping[str, WallProof],
    renderer: str,
) -> ReportContent:
    story = production.story
    turns = [b for a, b in pairwise(frames) if b.beat != a.beat]
    starts = [frames[0], *turns]
    beats = [frame.beat for frame in starts]
    ending = next((e.title for e in story.endings() if e.id == result.ending), "")
    return ReportContent(
        title=story.title,
        show=production.id,
        ending=ending,
        map_svg=_map(story, beats),
        path=tuple((str(f.time.timecode), f.beat) for f in starts),
        picks=tuple(
            (str(f.time.timecode), _option_text(production, pick.beat, pick.option), pick)
            for f in frames
            for pick in f.picks
        ),
        heard=tuple(
            Heard(str(f.time.timecode), b.source, b.said, b.verdict, b.distance)
            for f in frames
            for b in f.feedback
            if b.verdict not in ("candidate", "opened")
        ),
        frames=len(frames),
        rate=str(production.rate),
        seconds=len(frames) * production.rate.period,
        presented=result.drawn,
        late=result.late_frames,
        skipped=result.skipped,
        dropped=result.dropped,
        missing_frames=result.recording.missing_frames,
        missing_events=result.recording.missing_events,
        troubles=result.recording.troubles,
        different=drawn.different,
        drawn_seconds=drawn.seconds,
        frame_ms=result.frame_ms,
        tracking=result.tracking,
        slip=_slip(take, production, frames),
        walls=tuple(_wall_figure(name, proof) for name, proof in proofs.items()),
        stills=_stills(drawn.lens, frames, CONTACTS, 480),
        wall_stills=_stills(drawn.wall, frames, WALLS, 1160),
        machine={
            "xrdrama": xrdrama.__version__,
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
            "renderer": renderer,
        },
        take=str(result.take),
        take_hash=replay_take(result.take).hash,
    )


def _map(story: Story, beats: Sequence[str]) -> str:
    """The map of the story with the path of the take; of its chapters only those are open that the
    path leads through."""
    found = mapped(story, compact=True)
    opened = {number for number, part in enumerate(found.parts) if {*part.beats} & {*beats}}
    return draw_svg(found, story.title, Marks(path=tuple(beats)), opened, dark=True)


def _wall_figure(name: str, proof: WallProof) -> WallFigure:
    return WallFigure(
        name,
        proof.position_px.median,
        proof.position_px.p99,
        proof.wrong_eye_1mm_px.median,
        proof.wrong_eye_1mm_px.expected,
        proof.projective_max_255,
        proof.passed,
    )


def _option_text(production: Production, beat: str, option: str) -> str:
    choice = production.story.beats[beat].choice
    found = choice.option(option) if choice else None
    if found:
        return found.text
    return "nothing was said" if option == "else" else option.replace("_", " ")


def _slip(take: Take, production: Production, frames: Sequence[Frame]) -> Slip | None:
    """The error of the predicted camera, over all frames."""
    stage = production.stage
    if stage is None:
        return None
    film = FilmCamera.of_take(take, production)
    lens = stage.camera.lens
    focal_px = stage.camera.picture[0] * lens.focal / lens.sensor[0]
    millimetres, angles, pixels = [], [], []
    for frame in frames:
        true, _ = film.at(frame)
        if true is None or frame.tracked is None or frame.tracked.state != "live":
            continue
        shown = frame.tracked.camera
        millimetres.append((shown.position - true.position).length() * 1000)
        angle = shown.rotation.angle_to(true.rotation)
        angles.append(degrees(angle))
        pixels.append(angle * focal_px)
    if not pixels:
        return None
    return Slip(_two(millimetres), _two(angles), _two(pixels))


def _two(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def _stills(video: Path, frames: Sequence[Frame], count: int, width: int) -> tuple[Still, ...]:
    """Pictures at even intervals over the take, without the first frame."""
    step = len(frames) / count
    wanted = [min(len(frames) - 1, int(step * (i + 0.6))) for i in range(count)]
    found = stills(video, wanted)
    return tuple(
        Still(jpeg(found[index], width), str(frames[index].time.timecode), frames[index].beat)
        for index in wanted
        if index in found
    )
