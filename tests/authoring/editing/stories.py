"""Stories for the tests of editing, and their projects as an editor sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from xrdrama.authoring.editing.indexing import index_show, index_story
from xrdrama.authoring.editing.occurrences import FileIndex
from xrdrama.authoring.editing.plans import index_plan
from xrdrama.authoring.editing.project import Around, CueNote, Project, SetNote
from xrdrama.authoring.editing.renaming import Change
from xrdrama.authoring.editing.tables import index_csv, index_po
from xrdrama.story import draft_story

BRANCHES = Path(__file__).parents[3] / "branches"
NAMES = sorted(BRANCHES.rglob("*.branch.yaml"))
SETS = {
    "lane": SetNote(
        "lane/scene.yaml",
        {"snow_begins": CueNote("It snows.", 4.0, ("snow",)), "dark": CueNote("", 1.0, ("glow",))},
        {"snow_begins": (7, 3)},
    )
}
FERRY = """\
xrdrama: 1
id: ferry
start: pier
scene: lane
include: [ferry_night]
vars:
  trust: {type: int, min: 0, max: 5, init: 0}
  mood: {type: enum, of: [calm, loud]}
  rich: {type: computed, from: trust > 2}
cast:
  old_mo: {name: Old Mo}
  船夫: {name: 船夫}
storylets:
  stalls: {choose: random, else: shore}
beats:
  pier:
    script: |
      EXT. PIER - NIGHT
      @snow_begins at=1s
      OLD MO (softly): One seat, {trust, plural, one {# coin} other {# coins}}. 😀 {mood}  #laaaa1
      {if trust >= 2 and not seen(shore)} OLD MO: Sit.  #laaaa2
      @set trust = trust + 1
      @detour aside
      @sound bell gain=-6
      {once if rich}
        船夫：上船吧，{trust}。  #laaaa3
    choice:
      options:
        board:
          text: "I have {trust}"
          to: stalls
          if: mood == 'calm' and visits(pier) < 3
          set: {trust: trust + 1, mood: calm}
          on: [voice: "I am coming", gesture: open_palm, marker: gate]
        stay: {text: I stay, detour: aside, to: shore}
      else: {to: shore, if: rich}
  aside:
    script: |
      OLD MO: Aside.  #laaaa4
    return: true
  shore:
    script: |
      @wait 2s
    ending: {id: morning, title: Morning}
hidden:
  - id: cat
    on: {marker: cat}
    during: [pier, shore]
    to: aside
"""
NIGHT = """\
xrdrama: 1
id: ferry_night
beats:
  fish:
    storylet: stalls
    when: trust > 0
    scene: lane
    script: |
      OLD MO: Fish.  #lbbbb1
    choice:
      options:
        board: {text: Buy, to: pier, set: {trust: 0}}
        leave: {text: Leave, to: shore}
"""
PLAN = """\
start: pier
set: trust = 1
line: OLD MO: One seat, 1 coin. 😀 calm
next choice
select: board
var: trust = 2
---
start: fish
next choice
select: board
---
start: pier
select: stay
ending: morning
"""
TABLE = """\
id,order,kind,beat,speaker,manner,note,source,text,comment,old_source,old_text
cast.old_mo,1,name,,old_mo,,,Old Mo,老莫,,,
pier.heading.1,2,heading,pier,,,,EXT. PIER - NIGHT,外景,,,
pier.board,3,option,pier,,,shows {trust}: 0 to 5,I have {trust},我有{trust},,,
pier.board.voice,4,phrases,pier,,,,I am coming,我来,,,
fish.board,5,option,fish,,,,Buy,买,,,
laaaa1,6,line,pier,old_mo,softly,,"One seat, {trust, plural, other {# coins}}. 😀 {mood}","座位，
{trust} {mood}",,,
ending.morning,7,ending,shore,,,,Morning,早上,,,
"""
PO = """\
msgid ""
msgstr ""
"Language: fr\\n"

#. name, speaker old_mo
msgctxt "cast.old_mo"
msgid "Old Mo"
msgstr "Le vieux Mo"

#. option, beat pier
#. shows {trust}: 0 to 5
#, fuzzy
#| msgid "I had {trust}"
msgctxt "pier.board"
msgid "I have {trust}"
msgstr "J'en ai {trust}"

#. line, beat pier, speaker old_mo, manner: softly
msgctxt "laaaa1"
msgid "One seat"
msgstr "Une place"
"""
SHOW = """\
xrdrama: 1
id: night
story: ferry
start: {beat: pier, set: {trust: 2}}
"""
TEXTS = {
    "ferry.branch.yaml": FERRY,
    "ferry_night.branch.yaml": NIGHT,
    "ferry.testplan": PLAN,
    "ferry.zh.csv": TABLE,
    "ferry.fr.po": PO,
    "night.show.yaml": SHOW,
}


def indexed(text: str, file: str) -> FileIndex:
    readers = {
        "branch.yaml": index_story,
        "show.yaml": index_show,
        "testplan": index_plan,
        "csv": index_csv,
        "po": index_po,
    }
    return next(read for end, read in readers.items() if file.endswith(end))(text, file)


def project_of(texts: Mapping[str, str] = TEXTS) -> Project:
    """A project of texts, of which the first is the story."""
    main = next(iter(texts))

    def files(name: str) -> tuple[str, str]:
        file = next(f for f in texts if Path(f).name == f"{name}.branch.yaml")
        return file, texts[file]

    story, _, _ = draft_story(texts[main], main, files=files)
    around = Around(SETS, ("bell", "line/laaaa1"), {"ferry_night": "ferry_night.branch.yaml"})
    return Project(main, {f: indexed(t, f) for f, t in texts.items()}, around, story)


def spot(text: str, mark: str, offset: int = 0) -> tuple[int, int]:
    """The line and column, from 1, of a text plus an offset."""
    index = text.index(mark) + offset
    before = text[:index]
    return before.count("\n") + 1, index - before.rfind("\n")


def applied(texts: Mapping[str, str], changes: Iterable[Change]) -> dict[str, str]:
    """The texts after changes."""
    rows = {file: text.split("\n") for file, text in texts.items()}
    for change in sorted(changes, reverse=True):
        span = change.span
        row = rows[span.file][span.line - 1]
        rows[span.file][span.line - 1] = row[: span.start - 1] + change.text + row[span.end - 1 :]
    return {file: "\n".join(lines) for file, lines in rows.items()}
