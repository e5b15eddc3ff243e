"""The plates of a set: what their files say, and what is wrong with it; the floor's picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

import msgspec

from xrdrama.document import Place
from xrdrama.errors import Problem, Severity
from xrdrama.gltf.meshes import Image
from xrdrama.gltf.references import resolve
from xrdrama.scene.model import Floor, Plate, Scene
from xrdrama.scene.plates import LONGEST, PlateFacts, Refused, SetPlate
from xrdrama.timing import NS

LARGEST: Final = 16_384
"""Pixels along a side that renderers can load."""
HEAVY: Final = 4096 * 2160
"""Pixels of a frame above which decoding in time needs a fast machine."""
_STRETCHED: Final = 0.02
"""Share by which a 360-degree picture may differ from twice as wide as high."""
Found = tuple[Severity, str, str]


def set_plates(
    scene: Scene, facts: Mapping[str, PlateFacts | Refused], problems: list[Problem]
) -> tuple[SetPlate, ...]:
    """The plates of a compiled set, without those that cannot be played; adds to `problems`."""
    made: list[SetPlate] = []
    for plate in scene.plates.values():
        known = facts.get(plate.file) or Refused("it was not read")
        if isinstance(known, Refused):
            problems.append(_problem(plate, ("error", known.message, known.hint)))
            continue
        whole = SetPlate(msgspec.structs.replace(plate, place=Place()), known)
        found = [*_errors(whole), *_warnings(whole, scene)]
        problems.extend(_problem(plate, one) for one in found)
        if not any(severity == "error" for severity, _, _ in found):
            made.append(whole)
    return tuple(made)


def _problem(plate: Plate, found: Found) -> Problem:
    severity, message, hint = found
    code, place = "S030" if severity == "error" else "S031", plate.place
    text = f"plate {plate.id!r}: {plate.file}: {message}"
    return Problem(place.file, place.line, place.column, code, severity, text, hint)


def _errors(plate: SetPlate) -> Iterator[Found]:
    facts, start = plate.facts, plate.plate.start / NS
    if max(facts.width, facts.height) > LARGEST:
        yield (
            "error", f"it has {facts.width} x {facts.height} pixels; at most {LARGEST} along a "
            "side can be drawn", "scale it down",
        )  # fmt: skip
    if facts.frames > 1 and plate.first >= facts.frames:
        seconds = facts.frames * facts.rate[1] / facts.rate[0]
        yield (
            "error", f"it starts at {start:g} s, but the file is only {seconds:.3g} s long",
            "write an earlier `start`",
        )  # fmt: skip


def _warnings(plate: SetPlate, scene: Scene) -> Iterator[Found]:
    facts, written = plate.facts, plate.plate
    for message, hint in facts.remarks:
        yield "warning", message, hint
    if written.kind == "sky" and abs(facts.width / facts.height / 2.0 - 1.0) > _STRETCHED:
        yield (
            "warning", f"it has {facts.width} x {facts.height} pixels, but a 360-degree picture is "
            "twice as wide as high: it is shown stretched",
            "export it as equirectangular 2:1, or show it on a card (`kind: card`)",
        )  # fmt: skip
    if facts.width * facts.height > HEAVY and facts.frames > 1:
        yield (
            "warning", f"it has {facts.width} x {facts.height} pixels: decoding it in time needs a "
            "fast machine", "scale it down to what the cameras resolve",
        )  # fmt: skip
    if written.kind == "card" and written.height:
        shape, picture = written.width / written.height, facts.width / facts.height
        if abs(shape / picture - 1.0) > _STRETCHED:
            yield (
                "warning", f"the card is {shape:.3g} times as wide as high, the picture "
                f"{picture:.3g} times: it is shown stretched",
                f"write height: {written.width / picture:.4g}, or leave height out",
            )  # fmt: skip
    yield from _ends(plate, scene)


def _ends(plate: SetPlate, scene: Scene) -> Iterator[Found]:
    """Where the clock of a plate starts again at another moment than its clip."""
    clock = scene.params.get(plate.plate.moved_by)
    if clock is None or plate.facts.frames == 1 or not clock.grows_by:
        return
    lasts = clock.most - clock.least
    if plate.plate.at_end != "loop":
        if clock.most < plate.seconds:
            yield (
                "warning", f"the param {clock.id!r} starts again after {lasts:g} s, before the end "
                f"of the plate ({plate.seconds:.4g} s)", f"write most: {plate.seconds:.4g} or more",
            )  # fmt: skip
        return
    # It is a whole day where the set does not say; nobody sees the jump after it.
    rest = lasts % plate.seconds
    if min(rest, plate.seconds - rest) * plate.rate > 1.0 and lasts < LONGEST:
        rounds = max(1, round(lasts / plate.seconds))
        yield (
            "warning", f"the param {clock.id!r} starts again after {lasts:g} s, in the middle of "
            f"the plate ({plate.seconds:.4g} s): the picture jumps there",
            f"write most: {clock.least + rounds * plate.seconds:.6g}",
        )  # fmt: skip


def floor_picture(
    floor: Floor, files: Mapping[str, bytes], unread: Mapping[str, str]
) -> tuple[Image, str]:
    """The picture of the stage floor, and a remark on its name or ""; RemoteProtocolError if it is
    missing."""
    path, remark = resolve(floor.file, "", files, unread)
    mime: Literal["image/png", "image/jpeg"] = (
        "image/png" if path.lower().endswith(".png") else "image/jpeg"
    )
    return Image(floor.file, mime, files[path]), remark
