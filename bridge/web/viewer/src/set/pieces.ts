// Small things that a set is built of.

import type * as three from "three";
import type { Column, Primitive } from "./glb";
import type { Particles } from "./sheet";

/** Bytes that were read, and all of them (0 if unknown). */
export type Progress = (done: number, all: number) => void;

/** How often a second particles repeat, so that whole cycles fit into the loop. */
export function cycles(particles: Particles, loop: number): number {
  let rate = particles.speed;
  if (particles.kind === "snow" || particles.kind === "rain")
    rate /= Math.max(particles.most[2] - particles.least[2], 0.1);
  return Math.round(rate * loop) / loop;
}

/** Whether a frame scales its axes differently, so that normals need more care. */
export function isUneven(matrix: three.Matrix4): boolean {
  const lengths = [0, 4, 8].map((i) => Math.hypot(...matrix.elements.slice(i, i + 3)));
  return Math.max(...lengths) > 1.001 * Math.max(Math.min(...lengths), 1e-9);
}

/** The piece with its back faces as triangles of their own, drawn before the others. */
export function bothSides(primitive: Primitive): Primitive {
  const columns: Record<string, Column> = {};
  for (const [name, column] of Object.entries(primitive.columns)) {
    const { data } = column;
    const Kind = data.constructor as new (length: number) => typeof data;
    const both = new Kind(2 * data.length);
    both.set(name === "normal" || name === "tangent" ? data.map((value) => -value) : data, 0);
    both.set(data, data.length);
    columns[name] = { ...column, data: both };
  }
  const front = primitive.triangles;
  const count = primitive.columns["position"]!.data.length / 3;
  const triangles = new Uint32Array(2 * front.length);
  for (let i = 0; i < front.length; i += 3) {
    triangles.set([front[i + 2]!, front[i + 1]!, front[i]!], i);
    triangles.set([front[i]! + count, front[i + 1]! + count, front[i + 2]! + count], front.length + i);
  }
  return { material: primitive.material, columns, triangles };
}

/** The bytes at an address; an Error that names it where they cannot be read. */
export async function read(url: string, progress?: Progress): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} cannot be read (${answer.status})`);
  if (!progress || !answer.body) return answer.arrayBuffer();
  // Content-Length counts compressed bytes, and what is read here is not compressed any more.
  const all = Number(answer.headers.get("x-length") ?? answer.headers.get("content-length") ?? 0);
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done: ended, value } = await reader.read();
    if (ended) break;
    parts.push(value);
    done += value.length;
    progress(done, all);
  }
  const whole = new Uint8Array(done);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}
