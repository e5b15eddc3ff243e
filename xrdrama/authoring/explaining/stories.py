"""Codes of the keys of a story: beats, choices, hidden plots, cast."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import EITHER, ERROR, WARNING, Area, Explanation

E = Explanation
AREA = Area("stories", "Stories: beats, choices, hidden plots, cast", (
    E("S101", ERROR, "the story has no beats",
      "A story needs at least one beat to begin with.",
      "beats: {}", "beats:\n  porch: {ending: home}", "bare"),
    E("S102", ERROR, "there is no such beat",
      "The name after to:, next:, else:, start:, during: or force: must be a key under beats:.\n"
      "The hint names the most similar beat.",
      "next: hoem", "next: home", "beat"),
    E("S103", ERROR, "a beat has two continuations",
      "A beat ends with exactly one of choice:, next:, ending: and return:.",
      "next: home\nending: home", "next: home", "beat"),
    E("S104", ERROR, "a beat has no continuation",
      "Without choice:, next:, ending: or return: the story would stop here for ever.",
      "script: |\n  LAN: Wait.  #lexamp", "script: |\n  LAN: Wait.  #lexamp\nnext: home", "beat"),
    E("S105", ERROR, "beats without a scene",
      "Every beat plays in a set: scene: of the beat, or the one at the top of the file.",
      "xrdrama: 1\nid: night\nbeats:\n  porch: {ending: home}",
      "xrdrama: 1\nid: night\nscene: lantern_street\nbeats:\n  porch: {ending: home}", "file"),
    E("S106", WARNING, "a path that is never taken",
      "Paths under next: are tried from top to bottom; one without if: is always taken.",
      "next:\n  - home\n  - {to: cold, if: trust > 1}",
      "next:\n  - {to: cold, if: trust > 1}\n  - home", "beat"),
    E("S107", ERROR, "a beat may have no path to follow",
      "If no condition under next: is true, the story would stop. The last path needs no if:.",
      "next:\n  - {to: home, if: trust > 1}",
      "next:\n  - {to: home, if: trust > 1}\n  - cold", "beat"),
    E("S108", ERROR, "the durations of a beat contradict each other",
      "In dur:, min is at most typical, and typical at most max.",
      "dur: {min: 20s, max: 10s}\nnext: home", "dur: {min: 10s, max: 20s}\nnext: home", "beat"),
    E("S109", WARNING, "a role that never speaks",
      "The role is in the cast but has no line and no cue. It may be a remainder, or its lines\n"
      "are written with another name.",
      "cast: {lan: {name: Lan}}\nbeats:\n  porch: {ending: home}",
      "beats:\n  porch: {ending: home}", "bare"),
    E("S110", ERROR, "min is larger than max",
      "The range of a number begins with its smallest value.",
      "trust: {type: int, min: 3, max: 0}", "trust: {type: int, min: 0, max: 3}", "vars"),
    E("S111", ERROR, "the initial value is not one of the words",
      "init: of an enum is one of the words in of:.",
      "mood: {type: enum, of: [calm, cross], init: clam}",
      "mood: {type: enum, of: [calm, cross], init: calm}", "vars"),
    E("S112", ERROR, "the initial value is out of range",
      "A variable never leaves its range, so it cannot begin outside of it. A text has at most\n"
      "100 characters.",
      "trust: {type: int, min: 0, max: 3, init: 5}",
      "trust: {type: int, min: 0, max: 5, init: 5}", "vars"),
    E("S113", ERROR, "there is no such variable to set",
      "set: changes variables that are declared under vars: with a type and a range.",
      "next: {to: home, set: {turst: 1}}", "next: {to: home, set: {trust: 1}}", "beat"),
    E("S114", ERROR, "a reserved word as the name of a variable",
      "Words such as and, or, not, if and true have a meaning in expressions.",
      "if: {type: bool}", "doubt: {type: bool}", "vars"),
    E("S115", ERROR, "an enum without words",
      "of: lists the values that the variable can have.",
      "mood: {type: enum, of: []}", "mood: {type: enum, of: [calm, cross]}", "vars"),
    E("S116", ERROR, "two roles that a script cannot distinguish",
      "Speakers are written in capitals in a script, so roles must differ in more than case.",
      "işik: {name: Lan}\nışık: {name: Lan the elder}",
      "lan: {name: Lan}\nelder: {name: Lan the elder}", "cast"),
    E("S117", ERROR, "one id for two texts",
      "Texts are translated by id: cast.<role>, <beat>.<option> and ending.<id>. The same id with\n"
      "two texts would have one translation.",
      "porch: {ending: {id: home, title: Back home}}", "porch: {ending: {id: porch, title: Porch}}",
      "beats"),
    E("S118", WARNING, "the id differs from the file name",
      "Stories are found by the name of their file; takes and tables use the id.\n"
      "Example: a file ferry.branch.yaml",
      "id: fery", "id: ferry", "a file"),
    E("S119", WARNING, "a variable that nothing reads",
      "No condition, effect or text reads it. A misspelt name in a condition is the usual reason;\n"
      "otherwise delete the variable and the effects that set it.",
      "vars: {trust: {type: bool}}\nbeats:\n  porch: {ending: home}",
      "beats:\n  porch: {ending: home}", "bare"),
    E("S130", ERROR, "closes and lasts are both given",
      "Both say when a window ends: closes: counts from the start of the beat, lasts: from the\n"
      "opening.",
      "window: {closes: 9s, lasts: 6s}\noptions: {go: {text: Go, to: home}}\nelse: cold",
      "window: {lasts: 6s}\noptions: {go: {text: Go, to: home}}\nelse: cold", "choice"),
    E("S131", ERROR, "the window closes before it opens",
      "opens: and closes: both count from the start of the beat, and lasts: must be above 0.",
      "window: {opens: 9s, closes: 6s}\noptions: {go: {text: Go, to: home}}\nelse: cold",
      "window: {opens: 3s, closes: 9s}\noptions: {go: {text: Go, to: home}}\nelse: cold", "choice"),
    E("S132", ERROR, "a timed choice without else:",
      "When nothing is picked in time, the story continues with else:. Silence is an answer, too.",
      "window: {lasts: 6s}\noptions: {go: {text: Go, to: home}}",
      "window: {lasts: 6s}\noptions: {go: {text: Go, to: home}}\nelse: cold", "choice"),
    E("S133", WARNING, "an else: that is never taken",
      "Without a window the choice waits for a pick, and one option is always available.",
      "options: {go: {text: Go, to: home}}\nelse: cold",
      "window: {lasts: 6s}\noptions: {go: {text: Go, to: home}}\nelse: cold", "choice"),
    E("S134", ERROR, "a choice without options", "Add at least one option under options:.",
      "options: {}", "options: {go: {text: Go, to: home}}", "choice"),
    E("S135", ERROR, "one trigger for two options",
      "The same phrase, pose or button would pick two options of one choice.",
      "stay: {to: home, on: [gesture: fist]}\nleave: {to: cold, on: [gesture: fist]}",
      "stay: {to: home, on: [gesture: fist]}\nleave: {to: cold, on: [gesture: open_palm]}",
      "options"),
    E("S136", WARNING, "a window too short to read or to say what is offered",
      "Everybody must be able to read all options, in each language of the story, and then say\n"
      "the longest of the shortest phrases before the window and its grace are over. Time in the\n"
      "script after opens: is not counted as reading time.",
      "window: {lasts: 600ms}\noptions:\n"
      "  stay: {text: I remember you, to: home, on: [voice: I remember you]}\n"
      "  leave: {text: Let her go, to: cold, on: [voice: let her go]}\nelse: cold",
      "window: {lasts: 6s}\noptions:\n"
      "  stay: {text: I remember you, to: home, on: [voice: I remember you]}\n"
      "  leave: {text: Let her go, to: cold, on: [voice: let her go]}\nelse: cold", "choice"),
    E("S140", ERROR, "two hidden plots with one name in a beat",
      "The id of a hidden plot is used in logs and test plans.",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold}\n"
      "  - {id: print, on: {marker: book}, to: cold}\nnext: home",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold}\n"
      "  - {id: book, on: {marker: book}, to: cold}\nnext: home", "beat"),
    E("S141", ERROR, "during: inside a beat",
      "A hidden plot of a beat can open in that beat only. during: lists beats for the plots at\n"
      "the top level of the file.",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold, during: [home]}\nnext: home",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold}\nnext: home", "beat"),
    E("S142", ERROR, "one trigger for an option and a hidden plot, or for two hidden plots",
      "Both can be open in this beat, and only one of them would be picked.",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold}\n"
      "choice:\n  options:\n    knock: {to: home, on: [marker: door]}",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold}\n"
      "choice:\n  options:\n    knock: {to: home, on: [marker: bell]}", "beat"),
    E("S143", ERROR, "a vote in a choice that does not close",
      "Votes are counted when the window of the choice closes; too few of them take the else.",
      "choice:\n  options:\n    stay: {to: home, on: vote}\n    go: {to: cold, on: vote}",
      "choice:\n  window: {lasts: 20s}\n  options:\n    stay: {to: home, on: vote}\n"
      "    go: {to: cold, on: vote}\n  else: cold", "beat"),
    E("S144", ERROR, "a rule for votes, and no option that is voted on",
      "vote: says how the votes for the options with on: vote are counted. This choice has none.",
      "choice:\n  vote: {quorum: 30%}\n  options:\n    stay: {to: home, on: [marker: bell]}",
      "choice:\n  window: {lasts: 20s}\n  vote: {quorum: 30%}\n  options:\n"
      "    stay: {to: home, on: vote}\n  else: cold", "beat"),
    E("S220", ERROR, "not a trigger",
      "A trigger is one key with one value: voice, gesture, marker,\n"
      "performer or gaze; or button or vote.\n"
      "Several triggers are a list.",
      "go: {to: home, on: {voice: yes, gesture: fist}}",
      "go: {to: home, on: [voice: yes i will, gesture: fist]}", "options"),
    E("S221", EITHER, "phrases that cannot be heard as they are written",
      "Phrases are separated by |. Between two bars, and before or after them, there must be a\n"
      "phrase; quotation marks inside the text would be part of the phrase.",
      'go: {to: home, on: [voice: "yes i will||of course"]}',
      'go: {to: home, on: [voice: "yes i will|of course"]}', "options"),
    E("S222", ERROR, "an unknown hand pose", "Poses are open_palm, fist, point and victory.",
      "go: {to: home, on: [gesture: thumb]}", "go: {to: home, on: [gesture: victory]}", "options"),
    E("S224", ERROR, "not a valid name of a marker, place or button",
      "Names have letters, digits and _.",
      "go: {to: home, on: [marker: door god]}", "go: {to: home, on: [marker: door_god]}",
      "options"),
    E("S226", ERROR, "not a state of a performer",
      "performer: names a performer, a dot and what its body reports: ready, done, fell, hot,\n"
      "lost or stopped.",
      "go: {to: home, on: [performer: lan]}", "go: {to: home, on: [performer: lan.done]}",
      "options"),
    E("S240", ERROR, "not a time to look at something",
      "gaze: gate/2s is picked after two seconds; the time is 300ms to 10s. Without one it is\n"
      "that of the cards, 1.2 seconds.",
      "go: {to: home, on: [gaze: gate/2m]}", "go: {to: home, on: [gaze: gate/2s]}", "options"),
    E("C001", ERROR, "there is no such set",
      "scene: is the name of a folder with a scene.yaml, beside the story, in scenes/ or in the\n"
      "package.",
      "scene: lantern_stret\nnext: home", "scene: lantern_street\nnext: home", "beat"),
    E("C005", ERROR, "a hidden plot that nothing can open",
      "Hidden plots open by a marker; other triggers are not supported for them yet.",
      "hidden:\n  - {id: print, on: {gesture: fist}, to: cold}\nnext: home",
      "hidden:\n  - {id: print, on: {marker: door}, to: cold}\nnext: home", "beat"),
    E("C007", WARNING, "a transition without an effect",
      "A cut or cross-fade happens between two sets. Here every beat plays in the same one.",
      "transition: {fade: 0.8s}\nnext: home", "next: home", "beat"),
    E("C015", ERROR, "two printed markers that look alike",
      "The pattern of a marker is computed from the story's id and the marker's name. A camera\n"
      "cannot distinguish these two reliably: give one of them another name and print it again.",
      "hidden:\n  - {id: print, on: {marker: drum_tiger}, to: cold}\n"
      "  - {id: book, on: {marker: key_fan}, to: cold}\nnext: home",
      "hidden:\n  - {id: print, on: {marker: drum_tiger}, to: cold}\n"
      "  - {id: book, on: {marker: fan}, to: cold}\nnext: home", "beat"),
    E("C018", WARNING, "a marker that no trigger uses",
      "markers: describes the printed markers of the triggers; xrdrama markers prints those only.",
      "markers:\n  door: {title: The door}\nbeats:\n  porch: {next: home}\n"
      "  home: {ending: home}\n",
      "beats:\n  porch: {next: home}\n  home: {ending: home}\n", "bare"),
    E("V001", EITHER, "phrases that sound alike",
      "Two options of a choice are open at the same time, and a recogniser would confuse their\n"
      "phrases. Below a distance of 0.15 this is an error, below 0.30 a warning.",
      "stay: {to: home, on: [voice: let her stay]}\nleave: {to: cold, on: [voice: let her say]}",
      "stay: {to: home, on: [voice: I remember you]}\nleave: {to: cold, on: [voice: let her go]}",
      "options"),
    E("V002", WARNING, "a phrase of one short word",
      "One short word has few sounds: it is misheard often, and people say it by the way. Longer\n"
      "words and phrases of two or more words are recognised more reliably.",
      "go: {to: home, on: [voice: go]}", "go: {to: home, on: [voice: take me home]}", "options"),
    E("V003", WARNING, "Chinese phrases that cannot be compared",
      "Their sounds are looked up with the package pypinyin, which is not installed: only equal\n"
      "characters are found. pip install 'xrdrama[author]' installs it."),
    E("S237", WARNING, "a text that a comment cuts short",
      "A space and # begin a comment, so what follows them is not part of the text.",
      "options:\n  go:\n    text: Answer #1\n    to: home",
      "options:\n  go:\n    text: \"Answer #1\"\n    to: home", "choice"),
))  # fmt: skip
