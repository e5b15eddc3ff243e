// Draws what appears at markers over the camera's picture, in place.

import { ACESFilmicToneMapping, Group, Matrix4, PerspectiveCamera, Quaternion, Scene, Vector3, WebGLRenderer, type Object3D } from "three";
import { FIELD, SIZE, type Pose } from ".";
import { Lantern } from "./lantern";

/** Milliseconds for which an effect stays where its marker was seen last. */
const STAYS = 1200;
/** The share of a new pose in the shown one, per frame of the camera: less is steadier and later. */
const FOLLOW = 0.45;

interface Shown {
  readonly holder: Group;
  readonly lantern: Lantern | undefined;
  seen: number;
  placed: boolean;
}

/** The camera's picture is `video`, filling its box (object-fit: cover); `canvas` covers it. */
export class Anchored {
  readonly scene = new Scene();
  private readonly renderer: WebGLRenderer;
  private readonly camera = new PerspectiveCamera();
  private readonly shown = new Map<string, Shown>();
  private before = performance.now();
  private wasEmpty = false;
  private colour: readonly [number, number, number] = [1, 0.85, 0.65];
  private strength = 0.5;
  /** No movement: the viewer's setting. */
  still = false;

  constructor(private readonly video: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.setAnimationLoop(() => this.draw());
  }

  /** The set's key light: its colour, linear RGB, and its strength beside daylight, 0 to 1. */
  light(colour: readonly [number, number, number], strength: number): void {
    [this.colour, this.strength] = [colour, strength];
    for (const { lantern } of this.shown.values()) lantern?.light(colour, strength);
  }

  /** Let something appear at a marker: an object of the set one marker wide, or a lantern. */
  show(marker: string, object?: Object3D): void {
    if (this.shown.has(marker)) return;
    const holder = new Group();
    const lantern = object ? undefined : new Lantern();
    lantern?.light(this.colour, this.strength);
    holder.add(object ?? lantern!.root);
    holder.visible = false;
    this.scene.add(holder);
    this.shown.set(marker, { holder, lantern, seen: 0, placed: false });
  }

  hide(marker: string): void {
    const one = this.shown.get(marker);
    one?.lantern?.dispose();
    one?.holder.removeFromParent();
    this.shown.delete(marker);
  }

  /** Where a marker is now. */
  place(marker: string, pose: Pose): void {
    const one = this.shown.get(marker);
    if (!one) return;
    const at = new Vector3();
    const turn = new Quaternion();
    new Matrix4().fromArray([...pose.matrix]).decompose(at, turn, new Vector3());
    const share = one.placed ? FOLLOW : 1;
    one.holder.position.lerp(at, share);
    one.holder.quaternion.slerp(turn, share);
    one.holder.scale.setScalar(SIZE);
    one.placed = true;
    one.seen = performance.now();
  }

  /** Markers whose effect is in the picture. */
  get visible(): string[] {
    return [...this.shown].filter(([, one]) => one.holder.visible).map(([name]) => name);
  }

  dispose(): void {
    this.renderer.setAnimationLoop(null);
    for (const marker of [...this.shown.keys()]) this.hide(marker);
    this.renderer.dispose();
  }

  private draw(): void {
    const now = performance.now();
    const seconds = Math.min(0.1, (now - this.before) / 1000);
    this.before = now;
    for (const one of this.shown.values()) {
      const visible = one.placed && now - one.seen < STAYS;
      if (!visible) one.placed = false;
      one.holder.visible = visible;
      if (visible) one.lantern?.update(seconds, this.still);
    }
    const isEmpty = !this.visible.length;
    if (isEmpty && this.wasEmpty) return;
    this.wasEmpty = isEmpty;
    this.fit();
    this.renderer.render(this.scene, this.camera);
  }

  private fit(): void {
    const { clientWidth, clientHeight, videoWidth, videoHeight } = this.video;
    if (!clientWidth || !videoWidth) return;
    const { camera, renderer } = this;
    renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    const canvas = renderer.domElement;
    if (canvas.clientWidth !== clientWidth || canvas.width !== Math.floor(clientWidth * renderer.getPixelRatio())) {
      renderer.setSize(clientWidth, clientHeight, false);
    }
    const { fov, aspect } = covering(videoWidth, videoHeight, clientWidth, clientHeight);
    if (camera.fov === fov && camera.aspect === aspect) return;
    [camera.fov, camera.aspect, camera.near, camera.far] = [fov, aspect, 0.02, 20];
    camera.updateProjectionMatrix();
  }
}

/** The vertical field of view in degrees of the part of the camera's picture that fills a box. */
export function covering(
  videoWidth: number, videoHeight: number, width: number, height: number, field = FIELD,
): { fov: number; aspect: number } {
  const focal = Math.max(videoWidth, videoHeight) / 2 / Math.tan((field * Math.PI) / 360);
  const scale = Math.max(width / videoWidth, height / videoHeight);
  return { fov: (2 * Math.atan(height / scale / 2 / focal) * 180) / Math.PI, aspect: width / height };
}
