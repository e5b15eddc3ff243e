import { Group, PerspectiveCamera, Quaternion, Vector3, WebGLRenderer } from "three";
import { Ahead } from "./ahead";
import { withRows } from "./lights";
import { type Look, verticalField } from "./look";
import type { State } from "./protocol";
import { isSoftware, Pace } from "./pace";
import { SetView } from "./set";
import { word } from "./words";

/** The place of a set that is the viewers' standpoint (xrdrama/viewers/programme.py). */
export const STANDPOINT = "film_camera";

/** Whether a place is one to look from: not a mark on the floor, and not high up. */
export function isEyeHeight(y: number): boolean {
  return y >= 0.8 && y <= 2.4;
}

/** How much of a set has come, for people. */
export function progressText(done: number, all: number): string {
  const size = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return all ? word("loadingSlow", size(done), size(all)) : word("loading");
}

/** Draws the set of the show where this browser can. */
export class Picture {
  /** A message about the picture, for people; empty when all is well. */
  onTrouble: (text: string) => void = () => {};
  onLoaded: () => void = () => {};
  onProgress: (text: string) => void = () => {};
  readonly renderer: WebGLRenderer;
  readonly camera = new PerspectiveCamera(50, 1, 0.05, 2000);
  /** Where the viewer stands; a headset's own pose is relative to it. */
  readonly rig = new Group();
  readonly view: SetView;
  /** Called before each picture, with the seconds since the last. */
  onFrame: (elapsed: number) => void = () => {};
  /** Draws instead of the set's own view; in augmented reality. */
  draw: (() => void) | undefined;
  /** Something covers the picture: it is not drawn. */
  covered = false;
  private readonly software: boolean;
  private readonly pace: Pace;
  private readonly ahead = new Ahead();
  private coming: readonly string[] = [];
  private hash = "";
  private shownHash = "";
  private place = STANDPOINT;
  private last = 0;
  private tries = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** Throws an Error with a message for people where the browser has no WebGL 2. */
  constructor(private readonly root: HTMLElement, private readonly look: Look, private readonly seconds: () => number) {
    const canvas = root.querySelector("canvas") ?? document.createElement("canvas");
    if (!canvas.getContext("webgl2", { antialias: false, alpha: true, powerPreference: "high-performance" }))
      throw new Error(word("noWebgl"));
    this.renderer = new WebGLRenderer({ canvas, antialias: false, alpha: true });
    this.renderer.setClearColor(0x07080b, 1);
    this.software = isSoftware(this.renderer.getContext() as WebGL2RenderingContext);
    this.view = new SetView(this.renderer, this.software ? { quality: "draft" } : {});
    this.pace = new Pace(this.renderer.getContext() as WebGL2RenderingContext, this.software ? 0.5 : 1);
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2) * this.pace.scale);
    this.rig.add(this.camera);
    this.view.scene.add(this.rig);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.onTrouble(word("graphicsLost"));
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.shownHash = "";
      void this.load();
    });
    new ResizeObserver(() => this.fit()).observe(root);
    this.fit();
    this.renderer.setAnimationLoop((time) => this.frame(time));
  }

  /** Take over a state. */
  apply(state: Partial<State>): void {
    this.view.apply(withRows(state));
    const coming = state.coming ?? [];
    if (coming.join() !== this.coming.join()) {
      this.coming = coming;
      if (this.shownHash === this.hash) this.ahead.want(coming);
    }
    if (state.set && state.set !== this.hash) {
      this.hash = state.set;
      this.tries = 0;
      void this.load();
    }
  }

  /** The places of this set to look from. */
  get places(): string[] {
    return this.view.places.filter(
      (name) => name === STANDPOINT || isEyeHeight(this.view.place(name).position.y),
    );
  }

  get placeName(): string {
    return this.place;
  }

  goTo(name: string): void {
    this.place = name;
    this.look.reset();
    this.stand();
  }

  /** What this browser does not draw, in words. */
  get leftOut(): string[] {
    if (!this.shownHash) return [];
    const found = [...this.view.left_out];
    if (this.software) found.push("shadows and fine light: this browser draws without a graphics card");
    if (this.pace.scale < 1) found.push("fine pixels: pictures took too long, so there are fewer");
    return found;
  }

  private async load(): Promise<void> {
    const hash = this.hash;
    clearTimeout(this.retry);
    if (!hash || hash === this.shownHash) return;
    if (!this.shownHash) this.onProgress(word("loading"));
    try {
      await this.view.load(`/sets/${encodeURIComponent(hash)}/`, (done, all) => this.onProgress(progressText(done, all)));
      if (hash !== this.hash) return;
      this.shownHash = hash;
      this.tries = 0;
      this.place = STANDPOINT;
      this.stand();
      this.onTrouble("");
      this.onLoaded();
      this.ahead.want(this.coming);
    } catch (error) {
      if (hash !== this.hash) return;
      const why = error instanceof Error ? error.message : String(error);
      this.onTrouble(word("noSet", why));
      this.retry = setTimeout(() => void this.load(), Math.min(30_000, 1000 * 2 ** this.tries++));
    }
  }

  /** Put the rig at the place. In a headset only its floor and its direction count. */
  stand(): void {
    const names = this.view.places;
    const found = names.includes(this.place)
      ? this.view.place(this.place)
      : { position: new Vector3(0, 1.6, 0), quaternion: new Quaternion() };
    if (this.renderer.xr.isPresenting) {
      const ahead = new Vector3(0, 0, -1).applyQuaternion(found.quaternion);
      this.rig.position.set(found.position.x, 0, found.position.z);
      this.rig.rotation.set(0, Math.atan2(-ahead.x, -ahead.z), 0);
    } else {
      this.rig.position.copy(found.position);
      this.rig.quaternion.copy(found.quaternion);
    }
  }

  private frame(time: number): void {
    const { xr } = this.renderer;
    // A picture that is begun before the last is done makes buttons and captions late as well.
    if (!xr.isPresenting && (this.covered || !this.pace.isDone(performance.now()))) return;
    const elapsed = Math.min(0.1, Math.max(0, (time - this.last) / 1000));
    this.last = time;
    if (!this.renderer.xr.isPresenting) {
      const { position, quaternion } = this.look.pose(elapsed);
      this.camera.position.copy(position);
      this.camera.quaternion.copy(quaternion);
      const fov = verticalField(this.look.fov, this.camera.aspect);
      if (this.camera.fov !== fov) {
        this.camera.fov = fov;
        this.camera.updateProjectionMatrix();
      }
    }
    this.onFrame(elapsed);
    this.rig.updateMatrixWorld(true);
    if (!this.shownHash) {
      // Captions and options are in the world before the set is.
      if (xr.isPresenting) this.renderer.render(this.view.scene, this.camera);
      return;
    }
    this.view.update(this.seconds());
    if (this.draw) this.draw();
    else this.view.render(this.camera);
    if (xr.isPresenting) return;
    if (this.pace.begin(performance.now())) this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2) * this.pace.scale);
  }

  /** Take the size of the element around the canvas. */
  fit(): void {
    if (this.renderer.xr.isPresenting) return;
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }
}
