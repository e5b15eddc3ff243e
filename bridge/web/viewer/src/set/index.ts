// A compiled set in three.js, drawn with the shaders of the wall.
//
//   const set = new SetView(renderer);
//   await set.load("/sets/<hash>/");
//   set.apply(state);          // params, lights, fade, performers of the socket
//   set.update(seconds);       // the show's time, each picture
//   set.render(camera);        // scene-linear light, then the display transform

import * as three from "three";
import { BuiltSet } from "./built";
import { Files } from "./figures/files";
import { namesOf, type Posed, posedOf, Poses } from "./figures/posed";
import type { FrameLight } from "./lighting";
import type { Quality } from "./materials";
import type { Progress } from "./pieces";
import { DEVELOP_FRAGMENT, DEVELOP_VERTEX } from "./shaders";
import { fadeOf, type Fading, lightsOf, paramsOf, type State } from "./state";

export type { Progress, Quality, State };

export interface SetOptions {
  /** `auto` begins with `full` and becomes `draft` where pictures take too long. */
  quality?: Quality | "auto";
}

const SLOW_MS = 40; // a picture that takes longer is too slow to look around with
const WATCHED = 45; // pictures in a row
const KEPT = 300; // pictures without a cross-fade, after which the set before is released

export class SetView {
  /** What `renderer.render` may draw too: then each piece develops itself. */
  readonly scene = new three.Scene();
  private built: BuiltSet | null = null;
  private before: BuiltSet | null = null;
  private params: Record<string, number | string> = {};
  private lights: FrameLight[] = [];
  private fading: Fading | null = null;
  private readonly hashes = new WeakMap<BuiltSet, string>();
  /** A state that came while its set was loading: the set before stays as it was meanwhile. */
  private waiting: State | null = null;
  private loading = 0;
  private hash = "";
  private idle = 0;
  private late = false;
  private readonly floats: boolean;
  private readonly files: Files;
  private readonly poses = new Poses();
  private performers: Posed[] = [];
  private seconds = 0;
  private asked = 0;
  private quality: Quality;
  private readonly automatic: boolean;
  private slow = 0;
  private lastPicture = 0;
  private said = "";
  private readonly pictures = [picture(), picture()] as const;
  private readonly sheet: three.Mesh<three.BufferGeometry, three.RawShaderMaterial>;
  private readonly flat = new three.Camera();

  constructor(private readonly renderer: three.WebGLRenderer, options: SetOptions = {}) {
    const { quality = "auto" } = options;
    this.floats = ["EXT_color_buffer_float", "EXT_color_buffer_half_float"]
      .some((name) => renderer.extensions.has(name));
    this.files = new Files(renderer.capabilities.maxVertexUniforms);
    this.automatic = quality === "auto";
    this.quality = quality === "auto" ? "full" : quality;
    this.scene.matrixWorldAutoUpdate = true;
    const material = new three.RawShaderMaterial({
      vertexShader: DEVELOP_VERTEX, fragmentShader: DEVELOP_FRAGMENT, glslVersion: three.GLSL3,
      depthTest: false, depthWrite: false,
      uniforms: {
        scene: { value: null }, leaving: { value: null },
        mix_rule: { value: new Float32Array(4) }, origin: { value: new Float32Array(4) },
        tone: { value: new Float32Array(4) }, tone_lift: { value: new Float32Array(4) },
      },
    });
    this.sheet = new three.Mesh(new three.PlaneGeometry(2, 2), material);
    this.sheet.frustumCulled = false;
  }

  /** What this browser does not draw as the wall does, in words; nothing is left out silently. */
  get left_out(): string[] {
    const found = [...(this.built?.leftOut ?? [])];
    const here = [...this.performers, ...(this.fading?.performers ?? [])];
    for (const { id, figure } of new Map(here.map((one) => [one.id, one])).values()) {
      const why = this.files.why(figure);
      if (why) found.push(`the performer ${id}: ${why}`);
    }
    if (this.said) found.push(this.said);
    if (this.inOnePass) {
      const why = this.floats ? "pictures took too long" : "this browser has no floating-point pictures";
      found.push(`exact glow and glass: ${why}, so they are mixed after the display transform`);
      if (this.fading) found.push("the cross-fade: the new set is there at once");
    }
    if (this.fading && !this.leaving)
      found.push(`the cross-fade from ${this.fading.scene}: that set was not loaded here`);
    return found;
  }

  /** `draft` has no shadows and lights at corners of triangles. */
  get drawn(): Quality {
    return this.quality;
  }

  /** Load the set in a folder with scene.json and set.glb; the one before stays for a cross-fade. */
  async load(url: string, progress?: Progress): Promise<void> {
    const asked = ++this.asked;
    this.loading = asked;
    const built = await BuiltSet.load(url, this.quality, progress).finally(() => {
      if (this.loading === asked) this.loading = 0;
    });
    if (asked !== this.asked) return built.dispose(); // another one was asked for meanwhile
    this.before?.dispose();
    this.before = this.built;
    if (this.before) this.before.group.visible = false;
    this.built = built;
    this.scene.add(built.group);
    this.hash = url.replace(/\/+$/, "").split("/").pop() ?? "";
    this.hashes.set(built, this.hash);
    if (this.waiting) this.apply(this.waiting);
    this.idle = 0;
    this.update(this.seconds);
  }

  /** Take over what the state says; `update` shows it. */
  apply(state: State): void {
    const other = this.built && typeof state["set"] === "string" && state["set"] !== this.hash;
    if (this.loading || other) {
      this.waiting = state;
      return;
    }
    this.waiting = null;
    this.params = paramsOf(state);
    this.lights = lightsOf(state["lights"]);
    const names = namesOf(state);
    this.fading = fadeOf(state["fade"], names);
    this.performers = posedOf(state["performers"], names);
    if (typeof state["seconds"] === "number") this.seconds = state["seconds"];
    this.poses.feed(this.performers, this.seconds);
  }

  /** Bring the set to a time of the show, in seconds. */
  update(seconds: number): void {
    this.seconds = seconds;
    this.built?.update(this.params, this.lights, seconds);
    this.built?.perform(this.poses.at(seconds), this.files.get);
    this.built?.drawShadow(this.renderer, seconds);
    const old = this.leaving;
    this.idle = this.fading ? 0 : this.idle + 1;
    if (this.before && this.idle > KEPT) {
      this.before.dispose();
      this.before = null;
    }
    if (old && this.fading) {
      old.update(this.fading.params, this.fading.lights, seconds);
      old.perform(this.fading.performers, this.files.get);
      old.drawShadow(this.renderer, seconds);
    }
  }

  /** Draw the set as `camera` sees it, into what the renderer draws into now. */
  render(camera: three.Camera): void {
    const { renderer, built } = this;
    if (!built) return;
    this.watch();
    if (this.inOnePass) {
      this.show(built, 1); // each piece develops itself
      renderer.render(this.scene, camera);
      return;
    }
    const target = renderer.getRenderTarget();
    if (renderer.xr.enabled && renderer.xr.isPresenting && target) {
      return this.renderEyes(built, camera, target);
    }
    const size = target
      ? new three.Vector2(target.width, target.height)
      : renderer.getDrawingBufferSize(new three.Vector2());
    this.develop(built, camera, target, new three.Vector4(0, 0, size.x, size.y));
  }

  /** Both eyes of a headset, each through a picture of its own. */
  private renderEyes(built: BuiltSet, camera: three.Camera, target: three.WebGLRenderTarget): void {
    const { renderer } = this;
    const { xr } = renderer;
    xr.updateCamera(camera as three.PerspectiveCamera);
    const whole = target.viewport.clone();
    const auto = renderer.autoClear;
    xr.enabled = false; // else the renderer would draw both eyes each time
    renderer.autoClear = false;
    try {
      for (const eye of xr.getCamera().cameras as (three.PerspectiveCamera & { viewport: three.Vector4 })[]) {
        const own = eye.matrixWorldAutoUpdate;
        eye.matrixWorldAutoUpdate = false; // its pose is the headset's
        target.viewport.copy(eye.viewport);
        this.develop(built, eye, target, eye.viewport);
        eye.matrixWorldAutoUpdate = own;
      }
    } finally {
      xr.enabled = true;
      renderer.autoClear = auto;
      target.viewport.copy(whole);
      renderer.setRenderTarget(target);
    }
  }

  /** Draw scene-linear light, and into a region of `target` what is displayed of it. */
  private develop(
    built: BuiltSet, camera: three.Camera, target: three.WebGLRenderTarget | null, region: three.Vector4,
  ): void {
    const { renderer } = this;
    const uniforms = this.sheet.material.uniforms;
    const old = this.leaving;
    this.draw(built, this.pictures[0], region, camera);
    if (old) this.draw(old, this.pictures[1], region, camera);
    uniforms["scene"]!.value = this.pictures[0].texture;
    uniforms["leaving"]!.value = this.pictures[old ? 1 : 0].texture;
    (uniforms["origin"]!.value as Float32Array).set([region.x, region.y]);
    this.mix(old);
    this.show(built, 1);
    renderer.setRenderTarget(target);
    renderer.render(this.sheet, this.flat);
    this.drawOthers(camera);
  }

  /** What of the scene is not of the set (panels, hands): as it is, over the developed picture. */
  private drawOthers(camera: three.Camera): void {
    if (!this.others.some(isDrawn)) return;
    const { renderer } = this;
    const auto = renderer.autoClear;
    const groups = [this.built, this.before].flatMap((one) => (one ? [one.group] : []));
    const shown = groups.map((group) => group.visible);
    for (const group of groups) group.visible = false;
    renderer.autoClear = false;
    renderer.clearDepth();
    renderer.render(this.scene, camera);
    renderer.autoClear = auto;
    groups.forEach((group, i) => (group.visible = shown[i]!));
  }

  /** What others have put into the scene. */
  private get others(): three.Object3D[] {
    return this.scene.children.filter((one) => one !== this.built?.group && one !== this.before?.group);
  }

  /** Where a named place of the set is and looks, as a camera of three.js has it. */
  place(name: string): { position: three.Vector3; quaternion: three.Quaternion } {
    const found = this.built?.sheet.places[name];
    if (!found) throw new Error(`there is no place ${name} in the set`);
    const [x, y, z] = found.at;
    const turn = new three.Euler((found.tilt * Math.PI) / 180, (found.pan * Math.PI) / 180, 0, "YXZ");
    return {
      position: new three.Vector3(x, z, -y),
      quaternion: new three.Quaternion().setFromEuler(turn),
    };
  }

  /** The names of the set's places. */
  get places(): string[] {
    return Object.keys(this.built?.sheet.places ?? {});
  }

  dispose(): void {
    this.asked++;
    this.built?.dispose();
    this.before?.dispose();
    this.built = this.before = null;
    this.files.dispose();
    for (const one of this.pictures) one.dispose();
    this.sheet.geometry.dispose();
    this.sheet.material.dispose();
  }

  /** Whether each piece develops itself: for headsets that are late, and without float pictures. */
  private get inOnePass(): boolean {
    return !this.floats || (this.late && this.renderer.xr.isPresenting);
  }

  /** The set that fades out, if it is here. */
  private get leaving(): BuiltSet | null {
    if (!this.fading || this.fading.share <= 0 || !this.before) return null;
    const { scene, set } = this.fading;
    const is = set ? this.hashes.get(this.before) === set : this.before.sheet.id === scene;
    return is ? this.before : null;
  }

  private show(built: BuiltSet, develops: number): void {
    for (const one of [this.built, this.before]) if (one) one.group.visible = one === built;
    (built.develops.value as Float32Array)[0] = develops;
  }

  private draw(
    built: BuiltSet, into: three.WebGLRenderTarget, region: three.Vector4, camera: three.Camera,
  ): void {
    const { renderer } = this;
    if (into.width !== region.z || into.height !== region.w) into.setSize(region.z, region.w);
    this.show(built, 0);
    const others = this.others.filter((one) => one.visible);
    for (const one of others) one.visible = false;
    renderer.setRenderTarget(into);
    renderer.clear();
    renderer.render(this.scene, camera);
    for (const one of others) one.visible = true;
  }

  /** How the two sets are mixed, and with which display transform: as on the wall. */
  private mix(old: BuiltSet | null): void {
    const uniforms = this.sheet.material.uniforms;
    const [tone, lift, rule] = ["tone", "tone_lift", "mix_rule"].map(
      (name) => uniforms[name]!.value as Float32Array,
    ) as [Float32Array, Float32Array, Float32Array];
    const { lighting } = this.built!;
    tone.set(lighting.tone);
    lift.set(lighting.lift);
    rule.fill(0);
    if (!old || !this.fading) return;
    const share = this.fading.share;
    rule.set([old.lighting.tone[0]! / lighting.tone[0]!, share]);
    for (let i = 0; i < 4; i++) {
      if (i > 0) tone[i] = old.lighting.tone[i]! * share + lighting.tone[i]! * (1 - share);
      lift[i] = old.lighting.lift[i]! * share + lighting.lift[i]! * (1 - share);
    }
  }

  /** Become cheaper where pictures take too long: in a headset one pass, then a simpler set. */
  private watch(): void {
    const now = performance.now();
    const took = now - this.lastPicture;
    this.lastPicture = now;
    if (!this.automatic || took > 500) return; // the page was hidden, or has just begun
    this.slow = took > SLOW_MS ? this.slow + 1 : 0;
    if (this.slow < WATCHED) return;
    this.slow = 0;
    const ms = Math.round(took);
    if (this.renderer.xr.isPresenting && !this.late) {
      this.late = true;
    } else if (this.quality === "full") {
      this.quality = "draft";
      this.said = `shadows and fine light: a picture took ${ms} ms, so the set is drawn simpler`;
      void this.simplify();
    }
  }

  private async simplify(): Promise<void> {
    const old = this.built;
    const asked = this.asked;
    if (!old) return;
    const built = await old.as("draft");
    if (asked !== this.asked || this.built !== old) return built.dispose();
    this.hashes.set(built, this.hash);
    this.built = built;
    this.scene.add(built.group);
    old.dispose();
    this.update(this.seconds);
  }
}

function isDrawn(one: three.Object3D): boolean {
  return one.visible && ("geometry" in one || one.children.some(isDrawn));
}

function picture(): three.WebGLRenderTarget {
  return new three.WebGLRenderTarget(1, 1, {
    type: three.HalfFloatType, samples: 4, minFilter: three.NearestFilter,
    magFilter: three.NearestFilter, generateMipmaps: false,
  });
}
