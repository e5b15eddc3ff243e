"""Which hints are drawn on a show's pictures: how its viewers can pick."""

from __future__ import annotations

from xrdrama import content
from xrdrama.adapters.panda.lettering.overlay import Hints


def hints_of(loaded: content.Loaded, *, keys: bool) -> Hints:
    """The hints of a show: hand poses if one of its inputs looks for hands; `keys` as given."""
    uses = {each.use for each in content.show_file(loaded).inputs.values()}
    return Hints(hands="hand" in uses, keys=keys)
