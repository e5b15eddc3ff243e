"""Options of a viewer's comfort: what `viewers:` of a show file says, by the same names."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from xrdrama.cli.printing.output import finite

_PANEL = "The viewer, instead of what viewers: of the show file says"


def _option(text: str, *names: str, least: float | None = None, most: float | None = None) -> Any:
    check = finite if least is not None else None
    return typer.Option(
        *names, help=text, min=least, max=most, callback=check, rich_help_panel=_PANEL,
        show_default=False,
    )  # fmt: skip


TimeScale = Annotated[
    float | None,
    _option("Choices stay open so much longer than written.", least=1.0, most=20.0),
]
TimeLimits = Annotated[
    bool | None,
    _option("Whether choices close when their time is over.", "--time-limits/--no-time-limits"),
]
Posture = Annotated[
    Literal["standing", "seated"] | None,
    _option("standing: the set is seen from the head's own height; seated: from --eye-height."),
]
EyeHeight = Annotated[
    float | None,
    _option("Metres of a seated viewer's eyes above the set's floor.", least=0.5, most=2.5),
]
Raised = Annotated[
    float | None,
    _option("Metres by which the eyes are raised in the set.", least=-2.0, most=2.0),
]
Captions = Annotated[Literal["small", "medium", "large"] | None, _option("Size of captions.")]
CaptionsIn = Annotated[
    Literal["room", "head"] | None,
    _option("room: captions rest in the room and follow slowly; head: they move with the head."),
]
CaptionsAway = Annotated[
    float | None, _option("Metres from the eyes to the captions.", least=0.8, most=5.0)
]
CaptionsRaised = Annotated[
    float | None, _option("Metres by which captions are higher than usual.", least=-1.0, most=1.5)
]
CardsAway = Annotated[
    float | None,
    _option("Metres from the eyes to the options' cards: the viewer's reach.", least=0.5, most=5.0),
]
CardsRaised = Annotated[
    float | None, _option("Metres by which cards are higher than usual.", least=-1.0, most=1.5)
]
Vignette = Annotated[
    bool | None,
    _option("Whether edges get dark while a set moves past.", "--vignette/--no-vignette"),
]
Resolution = Annotated[
    Literal["adaptive", "full"] | None,
    _option("adaptive: pictures get smaller while frames are late; full: never."),
]
Blend = Annotated[
    Literal["opaque", "additive", "alpha"] | None,
    _option("How pictures are put over what the wearer sees, where the headset offers it."),
]
Budget = Annotated[
    bool | None, _option("Whether to show what a frame takes.", "--budget/--no-budget")
]
Sound = Annotated[
    Literal["headset", "always", "recorded"] | None,
    _option("Sounds come from their places in the set: in a headset, in a window too, or never."),
]
Contrast = Annotated[
    bool | None,
    _option("Whether texts in a window are white on black plates.", "--contrast/--no-contrast"),
]
Motion = Annotated[
    Literal["full", "reduced"] | None,
    _option("In a window, reduced: steps behind a short fade, no film camera."),
]
SoundCaptions = Annotated[
    bool | None,
    _option("Whether sounds have captions in a window.", "--sound-captions/--no-sound-captions"),
]
Scan = Annotated[
    str | None,
    _option("In a window, the time on each option for a single switch: 2s; 0s is off."),
]


def said(**options: float | str | bool | None) -> dict[str, str]:
    """What the given options say, as the show file writes it."""
    return {name: _text(value) for name, value in options.items() if value is not None}


def _text(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.6f}".rstrip("0").rstrip(".")
