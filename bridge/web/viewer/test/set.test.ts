import { describe, expect, it } from "vitest";
import { flash } from "../src/set/flashes";
import { readGlb } from "../src/set/glb";
import { Levels, lightUnder } from "../src/set/levels";
import { program } from "../src/set/shaders";
import { type Flashes, type Light, readSheet, type Sheet } from "../src/set/sheet";
import { fadeOf, lightsOf, paramsOf } from "../src/set/state";
import { isWide, segmentsOf, wrap, wrapped } from "../src/set/text";
import written from "./vectors.json?raw";

interface Line {
  text: string;
  language: string;
  width: number;
  indent: number;
  wide: boolean;
  advances: number[];
  segments: number[];
  places: [number, number][];
  broken: boolean;
}

// What the rules of the wall give; tests/adapters/panda/web_vectors.py writes it.
const vectors = JSON.parse(written) as {
  lines: Line[];
  flashes: { of: Flashes; are: { slot: number; seconds: number; is: number[][] }[] };
};

const measured = (line: Line) => (start: number, end: number): number =>
  line.advances.slice(start, end).reduce((sum, one) => sum + one, 0);

describe("lines of captions", () => {
  it("break where the wall's do", () => {
    expect(vectors.lines.length).toBeGreaterThan(50);
    for (const line of vectors.lines) {
      const found = wrapped(line.text, line.segments, line.width, measured(line), line.indent, line.wide);
      expect(found, `${line.text} in ${line.width}`).toEqual({ places: line.places, broken: line.broken });
    }
  });

  it("may break at the same places", () => {
    for (const line of vectors.lines)
      expect(segmentsOf(line.text, line.language), line.text).toEqual(line.segments);
  });

  it("prefer a stop in wide texts", () => {
    const line = vectors.lines.find((one) => one.language === "zh")!;
    expect(isWide(line.text)).toBe(true);
    expect(wrap(line.text, "zh", 40, measured(line))).toEqual(["巷子里多了一盏灯，", "奶奶却说她只点了十二盏。"]);
  });
});

it("fireworks flash where the wall's do", () => {
  for (const { slot, seconds, is } of vectors.flashes.are)
    flash(vectors.flashes.of, slot, seconds).forEach((row, i) =>
      row.forEach((value, k) => expect(value).toBeCloseTo(is[i]![k]!, 9)),
    );
});

describe("params", () => {
  const sheet = {
    params: {
      dawn: { id: "dawn", kind: "real", default: 0.25, least: 0, most: 1, choices: [] },
      mood: { id: "mood", kind: "choice", default: "calm", least: 0, most: 1, choices: ["calm", "wild"] },
    },
  } as unknown as Sheet;

  it("keep to their range, and refuse wrong values", () => {
    const levels = new Levels(sheet, { dawn: 7, mood: "wild", nothing: 1 });
    expect([levels.of("dawn"), levels.of("mood"), levels.of("")]).toEqual([1, 1, 1]);
    expect(levels.refused).toEqual(["nothing"]);
    const wrong = new Levels(sheet, { dawn: Number.NaN, mood: "sad" });
    expect([wrong.of("dawn"), wrong.of("mood")]).toEqual([0.25, 0]);
    expect(wrong.refused.sort()).toEqual(["dawn", "mood"]);
  });

  it("turn a light to what it is afterwards", () => {
    const light = {
      colour: [1, 0, 0], intensity: 2, scaled_by: "", direction: [0, 0, -1], turned_by: "dawn",
      after: { colour: [0, 1, 0], intensity: 4, toward: [0, 1, 0] },
    } as unknown as Light;
    const [colour, way] = lightUnder(light, new Levels(sheet, { dawn: 0.5 }));
    expect(colour).toEqual([1, 2, 0]);
    expect(Math.hypot(...way!)).toBeCloseTo(1);
  });
});

describe("files of a set", () => {
  it("say what is wrong with them", () => {
    expect(() => readSheet({ format: "else" })).toThrow(/not a compiled scene/);
    expect(() => readSheet(null)).toThrow(/not a compiled scene/);
    expect(() => readSheet({ format: "xrdrama-scene", version: 1 })).toThrow(/load the page again/);
    expect(() => readGlb(new ArrayBuffer(8))).toThrow(/not a GLB/);
    const short = new DataView(new ArrayBuffer(32));
    short.setUint32(0, 0x46546c67, true);
    short.setUint32(8, 999, true);
    expect(() => readGlb(short.buffer as ArrayBuffer)).toThrow(/cut short: 32 of 999/);
  });
});

/** A triangle, as the compiler writes one. */
function triangle(): Uint8Array<ArrayBuffer> {
  const document = {
    asset: { version: "2.0", generator: "xrdrama" }, scene: 0, scenes: [{ nodes: [0] }],
    nodes: [{ name: "piece", mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, TEXCOORD_0: 1 }, indices: 2 }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: "VEC3" },
      { bufferView: 1, componentType: 5126, count: 3, type: "VEC2" },
      { bufferView: 2, componentType: 5123, count: 3, type: "SCALAR" },
    ],
    bufferViews: [
      { byteOffset: 0, byteLength: 36 }, { byteOffset: 36, byteLength: 24 },
      { byteOffset: 60, byteLength: 6 },
    ],
  };
  const text = JSON.stringify(document);
  const json = new TextEncoder().encode(text + " ".repeat(-text.length & 3));
  const made = new Uint8Array(28 + json.length + 68);
  const view = new DataView(made.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, made.length, true);
  view.setUint32(12, json.length, true);
  view.setUint32(16, 0x4e4f534a, true);
  made.set(json, 20);
  new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9]).forEach((value, i) =>
    view.setFloat32(28 + json.length + 4 * i, value, true),
  );
  return made;
}

describe("set.glb", () => {
  it("is turned from Y up to Z up, and v runs up", () => {
    const { columns, triangles } = readGlb(triangle().buffer).meshes[0]![0]!;
    expect([...columns["position"]!.data]).toEqual([1, -3, 2, 4, -6, 5, 7, -9, 8]);
    expect([...columns["texcoord"]!.data]).toEqual([0, 1, 0, 1, 0, 1]);
    expect(triangles).toHaveLength(3);
  });

  it("is read or refused with an Error, whatever bytes it has", () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let refused = 0;
    for (let run = 0; run < 2000; run++) {
      const bytes = triangle();
      for (let i = 0; i < 1 + random(6); i++) bytes[random(bytes.length)] = random(256);
      try {
        readGlb(bytes.buffer.slice(0, random(8) ? bytes.length : random(bytes.length)));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});

const NAMES = { bones: [], shapes: [] };

it("reads the state in the core's rows and by name, and leaves out the rest", () => {
  expect(paramsOf({ "p/dawn": 0.5, "p/mood": "calm", "p/wrong": [1], beat: "lane" })).toEqual({ dawn: 0.5, mood: "calm" });
  const moon = { id: "moon", colour: [1, 2, 3], direction: null };
  expect(lightsOf([["moon", [1, 2, 3], null], moon, ["x", "red"], null, 7])).toEqual([moon, moon]);
  expect(lightsOf("dark")).toEqual([]);
  const fade = { scene: "tea_room", set: "", params: { lamp: 1 }, lights: [moon], share: 1, performers: [] };
  expect(fadeOf(["tea_room", { lamp: 1 }, [["moon", [1, 2, 3], null]], 1.5], NAMES)).toEqual(fade);
  expect(fadeOf({ ...fade, set: "abc" }, NAMES)).toEqual({ ...fade, set: "abc" });
  expect([fadeOf(null, NAMES), fadeOf("x", NAMES), fadeOf({ scene: "a" }, NAMES)]).toEqual([null, null, null]);
});

it("takes the wall's shaders without a line that only the wall has", () => {
  const { vertexShader, fragmentShader } = program("surface.vert", "surface.frag", "solid", ["FULL"], ["gleam.glsl"]);
  for (const source of [vertexShader, fragmentShader]) {
    expect(source).not.toMatch(/^uniform mat4 p3d_/m);
    expect(source).not.toMatch(/^#version/m);
    expect(source.match(/uniform vec4 eye/g)).toBeNull();
  }
  expect(fragmentShader.match(/void main\(\)/g)).toHaveLength(1);
  expect(fragmentShader.match(/void drawn\(\)/g)).toHaveLength(1);
});
