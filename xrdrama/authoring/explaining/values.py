"""Codes of conditions over the values that variables can have in play."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import WARNING, Area, Explanation

E = Explanation
AREA = Area("values", "Conditions over the values that play can reach", (
    E("G011", WARNING, "a condition that is never true in play",
      "The ranges allow it, but no path of the story sets the variables to such values. An ending\n"
      "behind it cannot be reached. Values are followed for each variable alone; xrdrama prove\n"
      "searches their combinations.",
      "vars: {nerve: {type: int, min: 0, max: 5}}\nbeats:\n"
      "  door: {next: {to: late, set: {nerve: 'random(0, 2)'}}}\n"
      "  late: {next: [{to: brave, if: nerve >= 3}, home]}\n"
      "  brave: {ending: brave}\n  home: {ending: home}",
      "vars: {nerve: {type: int, min: 0, max: 5}}\nbeats:\n"
      "  door: {next: {to: late, set: {nerve: 'random(0, 3)'}}}\n"
      "  late: {next: [{to: brave, if: nerve >= 3}, home]}\n"
      "  brave: {ending: brave}\n  home: {ending: home}", "bare"),
    E("G012", WARNING, "a condition that is always true in play",
      "Every value that the story can set fulfils it, so the condition decides nothing.",
      "vars: {nerve: {type: int, min: 0, max: 5}}\nbeats:\n"
      "  door: {next: {to: late, set: {nerve: 'random(0, 2)'}}}\n"
      "  late: {next: [{to: brave, if: nerve < 3}, home]}\n"
      "  brave: {ending: brave}\n  home: {ending: home}",
      "vars: {nerve: {type: int, min: 0, max: 5}}\nbeats:\n"
      "  door: {next: {to: late, set: {nerve: 'random(0, 2)'}}}\n"
      "  late: {next: [{to: brave, if: nerve < 2}, home]}\n"
      "  brave: {ending: brave}\n  home: {ending: home}", "bare"),
))  # fmt: skip
