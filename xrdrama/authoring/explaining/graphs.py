"""Codes of the graph of beats: what can be reached, and what can end."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import ERROR, WARNING, Area, Explanation

E = Explanation
AREA = Area("graphs", "Paths between beats", (
    E("G001", WARNING, "a beat that no path leads to",
      "No option, else:, next: or hidden plot leads to it, so it is never played.",
      "porch: {next: home}\nattic: {next: home}",
      "porch: {next: attic}\nattic: {next: home}", "beats"),
    E("G002", ERROR, "a loop in which no time passes",
      "The story would enter these beats again and again at the same moment; a show stops there.",
      "porch: {next: attic}\nattic: {next: [{to: porch, if: trust > 1}, home]}",
      "porch: {next: attic}\nattic: {script: '@wait 2s', next: [{to: porch, if: trust > 1}, home]}",
      "beats"),
    E("G003", ERROR, "a choice that may have no option to offer",
      "When no condition is true, or every once: option was used, nobody can continue.",
      "options: {go: {text: Go, to: home, if: trust > 1}}",
      "options: {go: {text: Go, to: home, if: trust > 1}}\nelse: cold", "choice"),
    E("G004", WARNING, "beats from which no ending can be reached",
      "The story stays in these beats for ever, although people can still choose.",
      "porch:\n  choice:\n    options: {again: {text: Again, to: porch}}",
      "porch:\n  choice:\n    options: {again: {text: Again, to: porch}, go: {text: Go, to: home}}",
      "beats"),
    E("G005", WARNING, "a story without an ending",
      "No beat has ending:, so the show never ends by itself.",
      "beats:\n  porch:\n    choice:\n      options: {again: {text: Again, to: porch}}",
      "beats:\n  porch: {ending: home}", "bare"),
    E("G006", ERROR, "return: on the main path",
      "return: leads back to the beat that a hidden plot interrupted. On the main path nothing\n"
      "was interrupted.",
      "porch: {return: true}", "porch: {next: home}", "beats"),
    E("G013", ERROR, "a loop that never ends and that nobody can leave",
      "These beats follow each other for ever: no choice, no ending and no return in them.",
      "porch: {script: '@wait 2s', next: attic}\nattic: {script: '@wait 2s', next: porch}",
      "porch: {script: '@wait 2s', next: attic}\nattic: {script: '@wait 2s', next: home}", "beats"),
    E("G010", ERROR, "a hidden plot that never comes to an end",
      "After a hidden plot the interrupted beat continues. Its last beat needs return: true, or\n"
      "the plot must lead to an ending.",
      "porch:\n  hidden:\n    - {id: print, on: {marker: door}, to: picture}\n  next: home\n"
      "picture: {script: '@wait 2s', next: frame}\nframe: {script: '@wait 2s', next: picture}",
      "porch:\n  hidden:\n    - {id: print, on: {marker: door}, to: picture}\n  next: home\n"
      "picture: {script: '@wait 2s', next: frame}\nframe: {script: '@wait 2s', return: true}",
      "beats"),
    E("G014", WARNING, "a detour that never returns",
      "After a detour the script or the choice that took it continues, once a beat with\n"
      "return: true has been played. Without one, the rest of that beat is never played.",
      "porch: {script: '@detour attic', next: home}\nattic: {script: '@wait 2s', next: cellar}\n"
      "cellar: {ending: below}",
      "porch: {script: '@detour attic', next: home}\nattic: {script: '@wait 2s', return: true}",
      "beats"),
))  # fmt: skip
