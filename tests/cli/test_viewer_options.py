"""The options of `xrdrama vr` for the viewer's comfort: those of the show file, in its bounds."""

from __future__ import annotations

import re
from typing import get_args, get_type_hints

import typer
from typer.testing import CliRunner

from xrdrama.cli import viewers
from xrdrama.cli.viewer_options import said
from xrdrama.show.form import SHOW
from xrdrama.show.production import ViewerRule

ONLY_IN_FILES = {"sounds_from"}
"""What belongs to a show and its sets, and not to the person who watches."""


def app() -> typer.Typer:
    made = typer.Typer()
    viewers.add_to(made)
    return made


def test_every_setting_of_the_show_file_is_an_option_of_the_same_name_and_bounds() -> None:
    given = get_type_hints(viewers.vr, include_extras=True)
    schema = SHOW.schema()["properties"]["viewers"]["properties"]
    assert set(schema) == set(ViewerRule.__struct_fields__)
    checked = 0
    for name in set(schema) - ONLY_IN_FILES:
        kind, option = get_args(given[name])
        written = str(schema[name])
        choices = [word for one in get_args(kind) for word in get_args(one)]
        for bound in (option.min, option.max):
            found = bound is None or re.search(rf"(?<![\d.]){bound:g}(?!\d)", written)
            assert found, (name, bound, written)
            checked += bound is not None
        assert all(word in written for word in choices), (name, written)
        checked += len(choices)
        assert option.help
    assert checked >= 20
    assert "sounds_from" not in given


def test_options_are_said_in_the_words_of_the_file() -> None:
    assert said(posture="seated", eye_height=1.25, time_limits=False, budget=None) == {
        "posture": "seated",
        "eye_height": "1.25",
        "time_limits": "false",
    }
    assert said(raised=1e-9, time_scale=20.0) == {"raised": "0", "time_scale": "20"}


def test_a_value_out_of_bounds_is_refused_by_name() -> None:
    done = CliRunner().invoke(app(), ["vr", "lantern_headset", "--eye-height", "9"])
    assert done.exit_code == 2, done.output
    assert "--eye-height" in done.output or "--eye-height" in done.stderr
