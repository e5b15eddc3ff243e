"""The built-in outputs: the entry points of `xrdrama.outputs`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import msgspec

from xrdrama import content
from xrdrama.adapters.audio.mixing import Samples
from xrdrama.processes.audience import AudienceOptions, AudienceProcess
from xrdrama.processes.console import ConsoleProcess
from xrdrama.run.options import SET_MEMORY_MB, RunOptions
from xrdrama.run.outputs.outputs import Asked, Context, settings_as
from xrdrama.show import Production
from xrdrama.show.ports import Output

if TYPE_CHECKING:
    from xrdrama.adapters.panda.pictures import StagePictures


class Pictures:
    """The stage's walls and the through-the-lens view, drawn by Panda3D. They are required when a
    run requests them."""

    REQUIRED = True

    class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The quality, and what `--wall` says: where canvases are shown on the desktop."""

        quality: Literal["full", "draft"] = "draft"
        displays: tuple[str, ...] = ()
        memory_mb: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = SET_MEMORY_MB
        """Of textures of sets that are not needed by the next beats."""

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any], context: Context) -> Output:
        """The pictures of a show on its stage; UsageError for a show without one."""
        from xrdrama.run.outputs.pictures import keep_sets, stage_pictures

        wanted = settings_as(cls.SETTINGS, name, settings)
        pictures = stage_pictures(
            context.loaded,
            context.production,
            quality=wanted.quality,
            displays=_places(wanted.displays, context) if wanted.displays else None,
            live=not context.fixed_rate,
            notice=context.notice,
        )
        keep_sets(pictures, context.production.story, wanted.memory_mb, context.notice)
        return pictures


def _places(texts: tuple[str, ...], context: Context) -> dict[str, tuple[int, int]]:
    """Where the canvases are shown; a notice names those that are not."""
    from xrdrama.run.outputs.displays import desktop, places

    stage = context.production.stage
    if stage is None:
        return {}  # opening the pictures says so
    found = places(stage, texts, desktop())
    hidden = [canvas.id for canvas in stage.outputs if canvas.id not in found]
    if hidden:
        context.notice(f"not shown on a display: the canvas {', '.join(hidden)}")
    return found


class Sound:
    """The show's sound on a device of this machine."""

    class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The device by name; default: the system's default device."""

        device: str | None = None

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any], context: Context) -> Output:
        """The sound output of a show; DeviceError if there is no device."""
        from xrdrama.adapters.audio.files import read_sound
        from xrdrama.adapters.audio.speaker import Speaker

        wanted = settings_as(cls.SETTINGS, name, settings)
        story = context.loaded.path("story") or content.located(
            context.loaded.roles.get("story", ""), Path.cwd()
        )
        folder = content.sounds_folder(story) if story else None

        def load(sound: str) -> Samples | None:
            path = content.sound_file(folder, sound) if folder else None
            return read_sound(path) if path else None

        return Speaker(load, context.production, wanted.device)


class Console:
    """The director's console: a page beside the show, with the pictures that the run draws."""

    USES = ("pictures",)

    class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The page's port; 0 is any free port. `show` is the show's name on the command line."""

        port: int = 0
        show: str = ""

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any], context: Context) -> Output:
        """The console's process, which is started with the show."""
        wanted = settings_as(cls.SETTINGS, name, settings)
        pictures = cast("StagePictures | None", context.others.get("pictures"))
        show = wanted.show or context.production.id
        return ConsoleProcess(
            show,
            context.notice,
            port=wanted.port,
            pictures=pictures,
            is_stopping=context.is_stopping,
        )


class Audience:
    """The audience server: viewers join with phones, desktops and headsets' browsers."""

    SETTINGS = AudienceOptions

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any], context: Context) -> Output:
        """The server's process, which is started with the show."""
        wanted = settings_as(AudienceOptions, name, settings)
        show = wanted.show or context.production.id
        return AudienceProcess(show, wanted, context.notice, is_stopping=context.is_stopping)


def requested(options: RunOptions, production: Production) -> list[Asked]:
    """The outputs that the command line requests, in any order: `USES` decides which opens first.

    At a fixed rate, pictures and sound are rendered from the take afterwards.
    """
    asked = []
    if options.video and not options.fixed_rate:
        drawn_elsewhere = options.viewer or (options.has_nodes and production.nodes)
        if production.stage is not None and not drawn_elsewhere:
            quality = "full" if options.quality == "full" else "draft"
            asked.append(
                Asked(
                    "pictures",
                    "pictures",
                    {
                        "quality": quality,
                        "displays": options.wall,
                        "memory_mb": options.set_memory_mb,
                    },
                )
            )
        if options.viewer or options.wall:
            asked.append(Asked("sound", "sound"))
    if options.console and not options.fixed_rate:
        settings = {"port": options.console_port, "show": options.show}
        asked.append(Asked("console", "console", settings))
    if options.audience is not None and not options.fixed_rate:
        asked.append(Asked("audience", "audience", msgspec.structs.asdict(options.audience)))
    return asked
