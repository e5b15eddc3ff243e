"""Codes of performers, and of their cues in a story."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import EITHER, ERROR, WARNING, Area, Explanation

E = Explanation
BODY, BOOK, SCRIPT = "a performer", "a gesture file", "a script in a show"
AREA = Area("performers", "Performers and their cues", (
    E("A001", ERROR, "a channel or a shape that does not exist",
      "Channels are joints such as head_tilt; shapes are ARKit's. The hint names a similar one.",
      "head_titl: {0.3s: -12}", "head_tilt: {0.3s: -12}", BOOK),
    E("A002", ERROR, "a gesture without a movement, or keys that are out of order or of range",
      "The keys of a channel are in the order of time, with values that the channel allows.",
      "head_tilt: {0.8s: -12, 0.3s: rest}", "head_tilt: {0.3s: -12, 0.8s: rest}", BOOK),
    E("A003", ERROR, "a performer without a figure and without a robot",
      "A performer is drawn (figure:), or is a real robot (robot:), or both.",
      "id: lan", "id: lan\nfigure: assets/lan.glb", BODY),
    E("A004", ERROR, "a mood that no gesture file defines", "mood: is one of moods: in its files.",
      "mood: wram", "mood: warm", BODY),
    E("A005", ERROR, "a gesture or mood that two files define",
      "The files of one performer share their names.", "gestures: [people, people_too]",
      "gestures: [people]", BODY),
    E("A006", ERROR, "a limit whose least is not below its most", "Exchange the two numbers.",
      "limits: {head_turn: {least: 40, most: -40}}", "limits: {head_turn: {least: -40, most: 40}}",
      BODY),
    E("A007", ERROR, "a gesture named like an act that every performer knows",
      "look, walk, turn, mood and rest are built in.", "gestures: {walk: {...}}",
      "gestures: {stroll: {...}}", BOOK),
    E("A008", ERROR, "there is no such robot", "The hint lists the robots that xrdrama knows.",
      "robot: k11", "robot: k1", BODY),
    E("A009", ERROR, "a figure, or something that it holds, cannot be used",
      "The GLB is missing or not what is expected: VRM 1.0's bones, ARKit's shapes.",
      "figure: assets/lan.obj", "figure: assets/lan.glb", BODY),
    E("A010", WARNING, "the id differs from the folder's name",
      "Performers are found by the name of their folder.", "id: lna", "id: lan", BODY),
    E("A011", ERROR, "a gesture file that cannot be found or read",
      "gestures: names *.gestures.yaml files.", "gestures: [poeple]", "gestures: [people]", BODY),
    E("A012", WARNING, "shapes that the figure's face does not have",
      "Mouth, eyes or brows do not move fully. Add morph targets with ARKit's names to the GLB."),
    E("A013", WARNING, "parts of a figure that are not drawn or do not move",
      "The message names the part of the GLB and why."),
    E("C010", EITHER, "a cue for a performer that the show does not have",
      "@lan.wave needs lan under performers: of the show. Without any performers it is a warning.",
      "@lna.wave", "@lan.wave", SCRIPT),
    E("C011", ERROR, "a gesture or mood that the performer does not know",
      "Gestures and moods are defined in the gesture files of the performer.",
      "@lan.wvae", "@lan.wave", SCRIPT),
    E("C012", ERROR, "a place to go to or to look at that the set does not have",
      "at= and to= name a place of the set, or another performer; camera, actor and ahead are\n"
      "always known.",
      "@lan.walk to=gaet", "@lan.walk to=gate", SCRIPT),
    E("C013", WARNING, "a cue for a performer that has no mark in this set",
      "The performer is not in the set of this beat, so nothing is seen.",
      "@lan.wave   # in a set without a place lan", "places: {lan: {at: [0, 4, 0]}}", "a set"),
))  # fmt: skip
