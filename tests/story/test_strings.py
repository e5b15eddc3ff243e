"""String tables: what is stale, missing or broken is said with its line; nothing is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document.names import composed
from xrdrama.errors import Problem
from xrdrama.story import Story, load_story
from xrdrama.story.strings import MAX_ROWS, Entry, StringTable, format_strings, parse_strings

STORY = load_story(
    """\
xrdrama: 1
id: night
title: The Night
scene: lane
cast: {lan: {name: Lan}}
beats:
  a:
    script: |
      LAN: Twelve, or thirteen?  #laaaa1
      LAN: She said "no".  #laaaa2
    choice: {options: {go: {text: Leave, to: b}}}
  b: {ending: {id: done, title: Done}}
"""
)
HEAD = "id,order,source,text\n"
TABLE = (
    HEAD
    + """\
title,1,The Night,夜
cast.lan,2,Lan,阿岚
laaaa1,3,"Twelve, or thirteen?",十二盏，还是十三盏？
laaaa2,4,"She said ""no"".",她说“不”。
a.go,5,Leave,往前走
ending.done,6,Done,完
"""
)


FULL = """\
id,order,kind,beat,speaker,manner,note,source,text,comment,old_source,old_text
title,1,title,,,,,The Night,夜,,,
cast.lan,2,name,,lan,,,Lan,阿岚,,,
laaaa1,3,line,a,lan,,,"Twelve, or thirteen?",十二盏，还是十三盏？,,,
laaaa2,4,line,a,lan,,,"She said ""no"".",她说“不”。,,,
a.go,5,option,a,,,,Leave,往前走,,,
ending.done,6,ending,b,,,,Done,完,,,
"""


def read(text: str, story: Story = STORY) -> tuple[StringTable, list[Problem]]:
    return parse_strings(text, "night.zh.csv", "zh", story)


def notes(text: str) -> list[tuple[str, int, str]]:
    return [(p.code, p.line, p.severity) for p in read(text)[1]]


def test_a_whole_table_is_read_without_findings() -> None:
    table, problems = read(TABLE)
    assert problems == []
    assert table.language == "zh"
    assert table.texts["laaaa1"] == "十二盏，还是十三盏？"
    assert list(table.texts) == list(STORY.texts())
    assert format_strings(STORY, table) == FULL
    assert read(FULL)[1] == [] and format_strings(STORY, read(FULL)[0]) == FULL


def test_a_stale_text_is_used_and_reported() -> None:
    table, problems = read(TABLE.replace("Leave,", "Walk on,"))
    assert table.texts["a.go"] == "往前走"
    assert [(p.code, p.line, p.severity, p.hint) for p in problems] == [
        ("L005", 6, "warning", "translate it again; the text is now: Leave")
    ]
    again = format_strings(STORY, table)  # stale until somebody looks
    assert "a.go,5,option,a,,,,Leave,往前走,,Walk on,往前走\n" in again
    assert format_strings(STORY, read(again)[0]) == again


def test_missing_and_empty_texts_are_reported_once_each() -> None:
    assert notes(TABLE.replace("a.go,5,Leave,往前走\n", "")) == [("L007", 5, "warning")]
    assert notes(TABLE.replace("往前走", " ")) == [("L004", 6, "warning")]
    assert notes(TABLE) == []


def test_a_missing_text_is_named_with_its_beat_its_language_and_its_row() -> None:
    def problem_of(gone: str) -> tuple[int, str, str]:
        (problem,) = read(TABLE.replace(gone, ""))[1]
        return problem.line, problem.message, problem.hint

    assert problem_of('laaaa1,3,"Twelve, or thirteen?",十二盏，还是十三盏？\n') == (
        3,
        "line laaaa1 of beat 'a' has no row in zh",
        "run xrdrama fmt, which adds the row, then translate: Twelve, or thirteen?",
    )
    assert problem_of("a.go,5,Leave,往前走\n")[:2] == (
        5,
        "option 'go' of beat 'a' has no row in zh",
    )
    assert problem_of("title,1,The Night,夜\n")[:2] == (1, "the title has no row in zh")
    assert (
        problem_of("cast.lan,2,Lan,阿岚\n")[1] == "the name of 'lan' in the cast has no row in zh"
    )
    assert problem_of("ending.done,6,Done,完\n")[1] == "the title of ending 'done' has no row in zh"
    (empty,) = read(TABLE.replace("往前走", ""))[1]
    assert empty.message == "option 'go' of beat 'a' is not translated to zh"
    assert empty.hint == "write the translation in the column text; the text is: Leave"


def test_a_table_that_is_begun_is_reported_in_few_words() -> None:
    (whole,) = read(HEAD)[1]
    assert (whole.code, whole.line) == ("L007", 1)
    assert (
        whole.message == "none of the 6 texts is translated to zh" and "xrdrama fmt" in whole.hint
    )
    one = HEAD + "title,1,The Night,夜\n"
    assert [p.code for p in read(one)[1]] == ["L007"] * 5
    bare = "".join(line.rpartition(",")[0] + ",\n" for line in TABLE.splitlines()[1:])
    problems = read(HEAD + bare)[1]
    assert [p.code for p in problems] == ["L004"] * 6
    assert problems[-1].message == "1 more text is an empty row"


def test_a_row_that_is_broken_is_not_missing_too() -> None:
    broken = TABLE.replace('"Twelve, or thirteen?"', "Twelve, or thirteen?")
    assert [p.code for p in read(broken)[1]] == ["L002"]
    assert [p.code for p in read(TABLE.replace("Leave,往前走", '"Leave"x,往前走'))[1]] == ["L006"]


@pytest.mark.parametrize(
    "saved",
    [
        TABLE + ",,,\n,,,\n",
        TABLE.replace("a.go,", ",,,\n , ,\t,\n\na.go,"),
        TABLE + ",7,,\n",  # the order was filled down
        TABLE.replace("\n", ",,\n"),
        "\ufeff" + TABLE.replace("\n", "\r\n"),
        '"id","order","source","text"\n' + TABLE.removeprefix(HEAD),
    ],
    ids=["rows", "between", "filled", "columns", "bom and crlf", "quoted"],
)
def test_what_a_spreadsheet_adds_is_ignored(saved: str) -> None:
    table, problems = read(saved)
    assert problems == []
    assert format_strings(STORY, table) == format_strings(STORY, read(TABLE)[0])


@pytest.mark.parametrize("lead", ["", "sep=;\n"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_read_and_kept(separator: str, lead: str) -> None:
    out = io.StringIO()
    rows = csv.reader(io.StringIO(FULL))
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    saved = lead.replace(";", separator) + out.getvalue()
    table, problems = read(saved)
    assert problems == [] and table.texts == read(TABLE)[0].texts
    assert format_strings(STORY, table) == saved
    assert format_strings(STORY, table, "\r\n") == saved.replace("\n", "\r\n")


def test_rows_with_another_separator_than_the_first_line_are_errors() -> None:
    found = read(TABLE.replace("a.go,5,Leave,", "a.go;5;Leave;"))[1]
    assert ("L002", 6, "error") in [(p.code, p.line, p.severity) for p in found]


def test_a_text_without_an_id_is_said() -> None:
    assert notes(TABLE + ",7,Go,走\n,8,,走\n") == [("L003", 8, "warning"), ("L003", 9, "warning")]


def test_a_cell_left_out_at_the_end_of_a_row_is_empty() -> None:
    assert notes(TABLE.replace("Leave,往前走", "Leave")) == [("L004", 6, "warning")]


def test_an_empty_text_shows_what_the_story_says_now() -> None:
    table, _ = read(TABLE.replace("Leave,往前走", "Walk on,"))
    assert "a.go,5,option,a,,,,Leave,,,,\n" in format_strings(STORY, table)


def test_a_text_that_the_story_has_no_more_is_kept_behind() -> None:
    table, problems = read(TABLE.replace("title,", "old.go,9,Back,回去\ntitle,", 1))
    assert [(p.code, p.line, p.severity) for p in problems] == [("L003", 2, "warning")]
    again = format_strings(STORY, table)
    assert again == FULL + "old.go,7,unused,,,,,Back,回去,,,\n"
    assert format_strings(STORY, read(again)[0]) == again


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", ("L001", 1, "error")),
        (TABLE.replace("id,order,source,text", "id:order:source:text"), ("L001", 1, "error")),
        (TABLE.replace('"Twelve, or thirteen?"', "Twelve, or thirteen?"), ("L002", 4, "error")),
        (TABLE + "a.go,5,Leave,走吧\n", ("L008", 8, "error")),
        (TABLE + 'a,1,"x"y,z\n', ("L006", 8, "error")),
        (TABLE + 'a,1,"never closed,z\n', ("L006", 8, "error")),
    ],
)
def test_a_broken_table_is_an_error_at_its_line(text: str, note: tuple[str, int, str]) -> None:
    found = [one for one in notes(text) if one[2] == "error"]
    assert found == [note]


def test_the_hint_says_what_to_write() -> None:
    assert read("")[1][0].hint.startswith("write id,order,source,text, or")
    found = read(TABLE.replace(HEAD, HEAD.replace(",", ";")))[1]
    other = next(problem for problem in found if problem.code == "L002")
    assert other.hint == "separate its columns with ';', as the first line does"
    _, problems = read(TABLE.replace('"Twelve, or thirteen?"', "Twelve, or thirteen?"))
    assert problems[0].message == "this row has 5 columns; expected 4"
    assert problems[0].hint == "put texts that contain ',' in quotes"
    _, problems = read(TABLE + "a.go,5,Leave,走吧\n")
    assert problems[0].hint == "the first is on line 6; delete one of them"


def test_blank_lines_spreadsheet_marks_and_line_ends_do_no_harm() -> None:
    assert notes("\ufeff" + TABLE.replace("\n", "\r\n") + "\r\n\r\n") == []


def test_a_table_beyond_every_use_is_cut_off() -> None:
    table, problems = read(TABLE + "x,1,a,b\n" * (MAX_ROWS + 10))
    assert len(problems) <= MAX_ROWS + 1
    assert problems[-1].message == "the table has more than 100,000 lines"
    assert len(table.texts) == 6


CELL = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=20
    )
    .map(composed)
    .filter(lambda text: text == text.strip())
)


@given(st.dictionaries(st.sampled_from(list(STORY.texts())), st.tuples(CELL, CELL)))
def test_a_table_survives_being_written_and_read(rows: dict[str, tuple[str, str]]) -> None:
    table = StringTable("zh", {name: Entry(source, text) for name, (text, source) in rows.items()})
    again, problems = read(format_strings(STORY, table))
    assert again.texts == table.texts
    assert again.sources == table.sources
    stale = {name for name, (_, source) in rows.items() if source != STORY.texts()[name]}
    assert {p.message.split("'")[1] for p in problems if p.code == "L005"} == stale
    assert format_strings(STORY, again) == format_strings(STORY, table)


@given(st.text(max_size=300) | st.text('id,order,source,text\n"\0 a;', max_size=200))
def test_garbage_gives_problems_and_never_an_exception(text: str) -> None:
    for start in ("", HEAD):
        table, problems = read(start + text)
        assert set(table.texts) <= set(STORY.texts())
        assert problems  # nobody writes a whole table by accident


def test_what_we_write_is_what_spreadsheets_read() -> None:
    rows = list(csv.DictReader(io.StringIO(format_strings(STORY, read(TABLE)[0]))))
    assert {name: cell for name, cell in rows[3].items() if cell} == {
        "id": "laaaa2", "order": "4", "kind": "line", "beat": "a", "speaker": "lan",
        "source": 'She said "no".', "text": "她说“不”。",
    }  # fmt: skip
