"""A frame as a console page reads it: one flat map of names to JSON values.

What happens in a single frame only (picks, what was heard) is kept as a short list of the newest,
so that a page which skips frames misses nothing. A name that is absent has no value.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import msgspec

from xrdrama.timing import NS
from xrdrama.wire.frame import Feedback, Frame, OpenChoice, Pick, Tracked
from xrdrama.wire.frame import View as Taken
from xrdrama.wire.tally import Tally

KEPT: Final = 8
"""Most picks and verdicts that are kept."""

Flat = dict[str, Any]


def _time_scale(scale: float | None) -> float | str | None:
    """What a page gets: nothing for windows as they are written, "none" without time limits."""
    return "none" if scale is None else scale if scale != 1.0 else None


class View:
    """Converts frames, in order, to flat maps."""

    def __init__(self) -> None:
        self._heard: deque[Flat] = deque(maxlen=KEPT)
        self._picks: deque[Flat] = deque(maxlen=KEPT)
        self._verdicts = 0

    def of(self, frame: Frame) -> Flat:
        """The flat map of a frame, with the newest events of earlier frames."""
        for feedback in frame.feedback:
            self._verdicts += 1
            self._heard.appendleft(_heard(feedback, frame.number, self._verdicts))
        self._picks.extendleft(_pick(pick, frame.number) for pick in frame.picks)
        flat: Flat = {
            "timecode": str(frame.time.timecode),
            "beat": frame.beat,
            "scene": frame.scene,
            "ending": frame.ending or None,
            "held": frame.held or None,
            "waiting": (frame.waiting.beat or frame.waiting.option) if frame.waiting else None,
            "panic": frame.panic or None,
            "join_code": frame.join is not None or None,
            "confirming": frame.confirming or None,
            "time_scale": _time_scale(frame.time_scale),
            "proposal": msgspec.structs.asdict(frame.proposal) if frame.proposal else None,
            "undo": frame.undo or None,
            "over": list(frame.overridden) or None,
            "slate": frame.slate or None,
            "rolling": frame.rolling or None,
            "rolls": frame.roll,
            "rolled": round(frame.rolled_at / NS, 3) if frame.rolling else None,
            "by": frame.holders or None,
            "looks": [msgspec.structs.asdict(look) for look in frame.looks] or None,
            "tally": _tally(frame.tally) if frame.tally else None,
            "captions": [msgspec.structs.asdict(c) for c in frame.captions] or None,
            "heard": list(self._heard) or None,
            "picks": list(self._picks) or None,
            "faces": [{"text": f.words, "state": f.state} for f in frame.faces] or None,
            "alarms": [
                {"code": a.code, "text": a.text, "since": round(a.since / NS, 1)}
                for a in frame.alarms
            ]
            or None,
        }
        if choice := frame.open_choice:
            flat.update(_choice(choice))
            if choice.closes_at is not None:
                left = choice.closes_at - frame.time.shows_at
                flat["seconds"] = round(max(0, left) / NS, 1)
        inners = {v.camera: _inner(v) for v in frame.views if v.target == "inner"}
        if inners:
            flat["inner"] = next(iter(inners.values()))
            flat["inners"] = inners if len(inners) > 1 else None
            flat["cameras"] = [_camera(one, frame.time.shows_at) for one in frame.cameras]
        flat["frozen"] = frame.frozen_at is not None or None
        flat["patterns"] = frame.patterns or None
        if frame.tracked:
            flat.update(_tracked(frame.tracked, frame.time.shows_at))
        for name, value in frame.params.items():
            flat[f"p/{name}"] = value if isinstance(value, str) else round(value, 4)
        return {name: value for name, value in flat.items() if value is not None}


def _tally(tally: Tally) -> Flat:
    """The votes by option, and what a director needs to know of them."""
    names = ("choice", "counts", "voters", "joined", "quorum", "phase", "result", "why", "refused")
    return {name: getattr(tally, name) for name in names}


def _choice(choice: OpenChoice) -> Flat:
    options = [
        {"id": o.id, "number": o.number, "texts": o.texts, "say": list(o.say), "show": o.show}
        for o in choice.options
    ]
    return {
        "choice": {"id": choice.id, "numbered": choice.numbered, "options": options},
        "left": None if choice.left is None else round(choice.left, 3),
        "hearing": choice.hearing or None,
        "progress": {o.id: round(o.progress, 2) for o in choice.options if o.progress} or None,
        "candidate": next((o.id for o in choice.options if o.heard), None),
    }


def _inner(view: Taken) -> list[float]:
    """Position, quaternion (scalar first), and the tangents of left, right, bottom and top."""
    at, turn, edges = view.pose.position, view.pose.rotation, view.projection
    pose = (at.x, at.y, at.z, turn.w, turn.x, turn.y, turn.z)
    sides = (edges.left, edges.right, edges.bottom, edges.top)
    return [round(each, 4) for each in (*pose, *sides)]


def _camera(tracked: Tracked, now: int) -> Flat:
    """A camera's name, the state of its tracker, and the age of its newest sample in ms."""
    age = round(max(0, now - tracked.at) / 1e6) if tracked.at else None
    return {"id": tracked.id, "subject": tracked.subject, "state": tracked.state, "age": age}


def _tracked(tracked: Tracked, now: int) -> Flat:
    position = tracked.camera.position
    pan, tilt, roll = tracked.camera.rotation.angles()
    return {
        "tracker": {"source": tracked.source, "subject": tracked.subject, "state": tracked.state},
        "tracker.age": round(max(0, now - tracked.at) / 1e6) if tracked.at else None,
        "camera": [round(v, 3) for v in (position.x, position.y, position.z)]
        + [round(a, 2) for a in (pan, tilt, roll)],
    }


def _heard(feedback: Feedback, number: int, serial: int) -> Flat:
    return {
        "serial": serial,
        "frame": number,
        "source": feedback.source,
        "said": feedback.said,
        "verdict": feedback.verdict,
        "option": feedback.option,
        "distance": round(feedback.distance, 3),
        "margin": round(feedback.margin, 3),
    }


def _pick(pick: Pick, number: int) -> Flat:
    return {
        "frame": number,
        "beat": pick.beat,
        "option": pick.option,
        "to": pick.to,
        "trigger": pick.trigger,
        "said": pick.said,
        "confidence": round(pick.confidence, 3),
        "latency_ms": round(pick.latency / 1e6),
        "name": pick.name,
        "role": pick.role,
        "confirmed_by": pick.confirmed_by,
    }
