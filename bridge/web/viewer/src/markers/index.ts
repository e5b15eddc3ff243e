// Finds the story's printed markers in the camera's picture.

import { STRICT, type Codes, type Rules } from "./codes";
import type { Sighting } from "./finder";
import { lensOf, type Pose } from "./pose";
import { Steady } from "./steady";
import { word } from "../words";
import type { Look, Looked } from "./worker";

export type { Codes } from "./codes";
export type { Pose } from "./pose";
export type { Sighting } from "./finder";

/** Metres; `xrdrama markers` prints this size unless `--size` is given. Of another size, distances are
 * wrong in proportion, and what is drawn at the marker still covers it. */
export const SIZE = 0.07;
/** Degrees across the longer side of the camera's picture; see `lensOf`. */
export const FIELD = 65;
/** Pixels of the longer side of the pictures that are looked at. */
const LONGER = 640;
/** Milliseconds between two looks at least. */
const PAUSE = 60;

export interface Settings {
  readonly size?: number;
  readonly field?: number;
  /** Frames in a row; the tests' negative control uses 1. */
  readonly frames?: number;
  /** How much a square may differ from a marker. */
  readonly rules?: Rules;
}

/**
 * Looks at a video until `stop`. `onFound` is called once for a marker that was seen in several
 * frames in a row, `onClosed` for one that opens nothing now, `onPose` for each frame with all
 * markers in it.
 */
export class MarkerFinder {
  /** Frames looked at, and the milliseconds that the newest took. */
  looked = 0;
  took = 0;
  private worker: Worker | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private steady: Steady;
  private spare: ArrayBuffer | undefined;
  private readonly canvas = document.createElement("canvas");

  constructor(private readonly settings: Settings = {}) {
    this.steady = new Steady(settings.frames);
  }

  start(
    video: HTMLVideoElement,
    codes: Codes,
    onFound: (marker: string, pose: Pose) => void,
    onPose: (sightings: readonly Sighting[]) => void = () => {},
    onTrouble: (text: string) => void = () => {},
    onClosed: (marker: string) => void = () => {},
  ): void {
    this.stop();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onerror = () => {
      this.stop();
      onTrouble(word("cameraBroken"));
    };
    worker.onmessage = ({ data }: MessageEvent<Looked>) => {
      if (this.worker !== worker) return;
      this.spare = data.pixels;
      this.looked++;
      this.took = data.took;
      const found = this.steady.feed(data.sightings.map((one) => one.marker), performance.now());
      onPose(data.sightings);
      for (const name of this.steady.closed) onClosed(name);
      for (const name of found) {
        const sighting = data.sightings.find((one) => one.marker === name);
        if (sighting) onFound(name, sighting.pose);
      }
      this.timer = setTimeout(next, Math.max(0, PAUSE - data.took));
    };
    const next = (): void => {
      if (this.worker !== worker) return;
      const look = document.hidden ? null : this.grab(video, codes);
      if (look) worker.postMessage(look, [look.pixels]);
      else this.timer = setTimeout(next, PAUSE);
    };
    next();
  }

  /** Only these markers can be found: those that would open something now. */
  allow(names: Iterable<string>): void {
    this.steady.allow(names);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = undefined;
    this.steady = new Steady(this.settings.frames);
  }

  private grab(video: HTMLVideoElement, codes: Codes): Look | null {
    const { videoWidth, videoHeight } = video;
    if (!videoWidth || video.readyState < 2) return null;
    const scale = Math.min(1, LONGER / Math.max(videoWidth, videoHeight));
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) return null;
    pen.drawImage(video, 0, 0, width, height);
    const { data } = pen.getImageData(0, 0, width, height);
    const reused = this.spare?.byteLength === data.length;
    const pixels = reused ? this.spare! : new ArrayBuffer(data.length);
    new Uint8ClampedArray(pixels).set(data);
    this.spare = undefined;
    const { size = SIZE, field = FIELD, rules = STRICT } = this.settings;
    return { pixels, width, height, codes, size, lens: lensOf(width, height, field), rules };
  }
}
