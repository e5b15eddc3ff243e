// Looks for markers beside the page, so that a slow phone draws on. Pictures stay in this browser.

import type { Codes, Rules } from "./codes";
import { find, type Sighting } from "./finder";
import type { Lens } from "./pose";

export interface Look {
  readonly pixels: ArrayBuffer;
  readonly width: number;
  readonly height: number;
  readonly codes: Codes;
  readonly size: number;
  readonly lens: Lens;
  readonly rules: Rules;
}
export interface Looked {
  readonly sightings: Sighting[];
  /** Milliseconds that it took. */
  readonly took: number;
  /** The same memory, for the next frame. */
  readonly pixels: ArrayBuffer;
}

self.onmessage = ({ data }: MessageEvent<Look>): void => {
  const start = performance.now();
  const { width, height, codes, size, lens, rules } = data;
  const pixels = { width, height, data: new Uint8ClampedArray(data.pixels) };
  const sightings = find(pixels, codes, size, lens, rules);
  const looked: Looked = { sightings, took: performance.now() - start, pixels: data.pixels };
  self.postMessage(looked, { transfer: [data.pixels] });
};
