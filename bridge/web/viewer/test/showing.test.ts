import { describe, expect, test } from "vitest";
import { inLanguages, speakerName } from "../src/captions";
import { withRows } from "../src/lights";
import { deviceTurn, verticalField } from "../src/look";
import { hint, secondsLeft } from "../src/options";
import { DEFAULTS, loadSettings, pickLanguage } from "../src/settings";
import { placeInTime, soundCaption, soundUrl } from "../src/sound";
import { sourceOf } from "../src/xr";
import { Vector3 } from "three";

describe("sounds in step", () => {
  const at = (now: number, loop = false) => placeInTime(96_000, now, 10, loop);
  test("a sound that is to come waits, a late one starts in its middle", () => {
    expect(at(1.5)).toEqual({ delay: 0.5, offset: 0 });
    expect(at(5)).toEqual({ delay: 0, offset: 3 });
  });
  test("one that is over does not start; a loop continues", () => {
    expect(at(12.5)).toBeUndefined();
    expect(at(25, true)).toEqual({ delay: 0, offset: 3 });
  });
  test("captions name effects and ambience, lines have their own", () => {
    const sound = (kind: string, id: string) => soundCaption({ kind, id, start_sample: 0, gain_db: 0, loop: false } as never);
    expect(sound("ambience", "lane_night")).toBe("[lane night]");
    expect(sound("line", "line/l24pu6")).toBe("");
  });
  test("an id with a slash keeps it, and nothing else of an address", () => {
    expect(soundUrl("line/a?b")).toBe("/sounds/line/a%3Fb");
  });
});

describe("languages", () => {
  test("the chosen one, the browser's, the show's first", () => {
    expect(pickLanguage("zh", ["en"], ["en", "zh"])).toBe("zh");
    expect(pickLanguage("", ["de-AT", "zh-Hant-TW"], ["en", "zh"])).toBe("zh");
    expect(pickLanguage("fr", ["ar"], ["en", "zh"])).toBe("en");
  });
  test("a missing text is shown in another language, once", () => {
    expect(inLanguages({ en: "Tea" }, ["zh", "en"])).toEqual([["en", "Tea"]]);
    expect(inLanguages({ en: "Tea", zh: "茶" }, ["zh", "en"])).toEqual([["zh", "茶"], ["en", "Tea"]]);
  });
  test("a speaker without a name is shown by id", () => {
    const caption = { line: "l", speaker: "old_man", texts: {} };
    expect(speakerName({ names: {} }, caption, "en")).toBe("old man");
    expect(speakerName({ names: { old_man: { en: "Old Man Wu" } } }, caption, "zh")).toBe("Old Man Wu");
  });
});

test("damaged settings become the defaults one by one", () => {
  const kept = { getItem: () => '{"size": 4, "language": "zh", "more": 1}' };
  expect(loadSettings(kept)).toEqual({ ...DEFAULTS, language: "zh" });
  expect(loadSettings({ getItem: () => "[" })).toEqual(DEFAULTS);
});

test("the time left is never negative, and absent without a limit", () => {
  const choice = (closes_at: number | null) => ({ id: "a", options: [], closes_at, phase: "open", numbered: false }) as never;
  expect(secondsLeft(choice(10), 4)).toBe(6);
  expect(secondsLeft(choice(10), 14)).toBe(0);
  expect(secondsLeft(choice(null), 14)).toBeUndefined();
});

test("an option names what else picks it", () => {
  const option = { id: "a", number: 1, texts: {}, say: ["I will stay"], show: "open_palm", on: [] };
  expect(hint(option)).toBe("say “I will stay” or show open palm");
});

test("a phone that is held upright looks ahead, and up when it is tilted back", () => {
  const ahead = (...angles: [number, number, number]) => new Vector3(0, 0, -1).applyQuaternion(deviceTurn(...angles, 0));
  expect(ahead(0, 90, 0).y).toBeCloseTo(0);
  expect(ahead(0, 90, 0).z).toBeCloseTo(-1);
  expect(ahead(0, 120, 0).y).toBeCloseTo(0.5);
  expect(ahead(90, 90, 0).x).toBeCloseTo(-1);
});

test("how an input picks", () => {
  expect(sourceOf({ hand: {}, targetRayMode: "tracked-pointer" } as never)).toBe("pinch");
  expect(sourceOf({ targetRayMode: "tracked-pointer" } as never)).toBe("trigger");
  expect(sourceOf({ targetRayMode: "screen" } as never)).toBe("tap");
  expect(sourceOf({ targetRayMode: "gaze" } as never)).toBe("gaze");
});

test("lights of the state, and of the set that fades out, become rows", () => {
  const sun = { id: "sun", colour: { x: 3, y: 2, z: 1 }, direction: { x: 0, y: -1, z: 0 } };
  const lamp = { id: "lamp", colour: { x: 1, y: 1, z: 0 }, direction: null };
  const fade = { scene: "a", set: "b", params: {}, lights: [lamp], share: 0.5, performers: [] };
  const found = withRows({ beat: "home", lights: [sun], fade });
  expect(found["lights"]).toEqual([{ id: "sun", colour: [3, 2, 1], direction: [0, -1, 0] }]);
  expect(found["fade"]).toEqual({ ...fade, lights: [{ id: "lamp", colour: [1, 1, 0], direction: null }] });
  expect("fade" in withRows({ beat: "home" })).toBe(false);
});

test("an upright phone sees as much of the sides as a window, a wide screen is as the film camera", () => {
  expect(verticalField(50, 16 / 9)).toBeCloseTo(50, 6);
  const upright = verticalField(50, 390 / 844);
  expect(2 * Math.atan(Math.tan((upright * Math.PI) / 360) * (390 / 844)) * (180 / Math.PI)).toBeCloseTo(41.85, 1);
  expect(verticalField(85, 0.2)).toBe(88);
});
