import * as three from "three";
import { expect, it } from "vitest";
import { type Posed, posedOf, Poses } from "../src/set/figures/posed";
import { rootMatrix } from "../src/set/figures/posing";

const lan: Posed = {
  id: "lan", figure: "abc", at: [1, 2, 0], pan: 0, lift: [0, 0, 0], turns: { head: [0, 0, 0, 1] },
  shapes: { jawOpen: 0.2 }, presence: 1,
};

const NAMES = { bones: ["head", "neck"], shapes: ["jawOpen"] };
const half = Math.round(32767 * Math.SQRT1_2);
const turns = btoa(String.fromCharCode(...new Uint8Array(new Int16Array([0, 0, half, 0, 0, 0]).buffer)));
const sent = { ...lan, turns, shapes: btoa(String.fromCharCode(51)) };

it("reads turns and shapes, and leaves out performers that are malformed", () => {
  const [found, ...others] = posedOf([sent], NAMES);
  expect(others).toEqual([]);
  expect(Object.keys(found!.turns)).toEqual(["head"]);
  expect(found!.turns["head"]![2]).toBeCloseTo(Math.SQRT1_2, 4);
  expect(found!.turns["head"]![3]).toBeCloseTo(Math.SQRT1_2, 4);
  expect(found!.shapes).toEqual({ jawOpen: 0.2 });
  const wrong = [null, 3, {}, { ...sent, at: [1, 2] }, { ...sent, turns: "AAAA" }, { ...sent, shapes: "no base64!" },
    { ...sent, pan: null }, { ...sent, turns: null }];
  expect(posedOf(wrong, NAMES)).toEqual([]);
  expect(posedOf("lan", NAMES)).toEqual([]);
});

it("moves between two states, and jumps where they are far apart", () => {
  const poses = new Poses();
  poses.feed([{ ...lan, pan: 3.1 }], 1);
  expect(poses.at(1)[0]!.pan).toBe(3.1);
  poses.feed([{ ...lan, at: [1, 2.2, 0], pan: -3.1, turns: { head: [0, 0, Math.SQRT1_2, Math.SQRT1_2] }, shapes: {} }], 1.1);
  const [found] = poses.at(1.15);
  expect(found!.at[1]).toBeCloseTo(2.1, 6);
  expect(found!.shapes["jawOpen"]).toBeCloseTo(0.1, 6);
  expect(found!.turns["head"]![2]).toBeCloseTo(Math.sin(Math.PI / 8), 6);
  expect(Math.abs(found!.pan)).toBeGreaterThan(3.1); // the short way round
  expect(poses.at(1.2)[0]!.at[1]).toBeCloseTo(2.2, 6);
  poses.feed([{ ...lan, at: [5, 2, 0] }], 1.2);
  expect(poses.at(1.21)[0]!.at[0]).toBe(5);
  poses.feed([lan], 9);
  expect(poses.at(9)[0]!.at[0]).toBe(1);
});

it("puts who looks along +Z of the file towards where the performer's pan says", () => {
  const ahead = new three.Vector3(0, -1, 0); // the file's +Z, in the set's frame
  expect(ahead.clone().applyMatrix4(rootMatrix({ ...lan, at: [0, 0, 0] })).toArray()).toEqual([0, 1, 0]);
  const turned = ahead.clone().applyMatrix4(rootMatrix({ ...lan, at: [0, 0, 0], pan: Math.PI / 2 }));
  expect(turned.x).toBeCloseTo(-1, 6);
});
