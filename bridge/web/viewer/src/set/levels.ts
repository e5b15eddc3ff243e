// The value of every param in a frame, within its range.

import type { Light, Rgb, Sheet, Vec } from "./sheet";

export class Levels {
  /** Names that the set has no param for, and values of the wrong kind: the default is used. */
  readonly refused: string[] = [];
  private readonly values = new Map<string, number>();

  constructor(sheet: Sheet, params: Record<string, number | string>) {
    for (const name of Object.keys(params))
      if (!(name in sheet.params)) this.refused.push(name);
    for (const [name, param] of Object.entries(sheet.params)) {
      const value = params[name] ?? param.default;
      if (param.kind === "choice") {
        const at = param.choices.indexOf(String(value));
        if (at < 0) this.refused.push(name);
        this.values.set(name, at < 0 ? param.choices.indexOf(String(param.default)) : at);
      } else {
        const good = typeof value === "number" && Number.isFinite(value);
        if (!good) this.refused.push(name);
        const number = good ? value : Number(param.default);
        this.values.set(name, Math.min(Math.max(number, param.least), param.most));
      }
    }
  }

  /** The value of a param; 1 for the empty name, which binds nothing. */
  of(name: string): number {
    return name ? (this.values.get(name) ?? 1) : 1;
  }
}

export const times = (a: Rgb, factor: number): Rgb => [a[0] * factor, a[1] * factor, a[2] * factor];

export const lerp = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

export function unit(a: Vec): Vec {
  const length = Math.hypot(...a);
  return length > 0 ? times(a, 1 / length) : [0, 0, 1];
}

/** What a light is under the values of its params: colour times brightness, and its way. */
export function lightUnder(light: Light, levels: Levels): [Rgb, Vec | null] {
  const scale = levels.of(light.scaled_by);
  const before = times(light.colour, light.intensity);
  if (!light.after) return [times(before, scale), light.direction];
  const turn = light.turned_by ? levels.of(light.turned_by) : 0;
  const share = Math.min(Math.max(turn, 0), 1);
  const colour = lerp(before, times(light.after.colour, light.after.intensity), share);
  let way = light.direction;
  if (way && light.after.toward) way = unit(lerp(way, light.after.toward, share));
  return [times(colour, scale), way];
}
