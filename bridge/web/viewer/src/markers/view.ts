// The camera on the page: a button, a lamp while it is on, the picture, and what appears in it.

import { MarkerFinder, type Codes, type Settings, type Sighting } from ".";
import { Anchored } from "./anchored";
import { CameraRefused, closeCamera, openCamera } from "./camera";
import { lasting, word } from "../words";
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

/** Milliseconds for which a text about a marker is shown. */
const SAID = 5000;

/** The picture is in `root`; `button` opens and closes it, and `notes` has its lamp and its words. */
export class MarkerCamera {
  readonly button = document.createElement("button");
  readonly notes = document.createElement("div");
  /** The markers in each picture that was looked at. */
  onSeen: (sightings: readonly Sighting[]) => void = () => {};
  /** The camera's picture covers the page, or does so no more. */
  onTurned: (on: boolean) => void = () => {};
  private readonly box = document.createElement("section");
  private readonly video = document.createElement("video");
  private readonly canvas = document.createElement("canvas");
  private readonly lamp = document.createElement("p");
  private readonly words = document.createElement("p");
  private readonly finder: MarkerFinder;
  private stream: MediaStream | undefined;
  private anchored: Anchored | undefined;
  private names: readonly string[] = [];
  private readonly opened = new Set<string>();
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private light_: [readonly [number, number, number], number] = [[1, 0.85, 0.65], 0.5];
  still = false;

  constructor(root: HTMLElement, private readonly camera: Camera) {
    this.finder = new MarkerFinder(camera.settings);
    this.button.type = "button";
    this.button.className = "tool";
    this.button.addEventListener("click", () => void this.toggle());
    this.box.className = "marker-camera";
    this.box.hidden = true;
    this.lamp.className = "marker-lamp";
    this.lamp.setAttribute("role", "status");
    this.words.className = "marker-words";
    this.words.setAttribute("role", "status");
    this.video.setAttribute("aria-hidden", "true");
    this.canvas.setAttribute("aria-hidden", "true");
    this.video.playsInline = true;
    this.video.muted = true;
    this.box.append(this.video, this.canvas);
    this.notes.className = "marker-notes";
    this.notes.append(this.lamp, this.words);
    root.append(this.box);
    lasting(() => {
      this.box.setAttribute("aria-label", word("cameraName"));
      this.dress();
    });
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
    this.say(word("cameraAsks"));
    try {
      this.stream = await openCamera(this.video);
    } catch (error) {
      this.say(error instanceof CameraRefused ? error.message : String(error));
      this.box.dataset["camera"] = "refused";
      this.box.hidden = true;
      this.button.disabled = false;
      return;
    }
    this.button.disabled = false;
    this.box.dataset["camera"] = "on";
    this.onTurned(true);
    this.guard(this.stream);
    this.anchored = new Anchored(this.video, this.canvas);
    this.anchored.still = this.still;
    this.anchored.light(...this.light_);
    for (const marker of this.opened) this.anchored.show(marker);
    this.say(word("cameraPoint"));
    this.finder.start(
      this.video,
      this.camera.codes(),
      (marker) => void this.ask(marker),
      (sightings) => {
        this.onSeen(sightings);
        for (const one of sightings) this.anchored?.place(one.marker, one.pose);
      },
      (text) => this.say(text),
      (marker) => this.opensNothing(marker, word("cameraNothing")),
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
    clearTimeout(this.quiet);
    delete this.box.dataset["opened"];
    delete this.box.dataset["camera"];
    this.say("");
    this.onTurned(false);
    this.dress();
  }

  /** The camera may end at any time: a call, another program, a cable, the browser's own button. */
  private guard(stream: MediaStream): void {
    const [track] = stream.getVideoTracks();
    track?.addEventListener("ended", () => {
      if (this.stream !== stream) return;
      this.stop();
      this.camera.notify(word("cameraOff"));
    });
    track?.addEventListener("mute", () => this.say(word("cameraBlack")));
    track?.addEventListener("unmute", () => this.say(word("cameraPoint")));
  }

  private async ask(marker: string): Promise<void> {
    const { text } = await this.camera.found(marker);
    if (text) {
      this.opensNothing(marker, text);
      return;
    }
    this.opened.add(marker);
    this.say("");
    this.box.dataset["opened"] = marker;
    this.anchored?.show(marker);
    navigator.vibrate?.(30);
  }

  /** What a marker has opened stays at it; another one says quietly why nothing happens. */
  private opensNothing(marker: string, text: string): void {
    if (!this.opened.has(marker)) this.say(text, SAID);
  }

  private dress(): void {
    this.button.textContent = word(this.isOn ? "cameraClose" : "markers");
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.lamp.textContent = this.isOn ? word("cameraOn") : "";
    this.lamp.hidden = !this.isOn;
  }

  /** Say something; with `milliseconds`, only for so long. */
  private say(text: string, milliseconds = 0): void {
    clearTimeout(this.quiet);
    this.words.textContent = text;
    this.words.hidden = !text;
    if (milliseconds) this.quiet = setTimeout(() => this.say(word("cameraPoint")), milliseconds);
  }
}
