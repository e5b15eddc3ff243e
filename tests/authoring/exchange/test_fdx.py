"""Final Draft: what each of its paragraphs becomes in a story, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xrdrama.authoring.exchange.fdx import not_carried_over, read, write
from xrdrama.errors import UsageError
from xrdrama.story import load_story

SCRIPT = """\
<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="5">
  <Content>
    <Paragraph Number="1" Type="Scene Heading">
      <SceneProperties Length="1/8" Page="1"><Summary><Paragraph><Text>The offer</Text></Paragraph>
      </Summary></SceneProperties>
      <Text>ext. pier - night</Text>
    </Paragraph>
    <Paragraph Type="Action"><Text>Fog. The </Text><Text Style="Italic">last</Text>
      <Text> boat.</Text></Paragraph>
    <Paragraph Type="Character"><Text>BOATMAN (O.S.)</Text></Paragraph>
    <Paragraph Type="Parenthetical"><Text>(coughs)</Text></Paragraph>
    <Paragraph Type="Dialogue"><Text>One seat. &amp; no more.</Text></Paragraph>
    <Paragraph Type="Parenthetical"><Text>(beat)</Text></Paragraph>
    <Paragraph Type="Dialogue"><Text>Now.<ScriptNote><Paragraph><Text>louder?</Text>
      </Paragraph></ScriptNote></Text></Paragraph>
    <Paragraph Type="Transition"><Text>CUT TO:</Text></Paragraph>
    <Paragraph Type="Scene Heading"><Text>INT. CABIN - NIGHT</Text></Paragraph>
    <Paragraph>
      <DualDialogue>
        <Paragraph Type="Character"><Text>BOATMAN (CONT'D)</Text></Paragraph>
        <Paragraph Type="Dialogue"><Text>Sit.</Text></Paragraph>
        <Paragraph Type="Character"><Text>LAN</Text></Paragraph>
        <Paragraph Type="Dialogue"><Text>I am sitting.</Text></Paragraph>
      </DualDialogue>
    </Paragraph>
    <Paragraph Type="Lyrics"><Text>Row, row.</Text></Paragraph>
    <Paragraph Type="Dialogue"><Text>Nobody says this.</Text></Paragraph>
    <Widget/>
  </Content>
  <TitlePage><Content><Paragraph><Text>The Ferry</Text></Paragraph>
    <Paragraph><Text>by nobody</Text></Paragraph></Content></TitlePage>
  <SmartType/>
  <Holograms/>
</FinalDraft>
"""
BRANCH = """\
xrdrama: 1
id: ferry
title: 'The Ferry'
language: en
scene: pier
cast:
  boatman: {name: 'Boatman'}
  lan: {name: 'Lan'}
beats:
  ext_pier_night:
    script: |
      EXT. PIER - NIGHT
      Fog. The last boat.
      BOATMAN (O.S., coughs): One seat. & no more.
      BOATMAN (beat): Now.
    next: int_cabin_night
  int_cabin_night:
    script: |
      INT. CABIN - NIGHT
      BOATMAN: Sit.
      LAN: I am sitting.
    ending: the_end
"""
LOST = [
    (4, "scene: pier is guessed: make that set, or write the name of yours"),
    (5, "summary: The offer"),
    (9, "style italic: the words are there, plain"),
    (15, "note: louder?"),
    (17, "transition: CUT TO:"),
    (20, "dual dialogue: the lines follow each other"),
    (27, "lyrics: Row, row."),
    (28, "dialogue: Nobody says this."),
    (29, "element Widget in the script"),
    (32, "title page: by nobody"),
    (34, "element Holograms"),
]


def without_ids(text: str) -> str:
    return "\n".join(line.partition("  #l")[0] for line in text.split("\n"))


def test_a_script_becomes_a_story_with_one_path() -> None:
    imported = read(SCRIPT, "ferry")
    assert without_ids(imported.text) == BRANCH
    assert [(lost.line, lost.what) for lost in imported.not_carried_over] == LOST
    assert read("\ufeff" + SCRIPT, "ferry") == imported


def test_an_exported_story_comes_back() -> None:
    story = load_story(BRANCH.replace("Fog.", "@snow_begins\n      @wait 2s\n      A <&> B. Fog."))
    text = write(story)
    assert '<Paragraph Type="General"><Text># ext_pier_night</Text></Paragraph>' in text
    assert "<Text>A &lt;&amp;&gt; B. Fog. The last boat.</Text>" in text
    back = read(text, "ferry")
    assert without_ids(back.text) == BRANCH.replace("Fog.", "A <&> B. Fog.")
    assert {lost.what for lost in back.not_carried_over} == {
        "note: cue: snow_begins", "note: wait: 2 s", "note: Then -> int_cabin_night",
        "note: Ending: the_end",
    }  # fmt: skip
    assert [(lost.line, lost.what) for lost in not_carried_over(story)] == [
        (10, "beat ext_pier_night: as comments only: 1 cue, 1 wait, 1 path"),
        (19, "beat int_cabin_night: as comments only: 1 ending"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not valid XML: no element found"),
        ("<FinalDraft>", "line 1, column 13: the Final Draft file is not valid XML"),
        ("<html/>", "not a Final Draft script"),
        ("<FinalDraft/>", "not a Final Draft script"),
        ("<FinalDraft><Content/></FinalDraft>", "nobody says anything"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><FinalDraft/>', "the Final Draft file has a DOCTYPE"),
        ("<a>" * 100_000, "line 1: the Final Draft file is nested more than 60 levels deep"),
        ("<a>" + "<b/>" * 400_001, "more than 400,000 elements"),
        ("<FinalDraft>&lol;</FinalDraft>", "undefined entity"),
        (SCRIPT[:900], "line 1[0-9], column"),
    ],
)  # fmt: skip
def test_what_is_not_a_script_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("(", r"\(")) as raised:
        read(text, "a")
    assert raised.value.remedy


KINDS = st.sampled_from(
    [
        "Character",
        "Dialogue",
        "Parenthetical",
        "Action",
        "General",
        "Scene Heading",
        "Shot",
        "",
        "X",
    ]
)
WORDS = st.one_of(
    st.sampled_from(
        ["LAN", "MO (V.O.)", "(softly)", "Come.", "INT. A", "# a", "{x}", "@a", "x: y"]
    ),
    st.text(st.characters(exclude_categories=("C",)), max_size=30),
)  # fmt: skip


@example([("Character", "LAN"), ("Dialogue", "LAN"), ("Action", "INT. A")])
@given(st.lists(st.tuples(KINDS, WORDS), max_size=20))
def test_any_script_becomes_a_story_that_parses_or_is_refused(rows: list[tuple[str, str]]) -> None:
    from xrdrama.authoring.exchange.xml import attribute, text_node

    body = "".join(
        f'<Paragraph Type="{attribute(kind)}"><Text>{text_node(text)}</Text></Paragraph>'
        for kind, text in rows
    )
    try:
        found = read(f"<FinalDraft><Content>{body}</Content></FinalDraft>", "tale")
    except UsageError:
        return
    story = load_story(found.text, "tale.branch.yaml")
    again = read(write(story), "tale")
    assert list(load_story(again.text, "tale.branch.yaml").beats) == list(story.beats)
