"""String tables in both formats: what is in them, what makes a text stale, and round trips."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document.names import composed
from xrdrama.errors import Problem
from xrdrama.story import Story, load_story
from xrdrama.story.strings import (
    Entry,
    Format,
    StringTable,
    format_strings,
    localised,
    parse_strings,
    phrases_of,
    pronunciations_in,
    rows_of,
)

TEXT = """\
xrdrama: 1
id: night
title: The Night
scene: lane
vars:
  coins: {type: int, min: 0, max: 9, init: 3}
  mood: {type: enum, of: [calm, cross]}
cast: {lan: {name: Lan}}
beats:
  a:
    script: |
      EXT. LANE - NIGHT
      A lantern wakes.
      {if coins > 2} LAN (softly): You have {coins} coins.  #laaaa1
      She waves.
      LAN: I am {mood}.  #laaaa2
    choice:
      options:
        go: {text: Leave, to: b, on: [voice: "I leave|leave now", gesture: fist]}
        stay: {text: Stay, to: b, on: [voice: I stay here]}
  b: {ending: {id: done, title: Done}}
"""
STORY = load_story(TEXT)
IDS = [row.id for row in rows_of(STORY)]
CHINESE = {
    "title": "夜", "cast.lan": "阿岚", "a.heading.1": "外景 巷子 夜", "a.action.1": "灯笼醒来。",
    "laaaa1": "你有{coins}个铜板。", "a.action.2": "她挥手。",
    "laaaa2": "{mood, select, calm {我很平静} other {我生气}}。", "a.go": "走",
    "a.go.voice": "我走了 | 走吧走吧", "a.stay": "留", "a.stay.voice": "留在这里",
    "ending.done": "完",
}  # fmt: skip


def table_of(texts: dict[str, str], story: Story = STORY) -> StringTable:
    sources = {row.id: row.source for row in rows_of(story)}
    return StringTable("zh", {name: Entry(sources[name], text) for name, text in texts.items()})


def read(
    text: str, form: Format = "csv", story: Story = STORY
) -> tuple[StringTable, list[Problem]]:
    return parse_strings(text, f"night.zh.{form}", "zh", story)


def codes(text: str, form: Format = "csv", story: Story = STORY) -> list[str]:
    return [problem.code for problem in read(text, form, story)[1]]


def changed(old: str, new: str) -> Story:
    assert old in TEXT
    return load_story(TEXT.replace(old, new))


WHOLE = {form: format_strings(STORY, table_of(CHINESE), form=form) for form in ("csv", "po")}
both = pytest.mark.parametrize("form", ["csv", "po"])


def test_every_text_has_a_row_with_its_context() -> None:
    rows = {row.id: row for row in rows_of(STORY)}
    assert list(rows) == list(CHINESE)
    assert [row.kind for row in rows.values()] == [
        "title", "name", "heading", "action", "line", "action", "line", "option", "phrases",
        "option", "phrases", "ending",
    ]  # fmt: skip
    line = rows["laaaa1"]
    assert (line.beat, line.speaker, line.manner) == ("a", "lan", "softly")
    assert line.note == "only if coins > 2; shows {coins}: a whole number (0 to 9)"
    assert rows["a.go.voice"].source == "I leave | leave now"


@both
def test_a_whole_table_has_no_problems_and_stays_as_it_is(form: Format) -> None:
    table, problems = read(WHOLE[form], form)
    assert problems == [] and table.texts == CHINESE
    assert format_strings(STORY, table) == WHOLE[form]


@both
def test_a_table_is_converted_to_the_other_format_and_back(form: Format) -> None:
    story = changed("She waves.", "She waves twice.")
    other: Format = "po" if form == "csv" else "csv"
    marked = format_strings(story, read(WHOLE[form], form)[0])
    converted = format_strings(story, read(marked, form, story)[0], form=other)
    back = format_strings(story, read(converted, other, story)[0], form=form)
    assert back == marked and converted != marked


def test_a_stale_text_is_marked_until_its_translation_changes() -> None:
    story = changed("text: Leave", "text: Walk on")
    assert codes(WHOLE["csv"], story=story) == ["L005"]
    marked = format_strings(story, read(WHOLE["csv"], story=story)[0])
    assert ",Walk on,走,,Leave,走\n" in marked
    assert codes(marked, story=story) == ["L005"]
    again = marked.replace(",Walk on,走,,Leave,走\n", ",Walk on,往前走,,Leave,走\n")
    table, problems = read(again, story=story)
    assert problems == []
    assert ",Walk on,往前走,,,\n" in format_strings(story, table)
    kept = marked.replace(",Walk on,走,,Leave,走\n", ",Walk on,走,,Leave,\n")
    assert codes(kept, story=story) == []  # the translator decided that it still fits
    updated = WHOLE["csv"].replace(",Leave,走", ",Walk on,走")
    assert codes(updated, story=story) == []  # its source was corrected by hand


def test_a_text_that_changes_again_stays_marked_with_what_was_translated() -> None:
    first, second = changed("text: Leave", "text: Walk on"), changed("text: Leave", "text: Run")
    marked = format_strings(first, read(WHOLE["csv"], story=first)[0])
    again = format_strings(second, read(marked, story=second)[0])
    assert ",Run,走,,Leave,走\n" in again
    assert format_strings(STORY, read(again)[0]) == WHOLE["csv"]  # the old text is back


def test_a_po_file_marks_stale_texts_as_fuzzy() -> None:
    story = changed("text: Leave", "text: Walk on")
    marked = format_strings(story, read(WHOLE["po"], "po", story)[0])
    entry = (
        '#. option, beat a\n#, fuzzy\n#| msgid "Leave"\nmsgctxt "a.go"\nmsgid "Walk on"\n'
        'msgstr "走"\n'
    )
    assert entry in marked and codes(marked, "po", story) == ["L005"]
    assert codes(marked.replace("#, fuzzy\n", ""), "po", story) == []
    table, _ = read(marked.replace("#, fuzzy\n", ""), "po", story)
    assert "Leave" not in format_strings(story, table)


@both
def test_a_new_action_does_not_take_the_translation_of_another(form: Format) -> None:
    story = changed("      She waves.\n", "      Snow falls.\n      She waves.\n")
    table, problems = read(WHOLE[form], form, story)
    assert [p.code for p in problems] == ["L012"]
    assert "the action a.action.2 is not translated" in problems[0].message
    assert table.texts["a.action.3"] == "她挥手。" and "a.action.2" not in table.texts
    edited = changed("She waves.", "She waves twice.")
    assert codes(WHOLE[form], form, edited) == ["L005"]


@both
def test_texts_that_are_gone_are_kept_and_come_back(form: Format) -> None:
    story = changed("      LAN: I am {mood}.  #laaaa2\n", "")
    table, problems = read(WHOLE[form], form, story)
    assert [p.code for p in problems] == ["L003"]
    kept = format_strings(story, table)
    assert format_strings(story, read(kept, form, story)[0]) == kept
    assert format_strings(STORY, read(kept, form)[0]) == WHOLE[form]
    if form == "po":
        assert '#~ msgctxt "laaaa2"' in kept


def test_comments_of_translators_are_kept() -> None:
    commented = WHOLE["csv"].replace(",Leave,走,,", ",Leave,走,short,")
    table = read(commented)[0]
    assert format_strings(STORY, table) == commented
    po = format_strings(STORY, table, form="po")
    assert "# short\n#. option" in po
    assert format_strings(STORY, read(po, "po")[0], form="csv") == commented


@pytest.mark.parametrize(
    ("name", "text", "code", "words"),
    [
        ("a.go.voice", "", "L011", "option 'go' of beat 'a' has no phrases in zh"),
        ("a.heading.1", "", "L012", "the heading a.heading.1 is not translated"),
        ("laaaa2", "我很{mood}。", "L015", "{mood} shows a word of the story's own language"),
        ("a.go.voice", "我走了 | | 走吧", "L016", "an empty phrase"),
        ("a.go.voice", "|".join("一二三四五六七八九十走来去"), "L016", "expected 1 to 12 phrases"),
        ("laaaa1", "你有{mood}。", "L010", "{mood} is not in the text"),
    ],
)
@both
def test_what_is_wrong_with_a_text_is_said(
    form: Format, name: str, text: str, code: str, words: str
) -> None:
    whole = format_strings(STORY, table_of({**CHINESE, name: text}), form=form)
    problems = read(whole, form)[1]
    found = next(problem for problem in problems if problem.code == code)
    assert words in found.message and found.line == read(whole, form)[0].lines[name]


def test_phrases_of_a_language_are_used_and_others_stay() -> None:
    texts = {name: text for name, text in CHINESE.items() if name != "a.stay.voice"}
    choice = STORY.beats["a"].choice
    assert choice is not None
    go, stay = choice.options
    assert phrases_of(go, "zh", STORY, texts) == ("我走了", "走吧走吧")
    assert phrases_of(stay, "zh", STORY, texts) == ()
    assert phrases_of(stay, "en", STORY, texts) == ("I stay here",)


def test_a_story_in_another_language_has_its_texts() -> None:
    story = localised(STORY, table_of(CHINESE), "night.zh.csv")
    assert {row.id: row.source for row in rows_of(story)} == CHINESE
    assert story.language == "zh" and story.beats["a"] is story.order[0]
    assert localised(STORY, StringTable("en", {})) is STORY
    bare = localised(STORY, StringTable("zh", {}))
    assert [row.id for row in rows_of(bare)] == [i for i in IDS if not i.endswith(".voice")]


@both
def test_pronunciations_are_rows_of_an_author_and_are_kept(form: Format) -> None:
    entries = table_of(CHINESE).entries | {"say.阿岚": Entry("", "阿兰")}
    whole = format_strings(STORY, StringTable("zh", entries), form=form)
    table, problems = read(whole, form)
    assert problems == [] and format_strings(STORY, table) == whole
    assert pronunciations_in(table.texts) == {"阿岚": "阿兰"}
    assert "say.阿岚" not in {row.id for row in rows_of(localised(STORY, table))}
    assert codes(whole.replace("say.阿岚", "say.小岚"), form) == ["L003"]
    assert codes(whole.replace("阿兰", ""), form) == ["L004"]


# -- PO files -----------------------------------------------------------------------------------


def test_a_po_file_of_another_program_is_read() -> None:
    """Previous texts, wrapped lines, references, other flags, obsolete entries with them."""
    text = (
        '\ufeffmsgid ""\r\nmsgstr ""\r\n"X-Generator: Somebody 3\\n"\r\n"Language: zh\\n"\r\n\r\n'
        '#: lane:3\r\n#, no-wrap, fuzzy\r\n#| msgctxt "a.go"\r\n#| msgid ""\r\n#| "Le"\r\n'
        '#| "ave"\r\nmsgctxt "a.go"\r\nmsgid ""\r\n"Leave"\r\nmsgstr "走\\"了\\""\r\n'
        '#~ msgctxt "old"\r\n#~ msgid "Old"\r\n#~ msgstr "旧"\r\n'
    )
    table, problems = read(text, "po")
    assert not [p for p in problems if p.severity == "error"]
    assert table.entries["a.go"] == Entry("Leave", '走"了"', True, "Leave", "", 12)
    assert table.left["old"].text == "旧"
    assert '"X-Generator: Somebody 3\\n"' in format_strings(STORY, table)


HEADER = 'msgid ""\nmsgstr "Language: zh\\n"\n\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('msgctxt "title"\nmsgid "x\nmsgstr ""', 5, "the quotes of this text are not closed"),
        ('msgctxt "title"\nmsgid "x" y\nmsgstr ""', 5, "unexpected 'y' behind the text"),
        ('msgctxt "title"\nmsgid "\\q"\nmsgstr ""', 5, "unknown escape \\q"),
        ('msgctxt "title"\nmsgid "x"\nnonsense', 6, "unexpected 'nonsense'"),
        ('msgctxt "title"\nmsgid "x"\n', 4, "an entry without a msgstr"),
        ('msgctxt "title"\n\nmsgid "x"\nmsgstr ""', 4, "an entry without a msgid"),
        ('msgstr "x"', 4, "msgstr without a msgid above it"),
        ('"x"', 4, "a text without a keyword above it"),
        ('msgctxt "title"\nmsgid "x"\nmsgstr "a"\nmsgstr "b"', 7, "msgstr is a duplicate"),
        ('msgctxt "title"\nmsgid "x"\nmsgid_plural "y"\nmsgstr[0] "a"', 6, "plural forms"),
        ('msgctxt "title"\nmsgid "\x01"\nmsgstr ""', 5, "control character U+0001"),
    ],
)
def test_a_broken_po_file_is_an_error_at_its_line(text: str, line: int, words: str) -> None:
    problems = read(HEADER + text, "po")[1]
    found = [problem for problem in problems if words in problem.message]
    assert [(p.line, p.code, p.severity) for p in found[:1]] == [(line, "L006", "error")]


def test_the_header_of_a_po_file_is_checked() -> None:
    assert "L017" in codes(WHOLE["po"].replace("Language: zh", "Language: ja"), "po")
    assert "L006" in codes(WHOLE["po"].replace("charset=UTF-8", "charset=GB2312"), "po")
    doubled = WHOLE["po"] + '\nmsgctxt "a.go"\nmsgid "Leave"\nmsgstr "走吧"\n'
    assert codes(doubled, "po") == ["L008"]
    nameless = WHOLE["po"] + '\nmsgid "Leave"\nmsgstr "走吧"\n'
    assert codes(nameless, "po") == ["L003"]


# -- properties ---------------------------------------------------------------------------------

CELL = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")) | st.just("\n"),
            max_size=20)
    .map(lambda text: composed(text).strip())
)  # fmt: skip
ENTRY = st.builds(
    lambda source, text, marked, old, comment: Entry(source, text, marked and bool(text),
                                                     old if marked and text else "", comment),
    CELL, CELL, st.booleans(), CELL, CELL.map(lambda text: text.replace("\n", " ").strip()),
)  # fmt: skip
NAME = st.sampled_from([*IDS, "say.x", "say.阿岚"]) | st.text("abc.", min_size=1, max_size=6)


@given(st.dictionaries(NAME, ENTRY, max_size=8))
def test_a_table_in_any_state_survives_both_formats(entries: dict[str, Entry]) -> None:
    known = {n: e for n, e in entries.items() if n in IDS or n.startswith("say.")}
    left = {n: e for n, e in entries.items() if n not in known}
    written = format_strings(STORY, StringTable("zh", known, left))
    table = read(written)[0]
    assert format_strings(STORY, table) == written
    po = format_strings(STORY, table, form="po")
    again = read(po, "po")[0]
    assert format_strings(STORY, again) == po
    assert format_strings(STORY, again, form="csv") == written


@given(
    st.text(max_size=300)
    | st.text('msgidctxr "\\#~|,.\n', max_size=300)
    | st.lists(
        st.sampled_from(
            ['msgctxt "title"', 'msgid "x"', 'msgstr "y"', "", '"z"', "#, fuzzy", '#| msgid "o"',
             '#~ msgid "x"', "#~", "#", "# c", 'msgid ""', "msgstr", '#~| msgid "p"', "#~ \"q\""]
        ), max_size=20,
    ).map("\n".join)
)  # fmt: skip
def test_any_text_is_read_as_po_or_its_problems_are_named(text: str) -> None:
    table, problems = read(text, "po")
    lines = text.count("\n") + text.count("\r") + 1
    assert problems and all(1 <= problem.line <= lines for problem in problems)
    again = format_strings(STORY, table)
    assert format_strings(STORY, read(again, "po")[0]) == again


@given(st.lists(st.lists(st.sampled_from(["title", "", "a.go", "Leave", "走", "a,b", "x"]),
                         max_size=14), max_size=6))  # fmt: skip
def test_any_rows_of_a_spreadsheet_are_read(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([WHOLE["csv"].split("\n")[0].split(","), *rows])
    table, problems = read(out.getvalue())
    assert problems
    again = format_strings(STORY, table)
    assert format_strings(STORY, read(again)[0]) == again
