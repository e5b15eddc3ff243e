"""A story as text, played without waiting: time jumps from choice to choice."""

from xrdrama.story import load_story
from xrdrama.story.stepping.happenings import Ended, Spoken
from xrdrama.story.stepping.rehearsal import Rehearsal

STORY = """
xrdrama: 1
id: knock
scene: lantern_street
cast: {owl: {name: Owl}}
vars: {courage: {type: int, min: 0, max: 3}}
beats:
  door:
    script: |
      OWL: Somebody knocked.
    choice:
      options:
        open: {text: Open it, to: night, set: {courage: courage + 1}}
        wait: {text: Wait, to: door}
  night:
    script: |
      {if courage > 0} OWL: Only the wind. Well done.
    ending: wind
"""

rehearsal = Rehearsal(load_story(STORY, "knock.branch.yaml"))
for pick in (None, "wait", "open"):
    for happening in rehearsal.pick(pick) if pick else rehearsal.happenings:
        match happening:
            case Spoken(line):
                print(f"{line.speaker}: {line.text}")
            case Ended(ending):
                print(f"the end: {ending}")
    print("  options:", [option.text for option in rehearsal.options()])

assert rehearsal.ended
