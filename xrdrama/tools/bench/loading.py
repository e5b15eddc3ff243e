"""Loading, checking and formatting a large story, against reading its YAML alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import yaml

from xrdrama import content
from xrdrama.saving import save
from xrdrama.story import Story, load_story
from xrdrama.story.stored import encode_story
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tools.bench.large import large_story
from xrdrama.tools.checking.contents import check_paths
from xrdrama.tools.checking.formatting import format_paths

BEATS = 5_000
PAIRS = 7
_YAML = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def bench_load(beats: int = BEATS, pairs: int = PAIRS) -> list[BenchResult]:
    """Loading a story of so many beats again, from the cache, against msgspec's decoding of the
    same graph; loading it first, against libyaml's nodes of its text; checking and formatting it,
    against loading it. All with the garbage collector as Python starts it."""
    with tempfile.TemporaryDirectory() as folder, _cache(folder):
        path = Path(folder) / "night_tram.branch.yaml"
        save(path, large_story(beats))

        def load() -> None:
            load_story(content.read_text(path), str(path))

        def compose() -> None:
            nodes_alone(content.read_text(path))

        def check() -> None:
            # Loading is a part of it: the checks may take as long again.
            assert not any(one.severity == "error" for one in check_paths([path])[0])

        def fmt() -> None:
            assert format_paths([path], write=False) == []

        stored = encode_story(load_story(content.read_text(path), str(path)))
        graph = msgspec.msgpack.Decoder(Story)

        def load_again() -> None:
            content.load_story_file(str(path))

        return [
            compared("load_warm", load_again, lambda: graph.decode(stored), goal=3.0, pairs=pairs),
            compared("load_cold", load, compose, goal=2.5, pairs=pairs),
            compared("check_large", check, load, goal=2.0, pairs=pairs),
            compared("fmt_large", fmt, load, goal=2.0, pairs=pairs),
        ]


def nodes_alone(text: str) -> None:
    """Compose libyaml's nodes of a text: the reference of loading."""
    yaml.compose(text, Loader=_YAML)


@contextmanager
def _cache(folder: str) -> Iterator[None]:
    """A cache folder of its own, empty."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = folder
    try:
        yield
    finally:
        os.environ.pop("XDG_CACHE_HOME")
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before
