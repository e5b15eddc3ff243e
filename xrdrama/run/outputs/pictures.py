"""Sets, actors, fonts and names for the outputs that draw: found, compiled, cached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from xrdrama import content
from xrdrama.adapters.panda.figure.figures import Figures, PoseAt
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.pictures import Sink, StagePictures
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.wall.safe_plates import Plate, read_plate
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.gltf.meshes import Model
from xrdrama.processes.figures import figures_of
from xrdrama.processes.hints import hints_of
from xrdrama.processes.plates import open_plates
from xrdrama.processes.sets import compiled_scene, near_of, read_stand_in
from xrdrama.scene.safe_plate import SafePlate
from xrdrama.show import Production
from xrdrama.show.reach import sets_ahead
from xrdrama.stage import Stage
from xrdrama.story import Story

MB = 2**20


def stage_pictures(
    loaded: content.Loaded,
    production: Production,
    *,
    quality: Quality = "full",
    size: tuple[int, int] | None = None,
    camera: str = "",
    lens_sink: Sink | None = None,
    wall_sink: Sink | None = None,
    displays: Mapping[str, tuple[int, int]] | None = None,
    graphics: Graphics | None = None,
    live: bool = False,
    poses: Mapping[str, PoseAt] | None = None,
    notice: Callable[[str], None] = lambda text: None,
) -> StagePictures:
    """The output that draws a show on its stage; UsageError for a show without one. `camera` is the
    one whose picture is drawn in every frame, the stage's first by default.

    With `displays`, canvases are shown on the desktop, their upper left corners there, by id.
    With `graphics`, pictures are drawn with them; a window that they have shows something else.
    When `live`, a frame of a plate that is not decoded in time repeats the one before it and is
    counted.
    `poses` decides the poses of some performers, instead of what frames say.
    `notice(text)` is called for a plate of panic that cannot be used.
    """
    stage = production.stage
    if stage is None:
        raise UsageError(f"the show {production.id!r} has no stage", "add stage: to the show file")
    near = near_of(loaded)
    compiled = {name: compiled_scene(name, near) for name in production.scenes}
    plates = {name: open_plates(made, name, near, live=live) for name, made in compiled.items()}
    shows_canvas = graphics is None
    if graphics is None:
        graphics = graphics_for(stage, displays)
    figures = figures_of(loaded, production)
    performers = {id: member.performer for id, member in production.cast.items()}
    pictures = StagePictures(
        graphics,
        stage,
        compiled,
        quality=quality,
        plates=plates,
        names=production.speaker_names(),
        actor=stand_in(loaded, production),
        size=size,
        camera=camera,
        lens_sink=lens_sink,
        wall_sink=wall_sink,
        shows_canvas=shows_canvas,
        displays=displays,
        fades=production.story.has_fades,
        safe_plates=safe_plates_of(loaded, production, notice),
        visiting=Figures(figures, performers, graphics, quality, poses=poses) if figures else None,
    )
    pictures.lens.overlay.hints = hints_of(loaded, keys=False)
    return pictures


def graphics_for(stage: Stage, displays: Mapping[str, tuple[int, int]] | None) -> Graphics:
    """Graphics without a screen, or with a window for the first canvas that is shown."""
    if not displays:
        return open_graphics()
    first, at = next(iter(displays.items()))
    size = next(canvas.size for canvas in stage.outputs if canvas.id == first)
    return open_graphics(size, at=at)


def stand_in(loaded: content.Loaded, production: Production) -> Model | None:
    """The stand-in's model; UsageError if its file does not exist."""
    stage = production.stage
    if stage is None or stage.stand_in is None:
        return None
    file = loaded.path("stage") or content.mentioned("stage", stage.id, near_of(loaded))
    path = content.beside(stage.stand_in.model, file)
    try:
        return read_stand_in(path)
    except OSError:
        raise UsageError(
            f"the model {path} of the stand-in does not exist", "run make.py beside it"
        ) from None
    except RemoteProtocolError as error:
        raise UsageError(f"the model {path} of the stand-in is invalid: {error}") from None


def safe_plates_of(
    loaded: content.Loaded, production: Production, notice: Callable[[str], None]
) -> dict[str, Plate]:
    """What panic shows on the walls, by set: the set's own plate, else the show's. A set without a
    plate that can be used is not among them, and `notice(text)` says which file is at fault."""
    near = near_of(loaded)
    own, everywhere = content.show_file(loaded).safe_plate, None
    if own is not None:
        everywhere = _plate(own, loaded.path("show"), production.id, notice)
    found = {}
    for name, scene in production.scenes.items():
        plate = None
        if scene.safe_plate is not None:
            file = content.mentioned("scene", name, near)
            plate = _plate(scene.safe_plate, file, name, notice)
        plate = plate or everywhere
        if plate is not None:
            found[name] = plate
    return found


def _plate(
    spec: SafePlate, file: Path | None, owner: str, notice: Callable[[str], None]
) -> Plate | None:
    """A plate that is named in a file; None with a notice if it cannot be used."""
    try:
        if file is None:
            raise UsageError("the file that names it is not there", "restore it")
        return read_plate(spec, content.beside(spec.file, file))
    except (UsageError, RemoteProtocolError) as error:
        reason = error.message if isinstance(error, UsageError) else str(error)
        notice(
            f"the plate {spec.file!r} of {owner!r} cannot be used: {reason}; a panic shows the set"
            " instead, dim and grey"
        )
        return None


def keep_sets(
    pictures: StagePictures, story: Story, memory_mb: int, notice: Callable[[str], None]
) -> None:
    """Keep what the next beats need on the graphics card, and other sets within `memory_mb` MB of
    textures. `notice(text)` is called when the next beats of a beat need more than that."""
    ahead = sets_ahead(story)
    kept = pictures.keep(ahead, memory_mb * MB)
    largest = max(ahead, key=lambda beat: sum(kept.needed(beat).values()))
    needed = kept.needed(largest)
    size = sum(needed.values())
    if size > kept.budget:
        notice(
            f"the beat {largest!r} and its next beats need the sets {', '.join(sorted(needed))}:"
            f" {size / MB:.0f} MB of textures, which are all kept, although --set-memory is"
            f" {memory_mb} MB"
        )
