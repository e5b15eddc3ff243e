"""The section of looks in the text of a show file: only the lines of the look change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document.names import composed
from xrdrama.errors import UsageError
from xrdrama.show.look_comments import with_comments
from xrdrama.show.look_text import Entry, edited, entries_in, without_looks
from xrdrama.show.parse import parse_show

HEAD = """\
# The evening show; ask Mei before you change it.
xrdrama: 1
id: "small"     # quotes as the author likes them

story:   small
"""
TAIL = """\
# what hears
inputs:
  hand: {use: hand, camera: "0"}   # the one at the door
"""
LOOKS = """\
looks:   # saved on Monday
  # the first one
  dusk:
    fade: 3s     # slow
    params:
      glow: 0.5  # not more

  # the second one
  dawn: {params: {glow: 1}, title: "Dawn: early"}
  # no more than that

"""
ENTRY: Entry = {"title": 'He said "no": #1', "fade": "2.5s", "params": {"glow": "0.25", "fog": "1"}}
BLOCK = """\
  last:
    title: "He said \\"no\\": #1"
    fade: 2.5s
    params:
      glow: 0.25
      fog: 1
"""


def test_first_look_is_added_behind_everything_else() -> None:
    assert edited(HEAD + TAIL, "last", ENTRY) == f"{HEAD}{TAIL}looks:\n{BLOCK}"
    assert edited((HEAD + TAIL)[:-1], "last", ENTRY) == f"{HEAD}{TAIL}looks:\n{BLOCK}"


def test_new_look_is_added_to_the_section_and_no_other_line_changes() -> None:
    kept = LOOKS[:-1]
    assert edited(HEAD + LOOKS + TAIL, "last", ENTRY) == f"{HEAD}{kept}{BLOCK}\n{TAIL}"


def test_look_is_replaced_in_its_place() -> None:
    text = edited(HEAD + LOOKS + TAIL, "dusk", ENTRY)
    first, rest = LOOKS.index("  dusk:"), LOOKS.index("\n  # the second")
    block = BLOCK.replace("last", "dusk").replace("2.5s", "2.5s  # slow")
    block = block.replace("0.25", "0.25  # not more")
    assert text == f"{HEAD}{LOOKS[:first]}{block}{LOOKS[rest:]}{TAIL}"
    text = edited(HEAD + LOOKS + TAIL, "dawn", ENTRY)
    assert '  # the second one\n  dawn:\n    title: "He' in text and text.endswith(f"\n{TAIL}")


def test_comments_inside_a_look_that_is_replaced_are_kept() -> None:
    looks = """looks:
  dusk:  # of Monday
    # slower than it was
    fade: 3s     # "slow" # indeed
    params:
      # Mei: keep it low
      glow: 0.5  # not more
      wind: 1    # gone when it is saved
      # at the end
  dawn: {params: {glow: 1}}
"""
    expected = """looks:
  dusk:  # of Monday
    title: "He said \\"no\\": #1"
    # slower than it was
    fade: 2.5s  # "slow" # indeed
    params:
      # Mei: keep it low
      glow: 0.25  # not more
      fog: 1
    # gone when it is saved
    # at the end
  dawn: {params: {glow: 1}}
"""
    once = edited(HEAD + looks, "dusk", ENTRY)
    assert once == HEAD + expected
    assert edited(once, "dusk", ENTRY) == once, "saving again changes nothing"
    one_line = "looks:\n  dusk: {params: {glow: 1}}  # in one line\n"
    assert "dusk:  # in one line\n" in edited(HEAD + one_line, "dusk", ENTRY)


@pytest.mark.parametrize(
    ("line", "comment"),
    [("title: 'Lan''s # 1'", ""), ("title: 'Lan''s'  # hers", "# hers"), ("a: 'x' # y", "# y"),
     ('a: "x # y"', ""), ("a: it's # y", "# y"), ("a: '' # y", "# y")],
)  # fmt: skip
def test_a_comment_begins_outside_of_quotes(line: str, comment: str) -> None:
    block = [line.partition(":")[0] + ": new"]
    assert with_comments(block, [line]) == [f"{block[0]}  {comment}" if comment else block[0]]


def test_deleted_look_leaves_the_others_and_the_last_one_takes_the_section_with_it() -> None:
    text = edited(HEAD + LOOKS + TAIL, "dusk", None)
    assert "dusk" not in text and "# the second one" in text and "# the first one" in text
    text = edited(text, "dawn", None)
    assert "looks:" not in text and text.startswith(HEAD) and text.endswith(TAIL)
    assert edited(edited(HEAD + TAIL, "last", ENTRY), "last", None) == HEAD + TAIL
    assert edited(HEAD, "none", None) == HEAD


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_are_kept(end: str) -> None:
    text = edited((HEAD + LOOKS + TAIL).replace("\n", end), "last", ENTRY)
    assert text == f"{HEAD}{LOOKS[:-1]}{BLOCK}\n{TAIL}".replace("\n", end)


@pytest.mark.parametrize(
    "section",
    [
        "looks: {dusk: {fade: 1s, params: {glow: 0.5}}}\n",
        "? looks\n: {dusk: {fade: 1s, params: {glow: 0.5}}}\n",
        "looks:\n  {dusk: {fade: 1s,\n    params: {glow: 0.5}}}\n",
    ],
)
def test_looks_in_braces_become_lines(section: str) -> None:
    text = edited(HEAD + section + TAIL, "last", ENTRY)
    dusk = "looks:\n  dusk:\n    fade: 1s\n    params:\n      glow: 0.5\n"
    assert text == f"{HEAD}{dusk}{BLOCK}{TAIL}"


def test_mark_for_the_end_of_a_document_stays_last() -> None:
    assert edited(HEAD + "...\n", "last", ENTRY) == f"{HEAD}looks:\n{BLOCK}...\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "story: other\n", "has errors"),
        (HEAD + "typo: 1\n", "has errors"),
        ("{xrdrama: 1, id: small, story: small}\n", "has errors"),
        (HEAD + "looks: {dusk: {params: {glow: 1}}}  # mine\n", "comments inside { }"),
    ],
)
def test_text_that_cannot_be_changed_safely_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        edited(text, "last", ENTRY)
    assert caught.value.remedy


def test_change_that_would_not_be_read_back_is_refused() -> None:
    with pytest.raises(UsageError, match="layout"):
        edited(HEAD, "last", {**ENTRY, "title": "a\u2028b"})


def test_texts_that_differ_only_in_their_looks_are_the_same_without_them() -> None:
    plain = without_looks(HEAD + TAIL)
    assert without_looks(edited(HEAD + TAIL, "last", ENTRY)) == plain
    assert without_looks(f"{HEAD}looks:\n{BLOCK}{TAIL}") == plain
    assert without_looks(HEAD + TAIL.replace("door", "gate")) != plain
    assert without_looks(f"{HEAD}looks:\n{BLOCK}# a note\n{TAIL}") != plain


WORDS = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=40
)
NAMES = st.sampled_from(["dusk", "dawn", "last", "夜"])


@given(st.lists(st.tuples(NAMES, st.none() | WORDS.filter(str.strip)), max_size=8), st.booleans())
def test_any_series_of_changes_keeps_everything_else(
    changes: list[tuple[str, str | None]], before: bool
) -> None:
    text = f"{HEAD}{LOOKS}{TAIL}" if before else HEAD + TAIL
    wanted = entries_in(text)
    for name, title in changes:
        entry = None if title is None else {**ENTRY, "title": composed(" ".join(title.split()))}
        wanted.pop(name, None) if entry is None else wanted.update({name: entry})
        text = edited(text, name, entry)
        assert entries_in(text) == wanted
        assert text.startswith(HEAD) and TAIL in text
        show, problems = parse_show(text)
        assert show is not None and not [one for one in problems if one.severity == "error"]
        assert set(show.looks) == set(wanted)
