"""Codes of what belongs to a story: string tables, test plans, sounds, mouth tracks, fonts."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import EITHER, ERROR, WARNING, Area, Explanation

E = Explanation
_HEAD = "id,order,source,text\n"
_ROWS = "title,1,Night,夜\ncast.lan,2,Lan,兰\n"
_LINE = "lexamp,3,Count again.,再数一遍。\n"
_END = "ending.home,4,Home,到家"
AREA = Area("tables", "String tables, test plans, sounds, mouth tracks, fonts", (
    E("L001", ERROR, "the first row of a table does not name its columns",
      "A string table begins with the names of its columns. id, source and text are necessary;\n"
      "xrdrama strings STORY LANGUAGE writes a table with all of them.",
      "id,text\n" + _ROWS, _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L002", ERROR, "a row with another number of columns, or a table with too many rows",
      "A text that contains the separator is put in quotation marks. A table has at most 100,000\n"
      "rows.",
      _HEAD + "title,1,Night,夜\ncast.lan,2,Lan,兰,兰儿\n" + _LINE + _END,
      _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L003", WARNING, "a row that belongs to no text of the story",
      "The text was deleted from the story, or the row has no id.",
      _HEAD + _ROWS + _LINE + _END + "\nl4gone,5,Never mind.,算了。",
      _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L004", WARNING, "a row without a translation",
      "Viewers of this language see the text in the story's own language.",
      _HEAD + _ROWS + "lexamp,3,Count again.,\n" + _END, _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L005", WARNING, "a text that has changed since it was translated",
      "xrdrama fmt writes the text of today into the column source, and what was translated into\n"
      "old_source and old_text. A changed text is no longer stale; for one that still fits, empty\n"
      "old_text. In a PO file, remove the mark `fuzzy`.",
      _HEAD + _ROWS + "lexamp,3,Count them.,数一数。\n" + _END,
      _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L006", ERROR, "not a valid table, CSV or PO",
      'CSV: quotation marks inside a cell are doubled ("") and the cell is in quotation marks.\n'
      "PO: entries are msgctxt, msgid and msgstr, each with a text in quotation marks.",
      _HEAD + 'title,1,Night,"夜"x\n' + _LINE, _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L007", WARNING, "texts without a row",
      "xrdrama fmt adds the rows in the order of the story.",
      _HEAD + _ROWS + _END, _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L008", ERROR, "one id in two rows", "Only one translation of a text can be used.",
      _HEAD + _ROWS + _LINE + _LINE + _END, _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L009", WARNING, "a placeholder or markup of another tool in a translation",
      "It would be shown and spoken as it is written.",
      _HEAD + _ROWS + "lexamp,3,Count again.,再数<<b>>一遍。\n" + _END,
      _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L010", ERROR, "a value in a translation that cannot be shown",
      "A translation shows only variables that the text itself shows, with the plural and select\n"
      "forms of its own language.",
      _HEAD + _ROWS + "lexamp,3,Count again.,再数{coins}遍。\n" + _END,
      _HEAD + _ROWS + _LINE + _END, "a table"),
    E("L011", WARNING, "an option without phrases in a language",
      "Who speaks this language picks it by other triggers, or in the story's own language.",
      "gate.go.voice,4,I am coming | coming,", "gate.go.voice,4,I am coming | coming,我来了 | 来了",
      "a row"),
    E("L012", WARNING, "headings and actions without a translation",
      "Exports for reading and xrdrama play show them in the story's own language.",
      "gate.action.1,4,She waves.,", "gate.action.1,4,She waves.,她挥手。", "a row"),
    E("L014", WARNING, "a column that is not read",
      "xrdrama fmt writes only columns that it knows; notes of translators belong into comment.",
      "id,order,source,text,remark\n" + _ROWS + _LINE + _END,
      "id,order,source,text,comment\n" + _ROWS + _LINE + _END, "a table"),
    E("L015", WARNING, "a translation that shows a word of another language",
      "{mood} shows a value as it is written in the story's file. Give each value its own words.",
      "lexamp,3,She is {mood}.,她很{mood}。",
      "lexamp,3,She is {mood}.,\"她{mood, select, calm {很平静} other {生气了}}。\"", "a row"),
    E("L016", ERROR, "a cell of phrases that cannot be read",
      "It has 1 to 12 phrases, with | between them.",
      "gate.go.voice,4,coming,我来了 | | 来了", "gate.go.voice,4,coming,我来了 | 来了", "a row"),
    E("L017", WARNING, "a PO file whose header names another language than its file name",
      "The file's name decides: night.zh.po is Chinese.",
      'msgid ""\nmsgstr "Language: ja\\n"', 'msgid ""\nmsgstr "Language: zh\\n"', "a header"),
    E("L018", ERROR, "two tables of one language",
      "A story has one table for each language, as .csv or as .po. xrdrama strings STORY LANGUAGE\n"
      "--from FILE takes the texts of the other one into it."),
    E("T001", ERROR, "a step of a test plan that cannot be read",
      "Steps are line:, option:, select:, cue:, marker:, ending:, stop; set: and start: stand\n"
      "before them; --- begins another run.",
      "says: Count again.", "line: Count again.\nending: home", "a test plan"),
    E("T002", ERROR, "a test plan names something that its story does not have",
      "Beats, variables, options, cues, markers, endings and lines are looked up in the story.",
      "line: Count once more.", "line: Count again.\nending: home", "a test plan"),
    E("C006", EITHER, "a sound file that is missing, or longer or shorter than its index says",
      "index.json lists the length of each sound; lines last as long as it says. Make it again\n"
      "with the script that makes the sounds."),
    E("C008", ERROR, "a file of mouth tracks that cannot be used",
      "mouths.json must have the form that xrdrama voices writes.",
      '{"tracks": []}', "xrdrama voices NAME", "a command"),
    E("C009", WARNING, "a line without a mouth track or a recording, or a track of other audio",
      "The mouth rests, or moves to other words, while the line is heard. xrdrama voices NAME\n"
      "makes what is missing."),
    E("P001", WARNING, "no installed font has the characters of a text",
      "Captions and cards would show another text instead. The hint names the package of a font."),
    E("P002", WARNING, "a text that does not fit where it is shown",
      "The caption or the cards of a choice are larger than their room in a picture of this show.",
      "text: Take the lantern from her hands and go in", "text: Take the lantern", "an option"),
))  # fmt: skip
