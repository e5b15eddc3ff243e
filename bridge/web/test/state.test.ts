import { describe, expect, it, vi } from "vitest";
import { layers } from "../src/layers";
import { throttled } from "../src/params";
import { after } from "../src/state";
import { acts } from "../src/story";
import type { Beat, State } from "../src/words";

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

describe("heard and seen", () => {
  it("tells the newest first, with how sure it was", () => {
    const pick = { frame: 9, beat: "a", option: "take_it", to: "b", trigger: "voice", said: "mine", confidence: 0.91, latency_ms: 420 };
    const miss = { serial: 1, frame: 12, source: "v", said: "mint", verdict: "again", option: "take_it", distance: 0.45, margin: 0.1 };
    const [first, second] = acts({ picks: [pick], heard: [miss] });
    expect(first).toMatchObject({ what: "asked to say it again", sure: "take it 55 %", picked: false });
    expect(second).toMatchObject({ what: "picked take it", sure: "91 % in 420 ms", picked: true });
  });
});
