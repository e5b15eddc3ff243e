// Clips of a set: where its nodes and joints are at a moment (glTF 2.0, Appendix C).

import * as three from "three";
import type { Clip, FileNode, Model } from "./glb";
import type { Levels } from "./levels";
import type { Sheet } from "./sheet";

// From glTF's frame to the set's, and back.
const TURN = new three.Matrix4().set(1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1);
const BACK = TURN.clone().invert();
const SMALLEST = 1e-5;
const MOST_NODES = 20_000;

/** A matrix between points of glTF's frame as one between points of the set's. */
export const inSetFrame = (matrix: three.Matrix4): three.Matrix4 =>
  TURN.clone().multiply(matrix).multiply(BACK);

interface Place {
  translation: three.Vector3;
  rotation: three.Quaternion;
  scale: three.Vector3;
}

function resting(node: FileNode): Place {
  const place = {
    translation: new three.Vector3(...(node.translation ?? [0, 0, 0])),
    rotation: new three.Quaternion(...(node.rotation ?? [0, 0, 0, 1])),
    scale: new three.Vector3(...(node.scale ?? [1, 1, 1])),
  };
  return place;
}

export class Moving {
  /** The matrix of each node in the set's frame. */
  readonly matrices: three.Matrix4[];
  private readonly parents: number[];
  private readonly order: number[] = [];
  private readonly moved = new Set<number>();
  private readonly scaled = new Set<number>();
  private readonly skins = new Map<number, Float32Array>();
  private readonly plays: { clip: Clip; speed: number; moved_by: string; blend_by: string }[];

  constructor(private readonly sheet: Sheet, private readonly model: Model) {
    this.matrices = model.nodes.map(() => new three.Matrix4());
    this.parents = model.nodes.map(() => -1);
    model.nodes.forEach((node, i) => node.children?.forEach((child) => (this.parents[child] = i)));
    const visit = (index: number, depth: number): void => {
      if (depth > 64 || this.order.length > MOST_NODES || !model.nodes[index]) throw new Error("the nodes of set.glb do not form a tree");
      this.order.push(index);
      model.nodes[index].children?.forEach((child) => visit(child, depth + 1));
    };
    model.roots.forEach((root) => visit(root, 0));
    this.plays = sheet.clips.flatMap((one) => {
      const clip = model.clips.find(({ name }) => name === one.name);
      return clip ? [{ ...one, clip }] : [];
    });
    for (const { clip } of this.plays)
      for (const { node, path } of clip.channels) {
        this.moved.add(node);
        if (path === "scale") this.scaled.add(node);
      }
    for (const index of this.order)
      for (const set of [this.moved, this.scaled])
        if (set.has(this.parents[index]!)) set.add(index);
    this.pose(new Map());
  }

  get clips(): number {
    return this.plays.length;
  }

  moves(node: number): boolean {
    return this.moved.has(node);
  }

  isUneven(node: number): boolean {
    return this.scaled.has(node) || this.model.nodes[node]!.skin !== undefined;
  }

  /** Three rows of four numbers for each joint of a skin; they follow. */
  rowsOf(skin: number): { count: number; rows: Float32Array } {
    const count = this.model.skins[skin]!.joints.length;
    const rows = this.skins.get(skin) ?? new Float32Array(12 * count);
    this.skins.set(skin, rows);
    this.skin(skin, rows);
    return { count, rows };
  }

  /** Bring everything to its place at a moment. */
  update(levels: Levels, seconds: number): void {
    if (!this.plays.length) return;
    const places = new Map<number, Place>();
    for (const { clip, speed, moved_by, blend_by } of this.plays) {
      const share = Math.min(Math.max(levels.of(blend_by), 0), 1);
      if (share <= 0) continue;
      let at: number;
      if (moved_by) {
        const { least, most } = this.sheet.params[moved_by]!;
        at = ((levels.of(moved_by) - least) / (most - least)) * clip.duration;
      } else at = clip.duration > 0 ? modulo(seconds * speed, clip.duration) : 0;
      this.play(clip, Math.min(Math.max(at, 0), clip.duration), share, places);
    }
    this.pose(places);
  }

  /** Times of each clip at which the reach of what moves is looked at. */
  *samples(count: number): Generator<void> {
    for (const { clip } of this.plays)
      for (let i = 0; i <= count; i++) {
        const places = new Map<number, Place>();
        this.play(clip, (clip.duration * i) / count, 1, places);
        this.pose(places);
        yield;
      }
    this.pose(new Map());
  }

  private play(clip: Clip, seconds: number, share: number, places: Map<number, Place>): void {
    for (const channel of clip.channels) {
      const place = places.get(channel.node) ?? resting(this.model.nodes[channel.node]!);
      places.set(channel.node, place);
      const value = valueAt(channel, seconds);
      if (channel.path === "rotation")
        place.rotation.slerp(new three.Quaternion(...value).normalize(), share);
      else place[channel.path].lerp(new three.Vector3(value[0], value[1], value[2]), share);
    }
  }

  private pose(places: Map<number, Place>): void {
    const worlds: three.Matrix4[] = [];
    for (const index of this.order) {
      const node = this.model.nodes[index]!;
      const own = new three.Matrix4();
      const place = places.get(index);
      if (node.matrix && !place) own.fromArray(node.matrix);
      else {
        const { translation, rotation, scale } = place ?? resting(node);
        own.compose(translation, rotation, scale);
      }
      const parent = worlds[this.parents[index]!];
      const world = parent ? parent.clone().multiply(own) : own;
      worlds[index] = world;
      const ours = inSetFrame(world);
      if (Math.abs(ours.determinant()) < SMALLEST ** 3) {
        const at = new three.Vector3().setFromMatrixPosition(ours);
        ours.makeScale(SMALLEST, SMALLEST, SMALLEST).setPosition(at);
      }
      this.matrices[index]!.copy(ours);
    }
    for (const [skin, rows] of this.skins) this.skin(skin, rows);
  }

  private skin(index: number, rows: Float32Array): void {
    const { joints, binds } = this.model.skins[index]!;
    joints.forEach((joint, i) => {
      const bind = inSetFrame(new three.Matrix4().fromArray(binds, 16 * i));
      const e = this.matrices[joint]!.clone().multiply(bind).elements;
      for (let row = 0; row < 3; row++)
        for (let column = 0; column < 4; column++) rows[12 * i + 4 * row + column] = e[4 * column + row]!;
    });
  }
}

const modulo = (a: number, b: number): number => ((a % b) + b) % b;

function valueAt(channel: Clip["channels"][number], seconds: number): [number, number, number, number] {
  const { times, values, interpolation, path } = channel;
  const width = path === "rotation" ? 4 : 3;
  const step = interpolation === "STEP";
  const sought = step ? seconds * (1 + 1.2e-7) + 1e-6 : seconds;
  let low = 0;
  while (low + 1 < times.length && times[low + 1]! <= sought) low++;
  const high = Math.min(low + 1, times.length - 1);
  const stride = interpolation === "CUBICSPLINE" ? 3 * width : width;
  const at = (key: number, part: number, i: number): number => values[key * stride + part * width + i] ?? 0;
  const found: [number, number, number, number] = [0, 0, 0, 0];
  const span = times[high]! - times[low]!;
  const s = span > 0 ? Math.min(Math.max((seconds - times[low]!) / span, 0), 1) : 0;
  if (interpolation === "LINEAR" && path === "rotation") {
    const one = new three.Quaternion(at(low, 0, 0), at(low, 0, 1), at(low, 0, 2), at(low, 0, 3));
    one.slerp(new three.Quaternion(at(high, 0, 0), at(high, 0, 1), at(high, 0, 2), at(high, 0, 3)), s);
    return [one.x, one.y, one.z, one.w];
  }
  for (let i = 0; i < width; i++) {
    if (step) found[i] = at(low, 0, i);
    else if (interpolation === "LINEAR") found[i] = at(low, 0, i) + (at(high, 0, i) - at(low, 0, i)) * s;
    else {
      const s2 = s * s;
      const s3 = s2 * s;
      found[i] = (2 * s3 - 3 * s2 + 1) * at(low, 1, i) + span * (s3 - 2 * s2 + s) * at(low, 2, i) +
        (3 * s2 - 2 * s3) * at(high, 1, i) + span * (s3 - s2) * at(high, 0, i);
    }
  }
  return found;
}
