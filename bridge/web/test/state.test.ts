import { describe, expect, it, vi } from "vitest";
import { frameText, othersText } from "../src/desk";
import { rollText } from "../src/head";
import { acts } from "../src/heard";
import { layers } from "../src/layers";
import { lensesOf } from "../src/pictures";
import { standing } from "../src/link";
import { fitted } from "../src/map";
import { throttled } from "../src/params";
import { nameOf } from "../src/presets";
import { after } from "../src/state";
import { question } from "../src/story";
import { standingText, waiting } from "../src/strip";
import { Titles } from "../src/titles";
import type { Beat, Picked, Sheet, State, Verdict, Vitals, Way } from "../src/words";

describe("the state", () => {
  it("is replaced by a snapshot, and every name of both counts as changed", () => {
    const { state, changed } = after({ beat: "a", held: true }, { v: "x.1", n: 1, is: { beat: "b" } });
    expect(state).toEqual({ beat: "b" });
    expect(changed).toEqual(new Set(["beat", "held"]));
  });

  it("takes changes, and null takes a name away", () => {
    const before: State = { beat: "a", held: true };
    const { state, changed } = after(before, { v: "x.2", n: 2, now: { held: null, "p/fog": 0.5 } });
    expect(state).toEqual({ beat: "a", "p/fog": 0.5 });
    expect(changed).toEqual(new Set(["held", "p/fog"]));
    expect(before).toEqual({ beat: "a", held: true });
  });
});

const beat = (id: string, ...to: string[]): Beat => ({
  id,
  scene: "s",
  ways: to.map((name) => ({ how: "next", name: "", to: name, texts: {} })),
  ending: "",
  force: null,
  hold: true,
  timed: false,
});

describe("the map", () => {
  it("puts every beat in a place of its own, by the fewest steps from the start", () => {
    const placed = layers([beat("a", "b", "c"), beat("b", "c", "a"), beat("c"), beat("lost", "c")], "a");
    expect(placed.map(({ beat, column, row }) => [beat.id, column, row])).toEqual([
      ["a", 0, 0],
      ["b", 1, 0],
      ["c", 1, 1],
      ["lost", 2, 0],
    ]);
  });

  it("bears a start that is not there, and no beats", () => {
    expect(layers([beat("a")], "gone").map((one) => one.column)).toEqual([0]);
    expect(layers([], "a")).toEqual([]);
  });
});

describe("the name of a look", () => {
  it("is what the show makes of its title", () => {
    expect(["Last light", "  Blue — cold! ", "3rd_night", "夜 景", "!?"].map(nameOf)).toEqual([
      "last_light",
      "blue_cold",
      "rd_night",
      "夜_景",
      "",
    ]);
  });
});

describe("a slider that is dragged", () => {
  it("sends at most one value a period, and always the last", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const sent: number[] = [];
    const send = throttled((value) => sent.push(value), 40);
    for (let value = 0; value < 100; value += 1) {
      send(value);
      vi.advanceTimersByTime(4);
    }
    vi.advanceTimersByTime(100);
    expect(sent.length).toBeLessThanOrEqual(12);
    expect(sent[0]).toBe(0);
    expect(sent.at(-1)).toBe(99);
    vi.useRealTimers();
  });
});

describe("the map's grid", () => {
  const story = layers([beat("a", "b", "c"), beat("b", "d"), beat("c", "d"), beat("d", "e"), beat("e")], "a");

  it("lies from left to right where there is room, and from top to bottom where there is not", () => {
    for (const room of [940, 460, 340]) {
      const grid = fitted(story, room);
      expect(grid.width).toBeLessThanOrEqual(room);
      expect(grid.box).toBeGreaterThanOrEqual(76);
    }
    expect(fitted(story, 940).isTall).toBe(false);
    expect(fitted(story, 340).isTall).toBe(true);
  });

  it("keeps boxes that can be read, and is wider than its place, where nothing fits", () => {
    expect(fitted(story, 100).width).toBeGreaterThan(100);
    expect(fitted([], 300).width).toBeGreaterThan(0);
  });
});

const way = (how: Way["how"], name: string, to: string, text = ""): Way => ({
  how,
  name,
  to,
  texts: text ? { en: text } : {},
});
const sheet: Sheet = {
  show: "s",
  title: "S",
  rate: 24,
  languages: ["en"],
  start: "taper",
  cast: {},
  staged: true,
  canvas: null,
  walls: [],
  scenes: {},
  cues: {},
  looks: {},
  beats: [
    {
      ...beat("taper"),
      timed: true,
      ways: [way("option", "take", "bring_in", "Give me the lantern"), way("else", "else", "she_goes")],
    },
    { ...beat("bring_in"), ways: [way("next", "", "light")] },
    { ...beat("light"), ending: "Thirteen Bowls" },
    { ...beat("she_goes"), ways: [way("next", "", "taper"), way("next", "", "light")] },
    { ...beat("round"), ways: [way("next", "", "round")] },
  ],
};
const titles = new Titles(sheet);

describe("the names of a story", () => {
  it("say where a way leads, and its ending only when no other can come", () => {
    expect(titles.to("bring_in")).toBe("→ Bring in, the end: “Thirteen Bowls”");
    expect(titles.to("she_goes")).toBe("→ She goes");
    expect(titles.to("round")).toBe("→ Round");
  });

  it("ask about a pick in words", () => {
    const proposal = { option: "take", trigger: "gesture", said: "open_palm", confidence: 0.99, name: "hand", role: "recogniser" };
    const [asked, how] = question(proposal, "taper", titles);
    expect(asked).toBe("“Give me the lantern” → Bring in, the end: “Thirteen Bowls”");
    expect(how).toContain("open palm, 99 % sure");
  });
});

const pick = (changes: Partial<Picked>): Picked => ({
  frame: 90,
  beat: "taper",
  option: "take",
  to: "bring_in",
  trigger: "voice",
  said: "give me the light",
  confidence: 0.91,
  latency_ms: 420,
  name: "viewer",
  role: "recogniser",
  confirmed_by: "",
  ...changes,
});
const verdict = (changes: Partial<Verdict>): Verdict => ({
  serial: 1,
  frame: 80,
  source: "viewer",
  said: "give me the light",
  verdict: "candidate",
  option: "take",
  distance: 0.09,
  margin: 0.3,
  ...changes,
});

describe("heard and seen", () => {
  it("tells the newest first, with how sure it was", () => {
    const miss = verdict({ frame: 120, verdict: "again", distance: 0.45 });
    const [first, second] = acts({ picks: [pick({})], heard: [miss] }, titles);
    expect(first).toMatchObject({ what: "asked to say it again", sure: "Give me the lantern 55 %", kind: "missed" });
    expect(second).toMatchObject({ text: "“give me the light”", sure: "91 % in 420 ms", kind: "picked" });
    expect(second?.what).toMatch(/^Give me the lantern → Bring in/);
  });

  it("tells no act twice: what was understood, and then picked or waits", () => {
    expect(acts({ picks: [pick({})], heard: [verdict({})] }, titles)).toHaveLength(1);
    const proposal = { option: "take", trigger: "voice", said: "give me the light", confidence: 0.91, name: "viewer", role: "recogniser" };
    const waiting = acts({ proposal, heard: [verdict({})] }, titles);
    expect(waiting).toMatchObject([{ kind: "waits", what: "waits for you: Give me the lantern" }]);
    expect(acts({ picks: [pick({})], heard: [verdict({ frame: 900 })] }, titles)).toHaveLength(2);
  });

  it("shows a pick by silence and leaves out those of the director", () => {
    const silence = pick({ trigger: "timeout", option: "else", to: "she_goes", said: "" });
    const forced = pick({ trigger: "director", option: "", said: "" });
    const pressed = pick({ trigger: "button", said: "", frame: 95 });
    expect(acts({ picks: [silence] }, titles)).toMatchObject([{ text: "No answer", what: "She goes" }]);
    expect(acts({ picks: [forced, pick({ trigger: "undo" })] }, titles)).toEqual([]);
    expect(acts({ picks: [pressed] }, titles)).toHaveLength(1);
    const byHand = pick({ trigger: "button", said: "", name: "director.1", role: "director" });
    expect(acts({ picks: [byHand] }, titles)).toEqual([]);
  });
});

describe("how things stand", () => {
  it("waits before the first frame, and tells an end from a silence", () => {
    expect(standing({ silent: true })).toBe("waiting");
    expect(standing({ beat: "taper" })).toBe("live");
    expect(standing({ beat: "taper", silent: true })).toBe("silent");
    expect(standing({ beat: "light", silent: true, ending: "bowls" })).toBe("ended");
    expect(standing({ beat: "taper", silent: true, fate: "died" })).toBe("died");
  });

  it("names the ending, and where the take is when that is known", () => {
    const state: State = { beat: "light", ending: "bowls", fate: "ended" };
    expect(standingText("ended", state, titles)).toBe("The show has ended with “Thirteen Bowls”.");
    expect(standingText("ended", { ...state, take: "out/s.take" }, titles)).toContain("out/s.take");
    expect(standingText("ended", { beat: "taper", timecode: "00:00:45:00" }, titles)).toContain("stopped");
    expect(standingText("live", state, titles)).toBe("");
  });

  it("says during a panic that a story continues", () => {
    expect(waiting({ panic: true, held: true })).toBe("the story is held");
    expect(waiting({ panic: true })).toContain("continues");
  });

  it("counts rolls where it knows them", () => {
    const state: State = { rolling: true, rolls: 2, rolled: 10 };
    expect(rollText({ state, number: 240 + 24 * 94 }, 24)).toBe("ROLL 2 1:34");
    expect(rollText({ state: { rolling: true }, number: 9 }, 24)).toBe("ROLL");
    expect(rollText({ state: {}, number: 9 }, 24)).toBe("");
  });

  it("says what is made, what is drawn and how old it is", () => {
    const pace = { made: 24, drawn: 3.1 };
    expect(frameText({ pace, pictures: ["lens"] }, 0.42)).toBe(
      "made 24.0 per second · drawn 3.1 · picture 0.4 s old",
    );
    expect(frameText({ pace })).toBe("made 24.0 per second");
    expect(frameText({ pace, silent: true })).toBe("none");
    const vitals = { late: 3, skipped: 2, dropped: 1 } as Vitals;
    expect(frameText({ pace, vitals })).toBe("made 24.0 per second · 3 late · 2 skipped · 1 dropped");
  });
});

describe("the trackers of further cameras", () => {
  it("are named after the first one's state", () => {
    const cameras = [
      { id: "wide", subject: "1", state: "live", age: 4 },
      { id: "tele", subject: "2", state: "held", age: 820 },
      { id: "crane", subject: "3", state: "none", age: null },
    ];
    expect(othersText({ cameras })).toBe("; tele held, 820 ms old; crane none");
    expect(othersText({ cameras: cameras.slice(0, 1) })).toBe("");
    expect(othersText({})).toBe("");
  });
});

describe("the pictures through the lenses", () => {
  const cameras = ["wide", "tele"].map((id, n) => ({ id, subject: String(n + 1), state: "live", age: 4 }));

  it("are those of the cameras that the show draws", () => {
    const both = [
      { id: "wide", picture: "lens" },
      { id: "tele", picture: "lens2" },
    ];
    expect(lensesOf({ cameras, pictures: ["lens", "wall", "lens2"] })).toEqual(both);
    expect(lensesOf({ cameras, pictures: ["lens", "wall"] })).toEqual(both.slice(0, 1));
    expect(lensesOf({ cameras })).toEqual([]);
    expect(lensesOf({})).toEqual([]);
  });
});
