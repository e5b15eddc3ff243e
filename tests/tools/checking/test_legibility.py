"""What `check` and `run` say of texts that pictures cannot show."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.adapters.panda.lettering.text import fonts
from xrdrama.document import Place
from xrdrama.errors import Problem
from xrdrama.story import Story, parse_story
from xrdrama.tools.checking import legibility
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.checking.legibility import check_fonts, check_room, messages, places_of

LONG = "She said that the lantern at the end of the lane had been lit for somebody. " * 60
STORY = """xrdrama: 1
id: ferry
title: The Last Ferry
language: en
start: pier
scene: lantern_street
cast:
  boatman: {name: The Boatman}
beats:
  pier:
    script: |
      BOATMAN: LINE  #l4kq2p
    choice:
      options:
        board: {text: OPTION, to: shore, on: [button: one]}
      else: shore
  shore:
    script: |
      @wait 2s
    ending: {id: morning, title: Morning}
"""
TABLE = """id,order,source,text
title,1,The Last Ferry,العبّارة
cast.boatman,2,The Boatman,المراكبي
l4kq2p,3,Sit.,اجلس.
pier.board,4,I am coming,أنا قادم
ending.morning,5,Morning,الصباح
"""


def story() -> Story:
    text = STORY.replace("LINE", "Sit.").replace("OPTION", "I am coming")
    made, problems, _ = parse_story(text, "ferry.branch.yaml")
    assert made is not None, problems
    return made


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", dict)
    for cached in (fonts._others, fonts._font_of_all, fonts.font_of):
        cached.cache_clear()
        monkeypatch.setattr(fonts, cached.__name__, cached.__wrapped__)


def test_check_names_the_row_the_characters_and_the_package(tmp_path: Path, no_fonts: None) -> None:
    file = tmp_path / "ferry.branch.yaml"
    file.write_text(STORY.replace("LINE", "Sit.").replace("OPTION", "I am coming"), "utf-8")
    (tmp_path / "ferry.ar.csv").write_text(TABLE, "utf-8")
    found = [p for p in check_file(file) if p.code == "P001"]
    assert [(Path(p.file).name, p.line) for p in found] == [
        ("ferry.ar.csv", 3), ("ferry.ar.csv", 4), ("ferry.ar.csv", 5),
    ]  # fmt: skip
    line = found[1]
    assert line.severity == "warning" and "line l4kq2p" in line.message and "(ar)" in line.message
    assert "Arabic" in line.message and "U+0627" in line.message
    assert "fonts-noto-core" in line.hint and "[no Arabic font]" in line.hint


def test_check_says_nothing_where_the_fonts_are(tmp_path: Path) -> None:
    """The negative control."""
    file = tmp_path / "ferry.branch.yaml"
    file.write_text(STORY.replace("LINE", "Sit.").replace("OPTION", "I am coming"), "utf-8")
    (tmp_path / "ferry.ar.csv").write_text(TABLE, "utf-8")
    assert [p for p in check_file(file) if p.code.startswith("P")] == []


@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (720, 1280)])
def test_a_line_that_does_not_fit_is_named(size: tuple[int, int]) -> None:
    made, english = with_texts(LONG)
    texts = {"en": english}
    (found,) = check_room(made, texts, ["en"], size, places_of(made))
    assert (found.code, found.severity) == ("P002", "warning")
    assert "line l4kq2p" in found.message and "(en)" in found.message
    assert f"{size[0]} x {size[1]}" in found.message and "cut" in found.message
    assert "split" in found.hint
    # The negative control.
    plain = story()
    assert check_room(plain, {"en": plain.texts()}, ["en"], size, places_of(plain)) == []


def with_texts(line: str, option: str = "I am coming") -> tuple[Story, dict[str, str]]:
    made = story()
    return made, {**made.texts(), "l4kq2p": line, "pier.board": option}


def test_a_line_that_covers_half_of_the_picture_is_named() -> None:
    made, texts = with_texts(LONG[: len(LONG) // 2])
    (found,) = check_room(made, {"en": texts}, ["en"], (640, 360), places_of(made))
    assert "covers" in found.message and "%" in found.message


def test_a_choice_that_does_not_fit_is_named() -> None:
    made, texts = with_texts("Sit.", LONG)
    (found,) = check_room(made, {"en": texts}, ["en"], (640, 360), places_of(made))
    assert "choice of beat 'pier'" in found.message and "shorter" in found.hint


def test_two_languages_may_be_too_long_together() -> None:
    made, texts = with_texts(LONG[: len(LONG) // 3])
    both = {"en": texts, "de": texts}
    size, places = (640, 360), places_of(made)
    assert check_room(made, both, ["en"], size, places) == []
    (found,) = check_room(made, both, ["en", "de"], size, places)
    assert "(en, de)" in found.message


def test_latin_texts_load_no_font_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("asked for fonts")

    monkeypatch.setattr(fonts, "missing", fail)
    monkeypatch.setattr("xrdrama.adapters.panda.lettering.plates.lay_caption", fail)
    assert legibility.check_story_texts(story()) == []


def test_a_run_prints_the_first_few(no_fonts: None) -> None:
    texts = {str(n): "灯" for n in range(8)}
    places = {str(n): Place("a.zh.csv", n + 1, 1) for n in range(8)}
    problems: list[Problem] = check_fonts(texts, "zh", places, {n: f"line {n}" for n in texts})
    said = list(messages(problems, "ferry"))
    assert len(said) == legibility.MAX_PRINTED + 1
    assert said[0].startswith("a.zh.csv:1: ") and "fonts-noto-cjk" in said[0]
    assert "3 more" in said[-1] and "xrdrama check ferry" in said[-1]
