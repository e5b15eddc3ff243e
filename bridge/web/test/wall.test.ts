import { describe, expect, it } from "vitest";
import { oldText } from "../src/bar";
import { numberProblem, shown } from "../src/params";
import { standingText } from "../src/strip";
import { Titles } from "../src/titles";
import { border, outlines } from "../src/wall";
import type { Control, Sheet, Wall } from "../src/words";

/** Four metres wide and two high, three metres ahead of the origin, 400 x 200 pixels at 10, 20. */
const wall: Wall = {
  id: "back",
  pixels: [400, 200],
  at: [10, 20],
  facets: [
    { corners: [[-2, 3, 0], [2, 3, 0], [-2, 3, 2]], places: [[10, 220], [410, 220], [10, 20]], triangle: false },
  ],
};
const level = [1, 0, 0, 0];
const edges = [-0.2, 0.2, -0.1, 0.1];

function box(points: [number, number][]): number[] {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
}

describe("the inner frustum on the canvas", () => {
  it("is where the camera looks: 1.2 m by 0.6 m in the middle", () => {
    const [line] = outlines([wall], [0, 0, 1, ...level, ...edges]);
    expect(line?.wall).toBe("back");
    expect(box(line ?? [])).toEqual([150, 270, 90, 150]);
  });

  it("goes to the left when the camera pans to the left, and is cut at the wall's edge", () => {
    const half = (20 * Math.PI) / 360;
    const [line] = outlines([wall], [0, 0, 1, Math.cos(half), 0, 0, Math.sin(half), ...edges]);
    const [left = 0, right = 0] = box(line ?? []);
    expect(left).toBeLessThan(60);
    expect(right).toBeLessThan(210);
    const far = (40 * Math.PI) / 360;
    const [cut] = outlines([wall], [0, 0, 1, Math.cos(far), 0, 0, Math.sin(far), ...edges]);
    expect(box(cut ?? [])[0]).toBe(10);
  });

  it("rises when the camera tilts up", () => {
    const half = (10 * Math.PI) / 360;
    const [line] = outlines([wall], [0, 0, 1, Math.cos(half), Math.sin(half), 0, 0, ...edges]);
    expect(box(line ?? [])[2]).toBeLessThan(70);
  });

  it("has one border over the facets of a wall", () => {
    const half = (left: number): Wall["facets"][0] => ({
      corners: [[left, 3, 0], [left + 2, 3, 0], [left, 3, 2]],
      places: [[210 + left * 100, 220], [410 + left * 100, 220], [210 + left * 100, 20]],
      triangle: false,
    });
    const two = { ...wall, facets: [half(-2), half(0)] };
    const lines = outlines([two], [0, 0, 1, ...level, ...edges]);
    expect(lines).toHaveLength(2);
    const count = (d: string) => d.split("M").length - 1;
    expect(count(border([two], lines))).toBe(6);
    expect(count(border([], lines))).toBe(8);
  });

  it("has the same border over two triangles as over a rectangle", () => {
    const [ll, lr, ur, ul] = [[-2, 3, 0], [2, 3, 0], [2, 3, 2], [-2, 3, 2]];
    const [a, b, c, d]: [number, number][] = [[10, 220], [410, 220], [410, 20], [10, 20]] as never;
    const split: Wall = {
      ...wall,
      facets: [
        { corners: [ll, lr, ur] as never, places: [a, b, c] as never, triangle: true },
        { corners: [ll, ur, ul] as never, places: [a, c, d] as never, triangle: true },
      ],
    };
    const lines = outlines([split], [0, 0, 1, ...level, ...edges]);
    expect(lines).toHaveLength(2);
    expect(box(lines.flat())).toEqual([150, 270, 90, 150]);
    const ends = border([split], lines).match(/M[^M]+/g) ?? [];
    expect(ends).toHaveLength(4); // the diagonal is left out
    expect(border([], lines).split("M").length - 1).toBeGreaterThan(4);
  });

  it("is on the turned picture of a turned wall", () => {
    const turned: Wall = {
      ...wall,
      pixels: [200, 400],
      facets: [
        { corners: wall.facets[0]?.corners as never, places: [[10, 20], [10, 420], [210, 20]], triangle: false },
      ],
    };
    const [line] = outlines([turned], [0, 0, 1, ...level, ...edges]);
    expect(box(line ?? [])).toEqual([80, 140, 160, 280]);
  });

  it("is on no wall behind the camera", () => {
    expect(outlines([wall], [0, 6, 1, ...level, ...edges])).toEqual([]);
    expect(outlines([wall], [0, 0, 1, 0, 0, 0, 1, ...edges])).toEqual([]);
  });
});

const fog: Control = { id: "fog", kind: "real", doc: "", default: 0, least: 0, most: 1, choices: [] };

describe("a number that is typed", () => {
  it("is sent only within its bounds", () => {
    expect(numberProblem(fog, "0.5")).toBe("");
    expect(numberProblem(fog, "0")).toBe("");
    for (const text of ["7", "-0.1", "1e9"]) expect(numberProblem(fog, text)).toBe("Fog goes from 0 to 1");
    for (const text of ["", " ", "abc", "NaN", "Infinity"]) {
      expect(numberProblem(fog, text)).toBe("Type a number from 0 to 1");
    }
    expect(numberProblem(fog, "0.5", true)).not.toBe("");
  });

  it("has as many digits as its range asks for", () => {
    expect(shown(fog, 0.456)).toBe("0.46");
    expect(shown({ ...fog, most: 360 }, 12.6)).toBe("13");
    expect(shown({ ...fog, most: 0.01 }, 0.00456)).toBe("0.0046");
  });
});

describe("an old state", () => {
  const link = (standing: string, age?: number) => ({ standing, age: () => age }) as never;

  it("says on the buttons how old it is", () => {
    expect(oldText(link("live", 0.1))).toBe("");
    expect(oldText(link("silent", 4.4))).toBe("state is 4 s old");
    expect(oldText(link("away", 12))).toBe("not connected: state is 12 s old");
    expect(oldText(link("away"))).toBe("not connected: no state yet");
    expect(oldText(link("died", 12))).toBe("");
  });

  it("says across the page what that means, and what to do", () => {
    const sheet: Sheet = {
      show: "s", title: "S", rate: 24, languages: ["en"], start: "", cast: {}, staged: true,
      scenes: {}, cues: {}, looks: {}, beats: [], canvas: null, walls: [],
    };
    const titles = new Titles(sheet);
    expect(standingText("silent", {}, titles, "", 4.4)).toContain("a state that is 4 s old.");
    expect(standingText("away", {}, titles, "close one", 3)).toMatch(/\(close one\): this page reconnects by itself/);
    expect(standingText("away", {}, titles, "", 3)).not.toContain("xrdrama run"); // it is being restarted
    expect(standingText("away", { take: "out/s.take" }, titles, "", 60)).toContain("type  xrdrama run s --resume out/s.take  and");
    expect(standingText("away", {}, titles, "", 60)).toContain("type  xrdrama run s  and open the address");
    expect(standingText("uninvited", {}, titles)).toContain("ask a director for an invitation");
    expect(standingText("replaced", {}, titles, "reload")).toBe("This page is closed: reload.");
    expect(standingText("died", { take: "out/s.take" }, titles)).toContain("xrdrama run s --resume out/s.take");
  });
});
