// One frame in, the markers in it out: no camera, no page, no state.

import { read, STRICT, type Codes, type Rules } from "./codes";
import { refined } from "./edges";
import { dark, grey, integral, type Grey, type Pixels } from "./picture";
import { poseOf, type Lens, type Pose } from "./pose";
import { quads, type Quad } from "./squares";

export interface Sighting {
  readonly marker: string;
  readonly corners: Quad;
  readonly pose: Pose;
}

/** Windows of the local mean, as parts of the picture's width: small and far, large and near. */
const WINDOWS = [1 / 64, 1 / 24];
const LEAST_DARKER = 3;
/** Corners that no pose explains to this many pixels belong to no flat square. */
const MOST_ERROR_PX = 1.5;

/** The markers in a frame, each at most once. `size`: the side of the black square in metres. */
export function find(
  pixels: Pixels, codes: Codes, size: number, lens: Lens, rules: Rules = STRICT,
): Sighting[] {
  return findInGrey(grey(pixels), codes, size, lens, rules);
}

export function findInGrey(
  picture: Grey, codes: Codes, size: number, lens: Lens, rules: Rules = STRICT,
): Sighting[] {
  const sums = integral(picture);
  const best = new Map<string, Sighting & { wrong: number }>();
  for (const part of WINDOWS) {
    const radius = Math.max(4, Math.round(picture.width * part));
    const mask = dark(picture, sums, radius, LEAST_DARKER);
    for (const quad of quads(mask, picture.width, picture.height)) {
      const corners = refined(picture, quad);
      const found = corners && read(picture, corners, codes, rules);
      if (!found) continue;
      const pose = poseOf(found.corners, size, lens);
      if (!pose || pose.error_px > MOST_ERROR_PX) continue;
      const old = best.get(found.marker);
      if (!old || found.wrong < old.wrong || pose.error_px < old.pose.error_px) {
        best.set(found.marker, { ...found, pose });
      }
    }
  }
  return [...best.values()];
}
