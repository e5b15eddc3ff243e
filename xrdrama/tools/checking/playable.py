"""Checks of a show before it runs: what stops it, and what its pictures or sounds will lack."""

from __future__ import annotations

from xrdrama import content
from xrdrama.errors import AuthoringError
from xrdrama.processes.sets import compiled_scene, near_of
from xrdrama.run.options import RunOptions
from xrdrama.show import Production
from xrdrama.show.cast import undrawn_text
from xrdrama.show.sounding import placeless
from xrdrama.tools.checking.contents import check_loaded
from xrdrama.tools.checking.legibility import check_show_texts, messages
from xrdrama.tools.checking.sounding import check_sounds


def refuse_unplayable(loaded: content.Loaded, production: Production) -> None:
    """AuthoringError for problems of a show's files that would stop the run."""
    problems = check_loaded(loaded, production)
    if problems:
        raise AuthoringError(problems)


def refuse_undrawable(loaded: content.Loaded, production: Production) -> None:
    """Compile the sets of a show: AuthoringError for a model or plate that cannot be drawn."""
    near = near_of(loaded)
    for name in production.scenes:
        compiled_scene(name, near)


def warnings_of(
    options: RunOptions, loaded: content.Loaded, production: Production
) -> tuple[str, ...]:
    """Problems of this run's texts and sounds, as `xrdrama check` reports them, and who is not
    drawn; AuthoringError for sounds that would stop the run."""
    if not options.video and not options.viewer:
        return ()
    story = loaded.path("story")
    sounds = check_sounds(story, decode=True) if story else []
    if any(problem.severity == "error" for problem in sounds):
        raise AuthoringError(sounds)
    problems = [*check_show_texts(loaded, production), *sounds]
    # After a run at a fixed rate, drawing the videos says it.
    undrawn = "" if options.fixed_rate else undrawn_text(production.cast)
    said = [text for text in (undrawn, _placeless(options, production)) if text]
    return (*messages(problems, options.show), *said)


def _placeless(options: RunOptions, production: Production) -> str:
    """What a viewer does not hear from its place; "" where everything has one, or nothing shall."""
    wanted = production.viewers.sound
    if (
        not options.viewer
        or wanted == "recorded"
        or (options.viewer, wanted) == ("window", "headset")
    ):
        return ""
    found = placeless(production)
    return (
        f"heard as recorded, without a place in the set: {', '.join(found)} (sounds_from: in"
        " viewers: of the show file gives them one)"
        if found
        else ""
    )
