"""Commands for lens files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import (
    console,
    counted,
    finite,
    print_json,
    print_line,
    print_problems,
    table,
)
from xrdrama.cli.printing.plain import note_line
from xrdrama.errors import UsageError

group = typer.Typer(help="Import, export and check lens files.", no_args_is_help=True)
Lens = Annotated[str, typer.Argument(help="Name of a lens, or its .lens.yaml file.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Sensor = Annotated[
    str, typer.Option("--sensor", metavar="WxH", help="Used part of the sensor, mm: 36x20.25.")
]
Flange = Annotated[
    float | None,
    typer.Option(
        "--flange", help="OpenTrackIO: distance from mount to sensor, mm (PL 52).", callback=finite
    ),
]
Overscan = Annotated[
    float | None,
    typer.Option(
        help="ST map: how much larger the rectilinear picture is.", min=1.0, max=3.0,
        callback=finite,
    ),
]  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="lens")


def _pair(option: str, text: str, *, whole: bool = False) -> tuple[float, float] | None:
    """Two numbers such as 36x20.25; None for ""; UsageError for anything else."""
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,9})?)x([0-9]{1,5}(?:\.[0-9]{1,9})?)", text)
    numbers = tuple(float(part) for part in found.groups()) if found else ()
    if len(numbers) != 2 or not all(n > 0 for n in numbers) or (whole and "." in text):
        such_as = "1920x1080" if whole else "36x20.25"
        raise UsageError(f"{option} {text} is not a width and a height", f"write {such_as}")
    return numbers[0], numbers[1]


def _pixels(option: str, text: str) -> tuple[int, int] | None:
    pair = _pair(option, text, whole=True)
    return (int(pair[0]), int(pair[1])) if pair else None


@group.command("import")
def import_lens(
    file: Annotated[
        Path, typer.Argument(help="An OpenCV calibration, OpenTrackIO samples, or an ST map.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The lens file to write.")],
    kind: Annotated[
        str,
        typer.Option("--from", help="opencv, opentrackio or stmap; default: by the content."),
    ] = "",
    sensor: Sensor = "",
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="OpenCV: size of the pictures, pixels.")
    ] = "",
    focal: Annotated[
        float | None,
        typer.Option("--focal", help="ST map: focal length, mm.", min=0.5, callback=finite),
    ] = None,
    flange: Flange = None,
    way: Annotated[
        str, typer.Option("--map", help="ST map: redistort or undistort; default: as it says.")
    ] = "",
    overscan: Overscan = None,
    from_middle: Annotated[
        bool,
        typer.Option(
            "--from-middle",
            help="OpenCV: count from the middle of the first pixel.",
        ),
    ] = False,
    json: JSON = False,
) -> int:
    """Make a lens file from a calibration of another tool."""
    from xrdrama.tools.lenses import ImportOptions
    from xrdrama.tools.lenses import import_lens as imported_from

    options = ImportOptions(
        _pair("--sensor", sensor),
        _pixels("--size", size),
        focal,
        flange,
        way,
        overscan,
        from_middle,
    )
    imported = imported_from(file, out, kind, options)
    if json:
        print_json(imported)
        return 0
    print_line(f"{out}: {counted(imported.settings, 'setting')}")
    for note in imported.notes:
        print_line(f"note: {note}")
    return 0


@group.command("export")
def export_lens(
    lens: Lens,
    to: Annotated[str, typer.Option("--to", help="opentrackio or stmap.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; default: stdout (JSON).")
    ] = None,
    zoom: Annotated[
        float | None, typer.Option(help="Zoom, mm; default: the widest.", callback=finite)
    ] = None,
    focus: Annotated[
        float | None,
        typer.Option(help="Focus, m; default: the farthest.", min=0.01, callback=finite),
    ] = None,
    way: Annotated[str, typer.Option("--map", help="redistort or undistort.")] = "redistort",
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="ST map: the camera's picture, pixels.")
    ] = "1920x1080",
    overscan: Overscan = None,
    flange: Flange = None,
    json: JSON = False,
) -> int:
    """Write a lens at one setting for another tool. An existing file is not overwritten."""
    from xrdrama.tools import lenses

    if to == "opentrackio":
        sample, notes = lenses.lens_to_opentrackio(lens, zoom, focus, flange)
        if out is None:
            print_json(sample)
        else:
            lenses.save_json(out, sample)
        for note in notes:
            note_line(note)
        return 0
    if to != "stmap":
        raise UsageError(f"there is no exporter {to!r} of lenses", "use --to opentrackio or stmap")
    if out is None or out.suffix.lower() != ".exr":
        raise UsageError("an ST map is a picture", "add --out NAME.exr")
    if way not in ("redistort", "undistort"):
        raise UsageError(f"--map {way} is unknown", "write redistort or undistort")
    pixels = _pixels("--size", size) or (1920, 1080)
    written = lenses.lens_to_map(lens, out, way, zoom, focus, pixels, overscan)  # type: ignore[arg-type]
    if json:
        print_json(written)
    else:
        (w, h), (across, down) = written.size, written.overscan
        print_line(f"{out}: {w} x {h} pixels, overscan {across:.4f} x {down:.4f}")
        if written.outside:
            print_line(f"{written.outside} pixels are outside the domain of the lens (-1)")
    return 0


@group.command("check")
def check_lens(
    lens: Lens,
    overscan: Annotated[
        float,
        typer.Option(help="Also check a frame that is larger by this.", min=1.0, max=3.0),
    ] = 1.2,
    json: JSON = False,
) -> int:
    """Check a lens file: folds, encoder maps, and the overscan that its distortion needs."""
    from xrdrama.tools.lenses import check_lens as checked

    problems, reports, most = checked(lens, overscan)
    if json:
        needed = {"needed": most[0], "zoom_mm": most[1]} if most else None
        print_json({"problems": problems, "settings": reports, "overscan": needed})
    else:
        print_problems(problems)
        if reports:
            shown = table("zoom mm", "focus m", "focal mm", "needs overscan", "valid to mm")
            for one in reports:
                focus = "infinity" if one.focus_m is None else f"{one.focus_m:g}"
                domain = "everywhere" if one.domain_mm is None else f"{one.domain_mm:.1f}"
                shown.add_row(f"{one.zoom_mm:g}", focus, f"{one.focal_mm:.2f}",
                              f"{one.needed_overscan:.3f}", domain)  # fmt: skip
            console().print(shown)
        if not problems:
            print_line("no problems found")
    return int(any(problem.severity == "error" for problem in problems))
