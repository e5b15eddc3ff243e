"""Export to Twee then import gives the same story, modulo spacing, and a different one does not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.authoring.exchange.natives import native
from xrdrama.authoring.exchange.story_json import as_value
from xrdrama.authoring.exchange.twee import not_carried_over, read, write
from xrdrama.story import Story, load_story

FILES = 40


def essence(story: Story) -> Any:
    """Everything of a story but the lines of its file, spaces and brackets in expressions."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            inside = {key: bare(one) for key, one in value.items() if key != "line"}
            for key in ("if", "computed"):
                if key in inside:
                    inside[key] = unbracketed(inside[key])
            return inside
        return [bare(one) for one in value] if isinstance(value, list | tuple) else value

    return bare(msgspec.to_builtins(as_value(story)))


def unbracketed(text: str) -> str:
    return text.replace("(coins == 1)", "coins == 1")


@pytest.mark.parametrize("seed", range(FILES))
def test_a_story_comes_back_from_twee(seed: int) -> None:
    story = load_story(native(seed), "tale")
    text = write(story)
    back = read(text, "tale")
    assert essence(load_story(back.text, "tale")) == essence(story)
    assert write(load_story(back.text, "tale")) == text
    assert {lost.what for lost in back.not_carried_over} <= {
        "the time of a <<goto>>: it counts from the end of the script, not from its start"
    }
    kinds = "comments only|time of|window all but"
    assert all(
        any(kind in lost.what for kind in kinds.split("|")) for lost in not_carried_over(story)
    )


def test_a_changed_file_is_another_story() -> None:
    """The control: essence sees a changed condition, speaker, effect and option."""
    story = load_story(native(1), "tale")
    text = write(story)
    for old, new in (("MARA", "OLD TIBO"), ("/% #l0", "/% #l9"), ("->beat_", "->aside"),
                     ("$coins to", "$luck to")):  # fmt: skip
        if old in text:
            back = load_story(read(text.replace(old, new, 1), "tale").text, "tale")
            assert essence(back) != essence(story), old
