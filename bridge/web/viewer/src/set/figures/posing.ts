// The joints of a figure in a pose. A port of xrdrama/adapters/panda/figure/posing.py.
//
// A body's frame is X right, Y ahead, Z up; a figure file faces glTF's +Z: (x, y, z) of the body is
// (-x, z, y) of the file.

import * as three from "three";
import type { FileNode, Model } from "../glb";
import { inSetFrame } from "../moving";
import type { Posed } from "./posed";

/** The matrices of a figure's nodes in the file's frame. */
export class Posing {
  readonly rest: three.Matrix4[];
  private readonly parents: number[];
  private readonly order: number[] = [];
  /** The rotation of each node's parent at rest. */
  private readonly above: three.Quaternion[];
  private readonly bones = new Map<string, number>();

  constructor(private readonly model: Model) {
    this.parents = model.nodes.map(() => -1);
    model.nodes.forEach((node, i) => node.children?.forEach((child) => (this.parents[child] = i)));
    const open = [...model.roots];
    while (open.length) {
      const index = open.pop()!;
      if (!model.nodes[index] || this.order.length > model.nodes.length)
        throw new Error("the nodes of the figure do not form a tree");
      this.order.push(index);
      open.push(...(model.nodes[index].children ?? []));
    }
    model.nodes.forEach((node, i) => {
      if (node.name && node.mesh === undefined && !this.bones.has(node.name)) this.bones.set(node.name, i);
    });
    this.above = model.nodes.map(() => new three.Quaternion());
    this.rest = this.worlds(() => null);
    for (const index of this.order) {
      const parent = this.parents[index]!;
      if (parent >= 0) this.rest[parent]!.decompose(new three.Vector3(), this.above[index]!, new three.Vector3());
    }
  }

  /** The node of a bone; -1 if the figure has no such bone. */
  bone(name: string): number {
    return this.bones.get(name) ?? -1;
  }

  /** The matrix of each node in a pose. */
  pose(posed: Posed): three.Matrix4[] {
    const turns = new Map<number, three.Quaternion>();
    for (const [bone, [x, y, z, w]] of Object.entries(posed.turns))
      turns.set(this.bone(bone), new three.Quaternion(-x, z, y, w).normalize());
    const hips = this.bone("hips");
    const [x, y, z] = posed.lift;
    return this.worlds((node, index) => {
      const place = resting(node);
      const back = this.above[index]!.clone().invert();
      const turn = turns.get(index);
      if (turn)
        place.rotation.premultiply(back.clone().multiply(turn).multiply(this.above[index]!));
      if (index === hips) place.translation.add(new three.Vector3(-x, z, y).applyQuaternion(back));
      else if (!turn) return null;
      return place;
    });
  }

  private worlds(placed: (node: FileNode, index: number) => Place | null): three.Matrix4[] {
    const worlds: three.Matrix4[] = [];
    for (const index of this.order) {
      const node = this.model.nodes[index]!;
      const own = new three.Matrix4();
      const place = placed(node, index);
      if (!place && node.matrix) own.fromArray(node.matrix);
      else {
        const { translation, rotation, scale } = place ?? resting(node);
        own.compose(translation, rotation, scale);
      }
      const parent = worlds[this.parents[index]!];
      worlds[index] = parent ? own.premultiply(parent) : own;
    }
    return worlds;
  }
}

interface Place {
  translation: three.Vector3;
  rotation: three.Quaternion;
  scale: three.Vector3;
}

const resting = (node: FileNode): Place => ({
  translation: new three.Vector3(...(node.translation ?? [0, 0, 0])),
  rotation: new three.Quaternion(...(node.rotation ?? [0, 0, 0, 1])),
  scale: new three.Vector3(...(node.scale ?? [1, 1, 1])),
});

/** From the file, as geometry of the set's frame has it, to the set: it faces -Y until turned. */
export function rootMatrix(posed: Posed): three.Matrix4 {
  const [c, s] = [-Math.cos(posed.pan), -Math.sin(posed.pan)];
  const [x, y, z] = posed.at;
  return new three.Matrix4().set(c, -s, 0, x, s, c, 0, y, 0, 0, 1, z, 0, 0, 0, 1);
}

/** The matrix of each joint of a skin, from the set's frame at rest to the set. */
export function jointMatrices(
  skin: Model["skins"][number], worlds: three.Matrix4[], root: three.Matrix4,
): three.Matrix4[] {
  return skin.joints.map((joint, i) => {
    const bind = new three.Matrix4().fromArray(skin.binds, 16 * i);
    return inSetFrame(worlds[joint]!.clone().multiply(bind)).premultiply(root);
  });
}
