"""The cache of parsed stories: the same story as parsed, and never a stale or a damaged one."""

from __future__ import annotations

import os
import zlib
from hashlib import blake2b
from pathlib import Path

import msgspec
import pytest

from xrdrama.content import compiled
from xrdrama.content.compiled import compiled_story
from xrdrama.errors import UsageError
from xrdrama.story import Story, parse_story
from xrdrama.story.expressions.expression import Scope
from xrdrama.tools.bench.large import large_story

BEATS = 60
TEXT = large_story(BEATS) + "# a comment\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "xrdrama" / compiled.FOLDER


def parsed(text: str = TEXT, file: str = "night_tram") -> Story:
    story, problems, _ = parse_story(text, file)
    assert story is not None, problems
    return story


def loaded(text: str = TEXT, file: str = "night_tram", **lasts: int) -> Story | None:
    return compiled_story(text, file, lasts=lasts)[0]


def no_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the story was parsed")

    monkeypatch.setattr(compiled, "parse_story", refuse)


def test_a_stored_story_is_the_parsed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded() == parsed()
    no_parsing(monkeypatch)
    again = loaded()
    assert again == parsed() and again is not None
    assert list(again.beats.values()) == list(again.order)
    values = [variable.init for variable in again.variables]
    for beat, other in zip(again.order, parsed().order, strict=True):
        for option, same in zip(*(b.choice.options if b.choice else () for b in (beat, other)),
                                strict=True):  # fmt: skip
            if option.condition and same.condition:
                scope = Scope(values, (0,) * BEATS, 0)
                assert option.condition.run(scope) == same.condition.run(scope)


def test_warnings_are_stored_too(monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT.replace("coins > 3", "coins > 9")
    first = compiled_story(text, "f", lasts={})
    assert first[1]
    no_parsing(monkeypatch)
    assert compiled_story(text, "f", lasts={}) == first


@pytest.mark.parametrize("text,file,lasts", [
    (TEXT + "# another\n", "night_tram", {}),
    (TEXT, "other", {}),
    (TEXT, "night_tram", {"l0000a": 9}),
])  # fmt: skip
def test_another_text_file_or_length_is_parsed(
    text: str, file: str, lasts: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded()
    no_parsing(monkeypatch)
    with pytest.raises(AssertionError, match="was parsed"):
        loaded(text, file, **lasts)


def test_stories_with_errors_and_short_ones_are_not_stored(cache: Path) -> None:
    assert loaded(TEXT.replace("to: b1,", "to: nowhere,")) is None
    assert loaded(large_story(3)) is not None
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "empty", "crafted", "bomb"])
def test_a_damaged_or_foreign_entry_is_replaced(damage: str, cache: Path) -> None:
    loaded()
    (entry,) = cache.iterdir()
    data = entry.read_bytes()
    crafted = zlib.compress(msgspec.msgpack.encode({"included": [], "problems": [], "story": 1}))
    bomb = zlib.compress(bytes(10**6), 9)
    entry.write_bytes({
        "cut": data[:-9],
        "flipped": data[:-1] + bytes([data[-1] ^ 1]),
        "foreign": b"cos\nsystem\n(S'touch pwned'\ntR.",
        "empty": b"",
        "crafted": data[:16] + blake2b(crafted, digest_size=16).digest() + crafted,
        "bomb": data[:16] + blake2b(bomb, digest_size=16).digest() + bomb,
    }[damage])  # fmt: skip
    assert loaded() == parsed()
    assert entry.read_bytes() == data


def test_a_folder_that_cannot_be_written_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert loaded() == parsed()


def test_entries_used_longest_ago_are_removed(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(file="a")
    (first,) = cache.iterdir()
    loaded(file="b")
    second = next(path for path in cache.iterdir() if path != first)
    os.utime(second, (1, 1))
    monkeypatch.setattr(compiled, "MOST_BYTES", 5 * first.stat().st_size // 2)
    loaded(file="a")
    loaded(file="c")
    assert first.exists() and not second.exists() and len(list(cache.iterdir())) == 2


SEASON = TEXT.replace("scene: lantern_street", "scene: lantern_street\ninclude: [episode]")
EPISODE = (
    "xrdrama: 1\nid: episode\ntitle: E\nscene: lantern_street\nbeats:\n"
    "  pier:\n    script: |\n      MO: {}  #lepis1\n    ending: gone\n"
)


def test_a_change_of_an_included_file_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["One."]

    def files(name: str) -> tuple[str, str]:
        if not said[0]:
            raise UsageError("gone", "")
        return f"{name}.branch.yaml", EPISODE.format(said[0])

    story, problems = compiled_story(SEASON, "f", lasts={}, files=files)
    assert story is not None, problems
    assert story.texts()["lepis1"] == "One."
    said[0] = "Two."
    story, _ = compiled_story(SEASON, "f", lasts={}, files=files)
    assert story is not None and story.texts()["lepis1"] == "Two."
    said[0] = ""
    assert compiled_story(SEASON, "f", lasts={}, files=files)[0] is None
    said[0] = "Two."
    no_parsing(monkeypatch)
    assert compiled_story(SEASON, "f", lasts={}, files=files)[0] == story
