"""How the people in front of a picture can pick, for the hints that are drawn on it."""

from __future__ import annotations

from xrdrama import content
from xrdrama.adapters.panda.lettering.overlay import Means


def means_of(loaded: content.Loaded, *, keys: bool) -> Means:
    """By what viewers of a show can pick: with a hand where an input of the show looks for one."""
    uses = {each.use for each in content.show_file(loaded).inputs.values()}
    return Means(hands="hand" in uses, keys=keys)
