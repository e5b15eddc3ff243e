// Performers as the state has them, and between two states: those come ten times a second.

import * as three from "three";
import type { PerformerNow } from "../../protocol";

/** A performer in a pose: turns of bones (x, y, z, w) and shares of shapes by their names. */
export type Posed = Omit<PerformerNow, "turns" | "shapes"> & {
  turns: Record<string, [number, number, number, number]>;
  shapes: Record<string, number>;
};

/** The names of bones and shapes that a state's performers have, in their order. */
export interface Names {
  bones: readonly string[];
  shapes: readonly string[];
}

const LONGEST = 0.4; // seconds between two states; after a longer gap nothing is interpolated
const FARTHEST = 1; // metres between two states: more is a jump
const REST = [0, 0, 0, 1] as const;

const isRow = (found: unknown, length: number): boolean =>
  Array.isArray(found) && found.length === length && found.every((value) => Number.isFinite(value));

/** The names that a state has for them. */
export function namesOf(state: Readonly<Record<string, unknown>>): Names {
  const list = (found: unknown): string[] =>
    Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  return { bones: list(state["bones"]), shapes: list(state["shapes"]) };
}

/** The performers of a state, without those that are malformed. */
export function posedOf(found: unknown, names: Names): Posed[] {
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: Partial<PerformerNow> | null) => {
    if (typeof one?.id !== "string" || typeof one.figure !== "string" || !isRow(one.at, 3) ||
        !isRow(one.lift, 3) || !Number.isFinite(one.pan) || !Number.isFinite(one.presence)) return [];
    const turns = bytesOf(one.turns, 6 * names.bones.length);
    const shapes = bytesOf(one.shapes, names.shapes.length);
    if (!turns || !shapes) return [];
    return [{ ...(one as PerformerNow), turns: turnsOf(turns, names.bones), shapes: sharesOf(shapes, names.shapes) }];
  });
}

function bytesOf(text: unknown, length: number): Uint8Array | null {
  if (typeof text !== "string") return null;
  try {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    return bytes.length === length ? bytes : null;
  } catch {
    return null; // no base64
  }
}

function turnsOf(bytes: Uint8Array, bones: readonly string[]): Posed["turns"] {
  const view = new DataView(bytes.buffer);
  const turns: Posed["turns"] = {};
  bones.forEach((bone, i) => {
    const [x, y, z] = [0, 2, 4].map((at) => view.getInt16(6 * i + at, true) / 32767) as [number, number, number];
    if (x || y || z) turns[bone] = [x, y, z, Math.sqrt(Math.max(0, 1 - x * x - y * y - z * z))];
  });
  return turns;
}

function sharesOf(bytes: Uint8Array, shapes: readonly string[]): Posed["shapes"] {
  const found: Posed["shapes"] = {};
  shapes.forEach((name, i) => {
    if (bytes[i]) found[name] = bytes[i]! / 255;
  });
  return found;
}

/** The poses of the two newest states, one after the other: they are shown one state late. */
export class Poses {
  private before: Posed[] = [];
  private after: Posed[] = [];
  private from = 0;
  private to = 0;

  /** Take over the performers of the state at these seconds of the show. */
  feed(performers: Posed[], seconds: number): void {
    if (seconds !== this.to) [this.before, this.from] = [this.after, this.to];
    [this.after, this.to] = [performers, seconds];
  }

  /** The performers at these seconds. */
  at(seconds: number): Posed[] {
    const span = this.to - this.from;
    if (span <= 0 || span > LONGEST) return this.after;
    const share = Math.min(Math.max((seconds - this.to) / span, 0), 1);
    if (share >= 1) return this.after;
    return this.after.map((one) => {
      const old = this.before.find(({ id, figure }) => id === one.id && figure === one.figure);
      return old && isNear(old, one) ? between(old, one, share) : one;
    });
  }
}

const isNear = (one: Posed, other: Posed): boolean =>
  Math.hypot(...one.at.map((value, i) => value - other.at[i]!)) < FARTHEST;

function between(one: Posed, other: Posed, share: number): Posed {
  const mixed = (a: number, b: number): number => a + (b - a) * share;
  const rows = (a: [number, number, number], b: [number, number, number]): [number, number, number] =>
    [mixed(a[0], b[0]), mixed(a[1], b[1]), mixed(a[2], b[2])];
  const turns: Posed["turns"] = {};
  for (const bone of new Set([...Object.keys(one.turns), ...Object.keys(other.turns)])) {
    const from = new three.Quaternion(...(one.turns[bone] ?? REST));
    const found = from.slerp(new three.Quaternion(...(other.turns[bone] ?? REST)), share);
    turns[bone] = [found.x, found.y, found.z, found.w];
  }
  const shapes: Posed["shapes"] = {};
  for (const name of new Set([...Object.keys(one.shapes), ...Object.keys(other.shapes)]))
    shapes[name] = mixed(one.shapes[name] ?? 0, other.shapes[name] ?? 0);
  const round = Math.round((other.pan - one.pan) / (2 * Math.PI)) * 2 * Math.PI;
  return {
    ...other, turns, shapes,
    at: rows(one.at, other.at), lift: rows(one.lift, other.lift),
    pan: mixed(one.pan, other.pan - round), presence: mixed(one.presence, other.presence),
  };
}
