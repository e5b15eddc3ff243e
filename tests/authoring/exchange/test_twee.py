"""Twee 3: what each form becomes in a story, what is listed, and that nothing else happens."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.exchange.twee import read
from xrdrama.errors import UsageError
from xrdrama.story import load_story
from xrdrama.story.stepping.rehearsal import Rehearsal

SUGARCUBE = """\
:: StoryTitle
The Ferry

:: StoryData
{"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC", "format": "SugarCube", "start": "Pier"}

:: StoryInit
<<set $coins to 2>>
<<set $hasKey to false>>

:: Pier [night] {"position":"100,100"}
FERRYMAN: One seat. Decide.
The fog is ''thick''. You have $coins coins<<if $hasKey>> and a key<</if>>.

<<if $coins gte 2>>
MO (softly): We can pay.
[[Pay the man->River][$coins -= 2]]
<<elseif $hasKey is true>>
MO: Try the shed.
<<else>>
MO: Swim?
<</if>>
[[Look in the shed|Shed]]
<<link "Ask his name">>FERRYMAN: Charon. Very funny.<</link>>

:: Shed
<<if not $hasKey>><<set $hasKey to true>>A key hangs here. [[Take it->Pier]]<<else>>An empty \
[[hook->Pier]].<</if>>
<<include "Smell">>
/* a comment */

:: Smell
It smells of tar.

:: River
MO: We made it.
<<set $luck to random(1, 6)>>
<<if $luck gt 3>><<goto "Shore">><</if>>
The boat drifts.

:: Shore
Land.

:: Look [stylesheet]
body { color: red }
"""
FERRY = """\
xrdrama: 1
id: ferry
title: The Ferry
language: en
start: pier
scene: stage
vars:
  coins: {type: int, min: 0, max: 2, init: 2}
  shed_was_1: {type: bool}
  has_key: {type: bool}
  luck: {type: int, min: 0, max: 6, init: 0}
cast:
  ferryman: {name: Ferryman}
  narrator: {name: Narrator}
  mo: {name: Mo}
beats:
  pier:
    script: |
      FERRYMAN: One seat. Decide.
      {if has_key}
        NARRATOR: The fog is thick. You have {coins} coins and a key.
      {else}
        NARRATOR: The fog is thick. You have {coins} coins.
      {if coins >= 2}
        MO (softly): We can pay.
      {elif has_key}
        MO: Try the shed.
      {else}
        MO: Swim?
    choice:
      options:
        pay_the_man:
          text: Pay the man
          to: river
          if: coins >= 2
          set: {coins: coins - 2}
        look_in_the_shed:
          text: Look in the shed
          to: shed
        ask_his_name:
          text: Ask his name
          detour: pier_ask_his_name
  pier_ask_his_name:
    script: |
      FERRYMAN: Charon. Very funny.
    return: true
  shed:
    script: |
      @set shed_was_1 = not has_key
      {if shed_was_1}
        @set has_key = true
        NARRATOR: A key hangs here.
      {else}
        NARRATOR: An empty hook.
      @detour smell
    choice:
      options:
        take_it:
          text: Take it
          to: pier
          if: shed_was_1
        hook:
          text: hook
          to: pier
          if: not shed_was_1
      else: no_links
  smell:
    script: |
      NARRATOR: It smells of tar.
    return: true
  river:
    script: |
      MO: We made it.
      @set luck = random(1, 6)
    next:
      - {to: shore, if: luck > 3}
      - river_2
  river_2:
    script: |
      NARRATOR: The boat drifts.
    ending: {id: river_2, title: River}
  shore:
    script: |
      NARRATOR: Land.
    ending: {id: shore, title: Shore}
  no_links:
    ending: {id: no_links, title: No link is left}
"""
HARLOWE = """\
:: StoryData
{"ifid": "0", "format": "Harlowe", "start": "Stairs"}

:: Setup [startup]
(set: $oil to 2, $lit to false)

:: Stairs
KEEPER (tired): Forty steps. *Every* night.
{
(if: $lit)[The lamp burns.]
(else-if: $oil > 1)[
KEEPER: Fill it.
(link-goto: "Fill the lamp", "Lamp")
]
(else:)[KEEPER: Too late.]
}
(unless: $lit)[It is dark.]
(link: "Look out")[Ships, far out. [[Wave->Wave]]]
(link-reveal-goto: "Go down", "Down")[(set: $oil to it - 1)]
[[Wave<-Sleep]]

:: Lamp
(set: $lit to true)(put: $oil - 1 into $oil)
KEEPER: There. (print: $oil + 1) became $oil.
(text-style: "bold")[It is bright.]
(display: "Wind")
(go-to: "Stairs")

:: Wind
The wind turns. (if: (history:) contains "Down")[It brings snow.]

:: Wave
Nobody waves back.

:: Down
(if: visits is 1)[KEEPER: Mind the step.](else:)[KEEPER: You again.]
(live: 2s)[(stop:)]
[[Up->Stairs]]
"""
LAMP_ROOM = """\
xrdrama: 1
id: lamp_room
title: lamp_room
language: en
start: stairs
scene: stage
vars:
  oil: {type: int, min: 0, max: 2, init: 2}
  lit: {type: bool}
  value: {type: computed, from: oil + 1}
cast:
  keeper: {name: Keeper}
  narrator: {name: Narrator}
beats:
  stairs:
    script: |
      KEEPER (tired): Forty steps. Every night.
      {if lit}
        NARRATOR: The lamp burns.
      {elif oil > 1}
        KEEPER: Fill it.
      {else}
        KEEPER: Too late.
      {if not lit} NARRATOR: It is dark.
    choice:
      options:
        fill_the_lamp:
          text: Fill the lamp
          to: lamp
          if: not lit and oil > 1
        look_out:
          text: Look out
          detour: stairs_look_out
          once: true
        wave:
          text: Wave
          to: wave
          if: 'seen(stairs_look_out)'
        go_down:
          text: Go down
          to: down
          set: {oil: oil - 1}
        sleep:
          text: Sleep
          to: wave
  stairs_look_out:
    script: |
      NARRATOR: Ships, far out.
    return: true
  lamp:
    script: |
      @set lit = true
      @set oil = oil - 1
      KEEPER: There. {value} became {oil}.
      NARRATOR: It is bright.
      @detour wind
    next: stairs
  wind:
    script: |
      {if seen(down)}
        NARRATOR: The wind turns. It brings snow.
      {else}
        NARRATOR: The wind turns.
    return: true
  wave:
    script: |
      NARRATOR: Nobody waves back.
    ending: {id: wave, title: Wave}
  down:
    script: |
      {if visits(down) == 1}
        KEEPER: Mind the step.
      {else}
        KEEPER: You again.
      @wait 2s
    choice:
      options:
        up:
          text: Up
          to: stairs
"""


def without_ids(text: str) -> str:
    return "\n".join(line.partition("  #l")[0] for line in text.split("\n"))


def lost(text: str, name: str = "tale") -> list[tuple[int, str]]:
    return [(one.line, one.what) for one in read(text, name).not_carried_over]


def test_sugarcube_becomes_a_story() -> None:
    assert without_ids(read(SUGARCUBE, "ferry").text) == FERRY
    assert lost(SUGARCUBE) == [
        (11, "scene: stage is guessed: make that set, or write the name of yours"),
        (13, "style: the words are there, plain"),
        (17, "range of coins is guessed: 0 to 2: change it under vars"),
        (29, "comment: a comment"),
        (43, "passage Look (stylesheet)"),
    ]
    assert read(SUGARCUBE.replace("\n", "\r\n"), "ferry") == read("\ufeff" + SUGARCUBE, "ferry")


def test_harlowe_becomes_a_story() -> None:
    assert without_ids(read(HARLOWE, "lamp_room").text) == LAMP_ROOM
    assert lost(HARLOWE) == [
        (7, "scene: stage is guessed: make that set, or write the name of yours"),
        (8, "style: the words are there, plain"),
        (19, "range of oil is guessed: 0 to 2: change it under vars"),
        (25, 'macro (text-style: "bold"): what is inside is carried over'),
        (37, "macro (stop: )"),
    ]


def test_imported_stories_play() -> None:
    walk = Rehearsal(load_story(read(SUGARCUBE, "ferry").text))
    for option in ("ask_his_name", "look_in_the_shed", "take_it", "look_in_the_shed", "hook",
                   "pay_the_man"):  # fmt: skip
        walk.pick(option)
    assert walk.ended
    walk = Rehearsal(load_story(read(HARLOWE, "lamp").text))
    assert "wave" not in [one.id for one in walk.options()]
    walk.pick("look_out")
    assert [one.id for one in walk.options()] == ["fill_the_lamp", "wave", "go_down", "sleep"]
    walk.pick("fill_the_lamp")
    assert "fill_the_lamp" not in [one.id for one in walk.options()]


def test_random_numbers_in_conditions_are_rolled_before() -> None:
    text = read(HEAD + "<<if random(1, 6) gt 4>>\nMO: x\nMO: y\n<</if>>\n<<switch random(1, 2)>>"
                "<<case 1>>MO: One.<<case 2>>MO: Two.<</switch>>", "a").text  # fmt: skip
    rows = [row.strip() for row in without_ids(text).split("\n")]
    at = rows.index("@set roll_2 = random(1, 6)")
    assert rows[at : at + 8] == [
        "@set roll_2 = random(1, 6)", "{if roll_2 > 4}", "MO: x", "MO: y",
        "@set roll_1 = random(1, 2)", "{if roll_1 == 1}", "MO: One.", "{elif roll_1 == 2}",
    ]  # fmt: skip


def test_chinese_prose_is_chinese() -> None:
    assert "language: zh" in read(":: Start\n船夫：上来吧。\n雾很大。\n", "a").text
    assert "language: en" in read(":: Start\nMO: 船.\nCome aboard, then.\n", "a").text


def test_other_formats_keep_links_and_prose() -> None:
    chapbook = (
        ':: StoryData\n{"format": "Chapbook"}\n\n:: Start\nlamp: true\n--\n[if lamp]\nLight.\n'
        "MO: Hello {name}.\n[[Go->End]]\n\n:: End\nDark.\n"
    )
    assert "NARRATOR: Light." in read(chapbook, "a").text and "to: end" in read(chapbook, "a").text
    assert lost(chapbook)[1:] == [
        (5, "variables section: lamp: true"),
        (7, "modifier [if lamp]"),
        (9, "insert {name}"),
    ]
    snowman = ':: StoryData\n{"format":"Snowman"}\n\n:: Start\n<% s.x = 1; %>\nMO: Hi.\n[[Start]]\n'
    assert lost(snowman)[1] == (5, "code <% s.x = 1; %>")
    assert "MO: Hi." in read(snowman, "a").text


def test_html_of_twine_is_read() -> None:
    page = (
        '<!DOCTYPE html>\n<html><tw-storydata name="Two &amp; one" startnode="2" '
        'format="SugarCube">\n<script type="text/twine-javascript">x</script>\n'
        '<tw-passagedata pid="1" name="End" tags="">Bye.</tw-passagedata>\n'
        '<tw-passagedata pid="2" name="Hall" tags="a">MO: A &lt;3 B.\n[[Go-&gt;End]]'
        '</tw-passagedata></tw-storydata>\n<tw-storydata name="Other"></tw-storydata></html>'
    )
    text = read(page, "hall").text
    assert "title: 'Two & one'" in text and "start: hall" in text
    assert "MO: A <3 B." in text and "to: end" in text
    assert lost(page) == [
        (3, "the story's script"),
        (5, "scene: stage is guessed: make that set, or write the name of yours"),
        (7, "another story of the archive: Other"),
    ]
    with pytest.raises(UsageError, match="there is no passage"):
        read("<tw-storydata></tw-storydata>", "a")


HEAD = ':: StoryData\n{"ifid": "0", "start": "A"}\n\n:: A\n'  # the passage begins on line 5


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (HEAD + "MO: x [[Go", 5, "[[ is not closed: read as text"),
        (HEAD + "MO: x <<set $a to 1", 5, "<< is not closed: read as text"),
        (HEAD + "<<if $a>>\nMO: x\n", 5, "<<if>> is not closed"),
        (HEAD + "MO: x\n<</if>>", 6, "unexpected <</if>>"),
        (HEAD + "MO: x\n<<else>>", 6, "unexpected <<else>>"),
        (HEAD + "MO: x /% y", 5, "/% is not closed"),
        (HEAD + "MO: x\n[[Go->B]]", 6, "link to 'B': there is no such passage"),
        (HEAD + '<<goto "B">>MO: x', 5, "path to 'B': there is no such passage"),
        (HEAD + '<<include "B">>MO: x', 5, "included passage 'B': it is not there"),
        (HEAD + '<<include "A">>MO: x', 5, "it includes itself"),
        (HEAD + "<<if $a.includes(3)>>MO: x<</if>>", 5, "condition $a.includes(3)"),
        (HEAD + "<<if $a + 'x' gt 3>>MO: x<</if>>", 5, "a condition: "),
        (HEAD + "MO: x <<set $a to [1, 2]>>", 5, "effect $a to [1, 2]: '[1, 2]' is not carried"),
        (HEAD + "MO: x\n<<audio bell play>>", 6, "<<audio bell play>>"),
        (HEAD + 'MO: x\n<<widget "w">>a\n<</widget>>', 6, '<<widget "w">>'),
        (HEAD + "MO: x <<= either('a', 'b')>>", 5, "a value that is printed"),
        (HEAD + "MO: x #one", 5, "'#one' at the end of a line would be read as its id"),
        (HEAD + "MO: x\n:: A\nMO: y", 6, "a second passage 'A' (the first is on line 4)"),
        (HEAD + "MO: x\n:: B {oops\nMO: y", 6, "header '{oops': brackets or braces are not closed"),
        (HEAD + 'MO: x\n:: B {"a":}\nMO: y', 6, "metadata of the passage: not valid JSON"),
        (HEAD + "MO: x\n:: B [a {}\nMO: y", 6, "brackets or braces are not closed"),
        (HEAD + "MO: x\n::\nMO: y", 6, "a passage without a name"),
        (HEAD.replace('"A"', '"Z"') + "MO: x", 1, "StoryData names the passage 'Z', which is not"),
        (":: B\nMO: x\n", 1, "without StoryData the story starts with the passage 'Start'"),
        (":: StoryData\n{oops\n:: Start\nMO: x", 2, "StoryData: not valid JSON"),
        (":: StoryData\n[1]\n:: Start\nMO: x", 2, "StoryData: expected a JSON object"),
        ("Once\n:: Start\nMO: x", 1, "text before the first passage"),
        (HEAD + "\n".join(f"[[x{n}->A]]" for n in range(14)) + "\nMO: x", 17, "at most 12"),
        (HEAD + f"[[{'long ' * 30}->A]]\nMO: x", 5, "text of an option is shortened"),
    ],
)
def test_what_is_malformed_or_unknown_is_listed_with_its_line(
    text: str, line: int, what: str
) -> None:
    found = [said for at, said in lost(text) if at == line]
    assert any(what in said for said in found), lost(text)
    assert "MO: x" in read(text, "tale").text, "the line is there all the same"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: there is no passage"),
        ("MO: Hello.\n", "line 1: there is no passage"),
        (":: StoryTitle\nA\n", "no passage of this file is a part of the story"),
        (HEAD + "<<if $a>>" * 60 + "x", "line 5: macros are nested more than 40 levels deep"),
        (HEAD.replace('"A"', '"A", "format": "Harlowe"') + "(if: $a)[" * 60, "nested more than 40"),
        (HEAD + "[[" * 1000, "line 5: more than 200 macros and links are not closed"),
        (HEAD + "x" * 2_000_001, "more than 2,000,000 characters"),
        ("".join(f":: p{n}\n" for n in range(20_001)), "line 20001: more than 20,000 passages"),
        (
            "".join(f":: p{n}\n" + f'<<include "p{n + 1}">>' * 12 + "[[a->p0]]\n"
                    for n in range(40)), "have more than 200,000 parts",
        ),
    ],
)  # fmt: skip
def test_what_is_not_a_story_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        read(text, "tale")
    assert raised.value.remedy


def test_a_name_that_cannot_be_an_id_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be the id of a story"):
        read(":: Start\nMO: x", "1")


@pytest.mark.parametrize(
    "text",
    ["<<" * 150, "(" * 90_000, "[" * 39, "{" * 90_000, "'" * 90_000, "//" * 9_000, "@@" * 20_000,
     "<!--" * 150, "(if:" * 150, "$" * 90_000, "<b " * 9_000, "''a" * 5_000, "`" * 90_000,
     "<<set $a to (" + "(" * 3000 + ">>", "MO: " * 4_000, "<tw-storydata" + "<!--" * 20_000,
     "a.b" * 30_000, "$a." * 20_000, '"""' * 99],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_long_runs_of_marks_take_seconds_at_most(text: str) -> None:
    for head in (HEAD, HEAD.replace('"A"', '"A", "format": "Harlowe"')):
        started = time.process_time()
        with contextlib.suppress(UsageError):
            read(f"{head}MO: x\n{text}", "tale")
        assert time.process_time() - started < 5


PIECES = st.one_of(
    st.sampled_from([
        *SUGARCUBE.splitlines(), *HARLOWE.splitlines(), "<<if $a>>", "<<else>>", "<</if>>", "[[a",
        "[[Pier]]", "<<goto 'Pier'>>", "<<set $a to $b + 1>>", "<<set $a to 'x'>>", "<<= $a>>",
        "<<switch $a>><<case 1>>", "<</switch>>", "<<link 'x'>>", "<</link>>", "(if: $a)[", "]",
        "(link: 'x')[", "(set: $a to it + 1)", "{if a}", "@cue", "x: y", "MO: {b}", "'{", "#l4k2pq",
        "/% #l4k2pq %/", "/% return %/", "/% to next %/", "/% ending: x %/", "/% @wait 1s %/",
        "<<timed 2s>><<goto 'Pier'>><</timed>>", "<<include 'Smell'>>", "$a.b.c", ":: Pier", "::",
    ]),
    st.text(max_size=40),
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("\n".join), st.sampled_from(["SugarCube", "Harlowe", "x"]))
def test_any_text_becomes_a_story_that_parses_or_is_refused(text: str, kind: str) -> None:
    head = f':: StoryData\n{{"format": "{kind}"}}\n\n:: Start\n'
    try:
        found = read(head + text, "tale")
    except UsageError as error:
        assert error.remedy
        return
    assert load_story(found.text, "tale.branch.yaml")
    assert all(one.line >= 1 and one.what for one in found.not_carried_over)
