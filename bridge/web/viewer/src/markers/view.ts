// The camera on the page: a button, a lamp while it is on, the picture, and what appears in it.

import { MarkerFinder, type Codes, type Settings } from ".";
import { Anchored } from "./anchored";
import { CameraRefused, closeCamera, openCamera } from "./camera";
import "./view.css";

export interface Answer {
  /** Empty where the marker opened something. */
  readonly text: string;
  readonly code: string;
}

export interface Camera {
  /** The codes of the story's markers. */
  readonly codes: () => Codes;
  /** Ask the show: it answers in words where the marker opens nothing. */
  readonly found: (marker: string) => Promise<Answer>;
  readonly notify: (text: string) => void;
  readonly settings?: Settings;
}

/** Everything of it is in `root`; `button` opens and closes it. */
export class MarkerCamera {
  readonly button = document.createElement("button");
  private readonly box = document.createElement("section");
  private readonly video = document.createElement("video");
  private readonly canvas = document.createElement("canvas");
  private readonly lamp = document.createElement("p");
  private readonly words = document.createElement("p");
  private readonly finder: MarkerFinder;
  private stream: MediaStream | undefined;
  private anchored: Anchored | undefined;
  private names: readonly string[] = [];
  private light_: [readonly [number, number, number], number] = [[1, 0.85, 0.65], 0.5];
  still = false;

  constructor(root: HTMLElement, private readonly camera: Camera) {
    this.finder = new MarkerFinder(camera.settings);
    this.button.type = "button";
    this.button.className = "tool";
    this.button.addEventListener("click", () => void this.toggle());
    this.box.className = "marker-camera";
    this.box.setAttribute("aria-label", "Camera");
    this.box.hidden = true;
    this.lamp.className = "marker-lamp";
    this.lamp.setAttribute("role", "status");
    this.words.className = "marker-words";
    this.words.setAttribute("role", "status");
    this.video.setAttribute("aria-hidden", "true");
    this.canvas.setAttribute("aria-hidden", "true");
    this.video.playsInline = true;
    this.video.muted = true;
    this.box.append(this.video, this.canvas, this.lamp, this.words);
    root.append(this.box);
    this.dress();
  }

  get isOn(): boolean {
    return this.stream !== undefined;
  }

  /** Markers that have something shown at them now. */
  get visible(): readonly string[] {
    return this.anchored?.visible ?? [];
  }

  /** Frames looked at since the page was opened. */
  get looked(): number {
    return this.finder.looked;
  }

  /** The names in the state's `markers`. */
  allow(names: readonly string[]): void {
    this.names = names;
    this.finder.allow(names);
  }

  light(colour: readonly [number, number, number], strength: number): void {
    this.light_ = [colour, strength];
    this.anchored?.light(colour, strength);
  }

  async toggle(): Promise<void> {
    if (this.isOn) this.stop();
    else await this.start();
  }

  async start(): Promise<void> {
    if (this.isOn) return;
    this.button.disabled = true;
    this.box.hidden = false;
    this.say("The browser asks whether this page may use the camera.");
    try {
      this.stream = await openCamera(this.video);
    } catch (error) {
      this.say(error instanceof CameraRefused ? error.message : String(error));
      this.box.dataset["camera"] = "refused";
      this.button.disabled = false;
      return;
    }
    this.button.disabled = false;
    this.box.dataset["camera"] = "on";
    this.stream.getVideoTracks()[0]?.addEventListener("ended", () => {
      this.stop();
      this.camera.notify("The camera was switched off.");
    });
    this.anchored = new Anchored(this.video, this.canvas);
    this.anchored.still = this.still;
    this.anchored.light(...this.light_);
    this.say("Point the camera at a printed marker.");
    this.finder.start(
      this.video,
      this.camera.codes(),
      (marker) => void this.ask(marker),
      (sightings) => {
        for (const one of sightings) this.anchored?.place(one.marker, one.pose);
      },
      (text) => this.say(text),
    );
    this.finder.allow(this.names);
    this.dress();
  }

  stop(): void {
    this.finder.stop();
    this.anchored?.dispose();
    this.anchored = undefined;
    if (this.stream) closeCamera(this.stream);
    this.stream = undefined;
    this.video.srcObject = null;
    this.box.hidden = true;
    delete this.box.dataset["camera"];
    this.dress();
  }

  private async ask(marker: string): Promise<void> {
    const { text } = await this.camera.found(marker);
    if (text) {
      this.say(text);
      return;
    }
    this.say("");
    this.box.dataset["opened"] = marker;
    this.anchored?.show(marker);
    navigator.vibrate?.(30);
  }

  private dress(): void {
    this.button.textContent = this.isOn ? "Close the camera" : "Look for markers";
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.lamp.textContent = this.isOn ? "Camera on. Pictures stay on this device." : "";
    this.lamp.hidden = !this.isOn;
  }

  private say(text: string): void {
    this.words.textContent = text;
    this.words.hidden = !text;
  }
}
