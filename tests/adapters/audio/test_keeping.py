"""Sounds are decoded before the show, and late ones are counted by name."""

from __future__ import annotations

import numpy as np

from xrdrama.adapters.audio.keeping import KeptSounds
from xrdrama.adapters.audio.mixing import Mixer, Samples
from xrdrama.wire.frame import Sound


def loader(asked: list[str]) -> KeptSounds:
    def load(name: str) -> Samples | None:
        asked.append(name)
        return None if name == "lost" else np.ones((100, 2), np.float32)

    return KeptSounds(load, budget=1500)


def test_kept_sounds_are_not_decoded_when_they_are_heard() -> None:
    asked: list[str] = []
    kept = loader(asked)
    assert list(kept.keep(["bell", "lost", "bell"])) == ["bell", "lost"] == asked
    mixer = Mixer(kept)
    mixer.hear([Sound("bell", "effect", 0), Sound("lost", "effect", 0)])
    assert asked == ["bell", "lost"] and kept.late == {} and mixer.missing == {"lost"}


def test_sounds_beyond_the_budget_are_counted_by_name() -> None:
    asked: list[str] = []
    kept = loader(asked)
    assert list(kept.keep(["a", "b", "c"])) == ["a", "b"], "800 bytes each"
    Mixer(kept).hear([Sound("c", "effect", 0), Sound("a", "effect", 0), Sound("c", "effect", 9)])
    assert kept.late == {"c": 2}
