"""Codes of the files of Yarn Spinner that `xrdrama import`, `play` and `test` read."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import ERROR, Area, Explanation

E = Explanation
_HEAD = "title: Start\n---\n"
_END = "\n==="
AREA = Area("yarn", "Files of Yarn Spinner", (
    E("I101", ERROR, "a node that is not complete",
      "A node is a header title:, other headers, a line ---, its text, and a line ===.",
      "title: Start\nLan: Hi.", _HEAD + "Lan: Hi." + _END, "a Yarn file"),
    E("I102", ERROR, "a line that Yarn cannot read",
      "A line is a text, then a condition, then tags. A backslash only precedes \\ < > { } # /\n"
      "[ ] and :.",
      _HEAD + "Lan: Hi. #sad <<if true>>" + _END, _HEAD + "Lan: Hi. <<if true>> #sad" + _END,
      "a Yarn file"),
    E("I103", ERROR, "a command that Yarn cannot read",
      "A command is between << and >> on one line; set, declare, if, jump and others have a form.",
      _HEAD + "<<set $x>>" + _END, _HEAD + "<<set $x = 1>>" + _END, "a Yarn file"),
    E("I104", ERROR, "an expression of Yarn that cannot be read",
      "An expression is made of numbers, texts in quotes, $variables, functions and operators.",
      _HEAD + "{1 +}" + _END, _HEAD + "{1 + 2}" + _END, "a Yarn file"),
    E("I105", ERROR, "a block that is not closed, or closes nothing",
      "<<if>> ends with <<endif>>, <<once>> with <<endonce>>; a block that begins inside an\n"
      "option ends inside it.",
      _HEAD + "<<if true>>\nLan: Hi." + _END, _HEAD + "<<if true>>\nLan: Hi.\n<<endif>>" + _END,
      "a Yarn file"),
    E("I106", ERROR, "a title that is used twice, or does not exist",
      "Nodes with one title are a group: each of them needs a header when:.\n"
      "Jumps and detours name a node of the file.",
      _HEAD + "<<jump Pier>>" + _END,
      _HEAD + "<<jump Pier>>" + _END + "\ntitle: Pier\n---\nLan: Hi." + _END, "a Yarn file"),
    E("I107", ERROR, "values of different types",
      "Yarn finds the type of each variable and function from its uses: it cannot change.",
      _HEAD + '{1 + "a"}' + _END, _HEAD + '{string(1) + "a"}' + _END, "a Yarn file"),
    E("I108", ERROR, "a variable whose type or value is not known",
      "A variable is declared once; a smart variable is not set and does not depend on itself.",
      _HEAD + "{$coins}" + _END, _HEAD + "<<declare $coins = 3>>\n{$coins}" + _END,
      "a Yarn file"),
    E("I109", ERROR, "an enum or a case that does not fit",
      "An enum has cases with different names, all with numbers, all with texts, or none with a\n"
      "value. A case such as .Calm must belong to one enum.",
      _HEAD + "{Mood.Calm}" + _END,
      _HEAD + "<<enum Mood>>\n<<case Calm>>\n<<endenum>>\n{Mood.Calm}" + _END, "a Yarn file"),
    E("I110", ERROR, "a line id that is used twice, or a shadow without its line",
      "A line id belongs to one line. #shadow: repeats the text of a line with that id.",
      _HEAD + "Hi. #line:a1\nHo. #line:a1" + _END, _HEAD + "Hi. #line:a1\nHo. #line:a2" + _END,
      "a Yarn file"),
    E("I111", ERROR, "a file or a line that is too long",
      "A file has at most 2,000,000 characters, a line 5,000."),
))  # fmt: skip
