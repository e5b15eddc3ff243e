// What of the socket's state a set is drawn from. Rows of the core's wire form, or by name.

import type { FrameLight } from "./lighting";
import { type Names, type Posed, posedOf } from "./figures/posed";
import type { Rgb, Vec } from "./sheet";

/** Names of the state as the socket sends them; only some are read here. */
export type State = Readonly<Record<string, unknown>>;

/** A set that fades out. */
export interface Fading {
  scene: string;
  /** Its hash, where the state says it. */
  set: string;
  params: Record<string, number | string>;
  lights: FrameLight[];
  share: number;
  performers: Posed[];
}

/** The params of the set. */
export function paramsOf(state: State): Record<string, number | string> {
  const params: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(state))
    if (name.startsWith("p/") && (typeof value === "number" || typeof value === "string"))
      params[name.slice(2)] = value;
  return params;
}

const isNumbers = (found: unknown): found is number[] =>
  Array.isArray(found) && found.length >= 3 && found.every((value) => typeof value === "number");

/** Lights of the frame: rows [id, colour, direction], as the core writes them, or by name. */
export function lightsOf(found: unknown): FrameLight[] {
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: unknown) => {
    const row = one as Record<string | number, unknown> | null;
    if (row === null || typeof row !== "object") return [];
    const [id, colour, way] = Array.isArray(one)
      ? [row[0], row[1], row[2]] : [row["id"], row["colour"], row["direction"]];
    if (typeof id !== "string" || !isNumbers(colour)) return [];
    return [{ id, colour: colour as Rgb, direction: isNumbers(way) ? (way as Vec) : null }];
  });
}

/** The set that fades out: [scene, params, lights, share, ...], or by name. */
export function fadeOf(found: unknown, names: Names): Fading | null {
  if (found === null || typeof found !== "object") return null;
  const row = found as Record<string | number, unknown>;
  const [scene, params, lights, share] = Array.isArray(found)
    ? [row[0], row[1], row[2], row[3]]
    : [row["scene"], row["params"], row["lights"], row["share"]];
  if (typeof scene !== "string" || typeof share !== "number") return null;
  const given = (params ?? {}) as Record<string, number | string>;
  const set = !Array.isArray(found) && typeof row["set"] === "string" ? row["set"] : "";
  return {
    scene, set, params: given, lights: lightsOf(lights), share: Math.min(Math.max(share, 0), 1),
    performers: posedOf(Array.isArray(found) ? row[4] : row["performers"], names),
  };
}
