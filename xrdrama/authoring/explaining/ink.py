"""Codes of files of ink that `xrdrama import`, `play` and `test` read."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import ERROR, WARNING, Area, Explanation

E = Explanation
AREA = Area("ink", "Files of ink", (
    E("I121", ERROR, "ink source that does not compile",
      "The message is that of the ink compiler, with the line of the ink file.\n"
      "Inky shows the same message beside the line.",
      "=== pier\n{ trust", "=== pier\n{ trust }", "ink source"),
    E("I122", WARNING, "a warning of the ink compiler",
      "The story is compiled. The message is that of the ink compiler, with the line of the file.",
      "=== pier\nHello.", "=== pier\nHello.\n-> END", "ink source"),
    E("I123", ERROR, "a file that is not compiled ink",
      "Compiled ink is JSON with the keys inkVersion, root and listDefs, as Inky (Export to\n"
      "JSON), inklecate and inkjs-compiler write it. A file that was cut off is named as such.",
      '{"inkVersion": 21, "root": [',
      '{"inkVersion": 21, "root": ["^Hello.", "\\n", "end", null], "listDefs": {}}',
      "compiled ink"),
    E("I124", ERROR, "a version of compiled ink that is not known",
      "Versions 18 to 21 can be read: ink 0.9 to 1.2. Compile the source again with ink 1.2.",
      '{"inkVersion": 12, "root": ["end", null], "listDefs": {}}',
      '{"inkVersion": 21, "root": ["end", null], "listDefs": {}}', "compiled ink"),
))  # fmt: skip
