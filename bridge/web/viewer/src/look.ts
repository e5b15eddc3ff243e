import { Euler, MathUtils, Quaternion, Vector3 } from "three";

const FURTHEST = 1.2; // metres from the place: sets are built to be seen from there
const STEP = 1.4; // metres per second
const TURN = 75; // degrees per second of keys and sticks
const HIGHEST = 80; // degrees up and down

/** iOS asks a person before a page gets the orientation, and only while a press is handled. */
type Asking = { requestPermission?: () => Promise<"granted" | "denied"> };
export type Motion = "on" | "off" | "refused" | "none";

/** The view's turn from a device's angles in degrees and the screen's rotation. */
export function deviceTurn(alpha: number, beta: number, gamma: number, screen: number): Quaternion {
  const [a, b, g] = [alpha, beta, gamma].map(MathUtils.degToRad) as [number, number, number];
  const turn = new Quaternion().setFromEuler(new Euler(b, a, -g, "YXZ"));
  // The camera looks out of the back of the device, not out of its top.
  turn.multiply(new Quaternion(-Math.SQRT1_2, 0, 0, Math.SQRT1_2));
  return turn.multiply(new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), MathUtils.degToRad(-screen)));
}

/** Where a viewer looks: by finger or mouse, keys, a gamepad, or the phone's own orientation. */
const NARROWEST = 0.82; // of the height's field that the width has at least, as tangents
const WIDEST = 88;

/** The vertical field of view on a screen of this shape, degrees: an upright phone sees the sides, too. */
export function verticalField(degrees: number, aspect: number): number {
  const half = Math.tan(MathUtils.degToRad(degrees / 2));
  const wider = Math.max(half, (NARROWEST * half) / Math.max(aspect, 0.1));
  return Math.min(MathUtils.radToDeg(2 * Math.atan(wider)), WIDEST);
}

export class Look {
  motion: Motion = "off";
  /** Degrees of the vertical field of view, on a screen that is wider than high. */
  fov = 50;
  private yaw = 0;
  private pitch = 0;
  private readonly moved = new Vector3();
  private readonly keys = new Set<string>();
  private device: Quaternion | undefined;
  private forward: number | undefined;
  private readonly fingers = new Map<number, { x: number; y: number }>();
  private spread = 0;
  private readonly pressed = new Map<string, boolean>();
  /** A gamepad's button: the option's number, or "place". */
  onButton: (button: number) => void = () => {};

  constructor(private readonly surface: HTMLElement) {
    surface.addEventListener("pointerdown", (event) => this.down(event));
    surface.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"] as const)
      surface.addEventListener(name, (event) => this.fingers.delete(event.pointerId));
    surface.addEventListener("wheel", (event) => this.zoom(event.deltaY * 0.03), { passive: true });
    addEventListener("blur", () => this.keys.clear());
  }

  /** Keys that turn and move; true where the key was used. */
  key(event: KeyboardEvent, down: boolean): boolean {
    const name = event.key.toLowerCase();
    if (!/^(arrow(left|right|up|down)|[wasd]|home|\+|-)$/.test(name)) return false;
    if (down && name === "home") this.reset();
    else if (down && name === "+") this.zoom(-4);
    else if (down && name === "-") this.zoom(4);
    else if (down) this.keys.add(name);
    else this.keys.delete(name);
    return true;
  }

  /** Ask for the device's orientation; to be called while a press is handled. */
  async startMotion(): Promise<Motion> {
    if (!("DeviceOrientationEvent" in globalThis)) return (this.motion = "none");
    const asking = DeviceOrientationEvent as unknown as Asking;
    if (asking.requestPermission) {
      const said = await asking.requestPermission().catch(() => "denied" as const);
      if (said !== "granted") return (this.motion = "refused");
    }
    addEventListener("deviceorientation", this.oriented);
    return (this.motion = "on");
  }

  stopMotion(): void {
    removeEventListener("deviceorientation", this.oriented);
    this.device = undefined;
    this.forward = undefined;
    this.motion = "off";
  }

  /** Look straight ahead again; what is ahead of the phone now becomes the set's middle. */
  reset(): void {
    this.yaw = this.pitch = 0;
    this.moved.set(0, 0, 0);
    this.forward = undefined;
    this.fov = 50;
  }

  private readonly oriented = (event: DeviceOrientationEvent): void => {
    const { alpha, beta, gamma } = event;
    if (alpha === null || beta === null || gamma === null) return;
    this.device = deviceTurn(alpha, beta, gamma, screen.orientation?.angle ?? 0);
    if (this.forward === undefined) {
      const ahead = new Vector3(0, 0, -1).applyQuaternion(this.device);
      this.forward = Math.atan2(-ahead.x, -ahead.z);
      this.pitch = 0;
    }
  };

  /** The pose of the eyes, relative to the place. */
  pose(elapsed: number): { position: Vector3; quaternion: Quaternion } {
    this.move(elapsed);
    const own = new Quaternion().setFromEuler(
      new Euler(MathUtils.degToRad(this.pitch), MathUtils.degToRad(this.yaw), 0, "YXZ"),
    );
    if (!this.device) return { position: this.moved, quaternion: own };
    const ahead = new Quaternion().setFromAxisAngle(new Vector3(0, 1, 0), MathUtils.degToRad(this.yaw) - (this.forward ?? 0));
    return { position: this.moved, quaternion: ahead.multiply(this.device) };
  }

  private move(elapsed: number): void {
    const on = (name: string): number => (this.keys.has(name) ? 1 : 0);
    const pad = this.gamepad();
    this.yaw += TURN * elapsed * (on("arrowleft") - on("arrowright") - pad.turn);
    this.tilt(this.pitch + TURN * elapsed * (on("arrowup") - on("arrowdown") - pad.tilt));
    const step = new Vector3(on("d") - on("a") + pad.x, 0, on("s") - on("w") + pad.z);
    if (!step.lengthSq()) return;
    step.applyAxisAngle(new Vector3(0, 1, 0), MathUtils.degToRad(this.yaw));
    this.moved.addScaledVector(step, STEP * elapsed).clampLength(0, FURTHEST);
  }

  private gamepad(): { x: number; z: number; turn: number; tilt: number } {
    const pad = navigator.getGamepads?.().find((one) => one?.connected && one.mapping === "standard");
    const axis = (at: number): number => {
      const value = pad?.axes[at] ?? 0;
      return Math.abs(value) < 0.15 ? 0 : value;
    };
    pad?.buttons.forEach((button, at) => {
      const name = `${pad.index} ${at}`;
      if (button.pressed && !this.pressed.get(name)) this.onButton(at);
      this.pressed.set(name, button.pressed);
    });
    return { x: axis(0), z: axis(1), turn: axis(2), tilt: axis(3) };
  }

  private down(event: PointerEvent): void {
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.spread = 0;
    this.surface.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.fingers.size > 1) {
      const [one, two] = [...this.fingers.values()] as [typeof before, typeof before];
      const spread = Math.hypot(one.x - two.x, one.y - two.y);
      if (this.spread) this.zoom((this.spread - spread) * 0.12);
      this.spread = spread;
      return;
    }
    const { clientWidth: width, clientHeight: height } = this.surface;
    const degrees = verticalField(this.fov, width / Math.max(1, height)) / Math.max(1, height);
    this.yaw += (event.clientX - before.x) * degrees;
    if (!this.device) this.tilt(this.pitch + (event.clientY - before.y) * degrees);
  }

  private tilt(degrees: number): void {
    this.pitch = MathUtils.clamp(degrees, -HIGHEST, HIGHEST);
  }

  private zoom(degrees: number): void {
    this.fov = MathUtils.clamp(this.fov + degrees, 20, 85);
  }
}
