// The shadow of the key light: one depth map, drawn when the light or what casts it changes.

import * as three from "three";
import { SHADOW_WIDTH } from "./shaders";
import type { Vec } from "./sheet";

export class KeyShadow {
  readonly clip = new three.Matrix4();
  readonly target: three.WebGLRenderTarget;
  /** The pieces that cast, with materials of their own. */
  readonly casters = new three.Scene();
  private readonly camera = new three.OrthographicCamera();
  private state = "";

  constructor() {
    const depth = new three.DepthTexture(SHADOW_WIDTH, SHADOW_WIDTH, three.UnsignedIntType);
    depth.compareFunction = three.LessEqualCompare;
    depth.minFilter = three.LinearFilter;
    depth.magFilter = three.LinearFilter;
    this.target = new three.WebGLRenderTarget(SHADOW_WIDTH, SHADOW_WIDTH, { depthTexture: depth });
    this.casters.matrixWorldAutoUpdate = false;
  }

  get texture(): three.Texture {
    return this.target.depthTexture!;
  }

  /** Draw it, if `key` or `moved` (what has moved or dissolved) is not as it was. */
  update(renderer: three.WebGLRenderer, key: Vec | null, box: three.Box3, moved: string): void {
    if (!key || this.casters.children.length === 0) return;
    const state = `${key.map((value) => value.toFixed(5)).join()} ${moved}`;
    if (state === this.state) return;
    this.state = state;
    this.aim(key, box);
    const xr = renderer.xr.enabled;
    const target = renderer.getRenderTarget();
    const auto = renderer.autoClear;
    renderer.xr.enabled = false;
    renderer.autoClear = true;
    renderer.setRenderTarget(this.target);
    renderer.render(this.casters, this.camera);
    renderer.setRenderTarget(target);
    renderer.xr.enabled = xr;
    renderer.autoClear = auto;
  }

  dispose(): void {
    this.target.dispose();
  }

  /** Look along the light at the whole box. */
  private aim(key: Vec, box: three.Box3): void {
    const way = new three.Vector3(...key).normalize();
    const above = Math.abs(way.z) < 0.95 ? new three.Vector3(0, 0, 1) : new three.Vector3(0, 1, 0);
    const right = way.clone().cross(above).normalize();
    const up = right.clone().cross(way);
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (let corner = 0; corner < 8; corner++) {
      const at = new three.Vector3(
        corner & 1 ? box.max.x : box.min.x,
        corner & 2 ? box.max.y : box.min.y,
        corner & 4 ? box.max.z : box.min.z,
      );
      [at.dot(right), at.dot(up), at.dot(way)].forEach((value, i) => {
        low[i] = Math.min(low[i]!, value);
        high[i] = Math.max(high[i]!, value);
      });
    }
    const width = high[0]! - low[0]! + 0.2;
    const height = high[1]! - low[1]! + 0.2;
    const near = low[2]! - 0.5;
    const far = high[2]! + 1.0;
    // Rows of clip coordinates: x, y, z each a scaled distance along an axis of the light.
    const row = (axis: three.Vector3, scale: number, middle: number): number[] => [
      axis.x * scale, axis.y * scale, axis.z * scale, -middle * scale,
    ];
    const [x, y, z] = [
      row(right, 2 / width, (low[0]! + high[0]!) / 2),
      row(up, 2 / height, (low[1]! + high[1]!) / 2),
      row(way, 2 / (far - near), (near + far) / 2),
    ];
    this.clip.set(x[0]!, x[1]!, x[2]!, x[3]!, y[0]!, y[1]!, y[2]!, y[3]!, z[0]!, z[1]!, z[2]!, z[3]!, 0, 0, 0, 1);
  }
}
