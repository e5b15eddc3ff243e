"""`xrdrama strings`: tables are made, refreshed, converted and merged beside their story."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama import content
from xrdrama.cli import run
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.checking.formatting import format_paths
from xrdrama.tools.languages.tables import refresh_table

STORY = """\
xrdrama: 1
id: night
title: Night
language: en
start: gate
scene: lantern_street
cast:
  lan: {name: Lan}
beats:
  gate:
    script: |
      LAN: Count again.  #lexamp
    choice:
      options:
        go: {text: Walk on, to: home, on: [voice: I walk on]}
  home:
    ending: {id: home, title: Home}
"""


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.branch.yaml"
    path.write_text(STORY)
    return path


def translate(path: Path, **texts: str) -> None:
    """Write translations into a CSV table as an author does."""
    for source, text in texts.items():
        words = source.replace("_", " ")
        old = path.read_text()
        assert f",{words},," in old
        path.write_text(old.replace(f",{words},,", f",{words},{text},"))


def test_a_table_is_made_with_all_rows(night: Path) -> None:
    made = refresh_table(str(night), "zh")
    assert made.file.endswith("night.zh.csv") and made.rows == 6
    assert made.untranslated == (
        "title", "cast.lan", "lexamp", "gate.go", "gate.go.voice", "ending.home"
    )  # fmt: skip
    again = refresh_table(str(night), "zh")
    assert made.changed and not again.changed


def test_a_table_is_converted_and_the_other_one_deleted(night: Path) -> None:
    refresh_table(str(night), "zh")
    table = night.with_name("night.zh.csv")
    translate(table, Walk_on="走吧")
    before = table.read_text()
    made = refresh_table(str(night), "zh", "po")
    assert made.replaced == str(table) and not table.exists()
    assert 'msgstr "走吧"' in night.with_name("night.zh.po").read_text()
    assert format_paths([night], write=False) == []
    refresh_table(str(night), "zh", "csv")
    assert table.read_text() == before


def test_two_tables_of_a_language_are_an_error_until_one_is_merged(night: Path) -> None:
    refresh_table(str(night), "zh")
    table = night.with_name("night.zh.csv")
    translate(table, Walk_on="走吧")
    other = night.with_name("night.zh.po")
    other.write_text('msgctxt "title"\nmsgid "Night"\nmsgstr "夜"\n')
    with pytest.raises(AuthoringError, match=r"night\.zh\.csv and night\.zh\.po are two tables"):
        dict(content.string_tables(night))
    assert [p.code for p in check_file(night)] == ["L018"]
    made = refresh_table(str(night), "zh", "csv", other)
    assert made.replaced == str(other) and not other.exists()
    assert "title" not in made.untranslated and "gate.go" not in made.untranslated


def test_texts_of_a_table_elsewhere_are_taken(night: Path, tmp_path: Path) -> None:
    refresh_table(str(night), "zh")
    sent = tmp_path / "from_translator.po"
    sent.write_text('msgctxt "gate.go"\nmsgid "Walk on"\nmsgstr "走"\n')
    made = refresh_table(str(night), "zh", source=sent)
    assert sent.exists() and made.replaced == ""
    assert "gate.go" not in made.untranslated
    sent.write_text('msgctxt "gate.go"\nmsgid "Walk on\n')
    with pytest.raises(AuthoringError):
        refresh_table(str(night), "zh", source=sent)


def test_line_ends_and_marks_of_a_table_are_kept(night: Path) -> None:
    refresh_table(str(night), "zh")
    table = night.with_name("night.zh.csv")
    saved = b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n")
    table.write_bytes(saved)
    assert not refresh_table(str(night), "zh").changed
    assert table.read_bytes() == saved


@pytest.mark.parametrize(
    ("language", "form", "words"),
    [
        ("en", "", "its own texts need no table"),
        ("chinese!", "", "is not the code of a language"),
        ("zh", "xlsx", "unknown format 'xlsx'"),
    ],
)
def test_what_cannot_be_done_is_said(night: Path, language: str, form: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        refresh_table(str(night), language, form)


def test_the_command_lists_what_is_to_be_done(
    night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["strings", str(night), "zh"]) == 0
    assert "6 texts, 6 not translated, 0 stale" in capsys.readouterr().out
    assert run(["strings", str(night), "zh", "--json"]) == 0
    assert '"untranslated"' in capsys.readouterr().out


def test_a_play_in_a_language_shows_and_hears_it(
    night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refresh_table(str(night), "zh")
    table = night.with_name("night.zh.csv")
    translate(table, Walk_on="往前走", Lan="阿岚", Home="到家", I_walk_on="我往前走 | 走了")
    assert run(["play", str(night), "--language", "zh", "--choices", "走了"]) == 0
    out = capsys.readouterr().out
    assert "阿岚: Count again." in out and "1. 往前走" in out and "-- 到家" in out
