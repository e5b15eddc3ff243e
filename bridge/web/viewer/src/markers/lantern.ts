// What appears at a marker unless the set has something of its own: a paper lantern, lit from
// inside and by the set's key light.

import {
  AdditiveBlending, CanvasTexture, Color, CylinderGeometry, DirectionalLight, Group, HemisphereLight,
  LatheGeometry, Mesh, MeshBasicMaterial, MeshStandardMaterial, PointLight, RingGeometry, Sprite,
  SpriteMaterial, SRGBColorSpace, Vector2, type Material,
} from "three";

const RIBS = 14;
/** The lantern's height in sides of the marker. */
const TALL = 1.15;

/** Hangs in front of a marker whose side is 1, upright as it was printed: z is out of the sheet. */
export class Lantern {
  readonly root = new Group();
  private readonly body: MeshStandardMaterial;
  private readonly glow: SpriteMaterial;
  private readonly ring: MeshBasicMaterial;
  private readonly inner = new PointLight(0xffb060, 0, 6, 2);
  private readonly key = new DirectionalLight(0xffffff, 0);
  private readonly sky = new HemisphereLight(0x8090b0, 0x302018, 0.5);
  private readonly floating = new Group();
  private age = 0;

  constructor() {
    const rib = stripes();
    this.body = new MeshStandardMaterial({
      color: 0xd8452e, roughness: 0.75, emissive: 0xff8a3c, emissiveMap: rib, map: rib, transparent: true,
    });
    this.glow = new SpriteMaterial({ map: halo(), blending: AdditiveBlending, depthWrite: false, transparent: true });
    this.ring = new MeshBasicMaterial({ color: 0xffb060, blending: AdditiveBlending, transparent: true, depthWrite: false });
    const dark = new MeshStandardMaterial({ color: 0x2a1a10, roughness: 0.5, metalness: 0.3 });
    const gold = new MeshStandardMaterial({ color: 0xd9a441, roughness: 0.4, metalness: 0.6 });
    const paper = new Mesh(new LatheGeometry(outline(), 40), this.body);
    const lid = new Mesh(new CylinderGeometry(0.2, 0.2, 0.07, 24), dark);
    lid.position.y = TALL / 2;
    const base = lid.clone();
    base.position.y = -TALL / 2;
    const tassel = new Mesh(new CylinderGeometry(0.02, 0.06, 0.34, 12), gold);
    tassel.position.y = -TALL / 2 - 0.22;
    const halo_ = new Sprite(this.glow);
    halo_.scale.setScalar(3.2);
    this.floating.add(paper, lid, base, tassel, halo_, this.inner);
    const ring = new Mesh(new RingGeometry(0.56, 0.72, 64), this.ring);
    ring.position.z = 0.01;
    this.key.position.set(0.6, -0.8, 1.4);
    this.root.add(this.floating, ring, this.key, this.key.target, this.sky);
    this.update(0);
  }

  /** The colour of the set's key light, linear RGB, and how strong it is beside daylight, 0 to 1. */
  light(colour: readonly [number, number, number], strength: number): void {
    const most = Math.max(...colour, 1e-6);
    this.key.color = new Color(colour[0] / most, colour[1] / most, colour[2] / most);
    this.key.intensity = 0.4 + 2.6 * Math.min(Math.max(strength, 0), 1);
    this.sky.color.copy(this.key.color);
  }

  /** It rises in the first second, then sways. With `still` it stands. */
  update(seconds: number, still = false): void {
    this.age += seconds;
    const risen = still ? 1 : Math.min(1, this.age / 1.1);
    const eased = 1 - (1 - risen) ** 3;
    const sway = still ? 0 : Math.sin(this.age * 1.7) * 0.05;
    const flicker = still ? 1 : 0.92 + 0.05 * Math.sin(this.age * 9.1) + 0.03 * Math.sin(this.age * 23.7);
    this.floating.position.set(0, (eased - 1) * 0.6, 0.2 + eased * 0.45);
    this.floating.rotation.z = sway;
    this.floating.scale.setScalar(0.35 + 0.65 * eased);
    this.body.opacity = eased;
    this.body.emissiveIntensity = 1.15 * eased * flicker;
    this.inner.intensity = 4 * eased * flicker;
    this.glow.opacity = 0.75 * eased * flicker;
    this.ring.opacity = 0.55 * eased * flicker;
  }

  /** Begin to rise again. */
  restart(): void {
    this.age = 0;
  }

  dispose(): void {
    this.root.removeFromParent();
    this.root.traverse((one) => {
      if (!(one instanceof Mesh)) return;
      one.geometry.dispose();
      (one.material as Material).dispose();
    });
    this.body.map?.dispose();
    this.glow.map?.dispose();
    this.glow.dispose();
  }
}

function outline(): Vector2[] {
  const points: Vector2[] = [];
  for (let i = 0; i <= 64; i++) {
    const t = i / 64;
    const belly = 0.2 + 0.36 * Math.sin(Math.PI * t) ** 0.7;
    const rib = 0.012 * Math.abs(Math.sin(t * RIBS * Math.PI));
    points.push(new Vector2(belly - rib, (t - 0.5) * TALL));
  }
  return points;
}

/** Bamboo rings seen through paper, brighter in the middle where the flame is. */
function stripes(): CanvasTexture {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [4, 256];
  const pen = canvas.getContext("2d")!;
  const ramp = pen.createLinearGradient(0, 0, 0, 256);
  ramp.addColorStop(0, "#7a3020");
  ramp.addColorStop(0.5, "#fff0c8");
  ramp.addColorStop(1, "#8a3a20");
  pen.fillStyle = ramp;
  pen.fillRect(0, 0, 4, 256);
  pen.fillStyle = "rgb(90 30 10 / 0.5)";
  for (let i = 1; i < RIBS; i++) pen.fillRect(0, (i * 256) / RIBS - 1, 4, 3);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}

function halo(): CanvasTexture {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [128, 128];
  const pen = canvas.getContext("2d")!;
  const ramp = pen.createRadialGradient(64, 64, 4, 64, 64, 64);
  ramp.addColorStop(0, "rgb(255 190 110 / 0.9)");
  ramp.addColorStop(0.35, "rgb(255 140 60 / 0.35)");
  ramp.addColorStop(1, "rgb(255 120 40 / 0)");
  pen.fillStyle = ramp;
  pen.fillRect(0, 0, 128, 128);
  return new CanvasTexture(canvas);
}
