"""Stories exported for reading and recording: HTML, PDF, recording scripts, in each language."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from xrdrama import content
from xrdrama.authoring.exchange import html_pages, recording, recording_page
from xrdrama.authoring.exchange.pages import WORDS, pages_of, readable
from xrdrama.cli import run
from xrdrama.errors import DeviceError, UsageError
from xrdrama.story import Story, load_story
from xrdrama.story.formats import Recording
from xrdrama.tools.exchanging import export_story
from xrdrama.tools.languages import pdf

STORY = load_story(
    """\
xrdrama: 1
id: night
title: Night & <Day>
vars: {coins: {type: int, min: 0, max: 9, init: 3}}
cast: {lan: {name: Lan}, bo: {name: Bo}}
scene: lane
storylets: {stalls: {else: home}}
beats:
  gate:
    script: |
      EXT. LANE - NIGHT
      She waves.
      @bell
      LAN (softly): You have {coins, plural, one {# coin} other {# coins}}.  #laaaa1
      {if coins > 2} BO: Rich!  #laaaa2
      @group cycle
      => LAN: One.  #laaaa3
      => LAN: Two <b>.  #laaaa4
    choice:
      window: {lasts: 6s}
      options:
        go: {text: "Go <on>", to: stalls, if: coins > 0}
        ask: {text: Ask, detour: aside, once: true}
      else: home
  aside: {script: "BO: Aside.  #laaaa5", return: true}
  fish: {storylet: stalls, when: coins > 1, next: home}
  tea: {storylet: stalls, next: home}
  home: {ending: {id: home, title: Home}}
"""
)


class Tags(HTMLParser):
    """Checks that every element is closed in order; collects ids, links and texts."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        values = dict(attrs)
        self.names |= {tag, *values}
        self.ids += [v for k, v in attrs if k == "id" and v]
        self.links += [v for k, v in attrs if k == "href" and v]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.said += data


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    assert tags.open == []
    return tags


def test_the_page_has_every_text_and_links_between_beats() -> None:
    tags = parsed(html_pages.write(STORY))
    for text in ("Night & <Day>", "EXT. LANE - NIGHT", "She waves.", "(softly)", "Rich!",
                 "You have [# coin / # coins].", "Two <b>.", "Go <on>", "Home"):  # fmt: skip
        assert text in tags.said, text
    assert set(tags.links) <= {f"#{name}" for name in tags.ids}
    assert {"#fish", "#tea", "#aside", "#home"} <= set(tags.links)
    assert "bell" not in tags.said
    assert not {"script", "src", "img", "link"} & tags.names  # self-contained


def test_what_pages_leave_out_is_listed_at_its_beat() -> None:
    (lost,) = html_pages.not_carried_over(STORY)
    assert (lost.line, lost.what) == (9, "beat gate: 1 cue")


def test_ways_say_their_conditions() -> None:
    gate = pages_of(STORY)["beats"][0]
    assert [(w["text"], w["to"], w["note"]) for w in gate["ways"]] == [
        ("Go <on>", ["fish", "tea"], "only if coins > 0"),
        ("Ask", ["aside"], "once; then this choice again"),
        ("Say nothing", ["home"], ""),
    ]
    assert gate["choice"] == "Choice, 6 s"
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert readable("{broken") == "{broken"


def test_a_recording_script_lists_each_speakers_lines_in_order() -> None:
    found = {"laaaa1": Recording("night.sounds/line/laaaa1.ogg", True, 2.5)}
    rows = list(csv.DictReader(io.StringIO(recording.write(STORY, found))))
    assert [(r["speaker"], r["id"], r["number"]) for r in rows] == [
        ("lan", "laaaa1", "1"), ("lan", "laaaa3", "2"), ("lan", "laaaa4", "3"),
        ("bo", "laaaa2", "1"), ("bo", "laaaa5", "2"),
    ]  # fmt: skip
    assert rows[0]["before"] == "She waves." and rows[0]["manner"] == "softly"
    assert (rows[0]["recorded"], rows[0]["seconds"]) == ("yes", "2.50")
    assert (rows[1]["recorded"], rows[1]["seconds"]) == ("no", "")
    assert rows[3]["before"] == "Lan: You have [# coin / # coins]."
    assert rows[3]["condition"] == "coins > 2" and rows[3]["words"] == "1"
    tags = parsed(recording_page.write(STORY, found))
    assert "1 of 5 lines recorded" in tags.said and "laaaa1.ogg" in tags.said


def test_recordings_are_found_in_each_language() -> None:
    exported = export_story("one_lantern_too_many", "recording")
    assert isinstance(exported.content, str)
    rows = list(csv.DictReader(io.StringIO(exported.content)))
    assert {row["recorded"] for row in rows} == {"yes"}
    assert all(float(row["seconds"]) > 0 for row in rows)
    chinese = export_story("two_cups", "recording", None, "zh").content
    assert isinstance(chinese, str)
    first = next(csv.DictReader(io.StringIO(chinese)))
    assert first["name"] == "父亲" and first["file"] == "two_cups.sounds/zh/line/l55mai.ogg"
    assert first["words"] == "7"


@pytest.mark.parametrize("kind", ["html", "fountain", "csv", "json"])
def test_texts_are_exported_in_a_language(kind: str) -> None:
    exported = export_story("two_cups", kind, None, "zh")
    assert isinstance(exported.content, str) and "她说，天黑以前到。" in exported.content
    with pytest.raises(UsageError, match="no translation into 'fr'"):
        export_story("two_cups", kind, None, "fr")


def test_a_pdf_is_written_in_both_languages(tmp_path: Path) -> None:
    for language in ("", "zh"):
        made = export_story("two_cups", "pdf", tmp_path / f"{language}x.pdf", language).content
        assert isinstance(made, bytes) and made.startswith(b"%PDF-")
        assert (tmp_path / f"{language}x.pdf").read_bytes() == made
        assert made == export_story("two_cups", "pdf", None, language).content


def test_every_beat_is_on_a_page() -> None:
    own, path = content.load_story_file("two_cups")
    pages = pdf.typeset(content.story_in("zh", own, path), "png")
    assert len(pages) >= 2 and all(page.startswith(b"\x89PNG") for page in pages)
    assert pdf.typeset(STORY, "pdf")


def test_a_pdf_without_a_font_or_without_typst_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = load_story(
        'xrdrama: 1\nid: night\ntitle: "\\uf8ff"\nscene: lane\nbeats: {a: {ending: home}}\n'
    )
    with pytest.raises(DeviceError, match="no installed font has characters"):
        pdf.write(unknown)
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(DeviceError, match="typst, which typesets PDF, is not installed"):
        pdf.write(STORY)


def test_the_command_writes_a_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "story.html"
    assert run(["export", "two_cups", "--to", "html", "--language", "zh", "-o", str(out)]) == 0
    assert "not carried over: beat table: 2 cues" in capsys.readouterr().err
    assert re.search('<html lang="zh">', out.read_text())


def test_stories_without_anything_are_exported() -> None:
    bare: Story = load_story("xrdrama: 1\nid: night\nscene: lane\nbeats: {a: {ending: home}}\n")
    parsed(html_pages.write(bare))
    parsed(recording_page.write(bare))
    assert recording.write(bare).count("\n") == 1
    assert pdf.write(bare).startswith(b"%PDF-")
