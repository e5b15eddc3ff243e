import {
  BufferGeometry, Group, Line, LineBasicMaterial, Mesh, PlaneGeometry, PerspectiveCamera, RawShaderMaterial,
  Raycaster, RingGeometry, MeshBasicMaterial, Scene, Vector3, WebGLRenderTarget, type Intersection,
} from "three";
import { inLanguages, speakerName, type Languages } from "./captions";
import { hint, secondsLeft, type By, type Picked } from "./options";
import { Panel, type PanelLook } from "./panels";
import type { Picture } from "./picture";
import type { OptionNow, State } from "./protocol";
import { soundCaption } from "./sound";
import { word } from "./words";

export type Kind = "immersive-vr" | "immersive-ar";
const DWELL = 1.8; // seconds of looking at an option's dot
const AWAY = 1.7; // metres to the panels
const GROUND = "rgb(10 12 16 / 0.82)";

/** Why a kind of session is not offered; empty where it is. */
export async function whyNot(kind: Kind): Promise<string> {
  if (!navigator.xr) {
    return isSecureContext
      ? word("noXr")
      : word("xrNeedsHttps");
  }
  try {
    return (await navigator.xr.isSessionSupported(kind)) ? "" : word("noSession", nameOf(kind));
  } catch (error) {
    return word("refusesSession", nameOf(kind), error instanceof Error ? error.message : String(error));
  }
}

export function nameOf(kind: Kind): string {
  return word(kind === "immersive-vr" ? "vr" : "ar");
}

/** How an input source picked. */
export function sourceOf(source: XRInputSource | undefined): By {
  if (source?.hand || source?.targetRayMode === "transient-pointer") return "pinch";
  if (source?.targetRayMode === "gaze") return "gaze";
  return source?.targetRayMode === "screen" ? "tap" : "trigger";
}

/** What the world's panels show; asked before each picture. */
export interface Shown {
  state: Partial<State>;
  languages: Languages;
  seconds: number;
  withSounds: boolean;
  dwell: boolean;
  picked: Picked | undefined;
  notice: string;
}

/** A session in a headset or through a phone's camera: captions and options as panels in the world. */
export class Immersion {
  onPick: (option: OptionNow, by: By) => void = () => {};
  onEnd: () => void = () => {};
  kind: Kind = "immersive-vr";
  private session: XRSession | undefined;
  private readonly board = new Group();
  private readonly captions = new Panel(1.5, 0.36);
  private panels: { option: OptionNow; panel: Panel }[] = [];
  private shownOptions = "";
  private readonly ray = new Raycaster();
  private readonly hands: Group[] = [];
  private readonly cross = new Mesh(
    new RingGeometry(0.006, 0.01, 24), new MeshBasicMaterial({ color: 0xffffff, depthTest: false, transparent: true, toneMapped: false }),
  );
  private looked: OptionNow | undefined;
  private rested = 0;
  private window: SetWindow | undefined;
  private placed = false;

  constructor(private readonly picture: Picture, private readonly shown: () => Shown) {
    this.board.add(this.captions.root);
    this.cross.renderOrder = 1001;
    this.cross.position.z = -1;
    const { xr } = picture.renderer;
    for (const at of [0, 1]) {
      const hand = xr.getController(at);
      hand.add(pointer());
      hand.addEventListener("select", (event) => this.select(hand, (event as unknown as { data?: XRInputSource }).data));
      hand.addEventListener("connected", () => (hand.visible = true));
      this.hands.push(hand);
    }
  }

  get isOn(): boolean {
    return this.session !== undefined;
  }

  /** Begin; to be called while a press is handled. Throws what the browser says. */
  async start(kind: Kind): Promise<void> {
    const { renderer, rig, camera } = this.picture;
    const session = await navigator.xr!.requestSession(kind, {
      optionalFeatures: ["local-floor", "hand-tracking", "bounded-floor"],
    });
    this.kind = kind;
    this.session = session;
    renderer.xr.enabled = true;
    renderer.xr.setReferenceSpaceType("local-floor");
    session.addEventListener("end", () => this.ended());
    await renderer.xr.setSession(session);
    rig.add(this.board, ...this.hands);
    camera.add(this.cross);
    this.placed = false;
    camera.position.set(0, 0, 0);
    if (kind === "immersive-ar") this.window = new SetWindow(this.picture);
    this.picture.draw = kind === "immersive-ar" ? () => this.drawAround() : undefined;
    this.picture.stand();
  }

  async end(): Promise<void> {
    await this.session?.end();
  }

  /** Bring the panels to the state; before each picture. */
  update(elapsed: number): void {
    if (!this.session) return;
    const shown = this.shown();
    if (!this.placed) this.place();
    this.caption(shown);
    this.options(shown);
    this.gaze(elapsed, shown);
  }

  /** The panels in the world's metres, for tests. */
  positions(): Record<string, number[]> {
    const at = (panel: Panel): number[] => panel.root.getWorldPosition(new Vector3()).toArray();
    return Object.fromEntries(this.panels.map(({ option, panel }) => [option.id, at(panel)]));
  }

  /** The middle of the options' dots, for tests. */
  dots(): Record<string, number[]> {
    return Object.fromEntries(this.panels.map(({ option, panel }) => [option.id, panel.root.localToWorld(new Vector3(-0.385, 0, 0)).toArray()]));
  }

  private ended(): void {
    this.session = undefined;
    this.picture.draw = undefined;
    this.window?.dispose();
    this.window = undefined;
    this.board.removeFromParent();
    this.cross.removeFromParent();
    for (const hand of this.hands) hand.removeFromParent();
    this.picture.renderer.xr.enabled = false;
    this.picture.stand();
    this.picture.fit();
    this.onEnd();
  }

  /** Before the eyes, at their height: seated and standing viewers see the panels alike. */
  private place(): void {
    const { camera } = this.picture;
    const eyes = camera.position;
    if (eyes.lengthSq() === 0) return; // the headset has no pose yet
    this.placed = true;
    const ahead = new Vector3(0, 0, -1).applyQuaternion(camera.quaternion).setY(0).normalize();
    this.board.position.copy(eyes).addScaledVector(ahead, AWAY).setY(eyes.y - 0.28);
    this.board.rotation.set(0, Math.atan2(-ahead.x, -ahead.z), 0);
    this.window?.place(eyes, ahead);
  }

  private caption({ state, languages, withSounds, notice }: Shown): void {
    const lines: PanelLook["lines"] = [];
    for (const caption of state.captions ?? []) {
      const name = speakerName(state, caption, languages[0] ?? "");
      if (name) lines.push({ text: name, size: 34, colour: "#f4c27a" });
      for (const [language, text] of inLanguages(caption.texts, languages)) lines.push({ text, size: 46, colour: "#ffffff", language });
    }
    const sounds = withSounds ? [...new Set((state.sounds ?? []).map(soundCaption).filter(Boolean))] : [];
    if (sounds.length) lines.push({ text: sounds.join(" "), size: 28, colour: "#c9d1dd" });
    if (notice) lines.push({ text: notice, size: 30, colour: "#ffd9a0" });
    this.captions.draw({ lines });
    this.captions.root.visible = lines.length > 0;
  }

  private options({ state, languages, seconds, picked }: Shown): void {
    const choice = state.choice ?? undefined;
    const key = JSON.stringify([choice?.id, choice?.options.map((one) => one.id)]);
    if (key !== this.shownOptions) {
      this.shownOptions = key;
      for (const { panel } of this.panels) panel.dispose();
      this.panels = (choice?.options ?? []).map((option, at) => ({ option, panel: this.optionPanel(at) }));
      this.looked = undefined;
    }
    if (!choice) return;
    const left = secondsLeft(choice, seconds);
    this.panels.forEach(({ option, panel }, at) => {
      const lines: PanelLook["lines"] = inLanguages(option.texts, languages).map(([language, text]) => ({ text, size: 40, colour: "#ffffff", language }));
      const other = hint(option);
      if (other) lines.push({ text: other, size: 26, colour: "#c9d1dd" });
      if (at === 0 && left !== undefined && choice.phase !== "picked")
        lines.push({ text: `${Math.ceil(left)} s`, size: 26, colour: "#ffd9a0" });
      const share = Math.round(Math.min(1, this.looked === option ? this.rested / DWELL : 0) * 24) / 24;
      const look: PanelLook = { lines, ground: GROUND, dot: { digit: String(at + 1), share } };
      if (picked?.option === option.id) look.edge = picked.how === "recorded" ? "#62cf8f" : "#f0b25e";
      if (state.left !== undefined && state.left !== null) look.share = Math.round(state.left * 100) / 100;
      panel.draw(look);
    });
  }

  private optionPanel(at: number): Panel {
    const panel = new Panel(0.94, 0.24);
    panel.root.position.set(0, -0.34 - at * 0.27, 0);
    panel.root.rotation.x = -0.12;
    this.board.add(panel.root);
    panel.root.updateMatrixWorld(true);
    return panel;
  }

  private gaze(elapsed: number, { state, dwell }: Shown): void {
    this.cross.visible = dwell && state.choice?.phase === "open";
    if (!this.cross.visible) return;
    const { camera } = this.picture;
    this.ray.set(camera.getWorldPosition(new Vector3()), camera.getWorldDirection(new Vector3()));
    const hit = this.hit();
    // Only the dot counts: who reads the text must not pick by it.
    const found = hit && hit.uv && hit.uv.x < 0.24 ? this.optionOf(hit) : undefined;
    if (found?.id !== this.looked?.id) this.rested = 0;
    this.looked = found;
    if (!found) return;
    const before = this.rested;
    this.rested += elapsed;
    if (before < DWELL && this.rested >= DWELL) this.onPick(found, "gaze");
  }

  private select(hand: Group, source: XRInputSource | undefined): void {
    const origin = hand.getWorldPosition(new Vector3());
    this.ray.set(origin, new Vector3(0, 0, -1).transformDirection(hand.matrixWorld));
    const hit = this.hit();
    const option = hit && this.optionOf(hit);
    if (option) this.onPick(option, sourceOf(source));
  }

  private hit(): Intersection | undefined {
    return this.ray.intersectObjects(this.panels.map(({ panel }) => panel.mesh), false)[0];
  }

  private optionOf(hit: Intersection): OptionNow | undefined {
    return this.panels.find(({ panel }) => panel.mesh === hit.object)?.option;
  }

  /** In the room: the set is behind a window, the panels are before it. */
  private drawAround(): void {
    this.window?.draw();
  }
}

function pointer(): Line {
  const line = new BufferGeometry().setFromPoints([new Vector3(), new Vector3(0, 0, -2)]);
  return new Line(line, new LineBasicMaterial({ color: 0xffffff, transparent: true, opacity: 0.55, toneMapped: false }));
}

const WINDOW = { width: 1.9, height: 1.07, away: 2.4 }; // metres
const VERTEX = `precision highp float;
attribute vec3 position; attribute vec2 uv; varying vec2 at;
uniform mat4 modelViewMatrix, projectionMatrix;
void main() { at = uv; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`;
const FRAGMENT = `precision highp float;
varying vec2 at; uniform sampler2D map;
void main() { gl_FragColor = vec4(texture2D(map, at).rgb, 1.0); }`;

/** In the viewer's room: a window into the set, right for where the head is. */
class SetWindow {
  private readonly target = new WebGLRenderTarget(1280, 720, { samples: 4 });
  private readonly eye = new PerspectiveCamera();
  private readonly world = new Scene();
  private readonly pane = new Mesh(
    new PlaneGeometry(WINDOW.width, WINDOW.height),
    new RawShaderMaterial({ vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms: { map: { value: this.target.texture } } }),
  );

  constructor(private readonly picture: Picture) {}

  place(eyes: Vector3, ahead: Vector3): void {
    this.pane.position.copy(eyes).addScaledVector(ahead, WINDOW.away).setY(eyes.y + 0.12);
    this.pane.rotation.set(0, Math.atan2(-ahead.x, -ahead.z), 0);
  }

  draw(): void {
    const { renderer, view, rig, camera } = this.picture;
    const { xr } = renderer;
    // Panels and hands belong to the room: they are not to be seen in the set.
    const room = rig.children.filter((child) => child !== camera);
    const shownCross = camera.children.map((child) => child.visible);
    for (const child of [...room, ...camera.children]) child.visible = false;
    const target = renderer.getRenderTarget();
    this.aim();
    xr.enabled = false;
    renderer.setRenderTarget(this.target);
    renderer.clear();
    view.render(this.eye);
    renderer.setRenderTarget(target);
    xr.enabled = true;
    for (const child of room) child.visible = true;
    camera.children.forEach((child, at) => (child.visible = shownCross[at] ?? true));
    view.scene.remove(rig);
    this.world.add(rig);
    rig.add(this.pane);
    renderer.setClearAlpha(0);
    renderer.render(this.world, camera);
    renderer.setClearAlpha(1);
    rig.remove(this.pane);
    view.scene.add(rig);
  }

  /** The eye's frustum goes through the window's edges, as if the set were behind it. */
  private aim(): void {
    const { camera, rig } = this.picture;
    const { eye, pane } = this;
    const head = pane.worldToLocal(rig.worldToLocal(camera.getWorldPosition(new Vector3())));
    const { width, height } = WINDOW;
    const near = 0.05;
    const away = Math.max(0.2, head.z);
    const scale = near / away;
    eye.position.copy(camera.getWorldPosition(new Vector3()));
    pane.updateMatrix();
    eye.quaternion.copy(rig.quaternion).multiply(pane.quaternion);
    eye.updateMatrixWorld(true);
    eye.projectionMatrix.makePerspective(
      (-width / 2 - head.x) * scale, (width / 2 - head.x) * scale,
      (height / 2 - head.y) * scale, (-height / 2 - head.y) * scale, near, 2000,
    );
    eye.projectionMatrixInverse.copy(eye.projectionMatrix).invert();
  }

  dispose(): void {
    this.target.dispose();
    this.pane.geometry.dispose();
    this.pane.material.dispose();
  }
}
