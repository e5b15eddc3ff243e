import { expect, test } from "vitest";
import { scaleOf, timeText } from "../src/time";

test("a state without a scale has the windows as they are written", () => {
  expect(scaleOf({})).toBe(1);
  expect(scaleOf({ time_scale: 2.5 })).toBe(2.5);
  expect(scaleOf({ time_scale: "none" })).toBeNull();
});

test("the text says how much time there is", () => {
  expect([1, 2.5, null].map(timeText)).toEqual(["as written", "2.5 times as long", "no time limit"]);
});
